/*
 * Addresses as reports write them are wrapped in brackets, quotes, routes and
 * prefixes. What we mailed is inside; only that may become a key.
 */
#include "util/address.h"

#include <string.h>

#include "util/utf8.h"

/* An address in all its wrappings; source routes are the longest of them. */
#define WRAPPED_MAX_BYTES (8 * ADDRESS_MAX_BYTES)

/* The end of a quoted string that begins at from, or SPAN_NONE. */
static size_t quoted_end(struct span s, size_t from)
{
	for (size_t i = from + 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i;
	}
	return SPAN_NONE;
}

/* The first c outside of quotes, or SPAN_NONE. */
static size_t find_unquoted(struct span s, char c)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == c)
			return i;
		if (s.p[i] != '"')
			continue;
		i = quoted_end(s, i);
		if (i == SPAN_NONE)
			break;
	}
	return SPAN_NONE;
}

static struct span inner(struct span s)
{
	return span_make(s.p + 1, s.n - 2);
}

static struct span strip_brackets(struct span s)
{
	size_t open;

	if (s.n < 2 || s.p[s.n - 1] != '>')
		return s;
	open = find_unquoted(s, '<');
	if (open == SPAN_NONE)
		return s;
	return span_make(s.p + open + 1, s.n - open - 2);
}

static struct span strip_quotes(struct span s)
{
	if (s.n < 2 || s.p[0] != s.p[s.n - 1])
		return s;
	if (s.p[0] == '\'' || (s.p[0] == '"' && quoted_end(s, 0) == s.n - 1))
		return inner(s);
	return s;
}

static struct span strip_prefix(struct span s)
{
	if (span_starts_ci(s, SPAN("mailto:")))
		/* RFC 6068: a '?' of the address itself would be %3F. */
		return span_cut(span_from(s, 7), span_find_char(s, '?') - 7);
	if (span_starts_ci(s, SPAN("smtp:")))
		return span_from(s, 5);
	return s;
}

/* RFC 5321 appendix C: "@one,@two:user@host". */
static struct span strip_route(struct span s)
{
	size_t i = 0;

	if (s.n == 0 || s.p[0] != '@')
		return s;
	while (i < s.n && s.p[i] != ':') {
		size_t close = s.p[i] == '['
				       ? span_find_char(span_from(s, i), ']')
				       : SPAN_NONE;

		i += close != SPAN_NONE ? close : 1;
	}
	return i < s.n ? span_from(s, i + 1) : s;
}

static struct span strip_dots(struct span s)
{
	while (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

/* False where nothing could be taken off; true says nothing. */
static bool may_be_wrapped(struct span s)
{
	return s.n > 0 &&
	       (!text_is_alnum(s.p[0]) || !text_is_alnum(s.p[s.n - 1]) ||
		span_find_char(s, ':') != SPAN_NONE);
}

static bool begins_or_ends(struct span *s, struct span what)
{
	if (span_starts_ci(*s, what))
		*s = span_from(*s, what.n);
	else if (span_ends_ci(*s, what))
		s->n -= what.n;
	else
		return false;
	return true;
}

/*
 * What spreadsheets and web pages leave beside an address, and nobody sees:
 * spaces that do not break, have no width, or are as wide as a letter, a soft
 * hyphen, marks of direction and of byte order.
 */
static struct span strip_unseen(struct span s)
{
	static const char *const unseen[] = {
		"\xc2\xa0",	"\xc2\xad",	"\xe2\x80\x8b", "\xe2\x80\x8c",
		"\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xaf",
		"\xe2\x81\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"};
	size_t i = 0;

	while (i < sizeof(unseen) / sizeof(*unseen) && s.n > 0 &&
	       ((s.p[0] | s.p[s.n - 1]) & 0x80) != 0)
		i = begins_or_ends(&s, span_of(unseen[i])) ? 0 : i + 1;
	return s;
}

static struct span strip_once(struct span s)
{
	s = strip_brackets(strip_unseen(span_trim(s)));
	s = strip_quotes(span_trim(s));
	s = strip_prefix(span_trim(s));
	s = strip_route(span_trim(s));
	return strip_dots(span_trim(s));
}

static bool is_one_of(char c, const char *set)
{
	while (*set != '\0' && *set != c)
		set++;
	return *set != '\0';
}

static bool local_is_plausible(struct span local)
{
	for (size_t i = 0; i < local.n; i++) {
		if (local.p[i] == '"') {
			i = quoted_end(local, i);
			if (i == SPAN_NONE)
				return false;
		} else if (!text_is_alnum(local.p[i]) &&
			   is_one_of(local.p[i], " <>,;:")) {
			return false;
		}
	}
	return local.n > 0;
}

static bool domain_is_plausible(struct span domain)
{
	bool found = false;

	if (domain.n > 2 && domain.p[0] == '[' && domain.p[domain.n - 1] == ']')
		domain = inner(domain);
	else if (span_find_char(domain, ':') != SPAN_NONE)
		return false;
	for (size_t i = 0; i < domain.n; i++) {
		if (text_is_alnum(domain.p[i]) || (domain.p[i] & 0x80) != 0)
			found = true;
		else if (is_one_of(domain.p[i], " <>()[],;\\\"'"))
			return false;
	}
	return found;
}

static bool has_unprintable(struct span s)
{
	for (size_t i = text_print_length(s), len; i < s.n; i += len) {
		uint32_t code;

		len = 1;
		if (text_is_print(s.p[i]))
			continue;
		len = utf8_next(span_from(s, i), &code);
		if (len == 0 || utf8_is_unprintable(code))
			return true;
	}
	return false;
}

int address_find(struct span raw, struct span *clean_r)
{
	struct span s = span_trim(raw), before;

	/* Each wrapping is another look at all that is left. */
	if (s.n > WRAPPED_MAX_BYTES)
		return -1;
	/* Wrappings come in any order: "<mailto:'user@host.'>". */
	while (may_be_wrapped(s)) {
		before = s;
		s = strip_once(s);
		if (s.n == before.n)
			break;
	}
	if (s.n >= ADDRESS_MAX_BYTES || has_unprintable(s) ||
	    !local_is_plausible(address_local(s)) ||
	    !domain_is_plausible(address_domain(s)))
		return -1;
	*clean_r = s;
	return 0;
}

int address_clean(struct buf *out, struct span raw)
{
	struct span clean;

	if (address_find(raw, &clean) < 0)
		return -1;
	buf_add(out, clean.p, clean.n);
	return 0;
}

static size_t last_at(struct span address)
{
	const char *at =
		address.n > 0 ? memrchr(address.p, '@', address.n) : NULL;

	return at != NULL ? (size_t)(at - address.p) + 1 : 0;
}

struct span address_domain(struct span address)
{
	size_t at = last_at(address);

	return at > 0 ? span_from(address, at) : span_make("", 0);
}

struct span address_local(struct span address)
{
	size_t at = last_at(address);

	return at > 0 ? span_cut(address, at - 1) : span_make("", 0);
}

bool address_domain_is_below(struct span domain, struct span parent)
{
	if (parent.n == 0 || !span_ends_ci(domain, parent))
		return false;
	return domain.n == parent.n || domain.p[domain.n - parent.n - 1] == '.';
}
