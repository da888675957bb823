/*
 * Whose address is dead: the recipient's, or our sender's, after which their
 * host asked ours.
 */
#include "verdict/whose.h"

#include "verdict/match.h"

/*
 * Around the answer of a third host: what theirs had asked it about. Exim's
 * "Callout verification failed" is of the recipient.
 */
static const char *const questions[] = {"callback",
					"call-back",
					"call back",
					"sender callout",
					"sender verif*",
					"sender could not",
					"verify sender",
					"verify the sender",
					"verify your sender",
					"verify your return",
					"verify your address",
					"your return path could",
					"your return-path could",
					"return path verif*",
					"reverse path verif*",
					"reverse-path verif*",
					"sender address verif*",
					NULL};
PHRASES(questions);

static bool is_asked_of_sender(const struct evidence *e)
{
	const struct fold *around = e->around;

	return around != NULL && !e->fold->names_recipient &&
	       phrase_find_any(questions_phrases, &around->grams, around->text);
}

/* An alias, as their host knows it: the code says whose it is. */
static bool is_alias(const struct evidence *e)
{
	return e->fact->stage == STAGE_RCPT && e->code.subject == 1 &&
	       !e->fold->names_relay;
}

bool whose_is_recipient(const struct evidence *e)
{
	return (!e->fold->names_other || is_alias(e)) && !is_asked_of_sender(e);
}
