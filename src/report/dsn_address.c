/*
 * RFC 3464 2.3.1 and 2.3.2: Original-Recipient is what we wrote, where a relay
 * kept it; Final-Recipient is what the reporting host made of it.
 */
#include "report/dsn_address.h"

#include <string.h>

#include "report/format_text.h"
#include "report/xtext.h"
#include "util/address.h"

void dsn_address_init(struct dsn_address *a)
{
	buf_init(&a->address);
	buf_init(&a->final);
}

void dsn_address_release(struct dsn_address *a)
{
	buf_release(&a->final);
	buf_release(&a->address);
}

static struct span span_of_buf(const struct buf *b)
{
	return span_make(b->data, b->len);
}

/* Folding does no more than to change the case. */
static bool is_plain(struct span address)
{
	return text_plain_length(address) == address.n &&
	       span_find_char(address, '"') == SPAN_NONE;
}

static bool same(struct span a, struct span b)
{
	struct buf x, y;
	bool is;

	if (span_eq_ci(a, b))
		return true;
	if (is_plain(a) && is_plain(b))
		return false;
	buf_init(&x);
	buf_init(&y);
	address_fold(&x, a);
	address_fold(&y, b);
	is = span_eq(span_of_buf(&x), span_of_buf(&y));
	buf_release(&y);
	buf_release(&x);
	return is;
}

/* A host's short name: no mail that we sent went to such an address. */
static bool is_local(struct span address)
{
	struct span domain = address_domain(address);

	return span_find_char(domain, '.') == SPAN_NONE &&
	       span_find_char(domain, ':') == SPAN_NONE;
}

/* Our own sender stands in for a recipient in some relays' reports. */
static bool is_sender(const struct report *r, struct span address)
{
	if (r->returned.to[0] == '\0' || same(address, span_of(r->returned.to)))
		return false;
	return (r->returned.from[0] != '\0' &&
		same(address, span_of(r->returned.from))) ||
	       (r->returned.return_path[0] != '\0' &&
		same(address, span_of(r->returned.return_path)));
}

/* Reads a field; empty where it is no address that we can have mailed. */
static void candidate(struct buf *out, const struct report *r,
		      const struct headers *h, const char *name)
{
	struct span raw = headers_raw(h, name, 0);

	buf_reset(out);
	if (raw.n > 0 && raw.n < 4096 && xtext_address(out, raw) == 0 &&
	    is_sender(r, span_of_buf(out)))
		buf_reset(out);
}

static void take(struct buf *to, struct span s)
{
	if (to->len == 0 && s.n > 0)
		buf_add(to, s.p, s.n);
}

/*
 * Some relays copy ORCPT as it came, in xtext (RFC 3461 4), where RFC 3464
 * wants it decoded. "+2B" can be a mailbox's own text: another field has to
 * agree.
 */
static void undo_xtext(struct buf *original, struct span final,
		       struct span returned_to)
{
	struct buf plain;

	buf_init(&plain);
	if (xtext_decode(&plain, span_of_buf(original)) == 0 &&
	    (same(span_of_buf(&plain), final) ||
	     same(span_of_buf(&plain), returned_to))) {
		buf_reset(original);
		buf_add(original, plain.data, plain.len);
	}
	buf_release(&plain);
}

/* host lies in the domain, or is it. */
static bool is_in_domain(struct span host, struct span domain)
{
	return domain.n > 0 && span_ends_ci(host, domain) &&
	       (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');
}

/*
 * "Received: ... by HOST ... for <X>": the host that reports, the last that
 * wrote such a line, took our mail for X alone (RFC 5321 4.4).
 */
static bool was_taken_for(const struct report *r, struct span host,
			  struct span mailed)
{
	struct span headers = r->returned.headers, line, field;
	size_t at, end, start = span_find_ci(headers, SPAN("Received:"));

	if (start == SPAN_NONE || host.n == 0 || mailed.n == 0 ||
	    (start > 0 && headers.p[start - 1] != '\n'))
		return false;
	field = span_from(headers, start);
	for (at = 0, end = 0; text_next_line(field, &at, &line); end = at)
		if (end > 0 && text_indent(line) == 0)
			break;
	field = span_cut(field, end);
	at = span_find(field, SPAN("for <"));
	if (at == SPAN_NONE || span_find_ci(field, host) == SPAN_NONE)
		return false;
	field = span_from(field, at + 5);
	return span_eq_ci(span_cut(field, span_find_char(field, '>')), mailed);
}

/*
 * "Delivered-To: X", and what Pigeonhole writes for a sieve script: our mail
 * had reached the mailbox X before it went elsewhere.
 */
static bool had_reached(const struct report *r, struct span mailed)
{
	struct span line;
	size_t at = 0, colon;

	while (text_next_line(r->returned.headers, &at, &line)) {
		colon = span_find_char(line, ':');
		if (colon == SPAN_NONE || mailed.n == 0 ||
		    (!span_eq_ci(span_cut(line, colon), SPAN("Delivered-To")) &&
		     !span_eq_ci(span_cut(line, colon),
				 SPAN("X-Sieve-Redirected-From"))))
			continue;
		if (span_eq_ci(span_trim(span_from(line, colon + 1)), mailed))
			return true;
	}
	return false;
}

/*
 * The returned header tells that our mail for the sole To address went on to
 * one in another domain, the only one that failed.
 */
static bool went_on(const struct report *r, struct span final, struct span host)
{
	struct span mailed = span_of(r->returned.to);

	return !span_eq_ci(address_domain(mailed), address_domain(final)) &&
	       (was_taken_for(r, host, mailed) || had_reached(r, mailed));
}

/*
 * Whom we mailed is a customer of the host that reports, the failed address
 * is not: it had been forwarded from there. Lists write themselves into To,
 * so that one must not be of the sender's own domain; and of what we mailed
 * ourselves, by Bcc, our relay's "for <...>" tells, or that whom we mailed has
 * a group of its own.
 */
static bool is_forwarded(const struct report *r, struct span final, bool sole,
			 bool mailed_named)
{
	struct span mailed = address_domain(span_of(r->returned.to));
	struct span host = span_of(r->reporting_mta);

	/* "mail.example.net [192.0.2.1]" */
	host = span_cut(host, span_find_char(host, ' '));
	if (final.n == 0 || mailed_named)
		return false;
	if (sole && went_on(r, final, host))
		return true;
	return r->returned.from[0] != '\0' && is_in_domain(host, mailed) &&
	       !is_in_domain(host, address_domain(final)) &&
	       span_find_ci(r->returned.headers, final) == SPAN_NONE &&
	       !span_eq_ci(mailed, address_domain(span_of(r->returned.from))) &&
	       !span_eq_ci(mailed,
			   address_domain(span_of(r->returned.return_path)));
}

bool dsn_address_names(const struct report *r, const struct headers *h)
{
	struct span to = span_of(r->returned.to);
	struct buf final;
	bool is;

	buf_init(&final);
	candidate(&final, r, h, "Final-Recipient");
	is = to.n > 0 && same(span_of_buf(&final), to);
	buf_release(&final);
	return is;
}

bool dsn_address_read(struct dsn_address *a, const struct report *r,
		      const struct headers *h, bool sole, bool mailed_named)
{
	struct span returned_to = span_of(r->returned.to);
	struct buf original, final, actual;

	buf_init(&original);
	buf_init(&final);
	buf_init(&actual);
	candidate(&original, r, h, "Original-Recipient");
	candidate(&final, r, h, "Final-Recipient");
	candidate(&actual, r, h, "X-Actual-Recipient");
	undo_xtext(&original, span_of_buf(&final), returned_to);
	/* who forwards by a message of his own is who wrote to the target */
	if (sole && original.len > 0 && had_reached(r, returned_to) &&
	    same(span_of_buf(&original), span_of_buf(&final)))
		buf_reset(&original);
	take(&a->address, span_of_buf(&original));
	if (is_forwarded(r, span_of_buf(&final), sole, mailed_named))
		take(&a->address, returned_to);
	take(&a->address, span_of_buf(&final));
	take(&a->address, span_of_buf(&actual));
	if (a->address.len == 0 ||
	    (is_local(span_of_buf(&a->address)) && returned_to.n > 0)) {
		/* The one failed; the returned To says whom we had mailed. */
		buf_reset(&a->address);
		take(&a->address, returned_to);
	}
	if (!same(span_of_buf(&final), span_of_buf(&a->address)))
		take(&a->final, span_of_buf(&final));
	if (!same(span_of_buf(&actual), span_of_buf(&a->address)))
		take(&a->final, span_of_buf(&actual));
	buf_release(&actual);
	buf_release(&final);
	buf_release(&original);
	return a->address.len > 0;
}
