/* Which proof wins, and how far each may go. */
#include <string.h>

#include "trust_report.h"

static const char *const our_domains[] = {"news.example", NULL};
static struct trust_settings settings;

static int ledger_of_ann(void *ctx, const char *message_id, const char *address)
{
	int *asked = ctx;

	(*asked)++;
	return strcmp(message_id, "c1.r7@news.example") == 0 &&
	       strcmp(address, "ann@shop.example") == 0;
}

START_TEST(names_are_those_of_the_views)
{
	static const char *const names[] = {"failed", "foreign", "unproved",
					    "sender", "relay",	 "ledger",
					    "dkim",   "token"};

	for (int i = 0; i < EVIDENCE_COUNT; i++) {
		ck_assert_str_eq(evidence_name((enum evidence)i), names[i]);
		ck_assert_int_eq(evidence_find(span_of(names[i])), i);
	}
	ck_assert_int_eq(evidence_find(SPAN("Token")), -1);
	ck_assert_int_eq(evidence_find(SPAN("")), -1);
}
END_TEST

/* One letter an evidence, weakest first: record, hold, bounded, full. */
static const struct {
	enum trust_verify verify;
	unsigned recipients;
	bool complaint;
	const char *acts;
} acts[] = {
	{VERIFY_AUTO, 1, false, "rrbbffff"},
	{VERIFY_AUTO, 2, false, "rrhbffff"},
	{VERIFY_AUTO, 1, true, "rrbbffff"},
	{VERIFY_AUTO, 2, true, "rrhbffff"},
	{VERIFY_OFF, 1, false, "rfffffff"},
	{VERIFY_OFF, 9, true, "rfffffff"},
	{VERIFY_PREFER, 1, false, "rrrhffff"},
	{VERIFY_PREFER, 1, true, "rrrhhfff"},
	{VERIFY_REQUIRE, 1, false, "rrrrffff"},
	{VERIFY_REQUIRE, 1, true, "rrrrhfff"},
};

START_TEST(each_mode_says_how_far_a_proof_goes)
{
	static const char letters[] = "rhbf";

	trust_settings_init(&settings);
	for (size_t i = 0; i < LENGTH(acts); i++) {
		settings.verify = acts[i].verify;
		for (int e = 0; e < EVIDENCE_COUNT; e++) {
			enum trust_act act = trust_act(
				&settings, (enum evidence)e, acts[i].recipients,
				acts[i].complaint);

			ck_assert_msg(letters[act] == acts[i].acts[e],
				      "row %zu, %s", i,
				      evidence_name((enum evidence)e));
		}
	}
}
END_TEST

START_TEST(the_ledger_knows_message_and_recipient)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;
	int asked = 0;

	trust_settings_init(&settings);
	trust_judge(&settings, &r, &fact, NOW, ledger_of_ann, &asked, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_LEDGER);
	ck_assert_int_eq(asked, 1);
	fact.address = "bob@shop.example";
	trust_judge(&settings, &r, &fact, NOW, ledger_of_ann, &asked, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_UNPROVED);
	r.returned.message_id = "";
	fact.address = "ann@shop.example";
	trust_judge(&settings, &r, &fact, NOW, ledger_of_ann, &asked, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_UNPROVED);
	ck_assert_int_eq(asked, 2);
}
END_TEST

START_TEST(what_carries_no_domain_of_ours_is_foreign)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	const char **const places[] = {&r.returned.from, &r.returned.message_id,
				       &r.returned.return_path, &r.returned.to};
	struct trust_result result;

	trust_settings_init(&settings);
	for (size_t i = 0; i < LENGTH(places); i++)
		*places[i] = "x@other.example";
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_UNPROVED);
	settings.our_domains = our_domains;
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_FOREIGN);
	for (size_t i = 0; i < LENGTH(places); i++) {
		*places[i] = "x@mail.News.example";
		trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
		ck_assert_int_eq(result.evidence, EVIDENCE_UNPROVED);
		*places[i] = "";
	}
	/* Nothing came back at all. */
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_FOREIGN);
	settings.trusted_mailbox = true;
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_RELAY);
}
END_TEST

START_TEST(a_wrong_token_spoils_every_other_proof)
{
	static const struct trust_key key = {
		.id = 'k', .secret = {"0123456789abcdef", 16}};
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;
	char local[65];
	int asked = 0;

	trust_settings_init(&settings);
	settings.trusted_mailbox = true;
	settings.keys = &key;
	settings.key_count = 1;
	ck_assert_int_eq(trust_token_make(&settings, "a", "",
					  "bob@shop.example", NOW, local),
			 0);
	r.envelope_id = local;
	trust_judge(&settings, &r, &fact, NOW, ledger_of_ann, &asked, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_FAILED);
}
END_TEST

START_TEST(a_whole_report_is_judged_like_each_recipient)
{
	struct fact facts[3] = {ann_failed, ann_failed, ann_failed};
	struct report r = a_report(facts, 3);
	struct trust_result all[3], one;
	int asked = 0;

	trust_settings_init(&settings);
	facts[1].address = "bob@shop.example";
	facts[2].address = "not an address";
	trust_judge_report(&settings, &r, NOW, ledger_of_ann, &asked, all);
	ck_assert_int_eq(all[0].evidence, EVIDENCE_LEDGER);
	for (size_t i = 0; i < LENGTH(facts); i++) {
		trust_judge(&settings, &r, &facts[i], NOW, ledger_of_ann,
			    &asked, &one);
		ck_assert_int_eq(one.evidence, all[i].evidence);
		ck_assert_str_eq(one.why, all[i].why);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		names_are_those_of_the_views,
		each_mode_says_how_far_a_proof_goes,
		the_ledger_knows_message_and_recipient,
		what_carries_no_domain_of_ours_is_foreign,
		a_wrong_token_spoils_every_other_proof,
		a_whole_report_is_judged_like_each_recipient,
	};

	return RUN_TESTS("trust_level", tests);
}
