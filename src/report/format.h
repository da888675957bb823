#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/facts.h"
#include "report/headers.h"
#include "report/report.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/text.h"

/*
 * Formats of bounces that people were meant to read. Each family has a file
 * of its own and a row in the table of format.c; the first row whose sign is
 * there reads the text. To add one: one file, one row, one sample.
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
};

/* What a reader found: drafts in the order of the text. */
struct findings {
	struct arena *arena; /* for words that stand in several places */
	struct fact_draft *list;
	size_t count;
	size_t size;
	enum report_action action; /* for drafts that say none themselves */
	size_t returned; /* offset of the returned original in text, or n */
	bool partial;
};

struct format {
	const char *name; /* "qmail"; becomes report.format */
	/* The sign: true only where no other mail looks like it. */
	bool (*is)(const struct format_input *in);
	/* Adds what was said of each recipient, and nothing else. */
	void (*read)(const struct format_input *in, struct findings *out);
};

/*
 * Reads the text by the first format that knows it: adds its recipients to r,
 * sets r->format, and returns true. *returned_r is the offset in in->text at
 * which the returned original begins (its size where there is none). Returns
 * false and changes nothing where no format found a recipient.
 */
bool formats_read(const struct format_input *in, struct report *r,
		  size_t *returned_r);

/*
 * For a DSN whose Diagnostic-Code is missing, generic or cut: appends what
 * the text says of this address (compared folded) and returns true; false
 * where it says nothing.
 */
bool formats_find(const struct format_input *in, struct span address,
		  struct buf *words);

/* For readers: a new draft at the end, or NULL when there are too many. */
struct fact_draft *findings_add(struct findings *out, struct span address);
/* The latest draft of that raw address, or NULL. */
struct fact_draft *findings_find(const struct findings *out,
				 struct span address);

#endif
