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

START_TEST(facts_that_retention_takes_meanwhile_are_left_alone)
{
	struct error err = {0};
	struct rules *rules = rules_load(NULL, &err);
	struct store *s = database_open(path);
	struct store_rework result;
	int retained = 0;
	const struct store_reclassify how = {
		.apply = true, .each = retain_meanwhile, .ctx = &retained};

	ck_assert_ptr_nonnull(rules);
	commit_all(s, mail, 2, NOW);
	ck_assert_msg(store_reclassify(s, rules, &how, NOW, &result, &err) == 0,
		      "%s", err.text);
	ck_assert_int_eq(retained, 2);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	ck_assert_uint_eq(wrong_states(s, NOW), 0);
	store_close(s);
	rules_free(rules);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("reclassify");

	tcase_add_test(c, facts_that_retention_takes_meanwhile_are_left_alone);
	return run_cases("store reclassify", c);
}
