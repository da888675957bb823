/*
 * The whole content in one canonical order, a JSON object a line: two
 * databases that were fed the same messages give the same bytes. It is read
 * in one transaction, so that it shows one moment.
 */
#include <string.h>

#include "store/internal.h"
#include "store/state.h"
#include "store/state_text.h"
#include "util/json.h"

struct dump {
	struct store *s;
	int64_t now_s;
	store_line_fn each;
	void *ctx;
	bool stopped;
	struct buf line;
};

/* Hands a line out and empties it; 0, or 1 when the caller has had enough. */
static int emit(struct dump *d)
{
	buf_add_char(&d->line, '\n');
	d->stopped = d->each(d->ctx, d->line.data, d->line.len) != 0;
	buf_reset(&d->line);
	return d->stopped;
}

/*
 * Writes the rest of a row as an array after its name, in the order of its
 * columns, from the one that is next.
 */
static void row_rest(struct query *q, struct json *j, const char *name)
{
	int columns = sqlite3_column_count(q->st);

	json_array(j);
	json_str(j, name);
	while (q->column < columns) {
		int type = sqlite3_column_type(q->st, q->column);

		if (type == SQLITE_NULL) {
			q->column++;
			json_null(j);
		} else if (type == SQLITE_INTEGER) {
			json_int(j, row_int(q));
		} else {
			json_str(j, row_text(q));
		}
	}
	json_array_end(j);
}

static int dump_rows(struct dump *d, struct query *q, const char *name,
		     struct error *err)
{
	int got;

	while ((got = query_step(q, err)) == 1) {
		struct json j;

		json_init(&j, &d->line);
		row_rest(q, &j, name);
		if (emit(d)) {
			query_end(q);
			return 0;
		}
	}
	return got;
}

static int dump_facts(struct dump *d, int64_t message, struct error *err)
{
	struct query q;

	query_start(&q, d->s, Q_DUMP_FACTS);
	query_int(&q, message);
	return dump_rows(d, &q, "fact", err);
}

static int dump_messages(struct dump *d, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, d->s, Q_DUMP_MESSAGES);
	while ((got = query_step(&q, err)) == 1) {
		int64_t id = row_int(&q);
		struct json j;

		json_init(&j, &d->line);
		row_rest(&q, &j, "message");
		if (emit(d) || dump_facts(d, id, err) || d->stopped) {
			query_end(&q);
			return d->stopped ? 0 : -1;
		}
	}
	return got;
}

static const char *outcome_name(const struct history *h, size_t i,
				const enum policy_applied *applied)
{
	if (h->facts[i].copy)
		return "copy";
	if (!applied)
		return h->facts[i].old_applied;
	return policy_applied_name(applied[i]);
}

static void outcomes(struct dump *d, const struct history *h,
		     const enum policy_applied *applied)
{
	char hex[2 * MESSAGE_KEY_BYTES + 1];
	struct json j;

	json_init(&j, &d->line);
	json_array(&j);
	for (size_t i = 0; i < h->fact_count; i++) {
		hash_hex(h->events[i].key, MESSAGE_KEY_BYTES, hex);
		json_str(&j, hex);
		json_str(&j, outcome_name(h, i, applied));
	}
	json_array_end(&j);
}

/* The state at now, and what each fact did. */
static int dump_address(struct dump *d, int64_t id, const char *folded,
			const char *written, struct error *err)
{
	enum policy_applied *applied = NULL;
	struct arena *a = &d->s->scratch;
	struct history h;
	struct state st;

	if (history_load(d->s, id, a, &h, err) ||
	    address_state_read(d->s, id, a, &st, err))
		return -1;
	if (st.next_change_s && st.next_change_s <= d->now_s && d->s->policy &&
	    address_state_fold(d->s, &h, d->now_s, a, &st, &applied, err))
		return -1;
	/* A row may be left of a domain that no longer matters. */
	if (h.event_count == 0 && st.suppression_count == 0)
		return 0;
	buf_add_str(&d->line, "[\"address\",");
	{
		struct json j;

		json_init(&j, &d->line);
		json_str(&j, folded);
		buf_add_char(&d->line, ',');
		json_init(&j, &d->line);
		json_str(&j, written);
	}
	buf_add_char(&d->line, ',');
	address_state_text(&d->line, &st, &h, d->now_s);
	buf_add_char(&d->line, ',');
	outcomes(d, &h, applied);
	buf_add_char(&d->line, ']');
	emit(d);
	return 0;
}

static int dump_addresses(struct dump *d, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, d->s, Q_DUMP_ADDRESSES);
	while ((got = query_step(&q, err)) == 1) {
		int64_t id = row_int(&q);
		const char *folded = row_text(&q);

		arena_reset(&d->s->scratch);
		if (dump_address(d, id, folded, row_text(&q), err) ||
		    d->stopped) {
			query_end(&q);
			return d->stopped ? 0 : -1;
		}
	}
	return got;
}

static int dump_tables(struct dump *d, struct error *err)
{
	static const struct {
		enum query_id id;
		const char *name;
	} tables[] = {
		{Q_DUMP_DECISIONS, "decision"}, {Q_DUMP_CARRY, "carry"},
		{Q_DUMP_GUARDS, "guard"},	{Q_DUMP_DOMAINS, "domain"},
		{Q_DUMP_CAMPAIGNS, "campaign"}, {Q_DUMP_SENT, "sent"},
		{Q_DUMP_LEDGER, "ledger"},
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct query q;

		query_start(&q, d->s, tables[i].id);
		if (dump_rows(d, &q, tables[i].name, err))
			return -1;
		if (d->stopped)
			break;
	}
	return 0;
}

int store_dump(struct store *s, int64_t now_s, store_line_fn each, void *ctx,
	       struct error *err)
{
	struct dump d = {.s = s, .now_s = now_s, .each = each, .ctx = ctx};
	int rc;

	if (store_begin_read(s, err))
		return -1;
	buf_init(&d.line);
	rc = dump_messages(&d, err);
	if (rc == 0 && !d.stopped)
		rc = dump_addresses(&d, err);
	if (rc == 0 && !d.stopped)
		rc = dump_tables(&d, err);
	buf_release(&d.line);
	store_end_read(s);
	return rc;
}
