#include <stdio.h>

#include "report_message.h"

#define DAEMON                                                                 \
	"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"                \
	"To: bounces@news.example.com\n"

/* What stands in the format's place, in a report of no known form. */
static struct report *read_with(const char *before, const char *word,
				const char *behind)
{
	char message[1024];

	snprintf(message, sizeof(message), "%s%s%s", before, word, behind);
	return read_message(message);
}

START_TEST(who_will_try_again_has_not_given_up_whatever_the_code)
{
	static const char *const sentences[] = {
		"Your mail is delayed.", "We will keep trying for five days.",
		"Our relay will retry.", "It will be retried every hour.",
		"It is still being tried."};

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		read_with(DAEMON "Subject: Undeliverable\n\n"
				 "Nobody took the mail for user@example.org "
				 "(550 5.1.1). ",
			  sentences[i], "\n");
		ck_assert_uint_eq(report.fact_count, 1);
		ck_assert_int_eq(report.facts[0].action, ACTION_DELAYED);
	}
}
END_TEST

START_TEST(what_answers_somebody_is_no_report)
{
	static const char *const signs[] = {"Subject: Re: spam\n\n",
					    "Subject: AW: spam\n\n",
					    "Subject: SV: spam\n\n",
					    "Subject: [42] spam\n\n",
					    "Subject: spam\n\nYou said\n> 1\n",
					    "In-Reply-To: <1@example.org>\n\n"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		read_with(DAEMON, signs[i], "user@example.org is looked at.\n");
		ck_assert_uint_eq(report.fact_count, 0);
	}
	read_with(DAEMON, "Subject: spam\n\n",
		  "user@example.org is looked at.\n");
	ck_assert_uint_eq(report.fact_count, 1);
}
END_TEST

START_TEST(a_list_of_what_is_held_is_no_report)
{
	static const char *const titles[] = {
		"Quarantine summary\n\n", "Held\n\nIn der Quarantäne:\n",
		"Your digest\n\n", "Held\n\nIn your quarantine:\n"};

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		read_with(DAEMON "Subject: ", titles[i],
			  "One message of yours for user@example.org\n");
		ck_assert_uint_eq(report.fact_count, 0);
	}
	read_with(DAEMON "Subject: ", "Held\n\n",
		  "One message of yours for user@example.org\n");
	ck_assert_uint_eq(report.fact_count, 1);
}
END_TEST

START_TEST(a_daemon_may_fail_to_say_that_it_failed)
{
	static const char *const daemons[] = {
		"From: mailer-daemon@mx.example.net\n",
		"From: mailer_daemon@mx.example.net\n",
		"From: mailerdaemon@mx.example.net\n",
		"X-MS-Exchange-Message-Is-Ndr:\nFrom: postmaster@mx.example\n"};

	for (size_t i = 0; i < sizeof(daemons) / sizeof(daemons[0]); i++) {
		read_with("Return-Path: <>\nTo: bounces@news.example.com\n",
			  daemons[i], "Subject: May\n\nuser@example.org: ?\n");
		ck_assert_uint_eq(report.fact_count, 1);
	}
}
END_TEST

START_TEST(good_news_is_told_without_a_but)
{
	static const char *const denials[] = {
		"It was not successful",   "It wasn't successful",
		"It was never successful", "No successful attempt",
		"It was unsuccessful",	   "Successful attempts failed",
		"Successful? 1 error",	   "A success at first, but late",
		"Nicht erfolgreich",	   "Keineswegs erfolgreich",
		"remis pas successful",	   "non successful",
		"não successful"};

	for (size_t i = 0; i < sizeof(denials) / sizeof(denials[0]); i++) {
		read_with(DAEMON "Subject: Delivery Status Notification\n\n"
				 "user@example.org: ",
			  denials[i], ".\n");
		ck_assert_uint_eq(report.fact_count, 1);
	}
	read_message(DAEMON "Subject: Delivery Status Notification\n\n"
			    "user@example.org: It was successful.\n");
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(whom_a_sign_leads_to_did_not_fail)
{
	static const char *const others[] = {
		"(message-id: 1@relay.example, 2 kB)",
		"Message ID 1@relay.example",
		"msgid 1@relay.example",
		"(queue-id: 1@relay.example, 2 kB)",
		"queue id 1@relay.example",
		"Your message <1@relay.example>",
		"Nachricht <1@relay.example>",
		"(in queue: 1@relay.example, 2 kB)",
		"See //relay.example/why?rcpt=nina@example.com",
		"By Nina Berg/Oslo/Works@WORKS",
		"Did you mean:\nnina@example.com\nnora@example.com",
		"550 5.1.1 gone.\n\nop@example.com will help you"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		read_with(DAEMON "Subject: Undeliverable\n\n"
				 "user@example.org: gone\n\n",
			  others[i], "\n");
		ck_assert_uint_eq(report.fact_count, 1);
		ck_assert_str_eq(report.facts[0].address, "user@example.org");
	}
}
END_TEST

START_TEST(a_sentence_about_a_message_names_none)
{
	ck_assert_str_eq(read_sole(DAEMON "Subject: Undeliverable\n\n"
					  "We could not keep the message.\n"
					  "user@example.org is gone.\n")
				 ->address,
			 "user@example.org");
}
END_TEST

START_TEST(before_an_arrow_stands_who_passed_it_on)
{
	ck_assert_str_eq(read_sole(DAEMON
				   "Subject: Undeliverable\n\n"
				   "The way it took was other@example.com -> "
				   "user@example.org, who is gone.\n")
				 ->address,
			 "user@example.org");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		who_will_try_again_has_not_given_up_whatever_the_code,
		what_answers_somebody_is_no_report,
		a_list_of_what_is_held_is_no_report,
		a_daemon_may_fail_to_say_that_it_failed,
		good_news_is_told_without_a_but,
		whom_a_sign_leads_to_did_not_fail,
		a_sentence_about_a_message_names_none,
		before_an_arrow_stands_who_passed_it_on,
	};

	return RUN_TESTS("report_leftover", tests);
}
