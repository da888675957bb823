#ifndef REPORT_DECODE_H
#define REPORT_DECODE_H

#include "util/buf.h"
#include "util/text.h"

/* RFC 2045 6: what a Content-Transfer-Encoding says of a body. */
enum encoding {
	ENCODING_IDENTITY, /* 7bit, 8bit, binary, and whatever is unknown */
	ENCODING_BASE64,
	ENCODING_QP,
};

/* Reads the raw field value; comments and letter case do not matter. */
enum encoding encoding_find(struct span value);
/* What words look like that a gateway took the field from. */
enum encoding encoding_unsaid(struct span words);

/*
 * Appends the decoded bytes. Never fails: what is no base64 digit is skipped,
 * a malformed "=" of quoted-printable stays as it is.
 */
void decode_base64(struct buf *out, struct span in);
void decode_qp(struct buf *out, struct span in);
/* RFC 2047 4.2: quoted-printable with '_' for a space. */
void decode_q(struct buf *out, struct span in);

/* The value of a hexadecimal digit of either case, or -1. */
int decode_hex_digit(char c);

#endif
