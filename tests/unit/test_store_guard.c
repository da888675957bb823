/*
 * The guards' words are a function of the verdicts there are, whatever came
 * first, wherever a batch ended, and whatever was taken back meanwhile.
 */
#include "store_fixture.h"

#define PEOPLE 8
#define DOMAINS 3
#define HOURS 60
#define STEPS 35
#define LATER (T0 + 90 * DAY)
#define ROUNDS 10

static unsigned seed;

static unsigned below(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16 & 0x7fff) % n;
}

static char names[PEOPLE * DOMAINS][40];
static unsigned next_id;

static void make_names(void)
{
	for (unsigned i = 0; i < PEOPLE * DOMAINS; i++)
		snprintf(names[i], sizeof(names[i]), "u%u@d%u.example",
			 i / DOMAINS, i % DOMAINS);
}

static struct sample any_sample(void)
{
	static const enum reason reasons[] = {
		REASON_USER_UNKNOWN, REASON_MAILBOX_FULL, REASON_NULL_MX,
		REASON_DELIVERED, REASON_DOMAIN_UNKNOWN};
	static const char *const mtas[] = {"a.example.net", "b.example.net"};

	return (struct sample){
		/* Some come again, and some of those as if they were older. */
		.id = next_id && below(5) == 0 ? below(next_id) : next_id++,
		.address = names[below(PEOPLE * DOMAINS)],
		.reason = reasons[below(5)],
		.mta = mtas[below(2)],
		.mailbox = below(2) ? "bounces" : "other",
		.at_s = T0 + (int64_t)below(HOURS) * HOUR + below(HOUR),
	};
}

static void commit_some(struct store *s)
{
	unsigned n = 1 + below(6);

	batch_begin(s);
	while (n-- > 0) {
		struct sample x = any_sample();

		sample_add(s, &x);
	}
	batch_commit(s, LATER);
}

static void take_back_some(struct store *s)
{
	const struct store_undo undo = {
		.mailbox = "",
		.rule = "",
		.message = "",
		.reporter = "",
		.since_s = T0 + (int64_t)below(HOURS) * HOUR,
		.until_s = T0 + (int64_t)below(HOURS) * HOUR,
		.redo = below(2),
		.who = "op",
		.note = "random"};
	struct store_rework r;

	ck_assert_int_eq(store_undo(s, &undo, NULL, LATER, &r, NULL), 0);
}

static void change_policy(struct store *s)
{
	policy.guard.min_count = 1 + below(3);
	policy.guard.share_pct = 10 + below(3) * 20;
	policy.guard.factor = 1 + below(3);
	ck_assert_int_ge(store_policy_changed(s, LATER, NULL), 0);
	while (store_expire(s, 50, LATER, NULL) == 1)
		;
}

START_TEST(words_follow_from_what_there_is)
{
	struct store *s;

	seed = (unsigned)_i;
	next_id = 0;
	make_names();
	policy.guard.min_count = 2;
	policy.guard.share_pct = 20;
	s = database_open(path);
	ck_assert_int_ge(store_policy_changed(s, LATER, NULL), 0);
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned what = below(12);

		if (what == 0)
			change_policy(s);
		else if (what <= 2)
			take_back_some(s);
		else if (what == 3)
			retain_all(s, T0 + (int64_t)below(HOURS) * HOUR, LATER);
		else
			commit_some(s);
		ck_assert_msg(wrong_states(s, LATER) == 0,
			      "seed %d, step %u, %u", _i, i, what);
	}
	store_close(s);
}
END_TEST

/* Of each address one hard verdict counts, even when it is kept no more. */
START_TEST(hard_verdict_that_retention_took_still_counts)
{
	const struct sample mail[] = {
		{.id = 1,
		 .address = "ann@example.org",
		 .reason = REASON_USER_UNKNOWN,
		 .at_s = T0},
		{.id = 2,
		 .address = "ann@example.org",
		 .reason = REASON_USER_UNKNOWN,
		 .at_s = T0 + 3 * DAY},
		{.id = 3,
		 .address = "ann@example.org",
		 .reason = REASON_USER_UNKNOWN,
		 .at_s = T0 + 2 * DAY},
	};
	const struct store_undo undo = {
		.since_s = T0 + 3 * DAY, .who = "op", .note = "a mistake"};
	struct store *s = database_open(path);
	struct store_rework r;

	commit_all(s, mail, 2, LATER);
	retain_all(s, T0 + DAY, LATER);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 1);
	commit_all(s, &mail[2], 1, LATER);
	ck_assert_int_eq(store_undo(s, &undo, NULL, LATER, &r, NULL), 0);
	ck_assert_int_eq(r.verdicts, 1);
	/* Again and again: the mark of it outlives the next time as well. */
	retain_all(s, T0 + 4 * DAY, LATER + DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	commit_all(s, &mail[1], 1, LATER);
	store_close(s);
	ck_assert_int_gt(number_of("SELECT min(hard) FROM guard_hour"), 0);
	ck_assert_int_eq(number_of("SELECT sum(hard) FROM guard_hour "
				   "WHERE scope = 'all'"),
			 1);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("guard");

	tcase_add_loop_test(c, words_follow_from_what_there_is, 0, ROUNDS);
	tcase_add_test(c, hard_verdict_that_retention_took_still_counts);
	return run_cases("store guard", c);
}
