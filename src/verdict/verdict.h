#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/report.h"
#include "util/buf.h"
#include "util/error.h"

/* Whose fault it was. */
enum verdict_class {
	VERDICT_NONE,  /* not a failure */
	VERDICT_HARD,  /* this address is dead */
	VERDICT_SOFT,  /* this address cannot take mail now */
	VERDICT_BLOCK, /* our reputation, set-up or content: never theirs */
	VERDICT_COMPLAINT,
};
#define VERDICT_CLASS_COUNT 5

enum verdict_effect {
	EFFECT_NONE,
	EFFECT_COUNT,
	EFFECT_SUPPRESS,
	EFFECT_RESET,
};
#define VERDICT_EFFECT_COUNT 4

/* One row a reason in reasons.def: REASON(id, "name", class, effect, ...). */
enum reason {
#define REASON(id, ...) REASON_##id,
#include "verdict/reasons.def"
#undef REASON
	REASON_COUNT,
};

#define EXPIRY_NEVER (-1) /* suppress until a person says otherwise */
#define EXPIRY_STEPS (-2) /* as policy.soft.expiry says, once promoted */

struct reason_info {
	const char *name;
	enum verdict_class class_;
	enum verdict_effect effect;
	int64_t expiry_s; /* seconds, EXPIRY_NEVER or EXPIRY_STEPS */
	const char *meaning;
	const char *advice; /* one line to the sender: how to fix it */
};
const struct reason_info *reason_info(enum reason r); /* borrowed, static */
int reason_find(struct span name);		      /* or -1 */
const char *verdict_class_name(enum verdict_class c);
const char *verdict_effect_name(enum verdict_effect e);
int verdict_class_find(struct span name);
int verdict_effect_find(struct span name);

#define RULE_NAME_BYTES 64
#define JUDGEMENT_WORDS_BYTES 256

/* The judge's answer for one fact. */
struct judgement {
	enum reason reason;
	enum verdict_class class_;  /* the reason's, see judge() */
	enum verdict_effect effect; /* the reason's default */
	char rule[RULE_NAME_BYTES];
	char words[JUDGEMENT_WORDS_BYTES]; /* what decided: text or code */
};

struct rules;

/*
 * Loads the rules: those of rules_dir/ *.conf (NULL or a missing folder:
 * none), in order of file name, before the compiled-in ones. Returns NULL with
 * file, line and rule in err. Caller frees with rules_free.
 */
struct rules *rules_load(const char *rules_dir, struct error *err);
void rules_free(struct rules *rules);
/* The same, but the operator's rules are those of these files alone. */
struct rules *rules_load_files(const char *const *files, size_t n,
			       struct error *err);
/* Each rule's examples match it, and no rule is unreachable by them. */
int rules_check(const struct rules *rules, struct error *err);
/* Hexadecimal SHA-256 over all rules in force: the rule-set hash. */
const char *rules_hash(const struct rules *rules);
size_t rules_count(const struct rules *rules);

/* A rule as people see it; strings are borrowed from the rules. */
struct rule_info {
	const char *name, *file;
	unsigned line;
	enum reason reason;
	bool is_operator;
	const char *evidence; /* what it looks at: "words", "code", ... */
};
/* i < rules_count, in the order in which they are asked within a kind. */
void rules_info(const struct rules *rules, size_t i, struct rule_info *out_r);
/* The index of the rule of that name; rules_count where there is none. */
size_t rules_find(const struct rules *rules, struct span name);
typedef void (*rule_says_fn)(void *ctx, const char *key, struct span value);
/*
 * Calls each for every condition, example and source, in the words of the rule
 * files; a key with several values comes several times. value is borrowed, and
 * its bytes are whatever the file has.
 */
void rules_describe(const struct rules *rules, size_t i, rule_says_fn each,
		    void *ctx);
/* rules_check of one rule. */
int rules_check_one(const struct rules *rules, size_t i, struct error *err);

/*
 * Facts to judgement. Pure: no I/O, no clock, no failure, and the same fact
 * always gives the same answer under the same rules. A success or a delay
 * never becomes a failure, whatever the rules say.
 */
void judge(const struct rules *rules, const struct fact *fact,
	   struct judgement *out_r);

/* A rule that holds for a fact, and what it found there. */
struct candidate {
	const char *rule, *file; /* borrowed from the rules */
	unsigned line;
	enum reason reason; /* as the rule says */
	char words[JUDGEMENT_WORDS_BYTES];
};
#define JUDGE_MAX_CANDIDATES 8
/*
 * The rules that hold for a failure, for people to see: the first decided, and
 * each would decide were those before it not there. Of the rules with words
 * only the first of each kind of evidence is among them. Returns how many, at
 * most max; 0 where no rule was asked or none holds.
 */
size_t judge_candidates(const struct rules *rules, const struct fact *fact,
			struct candidate *list, size_t max);

#endif
