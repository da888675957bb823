/*
 * The counters are kept in the database, in the same transactions as what they
 * count; this only writes them out, each family with its type and meaning.
 */
#include "daemon/metrics.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/measure.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/fdio.h"

#define METRICS_MODE 0644

struct row {
	struct row *next;
	const char *name, *labels;
	int64_t value;
};

struct metrics {
	struct buf out;
	struct arena arena;
	const struct config *config;
	struct row *rows; /* of the database, last first */
	const char *part; /* the gauge that put_mailbox is to give */
};

static void head(struct metrics *m, const char *name, const char *type,
		 const char *help)
{
	buf_addf(&m->out, "# HELP dsnd_%s %s\n# TYPE dsnd_%s %s\n", name, help,
		 name, type);
}

static void put(struct metrics *m, const char *name, const char *labels,
		int64_t value)
{
	buf_addf(&m->out, "dsnd_%s", name);
	if (*labels)
		buf_addf(&m->out, "{%s}", labels);
	buf_addf(&m->out, " %" PRId64 "\n", value);
}

static void gauge(struct metrics *m, const char *name, const char *help,
		  int64_t value)
{
	head(m, name, "gauge", help);
	put(m, name, "", value);
}

/* ---- What the database counts ---- */

static int keep(void *ctx, const char *name, const char *labels, int64_t value)
{
	struct metrics *m = ctx;
	struct row *row = arena_array(&m->arena, 1, sizeof(*row));

	row->name = arena_strdup(&m->arena, name);
	row->labels = arena_strdup(&m->arena, labels);
	row->value = value;
	row->next = m->rows;
	m->rows = row;
	return 0;
}

static void counter(struct metrics *m, const char *name, const char *help)
{
	head(m, name, "counter", help);
	for (const struct row *row = m->rows; row; row = row->next)
		if (strcmp(row->name, name) == 0)
			put(m, name, row->labels, row->value);
}

static int64_t value_of(const struct metrics *m, const char *name,
			const char *labels)
{
	for (const struct row *row = m->rows; row; row = row->next)
		if (strcmp(row->name, name) == 0 &&
		    strcmp(row->labels, labels) == 0)
			return row->value;
	return 0;
}

static void histogram(struct metrics *m, enum measure_what what)
{
	const struct measure_info *info = measure_info(what);
	const char *name = arena_printf(&m->arena, "%s_bucket", info->name);
	int64_t sum_ms;
	int64_t n = 0;

	head(m, info->name, "histogram", info->help);
	for (unsigned i = 0; i <= MEASURE_BOUNDS; i++) {
		const char *labels =
			arena_printf(&m->arena, "le=\"%s\"", info->bounds[i]);

		n += value_of(m, name, labels);
		put(m, name, labels, n);
	}
	sum_ms = value_of(m, arena_printf(&m->arena, "%s_sum_ms", info->name),
			  "");
	buf_addf(&m->out, "dsnd_%s_sum %" PRId64 ".%03" PRId64 "\n", info->name,
		 sum_ms / 1000, sum_ms % 1000);
	buf_addf(&m->out, "dsnd_%s_count %" PRId64 "\n", info->name, n);
}

/* ---- How it stands ---- */

static int64_t mailbox_value(const struct store_mailbox *mailbox,
			     const char *part)
{
	if (strcmp(part, "mailbox_backlog") == 0)
		return mailbox->backlog;
	if (strcmp(part, "mailbox_disposal_due") == 0)
		return mailbox->disposal_due;
	if (strcmp(part, "mailbox_failing") == 0)
		return mailbox->last_error_s > mailbox->polled_s;
	if (strcmp(part, "mailbox_last_poll_timestamp_seconds") == 0)
		return mailbox->polled_s;
	return mailbox->message_s;
}

static bool is_configured(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->mailbox_count; i++)
		if (strcmp(c->mailboxes[i].name, name) == 0)
			return true;
	return false;
}

/* A name of a mailbox is letters, digits and dashes: nothing to escape. */
static int put_mailbox(void *ctx, const struct store_mailbox *mailbox)
{
	struct metrics *m = ctx;
	const char *labels;

	/* Nobody reads it again: it would be overdue for ever. */
	if (!is_configured(m->config, mailbox->name))
		return 0;
	labels = arena_printf(&m->arena, "mailbox=\"%s\"", mailbox->name);
	put(m, m->part, labels, mailbox_value(mailbox, m->part));
	return 0;
}

static int mailboxes(struct metrics *m, struct store *s, struct error *err)
{
	static const struct {
		const char *name, *help;
	} parts[] = {
		{"mailbox_backlog", "Messages left at the last poll."},
		{"mailbox_disposal_due",
		 "Messages recorded, but not yet moved or deleted."},
		{"mailbox_failing", "1 while the mailbox cannot be read."},
		{"mailbox_last_poll_timestamp_seconds",
		 "When the mailbox was last read to its end."},
		{"mailbox_last_message_timestamp_seconds",
		 "When a message of it was last recorded."},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		head(m, parts[i].name, "gauge", parts[i].help);
		m->part = parts[i].name;
		if (store_mailboxes(s, put_mailbox, m, err) < 0)
			return -1;
	}
	return 0;
}

/* Where nobody is told, nobody waits. */
static int changes(struct metrics *m, struct store *s, struct error *err)
{
	struct store_untold u = {.count = 0};

	if (m->config->changes.command[0] && store_untold(s, &u, err) < 0)
		return -1;
	gauge(m, "changes_untold",
	      "Addresses that changes.command was not told of yet.", u.count);
	gauge(m, "changes_failing", "1 while changes.command fails.",
	      u.error[0] != '\0');
	return 0;
}

static void database(struct metrics *m, const char *path)
{
	static const char *const endings[] = {"", "-wal"};

	head(m, "database_bytes", "gauge",
	     "Size of the database and of its write-ahead log.");
	for (size_t i = 0; i < 2; i++) {
		const char *file =
			arena_printf(&m->arena, "%s%s", path, endings[i]);
		struct stat st;

		put(m, "database_bytes",
		    i == 0 ? "file=\"main\"" : "file=\"wal\"",
		    stat(file, &st) == 0 ? (int64_t)st.st_size : 0);
	}
}

static int render(struct metrics *m, struct store *s, int64_t now_s,
		  struct error *err)
{
	struct store_status status;

	if (store_metrics(s, keep, m, err) < 0 ||
	    store_status(s, now_s, &status, err) < 0)
		return -1;
	head(m, "build_info", "gauge", "The version that runs.");
	put(m, "build_info", "version=\"" DSND_VERSION "\"", 1);
	counter(m, "messages_total", "Messages recorded, by what they are.");
	counter(m, "verdicts_total",
		"Recipients that messages spoke of, by what became of them.");
	counter(m, "poll_errors_total", "Times a mailbox could not be read.");
	counter(m, "parser_deaths_total",
		"Times the parser died of a message, or took too long.");
	histogram(m, MEASURE_BATCH);
	histogram(m, MEASURE_LAG);
	gauge(m, "suppressed", "Suppressions in force.", status.suppressed);
	gauge(m, "held", "Verdicts that wait for a person or for their time.",
	      status.held);
	gauge(m, "quarantined", "Unreadable messages that are kept.",
	      status.quarantined);
	gauge(m, "acted_30d",
	      "Verdicts of 30 days, the newest 10000 at most, that acted.",
	      status.acted);
	gauge(m, "acted_unproved_30d", "... and that nothing proved.",
	      status.acted_unproved);
	gauge(m, "failures_30d",
	      "Failures of 30 days, the newest 10000 at most.",
	      status.failures);
	gauge(m, "failures_foreign_30d",
	      "... and that bring back none of trust.our_domains.",
	      status.foreign);
	gauge(m, "written_timestamp_seconds", "When this was written.", now_s);
	database(m, m->config->database);
	if (changes(m, s, err) < 0)
		return -1;
	return mailboxes(m, s, err);
}

int metrics_write(struct store *s, const char *path, const struct config *c,
		  int64_t now_s, struct error *err)
{
	struct metrics m = {.config = c};
	int rc;

	buf_init(&m.out);
	arena_init(&m.arena);
	rc = render(&m, s, now_s, err);
	if (rc == 0)
		rc = fdio_replace_file(path, METRICS_MODE, m.out.data,
				       m.out.len, err);
	arena_release(&m.arena);
	buf_release(&m.out);
	return rc;
}
