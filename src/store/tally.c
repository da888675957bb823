/* Counters are few and messages many: each is written once a batch. */
#include "store/tally.h"

#include <string.h>

#include "store/internal.h"

void tally_clear(struct tally *t)
{
	memset(t, 0, sizeof(*t));
}

void tally_verdict(struct tally *t, const struct judgement *j)
{
	t->verdicts[j->reason][j->class_]++;
	t->any_verdict = true;
}

static int write_messages(struct store *s, int64_t now_s, struct error *err)
{
	struct tally *t = &s->tally;
	int64_t sum = 0;
	struct query q;

	for (enum report_kind k = 0; k < REPORT_KIND_COUNT; k++) {
		const char *labels;

		if (t->messages[k] == 0)
			continue;
		sum += t->messages[k];
		labels = arena_printf(&s->arena, "mailbox=\"%s\",kind=\"%s\"",
				      t->mailbox, report_kind_name(k));
		if (store_metric_add(s, "messages_total", labels,
				     t->messages[k], err))
			return -1;
	}
	query_start(&q, s, Q_MAILBOX_MESSAGES);
	query_text(&q, t->mailbox);
	query_int(&q, sum);
	query_int(&q, now_s);
	return query_run(&q, err);
}

static int write_verdicts(struct store *s, struct error *err)
{
	for (enum reason r = 0; r < REASON_COUNT; r++)
		for (enum verdict_class c = 0; c < VERDICT_CLASS_COUNT; c++) {
			unsigned n = s->tally.verdicts[r][c];
			const char *labels;

			if (n == 0)
				continue;
			labels = arena_printf(
				&s->arena, "class=\"%s\",reason=\"%s\"",
				verdict_class_name(c), reason_info(r)->name);
			if (store_metric_add(s, "verdicts_total", labels, n,
					     err))
				return -1;
		}
	return 0;
}

int tally_message(struct store *s, const char *mailbox, enum report_kind kind,
		  struct error *err)
{
	struct tally *t = &s->tally;

	if (t->mailbox && strcmp(t->mailbox, mailbox) != 0) {
		if (write_messages(s, 0, err))
			return -1;
		memset(t->messages, 0, sizeof(t->messages));
		t->mailbox = NULL;
	}
	if (!t->mailbox)
		t->mailbox = arena_strdup(&s->arena, mailbox);
	t->messages[kind]++;
	return 0;
}

int tally_write(struct store *s, int64_t now_s, struct error *err)
{
	struct tally *t = &s->tally;

	if (t->mailbox && write_messages(s, now_s, err))
		return -1;
	if (t->any_verdict && write_verdicts(s, err))
		return -1;
	tally_clear(t);
	return 0;
}
