#ifndef TESTS_UNIT_STORE_FAULT_H
#define TESTS_UNIT_STORE_FAULT_H

/*
 * Each step of each statement of a call fails in its turn. The call says so
 * and has changed nothing; called again, it comes to what it would have.
 */
#include <dlfcn.h>

#include "store_fixture.h"
#include "util/fdio.h"

#define NOW (T0 + (int64_t)40 * DAY)

/* ---- The n-th step of a statement is interrupted ---- */

static int steps_left; /* 0: none will be */
static bool was_interrupted;

/* A rollback always succeeds. */
static inline bool may_fail(sqlite3_stmt *st)
{
	const char *sql = sqlite3_sql(st);

	return st && !(sql && strncmp(sql, "ROLLBACK", 8) == 0);
}

static inline int interrupt(void *ctx)
{
	(void)ctx;
	return 1;
}

/* Stands before SQLite's own. */
int sqlite3_step(sqlite3_stmt *st)
{
	static int (*real)(sqlite3_stmt *);
	sqlite3 *db = sqlite3_db_handle(st);
	int rc;

	/* By way of an object pointer, as POSIX has dlsym used. */
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "sqlite3_step");
	if (steps_left == 0 || !may_fail(st) || --steps_left > 0)
		return real(st);
	sqlite3_progress_handler(db, 1, interrupt, NULL);
	rc = real(st);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	was_interrupted = rc != SQLITE_ROW && rc != SQLITE_DONE;
	return rc;
}

/* ---- A database with something of everything ---- */

static char template[160];

static inline void decide_one(struct store *s, enum store_action action,
			      const char *address)
{
	const struct store_decision d = {.action = action,
					 .address = span_of(address),
					 .stream = "",
					 .who = "op",
					 .note = "asked for",
					 .at_s = T0 + DAY};

	ck_assert_int_eq(store_decide(s, &d, 1, T0 + DAY, NULL, NULL), 0);
}

static inline void fill(struct store *s)
{
	static const struct store_sent_message told = {
		.message_id = "m1", .address = "ann@example.org"};
	static const struct sample mail[] = {
		{.id = 1,
		 .address = "ann@example.org",
		 .reason = REASON_USER_UNKNOWN,
		 .campaign = "spring",
		 .at_s = T0},
		{.id = 2,
		 .address = "bob@example.org",
		 .reason = REASON_MAILBOX_FULL,
		 .campaign = "spring",
		 .at_s = T0 + 1},
		{.id = 3,
		 .address = "cyd@example.org",
		 .reason = REASON_IP_BLOCKED,
		 .at_s = NOW - DAY},
		{.id = 4,
		 .address = "dan@gone.example",
		 .reason = REASON_NULL_MX,
		 .at_s = T0 + 2},
		{.id = 5,
		 .address = "eve@gone.example",
		 .reason = REASON_NULL_MX,
		 .at_s = T0 + 3},
		{.id = 6,
		 .address = "bob@example.org",
		 .reason = REASON_MAILBOX_FULL,
		 .at_s = NOW - HOUR},
		{.id = 7,
		 .address = "fay@held.example",
		 .reason = REASON_USER_UNKNOWN,
		 .at_s = NOW - 2 * HOUR},
		{.id = 8,
		 .address = "gus@held.example",
		 .reason = REASON_USER_UNKNOWN,
		 .at_s = NOW - 2 * HOUR},
	};
	const struct sample lost = {.id = 90, .at_s = T0};
	struct store_message m;

	commit_all(s, mail, sizeof(mail) / sizeof(*mail), NOW - HOUR);
	batch_begin(s);
	sample_message(&lost, &m);
	ck_assert_int_eq(
		store_unreadable_add(s, &m, SPAN("?"), "too deep", NULL), 0);
	batch_commit(s, NOW - HOUR);
	decide_one(s, STORE_SUPPRESS, "op@example.net");
	decide_one(s, STORE_ALLOW, "@allowed.example");
	ck_assert_int_eq(store_mailbox_polled(s, "bounces", 1, T0, NULL), 0);
	ck_assert_int_eq(store_ledger_record(s, &told, 1, T0, NULL), 0);
	ck_assert_int_eq(
		store_sent_add(s, "spring", "", T0, "example.org", 9, NULL), 0);
}

static inline void make_template(void)
{
	struct store *s;

	folder_make();
	policy.guard.min_count = 2;
	snprintf(template, sizeof(template), "%s/template.db", folder);
	s = database_open(template);
	fill(s);
	store_close(s);
}

static inline struct store *open_copy(void)
{
	struct error err = {0};
	struct store *s;
	struct buf all;

	buf_init(&all);
	ck_assert_int_eq(fdio_read_file(template, 1 << 24, &all, &err), 0);
	ck_assert_int_eq(fdio_replace_file(path, 0600, all.data, all.len, &err),
			 0);
	buf_release(&all);
	s = store_open(path, STORE_WRITE, &policy, &err);
	ck_assert_msg(s != NULL, "%s", err.text);
	return s;
}

static inline void add_rows(sqlite3 *db, const char *table, struct buf *out)
{
	sqlite3_stmt *st = NULL;
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\" ORDER BY 1, 2", table);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		buf_addf(out, "%s:", table);
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			const char *cell =
				(const char *)sqlite3_column_text(st, i);

			buf_addf(out, " %.*s", sqlite3_column_bytes(st, i),
				 cell ? cell : "");
		}
		buf_add_char(out, '\n');
	}
	sqlite3_finalize(st);
}

/* Every row of every table. */
static inline void content(struct buf *out)
{
	static const char tables[] =
		"SELECT name FROM sqlite_schema WHERE type = 'table' "
		"AND name NOT LIKE 'sqlite%' ORDER BY name";
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;

	buf_reset(out);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, tables, -1, &st, NULL),
			 SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		add_rows(db, (const char *)sqlite3_column_text(st, 0), out);
	sqlite3_finalize(st);
	sqlite3_close(db);
}

struct act {
	const char *name;
	/* What it says goes to out. */
	int (*run)(struct store *s, struct buf *out, struct error *err);
	bool in_steps; /* several transactions: the first may have been done */
};

static inline int take_back(struct store *s, bool dry_run, struct buf *out,
			    struct error *err)
{
	const struct store_undo undo = {.mailbox = "bounces",
					.until_s = T0 + 3,
					.dry_run = dry_run,
					.who = "op",
					.note = "a mistake"};
	struct store_rework r;

	if (store_undo(s, &undo, NULL, NOW, &r, err))
		return -1;
	buf_addf(out, "%d %d %d", (int)r.verdicts, (int)r.addresses,
		 (int)r.released);
	return 0;
}

/* How an act ends that nothing disturbs. */
struct ending {
	struct buf before, after, said;
	bool writes;
};

/* The n-th step of one act fails; false where it has no such step. */
static inline bool survives(const struct act *a, struct store *s, int n,
			    const struct ending *e)
{
	struct error err = {0};
	struct buf out, now;
	int rc;

	buf_init(&out);
	buf_init(&now);
	was_interrupted = false;
	steps_left = n;
	rc = a->run(s, &out, &err);
	steps_left = 0;
	if (rc) {
		ck_assert_msg(was_interrupted && err.text[0] != '\0',
			      "%s, step %d: %s", a->name, n, err.text);
		if (e->writes && !a->in_steps) {
			content(&now);
			ck_assert_msg(strcmp(now.data, e->before.data) == 0,
				      "%s, step %d: half of it was done",
				      a->name, n);
		}
		buf_reset(&out);
		rc = a->run(s, &out, &err);
		ck_assert_msg(rc == 0, "%s, again: %s", a->name, err.text);
	}
	if (e->writes) {
		content(&now);
		ck_assert_msg(strcmp(now.data, e->after.data) == 0,
			      "%s, step %d: another end", a->name, n);
	}
	ck_assert_msg(strcmp(out.data, e->said.data) == 0,
		      "%s, step %d: another answer", a->name, n);
	buf_release(&now);
	buf_release(&out);
	return was_interrupted;
}

static inline void is_all_or_nothing(const struct act *a)
{
	struct error err = {0};
	struct store *s = open_copy();
	struct ending e;
	bool more = true;
	int n;

	buf_init(&e.before);
	buf_init(&e.after);
	buf_init(&e.said);
	content(&e.before);
	ck_assert_msg(a->run(s, &e.said, &err) == 0, "%s: %s", a->name,
		      err.text);
	content(&e.after);
	e.writes = strcmp(e.before.data, e.after.data) != 0;
	/* Of a long one the beginning, and then some. */
	for (n = 1; more; n += n < 200 ? 1 : 37) {
		if (e.writes) {
			store_close(s);
			s = open_copy();
		}
		more = survives(a, s, n, &e);
	}
	ck_assert_msg(n > 2, "%s asks nothing", a->name);
	store_close(s);
	buf_release(&e.said);
	buf_release(&e.after);
	buf_release(&e.before);
}

static inline int run_acts(const char *name, const TTest *test, int count)
{
	Suite *suite = suite_create(name);
	TCase *c = tcase_create(name);
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(c, make_template, folder_remove);
	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test, 0, count);
	suite_add_tcase(suite, c);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
