#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

/* What the Makefile makes of sql/NNN-*.sql and sql/views.sql. */
extern const unsigned char *const migration_texts[]; /* NUL-terminated */
extern const unsigned char *const views_text;
extern const int migration_count; /* the version of the database */

struct store;
struct error;
/* Makes everything in an empty database, without a transaction of its own. */
int migrate_build(struct store *s, struct error *err);

/* How many steps it is behind, 0 when it is empty; -1, FATAL, where refused. */
int migrate_would(struct store *s, struct error *err);

/* Stands in the file's header: file(1) and we know our own by it. */
#define STORE_APPLICATION_ID 0x64736e64 /* "dsnd" */

#endif
