/*
 * The folders that messages are moved to, and the move itself. A message is
 * never overwritten: two processes, a copied Maildir or a clock that stood
 * still can all bring two files of one name.
 */
#include "mailbox/maildir_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/folder.h"
#include "mailbox/maildir_name.h"
#include "util/buf.h"
#include "util/fdio.h"

#define MAX_COPIES 1000

static const char *const parts[] = {"cur", "new", "tmp"};

static int open_folder(int parent_fd, const char *name)
{
	return openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Maildir++ marks its subfolders by an empty file. */
static int mark_subfolder(int fd)
{
	int mark = openat(fd, "maildirfolder",
			  O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (mark < 0)
		return -1;
	folder_give(fd, mark);
	return close(mark);
}

/* Creates what is missing of the Maildir at path; its descriptor or -1. */
static int create(int root_fd, const char *path, bool subfolder, mode_t mode)
{
	int made = folder_make(root_fd, path, mode);
	int fd = made < 0 ? -1 : open_folder(root_fd, path);

	if (fd < 0)
		return -1;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (folder_make(fd, parts[i], mode) < 0)
			goto fail;
	}
	if (made == 1 && subfolder && mark_subfolder(fd) < 0)
		goto fail;
	/* Moved mail must not vanish with its folder in a power failure. */
	if (fsync(fd) < 0 || (made == 1 && fsync(root_fd) < 0))
		goto fail;
	return fd;
fail:
	close(fd);
	return -1;
}

static void path_of(struct buf *path, const char *name)
{
	if (!strchr(name, '/') && name[0] != '.')
		buf_add_char(path, '.');
	buf_add_str(path, name);
}

static int check(int fd, const struct stat *root, const char *name,
		 struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, ERROR_SOURCE, "folder %s", name);
	if (st.st_dev == root->st_dev && st.st_ino == root->st_ino)
		return error_set(err, ERROR_SOURCE,
				 "folder %s is the mailbox itself", name);
	if (st.st_dev != root->st_dev)
		return error_set(err, ERROR_SOURCE,
				 "folder %s is on another file system than "
				 "the mailbox; messages are moved by renaming",
				 name);
	if (faccessat(fd, "cur", R_OK | W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(err, ERROR_SOURCE,
				   "folder %s: cannot write to cur", name);
	return 0;
}

int maildir_folder_open(struct maildir_folder *f, int root_fd, const char *name,
			struct error *err)
{
	struct stat root;
	struct buf path;
	int fd = -1;
	int rc = -1;

	f->cur_fd = -1;
	f->touched = false;
	buf_init(&path);
	path_of(&path, name);
	if (fstat(root_fd, &root) < 0) {
		error_errno(err, ERROR_SOURCE, "cannot stat the mailbox");
		goto out;
	}
	fd = create(root_fd, path.data, path.data[0] == '.',
		    root.st_mode & 0777);
	if (fd < 0) {
		error_errno(err, ERROR_SOURCE, "cannot create folder %s", name);
		goto out;
	}
	if (check(fd, &root, name, err) < 0)
		goto out;
	f->cur_fd = open_folder(fd, "cur");
	if (f->cur_fd < 0)
		error_errno(err, ERROR_SOURCE, "folder %s: cannot open cur",
			    name);
	rc = f->cur_fd < 0 ? -1 : 0;
out:
	if (fd >= 0)
		close(fd);
	buf_release(&path);
	return rc;
}

void maildir_folder_close(struct maildir_folder *f)
{
	if (f->cur_fd >= 0)
		close(f->cur_fd);
	f->cur_fd = -1;
}

bool maildir_folder_is_there(const struct maildir_folder *f, int root_fd,
			     const char *name)
{
	struct buf path;
	bool there;

	if (f->cur_fd < 0)
		return true;
	buf_init(&path);
	path_of(&path, name);
	buf_add_str(&path, "/cur");
	there = folder_is_at(root_fd, path.data, f->cur_fd);
	buf_release(&path);
	return there;
}

int maildir_rename(int from_fd, const char *from, int to_fd)
{
	char to[MAILDIR_NAME_BYTES];

	int rc = -1;

	errno = EEXIST;
	for (unsigned copy = 0; rc < 0 && errno == EEXIST && copy < MAX_COPIES;
	     copy++) {
		maildir_name_seen(from, copy, to);
		rc = folder_move(from_fd, from, to_fd, to);
	}
	return rc;
}
