/*
 * Whom a fact is charged to. The token's word beats the report's, and what the
 * jail hands out is not believed.
 */
#include "store/charge.h"

#include <string.h>

#include "store/internal.h"
#include "util/address.h"
#include "util/buf.h"

static const char *first_of(const char *a, const char *b)
{
	return *a ? a : b;
}

static void hash_part(struct buf *b, const char *s)
{
	for (; *s; s++)
		buf_add_char(b, text_lower(*s));
	buf_add_char(b, '\0');
}

/*
 * The copy that the postmaster got is another message about the same failure:
 * same original, address, reporter and status. Kind and action belong to it,
 * or the failure would pass for a copy of the delay before it.
 */
static void make_copy_key(struct charge *c, const struct report *r,
			  const struct fact *f)
{
	uint8_t hash[HASH_SHA256_BYTES];
	char status[STATUS_TEXT_BYTES];
	struct buf b;

	c->has_copy_key = *r->returned.message_id != '\0';
	if (!c->has_copy_key)
		return;
	buf_init(&b);
	buf_add_str(&b, r->returned.message_id);
	buf_add_char(&b, '\0');
	hash_part(&b, c->folded);
	hash_part(&b, f->reporting_mta);
	hash_part(&b, status_format(f->status, status));
	hash_part(&b, report_action_name(f->action));
	hash_part(&b, report_kind_name(f->kind));
	hash_sha256(b.data, b.len, hash);
	memcpy(c->copy_key, hash, sizeof(c->copy_key));
	buf_release(&b);
}

/*
 * The address we mailed. What is none is recorded, charged to nobody, and
 * never acts.
 */
static void find_address(struct store *s, struct charge *c,
			 const struct fact *f, const struct trust_result *t)
{
	bool token = t->token.valid && *t->token.address;
	const char *raw = token ? t->token.address : f->address;

	c->evidence = t->evidence;
	c->proof = t->why;
	if (*raw == '@' || address_parse(span_of(raw), &s->arena, &c->folded,
					 &c->written, NULL)) {
		c->folded = "";
		c->written = "";
		c->evidence = EVIDENCE_FAILED;
		c->proof = "what the report names is not an address";
	}
}

void charge_read(struct store *s, const struct store_message *m,
		 const struct report *report, size_t i,
		 const struct trust_result *trust, struct charge *charge_r)
{
	const struct fact *f = &report->facts[i];
	struct charge *c = charge_r;

	memset(c, 0, sizeof(*c));
	find_address(s, c, f, trust);
	c->forwarded = f->forwarded || trust->forwarded;
	c->token_stream = trust->token.valid ? trust->token.stream : "";
	c->token_send = trust->token.valid ? trust->token.send : "";
	c->stream = first_of(c->token_stream,
			     first_of(report->returned.stream, m->stream));
	c->campaign = first_of(report->returned.campaign, c->token_send);
	c->sent_at_s = policy_sent_at(report->returned.date_s, m->at_s);
	c->provider = policy_provider(address_domain(span_of(c->folded)),
				      span_of(f->remote));
	make_copy_key(c, report, f);
}

int charge_find(struct store *s, const struct store_message *m,
		const struct report *report, size_t i,
		const struct trust_result *trust, struct charge *charge_r,
		struct error *err)
{
	struct charge *c = charge_r;

	charge_read(s, m, report, i, trust, c);
	return address_take(s, c->folded, c->written, &c->address, &c->is_new,
			    err);
}
