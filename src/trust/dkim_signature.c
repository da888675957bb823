/* One DKIM-Signature field as its tags (RFC 6376 3.2 and 3.5). */
#include "trust/dkim.h"

#include <string.h>

#include "util/num.h"

struct tag {
	struct span name, value;
};

static bool next_tag(struct span *rest, struct tag *out)
{
	while (rest->n > 0) {
		size_t end = span_find_char(*rest, ';');
		struct span part = span_cut(*rest, end);
		size_t equals = span_find_char(part, '=');

		*rest = end == SPAN_NONE ? span_make("", 0)
					 : span_from(*rest, end + 1);
		if (equals == SPAN_NONE)
			continue;
		out->name = span_trim(span_cut(part, equals));
		out->value = span_trim(span_from(part, equals + 1));
		return true;
	}
	return false;
}

static bool read_algorithm(struct dkim_signature *out, struct span v)
{
	out->ed25519 = span_eq_ci(v, SPAN("ed25519-sha256"));
	return out->ed25519 || span_eq_ci(v, SPAN("rsa-sha256"));
}

/* "relaxed/simple": the header's comes first; nothing at all is simple. */
static bool read_canonicalisation(struct dkim_signature *out, struct span v)
{
	struct span header = span_cut(v, span_find_char(v, '/'));

	out->simple = span_eq_ci(header, SPAN("simple"));
	return out->simple || span_eq_ci(header, SPAN("relaxed"));
}

static bool read_tag(struct dkim_signature *out, const struct tag *t,
		     bool *algorithm)
{
	if (t->name.n != 1)
		return true;
	switch (t->name.p[0]) {
	case 'v':
		return span_eq(t->value, SPAN("1"));
	case 'a':
		*algorithm = true;
		return read_algorithm(out, t->value);
	case 'c':
		return read_canonicalisation(out, t->value);
	case 'd':
		out->domain = t->value;
		return true;
	case 's':
		out->selector = t->value;
		return true;
	case 'h':
		out->fields = t->value;
		return true;
	case 'b':
		out->value = t->value;
		return true;
	case 't':
		return num_i64(t->value.p, t->value.n, &out->signed_s) == 0;
	default:
		return true;
	}
}

bool dkim_signature_read(struct span field_value, struct arena *arena,
			 struct dkim_signature *out)
{
	bool algorithm = false;
	struct span rest;
	struct tag t;

	*out = (struct dkim_signature){.simple = true};
	rest = span_make(arena_memdupz(arena, field_value.p, field_value.n),
			 field_value.n);
	while (next_tag(&rest, &t)) {
		if (!read_tag(out, &t, &algorithm))
			return false;
	}
	return algorithm && out->domain.n > 0 && out->selector.n > 0 &&
	       out->fields.n > 0 && out->value.n > 0;
}
