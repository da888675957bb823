#include "report/verp.h"

#include "run.h"

/*
 * Return paths that name their recipient: which of them fit a pattern, and
 * whose failure a report is that came to one.
 */

static void names(const char *pattern, const char *address, const char *whom)
{
	struct buf b;

	buf_init(&b);
	ck_assert_msg(verp_recipient(&b, span_of(pattern), span_of(address)) ==
			      0,
		      "%s does not fit", address);
	buf_add_char(&b, '\0');
	ck_assert_str_eq(b.data, whom);
	buf_release(&b);
}

static void does_not_fit(const char *pattern, const char *address)
{
	struct buf b;

	buf_init(&b);
	ck_assert_msg(verp_recipient(&b, span_of(pattern), span_of(address)) <
			      0,
		      "%s fits", address);
	ck_assert_uint_eq(b.len, 0);
	buf_release(&b);
}

#define PATTERN "bounces+{local}={domain}@example.org"

START_TEST(a_return_path_names_its_recipient)
{
	names(PATTERN, "bounces+rosa=example.net@example.org",
	      "rosa@example.net");
	names(PATTERN, "Bounces+rosa=example.net@EXAMPLE.org",
	      "rosa@example.net");
	names("news-return-*-{local}={domain}@example.org",
	      "news-return-4711-rosa=example.net@example.org",
	      "rosa@example.net");
	names("b-{local}--at--{domain}@example.org",
	      "b-rosa--at--example.net@example.org", "rosa@example.net");
}
END_TEST

START_TEST(a_local_part_may_hold_the_separator)
{
	names(PATTERN, "bounces+a=b=example.net@example.org",
	      "a=b@example.net");
	names(PATTERN, "bounces+rosa+list=example.net@example.org",
	      "rosa+list@example.net");
}
END_TEST

START_TEST(another_return_path_names_nobody)
{
	does_not_fit(PATTERN, "bounces@example.org");
	does_not_fit(PATTERN, "bounces+@example.org");
	does_not_fit(PATTERN, "bounces+=@example.org");
	does_not_fit(PATTERN, "bounces+rosa@example.org");
	does_not_fit(PATTERN, "bounces+rosa=example.net@example.com");
	does_not_fit(PATTERN, "b+rosa=example.net@example.org");
	does_not_fit(PATTERN, "bounces+=example.net@example.org");
	does_not_fit(PATTERN, "");
	does_not_fit("bounces+{domain}={local}@example.org",
		     "bounces+rosa=example.net@example.org");
	does_not_fit("bounces+*{local}={domain}@example.org",
		     "bounces+rosa=example.net@example.org");
}
END_TEST

static const char *const patterns[] = {PATTERN, NULL};

static void parse(struct report *r, const char *to, const char *body)
{
	struct report_settings settings;
	struct buf message;

	report_settings_init(&settings);
	settings.verp = patterns;
	buf_init(&message);
	buf_addf(&message,
		 "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\n"
		 "To: %s\r\nSubject: Returned mail\r\n%s",
		 to, body);
	report_init(r);
	report_parse(r, &settings, message.data, message.len);
	buf_release(&message);
}

static const char dsn[] = "Content-Type: multipart/report; boundary=\"b\"\r\n"
			  "\r\n--b\r\nContent-Type: message/delivery-status"
			  "\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
			  "Final-Recipient: rfc822; rosa@elsewhere.example\r\n"
			  "Action: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n";

START_TEST(who_was_mailed_beats_who_failed)
{
	struct report r;

	parse(&r, "bounces+rosa=example.net@example.org", dsn);
	ck_assert_uint_eq(r.fact_count, 1);
	ck_assert_str_eq(r.facts[0].address, "rosa@example.net");
	ck_assert_str_eq(r.facts[0].final, "rosa@elsewhere.example");
	ck_assert(r.facts[0].forwarded);
	report_release(&r);
}
END_TEST

START_TEST(who_failed_stays_where_the_two_agree)
{
	struct report r;

	parse(&r, "bounces+Rosa=elsewhere.example@example.org", dsn);
	ck_assert_uint_eq(r.fact_count, 1);
	ck_assert_str_eq(r.facts[0].address, "rosa@elsewhere.example");
	ck_assert_str_eq(r.facts[0].final, "");
	ck_assert(!r.facts[0].forwarded);
	report_release(&r);
}
END_TEST

START_TEST(a_report_about_nobody_is_about_who_was_mailed)
{
	struct report r;

	parse(&r, "bounces+rosa=example.net@example.org",
	      "\r\nYour message could not be delivered.\r\n");
	ck_assert_int_eq(r.kind, REPORT_BOUNCE);
	ck_assert_uint_eq(r.fact_count, 1);
	ck_assert_str_eq(r.facts[0].address, "rosa@example.net");
	report_release(&r);
	parse(&r, "bounces@example.org",
	      "\r\nYour message could not be delivered.\r\n");
	ck_assert_uint_eq(r.fact_count, 0);
	report_release(&r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_return_path_names_its_recipient,
		a_local_part_may_hold_the_separator,
		another_return_path_names_nobody,
		who_was_mailed_beats_who_failed,
		who_failed_stays_where_the_two_agree,
		a_report_about_nobody_is_about_who_was_mailed,
	};

	return RUN_TESTS("report/verp", tests);
}
