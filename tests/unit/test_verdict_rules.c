#include "verdict_fact.h"

#include <sys/stat.h>
#include <unistd.h>

#include "util/fdio.h"
#include "util/num.h"

/* The compiled-in rules, and what operators' files may do. */

START_TEST(every_example_is_decided_by_its_rule)
{
	struct error err = {0};

	ck_assert_msg(rules_check(rules, &err) == 0, "%s", err.text);
	ck_assert_uint_gt(rules_count(rules), 300);
}
END_TEST

/* "550 5.1.1 text", "550 text" or "5.1.1 text", answered at that stage. */
static const char *reason_at(enum smtp_stage stage, const char *text)
{
	struct span rest = span_of(text), word = SPAN("");
	struct fact f;
	int reply = 0;

	if (span_next_word(&rest, &word) &&
	    num_int(word.p, word.n, 599, &reply) == 0)
		span_next_word(&rest, &word);
	f = failed(reply, "", text);
	if (status_parse(word, &f.reply_status) == 0)
		f.status = f.reply_status;
	f.stage = stage;
	return reason_of(&f);
}

struct tried {
	enum smtp_stage stage; /* the first that the rule asks for */
	size_t examples;
};

static void try_example(void *ctx, const char *key, struct span value)
{
	static const char *const appended[] = {
		"[MX12.mail.example 2026-11-23T10:00:00.000Z 08DE2A1B3C]",
		"(queue id 4XyZ1234Kz9)", "1a2b3c4d5e6f-20020a17si12 - gsmtp",
		"https://help.example.org/errors/x?id=12345"};
	char alone[512], with[1024];
	struct tried *tried = ctx;
	const char *reason;

	if (strcmp(key, "stage") == 0 && tried->stage == STAGE_UNKNOWN &&
	    !span_eq(value, SPAN("unknown")))
		tried->stage = (enum smtp_stage)smtp_stage_find(value);
	if (strcmp(key, "example") != 0)
		return;
	snprintf(alone, sizeof(alone), "%.*s", (int)value.n, value.p);
	reason = reason_at(tried->stage, alone);
	for (size_t i = 0; i < sizeof(appended) / sizeof(appended[0]); i++) {
		snprintf(with, sizeof(with), "%s %s", alone, appended[i]);
		ck_assert_msg(strcmp(reason_at(tried->stage, with), reason) ==
				      0,
			      "%s: %s, without the end %s", with,
			      reason_at(tried->stage, with), reason);
	}
	tried->examples++;
}

/* Their name, the time, a number or a link changes nothing of what is said. */
START_TEST(what_hosts_append_changes_nothing)
{
	size_t examples = 0;

	for (size_t i = 0; i < rules_count(rules); i++) {
		struct tried tried = {STAGE_UNKNOWN, 0};

		rules_describe(rules, i, try_example, &tried);
		examples += tried.examples;
	}
	ck_assert_uint_gt(examples, 700);
}
END_TEST

/* Without words, of class 5 and 4; the registry of RFC 5248. */
static const struct {
	const char *code;
	const char *permanent;
	const char *transient;
} registry[] = {
	{"0.0", "unknown_permanent", "unknown_transient"},
	{"1.0", "unknown_permanent", "unknown_transient"},
	{"1.1", "user_unknown", "mailbox_unavailable"},
	{"1.2", "domain_unknown", "dns_failure"},
	{"1.3", "address_syntax", "unknown_transient"},
	{"1.4", "unknown_permanent", "unknown_permanent"},
	{"1.5", "unknown", "unknown"},
	{"1.6", "moved", "mailbox_unavailable"},
	{"1.7", "sender_rejected", "sender_rejected"},
	{"1.8", "sender_rejected", "sender_rejected"},
	{"1.9", "unknown", "unknown"},
	{"1.10", "null_mx", "dns_failure"},
	{"2.0", "mailbox_unavailable", "mailbox_unavailable"},
	{"2.1", "mailbox_disabled", "mailbox_unavailable"},
	{"2.2", "mailbox_full", "mailbox_full"},
	{"2.3", "message_too_big", "message_too_big"},
	{"2.4", "system_error", "system_error"},
	{"3.0", "system_error", "system_error"},
	{"3.1", "system_full", "system_full"},
	{"3.2", "system_error", "host_busy"},
	{"3.3", "protocol", "protocol"},
	{"3.4", "message_too_big", "message_too_big"},
	{"3.5", "system_error", "system_error"},
	{"3.6", "unknown", "unknown"},
	{"4.0", "network_error", "network_error"},
	{"4.1", "network_error", "network_error"},
	{"4.2", "network_error", "network_error"},
	{"4.3", "dns_failure", "dns_failure"},
	{"4.4", "network_error", "dns_failure"},
	{"4.5", "host_busy", "host_busy"},
	{"4.6", "loop", "loop"},
	{"4.7", "expired", "expired"},
	{"5.0", "protocol", "protocol"},
	{"5.1", "protocol", "protocol"},
	{"5.2", "protocol", "protocol"},
	{"5.3", "too_many_recipients", "too_many_recipients"},
	{"5.4", "protocol", "protocol"},
	{"5.5", "protocol", "protocol"},
	{"5.6", "auth_required", "auth_required"},
	{"6.0", "content_rejected", "content_rejected"},
	{"6.1", "content_rejected", "content_rejected"},
	{"6.2", "content_rejected", "content_rejected"},
	{"6.3", "content_rejected", "content_rejected"},
	{"6.4", "content_rejected", "content_rejected"},
	{"6.5", "content_rejected", "content_rejected"},
	{"6.6", "content_rejected", "content_rejected"},
	{"6.7", "eai_unsupported", "eai_unsupported"},
	{"6.8", "eai_unsupported", "eai_unsupported"},
	{"6.9", "eai_unsupported", "eai_unsupported"},
	{"6.10", "eai_unsupported", "eai_unsupported"},
	{"7.0", "policy", "expired"},
	{"7.1", "policy", "policy"},
	{"7.2", "recipient_restricted", "recipient_restricted"},
	{"7.3", "tls_required", "tls_required"},
	{"7.4", "tls_required", "tls_required"},
	{"7.5", "tls_required", "tls_required"},
	{"7.6", "tls_required", "tls_required"},
	{"7.7", "tls_required", "tls_required"},
	{"7.8", "auth_required", "auth_required"},
	{"7.9", "auth_required", "auth_required"},
	{"7.10", "auth_required", "auth_required"},
	{"7.11", "auth_required", "auth_required"},
	{"7.12", "auth_required", "auth_required"},
	{"7.13", "auth_required", "auth_required"},
	{"7.14", "auth_required", "auth_required"},
	{"7.15", "policy", "policy"},
	{"7.16", "policy", "policy"},
	{"7.17", "moved", "unknown_transient"},
	{"7.18", "moved", "unknown_transient"},
	{"7.19", "unknown", "unknown"},
	{"7.20", "auth_failure", "auth_failure"},
	{"7.21", "auth_failure", "auth_failure"},
	{"7.22", "auth_failure", "auth_failure"},
	{"7.23", "auth_failure", "auth_failure"},
	{"7.24", "auth_failure", "auth_failure"},
	{"7.25", "rdns", "rdns"},
	{"7.26", "auth_failure", "auth_failure"},
	{"7.27", "sender_rejected", "sender_rejected"},
	{"7.28", "rate_limited_sender", "expired"},
	{"7.29", "auth_failure", "auth_failure"},
	{"7.30", "tls_required", "tls_required"},
};

static void code_means(char class_, const char *rest, const char *reason)
{
	char code[16];

	snprintf(code, sizeof(code), "%c.%s", class_, rest);
	ck_assert_msg(strcmp(reason_for(0, code, ""), reason) == 0,
		      "%s: %s by %s, not %s", code,
		      reason_info(judgement.reason)->name, judgement.rule,
		      reason);
}

START_TEST(every_registered_code_has_its_reason)
{
	size_t i;

	for (i = 0; i < sizeof(registry) / sizeof(registry[0]); i++) {
		code_means('5', registry[i].code, registry[i].permanent);
		code_means('4', registry[i].code, registry[i].transient);
	}
}
END_TEST

START_TEST(every_reason_of_a_failure_can_come_out)
{
	static const struct {
		int reply;
		const char *code;
		const char *text;
		const char *reason;
	} rows[] = {
		{550, "5.1.1", "user unknown", "user_unknown"},
		{553, "", "bad address syntax", "address_syntax"},
		{550, "5.1.2", "no such domain", "domain_unknown"},
		{556, "", "refused", "null_mx"},
		{551, "", "551", "moved"},
		{550, "", "account has been disabled", "mailbox_disabled"},
		{550, "", "address is on our suppression list",
		 "esp_suppressed"},
		{552, "", "over quota", "mailbox_full"},
		{450, "", "not now", "mailbox_unavailable"},
		{550, "", "blocked by the recipient", "recipient_refused"},
		{550, "", "this is a closed mailing list",
		 "recipient_restricted"},
		{450, "", "is receiving mail too quickly",
		 "rate_limited_recipient"},
		{451, "", "not now", "system_error"},
		{452, "", "no space left on device", "system_full"},
		{421, "", "not now", "host_busy"},
		{0, "", "connection timed out", "network_error"},
		{0, "", "temporary lookup failure", "dns_failure"},
		{554, "", "too many hops", "loop"},
		{0, "4.4.7", "not delivered", "expired"},
		{0, "", "mailer error", "local_delivery"},
		{550, "", "no", "unknown_permanent"},
		{0, "4.0.0", "no", "unknown_transient"},
		{550, "", "too many messages", "rate_limited_sender"},
		{554, "", "poor reputation", "reputation"},
		{554, "", "client host rejected", "ip_blocked"},
		{550, "", "failed dmarc", "auth_failure"},
		{550, "", "no reverse dns", "rdns"},
		{550, "", "rejected as spam", "spam_content"},
		{550, "", "prohibited content", "content_rejected"},
		{550, "", "virus found", "virus_or_attachment"},
		{552, "", "message too large", "message_too_big"},
		{550, "", "denied by policy", "policy"},
		{550, "", "sender address rejected", "sender_rejected"},
		{550, "", "relay access denied", "relay_denied"},
		{530, "", "must issue a starttls", "tls_required"},
		{530, "", "authentication required", "auth_required"},
		{500, "", "no", "protocol"},
		{550, "", "bare lf in the data", "rfc_noncompliant"},
		{452, "", "too many recipients", "too_many_recipients"},
		{550, "", "smtputf8 is not offered", "eai_unsupported"},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_str_eq(
			reason_for(rows[i].reply, rows[i].code, rows[i].text),
			rows[i].reason);
}
END_TEST

/* ---- Operators' files ---- */

static char folder[] = "/tmp/test_verdict_rules.XXXXXX";

static void make_folder(void)
{
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void file_path(char path[128], const char *name)
{
	snprintf(path, 128, "%s/%s", folder, name);
}

static void write_rules(const char *name, const char *text)
{
	struct error err = {0};
	char path[128];

	file_path(path, name);
	ck_assert_msg(fdio_replace_file(path, 0600, text, strlen(text), &err) ==
			      0,
		      "%s", err.text);
}

static void remove_folder(void)
{
	static const char *const names[] = {"10-a.conf", "20-b.conf",
					    "notes.txt"};
	char path[128];
	size_t i;

	free_rules();
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		file_path(path, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static void load_folder(void)
{
	struct error err = {0};

	free_rules();
	rules = rules_load(folder, &err);
	ck_assert_msg(rules != NULL, "%s", err.text);
}

static void is_refused(const char *text, const char *place, const char *what)
{
	struct error err = {0};

	write_rules("10-a.conf", text);
	ck_assert_ptr_null(rules_load(folder, &err));
	ck_assert_int_eq(err.scope, ERROR_FATAL);
	ck_assert_msg(strstr(err.text, place) != NULL, "%s", err.text);
	ck_assert_msg(strstr(err.text, what) != NULL, "%s", err.text);
}

START_TEST(an_operators_rule_comes_first)
{
	struct error err = {0};

	write_rules("10-a.conf",
		    "\xef\xbb\xbf"
		    "ours: { text = \"user unknown\";\n"
		    "  reason = \"policy\";\n"
		    "  example = \"550 5.1.1 user unknown\"; };\n");
	load_folder();
	ck_assert_str_eq(reason_for(550, "5.1.1", "550 5.1.1 user unknown"),
			 "policy");
	ck_assert_str_eq(judgement.rule, "ours");
	ck_assert_msg(rules_check(rules, &err) == 0, "%s", err.text);
}
END_TEST

/* Of a reply without a basic code no rule of ours asks that. */
START_TEST(an_operators_claim_needs_no_code)
{
	ck_assert_str_eq(reason_for(0, "", "no such person here"),
			 "unknown_permanent");
	write_rules("10-a.conf",
		    "ours: { claim = \"gone\"; reason = \"policy\";\n"
		    "  example = \"no such person here\"; };\n"
		    "wide: { reply = \"200-299\"; reason = \"loop\";\n"
		    "  example = \"200 odd\"; };\n");
	load_folder();
	ck_assert_str_eq(reason_for(0, "", "no such person here"), "policy");
	ck_assert_str_eq(judgement.rule, "ours");
}
END_TEST

START_TEST(an_operators_code_beats_our_words)
{
	write_rules("10-a.conf",
		    "ours: { code = \"5.9.1\"; remote = \"example.com\";\n"
		    "  reason = \"mailbox_full\";\n"
		    "  example = \"550 5.9.1 no\"; };\n");
	load_folder();
	ck_assert_str_eq(reason_for(550, "5.9.1", "550 5.9.1 virus found"),
			 "mailbox_full");
}
END_TEST

START_TEST(a_rule_of_a_host_looks_at_the_domain_where_no_host_is_named)
{
	struct fact f = failed(0, "", "odd words");

	write_rules("10-a.conf",
		    "ours: { text = \"odd words\"; remote = \"example.com\";\n"
		    "  reason = \"mailbox_full\";\n"
		    "  example = \"550 odd words\"; };");
	load_folder();
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
	f.address = "user@example.net";
	ck_assert_str_ne(reason_of(&f), "mailbox_full");
	f.remote = "mx.example.com (192.0.2.1, port 25)";
	ck_assert_str_eq(reason_of(&f), "mailbox_full");
}
END_TEST

START_TEST(what_decided_is_told_as_far_as_there_is_room)
{
	char text[400];

	write_rules("10-a.conf", "ours: { text = \"odd*and*words\";\n"
				 "  reason = \"mailbox_full\";\n"
				 "  example = \"550 odd and words\"; };");
	load_folder();
	snprintf(text, sizeof(text), "550 odd %0150d and %0150d words", 1, 2);
	ck_assert_str_eq(reason_for(550, "", text), "mailbox_full");
	ck_assert_uint_eq(strlen(judgement.words), JUDGEMENT_WORDS_BYTES - 1);
}
END_TEST

START_TEST(words_and_a_link_must_both_be_there)
{
	write_rules("10-a.conf",
		    "ours: { text = \"odd words\"; link = \"help.example\";\n"
		    "  reason = \"mailbox_full\";\n"
		    "  example = \"550 odd words: http://help.example/1\"; };");
	load_folder();
	ck_assert_str_eq(
		reason_for(550, "", "550 odd words: http://help.example/2"),
		"mailbox_full");
	ck_assert_str_eq(
		reason_for(550, "", "550 odd words: http://other.example/2"),
		"unknown_permanent");
	ck_assert_str_eq(reason_for(550, "", "550 http://help.example/2"),
			 "unknown_permanent");
}
END_TEST

static void add_line(void *ctx, const char *key, struct span value)
{
	buf_addf(ctx, "%s %.*s\n", key, (int)value.n, value.p);
}

START_TEST(a_rule_is_told_condition_by_condition)
{
	struct buf told;

	write_rules(
		"10-a.conf",
		"ours: { text = [\"No Such\", \"gone\"];\n"
		"  unless = \"later\"; remote = \"mx.example.com\";\n"
		"  code = [\"5.1.1\", \"*.2.2\", \"5.6.*\", \"5.7.606-649\"];\n"
		"  reply = [\"550\", \"521-523\", \"5xx\"]; exit = [\"67\", \"68\"];\n"
		"  stage = [\"rcpt\", \"data\", \"unknown\"]; reason = \"policy\";\n"
		"  speaker = \"local\"; bare = true;\n"
		"  source = \"our own\"; example = \"550 gone\"; };\n");
	load_folder();
	buf_init(&told);
	rules_describe(rules, rules_find(rules, SPAN("ours")), add_line, &told);
	ck_assert_str_eq(told.data, "text no such\ntext gone\nunless later\n"
				    "remote mx.example.com\n"
				    "code 5.1.1\ncode *.2.2\n"
				    "code 5.6.*\n"
				    "code 5.7.606-649\n"
				    "reply 550\nreply 521-523\nreply 5xx\n"
				    "exit 67\nexit 68\n"
				    "stage unknown\nstage rcpt\nstage data\n"
				    "speaker local\nbare true\n"
				    "example 550 gone\nsource our own\n");
	buf_release(&told);
}
END_TEST

START_TEST(files_are_asked_in_order_of_name)
{
	write_rules("20-b.conf",
		    "second: { text = \"odd words\"; reason = \"policy\";"
		    " example = \"550 odd words\"; };");
	write_rules("10-a.conf",
		    "first: { text = \"odd words\"; reason = \"loop\";"
		    " example = \"550 odd words\"; };");
	write_rules("notes.txt", "not a rule file");
	load_folder();
	ck_assert_str_eq(reason_for(550, "", "550 odd words"), "loop");
}
END_TEST

START_TEST(a_rule_of_the_same_name_replaces_ours)
{
	write_rules("10-a.conf",
		    "reply-551: { reply = \"551\"; reason = \"policy\";"
		    " example = \"551 no\"; };");
	load_folder();
	ck_assert_str_eq(reason_for(551, "", "551 no"), "policy");
}
END_TEST

START_TEST(no_rule_turns_a_success_or_delay_into_a_failure)
{
	struct fact f = failed(250, "2.0.0", "250 2.0.0 odd words");

	write_rules("10-a.conf", "ours: { text = \"odd words\";\n"
				 "  reason = \"user_unknown\";\n"
				 "  example = \"550 odd words\"; };\n");
	load_folder();
	f.action = ACTION_DELIVERED;
	ck_assert_str_eq(reason_of(&f), "delivered");
	f.action = ACTION_DELAYED;
	ck_assert_str_eq(reason_of(&f), "delayed");
	f.action = ACTION_FAILED;
	ck_assert_str_eq(reason_of(&f), "unknown");
}
END_TEST

START_TEST(the_hash_tells_rule_sets_apart)
{
	char before[65];

	snprintf(before, sizeof(before), "%s", rules_hash(rules));
	load_folder();
	ck_assert_str_eq(rules_hash(rules), before);
	write_rules("10-a.conf",
		    "ours: { text = \"odd words\"; reason = \"loop\";"
		    " example = \"550 odd words\"; };");
	load_folder();
	ck_assert_str_ne(rules_hash(rules), before);
}
END_TEST

START_TEST(a_bad_file_names_its_place)
{
	is_refused("a: { text = \"odd words\";\n reason = ; };", "10-a.conf:2",
		   "syntax error: \";\" stands where a text in quotes");
	is_refused("\na: { text = \"odd words\"; reason = \"policy\"; };",
		   "10-a.conf:2: ", ": rule a: example is missing");
	is_refused("a: { text = \"odd\"; example = \"550 odd\"; };",
		   "10-a.conf:1: rule a", "reason is missing");
	is_refused("a: { text = \"odd\"; reason = \"bad luck\";"
		   " example = \"550 odd\"; };",
		   "rule a", "no such reason");
	is_refused("a: { txet = \"odd\"; };", "rule a", "txet: no such key");
	is_refused("a: { text = \"od\"; };", "rule a", "three bytes");
	is_refused("a: { text = \"*od*words\"; };", "rule a", "three bytes");
	is_refused("a: { text = [\"odd\", \" \"]; };", "rule a", "three bytes");
	is_refused("a: { text = [ 5 ]; };", "rule a", "text");
	is_refused("a: { code = \"5.1\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"x.1.1\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"6.1.1\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"1.1.1\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"3.1.1\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"4-5.1.1\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"5.1.1.1\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"5.7.6-a\"; };", "rule a", "enhanced codes");
	is_refused("a: { code = \"5.7.9-6\"; };", "rule a", "enhanced codes");
	is_refused("a: { reply = \"5x\"; };", "rule a", "basic codes");
	is_refused("a: { reply = \"199\"; };", "rule a", "basic codes");
	is_refused("a: { reply = \"600\"; };", "rule a", "basic codes");
	is_refused("a: { reply = \"560-550\"; };", "rule a", "basic codes");
	is_refused("a: { exit = \"256\"; };", "rule a", "exit status");
	is_refused("a: { stage = \"lunch\"; };", "rule a", "stages are");
	is_refused("a: { speaker = \"me\"; };", "rule a", "remote");
	is_refused("a: { weak = 1; };", "rule a", "true or false");
	is_refused("source = 5;\na: { text = \"odd\"; reason = \"loop\";"
		   " example = \"550 odd\"; };",
		   "rule a", "source");
	is_refused("\n  @include \"b.conf\"\n", "10-a.conf:2", "@include");
	is_refused("a = 5;", "rule a", "NAME: { ... }");
	is_refused("a: { reason = \"loop\"; example = \"550 no\"; };", "rule a",
		   "one of text");
	is_refused("a: { text = \"odd\"; reason = \"delivered\";"
		   " example = \"550 odd\"; };",
		   "rule a", "no failure");
}
END_TEST

START_TEST(a_name_is_taken_once)
{
	write_rules("20-b.conf", "a: { text = \"odd\"; reason = \"loop\";"
				 " example = \"550 odd\"; };");
	is_refused("a: { text = \"odd\"; reason = \"loop\";"
		   " example = \"550 odd\"; };",
		   "20-b.conf:1: rule a", "taken");
}
END_TEST

START_TEST(an_example_that_another_rule_decides_is_found)
{
	struct error err = {0};

	write_rules("10-a.conf", "a: { text = \"odd words\"; reason = \"loop\";"
				 " example = \"550 other words\"; };");
	load_folder();
	ck_assert_int_eq(rules_check(rules, &err), -1);
	ck_assert_msg(strstr(err.text, "10-a.conf:1: rule a") != NULL, "%s",
		      err.text);
	write_rules("10-a.conf",
		    "b: { text = \"even words\"; reason = \"loop\";"
		    " example = \"550 even words\"; };\n"
		    "a: { text = \"odd words\"; reason = \"loop\";"
		    " example = \"550 other words\"; };");
	load_folder();
	ck_assert_int_eq(rules_check(rules, &err), -1);
	ck_assert_msg(strstr(err.text, "10-a.conf:2: rule a") != NULL, "%s",
		      err.text);
}
END_TEST

START_TEST(names_are_found_again)
{
	int i;

	for (i = 0; i < REASON_COUNT; i++)
		ck_assert_int_eq(
			reason_find(span_of(reason_info((enum reason)i)->name)),
			i);
	for (i = 0; i < VERDICT_CLASS_COUNT; i++)
		ck_assert_int_eq(verdict_class_find(span_of(verdict_class_name(
					 (enum verdict_class)i))),
				 i);
	for (i = 0; i < VERDICT_EFFECT_COUNT; i++)
		ck_assert_int_eq(
			verdict_effect_find(span_of(
				verdict_effect_name((enum verdict_effect)i))),
			i);
	ck_assert_int_eq(reason_find(SPAN("bad luck")), -1);
	ck_assert_int_eq(verdict_class_find(SPAN("bad luck")), -1);
	ck_assert_int_eq(verdict_effect_find(SPAN("")), -1);
}
END_TEST

int main(void)
{
	const TTest *const ours[] = {
		every_example_is_decided_by_its_rule,
		what_hosts_append_changes_nothing,
		every_registered_code_has_its_reason,
		every_reason_of_a_failure_can_come_out,
		names_are_found_again,
	};
	const TTest *const theirs[] = {
		an_operators_rule_comes_first,
		an_operators_claim_needs_no_code,
		an_operators_code_beats_our_words,
		a_rule_of_a_host_looks_at_the_domain_where_no_host_is_named,
		what_decided_is_told_as_far_as_there_is_room,
		words_and_a_link_must_both_be_there,
		a_rule_is_told_condition_by_condition,
		files_are_asked_in_order_of_name,
		a_rule_of_the_same_name_replaces_ours,
		no_rule_turns_a_success_or_delay_into_a_failure,
		the_hash_tells_rule_sets_apart,
		a_bad_file_names_its_place,
		a_name_is_taken_once,
		an_example_that_another_rule_decides_is_found,
	};
	Suite *suite = suite_create("verdict_rules");
	TCase *tc = tcase_create("compiled in");
	size_t i;

	tcase_add_checked_fixture(tc, load_rules, free_rules);
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		tcase_add_test(tc, ours[i]);
	suite_add_tcase(suite, tc);
	tc = tcase_create("operators");
	tcase_add_checked_fixture(tc, make_folder, remove_folder);
	tcase_add_checked_fixture(tc, load_rules, NULL);
	for (i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
		tcase_add_test(tc, theirs[i]);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
