/*
 * Where a token of ours may have come back: the report was sent to the return
 * path that we gave, and several fields remember it. Which of them count is
 * not decided here.
 */
#include "report/tokens.h"

#include <string.h>

#include "report/facts.h"
#include "util/address.h"

/* In the order of trust: what our own side wrote comes first. */
static const char *const address_fields[] = {
	"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To",
};

#define RECEIVED_MAX 8

void tokens_add(struct report *r, struct span s)
{
	const char *text;

	s = span_trim(s);
	if (s.n == 0 || s.n > REPORT_MAX_FIELD)
		return;
	for (size_t i = 0; i < r->token_count; i++) {
		if (span_eq(span_of(r->tokens[i]), s))
			return;
	}
	if (r->token_count == REPORT_MAX_TOKENS) {
		r->partial = true;
		return;
	}
	text = facts_text(r, s, REPORT_MAX_FIELD);
	if (text[0] != '\0')
		r->tokens[r->token_count++] = text;
}

static void add_mailboxes(struct report *r, struct span raw)
{
	struct span mailbox, clean;

	while (headers_next_mailbox(&raw, &mailbox))
		if (address_find(mailbox, &clean) == 0)
			tokens_add(r, clean);
}

/* "... for <bounces@example.com>; Thu, ..." (RFC 5321 4.4). */
static void add_received(struct report *r, struct span raw)
{
	size_t at = span_find_ci(raw, SPAN("for <"));

	if (at != SPAN_NONE) {
		struct span rest = span_from(raw, at + 5);

		add_mailboxes(r, span_cut(rest, span_find_char(rest, '>')));
	}
}

void tokens_from_headers(struct report *r, const struct headers *h)
{
	for (size_t i = 0;
	     i < sizeof(address_fields) / sizeof(address_fields[0]); i++) {
		for (size_t k = 0; k < RECEIVED_MAX; k++) {
			struct span raw = headers_raw(h, address_fields[i], k);

			if (!raw.p)
				break;
			add_mailboxes(r, raw);
		}
	}
	for (size_t k = 0; k < RECEIVED_MAX; k++) {
		struct span raw = headers_raw(h, "Received", k);

		if (!raw.p)
			break;
		add_received(r, raw);
	}
}
