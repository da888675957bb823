#include <check.h>
#include <string.h>

#include "mailbox/imap_guard.h"

#include "run.h"

/* Behind the greeting. */
static void begin(struct imap_guard *g, struct buf *out)
{
	imap_guard_init(g);
	g->greeted = true;
	buf_init(out);
}

static void end(struct imap_guard *g, struct buf *out)
{
	imap_guard_release(g);
	buf_release(out);
}

/* What of a server's words passes, whole and byte by byte. */
static void passes(const char *said, const char *expected)
{
	size_t step[] = {1, 3, strlen(said)};

	for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
		struct imap_guard g;
		struct buf out;
		size_t at = 0, n = strlen(said);

		begin(&g, &out);
		while (at < n && !g.bye)
			at += imap_guard_take(
				&g, said + at,
				step[i] < n - at ? step[i] : n - at, &out);
		ck_assert_str_eq(out.data, expected);
		end(&g, &out);
	}
}

static void passes_whole(const char *said)
{
	passes(said, said);
}

START_TEST(what_we_ask_for_passes)
{
	passes_whole("* CAPABILITY IMAP4rev1\r\n1 OK done\r\n+ go on\r\n");
	passes_whole("* LIST () \"/\" {3}\r\na b\r\n2 OK\r\n");
	passes_whole("* 4294967295 FETCH (UID 7)\r\n* 2 expunge\r\n");
	passes_whole(
		"* SEARCH 1 2\r\n* search\r\n* NO x\r\n* OK [ALERT] y\r\n");
	passes_whole("* FLAGS (a)\r\n* 3 EXISTS\r\n* 1 RECENT\n3 NO z\r\n");
}
END_TEST

START_TEST(what_nobody_asked_for_is_left_out)
{
	passes("* STATUS x ()\r\n1 OK\r\n", "1 OK\r\n");
	passes(" * STATUS x ()\r\n\t* LIST x\r\n1 OK\r\n", "1 OK\r\n");
	passes("*STATUS x\r\n*  OK y\r\n* 7 STATUS\r\n* EXISTS\r\n", "");
	passes("* OKAY\r\n* 7\r\n*\r\n* \r\n1 OK\r\n", "1 OK\r\n");
	passes("* ESEARCH with a line as long as three of them together\r\n2 "
	       "OK\r\n",
	       "2 OK\r\n");
}
END_TEST

START_TEST(literals_are_no_lines)
{
	passes_whole("* 1 FETCH (UID 7 BODY[] {15}\r\n* STATUS x ()\r\n)\r\n");
	passes_whole(
		"* 1 FETCH (A {2+}\r\n*\n B {3}\r\n\n* STATUS)\r\n1 OK\r\n");
	passes("* LSUB () {14}\r\n* SEARCH 7 8\r\n)\r\n1 OK\r\n", "1 OK\r\n");
	passes("* OK no literal {9}\r\n* STATUS x\r\n1 OK\r\n",
	       "* OK no literal {9}\r\n1 OK\r\n");
}
END_TEST

START_TEST(nothing_follows_bye)
{
	struct imap_guard g;
	struct buf out;

	passes("* 1 EXISTS\r\n* BYE now\r\n1 OK\r\n", "* 1 EXISTS\r\n");
	begin(&g, &out);
	ck_assert_uint_eq(imap_guard_take(&g, "* BYE\r\n1 OK\r\n", 13, &out),
			  7);
	ck_assert(g.bye);
	end(&g, &out);
}
END_TEST

START_TEST(a_status_has_a_text)
{
	struct imap_guard g;
	struct buf out;

	passes("* OK [ALERT]\r\n* NO [PARSE] \r\n9 OK [X]\n9 OK \r\n",
	       "* OK [ALERT] -\r\n* NO [PARSE]  -\r\n9 OK [X] -\r\n9 OK \r\n");
	passes("10 OK [ALERT and forty more bytes of code, for once]\r\n",
	       "10 OK [ALERT and forty more bytes of code, for once] -\r\n");
	begin(&g, &out);
	imap_guard_take(&g, "1 OK [ALERT]\0 x\r\n", 17, &out);
	ck_assert_str_eq(out.data, "1 OK [ALERT] -\r\n");
	end(&g, &out);
}
END_TEST

START_TEST(of_a_greeting_its_kind_passes)
{
	const char said[] =
		"* what\r\n* OK [BADCHARSET (\"x\")] hi\r\n* OK b\r\n";
	struct imap_guard g;
	struct buf out;

	begin(&g, &out);
	g.greeted = false;
	imap_guard_take(&g, said, sizeof said - 1, &out);
	ck_assert_str_eq(out.data, "* OK ready\r\n* OK b\r\n");
	end(&g, &out);
}
END_TEST

START_TEST(a_request_to_go_on_has_no_code)
{
	passes("+ idling\r\n+ eyJh=\r\n+\r\n+ \r\n",
	       "+ idling\r\n+ eyJh=\r\n+\r\n+ \r\n");
	passes("+ [BADCHARSET (\"x\")] go\r\n+[X] go\r\n+  [X] go\r\n9 OK x\r\n",
	       "+ ready\r\n+ ready\r\n+ ready\r\n9 OK x\r\n");
	passes("+ [ALERT and forty more bytes of code, for once] go\r\n",
	       "+ ready\r\n");
}
END_TEST

static uint64_t announced(const char *line)
{
	struct imap_guard g;
	struct buf out;
	uint64_t at;

	begin(&g, &out);
	imap_guard_take(&g, line, strlen(line), &out);
	at = g.announced;
	end(&g, &out);
	return at;
}

START_TEST(the_size_of_a_literal_is_told)
{
	ck_assert_uint_eq(announced("* 1 FETCH (A {15}\r\n"), 15);
	ck_assert_uint_eq(announced("* FLAGS (\\A {4294967295} \r\n"),
			  4294967295);
	ck_assert_uint_eq(announced("* LIST {99999999999999999999}\r\n"),
			  UINT64_MAX);
	ck_assert_uint_eq(
		announced("* LIST {000000000000000000000000000000001}\r\n"), 1);
	ck_assert_uint_eq(announced("* LIST () NIL {7}\rx"), 7);
	ck_assert_uint_eq(announced("* LIST () \"/\" {4294967295}4 \r\n"),
			  4294967295);
	ck_assert_uint_eq(announced("* LIST () {12                           }"
				    "\r\n"),
			  12);
	ck_assert_uint_eq(announced("* LIST {} {a} 1} {1a} {a1}\r\n"), 0);
}
END_TEST

START_TEST(a_line_that_has_not_ended_is_known)
{
	struct imap_guard g;
	struct buf out;

	begin(&g, &out);
	imap_guard_take(&g, "1 OK\r\n", 6, &out);
	ck_assert(!imap_guard_is_within(&g));
	imap_guard_take(&g, "* CAP", 5, &out);
	ck_assert(imap_guard_is_within(&g));
	end(&g, &out);
}
END_TEST

int main(void)
{
	const TTest *tests[] = {
		what_we_ask_for_passes,
		what_nobody_asked_for_is_left_out,
		literals_are_no_lines,
		nothing_follows_bye,
		a_status_has_a_text,
		of_a_greeting_its_kind_passes,
		a_request_to_go_on_has_no_code,
		the_size_of_a_literal_is_told,
		a_line_that_has_not_ended_is_known,
	};

	return RUN_TESTS("mailbox_guard", tests);
}
