/*
 * The life of one suppression: how long, on what evidence, and what makes it
 * longer. An unproved one is kept short until a proof or a second send comes.
 */
#include "policy/fold.h"

#include <string.h>

int64_t sup_end(int64_t at_s, int64_t length_s)
{
	if (length_s == NO_END || at_s > NO_END - length_s)
		return NO_END;
	return at_s + length_s;
}

static int64_t step_length(const struct policy_settings *s, unsigned step)
{
	int64_t length_s;

	if (s->soft.expiry_count == 0)
		return 0;
	if (step >= s->soft.expiry_count)
		step = s->soft.expiry_count - 1;
	length_s = s->soft.expiry_s[step];
	return length_s < 0 ? NO_END : length_s;
}

int64_t sup_length(const struct policy_settings *s, enum reason r,
		   unsigned step)
{
	int64_t length_s = s->expiry_s[r];

	if (length_s == EXPIRY_NEVER)
		return NO_END;
	return length_s > 0 ? length_s : step_length(s, step);
}

void sup_clear(struct sup *p, int64_t t_s)
{
	*p = (struct sup){.epoch = p->epoch + 1, .cleared_s = t_s};
}

bool sup_settle(struct sup *p, int64_t t_s)
{
	if (!p->on || p->until_s > t_s)
		return false;
	p->on = false;
	return true;
}

static void lengthen(const struct policy_settings *s, struct sup *p,
		     const struct claim *c)
{
	int64_t short_s = s->unproved_hard_s;
	int64_t full_s = sup_end(c->at_s, c->length_s);

	if (short_s < 0 || short_s > c->length_s)
		short_s = c->length_s;
	if (p->hits == 0 || full_s > p->full_s)
		p->full_s = full_s;
	short_s = sup_end(c->at_s, short_s);
	if (p->hits == 0 || short_s > p->short_s)
		p->short_s = short_s;
}

bool sup_claim(const struct policy_settings *s, struct sup *p,
	       const struct claim *c)
{
	bool was_proven = p->proven;
	int64_t until_s;

	if (c->length_s >= 0)
		lengthen(s, p, c);
	if (c->fresh)
		p->hits++;
	if (c->evidence > p->evidence)
		p->evidence = c->evidence;
	p->proven = p->proven || c->full || p->hits > 1;
	until_s = p->proven ? p->full_s : p->short_s;
	if (until_s <= c->at_s)
		return c->fresh;
	if (!p->on) {
		p->on = true;
		p->since_s = c->at_s;
	} else if (until_s <= p->until_s) {
		return c->fresh || p->proven != was_proven;
	} else if (p->reason == c->reason) {
		p->until_s = until_s;
		return true;
	}
	p->reason = c->reason;
	p->class_ = c->class_;
	p->event_id = c->id;
	p->until_s = until_s;
	return true;
}
