/*
 * Whether the one who wrote a message can be a mail system at all: his address
 * beside the path on which it came, the name before it, and whose mail it was
 * that came back.
 */
#include "report/author.h"

#include "report/format_text.h"
#include "report/words.h"
#include "util/address.h"

/* Local parts under which mail systems speak, on word borders. */
static const char *const daemon_names[] = {
	"mailer-daemon", "mailer_daemon", "mailerdaemon",  "postmaster",
	"post_master",	 "post-master",	  "mail-daemon",   "maildaemon",
	"mdaemon",	 "mailsystem",	  "mail-system",   "microsoftexchange",
	"bounce-notice", "double-bounce", "mail_delivery", NULL,
};
PHRASES(daemon_names);

/* Before the address of a program; anybody may call himself so. */
static const char *const daemon_titles[] = {"mailer daemon", "mail daemon",
					    "delivery daemon", NULL};
PHRASES(daemon_titles);

/* What they call themselves. */
static const char *const system_names[] = {"mail delivery", "mail system",
					   NULL};
PHRASES(system_names);

/* Names of programs that answer for a mail system under other names. */
static const char *const robot_names[] = {
	"no-reply", "noreply", "no_reply", "do-not-reply", "donotreply",
	"ndr@",	    "admin",   "system",   "service",	   "gateway",
	"smtp",	    "imss",    "virus",	   "mta@",	   "delivery",
	"bounce",   "root@",   "relay@",   "filter",	   "posta-certificata@",
	NULL,
};
PHRASES(robot_names);

static bool has_title(struct span from)
{
	size_t open = span_find_char(from, '<');
	struct span address = span_from(from, open);

	return open != SPAN_NONE &&
	       words_contain_any(span_cut(from, open), daemon_titles_phrases) &&
	       (author_is_named_robot(address) ||
		span_starts_ci(address, SPAN("<daemon@")));
}

bool author_is_named_daemon(struct span from)
{
	return words_contain_any(from, daemon_names_phrases) || has_title(from);
}

bool author_is_system(struct span from)
{
	return words_contain_any(from, system_names_phrases);
}

bool author_is_named_robot(struct span from)
{
	return words_contain_any(from, robot_names_phrases);
}

bool author_is_robot(const struct reading *in)
{
	return author_is_named_robot(headers_raw(&in->headers, "From", 0));
}

bool author_is_nobody(const struct reading *in)
{
	struct span from = span_trim(headers_raw(&in->headers, "From", 0));

	return from.n == 0 || span_ends_ci(from, SPAN("<>"));
}

bool author_is_postmaster(const struct reading *in)
{
	struct span from = span_of(in->report->from);

	return from.n > 0 && !in->input.machine_part &&
	       !headers_has(&in->headers, "X-Failed-Recipients") &&
	       span_find_ci(from, SPAN("daemon@")) == SPAN_NONE;
}

bool author_has_own_path(const struct reading *in)
{
	struct span path = headers_raw(&in->headers, "Return-Path", 0);
	struct span from = span_of(in->report->from);

	return from.n > 0 && span_find_ci(path, from) != SPAN_NONE;
}

bool author_is_the_sender(const struct reading *in)
{
	struct span from = span_of(in->report->from);

	return author_has_own_path(in) &&
	       span_eq_ci(from, span_of(in->report->returned.from));
}

bool author_poses(const struct reading *in, struct span *name_r)
{
	struct span raw = headers_raw(&in->headers, "From", 0);
	struct span from = span_of(in->report->from);
	size_t open = span_find_char(raw, '<');

	if (in->input.machine_part || open == SPAN_NONE ||
	    text_address_find(span_cut(raw, open), 0, name_r) == 0)
		return false;
	return !(in->report->null_return_path &&
		 author_is_named_daemon(*name_r)) &&
	       !span_eq_ci(address_local(*name_r), address_local(from)) &&
	       !address_domain_is_below(address_domain(*name_r),
					address_domain(from)) &&
	       !address_domain_is_below(address_domain(from),
					address_domain(*name_r));
}
