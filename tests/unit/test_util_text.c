#include <string.h>

#include "run.h"
#include "util/text.h"
#include "util/utf8.h"

static char *printable(struct span s)
{
	struct buf b;

	buf_init(&b);
	text_printable(&b, s);
	return buf_detach(&b, NULL);
}

static char *utf8(struct span s)
{
	struct buf b;

	buf_init(&b);
	text_utf8(&b, s);
	return buf_detach(&b, NULL);
}

#define ASSERT_TEXT(call, expected)                                            \
	do {                                                                   \
		char *got = call;                                              \
		ck_assert_str_eq(got, expected);                               \
		free(got);                                                     \
	} while (0)

START_TEST(printable_text_stays_as_it_is)
{
	ASSERT_TEXT(printable(SPAN("Grüße, 世界 (a+b)")), "Grüße, 世界 (a+b)");
	ASSERT_TEXT(printable(SPAN("")), "");
}
END_TEST

START_TEST(terminal_controls_are_escaped)
{
	ASSERT_TEXT(printable(SPAN("\x1b[31mred\r\n\t\x7f")),
		    "\\x1b[31mred\\x0d\\x0a\\x09\\x7f");
	ASSERT_TEXT(printable(SPAN("a\0b")), "a\\x00b");
	/* C1 in UTF-8: CSI is U+009B. */
	ASSERT_TEXT(printable(SPAN("\xc2\x9b")), "\\xc2\\x9b");
}
END_TEST

START_TEST(bidirectional_overrides_are_escaped)
{
	ASSERT_TEXT(printable(SPAN("\xe2\x80\xae"
				   "cod.exe")),
		    "\\xe2\\x80\\xaecod.exe");
	ASSERT_TEXT(printable(SPAN("\xe2\x81\xa6x\xe2\x81\xa9")),
		    "\\xe2\\x81\\xa6x\\xe2\\x81\\xa9");
	ASSERT_TEXT(printable(SPAN("\xe2\x80\xa8")), "\\xe2\\x80\\xa8");
}
END_TEST

START_TEST(a_backslash_is_doubled_so_that_escapes_are_unambiguous)
{
	ASSERT_TEXT(printable(SPAN("\\x1b")), "\\\\x1b");
}
END_TEST

START_TEST(invalid_utf8_is_shown_byte_by_byte)
{
	ASSERT_TEXT(printable(SPAN("\xff\xc3(")), "\\xff\\xc3(");
	ASSERT_TEXT(printable(SPAN("\xc0\xaf")), "\\xc0\\xaf");
	ASSERT_TEXT(printable(SPAN("\xed\xa0\x80")), "\\xed\\xa0\\x80");
	ASSERT_TEXT(printable(SPAN("\xf4\x90\x80\x80")),
		    "\\xf4\\x90\\x80\\x80");
	ASSERT_TEXT(printable(SPAN("\xe2\x82")), "\\xe2\\x82");
}
END_TEST

START_TEST(stored_text_is_valid_utf8)
{
	ASSERT_TEXT(utf8(SPAN("a\xff"
			      "b")),
		    "a\xef\xbf\xbd"
		    "b");
	ASSERT_TEXT(utf8(SPAN("a\0b")), "a\xef\xbf\xbd"
					"b");
	ASSERT_TEXT(utf8(SPAN("tab\tline\r\nbell\a")), "tab\tline\r\nbell ");
	ASSERT_TEXT(utf8(SPAN("ü\xc2\x85")), "ü ");
}
END_TEST

START_TEST(utf8_is_told_from_what_only_looks_like_it)
{
	ck_assert(text_is_utf8(SPAN("")));
	ck_assert(text_is_utf8(SPAN("é€😀")));
	ck_assert(!text_is_utf8(SPAN("\xe9t\xe9")));
	ck_assert(!text_is_utf8(SPAN("\xe0\x80\x80")));
	ck_assert(!text_is_utf8(SPAN("\xf0\x9f\x98")));
	ck_assert(!text_is_utf8(SPAN("\x80")));
}
END_TEST

START_TEST(capitals_of_latin_greek_and_cyrillic_have_small_letters)
{
	static const char *const pairs[] = {
		"AZ",	"az",  "ÀÞ",	 "àþ",	      "ĀŁŽŸ",
		"āłžÿ", "İĹ",  "iĺ",	 "ΆΈΉΊΌΎΏΑΩ", "αεηιουωαω",
		"ЀЁЯ",	"ѐёя", "×ĸŉſ・", "×ĸŉſ・",
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i += 2) {
		struct span rest = span_of(pairs[i]);
		struct buf b;
		uint32_t code;

		buf_init(&b);
		while (rest.n > 0) {
			rest = span_from(rest, utf8_next(rest, &code));
			utf8_add(&b, utf8_small(code));
		}
		ck_assert_str_eq(b.data, pairs[i + 1]);
		buf_release(&b);
	}
}
END_TEST

START_TEST(a_cut_never_splits_a_sequence)
{
	struct span s = SPAN("a€b");

	ck_assert_uint_eq(text_cut_utf8(s, 9).n, 5);
	ck_assert_uint_eq(text_cut_utf8(s, 4).n, 4);
	ck_assert_uint_eq(text_cut_utf8(s, 3).n, 1);
	ck_assert_uint_eq(text_cut_utf8(s, 2).n, 1);
	ck_assert_uint_eq(text_cut_utf8(s, 1).n, 1);
	ck_assert_uint_eq(text_cut_utf8(s, 0).n, 0);
	/* No UTF-8 at all: still no more than was asked for. */
	ck_assert_uint_le(text_cut_utf8(SPAN("\x80\x80\x80\x80\x80\x80"), 5).n,
			  5);
	ck_assert_uint_ge(text_cut_utf8(SPAN("\x80\x80\x80\x80\x80\x80"), 5).n,
			  2);
}
END_TEST

START_TEST(spans_compare_bytes_and_fold_ascii_only)
{
	ck_assert(span_eq(SPAN("a\0b"), SPAN("a\0b")));
	ck_assert(!span_eq(SPAN("a\0b"), SPAN("a\0c")));
	ck_assert(span_eq_ci(SPAN("DSN"), SPAN("dsn")));
	ck_assert(!span_eq_ci(SPAN("Ü"), SPAN("ü")));
	ck_assert(span_starts_ci(SPAN("Status: 5"), SPAN("STATUS:")));
	ck_assert(!span_starts_ci(SPAN("Sta"), SPAN("Status")));
	ck_assert(span_ends_ci(SPAN("mx.Example.COM"), SPAN(".example.com")));
	ck_assert(!span_ends_ci(SPAN("m"), SPAN("com")));
	ck_assert(span_eq(span_of(NULL), SPAN("")));
}
END_TEST

START_TEST(finding_stops_at_the_length_not_at_a_nul)
{
	struct span s = SPAN("one\0two");

	ck_assert_uint_eq(span_find(s, SPAN("two")), 4);
	ck_assert_uint_eq(span_find(span_cut(s, 6), SPAN("two")), SPAN_NONE);
	ck_assert_uint_eq(span_find_ci(s, SPAN("TWO")), 4);
	ck_assert_uint_eq(span_find_ci(s, SPAN("three")), SPAN_NONE);
	ck_assert_uint_eq(span_find_char(s, '\0'), 3);
	ck_assert_uint_eq(span_find(SPAN(""), SPAN("x")), SPAN_NONE);
	ck_assert_uint_eq(span_find_char(SPAN(""), 'x'), SPAN_NONE);
}
END_TEST

START_TEST(cutting_past_the_end_gives_what_is_there)
{
	ck_assert(span_eq(span_from(SPAN("abc"), 9), SPAN("")));
	ck_assert(span_eq(span_cut(SPAN("abc"), SPAN_NONE), SPAN("abc")));
	ck_assert(span_eq(span_trim(SPAN(" \t a b\v\f\r\n")), SPAN("a b")));
	ck_assert(span_eq(span_trim(SPAN(" \n")), SPAN("")));
}
END_TEST

START_TEST(lines_end_in_lf_crlf_or_cr)
{
	struct span rest = SPAN("a\nb\r\n\rc"), line;
	const char *expected[] = {"a", "b", "", "c"};

	for (size_t i = 0; i < 4; i++) {
		ck_assert(span_next_line(&rest, &line));
		ck_assert(span_eq(line, span_of(expected[i])));
	}
	ck_assert(!span_next_line(&rest, &line));
}
END_TEST

START_TEST(letters_are_those_of_any_alphabet)
{
	ck_assert(text_has_letter(SPAN("5.1.1 x")));
	ck_assert(text_has_letter(SPAN("550 世界")));
	ck_assert(!text_has_letter(SPAN("550-5.1.1 [_@]")));
	ck_assert(!text_has_letter(SPAN("")));
}
END_TEST

START_TEST(white_space_goes_at_one_end_or_at_both)
{
	ck_assert(span_eq(span_trim(SPAN(" \t a b\r\n")), SPAN("a b")));
	ck_assert(span_eq(span_trim_start(SPAN(" \t a ")), SPAN("a ")));
	ck_assert_uint_eq(span_trim_start(SPAN(" \n")).n, 0);
}
END_TEST

START_TEST(words_are_what_lies_between_white_space)
{
	struct span rest = SPAN("  550\t5.1.1 \n"), word;

	ck_assert(span_next_word(&rest, &word));
	ck_assert(span_eq(word, SPAN("550")));
	ck_assert(span_next_word(&rest, &word));
	ck_assert(span_eq(word, SPAN("5.1.1")));
	ck_assert(!span_next_word(&rest, &word));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		printable_text_stays_as_it_is,
		terminal_controls_are_escaped,
		bidirectional_overrides_are_escaped,
		a_backslash_is_doubled_so_that_escapes_are_unambiguous,
		invalid_utf8_is_shown_byte_by_byte,
		stored_text_is_valid_utf8,
		utf8_is_told_from_what_only_looks_like_it,
		capitals_of_latin_greek_and_cyrillic_have_small_letters,
		a_cut_never_splits_a_sequence,
		spans_compare_bytes_and_fold_ascii_only,
		finding_stops_at_the_length_not_at_a_nul,
		cutting_past_the_end_gives_what_is_there,
		lines_end_in_lf_crlf_or_cr,
		white_space_goes_at_one_end_or_at_both,
		words_are_what_lies_between_white_space,
		letters_are_those_of_any_alphabet,
	};

	return RUN_TESTS("util/text", tests);
}
