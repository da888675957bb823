/* Sums over what came back. */
#include <string.h>

#include "store/internal.h"

static void bind(struct query *q, const struct store_stats_filter *f,
		 const char *domain)
{
	query_int(q, f->since_s);
	query_int(q, f->until_s ? f->until_s : INT64_MAX);
	query_text(q, f->campaign);
	query_text(q, domain);
}

int store_stats(struct store *s, const struct store_stats_filter *filter,
		store_stats_fn each, void *ctx, struct error *err)
{
	const char *domain;
	struct query q;
	int got;

	arena_reset(&s->scratch);
	if (domain_fold(filter->domain, &s->scratch, &domain, err))
		return -1;
	if (strcmp(filter->by, "reason") == 0) {
		query_start(&q, s, Q_STATS_REASONS);
	} else {
		query_start(&q, s, Q_STATS_RATES);
		query_text(&q, filter->by);
	}
	bind(&q, filter, domain);
	while ((got = query_step(&q, err)) == 1) {
		struct store_stats row;

		row.what = row_text(&q);
		row.has_sent = !row_is_null(&q);
		row.sent = row_int(&q);
		row.delivered = row_int(&q);
		row.hard = row_int(&q);
		row.soft = row_int(&q);
		row.block = row_int(&q);
		row.complaint = row_int(&q);
		if (each(ctx, &row)) {
			query_end(&q);
			return 0;
		}
	}
	return got;
}

int store_soft_sum(struct store *s, int64_t since_s, int64_t until_s,
		   struct store_soft_sum *sum_r, struct error *err)
{
	struct query q;

	*sum_r = (struct store_soft_sum){0};
	query_start(&q, s, Q_STATS_SOFT);
	query_int(&q, since_s);
	query_int(&q, until_s);
	if (query_step(&q, err) != 1)
		return -1;
	sum_r->addresses = row_int(&q);
	sum_r->repeated = row_int(&q);
	sum_r->turned = row_int(&q);
	query_end(&q);
	return 0;
}

int store_health(struct store *s, int64_t since_s, int64_t until_s,
		 int64_t limit, store_health_fn each, void *ctx,
		 struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_STATS_HEALTH);
	query_int(&q, since_s);
	query_int(&q, until_s);
	query_int(&q, limit);
	while ((got = query_step(&q, err)) == 1) {
		struct store_health h;

		h.provider = row_text(&q);
		h.cause = row_text(&q);
		h.sender = row_text(&q);
		h.count = row_int(&q);
		h.last_at_s = row_int(&q);
		h.sample = row_text(&q);
		h.advice = row_text(&q);
		if (each(ctx, &h)) {
			query_end(&q);
			return 0;
		}
	}
	return got;
}
