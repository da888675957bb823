#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "config/config.h"
#include "config/key.h"
#include "run.h"
#include "util/fdio.h"

/* A folder of our own with files in it, and what was said about them. */
static char folder[64];
static struct error err;

static void make_folder(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/dsnd-config.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void drop_folder(void)
{
	const char *const names[] = {"dsnd.conf", "more.conf", "keys", "sub"};
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)remove(path);
	}
	ck_assert_int_eq(rmdir(folder), 0);
}

static const char *file_path(const char *name, char path[128])
{
	(void)snprintf(path, 128, "%s/%s", folder, name);
	return path;
}

static void put(const char *name, mode_t mode, const char *text, size_t n)
{
	char path[128];

	ck_assert_int_eq(
		fdio_replace_file(file_path(name, path), mode, text, n, &err),
		0);
}

static struct config *load(const char *text)
{
	char path[128];

	put("dsnd.conf", 0644, text, strlen(text));
	return config_load(file_path("dsnd.conf", path), &err);
}

#define BOX                                                                    \
	"mailboxes = ( { name = \"b\"; type = \"maildir\"; path = \"/b\"; } "  \
	");\n"

/* The file is refused with this text, which follows its folder. */
static void refused(const char *text, const char *expected)
{
	struct config *c;

	make_folder();
	c = load(text);
	ck_assert_msg(c == NULL, "taken: %s", text);
	ck_assert_int_eq(err.scope, ERROR_FATAL);
	ck_assert_msg(strncmp(err.text, folder, strlen(folder)) == 0, "%s",
		      err.text);
	ck_assert_str_eq(err.text + strlen(folder) + 1, expected);
	drop_folder();
}

static struct config *taken(const char *text)
{
	struct config *c;

	make_folder();
	c = load(text);
	ck_assert_msg(c != NULL, "%s", err.text);
	drop_folder();
	return c;
}

START_TEST(a_mailbox_is_all_that_a_file_needs)
{
	struct config *c = taken(BOX);

	ck_assert_uint_eq(c->mailbox_count, 1);
	ck_assert_str_eq(c->mailboxes[0].path, "/b");
	ck_assert_int_eq(c->mailboxes[0].poll_s, 60);
	ck_assert_str_eq(c->database, "/var/lib/dsnd/dsnd.db");
	ck_assert_uint_eq(c->policy.soft.threshold, 3);
	ck_assert_uint_eq(c->daemon.batch_messages, 100);
	config_free(c);
	config_free(NULL);
}
END_TEST

START_TEST(a_byte_order_mark_is_no_part_of_a_file)
{
	config_free(taken("\xef\xbb\xbf" BOX));
	refused("\xef\xbb\xbf"
		"database = 1;",
		"dsnd.conf:1: database: a number without quotes does not "
		"belong here; allowed is an absolute path in quotes");
}
END_TEST

START_TEST(values_arrive_in_the_units_of_their_rooms)
{
	struct config *c = taken(
		BOX
		"log_level = \"debug\";\n"
		"policy = { mode = \"observe\"; breaker = { within = \"2d\"; };"
		" soft = { threshold = 5; expiry = [ \"1d\", \"never\" ]; };\n"
		" forwarded_hard = \"none\"; };\n"
		"trust = { verify = \"require\"; token_life = \"2w\"; };\n"
		"parser = { deadline = \"7s\"; memory = \"1GB\"; };\n"
		"report = { max_depth = 0x10; max_read = \"64kB\"; };\n"
		"retention = { history = \"never\"; };");

	ck_assert_int_eq(c->log_level, LOG_LEVEL_DEBUG);
	ck_assert_int_eq(c->policy.mode, POLICY_OBSERVE);
	ck_assert_int_eq(c->policy.breaker.hours, 48);
	ck_assert_uint_eq(c->policy.soft.threshold, 5);
	ck_assert_uint_eq(c->policy.soft.expiry_count, 2);
	ck_assert_int_eq(c->policy.soft.expiry_s[0], 86400);
	ck_assert_int_eq(c->policy.soft.expiry_s[1], EXPIRY_NEVER);
	ck_assert_int_eq(c->policy.forwarded_hard, EFFECT_NONE);
	ck_assert_int_eq(c->policy.trust.verify, VERIFY_REQUIRE);
	ck_assert_int_eq(c->policy.trust.token_days, 14);
	ck_assert_int_eq(c->parser.message_ms, 7000);
	ck_assert_uint_eq(c->parser.memory_bytes, 1024UL * 1024 * 1024);
	ck_assert_uint_eq(c->parser.report.max_depth, 16);
	ck_assert_uint_eq(c->parser.report.max_bytes, 65536);
	ck_assert_int_eq(c->retention.history_s, EXPIRY_NEVER);
	config_free(c);
}
END_TEST

START_TEST(a_mailbox_has_its_own_settings)
{
	struct config *c = taken(
		"mailboxes = ( { name = \"a\"; type = \"maildir\";\n"
		" path = \"/a\"; processed = \"move:.Done\";\n"
		" unrecognised = \"delete\"; poll = \"5m\"; trusted = true;\n"
		" max_message = \"1MB\"; stream = \"news\"; },\n"
		" { name = \"b\"; type = \"maildir\"; path = \"/b\";\n"
		" processed = \"keep\"; } );");
	const struct mailbox_settings *a = &c->mailboxes[0];

	ck_assert_uint_eq(c->mailbox_count, 2);
	ck_assert_int_eq(a->processed.disposal, DISPOSAL_MOVE);
	ck_assert_str_eq(a->processed.folder, ".Done");
	ck_assert_int_eq(a->unrecognised.disposal, DISPOSAL_DELETE);
	ck_assert_str_eq(a->unrecognised.folder, "");
	ck_assert_int_eq(a->poll_s, 300);
	ck_assert(a->trusted);
	ck_assert_uint_eq(a->max_message_bytes, 1024 * 1024);
	ck_assert_str_eq(a->stream, "news");
	ck_assert_int_eq(c->mailboxes[1].processed.disposal, DISPOSAL_KEEP);
	ck_assert(!c->mailboxes[1].trusted);
	config_free(c);
}
END_TEST

START_TEST(reasons_can_be_judged_otherwise)
{
	struct config *c = taken(
		BOX
		"policy = { reasons = { mailbox_full = { effect = \"none\"; };"
		" user_unknown = { expiry = \"1y\"; };"
		" complaint = { expiry = \"never\"; };"
		" moved = { effect = \"count\"; expiry = \"steps\"; }; }; };");
	const struct policy_settings *p = &c->policy;

	ck_assert_int_eq(p->effect[REASON_MAILBOX_FULL], EFFECT_NONE);
	ck_assert_int_eq(p->effect[REASON_USER_UNKNOWN], EFFECT_SUPPRESS);
	ck_assert_int_eq(p->expiry_s[REASON_USER_UNKNOWN], 31536000);
	ck_assert_int_eq(p->expiry_s[REASON_COMPLAINT], EXPIRY_NEVER);
	ck_assert_int_eq(p->effect[REASON_MOVED], EFFECT_COUNT);
	ck_assert_int_eq(p->expiry_s[REASON_MOVED], EXPIRY_STEPS);
	ck_assert_int_eq(p->effect[REASON_REPUTATION], EFFECT_NONE);
	config_free(c);
}
END_TEST

START_TEST(lists_of_trust_are_checked_and_folded)
{
	struct config *c = taken(
		BOX "trust = { our_domains = [ \"Bücher.Example\", "
		    "\"example.ORG\" ];\n"
		    " trusted_networks = ( \"192.0.2.0/24\", "
		    "\"2001:db8::/32\", \"192.0.2.1\" );\n"
		    " trusted_reporters = [];\n"
		    " dkim_keys = ( { domain = \"Example.org\"; selector = "
		    "\"s1\";\n public_key = "
		    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"; } ); "
		    "};");
	const struct trust_settings *t = &c->policy.trust;

	ck_assert_str_eq(t->our_domains[0], "xn--bcher-kva.example");
	ck_assert_str_eq(t->our_domains[1], "example.org");
	ck_assert_ptr_null(t->our_domains[2]);
	ck_assert_str_eq(t->trusted_networks[1], "2001:db8::/32");
	ck_assert_ptr_null(t->trusted_reporters[0]);
	ck_assert_uint_eq(t->dkim_key_count, 1);
	ck_assert_str_eq(t->dkim_keys[0].domain, "example.org");
	ck_assert_str_eq(t->dkim_keys[0].type, "rsa");
	config_free(c);
}
END_TEST

START_TEST(unknown_keys_are_refused_with_those_that_are_known)
{
	refused(BOX "\nretention = { histroy = \"1d\"; };",
		"dsnd.conf:3: retention.histroy: is no known key; allowed is "
		"history, quarantine");
	refused(BOX "polici = { };",
		"dsnd.conf:2: polici: is no known key; allowed is database, "
		"rules_dir, user, log_level, log, metrics_file, mailboxes, policy, "
		"trust, report, parser, daemon, changes, "
		"retention");
	refused("mailboxes = ( { name = \"b\"; type = \"maildir\";\n"
		"pahth = \"/b\"; } );",
		"dsnd.conf:2: mailboxes[0].pahth: is no known key; allowed is "
		"name, type, path, format, processed, unrecognised, poll, "
		"max_message, skip_large, stream, trusted, host, port, tls, ca_file, "
		"tls_fingerprint, user, auth, password_file, "
		"password_command, token_file, token_command, folder, folders, "
		"idle, idle_renew, timeout");
}
END_TEST

START_TEST(values_of_another_type_are_refused)
{
	refused(BOX "policy = { soft = { threshold = \"3\"; }; };",
		"dsnd.conf:2: policy.soft.threshold: text in quotes does not "
		"belong here; allowed is a whole number from 1 to 100");
	refused(BOX "policy = { soft = { threshold = 3.5; }; };",
		"dsnd.conf:2: policy.soft.threshold: a fraction does not "
		"belong here; allowed is a whole number from 1 to 100");
	refused(BOX "database = 5;",
		"dsnd.conf:2: database: a number without quotes does not "
		"belong here; allowed is an absolute path in quotes");
	refused(BOX "policy = [ 1 ];",
		"dsnd.conf:2: policy: has another type than it needs; allowed "
		"is a group of keys: { key = value; }");
	refused("mailboxes = { };",
		"dsnd.conf:1: mailboxes: has another type than it needs; "
		"allowed is a list of groups: ( { ... }, { ... } )");
	refused("mailboxes = ( \"b\" );",
		"dsnd.conf:1: mailboxes[0]: has another type than it needs; "
		"allowed is a group of keys: { key = value; }");
	refused(BOX "trust = { our_domains = \"example.org\"; };",
		"dsnd.conf:2: trust.our_domains: text in quotes does not "
		"belong here; allowed is a list [ ..., ... ] of these: a host "
		"or domain name in quotes, such as \"example.com\"");
}
END_TEST

START_TEST(durations_and_sizes_need_a_unit_and_a_range)
{
	refused(BOX "policy = { soft = {\n\nwindow = \"90\"; }; };",
		"dsnd.conf:4: policy.soft.window: \"90\" cannot be used; "
		"allowed is a duration with its unit, such as \"90s\", \"5m\", "
		"\"72h\" or \"30d\", from \"1h\" to \"3650d\"");
	refused(BOX "policy = { soft = { window = \"5s\"; }; };",
		"dsnd.conf:2: policy.soft.window: 5s is out of range; allowed "
		"is a duration with its unit, such as \"90s\", \"5m\", "
		"\"72h\" or \"30d\", from \"1h\" to \"3650d\"");
	refused(BOX "policy = { soft = { window = \"never\"; }; };",
		"dsnd.conf:2: policy.soft.window: never is out of range; "
		"allowed is a duration with its unit, such as \"90s\", \"5m\", "
		"\"72h\" or \"30d\", from \"1h\" to \"3650d\"");
	refused(BOX "policy = { breaker = { within = \"90m\"; }; };",
		"dsnd.conf:2: policy.breaker.within: \"90m\" cannot be used; "
		"allowed is a duration with its unit, such as \"90s\", \"5m\", "
		"\"72h\" or \"30d\", in whole hours, from \"1h\" to \"30d\"");
	refused(BOX "parser = { memory = \"536870912\"; };",
		"dsnd.conf:2: parser.memory: \"536870912\" cannot be used; "
		"allowed is a size with its unit, such as \"64kB\", \"4MB\" or "
		"\"1GB\", from \"64MB\" to \"64GB\"");
	refused(BOX "policy = { soft = { expiry = [ ]; }; };",
		"dsnd.conf:2: policy.soft.expiry: 0 elements; there may be 1 "
		"to 8; allowed is a list [ ..., ... ] of these: a duration "
		"with its unit, such as \"90s\", \"5m\", \"72h\" or \"30d\", "
		"from \"1m\" to \"3650d\", or \"never\"");
}
END_TEST

START_TEST(numbers_that_libconfig_would_wrap_are_refused)
{
	static const char allowed[] =
		" is out of range; allowed is a whole number from 1 to 100";
	static const char *const numbers[] = {
		"4294967299",	      "0x100000003",
		"4294967299L",	      "18446744073709551619",
		"-4294967293",	      "99999999999999999999999999",
		"0xfffffffffffffff3",
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char text[512], expected[512];

		(void)snprintf(text, sizeof(text),
			       "%s# 4294967299 and \"\n/* 4294967299\n */\n"
			       "user = \"x\\\"4294967299\";\n"
			       "policy = { soft = { threshold\n= %s; }; };",
			       BOX, numbers[i]);
		(void)snprintf(expected, sizeof(expected),
			       "dsnd.conf:7: policy.soft.threshold: %s%s",
			       numbers[i], allowed);
		refused(text, expected);
	}
	refused(BOX "policy = { soft = { threshold = 101; }; };",
		"dsnd.conf:2: policy.soft.threshold: 101 is out of range; "
		"allowed is a whole number from 1 to 100");
	refused(BOX "policy = { soft = { threshold = 0; }; };",
		"dsnd.conf:2: policy.soft.threshold: 0 is out of range; "
		"allowed is a whole number from 1 to 100");
}
END_TEST

START_TEST(texts_are_checked_for_what_they_name)
{
	refused(BOX "log_level = \"loud\";",
		"dsnd.conf:2: log_level: \"loud\" cannot be used; allowed is "
		"one of \"error\", \"warning\", \"info\", \"debug\"");
	refused(BOX "database = \"dsnd.db\";",
		"dsnd.conf:2: database: \"dsnd.db\" cannot be used; allowed "
		"is an absolute path in quotes");
	refused(BOX "trust = { trusted_networks = [ \"192.0.2.0/33\" ]; };",
		"dsnd.conf:2: trust.trusted_networks: \"192.0.2.0/33\" cannot "
		"be used; allowed is a list [ ..., ... ] of these: a network "
		"in quotes, such as \"192.0.2.0/24\" or \"2001:db8::/32\"");
	refused(BOX "trust = { bounce_domain = \"not a domain\"; };",
		"dsnd.conf:2: trust.bounce_domain: \"not a domain\" cannot be "
		"used; allowed is a host or domain name in quotes, such as "
		"\"example.com\", or \"\" for none");
	refused(BOX "report = { stream_header = \"X-Stream:\"; };",
		"dsnd.conf:2: report.stream_header: \"X-Stream:\" cannot be "
		"used; allowed is the name of a header field in quotes, such "
		"as \"X-Campaign\", or \"\" for none");
	refused("mailboxes = ( { name = \"b\"; type = \"maildir\";\n"
		"path = \"/b\"; processed = \"move:../x\"; } );",
		"dsnd.conf:2: mailboxes[0].processed: \"move:../x\" cannot be "
		"used; allowed is \"move:FOLDER\", \"delete\" or \"keep\"");
	refused(BOX "user = \"a\\x1b[2J\";",
		"dsnd.conf:2: user: \"a?[2J\" cannot be used; allowed is a "
		"name in quotes of 0 to 32 letters, digits, \"-\", \"_\" and "
		"\".\"");
}
END_TEST

START_TEST(mailboxes_are_complete_and_differ)
{
	refused("", "dsnd.conf:1: mailboxes: is missing; allowed is a list of "
		    "groups: ( { ... }, { ... } ), or () where only dsnctl "
		    "ingest takes mail");
	refused("mailboxes = ( {\n type = \"maildir\"; path = \"/b\"; } );",
		"dsnd.conf:1: mailboxes[0]: name is missing; allowed is a name "
		"in quotes of 1 to 64 letters, digits, \"-\", \"_\" and "
		"\".\"");
	refused("mailboxes = ( { name = \"b\"; type = \"maildir\"; } );",
		"dsnd.conf:1: mailboxes[0]: path is missing; allowed is an "
		"absolute path in quotes");
	refused("mailboxes = ( { name = \"b\"; } );",
		"dsnd.conf:1: mailboxes[0]: type is missing; allowed is the "
		"type of a mailbox, such as \"maildir\"");
	refused("mailboxes = (\n"
		"{ name = \"b\"; type = \"maildir\"; path = \"/a\"; },\n"
		"{ name = \"b\"; type = \"maildir\"; path = \"/b\"; } );",
		"dsnd.conf:3: mailboxes[1]: name \"b\" is that of "
		"mailboxes[0]; allowed is a name of its own");
	refused("mailboxes = (\n"
		"{ name = \"a\"; type = \"maildir\"; path = \"/x/y\"; },\n"
		"{ name = \"b\"; type = \"maildir\"; path = \"/x//y/\"; } );",
		"dsnd.conf:3: mailboxes[1]: path \"/x//y/\" is that of "
		"mailboxes[0]; allowed is a folder of its own");
}
END_TEST

START_TEST(every_type_that_has_keys_has_a_driver)
{
	size_t count;
	size_t typed = 0;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		struct span types = span_of(keys[i].mailbox_types), word;

		while (span_next_word(&types, &word)) {
			char type[16];

			(void)snprintf(type, sizeof(type), "%.*s", (int)word.n,
				       word.p);
			ck_assert_ptr_nonnull(mailbox_driver_find(type));
			typed++;
		}
	}
	ck_assert_uint_gt(typed, 1);
}
END_TEST

START_TEST(a_type_without_a_driver_and_its_keys_are_refused)
{
	ck_assert_ptr_null(mailbox_driver_find("nntp"));
	refused("mailboxes = ( { name = \"b\";\ntype = \"nntp\"; } );",
		"dsnd.conf:2: mailboxes[0]: type: this build has no driver for "
		"mailboxes of type \"nntp\"; allowed is \"maildir\", "
		"\"imap\", \"pop3\" or \"spool\"");
	refused("mailboxes = ( { name = \"b\"; type = \"maildir\";\n"
		"path = \"/b\";\nport = 993; } );",
		"dsnd.conf:3: mailboxes[0]: port is for mailboxes of type "
		"\"imap\" or \"pop3\" only");
}
END_TEST

#define IMAP                                                                    \
	"mailboxes = ( { name = \"b\"; type = \"imap\"; host = \"h.example\"; " \
	"user = \"u\";\n"

START_TEST(a_mailbox_is_logged_in_to_in_exactly_one_way)
{
	refused(IMAP "} );",
		"dsnd.conf:1: mailboxes[0]: there is nothing to log in with; "
		"allowed is exactly one of password_file, password_command, "
		"token_file and token_command");
	refused(IMAP "password_file = \"/p\"; token_file = \"/t\"; } );",
		"dsnd.conf:1: mailboxes[0]: there are several ways to log in "
		"with; allowed is exactly one of password_file, "
		"password_command, token_file and token_command");
	refused(IMAP "password_command = [ \"pass\", \"show\" ]; } );",
		"dsnd.conf:1: mailboxes[0]: the command is no program; allowed "
		"is [ \"/absolute/path\", \"argument\" ]");
	refused(IMAP "password_file = \"/p\"; auth = \"xoauth2\"; } );",
		"dsnd.conf:1: mailboxes[0]: auth: \"xoauth2\" takes no "
		"password; allowed is \"auto\" or one that takes a password");
	refused(IMAP "token_file = \"/t\"; auth = \"plain\"; } );",
		"dsnd.conf:1: mailboxes[0]: auth: \"plain\" takes no token; "
		"allowed is \"auto\", \"oauthbearer\" or \"xoauth2\"");
	refused(IMAP "password_file = \"../p\"; } );",
		"dsnd.conf:2: mailboxes[0].password_file: \"../p\" cannot be "
		"used; allowed is an absolute path in quotes, or the name of a "
		"credential of the service");
}
END_TEST

START_TEST(folders_and_fingerprints_are_checked)
{
	refused(IMAP "token_file = \"/t\"; folder = \"A\"; "
		     "folders = [ \"B\" ]; } );",
		"dsnd.conf:1: mailboxes[0]: folder and folders are both "
		"there; allowed is one of the two");
	refused(IMAP "token_file = \"/t\"; folders = [ \"A\", \"A\" ]; } );",
		"dsnd.conf:1: mailboxes[0]: folders: \"A\" is there twice; "
		"allowed is each of them once");
	refused(IMAP "token_file = \"/t\"; processed = \"move:inbox\"; } );",
		"dsnd.conf:1: mailboxes[0]: processed: folder \"inbox\" is one "
		"that is read; allowed is a folder that is not read");
	refused(IMAP "token_file = \"/t\"; folders = [ \"INBOX\", \"B\" ]; "
		     "unrecognised = \"move:.B\"; } );",
		"dsnd.conf:1: mailboxes[0]: unrecognised: folder \".B\" is one "
		"that is read; allowed is a folder that is not read");
	refused(IMAP "token_file = \"/t\"; tls_fingerprint = \"sha256:00\"; "
		     "} );",
		"dsnd.conf:2: mailboxes[0].tls_fingerprint: \"sha256:00\" "
		"cannot be used; allowed is \"sha256:\" and 64 hexadecimal "
		"digits, or \"\" for none");
}
END_TEST

START_TEST(only_failures_can_be_judged_otherwise)
{
	refused(BOX "policy = { reasons = {\n no_such = { }; }; };",
		"dsnd.conf:3: policy.reasons.no_such: is no such reason; "
		"allowed is a reason of dsnd-rules(5) that is a failure");
	refused(BOX "policy = { reasons = { delayed = { "
		    "effect = \"suppress\"; }; }; };",
		"dsnd.conf:2: policy.reasons.delayed: is no such reason; "
		"allowed is a reason of dsnd-rules(5) that is a failure");
	refused(BOX "policy = { reasons = { moved = { effect = \"reset\"; }; "
		    "}; };",
		"dsnd.conf:2: policy.reasons.moved.effect: \"reset\" cannot be "
		"used; allowed is one of \"none\", \"count\", \"suppress\"");
}
END_TEST

START_TEST(numbers_that_contradict_each_other_are_refused)
{
	refused(BOX "policy = { soft = { window = \"1d\"; }; };",
		"dsnd.conf:2: policy.soft.min_span: is longer than "
		"policy.soft.window, so that nothing would ever be promoted; "
		"allowed is up to the window");
	refused(BOX "daemon = {\nrestart_first = \"10m\"; };",
		"dsnd.conf:3: daemon.restart_first: is longer than "
		"daemon.restart_most; allowed is up to that");
}
END_TEST

START_TEST(what_the_parser_cannot_be_told_is_refused)
{
	struct buf text;

	refused("mailboxes = ( { name = \"b\"; type = \"maildir\";\n"
		"path = \"/b\"; max_message = \"65MB\"; } );",
		"dsnd.conf:2: mailboxes[0].max_message: 65MB is out of range; "
		"allowed is a size with its unit, such as \"64kB\", \"4MB\" "
		"or \"1GB\", from \"64kB\" to \"64MB\"");
	buf_init(&text);
	buf_add_str(&text, BOX "report = { campaign_headers = [ \"X-0\"");
	for (int i = 1; i < 65; i++)
		buf_addf(&text, ", \"X-%d\"", i);
	buf_add_str(&text, " ]; };");
	refused(text.data, "dsnd.conf:2: report.campaign_headers: there are "
			   "65; allowed is up to 64 of them");
	buf_release(&text);
	refused(BOX
		"report = { verp = [ \"bounces+{domain}@example.com\" ]; };",
		"dsnd.conf:2: report.verp: \"bounces+{domain}@example.com\" "
		"does not say where the recipient stands; allowed is "
		"\"bounces+{local}={domain}@example.com\"");
}
END_TEST

START_TEST(a_key_that_is_there_twice_is_named_with_both_lines)
{
	refused(BOX "user = \"a\";\n\nuser : \"b\";",
		"dsnd.conf:4: user: is there a second time; the first one is "
		"in line 2, take one of them out");
	refused(BOX "policy = { soft = { threshold = 2;\n window = \"1d\";\n"
		    "threshold = 3; }; };",
		"dsnd.conf:4: policy.soft.threshold: is there a second time; "
		"the first one is in line 2, take one of them out");
	refused(BOX "policy = { };\npolicy = { };",
		"dsnd.conf:3: policy: is there a second time; the first one is "
		"in line 2, take one of them out");
	make_folder();
	put("more.conf", 0644, "\nuser = \"b\";", 12);
	ck_assert_ptr_null(load("user = \"a\";\n@include \"more.conf\"\n" BOX));
	ck_assert_ptr_nonnull(strstr(err.text, "/more.conf:2: user: is there"));
	ck_assert_ptr_nonnull(strstr(err.text, "the first one is "));
	ck_assert_ptr_nonnull(strstr(err.text, "/dsnd.conf:1, take one"));
	drop_folder();
}
END_TEST

START_TEST(the_same_name_elsewhere_is_no_second_key)
{
	config_free(taken("# user = 1\nuser = \"a\"; policy = { "
			  "soft = { window = \"4d\"; }; "
			  "guard = { history = \"5d\"; }; "
			  "reasons = { mailbox_full = { expiry = \"1d\"; }; "
			  "greylisted = { expiry = \"2d\"; }; }; };"
			  "mailboxes = ( { name = \"b\"; type = \"maildir\"; "
			  "path = \"/path = 2\"; }, { name = \"c\"; "
			  "type = \"maildir\"; path = \"/c\"; } );"));
}
END_TEST

START_TEST(broken_files_are_refused)
{
	refused(BOX "\npolicy = { soft = ",
		"dsnd.conf:3: syntax error: the file ends where a text in "
		"quotes, a number, true, false or a bracket has to be");
	make_folder();
	ck_assert_ptr_null(config_load(folder, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "not a regular file"));
	put("dsnd.conf", 0644, "user = \"a\";\0", 13);
	{
		char path[128];

		ck_assert_ptr_null(
			config_load(file_path("dsnd.conf", path), &err));
	}
	ck_assert_ptr_nonnull(strstr(err.text, "there is a NUL byte in it"));
	drop_folder();
	ck_assert_ptr_null(config_load("/nonexistent/dsnd.conf", &err));
	ck_assert_str_eq(err.text, "/nonexistent/dsnd.conf: cannot open: No "
				   "such file or directory");
}
END_TEST

START_TEST(includes_are_relative_to_the_file_and_checked_like_it)
{
	static const char more[] = "policy = { soft = {\nthreshold = 7; }; };";
	static const char wraps[] = "\npolicy = { soft = {\nthreshold = "
				    "4294967299; }; };";
	static const char wrong[] = "\n\nusr = \"x\";";
	struct config *c;

	make_folder();
	put("more.conf", 0644, more, strlen(more));
	c = load(BOX "  @include \"more.conf\"\n");
	ck_assert_msg(c != NULL, "%s", err.text);
	ck_assert_uint_eq(c->policy.soft.threshold, 7);
	config_free(c);
	put("more.conf", 0644, wraps, strlen(wraps));
	ck_assert_ptr_null(load(BOX "@include \"more.conf\"\n"));
	ck_assert_str_eq(err.text + strlen(folder),
			 "/more.conf:3: policy.soft.threshold: 4294967299 is "
			 "out of range; allowed is a whole number from 1 to "
			 "100");
	put("more.conf", 0644, wrong, strlen(wrong));
	ck_assert_ptr_null(load(BOX "@include \"more.conf\"\n"));
	ck_assert_int_eq(strncmp(err.text + strlen(folder),
				 "/more.conf:3: usr: is no known key", 34),
			 0);
	drop_folder();
}
END_TEST

START_TEST(includes_that_cannot_be_read_are_refused)
{
	char path[128];

	make_folder();
	ck_assert_ptr_null(load(BOX "@include \"/etc/passwd\""));
	ck_assert_ptr_nonnull(strstr(err.text, "dsnd.conf:2: @include: "));
	ck_assert_ptr_nonnull(strstr(err.text, "\"/etc/passwd\" is not "
					       "relative to"));
	ck_assert_int_eq(mkdir(file_path("sub", path), 0700), 0);
	ck_assert_ptr_null(load("\n@include \"sub\"\n"));
	ck_assert_ptr_nonnull(strstr(err.text, "dsnd.conf:2: @include: "));
	ck_assert_ptr_nonnull(strstr(err.text, "/sub: not a regular file"));
	ck_assert_ptr_null(load("@include \"\"\n" BOX));
	ck_assert_ptr_nonnull(
		strstr(err.text, "dsnd.conf:1: @include: names no file"));
	ck_assert_ptr_null(load("@include \"more\\\".conf\"\n" BOX));
	ck_assert_ptr_nonnull(strstr(err.text, "without backslashes"));
	ck_assert_ptr_null(load("@include \"none.conf\""));
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	drop_folder();
}
END_TEST

START_TEST(includes_that_go_in_a_circle_are_refused_as_that)
{
	static const char back[] = "\n@include \"sub/../dsnd.conf\"\n";
	static const char thrice[] = "@include \"more.conf\"\n";
	char path[128];

	make_folder();
	/* Also where a key comes first, which would be there a second time. */
	ck_assert_ptr_null(load("user = \"a\";\n@include \"dsnd.conf\"\n"));
	ck_assert_ptr_nonnull(strstr(err.text, "dsnd.conf:2: @include: the "
					       "file includes itself"));
	ck_assert_int_eq(mkdir(file_path("sub", path), 0700), 0);
	put("more.conf", 0644, back, strlen(back));
	ck_assert_ptr_null(
		load("user = \"a\";\n\n@include \"more.conf\"\n" BOX));
	ck_assert_ptr_nonnull(strstr(err.text, "/more.conf:2: @include: files "
					       "include each other: "));
	ck_assert_ptr_nonnull(strstr(err.text, "dsnd.conf is what leads here"));
	put("more.conf", 0644, thrice, strlen(thrice));
	ck_assert_ptr_null(load(BOX "@include \"more.conf\""));
	ck_assert_ptr_nonnull(strstr(err.text, "/more.conf:1: @include: the "
					       "file includes itself"));
	drop_folder();
}
END_TEST

START_TEST(includes_may_be_ten_levels_deep)
{
	char name[32], text[128];
	struct config *c;

	make_folder();
	for (int i = 1; i <= 10; i++) {
		snprintf(name, sizeof name, "%d.conf", i);
		snprintf(text, sizeof text, "@include \"%d.conf\"\n", i + 1);
		put(name, 0644, text, i == 9 ? 0 : strlen(text));
	}
	c = load(BOX "@include \"1.conf\"\n@include \"9.conf\"\n");
	ck_assert_msg(c != NULL, "%s", err.text);
	config_free(c);
	put("9.conf", 0644, "@include \"10.conf\"\n", 19);
	put("11.conf", 0644, "", 0);
	ck_assert_ptr_null(load(BOX "@include \"1.conf\"\n"));
	ck_assert_ptr_nonnull(strstr(err.text, "too deep; allowed are 10"));
	for (int i = 1; i <= 11; i++) {
		snprintf(name, sizeof name, "%d.conf", i);
		ck_assert_int_eq(unlink(file_path(name, text)), 0);
	}
	drop_folder();
}
END_TEST

START_TEST(a_reload_changes_the_digest_of_what_it_changes)
{
	static const char two[] =
		"mailboxes = ( { name = \"a\"; type = \"maildir\";\n"
		" path = \"/a\"; poll = \"%s\"; }, { name = \"b\";\n"
		" type = \"maildir\"; path = \"/b\"; } );\n"
		"policy = { reasons = { moved = { effect = \"%s\"; }; }; };";
	static const char *const values[][2] = {
		{"1m", "suppress"}, {"5m", "suppress"}, {"1m", "count"}};
	uint8_t digests[3][2][HASH_SHA256_BYTES];

	for (size_t i = 0; i < 3; i++) {
		char text[400];
		struct config *c;

		(void)snprintf(text, sizeof(text), two, values[i][0],
			       values[i][1]);
		c = taken(text);
		for (size_t j = 0; j < 2; j++)
			config_mailbox_digest(c, j, digests[i][j]);
		config_free(c);
	}
	ck_assert_mem_ne(digests[0][0], digests[0][1], HASH_SHA256_BYTES);
	ck_assert_mem_ne(digests[0][0], digests[1][0], HASH_SHA256_BYTES);
	ck_assert_mem_eq(digests[0][1], digests[1][1], HASH_SHA256_BYTES);
	ck_assert_mem_ne(digests[0][1], digests[2][1], HASH_SHA256_BYTES);
}
END_TEST

/* Reads a key file with this content; the configuration, or NULL. */
static struct config *read_keys(const char *keys, mode_t mode)
{
	char text[512], path[128];
	struct config *c;

	make_folder();
	if (keys != NULL)
		put("keys", mode, keys, strlen(keys));
	(void)snprintf(text, sizeof(text),
		       BOX "trust = { token_key_file = \"%s\"; };",
		       file_path("keys", path));
	c = load(text);
	ck_assert_msg(c != NULL, "%s", err.text);
	ck_assert_uint_eq(c->policy.trust.key_count, 0);
	if (config_read_secrets(c, &err) < 0) {
		config_free(c);
		c = NULL;
	}
	drop_folder();
	return c;
}

#define SECRET "000102030405060708090a0b0c0d0eFF"

START_TEST(secrets_are_read_apart_from_the_rest)
{
	struct config *c = read_keys("# keys\n\na " SECRET "\n"
				     "7 " SECRET "00 2027-01-01\r\n",
				     0640);
	const struct trust_key *keys;

	ck_assert_msg(c != NULL, "%s", err.text);
	keys = c->policy.trust.keys;
	ck_assert_uint_eq(c->policy.trust.key_count, 2);
	ck_assert_int_eq(keys[0].id, 'a');
	ck_assert_uint_eq(keys[0].secret.n, 16);
	ck_assert_mem_eq(keys[0].secret.p, "\0\1\2\3\4\5\6\7", 8);
	ck_assert_int_eq((unsigned char)keys[0].secret.p[15], 0xff);
	ck_assert_int_eq(keys[0].not_after_s, 0);
	ck_assert_int_eq(keys[1].id, '7');
	ck_assert_int_eq(keys[1].not_after_s, 1798761600);
	config_free(c);
	c = taken(BOX);
	ck_assert_int_eq(config_read_secrets(c, &err), 0);
	config_free(c);
}
END_TEST

START_TEST(secrets_that_others_can_read_are_refused)
{
	ck_assert_ptr_null(read_keys("a " SECRET, 0644));
	ck_assert_ptr_nonnull(strstr(err.text, "mode is 0644"));
	ck_assert_ptr_null(read_keys("a " SECRET, 0660));
	ck_assert_ptr_nonnull(strstr(err.text, "mode is 0660"));
	ck_assert_ptr_null(read_keys(NULL, 0));
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
}
END_TEST

START_TEST(key_files_with_mistakes_are_refused)
{
	static const char *const bad[] = {
		"a 0011",
		"a " SECRET "0",
		"a g00102030405060708090a0b0c0d0e0f",
		"1 " SECRET,
		"ab " SECRET,
		"a",
		"a " SECRET " tomorrow",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(read_keys(bad[i], 0600) == NULL, "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(err.text, "/keys:1: is no key; "));
		/* A secret is not to be found in a log. */
		ck_assert_ptr_null(strstr(err.text, "0011"));
	}
	ck_assert_ptr_null(read_keys("a " SECRET "\na " SECRET, 0600));
	ck_assert_ptr_nonnull(strstr(err.text, ":2: key \"a\" is there twice"));
	ck_assert_ptr_null(read_keys("# none\n", 0600));
	ck_assert_ptr_nonnull(strstr(err.text, "there is no key in it"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_mailbox_is_all_that_a_file_needs,
		a_byte_order_mark_is_no_part_of_a_file,
		values_arrive_in_the_units_of_their_rooms,
		a_mailbox_has_its_own_settings,
		reasons_can_be_judged_otherwise,
		lists_of_trust_are_checked_and_folded,
		unknown_keys_are_refused_with_those_that_are_known,
		values_of_another_type_are_refused,
		durations_and_sizes_need_a_unit_and_a_range,
		numbers_that_libconfig_would_wrap_are_refused,
		texts_are_checked_for_what_they_name,
		mailboxes_are_complete_and_differ,
		every_type_that_has_keys_has_a_driver,
		a_type_without_a_driver_and_its_keys_are_refused,
		a_mailbox_is_logged_in_to_in_exactly_one_way,
		folders_and_fingerprints_are_checked,
		only_failures_can_be_judged_otherwise,
		numbers_that_contradict_each_other_are_refused,
		what_the_parser_cannot_be_told_is_refused,
		a_key_that_is_there_twice_is_named_with_both_lines,
		the_same_name_elsewhere_is_no_second_key,
		broken_files_are_refused,
		includes_are_relative_to_the_file_and_checked_like_it,
		includes_that_cannot_be_read_are_refused,
		includes_that_go_in_a_circle_are_refused_as_that,
		includes_may_be_ten_levels_deep,
		a_reload_changes_the_digest_of_what_it_changes,
		secrets_are_read_apart_from_the_rest,
		secrets_that_others_can_read_are_refused,
		key_files_with_mistakes_are_refused,
	};

	return RUN_TESTS("config", tests);
}
