#include "store/named.h"

#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "util/address.h"
#include "util/buf.h"

enum place_kind {
	PLACE_LEDGER,
	PLACE_QUARANTINE,
	PLACE_AUTHOR,
};

struct named_place {
	struct named_place *next;
	enum place_kind kind;
	const char *message_id; /* of an entry of the ledger */
	int64_t message;	/* of the others: its row */
};

static void add(struct named *n, size_t i, enum place_kind kind,
		const char *message_id, int64_t message)
{
	struct named_place *p = arena_alloc(&n->arena, sizeof(*p));

	*p = (struct named_place){n->places[i], kind, message_id, message};
	n->places[i] = p;
}

struct by_address {
	const char *address;
	size_t i;
};

static int order(const void *a, const void *b)
{
	const struct by_address *x = a, *y = b;

	return strcmp(x->address, y->address);
}

static int find_sent(struct named *n, const struct by_address *sorted,
		     size_t count, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, n->store, Q_FORGET_LEDGER);
	while ((got = query_step(&q, err)) == 1) {
		const char *message_id = row_text(&q);
		const struct by_address key = {row_text(&q), 0};
		const struct by_address *found =
			bsearch(&key, sorted, count, sizeof(key), order);

		if (found)
			add(n, found->i, PLACE_LEDGER,
			    arena_strdup(&n->arena, message_id), 0);
	}
	return got;
}

/* Who writes to a mailbox of bounces leaves its address there. */
static int find_written(struct named *n, const struct by_address *sorted,
			size_t count, struct error *err)
{
	struct buf folded;
	struct query q;
	int got;

	buf_init(&folded);
	query_start(&q, n->store, Q_FORGET_AUTHORS);
	while ((got = query_step(&q, err)) == 1) {
		int64_t message = row_int(&q);
		struct by_address key = {"", 0};
		const struct by_address *found;

		buf_reset(&folded);
		address_fold(&folded, span_of(row_text(&q)));
		key.address = folded.data;
		found = bsearch(&key, sorted, count, sizeof(key), order);
		if (found)
			add(n, found->i, PLACE_AUTHOR, NULL, message);
	}
	buf_release(&folded);
	return got;
}

static bool goes_on(char c)
{
	return text_is_alnum(c) || strchr("._%+-", c) != NULL;
}

/* Not as a part of a longer one. */
static bool names(struct span text, struct span address)
{
	size_t at;

	for (; (at = span_find_ci(text, address)) != SPAN_NONE;
	     text = span_from(text, at + 1)) {
		struct span rest = span_from(text, at + address.n);
		bool part = rest.n > 0 && goes_on(rest.p[0]) &&
			    !(rest.p[0] == '.' &&
			      (rest.n == 1 || !goes_on(rest.p[1])));

		if (!part && (at == 0 || !goes_on(text.p[at - 1])))
			return true;
	}
	return false;
}

static int find_unreadable(struct named *n, size_t count, struct error *err)
{
	struct buf bytes;
	struct query q;
	int got;

	buf_init(&bytes);
	query_start(&q, n->store, Q_FORGET_QUARANTINE);
	while ((got = query_step(&q, err)) == 1) {
		int64_t message = row_int(&q);

		buf_reset(&bytes);
		row_blob(&q, &bytes);
		for (size_t i = 0; i < count; i++)
			if (names(span_make(bytes.data, bytes.len),
				  span_of(n->addresses[i])))
				add(n, i, PLACE_QUARANTINE, NULL, message);
	}
	buf_release(&bytes);
	return got;
}

int named_find(struct named *n, struct store *s, const char *const *addresses,
	       size_t count, struct error *err)
{
	struct by_address *sorted;

	*n = (struct named){.store = s, .addresses = addresses};
	arena_init(&n->arena);
	n->places = arena_array(&n->arena, count + 1, sizeof(*n->places));
	sorted = arena_array(&n->arena, count + 1, sizeof(*sorted));
	for (size_t i = 0; i < count; i++) {
		n->places[i] = NULL;
		sorted[i] = (struct by_address){addresses[i], i};
	}
	qsort(sorted, count, sizeof(*sorted), order);
	if (find_sent(n, sorted, count, err) ||
	    find_written(n, sorted, count, err))
		return -1;
	return find_unreadable(n, count, err);
}

void named_release(struct named *n)
{
	arena_release(&n->arena);
}

struct named_counts named_count(const struct named *n, size_t i)
{
	struct named_counts c = {0};

	for (const struct named_place *p = n->places[i]; p; p = p->next)
		switch (p->kind) {
		case PLACE_LEDGER:
			c.ledger++;
			break;
		case PLACE_QUARANTINE:
			c.quarantine++;
			break;
		case PLACE_AUTHOR:
			c.written++;
			break;
		}
	return c;
}

static int erase(const struct named *n, size_t i, const struct named_place *p,
		 struct error *err)
{
	struct query q;

	if (p->kind == PLACE_AUTHOR)
		return query_do(n->store, Q_AUTHOR_DELETE, p->message, err);
	if (p->kind == PLACE_QUARANTINE)
		return query_do(n->store, Q_QUARANTINE_EMPTY, p->message, err);
	query_start(&q, n->store, Q_LEDGER_DELETE);
	query_text(&q, p->message_id);
	query_text(&q, n->addresses[i]);
	return query_run(&q, err);
}

int named_erase(const struct named *n, size_t i, struct error *err)
{
	if (!n->places[i])
		return 0;
	if (store_begin(n->store, err))
		return -1;
	for (const struct named_place *p = n->places[i]; p; p = p->next)
		if (erase(n, i, p, err)) {
			store_rollback(n->store);
			return -1;
		}
	return store_commit(n->store, err);
}
