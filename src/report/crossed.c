/*
 * Some systems have one error for a mail, and tell it of all who are left:
 * "550 <a@b>: user unknown", of c@b too. And after the mail a host has one
 * answer for all whom it had let pass (RFC 5321 3.3).
 */
#include "report/crossed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts.h"
#include "report/format_text.h"
#include "util/address.h"

/* X.1.Z and X.2.Z are of one address; the others may be of the whole mail. */
#define SUBJECT_ADDRESS 1
#define SUBJECT_MAILBOX 2

static int compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcasecmp(*x, *y);
}

/* All who failed, to look them up; *n_r of them. */
static const char **sorted_addresses(struct report *r, size_t *n_r)
{
	const char **list =
		arena_array(&r->arena, 2 * r->fact_count, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < r->fact_count; i++) {
		list[n++] = r->facts[i].address;
		list[n++] = r->facts[i].final;
	}
	qsort(list, n, sizeof(*list), compare);
	*n_r = n;
	return list;
}

/* The first whom the reply names; "" where it names nobody, or this one. */
static const char *named(struct report *r, const struct fact *f)
{
	struct span reply = span_of(f->reply_text), address, first = {0};
	size_t at = 0;

	while ((at = text_address_find(reply, at, &address)) > 0) {
		if (span_eq_ci(address, span_of(f->address)) ||
		    span_eq_ci(address, span_of(f->final)))
			return "";
		if (first.n == 0)
			first = address;
	}
	return first.n > 0 ? facts_text(r, first, REPORT_MAX_ADDRESS) : "";
}

/* All that is left is that it failed. */
static void forget(struct report *r, struct fact *f)
{
	uint8_t class_ = f->status.class_ != 0 ? f->status.class_
					       : f->reply_status.class_;

	facts_set_words(r, f, span_cut(span_of(f->diagnostic), 0));
	f->status = (struct status){.class_ = class_};
}

static void forget_what_names_others(struct report *r)
{
	const char **list = NULL, *address;
	size_t n = 0;

	for (size_t i = 0; i < r->fact_count; i++) {
		struct fact *f = &r->facts[i];

		if (f->reply_status.subject > SUBJECT_MAILBOX)
			continue;
		address = named(r, f);
		if (address[0] == '\0')
			continue;
		if (list == NULL)
			list = sorted_addresses(r, &n);
		if (bsearch(&address, list, n, sizeof(*list), compare) != NULL)
			forget(r, f);
	}
}

/* A host takes those of several domains together, if it is theirs. */
static const char *taker(const struct fact *f)
{
	return f->remote[0] != '\0' ? f->remote
				    : address_domain(span_of(f->address)).p;
}

static int compare_replies(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	int c = strcmp((*x)->reply_text, (*y)->reply_text);

	return c != 0 ? c : strcasecmp(taker(*x), taker(*y));
}

/* It may be listed twice. */
static bool is_one(struct fact *const *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!span_eq_ci(span_of(list[i]->address),
				span_of(list[0]->address)))
			return false;
	return true;
}

/*
 * The code is of one address, and the reply does not say of which. Another
 * host's answer is another one's.
 */
static void forget_what_is_of_one(struct report *r)
{
	struct fact **list =
		arena_array(&r->arena, r->fact_count, sizeof(*list));
	size_t n = 0, next;

	for (size_t i = 0; i < r->fact_count; i++)
		if (r->facts[i].stage == STAGE_BODY &&
		    r->facts[i].reply_status.subject == SUBJECT_ADDRESS)
			list[n++] = &r->facts[i];
	qsort(list, n, sizeof(*list), compare_replies);
	for (size_t i = 0; i < n; i = next) {
		for (next = i + 1; next < n; next++)
			if (compare_replies(&list[i], &list[next]) != 0)
				break;
		if (is_one(&list[i], next - i))
			continue;
		for (size_t k = i; k < next; k++)
			forget(r, list[k]);
	}
}

/* qmail sends a mail of its own to each. */
void crossed_settle(struct report *r)
{
	if (r->fact_count < 2)
		return;
	forget_what_names_others(r);
	if (strcmp(r->format, "qmail") != 0)
		forget_what_is_of_one(r);
}
