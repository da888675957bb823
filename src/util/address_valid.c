/*
 * The syntax of RFC 5321 4.1.2 with the UTF-8 of RFC 6531, byte for byte:
 * whether an "invalid address" of a report really is one.
 */
#include <arpa/inet.h>
#include <string.h>

#include "util/address.h"

#define LOCAL_MAX 64
#define DOMAIN_MAX 255
#define LABEL_MAX 63
/* RFC 5321 4.5.3.1.3: a path has 256 octets, angle brackets included. */
#define ADDRESS_MAX 254

static bool is_utf8_byte(char c)
{
	return (c & 0x80) != 0;
}

static bool is_atext(char c)
{
	return text_is_alnum(c) || is_utf8_byte(c) ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool is_dot_string(struct span s)
{
	bool dot = true;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' ? dot : !is_atext(s.p[i]))
			return false;
		dot = s.p[i] == '.';
	}
	return !dot;
}

static bool is_quoted_string(struct span s)
{
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return false;
	for (size_t i = 1; i < s.n - 1; i++) {
		if (s.p[i] == '"')
			return false;
		if (s.p[i] == '\\' && ++i == s.n - 1)
			return false;
		if (!text_is_print(s.p[i]) && !is_utf8_byte(s.p[i]))
			return false;
	}
	return true;
}

static bool is_label(struct span s)
{
	if (s.n == 0 || s.n > LABEL_MAX || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!text_is_alnum(s.p[i]) && s.p[i] != '-' &&
		    !is_utf8_byte(s.p[i]))
			return false;
	return true;
}

static bool is_domain(struct span s)
{
	for (;;) {
		size_t dot = span_find_char(s, '.');

		if (!is_label(span_cut(s, dot)))
			return false;
		if (dot == SPAN_NONE)
			return true;
		s = span_from(s, dot + 1);
	}
}

static bool is_literal(struct span s)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;
	int family = AF_INET;

	if (s.n < 2 || s.p[0] != '[' || s.p[s.n - 1] != ']')
		return false;
	s = span_make(s.p + 1, s.n - 2);
	if (span_starts_ci(s, SPAN("IPv6:"))) {
		family = AF_INET6;
		s = span_from(s, 5);
	}
	if (s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(family, text, &address) == 1;
}

bool address_is_valid(struct span clean)
{
	struct span local = address_local(clean);
	struct span domain = address_domain(clean);

	if (clean.n > ADDRESS_MAX || local.n > LOCAL_MAX ||
	    domain.n > DOMAIN_MAX || !text_is_utf8(clean))
		return false;
	return (is_dot_string(local) || is_quoted_string(local)) &&
	       (is_domain(domain) || is_literal(domain));
}
