/*
 * Reports whose own author is authenticated by our border: the weakest proof
 * there is. It says that the recipient's mail system spoke, not that it spoke
 * of our mail.
 */
#include "trust/authres.h"

#include <string.h>

#include "trust/relay.h"
#include "util/address.h"

/*
 * Comments and quotes out of the way: "a (b) c" is "a c". What stands in quotes
 * is one word, whoever chose it: its separators must not separate.
 */
static struct span without_comments(struct arena *arena, struct span value)
{
	struct buf b;
	size_t depth = 0, kept = 0;
	bool quoted = false;
	char *out;

	buf_init(&b);
	headers_unfold(&b, value);
	out = arena_memdupz(arena, b.data, b.len);
	for (size_t i = 0; i < b.len; i++) {
		char c = b.data[i];
		bool escaped = c == '\\' && (quoted || depth > 0);

		if (escaped)
			c = ++i < b.len ? b.data[i] : ' ';
		else if (c == '"' && depth == 0)
			quoted = !quoted;
		else if (c == '(' && !quoted)
			depth++;
		if (depth == 0 && (escaped || c != '"'))
			out[kept++] = quoted && (text_is_space(c) || c == ';')
					      ? '_'
					      : c;
		if (c == ')' && !escaped && depth > 0)
			depth--;
	}
	buf_release(&b);
	return span_make(out, kept);
}

static bool next_part(struct span *rest, char end, struct span *part_r)
{
	size_t n;

	if (rest->n == 0)
		return false;
	n = span_find_char(*rest, end);
	*part_r = span_trim(span_cut(*rest, n));
	*rest = n == SPAN_NONE ? span_make("", 0) : span_from(*rest, n + 1);
	return true;
}

static void add_domain(struct authres *a, struct span value)
{
	size_t at = span_find_char(value, '@');

	if (at != SPAN_NONE)
		value = span_from(value, at + 1);
	if (value.n > 0 && a->count < AUTHRES_MAX_DOMAINS)
		a->domains[a->count++] = value;
}

/* Which property names the domain that a method vouches for. */
static const struct {
	const char *method, *property;
} vouchers[] = {
	{"dkim", "header.d="},	   {"dkim", "header.i="},
	{"dmarc", "header.from="}, {"spf", "smtp.helo="},
	{"spf", "smtp.mailfrom="},
};

/* "dkim=pass header.d=example.org", one result (RFC 8601 2.2). */
static void read_result(struct authres *a, struct span part)
{
	struct span word, method;
	size_t equals;

	if (!span_next_word(&part, &word))
		return;
	equals = span_find_char(word, '=');
	if (equals == SPAN_NONE ||
	    !span_eq_ci(span_from(word, equals + 1), SPAN("pass")))
		return;
	method = span_cut(word, equals);
	while (span_next_word(&part, &word)) {
		for (size_t i = 0; i < sizeof(vouchers) / sizeof(vouchers[0]);
		     i++) {
			struct span p = span_of(vouchers[i].property);

			if (span_eq_ci(method, span_of(vouchers[i].method)) &&
			    span_starts_ci(word, p))
				add_domain(a, span_from(word, p.n));
		}
	}
}

static bool is_trusted_id(const struct trust_settings *s, struct span part)
{
	struct span id;

	if (!span_next_word(&part, &id))
		return false;
	for (const char *const *t = s->trusted_authserv_ids; t && *t; t++) {
		if (span_eq_ci(id, span_of(*t)))
			return true;
	}
	return false;
}

static void read_field(const struct trust_settings *s, struct arena *arena,
		       struct span value, struct authres *out)
{
	struct span rest = without_comments(arena, value), part;

	if (!next_part(&rest, ';', &part) || !is_trusted_id(s, part))
		return;
	while (next_part(&rest, ';', &part))
		read_result(out, part);
}

void authres_read(const struct trust_settings *s, const struct headers *h,
		  struct arena *arena, struct authres *out)
{
	bool past_border = false;

	out->count = 0;
	if (!s->trusted_authserv_ids || !*s->trusted_authserv_ids)
		return;
	for (size_t i = 0; i < h->count; i++) {
		const struct header *f = &h->fields[i];

		if (span_eq_ci(f->name, SPAN("Received"))) {
			/* The first with an outside address is our border's. */
			if (past_border)
				return;
			past_border =
				received_read(s, f->value) == RECEIVED_REMOTE;
		} else if (span_eq_ci(f->name,
				      SPAN("Authentication-Results"))) {
			read_field(s, arena, f->value, out);
		}
	}
}

/*
 * Operators whose reports come from another domain than the mailboxes'. remote
 * is a domain of their mail servers, for customers' domains.
 */
static const struct {
	const char *mailboxes, *remote, *author;
} operators[] = {
	{"gmail.com", "google.com", "googlemail.com"},
	{"gmail.com", "google.com", "google.com"},
	{"hotmail.com", "protection.outlook.com", "outlook.com"},
	{"live.com", "protection.outlook.com", "microsoft.com"},
	{"msn.com", "olc.protection.outlook.com", "outlook.com"},
	{"ymail.com", "yahoodns.net", "yahoo.com"},
	{"aol.com", "yahoodns.net", "yahoo.com"},
	{"me.com", "mail.icloud.com", "icloud.com"},
	{"mac.com", "mail.icloud.com", "apple.com"},
};

static bool is_related(struct span a, struct span b)
{
	return address_domain_is_below(a, b) || address_domain_is_below(b, a);
}

static bool is_operator_of(struct span author, struct span domain,
			   struct span remote)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (!address_domain_is_below(author,
					     span_of(operators[i].author)))
			continue;
		if (span_eq_ci(domain, span_of(operators[i].mailboxes)) ||
		    address_domain_is_below(remote,
					    span_of(operators[i].remote)))
			return true;
	}
	return false;
}

/* Users of a provider are authenticated too: only its own voice counts. */
static bool is_system_voice(struct span author)
{
	struct span local = address_local(author);

	return span_eq_ci(local, SPAN("mailer-daemon")) ||
	       span_eq_ci(local, SPAN("postmaster"));
}

/* The authenticated domain itself must be the recipient's: an author's domain
 * above both ("com") would relate everybody to everybody. */
bool authres_answers_for(const struct authres *a, const char *author,
			 const struct fact *fact)
{
	struct span from = address_domain(span_of(author));
	struct span domain = address_domain(span_of(fact->address));
	struct span remote = span_of(fact->remote);

	if (!is_system_voice(span_of(author)) || from.n == 0 || domain.n == 0)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		struct span proved = a->domains[i];

		if (is_related(proved, from) &&
		    (is_related(proved, domain) ||
		     is_operator_of(proved, domain, remote)))
			return true;
	}
	return false;
}
