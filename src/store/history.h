#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include "policy/policy.h"
#include "util/arena.h"
#include "util/error.h"

struct store;
struct pending_fact;
struct query;

/* What of a fact is not the fold's business but ours. */
struct history_fact {
	uint8_t message_key[MESSAGE_KEY_BYTES];
	int64_t message_n; /* which fact of its message it is */
	uint8_t copy_key[MESSAGE_KEY_BYTES];
	bool has_copy_key;
	bool copy; /* another fact says the same and is the better one */
	const char *provider, *reporter, *campaign;
	const char *held_by; /* the guard that holds it, or "" */
	int64_t held_until_s;
	struct pending_fact *pending; /* not in the database yet, or NULL */
	/* as they are in the database */
	bool old_copy;
	const char *old_applied, *old_held_by;
	int64_t old_held_until_s;
};

/*
 * So many facts of an address are folded, the newest by content, and as many
 * without proof: whoever sends a hundred thousand reports about one address
 * must not make us read them all again and again, nor forget what was proved.
 */
#define HISTORY_MAX_FACTS 1000

/*
 * Everything that happened to one address, oldest facts first. events[i] for i
 * < fact_count belongs to facts[i]; decisions (ids below zero) and carry rows
 * follow.
 */
struct history {
	int64_t address;
	const char *folded;
	const char *domain;
	bool is_domain; /* folded is "@domain" */
	struct policy_event *events;
	size_t event_count;
	struct history_fact *facts;
	size_t fact_count;
	/* The guards count one hard verdict of it that retention took: when
	   that arrived, else 0. */
	int64_t hard_before_s;
};

/* Taken from arena. Copies are marked; holds and breaker are not looked at. */
int history_load(struct store *s, int64_t address, struct arena *arena,
		 struct history *h_r, struct error *err);

/*
 * The same of an address whose folded form is known. is_new: it has no facts
 * and no decisions of its own.
 */
int history_load_named(struct store *s, int64_t address, const char *folded,
		       bool is_new, struct arena *arena, struct history *h_r,
		       struct error *err);

/*
 * The events that a fold sees: copies are not among them. The array is from
 * arena, strings are borrowed.
 */
struct policy_event *history_events(const struct history *h,
				    struct arena *arena, size_t *count_r);

/* What history_load will give once these facts of the address are written. */
void history_add(struct history *h, struct pending_fact *list,
		 struct arena *arena);

/* One row of history_proved, history_decisions, history_carry. */
void history_fact_row(struct query *q, struct arena *a, struct policy_event *e,
		      struct history_fact *f);
void history_decision_row(struct query *q, struct arena *a,
			  struct policy_event *e);
void history_carry_row(struct query *q, struct arena *a,
		       struct policy_event *e);

/* What carries hard_before_s; it is no event of a history. */
struct policy_event history_hard_mark(int64_t at_s);
bool history_is_hard_mark(const struct policy_event *carry);

/* Gives a verdict the key that breaks ties: its message's, and which it is. */
void history_event_key(struct policy_event *e, const struct history_fact *f);

/* Fills hold and shared from the guards', the breaker's and people's word. */
int history_surroundings(struct store *s, struct history *h, struct error *err);

/*
 * Which guard holds the hard verdicts of this kind in an hour: its scope, or
 * "".
 */
int history_guard(struct store *s, const char *domain, const char *provider,
		  enum reason reason, const char *reporter, int64_t hour,
		  const char **scope_r, struct error *err);

/* The guard key of a reason at a reporting MTA; taken from arena. */
const char *history_reason_key(struct arena *arena, enum reason reason,
			       const char *reporter);

#endif
