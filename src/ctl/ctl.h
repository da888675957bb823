#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "util/buf.h"
#include "util/error.h"

/* Exit statuses, the same for every command. */
enum ctl_exit {
	CTL_YES,     /* success; check: all mailable */
	CTL_NO,	     /* no; nothing found; check: one is suppressed */
	CTL_USAGE,   /* wrong use */
	CTL_FAILURE, /* it could not be done */
	/* ingest: no event of that provider; sysexits(3) EX_DATAERR */
	CTL_DATAERR = 65,
	/* ingest: not now; sysexits(3) EX_TEMPFAIL, as mail servers read it */
	CTL_TEMPFAIL = 75,
};

/* What every command gets. */
struct ctl {
	const char *config_path; /* -c, or NULL */
	const char *db_path;	 /* --db, or NULL */
	bool json;		 /* one object a line */
	bool terminal;		 /* standard output is one */
	int64_t now_s;		 /* the clock, or --now for tests */
};

/* An option of one command, beside -c --db --json --now of all. */
struct ctl_option {
	const char *name;   /* long name; NULL ends a table */
	const char **value; /* takes an argument, or ... */
	bool *flag;	    /* ... is set to true */
};

struct ctl_command {
	const char *name;
	const char *usage;   /* what follows the name */
	const char *summary; /* one line */
	enum ctl_exit (*run)(struct ctl *ctl, int argc, char **argv);
};

extern const struct ctl_command ctl_commands[]; /* name NULL ends it */

/*
 * Reads the options of a command, common ones and its own (NULL: none), in any
 * place. argv[0] is the command. Returns the index of the first operand, or -1
 * after the mistake was explained on standard error.
 */
int ctl_options(struct ctl *ctl, int argc, char **argv,
		const struct ctl_option *own);

/* The same for a command that has no operands: 0, or -1. */
int ctl_options_only(struct ctl *ctl, int argc, char **argv,
		     const struct ctl_option *own);

/* Explains on standard error what was wrong and how to call it. */
enum ctl_exit ctl_misuse(const char *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Prints "dsnctl: text" and returns CTL_FAILURE. */
enum ctl_exit ctl_fail(const struct error *err);

/*
 * Writes the buffer to standard output and empties it; 0, or -1 with err, which
 * may be NULL and has no text where nobody reads any more.
 */
int ctl_flush(struct buf *out, struct error *err);

/* The commands, one file a group. */
enum ctl_exit ctl_check(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_show(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_list(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_changes(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_classify(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_rules(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_explain(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_suppress(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_forget(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_release(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_allow(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_pending(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_undo(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_quarantine(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_filter(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_export(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_import(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_ingest(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_policy(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_reclassify(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_sent(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_sign(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_stats(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_report(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_bounces(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_due(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_backup(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_restore(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_verify(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_dump(struct ctl *ctl, int argc, char **argv);
enum ctl_exit ctl_status(struct ctl *ctl, int argc, char **argv);

#endif
