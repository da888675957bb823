/*
 * Titles by which people, lists, help desks and monitors are told from mail
 * systems.
 */
#include "report/title.h"

#include "report/format_text.h"
#include "report/kind.h"
#include "report/words.h"

static const char *const forward_prefixes[] = {
	"fwd:", "fw:",	"wg:",	"tr:",	"rv:",	"enc:",	 "i:",	 "doorst:",
	"re:",	"aw:",	"sv:",	"vs:",	"ref:", "antw:", "rif:", "odp:",
	"转发", "回复", "fwd ", "[fwd", "yl:",	"vb:",	 "vl:",	 "pd:",
	"res:", "ynt:", "ilt:", "bls:", "trs:", "r:",	 "転送", "返信",
	"轉寄", "轉發", "回覆", "答复", NULL,
};

/* "[news] Re: ...": a list puts its name before. */
bool title_answers(struct span subject)
{
	size_t end = span_find_char(subject, ']');

	if (words_start_any(subject, forward_prefixes))
		return true;
	return subject.n > 0 && subject.p[0] == '[' && end != SPAN_NONE &&
	       words_start_any(span_from(subject, end + 1), forward_prefixes);
}

/*
 * "[#42] Undelivered mail", "[example.com #42] ...", "[Ticket 42] ...": a help
 * desk numbers what people, and mail systems, wrote to it, and tells others.
 */
bool title_ends_in_number(struct span subject)
{
	static const char *const tickets[] = {"#", "ticket", "case", "request",
					      NULL};
	size_t open = subject.n;

	if (!span_ends_ci(subject, SPAN("]")) || subject.n < 2 ||
	    !text_is_digit(subject.p[subject.n - 2]))
		return false;
	while (open > 0 && subject.p[open - 1] != '[')
		open--;
	return open > 0 && words_start_any(span_from(subject, open), tickets);
}

/* "[Bug 77]", "[INC-77]": letters, something between, and a number. */
static bool is_name_and_number(struct span s)
{
	size_t i = 0, digits;

	while (i < s.n && text_is_alpha(s.p[i]))
		i++;
	if (i == 0 || i == s.n || text_is_digit(s.p[i]) ||
	    span_starts_ci(s, SPAN("spam")))
		return false;
	while (i < s.n && text_is_any_of(s.p[i], " -#:"))
		i++;
	digits = i;
	while (i < s.n && text_is_digit(s.p[i]))
		i++;
	return i == s.n && i > digits;
}

bool title_is_numbered(struct span subject)
{
	static const char *const tickets[] = {"[ticket", "[case", "[request",
					      NULL};
	size_t end = span_find_char(subject, ']');
	size_t sign = span_find_char(subject, '#');

	if (words_start_any(subject, tickets) && end != SPAN_NONE && end > 0 &&
	    text_is_digit(subject.p[end - 1]))
		return true;
	if (subject.n == 0 || subject.p[0] != '[' || end == SPAN_NONE)
		return false;
	return sign < end && text_is_digit(subject.p[sign + 1]);
}

/* "(MAIL-77)", with no failure before it. */
static bool names_an_issue(struct span subject)
{
	size_t open = span_find_char(subject, '(');
	size_t end = span_find_char(subject, ')');

	return open != SPAN_NONE && end != SPAN_NONE && end > open &&
	       is_name_and_number(
		       span_from(span_cut(subject, end), open + 1)) &&
	       !kind_speaks_of_failure(span_cut(subject, open));
}

bool title_is_of_a_tracker(struct span subject)
{
	size_t end = span_find_char(subject, ']');

	return subject.n > 0 && subject.p[0] == '[' && end != SPAN_NONE &&
	       (is_name_and_number(span_from(span_cut(subject, end), 1)) ||
		names_an_issue(span_from(subject, end)));
}

/* "Request #42: ...", "Ticket 42: ...": the same without brackets. */
bool title_is_of_a_ticket(struct span subject)
{
	static const char *const tickets[] = {"ticket",	 "case ",    "(case",
					      "request", "incident", NULL};
	size_t colon = span_find_char(subject, ':');
	struct span head =
		colon == SPAN_NONE ? subject : span_cut(subject, colon);

	if (!words_start_any(subject, tickets))
		return false;
	for (size_t i = 0; i < head.n; i++)
		if (text_is_digit(head.p[i]))
			return true;
	return false;
}

/* A host that watches others puts the state before what it saw. */
bool title_is_alert(struct span subject)
{
	static const char *const states[] = {
		"[alert",	   "[firing",	   "[resolved",
		"[critical",	   "[warning]",	   "[ok]",
		"[problem",	   "problem:",	   "problem host",
		"problem service", "problem - ",   "problem on host",
		"recovery:",	   "critical:",	   "** problem",
		"** recovery",	   "alarm:",	   "resolved:",
		"cron <",	   "logwatch for", NULL};

	return words_start_any(subject, states);
}

bool title_is_of_talk(struct span subject)
{
	static const char *const talk[] = {
		/* boards */
		"commented on", "comment on", "new comment", "new reply",
		"replied to", "mentioned you", "assigned you",
		"assigned to you", "kommentiert", "neuer kommentar",
		"a commenté", "nouveau commentaire", "ha comentado", "comentó",
		"nuevo comentario", "comentou", "novo comentário",
		"sent you a message", "please moderate", "ha commentato",
		"nuovo commento", "nieuwe reactie", "heeft gereageerd",
		"skomentował", "nowy komentarz", "прокомментировал",
		"овый комментарий", "コメント", "评论", "評論", "댓글",
		/* forms */
		"contact form", "form submission", "form entry", "new entry",
		"new submission", "kontaktformular", "formulaire de contact",
		"formulario de contacto", "formulário de contato",
		"modulo di contatto", "modulo contatti", "contactformulier",
		"kontaktformulär", "formularz kontaktowy", "обратной связи",
		NULL};
	PHRASES(talk);

	if (!words_contain_any(subject, talk_phrases))
		return false;
	for (size_t i = 0; talk[i]; i++) {
		size_t at = span_find_ci(subject, span_of(talk[i]));
		struct span head = span_cut(subject, at);

		if (at != SPAN_NONE && !kind_speaks_of_failure(head) &&
		    !kind_speaks_of_mail(head))
			return true;
	}
	return false;
}

bool title_is_for_postmaster(struct span subject)
{
	static const char *const sessions[] = {
		"postfix smtp server: ", "postfix smtp client: ", NULL};

	return words_start_any(subject, sessions) ||
	       (span_starts_ci(subject, SPAN("Message ")) &&
		span_ends_ci(subject, SPAN(" frozen")));
}
