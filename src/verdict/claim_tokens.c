#include "verdict/claim_tokens.h"

/* "Mail.users": a name; behind "refused." a sentence may begin. */
static bool is_in_name(struct span text, size_t at)
{
	return text.p[at] == '.' && at > 0 && token_is_part(text.p[at - 1]) &&
	       at + 1 < text.n && token_is_part(text.p[at + 1]);
}

static uint64_t mark_kinds(struct span text, size_t at)
{
	switch (text.p[at]) {
	case '@':
		return CLAIM_NOUN;
	case '~':
		return CLAIM_PLACE;
	case '%':
		return CLAIM_SHY;
	case '.':
		return is_in_name(text, at) ? IS_OTHER : CLAIM_STOP;
	case ';':
	case '!':
	case '|':
		return CLAIM_STOP;
	case '?':
		return CLAIM_STOP | CLAIM_SHY;
	case ':':
	case ',':
	case '-':
	case '(':
		return IS_MARK;
	}
	return IS_QUOTE;
}

bool token_is_end(const struct token *t)
{
	return is(t, CLAIM_STOP) && (t->n == 0 || !token_is_part(t->p[0]));
}

/* "4711", "id7" */
static bool is_number(const struct token *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (text_is_digit(t->p[i]))
			return true;
	return false;
}

bool token_is_appended(const struct token *t)
{
	const struct token *from = t;

	while (is_word(t, "@") || is_word(t, "~") || is_number(t))
		t++;
	return t > from && is(t, CLAIM_STOP | IS_MARK);
}

static uint64_t word_kinds(struct span word)
{
	uint64_t kinds = claim_word_kinds(word);

	return (kinds & ~CLAIM_OF_ROOM) != 0 ? kinds : kinds | IS_OTHER;
}

/* "<@>... closed", as sendmail names whom it speaks of. */
static bool is_behind_address(const struct token *dots)
{
	const struct token *t = dots - 1;

	while (is(t, IS_QUOTE))
		t--;
	return t->n > 0 && t->p[0] == '@';
}

/*
 * "Your recipient", "your mail": theirs, and ours to send; not "your mail
 * account".
 */
static bool is_sent(struct span behind)
{
	struct span mail = SPAN("mail ");
	size_t n = 0;

	behind = span_trim(behind);
	if (span_starts_ci(behind, SPAN("recip")) ||
	    span_starts_ci(behind, SPAN("addressee")) ||
	    span_starts_ci(behind, SPAN("message")))
		return true;
	if (!span_starts_ci(behind, mail))
		return false;
	behind = span_from(behind, mail.n);
	while (n < behind.n && token_is_part(behind.p[n]))
		n++;
	return (claim_word_kinds(span_cut(behind, n)) & CLAIM_NOUN) == 0;
}

/* "User name", "local part", "the name @", "nobody by that name". */
static bool is_noun_here(const struct token *t)
{
	const struct token *next = t + 1, *back = t - 1;

	if (is(next, IS_QUOTE))
		next++;
	if (is(back, CLAIM_NOUN) || is_word(back, "local") ||
	    (next->n > 0 && next->p[0] == '@'))
		return true;
	while (is(back, CLAIM_THE | CLAIM_LIGHT) && !is(back, CLAIM_PREP))
		back--;
	return is(back, CLAIM_PREP) && is(back - 1, CLAIM_NO);
}

static void name_nouns(struct token *t, size_t n)
{
	for (size_t i = 1; i + 1 < n; i++)
		if (is(&t[i], CLAIM_ALSO))
			t[i].kinds |=
				is_noun_here(&t[i]) ? CLAIM_NOUN : CLAIM_LIGHT;
}

size_t claim_read_tokens(struct span text, struct token t[CLAIM_MAX_TOKENS])
{
	size_t at = 0, n = 0, end;

	t[n++] = (struct token){text.p, 0, CLAIM_STOP};
	while (at < text.n && n < CLAIM_MAX_TOKENS - 1) {
		if (text.p[at] == ' ') {
			at++;
			continue;
		}
		for (end = at; end < text.n && token_is_part(text.p[end]);
		     end++)
			continue;
		if (span_starts_ci(span_from(text, at), SPAN("non-existent")))
			end = at + SPAN("non-existent").n;
		t[n] = (struct token){text.p + at, end - at, 0};
		if (span_starts_ci(span_from(text, at), SPAN("...")) &&
		    is_behind_address(&t[n])) {
			t[n].n = SPAN("...").n;
			t[n].kinds = IS_MARK;
		} else if (end == at) {
			t[n].n = 1;
			t[n].kinds = mark_kinds(text, at);
		} else {
			t[n].kinds = word_kinds(span_make(t[n].p, t[n].n));
			if (span_eq(span_make(t[n].p, t[n].n), SPAN("your")) &&
			    is_sent(span_from(text, end)))
				t[n].kinds = CLAIM_THE;
		}
		at += t[n++].n;
	}
	/* What is cut off may say more. */
	t[n] = (struct token){text.p + at, 0, CLAIM_STOP};
	if (at < text.n)
		t[n].kinds |= CLAIM_SHY;
	n++;
	name_nouns(t, n);
	return n;
}
