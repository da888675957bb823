#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "mailbox/mailbox.h"
#include "parser/parser.h"
#include "report/report.h"
#include "store/store.h"
#include "util/text.h"
#include "verdict/verdict.h"

/*
 * What the benchmarks share: messages made from the samples of tests/corpus,
 * and one function a stage of a message's way. Anything that goes wrong ends
 * the program: there is nothing to measure then.
 */
#define BENCH_BATCH 100			  /* messages a transaction */
#define BENCH_SLICE 500			  /* between a floor and its stages */
#define BENCH_EPOCH_S INT64_C(1790000000) /* arrival of the first message */
#define BENCH_STEP_S 30			  /* ... and between two of them */

/* Says what failed and ends the program with 3. */
void bench_fail(const char *what, const char *why);

/*
 * The n-th message made from a sample: every address and id in it is one of
 * its own, so that no two messages are about the same recipient. Appends.
 */
void bench_vary(struct buf *out, struct span sample, size_t n);

/* Messages in memory, made from the samples of a folder in turn. */
struct messages {
	struct buf bytes;
	size_t *start; /* count + 1 of them */
	size_t count;
};
void messages_make(struct messages *m, const char *corpus, size_t count);
void messages_release(struct messages *m);
struct span messages_get(const struct messages *m, size_t i);

/* Everything that the stages hand to one another. */
struct bench {
	struct messages messages;
	size_t from, to; /* those that a stage is to work on */
	struct config *config;
	struct rules *rules;
	uint8_t (*keys)[MESSAGE_KEY_BYTES];
	struct report *reports;
	struct store_verdict **verdicts;
	struct store *store;
	struct parser_settings parser;
	struct parser *jail; /* opened by its stage */
	struct mailbox_settings mailbox;
	struct mailbox *box; /* opened by its stage */
	char *maildir;
	uint64_t sum; /* keeps results from being optimised away */
};

struct stage {
	const char *name;
	void (*run)(struct bench *b);
	const char *does;
};
/* In the order of the way; each needs those before it. name NULL ends. */
extern const struct stage bench_stages[];
/* What the stages are compared with. */
extern const struct stage bench_floors[];

/* Room for the verdicts of b->from to b->to, whose reports are there. */
void bench_make_room(struct bench *b);
/* Lets go of reports and verdicts of b->from to b->to. */
void bench_forget(struct bench *b);

/*
 * Times every floor and every stage and prints a line each, with CPU and wall
 * in microseconds a message. They take turns, BENCH_SLICE messages each, so
 * that whatever else the machine does is done to all of them.
 */
void bench_time_stages(struct bench *b);

/* Of this process, or with that of a child that runs. */
struct clocks {
	double cpu_s, wall_s;
};
struct clocks clocks_read(void);
/* Adds what has gone by since. */
void clocks_add(struct clocks *sum, struct clocks since);

/*
 * Inserts the rows of every table of one database into a fresh one: no lookup,
 * no fold, nothing but the inserts, as many transactions as given. Returns what
 * that took, without the reading.
 */
struct clocks bench_insert_rows(const char *from, const char *to,
				size_t batches);

/*
 * Reads every file of a folder and moves it to another one, and syncs both.
 * Returns what that took, and how many there were.
 */
struct clocks bench_move_files(const char *folder, const char *target,
			       size_t *n_r);

/*
 * Moves every message of the INBOX of the user "bounces" to a folder that is
 * there, having fetched it, on a server of this host in plain text.
 */
void bench_imap(unsigned port, const char *password, const char *folder);

#endif
