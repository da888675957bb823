/*
 * Everything that can be worked out again is worked out again and compared
 * with what is kept. It reads one snapshot and takes no lock that anybody
 * would wait for.
 */
#include "store/verify.h"

#include <string.h>

#include "store/internal.h"
#include "store/state.h"
#include "store/state_text.h"

void verify_tell(struct verify *v, const char *what, const char *subject,
		 const char *stored, const char *computed)
{
	const struct store_difference d = {what, subject, stored, computed};

	v->found++;
	if (v->to && v->to->difference && !v->stopped)
		v->stopped = v->to->difference(v->to->ctx, &d) != 0;
}

int verify_query(struct verify *v, const char *what, struct query *q,
		 struct error *err)
{
	int got;

	while ((got = query_step(q, err)) == 1) {
		const char *subject = row_text(q);
		const char *stored = row_text(q);

		verify_tell(v, what, subject, stored, row_text(q));
	}
	return got;
}

static void compare(struct verify *v, const char *what, const char *subject)
{
	if (strcmp(v->stored.data, v->computed.data) != 0)
		verify_tell(v, what, subject, v->stored.data, v->computed.data);
	buf_reset(&v->stored);
	buf_reset(&v->computed);
}

/* What each fact did, and who holds it. */
static void compare_outcomes(struct verify *v, const struct history *h,
			     const enum policy_applied *applied)
{
	for (size_t i = 0; i < h->fact_count; i++) {
		const struct history_fact *f = &h->facts[i];
		bool held = applied[i] == APPLIED_HELD;
		const char *by = *f->held_by ? f->held_by : "evidence";

		buf_addf(&v->stored, "%s%s %s %lld", f->old_applied,
			 f->old_copy ? " copy" : "", f->old_held_by,
			 (long long)f->old_held_until_s);
		buf_addf(&v->computed, "%s%s %s %lld",
			 policy_applied_name(applied[i]),
			 f->copy ? " copy" : "", held ? by : "",
			 (long long)(held ? f->held_until_s : 0));
		buf_reset(&v->subject);
		buf_addf(&v->subject, "bounce %lld of %s",
			 (long long)h->events[i].id, h->folded);
		compare(v, "outcome", v->subject.data);
	}
}

static void compare_states(struct verify *v, const struct history *h,
			   struct state *kept, struct state *fresh)
{
	address_state_text(&v->stored, kept, h, 0);
	address_state_text(&v->computed, fresh, h, 0);
	compare(v, "state", h->folded);
	buf_addf(&v->stored, "%lld", (long long)kept->next_change_s);
	buf_addf(&v->computed, "%lld", (long long)fresh->next_change_s);
	compare(v, "next change", h->folded);
}

/* The address itself: it compares as it would if it came again. */
static int compare_name(struct verify *v, const struct history *h,
			struct arena *a, struct error *err)
{
	const char *folded, *written;
	struct query q;
	int got;

	if (*h->folded == '\0')
		return 0;
	if (address_parse(span_of(h->folded), a, &folded, &written, NULL)) {
		verify_tell(v, "address", h->folded, h->folded, "no address");
		return 0;
	}
	buf_add_str(&v->stored, h->folded);
	buf_add_str(&v->computed, folded);
	compare(v, "address", h->folded);
	query_start(&q, v->s, Q_VERIFY_DOMAIN);
	query_int(&q, h->address);
	got = query_step(&q, err);
	if (got != 1)
		return got;
	buf_add_str(&v->stored, row_text(&q));
	/* The domain ends with the address: it has its NUL. */
	buf_add_str(&v->computed, strrchr(folded, '@') + 1);
	compare(v, "domain", h->folded);
	query_end(&q);
	return 0;
}

/*
 * A state that is marked as out of date says nothing about what should be in
 * it: whoever asks has it folded on the spot.
 */
static int verify_address(struct verify *v, int64_t id, struct error *err)
{
	struct arena *a = &v->s->scratch;
	enum policy_applied *applied;
	struct state kept, fresh;
	struct history h;
	bool due;

	arena_reset(a);
	if (address_state_read(v->s, id, a, &kept, err) ||
	    history_load(v->s, id, a, &h, err) ||
	    verify_counts_add(v, id, &h, a, err) ||
	    address_state_fold(v->s, &h, v->now_s, a, &fresh, &applied, err))
		return -1;
	if (compare_name(v, &h, a, err))
		return -1;
	due = kept.next_change_s && kept.next_change_s <= v->now_s;
	if (!kept.known && h.event_count > 0)
		verify_tell(v, "state", h.folded, "none", "one");
	else if (!due)
		compare_states(v, &h, &kept, &fresh);
	if (!due)
		compare_outcomes(v, &h, applied);
	return 0;
}

static int verify_addresses(struct verify *v, struct error *err)
{
	int64_t total = 0;
	int64_t done = 0;
	int64_t id = 0;
	struct query q;
	int got;

	query_start(&q, v->s, Q_VERIFY_ADDRESS_COUNT);
	if (query_number(&q, &total, err) < 0)
		return -1;
	while (!v->stopped) {
		query_start(&q, v->s, Q_ADDRESS_NEXT);
		query_int(&q, id);
		got = query_number(&q, &id, err);
		if (got != 1)
			return got;
		if (verify_address(v, id, err))
			return -1;
		if (v->to && v->to->progress)
			v->to->progress(v->to->ctx, ++done, total);
	}
	return 0;
}

static int verify_all(struct verify *v, struct error *err)
{
	if (store_thinned(v->s, &v->thinned_s, err) || verify_schema(v, err) ||
	    verify_rows(v, err) || verify_counts_begin(v, err) ||
	    verify_addresses(v, err) || verify_counts(v, err))
		return -1;
	return verify_flags(v, err);
}

int store_verify(struct store *s, int64_t now_s,
		 const struct store_inspector *to, size_t *found_r,
		 struct error *err)
{
	struct verify v = {.s = s, .now_s = now_s, .to = to};
	bool own = sqlite3_get_autocommit(s->db);
	bool same;
	int rc;

	/* Sums over all there is are not for memory. */
	if (own)
		sqlite3_exec(s->db, "PRAGMA temp_store = FILE", NULL, NULL,
			     NULL);
	if (own && store_begin_read(s, err))
		return -1;
	buf_init(&v.stored);
	buf_init(&v.computed);
	buf_init(&v.subject);
	rc = store_policy_same(s, &same, err);
	if (rc == 0 && !same)
		rc = error_set(err, ERROR_MESSAGE,
			       "database %s: another policy was in force when "
			       "dsnd ran last: name its configuration with -c, "
			       "or start dsnd, which applies the new one",
			       s->path);
	if (rc == 0)
		rc = verify_all(&v, err);
	verify_counts_end(&v);
	buf_release(&v.subject);
	buf_release(&v.computed);
	buf_release(&v.stored);
	if (own)
		store_end_read(s);
	*found_r = v.found;
	return rc;
}
