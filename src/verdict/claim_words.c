#include "verdict/claim_words.h"

#include <string.h>

/* As strcmp; a stem is equal to all that begins with it. */
static int compare(struct span word, const char *known)
{
	size_t n = strlen(known);
	bool stem = known[n - 1] == '*';
	int order;

	n -= stem;
	order = memcmp(word.p, known, word.n < n ? word.n : n);
	if (order != 0)
		return order;
	if (word.n < n)
		return -1;
	return word.n > n && !stem;
}

unsigned claim_word_kinds(struct span word)
{
	size_t from = 0, to = claim_table_count;

	while (from < to) {
		size_t at = from + (to - from) / 2;
		int order = compare(word, claim_table[at].word);

		if (order == 0)
			return claim_table[at].kinds;
		if (order < 0)
			to = at;
		else
			from = at + 1;
	}
	/* An id, "4f2kzz", is no word. */
	for (size_t i = 0; i < word.n; i++)
		if (text_is_digit(word.p[i]))
			return CLAIM_LIGHT | CLAIM_WHY;
	return 0;
}
