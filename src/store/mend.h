#ifndef STORE_MEND_H
#define STORE_MEND_H

#include "store/store.h"

/*
 * What is done to a database as a whole: taking verdicts back, judging them
 * again, copying it, looking for what is wrong. The rules of store.h hold.
 */

/* One address whose answer a large change changes, in words. */
struct store_change {
	const char *address;
	const char *before, *after; /* "mailable", "user_unknown", ... */
};
/* Who looks on while it happens; each function may be NULL. */
struct store_watch {
	/* 0, or -1 to give up: nothing is changed then. */
	int (*change)(void *ctx, const struct store_change *change);
	store_progress_fn progress;
	void *ctx;
};
/* What a large change came to. */
struct store_rework {
	int64_t verdicts, addresses; /* that were changed */
	int64_t changed;	     /* addresses that read differently now */
	int64_t released;	     /* may be mailed again */
	int64_t suppressed;	     /* may not any more */
};

/*
 * Which verdicts are taken back; "", NULL or 0 where it does not matter. Facts
 * are never deleted: what is taken back is shown, and counts for nothing.
 */
struct store_undo {
	const char *mailbox, *rule;
	const char *message;  /* Message-ID of the report or of our mail */
	const char *reporter; /* the MTA that wrote the report */
	const char *campaign, *domain;
	const char *evidence;	  /* by its name */
	int64_t since_s, until_s; /* arrival: from since on, before until */
	bool redo;		  /* takes such an undo back */
	bool dry_run;
	const char *who, *note; /* kept in the audit trail */
};
/*
 * Takes verdicts back, all in one transaction: afterwards every state and
 * every count is that of a database that never had them. watch may be NULL.
 */
int store_undo(struct store *s, const struct store_undo *what,
	       const struct store_watch *watch, int64_t now_s,
	       struct store_rework *result_r, struct error *err);

/* ---- Forgetting people ---- */

struct store_forget {
	const char *const
		*addresses; /* folded, each once; of people, not "@" */
	size_t n;
	bool all; /* what suppresses them, too */
	bool dry_run;
};
/* What went of one address; strings are borrowed during the call. */
struct store_forgotten {
	const char *address;
	bool known;		    /* there was anything */
	int64_t reports, decisions; /* verdicts about it; what people decided */
	int64_t sent;		    /* entries of the ledger */
	int64_t unreadable;	    /* messages in quarantine that name it */
	int64_t written;	    /* messages that it wrote */
	const char *suppressed;	    /* why it was until now, or "" */
	bool stays;		    /* and that is kept */
};
typedef void (*store_forgotten_fn)(void *ctx, const struct store_forgotten *f);
/*
 * Erases what is known of addresses: afterwards every state and every count is
 * that of a database that never heard of them, but for one thing, unless all
 * is set: what suppresses one now stays, as reason and time without a word of
 * text. An address takes a few short transactions; what may be left of it
 * after an error, the same call erases. The pages it stood on are overwritten.
 * each is told of every address, progress (may be NULL) how far it is.
 */
int store_forget(struct store *s, const struct store_forget *what,
		 store_forgotten_fn each, store_progress_fn progress, void *ctx,
		 int64_t now_s, struct error *err);

/* A verdict that is another under today's rules. */
struct store_rejudged {
	int64_t bounce_id;
	const char *address;
	const char *old_reason, *old_rule, *reason, *rule;
};
/* Who is told (each may be NULL; not 0 gives up), and whether to do it. */
struct store_reclassify {
	bool apply;
	int (*each)(void *ctx, const struct store_rejudged *r);
	store_progress_fn progress;
	void *ctx;
};
/*
 * Judges every stored fact again. Where the answer differs it is told and,
 * with apply, appended and folded, in small transactions: one that is broken
 * off has done some of it, and the next one does the rest. Without apply a
 * store that only reads will do, and result_r only counts verdicts.
 */
int store_reclassify(struct store *s, const struct rules *rules,
		     const struct store_reclassify *how, int64_t now_s,
		     struct store_rework *result_r, struct error *err);

/* ---- Copies ---- */

/*
 * Writes a copy of this moment's content to path while others read and write;
 * a regular file that is there is replaced at the end, in one step. The copy
 * is readable by whom the database is, but for others; it was looked at and is
 * sound.
 */
int store_backup(struct store *s, const char *path,
		 const struct store_watch *watch, struct error *err);

/*
 * Puts a copy in the place of the database at path, which nobody may have open;
 * what is there gets the name aside with its log. Nothing has that name, or it
 * is the database too, where a restore was killed. A copy that is damaged or
 * newer than this program is refused.
 */
int store_restore(const char *path, const char *backup, const char *aside,
		  const struct store_watch *watch, struct error *err);

/* ---- Verifying ---- */

/* Something that is not as it should be. */
struct store_difference {
	const char *what;    /* "state", "campaign", "schema", ... */
	const char *subject; /* the address, the row */
	const char *stored, *computed;
};
/* Who is told; each function may be NULL. */
struct store_inspector {
	int (*difference)(void *ctx, const struct store_difference *d);
	store_progress_fn progress;
	void *ctx;
};
/*
 * Works everything out again in one snapshot and compares it with what is
 * kept: the file, references, schema, single rows, the state of every address,
 * shared counts and flags. *found_r counts the differences; to may be NULL.
 */
int store_verify(struct store *s, int64_t now_s,
		 const struct store_inspector *to, size_t *found_r,
		 struct error *err);

#endif
