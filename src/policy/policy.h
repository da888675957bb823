#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/trust.h"
#include "util/arena.h"
#include "util/hash.h"
#include "verdict/verdict.h"

/*
 * What to do about an address. policy_fold turns the whole history of one
 * address into its state; counters and suppressions in the database are its
 * cached result and are never incremented. Everything here is pure: the same
 * events in any order give the same state.
 */

#define POLICY_MAX_STEPS 8
#define POLICY_NO_END 0 /* until_s of what never ends */

enum policy_mode { POLICY_ENFORCE, POLICY_OBSERVE };

/* Every number of the policy; policy_settings_init sets the defaults. */
struct policy_settings {
	enum policy_mode mode;
	struct {
		unsigned threshold;		    /* 3 distinct sends */
		int64_t window_s;		    /* 90 d */
		int64_t min_span_s;		    /* 72 h */
		int64_t expiry_s[POLICY_MAX_STEPS]; /* 30 d, 90 d, 180 d */
		unsigned expiry_count;
	} soft;
	/* Per reason: effect and expiry where the operator changed them. */
	enum verdict_effect effect[REASON_COUNT];
	int64_t expiry_s[REASON_COUNT];
	enum verdict_effect forwarded_hard; /* EFFECT_COUNT */
	int64_t unproved_hard_s;	    /* 30 d */
	struct {
		unsigned addresses; /* 5 of one domain ... */
		int64_t hours;	    /* ... within these hours: 24 */
	} breaker;
	struct {
		unsigned min_count; /* never held below this many: 20 */
		unsigned factor;    /* times its usual peak: 5 */
		unsigned share_pct; /* share of all hard verdicts: 80 */
		int64_t history_s;  /* 30 d */
		int64_t hold_s;	    /* 24 h */
	} guard;
	struct {
		unsigned addresses; /* 3 distinct, proved */
		int64_t min_span_s; /* 0 */
		int64_t expiry_s;   /* 90 d, then looked at again */
	} null_mx_domain;
	const char *const *freemail_domains; /* never suppressed whole */
	/* The retry advice: first wait by cause, doubled each time. */
	struct {
		int64_t greylisted_s;  /* 15 min */
		int64_t busy_s;	       /* replies 421 and 451: 1 h */
		int64_t other_s;       /* 4 h */
		int64_t full_s;	       /* mailbox_full: 24 h */
		unsigned attempts;     /* 5 */
		int64_t within_s;      /* of the first failure: 72 h */
		int64_t full_within_s; /* mailbox_full: 7 d */
	} retry;
	struct trust_settings trust;
};
void policy_settings_init(struct policy_settings *s);

enum policy_event_type {
	POLICY_VERDICT,	 /* one recipient of one message, judged */
	POLICY_SUPPRESS, /* operator or import: suppress */
	POLICY_RELEASE,	 /* operator: end what is in force */
	POLICY_ALLOW,	 /* operator: always mailable */
	POLICY_DISALLOW, /* operator: takes an allow entry back */
	POLICY_CARRY,	 /* what retention left of deleted history */
};

enum policy_source {
	SOURCE_HARD,
	SOURCE_PROMOTED,
	SOURCE_COMPLAINT,
	SOURCE_OPERATOR,
	SOURCE_IMPORT,
};
#define POLICY_SOURCE_COUNT 5
const char *policy_source_name(enum policy_source s);

/* A person's or a guard's word on one verdict. */
enum policy_hold {
	HOLD_NONE,
	HOLD_WAITING, /* not before hold_until_s, then it acts */
	HOLD_REVIEW,  /* waits for a person, for ever */
	HOLD_APPLIED, /* a person let it act */
	HOLD_DROPPED, /* a person, an undo or a delivery took it back */
};

/*
 * One event of an address's history. Strings are borrowed. The fold sorts the
 * events itself, by at_s, then type (CARRY first), then what they say: give
 * them in any order. What is in the history has happened, whatever now_s is:
 * a clock that runs ahead loses nothing.
 */
struct policy_event {
	enum policy_event_type type;
	int64_t id;	  /* the caller's; never decides anything */
	int64_t sequence; /* of decisions in one second: the later is higher */
	uint8_t key[MESSAGE_KEY_BYTES]; /* content key: breaks ties */
	int64_t at_s;	    /* arrival of the report, or the decision */
	int64_t sent_at_s;  /* when the mail was sent, clamped */
	const char *stream; /* "" for all */
	const char *send;   /* distinct send: campaign, Message-ID; "": the
			       day of sent_at_s */
	enum reason reason;
	enum verdict_class class_;
	enum verdict_effect effect; /* the judge's default */
	enum evidence evidence;
	unsigned recipients; /* failed recipients in its report */
	bool forwarded;	     /* a forward target failed, not the address */
	bool shared;	     /* domain breaker: the whole domain's trouble */
	int reply;	     /* basic code of the reply, or 0: retry advice */
	enum policy_hold hold;
	int64_t hold_until_s;
	bool force;	 /* RELEASE, ALLOW: beats a complaint too */
	int64_t until_s; /* SUPPRESS, CARRY: end, or POLICY_NO_END */
	bool imported;	 /* SUPPRESS: source is import */
	/* Of a CARRY only, see policy_carry. */
	unsigned step;		   /* promotions so far, where hits is 0 */
	enum policy_source source; /* of the suppression, where hits > 0 */
	unsigned hits;		   /* 0: the memory of a stream's run */
	bool bounded;
	bool probation; /* one more failure of reason suppresses again */
};

struct policy_suppression {
	const char *stream; /* "" for all */
	enum policy_source source;
	enum reason reason;
	enum verdict_class class_;
	enum evidence evidence; /* the best that supports it */
	unsigned hits;		/* failures that support it */
	int64_t since_s;
	int64_t until_s;  /* or POLICY_NO_END */
	int64_t event_id; /* the verdict or decision that began it */
	bool bounded;	  /* shortened for want of proof */
};

struct policy_soft {
	const char *stream;
	unsigned count; /* distinct sends in the run */
	int64_t first_at_s, last_at_s;
	uint64_t reasons;      /* bit set of enum reason */
	unsigned step;	       /* promotions so far */
	bool probation;	       /* one more failure suppresses again */
	int64_t promotes_at_s; /* earliest time one more may promote */
	/*
	 * Retry advice (due): the last failure, of the run or not, next try,
	 * tries so far, end; 0 where none.
	 */
	enum reason due_reason;
	int64_t tried_at_s, due_at_s;
	unsigned attempt;
	unsigned attempts_left;
	int64_t give_up_at_s;
};

/* Whether an event acted; the views' applied column. */
enum policy_applied { APPLIED_YES, APPLIED_HELD, APPLIED_NO };
const char *
policy_applied_name(enum policy_applied a); /* "yes", "held", "no" */

struct policy_state {
	bool allowed;
	struct policy_suppression *suppressions; /* in force at now */
	size_t suppression_count;
	struct policy_soft *softs; /* runs with a count, probation or advice */
	size_t soft_count;
	enum policy_applied *applied; /* one an event, in the order given */
	int64_t next_change_s; /* fold again then (an expiry, a hold); or 0 */
};

/*
 * Folds a history (at most the address's own events and those of its domain
 * entry) as seen at now_s. Memory of *state_r is taken from arena. Nothing
 * before or after this decides about an address.
 */
void policy_fold(const struct policy_settings *s,
		 const struct policy_event *events, size_t n, int64_t now_s,
		 struct arena *arena, struct policy_state *state_r);

/*
 * What retention keeps of the verdicts and carries that lie before cutoff_s:
 * folding these events with all operator decisions and everything from
 * cutoff_s on gives the state that the whole history gives. They are CARRY
 * events and, unchanged, those verdicts that still count towards something.
 * Operator decisions are never carried: they are not deleted. Taken from
 * arena; strings borrowed from the events.
 */
size_t policy_carry(const struct policy_settings *s,
		    const struct policy_event *events, size_t n,
		    int64_t cutoff_s, struct arena *arena,
		    struct policy_event **carry_r);

/*
 * May the address be mailed in a stream? Returns the suppression in force that
 * lasts longest (borrowed from state) or NULL. stream NULL asks about all
 * streams at once; "" about mail of no stream, which is stopped by what holds
 * for all streams.
 */
const struct policy_suppression *
policy_suppressed(const struct policy_state *state, const char *stream);

/*
 * Whether a failure for this reason can be the whole domain's: full mailboxes
 * and refusals by their owners are never shared, however many there are.
 */
bool policy_breaker_applies(enum reason reason);

/* One soft failure as the domain breaker sees it. */
struct policy_domain_event {
	int64_t at_s;
	uint64_t address_id; /* equal for equal addresses */
};
/*
 * Whether the soft failures of one domain at each of these times belong to the
 * domain: shared_r[i] is set when some breaker.hours whole hours in a row, with
 * events[i] in them, saw breaker.addresses distinct addresses fail. Any order.
 * Give only those that policy_breaker_applies to; a later event can make
 * earlier ones shared, so the addresses within breaker.hours are folded again.
 */
void policy_breaker(const struct policy_settings *s,
		    const struct policy_domain_event *events, size_t n,
		    bool *shared_r);

/* One hour as a guard's key (domain, provider, reason and MTA) sees it. */
struct policy_hour {
	int64_t hour;  /* at_s / 3600 */
	unsigned hard; /* addresses of the key with their first hard verdict */
	unsigned all;  /* the same of everybody together */
};
enum policy_guard {
	GUARD_FREE,
	GUARD_HELD,
	GUARD_LARGE, /* only because everything is: all decides */
};
/*
 * A guard's word on the hard verdicts of each hour. hours are ascending: every
 * hour in which anybody failed hard, from guard.history_s (whole days) before
 * the first hour whose word is wanted. common: the key is what dead addresses
 * mostly say, so that nothing is unusual before there is a history.
 */
void policy_guard(const struct policy_settings *s, bool common,
		  const struct policy_hour *hours, size_t n,
		  enum policy_guard *word_r);
/*
 * How far all is looked at: as long as this number stays the same, no word
 * changes for it.
 */
unsigned policy_guard_step(unsigned all);

/* A proved null_mx verdict of one domain. */
struct policy_null_mx {
	int64_t at_s;
	uint64_t address_id;
};
/* Whether the domain is suppressed at now_s; *since_r and *until_r if so. */
bool policy_domain_suppressed(const struct policy_settings *s,
			      struct span domain,
			      const struct policy_null_mx *events, size_t n,
			      int64_t now_s, int64_t *since_r,
			      int64_t *until_r);

/*
 * The clamped time the mail was sent: date_s where it lies within 14 days
 * before at_s, at_s itself where there is none.
 */
int64_t policy_sent_at(int64_t date_s, int64_t at_s);

/* The provider a domain belongs to ("google", "microsoft", ...) or "". */
const char *policy_provider(struct span domain, struct span remote);

#endif
