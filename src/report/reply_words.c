#include "report/reply.h"

#include "report/reply_scan.h"

#include "util/num.h"

/*
 * What mail systems write around a reply: which host spoke, whether the words
 * are its own, which status a program left with. Rows of data; the nearest
 * wording before the reply decides.
 */

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

bool reply_phrase_may_begin(struct span text, size_t at, char first)
{
	if (first == ' ')
		return text_is_space(text.p[at]) &&
		       (at == 0 || !text_is_space(text.p[at - 1]));
	return text_lower(text.p[at]) == text_lower(first);
}

/* The phrase's first word, between its spaces. */
static struct span first_word(const char *phrase)
{
	struct span word = span_of(phrase);

	while (word.n > 0 && word.p[0] == ' ')
		word = span_from(word, 1);
	return span_cut(word, span_find_char(word, ' '));
}

/* The start of the white space before `at`; `at` where there is none. */
static size_t space_before(struct span text, size_t at)
{
	while (at > 0 && text_is_space(text.p[at - 1]))
		at--;
	return at;
}

size_t reply_phrase_find(struct span text, size_t from, const char *phrase,
			 size_t *end_r)
{
	struct span word = first_word(phrase);
	size_t rarest, at, start, end;

	if (word.n == 0)
		return SPAN_NONE;
	rarest = text_rarest(word);
	for (at = from + rarest; at < text.n; at++) {
		at = span_find_letter(text, at, word.p[rarest]);
		if (at == SPAN_NONE)
			break;
		start = at - rarest;
		if (*phrase == ' ')
			start = space_before(text, start);
		if (start < from)
			continue;
		end = reply_phrase_at(text, start, phrase);
		if (end == SPAN_NONE)
			continue;
		if (end_r != NULL)
			*end_r = end;
		return start;
	}
	return SPAN_NONE;
}

bool reply_phrase_is_in(struct span text, const struct grams *g,
			const char *phrase)
{
	return grams_may_hold(g, phrase) &&
	       reply_phrase_find(text, 0, phrase, NULL) != SPAN_NONE;
}

bool reply_is_inside_word(struct span text, size_t at)
{
	return at > 0 && text_is_alnum(text.p[at]) &&
	       text_is_alnum(text.p[at - 1]);
}

#define HOST_BYTES 255

static bool is_host_char(char c)
{
	return text_is_letter(c) || text_is_digit(c) || c == '.' || c == '-' ||
	       c == '_' || c == ':';
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
	{" #", false},
};
#define REMOTE_ROWS (sizeof(remote_rows) / sizeof(remote_rows[0]))

/* Of each row's phrase; 0 until it is asked for. */
static uint16_t remote_grams[REMOTE_ROWS];

/* The rows that text may hold, in their order. */
struct remote_rows {
	const struct remote_row *list[REMOTE_ROWS];
	size_t count;
	uint32_t letters; /* that they begin with */
};

static void remote_rows_in(struct remote_rows *rows, const struct grams *g)
{
	size_t i;

	rows->count = 0;
	rows->letters = 0;
	for (i = 0; i < REMOTE_ROWS; i++) {
		const char *phrase = remote_rows[i].phrase;

		if (!grams_may_hold_kept(g, phrase, &remote_grams[i]))
			continue;
		rows->list[rows->count++] = &remote_rows[i];
		rows->letters |= reply_letter_bit(phrase[0]);
	}
}

/* The host that a wording which begins at `at` names, or empty. */
static struct span remote_at(struct span text, size_t at,
			     const struct remote_rows *rows)
{
	struct span host = {NULL, 0};
	size_t i, end;

	for (i = 0; i < rows->count && host.n == 0; i++) {
		const struct remote_row *row = rows->list[i];

		if (!reply_phrase_may_begin(text, at, row->phrase[0]))
			continue;
		end = reply_phrase_at(text, at, row->phrase);
		if (end != SPAN_NONE)
			host = row->behind ? host_at(text, end)
					   : host_before(text, at);
	}
	return host;
}

struct span reply_remote_around(struct span text, const struct grams *g,
				size_t at)
{
	struct span host = {NULL, 0};
	UNCLEARED struct remote_rows rows;
	size_t i;

	remote_rows_in(&rows, g);
	if (rows.count == 0)
		return host;
	for (i = at < text.n ? at : text.n; i > 0 && host.n == 0; i--)
		if ((rows.letters & reply_letter_bit(text.p[i - 1])) != 0 &&
		    !reply_is_inside_word(text, i - 1))
			host = remote_at(text, i - 1, &rows);
	return host;
}

struct span reply_remote(struct span text)
{
	UNCLEARED struct grams grams;

	grams_read(&grams, text);
	return reply_remote_around(text, &grams, text.n);
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
PHRASES(own_words);

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
PHRASES(remote_words);

static bool has_any(struct span text, const struct grams *g,
		    struct phrases *phrases)
{
	const char *phrase;
	size_t nth = 0;

	while ((phrase = phrases_next(phrases, g, &nth)) != NULL)
		if (reply_phrase_find(text, 0, phrase, NULL) != SPAN_NONE)
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

/* "mx.example.net #550 5.1.1 User unknown ##": Exchange hands on a reply. */
static bool is_behind_host(struct span text, size_t at)
{
	return at >= 2 && at <= text.n && text.p[at - 1] == '#' &&
	       text_is_space(text.p[at - 2]) && host_before(text, at - 2).n > 0;
}

bool reply_is_remote(struct span text, const struct grams *g, size_t at,
		     bool has_code)
{
	if (has_any(text, g, remote_words_phrases) &&
	    (has_code || reply_phrase_is_in(text, g, "said:")))
		return true;
	if (!has_code)
		return false;
	return is_behind_host(text, at) ||
	       (begins_at(text, at) && !has_any(text, g, own_words_phrases));
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

int reply_exit_code_in(struct span text, const struct grams *g)
{
	static const char *const phrases[] = {
		"exit status ",	       "exit code ",
		"exit status:",	       "exit code:",
		"exited with value ",  "died with status ",
		"exited with status ", "exited with code ",
		"transport returned ", "command returned ",
		"exit value ",	       NULL};
	PHRASES(phrases);
	const char *phrase;
	size_t nth = 0, end;
	int value;

	text = span_trim(text);
	if (text.n > 0 && text.n <= 3 && text_is_digit(text.p[0]))
		return exit_number_at(text, 0);
	while ((phrase = phrases_next(phrases_phrases, g, &nth)) != NULL) {
		if (reply_phrase_find(text, 0, phrase, &end) == SPAN_NONE)
			continue;
		value = exit_number_at(text, end);
		if (value > 0)
			return value;
	}
	return -1;
}

int reply_exit_code(struct span text)
{
	UNCLEARED struct grams grams;

	grams_read(&grams, text);
	return reply_exit_code_in(text, &grams);
}
