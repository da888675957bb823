/*
 * Signed return paths: made for one recipient of one sending, and worth
 * nothing for any other. Whoever can show one has seen the message it was on.
 */
#include "trust/token.h"

#include <string.h>

#include <gnutls/gnutls.h>

#include "trust/base32.h"
#include "util/address.h"
#include "util/hash.h"

#define DAY_S ((int64_t)86400)

static void token_mac(const struct trust_key *key, const uint8_t *payload,
		      size_t n, struct span folded_address,
		      uint8_t out[HASH_SHA256_BYTES])
{
	struct buf b;

	buf_init(&b);
	buf_add_str(&b, "dsnd1");
	buf_add_char(&b, (char)n);
	buf_add(&b, payload, n);
	buf_add(&b, folded_address.p, folded_address.n);
	hash_hmac_sha256(key->secret, span_make(b.data, b.len), out);
	buf_release(&b);
}

static const struct trust_key *signing_key(const struct trust_settings *s,
					   int64_t now_s)
{
	for (size_t i = 0; i < s->key_count; i++) {
		const struct trust_key *key = &s->keys[i];

		if (key->not_after_s == 0 || now_s < key->not_after_s)
			return key;
	}
	return NULL;
}

int trust_token_make(const struct trust_settings *s, const char *send,
		     const char *stream, const char *folded_address,
		     int64_t now_s, char out[65])
{
	const struct trust_key *key = signing_key(s, now_s);
	size_t prefix = strlen(s->token_prefix);
	size_t send_n = strlen(send), stream_n = strlen(stream);
	size_t n = 3 + send_n + stream_n;
	uint8_t payload[TOKEN_MAX_PAYLOAD], mac[HASH_SHA256_BYTES];
	int64_t day = now_s / DAY_S;

	if (!key || day < 0 || day > UINT16_MAX || *folded_address == '\0')
		return -1;
	if (n > TOKEN_MAX_PAYLOAD ||
	    prefix + 1 + BASE32_CHARS(n) + TOKEN_MAC_CHARS > TOKEN_MAX_LOCAL)
		return -1;
	payload[0] = (uint8_t)(day >> 8);
	payload[1] = (uint8_t)day;
	payload[2] = (uint8_t)send_n;
	memcpy(payload + 3, send, send_n);
	memcpy(payload + 3 + send_n, stream, stream_n);
	token_mac(key, payload, n, span_of(folded_address), mac);
	memcpy(out, s->token_prefix, prefix);
	out[prefix] = key->id;
	base32_encode(payload, n, out + prefix + 1);
	out += prefix + 1 + BASE32_CHARS(n);
	base32_encode(mac, TOKEN_MAC_BYTES, out);
	out[TOKEN_MAC_CHARS] = '\0';
	return 0;
}

static const struct trust_key *key_of(const struct trust_settings *s, char id)
{
	for (size_t i = 0; i < s->key_count; i++) {
		if (text_lower(s->keys[i].id) == text_lower(id))
			return &s->keys[i];
	}
	return NULL;
}

/* The local part of what could be a return path of ours; else empty. */
static struct span local_part(const struct trust_settings *s, struct span text)
{
	const char *domain = s->bounce_domain ? s->bounce_domain : "";

	text = span_trim(text);
	if (text.n > 1 && text.p[0] == '<' && text.p[text.n - 1] == '>')
		text = span_make(text.p + 1, text.n - 2);
	/* An envelope id may be the bare token. */
	if (span_find_char(text, '@') == SPAN_NONE)
		return text;
	if (*domain != '\0' &&
	    !span_eq_ci(address_domain(text), span_of(domain)))
		return span_make("", 0);
	return address_local(text);
}

static bool read_payload(struct token *t)
{
	const char *p = (const char *)t->payload;
	size_t n = t->payload_bytes;

	if (n < 3 || t->payload[2] > n - 3)
		return false;
	t->issued_s = (t->payload[0] * 256 + t->payload[1]) * DAY_S;
	t->send = span_make(p + 3, t->payload[2]);
	t->stream = span_make(p + 3 + t->send.n, n - 3 - t->send.n);
	return t->send.n < sizeof(((struct trust_token *)0)->send) &&
	       t->stream.n < sizeof(((struct trust_token *)0)->stream);
}

static bool token_read(const struct trust_settings *s, struct span text,
		       struct token *t)
{
	struct span prefix = span_of(s->token_prefix);
	struct span local = local_part(s, text);
	int n;

	if (local.n > TOKEN_MAX_LOCAL || !span_starts_ci(local, prefix))
		return false;
	local = span_from(local, prefix.n);
	if (local.n < 1 + BASE32_CHARS(3) + TOKEN_MAC_CHARS)
		return false;
	t->key = key_of(s, local.p[0]);
	if (!t->key)
		return false;
	local = span_from(local, 1);
	n = base32_decode(span_cut(local, local.n - TOKEN_MAC_CHARS),
			  t->payload, sizeof(t->payload));
	if (n < 0 || base32_decode(span_from(local, local.n - TOKEN_MAC_CHARS),
				   t->mac, sizeof(t->mac)) != TOKEN_MAC_BYTES)
		return false;
	t->payload_bytes = (size_t)n;
	return read_payload(t);
}

static void collect(const struct trust_settings *s, const char *text,
		    struct token_list *out)
{
	if (out->count < TOKEN_MAX_CANDIDATES &&
	    token_read(s, span_of(text), &out->tokens[out->count]))
		out->count++;
}

void token_collect(const struct trust_settings *s, const struct report *report,
		   struct token_list *out)
{
	out->count = 0;
	if (s->key_count == 0)
		return;
	for (size_t i = 0; i < report->token_count; i++)
		collect(s, report->tokens[i], out);
	collect(s, report->returned.return_path, out);
	collect(s, report->envelope_id, out);
}

bool token_is_for(const struct token *t, struct span folded_address)
{
	uint8_t mac[HASH_SHA256_BYTES];

	if (folded_address.n == 0)
		return false;
	token_mac(t->key, t->payload, t->payload_bytes, folded_address, mac);
	return gnutls_memcmp(mac, t->mac, TOKEN_MAC_BYTES) == 0;
}
