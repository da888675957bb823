/*
 * The guard against other people's accidents: a provider that answers "no
 * such user" for everybody for an hour must not empty a list. What is unusual
 * waits; see guard in dsnd.conf(5).
 */
#include "policy/policy.h"

static bool is_unusual(const struct policy_settings *s,
		       const struct policy_hour *h, uint64_t past_hard,
		       uint64_t past_hours)
{
	if (h->hard < s->guard.min_count || h->hard == 0)
		return false;
	if ((uint64_t)h->hard * 100 < (uint64_t)h->total * s->guard.share_pct)
		return false;
	/* The mean of the hours in which something came, times factor. */
	return (uint64_t)h->hard * (past_hours ? past_hours : 1) >
	       past_hard * s->guard.factor;
}

void policy_guard(const struct policy_settings *s,
		  const struct policy_hour *hours, size_t n, bool *held_r)
{
	const int64_t span = s->guard.history_s / 3600;
	uint64_t past_hard = 0, past_hours = 0;
	size_t oldest = 0;

	for (size_t i = 0; i < n; i++) {
		for (; oldest < i && hours[oldest].hour < hours[i].hour - span;
		     oldest++) {
			if (held_r[oldest])
				continue;
			past_hard -= hours[oldest].hard;
			past_hours--;
		}
		held_r[i] = is_unusual(s, &hours[i], past_hard, past_hours);
		if (held_r[i])
			continue;
		past_hard += hours[i].hard;
		past_hours++;
	}
}
