#ifndef VERDICT_RULE_H
#define VERDICT_RULE_H

#include <libconfig.h>

#include "util/arena.h"
#include "verdict/claim.h"
#include "verdict/fold.h"
#include "verdict/match.h"
#include "verdict/verdict.h"

/*
 * Rules inside this room: what one says, the order they are asked in, and how
 * they are read. Outside, struct rules is opaque.
 */

/*
 * The order in which evidence is asked. What a rule looks at tells its tier;
 * `weak` puts it behind the strong ones.
 */
enum tier {
	TIER_OPERATOR,	/* rules.d: any shape, in order of writing */
	TIER_TEXT,	/* words */
	TIER_CLAIM,	/* what its sentences claim of the recipient */
	TIER_PAIR,	/* basic and enhanced code together */
	TIER_CODE,	/* enhanced code */
	TIER_WEAK_TEXT, /* words that give way to a code that says more */
	TIER_WEAK_CODE, /* codes that say little: X.0.0, 5.7.1 */
	TIER_EXIT,	/* exit status of a program */
	TIER_REPLY,	/* basic code, with its stage */
	TIER_CLASS,	/* first digit only: 5xx, 5.*.* */
};
#define TIER_COUNT 10

struct code_range {
	uint8_t class_; /* 0: any */
	uint16_t subject_from, subject_to;
	uint16_t detail_from, detail_to;
};

struct reply_range {
	int from, to;
};

enum speaker {
	SPEAKER_ANY,
	SPEAKER_REMOTE,
	SPEAKER_LOCAL,
};

/* A list of texts, folded where they are phrases. */
struct texts {
	const char **list;
	size_t count;
	uint16_t *grams; /* of each phrase the rarest */
};

struct rule {
	const char *name;
	const char *file;
	unsigned line;
	enum tier tier;
	enum reason reason;
	/* Conditions: all that are given must hold, one of each list. */
	struct texts text;   /* phrases in the words */
	struct texts unless; /* phrases that must not be there */
	struct texts link;   /* phrases in host names and URLs */
	struct texts remote; /* domain of the speaking host */
	struct texts type;   /* diagnostic type: "x-unix" */
	struct code_range *codes;
	size_t code_count;
	struct reply_range *replies;
	size_t reply_count;
	int *exits;
	size_t exit_count;
	unsigned stages; /* bit set of enum smtp_stage; 0: any */
	enum speaker speaker;
	enum claim claim; /* CLAIM_NONE: any */
	bool weak;
	bool anywhere;	/* advice in the reply does not hide it */
	bool bare;	/* no words beside the codes and the phrase */
	bool malformed; /* the recipient's address is no valid address */
	bool is_operator;
	size_t order; /* index in rules.list: the lower is asked first */
	uint64_t code_slots, reply_slots; /* a bit each: rule_set_slots */
	struct texts example;
	/* The public page or standard that documents the reply; may be none. */
	struct texts source;
};

/*
 * Codes are sorted into slots, so that of a tier only the rules are asked that
 * may hold for the code at hand.
 */
#define CODE_SLOTS 64

struct slot_rules {
	struct rule **list;
	size_t count;
};

struct rules {
	struct arena arena; /* owns every rule and string */
	struct rule **list; /* in the order they are asked within a tier */
	size_t count, cap;
	struct matcher *words; /* owner: index in list */
	struct matcher *links; /* of rules without words of their own */
	bool operator_asks_claim;
	struct slot_rules tier[TIER_COUNT][CODE_SLOTS]; /* those without words
							 */
	char hash[65];
};

/* The compiled-in files, generated from conf/rules; name NULL ends. */
struct rules_default {
	const char *name;
	const char *text;
};
extern const struct rules_default rules_default[];

/*
 * Reads one rule out of a libconfig group and appends it to rules. Returns
 * 0, or -1 with file, line and rule in err.
 */
int rule_read(struct rules *rules, const config_setting_t *group,
	      const char *file, bool is_operator, struct error *err);

/*
 * Takes its place in the order, unless an operator's rule has its name and so
 * replaces it. Two operator's rules of one name are an error.
 */
int rules_append(struct rules *rules, struct rule *rule, struct error *err);

/*
 * Patterns: "5.7.606-649", "*.2.2", "5.6.*" and "550", "5xx", "521-523".
 * 0, or -1 and *out_r untouched.
 */
int code_range_parse(struct span s, struct code_range *out_r);
int reply_range_parse(struct span s, struct reply_range *out_r);
bool code_range_has(const struct code_range *r, struct status s);
bool reply_range_is_class(const struct reply_range *r);

/*
 * What the conditions are compared with: one fact, the better of its enhanced
 * codes and one folded text. Rules see no more than this.
 */
struct evidence {
	const struct fact *fact;
	struct status code; /* the enhanced code; class_ 0: none */
	const struct fold *fold;
	const struct fold *around; /* all that was said, where that is more */
	struct span words;	   /* as much of fold's text as is looked at */
	bool is_outer;	  /* text around the reply, not the reply itself */
	enum claim claim; /* what the reply says of the recipient, */
	struct span claim_words; /* and by what; as soon as it is asked */
};

/*
 * Whether all conditions hold, except that one phrase of text (of link, where
 * there is no text) is there: that is what a matcher finds.
 */
bool rule_holds(const struct rule *rule, const struct evidence *e);
/*
 * Whether the evidence allows what the rule says: see proof.c. Always true
 * for rules of operators.
 */
bool rule_is_proved(const struct rule *rule, const struct evidence *e);
/* The slot of an enhanced code, and that of a basic one. */
static inline unsigned code_slot(struct status s)
{
	return (s.subject * 9U + s.detail) % CODE_SLOTS;
}
static inline unsigned reply_slot(int reply)
{
	return (unsigned)reply % CODE_SLOTS;
}
/* In which of the slots the rule may hold at all. */
void rule_set_slots(struct rule *rule);
/* The first digit that counts: of the reply, else of the code; or 0. */
int evidence_class(const struct evidence *e);

#endif
