#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/headers.h"
#include "util/arena.h"
#include "util/text.h"

/* What is looked at of one report. */
#define FIELDS_MAX_GROUPS 6000
#define FIELDS_MAX 60000

/*
 * Field groups of a machine-readable part (RFC 3464 2.1): the first speaks of
 * the message, each later one of a recipient. Read by names rather than by
 * blank lines, because both are often missing or too many.
 */
struct fields {
	struct headers message; /* fields before any recipient's */
	struct headers *recipients;
	size_t count;
	bool partial;
};

/* Text is UTF-8. Everything is borrowed from text or from the arena. */
void fields_parse(struct fields *f, struct arena *arena, struct span text);

/*
 * True where text holds such groups in the middle of something else: a line
 * that begins with Final-Recipient: or Original-Recipient:. *from_r is the
 * offset of the first line that is one of their fields.
 */
bool fields_find(struct span text, size_t *from_r);

#endif
