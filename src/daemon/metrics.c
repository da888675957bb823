/*
 * The counters are kept in the database, in the same transactions as what they
 * count; this only writes them out.
 */
#include "daemon/metrics.h"

#include <inttypes.h>

#include "util/buf.h"
#include "util/fdio.h"

#define METRICS_MODE 0644

static void put(struct buf *out, const char *name, const char *labels,
		int64_t value)
{
	buf_addf(out, "dsnd_%s", name);
	if (*labels)
		buf_addf(out, "{%s}", labels);
	buf_addf(out, " %" PRId64 "\n", value);
}

static int put_counter(void *ctx, const char *name, const char *labels,
		       int64_t value)
{
	put(ctx, name, labels, value);
	return 0;
}

/* A name of a mailbox is letters, digits and dashes: nothing to escape. */
static int put_mailbox(void *ctx, const struct store_mailbox *m)
{
	struct buf *out = ctx;
	struct buf labels;

	buf_init(&labels);
	buf_addf(&labels, "mailbox=\"%s\"", m->name);
	put(out, "mailbox_polled_seconds", labels.data, m->polled_s);
	put(out, "mailbox_last_message_seconds", labels.data, m->message_s);
	put(out, "mailbox_backlog", labels.data, m->backlog);
	put(out, "mailbox_failing", labels.data, m->last_error_s > m->polled_s);
	buf_release(&labels);
	return 0;
}

int metrics_write(struct store *s, const char *path, int64_t now_s,
		  struct error *err)
{
	struct store_status status;
	struct buf out;
	int rc = -1;

	buf_init(&out);
	if (store_metrics(s, put_counter, &out, err) < 0 ||
	    store_mailboxes(s, put_mailbox, &out, err) < 0 ||
	    store_status(s, now_s, &status, err) < 0)
		goto done;
	put(&out, "suppressed", "", status.suppressed);
	put(&out, "held", "", status.held);
	put(&out, "quarantined", "", status.quarantined);
	rc = fdio_replace_file(path, METRICS_MODE, out.data, out.len, err);
done:
	buf_release(&out);
	return rc;
}
