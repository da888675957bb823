#ifndef PARSER_WIRE_H
#define PARSER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/report.h"
#include "util/buf.h"
#include "util/error.h"

/*
 * What goes over the socket between a reader and dsnd-parse. A frame is a
 * header of 20 bytes and `length` bytes of content; numbers are big-endian:
 *
 *   magic   4  "DSNP"
 *   version 2  1; both sides are of one build, another version is refused
 *   type    2  enum wire_type
 *   id      8  of the message; 0 where there is none
 *   length  4  of what follows; capped by type before anything is allocated
 *
 * The reader sends SETTINGS and gets READY, or FAILED and why. From then on
 * each MESSAGE is answered by one RECORD of the same id, in the same order; a
 * worker that has answered a few may keep answers back for some milliseconds,
 * never while it waits for messages.
 */
#define WIRE_HEADER_BYTES 20
#define WIRE_VERSION 1

enum wire_type {
	WIRE_SETTINGS = 1, /* wire_settings_write */
	WIRE_READY,	   /* empty: the jail is closed */
	WIRE_FAILED,	   /* the text of an error */
	WIRE_MESSAGE,	   /* the bytes of a message */
	WIRE_RECORD,	   /* report_write */
};

#define WIRE_MAX_SETTINGS (64u * 1024)
#define WIRE_MAX_FAILED 512u
#define WIRE_MAX_MESSAGE (64u * 1024 * 1024)
#define WIRE_MAX_RECORD (16u * 1024 * 1024)
#define WIRE_MAX_LIST 64 /* campaign headers, VERP patterns */

struct wire_frame {
	enum wire_type type;
	uint64_t id;
	uint32_t length;
};

/* Writes a header; frame->length is within the cap of its type. */
void wire_header_format(char p[WIRE_HEADER_BYTES],
			const struct wire_frame *frame);
/* Appends it. */
void wire_header_write(struct buf *out, const struct wire_frame *frame);

/*
 * Reads WIRE_HEADER_BYTES at p. Returns 0, or -1 where magic, version, type
 * or length are not ours.
 */
int wire_header_read(const char *p, struct wire_frame *frame_r,
		     struct error *err);

/* What a worker needs to know before it locks itself in. */
struct wire_settings {
	struct report_settings report;
	uint64_t memory_bytes;
	unsigned cpu_s;
	/* Where report's strings live after wire_settings_read. */
	struct arena arena;
	const char *campaign[WIRE_MAX_LIST + 1];
	const char *verp[WIRE_MAX_LIST + 1];
};
void wire_settings_write(struct buf *out, const struct report_settings *report,
			 uint64_t memory_bytes, unsigned cpu_s);
/* Caller releases s->arena, also after a failure. */
int wire_settings_read(struct wire_settings *s, const char *p, size_t n,
		       struct error *err);

/*
 * Appends the content of a RECORD. Texts longer than their cap are cut, facts
 * that would exceed WIRE_MAX_RECORD are left out; either sets `partial` in
 * what is written.
 */
void report_write(struct buf *out, const struct report *r);

/* Appends a whole RECORD: header and content. */
void wire_record_write(struct buf *out, uint64_t id, const struct report *r);

/*
 * Reads the content of a RECORD, which may be hostile, into a report that was
 * just initialised. Every count, length, enum and number is checked before it
 * is used; texts must be UTF-8 without control characters and within their
 * caps. Returns 0, or -1 with the scope MESSAGE. The caller releases r either
 * way. p is only read during the call.
 */
int report_read(struct report *r, const char *p, size_t n, struct error *err);

#endif
