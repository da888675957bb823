#ifndef STORE_FACT_H
#define STORE_FACT_H

#include "store/store.h"

/* Records the i-th fact of a report, its judgement and its proof. */
int fact_add(struct store *s, int64_t message, const struct store_message *m,
	     const struct report *report, size_t i,
	     const struct store_verdict *verdict, struct error *err);
/*
 * The same fact in a copy that arrived earlier: it is charged by what that one
 * proves. What was judged stays.
 */
int fact_charge_again(struct store *s, int64_t message,
		      const struct store_message *m,
		      const struct report *report, size_t i,
		      const struct trust_result *trust, struct error *err);

#endif
