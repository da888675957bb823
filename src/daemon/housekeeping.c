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
 * Of what a first step takes on. In a large database each address costs a dozen
 * reads of pages that nobody has read lately, and others wait meanwhile; in a
 * small one most of a short step is its commit. Steps grow and shrink by how
 * long they take.
 */
#define EXPIRE_STEP 50
#define RETAIN_STEP 20
/* More would save little, and be long where pages are all at once cold. */
#define STEP_MOST 800
#define STEP_SHORT_MS 50
#define STEP_LONG_MS 200
#define WAIT_STEP_MS 5000
#define PAUSE_MOST_MS 1000
/* A log that is longer, and is not getting shorter, will fill the disk. */
#define LOG_MOST_BYTES ((int64_t)64 * 1024 * 1024)
/* So many addresses are told of, and how it goes on with them. */
#define CROWD 10000
#define TELL_MS 60000

/* At most so many; 1 while more is left, 0 done, -1. */
typedef int (*step_fn)(struct store *s, const struct daemon *d, size_t max,
		       struct error *err);

static int expire(struct store *s, const struct daemon *d, size_t max,
		  struct error *err)
{
	return store_expire(s, max, daemon_now(d), err);
}

static int retain(struct store *s, const struct daemon *d, size_t max,
		  struct error *err)
{
	int64_t history_s = d->config->retention.history_s;
	int64_t now_s = daemon_now(d), settled_s;

	if (history_s < 0)
		return 0;
	if (store_clock_settled(s, now_s, &settled_s, err) < 0)
		return -1;
	return store_retain(s, settled_s - history_s, max, now_s, err);
}

static int forget_quarantined(struct store *s, const struct daemon *d,
			      size_t max, struct error *err)
{
	int64_t kept_s = d->config->retention.quarantine_s;
	int64_t settled_s;

	if (kept_s < 0)
		return 0;
	if (store_clock_settled(s, daemon_now(d), &settled_s, err) < 0)
		return -1;
	return store_quarantine_retain(s, settled_s - kept_s, max, err);
}

/* As long as the step took: half of the time is everybody else's. */
static void pause_for(int64_t ms)
{
	signals.reload = signals.child = signals.poll = 0;
	signals_wait(NULL, 0, ms < PAUSE_MOST_MS ? ms : PAUSE_MOST_MS);
}

static size_t next_size(size_t size, size_t first, int64_t took_ms)
{
	if (took_ms < STEP_SHORT_MS && size < STEP_MOST)
		return 2 * size;
	if (took_ms <= STEP_LONG_MS)
		return size;
	size = size * STEP_LONG_MS / (size_t)took_ms;
	return size > first ? size : first;
}

/* What waits to be worked out again, and what is said of it. */
struct backlog {
	int64_t next_ms;
	bool told;
};

/* After an upgrade or a change of the policy it may take a while. */
static void tell(struct backlog *b, struct store *s, const struct daemon *d)
{
	int64_t now_ms = fdio_monotonic_ms(), n;

	if (now_ms < b->next_ms ||
	    store_expire_left(s, daemon_now(d), &n, NULL) < 0)
		return;
	b->next_ms = now_ms + TELL_MS;
	if (b->told)
		log_msg(LOG_LEVEL_INFO,
			"housekeeping: about %lld addresses are left to be "
			"worked out again",
			(long long)n);
	else if (n >= CROWD)
		log_msg(LOG_LEVEL_INFO,
			"housekeeping: about %lld addresses are to be worked "
			"out again; dsnctl check is right meanwhile, the views "
			"will be",
			(long long)n);
	b->told = b->told || n >= CROWD;
}

static int repeat(step_fn step, size_t first, struct store *s,
		  const struct daemon *d, struct heartbeat *beat,
		  struct error *err)
{
	struct backlog backlog = {.told = false};
	size_t size = first;
	int rc;

	do {
		int64_t began_ms = fdio_monotonic_ms(), took_ms;

		heartbeat(beat);
		rc = step(s, d, size, err);
		took_ms = fdio_monotonic_ms() - began_ms;
		size = next_size(size, first, took_ms);
		/* Who waits for the lock asks for it only now and then. */
		if (rc == 1)
			pause_for(took_ms);
		if (rc == 1 && step == expire)
			tell(&backlog, s, d);
	} while (rc == 1 && !signals.stop);
	if (rc == 0 && backlog.told)
		log_msg(LOG_LEVEL_INFO,
			"housekeeping: all addresses are worked out again");
	return rc < 0 ? -1 : 0;
}

/* Addresses may be mailed meanwhile that must not be: somebody should know. */
static int look_at_clock(struct store *s, const struct daemon *d,
			 struct error *err)
{
	int what = store_clock(s, daemon_now(d), err);

	if (what == STORE_CLOCK_LEAPT)
		log_msg(LOG_LEVEL_INFO,
			"housekeeping: the last round was over a day ago, by a "
			"clock that may be wrong: retention goes by the time "
			"before for a day");
	if (what == STORE_CLOCK_BACK)
		log_msg(LOG_LEVEL_WARNING,
			"housekeeping: the clock was set back: every address "
			"is worked out again");
	return what < 0 ? -1 : 0;
}

/* A connection somewhere with a query that was never finished. */
static int look_at_log(struct store *s, const struct daemon *d, bool *told,
		       struct error *err)
{
	int64_t left;

	if (store_checkpoint(s, err) < 0)
		return -1;
	left = store_log_left(s);
	if (left > LOG_MOST_BYTES && !*told)
		log_msg(LOG_LEVEL_WARNING,
			"database %s: its log grows, %lld MB so far: a program "
			"has been reading all the while, and keeps it from "
			"being emptied; \"fuser -v %s-wal\" tells which",
			d->config->database, (long long)left / 1024 / 1024,
			d->config->database);
	*told = left > LOG_MOST_BYTES;
	return 0;
}

static int keep_house(struct store *s, const struct daemon *d,
		      struct heartbeat *beat, bool *told, struct error *err)
{
	const char *file = d->config->metrics_file;
	struct error unwritten;

	if (look_at_clock(s, d, err) < 0 ||
	    repeat(expire, EXPIRE_STEP, s, d, beat, err) < 0 ||
	    repeat(retain, RETAIN_STEP, s, d, beat, err) < 0 ||
	    repeat(forget_quarantined, RETAIN_STEP, s, d, beat, err) < 0 ||
	    look_at_log(s, d, told, err) < 0)
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
	bool told = false;

	while (rc == 0 && !signals.stop) {
		rc = keep_house(s, d, beat, &told, &err);
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
