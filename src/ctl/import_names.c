/*
 * The names and words that lists of others have: which column is which, what
 * is a complaint, and what says that an address is not suppressed at all.
 */
#include <string.h>

#include "ctl/import.h"

#define MAX_NAME 32

static const struct {
	const char *name;
	enum import_field field;
} names[] = {
	{"address", IMPORT_ADDRESS},
	{"email", IMPORT_ADDRESS},
	{"emailaddress", IMPORT_ADDRESS},
	{"emailid", IMPORT_ADDRESS},
	{"mail", IMPORT_ADDRESS},
	{"recipient", IMPORT_ADDRESS},
	{"stream", IMPORT_STREAM},
	{"reason", IMPORT_REASON},
	{"suppressionreason", IMPORT_REASON},
	{"type", IMPORT_TYPE},
	{"source", IMPORT_SOURCE},
	{"status", IMPORT_STATUS},
	{"inactive", IMPORT_INACTIVE},
	{"blacklisted", IMPORT_LISTED},
	{"blocklisted", IMPORT_LISTED},
	{"emailblacklisted", IMPORT_LISTED},
	{"isexcludedfromcampaigns", IMPORT_LISTED},
	{"error", IMPORT_NOTE},
	{"note", IMPORT_NOTE},
	{"details", IMPORT_NOTE},
	{"description", IMPORT_NOTE},
	{"since", IMPORT_SINCE},
	{"created", IMPORT_SINCE},
	{"createdat", IMPORT_SINCE},
	{"lastupdatetime", IMPORT_SINCE},
	{"lastupdatedtime", IMPORT_SINCE},
	{"bouncedat", IMPORT_SINCE},
	{"blockedat", IMPORT_SINCE},
	{"timestamp", IMPORT_SINCE},
	{"until", IMPORT_UNTIL},
	{"expires", IMPORT_UNTIL},
	{"expiresat", IMPORT_UNTIL},
	{"expiry", IMPORT_UNTIL},
	{"expirydate", IMPORT_UNTIL},
	{"keepuntil", IMPORT_UNTIL},
};

/* Case, blanks, _ and - do not count. */
static struct span plain_name(struct span name, char plain[MAX_NAME])
{
	size_t n = 0;

	for (size_t i = 0; i < name.n && n < MAX_NAME; i++)
		if (strchr(" _-", name.p[i]) == NULL)
			plain[n++] = text_lower(name.p[i]);
	return span_make(plain, n);
}

int import_field_find(struct span name)
{
	char bytes[MAX_NAME];
	struct span plain = plain_name(name, bytes);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_eq(plain, span_of(names[i].name)))
			return (int)names[i].field;
	return -1;
}

static bool is_one_of(struct span s, const char *const *words)
{
	char bytes[MAX_NAME];
	struct span plain = plain_name(s, bytes);

	for (; *words != NULL; words++)
		if (span_eq(plain, span_of(*words)))
			return true;
	return false;
}

bool import_is_complaint(const struct span fields[IMPORT_FIELD_COUNT])
{
	static const char *const words[] = {
		"abuse", "complaint",	  "complaints", "contactflaggedasspam",
		"spam",	 "spamcomplaint", "spamreport", "spamreports",
		NULL};

	return is_one_of(fields[IMPORT_REASON], words) ||
	       is_one_of(fields[IMPORT_TYPE], words) ||
	       is_one_of(fields[IMPORT_SOURCE], words);
}

bool import_is_mailable(const struct span fields[IMPORT_FIELD_COUNT])
{
	static const char *const states[] = {"active", "confirmed", "enabled",
					     "subscribed", NULL};
	static const char *const passing[] = {"autoresponder", "soft",
					      "softbounce", "transient", NULL};
	static const char *const dead[] = {"hard", "hardbounce", "permanent",
					   NULL};
	static const char *const no[] = {"0", "f", "false", "n", "no", NULL};
	static const char *const yes[] = {"1", "t", "true", "y", "yes", NULL};

	if (is_one_of(fields[IMPORT_LISTED], yes) ||
	    is_one_of(fields[IMPORT_INACTIVE], yes))
		return false;
	if (is_one_of(fields[IMPORT_LISTED], no) ||
	    is_one_of(fields[IMPORT_INACTIVE], no))
		return true;
	/* What is active may be the entry of the list. */
	if (import_is_complaint(fields) || is_one_of(fields[IMPORT_TYPE], dead))
		return false;
	return is_one_of(fields[IMPORT_STATUS], states) ||
	       is_one_of(fields[IMPORT_TYPE], passing);
}
