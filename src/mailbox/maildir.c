/*
 * Maildir as a queue. Arrival order holds within a window of names only, and
 * nobody relies on it. Other processes may deliver to, read
 * and empty the same Maildir meanwhile: a file that is gone is not our
 * business any more.
 */
#include "mailbox/mailbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mailbox/folder.h"
#include "mailbox/maildir_folder.h"
#include "mailbox/maildir_name.h"
#include "util/xalloc.h"

enum place { PLACE_NEW, PLACE_CUR };
#define PLACE_COUNT 2
/* Disposals of a scan that are made durable at once. */
#define FLUSH_MESSAGES 1000

static const char *const place_names[] = {"new", "cur"};

struct mailbox {
	const struct mailbox_settings *settings;
	int root_fd;
	int place_fd[PLACE_COUNT];
	bool touched[PLACE_COUNT];
	struct maildir_folder processed;
	struct maildir_folder unrecognised;
	struct maildir_folder other; /* opened when it is first asked for */
	const char *other_name;
	unsigned unsynced; /* disposals since the last flush */
	int inotify_fd;
	/* The scan. */
	enum place place;
	struct folder_names names; /* of place */
	bool done;
	struct timespec started;
};

static void scan_end(struct mailbox *m)
{
	folder_names_close(&m->names);
	m->done = true;
}

static int flush_one(const struct mailbox *m, int fd, bool *touched,
		     struct error *err)
{
	if (!*touched)
		return 0;
	while (fsync(fd) < 0)
		if (errno != EINTR)
			return error_errno(err, ERROR_SOURCE,
					   "maildir %s: cannot sync",
					   m->settings->path);
	*touched = false;
	return 0;
}

static int sync_all(struct mailbox *m, struct error *err)
{
	m->unsynced = 0;
	/* Where mail arrives first: a crash leaves two names, never none. */
	if (flush_one(m, m->processed.cur_fd, &m->processed.touched, err) < 0 ||
	    flush_one(m, m->unrecognised.cur_fd, &m->unrecognised.touched,
		      err) < 0 ||
	    flush_one(m, m->other.cur_fd, &m->other.touched, err) < 0 ||
	    flush_one(m, m->place_fd[PLACE_CUR], &m->touched[PLACE_CUR], err) <
		    0)
		return -1;
	return flush_one(m, m->place_fd[PLACE_NEW], &m->touched[PLACE_NEW],
			 err);
}

static void maildir_close(struct mailbox *m)
{
	struct error err;

	scan_end(m);
	/* Not noted as done: the next reader finds it or finds it gone. */
	(void)sync_all(m, &err);
	maildir_folder_close(&m->processed);
	maildir_folder_close(&m->unrecognised);
	maildir_folder_close(&m->other);
	for (int i = 0; i < PLACE_COUNT; i++) {
		if (m->place_fd[i] >= 0)
			close(m->place_fd[i]);
	}
	if (m->inotify_fd >= 0)
		close(m->inotify_fd);
	if (m->root_fd >= 0)
		close(m->root_fd);
	free(m);
}

static int open_places(struct mailbox *m, struct error *err)
{
	m->root_fd =
		open(m->settings->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->root_fd < 0)
		return error_errno(err, ERROR_SOURCE, "cannot open");
	for (int i = 0; i < PLACE_COUNT; i++) {
		const char *name = place_names[i];

		m->place_fd[i] = openat(m->root_fd, name,
					O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (m->place_fd[i] < 0)
			return error_errno(err, ERROR_SOURCE, "cannot open %s",
					   name);
		/* Every disposition takes files away from here. */
		if (faccessat(m->root_fd, name, R_OK | W_OK | X_OK,
			      AT_EACCESS) < 0)
			return error_errno(err, ERROR_SOURCE,
					   "cannot write to %s", name);
	}
	return 0;
}

static int open_folder(struct mailbox *m, struct maildir_folder *f,
		       const struct disposition *d, struct error *err)
{
	if (d->disposal != DISPOSAL_MOVE)
		return 0;
	return maildir_folder_open(f, m->root_fd, d->folder, err);
}

/* Only a hint: without it, mail is found by the next poll. */
static void watch(struct mailbox *m)
{
	char path[64];

	m->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (m->inotify_fd < 0)
		return;
	snprintf(path, sizeof path, "/proc/self/fd/%d", m->place_fd[PLACE_NEW]);
	if (inotify_add_watch(m->inotify_fd, path, IN_MOVED_TO | IN_CREATE) <
	    0) {
		close(m->inotify_fd);
		m->inotify_fd = -1;
	}
}

/* Where a message lies says it all: there is nothing to remember. */
static struct mailbox *maildir_open(const struct mailbox_settings *settings,
				    const struct mailbox_memory *memory,
				    struct error *err)
{
	struct mailbox *m = xcalloc(1, sizeof *m);

	(void)memory;
	m->settings = settings;
	m->root_fd = m->inotify_fd = -1;
	m->place_fd[PLACE_NEW] = m->place_fd[PLACE_CUR] = -1;
	m->processed.cur_fd = m->unrecognised.cur_fd = -1;
	m->other.cur_fd = -1;
	m->done = true;
	if (open_places(m, err) < 0 ||
	    open_folder(m, &m->processed, &settings->processed, err) < 0 ||
	    open_folder(m, &m->unrecognised, &settings->unrecognised, err) <
		    0) {
		error_wrap(err, "maildir %s", settings->path);
		maildir_close(m);
		return NULL;
	}
	watch(m);
	return m;
}

/* ---- Scanning ---- */

static int cannot_read(const struct mailbox *m, struct error *err)
{
	return error_errno(err, ERROR_SOURCE, "maildir %s: cannot read %s",
			   m->settings->path, place_names[m->place]);
}

static int place_open(struct mailbox *m, enum place place, struct error *err)
{
	m->place = place;
	if (folder_names_open(&m->names, m->place_fd[place]) < 0)
		return cannot_read(m, err);
	return 0;
}

static int check_folder(const struct mailbox *m, const struct maildir_folder *f,
			const struct disposition *d, struct error *err)
{
	if (d->disposal != DISPOSAL_MOVE ||
	    maildir_folder_is_there(f, m->root_fd, d->folder))
		return 0;
	return error_set(err, ERROR_SOURCE,
			 "maildir %s: folder %s was moved or removed",
			 m->settings->path, d->folder);
}

/* Put in place anew, a folder is another one than what we hold. */
static int check_places(struct mailbox *m, struct error *err)
{
	if (!folder_is_at(AT_FDCWD, m->settings->path, m->root_fd))
		return error_set(err, ERROR_SOURCE,
				 "maildir %s: it was moved or removed",
				 m->settings->path);
	for (int i = 0; i < PLACE_COUNT; i++)
		if (!folder_is_at(m->root_fd, place_names[i], m->place_fd[i]))
			return error_set(err, ERROR_SOURCE,
					 "maildir %s: %s was moved or removed",
					 m->settings->path, place_names[i]);
	if (check_folder(m, &m->processed, &m->settings->processed, err) < 0 ||
	    check_folder(m, &m->unrecognised, &m->settings->unrecognised, err) <
		    0)
		return -1;
	if (m->other_name &&
	    !maildir_folder_is_there(&m->other, m->root_fd, m->other_name)) {
		maildir_folder_close(&m->other);
		m->other.touched = false;
		m->other_name = NULL;
	}
	return 0;
}

static int maildir_scan(struct mailbox *m, struct error *err)
{
	scan_end(m);
	if (check_places(m, err) < 0)
		return -1;
	m->done = false;
	clock_gettime(CLOCK_REALTIME, &m->started);
	return place_open(m, PLACE_NEW, err);
}

/*
 * In cur/ the flag S says that somebody saw it: with `keep` that was us, with
 * the others it says nothing about us.
 */
static bool is_due(const void *ctx, const char *name)
{
	const struct mailbox *m = ctx;
	bool keep = m->settings->processed.disposal == DISPOSAL_KEEP ||
		    m->settings->unrecognised.disposal == DISPOSAL_KEEP;

	if (name[0] == '.')
		return false;
	return !(keep && m->place == PLACE_CUR && maildir_name_has(name, 'S'));
}

static void name_message(const struct mailbox *m, const char *name,
			 struct mailbox_message *msg)
{
	memset(msg, 0, sizeof *msg);
	snprintf(msg->id, sizeof msg->id, "%.*s",
		 (int)maildir_name_unique(name), name);
	snprintf(msg->place, sizeof msg->place, "%s/%s", place_names[m->place],
		 name);
}

/* The next name, of new/ and then of cur/; 1, 0 at the end, or -1. */
static int next_name(struct mailbox *m, const char **name_r, struct error *err)
{
	int rc = 0;

	while (!m->done) {
		rc = folder_names_next(&m->names, is_due, m, name_r);
		if (rc < 0)
			return cannot_read(m, err);
		if (rc == 1)
			return 1;
		if (m->place == PLACE_CUR)
			scan_end(m);
		else if (place_open(m, PLACE_CUR, err) < 0)
			return -1;
	}
	return rc;
}

static int maildir_next(struct mailbox *m, struct mailbox_message *msg_r,
			struct buf *bytes, struct error *err)
{
	const char *name;
	int rc;

	while ((rc = next_name(m, &name, err)) == 1) {
		name_message(m, name, msg_r);
		/*
		 * What came to cur/ since may have been handed out of new/
		 * already. The next scan has it.
		 */
		rc = folder_read(m->place_fd[m->place], name, m->settings,
				 m->place == PLACE_CUR ? &m->started : NULL,
				 msg_r, bytes, err);
		if (rc < 0)
			return error_wrap(err, "maildir %s: %s",
					  m->settings->path, msg_r->place);
		if (rc == 1)
			return 1;
	}
	return rc;
}

/* ---- Disposing ---- */

static bool is_folder(const struct disposition *d, const char *name)
{
	return d->disposal == DISPOSAL_MOVE && strcmp(d->folder, name) == 0;
}

static struct maildir_folder *folder_of(struct mailbox *m, const char *name,
					struct error *err)
{
	if (is_folder(&m->settings->processed, name))
		return &m->processed;
	if (is_folder(&m->settings->unrecognised, name))
		return &m->unrecognised;
	if (!m->other_name || strcmp(m->other_name, name) != 0) {
		maildir_folder_close(&m->other);
		m->other_name = NULL;
		if (maildir_folder_open(&m->other, m->root_fd, name, err) < 0)
			return NULL;
		m->other_name = name;
	}
	return &m->other;
}

/* 0, 1 where it is gone, -1 with errno. */
static int take_away(struct mailbox *m, enum place place, const char *name,
		     enum disposal disposal, int to_fd)
{
	int from_fd = m->place_fd[place];

	switch (disposal) {
	case DISPOSAL_KEEP:
		if (place == PLACE_CUR && maildir_name_has(name, 'S'))
			return 0;
		m->touched[PLACE_CUR] = true;
		return maildir_rename(from_fd, name, m->place_fd[PLACE_CUR]);
	case DISPOSAL_DELETE:
		if (unlinkat(from_fd, name, 0) == 0)
			return 0;
		return errno == ENOENT ? 1 : -1;
	case DISPOSAL_MOVE:
		return maildir_rename(from_fd, name, to_fd);
	}
	errno = EINVAL;
	return -1;
}

static int maildir_dispose(struct mailbox *m, const struct mailbox_message *msg,
			   const struct disposition *how, struct error *err)
{
	const char *name = strchr(msg->place, '/');
	enum place place =
		strncmp(msg->place, "new/", 4) == 0 ? PLACE_NEW : PLACE_CUR;
	struct maildir_folder *to;
	int to_fd = -1;

	if (!name)
		return error_set(err, ERROR_SOURCE,
				 "maildir %s: %s was not handed out",
				 m->settings->path, msg->id);
	if (how->disposal == DISPOSAL_MOVE) {
		to = folder_of(m, how->folder, err);
		if (!to)
			return error_wrap(err, "maildir %s", m->settings->path);
		to->touched = true;
		to_fd = to->cur_fd;
	}
	m->touched[place] = true;
	m->unsynced++;
	if (take_away(m, place, name + 1, how->disposal, to_fd) >= 0)
		return 0;
	return error_errno(err, folder_scope(errno), "maildir %s: cannot %s %s",
			   m->settings->path,
			   how->disposal == DISPOSAL_DELETE ? "delete" : "move",
			   msg->place);
}

/* A crash before costs a second look at what lies where it was. */
static int maildir_flush(struct mailbox *m, struct error *err)
{
	if (!m->done && m->unsynced < FLUSH_MESSAGES)
		return 1;
	return sync_all(m, err);
}

static int maildir_wait_fd(struct mailbox *m)
{
	return m->inotify_fd;
}

static void maildir_wait_clear(struct mailbox *m)
{
	char events[4096];

	while (m->inotify_fd >= 0 &&
	       read(m->inotify_fd, events, sizeof events) > 0)
		;
}

const struct mailbox_driver mailbox_maildir = {
	.type = "maildir",
	.open = maildir_open,
	.close = maildir_close,
	.scan = maildir_scan,
	.next = maildir_next,
	.dispose = maildir_dispose,
	.flush = maildir_flush,
	.wait_fd = maildir_wait_fd,
	.wait_clear = maildir_wait_clear,
	.inspect = maildir_inspect,
};
