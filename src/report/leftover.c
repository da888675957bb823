/*
 * Reports in a form that nobody knows. Which address failed can still be told
 * where only one can be meant, and the judge gets the words as they are.
 */
#include "report/leftover.h"

#include "report/facts.h"
#include "report/kind.h"
#include "report/words.h"
#include "report/xtext.h"

#define TEXT_MAX 4096 /* of what is looked at for words */

static const char *const failure_words[] = {"undeliver",
					    "not delivered",
					    "not be delivered",
					    "couldn't be delivered",
					    "could not deliver",
					    "unable to deliver",
					    "delivery fail",
					    "delivery has failed",
					    "delivery failure",
					    "failure notice",
					    "delivery status notification",
					    "delivery of email to this address",
					    "returned mail",
					    "mail delivery failed",
					    "returned to sender",
					    "did not reach",
					    "unzustellbar",
					    "non remis",
					    "no se puede entregar",
					    "no se ha podido entregar",
					    "non recapitabile",
					    "não entregável",
					    "onbestelbaar",
					    "недоставлено",
					    "не доставлено",
					    "配信不能",
					    NULL};

static const char *const delay_words[] = {"delayed",
					  "will keep trying",
					  "will be retried",
					  "still being tried",
					  "will retry",
					  "has not yet been delivered",
					  "could not send message for past",
					  "warning: message",
					  "verzögert",
					  "no action is required on your part",
					  NULL};

static bool contains(const struct reading *in, const char *const *words)
{
	return words_contain_any(span_of(in->report->subject), words) ||
	       words_contain_any(span_cut(in->input.text, TEXT_MAX), words);
}

static bool add(struct reading *in, struct span raw, bool alone)
{
	struct fact_draft d;
	struct buf address;
	bool added = false;

	fact_draft_init(&d);
	buf_init(&address);
	if (xtext_address(&address, raw) == 0) {
		d.address = span_make(address.data, address.len);
		d.action = contains(in, delay_words) ? ACTION_DELAYED
						     : ACTION_FAILED;
		/* Of several nobody knows whose words they are. */
		if (alone)
			d.words =
				span_cut(in->input.text, REPORT_MAX_DIAGNOSTIC);
		added = facts_add(in->report, &d) != NULL;
	}
	buf_release(&address);
	return added;
}

static size_t add_list(struct reading *in, struct span raw)
{
	struct span rest = raw, one;
	size_t count = 0, added = 0;

	while (headers_next_mailbox(&rest, &one))
		count++;
	while (headers_next_mailbox(&raw, &one))
		added += add(in, one, count == 1);
	return added;
}

void leftover_read(struct reading *in)
{
	struct report *r = in->report;
	const struct headers *h = &in->headers;

	if ((!in->input.machine_part && !kind_is_daemon(in)) ||
	    !contains(in, failure_words))
		return;
	r->format = "leftover";
	if (headers_has(h, "Final-Recipient") &&
	    add(in, headers_raw(h, "Final-Recipient", 0), true))
		return;
	if (add_list(in, headers_raw(h, "X-Failed-Recipients", 0)) > 0)
		return;
	if (r->returned.to[0] == '\0' ||
	    !add(in, span_of(r->returned.to), true))
		r->format = "";
}
