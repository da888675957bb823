/*
 * How far we are in a folder. The cursor only ever moves over messages that
 * are done with, so that whatever ends us leaves nothing behind it.
 */
#include "mailbox/imap_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/num.h"
#include "util/text.h"
#include "util/xalloc.h"

/* Without a keyword nothing else tells that these are done with. */
static void remember(struct imap_place *p)
{
	free(p->beyond);
	p->beyond = xcalloc(p->count + 1, sizeof *p->beyond);
	p->beyond_count = 0;
	for (size_t i = p->front; i < p->count; i++) {
		if (p->done[i])
			p->beyond[p->beyond_count++] = p->uids[i];
	}
}

static void forget(struct imap_place *p)
{
	free(p->beyond);
	p->beyond = NULL;
	p->beyond_count = 0;
}

void imap_place_end(struct imap_place *p)
{
	if (p->uids)
		remember(p);
	free(p->uids);
	free(p->done);
	p->uids = NULL;
	p->done = NULL;
	p->count = p->at = p->front = 0;
}

void imap_place_release(struct imap_place *p)
{
	imap_place_end(p);
	forget(p);
}

void imap_place_selected(struct imap_place *p, uint32_t validity)
{
	if (p->validity != validity) {
		p->cursor = p->noted = 0;
		forget(p);
	}
	p->validity = validity;
}

static void advance(struct imap_place *p)
{
	while (p->front < p->count && p->done[p->front]) {
		if (p->uids[p->front] > p->cursor)
			p->cursor = p->uids[p->front];
		p->front++;
	}
}

void imap_place_begin(struct imap_place *p, uint32_t *uids, size_t count)
{
	size_t old = 0;

	imap_place_end(p);
	p->uids = uids;
	p->count = count;
	p->done = xcalloc(count + 1, sizeof *p->done);
	for (size_t i = 0; i < count; i++) {
		while (old < p->beyond_count && p->beyond[old] < uids[i])
			old++;
		p->done[i] = old < p->beyond_count && p->beyond[old] == uids[i];
	}
	forget(p);
	advance(p);
}

size_t imap_place_take(struct imap_place *p, uint32_t *uids, size_t max)
{
	size_t n = 0;

	for (; p->at < p->count && n < max; p->at++) {
		if (!p->done[p->at])
			uids[n++] = p->uids[p->at];
	}
	return n;
}

void imap_place_done(struct imap_place *p, uint32_t uid)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->uids[mid] < uid)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < p->count && p->uids[low] == uid)
		p->done[low] = true;
	advance(p);
}

void imap_place_recall(struct imap_place *p, const char *key, const char *value)
{
	struct span rest = span_of(value), first, second;
	uint64_t validity, cursor;

	if (strcmp(key, p->folder) != 0 || !span_next_word(&rest, &first) ||
	    !span_next_word(&rest, &second) ||
	    num_u64(first.p, first.n, UINT32_MAX, &validity) < 0 ||
	    num_u64(second.p, second.n, UINT32_MAX, &cursor) < 0 ||
	    validity == 0)
		return;
	p->validity = (uint32_t)validity;
	p->cursor = p->noted = (uint32_t)cursor;
}

int imap_place_note(struct imap_place *p, const struct mailbox_memory *memory,
		    struct error *err)
{
	const char *key = p->folder, *value;
	char text[32];

	if (!memory || p->noted == p->cursor)
		return 0;
	snprintf(text, sizeof text, "%u %u", p->validity, p->cursor);
	value = text;
	if (memory->note(memory->ctx, &key, &value, 1, err) < 0)
		return -1;
	p->noted = p->cursor;
	return 0;
}
