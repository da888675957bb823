/* dsnctl quarantine: what nobody could read, looked at and tried again. */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/ids.h"
#include "ctl/print.h"
#include "ctl/road.h"
#include "ctl/view.h"
#include "events/events.h"
#include "store/quarantine.h"
#include "util/num.h"
#include "util/xalloc.h"

#define NOT_KEPT "its bytes are not kept any more"

struct quarantine {
	struct ctl_view view; /* of retry: only what it prints */
	struct ctl_road road; /* of retry */
	struct arena arena;
	int64_t *ids;
	size_t count, cap;
	size_t unread;	   /* of retry: that still nobody could read */
	int64_t arrived_s; /* what is tried again */
};

enum verb { VERB_LIST, VERB_SHOW, VERB_RETRY, VERB_DROP, VERB_COUNT };

static const struct {
	const char *name, *takes;
} verbs[] = {
	[VERB_LIST] = {"list", "no more words"},
	[VERB_SHOW] = {"show", "one id, as list prints them"},
	[VERB_RETRY] = {"retry", "ids, as list prints them, or --all"},
	[VERB_DROP] = {"drop", "ids, as list prints them, or --all, and "
			       "--dry-run"},
};

/* What was typed. */
struct choice {
	enum verb verb;
	bool all, dry_run;
};

static enum verb find_verb(const char *word)
{
	enum verb verb = VERB_LIST;

	while (verb < VERB_COUNT && strcmp(verbs[verb].name, word) != 0)
		verb++;
	return verb;
}

/* One of them, as it is kept. */
struct kept {
	int64_t id;
	struct store_message m;
	const char *why;
	struct buf bytes;
	bool due;
};

static void row_json(struct quarantine *q, const struct store_quarantined *r)
{
	struct json j;

	json_init(&j, &q->view.out);
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

	if (q->view.ctl->json) {
		row_json(q, r);
	} else {
		ctl_view_head(&q->view, "id:8 arrival:21 mailbox:16 bytes:9 "
					"why");
		print_cell_int(q->view.ctl, &q->view.out, r->id,
			       PRINT_ID_WIDTH);
		print_cell(q->view.ctl, &q->view.out,
			   num_time_format(r->at_s, text), 21);
		print_cell(q->view.ctl, &q->view.out, r->mailbox, 16);
		print_cell(q->view.ctl, &q->view.out,
			   num_size_format(r->bytes, text), 9);
		print_text(&q->view.out, r->why);
	}
	return ctl_view_row(&q->view);
}

static int list(struct quarantine *q)
{
	return store_quarantine_list(q->view.store, row, q, &q->view.err);
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

/* Whatever it returns, k->bytes is to be released. */
static int kept_read(struct quarantine *q, struct store *store, int64_t id,
		     struct kept *k)
{
	*k = (struct kept){.id = id};
	buf_init(&k->bytes);
	return store_quarantine_read(store, id, &q->arena, &k->m, &k->due,
				     &k->why, &k->bytes, &q->view.err);
}

static struct span bytes_of(const struct kept *k)
{
	return span_make(k->bytes.data, k->bytes.len);
}

static void show_json(struct quarantine *q, const struct kept *k)
{
	struct json j;

	json_init(&j, &q->view.out);
	json_object(&j);
	json_key_int(&j, "id", k->id);
	json_key_int(&j, "at", k->m.at_s);
	json_key_str(&j, "mailbox", k->m.mailbox);
	json_key_str(&j, "why", k->why);
	json_key_int(&j, "bytes", (int64_t)k->bytes.len);
	json_key(&j, "text");
	json_span(&j, bytes_of(k));
	json_object_end(&j);
	buf_add_char(&q->view.out, '\n');
}

static int show(struct quarantine *q, int64_t id)
{
	struct kept k;
	int rc = kept_read(q, q->view.store, id, &k);
	bool none = rc == 0 && k.bytes.len == 0 && !q->view.ctl->json;

	if (none)
		error_set(&q->view.err, ERROR_MESSAGE, NOT_KEPT);
	else if (rc == 0 && q->view.ctl->json)
		show_json(q, &k);
	else if (rc == 0 && q->view.ctl->terminal)
		add_escaped(&q->view.out, bytes_of(&k));
	else if (rc == 0)
		buf_add(&q->view.out, k.bytes.data, k.bytes.len);
	/* A question whose answer is that there is no such thing. */
	if (none || (rc != 0 && q->view.err.scope == ERROR_MESSAGE)) {
		ctl_fail(&q->view.err);
		rc = 0;
	} else {
		q->view.found += rc == 0;
	}
	buf_release(&k.bytes);
	return rc;
}

static void say(struct quarantine *q, int64_t id, const struct report *r,
		const char *why)
{
	struct json j;

	if (!q->view.ctl->json) {
		buf_addf(&q->view.out, "%lld: %s%s%s\n", (long long)id,
			 report_kind_name(r->kind), why ? ": " : "",
			 why ? why : "");
		return;
	}
	json_init(&j, &q->view.out);
	json_object(&j);
	json_key_int(&j, "id", id);
	json_key_str(&j, "kind", report_kind_name(r->kind));
	json_key_int(&j, "recipients", (int64_t)r->fact_count);
	if (why)
		json_key_str(&j, "why", why);
	json_object_end(&j);
	buf_add_char(&q->view.out, '\n');
}

/*
 * What is no report may be a file of a spool whose settings are gone, and with
 * them its format: it stays, or its events would be lost.
 */
static bool may_be_events(const struct quarantine *q, const struct kept *k,
			  const struct report *r)
{
	return r->kind == REPORT_OTHER &&
	       ctl_road_find(&q->road, k->m.mailbox) == NULL;
}

/* The bytes as they are kept: of a long message its front, which may do. */
static int retry_bytes(struct quarantine *q, const struct kept *k)
{
	struct report report;
	const char *why = NULL;
	int rc;

	report_init(&report);
	rc = intake_parse(q->road.parser, bytes_of(k),
			  k->bytes.len == STORE_QUARANTINE_BYTES, &report, &why,
			  &q->view.err);
	if (rc == 0 && may_be_events(q, k, &report)) {
		report.kind = REPORT_UNREADABLE;
		why = "no report, and its mailbox is not configured";
	}
	if (rc == 0 && report.kind != REPORT_UNREADABLE)
		rc = intake_leave_quarantine(&q->road.intake, k->id, &k->m,
					     k->due, &report,
					     q->view.ctl->now_s, &q->view.err);
	else if (rc == 0)
		q->unread++;
	if (rc == 0)
		say(q, k->id, &report, why);
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

	return intake_add(in, &m, &event->report, &q->view.err);
}

static int replace_by_events(struct quarantine *q, const struct kept *k,
			     int format)
{
	struct store *store = q->road.store;
	struct error *err = &q->view.err;

	if (store_batch_begin(store, rules_hash(q->road.rules), err) < 0)
		return -1;
	if (store_quarantine_leave(store, k->id, err) == 0 &&
	    events_read(format, bytes_of(k), add_event, q, err) == 0)
		return store_batch_commit(store, q->view.ctl->now_s, err);
	store_batch_abort(store);
	return -1;
}

/* A file of a spool: each of its events stands for itself from here on. */
static int retry_events(struct quarantine *q, const struct kept *k)
{
	int format = events_format_find(q->road.intake.mailbox->format);

	q->arrived_s = k->m.at_s;
	if (replace_by_events(q, k, format) == 0) {
		buf_addf(&q->view.out,
			 q->view.ctl->json
				 ? "{\"id\":%lld,\"kind\":\"events\"}\n"
				 : "%lld: events\n",
			 (long long)k->id);
		return 0;
	}
	if (q->view.err.scope != ERROR_MESSAGE)
		return -1;
	say_unread(q, k->id, q->view.err.text);
	return 0;
}

static int retry_kept(struct quarantine *q, const struct kept *k)
{
	if (k->bytes.len == 0) {
		say_unread(q, k->id, NOT_KEPT);
		return 0;
	}
	if (ctl_road_mailbox(&q->road, k->m.mailbox, false, &q->view.err) != 0)
		return -1;
	return q->road.intake.mailbox->format[0] ? retry_events(q, k)
						 : retry_bytes(q, k);
}

static int retry(struct quarantine *q, int64_t id)
{
	struct kept k;
	int rc = kept_read(q, q->road.store, id, &k);

	if (rc == 0)
		rc = retry_kept(q, &k);
	buf_release(&k.bytes);
	return rc == 0 ? ctl_flush(&q->view.out, &q->view.err) : rc;
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
		rc = store_quarantine_list(q->road.store, take_id, q,
					   &q->view.err);
	for (size_t i = 0; i < q->count && rc == 0; i++)
		rc = retry(q, q->ids[i]);
	return rc;
}

static int retry_run(struct quarantine *q, struct ctl *ctl, bool all)
{
	int rc;

	q->view.ctl = ctl;
	buf_init(&q->view.out);
	rc = ctl_road_open(&q->road, ctl, &q->view.err);
	if (rc == 0)
		rc = retry_each(q, all);
	ctl_road_close(&q->road);
	q->view.found = q->unread > 0 ? 0 : q->count;
	return rc;
}

static int take_any_id(void *ctx, const struct store_quarantined *r)
{
	add_id(ctx, r->id);
	return 0;
}

/* It is done, even where nobody reads this. */
static void say_dropped(struct quarantine *q, size_t dropped, bool dry_run)
{
	struct json j;

	if (!q->view.ctl->json) {
		buf_addf(&q->view.out, "%zu %sdropped\n", dropped,
			 dry_run ? "would be " : "");
		if (dropped < q->count)
			buf_addf(&q->view.out,
				 "%zu not: they have not been moved out of "
				 "their mailbox yet\n",
				 q->count - dropped);
		return;
	}
	json_init(&j, &q->view.out);
	json_object(&j);
	json_key_str(&j, "action", "drop");
	json_key_int(&j, "messages", (int64_t)dropped);
	json_key_int(&j, "kept", (int64_t)(q->count - dropped));
	json_key_bool(&j, "dry_run", dry_run);
	json_object_end(&j);
	buf_add_char(&q->view.out, '\n');
}

static int drop_run(struct quarantine *q, struct ctl *ctl,
		    const struct choice *how)
{
	const struct store_drop some = {how->all, how->dry_run};
	struct store **store = &q->view.store;
	struct error *err = &q->view.err;
	size_t dropped = 0;
	int rc = ctl_view_open(&q->view, ctl, STORE_WRITE);

	if (rc == 0 && how->all)
		rc = store_quarantine_list(*store, take_any_id, q, err);
	if (rc == 0)
		rc = store_quarantine_drop(*store, q->ids, q->count, &some,
					   &dropped, err);
	if (rc == 0)
		say_dropped(q, dropped, how->dry_run);
	q->view.found = q->count;
	return rc;
}

static int look(struct quarantine *q, struct ctl *ctl, enum verb verb)
{
	if (ctl_view_open(&q->view, ctl, STORE_READ) != 0)
		return -1;
	return verb == VERB_SHOW ? show(q, q->ids[0]) : list(q);
}

static enum ctl_exit run(struct quarantine *q, struct ctl *ctl,
			 const struct choice *how)
{
	int rc;

	arena_init(&q->arena);
	if (how->verb == VERB_RETRY)
		rc = retry_run(q, ctl, how->all);
	else if (how->verb == VERB_DROP)
		rc = drop_run(q, ctl, how);
	else
		rc = look(q, ctl, how->verb);
	arena_release(&q->arena);
	return ctl_view_close_list(&q->view, rc);
}

static bool takes_several(enum verb verb)
{
	return verb == VERB_RETRY || verb == VERB_DROP;
}

/* Ids as list prints them, as many as the verb takes. */
static int read_ids(struct quarantine *q, const struct choice *how, int n,
		    char **words)
{
	int least = how->verb == VERB_LIST || how->all ? 0 : 1;
	int most = takes_several(how->verb) && !how->all ? n : least;
	int64_t id;

	if (n < least || n > most || (how->all && !takes_several(how->verb)) ||
	    (how->dry_run && how->verb != VERB_DROP))
		return -1;
	for (int i = 0; i < n; i++) {
		if (num_i64(words[i], strlen(words[i]), &id) != 0)
			return -1;
		add_id(q, id);
	}
	q->count = ids_settle(q->ids, q->count);
	return 0;
}

enum ctl_exit ctl_quarantine(struct ctl *ctl, int argc, char **argv)
{
	struct choice how = {.verb = VERB_COUNT};
	const struct ctl_option own[] = {{"all", NULL, &how.all},
					 {"dry-run", NULL, &how.dry_run},
					 {NULL, NULL, NULL}};
	struct quarantine q = {.unread = 0};
	int first = ctl_options(ctl, argc, argv, own);
	enum ctl_exit answer = CTL_USAGE;

	if (first < 0)
		return CTL_USAGE;
	if (first < argc)
		how.verb = find_verb(argv[first]);
	if (how.verb == VERB_COUNT)
		return ctl_misuse(argv[0], "say list, show, retry or drop");
	if (read_ids(&q, &how, argc - first - 1, argv + first + 1) != 0)
		ctl_misuse(argv[0], "%s takes %s", argv[first],
			   verbs[how.verb].takes);
	else
		answer = run(&q, ctl, &how);
	free(q.ids);
	return answer;
}
