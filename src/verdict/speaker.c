/* Who refused us: the recipient's host, or one that we send through. */
#include "verdict/speaker.h"

#include "util/address.h"

/* "co.uk", "com.au": a registry's domain, under which anybody may be. */
static bool is_registry(struct span domain)
{
	size_t dot = span_find_char(domain, '.');

	return dot != SPAN_NONE && dot <= 3 && domain.n - dot == 3;
}

struct span speaker_site(struct span host)
{
	size_t dot = span_find_char(host, '.');
	struct span parent = span_from(host, dot == SPAN_NONE ? 0 : dot + 1);

	if (span_find_char(parent, '.') == SPAN_NONE || is_registry(parent))
		return host;
	return parent;
}

struct span speaker_host(const struct fact *fact)
{
	struct span remote = span_of(fact->remote), host;

	return span_next_word(&remote, &host) ? host : span_cut(remote, 0);
}

bool speaker_is_their_site(const struct fact *fact)
{
	struct span site = speaker_site(span_of(fact->reporting_mta));
	struct span theirs = address_domain(span_of(fact->address));

	return site.n > 0 && span_find_char(site, '.') != SPAN_NONE &&
	       address_domain_is_below(theirs, site) &&
	       address_domain_is_below(speaker_host(fact), site);
}

bool speaker_is_theirs(const struct fact *fact)
{
	struct span ours = speaker_site(span_of(fact->reporting_mta));
	struct span theirs = address_domain(span_of(fact->address));

	/* Nobody logs in to a stranger's mail exchanger. */
	if (!fact->remote_reply || fact->stage == STAGE_AUTH)
		return false;
	return ours.n == 0 || address_domain_is_below(theirs, ours) ||
	       !address_domain_is_below(speaker_host(fact), ours);
}
