#ifndef UTIL_ADDRESS_H
#define UTIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"
#include "util/text.h"

/* RFC 5321 4.5.3.1 allows 64 + 1 + 255; UTF-8 forms and sloppiness get room. */
#define ADDRESS_MAX_BYTES 512

/*
 * Appends the address in its clean written form and returns 0: white space,
 * wide or without width, too, angle brackets, "mailto:", "SMTP:", quotes around
 * the whole, a source route ("@a,@b:user@host"), a trailing dot of the domain
 * taken off. Returns -1 and appends nothing when what is left cannot be an
 * address that we mailed: no '@', an empty side, control characters, spaces
 * outside quotes, too long, a domain without letters or digits. UTF-8 is
 * allowed (RFC 6531).
 */
int address_clean(struct buf *out, struct span raw)
	__attribute__((warn_unused_result));
/* The same where it stands: *clean_r is borrowed from raw's bytes. */
int address_find(struct span raw, struct span *clean_r)
	__attribute__((warn_unused_result));

/*
 * Appends the form in which addresses are compared: the domain as lower-case
 * A-labels (RFC 5890; bytes kept where IDNA refuses), the local part
 * ASCII-folded, needless quotes removed. raw is already clean.
 */
void address_fold(struct buf *out, struct span clean);

/* The part after the last '@'; empty where there is none. Borrowed. */
struct span address_domain(struct span address);
struct span address_local(struct span address);

/* True where RFC 5321 (with RFC 6531) syntax holds, byte for byte. */
bool address_is_valid(struct span clean);

/* domain equals or is below parent ("mx.example.com" below "example.com"). */
bool address_domain_is_below(struct span domain, struct span parent);

#endif
