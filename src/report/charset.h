#ifndef REPORT_CHARSET_H
#define REPORT_CHARSET_H

#include "util/buf.h"
#include "util/text.h"

/*
 * Appends bytes of a named charset as valid UTF-8. Never fails, never loses
 * the readable part: an unknown or wrong name, and bytes that the charset
 * does not have, fall back to what the bytes themselves look like (UTF-8,
 * ISO-2022-JP escapes, else Windows-1252). The name may be empty.
 */
void charset_to_utf8(struct buf *out, struct span bytes, struct span charset);

#endif
