/*
 * One recipient of one message, recorded: the judge's input exactly as it was
 * judged, and beside it what it is charged to.
 */
#include "store/fact.h"

#include <string.h>

#include "store/internal.h"
#include "util/address.h"
#include "util/buf.h"

/* What a fact is charged to, apart from what it says. */
struct charge {
	const char *folded, *written;
	int64_t address;
	const char *provider, *stream, *campaign;
	const char *token_stream, *token_send;
	const char *evidence, *proof;
	int64_t sent_at_s;
	bool forwarded; /* by the report's word or by the token's */
	bool has_copy_key;
	uint8_t copy_key[MESSAGE_KEY_BYTES];
};

static const char *first_of(const char *a, const char *b)
{
	return *a ? a : b;
}

static void hash_part(struct buf *b, const char *s)
{
	for (; *s; s++)
		buf_add_char(b, text_lower(*s));
	buf_add_char(b, '\0');
}

/*
 * The copy that the postmaster got is another message about the same failure:
 * same original, address, reporter and status. Kind and action belong to it,
 * or the failure would pass for a copy of the delay before it.
 */
static void make_copy_key(struct charge *c, const struct report *r,
			  const struct fact *f)
{
	uint8_t hash[HASH_SHA256_BYTES];
	char status[STATUS_TEXT_BYTES];
	struct buf b;

	c->has_copy_key = *r->returned.message_id != '\0';
	if (!c->has_copy_key)
		return;
	buf_init(&b);
	buf_add_str(&b, r->returned.message_id);
	buf_add_char(&b, '\0');
	hash_part(&b, c->folded);
	hash_part(&b, f->reporting_mta);
	hash_part(&b, status_format(f->status, status));
	hash_part(&b, report_action_name(f->action));
	hash_part(&b, report_kind_name(f->kind));
	hash_sha256(b.data, b.len, hash);
	memcpy(c->copy_key, hash, sizeof(c->copy_key));
	buf_release(&b);
}

/*
 * The address we mailed. What the jail hands out is not believed: what is no
 * address is recorded, charged to nobody, and never acts.
 */
static void find_address(struct store *s, struct charge *c,
			 const struct fact *f, const struct trust_result *t)
{
	bool token = t->token.valid && *t->token.address;
	const char *raw = token ? t->token.address : f->address;

	c->evidence = evidence_name(t->evidence);
	c->proof = t->why;
	if (*raw == '@' || address_parse(span_of(raw), &s->arena, &c->folded,
					 &c->written, NULL)) {
		c->folded = "";
		c->written = "";
		c->evidence = evidence_name(EVIDENCE_FAILED);
		c->proof = "what the report names is not an address";
	}
}

static int find_charge(struct store *s, struct charge *c,
		       const struct store_message *m, const struct report *r,
		       const struct fact *f, const struct trust_result *t,
		       struct error *err)
{
	find_address(s, c, f, t);
	c->forwarded = f->forwarded || t->forwarded;
	c->token_stream = t->token.valid ? t->token.stream : "";
	c->token_send = t->token.valid ? t->token.send : "";
	c->stream = first_of(c->token_stream,
			     first_of(r->returned.stream, m->stream));
	c->campaign = first_of(r->returned.campaign, c->token_send);
	c->sent_at_s = policy_sent_at(r->returned.date_s, m->at_s);
	c->provider = policy_provider(address_domain(span_of(c->folded)),
				      span_of(f->remote));
	make_copy_key(c, r, f);
	return address_ensure(s, c->folded, c->written, &c->address, err);
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

static int insert_fact(struct store *s, int64_t message, size_t n,
		       const struct store_message *m, const struct fact *f,
		       const struct charge *c, int64_t *id_r, struct error *err)
{
	char status[STATUS_TEXT_BYTES];
	struct query q;
	int got;

	query_start(&q, s, Q_FACT_INSERT);
	query_int(&q, message);
	query_int(&q, (int64_t)n);
	bind_fact(&q, f, c->forwarded);
	query_int(&q, c->address);
	query_text(&q, c->provider);
	query_text_copy(&q, status_format(fact_status(f), status));
	query_text(&q, c->token_stream);
	query_text(&q, c->token_send);
	query_text(&q, c->stream);
	query_text(&q, c->campaign);
	query_text(&q, c->evidence);
	query_text(&q, c->proof);
	query_int(&q, m->at_s);
	query_int(&q, c->sent_at_s);
	if (c->has_copy_key)
		query_blob(&q, c->copy_key, sizeof(c->copy_key));
	else
		query_int_or_null(&q, 0);
	got = query_number(&q, id_r, err);
	return got < 0 ? -1 : 0;
}

static int insert_judgement(struct store *s, int64_t fact,
			    const struct judgement *j, struct error *err)
{
	const char *reason = reason_info(j->reason)->name;
	const char *class_ = verdict_class_name(j->class_);
	struct query q;

	query_start(&q, s, Q_JUDGEMENT_INSERT);
	query_int(&q, fact);
	query_int(&q, s->rule_set);
	query_text(&q, reason);
	query_text(&q, class_);
	query_text(&q, verdict_effect_name(j->effect));
	query_text(&q, j->rule);
	query_text(&q, j->words);
	if (query_run(&q, err))
		return -1;
	return store_metric_add(s, "verdicts_total",
				arena_printf(&s->arena,
					     "class=\"%s\",reason=\"%s\"",
					     class_, reason),
				1, err);
}

int fact_add(struct store *s, int64_t message, const struct store_message *m,
	     const struct report *report, size_t i,
	     const struct store_verdict *verdict, struct error *err)
{
	const struct fact *f = &report->facts[i];
	struct charge c = {0};
	int64_t id = 0;

	if (find_charge(s, &c, m, report, f, &verdict->trust, err) ||
	    work_touch(s, c.address, err) ||
	    insert_fact(s, message, i, m, f, &c, &id, err))
		return -1;
	return insert_judgement(s, id, &verdict->judgement, err);
}

int fact_charge_again(struct store *s, int64_t message,
		      const struct store_message *m,
		      const struct report *report, size_t i,
		      const struct trust_result *trust, struct error *err)
{
	const struct fact *f = &report->facts[i];
	struct charge c = {0};
	struct query q;

	if (find_charge(s, &c, m, report, f, trust, err) ||
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
	query_text(&q, c.evidence);
	query_text(&q, c.proof);
	if (c.has_copy_key)
		query_blob(&q, c.copy_key, sizeof(c.copy_key));
	else
		query_int_or_null(&q, 0);
	return query_run(&q, err);
}
