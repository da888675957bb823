/*
 * The password of a mailbox: read each time it is needed, wiped after use. A
 * file of systemd's credentials will do as well as any other.
 */
#include "mailbox/imap_secret.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fdio.h"
#include "util/text.h"

#define MAX_SECRET_BYTES 4096

/* The open file is looked at, so that no other can take its place. */
static int check(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, ERROR_SOURCE, "%s: cannot stat", path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_SOURCE, "%s: is no file", path);
	if ((st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		return error_set(err, ERROR_SOURCE,
				 "%s: mode is %04o, so that others can use "
				 "the password; allowed is 0640 or less",
				 path, (unsigned)st.st_mode & 07777);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return error_set(err, ERROR_SOURCE,
				 "%s: belongs to another user; allowed is "
				 "root or the user that dsnd runs as",
				 path);
	return 0;
}

int imap_secret_read(const char *path, struct buf *out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct span rest, line = {NULL, 0};
	int rc = -1;

	if (fd < 0)
		return error_errno(err, ERROR_SOURCE, "%s: cannot open", path);
	/* Growing would leave a copy behind. */
	buf_reserve(out, MAX_SECRET_BYTES + 1);
	if (check(fd, path, err) < 0 ||
	    fdio_read_all(fd, MAX_SECRET_BYTES, out, err) < 0)
		goto out;
	rest = span_make(out->data, out->len);
	if (!span_next_line(&rest, &line) || line.n == 0 ||
	    memchr(line.p, '\0', line.n)) {
		error_set(err, ERROR_SOURCE,
			  "%s: its first line is no password", path);
		goto out;
	}
	buf_truncate(out, line.n);
	rc = 0;
out:
	close(fd);
	return rc;
}
