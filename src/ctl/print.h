#ifndef CTL_PRINT_H
#define CTL_PRINT_H

#include <stdint.h>

#include "ctl/ctl.h"
#include "store/store.h"
#include "util/json.h"
#include "util/num.h"

/* What several commands print alike. Nothing reaches a terminal unescaped. */

/* "    label      value\n", escaped; nothing where the value is empty. */
void print_field(struct buf *out, const char *label, const char *value);
/* The same for a time; nothing where it is 0. */
void print_time(struct buf *out, const char *label, int64_t epoch_s);
void print_text(struct buf *out, const char *value);

/*
 * One cell of a table row: padded to width on a terminal, followed by a tab
 * elsewhere, so that a pipe gets plain and stable columns. An empty one is "-".
 */
void print_cell(const struct ctl *ctl, struct buf *out, const char *value,
		unsigned width);
/* One that is a number. */
void print_cell_int(const struct ctl *ctl, struct buf *out, int64_t n,
		    unsigned width);
#define PRINT_ID_WIDTH 8

/* One event of an address's history, as an object. */
void json_event(struct json *j, const struct store_event *e);

/* "no end" or the time. */
const char *print_until(int64_t until_s, char out[NUM_TIME_BYTES]);

#endif
