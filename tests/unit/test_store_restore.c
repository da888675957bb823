/* Who comes while a copy is put back. */
#include "store_fixture.h"

#include <glob.h>
#include <signal.h>
#include <sys/wait.h>

static pid_t guest;

/* Another process opens the database, and stays. */
static void come_in(void *ctx, int64_t done, int64_t total)
{
	int ends[2];
	char byte = 0;

	(void)ctx;
	(void)done;
	(void)total;
	if (guest)
		return;
	ck_assert_int_eq(pipe(ends), 0);
	guest = fork();
	ck_assert_int_ge(guest, 0);
	if (guest == 0) {
		struct store *s = database_open(path);

		if (store_metric_add(s, "x", "", 1, NULL) == 0 &&
		    write(ends[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
}

START_TEST(database_that_is_opened_meanwhile_is_left_alone)
{
	const struct store_watch watch = {.progress = come_in};
	struct error err = {0};
	struct store *s = database_open(path);
	char copy[160], aside[160];
	int rc;

	snprintf(copy, sizeof(copy), "%s.copy", path);
	snprintf(aside, sizeof(aside), "%s.aside", path);
	ck_assert_int_eq(store_backup(s, copy, NULL, &err), 0);
	store_close(s);
	rc = store_restore(path, copy, aside, &watch, &err);
	kill(guest, SIGKILL);
	waitpid(guest, NULL, 0);
	ck_assert_int_eq(rc, -1);
	ck_assert_int_eq(err.scope, ERROR_SOURCE);
	ck_assert_int_eq(access(aside, F_OK), -1);
	ck_assert_int_eq(
		number_of("SELECT count(*) FROM metric WHERE name = 'x'"), 1);
}
END_TEST

/* Facts whose message is gone. */
static void damage(void)
{
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db,
				      "PRAGMA foreign_keys = OFF;"
				      "DELETE FROM message",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(copy_of_what_is_damaged_is_not_left_behind)
{
	const struct sample x = {.id = 1,
				 .address = "ann@example.org",
				 .reason = REASON_USER_UNKNOWN,
				 .at_s = T0};
	struct store *s = database_open(path);
	struct error err = {0};
	char copy[160];
	glob_t found;

	commit_all(s, &x, 1, T0);
	damage();
	snprintf(copy, sizeof(copy), "%s.copy", path);
	ck_assert_int_eq(store_backup(s, copy, NULL, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "damaged"));
	snprintf(copy, sizeof(copy), "%s.copy*", path);
	ck_assert_int_eq(glob(copy, 0, NULL, &found), GLOB_NOMATCH);
	store_close(s);
}
END_TEST

/* What root puts back is read by whoever reads the mail. */
START_TEST(copy_belongs_to_whom_the_database_belonged)
{
	struct store *s = database_open(path);
	char copy[160], aside[160];
	struct error err = {0};
	struct stat st;

	snprintf(copy, sizeof(copy), "%s.copy", path);
	snprintf(aside, sizeof(aside), "%s.aside", path);
	ck_assert_int_eq(chmod(path, 0620), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(chown(path, 65534, 65534), 0);
	ck_assert_int_eq(store_backup(s, copy, NULL, &err), 0);
	ck_assert_int_eq(stat(copy, &st), 0);
	/* Whoever may write it need not write its copy. */
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	store_close(s);
	ck_assert_msg(store_restore(path, copy, aside, NULL, &err) == 0, "%s",
		      err.text);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0620);
	ck_assert_uint_eq(st.st_uid, geteuid() == 0 ? 65534 : geteuid());
	ck_assert_int_eq(access(aside, F_OK), 0);
}
END_TEST

START_TEST(copy_to_where_nothing_was_belongs_to_the_folder)
{
	struct store *s = database_open(path);
	char copy[160], aside[160];
	struct error err = {0};
	struct stat st;

	snprintf(copy, sizeof(copy), "%s.copy", path);
	snprintf(aside, sizeof(aside), "%s.aside", path);
	ck_assert_int_eq(store_backup(s, copy, NULL, &err), 0);
	store_close(s);
	ck_assert_int_eq(unlink(path), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(chown(folder, 65534, 65534), 0);
	ck_assert_msg(store_restore(path, copy, aside, NULL, &err) == 0, "%s",
		      err.text);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_uid, geteuid() == 0 ? 65534 : geteuid());
	ck_assert_int_eq(access(aside, F_OK), -1);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("restore");

	tcase_add_test(c, database_that_is_opened_meanwhile_is_left_alone);
	tcase_add_test(c, copy_of_what_is_damaged_is_not_left_behind);
	tcase_add_test(c, copy_belongs_to_whom_the_database_belonged);
	tcase_add_test(c, copy_to_where_nothing_was_belongs_to_the_folder);
	return run_cases("store restore", c);
}
