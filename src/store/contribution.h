#ifndef STORE_CONTRIBUTION_H
#define STORE_CONTRIBUTION_H

#include "store/history.h"

/*
 * What one address adds to counts that it shares with others: the guards'
 * hours, the breaker's, the campaigns'. A pure function of its history, so
 * that a change is applied as the difference between before and after, and
 * neither order nor repetition can make a count drift.
 */
enum contribution_table {
	CONTRIBUTION_GUARD,    /* scope, key; hour; hard */
	CONTRIBUTION_DOMAIN,   /* domain, what; hour; at */
	CONTRIBUTION_CAMPAIGN, /* campaign, stream, domain, provider; day;
				  delivered, hard, soft, block, complaint */
};
#define CONTRIBUTION_KEYS 4
#define CONTRIBUTION_VALUES 5

struct contribution {
	enum contribution_table table;
	const char *key[CONTRIBUTION_KEYS]; /* "" where unused */
	int64_t time; /* the hour, or the day's midnight */
	int64_t value[CONTRIBUTION_VALUES];
};

/* Which fact the guards count, the first hard one; fact_count: none. */
size_t contribution_hard(const struct history *h);

/* Sorted, each key once; taken from arena. */
struct contribution *contributions_of(const struct history *h,
				      struct arena *arena, size_t *count_r);

/* By table, keys and time, as contributions_of sorts. */
int contribution_compare(const struct contribution *a,
			 const struct contribution *b);

/*
 * Applies the difference for one address: what is its own is written, and
 * changed is called with what each sum changes by. It returns 0 or -1.
 */
typedef int (*contribution_fn)(struct store *s,
			       const struct contribution *delta,
			       struct error *err);
int contributions_apply(struct store *s, int64_t address,
			const struct contribution *before, size_t before_count,
			const struct contribution *after, size_t after_count,
			contribution_fn changed, struct error *err);

/* Adds a difference, summed up over addresses, to the sum it belongs to. */
int contribution_write(struct store *s, const struct contribution *sum,
		       struct error *err);

#endif
