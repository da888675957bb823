/*
 * One recipient of one message, recorded: the judge's input exactly as it was
 * judged, and beside it what it is charged to.
 */
#include "store/fact.h"

#include <string.h>

#include "store/internal.h"

static const char *keep(struct store *s, const char *text)
{
	return *text ? arena_strdup(&s->arena, text) : "";
}

/* The caller's strings last for one call; the batch lasts longer. */
static void keep_strings(struct store *s, struct pending_fact *p)
{
	struct fact *f = &p->fact;
	struct charge *c = &p->charge;

	f->feedback_type = keep(s, f->feedback_type);
	f->reporting_mta = keep(s, f->reporting_mta);
	f->address = keep(s, f->address);
	f->final = keep(s, f->final);
	f->remote = keep(s, f->remote);
	f->diagnostic_type = keep(s, f->diagnostic_type);
	f->reply_text = keep(s, f->reply_text);
	f->diagnostic = keep(s, f->diagnostic);
	c->stream = keep(s, c->stream);
	c->campaign = keep(s, c->campaign);
	c->token_stream = keep(s, c->token_stream);
	c->token_send = keep(s, c->token_send);
}

/* As history_load would read it back. */
static void make_event(struct store *s, struct pending_fact *p,
		       const struct store_message *m, const struct report *r)
{
	const struct charge *c = &p->charge;

	p->event = (struct policy_event){
		.type = POLICY_VERDICT,
		.id = p->id,
		.at_s = p->at_s,
		.sent_at_s = c->sent_at_s,
		.stream = c->stream,
		.send = *c->campaign ? c->campaign
				     : keep(s, r->returned.message_id),
		.reason = p->judgement.reason,
		.class_ = p->judgement.class_,
		.effect = p->judgement.effect,
		.evidence = c->evidence,
		.recipients = report_failed_count(r),
		.forwarded = c->forwarded,
		.reply = p->fact.reply,
	};
	p->history = (struct history_fact){
		.message_n = p->n,
		.has_copy_key = c->has_copy_key,
		.provider = c->provider,
		.reporter = p->fact.reporting_mta,
		.campaign = c->campaign,
		.held_by = "",
		.pending = p,
	};
	memcpy(p->history.message_key, m->key, MESSAGE_KEY_BYTES);
	memcpy(p->history.copy_key, c->copy_key, sizeof(c->copy_key));
	history_event_key(&p->event, &p->history);
}

/* Everything but its charge and its row's id, which are there. */
static void fill(struct store *s, struct pending_fact *p,
		 const struct store_message *m, const struct report *report,
		 size_t i, const struct store_verdict *verdict)
{
	p->n = (int64_t)i;
	p->at_s = m->at_s;
	p->fact = report->facts[i];
	p->judgement = verdict->judgement;
	keep_strings(s, p);
	make_event(s, p, m, report);
}

int fact_add(struct store *s, int64_t message, const struct store_message *m,
	     const struct report *report, size_t i,
	     const struct store_verdict *verdict, struct error *err)
{
	struct pending_fact *p = arena_alloc(&s->arena, sizeof(*p));

	if (charge_find(s, m, report, i, &verdict->trust, &p->charge, err))
		return -1;
	p->id = s->next_fact++;
	p->message = message;
	fill(s, p, m, report, i, verdict);
	tally_verdict(&s->tally, &p->judgement);
	return work_record(s, p, err);
}

struct pending_fact *fact_imagine(struct store *s,
				  const struct store_message *m,
				  const struct report *report, size_t i,
				  const struct store_verdict *verdict)
{
	struct pending_fact *p = arena_alloc(&s->arena, sizeof(*p));

	charge_read(s, m, report, i, &verdict->trust, &p->charge);
	p->id = INT64_MAX;
	fill(s, p, m, report, i, verdict);
	return p;
}

static void bind_fact(struct query *q, const struct fact *f, bool forwarded)
{
	char status[STATUS_TEXT_BYTES];

	query_text(q, report_kind_name(f->kind));
	query_text(q, f->feedback_type);
	query_text(q, f->reporting_mta);
	query_text(q, f->address);
	query_text(q, f->final);
	query_int(q, forwarded);
	query_text(q, report_action_name(f->action));
	query_text_copy(q, status_format(f->status, status));
	query_text_copy(q, status_format(f->reply_status, status));
	query_int(q, f->reply);
	query_int(q, f->exit_code);
	query_text(q, smtp_stage_name(f->stage));
	query_int(q, f->remote_reply);
	query_text(q, f->remote);
	query_text(q, f->diagnostic_type);
	query_text(q, f->reply_text);
	query_text(q, f->diagnostic);
	query_int(q, f->will_retry_until_s);
}

static void bind_copy_key(struct query *q, const struct charge *c)
{
	if (c->has_copy_key)
		query_blob(q, c->copy_key, sizeof(c->copy_key));
	else
		query_int_or_null(q, 0);
}

static int insert_fact(struct store *s, const struct pending_fact *p,
		       const struct fact_outcome *did, struct error *err)
{
	const struct charge *c = &p->charge;
	char status[STATUS_TEXT_BYTES];
	struct query q;

	query_start(&q, s, Q_FACT_INSERT);
	query_int(&q, p->id);
	query_int(&q, p->message);
	query_int(&q, p->n);
	bind_fact(&q, &p->fact, c->forwarded);
	query_int(&q, c->address);
	query_text(&q, c->provider);
	query_text_copy(&q, status_format(fact_status(&p->fact), status));
	query_text(&q, c->token_stream);
	query_text(&q, c->token_send);
	query_text(&q, c->stream);
	query_text(&q, c->campaign);
	query_text(&q, evidence_name(c->evidence));
	query_text(&q, c->proof);
	query_int(&q, p->at_s);
	query_int(&q, c->sent_at_s);
	bind_copy_key(&q, c);
	query_int(&q, did->copy);
	query_text(&q, did->applied);
	query_text(&q, did->held_by);
	query_int_or_null(&q, did->held_until_s);
	return query_run(&q, err);
}

static int insert_judgement(struct store *s, int64_t fact,
			    const struct judgement *j, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_JUDGEMENT_INSERT);
	query_int(&q, fact);
	query_int(&q, s->rule_set);
	query_text(&q, reason_info(j->reason)->name);
	query_text(&q, verdict_class_name(j->class_));
	query_text(&q, verdict_effect_name(j->effect));
	query_text(&q, j->rule);
	query_text(&q, j->words);
	return query_run(&q, err);
}

int fact_write(struct store *s, struct pending_fact *p,
	       const struct fact_outcome *did, struct error *err)
{
	p->written = true;
	if (insert_fact(s, p, did, err))
		return -1;
	return insert_judgement(s, p->id, &p->judgement, err);
}

int fact_write_rest(struct store *s, struct pending_fact *list,
		    struct error *err)
{
	static const struct fact_outcome nothing = {.applied = "no",
						    .held_by = ""};

	for (struct pending_fact *p = list; p; p = p->next)
		if (!p->written && fact_write(s, p, &nothing, err))
			return -1;
	return 0;
}

int fact_charge_again(struct store *s, int64_t message,
		      const struct store_message *m,
		      const struct report *report, size_t i,
		      const struct trust_result *trust, struct error *err)
{
	struct charge c;
	struct query q;

	if (charge_find(s, m, report, i, trust, &c, err) ||
	    work_touch(s, c.address, err))
		return -1;
	query_start(&q, s, Q_FACT_CHARGE);
	query_int(&q, message);
	query_int(&q, (int64_t)i);
	query_int(&q, c.forwarded);
	query_int(&q, c.address);
	query_text(&q, c.provider);
	query_text(&q, c.token_stream);
	query_text(&q, c.token_send);
	query_text(&q, c.stream);
	query_text(&q, c.campaign);
	query_text(&q, evidence_name(c.evidence));
	query_text(&q, c.proof);
	bind_copy_key(&q, &c);
	return query_run(&q, err);
}
