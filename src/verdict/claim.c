#include "verdict/claim.h"

#include "util/grams.h"
#include "verdict/claim_full.h"
#include "verdict/claim_nouns.h"

/*
 * No grammar: what a word may do (claim_words.txt), and what may stand between
 * the one that names the recipient and the one that says what has become of
 * them. A word that is not known there ends the search, except where it can
 * only be outside: before an article, behind what has been said.
 */

const char *const claim_names[CLAIM_COUNT] = {"", "gone", "closed", "full"};

/* It is not said of us: "you have ...", but "you entered ...". */
static bool is_ours(const struct token *said)
{
	const struct token *t;

	for (t = said - 1; !is(t, CLAIM_STOP); t--)
		if (is(t, CLAIM_SHY | CLAIM_ALSO) ||
		    (is(t, CLAIM_YOU) && !is(t + 1, CLAIM_REL) &&
		     !(is(t + 1, CLAIM_LIGHT) && is(t + 2, CLAIM_REL))))
			return false;
	return true;
}

/* "Never heard of you", "works with you" */
static bool is_with_you(const struct token *said)
{
	return is(said + 1, CLAIM_YOU) ||
	       (is(said + 1, CLAIM_PREP) && is(said + 2, CLAIM_YOU));
}

/* "Not recognised as one of our users", but not "as recipient of this". */
static bool is_as_one(const struct token *as)
{
	const struct token *t = as + 1;

	while (is(t, CLAIM_THE | CLAIM_LIGHT | CLAIM_LIVE | CLAIM_OF))
		t++;
	return is(as + 1, CLAIM_PREP) ||
	       (is(t, CLAIM_NOUN) && !is(t + 1, CLAIM_OF));
}

/* "Closed to", "known as", "not found for": who knows what. */
/* "... für Werbung", "... aux publicités": not to everybody. */
static bool is_to_some(const struct token *t)
{
	static const char *const to[] = {"fur", "aux", "alla", "alle",
					 "dla", "для", "voor", NULL};

	for (size_t i = 0; to[i] != NULL; i++)
		if (is_word(t, to[i]))
			return true;
	return false;
}

static bool goes_on(const struct token *said)
{
	const struct token *t = said + 1;
	bool denied = false;
	size_t i;

	if (is_with_you(said))
		return false;
	if (is_word(t, "as"))
		return is_as_one(t);
	if (is_to_some(t))
		return false;
	if (is_word(t, "to"))
		return is(t + 1, CLAIM_LIGHT) && t[1].n > 1;
	if (is_word(t, "for"))
		return is(t + 1, CLAIM_WHY | CLAIM_NOUN) ||
		       (is(t + 1, CLAIM_THE) &&
			(is(t + 2, CLAIM_NOUN) ||
			 (is(t + 2, CLAIM_PLACE) && !is(t + 3, IS_OTHER))));
	if (!is(t, CLAIM_OR))
		return true;
	for (i = 1; i < 5 && !is(t + i, CLAIM_STOP); i++) {
		if (is(t + i, CLAIM_GONE | CLAIM_SHUT) ||
		    (denied && (is(t + i, CLAIM_LIVE | CLAIM_USED) ||
				is(t + i + 1, CLAIM_STOP))))
			return true;
		denied |= is(t + i, CLAIM_NOT | CLAIM_NO);
	}
	return false;
}

/* "... is closed yesterday", but not "... closed connection". */
static bool ends_well(const struct token *said)
{
	const struct token *t = said - 1, *next = said + 1;

	if (token_is_appended(next))
		return true;
	if (is(next, CLAIM_PLACE) || !goes_on(said))
		return false;
	while (is(t, CLAIM_LIGHT | CLAIM_NOT) && !is(t, CLAIM_IS))
		t--;
	/* "Has no valid license", "is not found guilty" */
	if (is(said, CLAIM_LIVE) && is(next, IS_OTHER))
		return false;
	if (is(t, CLAIM_IS) || is(next, CLAIM_WHY | CLAIM_OR) ||
	    is(said, CLAIM_LIVE))
		return true;
	while (is(next, CLAIM_LIGHT) && !is(next, CLAIM_PREP))
		next++;
	return !is(next,
		   IS_OTHER | CLAIM_THE | CLAIM_NOUN | CLAIM_YOU | CLAIM_YOUR);
}

/* The word that denies it, before it; NULL where it is not denied. */
static const struct token *find_denial(const struct token *said)
{
	const struct token *t;
	int i;

	for (t = said - 1, i = 0; i < 6; t--, i++) {
		if (is(t, CLAIM_NOT | CLAIM_FAIL) ||
		    (is(t, CLAIM_NO) && is(said, CLAIM_USED) && t->n > 3))
			return t;
		if (is(t, CLAIM_STOP) ||
		    !is(t, CLAIM_LIGHT | CLAIM_IS | CLAIM_THE | CLAIM_LIVE |
				   CLAIM_PREP | CLAIM_PLACE | IS_MARK |
				   IS_QUOTE))
			return NULL;
	}
	return NULL;
}

/* "No se encuentra en la oficina", but "... en este servidor". */
static bool is_away(const struct token *said, const struct token *last)
{
	const struct token *t = last + 1;

	if (!is_word(said - 1, "se") && !is_word(said - 1, "si"))
		return false;
	while (is(t, CLAIM_BEHIND))
		t++;
	if (!is(t, CLAIM_PREP))
		return false;
	do
		t++;
	while (is(t, CLAIM_THE | CLAIM_LIGHT) && !is(t, CLAIM_PLACE));
	return !is(t, CLAIM_PLACE);
}

/* "Existiert hier nicht", "wir kennen den Empfänger nicht". */
static bool is_denied_behind(const struct token *said)
{
	const struct token *t;
	bool object = false;
	int i;

	for (t = said + 1, i = 0; i < 6; t++, i++) {
		if (is(t, CLAIM_BEHIND) && is_away(said, t))
			return false;
		if (is(t, CLAIM_BEHIND))
			return object ? is_ours(said)
				      : claim_is_titled(said, t + 1) ||
						(!is(said, CLAIM_HAVE) &&
						 claim_subject(said) != NULL);
		object |= is(t, CLAIM_NOUN);
		if (is(t, CLAIM_STOP) ||
		    !is(t, CLAIM_LIGHT | CLAIM_THE | CLAIM_PREP | CLAIM_PLACE |
				   CLAIM_NOUN | IS_MARK | IS_QUOTE))
			return false;
	}
	return false;
}

/* "No mailbox is known", "... corresponds to @", not "... to this host". */
static bool is_matched(const struct token *live)
{
	const struct token *t = live + 1;

	if (is_word(t, "to"))
		t++;
	else if (!is(live, CLAIM_HAVE))
		return goes_on(live);
	while (is(t, CLAIM_THE | CLAIM_LIGHT | CLAIM_NO | IS_QUOTE) &&
	       !is(t, CLAIM_NOUN | CLAIM_STOP))
		t++;
	if (is(t, CLAIM_NOUN) && claim_noun_is_whole(t))
		return true;
	return is(live, CLAIM_HAVE) ? is(live + 1, CLAIM_STOP) : goes_on(live);
}

/*
 * How "no mailbox" goes on: "... here", "... with that name is known". Without
 * it there may be none given: "no recipient".
 */
static bool is_not_there(const struct token *noun, bool such)
{
	const struct token *t;
	bool whole = false; /* "no such mailbox, ..." */

	for (t = noun + 1;
	     is(t, CLAIM_THE | CLAIM_LIGHT | CLAIM_NOUN | CLAIM_PREP |
			   CLAIM_PLACE | CLAIM_IS | IS_MARK | IS_QUOTE) &&
	     !is(t, CLAIM_STOP | CLAIM_SHY);
	     t++) {
		such |= is(t, CLAIM_STAFF | CLAIM_NOUN | CLAIM_PREP |
				      CLAIM_PLACE | CLAIM_ALSO);
		whole |= such && is(t, IS_MARK);
	}
	/* "Nessun utente valido" */
	if (is(t, CLAIM_LIVE | CLAIM_USED | CLAIM_HAVE))
		return !span_starts_ci(span_make(t->p, t->n), SPAN("valid")) &&
		       is_matched(t);
	return whole || (such && is(t, CLAIM_STOP));
}

/* "Is not known", "we do not have a mailbox", "gibt es nicht". */
static bool denies(const struct token *said)
{
	const struct token *not_, *subject, *object;

	if (!is(said, CLAIM_LIVE | CLAIM_HAVE | CLAIM_USED))
		return false;
	not_ = find_denial(said);
	if (not_ == NULL)
		return is_denied_behind(said);
	subject = claim_subject(not_);
	object = claim_object(said);
	/* Not "... is not an active account" */
	if (is(said, CLAIM_LIVE | CLAIM_USED) && subject != NULL &&
	    (object == NULL || !is(said - 1, CLAIM_THE)))
		return ends_well(said) && !is_away(said, said);
	if (object != NULL && is_away(said, object))
		return false;
	/* "Mail to not existing users" */
	if (object != NULL && not_ == said - 1 && is(not_ - 1, CLAIM_PREP))
		return false;
	/* "No existe el usuario", but "no valid recipient". */
	if (object != NULL && not_ == said - 1 && is(not_, CLAIM_NO) &&
	    !(is(said, CLAIM_HAVE) && subject != NULL) &&
	    !is_word(object, "@") && !is(said + 1, CLAIM_THE | CLAIM_NO) &&
	    !is_not_there(object, false))
		return false;
	return object != NULL && (subject != NULL || is_ours(not_)) &&
	       (is(said, CLAIM_LIVE | CLAIM_HAVE) || !is(not_, CLAIM_FAIL));
}

/* "Mailbox closed", "unknown addressee". */
static bool describes(const struct token *said)
{
	const struct token *t = said - 1, *object;

	if (!is(said, CLAIM_GONE | CLAIM_SHUT))
		return false;
	if (claim_subject(said) != NULL && ends_well(said) &&
	    !is_word(said + 1, "message"))
		return true;
	object = claim_object(said);
	/* "Нет получателя": none is given. */
	if (object == NULL || is(said, CLAIM_STOP | CLAIM_NO) || !is_ours(said))
		return false;
	while (is(t, CLAIM_THE | CLAIM_LIGHT | IS_QUOTE))
		t--;
	/* "The user closed their mailbox", but not "... to strangers". */
	if (is(t, CLAIM_NOUN) && !is(object + 1, CLAIM_STOP))
		return false;
	return !is(t, CLAIM_NOT | CLAIM_NO | CLAIM_PREP | CLAIM_SHY |
			      CLAIM_LIVE | CLAIM_HAVE | IS_OTHER) &&
	       !is(object + 1, CLAIM_IS | CLAIM_REL) && goes_on(object);
}

/* "Nobody with that address", "one of our users", not "not for this user". */
static bool may_be_between(const struct token *said, const struct token *t)
{
	/* "Nobody can send mail to this account" */
	if (is(t, CLAIM_NOUN | CLAIM_STOP | CLAIM_SEND))
		return false;
	if (is(t, CLAIM_PREP) && !is(t, CLAIM_LIGHT | CLAIM_THE))
		return is(t, CLAIM_OF) || (is(said, CLAIM_NO) && said->n > 2);
	return is(t, CLAIM_THE | CLAIM_LIGHT | CLAIM_NO | CLAIM_LIVE |
			     CLAIM_REL | IS_QUOTE);
}

/* "We have", "the server has", "@ is", or the beginning. */
static bool may_lack(const struct token *said)
{
	const struct token *t = said - 1;

	if (is_word(t, "do"))
		return false;
	while (is(t, CLAIM_THE | CLAIM_LIGHT | IS_QUOTE | CLAIM_IS) &&
	       !is(t, CLAIM_HAVE))
		t--;
	if (is(t, CLAIM_HAVE)) {
		for (t--; is(t, CLAIM_LIGHT | CLAIM_PLACE); t--)
			continue;
		return !is(t, CLAIM_NOUN | CLAIM_NOT);
	}
	return !is(t, IS_OTHER | CLAIM_PREP | CLAIM_NOT | CLAIM_PLACE);
}

/* "No such mailbox here", "isn't one of our users". */
static bool lacks(const struct token *said)
{
	const struct token *noun = said + 1, *t = said - 1;
	bool such;

	if (!is(said, CLAIM_NO | CLAIM_NOT) || !is_ours(said) ||
	    !may_lack(said))
		return false;
	while (is(t, CLAIM_LIGHT) && !is(t, CLAIM_STOP | CLAIM_LIVE))
		t--;
	such = !is(said, CLAIM_NO) || is(t, CLAIM_LIVE);
	for (; may_be_between(said, noun); noun++)
		such |= is(noun, CLAIM_NO | CLAIM_OF | CLAIM_PREP | CLAIM_SUCH);
	if (!is(noun, CLAIM_NOUN))
		return false;
	while (is(noun + 1, CLAIM_NOUN))
		noun++;
	return claim_noun_is_whole(noun) &&
	       is_not_there(noun, such || noun->p[0] == '@');
}

/* Behind "... at this address", "... on our server"; not "... from it". */
static const struct token *skip_where(const struct token *t)
{
	const struct token *at = is_word(t, "on") ? t + 1 : t;

	if ((at == t && !is_word(t - 1, "at")) || !is(at, CLAIM_THE))
		return t;
	while (is(at, CLAIM_THE | CLAIM_LIGHT))
		at++;
	return is(at, CLAIM_NOUN | CLAIM_PLACE) ? at + 1 : t;
}

/*
 * "No longer accepts mail", "does not receive mail", and nothing of whose mail;
 * "is not accepting mail" may be so for a day.
 */
static bool is_retired(const struct token *said)
{
	const struct token *t = said - 1, *subject;
	bool ever = is_word(said, "receive");

	for (; is(t, CLAIM_LIGHT) && !is(t, CLAIM_STOP); t--)
		ever |= is_word(t, "longer");
	ever |= is_word(t, "never");
	subject = is(t, CLAIM_NOT) ? claim_subject(t) : NULL;
	for (t = said + 1; is(t, CLAIM_LIGHT | CLAIM_NO); t++)
		ever |= said->p[said->n - 1] != 'g' &&
			(is_word(t, "any") || is_word(t, "incoming"));
	return ever && subject != NULL && is(skip_where(t), CLAIM_STOP);
}

/* "Works for us", not "works on Sundays". */
static bool is_employed(const struct token *said)
{
	const struct token *next = said + 1;

	return said->p[0] != 'w' || is(said, CLAIM_PREP) ||
	       is(next, CLAIM_STAFF) || is_word(next, "for") ||
	       is_word(next, "in") || is_word(next, "at");
}

/* "Does not work here any more", "is not employed by us" */
static bool is_no_colleague(const struct token *said)
{
	const struct token *t = said + 1;
	bool with_us = is_word(said, "employed");

	if (!with_us && !is_word(said, "work"))
		return false;
	for (; is(t, CLAIM_LIGHT | CLAIM_STAFF | CLAIM_THE) ||
	       is_word(t, "for") || is_word(t, "by");
	     t++)
		with_us |= is(t, CLAIM_STAFF) || is_word(t, "us");
	return with_us && is(t, CLAIM_STOP);
}

/* "No longer works here", "left the company". */
static bool departs(const struct token *said)
{
	const struct token *t = said - 1;

	if (!is(said, CLAIM_STAFF))
		return false;
	while (is(t, CLAIM_IS | CLAIM_THE | CLAIM_LIGHT) &&
	       !is_word(t, "longer"))
		t--;
	if (is_word(t, "left"))
		return is(said - 1, CLAIM_THE) && !is_word(said, "office") &&
		       !is(said + 1, IS_OTHER | CLAIM_NOUN | CLAIM_PLACE);
	if (is(t, CLAIM_NOT) && claim_subject(t) != NULL)
		return is_no_colleague(said);
	if (!is_word(t, "longer") || is_with_you(said) ||
	    !is(t - 1, CLAIM_NOT) || !is_employed(said))
		return false;
	for (; !is(t, CLAIM_STOP); t--)
		if (is(t, CLAIM_PLACE | CLAIM_YOU | CLAIM_SHY))
			return false;
	return true;
}

static enum claim claim_at(const struct token *t)
{
	if (describes(t))
		return is(t, CLAIM_GONE) ? CLAIM_IS_GONE : CLAIM_IS_CLOSED;
	if (denies(t))
		return is(t, CLAIM_USED) ? CLAIM_IS_CLOSED : CLAIM_IS_GONE;
	if (is(t, CLAIM_DOES) && is_retired(t))
		return CLAIM_IS_CLOSED;
	return lacks(t) || departs(t) ? CLAIM_IS_GONE : CLAIM_NONE;
}

static bool is_shy(const struct token *from)
{
	const struct token *t;

	for (t = from; !token_is_end(t); t--)
		if (is(t, CLAIM_SHY))
			return true;
	/* What is asked for then is up to us: "please update your list". */
	for (t = from; !token_is_end(t) && !is_word(t, "please"); t++)
		if (is(t, CLAIM_SHY))
			return true;
	return is(t, CLAIM_SHY);
}

enum claim claim_read(struct span text, struct span *words_r)
{
	UNCLEARED struct token t[CLAIM_MAX_TOKENS];
	size_t n = claim_read_tokens(text, t), i;
	enum claim claim;

	if (claim_is_full(t, n, words_r))
		return CLAIM_IS_FULL;
	for (i = 0; i < n; i++)
		if (is(&t[i], CLAIM_BAD))
			return CLAIM_NONE;
	for (i = 1; i + 1 < n; i++) {
		claim = claim_at(&t[i]);
		if (claim == CLAIM_NONE || is_shy(&t[i]))
			continue;
		*words_r = span_make(t[i].p, t[i].n);
		return claim;
	}
	return CLAIM_NONE;
}
