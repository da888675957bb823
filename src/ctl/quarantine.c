/* dsnctl quarantine: what nobody could read, looked at and tried again. */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/road.h"
#include "events/events.h"
#include "store/quarantine.h"
#include "util/num.h"
#include "util/xalloc.h"

struct quarantine {
	struct ctl *ctl;
	struct ctl_road road; /* of show and list: settings and store */
	struct arena arena;
	struct buf out;
	struct error err;
	int64_t *ids;
	size_t count, cap;
	size_t unread;	   /* of retry: that still nobody could read */
	int64_t arrived_s; /* what is tried again */
};

static void row_json(struct quarantine *q, const struct store_quarantined *r)
{
	struct json j;

	json_init(&j, &q->out);
	json_object(&j);
	json_key_int(&j, "id", r->id);
	json_key_int(&j, "at", r->at_s);
	json_key_str(&j, "mailbox", r->mailbox);
	json_key_int(&j, "bytes", r->bytes);
	json_key_str(&j, "why", r->why);
	json_object_end(&j);
}

static int row(void *ctx, const struct store_quarantined *r)
{
	struct quarantine *q = ctx;
	char text[NUM_TIME_BYTES];

	q->count++;
	if (q->ctl->json) {
		row_json(q, r);
	} else {
		buf_addf(&q->out, "%lld%c", (long long)r->id,
			 q->ctl->terminal ? ' ' : '\t');
		print_cell(q->ctl, &q->out, num_time_format(r->at_s, text), 21);
		print_cell(q->ctl, &q->out, r->mailbox, 16);
		print_cell(q->ctl, &q->out, num_size_format(r->bytes, text), 9);
		print_text(&q->out, r->why);
	}
	buf_add_char(&q->out, '\n');
	return q->out.len > 65536 ? ctl_flush(&q->out, &q->err) : 0;
}

static int list(struct quarantine *q)
{
	return store_quarantine_list(q->road.store, row, q, &q->err);
}

/* Lines stay lines; whatever could move a cursor is escaped. */
static void add_escaped(struct buf *out, struct span bytes)
{
	struct span line;

	while (span_next_line(&bytes, &line)) {
		text_printable(out, line);
		buf_add_char(out, '\n');
	}
}

static void show_json(struct quarantine *q, int64_t id,
		      const struct store_message *m, const char *why,
		      const struct buf *bytes)
{
	struct json j;

	json_init(&j, &q->out);
	json_object(&j);
	json_key_int(&j, "id", id);
	json_key_int(&j, "at", m->at_s);
	json_key_str(&j, "mailbox", m->mailbox);
	json_key_str(&j, "why", why);
	json_key_int(&j, "bytes", (int64_t)bytes->len);
	json_key(&j, "text");
	json_span(&j, span_make(bytes->data, bytes->len));
	json_object_end(&j);
	buf_add_char(&q->out, '\n');
}

static int show(struct quarantine *q, int64_t id)
{
	struct store_message m;
	const char *why;
	struct buf bytes;
	bool due;
	int rc;

	buf_init(&bytes);
	rc = store_quarantine_read(q->road.store, id, &q->arena, &m, &due, &why,
				   &bytes, &q->err);
	if (rc == 0 && q->ctl->json)
		show_json(q, id, &m, why, &bytes);
	else if (rc == 0 && q->ctl->terminal)
		add_escaped(&q->out, span_make(bytes.data, bytes.len));
	else if (rc == 0)
		buf_add(&q->out, bytes.data, bytes.len);
	q->count += rc == 0;
	buf_release(&bytes);
	return rc;
}

static void say(struct quarantine *q, int64_t id, const struct report *r,
		const char *why)
{
	struct json j;

	if (!q->ctl->json) {
		buf_addf(&q->out, "%lld: %s%s%s\n", (long long)id,
			 report_kind_name(r->kind), why ? ": " : "",
			 why ? why : "");
		return;
	}
	json_init(&j, &q->out);
	json_object(&j);
	json_key_int(&j, "id", id);
	json_key_str(&j, "kind", report_kind_name(r->kind));
	json_key_int(&j, "recipients", (int64_t)r->fact_count);
	if (why)
		json_key_str(&j, "why", why);
	json_object_end(&j);
	buf_add_char(&q->out, '\n');
}

/* The bytes as they are kept: of a long message its front, which may do. */
static int retry_bytes(struct quarantine *q, int64_t id,
		       const struct store_message *m, bool due,
		       const struct buf *bytes)
{
	struct report report;
	const char *why = NULL;
	int rc;

	report_init(&report);
	rc = intake_parse(q->road.parser, span_make(bytes->data, bytes->len),
			  bytes->len == STORE_QUARANTINE_BYTES, &report, &why,
			  &q->err);
	if (rc == 0 && report.kind != REPORT_UNREADABLE)
		rc = intake_leave_quarantine(&q->road.intake, id, m, due,
					     &report, q->ctl->now_s, &q->err);
	else if (rc == 0)
		q->unread++;
	if (rc == 0)
		say(q, id, &report, why);
	report_release(&report);
	return rc;
}

static void say_unread(struct quarantine *q, int64_t id, const char *why)
{
	struct report r;

	report_init(&r);
	r.kind = REPORT_UNREADABLE;
	say(q, id, &r, why);
	report_release(&r);
	q->unread++;
}

static int add_event(void *ctx, struct event *event)
{
	struct quarantine *q = ctx;
	const struct intake *in = &q->road.intake;
	struct store_message m = intake_name_event(in, event, q->arrived_s);

	return intake_add(in, &m, &event->report, &q->err);
}

static int replace_by_events(struct quarantine *q, int64_t id, int format,
			     struct span bytes)
{
	struct store *store = q->road.store;

	if (store_batch_begin(store, rules_hash(q->road.rules), &q->err) < 0)
		return -1;
	if (store_quarantine_leave(store, id, &q->err) == 0 &&
	    events_read(format, bytes, add_event, q, &q->err) == 0)
		return store_batch_commit(store, q->ctl->now_s, &q->err);
	store_batch_abort(store);
	return -1;
}

/* A file of a spool: each of its events stands for itself from here on. */
static int retry_events(struct quarantine *q, int64_t id,
			const struct store_message *m, const struct buf *bytes)
{
	int format = events_format_find(q->road.intake.mailbox->format);

	q->arrived_s = m->at_s;
	if (replace_by_events(q, id, format,
			      span_make(bytes->data, bytes->len)) == 0) {
		buf_addf(&q->out,
			 q->ctl->json ? "{\"id\":%lld,\"kind\":\"events\"}\n"
				      : "%lld: events\n",
			 (long long)id);
		return 0;
	}
	if (q->err.scope != ERROR_MESSAGE)
		return -1;
	say_unread(q, id, q->err.text);
	return 0;
}

static int retry(struct quarantine *q, int64_t id)
{
	struct store_message m;
	const char *why;
	struct buf bytes;
	bool due;
	int rc;

	buf_init(&bytes);
	rc = store_quarantine_read(q->road.store, id, &q->arena, &m, &due, &why,
				   &bytes, &q->err);
	if (rc == 0 && bytes.len == 0) {
		buf_addf(&q->out, "%lld: its bytes are not kept any more\n",
			 (long long)id);
		q->unread++;
	} else if (rc == 0) {
		rc = ctl_road_mailbox(&q->road, m.mailbox, false, &q->err);
		if (rc == 0 && q->road.intake.mailbox->format[0])
			rc = retry_events(q, id, &m, &bytes);
		else if (rc == 0)
			rc = retry_bytes(q, id, &m, due, &bytes);
	}
	buf_release(&bytes);
	return rc == 0 ? ctl_flush(&q->out, &q->err) : rc;
}

static void add_id(struct quarantine *q, int64_t id)
{
	if (q->count == q->cap) {
		q->cap = q->cap == 0 ? 64 : 2 * q->cap;
		q->ids = xreallocarray(q->ids, q->cap, sizeof(*q->ids));
	}
	q->ids[q->count++] = id;
}

static int take_id(void *ctx, const struct store_quarantined *r)
{
	if (r->bytes > 0)
		add_id(ctx, r->id);
	return 0;
}

static int retry_each(struct quarantine *q, bool all)
{
	int rc = 0;

	if (all)
		rc = store_quarantine_list(q->road.store, take_id, q, &q->err);
	for (size_t i = 0; i < q->count && rc == 0; i++)
		rc = retry(q, q->ids[i]);
	return rc;
}

static int open_for(struct quarantine *q, bool writes)
{
	struct ctl_road *r = &q->road;

	if (writes)
		return ctl_road_open(r, q->ctl, &q->err);
	r->store = ctl_store_open(&r->settings, q->ctl, STORE_READ, &q->err);
	return r->store != NULL ? 0 : -1;
}

static enum ctl_exit run(struct quarantine *q, const char *verb, bool all)
{
	bool retries = strcmp(verb, "retry") == 0;
	int rc;

	arena_init(&q->arena);
	buf_init(&q->out);
	rc = open_for(q, retries);
	if (rc == 0 && retries)
		rc = retry_each(q, all);
	else if (rc == 0 && strcmp(verb, "show") == 0)
		rc = show(q, q->ids[0]);
	else if (rc == 0)
		rc = list(q);
	if (ctl_flush(&q->out, &q->err) != 0)
		rc = -1;
	ctl_road_close(&q->road);
	buf_release(&q->out);
	arena_release(&q->arena);
	if (rc != 0)
		return ctl_fail(&q->err);
	return q->count == 0 || q->unread > 0 ? CTL_NO : CTL_YES;
}

static bool is_verb(const char *word)
{
	return strcmp(word, "list") == 0 || strcmp(word, "show") == 0 ||
	       strcmp(word, "retry") == 0;
}

/* Ids as list prints them, as many as the verb takes. */
static int read_ids(struct quarantine *q, const char *verb, int n, char **words,
		    bool all)
{
	int least = strcmp(verb, "list") == 0 || all ? 0 : 1;
	int most = strcmp(verb, "retry") == 0 && !all ? n : least;
	int64_t id;

	if (n < least || n > most || (all && strcmp(verb, "retry") != 0))
		return -1;
	for (int i = 0; i < n; i++) {
		if (num_i64(words[i], strlen(words[i]), &id) != 0)
			return -1;
		add_id(q, id);
	}
	return 0;
}

enum ctl_exit ctl_quarantine(struct ctl *ctl, int argc, char **argv)
{
	bool all = false;
	const struct ctl_option own[] = {{"all", NULL, &all},
					 {NULL, NULL, NULL}};
	struct quarantine q = {.ctl = ctl};
	int first = ctl_options(ctl, argc, argv, own);
	enum ctl_exit answer = CTL_USAGE;

	if (first < 0)
		return CTL_USAGE;
	if (first == argc || !is_verb(argv[first]))
		return ctl_misuse(argv[0], "say list, show or retry");
	if (read_ids(&q, argv[first], argc - first - 1, argv + first + 1, all))
		ctl_misuse(argv[0], "%s takes %s", argv[first],
			   strcmp(argv[first], "list") == 0
				   ? "no more words"
				   : "ids, as list prints them");
	else
		answer = run(&q, argv[first], all);
	free(q.ids);
	return answer;
}
