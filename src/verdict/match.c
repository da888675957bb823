#include "verdict/match.h"

#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

/*
 * An index by grams of three bytes. Each phrase is filed under the gram of its
 * first part that is rarest among all phrases, so that a common beginning
 * ("mailbox ...") does not fill one bucket. The text is then looked at once.
 */

#define BUCKETS 8192
#define NO_ENTRY UINT32_MAX

struct entry {
	struct span phrase;
	struct span first; /* its first part */
	size_t gram_at;	   /* where in first the gram stands */
	uint32_t owner;
	uint32_t next;
};

struct matcher {
	struct entry *entries;
	size_t count, cap;
	uint32_t bucket[BUCKETS];
};

static uint32_t gram_hash(const char *p)
{
	uint32_t h = (uint32_t)(unsigned char)p[0] |
		     (uint32_t)(unsigned char)p[1] << 8 |
		     (uint32_t)(unsigned char)p[2] << 16;

	return (h * UINT32_C(2654435761)) >> 19;
}

/* The part that begins at or after `from`, '*' skipped; false at the end. */
static bool part_next(struct span phrase, size_t *from, struct span *part_r)
{
	size_t at = *from, end;

	while (at < phrase.n && phrase.p[at] == '*')
		at++;
	for (end = at; end < phrase.n && phrase.p[end] != '*'; end++)
		continue;
	*from = end;
	*part_r = span_make(phrase.p + at, end - at);
	return end > at;
}

struct matcher *matcher_new(void)
{
	return xcalloc(1, sizeof(struct matcher));
}

void matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	free(m->entries);
	free(m);
}

int matcher_add(struct matcher *m, struct span phrase, uint32_t owner)
{
	struct entry e = {.phrase = phrase, .owner = owner, .next = NO_ENTRY};
	size_t from = 0;

	if (!part_next(phrase, &from, &e.first) || e.first.n < PHRASE_MIN_BYTES)
		return -1;
	if (m->count == m->cap) {
		m->cap = m->cap == 0 ? 256 : 2 * m->cap;
		m->entries =
			xreallocarray(m->entries, m->cap, sizeof(*m->entries));
	}
	m->entries[m->count++] = e;
	return 0;
}

static void count_grams(const struct matcher *m, uint32_t *counts)
{
	size_t i, at;

	for (i = 0; i < m->count; i++) {
		struct span first = m->entries[i].first;

		for (at = 0; at + PHRASE_MIN_BYTES <= first.n; at++)
			counts[gram_hash(first.p + at)]++;
	}
}

void matcher_build(struct matcher *m)
{
	uint32_t *counts = xcalloc(BUCKETS, sizeof(*counts));
	size_t i, at;

	count_grams(m, counts);
	for (i = 0; i < BUCKETS; i++)
		m->bucket[i] = NO_ENTRY;
	for (i = 0; i < m->count; i++) {
		struct entry *e = &m->entries[i];
		uint32_t best = gram_hash(e->first.p), h;

		for (at = 1; at + PHRASE_MIN_BYTES <= e->first.n; at++) {
			h = gram_hash(e->first.p + at);
			if (counts[h] < counts[best]) {
				best = h;
				e->gram_at = at;
			}
		}
		e->next = m->bucket[best];
		m->bucket[best] = (uint32_t)i;
	}
	free(counts);
}

static bool part_is_at(struct span part, struct span text, size_t at)
{
	/* Its ends tell most others apart. */
	return at <= text.n && text.n - at >= part.n &&
	       text.p[at] == part.p[0] &&
	       text.p[at + part.n - 1] == part.p[part.n - 1] &&
	       memcmp(text.p + at, part.p, part.n) == 0;
}

/* Neither edge cuts a word or a number in two. */
static bool edges_are_free(struct span phrase, struct span text, size_t at,
			   size_t end)
{
	if (text_is_alnum(phrase.p[0]) && at > 0 &&
	    text_is_alnum(text.p[at - 1]))
		return false;
	return !(text_is_alnum(phrase.p[phrase.n - 1]) && end < text.n &&
		 text_is_alnum(text.p[end]));
}

/* The first part stands at `at`; looks for the others behind it. */
static bool rest_matches(struct span phrase, struct span text, size_t at,
			 size_t *n_r)
{
	struct span part, window;
	size_t from = 0, end, found;

	if (!part_next(phrase, &from, &part))
		return false;
	end = at + part.n;
	if (!edges_are_free(phrase, text, at, text.n))
		return false;
	while (part_next(phrase, &from, &part)) {
		window = span_cut(span_from(text, end),
				  PHRASE_GAP_BYTES + part.n);
		found = span_find(window, part);
		if (found == SPAN_NONE)
			return false;
		end += found + part.n;
	}
	*n_r = end - at;
	return edges_are_free(phrase, text, at, end);
}

void matcher_scan(const struct matcher *m, struct span text, matcher_fn fn,
		  void *arg)
{
	size_t at, start, n;
	uint32_t i;

	for (at = 0; at + PHRASE_MIN_BYTES <= text.n; at++) {
		i = m->bucket[gram_hash(text.p + at)];
		for (; i != NO_ENTRY; i = m->entries[i].next) {
			const struct entry *e = &m->entries[i];

			if (at < e->gram_at)
				continue;
			start = at - e->gram_at;
			if (part_is_at(e->first, text, start) &&
			    rest_matches(e->phrase, text, start, &n))
				fn(arg, e->owner, start, n);
		}
	}
}

bool phrase_find(struct span phrase, struct span text, size_t *at_r,
		 size_t *n_r)
{
	struct span first;
	size_t from = 0, at, n;

	if (!part_next(phrase, &from, &first))
		return false;
	for (at = 0; at + first.n <= text.n; at++) {
		size_t next = span_find(span_from(text, at), first);

		if (next == SPAN_NONE)
			return false;
		at += next;
		if (!rest_matches(phrase, text, at, &n))
			continue;
		if (at_r != NULL)
			*at_r = at;
		if (n_r != NULL)
			*n_r = n;
		return true;
	}
	return false;
}

bool phrase_find_any(struct phrases *phrases, const struct grams *g,
		     struct span text)
{
	const char *phrase;
	size_t nth = 0;

	while ((phrase = phrases_next(phrases, g, &nth)) != NULL)
		if (phrase_find(span_of(phrase), text, NULL, NULL))
			return true;
	return false;
}
