#include "verdict/rule.h"

#include "util/address.h"
#include "util/num.h"
#include "verdict/speaker.h"

/* What a rule's conditions mean. */

#define MAX_PART 999

/* "7", "606-649" or "*" up to the separator; the rest is left in *s. */
static int part_parse(struct span *s, char separator, int max, int *from_r,
		      int *to_r)
{
	size_t end = span_find_char(*s, separator);
	struct span part = span_cut(*s, end == SPAN_NONE ? s->n : end);
	size_t dash = span_find_char(part, '-');

	*s = span_from(*s, end == SPAN_NONE ? s->n : end + 1);
	if (span_eq(part, SPAN("*"))) {
		*from_r = 0;
		*to_r = max;
		return 0;
	}
	if (dash == SPAN_NONE) {
		if (num_int(part.p, part.n, max, from_r) != 0)
			return -1;
		*to_r = *from_r;
		return 0;
	}
	if (num_int(part.p, dash, max, from_r) != 0 ||
	    num_int(part.p + dash + 1, part.n - dash - 1, max, to_r) != 0)
		return -1;
	return *from_r <= *to_r ? 0 : -1;
}

int code_range_parse(struct span s, struct code_range *out_r)
{
	int class_from, class_to, from[2], to[2], i;

	if (part_parse(&s, '.', 5, &class_from, &class_to) != 0)
		return -1;
	for (i = 0; i < 2; i++) {
		if (s.n == 0)
			return -1;
		if (part_parse(&s, '.', MAX_PART, &from[i], &to[i]) != 0)
			return -1;
	}
	if (s.n > 0 || (class_from != 0 && class_from != class_to) ||
	    class_from == 1 || class_from == 3)
		return -1;
	out_r->class_ = (uint8_t)class_from;
	out_r->subject_from = (uint16_t)from[0];
	out_r->subject_to = (uint16_t)to[0];
	out_r->detail_from = (uint16_t)from[1];
	out_r->detail_to = (uint16_t)to[1];
	return 0;
}

int reply_range_parse(struct span s, struct reply_range *out_r)
{
	int from, to;

	if (s.n == 3 && text_is_digit(s.p[0]) &&
	    span_eq(span_from(s, 1), SPAN("xx"))) {
		out_r->from = (s.p[0] - '0') * 100;
		out_r->to = out_r->from + 99;
		return 0;
	}
	if (part_parse(&s, '\0', 599, &from, &to) != 0 || from < 200)
		return -1;
	out_r->from = from;
	out_r->to = to;
	return 0;
}

bool code_range_has(const struct code_range *r, struct status s)
{
	return s.class_ != 0 && (r->class_ == 0 || r->class_ == s.class_) &&
	       s.subject >= r->subject_from && s.subject <= r->subject_to &&
	       s.detail >= r->detail_from && s.detail <= r->detail_to;
}

bool reply_range_is_class(const struct reply_range *r)
{
	return r->to - r->from == 99;
}

static uint64_t code_range_slots(const struct code_range *r)
{
	struct status s = {r->class_, r->subject_from, r->detail_from};
	uint64_t slots = 0;

	if (r->subject_from != r->subject_to ||
	    r->detail_to - r->detail_from >= CODE_SLOTS)
		return UINT64_MAX;
	for (; s.detail <= r->detail_to; s.detail++)
		slots |= UINT64_C(1) << code_slot(s);
	return slots;
}

/* No reply at all (0) may mean any of a class. */
static uint64_t reply_range_slots(const struct reply_range *r)
{
	uint64_t slots = 0;

	if (r->to - r->from >= CODE_SLOTS)
		return UINT64_MAX;
	for (int reply = r->from; reply <= r->to; reply++)
		slots |= UINT64_C(1) << reply_slot(reply);
	return slots;
}

void rule_set_slots(struct rule *rule)
{
	size_t i;

	rule->code_slots = rule->code_count == 0 ? UINT64_MAX : 0;
	rule->reply_slots = rule->reply_count == 0 ? UINT64_MAX : 0;
	for (i = 0; i < rule->code_count; i++)
		rule->code_slots |= code_range_slots(&rule->codes[i]);
	for (i = 0; i < rule->reply_count; i++)
		rule->reply_slots |= reply_range_slots(&rule->replies[i]);
}

int evidence_class(const struct evidence *e)
{
	if (e->fact->reply != 0)
		return e->fact->reply / 100;
	return e->code.class_;
}

static bool codes_hold(const struct rule *rule, const struct evidence *e)
{
	size_t i;

	for (i = 0; i < rule->code_count; i++)
		if (code_range_has(&rule->codes[i], e->code))
			return true;
	return rule->code_count == 0;
}

static bool replies_hold(const struct rule *rule, const struct evidence *e)
{
	size_t i;

	for (i = 0; i < rule->reply_count; i++) {
		const struct reply_range *r = &rule->replies[i];

		if (e->fact->reply >= r->from && e->fact->reply <= r->to)
			return true;
		/* "5xx" asks for the class, wherever it was said. */
		if (e->fact->reply == 0 && reply_range_is_class(r) &&
		    evidence_class(e) == r->from / 100)
			return true;
	}
	return rule->reply_count == 0;
}

static bool exits_hold(const struct rule *rule, const struct fact *fact)
{
	size_t i;

	for (i = 0; i < rule->exit_count; i++)
		if (fact->exit_code == rule->exits[i])
			return true;
	return rule->exit_count == 0;
}

static bool is_below_any(struct span host, const struct texts *domains)
{
	size_t i;

	for (i = 0; i < domains->count; i++)
		if (address_domain_is_below(host, span_of(domains->list[i])))
			return true;
	return false;
}

/*
 * Who spoke: the remote host, which may bear the customer's name; whoever
 * wrote the report; and where no host is named, the recipient's.
 */
static bool remote_holds(const struct rule *rule, const struct fact *fact)
{
	struct span host = speaker_host(fact);

	if (rule->remote.count == 0)
		return true;
	if (host.n == 0)
		host = address_domain(span_of(fact->address));
	return is_below_any(host, &rule->remote) ||
	       is_below_any(span_of(fact->reporting_mta), &rule->remote);
}

static bool type_holds(const struct rule *rule, const struct fact *fact)
{
	struct span type = span_of(fact->diagnostic_type);
	size_t i;

	for (i = 0; i < rule->type.count; i++)
		if (span_eq_ci(type, span_of(rule->type.list[i])))
			return true;
	return rule->type.count == 0;
}

static bool speaker_holds(const struct rule *rule, const struct fact *fact)
{
	return rule->speaker == SPEAKER_ANY ||
	       fact->remote_reply == (rule->speaker == SPEAKER_REMOTE);
}

static bool phrases_hold(const struct texts *phrases, struct span text)
{
	size_t i;

	for (i = 0; i < phrases->count; i++)
		if (phrase_find(span_of(phrases->list[i]), text, NULL, NULL))
			return true;
	return false;
}

/* One of these is in the words, which are fold's or the beginning of it. */
static bool forbidden(const struct texts *phrases, const struct evidence *e)
{
	size_t i;

	for (i = 0; i < phrases->count; i++)
		if (grams_have(&e->fold->grams, phrases->grams[i]) &&
		    grams_may_hold_parts(&e->fold->grams, phrases->list[i]) &&
		    phrase_find(span_of(phrases->list[i]), e->words, NULL,
				NULL))
			return true;
	return false;
}

static bool words_hold(const struct rule *rule, const struct evidence *e)
{
	if (forbidden(&rule->unless, e))
		return false;
	if (rule->bare && rule->text.count == 0 && e->fold->has_words)
		return false;
	return rule->text.count == 0 || rule->link.count == 0 ||
	       phrases_hold(&rule->link, e->fold->links);
}

bool rule_holds(const struct rule *rule, const struct evidence *e)
{
	const struct fact *fact = e->fact;

	return (rule->claim == CLAIM_NONE || rule->claim == e->claim) &&
	       (rule->stages == 0 ||
		(rule->stages & (1U << (unsigned)fact->stage)) != 0) &&
	       codes_hold(rule, e) && replies_hold(rule, e) &&
	       exits_hold(rule, fact) && speaker_holds(rule, fact) &&
	       remote_holds(rule, fact) && type_holds(rule, fact) &&
	       (!rule->malformed ||
		!address_is_valid(span_of(fact->address))) &&
	       words_hold(rule, e);
}
