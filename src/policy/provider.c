/*
 * Which provider an address belongs to: one row a domain of mailboxes or a
 * domain of mail servers. Rates by provider and guards are built on it.
 */
#include "policy/policy.h"

#include "util/address.h"

struct row {
	const char *domain; /* or whatever lies below it */
	size_t n;	    /* its length */
	const char *provider;
};
#define ROW(domain, provider)                                                  \
	{                                                                      \
		domain, sizeof(domain) - 1, provider                           \
	}

/* Domains of addresses. */
static const struct row mailboxes[] = {
	ROW("gmail.com", "google"),
	ROW("googlemail.com", "google"),
	ROW("google.com", "google"),
	ROW("outlook.com", "microsoft"),
	ROW("outlook.de", "microsoft"),
	ROW("outlook.fr", "microsoft"),
	ROW("hotmail.com", "microsoft"),
	ROW("hotmail.co.uk", "microsoft"),
	ROW("hotmail.de", "microsoft"),
	ROW("hotmail.fr", "microsoft"),
	ROW("hotmail.it", "microsoft"),
	ROW("hotmail.es", "microsoft"),
	ROW("live.com", "microsoft"),
	ROW("live.co.uk", "microsoft"),
	ROW("live.de", "microsoft"),
	ROW("live.fr", "microsoft"),
	ROW("live.nl", "microsoft"),
	ROW("msn.com", "microsoft"),
	ROW("onmicrosoft.com", "microsoft"),
	ROW("yahoo.com", "yahoo"),
	ROW("yahoo.co.uk", "yahoo"),
	ROW("yahoo.de", "yahoo"),
	ROW("yahoo.fr", "yahoo"),
	ROW("yahoo.it", "yahoo"),
	ROW("yahoo.es", "yahoo"),
	ROW("yahoo.ca", "yahoo"),
	ROW("yahoo.in", "yahoo"),
	ROW("yahoo.com.br", "yahoo"),
	ROW("ymail.com", "yahoo"),
	ROW("rocketmail.com", "yahoo"),
	ROW("aol.com", "yahoo"),
	ROW("aol.de", "yahoo"),
	ROW("yahoo.co.jp", "yahoo-japan"),
	ROW("icloud.com", "apple"),
	ROW("me.com", "apple"),
	ROW("mac.com", "apple"),
	ROW("gmx.de", "united-internet"),
	ROW("gmx.net", "united-internet"),
	ROW("gmx.at", "united-internet"),
	ROW("gmx.ch", "united-internet"),
	ROW("gmx.com", "united-internet"),
	ROW("web.de", "united-internet"),
	ROW("mail.com", "united-internet"),
	ROW("t-online.de", "telekom"),
	ROW("magenta.de", "telekom"),
	ROW("freenet.de", "freenet"),
	ROW("mail.ru", "mail.ru"),
	ROW("bk.ru", "mail.ru"),
	ROW("inbox.ru", "mail.ru"),
	ROW("list.ru", "mail.ru"),
	ROW("yandex.ru", "yandex"),
	ROW("yandex.com", "yandex"),
	ROW("ya.ru", "yandex"),
	ROW("qq.com", "tencent"),
	ROW("foxmail.com", "tencent"),
	ROW("163.com", "netease"),
	ROW("126.com", "netease"),
	ROW("yeah.net", "netease"),
	ROW("naver.com", "naver"),
	ROW("orange.fr", "orange"),
	ROW("wanadoo.fr", "orange"),
	ROW("free.fr", "free"),
	ROW("laposte.net", "laposte"),
	ROW("sfr.fr", "sfr"),
	ROW("libero.it", "libero"),
	ROW("seznam.cz", "seznam"),
	ROW("wp.pl", "wp"),
	ROW("onet.pl", "onet"),
	ROW("comcast.net", "comcast"),
	ROW("proton.me", "proton"),
	ROW("protonmail.com", "proton"),
	ROW("fastmail.com", "fastmail"),
	ROW("zoho.com", "zoho"),
	ROW("docomo.ne.jp", "docomo"),
	ROW("ezweb.ne.jp", "kddi"),
	ROW("au.com", "kddi"),
	ROW("softbank.ne.jp", "softbank"),
};

/* Domains of mail servers, for domains of customers. */
static const struct row servers[] = {
	ROW("google.com", "google"),
	ROW("googlemail.com", "google"),
	ROW("outlook.com", "microsoft"),
	ROW("hotmail.com", "microsoft"),
	ROW("mx.microsoft", "microsoft"),
	ROW("yahoodns.net", "yahoo"),
	ROW("yahoo.com", "yahoo"),
	ROW("yahoo.co.jp", "yahoo-japan"),
	ROW("icloud.com", "apple"),
	ROW("gmx.net", "united-internet"),
	ROW("web.de", "united-internet"),
	ROW("kundenserver.de", "ionos"),
	ROW("ionos.com", "ionos"),
	ROW("t-online.de", "telekom"),
	ROW("mail.ru", "mail.ru"),
	ROW("yandex.net", "yandex"),
	ROW("yandex.ru", "yandex"),
	ROW("qq.com", "tencent"),
	ROW("pphosted.com", "proofpoint"),
	ROW("ppe-hosted.com", "proofpoint"),
	ROW("mimecast.com", "mimecast"),
	ROW("messagelabs.com", "messagelabs"),
	ROW("barracudanetworks.com", "barracuda"),
	ROW("iphmx.com", "cisco"),
	ROW("trendmicro.com", "trend-micro"),
	ROW("zoho.com", "zoho"),
	ROW("zoho.eu", "zoho"),
	ROW("messagingengine.com", "fastmail"),
	ROW("protonmail.ch", "proton"),
	ROW("emailsrvr.com", "rackspace"),
	ROW("secureserver.net", "godaddy"),
	ROW("ovh.net", "ovh"),
	ROW("one.com", "one.com"),
	ROW("hornetsecurity.com", "hornetsecurity"),
	ROW("antispameurope.com", "hornetsecurity"),
	ROW("amazonaws.com", "amazon"),
};

/* Almost every row is told by where a dot would have to stand. */
static bool may_be_below(struct span domain, const struct row *row)
{
	if (domain.n <= row->n)
		return domain.n == row->n;
	return domain.p[domain.n - row->n - 1] == '.';
}

static const char *find(const struct row *rows, size_t n, struct span domain)
{
	for (const struct row *r = rows; r < rows + n; r++) {
		if (may_be_below(domain, r) &&
		    address_domain_is_below(domain, span_make(r->domain, r->n)))
			return r->provider;
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
