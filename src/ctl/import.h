#ifndef CTL_IMPORT_H
#define CTL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/ctl.h"
#include "ctl/progress.h"
#include "store/import.h"
#include "util/text.h"

/* What a list says of one address, under whatever names. */
enum import_field {
	IMPORT_ADDRESS,
	IMPORT_STREAM,
	IMPORT_REASON,
	IMPORT_TYPE,	 /* the reason, where there is no other */
	IMPORT_SOURCE,	 /* who put it there */
	IMPORT_STATUS,	 /* of a subscriber, or of a failure */
	IMPORT_LISTED,	 /* whether it is suppressed there at all */
	IMPORT_INACTIVE, /* the same, beside it */
	IMPORT_NOTE,
	IMPORT_SINCE,
	IMPORT_UNTIL,
};
#define IMPORT_FIELD_COUNT 11

struct import {
	struct ctl *ctl;
	const char *path;   /* "-": standard input */
	const char *format; /* or NULL: told from the file */
	const char *stream; /* of rows that name none */
	const char *note;   /* in front of what rows say */
	bool dry_run, skip_bad;
	struct store *store;
	struct progress progress;
	int64_t rows, bad, mailable;
	struct buf text; /* of one row's note */
	struct error err;
};

/* The field of a column or key, or -1: case, blanks, _ and - do not count. */
int import_field_find(struct span name);
/* What providers call a complaint. */
bool import_is_complaint(const struct span fields[IMPORT_FIELD_COUNT]);
/*
 * Whether the list itself says that this address may be mailed: it is one of
 * all subscribers, or of all failures, those that have passed among them.
 */
bool import_is_mailable(const struct span fields[IMPORT_FIELD_COUNT]);

/*
 * Gathers one row; fields[i].n is 0 where it says nothing. where ("line 7") is
 * told with a mistake. 0, or -1 where the import cannot go on.
 */
int import_row(struct import *im, const char *where,
	       const struct span fields[IMPORT_FIELD_COUNT]);

/*
 * Rows of CSV, or with plain an address a line, read from fd to its end. 0, or
 * -1 where the import cannot go on.
 */
int import_lines(struct import *im, int fd, bool plain);

/*
 * Objects that name an address: one after another, or in an array, wherever
 * that is. bytes are only read during the call.
 */
int import_json(struct import *im, struct span bytes);
/* The same of what was read from fd already, begun, and the rest of it. */
int import_json_rest(struct import *im, int fd, struct span begun);

#endif
