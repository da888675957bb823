/*
 * The defaults of every number of the policy. A hundred thousand good
 * addresses hang on them: each has its reason in dsnd.conf(5).
 */
#include "policy/policy.h"

#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)

/* Providers of mailboxes for everybody: their domains live. */
static const char *const freemail[] = {
	"gmail.com",	"googlemail.com", "outlook.com",
	"hotmail.com",	"hotmail.co.uk",  "hotmail.de",
	"hotmail.fr",	"live.com",	  "msn.com",
	"yahoo.com",	"yahoo.co.uk",	  "yahoo.co.jp",
	"yahoo.de",	"yahoo.fr",	  "ymail.com",
	"aol.com",	"icloud.com",	  "me.com",
	"mac.com",	"gmx.net",	  "gmx.de",
	"gmx.at",	"gmx.com",	  "web.de",
	"t-online.de",	"freenet.de",	  "mail.ru",
	"yandex.ru",	"qq.com",	  "163.com",
	"126.com",	"naver.com",	  "orange.fr",
	"wanadoo.fr",	"free.fr",	  "laposte.net",
	"libero.it",	"seznam.cz",	  "wp.pl",
	"comcast.net",	"protonmail.com", "proton.me",
	"fastmail.com", "zoho.com",	  NULL,
};

void policy_settings_init(struct policy_settings *s)
{
	*s = (struct policy_settings){.mode = POLICY_ENFORCE};
	s->soft.threshold = 3;
	s->soft.window_s = 90 * DAY_S;
	s->soft.min_span_s = 72 * HOUR_S;
	s->soft.expiry_s[0] = 30 * DAY_S;
	s->soft.expiry_s[1] = 90 * DAY_S;
	s->soft.expiry_s[2] = 180 * DAY_S;
	s->soft.expiry_count = 3;
	for (int r = 0; r < REASON_COUNT; r++) {
		const struct reason_info *info = reason_info((enum reason)r);

		s->effect[r] = info->effect;
		s->expiry_s[r] = info->expiry_s;
	}
	s->forwarded_hard = EFFECT_COUNT;
	s->unproved_hard_s = 30 * DAY_S;
	s->breaker.addresses = 5;
	s->breaker.hours = 24;
	s->guard.min_count = 20;
	s->guard.factor = 5;
	s->guard.share_pct = 80;
	s->guard.history_s = 30 * DAY_S;
	s->guard.hold_s = 24 * HOUR_S;
	s->null_mx_domain.addresses = 3;
	s->null_mx_domain.expiry_s = 90 * DAY_S;
	s->freemail_domains = freemail;
	s->retry.greylisted_s = 15 * 60;
	s->retry.busy_s = HOUR_S;
	s->retry.other_s = 4 * HOUR_S;
	s->retry.full_s = 24 * HOUR_S;
	s->retry.attempts = 5;
	s->retry.within_s = 72 * HOUR_S;
	s->retry.full_within_s = 7 * DAY_S;
	trust_settings_init(&s->trust);
}

const char *policy_source_name(enum policy_source s)
{
	switch (s) {
	case SOURCE_HARD:
		return "hard";
	case SOURCE_PROMOTED:
		return "promoted";
	case SOURCE_COMPLAINT:
		return "complaint";
	case SOURCE_OPERATOR:
		return "operator";
	case SOURCE_IMPORT:
		return "import";
	}
	return "";
}

int64_t policy_sent_at(int64_t date_s, int64_t at_s)
{
	if (date_s <= 0 || date_s > at_s)
		return at_s;
	if (date_s < at_s - 14 * DAY_S)
		return at_s - 14 * DAY_S;
	return date_s;
}
