/*
 * Suppressing a whole domain takes several proved addresses of it that say so,
 * and is never done to a provider of mailboxes for everybody.
 */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "util/address.h"
#include "util/xalloc.h"

static bool is_freemail(const struct policy_settings *s, struct span domain)
{
	for (const char *const *d = s->freemail_domains; d && *d; d++) {
		if (address_domain_is_below(domain, span_of(*d)))
			return true;
	}
	return false;
}

static int by_time(const void *pa, const void *pb)
{
	const struct policy_null_mx *a = pa, *b = pb;

	if (a->at_s != b->at_s)
		return a->at_s < b->at_s ? -1 : 1;
	return (a->address_id > b->address_id) -
	       (a->address_id < b->address_id);
}

/* How many addresses among the first n are distinct, up to enough. */
static unsigned distinct(const struct policy_null_mx *events, size_t n,
			 unsigned enough)
{
	unsigned count = 0;

	for (size_t i = 0; i < n && count < enough; i++) {
		size_t j = 0;

		while (j < i && events[j].address_id != events[i].address_id)
			j++;
		count += j == i;
	}
	return count;
}

struct period {
	bool on;
	int64_t since_s, until_s; /* INT64_MAX: no end */
};

static void extend(const struct policy_settings *s, struct period *p,
		   int64_t at_s)
{
	if (!p->on)
		p->since_s = at_s;
	p->on = true;
	p->until_s = s->null_mx_domain.expiry_s < 0
			     ? INT64_MAX
			     : at_s + s->null_mx_domain.expiry_s;
}

/* Each period needs its own witnesses: domains come back to life. */
static struct period last_period(const struct policy_settings *s,
				 const struct policy_null_mx *events, size_t n)
{
	struct period p = {.on = false};
	size_t first = 0;

	for (size_t i = 0; i < n; i++) {
		if (p.on && events[i].at_s >= p.until_s) {
			p.on = false;
			first = i;
		}
		if (p.on || (distinct(events + first, i + 1 - first,
				      s->null_mx_domain.addresses) >=
				     s->null_mx_domain.addresses &&
			     events[i].at_s - events[first].at_s >=
				     s->null_mx_domain.min_span_s))
			extend(s, &p, events[i].at_s);
	}
	return p;
}

bool policy_domain_suppressed(const struct policy_settings *s,
			      struct span domain,
			      const struct policy_null_mx *events, size_t n,
			      int64_t now_s, int64_t *since_r, int64_t *until_r)
{
	struct policy_null_mx *sorted;
	struct period p;

	if (n == 0 || s->null_mx_domain.addresses == 0 ||
	    s->mode == POLICY_OBSERVE || is_freemail(s, domain))
		return false;
	sorted = xcalloc(n, sizeof(*sorted));
	memcpy(sorted, events, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_time);
	p = last_period(s, sorted, n);
	free(sorted);
	if (!p.on || now_s >= p.until_s)
		return false;
	*since_r = p.since_s;
	*until_r = p.until_s == INT64_MAX ? POLICY_NO_END : p.until_s;
	return true;
}
