#include "verdict_fact.h"

#include "util/fdio.h"
#include "util/num.h"

/*
 * tests/guides.tsv: what public guides on bounce handling say of each code,
 * and what we make of it.
 */

#define GUIDE_ROWS 50
#define COLUMNS 9

static char columns[COLUMNS][256];

static void split(struct span line)
{
	size_t i, end;

	for (i = 0; i < COLUMNS; i++) {
		end = span_find_char(line, '\t');
		if (end == SPAN_NONE)
			end = line.n;
		ck_assert_uint_lt(end, sizeof(columns[i]));
		memcpy(columns[i], line.p, end);
		columns[i][end] = '\0';
		line = span_from(line, end + 1);
	}
}

static void row_is_judged(struct span line)
{
	char reply_text[1024];
	struct fact f;
	int reply = 0;

	split(line);
	if (columns[1][0] != '\0')
		ck_assert_int_eq(num_int(columns[1], 3, 599, &reply), 0);
	snprintf(reply_text, sizeof(reply_text), "%s%s%s%s%s", columns[1],
		 columns[1][0] != '\0' ? " " : "", columns[2],
		 columns[2][0] != '\0' ? " " : "", columns[3]);
	f = failed(reply, columns[2], reply_text);
	f.stage = STAGE_UNKNOWN;
	if (strcmp(columns[4], "unknown") != 0) {
		int stage = smtp_stage_find(span_of(columns[4]));

		ck_assert_msg(stage > 0, "no stage: %s", columns[4]);
		f.stage = (enum smtp_stage)stage;
	}
	f.remote_reply = strcmp(columns[5], "remote") == 0;
	judge(rules, &f, &judgement);
	ck_assert_msg(strcmp(reason_info(judgement.reason)->name, columns[6]) ==
			      0,
		      "%s: %s by %s, not %s", reply_text,
		      reason_info(judgement.reason)->name, judgement.rule,
		      columns[6]);
	ck_assert_str_eq(verdict_class_name(judgement.class_), columns[7]);
	ck_assert_str_eq(verdict_effect_name(judgement.effect), columns[8]);
}

START_TEST(every_row_of_the_guides_comes_out_right)
{
	struct error err = {0};
	struct span rest, line;
	struct buf all;
	int rows = 0;

	buf_init(&all);
	ck_assert_msg(fdio_read_file("tests/guides.tsv", 65536, &all, &err) ==
			      0,
		      "%s", err.text);
	rest = span_make(all.data, all.len);
	while (span_next_line(&rest, &line)) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		row_is_judged(line);
		rows++;
	}
	ck_assert_int_eq(rows, GUIDE_ROWS);
	buf_release(&all);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict_guides");
	TCase *tc = tcase_create("guides");

	tcase_add_checked_fixture(tc, load_rules, free_rules);
	tcase_add_test(tc, every_row_of_the_guides_comes_out_right);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
