#include "verdict/claim_nouns.h"

#define PASSES                                                                 \
	(CLAIM_NOUN | CLAIM_THE | CLAIM_LIGHT | CLAIM_IS | CLAIM_REL |         \
	 CLAIM_YOU | CLAIM_PREP | CLAIM_PLACE | CLAIM_OR | CLAIM_GONE |        \
	 CLAIM_SHUT | IS_MARK | IS_QUOTE)
#define BARS                                                                   \
	(CLAIM_NOT | CLAIM_NO | CLAIM_STOP | CLAIM_SHY | CLAIM_BAD | IS_OTHER)

/* "The address you sent from" is ours. */
static bool is_sent_from(const struct token *t)
{
	return is_word(t, "from") && is(t - 1, CLAIM_REL);
}

static bool passes(const struct token *t)
{
	return is(t, PASSES) && !is(t, BARS) && !is_sent_from(t);
}

/*
 * Of the noun is spoken, not of what it belongs to: "access to the mailbox",
 * "billing address". An article begins it, or nothing stands before.
 */
static bool is_head(const struct token *noun)
{
	const struct token *t;
	bool begun = false;

	for (t = noun - 1; !is(t, CLAIM_STOP | IS_MARK); t--) {
		if (is(t, CLAIM_NOT | CLAIM_NO | CLAIM_SHY | CLAIM_YOUR))
			return false;
		/* "We regret to inform you that the user" */
		if (is_word(t, "that") && is(t - 1, CLAIM_YOU))
			return true;
		/* "mx.example.net mailbox closed" */
		if (is_word(t, "~") && is(t - 1, CLAIM_STOP))
			return true;
		if (is(t, CLAIM_THE))
			begun = true;
		else if (is(t, CLAIM_PREP) && !is(t, CLAIM_LIGHT))
			return is(t, CLAIM_TO) &&
			       is(t - 1, CLAIM_STOP | IS_MARK);
		else if (is(t, CLAIM_REL | CLAIM_YOU) && !is(t, CLAIM_LIGHT))
			return false;
		else if (!is(t, CLAIM_LIGHT | CLAIM_NOUN | CLAIM_GONE |
					CLAIM_SHUT | IS_QUOTE))
			return begun;
	}
	return true;
}

/* "... on this server", not "the recipient's server". */
static bool is_where(const struct token *place)
{
	const struct token *t = place - 1;

	while (is(t, CLAIM_THE | CLAIM_LIGHT | CLAIM_PLACE) &&
	       !is(t, CLAIM_PREP))
		t--;
	return is(t, CLAIM_PREP) && !is(t, CLAIM_OF);
}

/*
 * "@: your message was deleted", "@: no answer": the address is a label there,
 * and the sentence has a subject of its own; "@: has been deleted" has none.
 */
static bool is_mere_label(const struct token *noun, const struct token *said)
{
	const struct token *t = noun + 1;

	while (is(t, IS_QUOTE))
		t++;
	if (!is_word(noun, "@") || !is(t, IS_MARK))
		return false;
	while (++t < said)
		if (is_word(t, "message") || is_word(t, "mail") ||
		    is(t, CLAIM_THE | CLAIM_PREP | CLAIM_ALSO | CLAIM_SEND |
				  CLAIM_YOU | CLAIM_YOUR | CLAIM_PLACE))
			return true;
	return is(said, CLAIM_NO);
}

const struct token *claim_subject(const struct token *said)
{
	const struct token *t;

	for (t = said - 1; passes(t); t--) {
		if (is(t, CLAIM_NOUN) && is_head(t))
			return is_mere_label(t, said) ? NULL : t;
		if (is(t, CLAIM_PLACE) && !is_where(t))
			return NULL;
	}
	return NULL;
}

/* "... you are trying to reach", but "... you are sending from" */
static bool is_written_to(const struct token *you)
{
	const struct token *t = you + 1;

	while (is(t, CLAIM_REL | CLAIM_LIGHT) || is_word(t, "to"))
		t++;
	return is(you, CLAIM_YOU) && t > you + 1 && is(t, CLAIM_STOP | IS_MARK);
}

bool claim_noun_is_whole(const struct token *noun)
{
	const struct token *t = noun + 1;

	if (t->n > 0 && t->p[0] == '\'')
		return false;
	return is(t, CLAIM_STOP | CLAIM_PREP | CLAIM_NOUN | CLAIM_THE |
			     CLAIM_LIGHT | CLAIM_IS | CLAIM_NOT | CLAIM_LIVE |
			     CLAIM_USED | CLAIM_OR | CLAIM_REL | IS_MARK |
			     IS_QUOTE) ||
	       (is(t, CLAIM_HAVE) && !is(t, CLAIM_PLACE)) || is_written_to(t);
}

bool claim_is_titled(const struct token *said, const struct token *t)
{
	if (!is_word(t, ":") || !is_word(t + 1, "@"))
		return false;
	for (t = said - 1; is(t, CLAIM_IS | CLAIM_NOT); t--)
		if (is(t, CLAIM_STOP))
			return true;
	return is(t, CLAIM_STOP | IS_MARK);
}

/* "Address book not found @": of that, and the address is only added. */
static bool is_of_others(const struct token *said)
{
	const struct token *t;

	if (!is(said, CLAIM_LIVE | CLAIM_GONE | CLAIM_SHUT) ||
	    claim_subject(said) != NULL)
		return false;
	for (t = said - 1; !is(t, CLAIM_STOP | IS_MARK); t--)
		if (is(t, IS_OTHER | CLAIM_PLACE | CLAIM_NOUN | CLAIM_ALSO))
			return true;
	return false;
}

const struct token *claim_object(const struct token *said)
{
	const struct token *t = said + 1;

	while (is(t, CLAIM_THE | CLAIM_LIGHT | CLAIM_NO | CLAIM_LIVE |
			     CLAIM_GONE | IS_QUOTE) &&
	       !is(t, CLAIM_SHY | CLAIM_STOP | CLAIM_NOUN))
		t++;
	if (claim_is_titled(said, t))
		t++;
	if (!is(t, CLAIM_NOUN) || (is_word(t, "@") && is_of_others(said)))
		return NULL;
	while (is(t + 1, CLAIM_NOUN))
		t++;
	return claim_noun_is_whole(t) ? t : NULL;
}
