#ifndef STORE_CHARGE_H
#define STORE_CHARGE_H

#include "store/store.h"

/* What a fact is charged to, apart from what it says. */
struct charge {
	const char *folded, *written; /* "" where it names no address */
	int64_t address;
	bool is_new; /* the address was never spoken of before */
	const char *provider, *stream, *campaign;
	const char *token_stream, *token_send;
	enum evidence evidence;
	const char *proof;
	int64_t sent_at_s;
	bool forwarded; /* by the report's word or by the token's */
	bool has_copy_key;
	uint8_t copy_key[MESSAGE_KEY_BYTES];
};

/*
 * Finds what the i-th fact of a report is charged to and makes the address's
 * row where it is missing. Strings are borrowed, or taken from the batch.
 */
int charge_find(struct store *s, const struct store_message *m,
		const struct report *report, size_t i,
		const struct trust_result *trust, struct charge *charge_r,
		struct error *err);

/* The same for what is not recorded: no row is made, address stays 0. */
void charge_read(struct store *s, const struct store_message *m,
		 const struct report *report, size_t i,
		 const struct trust_result *trust, struct charge *charge_r);

#endif
