/*
 * A report that somebody got and shows: what it says is about mail of his.
 */
#include "report/quoting.h"

#include "report/author.h"
#include "report/format_text.h"
#include "report/kind.h"
#include "report/returned.h"
#include "report/title.h"
#include "report/words.h"

/* Nothing else begins so, whatever a list on the way added to the header. */
static const char *const headings[] = {
	"--- non-delivery report ---",
	"this is an automatically generated delivery status",
	"this is the mail system at host",
	"hi. this is the",
	"this message was created automatically by mail delivery software",
	"delivery has failed to these recipients",
	"this is a delivery status notification from",
	"your message did not reach some or all of the intended recipients",
	NULL};
PHRASES(headings);

bool quoting_has_heading(const struct reading *in)
{
	return words_start_any(in->input.text, headings);
}

/* "[EXTERNAL]", "CAUTION: ...": a gateway's, above whatever passes it. */
static bool is_banner(struct span line)
{
	static const char *const words[] = {"[ext",	"external",  "caution",
					    "warning:", "extern:",   "achtung",
					    "outside",	"untrusted", NULL};
	PHRASES(words);

	return words_contain_any(line, words_phrases);
}

/* "Von: ...", "보낸 사람: ...": *value_r is what stands behind. */
static bool is_header_line(struct span line, struct span *value_r)
{
	size_t colon = span_find_char(line, ':');

	if (colon == SPAN_NONE || colon == 0 || colon > 30 ||
	    !text_is_letter(line.p[0]) ||
	    span_find_char(span_cut(line, colon), '@') != SPAN_NONE)
		return false;
	*value_r = span_from(line, colon + 1);
	return true;
}

/*
 * The header of a report that somebody got stands in the text, as all mail
 * programs show it when they hand mail on: who wrote it, and its title.
 */
static bool shows_header_of_report(struct span text)
{
	size_t at = 0, end = 0, block = 0;
	struct span line, value;
	bool daemon = false;

	while (end = at, text_next_line(text, &at, &line)) {
		if (is_header_line(span_trim(line), &value)) {
			daemon = daemon || author_is_named_daemon(value) ||
				 author_is_system(value);
			continue;
		}
		if (daemon && kind_speaks_of_failure(
				      span_from(span_cut(text, end), block)))
			return true;
		daemon = false;
		block = at;
	}
	return daemon && kind_speaks_of_failure(span_from(text, block));
}

bool quoting_is(const struct reading *in)
{
	struct span text = in->input.text, line;
	bool banner = false;
	size_t at = 0;

	if (in->input.machine_part ||
	    (in->from_daemon &&
	     !(author_is_postmaster(in) && author_has_own_path(in))) ||
	    author_is_system(headers_raw(&in->headers, "From", 0)) ||
	    (in->report->null_return_path && author_is_robot(in) &&
	     kind_speaks_of_failure(span_of(in->report->subject))))
		return false;
	if (shows_header_of_report(text))
		return true;
	/* Our mail that came back may have held anything. */
	text = span_cut(text, text.n - returned_inline(text, 0).n);
	if (!text_has_any(text, headings_phrases))
		return false;
	if (author_has_own_path(in) && !in->from_daemon)
		return true;
	while (text_next_line(text, &at, &line)) {
		if (words_start_any(line, headings))
			return false;
		banner = text_has_letter(line) && (banner || is_banner(line));
		if (text_has_letter(line) && !banner)
			return true;
	}
	return true;
}

/* ">>> RCPT To:<...>": what a system said, in the session that it shows. */
static bool is_command(struct span line)
{
	static const char *const commands[] = {
		">>> DATA", ">>> RCPT", ">>> MAIL", ">>> EHLO", ">>> HELO",
		">>> BDAT", ">>> RSET", ">>> QUIT", NULL};

	return words_start_any(line, commands);
}

bool quoting_is_form(const struct reading *in)
{
	static const char *const names[] = {
		"name:",      "name :",	    "your name:", "full name:",
		"first name", "firstname:", "vorname",	  "ihr name:",
		"nom:",	      "nom :",	    "prénom",	  "nombre:",
		"nome:",      "naam:",	    "namn:",	  "navn:",
		"nimi:",      "imię",	    "jméno",	  "név:",
		"имя:",	      "Имя:",	    "ваше имя:",  "Ваше имя:",
		"お名前",     "姓名",	    "이름",	  NULL};

	return !in->input.machine_part && !in->returned &&
	       words_start_any(span_trim_start(in->input.text), names);
}

bool quoting_is_answer(const struct reading *in)
{
	struct span text = in->input.text, line;
	size_t start = 0, at = 0;

	if (in->input.machine_part ||
	    (in->from_daemon && !title_answers(span_of(in->report->subject))))
		return false;
	while (start = at, text_next_line(text, &at, &line)) {
		if (line.n == 0 || line.p[0] != '>' || is_command(line))
			continue;
		/* Programs put what they quote on top. */
		text = span_trim(span_cut(text, start));
		return !kind_speaks_of_failure(text) &&
		       (text.n > 0 || !in->from_daemon ||
			!in->report->null_return_path);
	}
	return false;
}
