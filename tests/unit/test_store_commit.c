/* The commit road: recorded once, in any order, through any crash. */
#include <signal.h>
#include <sys/wait.h>

#include "store/history.h"
#include "store_fixture.h"

START_TEST(hard_failure_suppresses_at_the_commit)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 1,
			   .address = "Ann@Example.ORG",
			   .reason = REASON_USER_UNKNOWN,
			   .at_s = T0};

	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0), "yes");
	commit_all(s, &x, 1, T0 + 1);
	ck_assert_str_eq(ask(s, "ANN@example.org", NULL, T0 + 1),
			 "user_unknown");
	ck_assert_str_eq(ask(s, "bob@example.org", NULL, T0 + 1), "yes");
	store_close(s);
}
END_TEST

START_TEST(known_message_is_not_recorded_again)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 7,
			   .address = "ann@example.org",
			   .reason = REASON_MAILBOX_FULL,
			   .at_s = T0};
	struct store_known known;
	struct store_message m;
	struct buf first, second;

	buf_init(&first);
	buf_init(&second);
	sample_message(&x, &m);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 0);
	commit_all(s, &x, 1, T0);
	dump_to(s, T0, &first);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 1);
	ck_assert_int_eq(known.kind, REPORT_BOUNCE);
	ck_assert(known.due);
	ck_assert(!known.earlier);
	commit_all(s, &x, 1, T0 + DAY);
	dump_to(s, T0, &second);
	ck_assert_str_eq(first.data, second.data);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 1);
	buf_release(&first);
	buf_release(&second);
	store_close(s);
}
END_TEST

START_TEST(disposal_is_due_until_it_is_done)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 7,
			   .address = "ann@example.org",
			   .reason = REASON_MAILBOX_FULL,
			   .at_s = T0};
	struct store_known known;
	struct store_message m;

	sample_message(&x, &m);
	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(store_disposal_done(s, &m.key, 1, NULL), 0);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 1);
	ck_assert(!known.due);
	store_close(s);
}
END_TEST

static void expect_due(struct store *s, const struct sample *x, bool due)
{
	struct store_known known;
	struct store_message m;

	sample_message(x, &m);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 1);
	ck_assert_int_eq(known.due, due);
}

static void commit_each(struct store *s, struct sample *x, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		x[i] = (struct sample){.id = i + 1,
				       .address = "ann@example.org",
				       .reason = REASON_MAILBOX_FULL,
				       .at_s = T0 + i};
		commit_all(s, &x[i], 1, T0 + i);
	}
}

START_TEST(batches_are_due_until_all_of_them_are_disposed_of)
{
	struct store *s = database_open(path);
	struct sample x[3];

	commit_each(s, x, 3);
	expect_due(s, &x[0], true);
	store_batch_stays(s);
	store_batches_disposed(s);
	ck_assert_int_eq(store_disposal_note(s, NULL), 0);
	expect_due(s, &x[0], false);
	expect_due(s, &x[1], false);
	expect_due(s, &x[2], true);
	store_close(s);
}
END_TEST

START_TEST(batch_of_earlier_copies_leaves_the_one_before_it_alone)
{
	struct store *s = database_open(path);
	struct sample x[2], copy;

	commit_each(s, x, 2);
	copy = x[0];
	copy.at_s = T0 - 60;
	commit_all(s, &copy, 1, T0);
	store_batch_stays(s);
	store_batches_disposed(s);
	ck_assert_int_eq(store_disposal_note(s, NULL), 0);
	expect_due(s, &x[0], false);
	expect_due(s, &x[1], false);
	store_close(s);
}
END_TEST

START_TEST(what_was_disposed_of_is_noted_with_the_next_batch)
{
	struct store *s = database_open(path);
	struct sample x[1], later = {.id = 9,
				     .address = "bob@example.org",
				     .reason = REASON_MAILBOX_FULL,
				     .at_s = T0};

	commit_each(s, x, 1);
	store_batches_disposed(s);
	expect_due(s, &x[0], true);
	commit_all(s, &later, 1, T0);
	expect_due(s, &x[0], false);
	store_batches_stay(s);
	store_batches_disposed(s);
	ck_assert_int_eq(store_disposal_note(s, NULL), 0);
	expect_due(s, &later, true);
	store_close(s);
}
END_TEST

static bool is_due(struct store *s, unsigned id)
{
	const struct sample x = {.id = id};
	struct store_known known;
	struct store_message m;

	sample_message(&x, &m);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 1);
	return known.due;
}

START_TEST(what_batches_recorded_is_disposed_of_as_a_whole)
{
	struct sample x[5];
	struct store *s = database_open(path);

	for (unsigned i = 0; i < 5; i++)
		x[i] = (struct sample){.id = i,
				       .address = "ann@example.org",
				       .reason = REASON_MAILBOX_FULL,
				       .at_s = T0 + i};
	commit_all(s, x, 1, T0);
	store_batches_stay(s);
	commit_all(s, x + 1, 3, T0);
	/* Nothing is noted of what nobody said was disposed of. */
	ck_assert_int_eq(store_disposal_note(s, NULL), 0);
	ck_assert(is_due(s, 3));
	store_batches_disposed(s);
	ck_assert_int_eq(store_disposal_note(s, NULL), 0);
	for (unsigned i = 1; i < 4; i++)
		ck_assert(!is_due(s, i));
	ck_assert(is_due(s, 0));
	/* Or with the next batch, which is due itself. */
	commit_all(s, x + 4, 1, T0);
	store_batches_disposed(s);
	ck_assert(is_due(s, 4));
	x[0].id = 9;
	commit_all(s, x, 1, T0);
	ck_assert(!is_due(s, 4));
	ck_assert(is_due(s, 9));
	store_close(s);
}
END_TEST

START_TEST(looks_in_a_row_see_the_same_moment)
{
	struct store *s = database_open(path);
	struct store *other = database_open(path);
	struct sample x = {.id = 7,
			   .address = "ann@example.org",
			   .reason = REASON_MAILBOX_FULL,
			   .at_s = T0};
	struct store_known known;
	struct store_message m;

	sample_message(&x, &m);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 0);
	commit_all(other, &x, 1, T0);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 0);
	/* Whatever else is asked ends the row. */
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0), "yes");
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 1);
	store_close(other);
	store_close(s);
}
END_TEST

START_TEST(copy_to_the_postmaster_is_recorded_and_not_counted)
{
	struct store *s = database_open(path);
	struct sample x[] = {{.id = 1,
			      .address = "ann@example.org",
			      .reason = REASON_MAILBOX_FULL,
			      .at_s = T0,
			      .message_id = "m1@example.com"},
			     {.id = 2,
			      .address = "ann@example.org",
			      .reason = REASON_MAILBOX_FULL,
			      .at_s = T0 + 5,
			      .message_id = "m1@example.com"}};

	commit_all(s, x, 2, T0 + 10);
	ck_assert_int_eq(number_of("SELECT count(*) FROM bounce"), 2);
	ck_assert_int_eq(
		number_of("SELECT count(*) FROM bounce WHERE applied='yes'"),
		1);
	ck_assert_int_eq(number_of("SELECT sum(soft) FROM campaign_rate"), 1);
	store_close(s);
}
END_TEST

START_TEST(failure_is_no_copy_of_the_delay_before_it)
{
	struct store *s = database_open(path);
	struct sample x[] = {{.id = 1,
			      .address = "ann@example.org",
			      .reason = REASON_DELAYED,
			      .action = ACTION_DELAYED,
			      .at_s = T0,
			      .message_id = "m1@example.com"},
			     {.id = 2,
			      .address = "ann@example.org",
			      .reason = REASON_USER_UNKNOWN,
			      .at_s = T0 + DAY,
			      .message_id = "m1@example.com"}};

	commit_all(s, x, 2, T0 + DAY);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + DAY),
			 "user_unknown");
	store_close(s);
}
END_TEST

START_TEST(failure_of_another_status_is_no_copy)
{
	struct store *s = database_open(path);
	struct sample x[] = {{.id = 1,
			      .address = "ann@example.org",
			      .reason = REASON_SYSTEM_ERROR,
			      .detail = 2,
			      .at_s = T0,
			      .message_id = "m1@example.com"},
			     {.id = 2,
			      .address = "ann@example.org",
			      .reason = REASON_USER_UNKNOWN,
			      .at_s = T0 + HOUR,
			      .message_id = "m1@example.com"}};

	commit_all(s, x, 2, T0 + HOUR);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact WHERE copy"), 0);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + HOUR),
			 "user_unknown");
	store_close(s);
}
END_TEST

START_TEST(proved_report_beats_its_unproved_copy)
{
	struct store *s = database_open(path);
	struct sample x[] = {{.id = 1,
			      .address = "ann@example.org",
			      .reason = REASON_USER_UNKNOWN,
			      .at_s = T0,
			      .evidence = EVIDENCE_UNPROVED,
			      .message_id = "m1@example.com"},
			     {.id = 2,
			      .address = "ann@example.org",
			      .reason = REASON_USER_UNKNOWN,
			      .at_s = T0 + 5,
			      .evidence = EVIDENCE_TOKEN,
			      .message_id = "m1@example.com"}};

	commit_all(s, x, 2, T0 + 10);
	ck_assert_int_eq(number_of("SELECT until IS NULL FROM suppressed"), 1);
	store_close(s);
}
END_TEST

START_TEST(message_in_two_mailboxes_has_its_earliest_arrival)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_MAILBOX_FULL,
			   .at_s = T0 + 9,
			   .mailbox = "b",
			   .stream = "news"};
	struct store_known known;
	struct store_message m;

	commit_all(s, &x, 1, T0 + 20);
	x.mailbox = "a";
	x.stream = "shop";
	x.at_s = T0;
	sample_message(&x, &m);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 1);
	ck_assert(known.earlier);
	commit_all(s, &x, 1, T0 + 20);
	ck_assert_int_eq(number_of("SELECT at = 1699920000 AND stream = 'shop' "
				   "AND mailbox = 'a' FROM bounce"),
			 1);
	ck_assert_uint_eq(wrong_states(s, T0 + 20), 0);
	store_close(s);
}
END_TEST

/* A mailbox may be trusted, a token may have been good at the time. */
START_TEST(message_in_two_mailboxes_is_proved_by_its_earliest_copy)
{
	struct sample copies[2] = {{.id = 1,
				    .address = "ann@example.org",
				    .reason = REASON_USER_UNKNOWN,
				    .at_s = T0,
				    .mailbox = "a",
				    .evidence = EVIDENCE_RELAY},
				   {.id = 1,
				    .address = "ann@example.org",
				    .reason = REASON_USER_UNKNOWN,
				    .at_s = T0,
				    .mailbox = "b",
				    .evidence = EVIDENCE_UNPROVED}};
	struct buf first, second;
	char other[160];
	struct store *s;

	buf_init(&first);
	buf_init(&second);
	s = database_open(path);
	commit_all(s, &copies[0], 1, T0);
	commit_all(s, &copies[1], 1, T0);
	dump_to(s, T0, &first);
	ck_assert_int_eq(number_of("SELECT until IS NULL FROM suppressed"), 1);
	store_close(s);
	snprintf(other, sizeof(other), "%s/other.db", folder);
	s = database_open(other);
	commit_all(s, &copies[1], 1, T0);
	commit_all(s, &copies[0], 1, T0);
	dump_to(s, T0, &second);
	ck_assert_str_eq(first.data, second.data);
	ck_assert_uint_eq(wrong_states(s, T0), 0);
	store_close(s);
	buf_release(&second);
	buf_release(&first);
}
END_TEST

/* One report about two addresses. */
static void add_report_of_two(struct store *s, const struct sample *x)
{
	struct sample each[2] = {*x, *x};
	struct store_verdict v[2];
	struct store_message m;
	struct fact facts[2];
	struct report r;

	each[1].address = "bob@example.org";
	sample_message(x, &m);
	for (unsigned i = 0; i < 2; i++) {
		sample_fact(&each[i], &facts[i]);
		sample_verdict(&each[i], &v[i]);
	}
	report_init(&r);
	r.kind = REPORT_BOUNCE;
	r.facts = facts;
	r.fact_count = 2;
	batch_begin(s);
	ck_assert_int_eq(store_message_add(s, &m, &r, v, NULL), 0);
	batch_commit(s, T0 + 20);
	r.facts = NULL;
	r.fact_count = 0;
	report_release(&r);
}

START_TEST(earliest_copy_proves_what_it_says_of_every_recipient)
{
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_USER_UNKNOWN,
			   .at_s = T0 + 9,
			   .mailbox = "b",
			   .evidence = EVIDENCE_UNPROVED};
	struct store *s = database_open(path);

	add_report_of_two(s, &x);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 0);
	x.at_s = T0;
	x.mailbox = "a";
	x.evidence = EVIDENCE_RELAY;
	add_report_of_two(s, &x);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 2);
	ck_assert_uint_eq(wrong_states(s, T0 + 20), 0);
	store_close(s);
}
END_TEST

START_TEST(unreadable_message_is_quarantined_with_its_bytes)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 3, .at_s = T0};
	char *big = xcalloc(STORE_QUARANTINE_BYTES + 1, 1);
	struct store_message m;

	sample_message(&x, &m);
	batch_begin(s);
	ck_assert_int_eq(
		store_unreadable_add(s, &m,
				     span_make(big, STORE_QUARANTINE_BYTES + 1),
				     "the parser died of it", NULL),
		0);
	batch_commit(s, T0);
	ck_assert_int_eq(number_of("SELECT length(bytes) FROM quarantine"),
			 STORE_QUARANTINE_BYTES);
	ck_assert_int_eq(number_of("SELECT kind = 'unreadable' FROM message"),
			 1);
	ck_assert_int_eq(store_quarantine_retain(s, T0, 1, NULL), 0);
	ck_assert_int_eq(number_of("SELECT length(bytes) FROM quarantine"),
			 STORE_QUARANTINE_BYTES);
	ck_assert_int_eq(store_quarantine_retain(s, T0 + 1, 1, NULL), 1);
	ck_assert_int_eq(store_quarantine_retain(s, T0 + 1, 1, NULL), 0);
	ck_assert_int_eq(number_of("SELECT length(bytes) FROM quarantine"), 0);
	free(big);
	store_close(s);
}
END_TEST

START_TEST(what_is_no_address_is_recorded_and_never_acts)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 3,
			   .address = "@example.org",
			   .reason = REASON_USER_UNKNOWN,
			   .at_s = T0};

	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM bounce"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 0);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0), "yes");
	store_close(s);
}
END_TEST

/* A mix in which everything happens: guards, breaker, copies, null MX. */
#define MIX 600
static struct sample mix[MIX];
static char names[MIX][64], ids[MIX][64];

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

static void make_mix(void)
{
	static const enum reason reasons[] = {
		REASON_USER_UNKNOWN, REASON_MAILBOX_FULL, REASON_NULL_MX,
		REASON_SYSTEM_ERROR, REASON_DELIVERED,	  REASON_COMPLAINT,
		REASON_IP_BLOCKED,   REASON_GREYLISTED,	  REASON_NETWORK_ERROR};
	static const enum evidence evidences[] = {
		EVIDENCE_RELAY, EVIDENCE_UNPROVED, EVIDENCE_TOKEN,
		EVIDENCE_FOREIGN};
	static const char *const streams[] = {"", "news", "shop"};
	unsigned seed = 42;

	for (unsigned i = 0; i < MIX; i++) {
		struct sample *x = &mix[i];
		bool outage = i % 4 == 0;

		snprintf(names[i], sizeof(names[i]), "%s%u@%s.example",
			 i % 5 ? "u" : "U",
			 outage ? i : next_random(&seed) % 60,
			 outage	 ? "big"
			 : i % 3 ? "one"
				 : "two");
		snprintf(ids[i], sizeof(ids[i]), "m%u@example.com",
			 next_random(&seed) % 3);
		x->id = i;
		x->address = names[i];
		x->reason = outage ? REASON_USER_UNKNOWN
				   : reasons[next_random(&seed) % 9];
		x->evidence = evidences[next_random(&seed) % 4];
		x->at_s = outage ? T0 + 30 * DAY + i
				 : T0 + (int64_t)next_random(&seed) * 120;
		/* Many say the same hour of day, and no more of it. */
		if (!outage && i % 3 == 0)
			x->at_s = T0 + next_random(&seed) % 5 * DAY;
		if (i % 7 == 1) { /* a bad day of one domain */
			x->reason = REASON_HOST_BUSY;
			x->at_s = T0 + 10 * DAY + 300 * (int64_t)i;
		}
		x->message_id = ids[i];
		x->campaign = i % 2 ? "spring" : NULL;
		x->stream = streams[next_random(&seed) % 3];
		x->date_s = x->at_s - next_random(&seed);
	}
}

static void shuffle(unsigned seed)
{
	for (unsigned i = MIX - 1; i > 0; i--) {
		unsigned k = next_random(&seed) % (i + 1);
		struct sample x = mix[i];

		mix[i] = mix[k];
		mix[k] = x;
	}
}

static void commit_in_batches(struct store *s, unsigned seed)
{
	size_t i = 0;

	while (i < MIX) {
		size_t n = 1 + next_random(&seed) % 80;

		if (n > MIX - i)
			n = MIX - i;
		/* Clocks differ between runs; only the content decides. */
		commit_all(s, &mix[i], n,
			   T0 + 30 * DAY + next_random(&seed) * 8);
		i += n;
	}
}

START_TEST(order_and_batches_do_not_matter)
{
	int64_t now_s = T0 + 60 * DAY;
	struct buf expected, got;
	struct store *s;

	buf_init(&expected);
	buf_init(&got);
	make_mix();
	for (unsigned round = 0; round < 6; round++) {
		char file[160];

		snprintf(file, sizeof(file), "%s.%u", path, round);
		s = database_open(file);
		if (round)
			shuffle(round);
		commit_in_batches(s, round);
		dump_to(s, now_s, round ? &got : &expected);
		ck_assert_uint_eq(wrong_states(s, now_s), 0);
		while (store_expire(s, 50, now_s, NULL) == 1)
			;
		ck_assert_uint_eq(wrong_states(s, now_s), 0);
		if (round)
			ck_assert_str_eq(expected.data, got.data);
		dump_to(s, now_s, &got);
		ck_assert_str_eq(expected.data, got.data);
		store_close(s);
	}
	buf_release(&expected);
	buf_release(&got);
}
END_TEST

/* The mix must contain what it is for, or the test above proves nothing. */
START_TEST(the_mix_trips_guards_breaker_copies_and_domains)
{
	struct store *s = database_open(path);

	make_mix();
	commit_all(s, mix, MIX, T0 + 30 * DAY + HOUR);
	store_close(s);
	ck_assert_int_gt(number_of("SELECT count(*) FROM fact WHERE copy"), 5);
	ck_assert_int_gt(
		number_of("SELECT count(*) FROM guard_hour WHERE held"), 0);
	ck_assert_int_gt(number_of("SELECT count(*) FROM breaker_hour"), 0);
	ck_assert_int_gt(number_of("SELECT count(*) FROM suppressed"), 5);
	ck_assert_int_gt(number_of("SELECT count(*) FROM domain_event "
				   "WHERE what = 'null_mx'"),
			 3);
	ck_assert_int_gt(number_of("SELECT count(*) FROM pending"), 5);
	ck_assert_int_gt(number_of("SELECT count(*) FROM soft"), 5);
	ck_assert_int_gt(
		number_of("SELECT count(*) FROM (SELECT 1 FROM bounce GROUP BY "
			  "address, at HAVING count(DISTINCT reason) > 1)"),
		5);
}
END_TEST

START_TEST(killed_before_commit_leaves_nothing)
{
	struct store *s = database_open(path);
	struct buf before, after;
	int ready[2];
	char byte;
	pid_t pid;

	buf_init(&before);
	buf_init(&after);
	make_mix();
	commit_all(s, mix, 100, T0);
	dump_to(s, T0, &before);
	store_close(s);
	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		s = store_open(path, STORE_WRITE, &policy, NULL);
		batch_begin(s);
		for (size_t i = 100; i < 300; i++)
			sample_add(s, &mix[i]);
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	s = database_open(path);
	dump_to(s, T0, &after);
	ck_assert_str_eq(before.data, after.data);
	store_close(s);
	buf_release(&before);
	buf_release(&after);
}
END_TEST

/* A reader's loop: what is known is skipped, the rest comes in batches. */
static void read_on(const char *file)
{
	struct store *s = store_open(file, STORE_WRITE, &policy, NULL);
	struct store_known known;
	struct store_message m;
	size_t i = 0;

	while (i < MIX) {
		batch_begin(s);
		for (size_t n = 0; n < 10 && i < MIX; i++) {
			sample_message(&mix[i], &m);
			if (store_message_known(s, &m, &known, NULL) == 1)
				continue;
			sample_add(s, &mix[i]);
			n++;
		}
		batch_commit(s, T0 + 31 * DAY);
	}
	store_close(s);
}

START_TEST(readers_killed_again_and_again_end_at_the_same_content)
{
	char calm[160];
	struct buf expected, got;
	struct store *s;
	unsigned kills = 0;
	int status;

	buf_init(&expected);
	buf_init(&got);
	make_mix();
	snprintf(calm, sizeof(calm), "%s.calm", path);
	store_close(database_open(calm));
	read_on(calm);
	s = store_open(calm, STORE_READ, &policy, NULL);
	dump_to(s, T0 + 31 * DAY, &expected);
	store_close(s);
	store_close(database_open(path));
	for (int64_t due = 20; due < MIX - 60; due += 60) {
		pid_t pid = fork();

		if (pid == 0) {
			read_on(path);
			_exit(0);
		}
		/* Somewhere between two commits, or in the midst of one. */
		while (number_of("SELECT count(*) FROM message") < due)
			;
		kill(pid, SIGKILL);
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		kills += WIFSIGNALED(status);
	}
	ck_assert_uint_gt(kills, 5);
	read_on(path);
	s = store_open(path, STORE_READ, &policy, NULL);
	dump_to(s, T0 + 31 * DAY, &got);
	ck_assert_str_eq(expected.data, got.data);
	ck_assert_uint_eq(wrong_states(s, T0 + 31 * DAY), 0);
	store_close(s);
	buf_release(&expected);
	buf_release(&got);
}
END_TEST

START_TEST(flood_about_one_address_is_folded_up_to_a_limit)
{
	unsigned n = HISTORY_MAX_FACTS + 100;
	struct sample x = {.address = "ann@example.org",
			   .reason = REASON_MAILBOX_FULL};
	struct buf forward, backward;

	buf_init(&forward);
	buf_init(&backward);
	for (unsigned round = 0; round < 2; round++) {
		char file[160];
		struct store *s;

		snprintf(file, sizeof(file), "%s.%u", path, round);
		s = database_open(file);
		batch_begin(s);
		for (unsigned i = 0; i < n; i++) {
			x.id = round ? n - 1 - i : i;
			x.at_s = T0 + x.id * HOUR;
			sample_add(s, &x);
			if (i % 300 == 299) {
				batch_commit(s, T0 + 90 * DAY);
				batch_begin(s);
			}
		}
		batch_commit(s, T0 + 90 * DAY);
		dump_to(s, T0 + 90 * DAY, round ? &backward : &forward);
		store_close(s);
	}
	ck_assert_str_eq(forward.data, backward.data);
	ck_assert_ptr_nonnull(strstr(forward.data, "promoted"));
	buf_release(&forward);
	buf_release(&backward);
}
END_TEST

START_TEST(aborted_batch_leaves_nothing)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_USER_UNKNOWN,
			   .at_s = T0};

	batch_begin(s);
	sample_add(s, &x);
	store_batch_abort(s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM message"), 0);
	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM message"), 1);
	store_close(s);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("commit");

	tcase_add_test(c, hard_failure_suppresses_at_the_commit);
	tcase_add_test(c, known_message_is_not_recorded_again);
	tcase_add_test(c, disposal_is_due_until_it_is_done);
	tcase_add_test(c, batches_are_due_until_all_of_them_are_disposed_of);
	tcase_add_test(c,
		       batch_of_earlier_copies_leaves_the_one_before_it_alone);
	tcase_add_test(c, what_was_disposed_of_is_noted_with_the_next_batch);
	tcase_add_test(c, what_batches_recorded_is_disposed_of_as_a_whole);
	tcase_add_test(c, looks_in_a_row_see_the_same_moment);
	tcase_add_test(c, copy_to_the_postmaster_is_recorded_and_not_counted);
	tcase_add_test(c, failure_is_no_copy_of_the_delay_before_it);
	tcase_add_test(c, failure_of_another_status_is_no_copy);
	tcase_add_test(c, proved_report_beats_its_unproved_copy);
	tcase_add_test(c,
		       message_in_two_mailboxes_is_proved_by_its_earliest_copy);
	tcase_add_test(c, message_in_two_mailboxes_has_its_earliest_arrival);
	tcase_add_test(c, earliest_copy_proves_what_it_says_of_every_recipient);
	tcase_add_test(c, unreadable_message_is_quarantined_with_its_bytes);
	tcase_add_test(c, what_is_no_address_is_recorded_and_never_acts);
	tcase_add_test(c, order_and_batches_do_not_matter);
	tcase_add_test(c, the_mix_trips_guards_breaker_copies_and_domains);
	tcase_add_test(c, killed_before_commit_leaves_nothing);
	tcase_add_test(c,
		       readers_killed_again_and_again_end_at_the_same_content);
	tcase_add_test(c, flood_about_one_address_is_folded_up_to_a_limit);
	tcase_add_test(c, aborted_batch_leaves_nothing);
	return run_cases("store commit", c);
}
