/* Whose report it is, read from the chain of Received lines. */
#include "trust/network.h"
#include "trust/relay.h"
#include "trust_report.h"

static const char *const networks[] = {"192.0.2.0/28", "2001:db8:1::/48", NULL};
static const char *const reporters[] = {"relay.news.example", NULL};
static const char *const authservs[] = {"mx.news.example", NULL};
static struct trust_settings settings;

static void setup(void)
{
	trust_settings_init(&settings);
	settings.trusted_networks = networks;
}

static enum evidence judge_headers(const char *headers, const char *mta)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;

	r.headers = span_of(headers);
	r.reporting_mta = mta;
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	return result.evidence;
}

static const struct {
	const char *headers;
	enum evidence evidence;
} rows[] = {
	/* What mail servers write above their own bounces. */
	{"Received: by relay.news.example (Postfix)\r\n\tid 4T1; now\r\n",
	 EVIDENCE_RELAY},
	{"Received: from Debian-exim by relay.news.example with local "
	 "(Exim 4.96)\r\n\tid 1r-1 for b@news.example; now\r\n",
	 EVIDENCE_RELAY},
	{"Received: from localhost (localhost) by relay.news.example "
	 "(8.17.1.9/8.17.1.9) id 6AM; now\r\n",
	 EVIDENCE_RELAY},
	{"Received: (qmail 815 invoked for bounce); 1 Nov 2024 -0000\r\n",
	 EVIDENCE_RELAY},
	{"Received: from localhost (localhost [127.0.0.1])\r\n"
	 "  by relay.news.example with dsn id 00.00; now\r\n",
	 EVIDENCE_RELAY},
	{"Received: from MAILER-DAEMON id ad0 by relay.news.example "
	 "(DragonFly Mail Agent v0.13); now\r\n",
	 EVIDENCE_RELAY},
	/* The same behind a delivery agent, a filter, or our own relay. */
	{"Received: from relay.news.example\r\n\tby store.news.example with "
	 "LMTP id x; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_RELAY},
	{"Received: from localhost (localhost [127.0.0.1]) by relay with "
	 "ESMTP; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_RELAY},
	{"Received: from relay.news.example (relay.news.example "
	 "[192.0.2.5])\r\n\tby in.news.example (Postfix) with ESMTPS; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_RELAY},
	{"Received: from relay (relay [IPv6:2001:db8:1::25]) by in; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_RELAY},
	/* From outside, whatever it carries below. */
	{"Received: from mx.shop.example (mx.shop.example [203.0.113.9])\r\n"
	 "\tby in.news.example (Postfix) with ESMTP id 1; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_UNPROVED},
	{"Received: from [127.0.0.1] (unknown [203.0.113.9])\r\n"
	 "\tby in.news.example (Postfix) with ESMTP id 1; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_UNPROVED},
	{"Received: from relay (relay [192.0.2.16]) by in; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_UNPROVED},
	{"Received: from unknown (HELO relay) (203.0.113.9)\r\n"
	 "  by 0 with SMTP; now\r\n"
	 "Received: (qmail 815 invoked for bounce); now\r\n",
	 EVIDENCE_UNPROVED},
	{"Received: from relay ([IPv6:2001:db8:2::25]) by in; now\r\n"
	 "Received: by relay.news.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_UNPROVED},
	/* Our border takes in the world's mail before it comes to us. */
	{"Received: from in (in [192.0.2.3]) by store with ESMTP; now\r\n"
	 "Received: from mx.shop.example ([203.0.113.9]) by in; now\r\n"
	 "Received: by mx.shop.example (Postfix) id 4T1; now\r\n",
	 EVIDENCE_UNPROVED},
	/* Users and web forms of the same host. */
	{"Received: by relay.news.example (Postfix, from userid 33)\r\n"
	 "\tid 4T1; now\r\n",
	 EVIDENCE_UNPROVED},
	{"Received: from www-data by relay.news.example with local "
	 "(Exim 4.96) id 1r-1; now\r\n",
	 EVIDENCE_UNPROVED},
	{"Received: from localhost (localhost [127.0.0.1]) by relay; now\r\n",
	 EVIDENCE_UNPROVED},
	{"Received: (qmail 815 invoked by uid 33); now\r\n", EVIDENCE_UNPROVED},
	{"Received: from relay.news.example by in.news.example; now\r\n",
	 EVIDENCE_UNPROVED},
	/* Nobody who takes mail from outside leaves no line at all. */
	{"", EVIDENCE_UNPROVED},
	{"Subject: failure notice\r\n", EVIDENCE_UNPROVED},
};

START_TEST(only_what_began_with_us_is_our_relays)
{
	setup();
	for (size_t i = 0; i < LENGTH(rows); i++)
		ck_assert_msg(judge_headers(rows[i].headers, "x.example") ==
				      rows[i].evidence,
			      "row %zu: %s", i, rows[i].headers);
}
END_TEST

START_TEST(a_trusted_reporter_needs_a_trusted_way)
{
	static const char trusted[] =
		"Received: from relay (relay [192.0.2.5]) by in; now\r\n";
	static const char outside[] =
		"Received: from relay (relay [203.0.113.9]) by in; now\r\n";

	setup();
	ck_assert_int_eq(judge_headers(trusted, "relay.news.example"),
			 EVIDENCE_UNPROVED);
	settings.trusted_reporters = reporters;
	ck_assert_int_eq(judge_headers(trusted, "Relay.News.Example"),
			 EVIDENCE_RELAY);
	ck_assert_int_eq(judge_headers(trusted, "other.news.example"),
			 EVIDENCE_UNPROVED);
	ck_assert_int_eq(judge_headers(outside, "relay.news.example"),
			 EVIDENCE_UNPROVED);
}
END_TEST

START_TEST(a_mailbox_may_be_trusted_as_a_whole)
{
	setup();
	settings.trusted_mailbox = true;
	ck_assert_int_eq(judge_headers("", "x.example"), EVIDENCE_RELAY);
}
END_TEST

START_TEST(networks_are_compared_by_bits)
{
	static const struct {
		const char *network, *address;
		bool inside;
	} pairs[] = {
		{"192.0.2.0/28", "192.0.2.15", true},
		{"192.0.2.0/28", "192.0.2.16", false},
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"0.0.0.0/0", "203.0.113.9", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"2001:db8::/33", "2001:db8:7fff::1", true},
		{"2001:db8::/33", "2001:db8:8000::1", false},
		{"192.0.2.0/24", "::ffff:192.0.2.9", true},
		{"192.0.2.0/33", "192.0.2.1", false},
		{"nonsense", "192.0.2.1", false},
	};

	for (size_t i = 0; i < LENGTH(pairs); i++) {
		const char *const list[] = {pairs[i].network, NULL};

		ck_assert_int_eq(
			network_contains(list, span_of(pairs[i].address)),
			pairs[i].inside);
	}
	ck_assert(network_is_valid("192.0.2.0/24"));
	ck_assert(!network_is_valid("192.0.2.0/33"));
	ck_assert(!network_is_valid("192.0.2"));
	ck_assert(!network_is_valid(""));
}
END_TEST

START_TEST(addresses_are_found_in_every_dress)
{
	struct span rest = SPAN("from a ([192.0.2.1]) (HELO b) (192.0.2.2) by "
				"[IPv6:2001:db8::3] (2001:db8::4) at 192.0.2.5 "
				"(8.17.1.9/8.17.1.9) v1.2.3.4 id 1.2.3; "
				"01:06:39 +0000");
	static const char *const found[] = {"192.0.2.1", "192.0.2.2",
					    "2001:db8::3", "2001:db8::4",
					    "192.0.2.5"};
	struct span address;

	for (size_t i = 0; i < LENGTH(found); i++) {
		ck_assert(network_next_address(&rest, &address));
		ck_assert(span_eq(address, span_of(found[i])));
	}
	ck_assert(!network_next_address(&rest, &address));
}
END_TEST

#define BORDER                                                                 \
	"Received: from mx.shop.example (mx [203.0.113.9]) by in; now\r\n"
#define PASSES                                                                 \
	"Authentication-Results: mx.news.example (x; y);\r\n"                  \
	"\tdkim=pass header.d=shop.example; spf=fail\r\n"

static const struct {
	const char *headers, *from, *address, *remote;
	enum evidence evidence;
} senders[] = {
	{PASSES BORDER, "MAILER-DAEMON@mx.shop.example", "a@shop.example", "",
	 EVIDENCE_SENDER},
	{BORDER PASSES, "postmaster@shop.example", "a@eu.shop.example", "",
	 EVIDENCE_SENDER},
	/* A user of the domain is not its mail system. */
	{PASSES BORDER, "eve@shop.example", "a@shop.example", "",
	 EVIDENCE_UNPROVED},
	/* It answers for its own recipients only. */
	{PASSES BORDER, "postmaster@shop.example", "a@other.example", "",
	 EVIDENCE_UNPROVED},
	{PASSES BORDER, "postmaster@example", "a@victim.example", "",
	 EVIDENCE_UNPROVED},
	/* The author and the proof belong together. */
	{PASSES BORDER, "postmaster@other.example", "a@shop.example", "",
	 EVIDENCE_UNPROVED},
	/* Below the border's line stands what the outside wrote. */
	{BORDER "Received: from x by mx.shop.example; then\r\n" PASSES,
	 "postmaster@shop.example", "a@shop.example", "", EVIDENCE_UNPROVED},
	{"Authentication-Results: mx.shop.example; dkim=pass "
	 "header.d=shop.example\r\n" BORDER,
	 "postmaster@shop.example", "a@shop.example", "", EVIDENCE_UNPROVED},
	{"Authentication-Results: mx.news.example; dkim=fail "
	 "header.d=shop.example\r\n" BORDER,
	 "postmaster@shop.example", "a@shop.example", "", EVIDENCE_UNPROVED},
	/* Our border quotes what the outside said; that is not its word. */
	{"Authentication-Results: mx.news.example; spf=pass "
	 "smtp.mailfrom=\"; dkim=pass header.d=shop.example \"@eve.example\r\n" BORDER,
	 "postmaster@shop.example", "a@shop.example", "", EVIDENCE_UNPROVED},
	{"Authentication-Results: mx.news.example; spf=fail "
	 "(no \\) ; dkim=pass header.d=shop.example ( sir)\r\n" BORDER,
	 "postmaster@shop.example", "a@shop.example", "", EVIDENCE_UNPROVED},
	{"Authentication-Results: mx.news.example; dkim=pass "
	 "header.d=\"shop.example\"\r\n" BORDER,
	 "postmaster@shop.example", "a@shop.example", "", EVIDENCE_SENDER},
	{"Authentication-Results: mx.news.example; spf=pass "
	 "smtp.helo=mx.shop.example\r\n" BORDER,
	 "postmaster@mx.shop.example", "a@shop.example", "", EVIDENCE_SENDER},
	{"Authentication-Results: mx.news.example; dkim=pass "
	 "header.d=googlemail.com\r\n" BORDER,
	 "mailer-daemon@googlemail.com", "a@gmail.com", "", EVIDENCE_SENDER},
	{"Authentication-Results: mx.news.example; dkim=pass "
	 "header.d=googlemail.com\r\n" BORDER,
	 "mailer-daemon@googlemail.com", "a@corp.example", "aspmx.l.google.com",
	 EVIDENCE_SENDER},
	{"Authentication-Results: mx.news.example; dkim=pass "
	 "header.d=googlemail.com\r\n" BORDER,
	 "mailer-daemon@googlemail.com", "a@corp.example", "mx.corp.example",
	 EVIDENCE_UNPROVED},
};

START_TEST(the_recipients_own_system_is_believed_about_its_recipients)
{
	for (size_t i = 0; i < LENGTH(senders); i++) {
		struct fact fact = ann_failed;
		struct report r = a_report(&fact, 1);
		struct trust_result result;

		setup();
		settings.trusted_authserv_ids = authservs;
		fact.address = senders[i].address;
		fact.remote = senders[i].remote;
		r.from = senders[i].from;
		r.headers = span_of(senders[i].headers);
		trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
		ck_assert_msg(result.evidence == senders[i].evidence, "row %zu",
			      i);
		setup();
		trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
		ck_assert_int_eq(result.evidence, EVIDENCE_UNPROVED);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		only_what_began_with_us_is_our_relays,
		a_trusted_reporter_needs_a_trusted_way,
		a_mailbox_may_be_trusted_as_a_whole,
		networks_are_compared_by_bits,
		addresses_are_found_in_every_dress,
		the_recipients_own_system_is_believed_about_its_recipients,
	};

	return RUN_TESTS("trust_relay", tests);
}
