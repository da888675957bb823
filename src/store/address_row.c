/*
 * Every address is compared in its folded form and kept as it was written.
 * "@example.com" is the entry of a whole domain.
 */
#include <string.h>

#include "store/internal.h"
#include "util/address.h"
#include "util/buf.h"

/* "@example.com", folded as the domain of any address would be. */
static int parse_domain(struct span raw, struct buf *clean, struct error *err)
{
	struct buf probe;
	int rc;

	buf_init(&probe);
	buf_add_str(&probe, "x");
	buf_add(&probe, raw.p, raw.n);
	rc = address_clean(clean, span_make(probe.data, probe.len));
	/* "@ann@example.com" names an address. */
	if (span_find_char(span_from(raw, 1), '@') != SPAN_NONE)
		rc = -1;
	buf_release(&probe);
	if (rc)
		error_set(err, ERROR_MESSAGE, "\"%.*s\" is not a domain",
			  (int)(raw.n > 200 ? 200 : raw.n), raw.p);
	return rc;
}

static bool looks_like_domain(struct span s)
{
	struct span dot = span_from(s, span_find_char(s, '.'));

	for (size_t i = 0; i < s.n; i++)
		if (!text_is_alnum(s.p[i]) && !strchr(".-", s.p[i]))
			return false;
	return dot.n > 1 && dot.n < s.n;
}

int address_parse(struct span raw, struct arena *a, const char **folded_r,
		  const char **written_r, struct error *err)
{
	bool domain = raw.n > 0 && raw.p[0] == '@';
	struct buf clean, folded;
	int rc;

	buf_init(&clean);
	buf_init(&folded);
	if (domain) {
		rc = parse_domain(raw, &clean, err);
	} else {
		rc = address_clean(&clean, raw);
		if (rc)
			error_set(err, ERROR_MESSAGE,
				  "\"%.*s\" is not an address%s",
				  (int)(raw.n > 200 ? 200 : raw.n), raw.p,
				  looks_like_domain(raw)
					  ? "; a whole domain has an @ in "
					    "front"
					  : "");
	}
	if (rc == 0) {
		address_fold(&folded, span_make(clean.data, clean.len));
		*folded_r = arena_memdupz(a, folded.data + domain,
					  folded.len - domain);
		*written_r = arena_memdupz(a, clean.data + domain,
					   clean.len - domain);
	}
	buf_release(&folded);
	buf_release(&clean);
	return rc;
}

int store_address_fold(struct span raw, struct arena *arena,
		       const char **folded_r, struct error *err)
{
	const char *written;

	return address_parse(raw, arena, folded_r, &written, err);
}

int domain_fold(const char *domain, struct arena *a, const char **folded_r,
		struct error *err)
{
	const char *written;

	*folded_r = "";
	if (!domain || !*domain)
		return 0;
	if (*domain != '@')
		domain = arena_printf(a, "@%s", domain);
	if (address_parse(span_of(domain), a, folded_r, &written, err))
		return -1;
	++*folded_r;
	return 0;
}

int address_id(struct store *s, const char *folded, int64_t *id_r,
	       struct error *err)
{
	struct query q;

	*id_r = 0;
	query_start(&q, s, Q_ADDRESS_ID);
	query_text(&q, folded);
	return query_number(&q, id_r, err) < 0 ? -1 : 0;
}

/* 1 where it is known, 0, -1. */
static int find(struct store *s, const char *folded, const char *written,
		int64_t *id_r, struct error *err)
{
	bool better = false;
	struct query q;
	int got;

	query_start(&q, s, Q_ADDRESS_FIND);
	query_text(&q, folded);
	got = query_step(&q, err);
	if (got != 1)
		return got;
	*id_r = row_int(&q);
	better = strcmp(written, row_text(&q)) < 0;
	query_end(&q);
	if (!better)
		return 1;
	query_start(&q, s, Q_ADDRESS_WRITTEN);
	query_int(&q, *id_r);
	query_text(&q, written);
	return query_run(&q, err) ? -1 : 1;
}

int address_take(struct store *s, const char *folded, const char *written,
		 int64_t *id_r, bool *new_r, struct error *err)
{
	struct span domain = address_domain(span_of(folded));
	struct query q;
	int got = find(s, folded, written, id_r, err);

	*new_r = got == 0;
	if (got)
		return got < 0 ? -1 : 0;
	query_start(&q, s, Q_ADDRESS_INSERT);
	query_text(&q, folded);
	query_text(&q, written);
	/* The domain ends with the address: it has its NUL. */
	query_text(&q, domain.n ? domain.p : "");
	return query_insert(&q, id_r, err) < 0 ? -1 : 0;
}

int address_ensure(struct store *s, const char *folded, const char *written,
		   int64_t *id_r, struct error *err)
{
	bool is_new;

	return address_take(s, folded, written, id_r, &is_new, err);
}
