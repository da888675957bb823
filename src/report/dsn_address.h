#ifndef REPORT_DSN_ADDRESS_H
#define REPORT_DSN_ADDRESS_H

#include <stdbool.h>

#include "report/headers.h"
#include "report/report.h"
#include "util/buf.h"

/*
 * Whom we mailed and who failed, out of the address fields of one recipient's
 * group (design: never a forward target, never a name without a domain, never
 * our own sender).
 */
struct dsn_address {
	struct buf address; /* the one we mailed, clean */
	struct buf final;   /* the one that failed, if another */
};

void dsn_address_init(struct dsn_address *a);
void dsn_address_release(struct dsn_address *a);

/* Whether this group is that of the recipient to whom we had written. */
bool dsn_address_names(const struct report *r, const struct headers *h);

/*
 * sole: the report speaks of this one only. mailed_named: a group of the report
 * is that one's own, so that nobody else in it had got our mail from there.
 * Returns false where no field names a usable address.
 */
bool dsn_address_read(struct dsn_address *a, const struct report *r,
		      const struct headers *h, bool sole, bool mailed_named);

#endif
