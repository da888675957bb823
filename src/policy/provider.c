/*
 * Which provider an address belongs to: one row a domain of mailboxes or a
 * domain of mail servers. Rates by provider and guards are built on it.
 */
#include "policy/policy.h"

#include "util/address.h"

struct row {
	const char *domain; /* or whatever lies below it */
	const char *provider;
};

/* Domains of addresses. */
static const struct row mailboxes[] = {
	{"gmail.com", "google"},
	{"googlemail.com", "google"},
	{"google.com", "google"},
	{"outlook.com", "microsoft"},
	{"outlook.de", "microsoft"},
	{"outlook.fr", "microsoft"},
	{"hotmail.com", "microsoft"},
	{"hotmail.co.uk", "microsoft"},
	{"hotmail.de", "microsoft"},
	{"hotmail.fr", "microsoft"},
	{"hotmail.it", "microsoft"},
	{"hotmail.es", "microsoft"},
	{"live.com", "microsoft"},
	{"live.co.uk", "microsoft"},
	{"live.de", "microsoft"},
	{"live.fr", "microsoft"},
	{"live.nl", "microsoft"},
	{"msn.com", "microsoft"},
	{"onmicrosoft.com", "microsoft"},
	{"yahoo.com", "yahoo"},
	{"yahoo.co.uk", "yahoo"},
	{"yahoo.de", "yahoo"},
	{"yahoo.fr", "yahoo"},
	{"yahoo.it", "yahoo"},
	{"yahoo.es", "yahoo"},
	{"yahoo.ca", "yahoo"},
	{"yahoo.in", "yahoo"},
	{"yahoo.com.br", "yahoo"},
	{"ymail.com", "yahoo"},
	{"rocketmail.com", "yahoo"},
	{"aol.com", "yahoo"},
	{"aol.de", "yahoo"},
	{"yahoo.co.jp", "yahoo-japan"},
	{"icloud.com", "apple"},
	{"me.com", "apple"},
	{"mac.com", "apple"},
	{"gmx.de", "united-internet"},
	{"gmx.net", "united-internet"},
	{"gmx.at", "united-internet"},
	{"gmx.ch", "united-internet"},
	{"gmx.com", "united-internet"},
	{"web.de", "united-internet"},
	{"mail.com", "united-internet"},
	{"t-online.de", "telekom"},
	{"magenta.de", "telekom"},
	{"freenet.de", "freenet"},
	{"mail.ru", "mail.ru"},
	{"bk.ru", "mail.ru"},
	{"inbox.ru", "mail.ru"},
	{"list.ru", "mail.ru"},
	{"yandex.ru", "yandex"},
	{"yandex.com", "yandex"},
	{"ya.ru", "yandex"},
	{"qq.com", "tencent"},
	{"foxmail.com", "tencent"},
	{"163.com", "netease"},
	{"126.com", "netease"},
	{"yeah.net", "netease"},
	{"naver.com", "naver"},
	{"orange.fr", "orange"},
	{"wanadoo.fr", "orange"},
	{"free.fr", "free"},
	{"laposte.net", "laposte"},
	{"sfr.fr", "sfr"},
	{"libero.it", "libero"},
	{"seznam.cz", "seznam"},
	{"wp.pl", "wp"},
	{"onet.pl", "onet"},
	{"comcast.net", "comcast"},
	{"proton.me", "proton"},
	{"protonmail.com", "proton"},
	{"fastmail.com", "fastmail"},
	{"zoho.com", "zoho"},
	{"docomo.ne.jp", "docomo"},
	{"ezweb.ne.jp", "kddi"},
	{"au.com", "kddi"},
	{"softbank.ne.jp", "softbank"},
};

/* Domains of mail servers, for domains of customers. */
static const struct row servers[] = {
	{"google.com", "google"},
	{"googlemail.com", "google"},
	{"outlook.com", "microsoft"},
	{"hotmail.com", "microsoft"},
	{"mx.microsoft", "microsoft"},
	{"yahoodns.net", "yahoo"},
	{"yahoo.com", "yahoo"},
	{"yahoo.co.jp", "yahoo-japan"},
	{"icloud.com", "apple"},
	{"gmx.net", "united-internet"},
	{"web.de", "united-internet"},
	{"kundenserver.de", "ionos"},
	{"ionos.com", "ionos"},
	{"t-online.de", "telekom"},
	{"mail.ru", "mail.ru"},
	{"yandex.net", "yandex"},
	{"yandex.ru", "yandex"},
	{"qq.com", "tencent"},
	{"pphosted.com", "proofpoint"},
	{"ppe-hosted.com", "proofpoint"},
	{"mimecast.com", "mimecast"},
	{"messagelabs.com", "messagelabs"},
	{"barracudanetworks.com", "barracuda"},
	{"iphmx.com", "cisco"},
	{"trendmicro.com", "trend-micro"},
	{"zoho.com", "zoho"},
	{"zoho.eu", "zoho"},
	{"messagingengine.com", "fastmail"},
	{"protonmail.ch", "proton"},
	{"emailsrvr.com", "rackspace"},
	{"secureserver.net", "godaddy"},
	{"ovh.net", "ovh"},
	{"one.com", "one.com"},
	{"hornetsecurity.com", "hornetsecurity"},
	{"antispameurope.com", "hornetsecurity"},
	{"amazonaws.com", "amazon"},
};

static const char *find(const struct row *rows, size_t n, struct span domain)
{
	for (size_t i = 0; i < n; i++) {
		if (address_domain_is_below(domain, span_of(rows[i].domain)))
			return rows[i].provider;
	}
	return "";
}

const char *policy_provider(struct span domain, struct span remote)
{
	const char *name = find(
		mailboxes, sizeof(mailboxes) / sizeof(mailboxes[0]), domain);

	if (name[0] != '\0')
		return name;
	return find(servers, sizeof(servers) / sizeof(servers[0]), remote);
}
