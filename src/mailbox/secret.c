/*
 * Passwords and tokens: read each time they are needed, wiped after use.
 */
#include "mailbox/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fdio.h"
#include "util/text.h"

void secret_init(struct buf *secret)
{
	buf_init(secret);
	buf_reserve(secret, 2 * SECRET_MAX_BYTES);
}

void secret_wipe(struct buf *secret)
{
	explicit_bzero(secret->data, secret->cap);
	buf_release(secret);
}

static int check_mode(const struct stat *st, const char *path,
		      struct error *err)
{
	if (!S_ISREG(st->st_mode))
		return error_set(err, ERROR_SOURCE, "%s: is no file", path);
	if ((st->st_mode & (S_IRWXO | S_IWGRP)) != 0)
		return error_set(err, ERROR_SOURCE,
				 "%s: mode is %04o, so that others can use "
				 "what is in it; allowed is 0640 or less",
				 path, (unsigned)st->st_mode & 07777);
	return 0;
}

static int check_owner(const struct stat *st, const char *path,
		       struct error *err)
{
	if (st->st_uid == 0 || st->st_uid == geteuid())
		return 0;
	return error_set(err, ERROR_SOURCE,
			 "%s: belongs to another user; allowed is root or the "
			 "user that dsnd runs as",
			 path);
}

int secret_look(const char *path, bool ours, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_errno(err, ERROR_SOURCE, "%s", path);
	errno = 0;
	if (check_mode(&st, path, err) < 0)
		return -1;
	return ours ? check_owner(&st, path, err) : 0;
}

/* The open file is looked at, so that no other can take its place. */
static int check(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, ERROR_SOURCE, "%s: cannot stat", path);
	if (check_mode(&st, path, err) < 0)
		return -1;
	return check_owner(&st, path, err);
}

static int read_open(int fd, const char *path, struct buf *out,
		     struct error *err)
{
	struct span rest, line = {NULL, 0};

	if (check(fd, path, err) < 0 ||
	    fdio_read_all(fd, SECRET_MAX_BYTES, out, err) < 0)
		return -1;
	rest = span_make(out->data, out->len);
	if (!span_next_line(&rest, &line) || line.n == 0 ||
	    memchr(line.p, '\0', line.n))
		return error_set(err, ERROR_SOURCE,
				 "%s: its first line is no password and no "
				 "token",
				 path);
	buf_truncate(out, line.n);
	return 0;
}

/* Of systemd's LoadCredential= and SetCredentialEncrypted=. */
static int credential_path(const char *name, struct buf *out, struct error *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (!folder)
		return error_set(err, ERROR_SOURCE,
				 "%s: is the name of a credential, and nobody "
				 "passes any: there is no "
				 "CREDENTIALS_DIRECTORY in the environment",
				 name);
	buf_addf(out, "%s/%s", folder, name);
	return 0;
}

int secret_read_file(const char *path, struct buf *out, struct error *err)
{
	struct buf full;
	int fd, rc = -1;

	buf_init(&full);
	if (path[0] == '/')
		buf_add_str(&full, path);
	else if (credential_path(path, &full, err) < 0)
		goto out;
	fd = open(full.data, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		error_errno(err, ERROR_SOURCE, "%s: cannot open", full.data);
		goto out;
	}
	rc = read_open(fd, full.data, out, err);
	close(fd);
out:
	buf_release(&full);
	return rc;
}

bool secret_is_token(const struct mailbox_settings *s)
{
	return s->token_file[0] != '\0' || s->token_command[0] != NULL;
}

int secret_read(const struct mailbox_settings *s, bool refused,
		int64_t until_ms, struct buf *out, struct error *err)
{
	bool token = secret_is_token(s);
	const char *file = token ? s->token_file : s->password_file;

	if (file[0] != '\0')
		return secret_read_file(file, out, err);
	return secret_read_command(token ? s->token_command
					 : s->password_command,
				   refused, until_ms, out, err);
}
