#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/contribution.h"
#include "store/mend.h"
#include "util/buf.h"

/* One verification; everything is read in one snapshot. */
struct verify {
	struct store *s;
	int64_t now_s;
	const struct store_inspector *to;
	size_t found;
	bool stopped;	   /* the caller has had enough */
	int64_t thinned_s; /* retention took facts that arrived before */
	struct buf stored, computed, subject;
};

/* Counts a difference and tells it. */
void verify_tell(struct verify *v, const char *what, const char *subject,
		 const char *stored, const char *computed);
/* Tells every row of one query of sql/queries/verify.sql and ends it. */
struct query;
int verify_query(struct verify *v, const char *what, struct query *q,
		 struct error *err);

/* The file, its references and what single rows must be. */
int verify_rows(struct verify *v, struct error *err);
/* Tables, indexes and views are those that this program makes. */
int verify_schema(struct verify *v, struct error *err);

/* Counts: begin, add each address, compare. */
int verify_counts_begin(struct verify *v, struct error *err);
int verify_counts_add(struct verify *v, int64_t address,
		      const struct history *h, struct arena *a,
		      struct error *err);
int verify_counts(struct verify *v, struct error *err);
void verify_counts_end(struct verify *v);
/* The flags of hours, of guards and of the breaker. */
int verify_flags(struct verify *v, struct error *err);

#endif
