/*
 * What the texts of the file must look like, before any room relies on it.
 */
#include <arpa/inet.h>
#include <string.h>

#include "config/reader.h"
#include "util/address.h"
#include "util/num.h"
#include "util/utf8.h"

static bool is_text(struct span s)
{
	while (s.n > 0) {
		uint32_t code;
		size_t len = utf8_next(s, &code);

		if (len == 0 || utf8_is_unprintable(code))
			return false;
		s = span_from(s, len);
	}
	return true;
}

static bool is_name(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!text_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_' &&
		    s.p[i] != '.')
			return false;
	return true;
}

/* RFC 5322 3.6.8: printable ASCII but the colon. */
static bool is_header(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!text_is_print(s.p[i]) || s.p[i] == ' ' || s.p[i] == ':')
			return false;
	return true;
}

static bool is_domain(struct span s)
{
	struct buf address;
	bool valid;

	if (s.n == 0)
		return true;
	if (s.p[0] == '[' || span_find_char(s, '@') != SPAN_NONE)
		return false;
	buf_init(&address);
	buf_add_str(&address, "x@");
	buf_add(&address, s.p, s.n);
	valid = is_text(s) &&
		address_is_valid(span_make(address.data, address.len));
	buf_release(&address);
	return valid;
}

static bool is_network(struct span s)
{
	size_t slash = span_find_char(s, '/');
	struct span host = span_cut(s, slash);
	bool six = span_find_char(host, ':') != SPAN_NONE;
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;
	int bits;

	if (host.n >= sizeof(text))
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	if (inet_pton(six ? AF_INET6 : AF_INET, text, &address) != 1)
		return false;
	s = span_from(s, slash == SPAN_NONE ? s.n : slash + 1);
	return slash == SPAN_NONE ||
	       num_int(s.p, s.n, six ? 128 : 32, &bits) == 0;
}

static bool is_path(struct span s)
{
	return s.n == 0 || (s.p[0] == '/' && is_text(s));
}

/* As certificate tools print it, but for the word in front. */
static bool is_fingerprint(struct span s)
{
	unsigned digits = 0;

	if (s.n == 0)
		return true;
	if (!span_starts_ci(s, SPAN("sha256:")))
		return false;
	for (s = span_from(s, 7); s.n > 0; s = span_from(s, 1)) {
		if (text_is_digit(s.p[0]) ||
		    (text_lower(s.p[0]) >= 'a' && text_lower(s.p[0]) <= 'f'))
			digits++;
		else if (s.p[0] != ':')
			return false;
	}
	return digits == 64;
}

/* A folder that stays within its mailbox. */
static bool is_disposition(struct span s)
{
	struct span folder;

	if (span_eq(s, SPAN("delete")) || span_eq(s, SPAN("keep")))
		return true;
	if (!span_starts_ci(s, SPAN("move:")))
		return false;
	folder = span_from(s, 5);
	return folder.n > 0 && folder.n < 200 && is_text(folder) &&
	       folder.p[0] != '/' && span_find(folder, SPAN("..")) == SPAN_NONE;
}

bool config_text_is_valid(enum config_type type, struct span text)
{
	switch (type) {
	case CONFIG_DISPOSITION:
		return is_disposition(text);
	case CONFIG_TEXT:
		return is_text(text);
	case CONFIG_NAME:
		return is_name(text);
	case CONFIG_PATH:
		return is_path(text);
	case CONFIG_DOMAIN:
		return is_domain(text);
	case CONFIG_HEADER:
		return is_header(text);
	case CONFIG_NETWORK:
		return is_network(text);
	case CONFIG_SECRET_FILE:
		return is_path(text) || (is_name(text) && text.p[0] != '.');
	case CONFIG_FINGERPRINT:
		return is_fingerprint(text);
	case CONFIG_BOOL:
	case CONFIG_NUMBER:
	case CONFIG_DURATION:
	case CONFIG_SIZE:
	case CONFIG_CHOICE:
	case CONFIG_WORD:
		break;
	}
	return false;
}
