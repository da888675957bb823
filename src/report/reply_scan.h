#ifndef REPORT_REPLY_SCAN_H
#define REPORT_REPLY_SCAN_H

#include <stdbool.h>

#include "report/report.h"
#include "util/grams.h"
#include "util/text.h"

/* How sure the surroundings make us that a number is a reply code. */
enum reply_weight {
	REPLY_NONE,	  /* it is none */
	REPLY_WEAK,	  /* a number in a sentence */
	REPLY_STRONG,	  /* begins a line, follows "said:", an enhanced code
			     follows, ... */
	REPLY_TRANSCRIPT, /* follows "<<<" */
};

/* A basic code that stands in a text, and the enhanced code behind it. */
struct reply_mark {
	size_t at;
	size_t end; /* behind both codes */
	int code;
	bool more; /* "550-": another line of the reply follows */
	enum reply_weight weight;
	struct status status; /* class_ 0 where none follows */
};

/* True where a basic code (200..399 too) begins at `at`; fills mark_r. */
bool reply_mark_at(struct span text, size_t at, struct reply_mark *mark_r);

/* Offset behind the phrase if it stands at `at`, else SPAN_NONE. */
size_t reply_phrase_at(struct span text, size_t at, const char *phrase);
/*
 * The first occurrence of phrase at or after from, ASCII case ignored; a space
 * in the phrase stands for any run of white space, as mail is wrapped
 * anywhere. SPAN_NONE where there is none; *end_r (may be NULL) is the offset
 * behind it.
 */
size_t reply_phrase_find(struct span text, size_t from, const char *phrase,
			 size_t *end_r);
/*
 * One comparison rules out most places for a phrase that begins so: a report
 * of thousands of recipients looks for hundreds of phrases in each one's words.
 */
bool reply_phrase_may_begin(struct span text, size_t at, char first);
/*
 * One bit for each letter, and one for white space, so that a place where no
 * phrase of a table can begin is passed with one look at all of them.
 */
static inline uint32_t reply_letter_bit(char c)
{
	return UINT32_C(1) << (text_is_space(c) ? 0 : text_lower(c) & 31);
}
/* No phrase of the tables begins within a word. */
bool reply_is_inside_word(struct span text, size_t at);

/*
 * The same where g was read from text, or from more around it: a phrase that
 * cannot be there is not looked for.
 */
bool reply_phrase_is_in(struct span text, const struct grams *g,
			const char *phrase);

/*
 * Stage, host, author of the words around the reply at `at`; g was read from
 * text.
 */
enum smtp_stage reply_stage_around(struct span text, const struct grams *g,
				   size_t at);
struct span reply_remote_around(struct span text, const struct grams *g,
				size_t at);
bool reply_is_remote(struct span text, const struct grams *g, size_t at,
		     bool has_code);
/* As reply_exit_code. */
int reply_exit_code_in(struct span text, const struct grams *g);

#endif
