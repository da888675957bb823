/*
 * Reports about reports: what they name failed in the mail of others, or is
 * held and not failed at all.
 */
#include "report/tally.h"

#include "report/format_text.h"
#include "report/kind.h"
#include "report/words.h"

bool tally_is(const struct reading *in)
{
	static const char *const times[] = {
		"hourly ",    "daily ",	    "nightly ",	   "weekly ",
		"monthly ",   "täglich",    "wöchentlich", "monatlich",
		"rapport q",  "rapport h",  "resumen ",	   "resumo ",
		"riepilogo",  "dagelijks",  "ежедневн",	   "Ежедневн",
		"еженедельн", "Еженедельн", NULL};
	static const char *const tallies[] = {
		"report",     "summary", "statistic", "statistik",
		"digest",     "bericht", "overzicht", "quotidien",
		"hebdo",      "diario",	 "semanal",   "giornalier",
		"settimanal", "тчет",	 "тчёт",      NULL};
	PHRASES(tallies);
	static const char *const counts[] = {
		"statistic",   "statistik",   "quarantine",  "quarantäne",
		"quarantaine", "cuarentena",  "quarentena",  "quarantena",
		"digest",      "spam report", "spam-report", "held messages",
		NULL};
	PHRASES(counts);
	static const char *const ours[] = {
		"your message",	 "your mail",	  "your e-mail",
		"your email",	 "you sent",	  "ihre nachricht",
		"ihre e-mail",	 "votre message", "su mensaje",
		"sua mensagem",	 "suo messaggio", "uw bericht",
		"аше сообщение", "аше письмо",	  NULL};
	PHRASES(ours);
	struct span subject = span_of(in->report->subject);

	if (in->input.machine_part || in->returned)
		return false;
	return ((words_start_any(subject, times) &&
		 words_contain_any(subject, tallies_phrases)) ||
		(text_has_any(subject, counts_phrases) &&
		 !kind_quotes_title(subject) &&
		 (span_find(subject, SPAN(": ")) != SPAN_NONE ||
		  !kind_speaks_of_failure(subject)))) &&
	       !text_has_any(text_head(in->input.text), ours_phrases);
}
