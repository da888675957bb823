#include "report/reply.h"

#include "report/reply_scan.h"

/*
 * Which command a reply answered, from the wording of every mail system that
 * says so. The stage tells whose address is meant: after MAIL FROM a host
 * speaks of us, after RCPT TO of the recipient.
 */

struct stage_row {
	const char *phrase;
	enum smtp_stage stage;
};

static const struct stage_row stage_rows[] = {
	/* Postfix */
	{"refused to talk to me", STAGE_CONNECT},
	{"initial server greeting", STAGE_CONNECT},
	{"while sending RCPT TO", STAGE_RCPT},
	{"while sending MAIL FROM", STAGE_MAIL},
	{"while sending DATA command", STAGE_DATA},
	{"while sending message body", STAGE_BODY},
	{"while sending end of data", STAGE_BODY},
	{"while performing the HELO handshake", STAGE_HELO},
	{"while performing the EHLO handshake", STAGE_HELO},
	{"while performing the LMTP handshake", STAGE_HELO},
	{"TLS is required, but", STAGE_TLS},
	{"Cannot start TLS", STAGE_TLS},
	{"SASL authentication failed", STAGE_AUTH},
	{"connect to", STAGE_CONNECT},
	/* Exim, United Internet */
	{"after RCPT TO:", STAGE_RCPT},
	{"after RCPT command", STAGE_RCPT},
	{"for RCPT TO command", STAGE_RCPT},
	{"for RCPT command", STAGE_RCPT},
	{"for MAIL FROM command", STAGE_MAIL},
	{"for MAIL command", STAGE_MAIL},
	{"for TEXT command", STAGE_BODY},
	{"after MAIL FROM:", STAGE_MAIL},
	{"after MAIL command", STAGE_MAIL},
	{"after pipelined RCPT TO", STAGE_RCPT},
	{"after pipelined MAIL FROM", STAGE_MAIL},
	{"after pipelined DATA", STAGE_DATA},
	{"after pipelined end of data", STAGE_BODY},
	{"after end of data", STAGE_BODY},
	{"after end of mail", STAGE_BODY},
	{"after sending data", STAGE_BODY},
	{"after DATA", STAGE_DATA},
	{"after initial connection", STAGE_CONNECT},
	{"after connect", STAGE_CONNECT},
	{"after EHLO", STAGE_HELO},
	{"after HELO", STAGE_HELO},
	{"after STARTTLS", STAGE_TLS},
	{"after AUTH", STAGE_AUTH},
	{"a TLS session is required", STAGE_TLS},
	/* transcripts: sendmail, Courier, nullmailer, gateways */
	{">>> RCPT", STAGE_RCPT},
	{">>> MAIL", STAGE_MAIL},
	{">>> DATA", STAGE_DATA},
	{">>> EHLO", STAGE_HELO},
	{">>> HELO", STAGE_HELO},
	{">>> STARTTLS", STAGE_TLS},
	{">>> AUTH", STAGE_AUTH},
	{">>> .", STAGE_BODY},
	/* qmail */
	{"does not like recipient", STAGE_RCPT},
	{"sender was rejected", STAGE_MAIL},
	{"my name was rejected", STAGE_HELO},
	{"but greeting failed", STAGE_CONNECT},
	{"failed on DATA command", STAGE_DATA},
	{"failed after I sent the message", STAGE_BODY},
	{"able to establish an SMTP connection", STAGE_CONNECT},
	/* DragonFly Mail Agent */
	{"did not like our RCPT TO", STAGE_RCPT},
	{"did not like our MAIL FROM", STAGE_MAIL},
	{"did not like our DATA", STAGE_DATA},
	{"did not like our final DATA", STAGE_BODY},
	{"did not like our connect", STAGE_CONNECT},
	{"did not like our greeting", STAGE_CONNECT},
	{"did not like our EHLO", STAGE_HELO},
	{"did not like our HELO", STAGE_HELO},
	{"did not like our STARTTLS", STAGE_TLS},
	/* NetEase */
	{"SMTP error, RCPT TO", STAGE_RCPT},
	{"SMTP error, MAIL FROM", STAGE_MAIL},
	{"SMTP error, DOT", STAGE_BODY},
	/* the rest */
	{"in response to RCPT", STAGE_RCPT},
	{"in response to the RCPT", STAGE_RCPT},
	{"in response to MAIL", STAGE_MAIL},
	{"in response to the MAIL", STAGE_MAIL},
	{"in response to DATA", STAGE_DATA},
	{"in response to end of data", STAGE_BODY},
	{"while talking to", STAGE_UNKNOWN}, /* a new session begins */
	{"response to RCPT TO", STAGE_RCPT},
	{"response to MAIL FROM", STAGE_MAIL},
	{"error on RCPT", STAGE_RCPT},
	{"SMTP command: RCPT", STAGE_RCPT},
	{"SMTP command: MAIL", STAGE_MAIL},
	{"SMTP command: DATA", STAGE_DATA},
	{"did not accept our requests to connect", STAGE_CONNECT},
	{"was RCPT TO response", STAGE_RCPT},
	{"SMTP server has rejected address", STAGE_RCPT}, /* PMDF */
	{"was MAIL FROM response", STAGE_MAIL},
	{"SMTP:RCPT host", STAGE_RCPT},
	{"SMTP:MAIL host", STAGE_MAIL},
	{"SMTP:DATA host", STAGE_BODY},
	{"RCPT TO generated following", STAGE_RCPT},
	{"MAIL FROM generated following", STAGE_MAIL},
	{"Body of message generated", STAGE_BODY},
	{"RCPT TO:<", STAGE_RCPT},
	{"MAIL FROM:<", STAGE_MAIL},
};
/* Postfix, Yahoo, m-FILTER and Google name the command behind the reply. */
static const struct stage_row behind_rows[] = {
	{"in reply to RCPT TO", STAGE_RCPT},
	{"in reply to MAIL FROM", STAGE_MAIL},
	{"in reply to DATA", STAGE_DATA},
	{"in reply to end of DATA", STAGE_BODY},
	{"in reply to message", STAGE_BODY},
	{"in reply to EHLO", STAGE_HELO},
	{"in reply to HELO", STAGE_HELO},
	{"in reply to STARTTLS", STAGE_TLS},
	{"in reply to AUTH", STAGE_AUTH},
	{"in reply to initial server greeting", STAGE_CONNECT},
	{"[RCPT_TO]", STAGE_RCPT},
	{"[MAIL_FROM]", STAGE_MAIL},
	{"--SMTP command RCPT", STAGE_RCPT},
	{"--SMTP command MAIL", STAGE_MAIL},
	{"--SMTP command DATA", STAGE_BODY},
	{"in response of [RCPT TO", STAGE_RCPT},
	{"in response of [MAIL FROM", STAGE_MAIL},
	{"in response of [DATA", STAGE_DATA},
	/* Google, until 2013 */
	{"(state 14)", STAGE_RCPT},
	{"(state 15)", STAGE_DATA},
	{"(state 17)", STAGE_BODY},
	{"(state 18)", STAGE_BODY},
};
#define BEHIND_ROWS (sizeof(behind_rows) / sizeof(behind_rows[0]))
#define STAGE_ROWS (sizeof(stage_rows) / sizeof(stage_rows[0]))

/* Of each row's phrase; 0 until it is asked for. */
static uint16_t stage_grams[STAGE_ROWS], behind_grams[BEHIND_ROWS];

/* The rows that a text may hold, in their order. */
struct rows {
	const struct stage_row *list[STAGE_ROWS];
	size_t count;
	/* What they begin with: most places are none of theirs. */
	uint32_t letters;
};

static void rows_in(struct rows *r, const struct grams *g,
		    const struct stage_row *all, uint16_t *grams, size_t n)
{
	size_t i;

	r->count = 0;
	r->letters = 0;
	for (i = 0; i < n; i++) {
		if (!grams_may_hold_kept(g, all[i].phrase, &grams[i]))
			continue;
		r->list[r->count++] = &all[i];
		r->letters |= reply_letter_bit(all[i].phrase[0]);
	}
}

static const struct stage_row *row_at(struct span text, size_t at,
				      const struct rows *r)
{
	size_t i;

	if ((r->letters & reply_letter_bit(text.p[at])) == 0 ||
	    reply_is_inside_word(text, at))
		return NULL;
	for (i = 0; i < r->count; i++) {
		const char *phrase = r->list[i]->phrase;

		if (reply_phrase_may_begin(text, at, phrase[0]) &&
		    reply_phrase_at(text, at, phrase) != SPAN_NONE)
			return r->list[i];
	}
	return NULL;
}

/* Postfix and others name it behind the reply: the first there counts. */
static enum smtp_stage stage_behind(struct span text, const struct grams *g,
				    size_t at)
{
	const struct stage_row *row = NULL;
	UNCLEARED struct rows rows;

	rows_in(&rows, g, behind_rows, behind_grams, BEHIND_ROWS);
	for (; rows.count > 0 && at < text.n && row == NULL; at++)
		row = row_at(text, at, &rows);
	return row != NULL ? row->stage : STAGE_UNKNOWN;
}

enum smtp_stage reply_stage_around(struct span text, const struct grams *g,
				   size_t at)
{
	enum smtp_stage stage = stage_behind(text, g, at);
	const struct stage_row *row = NULL;
	UNCLEARED struct rows rows;
	size_t i;

	if (stage != STAGE_UNKNOWN)
		return stage;
	text = span_cut(text, at);
	rows_in(&rows, g, stage_rows, stage_grams, STAGE_ROWS);
	for (i = text.n; rows.count > 0 && i > 0 && row == NULL; i--)
		row = row_at(text, i - 1, &rows);
	return row != NULL ? row->stage : STAGE_UNKNOWN;
}
