#ifndef STORE_STATE_H
#define STORE_STATE_H

#include "store/history.h"
#include "store/store.h"

/*
 * The state of one address as the database keeps it: made by folding its
 * history, or read back. All strings and arrays are from an arena.
 */
struct state_suppression {
	const char *stream, *class_, *reason, *source, *evidence;
	int64_t hits, since_s, until_s; /* until_s 0: no end */
	int64_t fact, decision;		/* what began it; 0 for none */
};

struct state {
	bool known; /* it was folded before, or has something to fold */
	bool allowed;
	int64_t next_change_s; /* 0: never */
	struct state_suppression *suppressions;
	size_t suppression_count;
	struct store_soft *softs;
	size_t soft_count;
};

/* Folds a loaded history; marks what each fact did. */
int address_state_fold(struct store *s, struct history *h, int64_t now_s,
		       struct arena *arena, struct state *state_r,
		       enum policy_applied **applied_r, struct error *err);

/* What was written last, whatever the time is. */
int address_state_read(struct store *s, int64_t address, struct arena *arena,
		       struct state *state_r, struct error *err);

/* The same of suppressions alone, added to those of state. */
int address_state_suppressions(struct store *s, int64_t address,
			       struct arena *arena, struct state *state,
			       struct error *err);

/* What is so at now_s: read, or folded where that is out of date. */
int address_state_at(struct store *s, int64_t address, int64_t now_s,
		     struct arena *arena, struct state *state_r,
		     struct error *err);

/*
 * Folds a history and writes the state and what the facts did; pending facts
 * are written whole. is_new: of this address nothing was ever written.
 */
int fold_history(struct store *s, struct history *h, bool is_new, int64_t now_s,
		 struct error *err);

/*
 * The same for what the database says of an address. Of one that was forgotten
 * since somebody read its number there is nothing to be written.
 */
int fold_address(struct store *s, int64_t address, int64_t now_s,
		 struct error *err);

#endif
