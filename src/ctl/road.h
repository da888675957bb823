#ifndef CTL_ROAD_H
#define CTL_ROAD_H

#include "ctl/ctl.h"
#include "ctl/settings.h"
#include "intake/intake.h"

/*
 * The daemon's road for commands that bring something in: configuration,
 * rules, database, parser, and the mailbox whose settings apply.
 */
struct ctl_road {
	struct ctl_settings settings;
	struct store *store;
	struct rules *rules;
	struct parser *parser;
	struct mailbox_settings own; /* of a name that is not configured */
	struct intake intake;
};

/*
 * Opens everything but the mailbox. Whatever it returns, ctl_road_close may be
 * called; it accepts a zeroed one too.
 */
int ctl_road_open(struct ctl_road *r, const struct ctl *ctl, struct error *err);
void ctl_road_close(struct ctl_road *r);

/* The settings of a mailbox, or NULL where none of that name is configured. */
const struct mailbox_settings *ctl_road_find(const struct ctl_road *r,
					     const char *name);

/*
 * What comes in from here on belongs to this mailbox. One that is not
 * configured has the defaults, but for trusted. name is borrowed. 0 or -1.
 */
int ctl_road_mailbox(struct ctl_road *r, const char *name, bool trusted,
		     struct error *err);

#endif
