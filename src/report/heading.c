/*
 * What a mail system writes above the list of those whom it did not reach.
 * There are as many sentences as programs; each has a word for them or for the
 * mail, and one for what went wrong.
 */
#include "report/heading.h"

#include "report/format_text.h"
#include "report/languages.h"

#define SENTENCE_BYTES 300

static const char *const whom[] = {
	/* English, German, Dutch, Nordic */
	"recipient", "address", "mailbox", "users", "deliver", "your message",
	"your mail", "your email", "your e-mail", "the mail", "empfänger",
	"zustell", "postf", "ontvanger", "mottag", "modtag", "mottak",
	/* French, Spanish, Portuguese, Italian, Romanian */
	"destinat", "votre message", "direcci", "buz", "su mensaje", "endereç",
	"sua mensagem", "indirizz", "casell", "messaggio",
	/* Polish, Czech, Hungarian, Turkish */
	"odbior", "adres", "příjemc", "címzett", "alıcı",
	/* Russian, Ukrainian, Greek */
	"олучател", "дрес", "тримувач", "αραλήπτ",
	/* Asian */
	"宛先", "送信先", "受信者", "收件人", "收件者", "수신자", "받는",
	"người nhận", "penerima", NULL};
PHRASES(whom);

static const char *const wrong[] = {
	/* English; "not" in other languages stands before what follows */
	"not ", "n't ", "no delivery", "unable", "fail", "refus", "reject",
	"bounce", "error", "problem", "invalid", "unknown", "unsuccess",
	"given up", "giving up", "returned", "impossible", "undeliver",
	"are full", "is full",
	/* German, Dutch, Nordic */
	"nicht ", "ungültig", "unbekannt", "fehl", "abgelehnt", "niet ",
	"ongeldig", "onbekend", "geweigerd", "mislukt", "inte ", "ikke ",
	"misly", "okänd", "ukendt", "ukjent",
	/* French, Spanish, Portuguese, Italian */
	" pas ", "inconnu", "erreur", "échou", "échec", "Échec", "inválid",
	"desconocid", "desconhecid", "sconosciut", "rechaz", "rejeit", "rifiut",
	"não ", "no se ", "non è ", "non sono ", "falh",
	/* Polish, Czech, Hungarian, Turkish */
	"nie ", "nieznan", "nelze", "nepodař", "neznám", "nem ", "sikertelen",
	"edilemedi", "geçersiz",
	/* Russian, Ukrainian, Greek */
	" не ", "шиб", "еизвест", "евозможн", "омилк", "δεν ", "Δεν ", "απέτυχ",
	/* Asian */
	"できません", "できなかった", "失敗", "エラー", "不明", "失败", "无法",
	"無法", "无效", "못", "실패", "không ", "tidak ", "gagal", NULL};
PHRASES(wrong);

/*
 * Who wrote it, that it arrived or waits, whom to write to instead, or what an
 * account lacks: what is wrong is something else.
 */
static const char *const others[] = {"from the following",
				     "from these",
				     "mail from",
				     "mails from",
				     "messages from",
				     "sender",
				     "expéditeur",
				     "remitente",
				     "remetente",
				     "mittente",
				     "is complete",
				     "successfully",
				     "arrived",
				     "delivered to the mailbox",
				     "without",
				     "was delivered",
				     "were delivered",
				     "queue",
				     "accettat",
				     "proveniente",
				     "ohne fehler",
				     "sans erreur",
				     "sin error",
				     "senza error",
				     "fehlerfrei",
				     ": 0",
				     "confirm",
				     "notification was sent",
				     "password",
				     "log in",
				     " held ",
				     "on hold",
				     "quarantin",
				     "yet read",
				     "if you",
				     " new ",
				     "moved",
				     "replaced",
				     "instead",
				     "successor",
				     "colleague",
				     "neue",
				     "nachfolg",
				     "nouvel",
				     "nuev",
				     "nuov",
				     "novo",
				     "nieuw",
				     NULL};
PHRASES(others);

static bool tells_failure(struct span sentence)
{
	return text_has_any(sentence, wrong_phrases) &&
	       text_has_any(sentence, whom_phrases) &&
	       !text_has_any(sentence, others_phrases) &&
	       !languages_refer(sentence);
}

/* The sentence with which text ends. */
static struct span last_sentence(struct span text)
{
	size_t from;

	text = span_trim(text);
	from = text.n;
	while (from > 0 && text.n - from < SENTENCE_BYTES &&
	       (from == text.n || !text_ends_sentence(text, from - 1)))
		from--;
	return span_from(text, from);
}

/* Nothing but bullets and the like before the first address. */
static bool begins_with_address(struct span line)
{
	struct span address;
	size_t i, n;

	if (text_address_find(line, 0, &address) == 0)
		return false;
	n = text_offset(line, address);
	for (i = 0; i < n && !text_is_alpha(line.p[i]); i++)
		continue;
	return i == n;
}

size_t heading_lists(struct span text)
{
	struct span line, head = {NULL, 0};
	size_t at = 0, count = 0;

	while (text_next_line(text, &at, &line)) {
		if (text_is_blank(line))
			continue;
		if (!begins_with_address(line))
			head = last_sentence(span_cut(text, at));
		else if (count > 0 || tells_failure(head))
			count++;
	}
	return count;
}
