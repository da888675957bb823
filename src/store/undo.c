/*
 * Taking back verdicts: a forged hour, a broken rule, a mailbox that was read
 * by mistake. The facts stay and can be seen; they are left out of every
 * history, so that nothing of what they did is left.
 */
#include <string.h>

#include "store/decision.h"
#include "store/internal.h"
#include "store/rework.h"

struct undo {
	const struct store_undo *what;
	int64_t now_s;
};

static int pick(struct store *s, const struct store_undo *what,
		struct error *err)
{
	const char *domain;
	struct query q;

	if (rework_prepare(s, err) ||
	    domain_fold(what->domain, &s->scratch, &domain, err))
		return -1;
	query_start(&q, s, Q_UNDO_PICK);
	query_int(&q, what->redo);
	query_int(&q, what->since_s);
	query_int(&q, what->until_s ? what->until_s : INT64_MAX);
	query_text(&q, what->mailbox);
	query_text(&q, what->rule);
	query_text(&q, what->message);
	query_text(&q, what->reporter);
	query_text(&q, what->campaign);
	query_text(&q, domain);
	query_text(&q, what->evidence);
	return query_run(&q, err);
}

static int address_name(struct store *s, int64_t address, const char **folded_r,
			struct error *err)
{
	struct query q;
	int got;

	*folded_r = "";
	query_start(&q, s, Q_ADDRESS_BY_ID);
	query_int(&q, address);
	got = query_step(&q, err);
	if (got == 1) {
		*folded_r = row_dup(&q, &s->scratch);
		query_end(&q);
	}
	return got < 0 ? -1 : 0;
}

static int change(struct store *s, int64_t address, const int64_t *facts,
		  size_t n, void *ctx, struct error *err)
{
	const struct undo *u = ctx;
	struct decision_row r = {.action = u->what->redo ? "redo" : "undo",
				 .stream = "",
				 .who = u->what->who ? u->what->who : "",
				 .note = u->what->note ? u->what->note : "",
				 .address = address,
				 .at_s = u->now_s};

	if (address_name(s, address, &r.folded, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct query q;

		r.fact = facts[i];
		query_start(&q, s, Q_UNDO_FACT);
		query_int(&q, facts[i]);
		query_int(&q, !u->what->redo);
		if (query_run(&q, err) || decision_insert(s, &r, err))
			return -1;
	}
	return 0;
}

int store_undo(struct store *s, const struct store_undo *what,
	       const struct store_watch *watch, int64_t now_s,
	       struct store_rework *result_r, struct error *err)
{
	struct undo u = {what, now_s};
	struct rework w = {.change = change,
			   .ctx = &u,
			   .watch = watch,
			   .dry_run = what->dry_run};

	if (pick(s, what, err))
		return -1;
	return rework_run(s, &w, now_s, result_r, err);
}
