#include "report/format.h"

#include "report/format_text.h"
#include "report/transcript.h"

/*
 * Courier: qmail's paragraphs with sendmail's transcript in each,
 *	<address>:
 *	     mx.example.com [192.0.2.1]:
 *	 >>> RCPT TO:<address>
 *	 <<< 550 no such user
 */

static bool is_courier(const struct format_input *in,
		       const struct findings *out)
{
	(void)out;
	return text_has(text_head(in->text), "running the courier mail server");
}

/* A line of dashes over the whole width closes each section. */
static bool is_rule(struct span line)
{
	size_t i = 0;

	while (i < line.n && line.p[i] == '-')
		i++;
	return i >= 20 && text_is_blank(span_from(line, i));
}

/* The transcript of a recipient as words, where it holds a reply. */
static void settle_words(struct fact_draft *d, struct findings *out)
{
	const struct exchange *e;
	struct transcript t;
	struct buf words;

	transcript_read(&t, out->arena, d->words);
	e = transcript_last_reply(&t);
	if (e == NULL)
		return;
	buf_init(&words);
	transcript_words(&t, e, &words);
	d->words = findings_keep(out, &words);
	buf_release(&words);
}

static void read_courier(const struct format_input *in, struct findings *out)
{
	enum report_action action = text_action(in, out);
	struct span line, address;
	struct fact_draft *d = NULL;
	size_t at = 0, i;

	while (text_next_line(in->text, &at, &line)) {
		if (text_recipient_line(line, &address)) {
			d = findings_add(out, address, action);
			if (d == NULL)
				break;
			d->words = span_make(line.p + line.n, 0);
		} else if (is_rule(line)) {
			d = NULL;
		} else if (d != NULL) {
			d->words.n = (size_t)(line.p + line.n - d->words.p);
		}
	}
	for (i = 0; i < out->count; i++)
		settle_words(&out->list[i], out);
}

const struct format format_courier = {"courier", is_courier, read_courier};
