/* Questions and decisions. */
#include <sys/wait.h>

#include "store_fixture.h"

static struct sample hard(unsigned id, const char *address)
{
	return (struct sample){.id = id,
			       .address = address,
			       .reason = REASON_USER_UNKNOWN,
			       .at_s = T0};
}

static void decide(struct store *s, enum store_action action,
		   const char *address, int64_t at_s, size_t *changed_r)
{
	struct store_decision d = {.action = action,
				   .address = span_of(address),
				   .stream = "",
				   .who = "op",
				   .note = "because",
				   .at_s = at_s};
	struct error err = {0};

	ck_assert_msg(store_decide(s, &d, 1, at_s, changed_r, &err) == 0, "%s",
		      err.text);
}

START_TEST(operator_suppresses_and_releases)
{
	struct store *s = database_open(path);
	size_t changed;

	decide(s, STORE_SUPPRESS, "Ann@Example.org", T0, &changed);
	ck_assert_uint_eq(changed, 1);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0), "operator");
	decide(s, STORE_RELEASE, "ann@example.org", T0 + 1, &changed);
	ck_assert_uint_eq(changed, 1);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 1), "yes");
	decide(s, STORE_RELEASE, "ann@example.org", T0 + 2, &changed);
	ck_assert_uint_eq(changed, 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM audit "
				   "WHERE who = 'op' AND note = 'because'"),
			 3);
	store_close(s);
}
END_TEST

START_TEST(allow_beats_what_reports_say)
{
	struct store *s = database_open(path);
	struct sample x = hard(1, "ann@example.org");

	commit_all(s, &x, 1, T0);
	decide(s, STORE_ALLOW, "ann@example.org", T0 + 1, NULL);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 1), "yes");
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 0);
	decide(s, STORE_DISALLOW, "ann@example.org", T0 + 2, NULL);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 2),
			 "user_unknown");
	store_close(s);
}
END_TEST

START_TEST(allowed_domain_frees_each_of_its_addresses)
{
	struct store *s = database_open(path);
	struct sample x[] = {hard(1, "ann@example.org"),
			     hard(2, "bob@example.org"),
			     hard(3, "cyd@example.net")};

	commit_all(s, x, 2, T0);
	decide(s, STORE_ALLOW, "@Example.org", T0 + 1, NULL);
	commit_all(s, x + 2, 1, T0 + 2);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 3), "yes");
	ck_assert_str_eq(ask(s, "cyd@example.net", NULL, T0 + 3),
			 "user_unknown");
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 1);
	ck_assert_uint_eq(wrong_states(s, T0 + 3), 0);
	store_close(s);
}
END_TEST

START_TEST(suppressed_domain_stops_addresses_never_seen)
{
	struct store *s = database_open(path);

	decide(s, STORE_SUPPRESS, "@example.org", T0, NULL);
	ck_assert_str_eq(ask(s, "new@EXAMPLE.org", NULL, T0), "operator");
	ck_assert_str_eq(ask(s, "new@sub.example.org", NULL, T0), "yes");
	decide(s, STORE_ALLOW, "vip@example.org", T0 + 1, NULL);
	ck_assert_str_eq(ask(s, "vip@example.org", NULL, T0 + 1), "yes");
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed "
				   "WHERE address = '@example.org' "
				   "AND scope = 'domain'"),
			 1);
	store_close(s);
}
END_TEST

START_TEST(decisions_about_no_address_keep_nothing)
{
	struct store *s = database_open(path);
	struct store_decision d[] = {
		{.action = STORE_SUPPRESS, .address = SPAN("ann@example.org")},
		{.action = STORE_SUPPRESS, .address = SPAN("nobody")}};
	struct error err = {0};

	ck_assert_int_eq(store_decide(s, d, 2, T0, NULL, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_MESSAGE);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0), "yes");
	store_close(s);
}
END_TEST

START_TEST(complaint_stops_its_own_stream)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_COMPLAINT,
			   .at_s = T0,
			   .stream = "news"};

	commit_all(s, &x, 1, T0);
	ck_assert_str_eq(ask(s, "ann@example.org", "news", T0), "complaint");
	ck_assert_str_eq(ask(s, "ann@example.org", "shop", T0), "yes");
	ck_assert_str_eq(ask(s, "ann@example.org", "", T0), "yes");
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0), "complaint");
	store_close(s);
}
END_TEST

static int count_event(void *ctx, const struct store_event *e)
{
	struct buf *out = ctx;

	buf_addf(out, "%s/%s/%s/%s/%s;", e->kind, e->action, e->reason,
		 e->applied, e->rule);
	return 0;
}

START_TEST(history_tells_verdicts_and_decisions_in_their_order)
{
	struct store *s = database_open(path);
	struct sample x = hard(1, "ann@example.org");
	struct buf got;

	buf_init(&got);
	commit_all(s, &x, 1, T0);
	decide(s, STORE_RELEASE, "ann@example.org", T0 + 1, NULL);
	ck_assert_int_eq(store_history(s, SPAN("Ann@example.org"), count_event,
				       &got, NULL),
			 0);
	ck_assert_str_eq(got.data, "bounce/failed/user_unknown/yes/test-rule;"
				   "decision/release//yes/;");
	buf_release(&got);
	store_close(s);
}
END_TEST

static int add_address(void *ctx, const struct store_suppression *x)
{
	buf_addf(ctx, "%s ", x->address);
	return 0;
}

static void list(struct store *s, struct store_filter filter, struct buf *out)
{
	buf_reset(out);
	ck_assert_int_eq(
		store_list(s, &filter, T0 + HOUR, add_address, out, NULL), 0);
}

START_TEST(list_is_filtered)
{
	struct store *s = database_open(path);
	struct sample x[] = {hard(1, "ann@example.org"),
			     hard(2, "bob@example.net")};
	struct buf got;

	buf_init(&got);
	x[1].reason = REASON_MOVED;
	x[1].at_s = T0 + 100;
	commit_all(s, x, 2, T0 + 100);
	list(s, (struct store_filter){0}, &got);
	ck_assert_str_eq(got.data, "ann@example.org bob@example.net ");
	list(s, (struct store_filter){.reason = "moved"}, &got);
	ck_assert_str_eq(got.data, "bob@example.net ");
	list(s, (struct store_filter){.domain = "EXAMPLE.org"}, &got);
	ck_assert_str_eq(got.data, "ann@example.org ");
	list(s, (struct store_filter){.since_s = T0 + 50}, &got);
	ck_assert_str_eq(got.data, "bob@example.net ");
	list(s, (struct store_filter){.class_ = "soft"}, &got);
	ck_assert_str_eq(got.data, "");
	buf_release(&got);
	store_close(s);
}
END_TEST

static int only_one(void *ctx, const struct store_event *e)
{
	(void)e;
	++*(int *)ctx;
	return -1;
}

static int only_one_row(void *ctx, const struct store_suppression *x)
{
	(void)x;
	++*(int *)ctx;
	return -1;
}

START_TEST(who_has_read_enough_is_told_no_more)
{
	struct store *s = database_open(path);
	struct sample x[] = {hard(1, "ann@example.org"),
			     hard(2, "ann@example.org"),
			     hard(3, "bob@example.org")};
	const struct store_bounce_filter any = {.limit = 9};
	const struct store_filter all = {0};
	int told = 0;

	commit_all(s, x, 3, T0);
	ck_assert_int_eq(store_history(s, SPAN("ann@example.org"), only_one,
				       &told, NULL),
			 0);
	ck_assert_int_eq(told, 1);
	ck_assert_int_eq(store_bounces(s, &any, only_one, &told, NULL), 0);
	ck_assert_int_eq(told, 2);
	ck_assert_int_eq(store_list(s, &all, T0, only_one_row, &told, NULL), 0);
	ck_assert_int_eq(told, 3);
	store_close(s);
}
END_TEST

static int no_row(void *ctx, const struct store_stats *row)
{
	(void)ctx;
	(void)row;
	ck_abort_msg("there is no such domain");
	return 0;
}

START_TEST(sums_of_what_is_no_domain_are_refused)
{
	const struct store_stats_filter by = {
		.by = "campaign", .campaign = "", .domain = "no domain"};
	struct store *s = database_open(path);
	struct error err = {0};

	ck_assert_int_eq(store_stats(s, &by, no_row, NULL, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_MESSAGE);
	store_close(s);
}
END_TEST

START_TEST(show_tells_soft_runs_and_advice)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_MAILBOX_FULL,
			   .at_s = T0};
	struct store_state state;
	struct arena arena;

	arena_init(&arena);
	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(store_show(s, SPAN("ann@example.org"), T0 + 1, &arena,
				    &state, NULL),
			 0);
	ck_assert(state.known);
	ck_assert(state.answer.mailable);
	ck_assert_uint_eq(state.soft_count, 1);
	ck_assert_int_eq(state.softs[0].count, 1);
	ck_assert_str_eq(state.softs[0].reasons, "mailbox_full");
	ck_assert_int_gt(state.softs[0].due_at_s, T0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM due"), 1);
	ck_assert_int_eq(store_show(s, SPAN("new@example.org"), T0, &arena,
				    &state, NULL),
			 0);
	ck_assert(!state.known);
	arena_release(&arena);
	store_close(s);
}
END_TEST

START_TEST(sent_numbers_stand_in_one_row_only)
{
	struct store *s = database_open(path);
	struct sample x = hard(1, "ann@example.org");

	x.campaign = "spring";
	x.date_s = T0;
	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(store_sent_add(s, "spring", "", T0 + 5, "Example.ORG",
					1000, NULL),
			 0);
	ck_assert_int_eq(
		store_sent_add(s, "spring", "", T0, "example.net", 50, NULL),
		0);
	ck_assert_int_eq(number_of("SELECT sum(sent) FROM campaign_rate"),
			 1050);
	ck_assert_int_eq(number_of("SELECT sent FROM campaign_rate "
				   "WHERE hard = 1"),
			 1000);
	store_close(s);
}
END_TEST

START_TEST(each_verdict_of_a_campaign_is_counted_once_by_its_class)
{
	static const enum reason reasons[] = {
		REASON_DELIVERED, REASON_USER_UNKNOWN, REASON_MAILBOX_FULL,
		REASON_IP_BLOCKED, REASON_COMPLAINT};
	struct store *s = database_open(path);
	struct sample x = hard(0, "ann@example.org");

	x.campaign = "spring";
	for (unsigned i = 0; i < 5; i++) {
		x.id = i;
		x.reason = reasons[i];
		commit_all(s, &x, 1, T0);
	}
	/* Mail that was never ours is not among them. */
	x.id = 9;
	x.evidence = EVIDENCE_FOREIGN;
	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(number_of("SELECT sum(delivered) * 10000 "
				   "+ sum(hard) * 1000 + sum(soft) * 100 "
				   "+ sum(block) * 10 + sum(complaint) "
				   "FROM campaign_count"),
			 11111);
	store_close(s);
}
END_TEST

/* Whether that holds of sender_health once the next message says this. */
static int64_t health_after(struct store *s, struct sample *x, const char *said,
			    const char *holds)
{
	char id[32], sql[256];

	snprintf(id, sizeof(id), "next%u@example.com", ++x->id);
	x->message_id = id;
	x->said = said;
	commit_all(s, x, 1, ++x->at_s);
	snprintf(sql, sizeof(sql), "SELECT %s FROM sender_health", holds);
	return number_of(sql);
}

START_TEST(sender_health_shows_blocks_with_their_link)
{
	struct store *s = database_open(path);
	struct sample x = hard(1, "ann@example.org");

	x.reason = REASON_IP_BLOCKED;
	x.at_s = (int64_t)time(NULL) - 10;
	commit_all(s, &x, 1, x.at_s);
	ck_assert_int_eq(number_of("SELECT count_24h = 1 AND count_7d = 1 "
				   "AND sender = 'example.com' "
				   "AND cause = 'ip_blocked' AND link = '' "
				   "AND advice <> '' FROM sender_health"),
			 1);
	ck_assert_int_eq(
		health_after(s, &x,
			     "554 listed, see https://example.net/q?a=1. Bye",
			     "count_24h = 2 AND link = "
			     "'https://example.net/q?a=1'"),
		1);
	ck_assert_int_eq(health_after(s, &x,
				      "554 blocked (http://example.net/why)",
				      "count_24h = 3 AND link = "
				      "'http://example.net/why'"),
			 1);
	store_close(s);
}
END_TEST

START_TEST(ledger_proves_only_what_it_holds)
{
	struct store *s = database_open(path);
	struct store_sent_message row;
	struct arena arena;

	arena_init(&arena);
	ck_assert_int_eq(store_ledger_find(s, "m1", "ann@example.org"), -1);
	ck_assert_int_eq(store_ledger_row(span_of("m1"),
					  span_of("Ann@example.org"), &arena,
					  &row, NULL),
			 0);
	ck_assert_int_eq(store_ledger_record(s, &row, 1, T0, NULL), 0);
	arena_release(&arena);
	ck_assert_int_eq(store_ledger_find(s, "m1", "ann@example.org"), 1);
	ck_assert_int_eq(store_ledger_find(s, "m2", "ann@example.org"), 0);
	store_close(s);
}
END_TEST

static int add_mailbox(void *ctx, const struct store_mailbox *m)
{
	buf_addf(ctx, "%s %d %d %d %lld %lld %s;", m->name, (int)m->backlog,
		 (int)m->messages, (int)m->disposal_due, (long long)m->polled_s,
		 (long long)m->message_s, m->last_error);
	return 0;
}

START_TEST(status_knows_each_mailbox)
{
	struct store *s = database_open(path);
	struct sample x = hard(1, "ann@example.org");
	struct store_status status;
	struct buf got;

	buf_init(&got);
	x.evidence = EVIDENCE_UNPROVED;
	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(store_mailbox_polled(s, "bounces", 4, T0 + 9, NULL),
			 0);
	ck_assert_int_eq(
		store_mailbox_failed(s, "bounces", "no route", T0 + 8, NULL),
		0);
	ck_assert_int_eq(store_mailbox_heartbeat(s, "other", T0, NULL), 0);
	ck_assert_int_eq(store_mailboxes(s, add_mailbox, &got, NULL), 0);
	ck_assert_str_eq(got.data,
			 "bounces 4 1 1 1699920009 1699920000 no route;"
			 "other 0 0 0 0 0 ;");
	ck_assert_int_eq(store_status(s, T0 + 10, &status, NULL), 0);
	ck_assert_int_eq(status.messages, 1);
	ck_assert_int_eq(status.suppressed, 1);
	ck_assert_int_eq(status.acted, 1);
	ck_assert_int_eq(status.acted_unproved, 1);
	buf_release(&got);
	store_close(s);
}
END_TEST

START_TEST(reader_reads_while_a_writer_writes)
{
	struct store *w = database_open(path);
	struct sample x[] = {hard(1, "ann@example.org"),
			     hard(2, "bob@example.org")};
	struct error err = {0};
	struct store *r;

	commit_all(w, x, 1, T0);
	r = store_open(path, STORE_READ, &policy, &err);
	ck_assert_msg(r != NULL, "%s", err.text);
	batch_begin(w);
	sample_add(w, &x[1]);
	ck_assert_str_eq(ask(r, "ann@example.org", NULL, T0), "user_unknown");
	ck_assert_str_eq(ask(r, "bob@example.org", NULL, T0), "yes");
	batch_commit(w, T0);
	ck_assert_str_eq(ask(r, "bob@example.org", NULL, T0), "user_unknown");
	ck_assert_int_eq(store_batch_begin(r, RULES, &err), -1);
	store_close(r);
	store_close(w);
}
END_TEST

/* As root nothing is forbidden: there the mode of opening has to do. */
START_TEST(reader_without_write_access_reads_while_nobody_writes)
{
	struct store *w = database_open(path);
	struct sample x = hard(1, "ann@example.org");
	pid_t pid;
	int status;

	commit_all(w, &x, 1, T0);
	store_close(w);
	ck_assert_int_eq(chmod(folder, 0755), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
	pid = fork();
	if (pid == 0) {
		struct store *r;

		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(2);
		/* A temporary folder within one of root's own proves nothing.
		 */
		if (access(path, R_OK) != 0)
			_exit(0);
		r = store_open(path, STORE_READ, &policy, NULL);
		_exit(r && strcmp(ask(r, "ann@example.org", NULL, T0),
				  "user_unknown") == 0
			      ? 0
			      : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

static void plan_of(const char *sql, struct buf *out)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	char text[512];

	snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, text, -1, &st, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	while (sqlite3_step(st) == SQLITE_ROW)
		buf_addf(out, "%s\n", (const char *)sqlite3_column_text(st, 3));
	sqlite3_finalize(st);
	sqlite3_close(db);
}

START_TEST(asking_about_one_address_scans_nothing)
{
	struct buf plan;

	buf_init(&plan);
	store_close(database_open(path));
	plan_of("SELECT reason FROM suppressed "
		"WHERE address IN ('a@example.org', '@example.org')",
		&plan);
	plan_of("SELECT reason FROM bounce WHERE address = 'a@example.org'",
		&plan);
	plan_of("SELECT count FROM soft WHERE address = 'a@example.org'",
		&plan);
	plan_of("SELECT due_at FROM due WHERE address = 'a@example.org'",
		&plan);
	ck_assert_ptr_nonnull(strstr(plan.data, "(folded=?)"));
	ck_assert_msg(!strstr(plan.data, "SCAN"), "%s", plan.data);
	buf_release(&plan);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("ask");

	tcase_add_test(c, operator_suppresses_and_releases);
	tcase_add_test(c, allow_beats_what_reports_say);
	tcase_add_test(c, allowed_domain_frees_each_of_its_addresses);
	tcase_add_test(c, suppressed_domain_stops_addresses_never_seen);
	tcase_add_test(c, decisions_about_no_address_keep_nothing);
	tcase_add_test(c, complaint_stops_its_own_stream);
	tcase_add_test(c, history_tells_verdicts_and_decisions_in_their_order);
	tcase_add_test(c, list_is_filtered);
	tcase_add_test(c, who_has_read_enough_is_told_no_more);
	tcase_add_test(c, sums_of_what_is_no_domain_are_refused);
	tcase_add_test(c, show_tells_soft_runs_and_advice);
	tcase_add_test(c, sent_numbers_stand_in_one_row_only);
	tcase_add_test(c,
		       each_verdict_of_a_campaign_is_counted_once_by_its_class);
	tcase_add_test(c, sender_health_shows_blocks_with_their_link);
	tcase_add_test(c, ledger_proves_only_what_it_holds);
	tcase_add_test(c, status_knows_each_mailbox);
	tcase_add_test(c, reader_reads_while_a_writer_writes);
	tcase_add_test(c,
		       reader_without_write_access_reads_while_nobody_writes);
	tcase_add_test(c, asking_about_one_address_scans_nothing);
	return run_cases("store ask", c);
}
