/*
 * The table of all keys. Ranges are there to catch a slip of the pen, not to
 * forbid what somebody may want.
 */
#include <stddef.h>

#include "config/key.h"
#include "parser/wire.h"

#define DAY_S 86400LL
#define YEAR_S (365 * DAY_S)
#define MB (1024LL * 1024)
#define GB (1024 * MB)

#define FIELD(type, member)                                                    \
	.offset = offsetof(type, member),                                      \
	.width = sizeof(((type *)NULL)->member)
#define TOP(member) FIELD(struct config, member)
#define BOX(member) FIELD(struct mailbox_settings, member)
/* Mailboxes that somebody logs in to. */
#define SERVER .mailbox_types = "imap pop3"
#define DKIM(member) FIELD(struct trust_dkim_key, member)
/* The first of an array with one element a reason. */
#define REASONS(member)                                                        \
	.offset = offsetof(struct config, policy.member),                      \
	.width = sizeof(((struct config *)NULL)->policy.member[0])

static const char *const log_levels[] = {"error", "warning", "info", "debug",
					 NULL};
static const char *const log_targets[] = {"stderr", "journal", "syslog", NULL};
static const char *const modes[] = {"enforce", "observe", NULL};
static const char *const verify[] = {"auto", "off", "prefer", "require", NULL};
/* Not "reset": a failure never ends a run of failures. */
static const char *const effects[] = {"none", "count", "suppress", NULL};
static const char *const tls[] = {"implicit", "starttls", "none", "insecure",
				  NULL};
static const char *const auth[] = {"auto",	    "oauthbearer", "xoauth2",
				   "scram-sha-256", "scram-sha-1", "cram-md5",
				   "plain",	    "login",	   NULL};
/* As in events/events.c. */
static const char *const formats[] = {"ses",	  "sendgrid",  "mailgun",
				      "postmark", "sparkpost", "kumomta",
				      "smtp",	  NULL};
static const char *const dkim_types[] = {"rsa", "ed25519", NULL};

static const struct config_key keys[] = {
	{"database", CONFIG_PATH, TOP(database), .min = 1, .max = 4000},
	{"rules_dir", CONFIG_PATH, TOP(rules_dir), .max = 4000},
	{"user", CONFIG_NAME, TOP(user), .max = 32},
	{"log_level", CONFIG_CHOICE, TOP(log_level), .names = log_levels},
	{"log", CONFIG_CHOICE, TOP(log_target), .names = log_targets},
	{"metrics_file", CONFIG_PATH, TOP(metrics_file), .max = 4000},

	{"mailboxes.name", CONFIG_NAME, BOX(name), .mandatory = true, .min = 1,
	 .max = 64},
	{"mailboxes.type", CONFIG_NAME, BOX(type), .mandatory = true, .min = 1,
	 .max = 16},
	{"mailboxes.path", CONFIG_PATH, BOX(path), .mandatory = true, .min = 1,
	 .max = 4000, .mailbox_types = "maildir spool"},
	{"mailboxes.format", CONFIG_WORD, BOX(format), .mandatory = true,
	 .names = formats, .mailbox_types = "spool"},
	{"mailboxes.processed", CONFIG_DISPOSITION, BOX(processed)},
	{"mailboxes.unrecognised", CONFIG_DISPOSITION, BOX(unrecognised)},
	{"mailboxes.poll", CONFIG_DURATION, BOX(poll_s), .min = 1,
	 .max = DAY_S},
	{"mailboxes.max_message", CONFIG_SIZE, BOX(max_message_bytes),
	 .min = 64 * 1024, .max = WIRE_MAX_MESSAGE},
	{"mailboxes.skip_large", CONFIG_BOOL, BOX(skip_large)},
	{"mailboxes.stream", CONFIG_NAME, BOX(stream), .max = 31},
	{"mailboxes.trusted", CONFIG_BOOL, BOX(trusted),
	 .mailbox_types = "maildir imap pop3"},
	{"mailboxes.host", CONFIG_DOMAIN, BOX(host), .mandatory = true,
	 .min = 1, .max = 255, SERVER},
	{"mailboxes.port", CONFIG_NUMBER, BOX(port), .max = 65535, SERVER},
	{"mailboxes.tls", CONFIG_WORD, BOX(tls), .names = tls, SERVER},
	{"mailboxes.ca_file", CONFIG_PATH, BOX(ca_file), .max = 4000, SERVER},
	{"mailboxes.tls_fingerprint", CONFIG_FINGERPRINT, BOX(tls_fingerprint),
	 .max = 110, SERVER},
	{"mailboxes.user", CONFIG_TEXT, BOX(user), .mandatory = true, .min = 1,
	 .max = 255, SERVER},
	{"mailboxes.auth", CONFIG_WORD, BOX(auth), .names = auth, SERVER},
	{"mailboxes.password_file", CONFIG_SECRET_FILE, BOX(password_file),
	 .secret = true, .min = 1, .max = 4000, SERVER},
	{"mailboxes.password_command", CONFIG_TEXT, .list = true,
	 BOX(password_command), .secret = true, .max = 4000, SERVER},
	{"mailboxes.token_file", CONFIG_SECRET_FILE, BOX(token_file),
	 .secret = true, .min = 1, .max = 4000, SERVER},
	{"mailboxes.token_command", CONFIG_TEXT, .list = true,
	 BOX(token_command), .secret = true, .max = 4000, SERVER},
	{"mailboxes.folder", CONFIG_TEXT, BOX(folder), .min = 1, .max = 255,
	 .mailbox_types = "imap"},
	{"mailboxes.folders", CONFIG_TEXT, .list = true, BOX(folders), .min = 1,
	 .max = 255, .mailbox_types = "imap"},
	{"mailboxes.idle", CONFIG_BOOL, BOX(idle), .mailbox_types = "imap"},
	{"mailboxes.idle_renew", CONFIG_DURATION, BOX(idle_renew_s), .min = 1,
	 .max = 1740, .mailbox_types = "imap"},
	{"mailboxes.timeout", CONFIG_DURATION, BOX(timeout_s), .min = 1,
	 .max = 600, SERVER},

	{"policy.mode", CONFIG_CHOICE, TOP(policy.mode), .names = modes},
	{"policy.soft.threshold", CONFIG_NUMBER, TOP(policy.soft.threshold),
	 .min = 1, .max = 100},
	{"policy.soft.window", CONFIG_DURATION, TOP(policy.soft.window_s),
	 .min = 3600, .max = 10 * YEAR_S},
	{"policy.soft.min_span", CONFIG_DURATION, TOP(policy.soft.min_span_s),
	 .max = YEAR_S},
	{"policy.soft.expiry", CONFIG_DURATION, .list = true, .never = true,
	 .offset = offsetof(struct config, policy.soft.expiry_s),
	 .width = sizeof(int64_t),
	 .count_offset = offsetof(struct config, policy.soft.expiry_count),
	 .min = 60, .max = 10 * YEAR_S},
	{"policy.reasons.*.effect", CONFIG_CHOICE, REASONS(effect),
	 .names = effects},
	{"policy.reasons.*.expiry", CONFIG_DURATION, REASONS(expiry_s),
	 .never = true, .steps = true, .min = 60, .max = 10 * YEAR_S},
	{"policy.forwarded_hard", CONFIG_CHOICE, TOP(policy.forwarded_hard),
	 .names = effects},
	{"policy.unproved_hard", CONFIG_DURATION, TOP(policy.unproved_hard_s),
	 .never = true, .min = 60, .max = 10 * YEAR_S},
	{"policy.breaker.addresses", CONFIG_NUMBER,
	 TOP(policy.breaker.addresses), .min = 2, .max = 1000000},
	{"policy.breaker.within", CONFIG_DURATION, CONFIG_HOURS,
	 TOP(policy.breaker.hours), .min = 3600, .max = 30 * DAY_S},
	{"policy.guard.min_count", CONFIG_NUMBER, TOP(policy.guard.min_count),
	 .min = 1, .max = 1000000},
	{"policy.guard.factor", CONFIG_NUMBER, TOP(policy.guard.factor),
	 .min = 1, .max = 1000},
	{"policy.guard.share", CONFIG_NUMBER, TOP(policy.guard.share_pct),
	 .min = 1, .max = 100},
	{"policy.guard.history", CONFIG_DURATION, TOP(policy.guard.history_s),
	 .min = 3600, .max = YEAR_S},
	{"policy.guard.hold", CONFIG_DURATION, TOP(policy.guard.hold_s),
	 .max = 30 * DAY_S},
	{"policy.null_mx_domain.addresses", CONFIG_NUMBER,
	 TOP(policy.null_mx_domain.addresses), .min = 1, .max = 1000000},
	{"policy.null_mx_domain.min_span", CONFIG_DURATION,
	 TOP(policy.null_mx_domain.min_span_s), .max = YEAR_S},
	{"policy.null_mx_domain.expiry", CONFIG_DURATION,
	 TOP(policy.null_mx_domain.expiry_s), .never = true, .min = 3600,
	 .max = 10 * YEAR_S},
	{"policy.retry.greylisted", CONFIG_DURATION,
	 TOP(policy.retry.greylisted_s), .min = 60, .max = 30 * DAY_S},
	{"policy.retry.busy", CONFIG_DURATION, TOP(policy.retry.busy_s),
	 .min = 60, .max = 30 * DAY_S},
	{"policy.retry.other", CONFIG_DURATION, TOP(policy.retry.other_s),
	 .min = 60, .max = 30 * DAY_S},
	{"policy.retry.full", CONFIG_DURATION, TOP(policy.retry.full_s),
	 .min = 60, .max = 30 * DAY_S},
	{"policy.retry.attempts", CONFIG_NUMBER, TOP(policy.retry.attempts),
	 .max = 10},
	{"policy.retry.within", CONFIG_DURATION, TOP(policy.retry.within_s),
	 .min = 3600, .max = 90 * DAY_S},
	{"policy.retry.full_within", CONFIG_DURATION,
	 TOP(policy.retry.full_within_s), .min = 3600, .max = 90 * DAY_S},
	{"policy.freemail_domains", CONFIG_DOMAIN, .list = true,
	 TOP(policy.freemail_domains), .min = 1, .max = 255},

	{"trust.verify", CONFIG_CHOICE, TOP(policy.trust.verify),
	 .names = verify},
	{"trust.our_domains", CONFIG_DOMAIN, .list = true,
	 TOP(policy.trust.our_domains), .min = 1, .max = 255},
	{"trust.trusted_reporters", CONFIG_DOMAIN, .list = true,
	 TOP(policy.trust.trusted_reporters), .min = 1, .max = 255},
	{"trust.trusted_networks", CONFIG_NETWORK, .list = true,
	 TOP(policy.trust.trusted_networks), .min = 1, .max = 64},
	{"trust.trusted_authserv_ids", CONFIG_DOMAIN, .list = true,
	 TOP(policy.trust.trusted_authserv_ids), .min = 1, .max = 255},
	{"trust.bounce_domain", CONFIG_DOMAIN, TOP(policy.trust.bounce_domain),
	 .max = 255},
	{"trust.token_prefix", CONFIG_NAME, TOP(policy.trust.token_prefix),
	 .max = 16},
	{"trust.token_life", CONFIG_DURATION, CONFIG_DAYS,
	 TOP(policy.trust.token_days), .min = DAY_S, .max = YEAR_S},
	{"trust.token_key_file", CONFIG_PATH, TOP(token_key_file), .max = 4000},
	{"trust.dkim_keys.domain", CONFIG_DOMAIN, DKIM(domain),
	 .mandatory = true, .min = 1, .max = 255},
	{"trust.dkim_keys.selector", CONFIG_NAME, DKIM(selector),
	 .mandatory = true, .min = 1, .max = 255},
	{"trust.dkim_keys.type", CONFIG_WORD, DKIM(type), .names = dkim_types},
	{"trust.dkim_keys.public_key", CONFIG_TEXT, DKIM(public_key),
	 .mandatory = true, .min = 40, .max = 4000},

	{"report.stream_header", CONFIG_HEADER,
	 TOP(parser.report.stream_header), .max = 76},
	{"report.campaign_headers", CONFIG_HEADER, .list = true,
	 TOP(parser.report.campaign_headers), .min = 1, .max = 76},
	{"report.verp", CONFIG_TEXT, .list = true, TOP(parser.report.verp),
	 .min = 16, .max = 255},
	{"report.max_depth", CONFIG_NUMBER, TOP(parser.report.max_depth),
	 .min = 2, .max = 64},
	{"report.max_parts", CONFIG_NUMBER, TOP(parser.report.max_parts),
	 .min = 10, .max = 100000},
	{"report.max_read", CONFIG_SIZE, TOP(parser.report.max_bytes),
	 .min = 64 * 1024, .max = WIRE_MAX_MESSAGE},

	{"parser.program", CONFIG_PATH, TOP(parser.program), .max = 4000},
	{"parser.deadline", CONFIG_DURATION, CONFIG_MILLISECONDS,
	 TOP(parser.message_ms), .min = 1, .max = 600},
	{"parser.memory", CONFIG_SIZE, TOP(parser.memory_bytes), .min = 64 * MB,
	 .max = 64 * GB},
	{"parser.recycle_after", CONFIG_NUMBER, TOP(parser.recycle_after),
	 .min = 1, .max = 1000000000},
	{"parser.window_size", CONFIG_SIZE, TOP(parser.window_bytes),
	 .min = 64 * 1024, .max = GB},
	{"parser.window_messages", CONFIG_NUMBER, TOP(parser.window_messages),
	 .min = 1, .max = 10000},

	{"daemon.batch_messages", CONFIG_NUMBER, TOP(daemon.batch_messages),
	 .min = 1, .max = 10000},
	{"daemon.batch_size", CONFIG_SIZE, TOP(daemon.batch_bytes),
	 .min = 64 * 1024, .max = GB},
	{"daemon.batch_age", CONFIG_DURATION, CONFIG_MILLISECONDS,
	 TOP(daemon.batch_ms), .min = 1, .max = 60},
	{"daemon.reader_deadline", CONFIG_DURATION,
	 TOP(daemon.reader_deadline_s), .min = 10, .max = DAY_S},
	{"daemon.restart_first", CONFIG_DURATION, TOP(daemon.restart_first_s),
	 .min = 1, .max = 3600},
	{"daemon.restart_most", CONFIG_DURATION, TOP(daemon.restart_most_s),
	 .min = 1, .max = DAY_S},
	{"daemon.stop_deadline", CONFIG_DURATION, TOP(daemon.stop_deadline_s),
	 .min = 1, .max = 3600},
	{"daemon.housekeeping", CONFIG_DURATION, TOP(daemon.housekeeping_s),
	 .min = 1, .max = DAY_S},

	{"changes.command", CONFIG_TEXT, .list = true, TOP(changes.command),
	 .max = 4000},
	{"changes.timeout", CONFIG_DURATION, TOP(changes.timeout_s), .min = 1,
	 .max = 3600},

	{"retention.history", CONFIG_DURATION, TOP(retention.history_s),
	 .never = true, .min = DAY_S, .max = 100 * YEAR_S},
	{"retention.quarantine", CONFIG_DURATION, TOP(retention.quarantine_s),
	 .never = true, .min = DAY_S, .max = 100 * YEAR_S},
};

const struct config_key *config_keys(size_t *count_r)
{
	*count_r = sizeof(keys) / sizeof(keys[0]);
	return keys;
}
