#ifndef REPORT_MIME_OUTLINE_H
#define REPORT_MIME_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/text.h"

struct outline_place;

/*
 * What tells a multipart's parts apart, and nothing of what they hold: the
 * lines that begin with "--" and the headers that speak of a multipart. One
 * byte that is no header stands for all between them. libetpan reads this
 * instead of the body: slow as it is, the less of what a stranger wrote it
 * meets the better, and it finds no message to go into.
 */
struct outline {
	struct span bytes; /* borrowed from the arena */
	struct span body;
	struct outline_place *list;
	size_t count, cap;
};

/*
 * content_type, a header field and the blank line behind it, begins the
 * outline. Returns false where the body has more such lines than any mail.
 */
bool outline_make(struct outline *o, struct arena *arena,
		  struct span content_type, struct span body);

/* The bytes of the body that part stands for; part lies within o->bytes. */
struct span outline_part(const struct outline *o, struct span part);

#endif
