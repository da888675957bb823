/*
 * VERP by configured patterns. Unlike a signed token it proves nothing; it
 * says whom we had mailed where a report speaks of somebody else, or of
 * nobody.
 */
#include "report/verp.h"

#include <string.h>

#include "report/facts.h"
#include "util/address.h"

static const struct span local_mark = {"{local}", 7};
static const struct span domain_mark = {"{domain}", 8};

/* The offset behind prefix in s, or SPAN_NONE: "*" stands for any text. */
static size_t behind_prefix(struct span s, struct span prefix)
{
	size_t star = span_find_char(prefix, '*'), at, end;
	struct span head = span_cut(prefix, star), tail;

	if (star == SPAN_NONE)
		return span_starts_ci(s, prefix) ? prefix.n : SPAN_NONE;
	tail = span_from(prefix, star + 1);
	if (!span_starts_ci(s, head) || tail.n == 0)
		return SPAN_NONE;
	at = span_find_ci(span_from(s, head.n), tail);
	end = head.n + at + tail.n;
	return at == SPAN_NONE ? SPAN_NONE : end;
}

/* The last place in s at which part stands, or SPAN_NONE. */
static size_t find_last(struct span s, struct span part)
{
	size_t at;

	if (part.n == 0 || part.n > s.n)
		return SPAN_NONE;
	for (at = s.n - part.n + 1; at > 0; at--)
		if (span_starts_ci(span_from(s, at - 1), part))
			return at - 1;
	return SPAN_NONE;
}

int verp_recipient(struct buf *out, struct span pattern, struct span address)
{
	size_t local = span_find(pattern, local_mark);
	size_t domain = span_find(pattern, domain_mark), begin, split;
	struct span between, suffix;
	struct buf b;
	int rc = -1;

	if (local == SPAN_NONE || domain == SPAN_NONE ||
	    domain < local + local_mark.n)
		return -1;
	between = span_cut(span_from(pattern, local + local_mark.n),
			   domain - local - local_mark.n);
	suffix = span_from(pattern, domain + domain_mark.n);
	begin = behind_prefix(address, span_cut(pattern, local));
	if (begin == SPAN_NONE || !span_ends_ci(address, suffix) ||
	    address.n < begin + suffix.n)
		return -1;
	address = span_cut(span_from(address, begin),
			   address.n - begin - suffix.n);
	/* A local part may hold the separator, a domain cannot. */
	split = find_last(address, between);
	if (split == SPAN_NONE || split == 0)
		return -1;
	buf_init(&b);
	buf_add(&b, address.p, split);
	buf_add_char(&b, '@');
	buf_add(&b, address.p + split + between.n,
		address.n - split - between.n);
	rc = address_clean(out, span_make(b.data, b.len));
	buf_release(&b);
	return rc;
}

const char *verp_find(const struct reading *in)
{
	const char *const *pattern = in->settings->verp;
	struct report *r = in->report;
	const char *found = "";
	struct buf b;

	buf_init(&b);
	for (; pattern != NULL && *pattern != NULL && *found == '\0'; pattern++)
		for (size_t i = 0; i < r->token_count && *found == '\0'; i++) {
			buf_reset(&b);
			if (verp_recipient(&b, span_of(*pattern),
					   span_of(r->tokens[i])) == 0)
				found = facts_text(r, span_make(b.data, b.len),
						   REPORT_MAX_ADDRESS);
		}
	buf_release(&b);
	return found;
}

static bool is_same(const char *a, const char *b)
{
	struct buf x, y;
	bool same;

	buf_init(&x);
	buf_init(&y);
	address_fold(&x, span_of(a));
	address_fold(&y, span_of(b));
	same = span_eq(span_make(x.data, x.len), span_make(y.data, y.len));
	buf_release(&y);
	buf_release(&x);
	return same;
}

void verp_settle(struct reading *in)
{
	struct report *r = in->report;
	struct fact *f = r->facts;
	const char *mailed = verp_find(in);

	if (*mailed == '\0' || r->fact_count != 1 ||
	    is_same(mailed, f->address))
		return;
	if (f->final[0] == '\0' || is_same(mailed, f->final))
		f->final = f->address;
	f->address = mailed;
	f->forwarded = true;
}

/* The one to whom the report itself is addressed. */
static bool is_told(const struct reading *in, const char *address)
{
	struct buf to;
	bool same;

	buf_init(&to);
	same = headers_mailbox(&to, headers_raw(&in->headers, "To", 0)) == 0 &&
	       is_same(address, to.data);
	buf_release(&to);
	return same;
}

static bool is_own(const struct report *r, const char *address)
{
	for (size_t i = 0; i < r->token_count; i++) {
		if (is_same(address, r->tokens[i]))
			return true;
	}
	return is_same(address, r->returned.from) ||
	       is_same(address, r->returned.return_path);
}

void verp_spare_own(struct reading *in)
{
	struct report *r = in->report;

	if (in->input.machine_part)
		return;
	for (size_t i = 0; i < r->fact_count; i++) {
		struct fact *f = &r->facts[i];

		if (!(r->fact_count > 1 ? is_own(r, f->address)
					: is_told(in, f->address)) ||
		    is_same(f->address, r->returned.to))
			continue;
		facts_set_words(r, f, span_of(""));
		f->status = (struct status){0};
		f->exit_code = -1;
	}
}
