#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/facts.h"
#include "report/headers.h"
#include "report/report.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/grams.h"
#include "util/text.h"

/*
 * Formats of bounces that people were meant to read. Each family has a file
 * of its own and a row in the table of format.c; the first row whose sign is
 * there and that finds a recipient reads the text. To add one: one file, one
 * row, its line below, one sample; simple shapes are rows of format_table.c.
 */
struct format_input {
	const struct headers *headers; /* the report's own header block */
	struct span content_type;      /* of the message, raw value */
	/*
	 * What people were to read: UTF-8, markup stripped, parts in order;
	 * without the returned original where that is a part of its own.
	 */
	struct span text;
	bool machine_part; /* there was a message/delivery-status */
	/* It says what became of each: the text is asked for words alone. */
	bool only_words;
	/* Read from text; set by formats_scan for the readers. */
	const struct grams *grams;
};

/*
 * Bytes of a recipient's words that are kept: facts_text looks at no more, and
 * many groups of a machine part may be told by the same words.
 */
#define FINDINGS_MAX_WORDS (4 * REPORT_MAX_DIAGNOSTIC)

/* What a reader found: drafts in the order of the text. */
struct findings {
	struct arena *arena; /* for words that stand in several places */
	struct fact_draft *list;
	const char **folded; /* addresses and finals of list, to compare */
	size_t count;
	size_t size;
	const char *format;  /* the row that read it */
	struct span subject; /* of the report, decoded */
	/*
	 * Offset in text of the returned original, its marker left out; the
	 * size of text where none is quoted. Readers see the text before it.
	 */
	size_t returned;
	bool partial;
};

struct format {
	const char *name; /* "qmail"; becomes report.format */
	/*
	 * The sign: true only where no other mail looks like it. text is what
	 * stands before the returned original.
	 */
	bool (*is)(const struct format_input *in, const struct findings *out);
	/* Adds what was said of each recipient, and nothing else. */
	void (*read)(const struct format_input *in, struct findings *out);
};

/*
 * Reads the text by the first format that knows it: true, and the findings
 * are filled (arena owns them); false where no format found a recipient;
 * returned is set either way. Spans are borrowed from in->text and the arena.
 */
bool formats_scan(const struct format_input *in, struct arena *arena,
		  struct findings *out_r);

/*
 * The same for a report without a machine part: adds the recipients to r and
 * sets r->format. *returned_r is findings.returned.
 */
bool formats_read(const struct format_input *in, struct report *r,
		  size_t *returned_r);

/*
 * For a DSN whose Diagnostic-Code is missing, generic or cut: what the text
 * says of this address (compared folded, as address or final), or NULL.
 */
const struct fact_draft *findings_match(const struct findings *f,
					struct span address);

/*
 * For readers: a new draft with that address and the action that the report
 * as a whole tells of, or NULL when there are too many.
 */
struct fact_draft *findings_add(struct findings *out, struct span address,
				enum report_action action);
/* The draft's address came out of an alias: that is the one we mailed. */
void findings_set_origin(struct fact_draft *d, struct span alias);
/* Words put together in b, kept for as long as the findings. */
struct span findings_keep(struct findings *out, const struct buf *b);

/* The readers, a file each. */
extern const struct format format_postfix;
extern const struct format format_exim;
extern const struct format format_qmail;
extern const struct format format_sendmail;
extern const struct format format_courier;
extern const struct format format_exchange;
extern const struct format format_sns;
extern const struct format format_generic;
extern const struct format format_failed_recipients;

#endif
