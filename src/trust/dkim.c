/*
 * Whether the returned headers are ours and unaltered, and whose mail they
 * were on. A signature of ours can be had by every recipient of our mail, on
 * his own message: hence the To that it covers decides for whom it counts.
 */
#include "trust/dkim.h"

#include <string.h>

#include "util/address.h"
#include "util/num.h"

#define DAY_S ((int64_t)86400)
#define OLDEST_S (30 * DAY_S)
/* More than these only waste our time. */
#define MOST_SIGNATURES 8
#define MOST_NAMES 100

static const struct trust_dkim_key *find_key(const struct trust_settings *s,
					     const struct dkim_signature *sig)
{
	for (size_t i = 0; i < s->dkim_key_count; i++) {
		const struct trust_dkim_key *k = &s->dkim_keys[i];
		bool ed25519 = k->type && strcmp(k->type, "ed25519") == 0;

		if (span_eq_ci(sig->domain, span_of(k->domain)) &&
		    span_eq_ci(sig->selector, span_of(k->selector)) &&
		    ed25519 == sig->ed25519)
			return k;
	}
	return NULL;
}

static bool next_name(struct span *rest, struct span *name_r)
{
	size_t n;

	if (rest->n == 0)
		return false;
	n = span_find_char(*rest, ':');
	*name_r = span_trim(span_cut(*rest, n));
	*rest = n == SPAN_NONE ? span_make("", 0) : span_from(*rest, n + 1);
	return true;
}

static size_t count_named(struct span list, struct span name)
{
	size_t count = 0;
	struct span each;

	while (next_name(&list, &each))
		count += span_eq_ci(each, name);
	return count;
}

static bool is_too_long(struct span list)
{
	size_t count = 0;
	struct span each;

	while (count <= MOST_NAMES && next_name(&list, &each))
		count++;
	return count > MOST_NAMES;
}

static size_t count_fields(const struct headers *h, struct span name)
{
	size_t count = 0;

	for (size_t i = 0; i < h->count; i++)
		count += span_eq_ci(h->fields[i].name, name);
	return count;
}

/* The nth field of that name from the bottom (RFC 6376 5.4.2), or NULL. */
static const struct header *from_bottom(const struct headers *h,
					struct span name, size_t nth)
{
	for (size_t i = h->count; i-- > 0;) {
		if (span_eq_ci(h->fields[i].name, name) && nth-- == 0)
			return &h->fields[i];
	}
	return NULL;
}

/*
 * A field put on top of a signed one is not covered, and readers take the top
 * one: so none of these may occur more often than the signature lists it.
 */
static bool has_uncovered(const struct headers *h,
			  const struct dkim_signature *sig)
{
	static const char *const names[] = {"To", "From", "Message-ID", "Date"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct span name = span_of(names[i]);
		size_t listed = count_named(sig->fields, name);

		if (listed > 0 && count_fields(h, name) > listed)
			return true;
	}
	return false;
}

/* True where a field was signed that did not come back. */
static bool canon_all(const struct headers *h, const struct dkim_signature *sig,
		      const struct header *field, struct buf *out)
{
	struct span rest = sig->fields, name;
	bool missing = false;

	while (next_name(&rest, &name)) {
		/* Its place among the equal names before it in the list. */
		struct span before = span_make(
			sig->fields.p, (size_t)(name.p - sig->fields.p));
		size_t nth = count_named(before, name);
		const struct header *f = from_bottom(h, name, nth);

		if (f)
			dkim_canon_field(out, f, sig->simple);
		else
			missing = missing || nth == 0;
	}
	dkim_canon_signature(out, field, sig->simple);
	return missing;
}

/* Whoever got a copy has our signature on a To that is not his. */
static bool has_copies(const struct headers *h)
{
	for (size_t i = 0; i < h->count; i++) {
		const struct header *f = &h->fields[i];

		if ((span_eq_ci(f->name, SPAN("Cc")) ||
		     span_eq_ci(f->name, SPAN("Bcc"))) &&
		    span_trim(f->value).n > 0)
			return true;
	}
	return false;
}

/* The sole address of the bottommost To, folded; "" where there are several. */
static const char *signed_to(const struct headers *h,
			     const struct dkim_signature *sig,
			     struct arena *arena)
{
	const struct header *to = from_bottom(h, SPAN("To"), 0);
	struct span rest, mailbox, other;
	struct buf clean, folded;
	const char *result = "";

	if (!to || count_named(sig->fields, SPAN("To")) == 0 || has_copies(h))
		return "";
	rest = to->value;
	if (!headers_next_mailbox(&rest, &mailbox) ||
	    headers_next_mailbox(&rest, &other))
		return "";
	buf_init(&clean);
	buf_init(&folded);
	if (address_clean(&clean, mailbox) == 0) {
		address_fold(&folded, span_make(clean.data, clean.len));
		result = arena_memdupz(arena, folded.data, folded.len);
	}
	buf_release(&folded);
	buf_release(&clean);
	return result;
}

/* When it was signed: t=, else the signed Date; 0 where nobody says. */
static int64_t signing_time(const struct headers *h,
			    const struct dkim_signature *sig)
{
	const struct header *date = from_bottom(h, SPAN("Date"), 0);
	int64_t date_s;

	if (sig->signed_s > 0)
		return sig->signed_s;
	if (!date || count_named(sig->fields, SPAN("Date")) == 0)
		return 0;
	return num_mail_date_s(date->value.p, date->value.n, &date_s) ? 0
								      : date_s;
}

static void judge_signature(const struct headers *h, const struct header *field,
			    const struct dkim_signature *sig,
			    const struct trust_dkim_key *key, int64_t at_s,
			    struct arena *arena, struct dkim_result *out)
{
	int64_t signed_s = signing_time(h, sig);
	bool missing;
	struct buf data;
	int fits;

	buf_init(&data);
	missing = canon_all(h, sig, field, &data);
	fits = dkim_key_verify(key, sig->ed25519,
			       span_make(data.data, data.len), sig->value);
	buf_release(&data);
	if (fits < 0) {
		out->why = "the DKIM key of ours cannot be used";
	} else if (fits == 0 && missing) {
		out->why = "signed header fields did not come back";
	} else if (fits == 0 || has_uncovered(h, sig)) {
		out->verdict = DKIM_WRONG;
		out->why = "our DKIM signature does not fit these headers";
	} else if (signed_s < at_s - OLDEST_S || signed_s > at_s + DAY_S) {
		out->why = "our DKIM signature is too old";
	} else {
		out->verdict = DKIM_VALID;
		out->why = "our DKIM signature is on the returned headers";
		out->to = signed_to(h, sig, arena);
	}
}

void dkim_judge(const struct trust_settings *s, struct span block, int64_t at_s,
		struct arena *arena, struct dkim_result *out)
{
	struct headers h;
	size_t tried = 0;

	*out = (struct dkim_result){
		.verdict = DKIM_ABSENT, .to = "", .why = "no DKIM signature"};
	if (s->dkim_key_count == 0 || block.n == 0)
		return;
	headers_parse(&h, arena, block);
	for (size_t i = 0; i < h.count && tried < MOST_SIGNATURES; i++) {
		const struct trust_dkim_key *key;
		struct dkim_signature sig;

		if (!span_eq_ci(h.fields[i].name, SPAN("DKIM-Signature")) ||
		    !dkim_signature_read(h.fields[i].value, arena, &sig))
			continue;
		key = find_key(s, &sig);
		if (!key || is_too_long(sig.fields))
			continue;
		tried++;
		judge_signature(&h, &h.fields[i], &sig, key, at_s, arena, out);
		/* One that fits is enough: others cover more fields. */
		if (out->verdict == DKIM_VALID)
			return;
	}
}
