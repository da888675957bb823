#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"
#include "report/report.h"
#include "store/ask.h"
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
	STORE_ALONE, /* store_probe of a log without its index: no locks */
};

/*
 * Creates the database at path or brings it up to this program's version, in
 * one transaction, and records each step. Only the supervisor calls it, before
 * any reader starts. Refuses a database that is newer or not ours.
 */
int store_migrate(const char *path, int64_t now_s, struct error *err);
/*
 * Would it refuse what is there? -1 with FATAL, else how many steps it would
 * take with what is in it: 0 where nothing is. Makes and changes nothing.
 */
int store_probe(const char *path, struct error *err);

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
 * or outside a batch. Outside, several calls in a row look at the same moment,
 * until anything else is asked of the store.
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
 * What the batches so far recorded was disposed of. It is noted in the
 * transaction of the next one, or by store_disposal_note; a crash before that
 * costs a second look.
 */
void store_batches_disposed(struct store *s);
/* Not all of the last one is going to be; store_disposal_done notes the rest.
 */
void store_batch_stays(struct store *s);
/* Of those that were not disposed of by now nothing more will be heard. */
void store_batches_stay(struct store *s);
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

/* One message and one of its recipients, folded. */
struct store_sent_message {
	const char *message_id;
	const char *address;
};
/*
 * Makes a row of what was typed, its text in texts; id stands without angle
 * brackets. 0, or -1 with a MESSAGE error where address is none or id cannot
 * be one: a blank, a control character or a NUL in it.
 */
int store_ledger_row(struct span id, struct span address, struct arena *texts,
		     struct store_sent_message *row_r, struct error *err);
/*
 * Enters n of them as sent at at_s into the ledger, in one transaction; what
 * stands there stays as it is.
 */
int store_ledger_record(struct store *s, const struct store_sent_message *rows,
			size_t n, int64_t at_s, struct error *err);

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
 * The form in which addresses, and domains with their '@', are compared: two
 * that give the same are one. Borrowed from the arena; a MESSAGE error where
 * raw is neither.
 */
int store_address_fold(struct span raw, struct arena *arena,
		       const char **folded_r, struct error *err);

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
 * To be called before store_expire and store_retain. What ended by a clock that
 * was ahead would stay ended: where it says an hour less than it did (BACK),
 * everything is marked for store_expire. LEAPT: it says a day more than when it
 * was last looked at. Else 0, or -1.
 */
enum { STORE_CLOCK_BACK = 1, STORE_CLOCK_LEAPT };
int store_clock(struct store *s, int64_t now_s, struct error *err);
/*
 * The time by which to delete: now_s, but for a day after a leap the time
 * before it, for what a wrong clock deletes is gone.
 */
int store_clock_settled(struct store *s, int64_t now_s, int64_t *settled_s_r,
			struct error *err);

/* How many addresses it has before it, roughly; looks at all of them. */
int store_expire_left(struct store *s, int64_t now_s, int64_t *n_r,
		      struct error *err);

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
 * store_expire. Our own domains are allowed, and those that were ours are not
 * any more, unless a person has a word on them. All of it or, after an error,
 * nothing. Returns 1 when the numbers differ.
 */
int store_policy_changed(struct store *s, int64_t now_s, struct error *err);

/* ---- Telling changes.command ---- */

/* Appends the mark that it was told up to, nothing where it heard of none. */
int store_told(struct store *s, struct buf *mark, struct error *err);
/* It was: "" to begin anew. It fails no more. */
int store_told_put(struct store *s, const char *mark, struct error *err);
int store_told_failed(struct store *s, const char *why, int64_t now_s,
		      struct error *err);

/* Moves the write-ahead log into the database as far as readers let it. */
int store_checkpoint(struct store *s, struct error *err);
/* What readers kept the last one from moving, in bytes. */
int64_t store_log_left(const struct store *s);

#endif
