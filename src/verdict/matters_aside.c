/*
 * Words that are the matter of a reply, but not in what it says aside: to
 * whom to write, what to read.
 */
#include "verdict/match.h"
#include "verdict/matters.h"

/* What is refused from us; but "remove it from your list" only asks of us. */
static const char *const from_yours[] = {"from your", NULL};
PHRASES(from_yours);
static const char *const requests[] = {"remove", "delete", "take", "clean",
				       "erase",	 "purge",  "drop", NULL};
PHRASES(requests);
static const char *const our_lists[] = {"from your list",
					"from your lists",
					"from your mailing*",
					"from your database",
					"from your records",
					"from the address book",
					"from your contact*",
					"from your distrib*",
					"from your mail list*",
					"from your send*list*",
					NULL};
PHRASES(our_lists);

static const char *const spam[] = {"spam*", "anti-spam*", "antispam*", "rspamd",
				   NULL};
PHRASES(spam);

/* A while, or a rule of theirs; but "check it and try again" is advice. */
static const char *const again[] = {"try again", NULL};
PHRASES(again);
static const char *const retyped[] = {"and try again", NULL};
PHRASES(retyped);
static const char *const policies[] = {"policy", NULL};
PHRASES(policies);
static const char *const read_there[] = {"see policy",
					 "see our policy",
					 "see the policy",
					 "our policy at",
					 "policy at ~",
					 "privacy policy",
					 NULL};
PHRASES(read_there);

static bool has(const struct fold *fold, struct span words,
		struct phrases *what, struct phrases *aside)
{
	return phrase_find_any(what, &fold->grams, words) &&
	       !phrase_find_any(aside, &fold->grams, words);
}

bool matters_come_from_yours(const struct fold *fold, struct span words)
{
	return phrase_find_any(from_yours_phrases, &fold->grams, words) &&
	       !(phrase_find_any(requests_phrases, &fold->grams, words) &&
		 phrase_find_any(our_lists_phrases, &fold->grams, words));
}

bool matters_are_theirs(const struct fold *fold, struct span words)
{
	return has(fold, words, again_phrases, retyped_phrases) ||
	       has(fold, words, policies_phrases, read_there_phrases);
}

bool matters_are_spam(const struct fold *fold, struct span words)
{
	return phrase_find_any(spam_phrases, &fold->grams, words);
}
