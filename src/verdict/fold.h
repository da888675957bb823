#ifndef VERDICT_FOLD_H
#define VERDICT_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"
#include "util/grams.h"
#include "util/text.h"

/*
 * What was said, brought into the form that phrases are compared with: lower
 * case without accents (fold_letter.h), white space folded, one spelling of a
 * word for all (fold_spelling.h), octal digits as the letters that they stand
 * for (fold_octal.h) and words for those that lost letters (fold_lost.h), reply
 * and enhanced codes left out, so that the lines of one reply read on.
 * What is a name and no word cannot match a phrase by accident: an e-mail
 * address becomes '@'; a host name, a network address and a URL become '~', and
 * are kept in links.
 */
#define FOLD_ADDRESS '@'
#define FOLD_LINK '~'

struct fold {
	char text_bytes[REPORT_MAX_DIAGNOSTIC];
	char link_bytes[REPORT_MAX_DIAGNOSTIC];
	struct span text;     /* borrowed from text_bytes */
	struct span links;    /* all of them, a space between */
	size_t body;	      /* bytes of text before what hosts append */
	size_t lead;	      /* bytes of text before advice begins */
	struct grams grams;   /* of text */
	bool has_words;	      /* anything but codes, names and numbers */
	bool names_other;     /* addresses are quoted, none the recipient's */
	bool names_recipient; /* or an address of theirs */
	bool names_relay;     /* one of our relay's site, which is not theirs */
	bool names_elsewhere; /* domains are, none the recipient's */
	bool appends_name;    /* a domain is, alone behind the body */
	bool appends_network; /* a network address is */
};

/* Folds s, at most REPORT_MAX_DIAGNOSTIC bytes of it, said about fact. */
void fold_text(struct fold *f, struct span s, const struct fact *fact);

/*
 * Folds a phrase of a rule, n bytes at p, into at most max bytes at out:
 * letters, white space and spelling only, so that '@', '~' and '*' keep their
 * meaning. FOLD_PHRASE_BYTES(n) are always enough. Returns the length.
 */
#define FOLD_PHRASE_BYTES(n) (2 * (n) + 1)
size_t fold_phrase(const char *p, size_t n, char *out, size_t max);

#endif
