#include "verdict/fold_spelling.h"

#include <string.h>

#include "util/text.h"

/*
 * Those who write servers agree on what to say, not on how to spell it. Each
 * row is asked for as the last letter of its spelling is written, so that two
 * of them may follow one upon the other: "is not exists". Of a state it does
 * not matter since when it lasts: "has been disabled" is "is disabled".
 */
#define SAID(said, means) said, means, sizeof(said) - 1, sizeof(means) - 1

static const struct spelling {
	const char *said, *means;
	size_t said_n, means_n;
	bool in_word; /* may end a longer word */
} spellings[] = {
	{SAID("n't", " not"), true},
	{SAID("cannot", "can not"), false},
	{SAID("ca not", "can not"), false},
	{SAID("is not exist", "does not exist"), false},
	{SAID("not exists", "not exist"), false},
	{SAID("nonexist", "non-exist"), false},
	{SAID("non exist", "non-exist"), false},
	{SAID("non-existing", "non-existent"), false},
	{SAID("existant", "existent"), true},
	{SAID("e-mail", "mail"), false},
	{SAID("email", "mail"), false},
	{SAID("mail box", "mailbox"), false},
	{SAID("mail-box", "mailbox"), false},
	{SAID("black list", "blacklist"), false},
	{SAID("black-list", "blacklist"), false},
	{SAID("block list", "blocklist"), false},
	{SAID("block-list", "blocklist"), false},
	{SAID("white list", "whitelist"), false},
	{SAID("white-list", "whitelist"), false},
	{SAID("allow list", "allowlist"), false},
	{SAID("allow-list", "allowlist"), false},
	{SAID("adress", "address"), false},
	{SAID("mailaddress", "mail address"), false},
	{SAID("useraccount", "user account"), false},
	{SAID("not available", "unavailable"), false},
	{SAID("was", "is"), false},
	{SAID("has been", "is"), false},
	{SAID("have been", "is"), false},
	{SAID("is now", "is"), false},
	{SAID("is permanently", "is"), false},
	{SAID("is administratively", "is"), false},
	/* German without its dots, as it is written in ASCII */
	{SAID("empfaeng", "empfang"), true},
	{SAID("domae", "doma"), true},
	{SAID("ungue", "ungu"), true},
	{SAID("schoe", "scho"), true},
	{SAID("geloe", "gelo"), true},
	{SAID("spae", "spa"), true},
	{SAID("ueb", "ub"), true},
	{SAID("uberfue", "uberfu"), true},
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
