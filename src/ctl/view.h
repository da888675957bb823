#ifndef CTL_VIEW_H
#define CTL_VIEW_H

#include "ctl/ctl.h"
#include "ctl/settings.h"
#include "util/buf.h"

/*
 * What a command has that asks the database and prints what it says, a row
 * after the other. The store ends a question when a row cannot be written and
 * calls that success; here it is remembered, so that a list that was cut short
 * never passes for a whole one.
 */
struct ctl_view {
	struct ctl *ctl;
	struct ctl_settings settings;
	struct store *store;
	struct buf out;
	struct error err;
	size_t found; /* rows */
	bool broken;  /* standard output takes no more; err says why */
};

/*
 * Opens the database that the options name. 0, or -1 with v->err; whatever it
 * returns, ctl_view_close is to be called.
 */
int ctl_view_open(struct ctl_view *v, struct ctl *ctl, enum store_mode mode);

/*
 * Before the first row, where a person at a terminal reads them: the names of
 * their columns, each with the width of its cells, "address:36 reason:20
 * until".
 */
void ctl_view_head(struct ctl_view *v, const char *columns);
/* Writes what has gathered, once it is much. 0 or -1. */
int ctl_view_write(struct ctl_view *v);
/* Ends a row: counts it, ends its line, writes. 0 or -1. */
int ctl_view_row(struct ctl_view *v);

/* Writes the rest and closes. rc is 0, or -1 with v->err, which is told. */
enum ctl_exit ctl_view_close(struct ctl_view *v, int rc, enum ctl_exit answer);
/* The answer of a list. */
enum ctl_exit ctl_view_close_list(struct ctl_view *v, int rc);

#endif
