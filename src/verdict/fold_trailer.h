#ifndef VERDICT_FOLD_TRAILER_H
#define VERDICT_FOLD_TRAILER_H

#include <stddef.h>

#include "report/report.h"
#include "util/text.h"

/*
 * Where what a host appends to its replies begins: its name and the time in
 * brackets, the number of the session, a link; s.n where nothing is. It was
 * said about fact. "550 no such user [mx7.example.net 2026-11-23T10:00:00Z
 * 08DE2A1B]"
 */
size_t fold_trailer(struct span s, const struct fact *fact);

#endif
