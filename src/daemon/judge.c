/* Facts get their verdicts as they come back; nothing is locked meanwhile. */
#include "daemon/reader.h"

#include "util/fdio.h"

void reader_judge(struct reader *r, struct window_entry *entry,
		  struct report *report, const char *why)
{
	struct batch_item *item =
		batch_add(&r->batch, &entry->message, entry->key);

	item->report = *report;
	report_init(report);
	if (entry->message.truncated)
		item->report.partial = true;
	item->ms = fdio_monotonic_ms() - entry->read_ms;
	if (item->report.kind == REPORT_UNREADABLE) {
		item->why = why ? why : "it could not be read";
		item->front = entry->front;
		item->front_bytes = entry->front_bytes;
		entry->front = NULL;
	}
	reader_judge_item(r, item);
}

void reader_judge_item(struct reader *r, struct batch_item *item)
{
	item->kind = item->report.kind;
	if (item->kind != REPORT_UNREADABLE)
		item->verdicts = intake_judge(&r->intake, &item->report,
					      item->message.at_s);
	r->batch.bytes += item->report.arena.used + item->front_bytes +
			  item->report.fact_count * sizeof *item->verdicts;
}
