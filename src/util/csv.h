#ifndef UTIL_CSV_H
#define UTIL_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"
#include "util/error.h"
#include "util/text.h"

/*
 * Comma-separated values (RFC 4180), read a record at a time from a descriptor
 * and written a cell at a time. Read as they come: quotes in the middle of a
 * cell are kept, line ends are LF or CRLF, a byte order mark is skipped.
 */
#define CSV_MAX_RECORD ((size_t)1024 * 1024)

struct csv {
	int fd; /* borrowed */
	char separator;
	struct buf in; /* read, from at on not yet handed out */
	size_t at;
	bool ended;
	size_t lines;	  /* lines handed out so far */
	struct buf cells; /* the present record's, unquoted */
	struct span *list;
	size_t count, cap;
	size_t line;	 /* its first line, from 1 */
	struct span raw; /* as it stands, without its line end */
};

/* separator 0: no cells, each line is one as it stands. */
void csv_init(struct csv *c, int fd, char separator);
void csv_release(struct csv *c);

/*
 * The next record into list, count, line and raw, which are borrowed until the
 * next call. An empty line has one empty cell. 1, 0 at the end, or -1: what
 * cannot be read, or is longer than CSV_MAX_RECORD.
 */
int csv_next(struct csv *c, struct error *err);

/* 0, or -1 with err for what begins as UTF-16 does: spreadsheets write that. */
int csv_check_encoding(struct span start, struct error *err);

/*
 * The separator that the first line most likely has: of comma, semicolon and
 * tab the one that is there; where none is, a comma if all of the line stands
 * in quotes, else 0. Hands nothing out. -1 in *rc_r
 * where nothing can be read.
 */
char csv_guess(struct csv *c, int *rc_r, struct error *err);

/*
 * Appends one cell, quoted where needed, behind a comma unless it is the first
 * of the line. What a spreadsheet would take for a formula gets an apostrophe
 * in front; csv_plain takes it off again.
 */
void csv_add(struct buf *out, bool first, struct span cell);
struct span csv_plain(struct span cell);

#endif
