#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "run.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/error.h"
#include "util/xalloc.h"

START_TEST(a_new_buffer_is_an_empty_text)
{
	struct buf b;

	buf_init(&b);
	ck_assert_str_eq(b.data, "");
	ck_assert_uint_eq(b.len, 0);
	buf_reset(&b);
	buf_truncate(&b, 10);
	buf_release(&b);
	ck_assert_str_eq(b.data, "");
}
END_TEST

START_TEST(a_buffer_keeps_nuls_and_always_ends_in_one)
{
	struct buf b;

	buf_init(&b);
	buf_add(&b, "a\0b", 3);
	ck_assert_uint_eq(b.len, 3);
	ck_assert_mem_eq(b.data, "a\0b", 4);
	buf_addf(&b, "%d-%s", 7, "x");
	ck_assert_mem_eq(b.data, "a\0b7-x", 7);
	buf_truncate(&b, 1);
	ck_assert_str_eq(b.data, "a");
	buf_add_char(&b, '\0');
	ck_assert_uint_eq(b.len, 2);
	buf_release(&b);
}
END_TEST

START_TEST(a_buffer_grows_with_what_is_added)
{
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%03d", i);
	ck_assert_uint_eq(b.len, 3000);
	ck_assert_mem_eq(b.data + 2997, "999", 4);
	buf_release(&b);
}
END_TEST

START_TEST(detaching_hands_the_bytes_over)
{
	struct buf b;
	size_t len = 9;
	char *bytes;

	buf_init(&b);
	bytes = buf_detach(&b, &len);
	ck_assert_uint_eq(len, 0);
	ck_assert_str_eq(bytes, "");
	free(bytes);
	buf_add_str(&b, "text");
	bytes = buf_detach(&b, &len);
	ck_assert_uint_eq(len, 4);
	ck_assert_str_eq(bytes, "text");
	ck_assert_uint_eq(b.len, 0);
	free(bytes);
	buf_release(&b);
}
END_TEST

static void reserve_everything(void *b)
{
	buf_reserve(b, SIZE_MAX - 1);
}

START_TEST(a_size_that_overflows_aborts)
{
	struct buf b;

	buf_init(&b);
	ck_assert(aborts(reserve_everything, &b));
}
END_TEST

START_TEST(arena_memory_is_zeroed_and_aligned)
{
	struct arena a;

	arena_init(&a);
	for (size_t n = 1; n < 2000; n += 7) {
		unsigned char *p = arena_alloc(&a, n);

		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xff, n);
	}
	ck_assert_uint_ge(a.used, 2000);
	arena_reset(&a);
	ck_assert_uint_eq(a.used, 0);
	ck_assert_uint_eq(*(unsigned char *)arena_alloc(&a, 1), 0);
	arena_release(&a);
	arena_release(&a);
}
END_TEST

START_TEST(arena_texts_keep_their_bytes)
{
	struct arena a;
	char *huge;

	arena_init(&a);
	ck_assert_mem_eq(arena_memdupz(&a, "a\0b", 3), "a\0b", 4);
	ck_assert_str_eq(arena_memdupz(&a, NULL, 0), "");
	ck_assert_str_eq(arena_strdup(&a, "x"), "x");
	ck_assert_str_eq(arena_printf(&a, "%s=%d", "n", 5), "n=5");
	huge = arena_alloc(&a, 1024 * 1024);
	huge[1024 * 1024 - 1] = 'x';
	arena_reset(&a);
	arena_release(&a);
}
END_TEST

static void take_too_many(void *a)
{
	arena_array(a, SIZE_MAX / 4, 8);
}

START_TEST(an_array_that_overflows_aborts)
{
	struct arena a;

	arena_init(&a);
	ck_assert(aborts(take_too_many, &a));
}
END_TEST

static void reallocate_too_many(void *old)
{
	free(xreallocarray(old, SIZE_MAX / 4, 8));
}

START_TEST(allocation_does_not_fail)
{
	char *p = xmalloc(0);

	p = xrealloc(p, 8);
	p = xreallocarray(p, 0, 8);
	ck_assert_ptr_nonnull(p);
	free(p);
	p = xcalloc(0, 0);
	ck_assert_ptr_nonnull(p);
	free(p);
	p = xmemdupz(NULL, 0);
	ck_assert_str_eq(p, "");
	free(p);
	ck_assert(aborts(reallocate_too_many, NULL));
}
END_TEST

START_TEST(an_error_says_what_and_how_far)
{
	struct error err;

	ck_assert_int_eq(error_set(&err, ERROR_SOURCE, "%s: no", "x"), -1);
	ck_assert_int_eq(err.scope, ERROR_SOURCE);
	ck_assert_str_eq(err.text, "x: no");
	ck_assert_int_eq(error_wrap(&err, "box %d", 1), -1);
	ck_assert_str_eq(err.text, "box 1: x: no");
	ck_assert_int_eq(err.scope, ERROR_SOURCE);
	/* From its own text. */
	error_set(&err, ERROR_FATAL, "[%s]", err.text);
	ck_assert_str_eq(err.text, "[box 1: x: no]");
}
END_TEST

START_TEST(an_error_of_the_system_ends_in_its_text)
{
	struct error err;

	errno = EACCES;
	error_errno(&err, ERROR_FATAL, "/x: cannot open");
	ck_assert_str_eq(err.text, "/x: cannot open: Permission denied");
	ck_assert_int_eq(errno, EACCES);
	ck_assert_int_eq(error_errno(NULL, ERROR_FATAL, "x"), -1);
	ck_assert_int_eq(error_set(NULL, ERROR_FATAL, "x"), -1);
	ck_assert_int_eq(error_wrap(NULL, "x"), -1);
}
END_TEST

START_TEST(a_long_error_is_cut_and_says_so)
{
	struct error err;
	char text[1000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_set(&err, ERROR_FATAL, "%s", text);
	ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 1);
	ck_assert_str_eq(err.text + sizeof(err.text) - 5, "x...");
	error_wrap(&err, "outer");
	ck_assert_mem_eq(err.text, "outer: x", 8);
	ck_assert_str_eq(err.text + sizeof(err.text) - 5, "x...");
	/* A sequence of three bytes stands across the cut. */
	memcpy(text + sizeof(err.text) - 6, "€", 3);
	error_set(&err, ERROR_FATAL, "%s", text);
	ck_assert_str_eq(err.text + strlen(err.text) - 4, "x...");
}
END_TEST

START_TEST(an_error_cannot_move_the_cursor)
{
	struct error err;

	error_set(&err, ERROR_FATAL, "a\x1b[2J\nb\xff ü\xe2\x80\xae");
	ck_assert_str_eq(err.text, "a?[2J?b? ü???");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_new_buffer_is_an_empty_text,
		a_buffer_keeps_nuls_and_always_ends_in_one,
		a_buffer_grows_with_what_is_added,
		detaching_hands_the_bytes_over,
		a_size_that_overflows_aborts,
		arena_memory_is_zeroed_and_aligned,
		arena_texts_keep_their_bytes,
		an_array_that_overflows_aborts,
		allocation_does_not_fail,
		an_error_says_what_and_how_far,
		an_error_of_the_system_ends_in_its_text,
		a_long_error_is_cut_and_says_so,
		an_error_cannot_move_the_cursor,
	};

	return RUN_TESTS("util/memory", tests);
}
