#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/mailbox.h"
#include "util/buf.h"

/* The driver of spools on real folders, links and FIFOs. */

static char root[64];
static struct mailbox_settings settings;
static struct mailbox *box;
static struct error err;

static const char *path_of(const char *relative)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", root, relative);
	return path;
}

static void file(const char *relative, const char *content)
{
	int fd = open(path_of(relative), O_WRONLY | O_CREAT | O_EXCL, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, strlen(content)),
			 (ssize_t)strlen(content));
	close(fd);
}

static bool exists(const char *relative)
{
	struct stat st;

	return lstat(path_of(relative), &st) == 0;
}

static void setup(void)
{
	snprintf(root, sizeof root, "/tmp/spool-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	mailbox_settings_init(&settings);
	settings.path = root;
	settings.format = "ses";
	box = NULL;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void teardown(void)
{
	if (box)
		mailbox_spool.close(box);
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void open_box(void)
{
	box = mailbox_spool.open(&settings, NULL, &err);
	ck_assert_msg(box != NULL, "%s", err.text);
}

static int take(struct mailbox_message *msg)
{
	struct buf bytes;
	int rc;

	buf_init(&bytes);
	rc = mailbox_spool.next(box, msg, &bytes, &err);
	buf_release(&bytes);
	return rc;
}

static void scan(void)
{
	ck_assert_int_eq(mailbox_spool.scan(box, &err), 0);
}

static void dispose(const struct mailbox_message *msg,
		    const struct disposition *how)
{
	ck_assert_msg(mailbox_spool.dispose(box, msg, how, &err) == 0, "%s",
		      err.text);
	ck_assert_int_eq(mailbox_spool.flush(box, &err), 0);
}

START_TEST(only_whole_json_files_are_due)
{
	struct mailbox_message msg;

	open_box();
	file(".a.json", "x");
	file("a.tmp", "x");
	file("a.json.seen", "x");
	ck_assert_int_eq(mkdir(path_of("b.json"), 0700), 0);
	ck_assert_int_eq(mkfifo(path_of("c.json"), 0600), 0);
	ck_assert_int_eq(symlink("a.tmp", path_of("d.json")), 0);
	file("e.json", "x");
	scan();
	ck_assert_int_eq(take(&msg), 1);
	ck_assert_str_eq(msg.id, "e.json");
	ck_assert_int_eq(take(&msg), 0);
}
END_TEST

START_TEST(nothing_is_overwritten)
{
	struct disposition keep = {DISPOSAL_KEEP, ""};
	struct mailbox_message msg;

	open_box();
	file(".Processed/a.json", "old");
	file("a.json.seen", "old");
	file("a.json", "new");
	scan();
	ck_assert_int_eq(take(&msg), 1);
	dispose(&msg, &settings.processed);
	ck_assert(exists(".Processed/a.1.json"));
	file("a.json", "newer");
	dispose(&msg, &keep);
	ck_assert(exists("a.1.json.seen"));
	ck_assert(!exists("a.json"));
}
END_TEST

START_TEST(what_is_gone_counts_as_done)
{
	struct disposition drop = {DISPOSAL_DELETE, ""};
	struct mailbox_message msg;

	open_box();
	file("a.json", "x");
	scan();
	ck_assert_int_eq(take(&msg), 1);
	dispose(&msg, &drop);
	ck_assert(!exists("a.json"));
	dispose(&msg, &drop);
	dispose(&msg, &settings.processed);
}
END_TEST

START_TEST(another_folder_is_made_when_it_is_asked_for)
{
	struct disposition other = {DISPOSAL_MOVE, ".Unreadable"};
	struct disposition third = {DISPOSAL_MOVE, ".Other"};
	struct mailbox_message msg;

	open_box();
	file("a.json", "x");
	file("b.json", "x");
	scan();
	ck_assert_int_eq(take(&msg), 1);
	dispose(&msg, &other);
	ck_assert_int_eq(take(&msg), 1);
	dispose(&msg, &third);
	ck_assert(exists(".Unreadable/a.json"));
	ck_assert(exists(".Other/b.json"));
}
END_TEST

START_TEST(large_files_are_read_in_front)
{
	struct mailbox_message msg;

	settings.max_message_bytes = 2;
	open_box();
	file("a.json", "xyz");
	scan();
	ck_assert_int_eq(take(&msg), 1);
	ck_assert(msg.truncated);
}
END_TEST

START_TEST(a_folder_that_is_the_spool_is_refused)
{
	settings.processed.folder = ".";
	ck_assert_ptr_null(mailbox_spool.open(&settings, NULL, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "is the spool itself"));
}
END_TEST

START_TEST(a_spool_that_was_removed_is_noticed)
{
	settings.processed.disposal = DISPOSAL_KEEP;
	settings.unrecognised.disposal = DISPOSAL_KEEP;
	open_box();
	ck_assert_int_eq(rmdir(root), 0);
	ck_assert_int_eq(mailbox_spool.scan(box, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_SOURCE);
}
END_TEST

START_TEST(a_spool_that_was_moved_is_noticed)
{
	char away[sizeof root + 8];

	open_box();
	snprintf(away, sizeof away, "%s.away", root);
	ck_assert_int_eq(rename(root, away), 0);
	ck_assert_int_eq(mkdir(root, 0700), 0);
	ck_assert_int_eq(mailbox_spool.scan(box, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "moved or removed"));
	ck_assert_int_eq(rmdir(root), 0);
	ck_assert_int_eq(rename(away, root), 0);
	ck_assert_int_eq(mailbox_spool.scan(box, &err), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mailbox_spool");
	SRunner *runner = srunner_create(suite);
	TCase *tc = tcase_create("spool");
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, only_whole_json_files_are_due);
	tcase_add_test(tc, nothing_is_overwritten);
	tcase_add_test(tc, what_is_gone_counts_as_done);
	tcase_add_test(tc, another_folder_is_made_when_it_is_asked_for);
	tcase_add_test(tc, large_files_are_read_in_front);
	tcase_add_test(tc, a_folder_that_is_the_spool_is_refused);
	tcase_add_test(tc, a_spool_that_was_removed_is_noticed);
	tcase_add_test(tc, a_spool_that_was_moved_is_noticed);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
