/* A batch on its way into the database and into the log. */
#include "daemon/reader.h"

#include <string.h>

#include "util/fdio.h"
#include "util/log.h"

#define MAX_NAMES 8

static int record_one(struct reader *r, const struct batch_item *item,
		      struct error *err)
{
	struct store_message m =
		intake_name(&r->intake, item->key, item->message.at_s);

	if (item->known)
		return 0;
	if (item->kind == REPORT_UNREADABLE)
		return store_unreadable_add(
			r->store, &m, span_make(item->front, item->front_bytes),
			item->why, err);
	return store_message_add(r->store, &m, &item->report, item->verdicts,
				 err);
}

int reader_write_measures(struct reader *r, struct error *err)
{
	return measure_write(&r->measures, r->store, r->settings->name,
			     parser_deaths(r->parser), err);
}

int reader_commit(struct reader *r, struct error *err)
{
	if (store_batch_commit(r->store, daemon_now(r->daemon), err) < 0)
		return -1;
	measure_written(&r->measures, parser_deaths(r->parser));
	return 0;
}

static void measure_lags(struct reader *r)
{
	const struct batch *b = &r->batch;
	int64_t now_s = daemon_now(r->daemon);

	for (size_t i = 0; i < b->count; i++)
		if (!b->items[i].known)
			measure(&r->measures, MEASURE_LAG,
				(now_s - b->items[i].message.at_s) * 1000);
}

static int record_items(struct reader *r, struct error *err)
{
	const struct batch *b = &r->batch;

	for (size_t i = 0; i < b->count; i++)
		if (record_one(r, &b->items[i], err) < 0)
			return -1;
	measure_lags(r);
	return reader_write_measures(r, err);
}

static int record_all(struct reader *r, struct error *err)
{
	struct measures before = r->measures;
	int64_t began_ms = fdio_monotonic_ms();

	if (!batch_has_news(&r->batch))
		return 0;
	if (store_batch_begin(r->store, rules_hash(r->daemon->rules), err) < 0)
		return -1;
	if (record_items(r, err) < 0) {
		store_batch_abort(r->store);
	} else if (reader_commit(r, err) == 0) {
		measure(&r->measures, MEASURE_BATCH,
			fdio_monotonic_ms() - began_ms);
		return 0;
	}
	/* The same batch is tried again: its lags must not count twice. */
	r->measures = before;
	return -1;
}

/* "a,b,c": each name once, a few of them. */
static void list_names(struct buf *out, const struct batch_item *item,
		       bool rules)
{
	const char *seen[MAX_NAMES];
	size_t n = 0;

	for (size_t i = 0; i < item->report.fact_count && n < MAX_NAMES; i++) {
		const struct judgement *j = &item->verdicts[i].judgement;
		const char *name =
			rules ? j->rule : reason_info(j->reason)->name;
		size_t k = 0;

		while (k < n && strcmp(seen[k], name) != 0)
			k++;
		if (k < n)
			continue;
		seen[n++] = name;
		if (out->len > 0)
			buf_add_char(out, ',');
		buf_add_str(out, name);
	}
}

static void log_names(struct log_line *line, const char *key,
		      const struct batch_item *item, bool rules)
{
	struct buf names;

	buf_init(&names);
	if (item->verdicts)
		list_names(&names, item, rules);
	log_field_span(line, key, span_make(names.data, names.len));
	buf_release(&names);
}

static void log_item(const struct reader *r, const struct batch_item *item)
{
	enum log_level level = item->kind == REPORT_UNREADABLE
				       ? LOG_LEVEL_WARNING
				       : LOG_LEVEL_INFO;
	struct log_line line;

	log_begin(&line, level, item->known ? "known" : "message");
	log_field(&line, "mailbox", r->settings->name);
	log_field(&line, "message", item->message.id);
	log_field(&line, "kind", report_kind_name(item->kind));
	if (!item->known) {
		log_field_int(&line, "recipients",
			      (int64_t)item->report.fact_count);
		log_names(&line, "reasons", item, false);
		log_names(&line, "rule", item, true);
		log_field_int(&line, "ms", item->ms);
	}
	if (item->why)
		log_field(&line, "why", item->why);
	log_end(&line);
}

/* Of a spool the file is in hand, not one event of it. */
static void hold_item(struct reader *r)
{
	if (r->format < 0)
		suspects_hold(r->suspects, r->batch.count == 1
						   ? r->batch.items[0].key
						   : NULL);
}

int reader_record(struct reader *r, struct error *err)
{
	int rc;

	if (r->batch.count == 0)
		return 0;
	hold_item(r);
	if (record_all(r, err) < 0)
		return -1;
	for (size_t i = 0; i < r->batch.count; i++)
		log_item(r, &r->batch.items[i]);
	rc = reader_dispose(r, err);
	/* Whatever ends us now, we got somewhere: no need to back off. */
	if (rc == 0)
		heartbeat_scanned(r->beat);
	batch_reset(&r->batch);
	if (r->format < 0)
		suspects_hold(r->suspects, NULL);
	return rc;
}
