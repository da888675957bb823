#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run.h"
#include "util/csv.h"

static int ends[2];
static struct csv csv;
static struct error err;

/* What is written into a pipe is read from it. */
static void given(const char *text, char separator)
{
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], text, strlen(text)),
			 (ssize_t)strlen(text));
	close(ends[1]);
	csv_init(&csv, ends[0], separator);
}

static void done(void)
{
	ck_assert_int_eq(csv_next(&csv, &err), 0);
	csv_release(&csv);
	close(ends[0]);
}

/* The cells of the next record, joined by '|'. */
static const char *next(void)
{
	static struct buf joined;

	if (joined.data)
		buf_release(&joined);
	buf_init(&joined);
	ck_assert_int_eq(csv_next(&csv, &err), 1);
	for (size_t i = 0; i < csv.count; i++) {
		if (i > 0)
			buf_add_char(&joined, '|');
		buf_add(&joined, csv.list[i].p, csv.list[i].n);
	}
	return joined.data;
}

START_TEST(records_are_read_as_they_come)
{
	given("\xef\xbb\xbf"
	      "a,b\"\"c\r\n\"x,\"\"y\",\n\n1,2\"3,\"4\n5\"\nlast",
	      ',');
	ck_assert_str_eq(next(), "a|b\"\"c");
	ck_assert_str_eq(next(), "x,\"y|");
	ck_assert_str_eq(next(), "");
	ck_assert_str_eq(next(), "1|2\"3|4\n5");
	ck_assert_uint_eq(csv.line, 4);
	ck_assert_str_eq(next(), "last");
	ck_assert_uint_eq(csv.line, 6);
	done();
}
END_TEST

START_TEST(without_a_separator_lines_are_as_they_stand)
{
	given("\"a, b\"\nc", '\0');
	ck_assert_str_eq(next(), "\"a, b\"");
	ck_assert_str_eq(next(), "c");
	done();
}
END_TEST

START_TEST(a_quote_that_never_closes_ends_with_the_file)
{
	given("a,\"b\nc\nd", ',');
	ck_assert_str_eq(next(), "a|b\nc\nd");
	done();
}
END_TEST

START_TEST(the_separator_is_guessed_from_the_first_line)
{
	static const struct {
		const char *text;
		char separator;
	} cases[] = {{"a,b\nc;d", ','},
		     {"a;b\n1,2", ';'},
		     {"a\tb\n", '\t'},
		     {"a\nb,c", '\0'},
		     {"\xef\xbb\xbf\"email\"\r\n\"b\"\r\n", ','},
		     {"\"a b\"@c\n", '\0'},
		     {"", '\0'}};
	int rc;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		given(cases[i].text, '\0');
		ck_assert_int_eq(csv_guess(&csv, &rc, &err),
				 cases[i].separator);
		ck_assert_int_eq(rc, 0);
		csv_release(&csv);
		close(ends[0]);
	}
}
END_TEST

START_TEST(utf_16_is_refused_and_named)
{
	given("\xff\xfe"
	      "a",
	      '\0');
	ck_assert_int_eq(csv_next(&csv, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "UTF-16"));
	csv_release(&csv);
	close(ends[0]);
	ck_assert_int_eq(csv_check_encoding(SPAN("\xfe\xff\0a"), &err), -1);
	ck_assert_int_eq(csv_check_encoding(SPAN("\xff"), &err), 0);
}
END_TEST

START_TEST(no_spreadsheet_takes_a_cell_for_a_formula)
{
	static const struct {
		const char *cell, *written;
	} cases[] = {{"ann@example.net", "ann@example.net"},
		     {"@example.net", "'@example.net"},
		     {"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		     {"+1", "'+1"},
		     {"-1,2", "\"'-1,2\""},
		     {"'=x", "''=x"},
		     {"o'neill", "o'neill"},
		     {"'tis", "'tis"},
		     {"a \"b\"", "\"a \"\"b\"\"\""},
		     {"", ""}};
	struct buf out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct span back;

		buf_init(&out);
		csv_add(&out, true, span_of(cases[i].cell));
		ck_assert_str_eq(out.data, cases[i].written);
		given(out.len ? out.data : "\n", ',');
		ck_assert_int_eq(csv_next(&csv, &err), 1);
		back = csv_plain(csv.list[0]);
		ck_assert(span_eq(back, span_of(cases[i].cell)));
		done();
		buf_release(&out);
	}
}
END_TEST

START_TEST(a_record_without_end_is_refused)
{
	size_t n = CSV_MAX_RECORD + 2 * 65536;
	char *text = malloc(n);
	FILE *file = tmpfile();

	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(file);
	memset(text, 'a', n);
	ck_assert_uint_eq(fwrite(text, 1, n, file), n);
	rewind(file);
	csv_init(&csv, fileno(file), ',');
	ck_assert_int_eq(csv_next(&csv, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "line 1: longer than"));
	csv_release(&csv);
	fclose(file);
	free(text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		records_are_read_as_they_come,
		without_a_separator_lines_are_as_they_stand,
		a_quote_that_never_closes_ends_with_the_file,
		the_separator_is_guessed_from_the_first_line,
		utf_16_is_refused_and_named,
		no_spreadsheet_takes_a_cell_for_a_formula,
		a_record_without_end_is_refused,
	};

	return RUN_TESTS("util/csv", tests);
}
