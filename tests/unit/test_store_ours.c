/* Our own domains: what their entries do, and what they cost. */
#include "store_fixture.h"

static const char *const ours[] = {"example.com", NULL};
static const char *const no_domain[] = {"example.com", "no domain", NULL};

static struct sample unknown_user(unsigned id, const char *address)
{
	return (struct sample){.id = id,
			       .address = address,
			       .reason = REASON_USER_UNKNOWN,
			       .at_s = T0};
}

/* Whether the numbers of the policy differ from those of the last start. */
static int start(struct store *s)
{
	struct error err = {0};
	int changed = store_policy_changed(s, T0, &err);

	ck_assert_msg(changed >= 0, "%s", err.text);
	return changed;
}

START_TEST(domain_that_cannot_be_allowed_leaves_the_policy_as_it_was)
{
	struct store *s = database_open(path);
	struct error err = {0};

	ck_assert_int_eq(start(s), 0);
	policy.soft.threshold++;
	policy.trust.our_domains = no_domain;
	ck_assert_int_eq(store_policy_changed(s, T0, &err), -1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM decision"), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM refold"), 0);
	policy.trust.our_domains = ours;
	ck_assert_int_eq(start(s), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM decision"), 1);
	store_close(s);
}
END_TEST

START_TEST(batch_suppresses_others_and_none_of_ours)
{
	struct store *s = database_open(path);
	const struct sample x[] = {unknown_user(1, "ann@example.com"),
				   unknown_user(2, "ann@example.net"),
				   unknown_user(3, "ann@sub.example.com")};

	policy.trust.our_domains = ours;
	ck_assert_int_eq(start(s), 0);
	commit_all(s, x, 3, T0);
	ck_assert_str_eq(ask(s, "ann@example.com", NULL, T0), "yes");
	ck_assert_str_eq(ask(s, "ann@example.net", NULL, T0), "user_unknown");
	ck_assert_str_eq(ask(s, "ann@sub.example.com", NULL, T0),
			 "user_unknown");
	ck_assert_uint_eq(wrong_states(s, T0), 0);
	store_close(s);
}
END_TEST

START_TEST(batch_heeds_each_of_many_domains)
{
	struct store_decision allow = {.action = STORE_ALLOW,
				       .stream = "",
				       .who = "op",
				       .note = "a partner",
				       .at_s = T0};
	struct store *s = database_open(path);
	char entry[32];

	for (unsigned i = 0; i < 70; i++) {
		struct sample x = {.id = i,
				   .address = entry,
				   .reason = REASON_USER_UNKNOWN,
				   .at_s = T0};

		snprintf(entry, sizeof(entry), "@d%u.example", i);
		allow.address = span_of(entry);
		ck_assert_int_eq(store_decide(s, &allow, 1, T0, NULL, NULL), 0);
		snprintf(entry, sizeof(entry), "u@d%u.example", i);
		commit_all(s, &x, 1, T0);
		ck_assert_str_eq(ask(s, entry, NULL, T0), "yes");
	}
	ck_assert_uint_eq(wrong_states(s, T0), 0);
	store_close(s);
}
END_TEST

static unsigned lookups;

static int count_lookup(unsigned what, void *ctx, void *statement, void *text)
{
	(void)what;
	(void)ctx;
	(void)statement;
	lookups += strstr(text, "'disallow'") != NULL;
	return 0;
}

static int watch(sqlite3 *db, const char **message_r, const void *api)
{
	(void)message_r;
	(void)api;
	return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_lookup, NULL);
}

START_TEST(entries_of_ours_cost_others_no_lookup)
{
	const struct sample x[] = {unknown_user(1, "ann@example.net"),
				   unknown_user(2, "bob@example.net")};
	const struct sample own = unknown_user(3, "ann@example.com");
	struct store *s;

	ck_assert_int_eq(sqlite3_auto_extension((void (*)(void))watch),
			 SQLITE_OK);
	s = database_open(path);
	policy.trust.our_domains = ours;
	ck_assert_int_eq(start(s), 0);
	lookups = 0;
	commit_all(s, x, 2, T0);
	ck_assert_uint_eq(lookups, 0);
	commit_all(s, &own, 1, T0);
	ck_assert_uint_eq(lookups, 1);
	store_close(s);
	sqlite3_reset_auto_extension();
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("ours");

	tcase_add_test(
		c, domain_that_cannot_be_allowed_leaves_the_policy_as_it_was);
	tcase_add_test(c, batch_suppresses_others_and_none_of_ours);
	tcase_add_test(c, batch_heeds_each_of_many_domains);
	tcase_add_test(c, entries_of_ours_cost_others_no_lookup);
	return run_cases("store ours", c);
}
