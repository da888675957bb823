#include "verdict/doubt.h"

#include "verdict/claim_tokens.h"
#include "verdict/match.h"

/* Before it: a condition, a choice, a list of what may be the cause. */
static const char *const conditions[] = {"if the",
					 "if this",
					 "if that",
					 "if your",
					 "if a",
					 "whether",
					 "either",
					 "in case",
					 "should the",
					 "is not that",
					 "possible reasons",
					 "possible causes",
					 "common reasons",
					 "common causes",
					 "likely",
					 "perhaps",
					 "maybe",
					 "wenn",
					 "falls",
					 "sofern",
					 "ob der",
					 "ob das",
					 "ob die",
					 "entweder",
					 "vielleicht",
					 "si el",
					 "si la",
					 "si le",
					 "si l'",
					 "si ce*",
					 "si este",
					 "si votre",
					 "quizas",
					 "soit",
					 "peut-etre",
					 "se o",
					 "se este",
					 "se l'",
					 "se il",
					 "talvez",
					 "forse",
					 "als",
					 "indien",
					 "misschien",
					 "jesli",
					 "jezeli",
					 "czy",
					 "если",
					 NULL};
PHRASES(conditions);

/*
 * Beside it: for a while, in time to come, to some, or no more; it is one of
 * several causes; or it is for want of room.
 */
static const char *const limits[] = {"yet",
				     "noch nicht",
				     "at this time",
				     "under review",
				     "for you",
				     "between",
				     "for a while",
				     "for now",
				     "for bulk*",
				     "for large",
				     "for mail from",
				     "for messages over",
				     "for messages from",
				     "for external*",
				     "for outside*",
				     "for strangers",
				     "for newsletter*",
				     "to non-sub*",
				     "to non-mem*",
				     "fur externe",
				     "hat sie",
				     "hat den empfang",
				     "or you*",
				     "or sending",
				     "or the sending",
				     "or sender",
				     "or the sender",
				     "or blocked",
				     "or rejected",
				     "oder sie",
				     "ou vous",
				     "ou voce",
				     "o no tiene",
				     "o non ha",
				     "lub brak",
				     "или нет",
				     "no longer disabled",
				     "no longer suspended",
				     "no longer blocked",
				     "no longer locked",
				     "no longer closed",
				     "nicht mehr gesperrt",
				     "nicht mehr deaktiviert",
				     "plus bloque*",
				     "plus suspendu*",
				     "ya no esta suspend*",
				     "ya no esta bloque*",
				     "nao esta mais *ad*",
				     "niet meer geblok*",
				     "juz zablok*",
				     "больше не заблок*",
				     "until",
				     "right now",
				     "at this moment",
				     "holiday*",
				     "vacation*",
				     "vacances",
				     "vacaciones",
				     "urlaub",
				     "maintenance",
				     "wartung*",
				     "mantenimiento",
				     "manutencao",
				     "manutenzione",
				     "onderhoud",
				     "konserwac*",
				     "обслуживан*",
				     "upgrade",
				     "too much mail",
				     "too many messages in",
				     "too many mails",
				     "maximum size reached",
				     "for today",
				     "w tej chwili",
				     "it is full",
				     "rebooting",
				     "during migration",
				     "another mx",
				     "pending migrat*",
				     "pending review",
				     "host unreachable",
				     "mx*unreachable",
				     "server*unreachable",
				     "database*unreachable",
				     "directory*unreachable",
				     "ldap*unreachable",
				     "is offline",
				     "are offline",
				     "server offline",
				     "database offline",
				     "currently offline",
				     "replication",
				     "in progress",
				     "backup mx",
				     "try primary",
				     "try the primary",
				     "use primary",
				     "use the primary",
				     "primary server is",
				     "primary mx is",
				     "dns failure",
				     "temporarily",
				     "did not answer",
				     "did not respond",
				     "timed out",
				     "database is",
				     "server is down",
				     "server nicht erreichbar",
				     "datenbank nicht er*",
				     "datenbank nicht ver*",
				     "few hours",
				     "tomorrow",
				     "for 24 hours",
				     "for one*",
				     "while we",
				     "will be back",
				     "will be available",
				     "will be open*",
				     "will be reopen*",
				     "will be re-open*",
				     "will be reactiv*",
				     "is reactivated",
				     "will be re-activ*",
				     "will be restored",
				     "will be enabled",
				     "will be unlocked",
				     "will be unblocked",
				     "will be created",
				     "will be activ*",
				     "will be closed",
				     "will be disabled",
				     "will be deleted",
				     "wird am",
				     "bis montag",
				     "bis zum",
				     "zur zeit",
				     "zurzeit",
				     "gerade",
				     "hasta",
				     "jusqu*",
				     "fino a",
				     "ate segunda",
				     "do poniedzialku",
				     "до",
				     NULL};
PHRASES(limits);

/* To be asked for again, which may be said not to help. */
static const char *const laters[] = {
	"try later", "retry in",  "retry after", "retry later", "wait a*",
	"spater",    "plus tard", "mas tarde",	 "piu tardi",	"mais tarde",
	"pozniej",   "позже",	  NULL};
PHRASES(laters);

static bool ends_sentence(char c)
{
	return c == '.' || c == ';' || c == '!' || c == '?' || c == '|';
}

/* Takes the last word off *text; empty where a mark ends it. */
static struct span take_last(struct span *text)
{
	size_t end, from;

	*text = span_trim(*text);
	end = from = text->n;
	while (from > 0 && token_is_part(text->p[from - 1]))
		from--;
	*text = span_cut(*text, from);
	return span_make(text->p + from, end - from);
}

/* "Manager of the", "Server des": what follows is only whose it is. */
static bool is_of_another(struct span before)
{
	uint64_t kinds = claim_word_kinds(take_last(&before)), of = kinds;
	struct span head;

	if (kinds == 0 || (kinds & (CLAIM_THE | CLAIM_OF)) == 0)
		return false;
	if ((kinds & CLAIM_OF) == 0)
		of = claim_word_kinds(take_last(&before));
	if ((of & (CLAIM_OF | CLAIM_TO)) == 0)
		return false;
	head = take_last(&before);
	kinds = claim_word_kinds(head) & ~CLAIM_OF_ROOM;
	return head.n > 0 && (kinds == 0 || (kinds & CLAIM_PLACE) != 0 ||
			      (kinds & CLAIM_SHY) != 0);
}

/*
 * "The moderator's", but "the user's" and "someone@example.com's"; "there's" is
 * "there is".
 */
static bool is_anothers(struct span before)
{
	static const char *const pronouns[] = {"there", "that", "it", "he",
					       "she",	"here", NULL};
	struct span owner;
	size_t i;

	before = span_trim(before);
	if (!span_ends_ci(before, SPAN("'s")))
		return false;
	before = span_cut(before, before.n - 2);
	owner = take_last(&before);
	for (i = 0; pronouns[i] != NULL; i++)
		if (span_eq(owner, span_of(pronouns[i])))
			return false;
	return owner.n > 0 && (claim_word_kinds(owner) & CLAIM_NOUN) == 0;
}

static bool is_si(struct span word)
{
	return span_eq(word, SPAN("si")) || span_eq(word, SPAN("se"));
}

/* "Si no se encuentra", "se nao existe", but "no se encuentra". */
static bool follows_if(struct span before)
{
	struct span word = take_last(&before);
	bool reflexive = is_si(word);

	if (reflexive)
		word = take_last(&before);
	if ((claim_word_kinds(word) & CLAIM_NOT) == 0)
		return reflexive;
	return is_si(take_last(&before));
}

/*
 * "Do not [retry in future]", "no lo intente [mas tarde]"; but "user not found,
 * [try later]", "existiert nicht [spater ...]".
 */
static bool is_denied(struct span before)
{
	const uint64_t said = CLAIM_LIVE | CLAIM_HAVE | CLAIM_USED;
	uint64_t kinds;
	struct span word;
	int i;

	for (i = 0; i < 3; i++) {
		word = take_last(&before);
		kinds = claim_word_kinds(word);
		if ((kinds & CLAIM_NOT) != 0)
			return (claim_word_kinds(take_last(&before)) & said) ==
			       0;
		if (word.n == 0 || (kinds & ~CLAIM_THE) != 0)
			return false;
	}
	return false;
}

static bool is_put_off(const struct fold *fold, struct span text)
{
	size_t i, at;

	if (!phrase_find_any(laters_phrases, &fold->grams, text))
		return false;
	for (i = 0; laters[i] != NULL; i++)
		if (phrase_find(span_of(laters[i]), text, &at, NULL) &&
		    !is_denied(span_cut(text, at)))
			return true;
	return false;
}

bool doubt_limits(const struct fold *fold, struct span text)
{
	return phrase_find_any(limits_phrases, &fold->grams, text) ||
	       is_put_off(fold, text);
}

bool doubt_is_there(const struct fold *fold, struct span text, size_t at,
		    size_t n)
{
	size_t from = at, to = at + n;
	struct span before;

	while (from > 0 && !ends_sentence(text.p[from - 1]))
		from--;
	while (to < text.n && !ends_sentence(text.p[to]))
		to++;
	before = span_make(text.p + from, at - from);
	return (to < text.n && text.p[to] == '?') ||
	       phrase_find_any(conditions_phrases, &fold->grams, before) ||
	       follows_if(before) || is_of_another(before) ||
	       is_anothers(before) ||
	       doubt_limits(fold, span_make(text.p + from, to - from));
}
