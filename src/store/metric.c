/*
 * Counters, and what was sent. They are written in the transaction of what
 * they count, so that a crash can neither lose nor double them.
 */
#include "store/internal.h"
#include "util/address.h"
#include "util/buf.h"

#define DAY_S 86400

int store_metric_add(struct store *s, const char *name, const char *labels,
		     int64_t delta, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_METRIC_ADD);
	query_text(&q, name);
	query_text(&q, labels);
	query_int(&q, delta);
	return query_run(&q, err);
}

int store_metrics(struct store *s, store_metric_fn each, void *ctx,
		  struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_METRICS);
	while ((got = query_step(&q, err)) == 1) {
		const char *name = row_text(&q);
		const char *labels = row_text(&q);

		if (each(ctx, name, labels, row_int(&q))) {
			query_end(&q);
			return 0;
		}
	}
	return got;
}

/* Asked once a batch: most people have no ledger. 1 where it is empty. */
static int ledger_is_empty(struct store *s)
{
	struct query q;
	int64_t one;
	int got;

	if (s->ledger_is_empty)
		return 1;
	query_start(&q, s, Q_LEDGER_ANY);
	got = query_number(&q, &one, NULL);
	s->ledger_is_empty = got == 0;
	return got < 0 ? -1 : got == 0;
}

/* An empty ledger is none: nothing can be concluded from what it lacks. */
int store_ledger_find(void *ctx, const char *message_id,
		      const char *folded_address)
{
	struct store *s = ctx;
	struct query q;
	int64_t one;

	if (ledger_is_empty(s))
		return -1;
	query_start(&q, s, Q_LEDGER_FIND);
	query_text(&q, message_id);
	query_text(&q, folded_address);
	return query_number(&q, &one, NULL);
}

static int add_to_ledger(struct store *s, const struct store_sent_message *m,
			 int64_t at_s, struct error *err)
{
	struct query q;

	s->ledger_is_empty = false;
	query_start(&q, s, Q_LEDGER_ADD);
	query_text(&q, m->message_id);
	query_text(&q, m->address);
	query_int(&q, at_s);
	return query_run(&q, err);
}

int store_ledger_row(struct span id, struct span address, struct arena *texts,
		     struct store_sent_message *row_r, struct error *err)
{
	const char *written;

	for (size_t i = 0; i < id.n; i++)
		if ((unsigned char)id.p[i] <= ' ' || id.p[i] == '\x7f')
			return error_set(err, ERROR_MESSAGE,
					 "the Message-ID is none");
	row_r->message_id = arena_printf(texts, "%.*s", (int)id.n, id.p);
	return address_parse(address, texts, &row_r->address, &written, err);
}

int store_ledger_record(struct store *s, const struct store_sent_message *rows,
			size_t n, int64_t at_s, struct error *err)
{
	int rc = 0;

	if (store_begin(s, err))
		return -1;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add_to_ledger(s, &rows[i], at_s, err);
	if (rc) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, err);
}

static int record_sent(struct store *s, enum query_id id, const char *campaign,
		       const char *stream, int64_t day_s,
		       const struct store_sent *row, struct error *err)
{
	const char *folded;
	struct query q;

	arena_reset(&s->scratch);
	if (domain_fold(row->domain, &s->scratch, &folded, err))
		return -1;
	query_start(&q, s, id);
	query_text(&q, store_utf8(s, campaign));
	query_text(&q, store_utf8(s, stream));
	query_int(&q, day_s / DAY_S * DAY_S);
	query_text(&q, folded);
	query_text(&q, policy_provider(span_of(folded), span_of("")));
	query_int(&q, row->count);
	return query_run(&q, err);
}

int store_sent_add(struct store *s, const char *campaign, const char *stream,
		   int64_t day_s, const char *domain, int64_t count,
		   struct error *err)
{
	const struct store_sent row = {domain, count};

	return record_sent(s, Q_SENT_ADD, campaign, stream, day_s, &row, err);
}

int store_sent_record(struct store *s, const char *campaign, const char *stream,
		      int64_t day_s, const struct store_sent *rows, size_t n,
		      bool set, struct error *err)
{
	int rc = 0;

	if (store_begin(s, err))
		return -1;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = record_sent(s, set ? Q_SENT_SET : Q_SENT_ADD, campaign,
				 stream, day_s, &rows[i], err);
	if (rc) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, err);
}
