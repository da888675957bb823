#ifndef STORE_STATE_TEXT_H
#define STORE_STATE_TEXT_H

#include "store/state.h"
#include "util/buf.h"

/*
 * Appends a state as JSON: no row ids, nothing that depends on when it was
 * made. Only what is in force at now_s is told; 0 tells all. With the history
 * (else NULL) what began a suppression is told by its content key.
 */
void address_state_text(struct buf *out, const struct state *st,
			const struct history *h, int64_t now_s);

#endif
