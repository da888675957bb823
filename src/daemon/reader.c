/*
 * One mailbox's reader: reads messages, has them parsed, judges them, records
 * them in batches and disposes of them. One step after the other; only the
 * parser works ahead.
 */
#include "daemon/reader.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "daemon/signals.h"
#include "events/events.h"
#include "mailbox/stop.h"
#include "util/fdio.h"
#include "util/log.h"
#include "util/xalloc.h"

#define WAIT_STEP_MS 5000
/* Scans of --once, should somebody deliver as fast as we read ... */
#define ONCE_SCANS 1000
/* ... and those in a row that bring nothing new. */
#define ONCE_STALE_SCANS 2

static int64_t batch_age_ms(const struct reader *r)
{
	return fdio_monotonic_ms() - r->batch.since_ms;
}

static int record_if_due(struct reader *r, struct error *err)
{
	const struct batch *b = &r->batch;

	if (b->count == 0)
		return 0;
	if (b->count < b->size && b->bytes < r->config->daemon.batch_bytes &&
	    batch_age_ms(r) < r->config->daemon.batch_ms)
		return 0;
	return reader_record(r, err);
}

/* A batch that could not be recorded, the database being locked, stays. */
int reader_make_room(struct reader *r, struct error *err)
{
	return r->batch.count < r->batch.size ? 0 : reader_record(r, err);
}

/* Takes one answer of the parser into the batch. */
static int receive_one(struct reader *r, struct error *err)
{
	struct window_entry *entry = window_first(&r->window);
	struct report report;
	const char *why = NULL;
	uint64_t id;
	int rc;

	mailbox_state_alive(r);
	if (reader_make_room(r, err) < 0)
		return -1;
	report_init(&report);
	/* Its answer may be what we die of. */
	suspects_hold(r->suspects, entry ? entry->key : NULL);
	rc = parser_receive(r->parser, &id, &report, &why, err);
	if (rc == 1 && (!entry || entry->id != id))
		rc = error_set(err, ERROR_FATAL,
			       "the parser answered out of order");
	if (rc == 1) {
		reader_judge(r, entry, &report, why);
		window_drop(&r->window);
	}
	report_release(&report);
	return rc < 0 ? -1 : record_if_due(r, err);
}

static int submit(struct reader *r, const struct mailbox_message *message,
		  const uint8_t key[MESSAGE_KEY_BYTES], struct span bytes,
		  struct error *err)
{
	int rc;

	while ((rc = parser_submit(r->parser, r->window.next_id, bytes.p,
				   bytes.n, err)) == 0) {
		if (receive_one(r, err) < 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	window_add(&r->window, message, key, bytes);
	/* Or the answer to one could end us while another is in hand. */
	while (r->suspects->careful && parser_in_flight(r->parser) > 0 &&
	       !signals.stop) {
		if (receive_one(r, err) < 0)
			return -1;
	}
	return 0;
}

/* One that is not to be looked into: kept, and told of. */
static int skip(struct reader *r, const struct mailbox_message *message,
		const uint8_t key[MESSAGE_KEY_BYTES], struct span bytes,
		const char *why, struct error *err)
{
	struct span front = span_cut(bytes, STORE_QUARANTINE_BYTES);
	struct batch_item *item;

	if (reader_make_room(r, err) < 0)
		return -1;
	item = batch_add(&r->batch, message, key);
	item->kind = REPORT_UNREADABLE;
	item->why = why;
	item->front = xmemdupz(front.p, front.n);
	item->front_bytes = front.n;
	r->batch.bytes += front.n;
	return record_if_due(r, err);
}

/* One message that was handed out: known already, or to be parsed. */
static int take(struct reader *r, const struct mailbox_message *message,
		struct span bytes, struct error *err)
{
	uint8_t key[MESSAGE_KEY_BYTES];
	struct store_message m;
	struct store_known known;
	struct batch_item *item;
	bool gave_up;
	int rc;

	hash_message_key(bytes.p, bytes.n, key);
	suspects_hold(r->suspects, key);
	gave_up = suspects_gave_up(r->suspects, key);
	m = intake_name(&r->intake, key, message->at_s);
	rc = store_message_known(r->store, &m, &known, err);
	if (rc < 0)
		return -1;
	r->fresh += rc == 0;
	if (rc == 0 && gave_up)
		return skip(r, message, m.key, bytes, READER_DIED_OF_IT, err);
	if (message->truncated && r->settings->skip_large && rc == 0)
		return skip(r, message, m.key, bytes,
			    "it is larger than max_message, and skipped", err);
	if (rc == 0 || (known.earlier && !gave_up))
		return submit(r, message, m.key, bytes, err);
	if (reader_make_room(r, err) < 0)
		return -1;
	item = batch_add(&r->batch, message, m.key);
	item->known = true;
	item->due = known.due;
	item->kind = known.kind;
	return record_if_due(r, err);
}

/*
 * Everything that was read is recorded and disposed of. at_end: the last batch
 * may have gone before the driver was there, with moves that wait.
 */
static int finish(struct reader *r, bool at_end, struct error *err)
{
	while (parser_in_flight(r->parser) > 0 && !signals.stop) {
		if (receive_one(r, err) < 0)
			return -1;
	}
	/* Told to stop, the unanswered ones are left to the next start. */
	if (reader_record(r, err) < 0 || (at_end && reader_flush(r, err) < 0))
		return -1;
	return store_disposal_note(r->store, err);
}

/* 1 took one, 0 the scan is at its end, -1. */
static int take_next(struct reader *r, struct buf *bytes, struct error *err)
{
	struct mailbox_message message;
	struct span all;
	int rc;

	buf_reset(bytes);
	/* What becomes of us in there is not the last one's doing. */
	suspects_hold(r->suspects, NULL);
	rc = r->driver->next(r->box, &message, bytes, err);
	if (rc < 0 && err->scope == ERROR_MESSAGE) {
		log_msg(LOG_LEVEL_WARNING, "mailbox %s: %s", r->settings->name,
			err->text);
		r->skipped++;
		return 1;
	}
	if (rc <= 0)
		return rc;
	r->handed++;
	all = span_make(bytes->data, bytes->len);
	if (r->format < 0)
		rc = take(r, &message, all, err);
	else if ((rc = reader_take_events(r, &message, all, err)) == 0)
		rc = record_if_due(r, err);
	return rc < 0 ? -1 : 1;
}

/* What a server wants its users to know. */
static void log_notices(struct reader *r)
{
	struct span rest, line;
	struct error said;

	if (!r->driver->notices)
		return;
	rest = span_of(r->driver->notices(r->box));
	while (span_next_line(&rest, &line)) {
		error_set(&said, ERROR_SOURCE, "%.*s", (int)line.n, line.p);
		log_msg(LOG_LEVEL_WARNING, "mailbox %s: %s", r->settings->name,
			said.text);
		mailbox_state_failed(r, &said);
	}
}

static int scan(struct reader *r, struct error *err)
{
	struct error later;
	struct buf bytes;
	int rc;

	r->handed = r->fresh = r->skipped = r->stuck = 0;
	r->held_count = 0;
	store_batches_stay(r->store);
	rc = r->driver->scan(r->box, err);
	log_notices(r);
	if (rc < 0)
		return -1;
	buf_init(&bytes);
	do {
		mailbox_state_alive(r);
		rc = signals.stop ? 0 : take_next(r, &bytes, err);
	} while (rc == 1);
	buf_release(&bytes);
	log_notices(r);
	/* A mailbox that fails in its middle still gives what came before. */
	if (rc < 0 && err->scope == ERROR_SOURCE &&
	    finish(r, false, &later) < 0)
		*err = later;
	return rc < 0 ? -1 : finish(r, true, err);
}

/* Sleeps until mail may be there, the next poll is due, or a signal came. */
static void wait_for_mail(struct reader *r)
{
	int64_t until_ms = fdio_monotonic_ms() + r->settings->poll_s * 1000;

	while (!signals.stop && !signals.poll) {
		struct pollfd pfd = {.fd = r->driver->wait_fd(r->box),
				     .events = POLLIN};
		int64_t left_ms = until_ms - fdio_monotonic_ms();

		mailbox_state_alive(r);
		if (left_ms <= 0)
			break;
		if (left_ms > WAIT_STEP_MS)
			left_ms = WAIT_STEP_MS;
		signals.reload = signals.child = 0; /* not for us */
		if (signals_wait(&pfd, 1, left_ms) > 0)
			break;
	}
	r->driver->wait_clear(r->box);
	log_notices(r);
	signals.poll = 0;
}

/* What a scan left where it was: 0 nothing, else -1 with err. */
static int left_over(const struct reader *r, struct error *err)
{
	if (r->skipped > 0)
		return error_set(
			err, ERROR_SOURCE,
			"messages that could not be read: %zu; the log "
			"names them",
			r->skipped);
	if (r->stuck > 0)
		return error_set(err, ERROR_SOURCE,
				 "messages that could not be disposed of: %zu; "
				 "the log names them",
				 r->stuck);
	return 0;
}

static int run_once(struct reader *r, struct error *err)
{
	unsigned stale = 0;

	for (unsigned i = 0; i < ONCE_SCANS; i++) {
		if (scan(r, err) < 0)
			return -1;
		if (signals.stop)
			return 0;
		if (mailbox_state_polled(r, err) < 0)
			return -1;
		if (r->handed == r->stuck)
			break;
		stale = r->fresh > 0 ? 0 : stale + 1;
		if (stale == ONCE_STALE_SCANS)
			return error_set(err, ERROR_SOURCE,
					 "the same messages come again after "
					 "they were disposed of: the server "
					 "says that they went, and keeps them");
	}
	return left_over(r, err);
}

/* After a crash messages went one by one: they may go together again. */
static void relax(struct reader *r)
{
	r->suspects->careful = false;
	r->batch.size = r->config->daemon.batch_messages;
}

static int run(struct reader *r, struct error *err)
{
	struct error left;

	while (!signals.stop) {
		if (scan(r, err) < 0)
			return -1;
		if (signals.stop)
			break;
		if (mailbox_state_polled(r, err) < 0)
			return -1;
		if (left_over(r, &left) < 0)
			mailbox_state_failed(r, &left);
		heartbeat_scanned(r->beat);
		relax(r);
		wait_for_mail(r);
	}
	return 0;
}

static int reader_open(struct reader *r, size_t mailbox, struct error *err)
{
	struct daemon *d = r->daemon;

	r->config = d->config;
	r->settings = &d->config->mailboxes[mailbox];
	r->parser_settings = d->config->parser;
	window_init(&r->window, r->parser_settings.window_messages);
	batch_init(&r->batch, d->config->daemon.batch_messages);
	if (r->suspects->careful)
		r->batch.size = 1;
	r->store = store_open(d->config->database, STORE_WRITE,
			      &d->config->policy, err);
	if (!r->store || intake_init(&r->intake, d->config, r->settings,
				     d->rules, r->store, err) < 0)
		return -1;
	r->parser = parser_open(&r->parser_settings, err);
	if (!r->parser)
		return -1;
	r->driver = mailbox_driver_find(r->settings->type);
	if (!r->driver)
		return error_set(err, ERROR_FATAL,
				 "mailboxes of type \"%s\" cannot be read",
				 r->settings->type);
	r->format = -1;
	if (r->settings->format[0] &&
	    (r->format = events_format_find(r->settings->format)) < 0)
		return error_set(err, ERROR_FATAL,
				 "events of \"%s\" cannot be read",
				 r->settings->format);
	r->memory = mailbox_state_memory(r);
	r->box = r->driver->open(r->settings, &r->memory, err);
	return r->box ? 0 : -1;
}

static void reader_close(struct reader *r)
{
	if (r->box)
		r->driver->close(r->box);
	parser_close(r->parser);
	store_close(r->store);
	if (r->batch.items)
		batch_release(&r->batch);
	if (r->window.ring)
		window_release(&r->window);
	free(r->held);
}

/* What our own stop has broken off is nobody's trouble. */
static void say_failed(struct reader *r, const struct error *err)
{
	bool stopped = signals.stop && err->scope != ERROR_FATAL;

	log_msg(stopped ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "mailbox %s: %s",
		r->settings->name, err->text);
	if (r->store && !stopped)
		mailbox_state_failed(r, err);
}

int reader_main(struct daemon *d, size_t mailbox, struct heartbeat *beat,
		struct suspects *suspects)
{
	struct reader r = {.daemon = d, .beat = beat, .suspects = suspects};
	struct error err;
	int rc;

	/* Secrets are in memory from here on: neither a core nor a debugger. */
	prctl(PR_SET_DUMPABLE, 0);
	stop_watch(&signals.stop, d->config->daemon.stop_deadline_s);
	xalloc_keep();
	rc = reader_open(&r, mailbox, &err);
	if (rc == 0)
		rc = d->once ? run_once(&r, &err) : run(&r, &err);
	if (rc < 0)
		say_failed(&r, &err);
	reader_close(&r);
	if (rc == 0)
		return EXIT_DONE;
	return err.scope == ERROR_FATAL ? EXIT_STOP : EXIT_SOURCE;
}
