/* Networks and addresses as numbers, so that no spelling slips through. */
#include "trust/network.h"

#include <arpa/inet.h>
#include <string.h>

#include "util/num.h"

struct network {
	unsigned char bytes[16];
	int bits; /* of the prefix */
};

/* IPv4 is kept as ::ffff:a.b.c.d, so that both spellings are one. */
static bool parse_address(struct span s, struct network *out)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char *v4 = out->bytes + 12;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	memset(out->bytes, 0, sizeof(out->bytes));
	out->bits = 128;
	if (inet_pton(AF_INET6, text, out->bytes) == 1)
		return true;
	out->bytes[10] = out->bytes[11] = 0xff;
	return inet_pton(AF_INET, text, v4) == 1;
}

static bool parse_network(struct span s, struct network *out)
{
	size_t slash = span_find_char(s, '/');
	struct span address = span_cut(s, slash);
	bool is_v4 = span_find_char(address, ':') == SPAN_NONE;
	int bits;

	if (!parse_address(address, out))
		return false;
	if (slash == SPAN_NONE)
		return true;
	if (num_int(s.p + slash + 1, s.n - slash - 1, is_v4 ? 32 : 128, &bits))
		return false;
	out->bits = is_v4 ? bits + 96 : bits;
	return true;
}

static bool contains(const struct network *net, const struct network *a)
{
	int bytes = net->bits / 8, rest = net->bits % 8;

	if (memcmp(net->bytes, a->bytes, (size_t)bytes) != 0)
		return false;
	return rest == 0 ||
	       (net->bytes[bytes] ^ a->bytes[bytes]) >> (8 - rest) == 0;
}

bool network_contains(const char *const *networks, struct span address)
{
	struct network a, net;

	if (!parse_address(address, &a))
		return false;
	for (; networks && *networks; networks++) {
		if (parse_network(span_of(*networks), &net) &&
		    contains(&net, &a))
			return true;
	}
	return false;
}

bool network_is_valid(const char *network)
{
	struct network net;

	return parse_network(span_of(network), &net);
}

/* Most words are none: cheaper than asking inet_pton. */
static bool looks_like_one(struct span s)
{
	size_t dots = 0, colons = 0;

	for (size_t i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		colons += s.p[i] == ':';
	}
	return colons >= 2 || dots == 3;
}

static bool is_word_char(char c)
{
	return text_is_alnum(c) || c == '.' || c == ':' || c == '-' || c == '_';
}

/* A time of day has two colons and looks like no IPv6 address to inet_pton. */
static bool is_one(struct span s)
{
	struct network ignored;

	return looks_like_one(s) && parse_address(s, &ignored);
}

/* "(8.17.1.9/8.17.1.9)" is sendmail's version, between slashes. */
static bool is_version(char before, struct span rest)
{
	return before == '/' || (rest.n > 0 && rest.p[0] == '/');
}

bool network_next_address(struct span *rest, struct span *address_r)
{
	char before = '\0';

	while (rest->n > 0) {
		size_t n = 0;
		struct span word, tail;

		while (n < rest->n && is_word_char(rest->p[n]))
			n++;
		if (n == 0) {
			before = rest->p[0];
			*rest = span_from(*rest, 1);
			continue;
		}
		word = span_cut(*rest, n);
		tail = span_from(*rest, n);
		*rest = tail;
		if (is_version(before, tail))
			continue;
		if (span_starts_ci(word, SPAN("ipv6:")))
			word = span_from(word, 5);
		if (!is_one(word))
			continue;
		*address_r = word;
		return true;
	}
	return false;
}
