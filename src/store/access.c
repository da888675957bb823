/*
 * Whose the files of a database are. The usual accident is one run as root
 * before the service runs as somebody else; nothing of what SQLite says then
 * tells anybody what to do.
 */
#include "store/access.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/fdio.h"

#define BUFFER_BYTES 16384
#define NAME_BYTES 64

static const char *const files[] = {"", "-wal", "-shm"};
#define FILES (sizeof(files) / sizeof(*files))

/* The user's name, or their number where they have none. */
static const char *name_of(uid_t uid, char name[NAME_BYTES])
{
	char buffer[BUFFER_BYTES];
	struct passwd entry;
	struct passwd *found = NULL;

	(void)getpwuid_r(uid, &entry, buffer, sizeof(buffer), &found);
	if (found)
		snprintf(name, NAME_BYTES, "%s", found->pw_name);
	else
		snprintf(name, NAME_BYTES, "%lld", (long long)uid);
	return name;
}

static const char *group_of(gid_t gid, char name[NAME_BYTES])
{
	char buffer[BUFFER_BYTES];
	struct group entry;
	struct group *found = NULL;

	(void)getgrgid_r(gid, &entry, buffer, sizeof(buffer), &found);
	if (found)
		snprintf(name, NAME_BYTES, "%s", found->gr_name);
	else
		snprintf(name, NAME_BYTES, "%lld", (long long)gid);
	return name;
}

/* Root may ask this for somebody whom it does not know. */
static int refuse_missing(const char *path, const char *folder,
			  struct error *err)
{
	bool is_root = geteuid() == 0;
	char user[NAME_BYTES], group[NAME_BYTES];

	return error_set(
		err, ERROR_FATAL,
		"database %s: there is no folder %s; as root: "
		"install -d -m 750 -o %s -g %s %s",
		path, folder, is_root ? "USER" : name_of(geteuid(), user),
		is_root ? "GROUP" : group_of(getegid(), group), folder);
}

/*
 * Whoever owns a folder puts links and names into it as they like: root is told
 * of files, and of nothing that a link may lead to.
 */
static void add_remedy(struct buf *b, const char *what, const char *owner)
{
	struct stat st;

	if (lstat(what, &st) == 0 && S_ISLNK(st.st_mode))
		buf_add_str(b, "it is a link: mend what it leads to");
	else
		buf_addf(b, "as root: chown -h %s: %s", owner, what);
}

/* The other files that are theirs, for one command to mend; no links. */
static void add_others(struct buf *b, const char *path, const char *what,
		       uid_t theirs)
{
	struct stat st;
	struct buf name;

	buf_init(&name);
	for (size_t i = 0; i < FILES; i++) {
		buf_reset(&name);
		buf_addf(&name, "%s%s", path, files[i]);
		if (strcmp(name.data, what) != 0 &&
		    lstat(name.data, &st) == 0 && !S_ISLNK(st.st_mode) &&
		    st.st_uid == theirs)
			buf_addf(b, " %s", name.data);
	}
	buf_release(&name);
}

static int refuse_owner(const char *path, const char *what, uid_t theirs,
			struct error *err)
{
	char owner[NAME_BYTES], us[NAME_BYTES];
	struct buf remedy;
	struct stat st;

	buf_init(&remedy);
	name_of(theirs, owner);
	name_of(geteuid(), us);
	add_remedy(&remedy, what, us);
	if (lstat(what, &st) == 0 && S_ISREG(st.st_mode))
		add_others(&remedy, path, what, theirs);
	error_set(err, ERROR_FATAL,
		  "database %s: cannot write to %s: it belongs to %s, and this "
		  "is %s; %s",
		  path, what, owner, us, remedy.data);
	buf_release(&remedy);
	return -1;
}

/* Root where the folder cannot be looked at: then nothing is somebody's. */
static struct stat folder_stat(const char *path)
{
	char *folder = fdio_folder_of(path);
	struct stat st;

	if (stat(folder, &st) < 0)
		memset(&st, 0, sizeof(st));
	free(folder);
	return st;
}

/* error is an errno of access(2). */
static int refuse(const char *path, const char *what, bool folder, int error,
		  struct error *err)
{
	struct stat st;

	errno = error;
	if (error == ENOENT)
		return refuse_missing(path, what, err);
	if (error == EROFS)
		return error_set(err, ERROR_FATAL,
				 "database %s: %s is read-only; a unit of "
				 "systemd may write below what its "
				 "ReadWritePaths names",
				 path, what);
	if (error != EACCES || stat(what, &st) < 0)
		return error_errno(err, ERROR_FATAL,
				   "database %s: cannot write to %s", path,
				   what);
	if (st.st_uid != geteuid())
		return refuse_owner(path, what, st.st_uid, err);
	return error_set(err, ERROR_FATAL,
			 "database %s: cannot write to %s: its mode is %04o; "
			 "mend it: chmod u+rw%s %s",
			 path, what, (unsigned)(st.st_mode & 07777),
			 folder ? "x" : "", what);
}

/*
 * A link to nothing, as a disk that is not mounted leaves it: nothing is made
 * there, since it need not have been the operator who put it here.
 */
static int check_link(const char *path, struct error *err)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t n;

	if (stat(path, &st) == 0 || errno != ENOENT)
		return 0;
	n = readlink(path, target, sizeof(target));
	if (n < 0)
		return 0;
	return error_set(err, ERROR_FATAL,
			 "database %s: is a link to %.*s, which is not there; "
			 "bring it back, or take the link away and configure "
			 "database = the file itself",
			 path, (int)n, target);
}

int store_access_kind(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	if (S_ISDIR(st.st_mode))
		return error_set(
			err, ERROR_FATAL,
			"database %s: is a folder; name the file in it", path);
	/* To open a pipe is to wait for somebody at its other end. */
	return error_set(err, ERROR_FATAL, "database %s: is no file", path);
}

int store_access(const char *path, struct error *err)
{
	struct buf name;
	char *folder;
	bool missing = false;
	int rc = 0;

	if (store_access_kind(path, err) < 0 || check_link(path, err) < 0)
		return -1;
	buf_init(&name);
	for (size_t i = 0; rc == 0 && i < FILES; i++) {
		buf_reset(&name);
		buf_addf(&name, "%s%s", path, files[i]);
		if (faccessat(AT_FDCWD, name.data, R_OK | W_OK, AT_EACCESS) ==
		    0)
			continue;
		missing = missing || errno == ENOENT;
		if (errno != ENOENT)
			rc = refuse(path, name.data, false, errno, err);
	}
	folder = fdio_folder_of(path);
	if (rc == 0 && missing &&
	    faccessat(AT_FDCWD, folder, R_OK | W_OK | X_OK, AT_EACCESS) < 0)
		rc = refuse(path, folder, true, errno, err);
	free(folder);
	buf_release(&name);
	return rc;
}

int store_access_owner(const char *path, struct error *err)
{
	struct stat folder = folder_stat(path), file;
	struct buf name, remedy;
	char owner[NAME_BYTES];
	int rc = 0;

	buf_init(&name);
	buf_init(&remedy);
	for (size_t i = 0; rc == 0 && folder.st_uid != 0 && i < FILES; i++) {
		buf_reset(&name);
		buf_addf(&name, "%s%s", path, files[i]);
		if (stat(name.data, &file) < 0 || file.st_uid != 0)
			continue;
		name_of(folder.st_uid, owner);
		add_remedy(&remedy, name.data, owner);
		rc = error_set(err, ERROR_FATAL,
			       "database %s: %s belongs to root, but its "
			       "folder to %s, who could not open it; %s",
			       path, name.data, owner, remedy.data);
	}
	buf_release(&remedy);
	buf_release(&name);
	return rc;
}

void store_access_give(const char *path, int fd)
{
	struct stat folder = folder_stat(path);

	fdio_give(fd, &folder);
}
