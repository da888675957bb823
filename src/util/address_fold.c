/*
 * The form in which addresses are compared. In a file of its own, so that the
 * jailed parser, which never compares, links neither IDNA nor crypto.
 */
#include <gnutls/gnutls.h>

#include "util/address.h"

static void add_lower(struct buf *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, text_lower(s.p[i]));
}

static bool is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] & 0x80) != 0)
			return false;
	return true;
}

/* What IDNA would do to plain ASCII beyond folding is to refuse it. */
static void add_domain(struct buf *out, struct span domain)
{
	gnutls_datum_t mapped = {NULL, 0};

	if (!is_ascii(domain) && domain.n < ADDRESS_MAX_BYTES &&
	    gnutls_idna_map(domain.p, (unsigned)domain.n, &mapped, 0) == 0)
		add_lower(out,
			  span_make((const char *)mapped.data, mapped.size));
	else
		add_lower(out, domain);
	gnutls_free(mapped.data);
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
