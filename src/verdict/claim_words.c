#include "verdict/claim_words.h"

/* As strcmp; a stem is equal to all that begins with it. */
static int compare(struct span word, const char *known)
{
	size_t i;

	for (i = 0; i < word.n && word.p[i] == known[i]; i++)
		continue;
	if (known[i] == '*')
		return 0;
	if (i == word.n)
		return known[i] == '\0' ? 0 : -1;
	return (unsigned char)word.p[i] < (unsigned char)known[i] ? -1 : 1;
}

uint64_t claim_word_kinds(struct span word)
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
