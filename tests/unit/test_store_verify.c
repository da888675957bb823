/*
 * A database in which something is not as it should be: verify finds each of
 * these, and names it.
 */
#include "store_fixture.h"

/* Some of everything: hard, soft, shared, held, undone, decided, unreadable. */
static void add_mail(struct store *s)
{
	static const struct sample mail[] = {
		{.id = 1,
		 .address = "ann@example.org",
		 .at_s = T0,
		 .reason = REASON_USER_UNKNOWN,
		 .campaign = "spring"},
		{.id = 2,
		 .address = "ben@example.org",
		 .at_s = T0 + 60,
		 .reason = REASON_MAILBOX_FULL,
		 .message_id = "m2@example.com"},
		{.id = 3,
		 .address = "cat@slow.example",
		 .at_s = T0 + 70,
		 .reason = REASON_HOST_BUSY},
		{.id = 4,
		 .address = "dan@slow.example",
		 .at_s = T0 + 80,
		 .reason = REASON_HOST_BUSY},
		{.id = 5,
		 .address = "eve@example.org",
		 .at_s = T0 + DAY,
		 .reason = REASON_USER_UNKNOWN,
		 .mailbox = "other"},
		{.id = 6,
		 .address = "fay@example.net",
		 .at_s = T0 + 90,
		 .reason = REASON_USER_UNKNOWN,
		 .evidence = EVIDENCE_UNPROVED},
	};

	commit_all(s, mail, sizeof(mail) / sizeof(*mail), T0 + DAY);
}

static void add_unreadable(struct store *s)
{
	struct sample x = {.id = 7, .at_s = T0};
	struct store_message m;

	sample_message(&x, &m);
	batch_begin(s);
	ck_assert_int_eq(
		store_unreadable_add(s, &m, SPAN("bytes"), "why", NULL), 0);
	batch_commit(s, T0 + DAY);
}

static void decide(struct store *s)
{
	const struct store_decision d = {.action = STORE_SUPPRESS,
					 .address = SPAN("gus@example.org"),
					 .stream = "",
					 .who = "op",
					 .note = "left",
					 .at_s = T0};
	const struct store_undo undo = {
		.mailbox = "other", .who = "op", .note = "a mistake"};
	struct store_rework r;

	ck_assert_int_eq(store_decide(s, &d, 1, T0 + DAY, NULL, NULL), 0);
	ck_assert_int_eq(store_undo(s, &undo, NULL, T0 + DAY, &r, NULL), 0);
	ck_assert_int_eq(r.verdicts, 1);
}

static struct store *rich_database(void)
{
	struct store *s;

	policy.breaker.addresses = 2;
	s = database_open(path);
	add_mail(s);
	add_unreadable(s);
	decide(s);
	return s;
}

struct found {
	const char *what, *subject;
	size_t total, wanted;
};

static int note(void *ctx, const struct store_difference *d)
{
	struct found *f = ctx;

	f->total++;
	if (strcmp(d->what, f->what) == 0 && strstr(d->subject, f->subject)) {
		f->wanted++;
		ck_assert_str_ne(d->stored, d->computed);
	}
	return 0;
}

static void exec(const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK,
		      "%s: %s", sql, why);
	sqlite3_close(db);
}

START_TEST(nothing_is_found_where_nothing_is_wrong)
{
	struct store *s = rich_database();

	ck_assert_uint_eq(wrong_states(s, T0 + DAY), 0);
	ck_assert_uint_eq(wrong_states(s, T0 + 400 * DAY), 0);
	/* What is looked for in the other tests is there. */
	ck_assert_int_gt(number_of("SELECT count(*) FROM suppression"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM breaker_hour"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact WHERE undone"),
			 1);
	store_close(s);
}
END_TEST

static const struct {
	const char *sql, *what, *subject;
} planted[] = {
	{"DELETE FROM suppression WHERE reason = 'user_unknown'", "state",
	 "ann@example.org"},
	{"UPDATE suppression SET until = until + 1 WHERE until IS NOT NULL",
	 "state", "fay@example.net"},
	{"UPDATE suppression SET until = 1900000000 WHERE source = 'operator'",
	 "state", "gus@example.org"},
	{"INSERT INTO suppression SELECT id, 9, '', 'hard', 'user_unknown', "
	 "'hard', 'relay', 1, 5, NULL, NULL, NULL FROM address WHERE folded = "
	 "'ben@example.org'",
	 "state", "ben@example.org"},
	{"UPDATE suppression SET fact = (SELECT max(id) FROM fact) WHERE "
	 "reason = 'user_unknown'",
	 "state", "ann@example.org"},
	{"UPDATE soft_run SET count = count + 1", "state", "ben@example.org"},
	{"UPDATE address_state SET allowed = 1 WHERE address = (SELECT id FROM "
	 "address WHERE folded = 'ann@example.org')",
	 "state", "ann@example.org"},
	{"DELETE FROM address_state WHERE address = (SELECT id FROM address "
	 "WHERE folded = 'cat@slow.example')",
	 "state", "cat@slow.example"},
	{"UPDATE address_state SET next_change = NULL WHERE address = (SELECT "
	 "id FROM address WHERE folded = 'fay@example.net')",
	 "next change", "fay@example.net"},
	{"UPDATE fact SET applied = 'no' WHERE address = 'ann@example.org'",
	 "outcome", "ann@example.org"},
	{"UPDATE fact SET held_by = 'domain' WHERE address = 'ann@example.org'",
	 "outcome", "ann@example.org"},
	{"UPDATE fact SET copy = 1 WHERE address = 'ben@example.org'",
	 "outcome", "ben@example.org"},
	{"UPDATE fact SET undone = 0 WHERE undone = 1", "undo", "bounce"},
	{"UPDATE fact SET undone = 1 WHERE address = 'ann@example.org'", "undo",
	 "bounce"},
	{"UPDATE fact SET applied = 'yes' WHERE undone = 1", "undo", "bounce"},
	{"UPDATE judgement SET current = 0 WHERE id = 1", "judgement",
	 "bounce"},
	{"UPDATE judgement SET reason = 'bad_weather' WHERE id = 1",
	 "judgement", "judgement 1"},
	{"UPDATE guard_hour SET hard = hard + 1 WHERE scope = 'domain'",
	 "guard", "domain example.org"},
	{"DELETE FROM guard_hour WHERE scope = 'reason'", "guard", "reason"},
	{"INSERT INTO guard_hour VALUES ('domain', 'x.example', 5, 1, 0)",
	 "guard", "x.example"},
	{"UPDATE guard_hour SET held = 1 WHERE key = 'example.org'", "guard",
	 "example.org"},
	{"DELETE FROM breaker_hour", "breaker", "slow.example"},
	{"INSERT INTO breaker_hour VALUES ('x.example', 5)", "breaker",
	 "x.example"},
	{"DELETE FROM domain_event WHERE address = (SELECT id FROM address "
	 "WHERE folded = 'cat@slow.example')",
	 "domain", "slow.example"},
	{"UPDATE domain_event SET at = at + 1", "domain", "slow.example"},
	{"UPDATE campaign_count SET hard = hard + 1 WHERE campaign = 'spring'",
	 "campaign", "spring"},
	{"DELETE FROM campaign_count WHERE soft > 0", "campaign",
	 "example.org"},
	{"UPDATE decision SET note = 'another' WHERE action = 'suppress'",
	 "decision", ""},
	{"UPDATE decision SET at = at - 1 WHERE action = 'undo'", "decision",
	 ""},
	{"DELETE FROM quarantine", "quarantine", "message"},
	{"UPDATE message SET at = at + 1 WHERE kind = 'bounce'", "arrival",
	 "bounce"},
	{"UPDATE fact SET sent_at = at - 9999999", "sent", "bounce"},
	{"UPDATE mailbox_state SET messages = 1", "counter", "messages"},
	{"UPDATE address_state SET changed = NULL", "change",
	 "ann@example.org"},
	{"UPDATE metric SET value = value + 1 WHERE name = 'suppressions'",
	 "counter", "suppressions"},
	{"DELETE FROM metric WHERE name = 'verdicts_total'", "counter",
	 "verdicts_total"},
	{"UPDATE address SET domain = 'other.example' WHERE folded = "
	 "'ann@example.org'",
	 "domain", "ann@example.org"},
	{"UPDATE address SET folded = 'Ann@EXAMPLE.org' WHERE folded = "
	 "'ann@example.org'",
	 "address", "Ann@EXAMPLE.org"},
	{"DELETE FROM message WHERE id = 1", "reference", "fact"},
	{"DELETE FROM address WHERE folded = 'ann@example.org'", "reference",
	 ""},
	{"DROP INDEX fact_at", "schema", "fact_at"},
	{"DROP VIEW bounce", "schema", "bounce"},
	{"CREATE TRIGGER t AFTER INSERT ON fact BEGIN DELETE FROM judgement; "
	 "END",
	 "schema", "trigger t"},
	{"PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = "
	 "replace(sql, '(at)', '(charged)') WHERE name = 'fact_at'",
	 "integrity", "database file"},
};

START_TEST(what_is_planted_is_found)
{
	struct found f = {planted[_i].what, planted[_i].subject, 0, 0};
	const struct store_inspector to = {.difference = note, .ctx = &f};
	struct error err = {0};
	struct store *s;
	size_t n = 0;

	store_close(rich_database());
	exec(planted[_i].sql);
	s = store_open(path, STORE_READ, &policy, &err);
	ck_assert_msg(s != NULL, "%s", err.text);
	ck_assert_msg(store_verify(s, T0 + DAY, &to, &n, &err) == 0, "%s",
		      err.text);
	ck_assert_msg(f.wanted > 0, "%s: %s of %s is not among %zu differences",
		      planted[_i].sql, f.what, f.subject, f.total);
	ck_assert_uint_eq(n, f.total);
	store_close(s);
}
END_TEST

static int note_number(void *ctx, const struct store_difference *d)
{
	struct buf *numbers = ctx;

	if (strcmp(d->what, "decision") == 0)
		buf_addf(numbers, "%s ", d->subject);
	return 0;
}

/* What waits elsewhere is neither a witness nor excused. */
START_TEST(forward_target_is_no_trouble_of_its_domain)
{
	static const struct sample mail[] = {
		{.id = 1,
		 .address = "cat@slow.example",
		 .at_s = T0,
		 .reason = REASON_HOST_BUSY},
		{.id = 2,
		 .address = "dan@slow.example",
		 .at_s = T0 + 10,
		 .reason = REASON_HOST_BUSY,
		 .mailbox = "other"},
		{.id = 3,
		 .address = "gil@slow.example",
		 .at_s = T0 + 20,
		 .reason = REASON_HOST_BUSY,
		 .forwarded = true},
	};
	const struct store_undo undo = {
		.mailbox = "other", .who = "op", .note = "a mistake"};
	struct store_rework r;
	struct store *s;

	policy.breaker.addresses = 2;
	s = database_open(path);
	commit_all(s, mail, sizeof(mail) / sizeof(*mail), T0 + DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM breaker_hour"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact "
				   "WHERE applied = 'yes' AND forwarded"),
			 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact "
				   "WHERE applied = 'yes'"),
			 1);
	ck_assert_int_eq(store_undo(s, &undo, NULL, T0 + DAY, &r, NULL), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM breaker_hour"), 0);
	ck_assert_uint_eq(wrong_states(s, T0 + DAY), 0);
	store_close(s);
}
END_TEST

START_TEST(each_decision_that_was_changed_is_named)
{
	struct buf numbers;
	const struct store_inspector to = {.difference = note_number,
					   .ctx = &numbers};
	struct store *s = rich_database();
	size_t n = 0;

	buf_init(&numbers);
	exec("UPDATE decision SET note = 'another'");
	ck_assert_int_eq(store_verify(s, T0 + DAY, &to, &n, NULL), 0);
	ck_assert_str_eq(numbers.data, "1 2 ");
	buf_release(&numbers);
	store_close(s);
}
END_TEST

START_TEST(what_retention_took_is_not_missed)
{
	struct store *s = rich_database();
	int more;

	while ((more = store_retain(s, T0 + DAY / 2, 10, T0 + DAY, NULL)) == 1)
		;
	ck_assert_int_eq(more, 0);
	ck_assert_int_lt(number_of("SELECT count(*) FROM fact"), 6);
	ck_assert_uint_eq(wrong_states(s, T0 + DAY), 0);
	store_close(s);
}
END_TEST

/* How many differences of that kind there are once somebody has done that. */
static size_t planted_in(struct store *s, const char *sql, const char *what)
{
	struct found f = {what, "", 0, 0};
	const struct store_inspector to = {.difference = note, .ctx = &f};
	struct error err = {0};
	size_t n = 0;

	ck_assert_uint_eq(wrong_states(s, T0 + DAY), 0);
	exec(sql);
	ck_assert_msg(store_verify(s, T0 + DAY, &to, &n, &err) == 0, "%s",
		      err.text);
	store_close(s);
	return f.wanted;
}

START_TEST(hours_that_ought_to_be_held_are_missed)
{
	struct store *s;

	policy.guard.min_count = 1;
	policy.guard.share_pct = 1;
	s = rich_database();
	ck_assert_int_gt(
		number_of("SELECT count(*) FROM guard_hour WHERE held"), 0);
	ck_assert_uint_gt(
		planted_in(s, "UPDATE guard_hour SET held = 0", "guard"), 0);
}
END_TEST

START_TEST(what_retention_left_is_missed)
{
	struct store *s = rich_database();

	retain_all(s, T0 + DAY / 2, T0 + DAY);
	ck_assert_int_gt(number_of("SELECT count(*) FROM carry"), 0);
	ck_assert_uint_gt(
		planted_in(s, "DELETE FROM carry WHERE hits > 0", "state"), 0);
}
END_TEST

START_TEST(hard_verdict_that_retention_took_is_missed)
{
	const struct sample mail[] = {
		{.id = 1, .address = "ann@example.org", .at_s = T0},
		{.id = 2,
		 .address = "ann@example.org",
		 .at_s = T0 + DAY - HOUR}};
	struct store *s = database_open(path);

	commit_all(s, mail, 2, T0 + DAY);
	retain_all(s, T0 + DAY / 2, T0 + DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 1);
	ck_assert_uint_gt(planted_in(s,
				     "DELETE FROM carry WHERE hits = 0 "
				     "AND class = 'hard'",
				     "guard"),
			  0);
}
END_TEST

START_TEST(policy_other_than_the_last_one_is_refused)
{
	struct error err = {0};
	struct store *s = rich_database();
	size_t n;

	ck_assert_int_ge(store_policy_changed(s, T0 + DAY, &err), 0);
	ck_assert_uint_eq(wrong_states(s, T0 + DAY), 0);
	policy.soft.threshold++;
	ck_assert_int_eq(store_verify(s, T0 + DAY, NULL, &n, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "another policy"));
	store_close(s);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("verify");

	tcase_add_test(c, nothing_is_found_where_nothing_is_wrong);
	tcase_add_loop_test(c, what_is_planted_is_found, 0,
			    (int)(sizeof(planted) / sizeof(*planted)));
	tcase_add_test(c, forward_target_is_no_trouble_of_its_domain);
	tcase_add_test(c, each_decision_that_was_changed_is_named);
	tcase_add_test(c, what_retention_took_is_not_missed);
	tcase_add_test(c, hours_that_ought_to_be_held_are_missed);
	tcase_add_test(c, what_retention_left_is_missed);
	tcase_add_test(c, hard_verdict_that_retention_took_is_missed);
	tcase_add_test(c, policy_other_than_the_last_one_is_refused);
	return run_cases("store verify", c);
}
