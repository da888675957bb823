#ifndef TRUST_NETWORK_H
#define TRUST_NETWORK_H

#include <stdbool.h>

#include "util/text.h"

/*
 * Address literals in text. Takes the next IPv4 or IPv6 address off *rest:
 * digits and dots, or hex digits and at least two colons (IPv6: before it is
 * passed over). False when there is none left.
 */
bool network_next_address(struct span *rest, struct span *address_r);

/* address lies in one of the networks ("192.0.2.0/24", NULL-terminated). */
bool network_contains(const char *const *networks, struct span address);

/* network is well-formed; for the configuration's check. */
bool network_is_valid(const char *network);

#endif
