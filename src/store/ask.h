#ifndef STORE_ASK_H
#define STORE_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/error.h"
#include "util/text.h"

/*
 * Questions to the store, part of the contract of store.h, which includes this.
 * Functions return 0, or -1 with err.
 */
struct store;

/*
 * One row of the suppressed view. scope is "address" or "domain"; until_s is 0
 * where it never ends, bounce_id 0 where a decision began it.
 */
struct store_suppression {
	const char *address, *written, *scope, *stream;
	const char *class_, *reason, *source, *evidence;
	int64_t hits, since_s, until_s, bounce_id;
	const char *note;
};

struct store_answer {
	bool mailable;
	bool allowed;	     /* by an allow entry for it or for its domain */
	bool domain_allowed; /* there is one for its domain */
	const char *folded;  /* as it was compared */
	struct store_suppression why; /* where it is not mailable */
};

/*
 * May this address ("@example.com": this domain) be mailed in this stream?
 * stream NULL asks for any: one suppressed stream is enough for no. "" asks
 * for what holds for all streams. Strings of *answer_r are taken from arena.
 * An address that is none is a MESSAGE error.
 */
int store_check(struct store *s, struct span address, const char *stream,
		int64_t now_s, struct arena *arena,
		struct store_answer *answer_r, struct error *err);

/* One row of the soft and due views; the times are 0 where there is none. */
struct store_soft {
	const char *stream, *reasons; /* names, comma-separated */
	int64_t count, threshold, first_at_s, last_at_s, step, promotes_at_s;
	bool probation;
	const char *due_reason;
	int64_t tried_at_s, due_at_s, attempt, attempts_left, give_up_at_s;
};

/* Everything in force about an address; arrays and strings from the arena. */
struct store_state {
	struct store_answer answer;		/* for any stream */
	bool known;				/* there is any history */
	struct store_suppression *suppressions; /* its own, then its domain's */
	size_t suppression_count;
	struct store_soft *softs;
	size_t soft_count;
};
int store_show(struct store *s, struct span address, int64_t now_s,
	       struct arena *arena, struct store_state *state_r,
	       struct error *err);

/*
 * One event of the history, oldest first: a row of the bounce view, or a
 * decision (action "suppress", "release", ..., kind "decision", with who, note
 * and until_s).
 */
struct store_event {
	int64_t id, at_s, sent_at_s;
	const char *mailbox, *message_id, *address, *final, *domain, *provider;
	const char *stream, *campaign, *list_id, *kind, *action;
	int64_t reply;
	const char *status, *reason, *class_, *effect, *applied, *rule;
	const char *evidence, *reporter, *remote, *stage, *diagnostic, *words;
	const char *proof; /* why the evidence is what it is */
	const char *who, *note;
	int64_t until_s;
	/* store_pending: what is unusual; of a decision: how it was made */
	const char *why;
};
typedef int (*store_event_fn)(void *ctx, const struct store_event *e);
int store_history(struct store *s, struct span address, store_event_fn each,
		  void *ctx, struct error *err);

/* Which verdicts; NULL, "" or 0 where it does not matter. */
struct store_bounce_filter {
	const char *campaign, *reason, *class_, *rule, *mailbox, *domain;
	const char *stream;
	const char *code;	  /* reply or status: "550", "5.1.1" */
	struct span address;	  /* the one that was mailed */
	int64_t since_s, until_s; /* arrival: from since on, before until */
	int64_t limit;		  /* so many of the newest */
};
/* Verdicts that fit all of it, the newest first; each as in store_history. */
int store_bounces(struct store *s, const struct store_bounce_filter *filter,
		  store_event_fn each, void *ctx, struct error *err);

/* By what counts are summed up. */
struct store_stats_filter {
	const char *by; /* campaign, stream, day, domain, provider, reason, all
			 */
	const char *campaign, *domain;
	int64_t since_s, until_s; /* when the mail was sent; 0: any time */
};
struct store_stats {
	const char *what;
	bool has_sent; /* somebody said how many */
	int64_t sent, delivered, hard, soft, block, complaint;
};
typedef int (*store_stats_fn)(void *ctx, const struct store_stats *row);
/* One row a value of what they are summed up by, in its order. */
int store_stats(struct store *s, const struct store_stats_filter *filter,
		store_stats_fn each, void *ctx, struct error *err);

/* Addresses that failed softly in a time. */
struct store_soft_sum {
	int64_t addresses;
	int64_t repeated; /* for more than one send */
	int64_t turned;	  /* and then hard, or suppressed for it */
};
int store_soft_sum(struct store *s, int64_t since_s, int64_t until_s,
		   struct store_soft_sum *sum_r, struct error *err);

/* What one provider has against one sender of ours, and what to do. */
struct store_health {
	const char *provider, *cause, *sender, *sample, *advice;
	int64_t count, last_at_s;
};
typedef int (*store_health_fn)(void *ctx, const struct store_health *h);
/* Of what arrived in a time, the most frequent first, up to limit of them. */
int store_health(struct store *s, int64_t since_s, int64_t until_s,
		 int64_t limit, store_health_fn each, void *ctx,
		 struct error *err);

/* One row of the due view. */
struct store_due {
	const char *address, *stream, *reason;
	int64_t last_at_s, due_at_s, attempt, attempts_left, give_up_at_s;
};
typedef int (*store_due_fn)(void *ctx, const struct store_due *d);
/*
 * Soft failures that may be tried again, by the time from which on they may:
 * those that are due at now_s and, with later, those that will be. What is
 * given up by then is left out. domain may be NULL.
 */
int store_due(struct store *s, const char *domain, bool later, int64_t now_s,
	      store_due_fn each, void *ctx, struct error *err);

/* NULL, "" or 0 where it does not matter. */
struct store_filter {
	const char *reason, *domain, *class_, *stream, *source;
	int64_t since_s;
};
typedef int (*store_suppression_fn)(void *ctx,
				    const struct store_suppression *row);
/* Every suppression in force that matches, by address. */
int store_list(struct store *s, const struct store_filter *filter,
	       int64_t now_s, store_suppression_fn each, void *ctx,
	       struct error *err);

/* An address of which another answer was recorded than before. */
struct store_changed {
	const char *mark; /* to go on from */
	const char *address, *written, *scope;
	/* what holds now; of none it was released */
	const struct store_suppression *suppressions;
	size_t suppression_count;
};
typedef int (*store_changed_fn)(void *ctx, const struct store_changed *c);
/*
 * The addresses whose suppressions (their streams, classes, reasons, sources,
 * ends) have changed since mark was given out, each once, by when they last
 * did, in the order of recording; mark NULL: all that are suppressed. A MESSAGE
 * error where mark is none of this database.
 */
int store_changes(struct store *s, const char *mark, store_changed_fn each,
		  void *ctx, struct error *err);

/* How it goes with telling changes.command. */
struct store_untold {
	int64_t count;	 /* of the addresses that it was not told of */
	char error[512]; /* while it fails, else "" */
	int64_t error_s; /* since when */
};
int store_untold(struct store *s, struct store_untold *u, struct error *err);

/*
 * What is held: events with applied "held"; note says by whom (a guard's scope,
 * or "evidence"), why is for people, until_s 0 waits for one of them.
 */
int store_pending(struct store *s, store_event_fn each, void *ctx,
		  struct error *err);

/*
 * An hour that a guard holds at now_s: hard of all addresses that failed hard
 * in it are the key's. scope is "domain", "provider" or "reason".
 */
struct store_guard {
	const char *scope, *key;
	int64_t hour_s, hard, all;
	int64_t until_s; /* the last of its holds ends then */
};
typedef int (*store_guard_fn)(void *ctx, const struct store_guard *g);
int store_guards(struct store *s, int64_t now_s, store_guard_fn each, void *ctx,
		 struct error *err);

/* However much there is, asking takes no longer: housekeeping does so often. */
struct store_status {
	int64_t messages, unreadable, bounces; /* ever recorded */
	int64_t quarantined, suppressed, held; /* now */
	/* of the verdicts of 30 days, the newest 10,000 at most */
	int64_t acted, acted_unproved;
	/* of those that could act; they bring back no domain of ours */
	int64_t failures, foreign;
	int64_t passed_over; /* of those, and did not, with no more proof than
				their form or their author's */
	int64_t version;     /* of the database */
};
int store_status(struct store *s, int64_t now_s, struct store_status *status_r,
		 struct error *err);

/*
 * The content in a canonical text order, one record a line: no row ids, no
 * mailboxes, no times of processing. Equal content gives equal bytes.
 */
typedef int (*store_line_fn)(void *ctx, const char *line, size_t n);
int store_dump(struct store *s, int64_t now_s, store_line_fn each, void *ctx,
	       struct error *err);

#endif
