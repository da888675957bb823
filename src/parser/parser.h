#ifndef PARSER_PARSER_H
#define PARSER_PARSER_H

#include <stddef.h>
#include <stdint.h>

#include "report/report.h"
#include "util/error.h"

/*
 * The client of dsnd-parse: sends messages to a jailed worker and takes their
 * facts back. What comes back is treated as hostile. The worker is started
 * when it is first needed and again after it died.
 */

struct parser_settings {
	const char *program; /* path of dsnd-parse; NULL or "": found */
	struct report_settings report;
	int64_t message_ms;	  /* wall clock for one message; 5000 */
	size_t memory_bytes;	  /* RLIMIT_AS of the worker; 512 MiB */
	unsigned recycle_after;	  /* messages per worker; 10000 */
	size_t window_bytes;	  /* in flight; 4 MiB */
	unsigned window_messages; /* in flight; 128 */
};
void parser_settings_init(struct parser_settings *s);

struct parser;

/* The program that will be run, which need not be there; caller frees. */
char *parser_program(const struct parser_settings *settings);

/* settings is borrowed until close. Starts nothing yet. */
struct parser *parser_open(const struct parser_settings *settings,
			   struct error *err);
void parser_close(struct parser *p);

/*
 * Takes a copy of one message into the window. Returns 1; 0 when the window is
 * full (receive first); -1 with FATAL when no worker can be started. id is the
 * caller's and comes back with the report.
 */
int parser_submit(struct parser *p, uint64_t id, const char *bytes, size_t n,
		  struct error *err);

/*
 * The next report, in the order of submission. Returns 1 with *id_r and *r
 * (initialised by the caller with report_init; caller releases it); 0 when
 * nothing is in flight; -1 with FATAL. A message that killed the worker, hung
 * or overran it comes back as REPORT_UNREADABLE, alone: the others of the
 * window are sent again to a new worker. So is the message itself, unless that
 * worker had answered nothing before; it may take three times message_ms
 * therefore, as answers that the first worker kept back are asked for again. A
 * worker that just ends is to have ended twice on it.
 * why_r (may be NULL) points to a static text for unreadable ones.
 */
int parser_receive(struct parser *p, uint64_t *id_r, struct report *r,
		   const char **why_r, struct error *err);

size_t parser_in_flight(const struct parser *p);
/* Workers that died of a message since parser_open. */
uint64_t parser_deaths(const struct parser *p);

#endif
