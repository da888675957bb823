/*
 * What time alone makes due: expiries, holds that ran out, retention, the
 * metrics file. In steps so small that readers never wait long for the
 * database.
 */
#include "daemon/daemon.h"
#include "daemon/metrics.h"
#include "daemon/signals.h"
#include "store/store.h"
#include "util/fdio.h"
#include "util/log.h"

/*
 * Addresses of one step. In a large database each costs a dozen reads of pages
 * that nobody has read lately, and others wait meanwhile.
 */
#define EXPIRE_STEP 50
#define RETAIN_STEP 20
#define WAIT_STEP_MS 5000
#define PAUSE_MOST_MS 1000

/* 1 while more is left, 0 done, -1. */
static int expire(struct store *s, const struct daemon *d, struct error *err)
{
	return store_expire(s, EXPIRE_STEP, daemon_now(d), err);
}

static int retain(struct store *s, const struct daemon *d, struct error *err)
{
	int64_t history_s = d->config->retention.history_s;
	int64_t now_s = daemon_now(d);

	if (history_s < 0)
		return 0;
	return store_retain(s, now_s - history_s, RETAIN_STEP, now_s, err);
}

static int forget_quarantined(struct store *s, const struct daemon *d,
			      struct error *err)
{
	int64_t kept_s = d->config->retention.quarantine_s;

	if (kept_s < 0)
		return 0;
	return store_quarantine_retain(s, daemon_now(d) - kept_s, RETAIN_STEP,
				       err);
}

/* As long as the step took: half of the time is everybody else's. */
static void pause_for(int64_t ms)
{
	signals.reload = signals.child = signals.poll = 0;
	signals_wait(NULL, 0, ms < PAUSE_MOST_MS ? ms : PAUSE_MOST_MS);
}

static int repeat(int (*step)(struct store *, const struct daemon *,
			      struct error *),
		  struct store *s, const struct daemon *d,
		  struct heartbeat *beat, struct error *err)
{
	int rc;

	do {
		int64_t began_ms = fdio_monotonic_ms();

		heartbeat(beat);
		rc = step(s, d, err);
		/* Who waits for the lock asks for it only now and then. */
		if (rc == 1)
			pause_for(fdio_monotonic_ms() - began_ms);
	} while (rc == 1 && !signals.stop);
	return rc < 0 ? -1 : 0;
}

static int keep_house(struct store *s, const struct daemon *d,
		      struct heartbeat *beat, struct error *err)
{
	const char *file = d->config->metrics_file;
	struct error unwritten;

	if (repeat(expire, s, d, beat, err) < 0 ||
	    repeat(retain, s, d, beat, err) < 0 ||
	    repeat(forget_quarantined, s, d, beat, err) < 0 ||
	    store_checkpoint(s, err) < 0)
		return -1;
	/* A full disk must not keep suppressions from ending. */
	if (*file &&
	    metrics_write(s, file, d->config, daemon_now(d), &unwritten) < 0)
		log_msg(LOG_LEVEL_WARNING, "%s", unwritten.text);
	return 0;
}

static void wait_step(const struct daemon *d, struct heartbeat *beat)
{
	int64_t until_ms =
		fdio_monotonic_ms() + d->config->daemon.housekeeping_s * 1000;

	while (!signals.stop) {
		int64_t left_ms = until_ms - fdio_monotonic_ms();

		heartbeat(beat);
		if (left_ms <= 0)
			return;
		signals.reload = signals.child = signals.poll = 0;
		signals_wait(NULL, 0,
			     left_ms < WAIT_STEP_MS ? left_ms : WAIT_STEP_MS);
	}
}

int housekeeping_main(struct daemon *d, struct heartbeat *beat)
{
	struct error err;
	struct store *s = store_open(d->config->database, STORE_WRITE,
				     &d->config->policy, &err);
	int rc = s ? 0 : -1;

	while (rc == 0 && !signals.stop) {
		rc = keep_house(s, d, beat, &err);
		if (rc < 0 || d->once)
			break;
		heartbeat_scanned(beat);
		wait_step(d, beat);
	}
	store_close(s);
	if (rc == 0)
		return EXIT_DONE;
	log_msg(LOG_LEVEL_ERROR, "housekeeping: %s", err.text);
	return err.scope == ERROR_FATAL ? EXIT_STOP : EXIT_SOURCE;
}
