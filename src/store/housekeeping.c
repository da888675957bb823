/*
 * What time and a changed configuration ask for. Every step is small, so that
 * no reader waits long for the write lock.
 */
#include <stdio.h>
#include <string.h>

#include "store/internal.h"
#include "store/note.h"
#include "store/ours.h"
#include "store/refold.h"
#include "util/buf.h"

/* What ended so little too early has ended by the time that it is mended. */
#define CLOCK_SLACK_S 3600
/* How far the clock goes on before that is written down again. */
#define CLOCK_STEP_S 600
/* A clock that leaps is to be looked at by somebody before it is believed. */
#define CLOCK_LEAP_S 86400

static int touch_due(struct store *s, size_t max, int64_t now_s, size_t *n_r,
		     struct error *err)
{
	struct query q;
	int got;

	*n_r = 0;
	query_start(&q, s, Q_EXPIRE_DUE);
	query_int(&q, now_s);
	query_int(&q, (int64_t)max);
	while ((got = query_step(&q, err)) == 1) {
		work_refold(s, row_int(&q));
		++*n_r;
	}
	return got;
}

/* A look without the write lock: mostly nothing is due. */
static int any_due(struct store *s, int64_t now_s, struct error *err)
{
	struct query q;
	int64_t id;

	query_start(&q, s, Q_EXPIRE_DUE);
	query_int(&q, now_s);
	query_int(&q, 1);
	return query_number(&q, &id, err);
}

int store_expire(struct store *s, size_t max, int64_t now_s, struct error *err)
{
	int any = refold_step(s, max, now_s, err);
	size_t n;

	if (any != 0)
		return any;
	any = any_due(s, now_s, err);
	if (any != 1)
		return any;
	if (work_begin(s, err))
		return -1;
	if (touch_due(s, max, now_s, &n, err)) {
		work_abort(s);
		return -1;
	}
	if (work_commit(s, now_s, err))
		return -1;
	return n == max;
}

int store_expire_left(struct store *s, int64_t now_s, int64_t *n_r,
		      struct error *err)
{
	struct query q;

	query_start(&q, s, Q_EXPIRE_LEFT);
	query_int(&q, now_s);
	return query_number(&q, n_r, err) == 1 ? 0 : -1;
}

/* Every number that a fold depends on, in words. */
static void fingerprint(const struct policy_settings *p, struct buf *out)
{
	buf_addf(out, "mode %d soft %u %lld %lld", (int)p->mode,
		 p->soft.threshold, (long long)p->soft.window_s,
		 (long long)p->soft.min_span_s);
	for (unsigned i = 0; i < p->soft.expiry_count; i++)
		buf_addf(out, " %lld", (long long)p->soft.expiry_s[i]);
	for (size_t i = 0; i < REASON_COUNT; i++)
		buf_addf(out, " %d:%lld", (int)p->effect[i],
			 (long long)p->expiry_s[i]);
	buf_addf(out, " forwarded %d unproved %lld", (int)p->forwarded_hard,
		 (long long)p->unproved_hard_s);
	buf_addf(out, " breaker %u %lld", p->breaker.addresses,
		 (long long)p->breaker.hours);
	buf_addf(out, " guard %u %u %u %lld %lld", p->guard.min_count,
		 p->guard.factor, p->guard.share_pct,
		 (long long)p->guard.history_s, (long long)p->guard.hold_s);
	buf_addf(out, " null_mx %u %lld %lld verify %d",
		 p->null_mx_domain.addresses,
		 (long long)p->null_mx_domain.min_span_s,
		 (long long)p->null_mx_domain.expiry_s, (int)p->trust.verify);
	buf_addf(out, " retry %lld %lld %lld %lld %u %lld %lld",
		 (long long)p->retry.greylisted_s, (long long)p->retry.busy_s,
		 (long long)p->retry.other_s, (long long)p->retry.full_s,
		 p->retry.attempts, (long long)p->retry.within_s,
		 (long long)p->retry.full_within_s);
	for (size_t i = 0; p->freemail_domains && p->freemail_domains[i]; i++)
		buf_addf(out, " %s", p->freemail_domains[i]);
}

int store_policy_same(struct store *s, bool *same_r, struct error *err)
{
	struct buf now, old;
	int known;

	buf_init(&now);
	buf_init(&old);
	known = note_get_text(s, "policy", &old, err);
	if (known == 1)
		fingerprint(s->policy, &now);
	*same_r = known != 1 || strcmp(now.data, old.data) == 0;
	buf_release(&old);
	buf_release(&now);
	return known < 0 ? -1 : 0;
}

/* 1 where the numbers differ from those of the last run, which are known. */
static int note_policy(struct store *s, struct error *err)
{
	struct buf now, old;
	int known, rc = -1;

	buf_init(&now);
	buf_init(&old);
	fingerprint(s->policy, &now);
	known = note_get_text(s, "policy", &old, err);
	if (known == 1 && strcmp(old.data, now.data) == 0)
		rc = 0;
	else if (known >= 0 && note_put_text(s, "policy", now.data, err) == 0 &&
		 (known == 0 || refold_everybody(s, err) == 0))
		rc = known;
	buf_release(&old);
	buf_release(&now);
	return rc;
}

int store_policy_changed(struct store *s, int64_t now_s, struct error *err)
{
	int changed;

	if (work_begin(s, err))
		return -1;
	changed = note_policy(s, err);
	if (changed < 0 || ours_allow(s, s->policy->trust.our_domains, err)) {
		work_abort(s);
		return -1;
	}
	return work_commit(s, now_s, err) ? -1 : changed;
}

/* What is known of the clock. */
struct clock {
	int64_t seen_s; /* the latest time that housekeeping has seen; or 0 */
	/* where it has leapt ahead: from when, and to when; or 0 */
	int64_t from_s, leapt_s;
};

static int clock_get(struct store *s, struct clock *c, struct error *err)
{
	int64_t numbers[3];

	if (note_get(s, "clock", numbers, 3, err))
		return -1;
	*c = (struct clock){numbers[0], numbers[1], numbers[2]};
	return 0;
}

static int clock_put(struct store *s, const struct clock *c, struct error *err)
{
	const int64_t numbers[] = {c->seen_s, c->from_s, c->leapt_s};

	return note_put(s, "clock", numbers, 3, err);
}

int store_clock(struct store *s, int64_t now_s, struct error *err)
{
	struct clock c;
	bool back, leapt;

	if (clock_get(s, &c, err))
		return -1;
	back = c.seen_s && now_s < c.seen_s - CLOCK_SLACK_S;
	leapt = c.seen_s && now_s > c.seen_s + CLOCK_LEAP_S;
	if (c.seen_s && !back && !leapt && now_s < c.seen_s + CLOCK_STEP_S)
		return 0;
	if (back || leapt)
		c.from_s = back ? 0 : c.seen_s, c.leapt_s = back ? 0 : now_s;
	c.seen_s = now_s;
	if (work_begin(s, err))
		return -1;
	if (clock_put(s, &c, err) || (back && refold_everybody(s, err))) {
		work_abort(s);
		return -1;
	}
	if (work_commit(s, now_s, err))
		return -1;
	return back ? STORE_CLOCK_BACK : leapt ? STORE_CLOCK_LEAPT : 0;
}

int store_clock_settled(struct store *s, int64_t now_s, int64_t *settled_s_r,
			struct error *err)
{
	struct clock c;

	if (clock_get(s, &c, err))
		return -1;
	*settled_s_r = c.leapt_s && now_s < c.leapt_s + CLOCK_LEAP_S ? c.from_s
								     : now_s;
	return 0;
}
