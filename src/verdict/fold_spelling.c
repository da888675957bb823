#include "verdict/fold_spelling.h"

#include <stdbool.h>
#include <string.h>

#include "util/text.h"

/*
 * Those who write servers agree on what to say, not on how to spell it. Each
 * row is asked for as the last letter of its spelling is written, so that two
 * of them may follow one upon the other: "is not exists".
 */
static const struct {
	const char *said, *means;
	bool in_word; /* may end a longer word */
} spellings[] = {
	{"n't", " not", true},
	{"cannot", "can not", false},
	{"ca not", "can not", false},
	{"is not exist", "does not exist", false},
	{"not exists", "not exist", false},
	{"nonexist", "non-exist", false},
	{"non exist", "non-exist", false},
	{"non-existing", "non-existent", false},
	{"e-mail", "email", false},
	{"mail box", "mailbox", false},
	{"mail-box", "mailbox", false},
	{"black list", "blacklist", false},
	{"black-list", "blacklist", false},
	{"block list", "blocklist", false},
	{"block-list", "blocklist", false},
};

static bool ends_in(const char *p, size_t n, const char *said, size_t length,
		    bool in_word)
{
	return n >= length && memcmp(p + n - length, said, length) == 0 &&
	       (in_word || n == length || !text_is_alnum(p[n - length - 1]));
}

size_t fold_spelling(char *p, size_t n, size_t max)
{
	size_t i;

	if (n == 0 || strchr("tsglx", p[n - 1]) == NULL)
		return n;
	for (i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
		const char *means = spellings[i].means;
		size_t length = strlen(spellings[i].said);

		if (!ends_in(p, n, spellings[i].said, length,
			     spellings[i].in_word) ||
		    n - length + strlen(means) > max)
			continue;
		n -= length;
		memcpy(p + n, means, strlen(means));
		n += strlen(means);
	}
	return n;
}
