/*
 * The commit road from a reader's point of view. A message is known by its key
 * alone, whatever mailbox it lies in: it is recorded once and disposed of
 * wherever it is found.
 */
#include <string.h>

#include "store/fact.h"
#include "store/internal.h"

/*
 * Of a message that lies in two mailboxes one copy gives arrival and stream:
 * the first to arrive, not the first to be read.
 */
static bool comes_before(const struct store_message *m, int64_t at_s,
			 const char *mailbox)
{
	if (m->at_s != at_s)
		return m->at_s < at_s;
	return strcmp(m->mailbox, mailbox) < 0;
}

int store_message_known(struct store *s, const struct store_message *m,
			struct store_known *known_r, struct error *err)
{
	struct query q;
	int64_t at_s;
	int kind;
	int got;

	/* Locking for each message by itself costs more than looking. */
	if (!s->in_batch && !s->looks)
		s->looks = store_begin_read(s, NULL) == 0;
	query_start(&q, s, Q_MESSAGE_KNOWN);
	query_blob(&q, m->key, sizeof(m->key));
	got = query_step(&q, err);
	if (got != 1)
		return got;
	kind = report_kind_find(span_of(row_text(&q)));
	known_r->kind = kind < 0 ? REPORT_OTHER : (enum report_kind)kind;
	known_r->due = row_int(&q) != 0;
	at_s = row_int(&q);
	known_r->earlier = comes_before(m, at_s, row_text(&q));
	query_end(&q);
	return 1;
}

int rule_set_find(struct store *s, const char *hash, int64_t *id_r,
		  struct error *err)
{
	struct query q;

	query_start(&q, s, Q_RULE_SET_INSERT);
	query_text(&q, hash);
	if (query_run(&q, err))
		return -1;
	query_start(&q, s, Q_RULE_SET_ID);
	query_text(&q, hash);
	return query_number(&q, id_r, err) < 0 ? -1 : 0;
}

int store_batch_begin(struct store *s, const char *rules_hash,
		      struct error *err)
{
	if (work_begin(s, err))
		return -1;
	if (rule_set_find(s, rules_hash, &s->rule_set, err) == 0 &&
	    work_keep_facts(s, err) == 0 && due_note(s, err) == 0)
		return 0;
	work_abort(s);
	return -1;
}

int store_batch_commit(struct store *s, int64_t now_s, struct error *err)
{
	struct due_batch batch = s->due.batch;

	if (tally_write(s, now_s, err) || due_write(s, err)) {
		work_abort(s);
		return -1;
	}
	if (work_commit(s, now_s, err))
		return -1;
	due_committed(&s->due, batch);
	return 0;
}

void store_batch_abort(struct store *s)
{
	work_abort(s);
}

unsigned report_failed_count(const struct report *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->fact_count; i++)
		n += r->facts[i].action == ACTION_FAILED ||
		     r->kind == REPORT_COMPLAINT;
	return n;
}

/* *id_r is 0 where the key was known by now. */
static int insert_message(struct store *s, const struct store_message *m,
			  const struct report *r, int64_t *id_r,
			  struct error *err)
{
	struct query q;

	query_start(&q, s, Q_MESSAGE_INSERT);
	query_blob(&q, m->key, sizeof(m->key));
	query_text(&q, m->mailbox);
	query_text(&q, m->stream);
	query_int(&q, m->at_s);
	query_text(&q, report_kind_name(r->kind));
	query_text(&q, r->format);
	query_int(&q, r->partial);
	query_text(&q, r->message_id);
	query_text(&q, r->from);
	query_text(&q, r->reporting_mta);
	query_int(&q, report_failed_count(r));
	query_text(&q, r->returned.message_id);
	query_text(&q, r->returned.from);
	query_text(&q, r->returned.subject);
	query_int(&q, r->returned.date_s);
	query_text(&q, r->returned.campaign);
	query_text(&q, r->returned.list_id);
	query_text(&q, r->returned.feedback_id);
	query_text(&q, r->returned.stream);
	*id_r = 0;
	return query_insert(&q, id_r, err) < 0 ? -1 : 0;
}

static int move_message(struct store *s, int64_t id,
			const struct store_message *m, int64_t sent_at_s,
			struct error *err)
{
	struct query q;

	query_start(&q, s, Q_MESSAGE_MOVE);
	query_int(&q, id);
	query_int(&q, m->at_s);
	query_text(&q, m->mailbox);
	query_text(&q, m->stream);
	if (query_run(&q, err))
		return -1;
	query_start(&q, s, Q_FACT_MOVE);
	query_int(&q, id);
	query_int(&q, m->at_s);
	query_int(&q, sent_at_s);
	return query_run(&q, err);
}

/*
 * A known message was found again. What it proves may depend on when it came
 * and to which mailbox: all of that is taken from the copy that came first.
 * report is NULL where nobody could read it.
 */
static int message_again(struct store *s, const struct store_message *m,
			 const struct report *report,
			 const struct store_verdict *verdicts,
			 struct error *err)
{
	int64_t id = 0;
	int64_t at_s = 0;
	int64_t date_s = 0;
	bool earlier = false;
	struct query q;
	int got;

	query_start(&q, s, Q_MESSAGE_ROW);
	query_blob(&q, m->key, sizeof(m->key));
	got = query_step(&q, err);
	if (got == 1) {
		id = row_int(&q);
		at_s = row_int(&q);
		earlier = comes_before(m, at_s, row_text(&q));
		date_s = row_int(&q);
		query_end(&q);
	}
	if (got < 0 || !earlier)
		return got < 0 ? -1 : 0;
	if (work_write_message(s, id, err))
		return -1;
	query_start(&q, s, Q_MESSAGE_CHARGED);
	query_int(&q, id);
	while ((got = query_step(&q, err)) == 1)
		if (work_touch(s, row_int(&q), err)) {
			query_end(&q);
			return -1;
		}
	if (got < 0)
		return -1;
	if (move_message(s, id, m, policy_sent_at(date_s, m->at_s), err))
		return -1;
	for (size_t i = 0; report && i < report->fact_count; i++)
		if (fact_charge_again(s, id, m, report, i, &verdicts[i].trust,
				      err))
			return -1;
	return 0;
}

int store_message_add(struct store *s, const struct store_message *m,
		      const struct report *report,
		      const struct store_verdict *verdicts, struct error *err)
{
	int64_t id;

	if (insert_message(s, m, report, &id, err))
		return -1;
	if (id == 0)
		return message_again(s, m, report, verdicts, err);
	if (due_add(s, m->mailbox, id, err))
		return -1;
	for (size_t i = 0; i < report->fact_count; i++)
		if (fact_add(s, id, m, report, i, &verdicts[i], err))
			return -1;
	return tally_message(s, m->mailbox, report->kind, err);
}

int store_unreadable_add(struct store *s, const struct store_message *m,
			 struct span bytes, const char *why, struct error *err)
{
	struct span kept = span_cut(bytes, STORE_QUARANTINE_BYTES);
	struct report r;
	struct query q;
	int64_t id;
	int rc;

	report_init(&r);
	r.kind = REPORT_UNREADABLE;
	rc = insert_message(s, m, &r, &id, err);
	report_release(&r);
	if (rc)
		return -1;
	if (id == 0)
		return message_again(s, m, NULL, NULL, err);
	if (due_add(s, m->mailbox, id, err))
		return -1;
	query_start(&q, s, Q_QUARANTINE_INSERT);
	query_int(&q, id);
	query_text(&q, why);
	query_blob(&q, kept.n ? kept.p : "", kept.n);
	if (query_run(&q, err))
		return -1;
	return tally_message(s, m->mailbox, REPORT_UNREADABLE, err);
}
