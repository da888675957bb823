/*
 * The guard against other people's accidents: a provider that answers "no
 * such user" for everybody for an hour must not empty a list. Neither a large
 * mailing nor a list that is dead here and there is one: an hour is held when
 * it is large for its key and out of proportion to everything else; see guard
 * in dsnd.conf(5). Whole hours and days of arrival, so that neither a backlog
 * nor the order of reading matters.
 */
#include "policy/policy.h"

#include <stdlib.h>

#include "util/xalloc.h"

#define HOURS_A_DAY 24
#define SIGNIFICANT 16 /* steps of an eighth or less */

unsigned policy_guard_step(unsigned all)
{
	unsigned unit = 1;

	while (all / unit >= SIGNIFICANT)
		unit *= 2;
	return all / unit * unit;
}

struct day {
	int64_t day;
	unsigned peak; /* of its hours */
	uint64_t hard, all;
};

static size_t sum_days(const struct policy_hour *hours, size_t n,
		       struct day *days)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t day = hours[i].hour / HOURS_A_DAY;
		struct day *d = &days[count ? count - 1 : 0];

		if (count == 0 || d->day != day) {
			d = &days[count++];
			*d = (struct day){.day = day};
		}
		if (hours[i].hard > d->peak)
			d->peak = hours[i].hard;
		d->hard += hours[i].hard;
		d->all += policy_guard_step(hours[i].all);
	}
	return count;
}

/* What came on earlier days: the best two peaks and the sums. */
struct past {
	unsigned first, second;
	uint64_t hard, all;
};

static struct past look_back(const struct day *days, size_t n, int64_t from,
			     int64_t until)
{
	struct past p = {0};

	for (size_t i = 0; i < n && days[i].day < until; i++) {
		const struct day *d = &days[i];

		if (d->day < from)
			continue;
		p.hard += d->hard;
		p.all += d->all;
		if (d->peak > p.first) {
			p.second = p.first;
			p.first = d->peak;
		} else if (d->peak > p.second) {
			p.second = d->peak;
		}
	}
	return p;
}

/*
 * More than twice its share of earlier days, but share_pct is always enough.
 * What nobody has seen before is taken for half of share_pct, with the weight
 * of a few hours that would just be large.
 */
static bool is_out_of_proportion(const struct policy_settings *s,
				 const struct policy_hour *h,
				 const struct past *p)
{
	uint64_t weight = 5 * (uint64_t)s->guard.min_count;
	uint64_t all = policy_guard_step(h->all);
	uint64_t past_all = p->all + weight;
	uint64_t usual = (200 * p->hard + weight * s->guard.share_pct);
	uint64_t hard_pct = 100 * (uint64_t)h->hard;

	if (all < h->hard)
		all = h->hard;
	if (hard_pct >= all * s->guard.share_pct)
		return true;
	return hard_pct * past_all > all * usual;
}

static enum policy_guard word_on(const struct policy_settings *s, bool common,
				 const struct policy_hour *h,
				 const struct past *p)
{
	/* One accident before must not make the next one usual. */
	uint64_t usual = common ? p->first : p->second;

	if (h->hard < s->guard.min_count || h->hard == 0 ||
	    h->hard <= usual * s->guard.factor || (common && usual == 0))
		return GUARD_FREE;
	return is_out_of_proportion(s, h, p) ? GUARD_HELD : GUARD_LARGE;
}

void policy_guard(const struct policy_settings *s, bool common,
		  const struct policy_hour *hours, size_t n,
		  enum policy_guard *word_r)
{
	struct day *days = xcalloc(n + 1, sizeof(*days));
	size_t count = sum_days(hours, n, days);

	for (size_t i = 0; i < n; i++) {
		int64_t day = hours[i].hour / HOURS_A_DAY;
		struct past p = {0};

		word_r[i] = GUARD_FREE;
		if (hours[i].hard < s->guard.min_count)
			continue;
		p = look_back(days, count, day - s->guard.history_s / 86400,
			      day);
		word_r[i] = word_on(s, common, &hours[i], &p);
	}
	free(days);
}
