#include "store/shed.h"

#include <stdlib.h>

#include "store/history.h"
#include "store/internal.h"
#include "util/xalloc.h"

int shed_carry(struct store *s, int64_t address, size_t n,
	       const struct policy_event *e, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_CARRY_INSERT);
	query_int(&q, address);
	query_int(&q, (int64_t)n);
	query_blob(&q, e->key, sizeof(e->key));
	query_int(&q, e->at_s);
	query_int(&q, e->sent_at_s);
	query_text(&q, e->stream);
	query_text(&q, e->send);
	query_text(&q, reason_info(e->reason)->name);
	query_text(&q, verdict_class_name(e->class_));
	query_text(&q, verdict_effect_name(e->effect));
	query_text(&q, evidence_name(e->evidence));
	query_int(&q, e->reply);
	query_int(&q, e->until_s);
	query_int(&q, e->step);
	query_text(&q, policy_source_name(e->source));
	query_int(&q, e->hits);
	query_int(&q, e->bounded);
	query_int(&q, e->probation);
	return query_run(&q, err);
}

int shed_fact(struct store *s, int64_t fact, struct error *err)
{
	int64_t message;
	int got = query_do(s, Q_FACT_KEEP_LAST, fact, err);

	if (got == 0)
		got = query_ask(s, Q_FACT_DELETE, fact, &message, err);
	if (got != 1)
		return got;
	if (query_do(s, Q_MESSAGE_DELETE_BARE, message, err))
		return -1;
	return query_do(s, Q_MESSAGE_SET_BARE, message, err);
}

/* Deletes what a query of ids finds, up to max; *n_r how many. */
static int shed_found(struct store *s, struct query *q, size_t max, size_t *n_r,
		      struct error *err)
{
	int64_t *ids = xcalloc(max, sizeof(*ids));
	size_t n = 0;
	int rc;

	while ((rc = query_step(q, err)) == 1)
		ids[n++] = row_int(q);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = shed_fact(s, ids[i], err);
	free(ids);
	*n_r = n;
	return rc;
}

/* Facts too many to be folded must not come back when others go. */
static int shed_unfolded(struct store *s, const struct history *h,
			 int64_t before_s, size_t max, size_t *n_r,
			 struct error *err)
{
	struct query q;

	*n_r = 0;
	if (h->fact_count < HISTORY_MAX_FACTS)
		return 0;
	query_start(&q, s, Q_FACT_UNFOLDED);
	query_int(&q, h->address);
	query_int(&q, HISTORY_MAX_FACTS);
	query_int(&q, before_s);
	query_int(&q, (int64_t)max);
	return shed_found(s, &q, max, n_r, err);
}

/* Nothing of them is to be carried. */
static int shed_undone(struct store *s, int64_t address, int64_t before_s,
		       size_t max, size_t *n_r, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_FACT_UNDONE);
	query_int(&q, address);
	query_int(&q, before_s);
	query_int(&q, (int64_t)max);
	return shed_found(s, &q, max, n_r, err);
}

int shed_uncounted(struct store *s, const struct history *h, int64_t before_s,
		   size_t max, size_t *n_r, struct error *err)
{
	size_t undone, unfolded;

	if (shed_undone(s, h->address, before_s, max, &undone, err) ||
	    shed_unfolded(s, h, before_s, max, &unfolded, err))
		return -1;
	*n_r = undone + unfolded;
	return undone == max || unfolded == max;
}
