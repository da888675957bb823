#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "run.h"
#include "util/fdio.h"

static char folder[64];

static void make_folder(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/dsnd-fdio.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void drop_folder(void)
{
	unlink("file");
	unlink("pipe");
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(a_file_is_replaced_whole_and_read_back)
{
	struct error err;
	struct buf b;
	struct stat st;

	make_folder();
	buf_init(&b);
	ck_assert_int_eq(fdio_replace_file("file", 0640, "old", 3, &err), 0);
	ck_assert_int_eq(fdio_replace_file("file", 0600, "n\0w", 3, &err), 0);
	buf_add_str(&b, "+");
	ck_assert_int_eq(fdio_read_file("file", 3, &b, &err), 0);
	ck_assert_uint_eq(b.len, 4);
	ck_assert_mem_eq(b.data, "+n\0w", 5);
	ck_assert_int_eq(stat("file", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	buf_release(&b);
	drop_folder();
}
END_TEST

START_TEST(a_file_that_is_too_large_is_an_error)
{
	struct error err;
	struct buf b;

	make_folder();
	buf_init(&b);
	ck_assert_int_eq(fdio_replace_file("file", 0600, "1234", 4, &err), 0);
	ck_assert_int_eq(fdio_read_file("file", 3, &b, &err), -1);
	ck_assert_str_eq(err.text, "file: larger than 3 bytes");
	ck_assert_uint_eq(b.len, 0);
	ck_assert_int_eq(fdio_read_file("none", 3, &b, &err), -1);
	ck_assert_str_eq(err.text,
			 "none: cannot open: No such file or directory");
	buf_release(&b);
	drop_folder();
}
END_TEST

START_TEST(what_is_no_regular_file_is_refused_without_waiting)
{
	struct error err;
	struct buf b;

	make_folder();
	buf_init(&b);
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	ck_assert_int_eq(fdio_read_file("pipe", 3, &b, &err), -1);
	ck_assert_str_eq(err.text, "pipe: not a regular file");
	ck_assert_int_eq(fdio_read_file(".", 3, &b, &err), -1);
	buf_release(&b);
	drop_folder();
}
END_TEST

START_TEST(a_replacement_that_fails_leaves_nothing_behind)
{
	struct error err;

	make_folder();
	ck_assert_int_eq(mkdir("file", 0700), 0);
	ck_assert_int_eq(fdio_replace_file("file", 0600, "x", 1, &err), -1);
	ck_assert_int_eq(rmdir("file"), 0);
	ck_assert_int_eq(fdio_replace_file("none/file", 0600, "x", 1, &err),
			 -1);
	/* drop_folder finds the folder empty. */
	drop_folder();
}
END_TEST

START_TEST(reading_a_descriptor_says_when_there_was_more)
{
	struct error err;
	struct buf b;
	int fds[2];

	buf_init(&b);
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(fdio_write_all(fds[1], "12345", 5, &err), 0);
	close(fds[1]);
	ck_assert_int_eq(fdio_read_all(fds[0], 4, &b, &err), 1);
	ck_assert_str_eq(b.data, "1234");
	ck_assert_int_eq(fdio_read_all(fds[0], 4, &b, &err), 0);
	close(fds[0]);
	ck_assert_int_eq(fdio_read_all(fds[0], 4, &b, &err), -1);
	buf_release(&b);
}
END_TEST

START_TEST(writing_to_nobody_is_an_error)
{
	struct error err;
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(fds), 0);
	close(fds[0]);
	ck_assert_int_eq(fdio_write_all(fds[1], "x", 1, &err), -1);
	ck_assert_str_eq(err.text, "cannot write: Broken pipe");
	close(fds[1]);
	signal(SIGPIPE, SIG_DFL);
}
END_TEST

START_TEST(a_descriptor_can_be_made_to_not_wait)
{
	struct error err;
	int fds[2];
	char c;

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(fdio_set_nonblocking(fds[0], &err), 0);
	ck_assert_int_eq(read(fds[0], &c, 1), -1);
	ck_assert_int_eq(errno, EAGAIN);
	close(fds[0]);
	close(fds[1]);
	ck_assert_int_eq(fdio_set_nonblocking(fds[0], &err), -1);
	ck_assert_int_eq(fdio_sync(fds[0], "it", &err), -1);
	ck_assert_str_eq(err.text, "it: cannot fsync: Bad file descriptor");
	ck_assert_int_gt(fdio_monotonic_ms(), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_file_is_replaced_whole_and_read_back,
		a_file_that_is_too_large_is_an_error,
		what_is_no_regular_file_is_refused_without_waiting,
		a_replacement_that_fails_leaves_nothing_behind,
		reading_a_descriptor_says_when_there_was_more,
		writing_to_nobody_is_an_error,
		a_descriptor_can_be_made_to_not_wait,
	};

	return RUN_TESTS("util/fdio", tests);
}
