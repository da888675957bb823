/*
 * The domain breaker: when many addresses of one domain cannot take mail in
 * the same hours, their server has an outage, and nobody's address is to
 * blame. Whole hours of arrival, so that the order of reading does not matter.
 */
#include "policy/policy.h"

#include <stdlib.h>

#include "util/xalloc.h"

bool policy_breaker_applies(enum reason reason)
{
	if (reason == REASON_MAILBOX_FULL ||
	    reason == REASON_RECIPIENT_REFUSED ||
	    reason == REASON_RECIPIENT_RESTRICTED ||
	    reason == REASON_RATE_LIMITED_RECIPIENT)
		return false;
	return reason_info(reason)->class_ != VERDICT_HARD;
}

struct entry {
	int64_t hour;
	uint64_t address_id;
	size_t index;	/* as given */
	size_t address; /* 0.. in place of address_id */
};

static int by_address(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	return (a->address_id > b->address_id) -
	       (a->address_id < b->address_id);
}

static int by_hour(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	return (a->hour > b->hour) - (a->hour < b->hour);
}

static struct entry *sorted_entries(const struct policy_domain_event *events,
				    size_t n)
{
	struct entry *entries = xcalloc(n, sizeof(*entries));
	size_t address = 0;

	for (size_t i = 0; i < n; i++) {
		entries[i].hour = events[i].at_s / 3600;
		entries[i].address_id = events[i].address_id;
		entries[i].index = i;
	}
	qsort(entries, n, sizeof(*entries), by_address);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && by_address(&entries[i - 1], &entries[i]) != 0)
			address++;
		entries[i].address = address;
	}
	qsort(entries, n, sizeof(*entries), by_hour);
	return entries;
}

/*
 * A window of hours slides over the entries, from each one's hour on: low is
 * its first, high is one past its last, marked is how far marks have come. It
 * is at least an hour long, so that low is in it.
 */
void policy_breaker(const struct policy_settings *s,
		    const struct policy_domain_event *events, size_t n,
		    bool *shared_r)
{
	struct entry *entries;
	unsigned *counts;
	size_t high = 0, distinct = 0, marked = 0;

	if (n == 0)
		return;
	entries = sorted_entries(events, n);
	counts = xcalloc(n, sizeof(*counts));
	for (size_t i = 0; i < n; i++)
		shared_r[i] = false;
	for (size_t low = 0; low < n; low++) {
		int64_t end = entries[low].hour + s->breaker.hours;

		for (; high < n && entries[high].hour < end; high++)
			distinct += counts[entries[high].address]++ == 0;
		if (distinct >= s->breaker.addresses) {
			marked = marked > low ? marked : low;
			for (; marked < high; marked++)
				shared_r[entries[marked].index] = true;
		}
		distinct -= --counts[entries[low].address] == 0;
	}
	free(counts);
	free(entries);
}
