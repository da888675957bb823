/*
 * The retry advice: when a soft failure may be tried again. It follows what
 * the reply asked for, and gives up like a mail server would.
 */
#include "policy/fold.h"

#define MINUTE_S ((int64_t)60)
#define HOUR_S ((int64_t)3600)
#define MOST_RETRIES 5

/* Trying again changes nothing there: a person has to. */
static bool is_hopeless(enum reason r)
{
	return r == REASON_RECIPIENT_REFUSED ||
	       r == REASON_RECIPIENT_RESTRICTED ||
	       r == REASON_UNKNOWN_PERMANENT;
}

static int64_t first_wait(const struct policy_event *e)
{
	if (e->reason == REASON_GREYLISTED)
		return 15 * MINUTE_S;
	if (e->reason == REASON_MAILBOX_FULL)
		return 24 * HOUR_S;
	if (e->reply == 421 || e->reply == 451)
		return HOUR_S;
	return 4 * HOUR_S;
}

static int64_t give_up_after(enum reason r)
{
	return r == REASON_MAILBOX_FULL ? 7 * DAY_S : 72 * HOUR_S;
}

void run_failed(struct fold *f, const struct item *item)
{
	const struct policy_event *e = item->event;
	struct send *sd = &f->sends[item->send];
	struct run *r = &f->streams[item->stream].run;

	/* Long after, the same name is another mailing. */
	if (sd->tries == 0 || e->at_s - sd->last_s > 7 * DAY_S) {
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
	const struct send *sd = r->last_send;
	int64_t due_s, end_s;

	if (!r->last || is_hopeless(r->last->reason))
		return;
	end_s = sd->first_s + give_up_after(r->last->reason);
	if (sd->tries > MOST_RETRIES || f->now_s > end_s)
		return;
	due_s = sd->last_s + (first_wait(r->last) << (sd->tries - 1));
	if (due_s > end_s)
		return;
	out->due_reason = r->last->reason;
	out->due_at_s = due_s;
	out->attempt = sd->tries;
	out->attempts_left = MOST_RETRIES + 1 - sd->tries;
	out->give_up_at_s = end_s;
	fold_next(f, end_s + 1);
}
