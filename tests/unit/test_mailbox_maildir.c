#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/mailbox.h"
#include "util/buf.h"

/* The Maildir driver on real folders, links, FIFOs and rivals. */

#define NOBODY 65534

static char root[64];
static struct mailbox_settings settings;
static struct mailbox *box;
static struct error err;
static const struct mailbox_driver *driver;

static struct disposition move_to(const char *folder)
{
	return (struct disposition){DISPOSAL_MOVE, folder};
}

static void path_of(char out[512], const char *relative)
{
	snprintf(out, 512, "%s/%s", root, relative);
}

static void folder(const char *relative)
{
	char path[512];

	path_of(path, relative);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void file(const char *relative, const char *content)
{
	char path[512];
	int fd;

	path_of(path, relative);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, strlen(content)),
			 (ssize_t)strlen(content));
	close(fd);
}

static bool exists(const char *relative)
{
	char path[512];
	struct stat st;

	path_of(path, relative);
	return lstat(path, &st) == 0;
}

static unsigned entries(const char *relative)
{
	char path[512];
	struct dirent *entry;
	unsigned n = 0;
	DIR *dir;

	path_of(path, relative);
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void setup(void)
{
	snprintf(root, sizeof root, "/tmp/maildir-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	folder("new");
	folder("cur");
	folder("tmp");
	mailbox_settings_init(&settings);
	settings.path = root;
	driver = mailbox_driver_find("maildir");
	ck_assert_ptr_nonnull(driver);
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
		driver->close(box);
	if (geteuid() != getuid())
		ck_assert_int_eq(seteuid(getuid()), 0);
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void open_box(void)
{
	box = driver->open(&settings, NULL, &err);
	ck_assert_msg(box != NULL, "%s", err.text);
}

static void scan(void)
{
	ck_assert_int_eq(driver->scan(box, &err), 0);
}

/* What next gives, its bytes in content where that is not NULL. */
static int take(struct mailbox_message *msg, char *content, size_t size)
{
	struct buf bytes;
	int rc;

	buf_init(&bytes);
	rc = driver->next(box, msg, &bytes, &err);
	if (content)
		snprintf(content, size, "%s", bytes.data);
	buf_release(&bytes);
	return rc;
}

static void expect(const char *id, const char *content)
{
	struct mailbox_message msg;
	char got[256];

	ck_assert_int_eq(take(&msg, got, sizeof got), 1);
	ck_assert_str_eq(msg.id, id);
	ck_assert_str_eq(got, content);
}

static void expect_end(void)
{
	struct mailbox_message msg;

	ck_assert_int_eq(take(&msg, NULL, 0), 0);
}

static void dispose(const struct mailbox_message *msg, struct disposition how)
{
	ck_assert_msg(driver->dispose(box, msg, &how, &err) == 0, "%s",
		      err.text);
}

/* Hands out the only message and disposes of it. */
static void take_and_dispose(struct disposition how)
{
	struct mailbox_message msg;

	scan();
	ck_assert_int_eq(take(&msg, NULL, 0), 1);
	dispose(&msg, how);
	expect_end();
	ck_assert_int_eq(driver->flush(box, &err), 0);
}

/* ---- What is handed out ---- */

START_TEST(messages_of_new_and_cur_are_handed_out_in_order_of_name)
{
	file("new/2.b", "second");
	file("new/1.a", "first");
	file("cur/0.c:2,RS", "seen by someone");
	open_box();
	scan();
	expect("1.a", "first");
	expect("2.b", "second");
	expect("0.c", "seen by someone");
	expect_end();
	expect_end();
}
END_TEST

START_TEST(arrival_and_size_are_those_of_the_file)
{
	struct timespec times[2] = {{1700000000, 0}, {1700000001, 5}};
	struct mailbox_message msg;
	char path[512];

	file("new/1.a", "12345");
	path_of(path, "new/1.a");
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
	open_box();
	scan();
	ck_assert_int_eq(take(&msg, NULL, 0), 1);
	ck_assert_int_eq(msg.at_s, 1700000001);
	ck_assert_uint_eq(msg.size_bytes, 5);
	ck_assert(!msg.truncated);
}
END_TEST

START_TEST(a_large_message_is_cut_at_the_cap)
{
	struct mailbox_message msg;
	char got[64];

	settings.max_message_bytes = 4;
	file("new/1.exact", "1234");
	file("new/2.more", "12345");
	open_box();
	scan();
	ck_assert_int_eq(take(&msg, got, sizeof got), 1);
	ck_assert_str_eq(got, "1234");
	ck_assert(!msg.truncated);
	ck_assert_int_eq(take(&msg, got, sizeof got), 1);
	ck_assert_str_eq(got, "1234");
	ck_assert(msg.truncated);
	ck_assert_uint_eq(msg.size_bytes, 5);
}
END_TEST

START_TEST(what_is_no_message_is_passed_over)
{
	char path[512], target[512];

	file("new/.hidden", "x");
	file("tmp/9.unfinished", "x");
	file("elsewhere", "secret");
	folder("new/subfolder");
	path_of(path, "new/1.link");
	path_of(target, "elsewhere");
	ck_assert_int_eq(symlink(target, path), 0);
	path_of(path, "new/2.dangling");
	ck_assert_int_eq(symlink("/nonexistent", path), 0);
	path_of(path, "new/3.fifo");
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	file("new/4.mail", "mail");
	open_box();
	scan();
	expect("4.mail", "mail");
	expect_end();
}
END_TEST

START_TEST(an_empty_file_is_a_message)
{
	file("new/1.empty", "");
	open_box();
	scan();
	expect("1.empty", "");
	expect_end();
}
END_TEST

START_TEST(a_file_that_may_not_be_read_is_named_and_the_rest_goes_on)
{
	struct mailbox_message msg;
	char path[512];

	file("new/1.forbidden", "x");
	file("new/2.mail", "mail");
	path_of(path, "new/1.forbidden");
	ck_assert_int_eq(chmod(path, 0), 0);
	if (geteuid() == 0) {
		const char *const folders[] = {"", "new", "cur", "new/2.mail"};

		for (size_t i = 0; i < 4; i++) {
			path_of(path, folders[i]);
			ck_assert_int_eq(chown(path, NOBODY, NOBODY), 0);
		}
		ck_assert_int_eq(seteuid(NOBODY), 0);
	}
	open_box();
	scan();
	ck_assert_int_eq(take(&msg, NULL, 0), -1);
	ck_assert_int_eq(err.scope, ERROR_MESSAGE);
	ck_assert_str_eq(msg.id, "1.forbidden");
	ck_assert_ptr_nonnull(strstr(err.text, "1.forbidden"));
	expect("2.mail", "mail");
	expect_end();
}
END_TEST

START_TEST(a_file_that_vanishes_during_the_scan_is_passed_over)
{
	char path[512];

	file("new/1.a", "a");
	file("new/2.b", "b");
	open_box();
	scan();
	expect("1.a", "a");
	path_of(path, "new/2.b");
	ck_assert_int_eq(unlink(path), 0);
	expect_end();
}
END_TEST

START_TEST(a_file_moved_to_cur_during_the_scan_is_not_handed_out_twice)
{
	char from[512], to[512];

	file("new/1.a", "a");
	open_box();
	scan();
	/* Stamps have the kernel's tick: let one pass. */
	poll(NULL, 0, 20);
	expect("1.a", "a");
	path_of(from, "new/1.a");
	path_of(to, "cur/1.a:2,");
	ck_assert_int_eq(rename(from, to), 0);
	expect_end();
	scan();
	expect("1.a", "a");
	expect_end();
}
END_TEST

START_TEST(the_next_scan_has_what_arrived_since)
{
	open_box();
	scan();
	expect_end();
	file("new/1.late", "late");
	scan();
	expect("1.late", "late");
	expect_end();
}
END_TEST

START_TEST(new_mail_wakes_a_waiting_reader)
{
	struct pollfd pfd;
	char from[512], to[512];

	file("tmp/1.a", "a");
	open_box();
	pfd = (struct pollfd){.fd = driver->wait_fd(box), .events = POLLIN};
	ck_assert_int_ge(pfd.fd, 0);
	ck_assert_int_eq(poll(&pfd, 1, 0), 0);
	path_of(from, "tmp/1.a");
	path_of(to, "new/1.a");
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(poll(&pfd, 1, 5000), 1);
	driver->wait_clear(box);
	ck_assert_int_eq(poll(&pfd, 1, 0), 0);
	file("new/2.b", "b");
	ck_assert_int_eq(poll(&pfd, 1, 5000), 1);
}
END_TEST

/* ---- Disposing ---- */

START_TEST(moved_messages_are_in_the_folder_and_marked_as_seen)
{
	file("new/1.a", "a");
	open_box();
	ck_assert(exists(".Processed/new") && exists(".Processed/tmp") &&
		  exists(".Processed/maildirfolder"));
	ck_assert(exists(".Unrecognised/cur"));
	take_and_dispose(settings.processed);
	ck_assert(exists(".Processed/cur/1.a:2,S"));
	ck_assert(!exists("new/1.a"));
	file("cur/2.b:2,FT", "b");
	take_and_dispose(settings.unrecognised);
	ck_assert(exists(".Unrecognised/cur/2.b:2,FST"));
}
END_TEST

START_TEST(folders_may_be_named_without_a_dot_or_by_a_path)
{
	settings.processed = move_to("Done");
	settings.unrecognised = move_to("tmp/elsewhere");
	file("new/1.a", "a");
	open_box();
	take_and_dispose(settings.processed);
	ck_assert(exists(".Done/cur/1.a:2,S"));
	file("new/1.a", "a");
	take_and_dispose(settings.unrecognised);
	ck_assert(exists("tmp/elsewhere/cur/1.a:2,S"));
	ck_assert(!exists("tmp/elsewhere/maildirfolder"));
}
END_TEST

START_TEST(a_folder_that_no_setting_names_is_made_when_it_is_needed)
{
	settings.processed.disposal = DISPOSAL_DELETE;
	settings.unrecognised.disposal = DISPOSAL_DELETE;
	file("new/1.a", "a");
	open_box();
	ck_assert(!exists(".Unreadable"));
	take_and_dispose(move_to(".Unreadable"));
	ck_assert(exists(".Unreadable/cur/1.a:2,S"));
}
END_TEST

START_TEST(a_folder_that_was_removed_is_an_error_and_loses_nothing)
{
	struct mailbox_message msg;
	struct buf bytes;
	char path[512];

	file("new/1.a", "a");
	open_box();
	buf_init(&bytes);
	ck_assert_int_eq(driver->scan(box, &err), 0);
	ck_assert_int_eq(driver->next(box, &msg, &bytes, &err), 1);
	buf_release(&bytes);
	path_of(path, ".Processed/cur");
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(driver->dispose(box, &msg, &settings.processed, &err),
			 -1);
	ck_assert_int_eq(err.scope, ERROR_SOURCE);
	ck_assert(exists("new/1.a"));
}
END_TEST

/* Renames what is there, scans, and puts it back. */
static void expect_missed(const char *what, const char *why)
{
	char path[512], away[512];

	path_of(path, what);
	path_of(away, "away");
	scan();
	expect_end();
	ck_assert_int_eq(rename(path, away), 0);
	ck_assert_int_eq(driver->scan(box, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_SOURCE);
	ck_assert_ptr_nonnull(strstr(err.text, why));
	/* Another one in its place, as who makes mailboxes would. */
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(driver->scan(box, &err), -1);
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(rename(away, path), 0);
	scan();
	expect_end();
}

START_TEST(a_folder_that_was_moved_away_is_noticed)
{
	char away[sizeof root + 8];

	open_box();
	expect_missed("new", "new was moved");
	expect_missed("cur", "cur was moved");
	expect_missed(".Processed", "folder .Processed was moved");
	expect_missed(".Unrecognised/cur", "folder .Unrecognised was moved");
	snprintf(away, sizeof away, "%s.away", root);
	ck_assert_int_eq(rename(root, away), 0);
	ck_assert_int_eq(mkdir(root, 0700), 0);
	ck_assert_int_eq(driver->scan(box, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "it was moved"));
	ck_assert_int_eq(rmdir(root), 0);
	ck_assert_int_eq(rename(away, root), 0);
	scan();
}
END_TEST

START_TEST(nothing_is_ever_overwritten)
{
	char got[64] = "";
	char path[512];
	FILE *f;

	open_box();
	file(".Processed/cur/1.a:2,S", "older");
	file(".Processed/cur/1.a.copy1:2,S", "old");
	file("new/1.a", "young");
	take_and_dispose(settings.processed);
	path_of(path, ".Processed/cur/1.a.copy2:2,S");
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(got, sizeof got, f));
	fclose(f);
	ck_assert_str_eq(got, "young");
	ck_assert_uint_eq(entries(".Processed/cur"), 3);
}
END_TEST

START_TEST(a_second_name_that_a_crash_left_is_taken_away)
{
	char from[512], to[512];

	file("new/1.a", "a");
	open_box();
	path_of(from, "new/1.a");
	path_of(to, ".Processed/cur/1.a:2,S");
	ck_assert_int_eq(link(from, to), 0);
	take_and_dispose(settings.processed);
	ck_assert_uint_eq(entries(".Processed/cur"), 1);
	ck_assert_uint_eq(entries("new"), 0);
}
END_TEST

START_TEST(the_longest_name_can_be_moved)
{
	char name[4 + 255 + 1] = "new/";

	memset(name + 4, 'x', 255);
	name[sizeof name - 1] = '\0';
	file(name, "a");
	open_box();
	take_and_dispose(settings.processed);
	ck_assert(!exists(name));
	ck_assert_uint_eq(entries(".Processed/cur"), 1);
}
END_TEST

START_TEST(deleted_messages_are_gone)
{
	settings.processed.disposal = DISPOSAL_DELETE;
	file("new/1.a", "a");
	open_box();
	take_and_dispose(settings.processed);
	ck_assert_uint_eq(entries("new"), 0);
	ck_assert_uint_eq(entries("cur"), 0);
}
END_TEST

START_TEST(kept_messages_are_seen_and_not_handed_out_again)
{
	settings.processed.disposal = DISPOSAL_KEEP;
	file("new/1.a", "a");
	open_box();
	take_and_dispose(settings.processed);
	ck_assert(exists("cur/1.a:2,S"));
	file("cur/2.b:2,R", "b");
	take_and_dispose(settings.processed);
	ck_assert(exists("cur/2.b:2,RS"));
	scan();
	expect_end();
}
END_TEST

START_TEST(moves_of_a_scan_are_made_durable_together)
{
	struct mailbox_message msg;

	file("new/1.a", "a");
	file("new/2.b", "b");
	open_box();
	scan();
	ck_assert_int_eq(take(&msg, NULL, 0), 1);
	dispose(&msg, settings.processed);
	ck_assert_int_eq(driver->flush(box, &err), 1);
	ck_assert_int_eq(take(&msg, NULL, 0), 1);
	dispose(&msg, settings.processed);
	expect_end();
	ck_assert_int_eq(driver->flush(box, &err), 0);
	ck_assert_uint_eq(entries(".Processed/cur"), 2);
}
END_TEST

START_TEST(what_someone_else_took_counts_as_done)
{
	struct mailbox *rival;
	struct mailbox_message msg, theirs;
	struct buf bytes;

	file("new/1.a", "a");
	open_box();
	rival = driver->open(&settings, NULL, &err);
	ck_assert_ptr_nonnull(rival);
	scan();
	ck_assert_int_eq(driver->scan(rival, &err), 0);
	ck_assert_int_eq(take(&msg, NULL, 0), 1);
	buf_init(&bytes);
	ck_assert_int_eq(driver->next(rival, &theirs, &bytes, &err), 1);
	dispose(&msg, settings.processed);
	ck_assert_int_eq(
		driver->dispose(rival, &theirs, &settings.processed, &err), 0);
	ck_assert_int_eq(driver->next(rival, &theirs, &bytes, &err), 0);
	buf_release(&bytes);
	ck_assert_int_eq(driver->flush(rival, &err), 0);
	driver->close(rival);
	ck_assert_uint_eq(entries(".Processed/cur"), 1);
}
END_TEST

/* ---- What is refused ---- */

static void refused(const char *why)
{
	box = driver->open(&settings, NULL, &err);
	ck_assert_ptr_null(box);
	ck_assert_int_eq(err.scope, ERROR_SOURCE);
	ck_assert_ptr_nonnull(strstr(err.text, root));
	ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
}

START_TEST(a_folder_that_is_no_maildir_is_refused)
{
	char path[512];

	path_of(path, "new");
	ck_assert_int_eq(rmdir(path), 0);
	refused("cannot open new: No such file");
}
END_TEST

START_TEST(moving_into_the_mailbox_itself_is_refused)
{
	settings.processed = move_to(root);
	refused("is the mailbox itself");
}
END_TEST

START_TEST(moving_to_another_file_system_is_refused)
{
	struct stat here, there;
	char other[64];

	snprintf(other, sizeof other, "/dev/shm/maildir-test.%ld",
		 (long)getpid());
	if (stat(root, &here) < 0 || stat("/dev/shm", &there) < 0 ||
	    here.st_dev == there.st_dev)
		return;
	settings.processed = move_to(other);
	refused("another file system");
	nftw(other, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_is_refused)
{
	char path[512];

	folder(".Processed");
	folder(".Processed/cur");
	folder(".Processed/new");
	folder(".Processed/tmp");
	folder(".Unrecognised");
	if (geteuid() == 0) {
		static const char *const theirs[] = {
			"", "new", "cur", ".Processed", ".Unrecognised"};

		for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
			path_of(path, theirs[i]);
			ck_assert_int_eq(chown(path, NOBODY, NOBODY), 0);
		}
		path_of(path, ".Processed/cur");
		ck_assert_int_eq(chmod(path, 0755), 0);
		ck_assert_int_eq(seteuid(NOBODY), 0);
	} else {
		path_of(path, ".Processed/cur");
		ck_assert_int_eq(chmod(path, 0555), 0);
	}
	refused("cannot write to cur: Permission denied");
	path_of(path, ".Processed/cur");
	(void)chmod(path, 0755);
}
END_TEST

/* ---- Many ---- */

#define MANY 5000

START_TEST(many_messages_are_each_handed_out_once_in_little_memory)
{
	static bool seen[MANY];
	struct mailbox_message msg;
	size_t before, after;
	char name[64];

	for (unsigned i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "new/%06u.mail", i);
		file(name, "x");
	}
	open_box();
	before = mallinfo2().uordblks;
	scan();
	for (unsigned i = 0; i < MANY; i++) {
		unsigned long which;

		ck_assert_int_eq(take(&msg, NULL, 0), 1);
		which = 0;
		for (unsigned d = 0; d < 6; d++)
			which = which * 10 + (unsigned long)(msg.id[d] - '0');
		ck_assert_uint_lt(which, MANY);
		ck_assert(!seen[which]);
		seen[which] = true;
		/* Files leave while the folder is being read. */
		dispose(&msg, settings.processed);
		if (i == MANY / 2) {
			after = mallinfo2().uordblks;
			ck_assert_uint_lt(after - before, 256 * 1024);
		}
	}
	expect_end();
	ck_assert_uint_eq(entries(".Processed/cur"), MANY);
	ck_assert_uint_eq(entries("new"), 0);
}
END_TEST

static TCase *reading(void)
{
	TCase *tc = tcase_create("reading");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
		       messages_of_new_and_cur_are_handed_out_in_order_of_name);
	tcase_add_test(tc, arrival_and_size_are_those_of_the_file);
	tcase_add_test(tc, a_large_message_is_cut_at_the_cap);
	tcase_add_test(tc, what_is_no_message_is_passed_over);
	tcase_add_test(tc, an_empty_file_is_a_message);
	tcase_add_test(
		tc, a_file_that_may_not_be_read_is_named_and_the_rest_goes_on);
	tcase_add_test(tc, a_file_that_vanishes_during_the_scan_is_passed_over);
	tcase_add_test(
		tc,
		a_file_moved_to_cur_during_the_scan_is_not_handed_out_twice);
	tcase_add_test(tc, the_next_scan_has_what_arrived_since);
	tcase_add_test(tc, new_mail_wakes_a_waiting_reader);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc,
		       many_messages_are_each_handed_out_once_in_little_memory);
	return tc;
}

static TCase *disposing(void)
{
	TCase *tc = tcase_create("disposing");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, moved_messages_are_in_the_folder_and_marked_as_seen);
	tcase_add_test(tc, folders_may_be_named_without_a_dot_or_by_a_path);
	tcase_add_test(
		tc, a_folder_that_no_setting_names_is_made_when_it_is_needed);
	tcase_add_test(tc,
		       a_folder_that_was_removed_is_an_error_and_loses_nothing);
	tcase_add_test(tc, a_folder_that_was_moved_away_is_noticed);
	tcase_add_test(tc, nothing_is_ever_overwritten);
	tcase_add_test(tc, a_second_name_that_a_crash_left_is_taken_away);
	tcase_add_test(tc, the_longest_name_can_be_moved);
	tcase_add_test(tc, deleted_messages_are_gone);
	tcase_add_test(tc, kept_messages_are_seen_and_not_handed_out_again);
	tcase_add_test(tc, moves_of_a_scan_are_made_durable_together);
	tcase_add_test(tc, what_someone_else_took_counts_as_done);
	return tc;
}

static TCase *refusing(void)
{
	TCase *tc = tcase_create("refusing");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_folder_that_is_no_maildir_is_refused);
	tcase_add_test(tc, moving_into_the_mailbox_itself_is_refused);
	tcase_add_test(tc, moving_to_another_file_system_is_refused);
	tcase_add_test(tc, a_folder_that_cannot_be_written_is_refused);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("mailbox_maildir");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, reading());
	suite_add_tcase(suite, disposing());
	suite_add_tcase(suite, refusing());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
