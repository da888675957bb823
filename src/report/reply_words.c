#include "report/reply.h"

#include "report/reply_scan.h"

#include "util/num.h"

/*
 * What mail systems write around a reply: which command it answered, which
 * host spoke, which status a program left with. Rows of data, most of them
 * one per mail system; the nearest wording before the reply decides.
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
/* Postfix, Yahoo and m-FILTER name the command behind the reply. */
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
};
#define BEHIND_ROWS (sizeof(behind_rows) / sizeof(behind_rows[0]))
#define STAGE_ROWS (sizeof(stage_rows) / sizeof(stage_rows[0]))

size_t reply_phrase_at(struct span text, size_t at, const char *phrase)
{
	for (; *phrase != '\0'; phrase++) {
		if (at >= text.n)
			return SPAN_NONE;
		if (*phrase == ' ') {
			if (!text_is_space(text.p[at]))
				return SPAN_NONE;
			while (at < text.n && text_is_space(text.p[at]))
				at++;
			continue;
		}
		if (text_lower(text.p[at]) != text_lower(*phrase))
			return SPAN_NONE;
		at++;
	}
	return at;
}

size_t reply_phrase_find(struct span text, size_t from, const char *phrase,
			 size_t *end_r)
{
	size_t end;

	for (; from < text.n; from++) {
		/* one match a run of space keeps this linear */
		if (*phrase == ' ' && from > 0 &&
		    text_is_space(text.p[from - 1]))
			continue;
		end = reply_phrase_at(text, from, phrase);
		if (end == SPAN_NONE)
			continue;
		if (end_r != NULL)
			*end_r = end;
		return from;
	}
	return SPAN_NONE;
}

size_t reply_phrase_last(struct span text, size_t before, const char *phrase,
			 size_t *end_r)
{
	struct span part = span_cut(text, before);
	size_t at, found = SPAN_NONE;

	for (at = reply_phrase_find(part, 0, phrase, end_r); at != SPAN_NONE;
	     at = reply_phrase_find(part, at + 1, phrase, end_r))
		found = at;
	return found;
}

/* What stands behind the reply that it is about; the first there counts. */
static enum smtp_stage stage_behind(struct span text, size_t at)
{
	enum smtp_stage stage = STAGE_UNKNOWN;
	size_t i, found, best = SPAN_NONE;

	for (i = 0; i < BEHIND_ROWS && at < text.n; i++) {
		found = reply_phrase_find(text, at, behind_rows[i].phrase,
					  NULL);
		if (found != SPAN_NONE && found < best) {
			best = found;
			stage = behind_rows[i].stage;
		}
	}
	return stage;
}

enum smtp_stage reply_stage_around(struct span text, size_t at)
{
	enum smtp_stage stage = stage_behind(text, at);
	size_t i, found, best = SPAN_NONE;

	if (stage != STAGE_UNKNOWN)
		return stage;
	for (i = 0; i < STAGE_ROWS; i++) {
		found = reply_phrase_last(text, at, stage_rows[i].phrase, NULL);
		if (found != SPAN_NONE && (best == SPAN_NONE || found > best)) {
			best = found;
			stage = stage_rows[i].stage;
		}
	}
	return stage;
}

enum smtp_stage reply_stage(struct span text)
{
	return reply_stage_around(text, text.n);
}

#define HOST_BYTES 255

static bool is_host_char(char c)
{
	return text_is_alnum(c) || c == '.' || c == '-' || c == '_' ||
	       c == ':' || (c & 0x80) != 0;
}

static bool is_ipv6(struct span host)
{
	size_t i, colons = 0;

	for (i = 0; i < host.n; i++) {
		char c = text_lower(host.p[i]);

		if (c == ':')
			colons++;
		else if (!text_is_digit(c) && (c < 'a' || c > 'f') && c != '.')
			return false;
	}
	return colons >= 2;
}

/* The host name or IP address that begins at `at`, or empty. */
static struct span host_at(struct span text, size_t at)
{
	struct span host;
	size_t end;

	while (at < text.n && (text_is_space(text.p[at]) || text.p[at] == '[' ||
			       text.p[at] == '(' || text.p[at] == '<'))
		at++;
	for (end = at; end < text.n && end - at <= HOST_BYTES &&
		       is_host_char(text.p[end]);
	     end++)
		continue;
	host = span_make(text.p + at, end - at);
	if (end < text.n && text.p[end] == '@')
		host.n = 0;
	while (host.n > 0 &&
	       (host.p[host.n - 1] == '.' || host.p[host.n - 1] == ':'))
		host.n--;
	if (host.n > HOST_BYTES ||
	    (span_find_char(host, ':') != SPAN_NONE
		     ? !is_ipv6(host)
		     : span_find_char(host, '.') == SPAN_NONE))
		host.n = 0;
	return host;
}

/* The host whose name ends before `at`, an address in brackets skipped. */
static struct span host_before(struct span text, size_t at)
{
	size_t start;

	while (at > 0 && text_is_space(text.p[at - 1]))
		at--;
	if (at > 0 && (text.p[at - 1] == ']' || text.p[at - 1] == ')')) {
		size_t most = HOST_BYTES;

		while (at > 0 && most-- > 0 && text.p[at - 1] != '[' &&
		       text.p[at - 1] != '(')
			at--;
		if (at > 0)
			at--;
		while (at > 0 && text_is_space(text.p[at - 1]))
			at--;
	}
	for (start = at; start > 0 && at - start < HOST_BYTES &&
			 is_host_char(text.p[start - 1]);
	     start--)
		continue;
	return host_at(span_cut(text, at), start);
}

struct remote_row {
	const char *phrase;
	bool behind; /* the host stands behind the phrase, else before it */
};

static const struct remote_row remote_rows[] = {
	{"while talking to ", true},
	{"conversation with ", true},
	{"lost connection with ", true},
	{"connect to ", true},
	{"connected to ", true},
	{"connection to ", true},
	{"giving up on ", true},
	{"remote host ", true},
	{"remote server at ", true},
	{"reply: read error from ", true},
	{"timed out with ", true},
	{"refused by ", true},
	{"reset by ", true},
	{"broken with ", true},
	{" by ", true},
	{"host ", true},
	{"host: ", true},
	{" said:", false},
	{" refused to talk to me", false},
	{" did not like our ", false},
	{" does not like recipient", false},
	{" failed after I sent the message", false},
	{" failed on DATA command", false},
	{" returned", false},
	{" gave this error:", false},
	{" responded ", false},
	{" failed with:", false},
};

struct span reply_remote_around(struct span text, size_t at)
{
	struct span remote = {NULL, 0}, host;
	size_t i, found, end = 0, best = 0;

	for (i = 0; i < sizeof(remote_rows) / sizeof(remote_rows[0]); i++) {
		const struct remote_row *row = &remote_rows[i];

		for (found = reply_phrase_find(text, 0, row->phrase, &end);
		     found != SPAN_NONE && found < at;
		     found = reply_phrase_find(text, found + 1, row->phrase,
					       &end)) {
			host = row->behind ? host_at(text, end)
					   : host_before(text, found);
			if (host.n > 0 && found >= best) {
				remote = host;
				best = found;
			}
		}
	}
	return remote;
}

struct span reply_remote(struct span text)
{
	return reply_remote_around(text, text.n);
}

/* What relays and their resolvers say themselves, a code in front or not. */
static const char *const own_words[] = {
	"name server:",
	"host or domain name not found",
	"loops back to myself",
	"local configuration error",
	"deferred: connection",
	"deferred: name server",
	"name or service not known",
	"mx list for",
	"too many hops",
	"host unknown",
	"cannot find your hostname",
	NULL,
};

static const char *const remote_words[] = {
	"said:",
	"<<<",
	"in reply to",
	"in response to",
	"refused to talk",
	"did not like",
	"remote host said",
	"remote server",
	"remote mail",
	"other server returned",
	"after RCPT TO",
	"after MAIL FROM",
	"after end of data",
	"after DATA",
	"generated following response",
	"server message",
	"responded",
	"response from",
	"smtp error from",
	"server replied",
	"->",
	"returned",
	"error_code",
	NULL,
};

static bool has_any(struct span text, const char *const *phrases)
{
	for (; *phrases != NULL; phrases++)
		if (reply_phrase_find(text, 0, *phrases, NULL) != SPAN_NONE)
			return true;
	return false;
}

/* Nothing but codes and signs stands before it. */
static bool begins_at(struct span text, size_t at)
{
	size_t i;

	for (i = 0; i < at && i < text.n; i++)
		if (text_is_alpha(text.p[i]))
			return false;
	return at < text.n;
}

bool reply_is_remote(struct span text, size_t at, bool has_code)
{
	if (has_any(text, remote_words) &&
	    (has_code ||
	     reply_phrase_find(text, 0, "said:", NULL) != SPAN_NONE))
		return true;
	return has_code && begins_at(text, at) && !has_any(text, own_words);
}

static int exit_number_at(struct span text, size_t at)
{
	size_t end = at;
	int value;

	while (at < text.n && (text_is_space(text.p[at]) || text.p[at] == ':' ||
			       text.p[at] == '='))
		at++;
	for (end = at; end < text.n && text_is_digit(text.p[end]); end++)
		continue;
	if (end < text.n && (text.p[end] == '.' || text.p[end] == '-') &&
	    end + 1 < text.n && text_is_digit(text.p[end + 1]))
		return -1;
	if (num_int(text.p + at, end - at, 255, &value) < 0 || value == 0)
		return -1;
	return value;
}

int reply_exit_code(struct span text)
{
	static const char *const phrases[] = {
		"exit status ",	       "exit code ",
		"exit status:",	       "exit code:",
		"exited with value ",  "died with status ",
		"exited with status ", "exited with code ",
		"transport returned ", "command returned ",
		"exit value ",	       NULL};
	size_t i, end;
	int value;

	text = span_trim(text);
	if (text.n > 0 && text.n <= 3 && text_is_digit(text.p[0]))
		return exit_number_at(text, 0);
	for (i = 0; phrases[i] != NULL; i++) {
		if (reply_phrase_find(text, 0, phrases[i], &end) == SPAN_NONE)
			continue;
		value = exit_number_at(text, end);
		if (value > 0)
			return value;
	}
	return -1;
}
