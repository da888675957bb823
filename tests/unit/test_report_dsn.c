#include "report/dsn.h"
#include "report_message.h"

#define RCPT(address, action, status)                                          \
	"Final-Recipient: rfc822; " address "\nAction: " action                \
	"\nStatus: " status "\n"

START_TEST(a_failed_recipient_is_a_bounce)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_TEXT("No.") DSN_STATUS(
		RCPT("user@example.org", "failed",
		     "5.1.1") "Remote-MTA: dns; mx.example.org\n"
			      "Diagnostic-Code: smtp; 550 5.1.1 No such user\n")
						 DSN_RETURNED(
							 RETURNED_HEADERS));

	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
	ck_assert_str_eq(report.format, "rfc3464");
	ck_assert_str_eq(report.reporting_mta, "mx.example.net");
	ck_assert_int_eq(f->kind, REPORT_BOUNCE);
	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_str_eq(f->final, "");
	ck_assert_int_eq(f->action, ACTION_FAILED);
	ck_assert_str_eq(status_text(f), "5.1.1");
	ck_assert_int_eq(f->reply, 550);
	ck_assert_str_eq(f->remote, "mx.example.org");
	ck_assert_str_eq(f->diagnostic_type, "smtp");
	ck_assert_str_eq(f->diagnostic, "550 5.1.1 No such user");
	ck_assert(!f->forwarded && !report.partial);
}
END_TEST

START_TEST(a_delay_is_no_bounce)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(RCPT(
		"user@example.org", "Delayed",
		"4.4.1") "Will-Retry-Until: Thu, 7 May 2026 10:00:00 +0000\n"));

	ck_assert_int_eq(report.kind, REPORT_DELAY);
	ck_assert_int_eq(f->action, ACTION_DELAYED);
	ck_assert_int_eq(f->will_retry_until_s, 1778148000);
}
END_TEST

START_TEST(a_success_is_no_bounce_whatever_the_subject_says)
{
	read_sole(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "delivered", "2.0.0")));
	ck_assert_int_eq(report.kind, REPORT_SUCCESS);
	read_sole(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "relayed", "2.0.0")));
	ck_assert_int_eq(report.kind, REPORT_SUCCESS);
	read_sole(DSN_HEADER DSN_STATUS(
		RCPT("list@example.org", "expanded (to 3)", "2.0.0")));
	ck_assert_int_eq(report.kind, REPORT_SUCCESS);
}
END_TEST

#define GONE RCPT("a@example.org", "failed", "5.1.1")
#define LATE RCPT("b@example.org", "delayed", "4.2.2")
#define FINE RCPT("c@example.org", "delivered", "2.1.5")

START_TEST(each_recipient_keeps_its_own_action_and_words)
{
	read_message(DSN_HEADER DSN_STATUS(
		GONE "Diagnostic-Code: smtp; 550 5.1.1 gone\n\n" LATE
		     "Diagnostic-Code: smtp; 452 4.2.2 full\n\n" FINE));
	ck_assert_uint_eq(report.fact_count, 3);
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
	ck_assert_int_eq(report.facts[0].action, ACTION_FAILED);
	ck_assert_int_eq(report.facts[1].action, ACTION_DELAYED);
	ck_assert_str_eq(report.facts[1].diagnostic, "452 4.2.2 full");
	ck_assert_int_eq(report.facts[2].action, ACTION_DELIVERED);
	ck_assert_str_eq(report.facts[2].diagnostic, "");
	read_message(DSN_HEADER DSN_STATUS(LATE "\n" GONE));
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
}
END_TEST

START_TEST(odd_actions_are_understood)
{
	ck_assert_int_eq(dsn_action(SPAN(" FAILED ")), ACTION_FAILED);
	ck_assert_int_eq(dsn_action(SPAN("expired")), ACTION_FAILED);
	ck_assert_int_eq(dsn_action(SPAN("failed (5 attempts)")),
			 ACTION_FAILED);
	ck_assert_int_eq(dsn_action(SPAN("deliverable")), ACTION_UNKNOWN);
	ck_assert_int_eq(dsn_action(SPAN("")), ACTION_UNKNOWN);
}
END_TEST

START_TEST(a_missing_action_follows_from_the_status)
{
	ck_assert_int_eq(
		read_sole(DSN_HEADER DSN_STATUS(
				  "Final-Recipient: rfc822;u@example.org\n"
				  "ction: failed\nStatus: 5.1.1\n"))
			->action,
		ACTION_FAILED);
	ck_assert_int_eq(
		read_sole(DSN_HEADER DSN_STATUS(
				  "Final-Recipient: rfc822;u@example.org\n"
				  "Status: 2.1.5\n"))
			->action,
		ACTION_DELIVERED);
}
END_TEST

START_TEST(a_delay_that_expired_was_given_up)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_TEXT(
		"    This is the MAILER-DAEMON, please DO NOT REPLY.\n\n"
		"user@example.org: Envelope expired\n")
						 DSN_STATUS(RCPT(
							 "user@example.org",
							 "delayed", "4.4.7")));

	ck_assert_int_eq(f->action, ACTION_FAILED);
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
	/* With a time to come it is what it says. */
	f = read_sole(DSN_HEADER DSN_STATUS(RCPT(
		"user@example.org", "delayed",
		"4.4.7") "Will-Retry-Until: Thu, 7 May 2026 10:00:00 +0000\n"
			 "Diagnostic-Code: smtp; 400 4.4.7 not expired yet\n"));
	ck_assert_int_eq(f->action, ACTION_DELAYED);
}
END_TEST

START_TEST(status_and_diagnostic_may_disagree_and_both_are_kept)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "failed",
		     "5.0.0") "Diagnostic-Code: smtp; 451 4.7.1 later\n"));

	ck_assert_int_eq(f->status.class_, 5);
	ck_assert_int_eq(f->reply, 451);
	ck_assert_str_eq(status_text(f), "4.7.1");
	f = read_sole(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "failed",
		     "4.4.7") "Diagnostic-Code: smtp; 554 4.4.7 expired <421 "
			      "4.4.2 timeout>"
			      "\n"));
	ck_assert_str_eq(status_text(f), "4.4.2");
	ck_assert_int_eq(f->action, ACTION_FAILED);
}
END_TEST

START_TEST(the_comment_of_a_status_is_the_last_words_there_are)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		"Final-Recipient: rfc822;user@example.org\nAction: failed\n"
		"Status: 5.1.2 (bad destination system: no such domain)\n"));

	ck_assert_str_eq(status_text(f), "5.1.2");
	ck_assert_ptr_nonnull(strstr(f->diagnostic, "no such domain"));
}
END_TEST

START_TEST(a_diagnostic_needs_no_type)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "failed",
		     "5.0.0") "Diagnostic-Code: The account of; this user is "
			      "closed\n"));

	ck_assert_str_eq(f->diagnostic_type, "");
	ck_assert_str_eq(f->diagnostic, "The account of; this user is closed");
}
END_TEST

START_TEST(the_original_recipient_is_whom_we_mailed)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		"Original-Recipient: rfc822; user@example.org\n" RCPT(
			"target@forward.example", "failed", "5.1.1")));

	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_str_eq(f->final, "target@forward.example");
	ck_assert(f->forwarded);
}
END_TEST

START_TEST(a_recipient_that_differs_by_case_is_not_forwarded)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		"Original-Recipient: rfc822; User@Example.org\n" RCPT(
			"user@example.org", "failed", "5.1.1")));

	ck_assert_str_eq(f->final, "");
	ck_assert(!f->forwarded);
}
END_TEST

START_TEST(the_actual_recipient_is_a_forward_target)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "failed",
		     "5.1.1") "X-Actual-Recipient: rfc822; "
			      "target@forward.example\n"));

	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_str_eq(f->final, "target@forward.example");
	ck_assert(f->forwarded);
}
END_TEST

#define MAILED(to)                                                             \
	DSN_RETURNED("From: news@news.example.com\nTo: " to                    \
		     "\nMessage-ID: <may.1@news.example.com>\n")

START_TEST(what_their_host_forwarded_fails_as_the_address_that_we_mailed)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		RCPT("target@forward.example", "failed", "5.1.1"))
						 MAILED("user@example.net"));

	ck_assert_str_eq(f->address, "user@example.net");
	ck_assert_str_eq(f->final, "target@forward.example");
	ck_assert(f->forwarded);
}
END_TEST

START_TEST(whom_the_reporting_host_took_our_mail_for_is_whom_we_mailed)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(RCPT(
		"target@forward.example", "failed",
		"5.1.1")) DSN_RETURNED("Return-Path: <news@news.example.com>\n"
				       "Received: from out.example.com\n"
				       "\tby mx.example.net\n"
				       "\tfor <user@hosted.example>; today\n"
				       "Received: by out.example.com\n"
				       "From: news@news.example.com\n"
				       "To: user@hosted.example\n"));

	ck_assert_str_eq(f->address, "user@hosted.example");
	ck_assert_str_eq(f->final, "target@forward.example");
	ck_assert(f->forwarded);
}
END_TEST

#define SENT_ON(mark)                                                          \
	DSN_HEADER DSN_STATUS(                                                 \
		"Original-Recipient: rfc822;"                                  \
		"target@forward.example\n" RCPT("target@forward.example",      \
						"failed", "5.1.1"))            \
		DSN_RETURNED(mark "From: news@news.example.com\n"              \
				  "To: user@hosted.example\n")

START_TEST(a_mailbox_that_sends_our_mail_on_is_whom_we_mailed)
{
	static const char *const messages[] = {
		SENT_ON("Delivered-To: user@hosted.example\n"),
		SENT_ON("X-Sieve-Redirected-From: User@hosted.example\n"),
	};

	for (size_t i = 0; i < 2; i++) {
		const struct fact *f = read_sole(messages[i]);

		ck_assert_str_eq(f->address, "user@hosted.example");
		ck_assert_str_eq(f->final, "target@forward.example");
		ck_assert(f->forwarded);
	}
	ck_assert_str_eq(
		read_sole(SENT_ON("X-Seen: user@hosted.example\n"))->address,
		"target@forward.example");
}
END_TEST

START_TEST(a_to_field_of_others_names_nobody_that_was_forwarded)
{
	static const char *const messages[] = {
		/* not of the host that reports */
		DSN_HEADER DSN_STATUS(
			RCPT("user@example.org", "failed", "5.1.1"))
			MAILED("all@other.example"),
		/* the reporting host's own, as the failed one is */
		DSN_HEADER DSN_STATUS(RCPT("user@mx.example.net", "failed",
					   "5.1.1")) MAILED("all@example.net"),
		/* the sender's own list, reported by the sender's own relay */
		DSN_HEADER DSN_STATUS(
			RCPT("user@example.org", "failed", "5.1.1"))
			DSN_RETURNED("From: news@example.net\n"
				     "To: list@example.net\n"),
		/* mailed by Bcc */
		DSN_HEADER DSN_STATUS(
			RCPT("user@example.org", "failed", "5.1.1"))
			DSN_RETURNED("Received: by mx for <user@example.org>\n"
				     "From: news@news.example.com\n"
				     "To: all@example.net\n"),
		/* taken for a list by a host before the one that reports */
		DSN_HEADER DSN_STATUS(
			RCPT("user@example.org", "failed", "5.1.1"))
			DSN_RETURNED("Received: by mx.example.net; today\n"
				     "Received: by a.list.example\n"
				     "\tfor <all@list.example>; today\n"
				     "From: news@news.example.com\n"
				     "To: all@list.example\n"),
	};

	for (size_t i = 0; i < 5; i++) {
		const struct fact *f = read_sole(messages[i]);

		ck_assert(!f->forwarded);
		ck_assert_int_eq(strncmp(f->address, "user@", 5), 0);
	}
}
END_TEST

START_TEST(the_text_tells_the_alias_that_the_fields_leave_out)
{
	const struct fact *f =
		read_sole(DSN_HEADER DSN_TEXT(
			"This is the mail system at host mx.example.net.\n\n"
			"<lena.new@example.net> (expanded from\n"
			"    <lena@example.org>): unknown user\n")
				  DSN_STATUS(RCPT("lena.new@example.net",
						  "failed", "5.1.1")));

	ck_assert_str_eq(f->address, "lena@example.org");
	ck_assert_str_eq(f->final, "lena.new@example.net");
	ck_assert(f->forwarded);
}
END_TEST

START_TEST(a_source_route_and_brackets_come_off)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		RCPT("<@relay.example:user@example.org>", "failed", "5.1.1")));

	ck_assert_str_eq(f->address, "user@example.org");
}
END_TEST

START_TEST(a_local_name_stands_for_the_sole_returned_recipient)
{
	const struct fact *f =
		read_sole(DSN_HEADER DSN_STATUS(RCPT("user", "failed", "5.1.1"))
				  DSN_RETURNED(RETURNED_HEADERS));

	ck_assert_str_eq(f->address, "user@example.org");
	f = read_sole(
		DSN_HEADER DSN_STATUS(RCPT("user@mailhub0", "failed", "5.1.1"))
			DSN_RETURNED(RETURNED_HEADERS));
	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_str_eq(f->final, "user@mailhub0");
}
END_TEST

START_TEST(a_local_name_alone_names_nobody)
{
	read_message(DSN_HEADER DSN_STATUS(RCPT("user", "failed", "5.1.1")));
	ck_assert_uint_eq(report.fact_count, 0);
}
END_TEST

START_TEST(our_own_sender_is_never_the_recipient)
{
	const struct fact *f =
		read_sole(DSN_HEADER DSN_STATUS(
			"Original-Recipient: "
			"rfc822;news@news.example.com\n" RCPT(
				"user@example.org", "failed", "5.1.1"))
				  DSN_RETURNED(RETURNED_HEADERS));

	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_str_eq(f->final, "");
}
END_TEST

START_TEST(a_recipient_said_twice_alike_is_one)
{
	read_message(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "failed",
		     "5.1.1") "\n" RCPT("user@example.org", "failed",
					"5.1.1") "\n" RCPT("user@example.org",
							   "failed", "5.2.2")));
	ck_assert_uint_eq(report.fact_count, 2);
	ck_assert_str_eq(status_text(&report.facts[0]), "5.1.1");
	ck_assert_str_eq(status_text(&report.facts[1]), "5.2.2");
	read_sole(DSN_HEADER DSN_STATUS(
		RCPT("user@example.org", "failed", "5.1.1") "\n" RCPT(
			"user@example.org", "failed", "5.1.1")));
}
END_TEST

#define SAME RCPT("user@example.org", "failed", "5.1.1")

START_TEST(a_recipient_said_twice_otherwise_is_kept)
{
	read_message(DSN_HEADER DSN_STATUS(
		SAME
		"\n" SAME "Remote-MTA: dns; mx.example.org\n\n" SAME
		"Diagnostic-Code: smtp; 550 Gone\n\n" SAME
		"Original-Recipient: rfc822; list@example.org\n\n" RCPT(
			"user@example.org", "failed",
			"4.1.1") "\n" RCPT("user@example.org", "failed",
					   "5.2.1") "\n" RCPT("user@example.org",
							      "delayed",
							      "5.1.1")));
	ck_assert_uint_eq(report.fact_count, 7);
}
END_TEST

START_TEST(what_a_first_line_leaves_out_is_in_the_transcript)
{
	const struct fact *f = read_sole(
		DSN_HEADER DSN_TEXT(
			"   ----- The following addresses had permanent fatal "
			"errors "
			"-----\n<user@example.org>\n    (reason: 550-5.7.1 "
			"Your host)\n"
			"\n   ----- Transcript of session follows -----\n"
			"... while talking to mx.example.org.:\n"
			">>> DATA\n<<< 550-5.7.1 Your host\n"
			"<<< 550 5.7.1 is on a block list\n"
			"554 5.0.0 Service unavailable\n")
			DSN_STATUS(RCPT("user@example.org", "failed",
					"5.7.1") "Diagnostic-Code: SMTP; "
						 "550-5.7.1 Your host"
						 "\n"));

	ck_assert_ptr_nonnull(strstr(f->diagnostic, "is on a block list"));
}
END_TEST

START_TEST(ids_and_senders_become_tokens)
{
	read_message("Return-Path: <>\nDelivered-To: b+tok1@news.example.com\n"
		     "Received: from a by b for <b+tok2@news.example.com>; x\n"
		     "From: MAILER-DAEMON@mx.example.net\n"
		     "Content-Type: multipart/report; boundary=b1\n\n"
		     "--b1\nContent-Type: message/delivery-status\n\n"
		     "Reporting-MTA: dns; mx.example.net\n"
		     "Original-Envelope-Id: tok+2D3\n"
		     "X-Relay-Sender: rfc822; b+tok4@news.example.com\n\n" RCPT(
			     "user@example.org", "failed", "5.1.1"));
	ck_assert_uint_eq(report.token_count, 5);
	ck_assert_str_eq(report.tokens[0], "b+tok1@news.example.com");
	ck_assert_str_eq(report.tokens[1], "b+tok2@news.example.com");
	ck_assert_str_eq(report.tokens[2], "tok+2D3");
	ck_assert_str_eq(report.tokens[3], "tok-3");
	ck_assert_str_eq(report.tokens[4], "b+tok4@news.example.com");
	ck_assert_str_eq(report.envelope_id, "tok+2D3");
}
END_TEST

START_TEST(global_reports_name_utf8_addresses)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Content-Type: multipart/report; boundary=b1\n\n"
		"--b1\nContent-Type: message/global-delivery-status\n\n"
		"Reporting-MTA: dns; mx.example.net\n\n"
		"Final-Recipient: utf-8; \\x{4E2D}x@example.org\n"
		"Action: failed\nStatus: 5.1.1\n");

	ck_assert_str_eq(f->address, "\xE4\xB8\xADx@example.org");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_failed_recipient_is_a_bounce,
		a_delay_is_no_bounce,
		a_success_is_no_bounce_whatever_the_subject_says,
		each_recipient_keeps_its_own_action_and_words,
		odd_actions_are_understood,
		a_missing_action_follows_from_the_status,
		a_delay_that_expired_was_given_up,
		status_and_diagnostic_may_disagree_and_both_are_kept,
		the_comment_of_a_status_is_the_last_words_there_are,
		a_diagnostic_needs_no_type,
		the_original_recipient_is_whom_we_mailed,
		a_recipient_that_differs_by_case_is_not_forwarded,
		the_actual_recipient_is_a_forward_target,
		what_their_host_forwarded_fails_as_the_address_that_we_mailed,
		whom_the_reporting_host_took_our_mail_for_is_whom_we_mailed,
		a_mailbox_that_sends_our_mail_on_is_whom_we_mailed,
		a_to_field_of_others_names_nobody_that_was_forwarded,
		the_text_tells_the_alias_that_the_fields_leave_out,
		a_source_route_and_brackets_come_off,
		a_local_name_stands_for_the_sole_returned_recipient,
		a_local_name_alone_names_nobody,
		our_own_sender_is_never_the_recipient,
		a_recipient_said_twice_alike_is_one,
		a_recipient_said_twice_otherwise_is_kept,
		what_a_first_line_leaves_out_is_in_the_transcript,
		ids_and_senders_become_tokens,
		global_reports_name_utf8_addresses,
	};

	return RUN_TESTS("report_dsn", tests);
}
