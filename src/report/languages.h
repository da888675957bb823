#ifndef REPORT_LANGUAGES_H
#define REPORT_LANGUAGES_H

#include <stdbool.h>

#include "report/format.h"
#include "util/text.h"

/*
 * How mail systems say it in other languages than English. ASCII letters match
 * in either case and a space any white space; other letters match as they are
 * written, so that a phrase leaves out a first letter that may be a capital.
 * What is written in capitals alone is a failure in them, too.
 */

/* Mail could not be delivered, or not yet. All of text is looked at. */
bool languages_tell_failure(struct span text);
/* The same of the head of what people were to read. */
bool languages_head_tells_failure(const struct format_input *in);

/*
 * Of a piece of mail, as one does to whoever sent it: "your message", or no
 * more than "the message" where a language has no word for the owner.
 */
bool languages_speak_of_mail(struct span text);

/* "This is an automatic message": a sentence that tells no failure. */
bool languages_speak_of_themselves(struct span sentence);

/*
 * True where that mail is what was sent to whoever reads this: the text calls
 * it his, or a sentence about it tells that it failed. "This message was sent
 * automatically" is about itself.
 */
bool languages_speak_of_ours(struct span text);

/* Mail arrived; ask only where nothing says that it did not. */
bool languages_tell_success(struct span text);

/* Mail is still being tried. */
extern struct phrases *const languages_delay_subjects;
extern struct phrases *const languages_delay_sentences;

/* "Empfänger", before the colon behind which a recipient stands. */
bool languages_label_recipient(struct span label);

/*
 * "Reply-To", "Neue Adresse", before the colon behind which an address stands
 * alone: it has none of the words by which one who failed may be called.
 */
bool languages_label_other(struct span label);

/*
 * The words before an address name somebody to write to instead, "please
 * contact", or the one who sent it, "Absender:"; in English too. What stands
 * behind them did not fail.
 */
bool languages_refer(struct span before);

/*
 * "The message from A to B": what stands before A and between the two says that
 * it went from the one to the other.
 */
bool languages_pass_on(struct span before, struct span between);

/* The sentence speaks of questions, or of who answers them. */
bool languages_offer_help(struct span sentence);

#endif
