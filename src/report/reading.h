#ifndef REPORT_READING_H
#define REPORT_READING_H

#include "report/format.h"
#include "report/headers.h"
#include "report/mime.h"
#include "report/report.h"
#include "util/arena.h"
#include "util/buf.h"

/*
 * One message while it is being read: what parse.c has made of it so far, for
 * those that read on. Private to this room.
 */
struct reading {
	struct report *report;
	const struct report_settings *settings;
	struct arena scratch; /* gone with the reading */
	struct buf message;   /* normalised */
	struct headers headers;
	struct span body;
	struct parts parts;
	const struct part *returned; /* the part that came back, or NULL */
	bool found_hidden; /* no header announced the parts that are there */
	bool from_daemon;  /* kind_is_daemon: asked for many times */
	struct buf text;   /* what people were to read */
	struct format_input input; /* the same, for the text formats */
	struct headers returned_headers;
};

/* The text of a part as UTF-8, borrowed from the scratch arena. */
struct span reading_text(struct reading *in, const struct part *part);

/*
 * Begins with the first max_bytes of a message: normalises, finds the header.
 * Ends with reading_close. The message is only read here.
 */
void reading_open(struct reading *in, struct report *r,
		  const struct report_settings *settings, struct span message);
void reading_close(struct reading *in);

/* Finds the parts and the one that came back. */
void reading_take_apart(struct reading *in);

/* Collects what people were to read, and sets up in->input. */
void reading_collect(struct reading *in);

#endif
