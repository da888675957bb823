#include "verdict/claim_full.h"

#include "verdict/claim_nouns.h"

/*
 * There is no room in the mailbox: it is full, more than a quota is used, no
 * space is left. Nothing is suppressed by it, so that words need only be near
 * each other; but none may be of what we send, or of the host's own disks.
 */

#define NEAR 9
#define ROOM (CLAIM_QUOTA | CLAIM_SPACE)

/* A word of these kinds is no further away than so many. */
static bool is_near(const struct token *said, uint64_t kinds, int before,
		    int behind)
{
	const struct token *t;

	for (t = said - 1; before > 0 && !token_is_end(t); t--, before--)
		if (is(t, kinds))
			return true;
	for (t = said + 1; behind > 0 && !token_is_end(t); t++, behind--)
		if (is(t, kinds))
			return true;
	return false;
}

/* "Your mailbox", not "your message". */
static bool is_yours(const struct token *t)
{
	return is(t, CLAIM_YOUR) &&
	       is_near(t, CLAIM_BOX | CLAIM_LIMIT | ROOM, 0, 2);
}

/*
 * What is said together, up to "and" or a full stop, is of us: of what we send,
 * or of what is ours; or of the host's own.
 */
static bool is_of_another(const struct token *said, uint64_t *kinds_r)
{
	const struct token *t = said;
	uint64_t kinds = 0;

	while (!is(t - 1, CLAIM_STOP))
		t--;
	for (; t == said || !is(t, CLAIM_STOP); t++) {
		if (is(t, CLAIM_SEND) || is_yours(t))
			return true;
		kinds |= t->kinds;
	}
	*kinds_r = kinds;
	return (kinds & CLAIM_DISK) != 0 &&
	       (kinds & (CLAIM_NOUN | CLAIM_BOX)) == 0;
}

/*
 * "Mailbox @ is full", "full mailbox", "due to full storage", not "full access
 * to the mailbox".
 */
static bool is_filled(const struct token *full)
{
	const struct token *t = full - 1, *next = full + 1;

	if (is(next, CLAIM_BOX))
		return !is(t, CLAIM_NOT | CLAIM_NO) &&
		       claim_noun_is_whole(next) && !is(next + 1, CLAIM_NOUN);
	if (is(next, ROOM))
		return is(t, CLAIM_PREP) && is(next + 1, CLAIM_STOP);
	while (is(t, CLAIM_LIGHT | CLAIM_IS | CLAIM_THE | CLAIM_PREP |
			     CLAIM_YOUR | CLAIM_PLACE | CLAIM_REL | CLAIM_YOU |
			     IS_MARK | IS_QUOTE) &&
	       !is(t, CLAIM_STOP | CLAIM_NOT | CLAIM_NOUN | CLAIM_BOX | ROOM))
		t--;
	return is(t, CLAIM_NOUN | CLAIM_BOX | ROOM) &&
	       (is(full - 1, CLAIM_IS) || token_is_appended(next) ||
		is(next, CLAIM_STOP | CLAIM_LIGHT | CLAIM_IS | CLAIM_PREP |
				 IS_MARK | IS_QUOTE));
}

/* "Over" and "above" are said before what they mean. */
static bool is_preposed(const struct token *over)
{
	return (is_word(over, "over") || is_word(over, "above") ||
		is_word(over, "beyond")) &&
	       !is(over - 1, CLAIM_IS);
}

/* "Quota exceeded", "has reached their limit", "over the storage limit". */
static bool is_passed(const struct token *over, uint64_t kinds)
{
	uint64_t what = ROOM;

	if (is(over, CLAIM_QUOTA)) /* "overquota" */
		return true;
	if (is_word(over, "used") && !is_word(over + 1, "up") &&
	    !is_word(over + 1, "all"))
		return false;
	if ((kinds & CLAIM_BOX) != 0)
		what |= CLAIM_LIMIT;
	return is_near(over, what, is_preposed(over) ? 0 : NEAR, NEAR);
}

/* "No space left", "not enough room", "insufficient storage". */
static bool is_lacking(const struct token *lack)
{
	const struct token *t = lack + 1;

	if (is(lack, CLAIM_LACK))
		return is_near(lack, ROOM, 3, 3);
	if (is_word(t, "enough") && is_near(lack, CLAIM_SPACE, 2, 0))
		return true;
	while (is(t, CLAIM_LIGHT | CLAIM_THE | CLAIM_HAVE | CLAIM_IS |
			     CLAIM_OF | CLAIM_NOT | CLAIM_MUCH | CLAIM_DISK |
			     IS_QUOTE) &&
	       !is(t, CLAIM_STOP | ROOM))
		t++;
	if (!is(t, ROOM))
		return false;
	t++;
	return is(t, CLAIM_MUCH | CLAIM_STOP | CLAIM_PREP | CLAIM_IS |
			     CLAIM_LIGHT | CLAIM_THE | IS_MARK | IS_QUOTE);
}

static bool says_full(const struct token *t, uint64_t kinds)
{
	if (is(t, CLAIM_FULL))
		return is_filled(t);
	if (is(t, CLAIM_OVER))
		return is_passed(t, kinds);
	return is(t, CLAIM_LACK | CLAIM_NO | CLAIM_NOT) && is_lacking(t);
}

bool claim_is_full(const struct token *t, size_t n, struct span *words_r)
{
	uint64_t all = 0, kinds;
	size_t i;

	for (i = 1; i + 1 < n; i++)
		all |= t[i].kinds;
	if ((all & (CLAIM_FULL | ROOM | CLAIM_LIMIT)) == 0)
		return false;
	for (i = 1; i + 1 < n; i++) {
		if (!is(&t[i], CLAIM_FULL | CLAIM_OVER | CLAIM_LACK | CLAIM_NO |
				       CLAIM_NOT))
			continue;
		if (is_of_another(&t[i], &kinds) || !says_full(&t[i], kinds))
			continue;
		*words_r = span_make(t[i].p, t[i].n);
		return true;
	}
	return false;
}
