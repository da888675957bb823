#include "verdict_fact.h"

/* The order of evidence, and what no rule can do. */

static struct fact of_kind(enum report_kind kind, enum report_action action)
{
	struct fact f = failed(0, "", "550 5.1.1 user unknown");

	f.kind = kind;
	f.action = action;
	return f;
}

static void is_without_effect(const struct fact *f, const char *reason)
{
	ck_assert_str_eq(reason_of(f), reason);
	ck_assert_int_eq(judgement.class_, VERDICT_NONE);
	ck_assert_int_eq(judgement.effect, EFFECT_NONE);
}

START_TEST(what_is_no_failure_never_becomes_one)
{
	struct fact f = of_kind(REPORT_DELAY, ACTION_DELAYED);

	is_without_effect(&f, "delayed");
	f = of_kind(REPORT_BOUNCE, ACTION_DELAYED);
	is_without_effect(&f, "delayed");
	f = of_kind(REPORT_AUTO_REPLY, ACTION_UNKNOWN);
	is_without_effect(&f, "auto_reply");
	f = of_kind(REPORT_MDN, ACTION_UNKNOWN);
	is_without_effect(&f, "mdn");
	f = of_kind(REPORT_OTHER, ACTION_UNKNOWN);
	is_without_effect(&f, "unknown");
	f = of_kind(REPORT_UNREADABLE, ACTION_FAILED);
	is_without_effect(&f, "unknown");
	f = of_kind(REPORT_DELAY, ACTION_FAILED);
	is_without_effect(&f, "unknown");
}
END_TEST

START_TEST(only_a_delivery_resets)
{
	struct fact f = of_kind(REPORT_SUCCESS, ACTION_DELIVERED);

	ck_assert_str_eq(reason_of(&f), "delivered");
	ck_assert_int_eq(judgement.effect, EFFECT_RESET);
	f.action = ACTION_RELAYED;
	is_without_effect(&f, "delivered");
	f.action = ACTION_EXPANDED;
	is_without_effect(&f, "delivered");
}
END_TEST

START_TEST(contradictions_are_unknown)
{
	struct fact f = failed(550, "", "550 user unknown");

	f.status = (struct status){2, 0, 0};
	is_without_effect(&f, "unknown");
	f = of_kind(REPORT_SUCCESS, ACTION_DELIVERED);
	f.status = (struct status){5, 1, 1};
	is_without_effect(&f, "unknown");
}
END_TEST

START_TEST(feedback_is_a_complaint_by_its_type)
{
	struct fact f = of_kind(REPORT_COMPLAINT, ACTION_UNKNOWN);

	f.feedback_type = "abuse";
	ck_assert_str_eq(reason_of(&f), "complaint");
	ck_assert_int_eq(judgement.class_, VERDICT_COMPLAINT);
	ck_assert_int_eq(judgement.effect, EFFECT_SUPPRESS);
	f.feedback_type = "opt-out-list";
	ck_assert_str_eq(reason_of(&f), "complaint");
	f.feedback_type = "not-spam";
	is_without_effect(&f, "unknown");
	f.feedback_type = "auth-failure";
	is_without_effect(&f, "unknown");
}
END_TEST

START_TEST(a_challenge_is_told_by_its_type)
{
	struct fact f = of_kind(REPORT_AUTO_REPLY, ACTION_UNKNOWN);

	f.feedback_type = "challenge";
	is_without_effect(&f, "challenge");
}
END_TEST

START_TEST(what_else_holds_is_told_in_its_order)
{
	struct fact f = failed(552, "5.2.2", "552 5.2.2 mailbox full");
	struct candidate list[JUDGE_MAX_CANDIDATES];
	size_t n;

	judge(rules, &f, &judgement);
	n = judge_candidates(rules, &f, list, JUDGE_MAX_CANDIDATES);
	ck_assert_uint_gt(n, 2);
	ck_assert_str_eq(list[0].rule, judgement.rule);
	ck_assert_str_eq(list[0].words, judgement.words);
	ck_assert_str_eq(list[1].rule, "recipient-claimed-full");
	ck_assert_str_eq(list[2].rule, "code-x-2-2");
	for (size_t i = 1; i < n; i++)
		ck_assert_str_ne(list[i].rule, list[i - 1].rule);
	ck_assert_uint_eq(judge_candidates(rules, &f, list, 1), 1);
	/* Nobody asks the rules about what is no failure. */
	f.action = ACTION_DELAYED;
	ck_assert_uint_eq(
		judge_candidates(rules, &f, list, JUDGE_MAX_CANDIDATES), 0);
}
END_TEST

START_TEST(nothing_said_is_unknown)
{
	struct fact f = failed(0, "", "");

	is_without_effect(&f, "unknown");
	ck_assert_str_eq(judgement.rule, "nothing-known");
}
END_TEST

START_TEST(strong_words_beat_codes)
{
	ck_assert_str_eq(
		reason_for(550, "5.1.1", "550 5.1.1 someone is over quota"),
		"mailbox_full");
	ck_assert_str_eq(reason_for(550, "5.7.1", "550 5.7.1 no such user"),
			 "user_unknown");
	ck_assert_str_eq(
		reason_for(550, "5.1.1", "550 5.1.1 your host is blacklisted"),
		"ip_blocked");
}
END_TEST

START_TEST(the_reply_beats_the_status_field)
{
	struct fact f = failed(550, "5.2.2", "550 5.2.2 refused");

	f.status = (struct status){5, 1, 1};
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
	f = failed(550, "5.0.0", "550 5.0.0 refused");
	f.status = (struct status){5, 2, 2};
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
	f = failed(451, "", "451 refused");
	f.status = (struct status){5, 0, 0};
	ck_assert_str_eq(reason_of(&f), "system_error");
	/* Of two the one that says more, not the one that agrees. */
	f = failed(550, "5.3.0", "550 5.3.0 refused");
	f.status = (struct status){4, 2, 2};
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
	f = failed(452, "4.2.2", "452 4.2.2 refused");
	f.status = (struct status){4, 4, 7};
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
}
END_TEST

START_TEST(a_code_made_of_the_reply_says_no_more_than_it)
{
	struct fact f = failed(550, "", "550 the cook is out");

	f.status = (struct status){5, 1, 1};
	ck_assert_str_eq(reason_of(&f), "unknown_permanent");
	f.reply_text = f.diagnostic = "550 повар вышел";
	ck_assert_str_eq(reason_of(&f), "unknown_permanent");
	f.reply_text = f.diagnostic = "550";
	ck_assert_str_eq(reason_of(&f), "user_unknown");
	f = failed(553, "", "553 the cook is out");
	f.status = (struct status){5, 1, 3};
	ck_assert_str_ne(reason_of(&f), "address_syntax");
	f = failed(551, "", "551 the cook is out");
	f.status = (struct status){5, 1, 6};
	ck_assert_str_eq(reason_of(&f), "unknown_permanent");
	/* a code of the host's own, another reply, known words */
	f = failed(550, "5.1.1", "550 5.1.1 the cook is out");
	ck_assert_str_eq(reason_of(&f), "user_unknown");
	f = failed(554, "", "554 the cook is out");
	f.status = (struct status){5, 1, 1};
	ck_assert_str_eq(reason_of(&f), "user_unknown");
	f = failed(550, "", "550 user unknown");
	f.status = (struct status){5, 1, 1};
	f.stage = STAGE_UNKNOWN;
	ck_assert_str_eq(reason_of(&f), "user_unknown");
}
END_TEST

START_TEST(an_expiry_gives_way_to_whatever_says_why)
{
	struct fact f = failed(451, "4.4.7", "451 4.4.7 refused");

	f.status = (struct status){4, 2, 0};
	ck_assert_str_eq(reason_of(&f), "mailbox_unavailable");
	f = failed(552, "", "552 refused");
	f.status = (struct status){4, 4, 7};
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
	/* Nobody replied: that time ran out is all there is. */
	f = failed(0, "", "refused");
	f.status = (struct status){4, 4, 7};
	ck_assert_str_eq(reason_of(&f), "expired");
}
END_TEST

START_TEST(a_temporary_reply_kills_no_address)
{
	ck_assert_str_eq(reason_for(450, "4.1.1", "450 4.1.1 user unknown"),
			 "mailbox_unavailable");
	ck_assert_str_eq(reason_for(451, "", "451 no such user"),
			 "system_error");
	ck_assert_str_eq(
		reason_for(550, "5.1.1", "550 5.1.1 failed, try again later"),
		"unknown_transient");
}
END_TEST

START_TEST(a_bare_550_needs_words_and_rcpt)
{
	struct fact f = failed(550, "", "550 user unknown");

	ck_assert_str_eq(reason_of(&f), "user_unknown");
	f.stage = STAGE_BODY;
	ck_assert_str_eq(reason_of(&f), "unknown_permanent");
	f.stage = STAGE_UNKNOWN;
	ck_assert_str_eq(reason_of(&f), "unknown_permanent");
	f.status = (struct status){5, 1, 1};
	ck_assert_str_eq(reason_of(&f), "user_unknown");
	ck_assert_str_eq(reason_for(550, "", "550"), "unknown_permanent");
	ck_assert_str_eq(reason_for(550, "", "550 no"), "unknown_permanent");
	ck_assert_str_eq(reason_for(553, "", "553 no"), "unknown_permanent");
	ck_assert_str_eq(reason_for(521, "", "521 no"), "unknown_permanent");
}
END_TEST

START_TEST(before_rcpt_a_host_speaks_of_us)
{
	struct fact f = failed(550, "5.1.2", "550 5.1.2 no such domain");

	ck_assert_str_eq(reason_of(&f), "domain_unknown");
	f.stage = STAGE_MAIL;
	ck_assert_str_eq(reason_of(&f), "sender_rejected");
	f = failed(550, "", "550 user unknown");
	f.stage = STAGE_HELO;
	reason_of(&f);
	ck_assert_int_ne(judgement.class_, VERDICT_HARD);
	f = failed(521, "", "521 host does not accept mail");
	f.stage = STAGE_CONNECT;
	ck_assert_str_eq(reason_of(&f), "null_mx");
	f = failed(0, "5.4.4", "Host not found");
	f.stage = STAGE_CONNECT;
	ck_assert_str_eq(reason_of(&f), "domain_unknown");
}
END_TEST

START_TEST(words_about_another_address_are_not_about_this_one)
{
	struct fact f = failed(550, "5.1.1",
			       "550 5.1.1 <us@news.example>: user unknown");

	f.stage = STAGE_BODY;
	reason_of(&f);
	ck_assert_int_ne(judgement.class_, VERDICT_HARD);
	f.reply_text = f.diagnostic =
		"550 5.1.1 <user@example.com>: user unknown";
	ck_assert_str_eq(reason_of(&f), "user_unknown");
	f.final = "other@forward.example";
	f.reply_text = f.diagnostic =
		"550 5.1.1 <other@forward.example>: user unknown";
	ck_assert_str_eq(reason_of(&f), "user_unknown");
}
END_TEST

START_TEST(words_about_another_domain_are_not_about_this_one)
{
	static const char *const theirs[] = {
		"550 Domain news.example does not exist",
		"550 No such domain: news.example",
		"550 Domain of news@news.example not found, no such domain",
	};
	struct fact f;
	size_t i;

	for (i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
		reason_for(550, "", theirs[i]);
		ck_assert_msg(judgement.class_ != VERDICT_HARD, "%s",
			      theirs[i]);
	}
	ck_assert_str_eq(
		reason_for(550, "", "550 Domain example.com does not exist"),
		"domain_unknown");
	ck_assert_str_eq(
		reason_for(550, "", "550 mx.example.com: no such domain here"),
		"domain_unknown");
	/* Our own host, which asked the DNS, may name whom it asked for. */
	f = failed(0, "5.4.4",
		   "Host or domain name not found. Name service error for "
		   "name=mail.hoster.example type=A: Host not found");
	ck_assert_str_eq(reason_of(&f), "domain_unknown");
}
END_TEST

START_TEST(names_and_links_are_no_words)
{
	ck_assert_str_eq(
		reason_for(550, "5.1.1",
			   "550 5.1.1 see http://example.com/mailbox-full"),
		"user_unknown");
	ck_assert_str_eq(reason_for(550, "5.1.1",
				    "550 5.1.1 spam-filter.example.com: gone"),
			 "user_unknown");
	ck_assert_str_eq(
		reason_for(554, "5.7.1",
			   "554 5.7.1 see https://www.spamhaus.org/query"),
		"ip_blocked");
}
END_TEST

START_TEST(alternatives_and_advice_are_no_evidence)
{
	ck_assert_str_eq(
		reason_for(550, "",
			   "550 their account or domain may not exist, they "
			   "may be blacklisted, or miss DNS"),
		"unknown_permanent");
	ck_assert_str_eq(
		reason_for(550, "5.1.1",
			   "550-5.1.1 There is no such mailbox.\n"
			   "550 5.1.1 If you were blocked as spam or the "
			   "mailbox is full, call us"),
		"user_unknown");
	/* What begins as advice does is all that was said. */
	ck_assert_str_eq(
		reason_for(550, "5.1.1",
			   "550 5.1.1 Please check: someone is over quota"),
		"mailbox_full");
}
END_TEST

START_TEST(words_around_the_reply_alone_kill_no_address)
{
	struct fact f = failed(550, "", "550 refused");

	f.diagnostic = "The user may be unknown: user unknown. 550 refused";
	ck_assert_str_eq(reason_of(&f), "unknown_permanent");
	f.diagnostic = "Given up, mailbox full. 550 refused";
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
}
END_TEST

START_TEST(the_stronger_reason_wins)
{
	ck_assert_str_eq(reason_for(550, "5.1.1",
				    "550 5.1.1 user unknown, mailbox full"),
			 "mailbox_full");
	ck_assert_str_eq(reason_for(550, "",
				    "550 user unknown: disabled "
				    "recipient address"),
			 "mailbox_disabled");
	ck_assert_str_eq(reason_for(0, "5.4.4", "Host not found, try again"),
			 "dns_failure");
}
END_TEST

START_TEST(who_speaks_tells_whose_relaying_it_is)
{
	struct fact f = failed(550, "5.7.1", "550 5.7.1 relaying denied");

	ck_assert_str_eq(reason_of(&f), "relay_denied");
	ck_assert_int_eq(judgement.class_, VERDICT_SOFT);
	ck_assert_int_eq(judgement.effect, EFFECT_COUNT);
	f.remote_reply = false;
	ck_assert_str_eq(reason_of(&f), "relay_denied");
	ck_assert_int_eq(judgement.class_, VERDICT_BLOCK);
	ck_assert_int_eq(judgement.effect, EFFECT_NONE);
}
END_TEST

START_TEST(a_deferral_that_failed_has_expired)
{
	struct fact f = failed(450, "4.7.1", "450 4.7.1 greylisted");

	ck_assert_str_eq(reason_of(&f), "expired");
	ck_assert_int_eq(judgement.effect, EFFECT_COUNT);
	ck_assert_str_eq(judgement.rule, "greylisted");
	ck_assert_str_eq(
		reason_for(421, "4.7.0", "421 4.7.0 too many connections"),
		"expired");
	ck_assert_str_eq(
		reason_for(550, "5.7.1", "550 5.7.1 too many connections"),
		"rate_limited_sender");
}
END_TEST

START_TEST(exit_statuses_of_programs_are_read)
{
	struct fact f = failed(0, "", "program ended");

	f.diagnostic_type = "x-unix";
	f.exit_code = 67;
	ck_assert_str_eq(reason_of(&f), "user_unknown");
	ck_assert_str_eq(judgement.words, "exit 67");
	f.exit_code = 68;
	ck_assert_str_eq(reason_of(&f), "domain_unknown");
	f.exit_code = 75;
	ck_assert_str_eq(reason_of(&f), "local_delivery");
}
END_TEST

START_TEST(a_malformed_address_is_told_by_our_own_check)
{
	struct fact f = failed(501, "", "501 refused");

	ck_assert_str_eq(reason_of(&f), "unknown_permanent");
	f.address = "a..b@example.com";
	ck_assert_str_eq(reason_of(&f), "address_syntax");
	f.stage = STAGE_MAIL;
	ck_assert_str_eq(reason_of(&f), "protocol");
}
END_TEST

START_TEST(providers_reuse_each_others_codes)
{
	struct fact f = failed(550, "5.1.10", "550 5.1.10 refused");

	ck_assert_str_eq(reason_of(&f), "null_mx");
	f.remote = "mail.protection.outlook.com";
	ck_assert_str_eq(reason_of(&f), "user_unknown");
	ck_assert_str_eq(
		reason_for(550, "5.4.1",
			   "550 5.4.1 Recipient address rejected: Access "
			   "denied. AS(201806281)"),
		"user_unknown");
	ck_assert_str_eq(reason_for(550, "5.4.1", "550 5.4.1 no answer"),
			 "network_error");
	ck_assert_str_eq(
		reason_for(550, "5.2.1",
			   "550 5.2.1 mail arrives at a rate that prevents "
			   "additional messages"),
		"rate_limited_recipient");
	ck_assert_str_eq(reason_for(550, "5.2.1", "550 5.2.1"),
			 "mailbox_disabled");
	ck_assert_str_eq(reason_for(550, "5.2.1", "550 5.2.1 odd words"),
			 "unknown_permanent");
	ck_assert_str_eq(reason_for(525, "5.7.13",
				    "525 5.7.13 disabled recipient address"),
			 "mailbox_disabled");
	ck_assert_str_eq(reason_for(550, "5.7.25",
				    "550 5.7.25 no PTR record for 192.0.2.1"),
			 "rdns");
	ck_assert_str_eq(
		reason_for(550, "5.7.30", "550 5.7.30 DKIM check did not pass"),
		"auth_failure");
}
END_TEST

START_TEST(what_decided_is_told)
{
	ck_assert_str_eq(reason_for(550, "5.1.1", "550 5.1.1 no"),
			 "user_unknown");
	ck_assert_str_eq(judgement.rule, "code-5-1-1");
	ck_assert_str_eq(judgement.words, "5.1.1");
	reason_for(551, "", "551 no");
	ck_assert_str_eq(judgement.rule, "reply-551");
	ck_assert_str_eq(judgement.words, "551");
	reason_for(551, "5.0.0", "551 5.0.0 no");
	ck_assert_str_eq(judgement.words, "551");
	reason_for(552, "", "552 The MAILBOX  is Full.");
	ck_assert_str_eq(judgement.rule, "mailbox-full");
	ck_assert_str_eq(judgement.words, "mailbox is full");
}
END_TEST

START_TEST(a_refused_log_in_is_theirs_only_when_their_host_says_it)
{
	struct fact f = failed(530, "5.7.0", "530 5.7.0 please log in first");

	ck_assert_str_eq(reason_of(&f), "auth_required");
	ck_assert_int_eq(judgement.class_, VERDICT_SOFT);
	f.remote = "smtp.example.org";
	ck_assert_str_eq(reason_of(&f), "auth_required");
	ck_assert_int_eq(judgement.class_, VERDICT_BLOCK);
	f.reporting_mta = "relay.example.de";
	f.remote = "smtp.example.de";
	reason_of(&f);
	ck_assert_int_eq(judgement.class_, VERDICT_BLOCK);
	f.reporting_mta = "relay.example.org";
	f.remote = "smtp.example.org";
	f.address = "user@example.org";
	reason_of(&f);
	ck_assert_int_eq(judgement.class_, VERDICT_SOFT);
	f.stage = STAGE_AUTH;
	reason_of(&f);
	ck_assert_int_eq(judgement.class_, VERDICT_BLOCK);
	f = failed(530, "5.7.0", "530 5.7.0 please log in first");
	f.reporting_mta = "example.co.uk";
	f.remote = "mx.other.co.uk";
	reason_of(&f);
	ck_assert_int_eq(judgement.class_, VERDICT_SOFT);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		what_is_no_failure_never_becomes_one,
		only_a_delivery_resets,
		contradictions_are_unknown,
		feedback_is_a_complaint_by_its_type,
		a_challenge_is_told_by_its_type,
		what_else_holds_is_told_in_its_order,
		nothing_said_is_unknown,
		strong_words_beat_codes,
		the_reply_beats_the_status_field,
		a_code_made_of_the_reply_says_no_more_than_it,
		an_expiry_gives_way_to_whatever_says_why,
		a_temporary_reply_kills_no_address,
		a_bare_550_needs_words_and_rcpt,
		before_rcpt_a_host_speaks_of_us,
		words_about_another_address_are_not_about_this_one,
		words_about_another_domain_are_not_about_this_one,
		names_and_links_are_no_words,
		alternatives_and_advice_are_no_evidence,
		words_around_the_reply_alone_kill_no_address,
		the_stronger_reason_wins,
		who_speaks_tells_whose_relaying_it_is,
		a_refused_log_in_is_theirs_only_when_their_host_says_it,
		a_deferral_that_failed_has_expired,
		exit_statuses_of_programs_are_read,
		a_malformed_address_is_told_by_our_own_check,
		providers_reuse_each_others_codes,
		what_decided_is_told,
	};
	Suite *suite = suite_create("verdict_judge");
	TCase *tc = tcase_create("judge");
	size_t i;

	tcase_add_checked_fixture(tc, load_rules, free_rules);
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
