#include "verdict/search.h"

#include <stdio.h>
#include <string.h>

#include "verdict/bare.h"
#include "verdict/claim_full.h"
#include "verdict/doubt.h"

/*
 * The order of evidence: the operator's rules, strong words in the innermost
 * reply, codes that say something, words around the reply, weak words, weak
 * codes, the basic reply and its stage, the class.
 */

/* The best rules with phrases that matched, one a kind. */
enum slot {
	SLOT_OPERATOR,
	SLOT_ANYWHERE,
	SLOT_STRONG,
	SLOT_WEAK,
};
#define SLOT_COUNT 4

/* What was found so far, best first; with room for one, the first ends it. */
struct offers {
	struct found *list;
	size_t max, n;
};

struct search {
	const struct rules *rules;
	struct evidence evidence;
	struct span text;
	struct found found[SLOT_COUNT];
	const struct fold *reply; /* the innermost */
	bool claim_is_read;
};

static bool is_name_char(char c)
{
	return text_is_alpha(c) || c == '_';
}

static void set_words(char out[JUDGEMENT_WORDS_BYTES], struct span s)
{
	s = text_cut_utf8(s, JUDGEMENT_WORDS_BYTES - 1);
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

static bool rule_applies(const struct rule *rule, const struct search *s)
{
	return rule_holds(rule, &s->evidence) &&
	       rule_is_proved(rule, &s->evidence);
}

static enum slot slot_of(const struct rule *rule)
{
	if (rule->is_operator)
		return SLOT_OPERATOR;
	if (rule->anywhere)
		return SLOT_ANYWHERE;
	return rule->weak ? SLOT_WEAK : SLOT_STRONG;
}

/* "~: user_unknown", "refused (mailbox_full)", not "table user_unknown". */
static bool stands_apart(struct span text, size_t at, size_t end)
{
	struct span before = span_trim(span_cut(text, at));
	struct span behind = span_trim(span_from(text, end));

	return (before.n == 0 ||
		strchr(":([-,;@", before.p[before.n - 1]) != NULL) &&
	       (behind.n == 0 || strchr(":)]-,;.@<", behind.p[0]) != NULL);
}

/* What the name of an error claims, its words with "_" between them. */
static void read_claim_of_name(struct evidence *e, struct span text)
{
	UNCLEARED char all[REPORT_MAX_DIAGNOSTIC];
	size_t at = span_find_char(text, '_'), end;
	struct span words;

	if (at == SPAN_NONE)
		return;
	for (end = at; end < text.n && is_name_char(text.p[end]); end++)
		continue;
	while (at > 0 && is_name_char(text.p[at - 1]))
		at--;
	if (!stands_apart(text, at, end))
		return;
	memcpy(all, text.p, text.n);
	for (size_t i = at; i < end; i++)
		if (all[i] == '_')
			all[i] = ' ';
	e->claim = claim_read(span_make(all, text.n), &words);
	e->claim_words = span_make(text.p + at, end - at);
}

/* A host that gives hope, with 4xx, claims no more than a full mailbox. */
static void read_claim(struct search *s)
{
	struct evidence *e = &s->evidence;
	struct span text = span_cut(span_cut(s->reply->text, s->reply->body),
				    s->reply->lead);

	if (s->claim_is_read)
		return;
	s->claim_is_read = true;
	e->claim = claim_read(text, &e->claim_words);
	if (e->claim == CLAIM_NONE)
		read_claim_of_name(e, text);
	if (evidence_class(e) == 4 && e->claim != CLAIM_IS_FULL)
		e->claim = CLAIM_NONE;
}

/* A full mailbox is there, whatever else is said of it. */
static bool is_full(struct search *s)
{
	read_claim(s);
	return s->evidence.claim == CLAIM_IS_FULL;
}

/* Unsure never suppresses: hard words of ours are not taken out of an "if". */
static bool is_doubted(struct search *s, const struct rule *rule,
		       struct span text, size_t at, size_t n)
{
	return !rule->is_operator &&
	       reason_info(rule->reason)->class_ == VERDICT_HARD &&
	       rule->reason != REASON_ESP_SUPPRESSED &&
	       (doubt_is_there(s->evidence.fold, text, at, n) || is_full(s));
}

static void take_hit(void *arg, uint32_t owner, size_t at, size_t n)
{
	struct search *s = arg;
	const struct rule *rule = s->rules->list[owner];
	struct found *f = &s->found[slot_of(rule)];
	struct span all, said;

	if (f->rule != NULL && f->rule->order <= rule->order)
		return;
	if (!rule_applies(rule, s))
		return;
	/* Advice behind it may tell of other causes. */
	all = said = s->text;
	if (s->text.p == s->evidence.fold->text.p) {
		all = s->evidence.fold->text;
		said = span_cut(all, s->evidence.fold->body);
	}
	if (rule->bare &&
	    !bare_says_nothing(span_cut(said, at), span_from(said, at + n)))
		return;
	if (is_doubted(s, rule, all, at, n))
		return;
	f->rule = rule;
	set_words(f->words, span_make(s->text.p + at, n));
}

#define NAME_BYTES 64

/* A hit in the name of an error counts where it is all of the name. */
static void take_name(void *arg, uint32_t owner, size_t at, size_t n)
{
	struct search *s = arg;

	if (at == 0 && n == s->text.n)
		take_hit(arg, owner, at, n);
}

/*
 * "550 USER_UNKNOWN - see ...": programs write names of errors so. Among other
 * words, or as a part of it, one may be of a rule or of a setting.
 */
static void search_name(struct search *s, struct span text)
{
	size_t at = span_find_char(text, '_'), end;
	char name[NAME_BYTES];
	struct span behind;

	if (at == SPAN_NONE)
		return;
	for (end = at; end < text.n && is_name_char(text.p[end]); end++)
		continue;
	while (at > 0 && is_name_char(text.p[at - 1]))
		at--;
	behind = span_from(text, end);
	behind = span_cut(behind, span_find(behind, SPAN(" see ~")));
	if (end - at > sizeof(name) ||
	    !bare_says_nothing(span_cut(text, at), behind))
		return;
	for (size_t i = 0; i < end - at; i++)
		name[i] = text.p[at + i] == '_' ? ' ' : text.p[at + i];
	s->text = span_make(name, end - at);
	matcher_scan(s->rules->words, s->text, take_name, s);
}

static void search_text(struct search *s, const struct fold *fold, size_t n,
			bool outer)
{
	s->evidence.fold = fold;
	s->evidence.is_outer = outer;
	s->text = span_cut(fold->text, n);
	s->evidence.words = s->text;
	matcher_scan(s->rules->words, s->text, take_hit, s);
	search_name(s, s->text);
	s->text = fold->links;
	matcher_scan(s->rules->links, s->text, take_hit, s);
}

/* "552 5.2.2", "5.2.2" or "552": the codes that the rule looked at. */
static void code_words(char out[JUDGEMENT_WORDS_BYTES], const struct rule *rule,
		       const struct evidence *e)
{
	char code[STATUS_TEXT_BYTES] = "", reply[16] = "";

	if (rule->claim != CLAIM_NONE) {
		set_words(out, e->claim_words);
		return;
	}
	if (rule->code_count > 0)
		status_format(e->code, code);
	if (rule->reply_count > 0 && e->fact->reply != 0)
		snprintf(reply, sizeof(reply), "%d", e->fact->reply);
	if (rule->exit_count > 0)
		snprintf(reply, sizeof(reply), "exit %d", e->fact->exit_code);
	snprintf(out, JUDGEMENT_WORDS_BYTES, "%s%s%s", reply,
		 reply[0] != '\0' && code[0] != '\0' ? " " : "", code);
}

/* The first rule of a tier of codes that applies to this evidence. */
static bool find_in_tier(struct search *s, enum tier tier, struct found *f)
{
	const struct slot_rules *slot =
		&s->rules->tier[tier][code_slot(s->evidence.code)];
	unsigned reply = reply_slot(s->evidence.fact->reply);
	size_t i;

	for (i = 0; i < slot->count; i++) {
		const struct rule *rule = slot->list[i];

		if ((rule->reply_slots >> reply & 1) == 0 ||
		    !rule_applies(rule, s))
			continue;
		f->rule = rule;
		code_words(f->words, rule, &s->evidence);
		return true;
	}
	return false;
}

/* True when nothing more is wanted. One rule is offered once. */
static bool offer(struct offers *o, const struct found *f)
{
	size_t i;

	for (i = 0; f->rule != NULL && i < o->n; i++)
		if (o->list[i].rule == f->rule)
			return false;
	if (f->rule != NULL)
		o->list[o->n++] = *f;
	return o->n == o->max;
}

static bool offer_tier(struct search *s, enum tier tier, struct offers *o)
{
	struct found f = {0};

	return find_in_tier(s, tier, &f) && offer(o, &f);
}

static bool is_made_of(const struct fact *f, int reply, int detail)
{
	return f->reply == reply && f->status.class_ == 5 &&
	       f->status.subject == 1 && f->status.detail == detail;
}

/*
 * sendmail makes 5.1.1 of every 550 to RCPT that has no code of its own, 5.1.3
 * of every 553 and 5.1.6 of every 551: where the reply says more than its
 * number, the code does not.
 */
static bool is_translated(const struct fact *f)
{
	const char *c = f->reply_text;

	if (f->reply_status.class_ != 0 || c[0] != '5' ||
	    (!is_made_of(f, 550, 1) && !is_made_of(f, 553, 3) &&
	     !is_made_of(f, 551, 6)))
		return false;
	while (*c != '\0' && !text_is_letter(*c))
		c++;
	return *c != '\0';
}

static bool offer_code(struct search *s, enum tier tier, struct offers *o)
{
	if (tier == TIER_CODE && is_translated(s->evidence.fact))
		return false;
	return s->evidence.code.class_ != 0 && offer_tier(s, tier, o);
}

/* A mark after which something else is said: "~: ...", "... - ~". */
static bool parts(struct span text, size_t at)
{
	return strchr(".:;!?|()[]", text.p[at]) != NULL ||
	       (text.p[at] == '-' && at > 0 && text.p[at - 1] == ' ');
}

/*
 * Said of a domain that is not theirs: "no such user at ~", "~: no address",
 * but not "~: user closed, see ~".
 */
static bool is_said_elsewhere(const struct fold *reply, struct span words)
{
	struct span text = span_cut(reply->text, reply->body), part;
	size_t from = (size_t)(words.p - text.p), to = from + words.n;

	if (!reply->names_elsewhere && !reply->appends_name &&
	    !reply->appends_network)
		return false;
	while (from > 0 && !parts(text, from - 1))
		from--;
	while (to < text.n && !parts(text, to))
		to++;
	part = span_make(text.p + from, to - from);
	part = span_cut(part, span_find(part, SPAN(" see ~")));
	return span_find_char(part, FOLD_LINK) != SPAN_NONE ||
	       span_find(part, SPAN("address")) != SPAN_NONE;
}

/*
 * A dead address is not claimed where it would prove nothing: names of others;
 * a code that says already that the recipient is unknown, whose rule knows more
 * doubts.
 */
static bool claim_counts(const struct search *s, const struct fold *reply)
{
	enum claim claim = s->evidence.claim;
	struct status code = s->evidence.code;
	struct span words = s->evidence.claim_words;

	if (claim == CLAIM_IS_FULL)
		return true;
	if (claim == CLAIM_IS_GONE && code.subject == 1 && code.detail == 1 &&
	    !is_translated(s->evidence.fact))
		return false;
	return claim != CLAIM_NONE && !reply->names_other &&
	       !is_said_elsewhere(reply, words) &&
	       !doubt_is_there(reply, span_cut(reply->text, reply->lead),
			       (size_t)(words.p - reply->text.p), words.n);
}

/* Said without a basic code, or without a proof, it is a weak one. */
static bool offer_claim(struct search *s, const struct fold *reply,
			enum tier tier, struct offers *o)
{
	const struct evidence *e = &s->evidence;

	read_claim(s);
	if (e->claim != CLAIM_IS_FULL &&
	    (tier == TIER_CLAIM ? e->fact->reply / 100 != 5
				: e->code.subject != 0))
		return false;
	return claim_counts(s, reply) && offer_tier(s, tier, o);
}

/* The operator's rules: of those with words and those without, the first. */
static bool offer_operator(struct search *s, struct offers *o)
{
	struct found f = s->found[SLOT_OPERATOR];
	struct found coded = {0};

	if (find_in_tier(s, TIER_OPERATOR, &coded) &&
	    (f.rule == NULL || coded.rule->order < f.rule->order))
		f = coded;
	return offer(o, &f);
}

/* One look at a text; what operators say is kept from look to look. */
static void look(struct search *s, const struct fold *fold, size_t n,
		 bool outer, struct found kept[SLOT_COUNT])
{
	memset(&s->found[SLOT_ANYWHERE], 0,
	       (SLOT_COUNT - SLOT_ANYWHERE) * sizeof(s->found[0]));
	search_text(s, fold, n, outer);
	memcpy(kept, s->found, sizeof(s->found));
}

/*
 * The sentence that says what is wrong comes first; what to do about it, with
 * all that it might have been, comes after.
 */
static void find_rules(struct search *s, const struct fold *reply,
		       const struct fold *all, struct offers *o)
{
	UNCLEARED struct found lead[SLOT_COUNT], inner[SLOT_COUNT],
		outer[SLOT_COUNT];

	s->reply = reply;
	s->evidence.around = all != reply ? all : NULL;
	if (s->rules->operator_asks_claim)
		read_claim(s);
	look(s, reply, reply->lead, false, lead);
	if (reply->lead < reply->text.n)
		look(s, reply, reply->text.n, false, inner);
	else
		memcpy(inner, lead, sizeof(inner));
	if (all != reply)
		look(s, all, all->text.n, true, outer);
	else
		memcpy(outer, inner, sizeof(outer));
	s->evidence.fold = reply;
	s->evidence.words = reply->text;
	s->evidence.is_outer = false;
	(void)(offer_operator(s, o) || offer(o, &inner[SLOT_ANYWHERE]) ||
	       offer(o, &outer[SLOT_ANYWHERE]) ||
	       offer(o, &lead[SLOT_STRONG]) ||
	       offer_claim(s, reply, TIER_CLAIM, o) ||
	       offer_code(s, TIER_PAIR, o) || offer_code(s, TIER_CODE, o) ||
	       offer(o, &inner[SLOT_STRONG]) || offer(o, &outer[SLOT_STRONG]) ||
	       offer(o, &lead[SLOT_WEAK]) || offer(o, &inner[SLOT_WEAK]) ||
	       offer(o, &outer[SLOT_WEAK]) ||
	       offer_claim(s, reply, TIER_WEAK_TEXT, o) ||
	       offer_code(s, TIER_WEAK_CODE, o) ||
	       offer_tier(s, TIER_EXIT, o) || offer_tier(s, TIER_REPLY, o) ||
	       offer_tier(s, TIER_CLASS, o));
}

/* "Expired" tells how it ended, not why: any other code says more. */
static bool status_is_expired(struct status s)
{
	return s.subject == 4 && s.detail == 7;
}

/* How much an enhanced code says, given the digit that counts. */
static int status_rank(struct status s, int reply)
{
	int rank = 2 * ((s.subject != 0) + (s.detail != 0));

	if (s.class_ == 0)
		return -1;
	if (status_is_expired(s))
		rank = 1;
	if (reply != 0 && reply / 100 == s.class_)
		rank += 1;
	return rank;
}

/* The enhanced code of a fact: of two the one that says more (RFC 3463). */
static struct status best_code(const struct fact *fact)
{
	struct status inner = fact->reply_status, field = fact->status;

	/* The field says that time ran out, the reply says why. */
	if (fact->reply != 0 && status_is_expired(field) &&
	    !status_is_expired(inner))
		return inner;
	return status_rank(field, fact->reply) > status_rank(inner, fact->reply)
		       ? field
		       : inner;
}

size_t search_rules(const struct rules *rules, struct evidence *e,
		    struct found *list, size_t max)
{
	struct span inner = span_of(e->fact->reply_text);
	struct span outer = span_of(e->fact->diagnostic);
	bool one = inner.n == 0 || span_eq(inner, outer);
	struct offers offers = {.list = list, .max = max};
	struct search s = {.rules = rules};
	UNCLEARED struct fold reply, all;

	e->code = best_code(e->fact);
	s.evidence = *e;
	fold_text(&reply, inner.n == 0 ? outer : inner, e->fact);
	if (!one)
		fold_text(&all, outer, e->fact);
	find_rules(&s, &reply, one ? &reply : &all, &offers);
	return offers.n;
}
