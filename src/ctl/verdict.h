#ifndef CTL_VERDICT_H
#define CTL_VERDICT_H

#include "report/report.h"
#include "util/buf.h"
#include "util/json.h"
#include "verdict/verdict.h"

/* One judged recipient, as classify and explain show it. */

/* The keys of the judgement, into an object that is open. */
void verdict_json(struct json *j, const struct fact *f,
		  const struct judgement *v);

/* reply, stage, host, text: what was said. */
void verdict_said(struct buf *out, const struct fact *f);

/* The rule, its words and the reason's advice. */
void verdict_why(struct buf *out, const struct judgement *v);

/* The rules that hold beside the one that decided, one a line. */
void verdict_runners_up(struct buf *out, const struct rules *rules,
			const struct fact *f);

#endif
