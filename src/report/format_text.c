#include "report/format_text.h"

#include <string.h>

#include "report/kind.h"
#include "report/languages.h"
#include "report/reply_scan.h"
#include "report/returned.h"

/*
 * Bounces for people share few things: lines, addresses at the beginning of
 * one, and a line behind which the returned mail stands. That last line
 * matters most: behind it anything may be written, by anyone.
 */

#define HEAD_BYTES 8192

bool text_next_line(struct span text, size_t *at, struct span *line_r)
{
	struct span rest = span_from(text, *at);

	if (*at >= text.n || !span_next_line(&rest, line_r))
		return false;
	*at = text.n - rest.n;
	return true;
}

size_t text_offset(struct span text, struct span part)
{
	return (size_t)(part.p - text.p);
}

bool text_is_blank(struct span line)
{
	return text_indent(line) == line.n;
}

size_t text_indent(struct span line)
{
	size_t i = 0;

	while (i < line.n && text_is_space(line.p[i]))
		i++;
	return i;
}

bool text_has(struct span text, const char *phrase)
{
	return reply_phrase_find(text, 0, phrase, NULL) != SPAN_NONE;
}

bool text_holds_any(struct span text, const struct grams *g,
		    struct phrases *phrases)
{
	const char *phrase;
	size_t nth = 0;

	while ((phrase = phrases_next(phrases, g, &nth)) != NULL)
		if (text_has(text, phrase))
			return true;
	return false;
}

bool text_has_any(struct span text, struct phrases *phrases)
{
	UNCLEARED struct grams grams;

	if (text.n == 0)
		return false;
	grams_read(&grams, text);
	return text_holds_any(text, &grams, phrases);
}

bool text_part_has_any(const struct format_input *in, struct span part,
		       struct phrases *phrases)
{
	return text_holds_any(part, in->grams, phrases);
}

bool text_is_any_of(char c, const char *set)
{
	while (*set != '\0' && *set != c)
		set++;
	return *set != '\0';
}

bool text_is_wrapping(char c)
{
	return text_is_space(c) ||
	       (c != '\0' && strchr("<>()[]{},;:.!?'\"*`", c));
}

bool text_head_has_any(const struct format_input *in, struct phrases *phrases)
{
	return text_holds_any(text_head(in->text), in->grams, phrases);
}

bool text_ends_sentence(struct span text, size_t at)
{
	static const char stop[] = "。";
	struct span rest = span_from(text, at + 1), line;

	if (text.p[at] == '\n')
		return span_next_line(&rest, &line) && text_is_blank(line);
	if (span_starts_ci(span_from(text, at), span_of(stop)))
		return true;
	return (text.p[at] == '.' || text.p[at] == '!' || text.p[at] == '?') &&
	       (rest.n == 0 || text_is_space(rest.p[0]));
}

bool text_starts(struct span line, const char *phrase)
{
	size_t at = text_indent(line);

	return reply_phrase_at(line, at, phrase) != SPAN_NONE;
}

bool text_starts_any(struct span line, const char *const *phrases)
{
	size_t at = text_indent(line);
	char first;

	if (at == line.n)
		return false;
	first = text_lower(line.p[at]);
	for (; *phrases != NULL; phrases++)
		if (text_lower((*phrases)[0]) == first &&
		    reply_phrase_at(line, at, *phrases) != SPAN_NONE)
			return true;
	return false;
}

struct span text_head(struct span text)
{
	return span_cut(text, HEAD_BYTES);
}

/* Lines that announce the original behind a rule of dashes or the like. */
static const char *const ruled_marks[] = {
	"below this line",
	"below the next line",
	"this is a copy of",
	"original m",
	"the header of the original",
	"the header and top",
	"header of the message",
	"the body of the message",
	"enclosed",
	"undelivered message",
	"unsent message",
	"message header",
	"message body",
	"returned message",
	"returned mail",
	"forwarded message",
	"message text follows",
	"attachment is a copy",
	"attached is a copy",
	"copy of the message",
	"mensaje original",
	"message d'origine",
	"begin forwarded",
	"original-nachricht",
	"urspr",
	"original follows",
	"your original message",
	"message follows",
	NULL,
};

/* The same without a rule: whole sentences only. */
static const char *const plain_marks[] = {
	"below is a copy of the original message",
	"below this line is a copy",
	"message headers follow",
	"message header follows",
	"original message follows",
	"original text follows",
	"message contents follow:",
	"original message headers:",
	"original message header:",
	"the original message follows",
	"the original message is included",
	"included is a copy of the message",
	"a copy of the original message",
	"a copy of your message",
	"the first 50 lines of your original message",
	"the beginning of your message",
	"your message reads",
	"your original message follows",
	"bounced e-mail:",
	"message headers:",
	"here is a copy of",
	"here is your original message",
	"copy of returned message",
	"text of message:",
	"ursprüngliche nachrichtenkopfzeilen",
	"en-têtes de message d'origine",
	"encabezados de mensajes originales",
	"encabezados de mensaje originales",
	"intestazioni messaggi originali",
	"intestazioni messaggio originale",
	"cabeçalhos de mensagem originais",
	"oorspronkelijke berichtkoppen",
	"kopteksten van oorspronkelijk bericht",
	"Исходные заголовки сообщения",
	"原始邮件头",
	"原始郵件標頭",
	"元のメッセージ ヘッダー",
	"a summary of the undelivered message",
	"below is the original mail information",
	"以下是您所发送邮件的一些基本信息",
	"送信情報は下記となります",
	/* parts that lost their boundary */
	"content-type: message/rfc822",
	"content-type: text/rfc822-headers",
	"content-type: message/global-headers",
	NULL,
};

/* Header fields that no report of its own has in its text. */
static const char *const header_marks[] = {
	"Received: from ",  "Received:from ", "Received: by ",
	"Received: (",	    "Return-Path: ",  "X-Received: ",
	"DKIM-Signature: ", "ARC-Seal: ",     NULL,
};

/* "> Subject: ...": the original, as people quote one another. */
static bool is_quoted_header(struct span line)
{
	static const char *const fields[] = {
		"From: ", "To: ", "Subject: ", "Date: ", NULL};
	size_t i = 0;

	if (line.n == 0 || line.p[0] != '>')
		return false;
	while (i < line.n && (line.p[i] == '>' || line.p[i] == ' '))
		i++;
	line = span_from(line, i);
	return text_starts_any(line, header_marks) ||
	       text_starts_any(line, fields);
}

static bool is_rule(char c)
{
	return c == '-' || c == '=' || c == '*' || c == '|' || c == '_' ||
	       c == '#' || c == '+' || text_is_space(c);
}

/* What a gateway or a list adds below (RFC 3676 4.3) is no report either. */
static bool is_signature_mark(struct span line)
{
	return span_eq(line, SPAN("-- "));
}

/* "--- Original message information ---" stands above a part of the report. */
static bool announces_original(struct span line)
{
	size_t i = 0;

	if (is_signature_mark(line) || text_starts_any(line, plain_marks))
		return true;
	while (i < line.n && is_rule(line.p[i]))
		i++;
	if (i < 2 || i == text_indent(line))
		return false;
	return text_starts_any(span_from(line, i), ruled_marks) &&
	       !text_has(line, "message information");
}

/*
 * A line of underscores, and below it a gateway's own words: they name nobody
 * and quote nobody's reply.
 */
#define BANNER_RULE_BYTES 20
#define BANNER_MAX_BYTES 1024

static bool begins_banner(struct span line, struct span rest)
{
	static const char *const reasons[] = {"reason", "error", NULL};
	PHRASES(reasons);
	size_t n = 0;

	line = span_trim(line);
	while (n < line.n && line.p[n] == '_')
		n++;
	return n == line.n && n >= BANNER_RULE_BYTES &&
	       rest.n <= BANNER_MAX_BYTES &&
	       span_find_char(rest, '@') == SPAN_NONE &&
	       !text_has_reply(rest) && !text_has_any(rest, reasons_phrases) &&
	       !kind_speaks_of_failure(rest);
}

static bool is_of_header(struct span line)
{
	return headers_is_field(line) ||
	       (!text_is_blank(line) &&
		(line.p[0] == ' ' || line.p[0] == '\t'));
}

/* Where the header begins that the line at `at` is one of; not before from. */
static size_t header_start(struct span text, size_t from, size_t at)
{
	size_t start = at, i;
	struct span line;

	for (i = at; i > from; i--) {
		if (i > 1 && text.p[i - 2] != '\n')
			continue;
		line = span_from(text, i - 1);
		line = span_cut(line, span_find_char(line, '\n'));
		if (!is_of_header(line))
			break;
		start = i - 1;
	}
	return start;
}

/*
 * A header behind no mark that is known: a whole one, or one below an answer.
 * What a report says of our mail before it tells why it failed is less. Each
 * header is looked at once, and what stands before it.
 */
static size_t unmarked_header(struct span text)
{
	size_t at = 0, told = 0, found, subject, start;
	struct span header, line;
	bool replied = false;

	while (found = span_find(span_from(text, at), SPAN("\nSubject: ")),
	       found != SPAN_NONE) {
		subject = at + found + 1;
		start = header_start(text, at, subject);
		at = start;
		do
			header = span_cut(span_from(text, start), at - start);
		while (text_next_line(text, &at, &line) && is_of_header(line));
		replied =
			replied ||
			text_has_reply(span_from(span_cut(text, start), told));
		told = start;
		if (returned_begins(span_from(text, start)) &&
		    (replied ||
		     span_find_ci(header, SPAN("\nMIME-Version: ")) !=
			     SPAN_NONE))
			return start;
		at = start + header.n;
		if (at < subject)
			at = subject;
	}
	return text.n;
}

static size_t marked(struct span text, size_t *original_r)
{
	struct span line;
	size_t at = 0, start;

	while (start = at, text_next_line(text, &at, &line)) {
		if (line.n > 0 && !text_is_space(line.p[0]) &&
		    (text_starts_any(line, header_marks) ||
		     is_quoted_header(line))) {
			*original_r = start;
			return start;
		}
		if (announces_original(line) ||
		    (begins_banner(line, span_from(text, at)) &&
		     !text_is_blank(span_cut(text, start)))) {
			while (*original_r = at,
			       text_next_line(text, &at, &line) &&
				       text_is_blank(line))
				continue;
			return start;
		}
	}
	return *original_r = text.n;
}

size_t text_returned(struct span text, size_t *original_r)
{
	size_t end = marked(text, original_r);
	size_t start = unmarked_header(span_cut(text, end));

	if (start < end)
		*original_r = end = start;
	return end;
}

struct span text_without_output(struct span text)
{
	size_t at = reply_phrase_find(text, 0,
				      "the following text was generated during "
				      "the delivery attempt",
				      NULL);

	return span_cut(text, at);
}
