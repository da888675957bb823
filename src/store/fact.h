#ifndef STORE_FACT_H
#define STORE_FACT_H

#include "store/charge.h"
#include "store/history.h"

/*
 * One recipient that a batch records. Its row is written when the batch
 * commits, once the fold has said what it did; until then it is in memory.
 */
struct pending_fact {
	struct pending_fact *next; /* of the same address, or NULL */
	int64_t id, message, n; /* its row, its message's, its number there */
	int64_t at_s;
	struct fact fact; /* strings taken from the batch */
	struct charge charge;
	struct judgement judgement;
	bool written;
	/* The same as policy and the shared counts see it. */
	struct policy_event event;
	struct history_fact history;
};

/* What a fact did, as its row says it. */
struct fact_outcome {
	bool copy;
	const char *applied; /* "yes", "held" or "no" */
	const char *held_by; /* a guard's scope or "evidence", else "" */
	int64_t held_until_s;
};

/* Records the i-th fact of a report, its judgement and its proof. */
int fact_add(struct store *s, int64_t message, const struct store_message *m,
	     const struct report *report, size_t i,
	     const struct store_verdict *verdict, struct error *err);

/* The same fact as it would be recorded; taken from the store's arena. */
struct pending_fact *fact_imagine(struct store *s,
				  const struct store_message *m,
				  const struct report *report, size_t i,
				  const struct store_verdict *verdict);

/* Writes the rows of a pending fact. */
int fact_write(struct store *s, struct pending_fact *p,
	       const struct fact_outcome *did, struct error *err);
/* The same for all of a list that are not written, as having done nothing. */
int fact_write_rest(struct store *s, struct pending_fact *list,
		    struct error *err);

/*
 * The same fact in a copy that arrived earlier: it is charged by what that one
 * proves. What was judged stays.
 */
int fact_charge_again(struct store *s, int64_t message,
		      const struct store_message *m,
		      const struct report *report, size_t i,
		      const struct trust_result *trust, struct error *err);

#endif
