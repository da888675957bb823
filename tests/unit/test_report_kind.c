#include "report_message.h"
#include "util/buf.h"

#define REPORT(type, report_type, part)                                        \
	"From: fbl@isp.example.net\nSubject: FW: May\n"                        \
	"Content-Type: multipart/report; report-type=" report_type ";\n"       \
	" boundary=\"b1\"\n\n--b1\nContent-Type: text/plain\n\nText.\n"        \
	"--b1\nContent-Type: " type "\n\n" part "\n--b1\n"                     \
	"Content-Type: message/rfc822\n\n" RETURNED_HEADERS "\nBody\n--b1--\n"

#define QMAIL_TEXT                                                             \
	"Hi. This is the qmail-send program at mx.example.net.\n"              \
	"I'm afraid I wasn't able to deliver your message to the following\n"  \
	"addresses.\n\n<user@example.org>:\n"                                  \
	"Sorry, no mailbox here by that name. (#5.1.1)\n"

START_TEST(an_abuse_report_is_a_complaint_of_the_recipient)
{
	const struct fact *f = read_sole(
		REPORT("message/feedback-report", "feedback-report",
		       "Feedback-Type: Abuse\nVersion: 1\n"
		       "Original-Mail-From: <b+tok@news.example.com>\n"
		       "Original-Rcpt-To: <other@example.org>\n"));

	ck_assert_int_eq(report.kind, REPORT_COMPLAINT);
	ck_assert_str_eq(f->address, "other@example.org");
	ck_assert_str_eq(f->feedback_type, "abuse");
	ck_assert_int_eq(f->action, ACTION_UNKNOWN);
	ck_assert_str_eq(report.returned.message_id, "may.1@news.example.com");
}
END_TEST

START_TEST(a_redacted_complaint_is_of_the_sole_returned_recipient)
{
	ck_assert_str_eq(
		read_sole(REPORT("message/feedback-report", "feedback-report",
				 "Feedback-Type: abuse\n"
				 "Original-Rcpt-To: redacted\n"))
			->address,
		"user@example.org");
}
END_TEST

START_TEST(an_authentication_report_is_no_complaint)
{
	read_message(REPORT("message/feedback-report", "feedback-report",
			    "Feedback-Type: auth-failure\n"));
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(a_receipt_is_no_bounce_even_if_it_says_error)
{
	const struct fact *f = read_sole(REPORT(
		"message/disposition-notification", "disposition-notification",
		"Final-Recipient: rfc822; user@example.org\n"
		"Disposition: automatic-action/MDN-sent-automatically;"
		" deleted/error\nError: 550 5.1.1 user unknown\n"));

	ck_assert_int_eq(report.kind, REPORT_MDN);
	ck_assert_int_eq(f->action, ACTION_UNKNOWN);
}
END_TEST

START_TEST(a_vacation_is_an_automatic_reply)
{
	read_message("From: user@example.org\nAuto-Submitted: auto-replied\n"
		     "Subject: Re: May\n\nI am away until Monday.\n");
	ck_assert_int_eq(report.kind, REPORT_AUTO_REPLY);
	ck_assert(!report.challenge);
	read_message("From: user@example.org\n"
		     "Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:_mai?=\n\n"
		     "Absent.\n");
	ck_assert_int_eq(report.kind, REPORT_AUTO_REPLY);
}
END_TEST

START_TEST(a_bounce_that_calls_itself_auto_replied_is_a_bounce)
{
	read_sole("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		  "Auto-Submitted: auto-replied\nSubject: failure "
		  "notice\n\n" QMAIL_TEXT);
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
}
END_TEST

START_TEST(a_challenge_asks_for_an_answer)
{
	read_message("From: user@example.org\nPrecedence: auto_reply\n"
		     "Subject: Re: May\n\nPlease click here to verify that "
		     "this message is from a person.\n");
	ck_assert_int_eq(report.kind, REPORT_AUTO_REPLY);
	ck_assert(report.challenge);
}
END_TEST

START_TEST(a_bounce_that_a_person_forwards_is_no_report)
{
	read_message("From: Ann <ann@example.org>\n"
		     "Subject: Fwd: failure notice\n\nLook:\n\n" QMAIL_TEXT);
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_uint_eq(report.fact_count, 0);
	read_message(
		"From: Ann <ann@example.org>\nSubject: fwd: bounce\n"
		"Content-Type: multipart/mixed; boundary=b1\n\n" DSN_TEXT(
			"Look.")
			DSN_STATUS("Final-Recipient: rfc822;user@example.org\n"
				   "Action: failed\nStatus: 5.1.1\n"));
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(a_report_attached_as_a_message_is_not_ours)
{
	read_message(
		"From: Ann <ann@example.org>\nSubject: this came\n"
		"Content-Type: multipart/mixed; boundary=o1\n\n"
		"--o1\nContent-Type: text/plain\n\nLook.\n"
		"--o1\nContent-Type: message/rfc822\n\n" DSN_HEADER DSN_STATUS(
			"Final-Recipient: rfc822;user@example.org\n"
			"Action: failed\nStatus: 5.1.1\n") "--o1--\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(a_ticket_that_quotes_a_bounce_is_no_report)
{
	read_message("From: Ann <ann@example.org>\nSubject: mail problem\n"
		     "In-Reply-To: <1@example.org>\n\nI got this:\n\n"
		     "> <user@example.org>: host mx said: 550 5.1.1 "
		     "no\n\n" QMAIL_TEXT);
	ck_assert_uint_eq(report.fact_count, 0);
	ck_assert_int_eq(report.kind, REPORT_OTHER);
}
END_TEST

START_TEST(a_person_who_tells_of_a_bounce_is_no_mail_system)
{
	read_message("From: Ann <ann@example.org>\nSubject: mail problem\n\n"
		     "I got this from you:\n\n" QMAIL_TEXT);
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(a_report_that_a_person_pasted_is_no_report)
{
	read_message("From: Ann <ann@example.org>\nSubject: see what came\n"
		     "Content-Type: multipart/mixed; boundary=o1\n\n"
		     "--o1\nContent-Type: text/plain\n\nLook.\n"
		     "--o1\nContent-Type: text/plain\n\n" DSN_HEADER DSN_STATUS(
			     "Final-Recipient: rfc822;user@example.org\n"
			     "Action: failed\nStatus: 5.1.1\n") "--o1--\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

#define LIST_WRAPPED(header)                                                   \
	"From: postmaster@mx.example.net\nSubject: [garden] failure\n" header  \
	"Content-Type: multipart/mixed; boundary=o1\n\n--o1\n"                 \
	"Content-Type: multipart/report; boundary=b1\n\n" DSN_STATUS(          \
		"Final-Recipient: rfc822;user@example.org\n"                   \
		"Action: failed\nStatus: 5.1.1\n") "\n--b1--\n"                \
						   "--o1\nContent-Type: "      \
						   "text/plain\n\n_____\n"     \
						   "garden mailing list\n"     \
						   "--o1--\n"

START_TEST(a_report_that_a_list_handed_round_is_not_ours)
{
	read_message(LIST_WRAPPED("Return-Path: <garden-bounces@l.example>\n"
				  "List-Id: <garden.l.example>\n"));
	ck_assert_uint_eq(report.fact_count, 0);
	read_sole(LIST_WRAPPED("Return-Path: <>\n"
			       "List-Id: <garden.l.example>\n"));
	read_sole(LIST_WRAPPED("Return-Path: <relay@mx.example.net>\n"));
}
END_TEST

START_TEST(a_ticket_in_our_own_title_is_not_theirs)
{
	read_sole("Return-Path: <>\nFrom: Delivery <noreply@mx.example.net>\n"
		  "To: bounces@news.example.com\n"
		  "Subject: Undeliverable: Your ticket number 42\n\n"
		  "Your message could not be delivered to:\n\n"
		  "user@example.org\n"
		  "550 5.1.1 user unknown\n");
	read_sole("Return-Path: <>\nFrom: Delivery <noreply@mx.example.net>\n"
		  "To: bounces@news.example.com\n"
		  "Subject: Undeliverable: A seat for you [Ticket 42]\n\n"
		  "Your message could not be delivered to:\n\n"
		  "user@example.org\n"
		  "550 5.1.1 user unknown\n");
}
END_TEST

START_TEST(a_ticket_with_a_number_is_no_report)
{
	static const char *const subjects[] = {
		"[#42] Undelivered mail", "[desk.example #42] failure notice"};

	for (size_t i = 0; i < 2; i++) {
		char text[1024];

		snprintf(text, sizeof(text),
			 "From: Desk <help@desk.example>\nSubject: %s\n\n%s",
			 subjects[i], QMAIL_TEXT);
		read_message(text);
		ck_assert_uint_eq(report.fact_count, 0);
	}
	read_sole("From: Desk <help@desk.example>\n"
		  "Subject: [desk] Undelivered mail #42\n\n" QMAIL_TEXT);
}
END_TEST

START_TEST(a_mail_system_may_use_another_name)
{
	read_sole("From: Gateway <ndr@mx.example.net>\n"
		  "Subject: Mail\n\n" QMAIL_TEXT);
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
	read_sole("From: \"Mailer\" <>\nSubject: Mail\n\n" QMAIL_TEXT);
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
}
END_TEST

START_TEST(a_newsletter_about_full_mailboxes_is_no_report)
{
	read_message("From: News <news@shop.example>\n"
		     "List-Unsubscribe: <https://shop.example/u>\n"
		     "Subject: Mailbox full? Delivery failed? We help\n\n"
		     "550 5.2.2 mailbox full: user@example.org\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

#define REFUSED "550 5.1.1 <user@example.org>: User unknown\n"

START_TEST(a_count_of_what_others_were_told_is_no_report)
{
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: Daily report of undelivered mail\n\n"
		     "user@example.org: " REFUSED
		     "other@example.org: " REFUSED);
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_uint_eq(report.fact_count, 0);
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: Daily report\n\nThis message counts:\n\n"
		     "user@example.org: " REFUSED);
	ck_assert_uint_eq(report.fact_count, 0);
	read_sole("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		  "Subject: Daily report\n\n"
		  "Your message was not delivered:\n\nuser@example.org\n"
		  "    " REFUSED);
	read_sole("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		  "Subject: Daily news\n\n"
		  "Your message was not delivered:\n\nuser@example.org\n"
		  "    " REFUSED);
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
}
END_TEST

START_TEST(what_a_filter_holds_and_counts_is_no_report)
{
	read_message("Return-Path: <>\nFrom: postmaster@mx.example.net\n"
		     "Subject: Quarantine: 2 new\n\n"
		     "user@example.org: " REFUSED);
	ck_assert_uint_eq(report.fact_count, 0);
	read_sole("Return-Path: <>\nFrom: postmaster@mx.example.net\n"
		  "Subject: Undelivered: our statistics\n\n"
		  "user@example.org: " REFUSED);
	read_sole(
		"Return-Path: <>\nFrom: postmaster@mx.example.net\n"
		"Subject: Our statistics\n\n"
		"Your message was not delivered:\n\nuser@example.org: " REFUSED);
}
END_TEST

START_TEST(the_sole_address_may_stand_in_the_subject)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Subject: Undeliverable: user@example.org\n\nFull.\n");

	ck_assert_str_eq(f->address, "user@example.org");
}
END_TEST

START_TEST(a_message_id_is_nobody)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Subject: Undeliverable\n\nYour message <1.2@relay.example> "
		"is not for user@example.org.\nMessage-ID: 3@mx.example.com\n");

	ck_assert_str_eq(f->address, "user@example.org");
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: Undeliverable\n\nUser unknown.\n"
		     "Queue-ID: 4XyZ12@relay.example\n");
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(our_own_title_names_nobody_who_failed)
{
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: Undeliverable: Win with user@example.org\n\n"
		     "User unknown.\n");
	ck_assert_uint_eq(report.fact_count, 0);
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: Undeliverable: user@example.org has news\n\n"
		     "User unknown.\n");
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(a_robot_of_a_help_desk_is_no_mail_system)
{
	static const char *const subjects[] = {
		"Request #42: Mail delivery failed",
		"Incident INC42: Undeliverable: May", "Ticket#42 Undeliverable",
		"(Case 42) Mail delivery failed", "Re: [#42] Undeliverable"};
	char message[256];

	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		snprintf(message, sizeof(message),
			 "Return-Path: <>\nFrom: Desk <noreply@desk.example>\n"
			 "Subject: %s\n\nYour message has come.\n"
			 "user@example.org " REFUSED,
			 subjects[i]);
		read_message(message);
		ck_assert_uint_eq(report.fact_count, 0);
	}
}
END_TEST

START_TEST(an_answer_to_a_report_quotes_it)
{
	read_message("Return-Path: <postmaster@mx.example.net>\n"
		     "From: postmaster@mx.example.net\n"
		     "Subject: Re: Undelivered Mail\n\nIt works again.\n\n"
		     "> Your message could not be delivered:\n"
		     "> <user@example.org>: " REFUSED);
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(a_postmaster_may_quote_a_log)
{
	read_message(
		"Return-Path: <postmaster@mx.example.net>\n"
		"From: Postmaster <postmaster@mx.example.net>\n"
		"Subject: A question\n\nHello, since Monday we see\n\n"
		"<user@example.org>: host mx.example.org said: 550 5.1.1\n"
		"    User unknown (in reply to RCPT TO command)\n\nWhy?\n");
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(the_first_of_two_in_a_row_may_be_the_sender)
{
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: Undelivered Mail\n\n"
		     "Your message could not be delivered:\n"
		     "| other@example.com | user@example.org | 550 5.1.1 no\n");
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(of_two_in_a_row_the_reply_names_the_recipient)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Subject: Undelivered Mail\n\n"
		"Your message could not be delivered:\n"
		"| other@example.com | user@example.org | " REFUSED);

	ck_assert_str_eq(f->address, "user@example.org");
}
END_TEST

START_TEST(our_title_of_an_alert_leaves_a_report_a_report)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: Relay <noreply@relay.example>\n"
		"Subject: [ALERT] May: not delivered\n"
		"Content-Type: multipart/report; boundary=b1;\n"
		" report-type=delivery-status\n\n" DSN_TEXT("No.") DSN_STATUS(
			"Final-Recipient: rfc822; user@example.org\n"
			"Action: failed\nStatus: 5.1.1\n") "--b1--\n");

	ck_assert_str_eq(f->address, "user@example.org");
}
END_TEST

START_TEST(an_alert_that_quotes_a_bounce_is_no_report)
{
	read_message("Return-Path: <>\nFrom: Watch <watch@mx.example.net>\n"
		     "Subject: [FIRING:1] MailQueue\n\n"
		     "Delivery failed: user@example.org " REFUSED);
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_sole("From: Relay <noreply@mx.example.net>\n"
		  "Subject: [ALERT] May\nContent-Type: multipart/report; "
		  "report-type=delivery-status; boundary=b1\n\n" DSN_STATUS(
			  "Final-Recipient: rfc822;user@example.org\n"
			  "Action: failed\nStatus: 5.1.1\n"));
}
END_TEST

START_TEST(a_robot_that_tells_of_its_own_mail_is_no_mail_system)
{
	read_message("From: Mailings <noreply@mailings.example>\n"
		     "Subject: Delivery report, spring campaign\n\n"
		     "Sent 900, undelivered 9.\n"
		     "user@example.org: " REFUSED);
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_sole("From: Mail <noreply@mx.example.net>\n"
		  "Subject: Delivery report\n\n"
		  "Your message was undelivered.\n"
		  "user@example.org: " REFUSED);
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
}
END_TEST

START_TEST(a_robot_by_a_null_path_tells_of_our_mail)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: Filter <do-not-reply@filter.example>\n"
		"To: bounces@news.example.com\nSubject: Undelivered mail\n\n"
		"Alas, your message is not for user@example.org.\n");

	ck_assert_str_eq(f->address, "user@example.org");
	read_message("Return-Path: <>\nFrom: Shop <no-reply@shop.example>\n"
		     "Subject: Delivery failure\n\n"
		     "Your message to us: none. user@example.org 550 5.1.1\n");
	ck_assert_uint_eq(report.fact_count, 0);
	read_message("Return-Path: <>\nFrom: Parcels <no-reply@post.example>\n"
		     "Subject: Undelivered parcel\n\n"
		     "Your parcel waits for you: user@example.org\n");
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(only_the_outermost_of_two_reports_counts)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_TEXT("No.") DSN_STATUS(
		"Final-Recipient: rfc822;bounces@news.example.com\n"
		"Action: failed\nStatus: 5.1.1\n") "--b1\nContent-Type: "
						   "message/rfc822\n\n"
						   "From: "
						   "MAILER-DAEMON@other."
						   "example\n"
						   "To: "
						   "bounces@news.example.com\n"
						   "Content-Type: "
						   "multipart/report; "
						   "boundary=b2\n\n"
						   "--b2\nContent-Type: "
						   "message/delivery-status\n\n"
						   "Reporting-MTA: dns; "
						   "other.example\n\n"
						   "Final-Recipient: "
						   "rfc822;inner@example.org\n"
						   "Action: failed\nStatus: "
						   "5.1.1\n\n--b2--\n--b1--\n");

	ck_assert_str_eq(f->address, "bounces@news.example.com");
}
END_TEST

START_TEST(a_report_in_the_quoted_original_is_not_ours)
{
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: failure notice\n\n" QMAIL_TEXT
		     "\n--- Below this line is a copy of the message.\n\n"
		     "Return-Path: <>\nFrom: MAILER-DAEMON@other.example\n"
		     "To: user@example.org\nSubject: Undelivered\n"
		     "Content-Type: multipart/report; boundary=b2\n\n"
		     "--b2\nContent-Type: message/delivery-status\n\n"
		     "Reporting-MTA: dns; other.example\n\n"
		     "Final-Recipient: rfc822;inner@example.org\n"
		     "Action: failed\nStatus: 5.1.1\n\n--b2--\n");
	ck_assert_uint_eq(report.fact_count, 1);
	ck_assert_str_eq(report.facts[0].address, "user@example.org");
}
END_TEST

/* Each of them may be any of those: the parser's seconds would not do. */
START_TEST(many_names_and_many_whom_we_mailed_take_no_time)
{
	struct buf b;

	buf_init(&b);
	buf_add_str(&b, "Return-Path: <>\nFrom: Mailer-Daemon@example.net\n"
			"Subject: Message status - undeliverable\n"
			"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
			"The message that you sent was undeliverable to the "
			"following:\n");
	for (int i = 0; i < 4000; i++)
		buf_addf(&b, "\tu%d (user not found)\n", i);
	buf_add_str(&b, "--b\nContent-Type: message/rfc822\n\nTo: a@b.example");
	for (int i = 0; i < 30000; i++)
		buf_addf(&b, ", a%d@example.net", i);
	buf_add_str(&b, "\n\nHello\n--b--\n");
	read_bytes(b.data, b.len);
	ck_assert_uint_gt(report.fact_count, 100);
	buf_release(&b);
}
END_TEST

/* A line that begins with CR was taken for a folded field, and none ended. */
START_TEST(a_carriage_return_folds_no_field)
{
	read_message("Return-Path: <>\nFrom: postmaster@mx.example.net\n"
		     "To:\r\r\r\r user@example.org\n"
		     "Subject: Undeliverable\n\nSubject: May\n");
	ck_assert_uint_eq(report.fact_count, 1);
	ck_assert_str_eq(report.facts[0].address, "user@example.org");
}
END_TEST

START_TEST(an_unknown_format_may_still_name_one_address)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: postmaster@mx.example.net\n"
		"To: bounces@news.example.com\nSubject: Undeliverable mail\n\n"
		"Alas, nobody here is called user@example.org any more.\n");

	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
}
END_TEST

START_TEST(anything_else_is_other)
{
	read_message("");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_message("From: ann@example.org\nSubject: hi\n\nhello\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert_str_eq(report.subject, "hi");
	ck_assert_str_eq(report.from, "ann@example.org");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		an_abuse_report_is_a_complaint_of_the_recipient,
		a_redacted_complaint_is_of_the_sole_returned_recipient,
		an_authentication_report_is_no_complaint,
		a_receipt_is_no_bounce_even_if_it_says_error,
		a_vacation_is_an_automatic_reply,
		a_bounce_that_calls_itself_auto_replied_is_a_bounce,
		a_challenge_asks_for_an_answer,
		a_bounce_that_a_person_forwards_is_no_report,
		a_report_attached_as_a_message_is_not_ours,
		a_ticket_that_quotes_a_bounce_is_no_report,
		a_person_who_tells_of_a_bounce_is_no_mail_system,
		a_report_that_a_person_pasted_is_no_report,
		a_report_that_a_list_handed_round_is_not_ours,
		a_ticket_in_our_own_title_is_not_theirs,
		a_ticket_with_a_number_is_no_report,
		a_mail_system_may_use_another_name,
		a_newsletter_about_full_mailboxes_is_no_report,
		a_count_of_what_others_were_told_is_no_report,
		what_a_filter_holds_and_counts_is_no_report,
		the_sole_address_may_stand_in_the_subject,
		a_message_id_is_nobody,
		our_own_title_names_nobody_who_failed,
		a_robot_of_a_help_desk_is_no_mail_system,
		an_answer_to_a_report_quotes_it,
		a_postmaster_may_quote_a_log,
		the_first_of_two_in_a_row_may_be_the_sender,
		of_two_in_a_row_the_reply_names_the_recipient,
		our_title_of_an_alert_leaves_a_report_a_report,
		an_alert_that_quotes_a_bounce_is_no_report,
		a_robot_that_tells_of_its_own_mail_is_no_mail_system,
		a_robot_by_a_null_path_tells_of_our_mail,
		only_the_outermost_of_two_reports_counts,
		a_report_in_the_quoted_original_is_not_ours,
		many_names_and_many_whom_we_mailed_take_no_time,
		a_carriage_return_folds_no_field,
		an_unknown_format_may_still_name_one_address,
		anything_else_is_other,
	};

	return RUN_TESTS("report_kind", tests);
}
