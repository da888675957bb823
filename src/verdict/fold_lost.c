#include "verdict/fold_lost.h"

#include <string.h>

#include "verdict/claim_words.h"

#define LOST_MAX 32  /* words that are looked up */
#define UTF8_BYTES 2 /* of a Latin letter with an accent */

static bool is_part(char c)
{
	return text_is_alpha(c) || c == '?';
}

/* What a '?' of a link or of an encoded word stands beside. */
static bool is_apart(struct span s, size_t from, size_t to)
{
	return (from == 0 || strchr(" \t\r\n\"'<([,:", s.p[from - 1])) &&
	       (to == s.n || strchr(" \t\r\n\"'>)],:.;!?", s.p[to]));
}

static size_t run_of_lost(struct span word, size_t at)
{
	size_t n = 0;

	while (at + n < word.n && word.p[at + n] == '?')
		n++;
	return n;
}

/* Somebody may have asked something, unless a letter follows. */
static bool is_surely_lost(struct span word)
{
	for (size_t i = 1; i < word.n; i++)
		if (word.p[i - 1] == '?' && word.p[i] != '?')
			return true;
	return false;
}

/* Whether it is the known word, where so many bytes stand for each letter. */
static bool fits(struct span word, size_t bytes, const char *known)
{
	size_t i = 0, j = 0, n;

	while (i < word.n && known[j] != '*') {
		n = run_of_lost(word, i);
		/* No word ends in two, but in one of two bytes. */
		if (n % bytes != 0 || (i + n == word.n && n > bytes) ||
		    (n == 0 && known[j] != text_lower(word.p[i])))
			return false;
		i += n == 0 ? 1 : n;
		for (n = n == 0 ? 1 : n / bytes; n > 0; n--, j++)
			if (!text_is_alpha(known[j]))
				return false;
	}
	return known[j] == '\0' || (known[j] == '*' && is_surely_lost(word));
}

/* One of those that it may be, NULL where they differ in what they do. */
static const char *find_known(struct span word, size_t bytes)
{
	/* So short that much else would fit. */
	static const char *const often[] = {"ete", "pa", "fur", "mas"};
	const struct claim_word *found = NULL;

	for (size_t i = 0; i < sizeof(often) / sizeof(often[0]); i++)
		if (fits(word, bytes, often[i]))
			return often[i];
	for (size_t i = 0; i < claim_table_count; i++) {
		const struct claim_word *known = &claim_table[i];

		if (!fits(word, bytes, known->word))
			continue;
		if (found != NULL && found->kinds != known->kinds)
			return NULL;
		found = known;
	}
	return found != NULL ? found->word : NULL;
}

/* Returns how many letters it is. */
static size_t put_known(char *out, struct span word, size_t bytes,
			const char *known)
{
	size_t i = 0, n = 0, run;

	for (; i < word.n; i++) {
		run = run_of_lost(word, i);
		if (run == 0) {
			out[n++] = word.p[i];
			known += known[0] != '*';
			continue;
		}
		i += run - 1;
		for (run /= bytes; run > 0; run--) {
			out[n++] = known[0] != '*' ? known[0] : 'x';
			known += known[0] != '*';
		}
	}
	return n;
}

static size_t put_word(char *out, struct span word)
{
	size_t bytes = UTF8_BYTES;
	const char *known = find_known(word, bytes);

	if (known == NULL)
		known = find_known(word, bytes = 1);
	if (known == NULL && is_surely_lost(word)) {
		known = "*";
		bytes = 1;
	}
	if (known != NULL)
		return put_known(out, word, bytes, known);
	memmove(out, word.p, word.n);
	return word.n;
}

/* "supprim???": a letter of two bytes, and then somebody did ask. */
static size_t without_question(struct span s, size_t at, size_t end)
{
	size_t n = 0;

	while (end - n > at && s.p[end - n - 1] == '?')
		n++;
	return n > 1 && n % UTF8_BYTES == 1 && end - n > at ? end - 1 : end;
}

/*
 * The word around the '?' at `at`; empty where that is none that lost any, but
 * may end in a question.
 */
static struct span lost_word(struct span s, size_t floor, size_t at)
{
	size_t from = at, to = at;
	struct span word;

	while (from > floor && is_part(s.p[from - 1]))
		from--;
	while (to < s.n && is_part(s.p[to]))
		to++;
	to = without_question(s, from, to);
	word = span_make(s.p + from, to - from);
	if (to <= at || !is_apart(s, from, to) ||
	    (!is_surely_lost(word) &&
	     (!text_is_alpha(s.p[from]) || s.p[to - 2] != '?')))
		word.n = 0;
	return word;
}

struct span fold_lost(struct span s, char *out)
{
	size_t at = 0, n = 0, mark = 0, next, words = 0;
	struct span word;

	while (words < LOST_MAX &&
	       (next = span_find_char(span_from(s, mark), '?')) != SPAN_NONE) {
		word = lost_word(s, at, mark + next);
		mark += next + 1;
		if (word.n == 0)
			continue;
		next = (size_t)(word.p - s.p);
		memmove(out + n, s.p + at, next - at);
		n += next - at;
		n += put_word(out + n, word);
		at = mark = next + word.n;
		words++;
	}
	if (words == 0)
		return s;
	memmove(out + n, s.p + at, s.n - at);
	return span_make(out, n + s.n - at);
}
