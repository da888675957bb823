/*
 * Tells a program of the operator's what is suppressed and released, in the
 * order of recording. What it was told is noted once it says that it took it:
 * whoever is killed when, it is told again, and of none never.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/child.h"
#include "daemon/command.h"
#include "daemon/daemon.h"
#include "daemon/signals.h"
#include "store/show.h"
#include "store/store.h"
#include "util/fdio.h"
#include "util/log.h"

/* At once, or so much of it: a program need not take all of a large list. */
#define TELL_MOST 500
#define TELL_BYTES (1024 * 1024)
#define LOOK_MS 3000
#define STEP_MS 5000

enum told {
	TOLD_NOTHING = 0, /* there was nothing */
	TOLD_SOME,	  /* more may be left */
	TOLD_FAILED,	  /* the same again, later */
};

struct teller {
	struct daemon *daemon;
	struct store *store;
	struct heartbeat *beat;
	struct buf after; /* the mark that it was told up to */
	struct buf mark;  /* of the last of those that are gathered */
	struct buf lines; /* they */
	size_t count;
	bool failing;	  /* as the database has it */
	bool said;	  /* ... and the log */
	int64_t delay_ms; /* before it is tried again */
};

static int gather_one(void *ctx, const struct store_changed *c)
{
	struct teller *t = ctx;
	struct json j;

	json_init(&j, &t->lines);
	json_changed(&j, c);
	buf_add_char(&t->lines, '\n');
	buf_reset(&t->mark);
	buf_add_str(&t->mark, c->mark);
	return ++t->count >= TELL_MOST || t->lines.len >= TELL_BYTES;
}

static int gather(struct teller *t, struct error *err)
{
	int rc;

	t->count = 0;
	buf_reset(&t->after);
	buf_reset(&t->lines);
	if (store_told(t->store, &t->after, err) < 0)
		return -1;
	rc = store_changes(t->store, t->after.len > 0 ? t->after.data : NULL,
			   gather_one, t, err);
	if (rc == 0 || t->after.len == 0 || err->scope != ERROR_MESSAGE)
		return rc;
	log_msg(LOG_LEVEL_WARNING,
		"changes: a backup was put back: all that is suppressed is "
		"told anew");
	return store_told_put(t->store, "", err) < 0 ? -1 : gather(t, err);
}

static int worked(struct teller *t, struct error *err)
{
	if (store_told_put(t->store, t->mark.data, err) < 0)
		return -1;
	if (t->failing)
		log_msg(LOG_LEVEL_INFO, "changes: %s: works again",
			t->daemon->config->changes.command[0]);
	t->failing = t->said = false;
	t->delay_ms = 0;
	log_msg(LOG_LEVEL_DEBUG, "changes: told %zu, up to %s", t->count,
		t->mark.data);
	return TOLD_SOME;
}

/* Once in the log, however long it lasts. */
static int failed(struct teller *t, const struct error *why, struct error *err)
{
	int64_t first_ms = t->daemon->config->daemon.restart_first_s * 1000;
	int64_t most_ms = t->daemon->config->daemon.restart_most_s * 1000;

	t->delay_ms = t->delay_ms ? t->delay_ms * 2 : first_ms;
	if (t->delay_ms > most_ms)
		t->delay_ms = most_ms;
	if (t->said)
		return TOLD_FAILED;
	log_msg(LOG_LEVEL_WARNING, "changes: %s; told again until it works",
		why->text);
	t->said = true;
	/* Since when it fails is not since the last start. */
	if (!t->failing && store_told_failed(t->store, why->text,
					     daemon_now(t->daemon), err) < 0)
		return -1;
	t->failing = true;
	return TOLD_FAILED;
}

/* An enum told, or -1. */
static int tell(struct teller *t, struct error *err)
{
	const struct config *c = t->daemon->config;
	struct error why;
	int rc = gather(t, err);

	if (rc < 0 || t->count == 0)
		return rc < 0 ? -1 : TOLD_NOTHING;
	rc = command_run(c->changes.command, &t->lines, t->after.len == 0,
			 c->changes.timeout_s * 1000, t->beat, &why);
	if (rc < 0)
		return failed(t, &why, err);
	return rc > 0 ? TOLD_FAILED : worked(t, err);
}

static void wait_for(struct teller *t, int64_t ms)
{
	int64_t until_ms = fdio_monotonic_ms() + ms;

	while (!signals.stop && !signals.poll) {
		int64_t left_ms = until_ms - fdio_monotonic_ms();

		heartbeat(t->beat);
		if (left_ms <= 0)
			break;
		signals_wait(NULL, 0, left_ms < STEP_MS ? left_ms : STEP_MS);
		signals.reload = signals.child = 0;
	}
	signals.poll = 0;
}

static int follow(struct teller *t, struct error *err)
{
	struct store_untold before;
	int rc = store_untold(t->store, &before, err);

	t->failing = rc == 0 && before.error[0] != '\0';
	while (rc >= 0 && !signals.stop) {
		rc = tell(t, err);
		if (rc < 0 || (t->daemon->once && rc != TOLD_SOME))
			break;
		heartbeat_scanned(t->beat);
		if (rc != TOLD_SOME)
			wait_for(t, rc == TOLD_FAILED
					    ? child_jitter(t->delay_ms)
					    : LOOK_MS);
	}
	return rc;
}

int changes_main(struct daemon *d, struct heartbeat *beat)
{
	struct teller t = {.daemon = d, .beat = beat};
	struct error err;
	int rc = -1;

	buf_init(&t.after);
	buf_init(&t.mark);
	buf_init(&t.lines);
	t.store = store_open(d->config->database, STORE_WRITE,
			     &d->config->policy, &err);
	if (t.store)
		rc = follow(&t, &err);
	store_close(t.store);
	buf_release(&t.lines);
	buf_release(&t.mark);
	buf_release(&t.after);
	if (rc >= 0)
		return d->once && rc == TOLD_FAILED ? EXIT_SOURCE : EXIT_DONE;
	log_msg(LOG_LEVEL_ERROR, "changes: %s", err.text);
	return err.scope == ERROR_FATAL ? EXIT_STOP : EXIT_SOURCE;
}
