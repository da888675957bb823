/* What drivers must remember of mailboxes whose messages stay there. */
#include "store/internal.h"

int store_mailbox_notes(struct store *s, const char *mailbox,
			store_note_fn each, void *ctx, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_MAILBOX_NOTES);
	query_text(&q, mailbox);
	while ((got = query_step(&q, err)) == 1) {
		const char *key = row_text(&q);

		each(ctx, key, row_text(&q));
	}
	return got;
}

static int write_one(struct store *s, const char *mailbox, const char *key,
		     const char *value, struct error *err)
{
	struct query q;

	query_start(&q, s, value ? Q_MAILBOX_NOTE : Q_MAILBOX_FORGET);
	query_text(&q, mailbox);
	query_text(&q, key);
	if (value)
		query_text(&q, value);
	return query_run(&q, err);
}

int store_mailbox_note(struct store *s, const char *mailbox,
		       const char *const *keys, const char *const *values,
		       size_t n, struct error *err)
{
	if (store_begin(s, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (write_one(s, mailbox, keys[i], values[i], err) < 0) {
			store_rollback(s);
			return -1;
		}
	}
	return store_commit(s, err);
}
