/*
 * Whatever bytes come from mail: what util makes of them is valid UTF-8, a
 * fixed point, and within its bounds. abort() is how a fuzzer says no.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/address.h"
#include "util/json.h"
#include "util/num.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span span_of_buf(const struct buf *b)
{
	return span_make(b->data, b->len);
}

static void text_is_safe(struct span in)
{
	struct buf once, twice;

	buf_init(&once);
	buf_init(&twice);
	text_utf8(&once, in);
	text_utf8(&twice, span_of_buf(&once));
	if (!text_is_utf8(span_of_buf(&once)) ||
	    !span_eq(span_of_buf(&once), span_of_buf(&twice)))
		abort();
	buf_reset(&once);
	text_printable(&once, in);
	if (!text_is_utf8(span_of_buf(&once)) ||
	    memchr(once.data, '\n', once.len))
		abort();
	if (text_cut_utf8(in, 7).n > 7)
		abort();
	buf_release(&twice);
	buf_release(&once);
}

static void address_is_stable(struct span in)
{
	struct buf clean, again, folded;

	buf_init(&clean);
	buf_init(&again);
	buf_init(&folded);
	if (address_clean(&clean, in) == 0) {
		struct span a = span_of_buf(&clean);

		if (a.n == 0 || a.n > ADDRESS_MAX_BYTES ||
		    address_domain(a).n == 0 || address_local(a).n == 0)
			abort();
		if (address_clean(&again, a) != 0 ||
		    !span_eq(a, span_of_buf(&again)))
			abort();
		address_fold(&folded, a);
		buf_reset(&again);
		address_fold(&again, span_of_buf(&folded));
		if (!span_eq(span_of_buf(&folded), span_of_buf(&again)))
			abort();
		(void)address_is_valid(a);
	}
	buf_release(&folded);
	buf_release(&again);
	buf_release(&clean);
}

static void json_is_one_line(struct span in)
{
	struct json j;
	struct buf out;

	buf_init(&out);
	json_init(&j, &out);
	json_span(&j, in);
	if (!text_is_utf8(span_of_buf(&out)) || memchr(out.data, '\n', out.len))
		abort();
	buf_release(&out);
}

static void numbers_are_bounded(struct span in)
{
	int64_t n;
	uint64_t u;

	if (num_u64(in.p, in.n, 1000, &u) == 0 && u > 1000)
		abort();
	if (num_duration_s(in.p, in.n, &n) == 0 && n < -1)
		abort();
	if (num_size_bytes(in.p, in.n, &n) == 0 && n < 0)
		abort();
	if (num_time_s(in.p, in.n, &n) == 0) {
		char text[NUM_TIME_BYTES];

		num_time_format(n, text);
	}
	if (num_mail_date_s(in.p, in.n, &n) == 0 && n < -62135596800)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_make((const char *)data, size);

	text_is_safe(in);
	address_is_stable(in);
	json_is_one_line(in);
	numbers_are_bounded(in);
	return 0;
}
