/* What can be said of the file and of single rows without folding anything. */
#include <string.h>

#include "store/decision.h"
#include "store/internal.h"
#include "store/migrate.h"
#include "store/verify.h"

static const struct {
	enum query_id id;
	const char *what;
} checks[] = {
	{Q_VERIFY_INTEGRITY, "integrity"},   {Q_VERIFY_REFERENCES, "reference"},
	{Q_VERIFY_JUDGED, "judgement"},	     {Q_VERIFY_REASONS, "judgement"},
	{Q_VERIFY_ARRIVAL, "arrival"},	     {Q_VERIFY_SENT, "sent"},
	{Q_VERIFY_UNDONE, "undo"},	     {Q_VERIFY_UNDONE_OUTCOME, "undo"},
	{Q_VERIFY_QUARANTINE, "quarantine"}, {Q_VERIFY_MESSAGES, "counter"},
	{Q_VERIFY_METRICS, "counter"},	     {Q_VERIFY_CHANGES, "change"},
};

static void read_decision(struct query *q, struct decision_row *r)
{
	r->at_s = row_int(q);
	r->who = row_text(q);
	r->action = row_text(q);
	r->folded = row_text(q);
	r->stream = row_text(q);
	r->until_s = row_int(q);
	r->force = row_int(q) != 0;
	r->imported = row_int(q) != 0;
	r->note = row_text(q);
	r->reason = row_text(q);
	/* What is held is decided about by its number. */
	if (strcmp(r->action, "apply") == 0 || strcmp(r->action, "drop") == 0)
		r->folded = "";
}

/* The audit trail: a decision that was changed has another key. */
static int verify_decisions(struct verify *v, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, v->s, Q_VERIFY_DECISIONS);
	while ((got = query_step(&q, err)) == 1) {
		uint8_t stored[MESSAGE_KEY_BYTES], computed[MESSAGE_KEY_BYTES];
		char was[2 * MESSAGE_KEY_BYTES + 1];
		char is[2 * MESSAGE_KEY_BYTES + 1];
		struct decision_row r = {0};
		int64_t id = row_int(&q);

		row_bytes(&q, stored, sizeof(stored));
		read_decision(&q, &r);
		decision_key(&r, computed);
		if (memcmp(stored, computed, sizeof(stored)) == 0)
			continue;
		hash_hex(stored, sizeof(stored), was);
		hash_hex(computed, sizeof(computed), is);
		buf_reset(&v->subject);
		buf_addf(&v->subject, "%lld", (long long)id);
		verify_tell(v, "decision", v->subject.data, was, is);
	}
	return got;
}

int verify_rows(struct verify *v, struct error *err)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		struct query q;

		query_start(&q, v->s, checks[i].id);
		if (verify_query(v, checks[i].what, &q, err))
			return -1;
	}
	return verify_decisions(v, err);
}

static const char objects[] =
	"SELECT type || ' ' || name, sql FROM sqlite_schema "
	"WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";

static const char *column(sqlite3_stmt *st, int i)
{
	const unsigned char *text = sqlite3_column_text(st, i);

	return text ? (const char *)text : "";
}

static bool is_broken(int step)
{
	return step != SQLITE_ROW && step != SQLITE_DONE;
}

/*
 * Both lists are in order. What somebody has added is their business, unless
 * it changes rows behind our back.
 */
static int compare_objects(struct verify *v, struct store *fresh,
			   sqlite3_stmt *ours, sqlite3_stmt *theirs,
			   struct error *err)
{
	int have = sqlite3_step(theirs);
	int want = sqlite3_step(ours);

	while (!is_broken(have) && !is_broken(want) &&
	       (have == SQLITE_ROW || want == SQLITE_ROW)) {
		int c = have != SQLITE_ROW ? 1
			: want != SQLITE_ROW
				? -1
				: strcmp(column(theirs, 0), column(ours, 0));

		if (c > 0)
			verify_tell(v, "schema", column(ours, 0), "nothing",
				    column(ours, 1));
		else if (c == 0 &&
			 strcmp(column(theirs, 1), column(ours, 1)) != 0)
			verify_tell(v, "schema", column(ours, 0),
				    column(theirs, 1), column(ours, 1));
		else if (c < 0 &&
			 strncmp(column(theirs, 0), "trigger ", 8) == 0)
			verify_tell(v, "schema", column(theirs, 0),
				    column(theirs, 1), "nothing");
		if (c <= 0)
			have = sqlite3_step(theirs);
		if (c >= 0)
			want = sqlite3_step(ours);
	}
	/* A list that broke off does not say what is missing. */
	if (is_broken(want))
		return store_error(fresh, "schema", err);
	return is_broken(have) ? store_error(v->s, "schema", err) : 0;
}

int verify_schema(struct verify *v, struct error *err)
{
	struct store *fresh = store_connect(
		":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		STORE_READ, err);
	sqlite3_stmt *theirs = NULL;
	sqlite3_stmt *ours = NULL;
	int rc = -1;

	if (!fresh || migrate_build(fresh, err))
		goto out;
	if (sqlite3_prepare_v2(fresh->db, objects, -1, &ours, NULL) !=
	    SQLITE_OK) {
		store_error(fresh, "schema", err);
		goto out;
	}
	if (sqlite3_prepare_v2(v->s->db, objects, -1, &theirs, NULL) !=
	    SQLITE_OK) {
		store_error(v->s, "schema", err);
		goto out;
	}
	rc = compare_objects(v, fresh, ours, theirs, err);
out:
	sqlite3_finalize(theirs);
	sqlite3_finalize(ours);
	store_close(fresh);
	return rc;
}
