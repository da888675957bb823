/* What changes the database does all of it or nothing, whatever fails. */
#include "store_fault.h"

#include "store/import.h"

static int add_sample(struct store *s, const struct sample *x,
		      struct error *err)
{
	struct store_message m;
	struct store_verdict v;
	struct report r;
	struct fact f;
	int rc;

	sample_message(x, &m);
	sample_fact(x, &f);
	sample_verdict(x, &v);
	report_init(&r);
	r.kind = REPORT_BOUNCE;
	r.returned.campaign = or_else(x->campaign, "");
	r.facts = &f;
	r.fact_count = 1;
	rc = store_message_add(s, &m, &r, &v, err);
	r.facts = NULL;
	r.fact_count = 0;
	report_release(&r);
	return rc;
}

/* New ones, one that is known and had come earlier, one unreadable. */
static int add_batch(struct store *s, struct error *err)
{
	static const struct sample mail[] = {
		{.id = 20,
		 .address = "hal@example.org",
		 .reason = REASON_USER_UNKNOWN,
		 .campaign = "summer",
		 .at_s = NOW},
		{.id = 21,
		 .address = "bob@example.org",
		 .reason = REASON_MAILBOX_FULL,
		 .mailbox = "other",
		 .at_s = NOW + 1},
		{.id = 22,
		 .address = "ivy@gone.example",
		 .reason = REASON_NULL_MX,
		 .at_s = NOW + 2},
		{.id = 1,
		 .address = "ann@example.org",
		 .reason = REASON_USER_UNKNOWN,
		 .mailbox = "a",
		 .stream = "shop",
		 .at_s = T0 - 9},
	};
	const struct sample lost = {.id = 91, .at_s = NOW};
	struct store_message m;

	for (size_t i = 0; i < sizeof(mail) / sizeof(*mail); i++)
		if (add_sample(s, &mail[i], err))
			return -1;
	sample_message(&lost, &m);
	if (store_unreadable_add(s, &m, SPAN("??"), "too wide", err))
		return -1;
	sample_message(&mail[0], &m);
	return store_disposal_done(s, &m.key, 1, err);
}

static int do_batch(struct store *s, struct buf *out, struct error *err)
{
	(void)out;
	if (store_batch_begin(s, RULES, err))
		return -1;
	if (add_batch(s, err)) {
		store_batch_abort(s);
		return -1;
	}
	return store_batch_commit(s, NOW + 5, err);
}

static int do_decide(struct store *s, struct buf *out, struct error *err)
{
	const struct store_decision d[] = {{.action = STORE_RELEASE,
					    .address = SPAN("ann@example.org"),
					    .stream = "",
					    .who = "op",
					    .note = "moved back",
					    .at_s = NOW},
					   {.action = STORE_SUPPRESS,
					    .address = SPAN("@example.org"),
					    .stream = "news",
					    .who = "op",
					    .note = "no more",
					    .at_s = NOW},
					   {.action = STORE_ALLOW,
					    .address = SPAN("new@example.net"),
					    .stream = "",
					    .who = "op",
					    .note = "a friend",
					    .at_s = NOW}};
	size_t changed = 0;

	if (store_decide(s, d, 3, NOW, &changed, err))
		return -1;
	buf_addf(out, "%zu", changed);
	return 0;
}

static int do_hold(struct store *s, struct buf *out, struct error *err)
{
	const int left = steps_left;
	int64_t ids[2];

	(void)out;
	steps_left = 0;
	ids[0] = number_of("SELECT min(id) FROM fact "
			   "WHERE address LIKE '%@held.example'");
	ids[1] = ids[0] + 1;
	steps_left = left;
	return store_holds_decide(s, ids, 2, true, "op", "true", NOW, err);
}

static int do_expire(struct store *s, struct buf *out, struct error *err)
{
	int more;

	(void)out;
	while ((more = store_expire(s, 2, NOW + 90 * DAY, err)) == 1)
		;
	return more;
}

static int do_retain(struct store *s, struct buf *out, struct error *err)
{
	int more;

	(void)out;
	while ((more = store_retain(s, NOW - 9 * DAY, 2, NOW, err)) == 1)
		;
	return more;
}

static int do_policy(struct store *s, struct buf *out, struct error *err)
{
	policy.guard.min_count = 3;
	if (store_policy_changed(s, NOW, err) < 0)
		return -1;
	return do_expire(s, out, err);
}

static int do_clock(struct store *s, struct buf *out, struct error *err)
{
	if (store_clock(s, NOW + 90 * DAY, err) < 0 ||
	    store_clock(s, NOW, err) < 0)
		return -1;
	return do_expire(s, out, err);
}

static int do_forget_bytes(struct store *s, struct buf *out, struct error *err)
{
	(void)out;
	return store_quarantine_retain(s, NOW, 5, err) < 0 ? -1 : 0;
}

static int do_dispose(struct store *s, struct buf *out, struct error *err)
{
	uint8_t keys[2][MESSAGE_KEY_BYTES];
	struct sample x = {.id = 3};
	struct store_message m;

	(void)out;
	for (unsigned i = 0; i < 2; i++) {
		x.id = 3 + 2 * i;
		sample_message(&x, &m);
		memcpy(keys[i], m.key, sizeof(m.key));
	}
	return store_disposal_done(s, keys, 2, err);
}

static int do_settle(struct store *s, struct buf *out, struct error *err)
{
	(void)out;
	return store_disposal_settled(s, "bounces", err);
}

static int do_mailbox(struct store *s, struct buf *out, struct error *err)
{
	const char *const keys[] = {"a", "b"}, *const values[] = {"1", "2"};

	(void)out;
	if (store_mailbox_polled(s, "bounces", 3, NOW, err) ||
	    store_mailbox_heartbeat(s, "bounces", NOW, err) ||
	    store_mailbox_failed(s, "other", "no route", NOW, err))
		return -1;
	return store_mailbox_note(s, "bounces", keys, values, 2, err);
}

static int do_sent(struct store *s, struct buf *out, struct error *err)
{
	const struct store_sent rows[] = {{"example.org", 7}, {"", 8}};
	const struct store_sent_message told = {"m2", "bob@example.org"};

	(void)out;
	if (store_ledger_record(s, &told, 1, NOW, err))
		return -1;
	return store_sent_record(s, "spring", "news", T0, rows, 2, true, err);
}

static int do_metric(struct store *s, struct buf *out, struct error *err)
{
	(void)out;
	return store_metric_add(s, "x", "mailbox=\"a\"", 2, err);
}

static int do_undo(struct store *s, struct buf *out, struct error *err)
{
	return take_back(s, false, out, err);
}

static int do_import(struct store *s, struct buf *out, struct error *err)
{
	const struct store_import_row rows[] = {
		{.address = SPAN("new@example.org"),
		 .stream = "",
		 .note = "old list"},
		{.address = SPAN("@old.example"),
		 .stream = "news",
		 .note = "old list",
		 .at_s = T0,
		 .until_s = NOW + DAY}};
	struct store_import_result r = {0};

	if (store_import_begin(s, err))
		return -1;
	for (size_t i = 0; i < 2; i++)
		if (store_import_add(s, &rows[i], err))
			return -1;
	if (store_import_apply(s, "op", NOW, false, NULL, NULL, &r, err))
		return -1;
	buf_addf(out, "%d %d %d", (int)r.given, (int)r.known, (int)r.added);
	return 0;
}

static const struct act acts[] = {
	{"a batch", do_batch, false},
	{"decisions", do_decide, false},
	{"decisions about what is held", do_hold, false},
	{"expiry", do_expire, true},
	{"retention", do_retain, true},
	{"another policy", do_policy, true},
	{"a clock set back", do_clock, true},
	{"bytes forgotten", do_forget_bytes, false},
	{"disposal", do_dispose, false},
	{"a whole scan", do_settle, false},
	{"a mailbox", do_mailbox, true},
	{"what was sent", do_sent, true},
	{"a counter", do_metric, false},
	{"verdicts taken back", do_undo, false},
	{"an import", do_import, false},
};

START_TEST(whatever_fails_nothing_is_half_done)
{
	is_all_or_nothing(&acts[_i]);
}
END_TEST

int main(void)
{
	return run_acts("store fault", whatever_fails_nothing_is_half_done,
			sizeof(acts) / sizeof(*acts));
}
