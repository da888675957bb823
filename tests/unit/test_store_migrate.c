/* The schema: made in steps, the same for everyone, public where it says so. */
#include "store_fixture.h"

#include <sys/wait.h>

#include "util/fdio.h"

static sqlite3 *plain_open(void)
{
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void plain_exec(const char *sql)
{
	sqlite3 *db = plain_open();

	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Every row's first column, each with a line end. */
static void column_of(const char *sql, struct buf *out)
{
	sqlite3 *db = plain_open();
	sqlite3_stmt *st = NULL;

	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	while (sqlite3_step(st) == SQLITE_ROW)
		buf_addf(out, "%s\n", (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
}

START_TEST(migrations_from_empty_equal_the_golden_schema)
{
	struct buf golden, got;

	buf_init(&golden);
	buf_init(&got);
	store_close(database_open(path));
	ck_assert_int_eq(
		fdio_read_file("sql/schema.sql", 1 << 20, &golden, NULL), 0);
	column_of("SELECT sql || ';' || char(10) FROM sqlite_schema "
		  "WHERE sql IS NOT NULL ORDER BY type, name",
		  &got);
	/* After a change of sql/: make schema, and read the difference. */
	ck_assert_str_eq(golden.data, got.data);
	buf_release(&golden);
	buf_release(&got);
}
END_TEST

START_TEST(every_table_is_strict)
{
	store_close(database_open(path));
	ck_assert_int_eq(number_of("SELECT count(*) FROM pragma_table_list "
				   "WHERE schema = 'main' AND type = 'table' "
				   "AND name NOT LIKE 'sqlite_%' "
				   "AND NOT strict"),
			 0);
}
END_TEST

static const struct {
	const char *view, *columns;
} public_views[] = {
	{"suppressed", "address written scope stream class reason source "
		       "evidence hits since until bounce_id note"},
	{"bounce", "id at sent_at mailbox message_id address final domain "
		   "provider stream campaign list_id kind action reply status "
		   "reason class effect applied rule evidence reporter remote "
		   "stage diagnostic words undone"},
	{"soft", "address stream count threshold first_at last_at span reasons "
		 "step promotes_at"},
	{"due", "address stream reason last_at due_at attempt attempts_left "
		"give_up_at"},
	{"campaign_rate", "campaign stream day domain provider sent delivered "
			  "hard soft block complaint"},
	{"sender_health", "provider cause sender count_24h count_7d first_at "
			  "last_at sample link advice"},
	{"pending", "bounce_id at address stream reason class evidence "
		    "recipients reporter diagnostic held_by until"},
	{"audit", "id at who action address stream until force imported "
		  "bounce_id note"},
};
#define VIEWS (sizeof(public_views) / sizeof(*public_views))

static void columns_of_view(const char *view, struct buf *out)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		 "SELECT group_concat(name, ' ') FROM pragma_table_info('%s')",
		 view);
	column_of(sql, out);
	buf_truncate(out, out->len - 1);
}

START_TEST(views_have_the_columns_that_others_rely_on)
{
	struct buf got;

	buf_init(&got);
	store_close(database_open(path));
	for (size_t i = 0; i < VIEWS; i++) {
		buf_reset(&got);
		columns_of_view(public_views[i].view, &got);
		ck_assert_str_eq(got.data, public_views[i].columns);
	}
	ck_assert_int_eq(number_of("SELECT count(*) FROM sqlite_schema "
				   "WHERE type = 'view'"),
			 (int)VIEWS);
	buf_release(&got);
}
END_TEST

/* The ".It Va" entries below each ".Ss VIEW" of the manual page. */
START_TEST(manual_page_names_every_column_of_every_view)
{
	struct buf page, got, want;
	struct span rest, line;

	buf_init(&page);
	buf_init(&got);
	buf_init(&want);
	ck_assert_int_eq(
		fdio_read_file("man/dsnd-database.7", 1 << 20, &page, NULL), 0);
	for (size_t i = 0; i < VIEWS; i++)
		buf_addf(&want, ".Ss %s %s\n", public_views[i].view,
			 public_views[i].columns);
	rest = span_make(page.data, page.len);
	while (span_next_line(&rest, &line)) {
		if (span_starts_ci(line, SPAN(".Ss ")))
			buf_addf(&got, "%s%.*s", got.len ? "\n" : "",
				 (int)line.n, line.p);
		else if (span_starts_ci(line, SPAN(".It Va ")))
			buf_addf(&got, " %.*s", (int)line.n - 7, line.p + 7);
	}
	buf_add_char(&got, '\n');
	ck_assert_str_eq(got.data, want.data);
	buf_release(&page);
	buf_release(&got);
	buf_release(&want);
}
END_TEST

START_TEST(migrating_twice_changes_nothing)
{
	struct error err = {0};

	store_close(database_open(path));
	ck_assert_int_eq(store_migrate(path, T0 + DAY, &err), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM upgrade"),
			 number_of("SELECT max(version) FROM upgrade"));
	ck_assert_int_eq(number_of("SELECT max(at) FROM upgrade"), T0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM reason"),
			 REASON_COUNT);
}
END_TEST

START_TEST(newer_database_is_refused)
{
	struct error err = {0};

	store_close(database_open(path));
	plain_exec("PRAGMA user_version = 1000");
	ck_assert_int_eq(store_migrate(path, T0, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_FATAL);
	ck_assert_ptr_nonnull(strstr(err.text, "newer"));
	ck_assert_ptr_null(store_open(path, STORE_READ, &policy, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "newer"));
}
END_TEST

START_TEST(older_database_is_not_opened_before_its_upgrade)
{
	struct error err = {0};

	store_close(database_open(path));
	plain_exec("PRAGMA user_version = 0");
	ck_assert_ptr_null(store_open(path, STORE_WRITE, &policy, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "upgrades"));
}
END_TEST

START_TEST(foreign_database_is_refused_and_left_alone)
{
	struct error err = {0};

	plain_exec("CREATE TABLE theirs (x)");
	ck_assert_int_eq(store_migrate(path, T0, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "not a database of dsnd"));
	ck_assert_int_eq(number_of("SELECT count(*) FROM sqlite_schema"), 1);
	ck_assert_ptr_null(store_open(path, STORE_READ, &policy, &err));
}
END_TEST

START_TEST(empty_file_made_by_a_package_becomes_a_database)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fclose(f);
	store_close(database_open(path));
	ck_assert_int_gt(number_of("PRAGMA user_version"), 0);
}
END_TEST

/* A database as the first step made it, with a suppression by a person. */
static void make_version_one(void)
{
	struct buf sql;

	buf_init(&sql);
	ck_assert_int_eq(
		fdio_read_file("sql/001-init.sql", 1 << 20, &sql, NULL), 0);
	plain_exec(sql.data);
	plain_exec("INSERT INTO address VALUES (1, 'a@b.example', "
		   "'a@b.example', 'b.example');"
		   "INSERT INTO decision VALUES (7, zeroblob(16), 5, 'op', "
		   "'suppress', 1, NULL, '', NULL, 0, 0, 'gone');"
		   "INSERT INTO suppression VALUES (1, 0, '', '', '', "
		   "'operator', '', 0, 5, NULL, NULL, 7);"
		   "PRAGMA user_version = 1;"
		   "PRAGMA application_id = 1685286500");
	buf_release(&sql);
}

START_TEST(first_version_is_brought_up_and_loses_nothing)
{
	struct store *s;

	make_version_one();
	s = database_open(path);
	store_close(s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed "
				   "WHERE note = 'gone'"),
			 1);
	ck_assert_int_eq(
		number_of("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}
END_TEST

START_TEST(what_an_unreleased_version_made_is_refused_and_left_alone)
{
	struct error err = {0};

	make_version_one();
	plain_exec("DROP INDEX guard_hour_held");
	ck_assert_int_eq(store_migrate(path, T0, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_FATAL);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot be upgraded"));
	ck_assert_ptr_nonnull(strstr(err.text, "(index guard_hour_held)"));
	ck_assert_int_eq(number_of("PRAGMA user_version"), 1);
}
END_TEST

START_TEST(missing_database_is_not_made_by_opening_it)
{
	struct error err = {0};

	ck_assert_ptr_null(store_open(path, STORE_WRITE, &policy, &err));
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(new_database_is_not_for_everybody_to_read)
{
	struct stat st;

	store_close(database_open(path));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0007, 0);
}
END_TEST

/* Ends without a word once the others have made the database, or has. */
static pid_t make_database_when_told(const int gate[2])
{
	struct error err = {0};
	pid_t pid = fork();
	char go;

	if (pid)
		return pid;
	close(gate[1]);
	if (read(gate[0], &go, 1) == 0 && store_migrate(path, T0, &err) == 0)
		_exit(0);
	fprintf(stderr, "%s\n", err.text);
	_exit(1);
}

START_TEST(daemons_started_at_once_make_one_database)
{
	enum { DAEMONS = 6, ROUNDS = 40 };
	char wal[160];

	snprintf(wal, sizeof(wal), "%s-wal", path);
	for (int round = 0; round < ROUNDS; round++) {
		int gate[2];
		int status;

		(void)unlink(path);
		(void)unlink(wal);
		ck_assert_int_eq(pipe(gate), 0);
		for (int i = 0; i < DAEMONS; i++)
			ck_assert_int_gt(make_database_when_told(gate), 0);
		close(gate[0]);
		close(gate[1]);
		for (int i = 0; i < DAEMONS; i++) {
			ck_assert_int_gt(wait(&status), 0);
			ck_assert_int_eq(status, 0);
		}
		ck_assert_int_eq(number_of("SELECT count(*) FROM reason"),
				 REASON_COUNT);
	}
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("migrate");

	tcase_add_test(c, migrations_from_empty_equal_the_golden_schema);
	tcase_add_test(c, every_table_is_strict);
	tcase_add_test(c, views_have_the_columns_that_others_rely_on);
	tcase_add_test(c, manual_page_names_every_column_of_every_view);
	tcase_add_test(c, migrating_twice_changes_nothing);
	tcase_add_test(c, newer_database_is_refused);
	tcase_add_test(c, older_database_is_not_opened_before_its_upgrade);
	tcase_add_test(c, foreign_database_is_refused_and_left_alone);
	tcase_add_test(c, empty_file_made_by_a_package_becomes_a_database);
	tcase_add_test(c, first_version_is_brought_up_and_loses_nothing);
	tcase_add_test(
		c, what_an_unreleased_version_made_is_refused_and_left_alone);
	tcase_add_test(c, missing_database_is_not_made_by_opening_it);
	tcase_add_test(c, new_database_is_not_for_everybody_to_read);
	tcase_add_test(c, daemons_started_at_once_make_one_database);
	return run_cases("store migrate", c);
}
