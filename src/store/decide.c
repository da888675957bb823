/*
 * What people decide: appended to the audit trail, and folded at once. Nothing
 * is ever changed or taken back in place; a later decision beats an earlier.
 */
#include <stdlib.h>
#include <string.h>

#include "store/decision.h"
#include "store/internal.h"
#include "store/refold.h"
#include "store/state.h"
#include "store/state_text.h"
#include "util/buf.h"
#include "util/xalloc.h"

static const char *action_name(enum store_action a)
{
	switch (a) {
	case STORE_SUPPRESS:
		return "suppress";
	case STORE_RELEASE:
		return "release";
	case STORE_ALLOW:
		return "allow";
	case STORE_DISALLOW:
		break;
	}
	return "disallow";
}

void decision_key(const struct decision_row *r, uint8_t key[MESSAGE_KEY_BYTES])
{
	const char *parts[] = {r->action, r->folded, r->stream, r->who,
			       r->note};
	uint8_t hash[HASH_SHA256_BYTES];
	struct buf b;

	buf_init(&b);
	for (size_t i = 0; i < 5; i++)
		buf_add(&b, parts[i], strlen(parts[i]) + 1);
	buf_addf(&b, "%lld %lld %d %d", (long long)r->at_s,
		 (long long)r->until_s, r->force, r->imported);
	/* As it was when there were none. */
	if (r->reason && *r->reason)
		buf_addf(&b, " %s", r->reason);
	hash_sha256(b.data, b.len, hash);
	memcpy(key, hash, MESSAGE_KEY_BYTES);
	buf_release(&b);
}

int decision_insert(struct store *s, const struct decision_row *given,
		    struct error *err)
{
	struct decision_row clean = *given, *r = &clean;
	uint8_t key[MESSAGE_KEY_BYTES];
	struct query q;

	r->who = store_utf8(s, given->who);
	r->note = store_utf8(s, given->note);
	r->stream = store_utf8(s, given->stream);
	decision_key(r, key);
	query_start(&q, s, Q_DECISION_INSERT);
	query_blob(&q, key, sizeof(key));
	query_int(&q, r->at_s);
	query_text(&q, r->who);
	query_text(&q, r->action);
	query_int(&q, r->address);
	query_int_or_null(&q, r->fact);
	query_text(&q, r->stream);
	query_int_or_null(&q, r->until_s);
	query_int(&q, r->force);
	query_int(&q, r->imported);
	query_text(&q, r->note);
	query_text(&q, r->reason);
	return query_run(&q, err);
}

/*
 * A domain's allow entry is part of the history of each of its addresses. Of
 * millions only a note is kept.
 */
static int touch_domain(struct store *s, const char *domain, struct error *err)
{
	size_t n = 0;
	struct query q;
	int got;

	query_start(&q, s, Q_DOMAIN_ADDRESSES);
	query_text(&q, domain);
	query_int(&q, WORK_MAX_REFOLDS + 1);
	while ((got = query_step(&q, err)) == 1) {
		work_refold_some(s, row_int(&q));
		n++;
	}
	if (got == 0 && n > WORK_MAX_REFOLDS)
		return refold_domain(s, domain, err);
	return got;
}

int decision_add(struct store *s, const struct store_decision *d,
		 struct arena *arena, int64_t *address_r, struct error *err)
{
	struct decision_row r = {.action = action_name(d->action),
				 .stream = d->stream ? d->stream : "",
				 .who = d->who ? d->who : "",
				 .note = d->note ? d->note : "",
				 .at_s = d->at_s,
				 .until_s = d->until_s,
				 .force = d->force,
				 .imported = d->imported};
	const char *written;

	if (address_parse(d->address, arena, &r.folded, &written, err) ||
	    address_ensure(s, r.folded, written, &r.address, err) ||
	    decision_insert(s, &r, err))
		return -1;
	*address_r = r.address;
	work_refold(s, r.address);
	if (*r.folded == '@' &&
	    (d->action == STORE_ALLOW || d->action == STORE_DISALLOW))
		return touch_domain(s, r.folded + 1, err);
	return 0;
}

/* The state of an entry in words, to see whether it changed. */
static int describe(struct store *s, int64_t address, struct arena *arena,
		    struct buf *out, struct error *err)
{
	struct state st;

	if (address_state_read(s, address, arena, &st, err))
		return -1;
	address_state_text(out, &st, NULL, 0);
	return 0;
}

static int count_changes(struct store *s, const int64_t *addresses,
			 const size_t *ends, const struct buf *before, size_t n,
			 size_t *changed_r, struct error *err)
{
	struct arena arena;
	struct buf now;
	int rc = 0;

	arena_init(&arena);
	buf_init(&now);
	*changed_r = 0;
	for (size_t i = 0; rc == 0 && i < n; i++) {
		size_t start = i ? ends[i - 1] : 0;

		arena_reset(&arena);
		buf_reset(&now);
		rc = describe(s, addresses[i], &arena, &now, err);
		*changed_r +=
			now.len != ends[i] - start ||
			memcmp(now.data, before->data + start, now.len) != 0;
	}
	buf_release(&now);
	arena_release(&arena);
	return rc;
}

int store_decide(struct store *s, const struct store_decision *decisions,
		 size_t n, int64_t now_s, size_t *changed_r, struct error *err)
{
	int64_t *addresses = xcalloc(n + 1, sizeof(*addresses));
	size_t *ends = xcalloc(n + 1, sizeof(*ends));
	struct arena arena;
	struct buf before;
	int rc;

	arena_init(&arena);
	buf_init(&before);
	rc = work_begin(s, err);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		arena_reset(&arena);
		rc = decision_add(s, &decisions[i], &arena, &addresses[i], err);
		if (rc == 0)
			rc = describe(s, addresses[i], &arena, &before, err);
		ends[i] = before.len;
	}
	if (rc == 0)
		rc = work_fold(s, now_s, err);
	if (rc == 0 && changed_r)
		rc = count_changes(s, addresses, ends, &before, n, changed_r,
				   err);
	if (rc == 0)
		rc = store_commit(s, err);
	work_abort(s);
	buf_release(&before);
	arena_release(&arena);
	free(ends);
	free(addresses);
	return rc;
}

static int hold_decide(struct store *s, int64_t bounce_id,
		       struct decision_row *r, struct error *err)
{
	int64_t domain = 0;
	struct query q;
	int got;

	query_start(&q, s, Q_FACT_CHARGED);
	query_int(&q, bounce_id);
	got = query_step(&q, err);
	if (got == 0)
		return error_set(err, ERROR_MESSAGE,
				 "bounce %lld is not held; \"dsnctl "
				 "pending\" lists what is",
				 (long long)bounce_id);
	if (got < 0)
		return -1;
	r->address = row_int(&q);
	domain = row_int(&q);
	query_end(&q);
	if (decision_insert(s, r, err))
		return -1;
	work_refold(s, r->address);
	if (domain)
		work_refold(s, domain);
	return 0;
}

int store_holds_decide(struct store *s, const int64_t *bounce_ids, size_t n,
		       bool apply, const char *who, const char *note,
		       int64_t now_s, struct error *err)
{
	if (work_begin(s, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct decision_row r = {.action = apply ? "apply" : "drop",
					 .folded = "",
					 .stream = "",
					 .who = who,
					 .note = note,
					 .at_s = now_s,
					 .fact = bounce_ids[i]};

		if (hold_decide(s, bounce_ids[i], &r, err)) {
			work_abort(s);
			return -1;
		}
	}
	return work_commit(s, now_s, err);
}

int store_hold_decide(struct store *s, int64_t bounce_id, bool apply,
		      const char *who, const char *note, int64_t now_s,
		      struct error *err)
{
	return store_holds_decide(s, &bounce_id, 1, apply, who, note, now_s,
				  err);
}
