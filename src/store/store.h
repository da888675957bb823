#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"
#include "report/report.h"
#include "trust/trust.h"
#include "util/arena.h"
#include "util/error.h"
#include "util/hash.h"
#include "util/text.h"
#include "verdict/verdict.h"

/*
 * What we know, kept. Facts and decisions are appended; what they amount to
 * (suppressions, soft runs, counters) is rewritten in the same transaction by
 * policy_fold for every address they touch. Whatever the order of the
 * messages, the batches they came in and the crashes between: the same
 * messages give the same store_dump.
 *
 * Nothing outside this room knows SQLite. Everything takes now_s from its
 * caller. Functions return 0, or -1 with err (FATAL: the database cannot be
 * used; SOURCE: it was locked for too long, try again later). A store belongs
 * to the process that opened it: never carry one across fork().
 */

struct store;

enum store_mode {
	STORE_READ,  /* check, show, list, dump: works without write access */
	STORE_ASK,   /* the same, but somebody waits: a second, not ten */
	STORE_WRITE, /* daemon and the commands that decide */
};

/*
 * Creates the database at path or brings it up to this program's version, in
 * one transaction, and records each step. Only the supervisor calls it, before
 * any reader starts. Refuses a database that is newer or not ours.
 */
int store_migrate(const char *path, int64_t now_s, struct error *err);

/*
 * Opens a database of exactly this program's version; never creates one.
 * policy is borrowed until store_close. Returns NULL with err.
 */
struct store *store_open(const char *path, enum store_mode mode,
			 const struct policy_settings *policy,
			 struct error *err);
void store_close(struct store *s); /* s may be NULL */

/*
 * Told now and then how far a long piece of work is: done of total, or total 0
 * where it is not known. May be NULL wherever it is asked for.
 */
typedef void (*store_progress_fn)(void *ctx, int64_t done, int64_t total);

/* ---- The commit road: one reader, one batch after another ---- */

/* One message as it was found; strings are borrowed during the call. */
struct store_message {
	uint8_t key[MESSAGE_KEY_BYTES];
	const char *mailbox;
	const char *stream; /* the mailbox's own, "" for none */
	int64_t at_s;	    /* arrival */
};

/* The judge's and the trust room's word on one fact. */
struct store_verdict {
	struct judgement judgement;
	struct trust_result trust;
};

/* What is known of a message that was recorded before. */
struct store_known {
	enum report_kind kind; /* tells how to dispose of it */
	bool due;	       /* some copy of it was not disposed of yet */
	bool earlier; /* this copy arrived first: it is to be added as well */
};

/*
 * Has a message been recorded? Returns 1 with *known_r, 0, or -1. A known
 * message is disposed of without being judged, in whatever mailbox it lies. In
 * or outside a batch.
 */
int store_message_known(struct store *s, const struct store_message *m,
			struct store_known *known_r, struct error *err);

/*
 * Begins a batch. It takes the write lock: gather reports first, then begin,
 * add and commit without waiting for anything in between. rules_hash (64
 * hexadecimal digits, borrowed until the batch ends) goes with each judgement.
 */
int store_batch_begin(struct store *s, const char *rules_hash,
		      struct error *err);

/*
 * Records one report with its verdicts (report->fact_count of them, in the
 * facts' order). The address that is charged is the one the token names, else
 * the fact's. Of a message whose key is known by now the copy that arrived
 * first gives arrival, stream and proof; nothing else changes. Only in a batch.
 */
int store_message_add(struct store *s, const struct store_message *m,
		      const struct report *report,
		      const struct store_verdict *verdicts, struct error *err);

#define STORE_QUARANTINE_BYTES (256 * 1024)

/*
 * Records a message that nobody could read, with its first
 * STORE_QUARANTINE_BYTES bytes and why. Only in a batch.
 */
int store_unreadable_add(struct store *s, const struct store_message *m,
			 struct span bytes, const char *why, struct error *err);

/*
 * Folds every address that the batch touched and commits. After -1 nothing of
 * the batch was kept, and it has ended.
 */
int store_batch_commit(struct store *s, int64_t now_s, struct error *err);
void store_batch_abort(struct store *s);

/*
 * What the last batch recorded was disposed of. It is noted in the transaction
 * of the next one, or by store_disposal_note; a crash before that costs a
 * second look.
 */
void store_batch_disposed(struct store *s);
int store_disposal_note(struct store *s, struct error *err);

/* Notes that these messages were disposed of. In or outside a batch. */
int store_disposal_done(struct store *s, uint8_t (*keys)[MESSAGE_KEY_BYTES],
			size_t n, struct error *err);

/*
 * Notes that nothing of a mailbox is due any more: a whole scan has found
 * nothing else. What a crash kept from being noted ends here.
 */
int store_disposal_settled(struct store *s, const char *mailbox,
			   struct error *err);

/* Adds to a counter, in or outside a batch; labels: "" or `mailbox="x"`. */
int store_metric_add(struct store *s, const char *name, const char *labels,
		     int64_t delta, struct error *err);
typedef int (*store_metric_fn)(void *ctx, const char *name, const char *labels,
			       int64_t value);
int store_metrics(struct store *s, store_metric_fn each, void *ctx,
		  struct error *err);

/* A trust_ledger_fn; ctx is the store. */
int store_ledger_find(void *ctx, const char *message_id,
		      const char *folded_address);
int store_ledger_add(struct store *s, const char *message_id,
		     const char *address, int64_t at_s, struct error *err);

/* Adds to the number sent on a day (midnight UTC) to a domain. */
int store_sent_add(struct store *s, const char *campaign, const char *stream,
		   int64_t day_s, const char *domain, int64_t count,
		   struct error *err);

/* How many were sent to one domain; "" for no domain in particular. */
struct store_sent {
	const char *domain;
	int64_t count;
};
/*
 * Records n numbers of one campaign, stream and day, all or none of them: adds
 * to what is there, or, with set, takes its place, so that the same call twice
 * is as good as once. What is no domain is a MESSAGE error.
 */
int store_sent_record(struct store *s, const char *campaign, const char *stream,
		      int64_t day_s, const struct store_sent *rows, size_t n,
		      bool set, struct error *err);

/* ---- Mailboxes, as status shows them ---- */

struct store_mailbox {
	const char *name;
	int64_t heartbeat_s;	/* its reader's last sign of life, or 0 */
	int64_t polled_s;	/* last complete scan, or 0 */
	int64_t message_s;	/* last message that was recorded, or 0 */
	int64_t backlog;	/* due messages left at the last scan */
	int64_t disposal_due;	/* recorded, not yet disposed of */
	int64_t messages;	/* recorded so far */
	const char *last_error; /* "" for none */
	int64_t last_error_s;
};
int store_mailbox_heartbeat(struct store *s, const char *name, int64_t now_s,
			    struct error *err);
int store_mailbox_polled(struct store *s, const char *name, int64_t backlog,
			 int64_t now_s, struct error *err);
int store_mailbox_failed(struct store *s, const char *name, const char *text,
			 int64_t now_s, struct error *err);
/* Strings are borrowed during the call of each; it returns 0, or -1 to end. */
typedef int (*store_mailbox_fn)(void *ctx, const struct store_mailbox *m);
int store_mailboxes(struct store *s, store_mailbox_fn each, void *ctx,
		    struct error *err);
/* A driver's notes; strings are borrowed for the call. NULL forgets a key. */
typedef void (*store_note_fn)(void *ctx, const char *key, const char *value);
int store_mailbox_notes(struct store *s, const char *mailbox,
			store_note_fn each, void *ctx, struct error *err);
int store_mailbox_note(struct store *s, const char *mailbox,
		       const char *const *keys, const char *const *values,
		       size_t n, struct error *err);

/* ---- Questions ---- */

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
	bool allowed;	    /* by an allow entry for it or for its domain */
	const char *folded; /* as it was compared */
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
	int64_t due_at_s, attempt, attempts_left, give_up_at_s;
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
	const char *why; /* store_pending: what is unusual about it */
};
typedef int (*store_event_fn)(void *ctx, const struct store_event *e);
int store_history(struct store *s, struct span address, store_event_fn each,
		  void *ctx, struct error *err);

/* Which verdicts; NULL, "" or 0 where it does not matter. */
struct store_bounce_filter {
	const char *campaign, *reason, *class_, *rule, *mailbox, *domain;
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
	const char *by; /* campaign, stream, day, domain, provider, reason */
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

struct store_status {
	int64_t messages, unreadable, quarantined, bounces, suppressed, held;
	int64_t acted;		/* verdicts of 30 days that acted ... */
	int64_t acted_unproved; /* ... and were not proved */
	int64_t version;	/* of the database */
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

/* ---- Decisions of people ---- */

enum store_action {
	STORE_SUPPRESS,
	STORE_RELEASE,
	STORE_ALLOW,
	STORE_DISALLOW,
};
struct store_decision {
	enum store_action action;
	struct span address; /* or "@example.com" for a whole domain */
	const char *stream;  /* "" for all */
	const char *who;
	const char *note; /* why; kept in the audit trail */
	int64_t at_s;	  /* when it was decided; commonly now */
	int64_t until_s;  /* STORE_SUPPRESS: its end, or 0 */
	bool force;	  /* beats a complaint */
	bool imported;	  /* STORE_SUPPRESS: source is import */
};
/*
 * Records n decisions and folds what they touch, in one transaction. An
 * address that is none is a MESSAGE error and nothing is kept. changed_r (may
 * be NULL) counts the entries that are different now.
 */
int store_decide(struct store *s, const struct store_decision *decisions,
		 size_t n, int64_t now_s, size_t *changed_r, struct error *err);

/* Lets what is held act (apply) or drops it; id as store_pending gives it. */
int store_hold_decide(struct store *s, int64_t bounce_id, bool apply,
		      const char *who, const char *note, int64_t now_s,
		      struct error *err);

/* The same for several, all of them or none. */
int store_holds_decide(struct store *s, const int64_t *bounce_ids, size_t n,
		       bool apply, const char *who, const char *note,
		       int64_t now_s, struct error *err);

/* ---- Housekeeping: small steps, 1 while more is left, 0 when done ---- */

/*
 * Folds up to max addresses again whose state changes with time: expiries,
 * holds that ran out, domains.
 */
int store_expire(struct store *s, size_t max, int64_t now_s, struct error *err);

/*
 * Deletes facts that arrived before before_s and support nothing in force, of
 * up to max addresses, and leaves a carry row for each.
 */
int store_retain(struct store *s, int64_t before_s, size_t max, int64_t now_s,
		 struct error *err);

/*
 * Forgets the bytes of up to max unreadable messages that arrived before
 * before_s; that they were unreadable, and why, stays.
 */
int store_quarantine_retain(struct store *s, int64_t before_s, size_t max,
			    struct error *err);

/*
 * To be called once after store_open by the supervisor: where the numbers of
 * the policy differ from those of the last run, everything is marked for
 * store_expire. Returns 1 when they differ.
 */
int store_policy_changed(struct store *s, int64_t now_s, struct error *err);

/* Moves the write-ahead log into the database as far as readers let it. */
int store_checkpoint(struct store *s, struct error *err);

#endif
