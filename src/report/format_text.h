#ifndef REPORT_FORMAT_TEXT_H
#define REPORT_FORMAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/format.h"
#include "util/text.h"

/*
 * What the readers of formats share: lines, phrases, addresses, and where the
 * returned original begins. Case is ASCII and ignored; a space in a phrase
 * stands for any run of white space.
 */

/* Takes the line at *at (its end left out) and moves *at behind it. */
bool text_next_line(struct span text, size_t *at, struct span *line_r);
/* Offset of a span that was borrowed from text. */
size_t text_offset(struct span text, struct span part);
bool text_is_blank(struct span line);
/* How far the line is indented: spaces and tabs at its beginning. */
size_t text_indent(struct span line);

bool text_has(struct span text, const char *phrase);
bool text_has_any(struct span text, struct phrases *phrases);
/* The same with the grams of text, or of more that it is part of. */
bool text_holds_any(struct span text, const struct grams *g,
		    struct phrases *phrases);
/* The same of a part of in->text: without a look at it where none can be. */
bool text_part_has_any(const struct format_input *in, struct span part,
		       struct phrases *phrases);
/* Of the part in which the signs of a format stand. */
bool text_head_has_any(const struct format_input *in, struct phrases *phrases);
/* line begins with the phrase, white space before it skipped. */
bool text_starts(struct span line, const char *phrase);
bool text_starts_any(struct span line, const char *const *phrases);
/* The part of text in which the signs of a format stand. */
struct span text_head(struct span text);

/*
 * The address that stands at `at`, in angle brackets, quotes or bare: *out_r
 * is without them. Returns the offset behind it, or 0 where none stands there.
 * In angle brackets it needs no '@' (local names).
 */
size_t text_address_at(struct span text, size_t at, struct span *out_r);
/*
 * "(generated from a@b)", "(expanded from: <a@b>)", "Original address: a@b" at
 * `at`: what we mailed, where the address before it came out of an alias.
 * Returns as above.
 */
size_t text_origin_at(struct span text, size_t at, struct span *out_r);
/* "<address>:" and nothing else. */
bool text_recipient_line(struct span line, struct span *address_r);
/* The first address with an '@' at or after `at`; returns as above. */
size_t text_address_find(struct span text, size_t at, struct span *out_r);

/*
 * "news@example.com -> user@example.net": behind an arrow stands whom it was
 * for. *out_r is that address and the offset behind it is returned; 0, and
 * *out_r as it was, where no arrow with an address stands at `at`.
 */
size_t text_arrow_at(struct span text, size_t at, struct span *out_r);

/*
 * Offset of the line that announces the returned original, or is its first
 * header; text.n where none does. *original_r is where the original begins.
 */
size_t text_returned(struct span text, size_t *original_r);

/*
 * What stands before the output of a program that Exim piped the mail into:
 * there programs print arguments and whatever else.
 */
struct span text_without_output(struct span text);

/* What the subject and the whole text tell: failed unless they say else. */
enum report_action text_action(const struct format_input *in,
			       const struct findings *out);

/* The subject or the text says that it is tried on. */
bool text_tells_delay(struct span subject, struct span text);

/* A reply or an enhanced code that refuses or puts off. */
bool text_has_reply(struct span text);

/* "550 no such user", "452-full", behind any white space. */
bool text_begins_with_reply(struct span text);

/*
 * The words without the paragraphs that follow what was replied and name
 * somebody else: who to write to, who had sent it, who runs the host.
 */
struct span text_told_of(struct span words, struct span address);
/* In bytes, of what says whose address follows: more is a sentence. */
#define TEXT_LABEL_MAX 60

/* "Sender" in the last line of words goes with the address that follows. */
struct span text_without_label(struct span words);

/* A mark beyond ASCII that is no part of an address: its bytes, or 0. */
size_t text_mark_at(struct span text, size_t at);

bool text_is_any_of(char c, const char *set);

/* Whether a sentence ends with text.p[at]: a stop, or a blank line behind. */
bool text_ends_sentence(struct span text, size_t at);

/* White space, brackets and marks that people put around an address. */
bool text_is_wrapping(char c);

#endif
