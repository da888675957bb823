/* What else happens to a database while its facts are judged again. */
#include "store_fixture.h"

#define NOW (T0 + (int64_t)300 * DAY)

static const struct sample mail[] = {
	{.id = 1,
	 .address = "ann@example.org",
	 .at_s = T0,
	 .reason = REASON_MAILBOX_FULL,
	 .campaign = "spring"},
	{.id = 2,
	 .address = "ben@example.org",
	 .at_s = T0 + 60,
	 .reason = REASON_MAILBOX_FULL,
	 .campaign = "spring"},
};

/* Retention takes every fact while the first one is shown. */
static int retain_meanwhile(void *ctx, const struct store_rejudged *r)
{
	int *retained = ctx;
	struct store *other;
	int more = 1;

	(void)r;
	if ((*retained)++)
		return 0;
	other = database_open(path);
	while (more == 1)
		more = store_retain(other, NOW - DAY, 100, NOW, NULL);
	ck_assert_int_eq(more, 0);
	store_close(other);
	return 0;
}

/* Judges the mail of two again while something else happens to it. */
static struct store *
reclassify_while(int (*meanwhile)(void *, const struct store_rejudged *))
{
	struct error err = {0};
	struct rules *rules = rules_load(NULL, &err);
	struct store *s = database_open(path);
	struct store_rework result;
	int told = 0;
	const struct store_reclassify how = {
		.apply = true, .each = meanwhile, .ctx = &told};

	ck_assert_ptr_nonnull(rules);
	commit_all(s, mail, 2, NOW);
	ck_assert_msg(store_reclassify(s, rules, &how, NOW, &result, &err) == 0,
		      "%s", err.text);
	ck_assert_int_eq(told, 2);
	ck_assert_uint_eq(wrong_states(s, NOW), 0);
	rules_free(rules);
	return s;
}

START_TEST(facts_that_retention_takes_meanwhile_are_left_alone)
{
	struct store *s = reclassify_while(retain_meanwhile);

	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	store_close(s);
}
END_TEST

static void nothing_told(void *ctx, const struct store_forgotten *f)
{
	(void)ctx;
	(void)f;
}

/* Of the first one nothing is left but the number that was read. */
static int forget_meanwhile(void *ctx, const struct store_rejudged *r)
{
	const struct store_forget what = {
		.addresses = &mail[0].address, .n = 1, .all = true};
	int *forgotten = ctx;
	struct store *other;

	(void)r;
	if ((*forgotten)++)
		return 0;
	other = database_open(path);
	ck_assert_int_eq(
		store_forget(other, &what, nothing_told, NULL, NULL, NOW, NULL),
		0);
	store_close(other);
	return 0;
}

START_TEST(addresses_that_are_forgotten_meanwhile_stay_so)
{
	struct store *s = reclassify_while(forget_meanwhile);

	ck_assert_int_eq(number_of("SELECT count(*) FROM address"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM judgement"), 2);
	store_close(s);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("reclassify");

	tcase_add_test(c, facts_that_retention_takes_meanwhile_are_left_alone);
	tcase_add_test(c, addresses_that_are_forgotten_meanwhile_stay_so);
	return run_cases("store reclassify", c);
}
