#include <time.h>

#include "report_message.h"
#include "util/buf.h"

/*
 * Messages that are as long as they may be and made to be read slowly. Each
 * takes a fraction of a second; a reader that begins anew for each line,
 * address or recipient takes half a minute and more.
 */

#ifdef DSND_SANITIZE
#define LIMIT_S 120
#else
#define LIMIT_S 10
#endif

static struct buf message;

static void begin(const char *head)
{
	buf_release(&message);
	buf_add_str(&message, head);
}

static void repeat(const char *text, unsigned times)
{
	while (times-- > 0)
		buf_add_str(&message, text);
}

/* Reads what was built; within the limit, of the processor's time. */
static struct report *read_soon(void)
{
	clock_t start = clock();

	read_bytes(message.data, message.len);
	ck_assert_int_lt((clock() - start) / CLOCKS_PER_SEC, LIMIT_S);
	return &report;
}

START_TEST(addresses_before_much_white_space)
{
	begin("From: MAILER-DAEMON@example.com\nTo: ");
	repeat("a@example.com,", 100000);
	repeat(" ", 1000000);
	repeat("\n\nhello\n", 1);
	ck_assert_uint_eq(read_soon()->token_count, 1);
}
END_TEST

START_TEST(an_address_in_a_million_wrappings)
{
	begin("From: <");
	repeat("smtp:", 800000);
	repeat("user@example.com>\nSubject: x\n\nhello\n", 1);
	ck_assert_str_eq(read_soon()->from, "");
}
END_TEST

START_TEST(a_recipient_with_many_diagnostic_codes)
{
	begin(DSN_HEADER DSN_TEXT("failed")
		      DSN_STATUS("Final-Recipient: rfc822; user@example.net\n"
				 "Action: failed\nStatus: 5.1.1"));
	buf_truncate(&message, message.len - 1);
	repeat("Diagnostic-Code: x\n", 55000);
	repeat("--b1--\n", 1);
	ck_assert_uint_eq(read_soon()->fact_count, 1);
}
END_TEST

START_TEST(delimiters_without_a_blank_line)
{
	begin("From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\n"
	      "Content-Type: multipart/mixed; boundary=none\n\n");
	repeat("--b1\nContent-Disposition: inline\n", 120000);
	ck_assert(read_soon()->partial);
}
END_TEST

START_TEST(as_many_in_a_header_as_fit)
{
	begin("From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\n"
	      "X-Failed-Recipients: ");
	for (unsigned i = 0; i < 60000; i++)
		buf_addf(&message, "<u%u@example.net>,", i);
	repeat("\n\nIt could not be delivered.\n", 1);
	repeat("line of text\n", 150000);
	ck_assert_uint_eq(read_soon()->fact_count, REPORT_MAX_RECIPIENTS);
	ck_assert(report.partial);
}
END_TEST

START_TEST(a_transcript_of_as_many_as_fit)
{
	begin("From: MAILER-DAEMON@example.com\nSubject: Returned mail\n\n"
	      "   ----- The following addresses had permanent fatal errors "
	      "-----\n");
	for (unsigned i = 0; i < REPORT_MAX_RECIPIENTS; i++)
		buf_addf(&message, "<u%u@example.net>\n", i);
	repeat("\n   ----- Transcript of session follows -----\n", 1);
	for (unsigned i = 0; i < REPORT_MAX_RECIPIENTS; i++)
		buf_addf(&message,
			 ">>> RCPT To:<u%u@example.net>\n"
			 "<<< 550 5.1.1 no user %u\n",
			 i, i);
	ck_assert_uint_eq(read_soon()->fact_count, REPORT_MAX_RECIPIENTS);
	ck_assert_ptr_nonnull(strstr(report.facts[4711].diagnostic, "4711"));
}
END_TEST

START_TEST(recipients_that_share_all_words)
{
	begin("From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\n\n"
	      "Error message below:\n");
	for (unsigned i = 0; i < REPORT_MAX_RECIPIENTS; i++) {
		buf_addf(&message, "RCPT TO: <u%u@example.net>\n", i);
		repeat("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 20);
		buf_add_char(&message, '\n');
	}
	ck_assert_uint_eq(read_soon()->fact_count, REPORT_MAX_RECIPIENTS);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		addresses_before_much_white_space,
		an_address_in_a_million_wrappings,
		a_recipient_with_many_diagnostic_codes,
		delimiters_without_a_blank_line,
		as_many_in_a_header_as_fit,
		a_transcript_of_as_many_as_fit,
		recipients_that_share_all_words,
	};
	int failed;

	buf_init(&message);
	/* Check's own clock runs on while other processes have theirs. */
	setenv("CK_DEFAULT_TIMEOUT", "300", 0);
	failed = RUN_TESTS("report/time", tests);
	buf_release(&message);
	report_release(&report);
	return failed;
}
