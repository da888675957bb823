/*
 * The form in which addresses are compared. In a file of its own, so that the
 * jailed parser, which never compares, links neither IDNA nor crypto.
 */
#include <string.h>

#include <gnutls/gnutls.h>

#include "util/address.h"
#include "util/utf8.h"

static void add_lower(struct buf *out, struct span s)
{
	size_t start = out->len;

	buf_add(out, s.p, s.n);
	for (size_t i = start; i < out->len; i++)
		out->data[i] = text_lower(out->data[i]);
}

static bool is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] & 0x80) != 0)
			return false;
	return true;
}

static int map(struct span domain, struct buf *out)
{
	gnutls_datum_t mapped = {NULL, 0};

	if (gnutls_idna_map(domain.p, (unsigned)domain.n, &mapped, 0) < 0)
		return -1;
	add_lower(out, span_make((const char *)mapped.data, mapped.size));
	gnutls_free(mapped.data);
	return 0;
}

/* libidn2 leaves out what it does not allow: "a" around it stand alone then. */
static bool is_left_out(struct span character)
{
	struct buf around, mapped;
	bool left_out;

	buf_init(&around);
	buf_init(&mapped);
	buf_addf(&around, "a%.*sa", (int)character.n, character.p);
	left_out = map(span_make(around.data, around.len), &mapped) == 0 &&
		   strcmp(mapped.data, "aa") == 0;
	buf_release(&mapped);
	buf_release(&around);
	return left_out;
}

/*
 * Whether IDNA turns every character into something. One that it left out
 * would make two domains one, and the failures of one address another's.
 */
static bool keeps_every_character(struct span domain)
{
	while (domain.n > 0) {
		uint32_t code;
		size_t len = utf8_next(domain, &code);
		char c = domain.p[0];

		if (len == 0 || (len > 1 && is_left_out(span_cut(domain, len))))
			return false;
		if (len == 1 && !text_is_alnum(c) && c != '-' && c != '.')
			return false;
		domain = span_from(domain, len);
	}
	return true;
}

/* What IDNA would do to plain ASCII beyond folding is to refuse it. */
static void add_domain(struct buf *out, struct span domain)
{
	size_t start = out->len;

	if (is_ascii(domain) || domain.n > ADDRESS_MAX_BYTES ||
	    !keeps_every_character(domain) || map(domain, out) < 0) {
		add_lower(out, domain);
		return;
	}
	/* An ideographic full stop has become one of ours. */
	while (out->len > start && out->data[out->len - 1] == '.')
		buf_truncate(out, out->len - 1);
}

/* Whether a quoted local part says the same without its quotes. */
static bool quotes_are_needless(struct span plain)
{
	struct buf address;
	bool valid;

	buf_init(&address);
	buf_add(&address, plain.p, plain.n);
	buf_add_str(&address, "@x");
	valid = plain.n > 0 && plain.p[0] != '"' &&
		address_is_valid(span_make(address.data, address.len));
	buf_release(&address);
	return valid;
}

static void add_local(struct buf *out, struct span local)
{
	struct buf plain;

	if (local.n < 2 || local.p[0] != '"' || local.p[local.n - 1] != '"') {
		add_lower(out, local);
		return;
	}
	buf_init(&plain);
	for (size_t i = 1; i < local.n - 1; i++) {
		if (local.p[i] == '\\' && i + 1 < local.n - 1)
			i++;
		buf_add_char(&plain, local.p[i]);
	}
	if (quotes_are_needless(span_make(plain.data, plain.len)))
		add_lower(out, span_make(plain.data, plain.len));
	else
		add_lower(out, local);
	buf_release(&plain);
}

void address_fold(struct buf *out, struct span clean)
{
	struct span domain = address_domain(clean);

	if (domain.n == 0) {
		add_lower(out, clean);
		return;
	}
	add_local(out, address_local(clean));
	buf_add_char(out, '@');
	add_domain(out, domain);
}
