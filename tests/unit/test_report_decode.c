#include <string.h>

#include "report/charset.h"
#include "report/decode.h"
#include "report/headers.h"
#include "report/html.h"
#include "report/report.h"
#include "report/xtext.h"
#include "run.h"

static struct buf out;

static void fresh(void)
{
	buf_init(&out);
	report_charsets_open();
}

static void done(void)
{
	buf_release(&out);
}

#define DECODED(call) (buf_reset(&out), (void)(call), (const char *)out.data)

static const char *header(const char *raw)
{
	buf_reset(&out);
	headers_decode(&out, span_of(raw));
	return out.data;
}

static const char *charset(const char *name, const char *bytes)
{
	buf_reset(&out);
	charset_to_utf8(&out, span_of(bytes), span_of(name));
	return out.data;
}

static const char *xtext(const char *s)
{
	buf_reset(&out);
	return xtext_decode(&out, span_of(s)) == 0 ? out.data : NULL;
}

static const char *utf8_xtext(const char *s)
{
	buf_reset(&out);
	return xtext_decode_utf8(&out, span_of(s)) == 0 ? out.data : NULL;
}

static const char *typed(const char *s)
{
	buf_reset(&out);
	return xtext_address(&out, span_of(s)) == 0 ? out.data : NULL;
}

static const char *param(const char *raw, const char *name)
{
	buf_reset(&out);
	return headers_param(&out, span_of(raw), name) ? out.data : NULL;
}

START_TEST(base64_skips_what_is_no_digit)
{
	ck_assert_str_eq(DECODED(decode_base64(&out, SPAN("aGk=\n\r !"))),
			 "hi");
	ck_assert_str_eq(DECODED(decode_base64(&out, SPAN("aGk=aGk="))),
			 "hihi");
	ck_assert_str_eq(DECODED(decode_base64(&out, SPAN("a"))), "");
}
END_TEST

START_TEST(quoted_printable_keeps_what_is_malformed)
{
	ck_assert_str_eq(
		DECODED(decode_qp(&out, SPAN("a=3Db=\nc= \r\nd=e9=x=4"))),
		"a=bcd\xE9=x=4");
	ck_assert_str_eq(DECODED(decode_qp(&out, SPAN("end="))), "end");
}
END_TEST

START_TEST(encoded_words_are_joined_before_they_are_converted)
{
	ck_assert_str_eq(header("=?utf-8?Q?a=C3?= \r\n =?UTF-8?q?=A4_b?= c"),
			 "a\xC3\xA4 b c");
	ck_assert_str_eq(header("=?iso-8859-1*de?Q?=FC?="), "\xC3\xBC");
	ck_assert_str_eq(header("plain =?utf-8?B?YQ==?= x"), "plain a x");
	ck_assert_str_eq(header("=?utf-8?X?a?= =?broken"),
			 "=?utf-8?X?a?= =?broken");
}
END_TEST

START_TEST(charsets_are_converted)
{
	ck_assert_str_eq(charset("Shift_JIS", "\x93\xFA\x96\x7B"),
			 "\xE6\x97\xA5\xE6\x9C\xAC");
	ck_assert_str_eq(charset("euc-jp", "\xC6\xFC\xCB\xDC"),
			 "\xE6\x97\xA5\xE6\x9C\xAC");
	ck_assert_str_eq(charset("ISO-2022-JP", "\033$BF|K\134\033(B."),
			 "\xE6\x97\xA5\xE6\x9C\xAC.");
	ck_assert_str_eq(charset("gb2312", "\xC8\xD5"), "\xE6\x97\xA5");
	ck_assert_str_eq(charset("big5", "\xA4\xE9"), "\xE6\x97\xA5");
	ck_assert_str_eq(charset("euc-kr", "\xB0\xA1"), "\xEA\xB0\x80");
	ck_assert_str_eq(charset("koi8-r", "\xC4\xC1"), "\xD0\xB4\xD0\xB0");
	ck_assert_str_eq(charset("windows-1251", "\xE4\xE0"),
			 "\xD0\xB4\xD0\xB0");
	ck_assert_str_eq(charset("unicode-1-1-utf-7", "a+AOQ-"), "a\xC3\xA4");
}
END_TEST

START_TEST(wrong_labels_leave_text_readable)
{
	ck_assert_str_eq(charset("us-ascii", "f\xFCr"), "f\xC3\xBCr");
	ck_assert_str_eq(charset("no-such-charset", "f\xC3\xBCr"),
			 "f\xC3\xBCr");
	ck_assert_str_eq(charset("utf-8", "f\xFCr dich"), "f\xC3\xBCr dich");
	ck_assert_str_eq(charset("iso-2022-jp", "\xC3\xA4\xC3\xB6\xC3\xBC"),
			 "\xC3\xA4\xC3\xB6\xC3\xBC");
	ck_assert_ptr_nonnull(
		strstr(charset("shift_jis", "550 no \xFF user"), "550 no "));
	ck_assert_ptr_nonnull(strstr(out.data, " user"));
}
END_TEST

START_TEST(without_open_charsets_the_bytes_are_shown)
{
	report_charsets_close();
	ck_assert_str_eq(charset("koi8-r", "550 no"), "550 no");
}
END_TEST

START_TEST(xtext_is_strict)
{
	ck_assert_str_eq(xtext("a+2Bb+3Dc"), "a+b=c");
	ck_assert_ptr_null(xtext("a+"));
	ck_assert_ptr_null(xtext("a+2"));
	ck_assert_ptr_null(xtext("a+2b"));
	ck_assert_ptr_null(xtext("a+00"));
	ck_assert_ptr_null(xtext("a+0Ab"));
	ck_assert_ptr_null(xtext("a+E4"));
	ck_assert_ptr_null(xtext("a b"));
	ck_assert_ptr_null(xtext("a=b"));
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(utf8_escapes_hide_nothing)
{
	ck_assert_str_eq(utf8_xtext("\\x{4E2D}@example.org"),
			 "\xE4\xB8\xAD@example.org");
	ck_assert_str_eq(utf8_xtext("a\\x{2B}b"), "a+b");
	ck_assert_str_eq(utf8_xtext("\\x{e4}"), "\xC3\xA4");
	ck_assert_ptr_null(utf8_xtext("\\x{0}"));
	ck_assert_ptr_null(utf8_xtext("\\x{0A}"));
	ck_assert_ptr_null(utf8_xtext("\\x{20}"));
	ck_assert_ptr_null(utf8_xtext("\\x{40}"));
	ck_assert_ptr_null(utf8_xtext("\\x{7F}"));
	ck_assert_ptr_null(utf8_xtext("\\x{202E}"));
	ck_assert_ptr_null(utf8_xtext("\\x{D800}"));
	ck_assert_ptr_null(utf8_xtext("\\x{110000}"));
	ck_assert_ptr_null(utf8_xtext("\\x{4E2D"));
	ck_assert_ptr_null(utf8_xtext("a\\b"));
}
END_TEST

START_TEST(typed_addresses_are_read)
{
	ck_assert_str_eq(typed(" rfc822 ; <a@b.example> "), "a@b.example");
	ck_assert_str_eq(typed("rfc/822;a@b.example"), "a@b.example");
	ck_assert_str_eq(typed("a@b.example"), "a@b.example");
	ck_assert_str_eq(typed("rfc822; \xC3\xA4@b.example"),
			 "\xC3\xA4@b.example");
	ck_assert_str_eq(typed("rfc822;a+40b.example"), "a@b.example");
	ck_assert_str_eq(typed("rfc822;a+2Bt@b.example"), "a+2Bt@b.example");
	ck_assert_ptr_null(typed("rfc822; local"));
	ck_assert_ptr_null(typed("rfc822;"));
}
END_TEST

START_TEST(parameters_are_read_however_they_are_written)
{
	ck_assert_str_eq(param("text/plain; charset=\"utf-8\"", "charset"),
			 "utf-8");
	ck_assert_str_eq(param("text/plain charset=utf-8", "charset"), "utf-8");
	ck_assert_str_eq(param("a/b; (charset=x) CHARSET = y;z", "charset"),
			 "y");
	ck_assert_str_eq(param("a/b; name=\"charset=x\"; charset=y", "charset"),
			 "y");
	ck_assert_str_eq(
		param("a/b; boundary*0=ab; boundary*1=\"cd\"", "boundary"),
		"abcd");
	ck_assert_str_eq(param("a/b; charset*=us-ascii'en'utf%2D8", "charset"),
			 "utf-8");
	ck_assert_ptr_null(param("a/b; xcharset=y", "charset"));
	ck_assert_ptr_null(param("a/b; charset", "charset"));
}
END_TEST

START_TEST(the_type_is_read_without_comments)
{
	ck_assert_str_eq(DECODED(headers_token(
				 &out, SPAN(" (x(y)) Message/Delivery-Status "
					    "(z); a=b"))),
			 "message/delivery-status");
	ck_assert_str_eq(DECODED(headers_token(&out, SPAN("text / plain x"))),
			 "text/plain");
}
END_TEST

START_TEST(mailboxes_are_told_from_names)
{
	struct span rest = SPAN("\"x@y, z\" <a@b.example>, (c@d) e@f.example "
				"<g@h.example>, i@j.example"),
		    mailbox;

	ck_assert(headers_next_mailbox(&rest, &mailbox));
	ck_assert(span_eq(mailbox, SPAN("<a@b.example>")));
	ck_assert(headers_next_mailbox(&rest, &mailbox));
	ck_assert(span_eq(mailbox, SPAN("<g@h.example>")));
	ck_assert(headers_next_mailbox(&rest, &mailbox));
	ck_assert(span_eq(mailbox, SPAN("i@j.example")));
	ck_assert(!headers_next_mailbox(&rest, &mailbox));
	rest = SPAN("<mx #5.5.0 smtp;554 <k@l.example>: no>");
	ck_assert(headers_next_mailbox(&rest, &mailbox));
	ck_assert(span_eq(mailbox, SPAN("<k@l.example>")));
	ck_assert(!headers_next_mailbox(&rest, &mailbox));
}
END_TEST

START_TEST(html_becomes_lines_of_text)
{
	ck_assert_str_eq(
		DECODED(html_to_text(
			&out, SPAN("<style>a{}</style>a&lt;b&#x41;&amp;<br>c"
				   "<!-- d --> <x@y.example> e<script>f"))),
		"a<bA&\nc <x@y.example> e");
	ck_assert_str_eq(DECODED(html_to_text(&out, SPAN("a\nb <<< 550 c"))),
			 "a\nb <<< 550 c");
	ck_assert_str_eq(
		DECODED(html_to_text(&out, SPAN("&Agrave;&szlig;&yuml;&ntilde; "
						"&rsquo;&bogus;&;"))),
		"Àßÿñ '&bogus;&;");
	ck_assert_str_eq(DECODED(html_to_text(&out, SPAN("<tr><td>To:</td>"
							 "<td>a</td></tr>"))),
			 "\n To:  a \n");
	ck_assert_str_eq(DECODED(html_to_text(&out, SPAN("<p>a\nb</p></html>\n"
							 "-- \nc\n"))),
			 "\na b\n\n-- \nc\n");
}
END_TEST

START_TEST(a_status_is_three_numbers_and_nothing_else)
{
	struct status s = {7, 7, 7};

	ck_assert_int_eq(status_parse(SPAN("5.1.10"), &s), 0);
	ck_assert_int_eq(s.detail, 10);
	ck_assert_int_eq(status_parse(SPAN("5.1"), &s), -1);
	ck_assert_int_eq(status_parse(SPAN("3.1.1"), &s), -1);
	ck_assert_int_eq(status_parse(SPAN("5.1.1000"), &s), -1);
	ck_assert_int_eq(status_parse(SPAN("5.1.1.1"), &s), -1);
	ck_assert_int_eq(status_parse(SPAN("5.1.1 x"), &s), -1);
	ck_assert_int_eq(status_parse(SPAN(""), &s), -1);
	ck_assert_int_eq(s.detail, 10);
}
END_TEST

START_TEST(names_are_found_again)
{
	for (int i = 0; i < REPORT_KIND_COUNT; i++)
		ck_assert_int_eq(report_kind_find(span_of(report_kind_name(
					 (enum report_kind)i))),
				 i);
	for (int i = 0; i < REPORT_ACTION_COUNT; i++)
		ck_assert_int_eq(report_action_find(span_of(report_action_name(
					 (enum report_action)i))),
				 i);
	for (int i = 0; i < SMTP_STAGE_COUNT; i++)
		ck_assert_int_eq(smtp_stage_find(span_of(
					 smtp_stage_name((enum smtp_stage)i))),
				 i);
	ck_assert_int_eq(report_kind_find(SPAN("no such kind")), -1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		base64_skips_what_is_no_digit,
		quoted_printable_keeps_what_is_malformed,
		encoded_words_are_joined_before_they_are_converted,
		charsets_are_converted,
		wrong_labels_leave_text_readable,
		without_open_charsets_the_bytes_are_shown,
		xtext_is_strict,
		utf8_escapes_hide_nothing,
		typed_addresses_are_read,
		parameters_are_read_however_they_are_written,
		the_type_is_read_without_comments,
		mailboxes_are_told_from_names,
		html_becomes_lines_of_text,
		a_status_is_three_numbers_and_nothing_else,
		names_are_found_again,
	};
	int result;

	fresh();
	result = RUN_TESTS("report_decode", tests);
	done();
	return result;
}
