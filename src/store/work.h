#ifndef STORE_WORK_H
#define STORE_WORK_H

#include <stdint.h>

#include "util/error.h"

struct store;
struct pending_fact;

/*
 * One piece of work: a transaction that changes what is known of some
 * addresses and ends in folding them and whomever it concerns as well.
 */
int work_begin(struct store *s, struct error *err);
/*
 * To be called before rows of an address's facts change, so that what it adds
 * to shared counts is known. What is kept of it is written.
 */
int work_touch(struct store *s, int64_t address, struct error *err);
/*
 * A batch of reports keeps its facts in memory until it commits: what they did
 * is known then, and each row is written once.
 */
int work_keep_facts(struct store *s, struct error *err);
/* Records a fact: keeps it, or writes it where its address was touched. */
int work_record(struct store *s, struct pending_fact *p, struct error *err);
/*
 * Writes what is kept of the addresses that a message is about: to be called
 * before rows of its facts are changed. What those facts did is written as an
 * update then.
 */
int work_write_message(struct store *s, int64_t message, struct error *err);
/* Only its decisions or its surroundings change. */
void work_refold(struct store *s, int64_t address);
/*
 * The same of one among many, perhaps: beyond WORK_MAX_REFOLDS of them they
 * are marked as out of date and left to store_expire, so that a crowd does not
 * keep others from the write lock. Questions fold what is marked on the spot.
 */
void work_refold_some(struct store *s, int64_t address);
#define WORK_MAX_REFOLDS 1000
/* Folds everything touched: what the database says then is what it will. */
int work_fold(struct store *s, int64_t now_s, struct error *err);
/* The same, and commits; rolls back after an error. */
int work_commit(struct store *s, int64_t now_s, struct error *err);
void work_abort(struct store *s);

#endif
