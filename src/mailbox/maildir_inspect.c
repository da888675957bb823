/* What the driver would find in a Maildir, without moving anything. */
#include "mailbox/mailbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "mailbox/maildir_folder.h"

static int count(int root_fd, const char *name, size_t *count_r,
		 struct error *err)
{
	int fd = openat(root_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	*count_r = 0;
	if (fd < 0)
		return error_errno(err, ERROR_SOURCE, "cannot open %s", name);
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return error_errno(err, ERROR_SOURCE, "cannot read %s", name);
	}
	while ((entry = readdir(dir)))
		*count_r += entry->d_name[0] != '.';
	closedir(dir);
	if (faccessat(root_fd, name, W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(err, ERROR_SOURCE, "cannot write to %s",
				   name);
	return 0;
}

static void say_disposition(int root_fd, const char *what,
			    const struct disposition *d, struct buf *out)
{
	struct buf path;

	switch (d->disposal) {
	case DISPOSAL_KEEP:
		buf_addf(out, "%s: kept\n", what);
		return;
	case DISPOSAL_DELETE:
		buf_addf(out, "%s: deleted\n", what);
		return;
	case DISPOSAL_MOVE:
		break;
	}
	buf_init(&path);
	if (!strchr(d->folder, '/') && d->folder[0] != '.')
		buf_add_char(&path, '.');
	buf_add_str(&path, d->folder);
	buf_addf(out, "%s: moved to folder %s, which %s\n", what, d->folder,
		 faccessat(root_fd, path.data, F_OK, 0) == 0
			 ? "is there"
			 : "would be created");
	buf_release(&path);
}

int maildir_inspect(const struct mailbox_settings *settings, struct buf *out,
		    struct error *err)
{
	int fd = open(settings->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t fresh = 0, seen = 0;
	int rc = -1;

	if (fd < 0)
		return error_errno(err, ERROR_SOURCE, "maildir %s: cannot open",
				   settings->path);
	if (count(fd, "new", &fresh, err) < 0 ||
	    count(fd, "cur", &seen, err) < 0) {
		error_wrap(err, "maildir %s", settings->path);
		goto out;
	}
	buf_addf(out, "messages in new: %zu, in cur: %zu\n", fresh, seen);
	say_disposition(fd, "processed", &settings->processed, out);
	say_disposition(fd, "unrecognised", &settings->unrecognised, out);
	rc = 0;
out:
	close(fd);
	return rc;
}
