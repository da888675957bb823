#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

/*
 * What the tests of the store share: a database in a folder of its own, and
 * messages made of a few words each. Everything is real but the report.
 */
#include <check.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/mend.h"
#include "store/store.h"
#include "util/buf.h"
#include "util/xalloc.h"

#define DAY 86400
#define HOUR 3600
#define T0 (1700000000 / DAY * DAY) /* a midnight */
#define RULES "0000000000000000000000000000000000000000000000000000000000000000"

static char folder[64];
static char path[128];
static struct policy_settings policy;

static inline int remove_one(const char *name, const struct stat *st, int type,
			     struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(name);
}

static inline void folder_make(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%.30s/store.XXXXXX",
		 tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/test.db", folder);
	policy_settings_init(&policy);
}

static inline void folder_remove(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline struct store *database_open(const char *file)
{
	struct error err = {0};
	struct store *s;

	ck_assert_msg(store_migrate(file, T0, &err) == 0, "%s", err.text);
	s = store_open(file, STORE_WRITE, &policy, &err);
	ck_assert_msg(s != NULL, "%s", err.text);
	return s;
}

/* One bounce in a few words; zero fields get plain values. */
struct sample {
	unsigned id; /* makes the key */
	const char *address;
	enum reason reason;
	int64_t at_s;
	enum evidence evidence;
	const char *message_id, *campaign, *mta, *mailbox, *stream;
	int64_t date_s;
	enum report_action action;
	const char *written; /* what the report names, if not the address */
	bool forwarded;	     /* a forward target of the address failed */
	const char *said;    /* of it, if not the usual */
	uint16_t detail;     /* of the status 5.1.x, if not 1 */
};

static inline const char *or_else(const char *s, const char *otherwise)
{
	return s ? s : otherwise;
}

static inline void sample_message(const struct sample *x,
				  struct store_message *m)
{
	memset(m, 0, sizeof(*m));
	/* Keys are hashes: nothing about their order follows from the id. */
	hash_message_key(&x->id, sizeof(x->id), m->key);
	m->mailbox = or_else(x->mailbox, "bounces");
	m->stream = or_else(x->stream, "");
	m->at_s = x->at_s;
}

static inline void sample_fact(const struct sample *x, struct fact *f)
{
	const struct reason_info *info = reason_info(x->reason);

	*f = (struct fact){
		.kind = REPORT_BOUNCE,
		.feedback_type = "",
		.reporting_mta = or_else(x->mta, "mta.example.net"),
		.address = x->address,
		.final = "",
		.forwarded = x->forwarded,
		.action = x->action,
		.exit_code = -1,
		.remote = "mx.example.org",
		.diagnostic_type = "smtp",
		.reply_text = "550 no",
		.diagnostic = or_else(x->said, "said: 550 no"),
		.stage = STAGE_RCPT,
		.reply = 550,
	};
	if (f->action == ACTION_UNKNOWN)
		f->action = info->effect == EFFECT_RESET ? ACTION_DELIVERED
							 : ACTION_FAILED;
	f->status = (struct status){.class_ = 5, .subject = 1, .detail = 1};
	if (x->detail)
		f->status.detail = x->detail;
}

static inline void sample_verdict(const struct sample *x,
				  struct store_verdict *v)
{
	const struct reason_info *info = reason_info(x->reason);

	memset(v, 0, sizeof(*v));
	v->judgement.reason = x->reason;
	v->judgement.class_ = info->class_;
	v->judgement.effect = info->effect;
	snprintf(v->judgement.rule, sizeof(v->judgement.rule), "test-rule");
	snprintf(v->judgement.words, sizeof(v->judgement.words), "no");
	v->trust.evidence = x->evidence ? x->evidence : EVIDENCE_RELAY;
	v->trust.why = "made by our own relay";
}

/* Adds one message in an open batch. */
static inline void sample_add(struct store *s, const struct sample *x)
{
	struct error err = {0};
	struct store_message m;
	struct store_verdict v;
	struct report r;
	struct fact f;

	sample_message(x, &m);
	sample_fact(x, &f);
	sample_verdict(x, &v);
	report_init(&r);
	r.kind = REPORT_BOUNCE;
	r.format = "rfc3464";
	r.message_id = "report@example.net";
	r.returned.message_id = or_else(x->message_id, "");
	r.returned.campaign = or_else(x->campaign, "");
	r.returned.from = "news@example.com";
	r.returned.date_s = x->date_s;
	r.facts = &f;
	r.fact_count = 1;
	ck_assert_msg(store_message_add(s, &m, &r, &v, &err) == 0, "%s",
		      err.text);
	r.facts = NULL;
	r.fact_count = 0;
	report_release(&r);
}

static inline void batch_begin(struct store *s)
{
	struct error err = {0};

	ck_assert_msg(store_batch_begin(s, RULES, &err) == 0, "%s", err.text);
}

static inline void batch_commit(struct store *s, int64_t now_s)
{
	struct error err = {0};

	ck_assert_msg(store_batch_commit(s, now_s, &err) == 0, "%s", err.text);
}

static inline void commit_all(struct store *s, const struct sample *x, size_t n,
			      int64_t now_s)
{
	batch_begin(s);
	for (size_t i = 0; i < n; i++)
		sample_add(s, &x[i]);
	batch_commit(s, now_s);
}

/* So many addresses of one domain that its host is to blame. */
static inline void break_domain(struct store *s)
{
	static const char *const addresses[] = {
		"a@big.example", "b@big.example", "c@big.example",
		"d@big.example", "e@big.example"};
	struct sample x[5];

	for (unsigned i = 0; i < 5; i++)
		x[i] = (struct sample){.id = i,
				       .address = addresses[i],
				       .reason = REASON_HOST_BUSY,
				       .at_s = T0 + 60 * i};
	commit_all(s, x, 5, T0 + HOUR);
}

static inline int dump_line(void *ctx, const char *line, size_t n)
{
	buf_add(ctx, line, n);
	return 0;
}

static inline void dump_to(struct store *s, int64_t now_s, struct buf *out)
{
	struct error err = {0};

	buf_reset(out);
	ck_assert_msg(store_dump(s, now_s, dump_line, out, &err) == 0, "%s",
		      err.text);
}

/* "yes" where it may be mailed, else the reason or the source. */
static inline const char *ask(struct store *s, const char *address,
			      const char *stream, int64_t now_s)
{
	static char word[64];
	struct error err = {0};
	struct store_answer a;
	struct arena arena;

	arena_init(&arena);
	ck_assert_msg(store_check(s, span_of(address), stream, now_s, &arena,
				  &a, &err) == 0,
		      "%s", err.text);
	snprintf(word, sizeof(word), "%s",
		 a.mailable	 ? "yes"
		 : *a.why.reason ? a.why.reason
				 : a.why.source);
	arena_release(&arena);
	return word;
}

static inline int print_difference(void *ctx, const struct store_difference *d)
{
	(void)ctx;
	fprintf(stderr, "%s: %s: stored %s, computed %s\n", d->what, d->subject,
		d->stored, d->computed);
	return 0;
}

static inline size_t wrong_states(struct store *s, int64_t now_s)
{
	const struct store_inspector to = {.difference = print_difference};
	struct error err = {0};
	size_t wrong = 0;

	ck_assert_msg(store_verify(s, now_s, &to, &wrong, &err) == 0, "%s",
		      err.text);
	return wrong;
}

/* One number out of the database file, by a connection of its own. */
static inline int64_t number_of(const char *sql)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	int64_t n;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	/* A killed writer's log is read back under an exclusive lock. */
	sqlite3_busy_timeout(db, 10000);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

static inline int run_cases(const char *name, TCase *cases)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, folder_make, folder_remove);
	tcase_set_timeout(cases, 60);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* All that retention has to do, in the smallest of steps. */
static inline void retain_all(struct store *s, int64_t before_s, int64_t now_s)
{
	struct error err = {0};
	int more;

	while ((more = store_retain(s, before_s, 1, now_s, &err)) == 1)
		;
	ck_assert_msg(more == 0, "%s", err.text);
}

#endif
