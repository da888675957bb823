/*
 * What retention deletes beside facts. Tables by the hour have no index by
 * time, which every commit would pay for: they are gone through once a day.
 */
#include "store/prune.h"

#include "store/internal.h"
#include "store/note.h"

#define HOUR_S 3600
#define DAY_S 86400
/* Flags of hours may still decide about facts that were kept. */
#define HOURS_KEPT_S (400 * (int64_t)DAY_S)
#define STEP 500
#define MAX_TEXTS 2
#define MAX_NUMBERS 2

/* A table: its keys are first texts, then numbers. */
static const struct table {
	enum query_id find, delete;
	int texts, numbers;
	bool by_hour;
} tables[] = {
	{Q_MESSAGE_OLD, Q_MESSAGE_DELETE_BARE, 0, 1, false},
	{Q_LEDGER_OLD, Q_LEDGER_DELETE, 2, 0, false},
	{Q_GUARD_OLD, Q_GUARD_DELETE, 2, 1, true},
	{Q_DOMAIN_EVENT_OLD, Q_DOMAIN_EVENT_DELETE, 2, 2, true},
	{Q_BREAKER_OLD, Q_BREAKER_CLEAR, 1, 1, true},
};

struct row {
	const char *texts[MAX_TEXTS];
	int64_t numbers[MAX_NUMBERS];
};

static int find(struct store *s, const struct table *t, int64_t before_s,
		struct arena *a, struct row *rows, size_t *n_r,
		struct error *err)
{
	struct query q;
	int got;

	*n_r = 0;
	query_start(&q, s, t->find);
	query_int(&q,
		  t->by_hour ? (before_s - HOURS_KEPT_S) / HOUR_S : before_s);
	query_int(&q, STEP);
	while ((got = query_step(&q, err)) == 1) {
		struct row *r = &rows[(*n_r)++];

		for (int i = 0; i < t->texts; i++)
			r->texts[i] = row_dup(&q, a);
		for (int i = 0; i < t->numbers; i++)
			r->numbers[i] = row_int(&q);
	}
	return got;
}

static int delete_rows(struct store *s, const struct table *t,
		       const struct row *rows, size_t n, struct error *err)
{
	if (store_begin(s, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct query q;

		query_start(&q, s, t->delete);
		for (int k = 0; k < t->texts; k++)
			query_text(&q, rows[i].texts[k]);
		for (int k = 0; k < t->numbers; k++)
			query_int(&q, rows[i].numbers[k]);
		if (query_run(&q, err)) {
			store_rollback(s);
			return -1;
		}
	}
	return store_commit(s, err);
}

/* 1 where something was deleted, 0 where there was nothing, -1. */
static int prune_table(struct store *s, const struct table *t, int64_t before_s,
		       struct error *err)
{
	struct arena arena;
	struct row *rows;
	size_t n = 0;
	int rc;

	arena_init(&arena);
	rows = arena_array(&arena, STEP, sizeof(*rows));
	rc = find(s, t, before_s, &arena, rows, &n, err);
	if (rc == 0 && n > 0)
		rc = delete_rows(s, t, rows, n, err) ? -1 : 1;
	arena_release(&arena);
	return rc;
}

int prune_step(struct store *s, int64_t before_s, int64_t now_s,
	       struct error *err)
{
	int64_t today = now_s / DAY_S;
	int64_t day;

	if (note_get(s, "prune_day", &day, 1, err))
		return -1;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		int rc;

		if (tables[i].by_hour && day == today)
			continue;
		rc = prune_table(s, &tables[i], before_s, err);
		if (rc)
			return rc;
	}
	return day == today ? 0 : note_put(s, "prune_day", &today, 1, err);
}
