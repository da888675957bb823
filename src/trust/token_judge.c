/*
 * Which recipient the tokens of a report vouch for. The report may call that
 * recipient by another name (a forward target), but never by somebody else's:
 * what counts is the address that the token is bound to.
 */
#include "trust/token.h"

#include <string.h>

#include "util/address.h"

#define DAY_S ((int64_t)86400)

static bool is_expired(const struct trust_settings *s, const struct token *t,
		       int64_t at_s)
{
	/* Two days of grace for a report that arrived by a slow clock. */
	if (t->issued_s > at_s + 2 * DAY_S)
		return true;
	if (t->key->not_after_s != 0 && t->issued_s >= t->key->not_after_s)
		return true;
	return at_s >= t->issued_s + (s->token_days + 1) * DAY_S;
}

struct names {
	struct buf folded[3]; /* as the report has it, final, returned To */
};

static void names_init(struct names *n, const struct report *report,
		       const struct fact *fact)
{
	const char *given[3] = {fact->address, fact->final,
				report->returned.to};

	for (size_t i = 0; i < 3; i++) {
		struct buf clean;

		buf_init(&clean);
		buf_init(&n->folded[i]);
		if (address_clean(&clean, span_of(given[i])) == 0)
			address_fold(&n->folded[i],
				     span_make(clean.data, clean.len));
		buf_release(&clean);
	}
}

static void names_release(struct names *n)
{
	for (size_t i = 0; i < 3; i++)
		buf_release(&n->folded[i]);
}

/* The place of the name that t was made for, or -1. */
static int bound_name(const struct token *t, const struct names *n)
{
	for (int i = 0; i < 3; i++) {
		const struct buf *b = &n->folded[i];

		if (b->len < REPORT_MAX_ADDRESS &&
		    token_is_for(t, span_make(b->data, b->len)))
			return i;
	}
	return -1;
}

static void copy_span(char *out, struct span s)
{
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

static void token_describe(const struct token *t, const struct buf *name,
			   struct trust_token *out)
{
	out->valid = true;
	copy_span(out->address, span_make(name->data, name->len));
	copy_span(out->send, t->send);
	copy_span(out->stream, t->stream);
	out->issued_s = t->issued_s;
}

static bool is_same_name(const struct names *n, int a, int b)
{
	return span_eq(span_make(n->folded[a].data, n->folded[a].len),
		       span_make(n->folded[b].data, n->folded[b].len));
}

static enum token_verdict judge_names(const struct trust_settings *s,
				      const struct token_list *list,
				      const struct names *names, int64_t at_s,
				      struct trust_token *out_r, int *bound_r)
{
	enum token_verdict verdict = TOKEN_ABSENT;

	*bound_r = -1;
	for (size_t i = 0; i < list->count; i++) {
		const struct token *t = &list->tokens[i];
		int bound = bound_name(t, names);

		if (bound < 0) {
			if (verdict == TOKEN_ABSENT)
				verdict = TOKEN_WRONG;
		} else if (is_expired(s, t, at_s)) {
			if (verdict != TOKEN_VALID)
				verdict = TOKEN_EXPIRED;
		} else if (verdict == TOKEN_VALID) {
			if (!is_same_name(names, bound, *bound_r))
				return TOKEN_CONTRADICTS;
		} else {
			verdict = TOKEN_VALID;
			*bound_r = bound;
			token_describe(t, &names->folded[bound], out_r);
		}
	}
	return verdict;
}

enum token_verdict token_judge(const struct trust_settings *s,
			       const struct token_list *list,
			       const struct report *report,
			       const struct fact *fact, int64_t at_s,
			       struct trust_token *out_r, bool *forwarded_r)
{
	enum token_verdict verdict;
	struct names names;
	int bound;

	*out_r = (struct trust_token){.valid = false};
	*forwarded_r = false;
	if (list->count == 0)
		return TOKEN_ABSENT;
	names_init(&names, report, fact);
	verdict = judge_names(s, list, &names, at_s, out_r, &bound);
	if (verdict == TOKEN_VALID)
		/* Bound to neither name of the report, but to our own To. */
		*forwarded_r = bound == 2;
	else
		*out_r = (struct trust_token){.valid = false};
	names_release(&names);
	return verdict;
}
