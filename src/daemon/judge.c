/* Facts get their verdicts as they come back; nothing is locked meanwhile. */
#include "daemon/reader.h"

#include <stdlib.h>

#include "trust/trust.h"
#include "util/fdio.h"
#include "util/xalloc.h"

static struct store_verdict *
verdicts_of(struct reader *r, const struct report *report, int64_t at_s)
{
	size_t n = report->fact_count;
	struct store_verdict *verdicts = xcalloc(n + 1, sizeof *verdicts);
	struct trust_result *trust = xcalloc(n + 1, sizeof *trust);

	trust_judge_report(&r->trust, report, at_s, store_ledger_find, r->store,
			   trust);
	for (size_t i = 0; i < n; i++) {
		judge(r->daemon->rules, &report->facts[i],
		      &verdicts[i].judgement);
		verdicts[i].trust = trust[i];
	}
	free(trust);
	return verdicts;
}

void reader_judge(struct reader *r, struct window_entry *entry,
		  struct report *report, const char *why)
{
	struct batch_item *item =
		batch_add(&r->batch, &entry->message, entry->key);

	item->report = *report;
	report_init(report);
	if (entry->message.truncated)
		item->report.partial = true;
	item->kind = item->report.kind;
	item->due = true;
	item->ms = fdio_monotonic_ms() - entry->read_ms;
	if (item->kind == REPORT_UNREADABLE) {
		item->why = why ? why : "it could not be read";
		item->front = entry->front;
		item->front_bytes = entry->front_bytes;
		entry->front = NULL;
	} else {
		item->verdicts =
			verdicts_of(r, &item->report, entry->message.at_s);
	}
	r->batch.bytes += item->report.arena.used + item->front_bytes +
			  item->report.fact_count * sizeof *item->verdicts;
}
