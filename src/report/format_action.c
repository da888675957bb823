/*
 * What became of the mail, where no field tells: the title and the text of a
 * report speak of a failure unless they say that it arrived, or is still tried.
 */
#include "report/format_text.h"

#include "report/languages.h"
#include "report/reply.h"

static const char *const delay_subjects[] = {
	"delayed",
	"(delay)",
	"delivery delay",
	"delay in message delivery",
	"still being retried",
	"warning: could not send",
	"not yet been delivered",
	"could not yet send",
	"delivery warning",
	": warning",
	NULL,
};
PHRASES(delay_subjects);

static const char *const delay_sentences[] = {
	"has not yet been delivered",
	"has not been delivered yet",
	"could not yet be delivered",
	"warning message only",
	"this is just a warning",
	"this is a warning only",
	"delivery attempts will continue",
	"delivery will continue to be attempted",
	"has been delayed",
	"only a temporary failure report",
	"will keep trying until message",
	"has been postponed",
	"will be retried for",
	"will continue to try to deliver",
	"will continue to attempt delivery",
	"will continue attempting delivery",
	"longer than expected to deliver",
	"message is delayed for",
	"was not yet delivered",
	"was not delivered yet",
	"you do not need to resend your message",
	"a final delivery status notification will be",
	NULL,
};
PHRASES(delay_sentences);

/*
 * A host may say so of itself in what it answers, too: these count where no
 * permanent reply is quoted, and nothing final or of a dead address told.
 */
static const char *const retry_sentences[] = {
	"will be tried again",
	"will be retried",
	"will be attempted",
	"will retry",
	"will try again for",
	"and will try again",
	"will keep trying",
	"will continue to be attempted",
	"continue trying",
	"continue to retry",
	"still being tried",
	"further attempts will",
	"next attempt",
	"still queued",
	"queued at our",
	"is queued for delivery",
	"message is delayed",
	"mail is delayed",
	"delivery is delayed",
	"may be delayed",
	"waiting in the queue",
	"has been deferred",
	"just a warning",
	"delivery incomplete",
	"could not send message for past",
	"no action is required on your part",
	"not been reached so far",
	NULL};
PHRASES(retry_sentences);

static const char *const final_sentences[] = {
	"permanent failure",
	"permanently",
	"permanent error",
	"given up",
	"giving up",
	"gave up",
	"will not be retried",
	"will not be tried",
	"will not continue",
	"won't",
	"no further",
	"fatal",
	"has expired",
	"undeliverable",
	"could not be delivered to",
	"delivery failed",
	"has failed",
	"no such",
	"unknown",
	"disabled",
	"closed",
	"not exist",
	"refus",
	"reject",
	"too long in",
	"dropped",
	NULL,
};
PHRASES(final_sentences);

static const char *const success_sentences[] = {
	"had successful delivery notification",
	"successful mail delivery report",
	"was successfully delivered to",
	"was successfully relayed to",
	"has been successfully delivered",
	"message delivered to a mail gateway",
	"your message was successfully",
	NULL,
};
PHRASES(success_sentences);

static bool quotes_refusal(struct span text)
{
	struct reply reply;

	reply_read_codes(text, &reply);
	return reply.code >= 500 || reply.status.class_ == 5;
}

static bool tells_delay(struct span subject, const struct grams *of_subject,
			struct span text, const struct grams *of_text)
{
	return text_holds_any(subject, of_subject, delay_subjects_phrases) ||
	       text_holds_any(subject, of_subject, languages_delay_subjects) ||
	       text_holds_any(text, of_text, delay_sentences_phrases) ||
	       text_holds_any(text, of_text, languages_delay_sentences) ||
	       (text_holds_any(text, of_text, retry_sentences_phrases) &&
		!text_holds_any(text, of_text, final_sentences_phrases) &&
		!quotes_refusal(text));
}

bool text_tells_delay(struct span subject, struct span text)
{
	UNCLEARED struct grams of_subject, of_text;

	grams_read(&of_subject, subject);
	grams_read(&of_text, text);
	return tells_delay(subject, &of_subject, text, &of_text);
}

enum report_action text_action(const struct format_input *in,
			       const struct findings *out)
{
	struct span subject = out->subject;
	UNCLEARED struct grams grams;

	if (in->only_words)
		return ACTION_UNKNOWN;
	grams_read(&grams, subject);
	/* sendmail's, the text of which may be its session alone */
	if (span_eq_ci(subject, SPAN("Return receipt")) ||
	    text_head_has_any(in, success_sentences_phrases) ||
	    text_holds_any(subject, &grams, success_sentences_phrases))
		return ACTION_DELIVERED;
	if (tells_delay(subject, &grams, text_head(in->text), in->grams))
		return ACTION_DELAYED;
	return ACTION_FAILED;
}
