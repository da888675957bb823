/*
 * The retry advice: when a soft failure may be tried again. It follows what
 * the reply asked for, and gives up like a mail server would.
 */
#include "policy/fold.h"

/* Trying again changes nothing there: a person has to. */
static bool is_hopeless(enum reason r)
{
	return r == REASON_RECIPIENT_REFUSED ||
	       r == REASON_RECIPIENT_RESTRICTED ||
	       r == REASON_UNKNOWN_PERMANENT;
}

static int64_t first_wait(const struct policy_settings *s,
			  const struct policy_event *e)
{
	if (e->reason == REASON_GREYLISTED)
		return s->retry.greylisted_s;
	if (e->reason == REASON_MAILBOX_FULL)
		return s->retry.full_s;
	if (e->reply == 421 || e->reply == 451)
		return s->retry.busy_s;
	return s->retry.other_s;
}

static int64_t give_up_after(const struct policy_settings *s, enum reason r)
{
	return r == REASON_MAILBOX_FULL ? s->retry.full_within_s
					: s->retry.within_s;
}

void run_failed(struct fold *f, const struct item *item)
{
	const struct policy_event *e = item->event;
	struct send *sd = &f->sends[item->send];
	struct run *r = &f->streams[item->stream].run;

	/* Long after, the same name is another mailing. */
	if (sd->tries == 0 ||
	    e->at_s - sd->last_s > f->s->retry.full_within_s) {
		sd->tries = 0;
		sd->first_s = e->at_s;
	}
	sd->tries++;
	sd->last_s = e->at_s;
	r->last = e;
	r->last_send = sd;
}

void retry_advise(struct fold *f, const struct run *r, struct policy_soft *out)
{
	const struct policy_settings *s = f->s;
	const struct send *sd = r->last_send;
	int64_t due_s, end_s;

	if (!r->last || is_hopeless(r->last->reason))
		return;
	end_s = sd->first_s + give_up_after(s, r->last->reason);
	if (sd->tries > s->retry.attempts || f->now_s > end_s)
		return;
	due_s = sd->last_s + (first_wait(s, r->last) << (sd->tries - 1));
	if (due_s > end_s)
		return;
	out->due_reason = r->last->reason;
	out->tried_at_s = sd->last_s;
	out->due_at_s = due_s;
	out->attempt = sd->tries;
	out->attempts_left = s->retry.attempts + 1 - sd->tries;
	out->give_up_at_s = end_s;
	fold_next(f, end_s + 1);
}
