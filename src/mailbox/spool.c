/*
 * A folder of JSON files that a receiver of webhooks writes: each whole, under
 * another name first. What is due is named *.json; disposed of, a file is in a
 * folder below, gone, or named *.json.seen.
 */
#include "mailbox/mailbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/folder.h"
#include "util/fdio.h"
#include "util/text.h"
#include "util/xalloc.h"

#define MAX_COPIES 1000
#define NAME_BYTES 256

/* Where a disposition takes files. */
struct target {
	const char *name; /* NULL: not open */
	int fd;
	bool touched;
};

struct mailbox {
	const struct mailbox_settings *settings;
	int fd;
	bool touched;
	/* Of processed, of unrecognised, of whatever else is asked for. */
	struct target targets[3];
	int inotify_fd;
	struct folder_names names;
};

static bool is_due(const void *ctx, const char *name)
{
	(void)ctx;
	return name[0] != '.' && span_ends_ci(span_of(name), SPAN(".json"));
}

static int wrap(const struct mailbox *m, struct error *err)
{
	return error_wrap(err, "spool %s", m->settings->path);
}

/* ---- Opening ---- */

static void target_close(struct target *t)
{
	if (t->name)
		close(t->fd);
	*t = (struct target){NULL, -1, false};
}

static void spool_close(struct mailbox *m)
{
	folder_names_close(&m->names);
	for (size_t i = 0; i < sizeof m->targets / sizeof *m->targets; i++)
		target_close(&m->targets[i]);
	if (m->inotify_fd >= 0)
		close(m->inotify_fd);
	if (m->fd >= 0)
		close(m->fd);
	free(m);
}

static int check_target(const struct mailbox *m, int fd, const char *name,
			struct error *err)
{
	struct stat own, st;

	if (fstat(m->fd, &own) < 0 || fstat(fd, &st) < 0)
		return error_errno(err, ERROR_SOURCE, "folder %s", name);
	if (st.st_dev != own.st_dev)
		return error_set(err, ERROR_SOURCE,
				 "folder %s is on another file system than "
				 "the spool; files are moved by renaming",
				 name);
	if (st.st_ino == own.st_ino)
		return error_set(err, ERROR_SOURCE,
				 "folder %s is the spool itself", name);
	if (faccessat(fd, ".", R_OK | W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(err, ERROR_SOURCE,
				   "cannot write to folder %s", name);
	return 0;
}

static int target_open(const struct mailbox *m, struct target *t,
		       const char *name, struct error *err)
{
	struct stat st;
	int made, fd;

	if (fstat(m->fd, &st) < 0)
		return error_errno(err, ERROR_SOURCE, "cannot stat");
	made = folder_make(m->fd, name, st.st_mode & 0777);
	fd = made < 0 ? -1
		      : openat(m->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, ERROR_SOURCE, "cannot create folder %s",
				   name);
	/* What is moved must not vanish with its folder in a power failure. */
	if (check_target(m, fd, name, err) < 0 ||
	    (made == 1 && fdio_sync(m->fd, "the spool", err) < 0)) {
		close(fd);
		return -1;
	}
	*t = (struct target){name, fd, false};
	return 0;
}

static struct target *target_of(struct mailbox *m, const char *name,
				struct error *err)
{
	size_t last = sizeof m->targets / sizeof *m->targets - 1;

	for (size_t i = 0; i <= last; i++)
		if (m->targets[i].name && strcmp(m->targets[i].name, name) == 0)
			return &m->targets[i];
	for (size_t i = 0; i < last; i++)
		if (!m->targets[i].name)
			last = i;
	target_close(&m->targets[last]);
	return target_open(m, &m->targets[last], name, err) < 0
		       ? NULL
		       : &m->targets[last];
}

static int prepare(struct mailbox *m, const struct disposition *d,
		   struct error *err)
{
	if (d->disposal != DISPOSAL_MOVE)
		return 0;
	return target_of(m, d->folder, err) ? 0 : -1;
}

static int open_spool(struct mailbox *m, struct error *err)
{
	m->fd = open(m->settings->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->fd < 0)
		return error_errno(err, ERROR_SOURCE, "cannot open");
	/* Every disposition changes names in it. */
	if (faccessat(m->fd, ".", R_OK | W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(err, ERROR_SOURCE, "cannot write to it");
	if (prepare(m, &m->settings->processed, err) < 0)
		return -1;
	return prepare(m, &m->settings->unrecognised, err);
}

/* Only a hint: without it, files are found by the next poll. */
static void watch(struct mailbox *m)
{
	m->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (m->inotify_fd < 0 ||
	    inotify_add_watch(m->inotify_fd, m->settings->path, IN_MOVED_TO) >=
		    0)
		return;
	close(m->inotify_fd);
	m->inotify_fd = -1;
}

static struct mailbox *spool_open(const struct mailbox_settings *settings,
				  const struct mailbox_memory *memory,
				  struct error *err)
{
	struct mailbox *m = xcalloc(1, sizeof *m);

	(void)memory;
	m->settings = settings;
	m->fd = m->inotify_fd = -1;
	if (open_spool(m, err) < 0) {
		wrap(m, err);
		spool_close(m);
		return NULL;
	}
	watch(m);
	return m;
}

/* ---- Reading ---- */

static int spool_scan(struct mailbox *m, struct error *err)
{
	/* Put in place anew, it is another folder than the one we hold. */
	if (!folder_is_at(AT_FDCWD, m->settings->path, m->fd)) {
		error_set(err, ERROR_SOURCE, "it was moved or removed");
		return wrap(m, err);
	}
	for (size_t i = 0; i < sizeof m->targets / sizeof *m->targets; i++)
		if (m->targets[i].name &&
		    !folder_is_at(m->fd, m->targets[i].name, m->targets[i].fd))
			target_close(&m->targets[i]);
	if (folder_names_open(&m->names, m->fd) == 0)
		return 0;
	error_errno(err, ERROR_SOURCE, "cannot read it");
	return wrap(m, err);
}

static int spool_next(struct mailbox *m, struct mailbox_message *msg_r,
		      struct buf *bytes, struct error *err)
{
	const char *name;
	int rc;

	while ((rc = folder_names_next(&m->names, is_due, m, &name)) == 1) {
		memset(msg_r, 0, sizeof *msg_r);
		snprintf(msg_r->id, sizeof msg_r->id, "%s", name);
		rc = folder_read(m->fd, name, m->settings, NULL, msg_r, bytes,
				 err);
		if (rc < 0) {
			error_wrap(err, "%s", name);
			return wrap(m, err);
		}
		if (rc == 1)
			return 1;
	}
	if (rc == 0)
		return 0;
	error_errno(err, ERROR_SOURCE, "cannot read it");
	return wrap(m, err);
}

/* ---- Disposing ---- */

/* "a.json", "a.1.json", ...; kept ones have ".seen" behind it. */
static void name_copy(char out[NAME_BYTES], const char *name, unsigned copy,
		      const char *suffix)
{
	size_t stem = strlen(name) - strlen(".json");
	char number[16] = "";
	size_t room;

	if (copy > 0)
		snprintf(number, sizeof number, ".%u", copy);
	room = NAME_BYTES - sizeof ".json" - strlen(number) - strlen(suffix);
	snprintf(out, NAME_BYTES, "%.*s%s.json%s",
		 (int)(stem < room ? stem : room), name, number, suffix);
}

/* 0, 1 where it is gone, -1 with errno. Never overwrites. */
static int move(struct mailbox *m, const char *name, int to_fd,
		const char *suffix)
{
	char to[NAME_BYTES];
	int rc = -1;

	errno = EEXIST;
	for (unsigned copy = 0; rc < 0 && errno == EEXIST && copy < MAX_COPIES;
	     copy++) {
		name_copy(to, name, copy, suffix);
		rc = folder_move(m->fd, name, to_fd, to);
	}
	return rc;
}

static int spool_dispose(struct mailbox *m, const struct mailbox_message *msg,
			 const struct disposition *how, struct error *err)
{
	struct target *to;
	int rc = -1;

	m->touched = true;
	switch (how->disposal) {
	case DISPOSAL_KEEP:
		rc = move(m, msg->id, m->fd, ".seen");
		break;
	case DISPOSAL_DELETE:
		rc = unlinkat(m->fd, msg->id, 0);
		if (rc < 0 && errno == ENOENT)
			rc = 1;
		break;
	case DISPOSAL_MOVE:
		to = target_of(m, how->folder, err);
		if (!to)
			return wrap(m, err);
		to->touched = true;
		rc = move(m, msg->id, to->fd, "");
		break;
	}
	if (rc >= 0)
		return 0;
	error_errno(err, folder_scope(errno), "cannot %s %s",
		    how->disposal == DISPOSAL_DELETE ? "delete" : "move",
		    msg->id);
	return wrap(m, err);
}

static int sync_one(const struct mailbox *m, int fd, bool *touched,
		    struct error *err)
{
	if (*touched && fdio_sync(fd, m->settings->path, err) < 0) {
		err->scope = ERROR_SOURCE;
		return wrap(m, err);
	}
	*touched = false;
	return 0;
}

static int spool_flush(struct mailbox *m, struct error *err)
{
	/* Where files arrive first: a crash leaves two names, never none. */
	for (size_t i = 0; i < sizeof m->targets / sizeof *m->targets; i++) {
		struct target *t = &m->targets[i];

		if (sync_one(m, t->fd, &t->touched, err) < 0)
			return -1;
	}
	return sync_one(m, m->fd, &m->touched, err);
}

/* ---- Waiting and looking ---- */

static int spool_wait_fd(struct mailbox *m)
{
	return m->inotify_fd;
}

static void spool_wait_clear(struct mailbox *m)
{
	char events[4096];

	while (m->inotify_fd >= 0 &&
	       read(m->inotify_fd, events, sizeof events) > 0)
		;
}

static int spool_inspect(const struct mailbox_settings *settings,
			 struct buf *out, struct error *err)
{
	struct mailbox m = {.settings = settings};
	const char *name;
	size_t due = 0;
	int rc = -1;

	m.fd = open(settings->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m.fd >= 0 && faccessat(m.fd, ".", W_OK | X_OK, AT_EACCESS) == 0 &&
	    folder_names_open(&m.names, m.fd) == 0)
		while ((rc = folder_names_next(&m.names, is_due, &m, &name)) ==
		       1)
			due++;
	if (rc < 0)
		error_errno(err, ERROR_SOURCE,
			    "spool %s: cannot read and write", settings->path);
	else
		buf_addf(out, "files of %s events: %zu\n", settings->format,
			 due);
	folder_names_close(&m.names);
	if (m.fd >= 0)
		close(m.fd);
	return rc;
}

const struct mailbox_driver mailbox_spool = {
	.type = "spool",
	.open = spool_open,
	.close = spool_close,
	.scan = spool_scan,
	.next = spool_next,
	.dispose = spool_dispose,
	.flush = spool_flush,
	.wait_fd = spool_wait_fd,
	.wait_clear = spool_wait_clear,
	.inspect = spool_inspect,
};
