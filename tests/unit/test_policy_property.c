/*
 * What must hold for every history: ten thousand random ones of a fixed seed,
 * each folded in several ways that must agree.
 */
#include "policy_history.h"

#include <string.h>

#define MOST_EVENTS 24
#define ROUNDS 10000

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static struct policy_event random_verdict(bool own_send)
{
	static const enum reason reasons[] = {
		REASON_USER_UNKNOWN,	  REASON_DOMAIN_UNKNOWN,
		REASON_ESP_SUPPRESSED,	  REASON_MAILBOX_FULL,
		REASON_MAILBOX_FULL,	  REASON_MAILBOX_FULL,
		REASON_NETWORK_ERROR,	  REASON_NETWORK_ERROR,
		REASON_RECIPIENT_REFUSED, REASON_COMPLAINT,
		REASON_DELIVERED,	  REASON_IP_BLOCKED,
		REASON_DELAYED,
	};
	static const char *const sends[] = {"", "s1", "s2", "s3", "s4", "s5"};
	static unsigned serial;
	static char own[1000][8];
	int64_t at_s = AT(pick(1000) / 4.0);
	struct policy_event e = verdict(at_s, reasons[pick(LENGTH(reasons))],
					sends[pick(LENGTH(sends))]);

	if (own_send) {
		serial = (serial + 1) % 1000;
		snprintf(own[serial], sizeof(own[serial]), "o%u", serial);
		e.send = own[serial];
	}
	e.sent_at_s = at_s - pick(8) * DAY;
	e.evidence = pick(3) > 0 ? EVIDENCE_RELAY
				 : (enum evidence)pick(EVIDENCE_COUNT);
	e.recipients = 1 + (pick(5) == 0);
	e.forwarded = pick(8) == 0;
	e.shared = pick(8) == 0;
	if (pick(10) == 0) {
		e.hold = (enum policy_hold)pick(5);
		e.hold_until_s = at_s + DAY;
	}
	return e;
}

static struct policy_event random_decision(void)
{
	struct policy_event e =
		decision(AT(pick(1000) / 4.0),
			 (enum policy_event_type)(POLICY_SUPPRESS + pick(4)));

	e.force = pick(2) == 0;
	if (e.type != POLICY_SUPPRESS)
		return e;
	e.until_s = pick(2) == 0 ? POLICY_NO_END : e.at_s + 20 * DAY;
	e.imported = pick(2) == 0;
	e.reason = REASON_USER_UNKNOWN;
	e.class_ = pick(3) == 0 ? VERDICT_COMPLAINT : VERDICT_HARD;
	return e;
}

static size_t random_history(struct policy_event *events, bool own_sends)
{
	static const char *const streams[] = {"", "news", "offers"};
	size_t n = 1 + pick(MOST_EVENTS);

	for (size_t i = 0; i < n; i++) {
		events[i] = pick(5) == 0 ? random_decision()
					 : random_verdict(own_sends);
		events[i].stream = streams[pick(LENGTH(streams))];
		events[i].id = (int64_t)i + 1;
		events[i].key[0] = (uint8_t)pick(3);
	}
	return n;
}

static struct policy_state fold_once(const struct policy_event *events,
				     size_t n, int64_t now_s)
{
	struct policy_state out;

	policy_fold(&settings, events, n, now_s, &arena, &out);
	return out;
}

static void same_suppressions(const struct policy_state *a,
			      const struct policy_state *b)
{
	ck_assert_int_eq(a->allowed, b->allowed);
	ck_assert_uint_eq(a->suppression_count, b->suppression_count);
	for (size_t i = 0; i < a->suppression_count; i++) {
		const struct policy_suppression *p = &a->suppressions[i];
		const struct policy_suppression *q = &b->suppressions[i];

		ck_assert_str_eq(p->stream, q->stream);
		ck_assert_int_eq(p->source, q->source);
		ck_assert_int_eq(p->reason, q->reason);
		ck_assert_int_eq(p->class_, q->class_);
		ck_assert_int_eq(p->evidence, q->evidence);
		ck_assert_uint_eq(p->hits, q->hits);
		ck_assert_int_eq(p->since_s, q->since_s);
		ck_assert_int_eq(p->until_s, q->until_s);
		ck_assert_int_eq(p->event_id, q->event_id);
		ck_assert_int_eq(p->bounded, q->bounded);
	}
}

/* Rows that are there for their retry advice alone are left out. */
static size_t next_run(const struct policy_state *s, size_t i)
{
	while (i < s->soft_count && s->softs[i].count == 0 &&
	       !s->softs[i].probation)
		i++;
	return i;
}

static void same_runs(const struct policy_state *a,
		      const struct policy_state *b)
{
	size_t i = next_run(a, 0), j = next_run(b, 0);

	while (i < a->soft_count && j < b->soft_count) {
		const struct policy_soft *p = &a->softs[i];
		const struct policy_soft *q = &b->softs[j];

		ck_assert_str_eq(p->stream, q->stream);
		ck_assert_uint_eq(p->count, q->count);
		ck_assert_int_eq(p->first_at_s, q->first_at_s);
		ck_assert_int_eq(p->last_at_s, q->last_at_s);
		ck_assert(p->reasons == q->reasons);
		ck_assert_uint_eq(p->step, q->step);
		ck_assert_int_eq(p->probation, q->probation);
		ck_assert_int_eq(p->promotes_at_s, q->promotes_at_s);
		i = next_run(a, i + 1);
		j = next_run(b, j + 1);
	}
	ck_assert_uint_eq(i, a->soft_count);
	ck_assert_uint_eq(j, b->soft_count);
}

START_TEST(the_order_of_reading_does_not_matter)
{
	struct policy_event given[MOST_EVENTS], mixed[MOST_EVENTS];
	size_t place[MOST_EVENTS];

	for (int round = 0; round < ROUNDS; round++) {
		size_t n = random_history(given, false);
		int64_t now_s = AT(pick(400));
		struct policy_state a, b;

		for (size_t i = 0; i < n; i++)
			place[i] = i;
		for (size_t i = n - 1; i > 0; i--) {
			size_t j = pick((unsigned)i + 1), old = place[i];

			place[i] = place[j];
			place[j] = old;
		}
		for (size_t i = 0; i < n; i++)
			mixed[i] = given[place[i]];
		a = fold_once(given, n, now_s);
		b = fold_once(mixed, n, now_s);
		same_suppressions(&a, &b);
		same_runs(&a, &b);
		ck_assert_int_eq(a.next_change_s, b.next_change_s);
		for (size_t i = 0; i < n; i++)
			ck_assert_int_eq(b.applied[i], a.applied[place[i]]);
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(nothing_changes_between_now_and_the_next_change)
{
	struct policy_event e[MOST_EVENTS];

	for (int round = 0; round < ROUNDS; round++) {
		size_t n = random_history(e, false);
		int64_t now_s = AT(pick(400));
		struct policy_state a = fold_once(e, n, now_s), b;

		b = fold_once(e, n,
			      a.next_change_s ? a.next_change_s - 1 : AT(9999));
		same_suppressions(&a, &b);
		same_runs(&a, &b);
		ck_assert_int_eq(a.next_change_s, b.next_change_s);
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(another_streams_soft_failures_change_nothing)
{
	struct policy_event e[MOST_EVENTS + 5];

	for (int round = 0; round < ROUNDS; round++) {
		size_t n = random_history(e, false);
		int64_t now_s = AT(pick(400));
		struct policy_state a = fold_once(e, n, now_s), b;

		for (size_t i = 0; i < 5; i++) {
			e[n + i] = verdict(AT(pick(250)), REASON_LOOP, "");
			e[n + i].effect =
				pick(4) ? EFFECT_COUNT : EFFECT_SUPPRESS;
			e[n + i].stream = "zzz";
		}
		b = fold_once(e, n + 5, now_s);
		for (size_t i = 0; i < b.suppression_count; i++) {
			if (strcmp(b.suppressions[i].stream, "zzz") == 0)
				b.suppression_count = i;
		}
		for (size_t i = 0; i < b.soft_count; i++) {
			if (strcmp(b.softs[i].stream, "zzz") == 0)
				b.soft_count = i;
		}
		same_suppressions(&a, &b);
		same_runs(&a, &b);
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(a_second_report_of_a_send_does_not_count)
{
	struct policy_event e[MOST_EVENTS + 1];

	for (int round = 0; round < ROUNDS; round++) {
		size_t n = random_history(e, false);
		int64_t now_s = AT(260 + pick(200));
		struct policy_state a = fold_once(e, n, now_s), b;
		size_t i = pick((unsigned)n);

		if (e[i].type != POLICY_VERDICT || e[i].hold != HOLD_NONE ||
		    e[i].effect == EFFECT_RESET)
			continue;
		e[n] = e[i];
		e[n].at_s += pick(20) * 6 * HOUR;
		e[n].key[0] = 9;
		e[n].id = 99;
		b = fold_once(e, n + 1, now_s);
		same_suppressions(&a, &b);
		same_runs(&a, &b);
		arena_reset(&arena);
	}
}
END_TEST

/* The carry, the decisions, and everything from the cutoff on. */
static size_t retain(const struct policy_event *e, size_t n, int64_t cutoff_s,
		     struct policy_event *out)
{
	struct policy_event *carry;
	size_t count = policy_carry(&settings, e, n, cutoff_s, &arena, &carry);

	memcpy(out, carry, count * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		if (e[i].at_s >= cutoff_s ||
		    (e[i].type != POLICY_VERDICT && e[i].type != POLICY_CARRY))
			out[count++] = e[i];
	}
	return count;
}

START_TEST(retention_changes_nothing)
{
	struct policy_event e[MOST_EVENTS], once[8 * MOST_EVENTS];
	struct policy_event twice[16 * MOST_EVENTS];

	for (int round = 0; round < ROUNDS; round++) {
		size_t n = random_history(e, true);
		int64_t first_s = AT(pick(150)), now_s = AT(250 + pick(200));
		int64_t second_s = first_s + pick(100) * DAY;
		struct policy_state a = fold_once(e, n, now_s), b;
		size_t m = retain(e, n, first_s, once);

		b = fold_once(once, m, now_s);
		same_suppressions(&a, &b);
		same_runs(&a, &b);
		m = retain(once, m, second_s, twice);
		b = fold_once(twice, m, now_s);
		same_suppressions(&a, &b);
		same_runs(&a, &b);
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(many_reports_of_one_address_cost_no_square)
{
	/* Quadratic code would need hours for it, and the case runs out. */
	static struct policy_event e[200000];
	static char sends[200000][12];

	for (size_t i = 0; i < LENGTH(e); i++) {
		snprintf(sends[i], sizeof(sends[i]), "m%zu", i);
		e[i] = verdict(AT(0) + (int64_t)i % DAY,
			       i % 2 ? REASON_MAILBOX_FULL : REASON_LOOP,
			       sends[i]);
		e[i].stream = i % 3 ? "" : sends[i];
		e[i].hold = i % 5 ? HOLD_NONE : HOLD_WAITING;
	}
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 133333);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_order_of_reading_does_not_matter,
		nothing_changes_between_now_and_the_next_change,
		another_streams_soft_failures_change_nothing,
		a_second_report_of_a_send_does_not_count,
		retention_changes_nothing,
		many_reports_of_one_address_cost_no_square,
	};

	return RUN_POLICY_TESTS("policy_property", tests);
}
