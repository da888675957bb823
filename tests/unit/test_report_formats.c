#include <string.h>

#include "report/format.h"
#include "run.h"
#include "util/arena.h"
#include "util/buf.h"

/*
 * Texts of bounces as mail systems lay them out, with words of our own: who
 * is read out of them, with which words, and what is left alone.
 */

static struct arena arena;
static struct headers headers;
static struct findings found;

static const char daemon_headers[] =
	"From: MAILER-DAEMON@mx.example.com\r\nSubject: x\r\n\r\n";

static bool scan(const char *head, const char *text, bool machine_part)
{
	struct format_input in = {.headers = &headers,
				  .text = span_of(text),
				  .machine_part = machine_part};

	arena_reset(&arena);
	headers_parse(&headers, &arena, span_of(head));
	return formats_scan(&in, &arena, &found);
}

/* Reads text from a daemon; it must be of that format, with n recipients. */
static void read_as(const char *format, size_t n, const char *text)
{
	ck_assert_msg(scan(daemon_headers, text, false), "nobody in: %s", text);
	ck_assert_str_eq(found.format, format);
	ck_assert_uint_eq(found.count, n);
}

/* Words as facts keep them: in one line. */
static const char *words_of(const struct fact_draft *d)
{
	struct span rest = d->words, word;
	const char *kept;
	struct buf b;

	buf_init(&b);
	while (span_next_word(&rest, &word)) {
		if (b.len > 0)
			buf_add_char(&b, ' ');
		buf_add(&b, word.p, word.n);
	}
	kept = arena_memdupz(&arena, b.data, b.len);
	buf_release(&b);
	return kept;
}

static void check(size_t i, const char *address, const char *words)
{
	const struct fact_draft *d = &found.list[i];

	ck_assert_uint_lt(i, found.count);
	ck_assert_msg(span_eq(d->address, span_of(address)), "address %.*s",
		      (int)d->address.n, d->address.p);
	ck_assert_str_eq(words_of(d), words);
}

static void check_forward(size_t i, const char *address, const char *final)
{
	const struct fact_draft *d = &found.list[i];

	ck_assert_uint_lt(i, found.count);
	ck_assert_msg(span_eq(d->address, span_of(address)), "address %.*s",
		      (int)d->address.n, d->address.p);
	ck_assert_msg(span_eq(d->final, span_of(final)), "final %.*s",
		      (int)d->final.n, d->final.p);
}

#define POSTFIX_HEAD "This is the mail system at host mx.example.com.\n\n"

START_TEST(postfix_gives_each_recipient_its_own_words)
{
	read_as("postfix", 2,
		POSTFIX_HEAD
		"<lena@example.net>: host mx.example.net[192.0.2.1] said: 550\n"
		"    5.1.1 not here (in reply to RCPT TO command)\n\n"
		"<otto@example.org>: host mx.example.org[192.0.2.2] said: 552\n"
		"    5.2.2 box full (in reply to RCPT TO command)\n");
	check(0, "lena@example.net",
	      "host mx.example.net[192.0.2.1] said: 550 5.1.1 not here (in "
	      "reply to RCPT TO command)");
	check(1, "otto@example.org",
	      "host mx.example.org[192.0.2.2] said: 552 5.2.2 box full (in "
	      "reply to RCPT TO command)");
}
END_TEST

START_TEST(postfix_names_the_alias_that_we_mailed)
{
	read_as("postfix", 1,
		POSTFIX_HEAD
		"<lena.new@example.org> (expanded from <lena@example.net>): "
		"host\n    mx.example.org[192.0.2.2] said: 550 no\n");
	check_forward(0, "lena@example.net", "lena.new@example.org");
}
END_TEST

START_TEST(postfix_may_speak_any_language_beside_a_machine_part)
{
	static const char text[] = "Hier spricht die Post.\n\n"
				   "<lena@example.net>: unbekannt\n";

	ck_assert(!scan(daemon_headers, text, false) ||
		  strcmp(found.format, "postfix") != 0);
	ck_assert(scan(daemon_headers, text, true));
	ck_assert_str_eq(found.format, "postfix");
	check(0, "lena@example.net", "unbekannt");
}
END_TEST

START_TEST(a_delay_warning_is_no_failure)
{
	ck_assert(scan("From: MAILER-DAEMON@mx.example.com\r\n"
		       "Subject: Delayed Mail (still being retried)\r\n\r\n",
		       POSTFIX_HEAD "<lena@example.net>: connect to x.example: "
				    "Connection refused\n",
		       false));
	ck_assert_int_eq(found.list[0].action, ACTION_DELAYED);
}
END_TEST

START_TEST(a_success_report_is_no_failure)
{
	ck_assert(scan("From: MAILER-DAEMON@mx.example.com\r\n"
		       "Subject: Successful Mail Delivery Report\r\n\r\n",
		       POSTFIX_HEAD "<lena@example.net>: delivery via "
				    "mx.example.net: 250 2.1.5 Ok\n",
		       false));
	ck_assert_int_eq(found.list[0].action, ACTION_DELIVERED);
}
END_TEST

#define EXIM_HEAD                                                              \
	"This message was created automatically by mail delivery software.\n"  \
	"\nA message that you sent could not be delivered.\n\n"

START_TEST(exim_gives_each_recipient_its_own_words)
{
	read_as("exim", 2,
		EXIM_HEAD
		"  lena@example.net\n"
		"    SMTP error from remote mail server after RCPT "
		"TO:<lena@example.net>:\n"
		"    550 5.1.1 gone\n"
		"  otto@example.org\n"
		"    retry timeout exceeded\n\n"
		"------ This is a copy of the message, with headers. ------\n\n"
		"  mia@example.net\n"
		"    said she likes it\n");
	check(0, "lena@example.net",
	      "SMTP error from remote mail server after RCPT "
	      "TO:<lena@example.net>: 550 5.1.1 gone");
	check(1, "otto@example.org", "retry timeout exceeded");
}
END_TEST

START_TEST(exim_names_the_address_that_we_mailed)
{
	read_as("exim", 3,
		EXIM_HEAD "  lena.new@example.org\n"
			  "    (generated from lena@example.net)\n"
			  "    550 no\n"
			  "  pipe to |/usr/bin/sorter\n"
			  "    generated by otto@example.net\n"
			  "    child returned 75\n"
			  "  an undisclosed address\n"
			  "    (ultimately generated from mia@example.net)\n");
	check_forward(0, "lena@example.net", "lena.new@example.org");
	check(0, "lena@example.net", "550 no");
	check_forward(1, "otto@example.net", "");
	check_forward(2, "mia@example.net", "");
}
END_TEST

START_TEST(exims_words_end_with_their_paragraph)
{
	read_as("exim", 1,
		EXIM_HEAD "  lena@example.net\n    unknown\nlocal-part\n\n"
			  "That was all.\n    And nobody's words.\n");
	check(0, "lena@example.net", "unknown local-part");
}
END_TEST

START_TEST(exim_3_ends_addresses_with_a_colon)
{
	read_as("exim", 1,
		EXIM_HEAD "  lena@example.net:\n    unknown local-part\n");
	check(0, "lena@example.net", "unknown local-part");
}
END_TEST

START_TEST(exim_indents_the_sender_like_a_recipient)
{
	read_as("exim", 1,
		"This message was created automatically by mail delivery "
		"software.\n\nA message sent by\n\n"
		"  <news@lists.example.org>\n\n"
		"could not be delivered. The following address failed:\n\n"
		"  lena@example.net\n    unknown local-part\n");
	check(0, "lena@example.net", "unknown local-part");
}
END_TEST

START_TEST(exim_writes_bytes_as_octal_numbers)
{
	read_as("exim", 1,
		EXIM_HEAD "  j\\303\\274rg@example.net\n    no such person\n");
	check(0, "j\xc3\xbcrg@example.net", "no such person");
}
END_TEST

START_TEST(many_in_the_header_do_not_share_one_text)
{
	static const char head[] =
		"From: Mailer-Daemon@mx.example.com\r\n"
		"X-Failed-Recipients: a@example.net, b@example.net,\r\n"
		" c@example.net\r\n\r\n";

	ck_assert(scan(head, EXIM_HEAD "  b@example.net\n    no such user\n",
		       false));
	ck_assert_uint_eq(found.count, 1);
	check(0, "b@example.net", "no such user");
	ck_assert(scan(head, "Something is wrong.\n", false));
	ck_assert_uint_eq(found.count, 3);
	check(0, "a@example.net", "");
}
END_TEST

START_TEST(qmail_paragraphs_are_recipients)
{
	read_as("qmail", 2,
		"Hi. This is the qmail-send program at mx.example.com.\n"
		"I tried, in vain.\n\n"
		"<lena@example.net>:\n"
		"192.0.2.1 does not like recipient.\n"
		"Remote host said: 550-5.1.1 not here\n\n"
		"550 5.1.1 really\n"
		"Giving up on 192.0.2.1.\n\n"
		"<otto@example.org>:\n"
		"Sorry, no such house. (#5.1.2)\n\n"
		"Ask somebody else then.\n\n"
		"--- Below this line is a copy of the message.\n\n"
		"<mia@example.net>:\nis a name in our mail\n");
	check(0, "lena@example.net",
	      "192.0.2.1 does not like recipient. Remote host said: 550-5.1.1 "
	      "not here 550 5.1.1 really Giving up on 192.0.2.1.");
	check(1, "otto@example.org", "Sorry, no such house. (#5.1.2)");
}
END_TEST

START_TEST(who_took_over_qmails_paragraphs_is_read_too)
{
	read_as("qmail", 1,
		"Sorry, we were unable to deliver your message to the following"
		" address.\n\n<lena@example.net>:\n554: 5.7.9 not wanted\n");
	check(0, "lena@example.net", "554: 5.7.9 not wanted");
}
END_TEST

#define PERMANENT                                                              \
	"   ----- The following addresses had permanent fatal errors -----\n"
#define SESSION "   ----- Transcript of session follows -----\n"

START_TEST(sendmail_completes_the_first_line_from_the_transcript)
{
	read_as("sendmail", 1,
		"The original message was received today\n\n" PERMANENT
		"<lena@example.net>\n    (reason: 550-5.7.1 This mail has no "
		"proof)\n\n" SESSION "... while talking to mx.example.net.:\n"
		">>> DATA\n"
		"<<< 550-5.7.1 This mail has no proof\n"
		"<<< 550 5.7.1 of who sent it\n"
		"554 5.0.0 Service unavailable\n");
	check(0, "lena@example.net",
	      "while talking to mx.example.net: >>> DATA <<< 550-5.7.1 This "
	      "mail has no proof 550 5.7.1 of who sent it");
}
END_TEST

START_TEST(a_blank_line_ends_what_was_said_to_one_command)
{
	read_as("sendmail", 2,
		PERMANENT "<lena@example.net>\n<otto@example.org>\n\n" SESSION
			  "<<< 550 not here\n\n"
			  "550 <otto@example.org>... Host unknown\n");
	check(1, "otto@example.org", "550 <otto@example.org>... Host unknown");
}
END_TEST

START_TEST(sendmail_of_old_says_why_in_the_session_alone)
{
	read_as("sendmail", 1,
		PERMANENT
		"<lena@nohost.example>  (unrecoverable error)\n\n" SESSION
		"550 <lena@nohost.example>... Host unknown\n");
	check(0, "lena@nohost.example",
	      "550 <lena@nohost.example>... Host unknown");
}
END_TEST

START_TEST(what_is_indented_below_a_recipient_is_why)
{
	read_as("sendmail", 2,
		PERMANENT
		"<lena@example.net>\n     Remote server has refused:\n"
		"     550 5.1.1 not here\n<otto@example.net>\n"
		"     552 5.2.2 full\nMore on this elsewhere.\n");
	check(0, "lena@example.net",
	      "Remote server has refused: 550 5.1.1 not here");
	check(1, "otto@example.net", "552 5.2.2 full");
}
END_TEST

START_TEST(chasquid_says_below_what_each_was_told)
{
	read_as("chasquid", 2,
		"Delivery to the following recipient(s) failed permanently:\n\n"
		"  - lena@example.net\n  - otto@example.net\n\n"
		"----- Technical details -----\n\n"
		"- \"lena@example.net\" (EMAIL) failed with error:\n"
		"    550 5.1.1 not here\n\n"
		"- \"otto@example.net\" (EMAIL) failed with error:\n    \n");
	check(0, "lena@example.net", "550 5.1.1 not here");
	check(1, "otto@example.net", "");
}
END_TEST

START_TEST(names_and_replies_may_stand_beside_an_address)
{
	read_as("generic", 3,
		"Some could not be delivered:\n\n"
		"\"Lee, Lena\" <lena@example.net>: 550 5.1.1 not here\n"
		"otto@example.net 552 5.2.2 full\n"
		"olga@example.net 552-5.2.2 full\n"
		"mona@example.net sings 550 songs\n");
	check(0, "lena@example.net", "550 5.1.1 not here");
	check(1, "otto@example.net", "552 5.2.2 full");
	ck_assert(scan("From: MAILER-DAEMON@mx.example.com\r\n"
		       "Return-Path: <>\r\n\r\n",
		       "A\n\notto@example.net 552 full\n", false));
}
END_TEST

START_TEST(marks_around_an_address_are_no_part_of_it)
{
	read_as("generic", 6,
		"Some could not be delivered:\n\n"
		"• lena@example.net – 552 full\n"
		"“otto@example.net”: 552 full\n"
		"🚫 «olga@example.net»\n"
		"**mona@example.net**: 552 full\n"
		"rcpt=nora@example.net: 552 full\n"
		"dana@example.net…\n");
	check(0, "lena@example.net", "– 552 full");
	check(1, "otto@example.net", "”: 552 full");
	ck_assert(span_eq(found.list[2].address, SPAN("olga@example.net")));
	check(3, "mona@example.net", "552 full");
	check(4, "nora@example.net", "552 full");
	ck_assert(span_eq(found.list[5].address, SPAN("dana@example.net")));
}
END_TEST

START_TEST(letters_of_all_scripts_stay_in_an_address)
{
	read_as("generic", 3,
		"Some could not be delivered:\n\n"
		"jörg@bücher.example: 552 full\n"
		"инфо@почта.example: 552 full\n"
		"佐々木@example.jp: 552 full\n");
	check(0, "jörg@bücher.example", "552 full");
	check(1, "инфо@почта.example", "552 full");
	check(2, "佐々木@example.jp", "552 full");
}
END_TEST

START_TEST(a_common_reason_is_of_the_one_whom_it_names)
{
	read_as("generic", 2,
		"Your mail could not be delivered to:\n\nlena@example.net\n"
		"otto@example.net\n\n552 <lena@example.net> is full\n");
	check(0, "lena@example.net", "552 <lena@example.net> is full");
	check(1, "otto@example.net", "");
	read_as("generic", 2,
		"Your mail could not be delivered to:\n\nlena@example.net\n"
		"otto@example.net\n\n552 full: lena@example.net, "
		"otto@example.net\n");
	check(0, "lena@example.net", "");
	check(1, "otto@example.net", "");
}
END_TEST

START_TEST(postfix_is_known_by_its_replies_in_any_words)
{
	read_as("postfix", 1,
		"Merhaba!\n\n<lena@example.net>: host mx.example.net[192.0.2.7] "
		"said:\n    552 full (in reply to RCPT TO\n    command)\n");
}
END_TEST

START_TEST(postfix_recipients_need_no_blank_line_between_them)
{
	read_as("postfix", 2,
		"This is the mail system at host mx.example.org.\n\n"
		"<lena@example.net>: host mx.example.net said: 550 no\nuser\n"
		"<otto@example.net>: host mx.example.net said: 552 full\n");
	check(0, "lena@example.net", "host mx.example.net said: 550 no user");
	check(1, "otto@example.net", "host mx.example.net said: 552 full");
}
END_TEST

START_TEST(whoever_has_a_reply_is_not_whom_to_ask)
{
	read_as("plain-notice", 1,
		"Your message could not be delivered to these recipients.\n"
		"If it persists, contact\nadmin@example.net\n"
		"lena@example.net: 550 5.1.1 user unknown\n");
	check(0, "lena@example.net", "550 5.1.1 user unknown");
}
END_TEST

START_TEST(a_label_in_any_language_stands_before_a_recipient)
{
	read_as("generic", 3,
		"Nicht zugestellt:\n\n"
		"Empfänger: lena@example.net\nGrund: 550 5.1.1 unbekannt\n"
		"Destinataire : otto@example.net\nMotif : 552 pleine\n"
		"宛先：olga@example.net\n理由：552\n"
		"Absender: mona@example.net\n"
		"Empfänger: nora@example.net und andere\n");
	check(0, "lena@example.net", "Grund: 550 5.1.1 unbekannt");
	check(1, "otto@example.net", "Motif : 552 pleine");
	ck_assert(span_eq(found.list[2].address, SPAN("olga@example.net")));
}
END_TEST

START_TEST(recipients_may_be_numbered_or_framed)
{
	read_as("generic", 3,
		"Some mail was undelivered:\n\n"
		"1. lena@example.net: 550 5.1.1 not here\n"
		"12) otto@example.net: 552 full\n"
		"| olga@example.net | 452 busy |\n");
	check(0, "lena@example.net", "550 5.1.1 not here");
	check(1, "otto@example.net", "552 full");
	check(2, "olga@example.net", "| 452 busy |");
	read_as("generic", 1,
		"Some mail was undelivered:\n\n2.lena@example.net\n");
	ck_assert(span_eq(found.list[0].address, SPAN("2.lena@example.net")));
}
END_TEST

START_TEST(quoted_lines_behind_a_recipient_name_nobody)
{
	read_as("generic", 1,
		"Your mail could not be delivered.\n\n"
		"lena@example.net: 552 full\n\n"
		"> otto@example.net: 550 5.1.1 not here\n");
	check(0, "lena@example.net", "552 full");
	read_as("generic", 1,
		"Your mail could not be delivered.\n\n"
		"lena@example.net: 552 full\n"
		"> Subject: otto\nolga@example.net: 550 5.1.1 not here\n");
	read_as("generic", 2,
		"Your mail could not be delivered.\n\n"
		"lena@example.net: see below\n\n"
		">>> failed recipient: otto@example.net\n");
	read_as("generic", 2,
		"> Your mail could not be delivered.\n>\n"
		"> lena@example.net: 552 full\n"
		"> otto@example.net: 550 5.1.1 not here\n");
}
END_TEST

START_TEST(sendmail_tells_recipients_of_one_session_apart)
{
	read_as("sendmail", 2,
		PERMANENT
		"<lena@example.net>\n    (reason: 550 5.1.1 not here)\n"
		"<otto@example.net>\n    (reason: 552 5.2.2 full)\n\n" SESSION
		"... while talking to mx.example.net.:\n"
		">>> DATA\n"
		"<<< 550 5.1.1 not here\n"
		"550 5.1.1 <lena@example.net>... User unknown\n"
		"<<< 552 5.2.2 full\n"
		"550 5.1.1 <otto@example.net>... User unknown\n"
		"<<< 503 5.5.1 No valid recipients\n");
	check(0, "lena@example.net",
	      "while talking to mx.example.net: >>> DATA <<< 550 5.1.1 not "
	      "here");
	check(1, "otto@example.net",
	      "while talking to mx.example.net: >>> DATA <<< 552 5.2.2 full");
}
END_TEST

START_TEST(sendmail_names_the_alias_that_we_mailed)
{
	read_as("sendmail", 2,
		PERMANENT "<lena.new@example.org>\n    (reason: 550 no)\n"
			  "    (expanded from: <lena@example.net>)\n"
			  "\"|/usr/bin/sorter\"\n"
			  "    (expanded from: <otto@example.net>)\n\n" SESSION
			  "550 5.1.1 something\n");
	check_forward(0, "lena@example.net", "lena.new@example.org");
	check_forward(1, "otto@example.net", "");
}
END_TEST

START_TEST(sendmail_5_has_a_transcript_only)
{
	read_as("sendmail", 1,
		SESSION "554 <lena@example.net>... 550 Host unknown\n\n"
			"   ----- Unsent message follows -----\n"
			"550 <mia@example.net>... is in our mail\n");
	check(0, "lena@example.net",
	      "554 <lena@example.net>... 550 Host unknown");
}
END_TEST

START_TEST(sendmail_says_how_long_it_tried)
{
	read_as("sendmail", 1,
		PERMANENT "<lena@example.net>\n    (reason: )\n\n" SESSION
			  "451 4.4.1 reply: read error from mx.example.net.\n"
			  "<lena@example.net>... Deferred\n"
			  "Message could not be delivered for 5 days\n");
	check(0, "lena@example.net",
	      "Message could not be delivered for 5 days; 451 4.4.1 reply: "
	      "read error from mx.example.net. <lena@example.net>... Deferred");
}
END_TEST

START_TEST(courier_has_a_transcript_in_each_paragraph)
{
	read_as("courier", 1,
		"This is a delivery status notification from mx.example.com,\n"
		"running the Courier mail server, version 1.\n\n"
		"<lena@example.net>:\n     mx.example.net [192.0.2.1]:\n"
		" >>> RCPT TO:<lena@example.net>\n"
		" <<< 550-not\n <<< 550 here\n\n"
		"-------------------------------------------------------\n\n"
		"If your message was also sent to others, wait.\n"
		" <<< 450 this is no part of it\n");
	check(0, "lena@example.net",
	      ">>> RCPT TO:<lena@example.net> <<< 550-not 550 here");
}
END_TEST

START_TEST(courier_without_a_transcript_has_words)
{
	read_as("courier", 1,
		"This is a delivery status notification from mx.example.com,\n"
		"running the Courier mail server, version 1.\n\n"
		"<lena@example.net>:\n     There is no such host.\n");
	check(0, "lena@example.net", "There is no such host.");
}
END_TEST

START_TEST(exchange_puts_the_reply_below_the_address)
{
	read_as("exchange", 2,
		"Delivery has failed to these people:\n\nLena\n"
		"Check the address and try again.\n\n"
		"Diagnostic information for administrators:\n\n"
		"Generating server: ex.example.com\n\n"
		"lena@example.net\n"
		"#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\n"
		"otto@example.net\n"
		"Remote Server returned '552 5.2.2 full'\n\n"
		"Original message headers:\n\nTo: mia@example.net\n");
	check(0, "lena@example.net",
	      "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##");
	check(1, "otto@example.net", "Remote Server returned '552 5.2.2 full'");
}
END_TEST

struct simple {
	const char *format;
	const char *text;
	const char *words;
};

/* All are about lena@example.net. */
static const struct simple simple[] = {
	{"opensmtpd",
	 "    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n"
	 "    An error occurred for the following list of recipients:\n\n"
	 "lena@example.net: 550 5.1.1 gone\n\n"
	 "    Below is a copy of the original message:\n\nTo: x@example.org\n",
	 "550 5.1.1 gone"},
	{"dma",
	 "This is the DragonFly Mail Agent v9 at mx.example.com.\n\n"
	 "There was an error delivering your mail to <lena@example.net>.\n\n"
	 "mx.example.net [192.0.2.1] did not like our RCPT TO:\n550 gone\n\n"
	 "Message headers follow.\n\nTo: x@example.org\n",
	 "mx.example.net [192.0.2.1] did not like our RCPT TO: 550 gone"},
	{"exchange-2003",
	 "Your message\n\n  To:      otto@example.org\n\n"
	 "did not reach the following recipient(s):\n\n"
	 "lena@example.net on Thu, 1 Jan 2004 00:00:00 +0000\n"
	 "    The recipient name is not recognized\n",
	 "on Thu, 1 Jan 2004 00:00:00 +0000 The recipient name is not "
	 "recognized"},
	{"gmail",
	 "Delivery to the following recipient failed permanently:\n\n"
	 "     lena@example.net\n\n"
	 "Technical details of permanent failure: \nWe tried to deliver it to "
	 "mx.example.net. The error that the other server returned was:\n"
	 "550 5.1.1 gone\n\n----- Original message -----\n\nTo: "
	 "x@example.org\n",
	 "550 5.1.1 gone"},
	{"gmail-2016",
	 "** Address not found **\n\nYour message wasn't delivered to "
	 "lena@example.net because it is not there, look for typos.\n\n"
	 "The response from the remote server was:\n550 #5.1.0 rejected\n",
	 "550 #5.1.0 rejected"},
	{"domino",
	 "Your message\n\n  Subject: x\n\nwas not delivered to:\n\n"
	 "  lena@example.net\n\nbecause:\n\n  nobody listed so\n",
	 "because: nobody listed so"},
	{"notes",
	 "------- Failure Reasons  --------\n\nUser not in our book\n"
	 "lena@example.net\n\n------- Returned Message --------\nTo: x\n",
	 "------- Failure Reasons -------- User not in our book "
	 "lena@example.net"},
	{"imail",
	 "User mailbox exceeds allowed size: lena@example.net\n\n"
	 "Original message follows.\n\nTo: x@example.org\n",
	 "User mailbox exceeds allowed size: lena@example.net"},
	{"mailenable",
	 "MailEnable: Message could not be delivered to some.\n\n"
	 "\tRecipient: [SMTP:lena@example.net]\n\tReason: 550 gone\n",
	 "Reason: 550 gone"},
	{"mdaemon",
	 "The following addresses did NOT receive a copy of your message:\n\n"
	 "> lena@example.net\n\n--- Session Transcript ---\n"
	 " RCPT To:<lena@example.net>\n 552 too full\n--- End Transcript ---\n"
	 "advice\n",
	 "--- Session Transcript --- RCPT To:<lena@example.net> 552 too full"},
	{"communigate",
	 "Failed to deliver to 'lena@example.net'\nLOCAL module reports:\n"
	 " account is full\n",
	 "LOCAL module reports: account is full"},
	{"zoho",
	 "Here is what happened.\n\nlena@example.net Invalid Address, "
	 "ERROR_CODE :550, ERROR_CODE :5.1.1 nobody\n\n\nReceived:from x\n",
	 "Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 nobody"},
	{"ezweb",
	 "Each of the following recipients was rejected by a remote\n"
	 "mail server.\n\n    Recipient: <lena@example.net>\n"
	 "    >>> RCPT TO:<lena@example.net>\n    <<< 550 unknown\n",
	 ">>> RCPT TO:<lena@example.net> <<< 550 unknown"},
	{"m-filter",
	 "It failed.\nlena@example.net\n\n-------server message\n550 unknown\n"
	 "\n-------SMTP command\nDATA\n\n-------original message\nTo: x\n",
	 "-------server message 550 unknown -------SMTP command DATA"},
	{"mimecast",
	 "This is a delivery failure notification message indicating that\n"
	 "an email addressed to email address :\n-- lena@example.net\n\n"
	 "With subject you are over quota\ncould not be delivered. The problem "
	 "appears to be :\n-- 550 nobody\n\n"
	 "This condition occurred after 1 attempt\n",
	 "-- 550 nobody"},
	{"kddi",
	 "Your mail sent on: today\n     Could not be delivered to: "
	 "<lena@example.net>\n     As their mailbox is full.\n",
	 "As their mailbox is full."},
	{"mailmarshal",
	 "Your message:\n   Subject: you are over quota\n\n"
	 "Could not be delivered because of\n\n550 5.1.1 nobody\n\n"
	 "The following recipients were affected:\n    lena@example.net\n\n"
	 "Additional Information\n======\nOriginal Sender: <a@example.com>\n",
	 "550 5.1.1 nobody"},
	{"surfcontrol",
	 "Your message could not be sent.\nThe number of attempts made: 1\n"
	 "Addressed To: lena@example.net\n\nFailed to send to this host,\n"
	 "lena@example.net: [192.0.2.5], 550 no such user\n"
	 "--- Message non-deliverable.\n",
	 "Failed to send to this host, lena@example.net: [192.0.2.5], 550 no "
	 "such user"},
	{"sendmail",
	 "   ----- The following addresses had delivery problems -----\n"
	 "lena@example.net\n\n   ----- Non-delivered information -----\n"
	 "The box holds too much.\n",
	 "The box holds too much."},
	{"sendmail",
	 "--- The following addresses had delivery problems ---\n\n"
	 "<lena@example.net>   (User unknown here)\n\n",
	 "User unknown here"},
	{"sendmail",
	 "   ----- Transcript of session follows -----\n"
	 "While talking to mx.example.net:\n>>> RCPT To:<lena@example.net>\n"
	 "<<< 550 nobody\n550 <lena@example.net>... User unknown\n",
	 "while talking to mx.example.net: >>> RCPT To:<lena@example.net> <<< "
	 "550 nobody"},
	{"apache-james",
	 "Error message below:\n550 - no such user here\n\n"
	 "Message details:\n  Subject: over quota\n"
	 "  RCPT TO: lena@example.net\n",
	 "Error message below: 550 - no such user here"},
	{"ses-notification",
	 "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":"
	 "[{\"emailAddress\":\"lena@example.net\",\"action\":\"failed\","
	 "\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 \\\"no\\\"\"}]},"
	 "\"mail\":{\"destination\":[\"otto@example.net\"]}}",
	 "550 \"no\""},
	{"ses-notification",
	 "{\"notificationType\":\"Delivery\",\"mail\":{},\"delivery\":{"
	 "\"recipients\":[\"lena@example.net\"],\"smtpResponse\":"
	 "\"250 ok\"}}",
	 "250 ok"},
	{"generic",
	 "Message delivery has failed.\n\nFailed Recipient: lena@example.net\n"
	 "Reason: 550 unknown\n\n-- The header and top lines follow --\n",
	 "Reason: 550 unknown"},
	{"generic",
	 "YOUR MESSAGE WAS NOT DELIVERED TO ONE OR MORE RECIPIENTS!\n\n"
	 "Failed address: lena@example.net\n\n"
	 "--> DATA\n<-- 500 Message rejected\n",
	 "--> DATA <-- 500 Message rejected"},
	{"mailenable",
	 "MailEnable: Message could not be delivered to some recipients.\n\n"
	 "\tRecipient: [SMTP:lena@example.net]\n"
	 "\tReason: 550 SPF\n\n"
	 "Message contents follow:\n\n"
	 "From: news@example.org\n\nIs your mailbox full?\n",
	 "Reason: 550 SPF"},
	{"generic",
	 "Your message to lena@example.net was rejected due to its size\n",
	 "was rejected due to its size"},
	{"generic",
	 "The mail could not be delivered.\n\n  <lena@example.net>: 550 no\n"
	 "<lena@example.net>\n\nIncluded is a copy of the message header:\n",
	 "550 no <lena@example.net>"},
	{"iis",
	 "Delivery to the following recipients failed.\n\n"
	 "       lena@example.net\n",
	 "Delivery to the following recipients failed. lena@example.net"},
};

START_TEST(simple_shapes_are_rows_of_a_table)
{
	for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++) {
		read_as(simple[i].format, 1, simple[i].text);
		check(0, "lena@example.net", simple[i].words);
	}
}
END_TEST

START_TEST(a_store_behind_the_address_is_not_whom_we_mailed)
{
	read_as("pmdf", 2,
		"Your message cannot be delivered to the following "
		"recipients:\n\n"
		"  Recipient address: lena@store-daemon\n"
		"  Original address: lena@example.net\n"
		"  Reason: Over quota\n\n"
		"  Recipient address: otto@example.org\n"
		"  Original address: otto@example.org\n"
		"  Reason: no such user\n");
	check_forward(0, "lena@example.net", "lena@store-daemon");
	check(0, "lena@example.net", "Reason: Over quota");
	check(1, "otto@example.org", "Reason: no such user");
	read_as("pmdf", 2,
		"Your message cannot be delivered to the following "
		"recipients:\n\n"
		"  Recipient address: @mx.example.net,@b.example.net:lena@store\n"
		"  Original address: lena@example.net\n"
		"  Reason: Over quota\n\n"
		"  Recipient address: @mx.example.org:otto@example.org\n"
		"  Reason: no such user\n");
	check_forward(0, "lena@example.net", "lena@store");
	check(1, "otto@example.org", "Reason: no such user");
}
END_TEST

START_TEST(nullmailer_warns_before_it_gives_up)
{
	read_as("nullmailer", 1,
		"This is the nullmailer delivery system.  The message below\n"
		"has not been delivered to one or more of the intended "
		"recipients:\n\n\t<lena@example.net>\n\n"
		"A final delivery status notification will be generated\n"
		"later, for otto@example.org too.\n");
	ck_assert_int_eq(found.list[0].action, ACTION_DELAYED);
}
END_TEST

START_TEST(the_returned_original_is_not_read)
{
	static const char text[] =
		"Hi. This is the qmail-send program at mx.example.com.\n\n"
		"--- Below this line is a copy of the message.\n\n"
		"To: mia@example.net\n\n<mia@example.net>:\n550 unknown\n";

	ck_assert(!scan(daemon_headers, text, false));
	ck_assert_msg(strncmp(text + found.returned, "To: mia", 7) == 0, "%zu",
		      found.returned);
}
END_TEST

START_TEST(the_first_header_of_an_original_ends_the_report)
{
	static const char text[] = "It could not be delivered:\n\n"
				   "lena@example.net\n550 unknown\n\n"
				   "Received: from a by b\n"
				   "To: mia@example.net\n\n"
				   "mia@example.net\n";

	read_as("generic", 1, text);
	check(0, "lena@example.net", "550 unknown");
	ck_assert_int_eq(strncmp(text + found.returned, "Received", 8), 0);
}
END_TEST

START_TEST(what_people_write_about_bounces_is_no_bounce)
{
	static const char person[] = "From: Otto <otto@example.org>\r\n"
				     "Subject: Fwd: failure notice\r\n\r\n";

	ck_assert(!scan(person,
			"My mail could not be delivered, see:\n\n"
			"lena@example.net\n550 5.1.1 unknown\n",
			false));
	ck_assert(!scan(daemon_headers,
			"Dear all,\nthis is a long letter.\nIt goes on.\n"
			"And on.\nAnd on, about quota.\n"
			"Your message to lena@example.net was rejected due to "
			"rain\n",
			false));
}
END_TEST

START_TEST(a_recipient_is_found_by_alias_and_by_final)
{
	const struct fact_draft *d;

	read_as("postfix", 1,
		POSTFIX_HEAD
		"<lena.new@example.org> (expanded from <lena@example.net>): "
		"gone\n");
	d = findings_match(&found, SPAN("<LENA@Example.NET>"));
	ck_assert_ptr_nonnull(d);
	ck_assert_ptr_eq(findings_match(&found, SPAN("lena.new@example.org")),
			 d);
	ck_assert_ptr_null(findings_match(&found, SPAN("otto@example.org")));
}
END_TEST

static void check_limit(const char *format, const char *top, const char *before,
			const char *behind, bool machine_part)
{
	struct buf b;

	buf_init(&b);
	buf_add_str(&b, top);
	for (int i = 0; i < REPORT_MAX_RECIPIENTS + 9; i++)
		buf_addf(&b, "%sa%d@example.net%s", before, i, behind);
	ck_assert(scan(daemon_headers, b.data, machine_part));
	ck_assert_str_eq(found.format, format);
	ck_assert_uint_eq(found.count, REPORT_MAX_RECIPIENTS);
	ck_assert(found.partial);
	buf_release(&b);
}

START_TEST(no_more_recipients_than_a_report_holds)
{
	check_limit("postfix", POSTFIX_HEAD, "<", ">: gone\n", false);
	check_limit("qmail", "Hi. This is the qmail-send program.\n\n", "<",
		    ">:\n550 gone\n\n", false);
	check_limit("exim", "", "  ", "\n    550 gone\n", true);
	check_limit("exchange", "", "", " #550 gone ##\n", true);
	check_limit("sendmail",
		    "   ----- The following addresses had permanent fatal "
		    "errors -----\n",
		    "<", ">\n", false);
}
END_TEST

START_TEST(a_field_names_no_more_either)
{
	struct buf b;

	buf_init(&b);
	buf_add_str(&b, "X-Failed-Recipients: ");
	for (int i = 0; i < REPORT_MAX_RECIPIENTS + 9; i++)
		buf_addf(&b, "a%d@example.net, ", i);
	buf_add_str(&b, "\n\n");
	ck_assert(scan(b.data, "Gone.\n", false));
	ck_assert_str_eq(found.format, "x-failed-recipients");
	ck_assert_uint_eq(found.count, REPORT_MAX_RECIPIENTS);
	ck_assert(found.partial);
	buf_release(&b);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		postfix_gives_each_recipient_its_own_words,
		postfix_names_the_alias_that_we_mailed,
		postfix_may_speak_any_language_beside_a_machine_part,
		a_delay_warning_is_no_failure,
		a_success_report_is_no_failure,
		exim_gives_each_recipient_its_own_words,
		exim_names_the_address_that_we_mailed,
		exims_words_end_with_their_paragraph,
		exim_3_ends_addresses_with_a_colon,
		exim_indents_the_sender_like_a_recipient,
		exim_writes_bytes_as_octal_numbers,
		many_in_the_header_do_not_share_one_text,
		qmail_paragraphs_are_recipients,
		who_took_over_qmails_paragraphs_is_read_too,
		sendmail_completes_the_first_line_from_the_transcript,
		a_blank_line_ends_what_was_said_to_one_command,
		sendmail_of_old_says_why_in_the_session_alone,
		what_is_indented_below_a_recipient_is_why,
		chasquid_says_below_what_each_was_told,
		names_and_replies_may_stand_beside_an_address,
		marks_around_an_address_are_no_part_of_it,
		letters_of_all_scripts_stay_in_an_address,
		a_common_reason_is_of_the_one_whom_it_names,
		postfix_is_known_by_its_replies_in_any_words,
		postfix_recipients_need_no_blank_line_between_them,
		whoever_has_a_reply_is_not_whom_to_ask,
		a_label_in_any_language_stands_before_a_recipient,
		recipients_may_be_numbered_or_framed,
		quoted_lines_behind_a_recipient_name_nobody,
		sendmail_tells_recipients_of_one_session_apart,
		sendmail_names_the_alias_that_we_mailed,
		sendmail_5_has_a_transcript_only,
		sendmail_says_how_long_it_tried,
		courier_has_a_transcript_in_each_paragraph,
		courier_without_a_transcript_has_words,
		exchange_puts_the_reply_below_the_address,
		simple_shapes_are_rows_of_a_table,
		a_store_behind_the_address_is_not_whom_we_mailed,
		nullmailer_warns_before_it_gives_up,
		the_returned_original_is_not_read,
		the_first_header_of_an_original_ends_the_report,
		what_people_write_about_bounces_is_no_bounce,
		a_recipient_is_found_by_alias_and_by_final,
		no_more_recipients_than_a_report_holds,
		a_field_names_no_more_either,
	};
	int failed;

	arena_init(&arena);
	failed = RUN_TESTS("report/formats", tests);
	arena_release(&arena);
	return failed;
}
