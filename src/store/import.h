#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "store/store.h"

/*
 * Suppressions from elsewhere, in large numbers. They are gathered in a
 * temporary table, without the write lock, and applied in one transaction. What
 * was imported before is left out, so the same list twice is the list once.
 */
struct store_import_row {
	struct span address; /* or "@example.com" for a whole domain */
	const char *stream;  /* "" for all */
	const char *note;    /* why; kept in the audit trail */
	const char *reason;  /* why, by our name for it, or "" */
	int64_t at_s;	     /* when it began there, or 0: not known */
	int64_t until_s;     /* its end, or 0 */
};
struct store_import_result {
	int64_t given; /* addresses and streams, each once */
	int64_t known; /* of them imported before */
	int64_t added;
};

/* Forgets what was gathered. */
int store_import_begin(struct store *s, struct error *err);
/* An address that is none is a MESSAGE error and is not gathered. */
int store_import_add(struct store *s, const struct store_import_row *row,
		     struct error *err);
/*
 * Applies what was gathered, as decided by who at its own time, else at now_s;
 * with dry_run it only counts. progress (may be NULL) is told how far it is.
 */
int store_import_apply(struct store *s, const char *who, int64_t now_s,
		       bool dry_run, store_progress_fn progress, void *ctx,
		       struct store_import_result *result_r, struct error *err);

#endif
