/*
 * Whether the one who wrote a message can be a mail system at all: his address
 * beside the path on which it came, the name before it, and whose mail it was
 * that came back.
 */
#include "report/author.h"

#include "report/format_text.h"
#include "util/address.h"

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
	return !span_eq_ci(address_local(*name_r), address_local(from)) &&
	       !address_domain_is_below(address_domain(*name_r),
					address_domain(from)) &&
	       !address_domain_is_below(address_domain(from),
					address_domain(*name_r));
}
