/*
 * Puts together what a report can prove, strongest first. What concerns the
 * whole report is found out once, the rest for each recipient.
 */
#include <string.h>

#include "trust/authres.h"
#include "trust/dkim.h"
#include "trust/relay.h"
#include "trust/token.h"
#include "trust/trust.h"
#include "util/address.h"
#include "util/arena.h"

struct view {
	const struct trust_settings *s;
	const struct report *report;
	int64_t at_s;
	trust_ledger_fn ledger;
	void *ledger_ctx;
	struct arena arena;
	struct token_list tokens;
	struct dkim_result dkim;
	struct authres authres;
	bool relay, ours;
};

static bool is_our_domain(const struct trust_settings *s, const char *address)
{
	struct span text = span_of(address);
	size_t at = span_find_char(text, '@');

	if (at == SPAN_NONE)
		return false;
	for (const char *const *d = s->our_domains; d && *d; d++) {
		if (address_domain_is_below(address_domain(text), span_of(*d)))
			return true;
	}
	return false;
}

/* Nothing came back: then nothing speaks for us either. */
static bool is_ours(const struct trust_settings *s, const struct returned *r)
{
	if (!s->our_domains || !*s->our_domains)
		return true;
	return is_our_domain(s, r->from) || is_our_domain(s, r->message_id) ||
	       is_our_domain(s, r->return_path) || is_our_domain(s, r->to);
}

static void view_init(struct view *v, const struct trust_settings *s,
		      const struct report *report, int64_t at_s,
		      trust_ledger_fn ledger, void *ledger_ctx)
{
	struct headers h;

	v->s = s;
	v->report = report;
	v->at_s = at_s;
	v->ledger = ledger;
	v->ledger_ctx = ledger_ctx;
	arena_init(&v->arena);
	headers_parse(&h, &v->arena, report->headers);
	token_collect(s, report, &v->tokens);
	dkim_judge(s, report->returned.headers, at_s, &v->arena, &v->dkim);
	authres_read(s, &h, &v->arena, &v->authres);
	v->relay = s->trusted_mailbox || relay_made_it(s, report, &h);
	v->ours = is_ours(s, &report->returned);
}

static bool is_signed_to(const struct view *v, struct span folded)
{
	return v->dkim.verdict == DKIM_VALID && folded.n > 0 &&
	       span_eq(span_of(v->dkim.to), folded);
}

static bool is_in_ledger(const struct view *v, const char *folded)
{
	const char *id = v->report->returned.message_id;

	return v->ledger && *id != '\0' && *folded != '\0' &&
	       v->ledger(v->ledger_ctx, id, folded) == 1;
}

static void conclude(struct trust_result *r, enum evidence e, const char *why)
{
	r->evidence = e;
	r->why = why;
}

/* Everything but the token. folded is the recipient, or "". */
static void judge_rest(const struct view *v, const struct fact *fact,
		       const char *folded, struct trust_result *r)
{
	if (is_signed_to(v, span_of(folded)))
		conclude(r, EVIDENCE_DKIM,
			 "our DKIM signature covers a To that names it");
	else if (is_in_ledger(v, folded))
		conclude(r, EVIDENCE_LEDGER, "the sent ledger knows it");
	else if (v->relay)
		conclude(r, EVIDENCE_RELAY, "our own relay made the report");
	else if (v->dkim.verdict == DKIM_WRONG)
		conclude(r, EVIDENCE_FAILED, v->dkim.why);
	else if (!v->ours)
		conclude(r, EVIDENCE_FOREIGN,
			 "nothing that came back carries a domain of ours");
	else if (authres_answers_for(&v->authres, v->report->from, fact))
		conclude(r, EVIDENCE_SENDER,
			 "the recipient's mail system is authenticated");
	else
		conclude(r, EVIDENCE_UNPROVED, "nothing proves it");
}

static void judge_fact(const struct view *v, const struct fact *fact,
		       struct trust_result *r)
{
	struct buf clean, folded;

	*r = (struct trust_result){.evidence = EVIDENCE_UNPROVED, .why = ""};
	switch (token_judge(v->s, &v->tokens, v->report, fact, v->at_s,
			    &r->token, &r->forwarded)) {
	case TOKEN_VALID:
		conclude(r, EVIDENCE_TOKEN, "our signed return path names it");
		return;
	case TOKEN_WRONG:
		conclude(r, EVIDENCE_FAILED,
			 "the signed return path is not this recipient's");
		return;
	case TOKEN_CONTRADICTS:
		conclude(r, EVIDENCE_FAILED,
			 "signed return paths of two recipients");
		return;
	case TOKEN_ABSENT:
	case TOKEN_EXPIRED:
		break;
	}
	buf_init(&clean);
	buf_init(&folded);
	if (address_clean(&clean, span_of(fact->address)) == 0)
		address_fold(&folded, span_make(clean.data, clean.len));
	judge_rest(v, fact, folded.data, r);
	buf_release(&folded);
	buf_release(&clean);
}

void trust_judge(const struct trust_settings *s, const struct report *report,
		 const struct fact *fact, int64_t at_s, trust_ledger_fn ledger,
		 void *ledger_ctx, struct trust_result *result_r)
{
	struct view v;

	view_init(&v, s, report, at_s, ledger, ledger_ctx);
	judge_fact(&v, fact, result_r);
	arena_release(&v.arena);
}

void trust_judge_report(const struct trust_settings *s,
			const struct report *report, int64_t at_s,
			trust_ledger_fn ledger, void *ledger_ctx,
			struct trust_result *results_r)
{
	struct view v;

	view_init(&v, s, report, at_s, ledger, ledger_ctx);
	for (size_t i = 0; i < report->fact_count; i++)
		judge_fact(&v, &report->facts[i], &results_r[i]);
	arena_release(&v.arena);
}
