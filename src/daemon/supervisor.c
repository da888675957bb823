/*
 * Keeps one reader a mailbox, the housekeeping and who tells of changes
 * running. It reads no mail, holds no secret and no database, so that nothing
 * it does can take long.
 */
#include "daemon/supervisor.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/notify.h"
#include "daemon/signals.h"
#include "store/store.h"
#include "util/fdio.h"
#include "util/log.h"
#include "util/xalloc.h"

#define LOOK_AGAIN_MS 60000
#define UPGRADE_MOST_S 3600

/* ---- Children ---- */

static void start_due(struct supervisor *s, int64_t now_ms)
{
	struct error err;

	for (size_t i = 0; i < s->count; i++) {
		struct child *c = &s->children[i];

		if (c->pid != 0 || !c->wanted || c->start_ms > now_ms)
			continue;
		if (child_start(c, s->daemon, s->ready_fd, &err) == 0)
			continue;
		log_msg(LOG_LEVEL_ERROR, "%s", err.text);
		c->start_ms = now_ms + 1000;
		/* Nobody waits for it: its mailbox was not emptied. */
		if (s->daemon->once) {
			c->wanted = false;
			s->status = EXIT_FAILURE;
		}
	}
}

static struct child *child_of(struct supervisor *s, pid_t pid)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->children[i].pid == pid)
			return &s->children[i];
	}
	return NULL;
}

void supervisor_stop(struct supervisor *s)
{
	int64_t kill_ms = fdio_monotonic_ms() +
			  s->daemon->config->daemon.stop_deadline_s * 1000;

	if (!s->stopping)
		notify("STOPPING=1");
	/* Once was to empty every mailbox. */
	if (s->daemon->once) {
		s->status = EXIT_FAILURE;
		if (!s->stopping)
			log_msg(LOG_LEVEL_INFO,
				"told to stop before all was done");
	}
	s->stopping = true;
	for (size_t i = 0; i < s->count; i++) {
		s->children[i].wanted = false;
		child_stop(&s->children[i], kill_ms);
	}
}

/* Who reads the log at night wants to know how it goes on. */
static void say_what_follows(const struct supervisor *s, const struct child *c,
			     int status)
{
	char what[CHILD_NAME_BYTES + 16];
	int64_t left_ms = c->start_ms - fdio_monotonic_ms();

	if (s->stopping || status == 0)
		return;
	child_describe(c, what);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_STOP)
		log_msg(LOG_LEVEL_ERROR,
			"dsnd ends: nothing can go on without what %s lacks",
			what);
	else if (c->wanted)
		log_msg(LOG_LEVEL_WARNING, "%s: tried again in %lld s", what,
			(long long)(left_ms > 0 ? left_ms + 999 : 0) / 1000);
}

static void ended(struct supervisor *s, struct child *c, int status)
{
	/* Its last words may be that a scan went well. */
	child_listen(c);
	child_ended(c, s->daemon->config, status, fdio_monotonic_ms());
	if (s->daemon->once) {
		c->wanted = false;
		if (status != 0)
			s->status = EXIT_FAILURE;
		return;
	}
	say_what_follows(s, c, status);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_STOP) {
		s->status = EXIT_FAILURE;
		supervisor_stop(s);
	}
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	signals.child = 0;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *c = child_of(s, pid);

		if (c)
			ended(s, c, status);
	}
}

static bool any_running(const struct supervisor *s)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->children[i].pid != 0)
			return true;
	}
	return false;
}

/* Who waits after a failure tries again: somebody has mended it. */
static void poke(const struct supervisor *s)
{
	signals.poll = 0;
	for (size_t i = 0; i < s->count; i++) {
		if (s->children[i].pid != 0)
			kill(s->children[i].pid, SIGUSR1);
		else
			s->children[i].start_ms = 0;
	}
}

/* ---- The service manager ---- */

static void say_status(struct supervisor *s)
{
	size_t failing = 0;
	char first[CHILD_NAME_BYTES + 16] = "";
	char text[sizeof s->said];

	for (size_t i = 0; i < s->count; i++) {
		if (!s->children[i].failing || !s->children[i].wanted)
			continue;
		if (failing++ > 0)
			continue;
		if (s->children[i].kind == CHILD_READER)
			memcpy(first, s->children[i].name, CHILD_NAME_BYTES);
		else
			child_describe(&s->children[i], first);
	}
	snprintf(text, sizeof text, "mailboxes: %zu%s%s%s",
		 s->daemon->config->mailbox_count,
		 failing > 0 ? "; in trouble: " : "", first,
		 failing > 1 ? " and others" : "");
	if (strcmp(text, s->said) == 0)
		return;
	memcpy(s->said, text, sizeof text);
	notify("STATUS=%s", text);
}

/*
 * After how long without a sign of life a child hangs. A parser may twice take
 * its time over one message.
 */
static int64_t hang_ms(const struct supervisor *s)
{
	const struct config *config = s->daemon->config;

	return config->daemon.reader_deadline_s * 1000 +
	       2 * config->parser.message_ms;
}

/* Only while every child that runs gives signs of life. */
static void say_alive(struct supervisor *s, int64_t now_ms)
{
	int64_t deadline_ms = hang_ms(s);

	if (s->watchdog_ms == 0 || now_ms < s->watchdog_at_ms)
		return;
	for (size_t i = 0; i < s->count; i++) {
		const struct child *c = &s->children[i];

		if (c->pid != 0 && now_ms - c->beat_ms >= deadline_ms)
			return;
	}
	notify("WATCHDOG=1");
	s->watchdog_at_ms = now_ms + s->watchdog_ms;
}

/* ---- The loop ---- */

static int64_t look_again_ms(struct supervisor *s, int64_t now_ms)
{
	int64_t deadline_ms = hang_ms(s);
	int64_t at_ms = now_ms + LOOK_AGAIN_MS;

	for (size_t i = 0; i < s->count; i++) {
		int64_t its_ms =
			child_check(&s->children[i], now_ms, deadline_ms);

		if (its_ms < at_ms)
			at_ms = its_ms;
	}
	if (s->watchdog_ms != 0 && s->watchdog_at_ms < at_ms)
		at_ms = s->watchdog_at_ms;
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

static void wait_for_news(struct supervisor *s, int64_t timeout_ms)
{
	struct pollfd *fds = xcalloc(s->count + 1, sizeof *fds);
	nfds_t n = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (s->children[i].pid == 0)
			continue;
		fds[n].fd = s->children[i].fd;
		fds[n++].events = POLLIN;
	}
	/* A pipe that was closed has its SIGCHLD on the way: do not spin. */
	if (signals_wait(fds, n, timeout_ms) > 0) {
		for (nfds_t i = 0; i < n; i++) {
			if (fds[i].revents == POLLHUP && !signals.child)
				signals_wait(NULL, 0, 10);
		}
	}
	free(fds);
	for (size_t i = 0; i < s->count; i++)
		child_listen(&s->children[i]);
}

static bool goes_on(const struct supervisor *s)
{
	if (s->daemon->once || s->stopping)
		return any_running(s);
	return true;
}

static void step(struct supervisor *s)
{
	int64_t now_ms;

	if (signals.child)
		reap(s);
	if (signals.stop) {
		signals.stop = 0;
		supervisor_stop(s);
	}
	if (signals.poll)
		poke(s);
	if (signals.reload) {
		signals.reload = 0;
		if (!s->stopping)
			supervisor_reload(s);
	}
	now_ms = fdio_monotonic_ms();
	start_due(s, now_ms);
	say_status(s);
	say_alive(s, now_ms);
	if (goes_on(s))
		wait_for_news(s, look_again_ms(s, now_ms));
}

static void add_children(struct supervisor *s)
{
	for (size_t i = 0; i < s->daemon->config->mailbox_count; i++)
		supervisor_add(s, CHILD_READER, i);
	if (s->daemon->once)
		return;
	supervisor_add(s, CHILD_HOUSEKEEPING, 0);
	if (s->daemon->config->changes.command[0])
		supervisor_add(s, CHILD_CHANGES, 0);
}

/* Made by hand, before a service was thought of. */
static void tell_roots(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && st.st_uid == 0)
		log_msg(LOG_LEVEL_INFO,
			"database %s: is root's, as is the folder that it was "
			"made in: who runs as another user cannot open it",
			path);
}

/*
 * Rows are counted in millions where it takes long; a start that a service
 * manager breaks off would begin anew each time.
 */
static int bring_up(const struct daemon *d, struct error *err)
{
	const char *path = d->config->database;
	bool is_new = access(path, F_OK) < 0;
	int64_t began_ms = fdio_monotonic_ms();
	int steps = store_probe(path, NULL);
	int rc;

	if (steps > 0) {
		log_msg(LOG_LEVEL_INFO,
			"database %s: is brought up to this version, steps: "
			"%d; with millions of rows that takes minutes, and "
			"broken off it begins anew",
			path, steps);
		notify("EXTEND_TIMEOUT_USEC=%lld\nSTATUS=upgrading the database",
		       UPGRADE_MOST_S * 1000000LL);
	}
	rc = store_migrate(path, daemon_now(d), err);
	if (rc == 0 && steps > 0)
		log_msg(LOG_LEVEL_INFO,
			"database %s: is of this version now, after %lld s",
			path,
			(long long)(fdio_monotonic_ms() - began_ms) / 1000);
	if (rc == 0 && is_new)
		tell_roots(path);
	return rc;
}

int supervisor_prepare(const struct daemon *d, struct error *err)
{
	const struct config *config = d->config;
	struct store *store;
	int rc;

	if (keys_look(d->config, err) < 0 || bring_up(d, err) < 0)
		return -1;
	store = store_open(config->database, STORE_WRITE, &config->policy, err);
	if (!store)
		return -1;
	rc = store_policy_changed(store, daemon_now(d), err);
	store_close(store);
	return rc < 0 ? -1 : 0;
}

static void ready(struct supervisor *s)
{
	const struct config *config = s->daemon->config;

	say_status(s);
	notify("READY=1");
	if (!s->daemon->once)
		log_msg(LOG_LEVEL_INFO,
			"dsnd " DSND_VERSION " is ready, mailboxes: %zu, "
			"rules: %zu",
			config->mailbox_count, rules_count(s->daemon->rules));
	if (s->ready_fd < 0)
		return;
	(void)!write(s->ready_fd, "", 1);
	close(s->ready_fd);
	s->ready_fd = -1;
}

static void run(struct supervisor *s)
{
	do {
		step(s);
	} while (goes_on(s));
}

/* Once: when the mailboxes are done, and then what that has changed. */
static void finish(struct supervisor *s)
{
	if (!s->stopping) {
		supervisor_add(s, CHILD_HOUSEKEEPING, 0);
		run(s);
	}
	if (!s->stopping && s->daemon->config->changes.command[0]) {
		supervisor_add(s, CHILD_CHANGES, 0);
		run(s);
	}
}

int supervisor_main(struct daemon *d, int ready_fd)
{
	struct supervisor s = {.daemon = d,
			       .ready_fd = ready_fd,
			       .status = EXIT_SUCCESS,
			       .watchdog_ms = notify_watchdog_ms()};
	struct error err;

	if (supervisor_prepare(d, &err) < 0) {
		log_msg(LOG_LEVEL_ERROR, "%s", err.text);
		return EXIT_FAILURE;
	}
	add_children(&s);
	start_due(&s, fdio_monotonic_ms());
	ready(&s);
	run(&s);
	if (d->once)
		finish(&s);
	free(s.children);
	return s.status;
}
