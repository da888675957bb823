/* The last lines of classify: what would happen to the address. */
#include "ctl/outcome.h"

#include <string.h>
#include <unistd.h>

#include "ctl/print.h"
#include "store/foresee.h"
#include "util/num.h"

int outcome_open(struct outcome *o, const struct ctl *ctl,
		 const struct ctl_settings *settings, const struct rules *rules,
		 struct error *err)
{
	bool named = ctl->db_path != NULL || ctl->config_path != NULL;
	int rc = -1;

	memset(o, 0, sizeof(*o));
	arena_init(&o->arena);
	o->now_s = ctl->now_s;
	mailbox_settings_init(&o->mailbox);
	/* Explaining needs no database; one may not exist or not be ours. */
	if (ctl->db_path == NULL && access(settings->db_path, R_OK) != 0)
		return 0;
	o->store = ctl_store_reach(settings, STORE_READ, err);
	if (o->store != NULL)
		rc = intake_init(&o->intake, settings->config, &o->mailbox,
				 rules, o->store, err);
	if (rc == 0 || named)
		return rc;
	store_close(o->store);
	o->store = NULL;
	return 0;
}

void outcome_close(struct outcome *o)
{
	store_close(o->store);
	arena_release(&o->arena);
}

bool outcome_known(struct outcome *o, const uint8_t key[MESSAGE_KEY_BYTES])
{
	struct store_message m;
	struct store_known known;

	if (o->store == NULL)
		return false;
	m = intake_name(&o->intake, key, o->now_s);
	return store_message_known(o->store, &m, &known, NULL) == 1;
}

static void say_stop(struct buf *out, const char *verb,
		     const struct store_foresight *f)
{
	char until[NUM_TIME_BYTES];

	buf_addf(out, "%s (%s), %s%s", verb, f->source,
		 f->until_s != 0 ? "until " : "",
		 print_until(f->until_s, until));
}

static void say_count(struct buf *out, const struct store_foresight *f)
{
	char at[NUM_TIME_BYTES];

	buf_addf(out, "counts: %lld of %lld soft failures", (long long)f->count,
		 (long long)f->threshold);
	if (f->promotes_at_s != 0)
		buf_addf(out, ", suppresses not before %s",
			 num_time_format(f->promotes_at_s, at));
}

static void say(struct buf *out, const struct store_foresight *f,
		const struct judgement *v)
{
	bool acts = v->effect == EFFECT_SUPPRESS || v->effect == EFFECT_COUNT;

	if (f->address[0] == '\0')
		buf_add_str(out, "none: it names no address");
	else if (strcmp(f->applied, "held") == 0)
		buf_add_str(out, "held, for a person or for its time");
	else if (!f->mailable && f->was_mailable)
		say_stop(out, "would be suppressed", f);
	else if (!f->mailable)
		say_stop(out, "is suppressed", f);
	else if (!f->was_mailable)
		buf_add_str(out, "would be mailable again");
	else if (acts && strcmp(f->applied, "yes") == 0 && f->count > 0)
		say_count(out, f);
	else
		buf_add_str(out, "stays mailable");
}

int outcome_print(struct outcome *o, struct buf *out,
		  const struct report *report, size_t i,
		  const struct store_verdict *verdict, struct error *err)
{
	static const uint8_t key[MESSAGE_KEY_BYTES];
	struct store_message m = intake_name(&o->intake, key, o->now_s);
	struct store_foresight f;
	struct buf text;

	arena_reset(&o->arena);
	if (store_foresee(o->store, &m, report, i, verdict, o->now_s, &o->arena,
			  &f, err) != 0)
		return -1;
	buf_init(&text);
	buf_addf(&text, "%s: %s", evidence_name(verdict->trust.evidence),
		 verdict->trust.why);
	print_field(out, "evidence", text.data);
	buf_reset(&text);
	say(&text, &f, &verdict->judgement);
	print_field(out, "outcome", text.data);
	buf_release(&text);
	return 0;
}
