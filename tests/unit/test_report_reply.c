#include <string.h>

#include "report/reply.h"
#include "run.h"
#include "util/buf.h"

/*
 * Which of the numbers and sentences about a recipient is the reply that
 * decides. One row a shape that mail systems write; the texts are ours.
 */
struct shape {
	const char *text;
	int code;
	const char *status; /* as status_format writes it */
	enum smtp_stage stage;
	const char *remote;
	bool own;	   /* a remote host's own words */
	const char *reply; /* what the reply begins with; NULL: the text */
};

static const struct shape plain[] = {
	{"550 5.1.1 No such mailbox", 550, "5.1.1", STAGE_UNKNOWN, "", true,
	 "550 5.1.1 No"},
	{"550 Nobody of that name lives here", 550, "", STAGE_UNKNOWN, "", true,
	 "550 Nobody"},
	{"550-5.1.1 The mailbox you want\n550-5.1.1 was never here\n"
	 "550 5.1.1 ask them",
	 550, "5.1.1", STAGE_UNKNOWN, "", true, "550-5.1.1 The"},
	{"550-5.1.1 The mailbox you want 550-5.1.1 was never here 550 5.1.1 x",
	 550, "5.1.1", STAGE_UNKNOWN, "", true, "550-5.1.1 The"},
	{"550 #5.1.0 Address rejected.", 550, "5.1.0", STAGE_UNKNOWN, "", true,
	 "550 #5.1.0"},
	{"554: 5.7.9 Not accepted for policy reasons", 554, "5.7.9",
	 STAGE_UNKNOWN, "", true, "554: 5.7.9"},
	{"552 5.2.2 <lena@example.net>: box is full", 552, "5.2.2",
	 STAGE_UNKNOWN, "", true, "552 5.2.2 <lena"},
	{"571 No PTR record for you", 571, "", STAGE_UNKNOWN, "", true,
	 "571 No"},
	{"597 This one is not wanted", 597, "", STAGE_UNKNOWN, "", true,
	 "597 This"},
	{"550 : User unknown", 550, "", STAGE_UNKNOWN, "", true, "550 : User"},
	{"250 2.1.5 Ok, taken", 250, "2.1.5", STAGE_UNKNOWN, "", true,
	 "250 2.1.5"},
	{"220-mx.example.net 421 4.2.1 too many of you", 421, "4.2.1",
	 STAGE_UNKNOWN, "", false, "421 4.2.1"},
	{"550 554 5.7.1 blocked by a list (state 13)", 554, "5.7.1",
	 STAGE_UNKNOWN, "", true, "554 5.7.1"},
	{"554 See 5.1.1.7 of our terms", 554, "", STAGE_UNKNOWN, "", true,
	 "554 See"},
	{"554 Message goes in circles", 554, "", STAGE_UNKNOWN, "", true,
	 "554 Message"},
};

static const struct shape nested[] = {
	{"5.1.0 - Unknown address error 550-'5.2.2 <lena@example.net> Full' "
	 "(delivery attempts: 0)",
	 550, "5.2.2", STAGE_UNKNOWN, "", false, "550-'5.2.2"},
	{"554 4.4.7 Message expired: unable to deliver in 840 minutes."
	 "<421 4.4.2 Connection timed out>",
	 421, "4.4.2", STAGE_UNKNOWN, "", false, "421 4.4.2"},
	{"550 5.1.351 Remote server returned unknown recipient -> 550 5.1.1 "
	 "no such person",
	 550, "5.1.1", STAGE_UNKNOWN, "", true, "550 5.1.1 no"},
	{"Remote Server returned '550 5.1.10 Recipient not found; see docs'",
	 550, "5.1.10", STAGE_UNKNOWN, "", true, "550 5.1.10"},
	{"#< #5.1.1 smtp; 550 5.1.1 <lena@example.net>... unknown> #SMTP#", 550,
	 "5.1.1", STAGE_UNKNOWN, "", false, "550 5.1.1 <lena"},
	{"Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 no such user",
	 550, "5.1.1", STAGE_UNKNOWN, "", true, "550, ERROR"},
	{"550 permanent failure for one or more recipients "
	 "(lena@example.net:550 5.1.1 User unknown)",
	 550, "5.1.1", STAGE_UNKNOWN, "", false, "550 5.1.1 User"},
	{"450 4.1.1 <lena@example.net>: unverified address: host "
	 "mx.example.net[192.0.2.7] said: 550 5.1.1 unknown (in reply to RCPT "
	 "TO command)",
	 550, "5.1.1", STAGE_RCPT, "mx.example.net", true, "550 5.1.1 unkn"},
	{"Mailer mx.example.net said: \"554 Message looping (6 times)\"", 554,
	 "", STAGE_UNKNOWN, "mx.example.net", true, "554 Message"},
	{"Deferred: 421 4.3.2 shutting down", 421, "4.3.2", STAGE_UNKNOWN, "",
	 false, "421 4.3.2"},
	{"550 5.7.1 <news@example.com>: Sender address rejected: host "
	 "mx.example.com[192.0.2.9] said: 550 5.1.1 no such user",
	 550, "5.7.1", STAGE_UNKNOWN, "", true, "550 5.7.1"},
	{"Mail refused. [OFR_1] 550 5.2.0 Too spammy. OFR_506 [506]", 550,
	 "5.2.0", STAGE_UNKNOWN, "", false, "550 5.2.0"},
	{"Requested action not taken: no mailbox. [SMTP Error Code 550]", 550,
	 "", STAGE_UNKNOWN, "", false, NULL},
	{"550 5.1.1 nobody 421 4.7.0 mx.example.com Error: too many errors",
	 550, "5.1.1", STAGE_UNKNOWN, "", true, "550 5.1.1"},
	{"550 5.1.1 nobody 421 4.3.2 mx.example.com shutting down", 421,
	 "4.3.2", STAGE_UNKNOWN, "", false, "421 4.3.2"},
	{"<<< 550 5.1.1 nobody <<< 503 5.5.1 no valid recipients", 550, "5.1.1",
	 STAGE_UNKNOWN, "", true, "550 5.1.1"},
	{"550 Users unknown", 550, "", STAGE_UNKNOWN, "", true, "550 Users"},
	{"host mx.example.net[192.0.2.7] said: 554 Messages from you are not "
	 "taken",
	 554, "", STAGE_UNKNOWN, "mx.example.net", true, "554 Messages"},
	{"host mx.example.net [192.0.2.7]: 550 Emails are not taken", 550, "",
	 STAGE_UNKNOWN, "mx.example.net", false, "550 Emails"},
};

static const struct shape enhanced[] = {
	{"Sorry, no mailbox here by that name. (#5.1.1)", 0, "5.1.1",
	 STAGE_UNKNOWN, "", false, NULL},
	{"550 sorry, no mailbox here (#5.1.1)", 550, "5.1.1", STAGE_UNKNOWN, "",
	 true, "550 sorry"},
	{"550 5.0.0 rejected: 5.2.2 over quota", 550, "5.2.2", STAGE_UNKNOWN,
	 "", true, "550 5.0.0"},
	{"host: mx.example.net 5.2.2 <lena@example.net>... Mailbox full", 0,
	 "5.2.2", STAGE_UNKNOWN, "mx.example.net", false, "5.2.2 <lena"},
	{"550 5.7.26 unauthenticated, see rules", 550, "5.7.26", STAGE_UNKNOWN,
	 "", true, "550 5.7.26"},
	{"552 5.1.300 Microsoft has large details", 552, "5.1.300",
	 STAGE_UNKNOWN, "", true, "552"},
	{"451 4.7.500 Server busy AS(7230)", 451, "4.7.500", STAGE_UNKNOWN, "",
	 true, "451"},
};

static const struct shape no_code[] = {
	{"connect to mx.example.net[192.0.2.5]:25: Connection timed out", 0, "",
	 STAGE_CONNECT, "mx.example.net", false, NULL},
	{"Could not deliver for the last 432000 seconds. Giving up.", 0, "",
	 STAGE_UNKNOWN, "", false, NULL},
	{"queue id 4F550A5521 dropped on 2024.5.12 by agent v5.1.2", 0, "",
	 STAGE_UNKNOWN, "", false, NULL},
	{"relay 192.5.1.1.4 on port 587 ran version 4.9.1 of it", 0, "",
	 STAGE_UNKNOWN, "", false, NULL},
	{"RFC 5321 section 4.5.3 forbids 500 recipients", 0, "", STAGE_UNKNOWN,
	 "", false, NULL},
	{"limit: 500 messages per hour, wait 450 seconds", 0, "", STAGE_UNKNOWN,
	 "", false, NULL},
	{"see https://example.net/550-5.1.1/450 for help", 0, "", STAGE_UNKNOWN,
	 "", false, NULL},
	{"Host or domain name not found. Name service error for name=x.example "
	 "type=MX: Host not found",
	 0, "", STAGE_UNKNOWN, "", false, NULL},
	{"mail for example.net loops back to myself", 0, "", STAGE_UNKNOWN, "",
	 false, NULL},
	{"", 0, "", STAGE_UNKNOWN, "", false, NULL},
};

static const struct shape staged[] = {
	{"host mx.example.net[192.0.2.5] said: 550 5.1.1 unknown (in reply to "
	 "RCPT\n    TO command)",
	 550, "5.1.1", STAGE_RCPT, "mx.example.net", true, "550 5.1.1 unknown"},
	{"host mx.example.net[192.0.2.5] said: 550 denied (in reply to end of "
	 "DATA command)",
	 550, "", STAGE_BODY, "mx.example.net", true, "550 denied"},
	{"host mx.example.net[192.0.2.5] refused to talk to me: 554 no", 554,
	 "", STAGE_CONNECT, "mx.example.net", true, "554 no"},
	{"lost connection with mx.example.net[192.0.2.5] while sending RCPT TO",
	 0, "", STAGE_RCPT, "mx.example.net", false, NULL},
	{"conversation with mx.example.net[192.0.2.5] timed out while "
	 "receiving "
	 "the initial server greeting",
	 0, "", STAGE_CONNECT, "mx.example.net", false, NULL},
	{"SMTP error from remote mail server after RCPT TO:<lena@example.net>: "
	 "host mx.example.net [192.0.2.5]: 550 gone",
	 550, "", STAGE_RCPT, "mx.example.net", true, "550 gone"},
	{"host mx.example.net [192.0.2.5] SMTP error from remote mail server "
	 "after MAIL FROM:<a@example.com> SIZE=99: 553 bad sender",
	 553, "", STAGE_MAIL, "mx.example.net", true, "553 bad"},
	{"SMTP error from remote mail server after end of data: host "
	 "mx.example.net [192.0.2.5]: 550-192.0.2.77 is on a list 550 bye",
	 550, "", STAGE_BODY, "mx.example.net", true, "550-192.0.2.77"},
	{"while talking to mx.example.net: >>> DATA <<< 554 no", 554, "",
	 STAGE_DATA, "mx.example.net", true, "554 no"},
	{"192.0.2.8 does not like recipient. Remote host said: 550 no Giving "
	 "up "
	 "on 192.0.2.8.",
	 550, "", STAGE_RCPT, "192.0.2.8", true, "550 no"},
	{"Connected to 192.0.2.8 but sender was rejected. Remote host said: "
	 "550 "
	 "who are you",
	 550, "", STAGE_MAIL, "192.0.2.8", true, "550 who"},
	{"Connected to 192.0.2.8 but greeting failed. Remote host said: 421 "
	 "busy",
	 421, "", STAGE_CONNECT, "192.0.2.8", true, "421 busy"},
	{"mx.example.net [192.0.2.5] did not like our final DATA:\n552 too big",
	 552, "", STAGE_BODY, "mx.example.net", true, "552 too"},
	{"Remote host said: 550 5.1.1 nobody [RCPT_TO]", 550, "5.1.1",
	 STAGE_RCPT, "", true, "550 5.1.1"},
	{"RCPT To:<lena@example.net> 552 box would overflow QUIT", 552, "",
	 STAGE_RCPT, "", false, "552 box"},
	{"550 550 Nobody here is lena (state 14).", 550, "", STAGE_RCPT, "",
	 true, NULL},
	{"550 550 We take none of it (state 18).", 550, "", STAGE_BODY, "",
	 true, NULL},
};

static void check_shape(const struct shape *s)
{
	char status[STATUS_TEXT_BYTES];
	struct reply r;
	struct span want;

	reply_read(span_of(s->text), &r);
	ck_assert_msg(r.code == s->code, "%s: code %d", s->text, r.code);
	ck_assert_msg(strcmp(status_format(r.status, status), s->status) == 0,
		      "%s: status %s", s->text, status);
	ck_assert_msg(r.stage == s->stage, "%s: stage %s", s->text,
		      smtp_stage_name(r.stage));
	ck_assert_msg(span_eq(r.remote, span_of(s->remote)), "%s: remote %.*s",
		      s->text, (int)r.remote.n, r.remote.p);
	ck_assert_msg(r.remote_reply == s->own, "%s: own %d", s->text,
		      r.remote_reply);
	want = span_of(s->reply != NULL ? s->reply : s->text);
	ck_assert_msg(span_starts_ci(r.text, want), "%s: reply %.*s", s->text,
		      (int)r.text.n, r.text.p);
}

#define CHECK_ALL(list)                                                        \
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)            \
	check_shape(&list[i])

START_TEST(a_bare_reply_is_read)
{
	CHECK_ALL(plain);
}
END_TEST

START_TEST(the_innermost_reply_wins)
{
	CHECK_ALL(nested);
}
END_TEST

START_TEST(the_better_enhanced_code_wins)
{
	CHECK_ALL(enhanced);
}
END_TEST

START_TEST(other_numbers_are_no_codes)
{
	CHECK_ALL(no_code);
}
END_TEST

START_TEST(every_wording_tells_its_stage)
{
	CHECK_ALL(staged);
}
END_TEST

START_TEST(exit_codes_are_read)
{
	ck_assert_int_eq(reply_exit_code(SPAN("67")), 67);
	ck_assert_int_eq(reply_exit_code(SPAN("255")), 255);
	ck_assert_int_eq(
		reply_exit_code(SPAN("Command died with status 75: \"x\"")),
		75);
	ck_assert_int_eq(reply_exit_code(SPAN("exit status 77")), 77);
	ck_assert_int_eq(
		reply_exit_code(SPAN("Child process of pipe transport returned "
				     "69 (service unavailable)")),
		69);
	ck_assert_int_eq(reply_exit_code(SPAN("550 5.1.1 no")), -1);
	ck_assert_int_eq(reply_exit_code(SPAN("exit status 5.1.1")), -1);
	ck_assert_int_eq(reply_exit_code(SPAN("0")), -1);
}
END_TEST

START_TEST(an_exit_code_is_no_reply)
{
	struct reply r;

	reply_read(SPAN("255"), &r);
	ck_assert_int_eq(r.code, 0);
	ck_assert_int_eq(r.exit_code, 255);
}
END_TEST

START_TEST(the_relays_own_words_are_not_the_remotes)
{
	struct reply r;

	reply_read(SPAN("550 5.1.2 <a@x.example>... Host unknown (Name server: "
			"x.example: host not found)"),
		   &r);
	ck_assert(!r.remote_reply);
	reply_read(SPAN("unknown user: \"lena\""), &r);
	ck_assert(!r.remote_reply);
}
END_TEST

START_TEST(megabytes_of_codes_end_in_time)
{
	struct buf b;
	struct reply r;
	size_t i;

	buf_init(&b);
	for (i = 0; i < 200000; i++)
		buf_add_str(&b, "said:] 550-5.1.1 ");
	reply_read(span_make(b.data, b.len), &r);
	ck_assert_int_eq(r.code, 550);
	buf_release(&b);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_bare_reply_is_read,
		the_innermost_reply_wins,
		the_better_enhanced_code_wins,
		other_numbers_are_no_codes,
		every_wording_tells_its_stage,
		exit_codes_are_read,
		an_exit_code_is_no_reply,
		the_relays_own_words_are_not_the_remotes,
		megabytes_of_codes_end_in_time,
	};

	return RUN_TESTS("report/reply", tests);
}
