/*
 * What status says of the mailboxes. Each of these is one small transaction of
 * its own, or part of a batch.
 */
#include "store/internal.h"

int store_mailbox_heartbeat(struct store *s, const char *name, int64_t now_s,
			    struct error *err)
{
	struct query q;

	query_start(&q, s, Q_MAILBOX_HEARTBEAT);
	query_text(&q, name);
	query_int(&q, now_s);
	return query_run(&q, err);
}

int store_mailbox_polled(struct store *s, const char *name, int64_t backlog,
			 int64_t now_s, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_MAILBOX_POLLED);
	query_text(&q, name);
	query_int(&q, now_s);
	query_int(&q, backlog);
	return query_run(&q, err);
}

int store_mailbox_failed(struct store *s, const char *name, const char *text,
			 int64_t now_s, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_MAILBOX_FAILED);
	query_text(&q, name);
	query_text(&q, text);
	query_int(&q, now_s);
	return query_run(&q, err);
}

int store_mailboxes(struct store *s, store_mailbox_fn each, void *ctx,
		    struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_MAILBOXES);
	while ((got = query_step(&q, err)) == 1) {
		struct store_mailbox m;

		m.name = row_text(&q);
		m.heartbeat_s = row_int(&q);
		m.polled_s = row_int(&q);
		m.message_s = row_int(&q);
		m.backlog = row_int(&q);
		m.disposal_due = row_int(&q);
		m.messages = row_int(&q);
		m.last_error = row_text(&q);
		m.last_error_s = row_int(&q);
		if (each(ctx, &m)) {
			query_end(&q);
			return 0;
		}
	}
	return got;
}
