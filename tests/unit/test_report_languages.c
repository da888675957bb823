#include "report_message.h"

#include "report/languages.h"

/*
 * Notices of mail systems in the languages of their sites, in sentences of
 * our own: which of them tell of a failure, which of a delay, which of none.
 */

#define POSTMASTER                                                             \
	"Return-Path: <>\nFrom: Postmaster <postmaster@mx.example.net>\n"      \
	"To: bounces@news.example.com\nSubject: %s\n"                          \
	"Content-Type: text/plain; charset=utf-8\n\n%s\n"
#define DAEMON                                                                 \
	"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"                \
	"To: bounces@news.example.com\nSubject: Mail\n"                        \
	"Content-Type: text/plain; charset=utf-8\n\n"

/* What becomes of a postmaster's notice. */
static enum report_kind kind_of(const char *subject, const char *text)
{
	struct buf b;

	buf_init(&b);
	buf_addf(&b, POSTMASTER, subject, text);
	read_bytes(b.data, b.len);
	buf_release(&b);
	return report.kind;
}

START_TEST(a_delivery_that_took_place_is_no_failure)
{
	static const char *const told[] = {
		"La consegna del messaggio a user@example.org è avvenuta.",
		"La livraison de votre message à user@example.org a eu lieu.",
		"Doručení zprávy na adresu user@example.org je potvrzeno.",
		"Leveransen till user@example.org är klar.",
		"La entrega de su mensaje a user@example.org ha terminado.",
		"Podczas dostarczania do user@example.org nic nie zaszło.",
		"De aflevering van uw bericht aan u@example.org is bevestigd.",
		"Votre message à user@example.org n'a pas pu être traité.",
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		ck_assert_msg(kind_of("Mail", told[i]) != REPORT_BOUNCE, "%s",
			      told[i]);
}
END_TEST

START_TEST(the_same_delivery_may_have_failed)
{
	static const char *const told[] = {
		"La consegna del messaggio a user@example.org è fallita.",
		"La livraison de votre message à user@example.org a échoué.",
		"Doručení zprávy na adresu user@example.org se nezdařilo.",
		"Leveransen till user@example.org misslyckades.",
		"La entrega de su mensaje a user@example.org ha fracasado.",
		"Wystąpił błąd podczas dostarczania do user@example.org.",
		"De aflevering van uw bericht aan u@example.org is mislukt.",
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		ck_assert_msg(kind_of("Mail", told[i]) == REPORT_BOUNCE, "%s",
			      told[i]);
}
END_TEST

START_TEST(a_daemon_that_tells_of_success_has_nothing_to_blame)
{
	read_message(DAEMON "Wiadomość została dostarczona: "
			    "user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_message(DAEMON "Kézbesítettük: user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_message(DAEMON "Το μήνυμα παραδόθηκε: user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_message(DAEMON "Poruka je uspešno stigla: user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_message(DAEMON "El missatge s'ha lliurat a user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_message(DAEMON "ส่งข้อความสำเร็จ: user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_message(DAEMON "Το μήνυμα δεν παραδόθηκε: user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
}
END_TEST

START_TEST(capitals_say_the_same)
{
	ck_assert_int_eq(kind_of("ΑΠΟΤΥΧΙΑ ΠΑΡΑΔΟΣΗΣ", "user@example.org"),
			 REPORT_BOUNCE);
	ck_assert_int_eq(kind_of("ΑΠΟΤΥΧΊΑ ΠΑΡΆΔΟΣΗΣ", "user@example.org"),
			 REPORT_BOUNCE);
	ck_assert_int_eq(kind_of("Mail", "НЕ УДАЛОСЬ ДОСТАВИТЬ:\n\n"
					 "user@example.org\n"),
			 REPORT_BOUNCE);
	ck_assert_int_eq(kind_of("Mail", "DORUČENÍ ZPRÁVY SE NEZDAŘILO:\n\n"
					 "user@example.org\n"),
			 REPORT_BOUNCE);
}
END_TEST

/* Sentences, titles and labels begin with a capital, beyond ASCII too. */
START_TEST(a_sentence_begins_with_a_capital)
{
	ck_assert_int_eq(kind_of("Mail", "Не доставлено: user@example.org"),
			 REPORT_BOUNCE);
	ck_assert_int_eq(kind_of("Mail", "Доставка сообщения для "
					 "user@example.org провалилась."),
			 REPORT_BOUNCE);
	ck_assert_int_eq(kind_of("Доставка отложена",
				 "Не удалось доставить user@example.org"),
			 REPORT_DELAY);
	ck_assert_int_eq(kind_of("Mail", "Попытки доставки будут продолжены: "
					 "user@example.org"),
			 REPORT_DELAY);
	ck_assert(languages_tell_success(SPAN("Доставлено")));
	ck_assert(languages_tell_success(SPAN("Успешно")));
	ck_assert(!languages_label_other(SPAN("Кому")));
	ck_assert(!languages_label_other(SPAN("Адрес")));
	ck_assert(!languages_label_other(SPAN("Ошибка")));
	ck_assert(!languages_label_other(SPAN("Échec")));
	ck_assert(languages_label_other(SPAN("Имя")));
	ck_assert(languages_refer(SPAN("Обращайтесь: ")));
	ck_assert(languages_refer(SPAN("Поддержка: ")));
	ck_assert(languages_offer_help(SPAN("Вопросы?")));
}
END_TEST

/* A failure whose first letter is left out may be the end of its opposite. */
START_TEST(what_was_possible_is_no_failure)
{
	ck_assert(!languages_tell_failure(
		SPAN("Ваше сообщение удалось доставить.")));
	ck_assert(!languages_tell_failure(
		SPAN("Повідомлення вдалося доставити.")));
	ck_assert(!languages_tell_failure(SPAN("Доступ предоставлен.")));
	ck_assert(!languages_tell_failure(SPAN("Сообщение доставлено.")));
	ck_assert(languages_tell_failure(SPAN("Не удалось доставить.")));
	ck_assert(languages_tell_failure(SPAN("Недоставленное письмо")));
}
END_TEST

START_TEST(to_be_sent_again_is_no_delay)
{
	ck_assert_int_eq(kind_of("Mail",
				 "Votre message pour user@example.net n'a pas "
				 "pu être remis. Il est nécessaire de renvoyer "
				 "votre message à une autre adresse."),
			 REPORT_BOUNCE);
}
END_TEST

START_TEST(an_answering_program_has_its_title)
{
	ck_assert_int_ne(kind_of("Автоматический ответ: Mail",
				 "Сообщение не доставлено. Anna now is at "
				 "user@example.org"),
			 REPORT_BOUNCE);
}
END_TEST

START_TEST(what_is_tried_no_more_has_failed)
{
	static const char *const told[] = {
		"No se pudo entregar a user@example.org. No se seguirá "
		"intentando.",
		"Konnte an user@example.org nicht zugestellt werden. Es wird "
		"nicht weiter versucht.",
		"Não foi possível entregar a user@example.org. Não "
		"continuaremos a tentar.",
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		ck_assert_msg(kind_of("Mail", told[i]) == REPORT_BOUNCE, "%s",
			      told[i]);
}
END_TEST

START_TEST(what_is_tried_again_is_late)
{
	static const char *const told[] = {
		"Aún no se pudo entregar el mensaje para user@example.org; "
		"seguiremos intentando.",
		"Ihre Nachricht an user@example.org konnte bisher nicht "
		"zugestellt werden.",
		"Il messaggio per user@example.org non è ancora stato "
		"recapitato.",
		"Пока не удалось доставить письмо для user@example.org.",
		"Zprávu pro user@example.org se zatím nepodařilo doručit.",
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		ck_assert_msg(kind_of("Mail", told[i]) == REPORT_DELAY, "%s",
			      told[i]);
}
END_TEST

START_TEST(whoever_is_there_to_help_did_not_fail)
{
	static const char *const lines[] = {
		"Support: ",	     "Hilfe: ",	   "You can reach us at ",
		"お問い合わせ：",    "Absender: ", "发件人：",
		"The newsletter of "};
	char message[256];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(message, sizeof(message),
			 "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
			 "Subject: Undeliverable\n\nUser unknown.\n"
			 "%shelp@example.org\n",
			 lines[i]);
		read_message(message);
		ck_assert_uint_eq(report.fact_count, 0);
	}
}
END_TEST

/* How many are named by a daemon that has one address, behind a label. */
static size_t named_behind(const char *label)
{
	struct buf b;

	buf_init(&b);
	buf_addf(&b,
		 DAEMON "Your message could not be delivered.\n\n"
			"%s user@example.org\nReason: 550 5.1.1 user unknown\n",
		 label);
	read_bytes(b.data, b.len);
	buf_release(&b);
	return report.fact_count;
}

START_TEST(a_label_may_name_another_than_who_failed)
{
	static const char *const others[] = {
		"Handled by:",	"Reply-To:",	"Neue Adresse:",
		"Répondre à :", "Mittente:",	"Новый адрес:",
		"返信先：",	"List owner:",	"Copies to:",
		"Contact:",	"Web or mail:", "Your account:"};
	static const char *const failed[] = {
		"Recipient:", "To:",	  "Unknown user:",
		"Empfänger:", "Komu:",	  "Mailed to:",
		"Penerima:",  "收件人：", "Nepavyko pristatyti:"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		ck_assert_msg(named_behind(others[i]) == 0, "%s", others[i]);
	for (size_t i = 0; i < sizeof(failed) / sizeof(failed[0]); i++)
		ck_assert_msg(named_behind(failed[i]) == 1, "%s", failed[i]);
}
END_TEST

START_TEST(a_message_went_from_one_to_the_other)
{
	static const char *const told[] = {
		"The message from news@example.com to user@example.org could "
		"not be delivered.",
		"Die Mail von news@example.com an <user@example.org> konnte "
		"nicht zugestellt werden.",
		"O e-mail de news@example.com para user@example.org não foi "
		"entregue.",
		"Wiadomość od news@example.com do user@example.org nie została "
		"dostarczona.",
		"news@example.com から user@example.org へのメールは配信できま"
		"せんでした",
		"Could not deliver: from=<news@example.com>, "
		"to=<user@example.org>",
		"Could not deliver: news@example.com => user@example.org",
	};
	struct buf b;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		buf_init(&b);
		buf_addf(&b, DAEMON "%s\n550 5.1.1 user unknown\n", told[i]);
		read_bytes(b.data, b.len);
		buf_release(&b);
		ck_assert_msg(report.fact_count == 1, "%s", told[i]);
		ck_assert_str_eq(report.facts[0].address, "user@example.org");
	}
	read_message(DAEMON "Undeliverable: news@example.com by "
			    "user@example.org\n550 5.1.1 user unknown\n");
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(a_sentence_behind_the_reply_may_be_about_anything)
{
	static const char *const others[] = {
		"Example Ltd, 1 Main Street, user@example.org, Springfield",
		"On 4 May 2026, user@example.org wrote:",
		"Scanned with user@example.org's tool"};
	static const char *const failed[] = {
		"The mail was for user@example.org",
		"Your message to <user@example.org> came back",
		"user@example.org is no more", "Unknown: user@example.org"};
	struct buf b;

	for (size_t i = 0; i < 3 + 4; i++) {
		buf_init(&b);
		buf_addf(&b, DAEMON "It failed: 550 5.1.1 user unknown\n\n%s\n",
			 i < 3 ? others[i] : failed[i - 3]);
		read_bytes(b.data, b.len);
		ck_assert_msg(report.fact_count == (i >= 3), "%s", b.data);
		buf_release(&b);
	}
}
END_TEST

START_TEST(who_is_named_behind_the_reply_says_nothing_of_it)
{
	const struct fact *f =
		read_sole(DAEMON "Your message to user@example.org could not "
				 "be delivered:\n550 5.1.1 user unknown\n\n"
				 "Handled by: gate@mx.example.net\n");

	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_ptr_null(strstr(f->diagnostic, "gate@"));
	f = read_sole(DAEMON "Your message to user@example.org could not be "
			     "delivered:\n550 5.1.1 user unknown\n\n"
			     "550 5.7.1 said gate@mx.example.net\n");
	ck_assert_ptr_nonnull(strstr(f->diagnostic, "gate@"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_delivery_that_took_place_is_no_failure,
		the_same_delivery_may_have_failed,
		a_daemon_that_tells_of_success_has_nothing_to_blame,
		capitals_say_the_same,
		a_sentence_begins_with_a_capital,
		what_was_possible_is_no_failure,
		to_be_sent_again_is_no_delay,
		an_answering_program_has_its_title,
		what_is_tried_no_more_has_failed,
		what_is_tried_again_is_late,
		whoever_is_there_to_help_did_not_fail,
		a_label_may_name_another_than_who_failed,
		a_message_went_from_one_to_the_other,
		a_sentence_behind_the_reply_may_be_about_anything,
		who_is_named_behind_the_reply_says_nothing_of_it,
	};

	return RUN_TESTS("report_languages", tests);
}
