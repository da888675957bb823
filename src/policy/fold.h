#ifndef POLICY_FOLD_H
#define POLICY_FOLD_H

#include "policy/policy.h"

/*
 * The inside of policy_fold, shared by its files only: what is known of each
 * stream while the events of one address go by in the order of their time.
 */

#define NO_END INT64_MAX /* of an end, where POLICY_NO_END would sort first */
#define DAY_S ((int64_t)86400)

/* Suppressions a stream may have at once. The first are policy_source. */
enum slot {
	SLOT_HARD = SOURCE_HARD,
	SLOT_PROMOTED = SOURCE_PROMOTED,
	SLOT_COMPLAINT = SOURCE_COMPLAINT,
	SLOT_OPERATOR = SOURCE_OPERATOR,
	SLOT_IMPORT = SOURCE_IMPORT,
	SLOT_IMPORT_COMPLAINT, /* only force ends it, unlike other imports */
	SLOT_COUNT,
};

/* One suppression: in force, ended, or never begun (hits 0). */
struct sup {
	bool on;
	bool proven; /* a proof or a second send: the full length counts */
	enum reason reason;
	enum verdict_class class_;
	enum evidence evidence;
	unsigned hits;	   /* distinct sends */
	unsigned epoch;	   /* grows when what was claimed counts no more */
	int64_t cleared_s; /* when it last grew */
	int64_t since_s, until_s;
	int64_t event_id;
	int64_t full_s, short_s; /* ends, with and without proof */
	int64_t unknown_s;	 /* domain_unknown first seen */
};

/* One verdict that wants to suppress. */
struct claim {
	int64_t at_s, id;
	enum reason reason;
	enum verdict_class class_;
	enum evidence evidence;
	bool full;	  /* proved: needs no second send */
	bool fresh;	  /* a send that this suppression has not seen */
	int64_t length_s; /* in full, or NO_END */
};

/* What has been seen of one send in one stream. */
struct send {
	unsigned soft_epoch;	 /* the run's, when it was counted; 0 */
	unsigned sup_epoch[3];	 /* the suppression's: own, all, complaint */
	uint64_t sup_reasons[3]; /* bits of what was claimed by it */
	unsigned tries;		 /* soft failures reported */
	int64_t first_s, last_s; /* of these */
};
enum { SEEN_OWN, SEEN_ALL, SEEN_COMPLAINT };

struct run {
	const struct policy_event *
		*units; /* [head, tail), room for all of the stream's */
	size_t head, tail;
	unsigned epoch; /* grows when what was counted counts no more */
	int64_t epoch_s;
	unsigned step; /* promotions so far */
	bool probation;
	enum reason probation_reason;
	int64_t probation_s;
	/* The latest soft failure, for the retry advice; NULL where none. */
	const struct policy_event *last;
	const struct send *last_send;
};

struct stream {
	const char *name;
	size_t events;
	struct sup sups[SLOT_COUNT];
	struct run run;
	int64_t released_s; /* mail sent before it counts no more */
	int64_t forced_s;   /* the same for complaints */
	bool allowed, allow_force;
};

/* An event with its place in the order and its names as numbers. */
struct item {
	const struct policy_event *event;
	size_t index; /* as given */
	size_t stream, send;
	enum verdict_effect effect; /* with the operator's settings */
};

struct fold {
	const struct policy_settings *s;
	int64_t now_s;
	struct arena *arena;
	struct item *items;
	size_t count;
	struct stream *streams; /* by name; the first is "" */
	size_t stream_count;
	struct send *sends;
	int64_t *deliveries; /* times of the proved ones, ascending */
	size_t delivery_count;
	enum policy_applied *applied;
	int64_t next_s; /* or NO_END */
};

/* order.c: names become numbers, items are sorted by time. */
void fold_order(struct fold *f, const struct policy_event *events, size_t n);
/* What the event asks for, under the operator's settings. */
enum verdict_effect fold_effect(const struct policy_settings *s,
				const struct policy_event *e);

/* hold.c: whether and how far a verdict may act. */
enum act { ACT_NO, ACT_HELD, ACT_BOUNDED, ACT_FULL };
void hold_prepare(struct fold *f);
enum act hold_act(struct fold *f, const struct item *item);

/* sup.c: the life of one suppression. */
int64_t sup_end(int64_t at_s, int64_t length_s);
int64_t sup_length(const struct policy_settings *s, enum reason r,
		   unsigned step);
void sup_clear(struct sup *p, int64_t t_s);
/* Ends it where its time is over at t_s; true when it ended now. */
bool sup_settle(struct sup *p, int64_t t_s);
/* Takes one claim in; true when it changed or supported something. */
bool sup_claim(const struct policy_settings *s, struct sup *p,
	       const struct claim *c);

/* run.c: soft failures of one stream. */
void run_settle(const struct policy_settings *s, struct stream *st,
		int64_t t_s);
/* Counts one failure; false where it counts for nothing. */
bool run_count(struct fold *f, const struct item *item);
void run_restart(struct run *r, int64_t t_s);
void run_released(struct stream *st, int64_t t_s);
void run_delivered(struct stream *st, int64_t t_s);
/* Fills the row of a stream; false when there is nothing to say. */
bool run_describe(struct fold *f, struct stream *st, struct policy_soft *out);

/* retry.c: when the latest soft failure may be tried again. */
void run_failed(struct fold *f, const struct item *item);
void retry_advise(struct fold *f, const struct run *r, struct policy_soft *out);

/* decide.c: operators' decisions and carries. */
void decide_event(struct fold *f, const struct item *item);

/* fold.c: everything before the answer is written. */
void fold_run(struct fold *f, const struct policy_settings *s,
	      const struct policy_event *events, size_t n, int64_t now_s,
	      struct arena *arena);
/* Notes a time at which the state changes by itself. */
void fold_next(struct fold *f, int64_t t_s);
/* state.c */
void fold_write(struct fold *f, struct policy_state *state_r);

#endif
