#ifndef REPORT_XTEXT_H
#define REPORT_XTEXT_H

#include "util/buf.h"
#include "util/text.h"

/*
 * RFC 3461 4: appends the decoded value and returns 0; -1, and nothing
 * appended, where s is malformed (a lone '+', lower-case digits, a byte
 * outside 33..126, '=') or hides a control character or 8-bit byte.
 */
int xtext_decode(struct buf *out, struct span s)
	__attribute__((warn_unused_result));

/*
 * RFC 6533 3: undoes "\x{HEX}" of utf-8-addr-xtext and utf-8-addr-unitext.
 * Returns -1, and appends nothing, where an escape stands for what needs none
 * or must not occur in an address: controls, space, surrogates. Hexadecimal
 * digits of either case are read.
 */
int xtext_decode_utf8(struct buf *out, struct span s)
	__attribute__((warn_unused_result));

/*
 * Appends the mailbox of a typed address field ("rfc822; user@example.com",
 * "utf-8;\x{4E2D}@example.com"), clean (address_clean). The type may be
 * missing. Returns -1, and appends nothing, where it is no address that one
 * could have mailed.
 */
int xtext_address(struct buf *out, struct span field)
	__attribute__((warn_unused_result));

/* The part behind "type;" of a field, or all of it; type_r may be NULL. */
struct span xtext_typed(struct span field, struct span *type_r);

#endif
