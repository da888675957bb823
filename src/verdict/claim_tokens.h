#ifndef VERDICT_CLAIM_TOKENS_H
#define VERDICT_CLAIM_TOKENS_H

#include "verdict/claim_words.h"

/* Words and marks of a folded text, each with what it can do in a sentence. */

/* Kinds of what is no word, beside those of claim_words.h. */
#define IS_MARK CLAIM_KIND(61)	/* a comma, a colon, a dash, a bracket */
#define IS_QUOTE CLAIM_KIND(62) /* and those that mean nothing */
#define IS_OTHER CLAIM_KIND(63) /* a word, which one nobody knows */

struct token {
	const char *p;
	size_t n;
	uint64_t kinds;
};

/* The first and the last stop a sentence, and are empty. */
#define CLAIM_MAX_TOKENS 96

/* Of a word, which may hold digits: "id7". */
static inline bool token_is_part(char c)
{
	return text_is_letter(c) || text_is_digit(c) || c == '_';
}

static inline bool is(const struct token *t, uint64_t kinds)
{
	return (t->kinds & kinds) != 0;
}

static inline bool is_word(const struct token *t, const char *word)
{
	return span_eq(span_make(t->p, t->n), span_of(word));
}

/* Of a sentence, not only of a part that tells what is wrong: "because". */
bool token_is_end(const struct token *t);

/*
 * From t on stand addresses, hosts and numbers only, as replies end: "...
 * closed user@example.net", "... closed id7 mx.example.net".
 */
bool token_is_appended(const struct token *t);

/* Reads as much of text as there is room for. Returns how many, at least 2. */
size_t claim_read_tokens(struct span text, struct token t[CLAIM_MAX_TOKENS]);

#endif
