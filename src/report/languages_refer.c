/*
 * Of whose mail and of whom a text speaks: to the one who sent it, or of
 * somebody to write to instead.
 */
#include "report/languages.h"

#include <string.h>

#include "report/format_text.h"
#include "report/kind.h"
#include "report/reply_scan.h"
#include "report/words.h"

/* What we sent, in the words of whoever speaks to us of it. */
static const char *const our_mail[] = {
	/* English, German, Dutch */
	"your message", "your mail", "your e-mail", "your email", "you sent",
	"your document", "original m", "returned m", "ihre nachricht",
	"ihre mail", "ihre e-mail", "ihrer nachricht", "ihr dokument",
	"deine nachricht", "deine mail", "uw bericht", "uw e-mail",
	"je bericht",
	/* French, Spanish, Portuguese, Italian, Romanian */
	"votre message", "votre courriel", "votre mail", "su mensaje",
	"su correo", "sua mensagem", "seu e-mail", "seu email", "suo messaggio",
	"tuo messaggio", "mesajul dvs", "mesajul dumneavoastr",
	/* Nordic, Slovak, Turkish, Greek, Ukrainian, Estonian */
	"ditt meddelande", "din e-post", "din besked", "vaša správa",
	"vašu správu", "vašej správy", "iletiniz", "mesajınız", "ήνυμά σας",
	"аш лист", "teie kiri",
	/* Asian */
	"thư của bạn", "pesan anda", NULL};
PHRASES(our_mail);

/* Mail, ours or the notice itself: in English, of which the words are known, */
static const char *const the_mail[] = {"the message", "this message",
				       "following message", NULL};
PHRASES(the_mail);

/* and where a language has no word for the owner, or bounces do without. */
static const char *const any_mail[] = {
	/* Italian, Romanian, Nordic, Finnish */
	"il messaggio", "mesaj", "meldingen", "meddelelse", "viesti",
	/* Polish, Czech, Hungarian */
	"wiadomoś", "zpráv", "zenet",
	/* Russian, Ukrainian, Greek */
	"исьм", "ообщени", "овідомлення", "ήνυμα",
	/* Catalan, Galician, Basque, Icelandic, Albanian */
	"missatge", "correu", "mensaxe", "mezua", "skilabo", "mesazh",
	/* Croatian, Slovenian, Serbian, Macedonian, Bulgarian */
	"poruk", "sporočil", "орук", "орака", "ъобщени",
	/* Estonian, Latvian, Lithuanian */
	"sõnum", "ziņojum", "vēstul", "laišk", "pranešim",
	/* Thai, Persian, Hindi, Malay, Georgian, Armenian */
	"ข้อความ", "อีเมล", "پیام", "संदेश", "mesej", "შეტყობინებ", "աղորդագր",
	/* Hebrew, Arabic, Asian */
	"הודע", "رسال", "メール", "メッセージ", "邮件", "郵件", "메일",
	"메시지", NULL};
PHRASES(any_mail);

bool languages_speak_of_mail(struct span text)
{
	return text_has_any(text, our_mail_phrases) ||
	       text_has_any(text, the_mail_phrases) ||
	       text_has_any(text, any_mail_phrases);
}

bool languages_speak_of_themselves(struct span sentence)
{
	static const char *const words[] = {
		"automat", "втомат", "υτόματ",	 "otomatik", "自動",
		"自动",	   "자동",   "送信専用", "تلقائي",   NULL};
	PHRASES(words);

	return !kind_speaks_of_failure(sentence) &&
	       text_has_any(sentence, words_phrases);
}

static bool tells_no_failure(struct span sentence)
{
	return !kind_speaks_of_failure(sentence);
}

/* Whether a word stands in a sentence that is not left out. */
static bool has_sentence(struct span text, const char *word,
			 bool (*is_left_out)(struct span sentence))
{
	size_t at = 0, from, end, stop;

	while ((at = reply_phrase_find(text, at, word, &end)) != SPAN_NONE) {
		for (from = at;
		     from > 0 && !text_ends_sentence(text, from - 1);)
			from--;
		for (stop = end;
		     stop < text.n && !text_ends_sentence(text, stop);)
			stop++;
		if (!is_left_out(span_from(span_cut(text, stop), from)))
			return true;
		at = end;
	}
	return false;
}

bool languages_speak_of_ours(struct span text)
{
	if (text_has_any(text, our_mail_phrases))
		return true;
	for (size_t i = 0; the_mail[i] != NULL; i++)
		if (has_sentence(text, the_mail[i], tells_no_failure))
			return true;
	for (size_t i = 0; any_mail[i] != NULL; i++)
		if (has_sentence(text, any_mail[i],
				 languages_speak_of_themselves))
			return true;
	return false;
}

/* A first letter that may be a capital is left out where it is not ASCII. */
static bool names_recipient(struct span label)
{
	static const char *const names[] = {
		/* German, Dutch, Nordic, Finnish */
		"recipient", "empfänger", "empfängeradresse", "ontvanger",
		"geadresseerde", "mottagare", "modtager", "mottaker",
		"vastaanottaja",
		/* French, Spanish, Portuguese, Italian, Romanian */
		"destinataire", "destinatario", "destinatário", "destinatar",
		/* Polish, Czech, Slovak, Hungarian, Turkish */
		"odbiorca", "adresat", "íjemce", "jemca", "mzett", "alıcı",
		/* Greek, Russian, Ukrainian */
		"αραλήπτης", "олучатель", "дресат", "держувач",
		/* Japanese, Korean */
		"宛先", "宛て先", "あて先", "送信先", "配信先", "送付先",
		"送り先", "受信者", "受取人", "받는사람", "받는 사람", "수신자",
		/* Chinese, Vietnamese, Thai, Indonesian, Persian, Hebrew */
		"收件人", "收件者", "收信人", "接收人", "người nhận", "ผู้รับ",
		"penerima", "گیرنده", "المستلم", "נמען",
		/* South Slavic, Baltic, Estonian, Catalan, Icelandic */
		"prejemnik", "primatelj", "primalac", "рималац", "римач",
		"олучател", "saņēmējs", "gavėjas", "saaja", "destinatari",
		"viðtakandi", NULL};

	return words_end_any(label, names) != NULL;
}

/* "Empfänger / To" in two languages, "Empfänger (An)", too. */
bool languages_label_recipient(struct span label)
{
	size_t slash = span_find_char(label, '/');
	size_t bracket = span_find_char(label, '(');

	return names_recipient(label) ||
	       names_recipient(span_trim(span_cut(label, slash))) ||
	       names_recipient(span_trim(span_cut(label, bracket)));
}

/* Words by which a label may mean one who failed, whole or in part. */
static const char *const whole_labels[] = {"to",
					   "address",
					   "e-mail address",
					   "email address",
					   "mail address",
					   "user",
					   "username",
					   "user name",
					   "an",
					   "adresse",
					   "e-mail-adresse",
					   "benutzer",
					   "à",
					   "À",
					   "adresse e-mail",
					   "adresse mail",
					   "para",
					   "a",
					   "dirección",
					   "usuario",
					   "endereço",
					   "usuário",
					   "indirizzo",
					   "utente",
					   "per",
					   "aan",
					   "adres",
					   "do",
					   "komu",
					   "till",
					   "til",
					   "kime",
					   "кому",
					   "Кому",
					   "адрес",
					   "Адрес",
					   "アドレス",
					   "地址",
					   "주소",
					   NULL};
static const char *const label_parts[] = {
	"recipient",   "rcpt",	     "addressee", "intended",	"destin",
	"target",      "sent to",    "mail to",	  "mailed to",	"addressed to",
	"deliver",     "subscriber", "member",	  "fail",	"invalid",
	"unknown",     "reject",     "refus",	  "bounce",	"no such",
	"not found",   "not exist",  "full",	  "error",	"mailbox",
	"address for", "zustell",    "unbekannt", "fehl",	"ungültig",
	"postfach",    "échec",	     "Échec",	  "inconnu",	"erreur",
	"boîte",       "desconocid", "fallid",	  "inválid",	"buzón",
	"desconhecid", "falh",	     "caixa",	  "sconosciut", "errat",
	"casella",     "onbekend",   "mislukt",	  "ongeldig",	"nieznan",
	"błęd",	       "skrzynk",    "еизвест",	  "недостав",	"Недостав",
	"шиб",	       "失败",	     "失敗",	  "エラー",	"不明",
	"无效",	       "错误",	     "오류",	  "실패",	NULL};
PHRASES(label_parts);

bool languages_label_other(struct span label)
{
	if (languages_label_recipient(label) ||
	    languages_speak_of_mail(label) || languages_tell_failure(label) ||
	    text_has_any(label, label_parts_phrases))
		return false;
	for (size_t i = 0; whole_labels[i] != NULL; i++)
		if (span_eq_ci(label, span_of(whole_labels[i])))
			return false;
	return label.n > 0;
}

/* Each ends right before an address, whatever wraps it. */
static const char *const referrals[] = {"contact",
					"write to",
					"send mail to",
					"send email to",
					"send an email to",
					"send it to",
					"send your message to",
					"send messages to",
					"from",
					"assistance",
					"questions",
					"administrator",
					"administrador",
					"administrateur",
					"amministratore",
					"beheerder",
					"administratora",
					"дминистратору",
					"reply to",
					"reach us at",
					"for help",
					"need help",
					"ask",
					"pour toute question",
					"bei fragen",
					"rückfragen an",
					"para cualquier consulta",
					"per informazioni",
					"bij vragen",
					"postmaster",
					"forward to",
					"please try",
					"please use",
					"new address is",
					"neue adresse lautet",
					"neue adresse ist",
					"nouvelle adresse est",
					"nueva dirección es",
					"novo endereço é",
					"nuovo indirizzo è",
					"nieuwe adres is",
					"regards",
					"grüßen",
					"cordialement",
					"saludos",
					"atenciosamente",
					"saluti",
					"powered by",
					"run by",
					"operated by",
					"managed by",
					"maintained by",
					"scanned by",
					"scanned for",
					"betrieben von",
					"did you mean",
					"you meant",
					"similar addresses",
					"suggestions",
					"meinten sie",
					"hnliche adressen",
					"quiso decir",
					"お問い合わせは",
					"исьмо от",
					"wenden sie sich an",
					"sich bitte an",
					"schreiben sie an",
					"schreiben sie bitte an",
					"kontaktieren sie",
					"kontakt",
					"contacter",
					"crire à",
					"crivez à",
					"adresser à",
					"contacto con",
					"contacte con",
					"contactar con",
					"contacte a",
					"contactar a",
					"escriba a",
					"dirigirse a",
					"contacte",
					"contate",
					"contato com",
					"escreva para",
					"contattare",
					"scrivere a",
					"rivolgersi a",
					"contact op met",
					"contact opnemen met",
					"kontakt z",
					"kontaktować się z",
					"kontakta",
					"бращайтесь",
					"бращаться",
					"ишите на",
					"問い合わせ",
					"合わせ先",
					"请联系",
					"請聯絡",
					NULL};

/*
 * "Your message to:" at the head of a sentence tells whom we had mailed;
 * "please send your message to:" goes on from a verb.
 */
static bool is_what_we_sent(struct span before)
{
	static const char *const sent[] = {"your message to", "your mail to",
					   "your email to", "your e-mail to",
					   NULL};
	const char *end = words_end_any(before, sent);
	size_t breaks = 0;

	if (end == NULL)
		return false;
	before = span_cut(before, before.n - strlen(end));
	for (; before.n > 0 && text_is_space(before.p[before.n - 1]);
	     before = span_cut(before, before.n - 1))
		breaks += before.p[before.n - 1] == '\n';
	return before.n == 0 || breaks > 1 ||
	       text_is_wrapping(before.p[before.n - 1]);
}

/* With their colon: without it they may be the name of a recipient. */
static bool is_label_of_help(struct span before)
{
	static const char *const labels[] = {
		"help:",     "support:", "helpdesk:",	"help desk:",
		"hotline:",  "hilfe:",	 "aide:",	"aide :",
		"ayuda:",    "ajuda:",	 "assistenza:", "pomoc:",
		"оддержка:", "омощь:",	 NULL};

	while (before.n > 0 && text_is_space(before.p[before.n - 1]))
		before = span_cut(before, before.n - 1);
	return words_end_any(before, labels) != NULL;
}

/* "Absender: ...", "newsletter of ...": who had sent it. */
static const char *const senders[] = {
	"sender",	  "expéditeur",	     "remitente",
	"remetente",	  "mittente",	     "afzender",
	"avsändare",	  "lähettäjä",	     "nadawca",
	"odesílatel",	  "odosielateľ",     "feladó",
	"expeditor",	  "gönderen",	     "ποστολέας",
	"тправитель",	  "ідправник",	     "подател",
	"差出人",	  "送信者",	     "送信元",
	"发件人",	  "寄件者",	     "寄件人",
	"보낸사람",	  "보낸 사람",	     "발신자",
	"newsletter of",  "message of",	     "newsletter von",
	"nachricht von",  "newsletter de",   "message de",
	"mensaje de",	  "mensagem de",     "newsletter di",
	"messaggio di",	  "nieuwsbrief van", "bericht van",
	"wiadomość od",	  "zpráva od",	     "ообщение от",
	"sender address", "absenderadresse", NULL};

bool languages_offer_help(struct span sentence)
{
	static const char *const words[] = {
		/* English, German, Dutch, Nordic */
		"question", "operator", "contact", "help", "support",
		"assistance", "enquir", "inquir", "hotline", "fragen",
		"kontakt", "hilfe", "wenden sie", "vragen", "hulp", "spørgsmål",
		"spørsmål", "frågor", "hjælp", "hjelp", "hjälp",
		/* French, Spanish, Portuguese, Italian */
		"aide", "renseignement", "consulta", "ayuda", "dúvida",
		"contato", "ajuda", "informazioni", "assistenza",
		/* Polish, Czech, Russian */
		"pytani", "pomoc", "dotaz", "вопрос", "Вопрос", "омощ", "бращ",
		/* what lawyers put below */
		"not the intended", "confidential", "vertraulich",
		"confidentiel", "confidencial", "riservat", "vertrouwelijk",
		/* Japanese, Chinese, Korean */
		"問い合わせ", "連絡", "返信", "联系", "聯絡", "문의", NULL};
	PHRASES(words);

	return text_has_any(sentence, words_phrases);
}

/* Behind what may wrap an address, the colon of Chinese and Japanese too. */
static struct span without_wrapping(struct span before)
{
	struct span colon = span_of("：");

	for (;;) {
		if (before.n > 0 && text_is_wrapping(before.p[before.n - 1]))
			before = span_cut(before, before.n - 1);
		else if (span_ends_ci(before, colon))
			before = span_cut(before, before.n - colon.n);
		else
			return before;
	}
}

bool languages_pass_on(struct span before, struct span between)
{
	static const char *const from[] = {
		" from",    " by",   " par",	" por", " depuis", " desde",
		"с адреса", "from=", "sender=", "von",	" de",	   "da",
		"van",	    "od",    "от",	"fra",	"från",	   "από",
		"din",	    "从",    "從",	"由",	NULL};
	static const char *const to[] = {
		" to",	    " vers",  " hacia", "получателю", "на адрес",
		"адресату", "to=",    "rcpt=",	"recipient=", " for",
		" an",	    " nach",  " à",	" a",	      " para",
		" aan",	    " naar",  " do",	" pro",	      " pre",
		" till",    " til",   " для",	" к",	      " на",
		" προς",    " către", "发往",	"发给",	      "發往",
		"寄往",	    "至",     "到",	NULL};
	/* the others put it behind */
	static const char *const behind[] = {"から", "에서", "adresinden",
					     NULL};

	if (words_start_any(between, behind))
		return true;
	before = without_wrapping(before);
	between = without_wrapping(between);
	return words_end_any(before, from) != NULL &&
	       (span_eq_ci(between, SPAN("to")) ||
		words_end_any(between, to) != NULL);
}

bool languages_refer(struct span before)
{
	if (is_label_of_help(before))
		return true;
	before = without_wrapping(before);
	return !is_what_we_sent(before) &&
	       (words_end_any(before, referrals) != NULL ||
		words_end_any(before, senders) != NULL);
}
