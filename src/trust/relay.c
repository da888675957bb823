/*
 * Reports of our own relay: it heard the refusal itself, so they need no other
 * proof. Most bounces are such, and a forger would like to look like one.
 */
#include "trust/relay.h"

#include <string.h>

#include "trust/network.h"
#include "util/address.h"

static const char *const loopback[] = {"127.0.0.0/8", "::1", NULL};

/* Users that mail servers run as, hence submit their own bounces as. */
static const char *const server_users[] = {"Debian-exim", "exim", "exim4",
					   "mailnull",	  "mail", "courier"};

static bool is_server_user(struct span word)
{
	for (size_t i = 0; i < sizeof(server_users) / sizeof(server_users[0]);
	     i++) {
		if (span_eq(word, span_of(server_users[i])))
			return true;
	}
	return false;
}

static bool has(struct span s, const char *word)
{
	return span_find_ci(s, span_of(word)) != SPAN_NONE;
}

/*
 * Lines without any address. Postfix: "by HOST (Postfix) id", for submitted
 * mail with "from userid". qmail: "(qmail N invoked for bounce)". Exim: "from
 * USER by HOST with local". sendmail: "from localhost (localhost) by".
 * OpenSMTPD: "from HOST (HOST [local]) by". dma: "from MAILER-DAEMON id". A
 * delivery agent's LMTP line says nothing about the origin.
 */
static enum received read_local(struct span v)
{
	struct span rest = v, word, name;

	if (!span_next_word(&rest, &word))
		return RECEIVED_REMOTE;
	if (span_eq_ci(word, SPAN("by")))
		return has(v, "userid") || has(v, "uid ") ? RECEIVED_REMOTE
							  : RECEIVED_BORN;
	if (span_starts_ci(v, SPAN("(qmail ")))
		return has(v, "invoked for bounce") ? RECEIVED_BORN
						    : RECEIVED_PASSED;
	if (!span_eq_ci(word, SPAN("from")) || !span_next_word(&rest, &name))
		return RECEIVED_REMOTE;
	if (has(v, " with local ") || has(v, " with local;"))
		return is_server_user(name) ? RECEIVED_BORN : RECEIVED_REMOTE;
	if (has(v, " with lmtp"))
		return RECEIVED_PASSED;
	if (span_starts_ci(v, SPAN("from localhost (localhost) by ")) ||
	    span_starts_ci(v, SPAN("from MAILER-DAEMON id ")))
		return RECEIVED_BORN;
	return RECEIVED_REMOTE;
}

enum received received_read(const struct trust_settings *s, struct span value)
{
	struct span rest, address;
	enum received found = RECEIVED_REMOTE;
	bool any = false;
	struct buf b;

	buf_init(&b);
	headers_unfold(&b, value);
	rest = span_make(b.data, b.len);
	while (network_next_address(&rest, &address)) {
		any = true;
		if (network_contains(loopback, address) ||
		    network_contains(s->trusted_networks, address))
			continue;
		buf_release(&b);
		return RECEIVED_REMOTE;
	}
	rest = span_make(b.data, b.len);
	if (!any)
		found = read_local(rest);
	else if (has(rest, "with dsn id"))
		found = RECEIVED_BORN;
	else
		found = RECEIVED_PASSED;
	buf_release(&b);
	return found;
}

static bool is_trusted_reporter(const struct trust_settings *s,
				const struct report *report)
{
	struct span mta = span_of(report->reporting_mta);

	for (const char *const *r = s->trusted_reporters; r && *r; r++) {
		if (span_eq_ci(mta, span_of(*r)))
			return true;
	}
	return false;
}

bool relay_made_it(const struct trust_settings *s, const struct report *report,
		   const struct headers *h)
{
	enum received last = RECEIVED_REMOTE;

	if (h->partial)
		return false;
	for (size_t i = 0; i < h->count; i++) {
		if (!span_eq_ci(h->fields[i].name, SPAN("Received")))
			continue;
		last = received_read(s, h->fields[i].value);
		if (last == RECEIVED_REMOTE)
			return false;
	}
	if (last == RECEIVED_BORN)
		return true;
	return last == RECEIVED_PASSED && is_trusted_reporter(s, report);
}
