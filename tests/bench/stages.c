/*
 * A message's way, one function a stage, over all messages at once: so that a
 * clock or callgrind can tell them apart. Each does what the reader does.
 */
#include "bench.h"

#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser/parser.h"
#include "parser/wire.h"
#include "util/hash.h"
#include "util/xalloc.h"

static void floor_bytes(struct bench *b)
{
	for (size_t i = b->from; i < b->to; i++) {
		struct span rest = messages_get(&b->messages, i), line;

		while (span_next_line(&rest, &line))
			b->sum += line.n;
	}
}

static void floor_libetpan(struct bench *b)
{
	for (size_t i = b->from; i < b->to; i++) {
		struct span s = messages_get(&b->messages, i);
		struct mailmime *mime = NULL;
		size_t at = 0;

		if (mailmime_parse(s.p, s.n, &at, &mime) == MAILIMF_NO_ERROR)
			mailmime_free(mime);
	}
}

static void stage_key(struct bench *b)
{
	for (size_t i = b->from; i < b->to; i++) {
		struct span s = messages_get(&b->messages, i);

		hash_message_key(s.p, s.n, b->keys[i]);
	}
}

static void stage_parse(struct bench *b)
{
	for (size_t i = b->from; i < b->to; i++) {
		struct span s = messages_get(&b->messages, i);

		report_release(&b->reports[i]);
		report_init(&b->reports[i]);
		report_parse(&b->reports[i], &b->parser.report, s.p, s.n);
	}
}

static void stage_wire(struct bench *b)
{
	struct report r;
	struct error err;
	struct buf bytes;

	buf_init(&bytes);
	for (size_t i = b->from; i < b->to; i++) {
		buf_reset(&bytes);
		report_write(&bytes, &b->reports[i]);
		report_init(&r);
		if (report_read(&r, bytes.data, bytes.len, &err) < 0)
			bench_fail("wire", err.text);
		report_release(&r);
	}
	buf_release(&bytes);
}

static void jail_receive(struct bench *b, struct parser *p)
{
	struct report r;
	struct error err;
	const char *why;
	uint64_t id;

	report_init(&r);
	if (parser_receive(p, &id, &r, &why, &err) < 0)
		bench_fail("parser", err.text);
	report_release(&b->reports[id]);
	b->reports[id] = r;
}

/* The same as stage_parse and stage_wire, by the jailed worker. */
static void stage_jail(struct bench *b)
{
	struct error err;
	int rc;

	if (!b->jail)
		b->jail = parser_open(&b->parser, &err);
	if (!b->jail)
		bench_fail("parser", err.text);
	for (size_t i = b->from; i < b->to; i++) {
		struct span s = messages_get(&b->messages, i);

		while ((rc = parser_submit(b->jail, i, s.p, s.n, &err)) == 0)
			jail_receive(b, b->jail);
		if (rc < 0)
			bench_fail("parser", err.text);
	}
	while (parser_in_flight(b->jail) > 0)
		jail_receive(b, b->jail);
}

static void stage_judge(struct bench *b)
{
	for (size_t i = b->from; i < b->to; i++) {
		const struct report *r = &b->reports[i];

		for (size_t k = 0; k < r->fact_count; k++)
			judge(b->rules, &r->facts[k],
			      &b->verdicts[i][k].judgement);
	}
}

static void stage_trust(struct bench *b)
{
	struct trust_result *trust;

	trust = xmalloc(REPORT_MAX_RECIPIENTS * sizeof *trust);
	for (size_t i = b->from; i < b->to; i++) {
		const struct report *r = &b->reports[i];

		trust_judge_report(&b->config->policy.trust, r,
				   BENCH_EPOCH_S + BENCH_STEP_S * (int64_t)i,
				   store_ledger_find, b->store, trust);
		for (size_t k = 0; k < r->fact_count; k++)
			b->verdicts[i][k].trust = trust[k];
	}
	free(trust);
}

static void store_add(struct bench *b, size_t i, struct error *err)
{
	struct store_message m = {.mailbox = "bench",
				  .stream = "",
				  .at_s = BENCH_EPOCH_S +
					  BENCH_STEP_S * (int64_t)i};
	struct store_known known;

	memcpy(m.key, b->keys[i], MESSAGE_KEY_BYTES);
	if (store_message_known(b->store, &m, &known, err) < 0 ||
	    store_message_add(b->store, &m, &b->reports[i], b->verdicts[i],
			      err) < 0)
		bench_fail("store", err->text);
}

static void stage_store(struct bench *b)
{
	size_t n = b->to;
	struct error err;

	for (size_t i = b->from; i < n; i += BENCH_BATCH) {
		if (store_batch_begin(b->store, rules_hash(b->rules), &err) < 0)
			bench_fail("store", err.text);
		for (size_t k = i; k < n && k < i + BENCH_BATCH; k++)
			store_add(b, k, &err);
		if (store_batch_commit(
			    b->store,
			    BENCH_EPOCH_S +
				    BENCH_STEP_S * (int64_t)b->messages.count,
			    &err) < 0)
			bench_fail("store", err.text);
		store_batches_disposed(b->store);
	}
}

static void dispose_some(struct mailbox *box,
			 const struct mailbox_message *some, size_t n)
{
	static const struct disposition how = {DISPOSAL_MOVE, ".Processed"};
	struct error err;

	for (size_t i = 0; i < n; i++)
		if (mailbox_maildir.dispose(box, &some[i], &how, &err) < 0)
			bench_fail("dispose", err.text);
	if (mailbox_maildir.flush(box, &err) < 0)
		bench_fail("dispose", err.text);
}

static struct mailbox *open_mailbox(struct bench *b)
{
	struct mailbox_settings *settings = &b->mailbox;
	struct mailbox *box;
	struct error err;

	mailbox_settings_init(settings);
	settings->name = "bench";
	settings->path = b->maildir;
	settings->processed.disposal = DISPOSAL_MOVE;
	settings->processed.folder = ".Processed";
	box = mailbox_maildir.open(settings, NULL, &err);
	if (!box || mailbox_maildir.scan(box, &err) < 0)
		bench_fail("mailbox", err.text);
	return box;
}

/* Hands out, reads and moves: the mailbox's part, at both ends of the way. */
static void stage_mailbox(struct bench *b)
{
	struct mailbox_message some[BENCH_BATCH];
	uint8_t key[MESSAGE_KEY_BYTES];
	struct buf bytes;
	struct error err;
	size_t n = 0;

	buf_init(&bytes);
	if (!b->box)
		b->box = open_mailbox(b);
	for (size_t i = b->from; i < b->to; i++) {
		if (mailbox_maildir.next(b->box, &some[n], &bytes, &err) != 1)
			bench_fail("mailbox", "fewer messages than were made");
		hash_message_key(bytes.data, bytes.len, key);
		b->sum += key[0];
		buf_reset(&bytes);
		if (++n == BENCH_BATCH) {
			dispose_some(b->box, some, n);
			n = 0;
		}
	}
	dispose_some(b->box, some, n);
	buf_release(&bytes);
}

const struct stage bench_floors[] = {
	{"bytes", floor_bytes, "every line of the messages, found"},
	{"libetpan", floor_libetpan, "bare mailmime_parse of the messages"},
	{NULL, NULL, NULL},
};

const struct stage bench_stages[] = {
	{"key", stage_key, "the key by which a message is known"},
	{"parse", stage_parse, "bytes to facts, without the jail"},
	{"wire", stage_wire, "facts written and read back"},
	{"jail", stage_jail, "parse and wire in the jailed worker"},
	{"judge", stage_judge, "facts to reasons"},
	{"trust", stage_trust, "what each report proves"},
	{"store", stage_store, "recorded and folded, a hundred a batch"},
	{"mailbox", stage_mailbox, "files found, read and moved"},
	{NULL, NULL, NULL},
};
