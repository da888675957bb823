/*
 * What is left to be disposed of. It is noted late, with the next batch: until
 * then a crash costs a second look at messages that are known.
 */
#include "store/due.h"

#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "util/xalloc.h"

static int insert(struct store *s, int64_t first, int64_t last,
		  const char *mailbox, struct error *err)
{
	struct query q;

	if (first > last)
		return 0;
	query_start(&q, s, Q_DUE_INSERT);
	query_int(&q, first);
	query_int(&q, last);
	query_text(&q, mailbox);
	return query_run(&q, err);
}

int due_write(struct store *s, struct error *err)
{
	struct due *d = &s->due;

	if (d->last == 0)
		return 0;
	if (insert(s, d->first, d->last, d->mailbox, err))
		return -1;
	d->last = 0;
	return 0;
}

int due_add(struct store *s, const char *mailbox, int64_t id, struct error *err)
{
	struct due *d = &s->due;

	if (d->last && (id != d->last + 1 || strcmp(d->mailbox, mailbox) != 0))
		if (due_write(s, err))
			return -1;
	if (d->last == 0) {
		d->first = id;
		d->mailbox = arena_strdup(&s->arena, mailbox);
	}
	d->last = id;
	if (d->batch.last == 0)
		d->batch.first = id;
	d->batch.last = id;
	return 0;
}

int due_note(struct store *s, struct error *err)
{
	for (size_t i = 0; i < s->due.disposed; i++) {
		const struct due_batch *b = &s->due.waits[i];
		struct query q;

		if (b->last == 0)
			continue;
		query_start(&q, s, Q_DUE_DELETE);
		query_int(&q, b->first);
		query_int(&q, b->last);
		if (query_run(&q, err))
			return -1;
	}
	return 0;
}

void due_forget(struct due *d)
{
	d->last = 0;
	d->batch.last = 0;
}

static void drop_disposed(struct due *d)
{
	d->count -= d->disposed;
	if (d->count > 0)
		memmove(d->waits, d->waits + d->disposed,
			d->count * sizeof *d->waits);
	d->disposed = 0;
}

void due_committed(struct due *d, struct due_batch batch)
{
	drop_disposed(d);
	if (d->count == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 16;
		d->waits = xreallocarray(d->waits, d->cap, sizeof *d->waits);
	}
	d->waits[d->count++] = batch;
}

void due_release(struct due *d)
{
	free(d->waits);
}

void store_batches_disposed(struct store *s)
{
	s->due.disposed = s->due.count;
}

void store_batch_stays(struct store *s)
{
	if (s->due.count > s->due.disposed)
		s->due.count--;
}

void store_batches_stay(struct store *s)
{
	s->due.count = s->due.disposed;
}

int store_disposal_note(struct store *s, struct error *err)
{
	if (s->due.disposed == 0)
		return 0;
	if (store_begin(s, err))
		return -1;
	if (due_note(s, err)) {
		store_rollback(s);
		return -1;
	}
	if (store_commit(s, err))
		return -1;
	drop_disposed(&s->due);
	return 0;
}

/* Takes one message out of its range. */
static int take_out(struct store *s, const uint8_t *key, struct error *err)
{
	const char *mailbox;
	int64_t id, first, last;
	struct query q;
	int got;

	query_start(&q, s, Q_DUE_FIND);
	query_blob(&q, key, MESSAGE_KEY_BYTES);
	got = query_step(&q, err);
	if (got != 1)
		return got;
	id = row_int(&q);
	first = row_int(&q);
	last = row_int(&q);
	mailbox = row_dup(&q, &s->scratch);
	query_end(&q);
	if (last < id)
		return 0;
	query_start(&q, s, Q_DUE_DELETE);
	query_int(&q, first);
	query_int(&q, last);
	if (query_run(&q, err) || insert(s, first, id - 1, mailbox, err))
		return -1;
	return insert(s, id + 1, last, mailbox, err);
}

static int take_out_all(struct store *s, uint8_t (*keys)[MESSAGE_KEY_BYTES],
			size_t n, struct error *err)
{
	if (s->in_batch && due_write(s, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (take_out(s, keys[i], err))
			return -1;
	return 0;
}

int store_disposal_done(struct store *s, uint8_t (*keys)[MESSAGE_KEY_BYTES],
			size_t n, struct error *err)
{
	if (n == 0)
		return 0;
	if (s->in_batch)
		return take_out_all(s, keys, n, err);
	arena_reset(&s->scratch);
	if (store_begin(s, err))
		return -1;
	if (take_out_all(s, keys, n, err)) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, err);
}

int store_disposal_settled(struct store *s, const char *mailbox,
			   struct error *err)
{
	struct query q;

	query_start(&q, s, Q_DUE_SETTLED);
	query_text(&q, mailbox);
	return query_run(&q, err);
}
