#ifndef CTL_OUTCOME_H
#define CTL_OUTCOME_H

#include "ctl/ctl.h"
#include "ctl/settings.h"
#include "intake/intake.h"

/*
 * What a message would do, were it to arrive now: asked of the database, where
 * there is one that we may read. Without one nothing is said.
 */
struct outcome {
	struct store *store; /* NULL: there is none to ask */
	struct mailbox_settings mailbox;
	struct intake intake;
	int64_t now_s;
	struct arena arena;
};

/*
 * settings and rules are borrowed until outcome_close. A database that was
 * named has to be there: 0, or -1 with err.
 */
int outcome_open(struct outcome *o, const struct ctl *ctl,
		 const struct ctl_settings *settings, const struct rules *rules,
		 struct error *err);
void outcome_close(struct outcome *o);

/* Whether a message of this key was recorded before. */
bool outcome_known(struct outcome *o, const uint8_t key[MESSAGE_KEY_BYTES]);

/* Evidence and outcome of one fact, as two lines. verdict: intake_judge. */
int outcome_print(struct outcome *o, struct buf *out,
		  const struct report *report, size_t i,
		  const struct store_verdict *verdict, struct error *err);

#endif
