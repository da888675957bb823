#include "verdict/fold_spelling.h"

#include <string.h>

#include "util/text.h"

static const struct spelling {
	const char *said, *means;
	size_t said_n, means_n;
	bool in_word;
} spellings[] = {
#define SPELLING(said, means, in_word)                                         \
	{said, means, sizeof(said) - 1, sizeof(means) - 1, in_word},
#include "verdict/spellings.def"
#undef SPELLING
};

static bool ends_in(const char *p, size_t n, const struct spelling *s)
{
	return n >= s->said_n && p[n - 1] == s->said[s->said_n - 1] &&
	       p[n - s->said_n] == s->said[0] &&
	       memcmp(p + n - s->said_n, s->said, s->said_n) == 0 &&
	       (s->in_word || n == s->said_n ||
		!text_is_alnum(p[n - s->said_n - 1]));
}

size_t fold_spelling(char *p, size_t n, size_t max)
{
	size_t i;

	if (!fold_may_be_spelling(p, n))
		return n;
	for (i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
		const struct spelling *s = &spellings[i];

		if (!ends_in(p, n, s) || n - s->said_n + s->means_n > max)
			continue;
		n -= s->said_n;
		memcpy(p + n, s->means, s->means_n);
		n += s->means_n;
	}
	return n;
}
