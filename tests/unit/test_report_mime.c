#include <stdlib.h>

#include "report/mime.h"
#include "report_message.h"
#include "util/buf.h"

#define GROUP                                                                  \
	"Final-Recipient: rfc822; user@example.org\nAction: failed\n"          \
	"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 gone\n"
#define PLAIN_DSN                                                              \
	DSN_HEADER DSN_TEXT("No.") DSN_STATUS(GROUP)                           \
		DSN_RETURNED(RETURNED_HEADERS)

static void is_the_bounce(const struct fact *f)
{
	ck_assert_int_eq(report.kind, REPORT_BOUNCE);
	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_int_eq(f->action, ACTION_FAILED);
	ck_assert_str_eq(status_text(f), "5.1.1");
	ck_assert_str_eq(f->diagnostic, "550 5.1.1 gone");
}

/* The plain DSN with other line ends. */
static const struct fact *read_with_line_ends(const char *end)
{
	const char *message = PLAIN_DSN;
	struct buf b;

	buf_init(&b);
	for (const char *p = message; *p; p++) {
		if (*p == '\n')
			buf_add_str(&b, end);
		else
			buf_add_char(&b, *p);
	}
	read_bytes(b.data, b.len);
	buf_release(&b);
	ck_assert_uint_eq(report.fact_count, 1);
	return &report.facts[0];
}

START_TEST(every_line_end_is_read)
{
	is_the_bounce(read_with_line_ends("\n"));
	is_the_bounce(read_with_line_ends("\r\n"));
	is_the_bounce(read_with_line_ends("\r"));
	is_the_bounce(read_with_line_ends("\r\r\n"));
}
END_TEST

START_TEST(what_mail_stores_put_before_the_header_is_skipped)
{
	is_the_bounce(
		read_sole("\n \nFrom a@b Mon May  4 10:00:00 2026\n"
			  ">From c@d Mon May  4 10:00:00 2026\n" PLAIN_DSN));
}
END_TEST

START_TEST(a_line_that_is_no_field_ends_no_header)
{
	is_the_bounce(
		read_sole("Received: from x\nthis is no field\n" PLAIN_DSN));
	is_the_bounce(read_sole(
		DSN_HEADER "--b1\nContent-Type: message/delivery-status\n"
			   "neither is this\n\nReporting-MTA: dns; x\n\n" GROUP
			   "\n--b1--\n"));
}
END_TEST

START_TEST(a_part_without_a_header_keeps_its_first_paragraph)
{
	const struct fact *f = read_sole(
		DSN_HEADER "--b1\n\nYour message to <user> was automatically "
			   "rejected:\nQuota exceeded\n" DSN_STATUS(GROUP));

	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_str_eq(f->diagnostic,
			 "was automatically rejected: Quota exceeded");
}
END_TEST

START_TEST(a_blank_line_before_a_parts_header_is_forgiven)
{
	is_the_bounce(read_sole(
		DSN_HEADER DSN_TEXT("No.") "--b1\n\nContent-Type: "
					   "message/delivery-status\n\n"
					   "Reporting-MTA: dns; mx.example.net"
					   "\n\n" GROUP "\n--b1--\n"));
}
END_TEST

static void parts_are(const char *header, const char *body, const char *a,
		      const char *b)
{
	struct report_settings settings;
	const char *texts[] = {a, b};
	struct headers h;
	struct parts parts;
	struct arena arena;
	size_t n = 0;

	report_settings_init(&settings);
	arena_init(&arena);
	headers_parse(&h, &arena, span_of(header));
	mime_read(&parts, &arena, &h, span_of(body), &settings);
	for (size_t i = 0; i < 2 && texts[i]; i++, n++) {
		ck_assert_uint_lt(i, parts.count);
		ck_assert_str_eq(arena_memdupz(&arena, parts.list[i].bytes.p,
					       parts.list[i].bytes.n),
				 texts[i]);
	}
	ck_assert_uint_eq(parts.count, n);
	arena_release(&arena);
}

START_TEST(a_part_holds_every_byte_between_its_delimiters)
{
	static const char head[] =
		"Content-Type: multipart/mixed; boundary=\"b\"\n\n";

	parts_are(head, "--b\n\none\n--b\n\ntwo\n--b--\n", "one", "two");
	parts_are(head, "pre\n--b\nX: y\n\none\n\n--b\n\n-- \ntwo\n--bb",
		  "one\n", "-- \ntwo\n--bb");
	parts_are(head, "--b\r\n\r\none\r\n\r\n--b\r\n--b--\r\n", "one\r\n",
		  "");
	parts_are(head,
		  "\n--b\nContent-Type: multipart/mixed; boundary=c\n\n"
		  "--c\n\none\n--c\n\ntwo\n--c--\n--b--\n",
		  "one", "two");
	parts_are(head, "\nno delimiter\n", "no delimiter\n", NULL);
}
END_TEST

START_TEST(folded_fields_are_joined)
{
	is_the_bounce(read_sole(DSN_HEADER DSN_STATUS(
		"Final-Recipient:\n\trfc822;\n user@example.org\n"
		"Action:\n failed\nStatus:\t5.1.1\n"
		"Diagnostic-Code: smtp;\n\t550 5.1.1\n  gone\n")));
	ck_assert(!report.partial);
}
END_TEST

START_TEST(groups_need_no_blank_line_between_them)
{
	read_message(DSN_HEADER
		     "--b1\nContent-Type: message/delivery-status\n\n"
		     "Reporting-MTA: dns; mx.example.net\n" GROUP
		     "Final-Recipient: rfc822; b@example.org\n"
		     "Action: delayed\nStatus: 4.2.2\n");
	ck_assert_uint_eq(report.fact_count, 2);
	ck_assert_str_eq(report.reporting_mta, "mx.example.net");
	is_the_bounce(&report.facts[0]);
	ck_assert_str_eq(report.facts[1].address, "b@example.org");
}
END_TEST

START_TEST(groups_may_be_empty_or_torn_apart)
{
	is_the_bounce(read_sole(
		DSN_HEADER "--b1\nContent-Type: message/delivery-status\n\n\n"
			   "Reporting-MTA: dns; mx.example.net\n \n\n"
			   "Final-Recipient: rfc822; user@example.org\n\n"
			   "Action: failed\nStatus: 5.1.1\n"
			   "Diagnostic-Code: smtp; 550 5.1.1 gone"));
}
END_TEST

START_TEST(the_action_may_come_first)
{
	read_message(DSN_HEADER DSN_STATUS(
		"Action: failed\nFinal-Recipient: rfc822; a@example.org\n"
		"Status: 5.1.1\n\n"
		"Action: delayed\nFinal-Recipient: rfc822; b@example.org\n"));
	ck_assert_uint_eq(report.fact_count, 2);
	ck_assert_int_eq(report.facts[0].action, ACTION_FAILED);
	ck_assert_str_eq(report.facts[1].address, "b@example.org");
	ck_assert_int_eq(report.facts[1].action, ACTION_DELAYED);
}
END_TEST

START_TEST(a_status_part_may_be_base64)
{
	/* "Final-Recipient: rfc822; user@example.org\nAction: failed\n..." */
	is_the_bounce(read_sole(
		DSN_HEADER "--b1\nContent-Type: message/delivery-status\n"
			   "Content-Transfer-Encoding: base64\n\n"
			   "UmVwb3J0aW5nLU1UQTogZG5zOyB4CgpGaW5hbC1SZWNpcGllbn"
			   "Q6IHJmYzgyMjsg\n"
			   "dXNlckBleGFtcGxlLm9yZwpBY3Rpb246IGZhaWxlZApTdGF0dX"
			   "M6IDUuMS4xCkRp\n"
			   "YWdub3N0aWMtQ29kZTogc210cDsgNTUwIDUuMS4xIGdvbmUK\n"
			   "\n--b1--\n"));
}
END_TEST

START_TEST(what_is_called_base64_may_be_in_clear)
{
	is_the_bounce(read_sole(DSN_HEADER DSN_TEXT(
		"Not delivered.") "--b1\nContent-Type: message/delivery-status\n"
				  "Content-Transfer-Encoding: base64\n\n"
				  "Reporting-MTA: dns; mx.example.net\n\n"
				  "Final-Recipient: rfc822; user@example.org\n"
				  "Action: failed\nStatus: 5.1.1\n"
				  "Diagnostic-Code: smtp; 550 5.1.1 gone\n"
				  "--b1--\n"));
}
END_TEST

START_TEST(words_may_be_encoded_and_not_say_so)
{
	parts_are("Subject: x\n\n", "one l=\nine =C3=B3 an=\nother\n",
		  "one line \xc3\xb3 another\n", NULL);
	parts_are("Subject: x\n\n", "a=\nb c=b\nd=\ne\n", "a=\nb c=b\nd=\ne\n",
		  NULL);
	parts_are(
		"Subject: x\n\n",
		"PG1pYUB6aWVsLmV4YW1wbGU+OiA1NTAgNS4xLjEgVXNlciB1bmtub3duIGhl\n"
		"cmUK\n",
		"<mia@ziel.example>: 550 5.1.1 User unknown here\n", NULL);
	parts_are("Subject: x\n\n", "Undeliverable\n", "Undeliverable\n", NULL);
}
END_TEST

START_TEST(fields_in_quoted_printable_text_are_read)
{
	is_the_bounce(read_sole(
		"Return-Path: <>\nFrom: postmaster@mx.example.net\n"
		"Subject: Undeliverable\n"
		"Content-Type: multipart/mixed; boundary=b1\n\n--b1\n"
		"Content-Type: text/plain; charset=utf-8\n"
		"Content-Transfer-Encoding: quoted-printable\n\n"
		"Technical report:\n\nReporting-MTA: dns; x\n\nFinal-Reci=\n"
		"pient: rfc822;user=40example.org\nAction: failed\nStatus: "
		"5.1=\n"
		".1\nDiagnostic-Code: smtp; 550 5.1.1 gone\n\n--b1--\n"));
}
END_TEST

START_TEST(boundaries_may_be_wrong_indented_or_unclosed)
{
	is_the_bounce(read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Content-Type: multipart/report; boundary=\"other\"\n\n"
		"--b1\nContent-Type: message/delivery-status\n\n"
		"Reporting-MTA: dns; x\n\n" GROUP));
	is_the_bounce(read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Subject: no MIME header at all\n\n"
		" --b1\nContent-Type: message/delivery-status\n\n"
		"Reporting-MTA: dns; x\n\n" GROUP "\n --b1--\n"));
}
END_TEST

START_TEST(a_boundary_may_lack_its_semicolon)
{
	is_the_bounce(read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Content-Type: multipart/report boundary=b:1/x\n\n"
		"--b:1/x\nContent-Type: message/delivery-status\n\n"
		"Reporting-MTA: dns; x\n\n" GROUP "\n--b:1/x--\n"));
}
END_TEST

START_TEST(a_report_that_a_gateway_wrapped_is_unwrapped)
{
	is_the_bounce(read_sole(
		"From: MAILER-DAEMON@mx.example.net\nMessage-ID: <r1@x>\n"
		"Content-Type: multipart/mixed; boundary=o1\n\n--o1\n"
		"Content-Type: message/rfc822\n\nMessage-ID: <r1@x>\n" PLAIN_DSN
		"--o1\nContent-Type: text/plain\n\n"
		"Scanned.\n--o1--\n"));
	ck_assert_str_eq(report.returned.to, "user@example.org");
}
END_TEST

START_TEST(what_came_back_is_kept)
{
	const struct returned *o = &report.returned;

	read_message(DSN_HEADER DSN_STATUS(GROUP) DSN_RETURNED(
		RETURNED_HEADERS "Return-Path: <b+tok@news.example.com>\n"
				 "List-ID: May list <may.example.com>\n"
				 "X-Campaign-ID: c7\nFeedback-ID: a:b:c\n"));
	ck_assert_str_eq(o->message_id, "may.1@news.example.com");
	ck_assert_str_eq(o->from, "news@news.example.com");
	ck_assert_str_eq(o->to, "user@example.org");
	ck_assert_str_eq(o->return_path, "b+tok@news.example.com");
	ck_assert_str_eq(o->subject, "May");
	ck_assert_str_eq(o->list_id, "may.example.com");
	ck_assert_str_eq(o->campaign, "c7");
	ck_assert_str_eq(o->feedback_id, "a:b:c");
	ck_assert_int_eq(o->date_s, 1777888800);
	ck_assert_uint_gt(o->headers.n, 40);
	ck_assert_mem_eq(o->headers.p, "From: News <news@news.example.com>\r\n",
			 36);
	ck_assert_mem_eq(o->headers.p + o->headers.n - 2, "\r\n", 2);
}
END_TEST

START_TEST(several_recipients_of_the_original_name_none)
{
	read_message(DSN_HEADER DSN_STATUS(GROUP)
			     DSN_RETURNED("From: a@b.example\nTo: x@c.example, "
					  "\"D, E\" <y@c.example>\n"));
	ck_assert_str_eq(report.returned.to, "");
	read_message(DSN_HEADER DSN_STATUS(GROUP) DSN_RETURNED(
		"From: a@b.example\nTo: \"D, E (x@y)\" <y@c.example>\n"));
	ck_assert_str_eq(report.returned.to, "y@c.example");
}
END_TEST

START_TEST(an_original_inside_the_text_is_found)
{
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: failure notice\n\n"
		     "Hi. This is the qmail-send program at mx.example.net.\n\n"
		     "<user@example.org>:\nNo mailbox. (#5.1.1)\n\n"
		     "--- Below this line is a copy of the "
		     "message.\n\n" RETURNED_HEADERS "\nBody\n");
	ck_assert_str_eq(report.returned.message_id, "may.1@news.example.com");
}
END_TEST

START_TEST(a_title_may_begin_with_a_number)
{
	read_message("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		     "Subject: Undeliverable\n\n"
		     "user@example.org: 550 5.1.1 no such user\n\n"
		     "Subject: 500 ways to save\nFrom: news@example.com\n"
		     "To: user@example.org\n\nHello\n");
	ck_assert_str_eq(report.returned.from, "news@example.com");
}
END_TEST

START_TEST(charsets_become_utf8)
{
	const struct fact *f = read_sole(DSN_HEADER DSN_STATUS(
		"Final-Recipient: rfc822; user@example.org\nAction: failed\n"
		"Diagnostic-Code: x-notes; \033$BF|K\134\033(B\n"));

	ck_assert_str_eq(f->diagnostic, "\xE6\x97\xA5\xE6\x9C\xAC");
	f = read_sole(DSN_HEADER DSN_STATUS(
		"Final-Recipient: rfc822; user@example.org\nAction: failed\n"
		"Diagnostic-Code: smtp; 550 Empf\xE4nger unbekannt\n"));
	ck_assert_str_eq(f->diagnostic, "550 Empf\xC3\xA4nger unbekannt");
}
END_TEST

START_TEST(spaces_that_nobody_sees_are_no_part_of_an_address)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Subject: Undeliverable\n"
		"Content-Type: text/plain; charset=utf-8\n\n"
		"Your mail could not be delivered to:\n\n"
		"\xc2\xa0\xe2\x80\xaf\xe2\x80\x8buser@example.org\xef\xbb\xbf\n\n"
		"\xe2\x80\x9cIt\xe2\x80\x99s no use.\n");

	ck_assert_str_eq(f->address, "user@example.org");
	ck_assert_ptr_nonnull(strstr(f->diagnostic, "\xe2\x80\x9cIt's"));
}
END_TEST

START_TEST(a_text_that_names_nobody_is_completed_from_the_html)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Subject: Undeliverable\n"
		"Content-Type: multipart/alternative; boundary=b1\n\n"
		"--b1\nContent-Type: text/plain\n\nNo HTML, no reason.\n"
		"--b1\nContent-Type: text/html\n\n"
		"<p>user@example.org</p>\n--b1--\n");

	ck_assert_str_eq(f->address, "user@example.org");
}
END_TEST

START_TEST(a_heading_is_no_part_of_what_was_said)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"To: bounces@news.example.com\nSubject: Returned mail\n\n"
		"   ----- Transcript of session follows -----\n\n"
		"550 There is no mailbox of user@example.org\n");

	ck_assert_str_eq(f->diagnostic,
			 "550 There is no mailbox of user@example.org");
}
END_TEST

START_TEST(a_report_in_html_alone_is_read)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: postmaster@mx.example.net\n"
		"Subject: Undeliverable: May\n"
		"Content-Type: text/html; charset=utf-8\n\n"
		"<html><head><style>p { x: y@z.example }</style></head><body>"
		"<p>Delivery has failed to these recipients:</p>\n"
		"<a href=\"mailto:user@example.org\">user&#64;example.org</a>"
		"<br>\n<p>Unknown.</p></body></html>\n");

	ck_assert_str_eq(f->address, "user@example.org");
}
END_TEST

START_TEST(too_many_recipients_are_cut_and_said_so)
{
	struct buf b;

	buf_init(&b);
	buf_add_str(&b,
		    DSN_HEADER "--b1\nContent-Type: message/delivery-status\n\n"
			       "Reporting-MTA: dns; x\n\n");
	for (int i = 0; i < REPORT_MAX_RECIPIENTS + 10; i++)
		buf_addf(&b,
			 "Final-Recipient: rfc822; u%d@example.org\n"
			 "Action: failed\nStatus: 5.1.1\n\n",
			 i);
	read_bytes(b.data, b.len);
	buf_release(&b);
	ck_assert_uint_eq(report.fact_count, REPORT_MAX_RECIPIENTS);
	ck_assert(report.partial);
}
END_TEST

START_TEST(long_texts_and_headers_are_cut_and_said_so)
{
	struct buf b;

	buf_init(&b);
	buf_add_str(&b, DSN_HEADER
		    "--b1\nContent-Type: message/delivery-status\n\n" GROUP
		    "\nFinal-Recipient: rfc822; b@example.org\nAction: failed\n"
		    "Diagnostic-Code: smtp; 550 ");
	for (int i = 0; i < 5000; i++)
		buf_add_str(&b, "word ");
	buf_add_str(
		&b,
		"\n\n--b1\nContent-Type: message/rfc822\n\n" RETURNED_HEADERS);
	for (int i = 0; i < 5000; i++)
		buf_addf(&b, "X-Long-%d: and so on and on\n", i);
	read_bytes(b.data, b.len);
	buf_release(&b);
	ck_assert_uint_eq(report.fact_count, 2);
	ck_assert_uint_le(strlen(report.facts[1].diagnostic),
			  REPORT_MAX_DIAGNOSTIC);
	ck_assert_uint_le(report.returned.headers.n, REPORT_MAX_HEADERS);
	ck_assert_uint_gt(report.returned.headers.n, REPORT_MAX_HEADERS - 64);
	ck_assert(report.partial);
}
END_TEST

/* n copies of part between head and tail, read as one message. */
static void read_many(const char *head, const char *part, size_t n,
		      const char *tail)
{
	struct buf b;

	buf_init(&b);
	buf_add_str(&b, head);
	for (size_t i = 0; i < n; i++)
		buf_add_str(&b, part);
	buf_add_str(&b, tail);
	read_bytes(b.data, b.len);
	buf_release(&b);
}

START_TEST(messages_that_kill_libetpan_do_not_reach_it)
{
	read_message("Content-Type: multipart/report; boundary=\"\\\"\"\n\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_many("Content-Type: multipart/report; boundary=b ", "(", 200000,
		  "\n\n--b\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	read_many("Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		  "Content-Type: multipart/mixed; boundary=c ",
		  "(", 200000, "\n\nx\n");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
	ck_assert(report.partial);
	read_many("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n",
		  200000, "");
	ck_assert(report.partial);
	read_many("Content-Type: multipart/mixed; boundary=b\n\n--b\n",
		  "Content-Type: message/rfc822\n\n", 40000, "");
	ck_assert_int_eq(report.kind, REPORT_OTHER);
}
END_TEST

START_TEST(a_text_that_ends_inside_an_escape_is_read)
{
	const struct fact *f = read_sole(
		"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\n"
		"Subject: failure notice\n"
		"Content-Transfer-Encoding: quoted-printable\n\n"
		"Hi. This is the qmail-send program at mx.example.net.\n\n"
		"<user@example.org>:\nNo mailbox. (#5.1.1)\n\nx=4");

	ck_assert_str_eq(f->address, "user@example.org");
}
END_TEST

START_TEST(a_huge_message_is_read_in_part)
{
	size_t n = 6 * 1024 * 1024;
	const char *head = PLAIN_DSN;
	char *message = malloc(n);

	ck_assert_ptr_nonnull(message);
	memset(message, 'x', n);
	memcpy(message, head, strlen(head));
	read_bytes(message, n);
	free(message);
	ck_assert_uint_eq(report.fact_count, 1);
	ck_assert(report.partial);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		every_line_end_is_read,
		what_mail_stores_put_before_the_header_is_skipped,
		a_line_that_is_no_field_ends_no_header,
		a_part_without_a_header_keeps_its_first_paragraph,
		a_blank_line_before_a_parts_header_is_forgiven,
		a_part_holds_every_byte_between_its_delimiters,
		folded_fields_are_joined,
		groups_need_no_blank_line_between_them,
		groups_may_be_empty_or_torn_apart,
		the_action_may_come_first,
		a_status_part_may_be_base64,
		what_is_called_base64_may_be_in_clear,
		words_may_be_encoded_and_not_say_so,
		fields_in_quoted_printable_text_are_read,
		boundaries_may_be_wrong_indented_or_unclosed,
		a_boundary_may_lack_its_semicolon,
		a_report_that_a_gateway_wrapped_is_unwrapped,
		what_came_back_is_kept,
		several_recipients_of_the_original_name_none,
		an_original_inside_the_text_is_found,
		a_title_may_begin_with_a_number,
		charsets_become_utf8,
		spaces_that_nobody_sees_are_no_part_of_an_address,
		a_text_that_names_nobody_is_completed_from_the_html,
		a_heading_is_no_part_of_what_was_said,
		a_report_in_html_alone_is_read,
		too_many_recipients_are_cut_and_said_so,
		long_texts_and_headers_are_cut_and_said_so,
		messages_that_kill_libetpan_do_not_reach_it,
		a_text_that_ends_inside_an_escape_is_read,
		a_huge_message_is_read_in_part,
	};

	return RUN_TESTS("report_mime", tests);
}
