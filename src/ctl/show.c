/* dsnctl show: everything about one address, and why. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/view.h"
#include "store/show.h"
#include "util/num.h"

struct show {
	struct ctl_view view; /* its rows are events */
	struct json json;
};

static void suppression_text(struct show *w, const struct store_suppression *s)
{
	struct buf *out = &w->view.out;
	char until[NUM_TIME_BYTES];
	int reason = reason_find(span_of(s->reason));

	/* What a person decided has no reason but its source. */
	if (s->reason[0] == '\0')
		buf_addf(out, "  suppressed: %s\n", s->source);
	else
		buf_addf(out, "  suppressed: %s (%s)\n", s->reason, s->class_);
	if (strcmp(s->scope, "domain") == 0)
		print_field(out, "scope", s->address);
	print_field(out, "stream", s->stream);
	print_field(out, "source", s->source);
	print_field(out, "evidence", s->evidence);
	if (s->reason[0] != '\0')
		buf_addf(out, "    %-11s %lld\n", "failures",
			 (long long)s->hits);
	print_time(out, "since", s->since_s);
	print_field(out, "until", print_until(s->until_s, until));
	print_field(out, "note", s->note);
	if (reason >= 0)
		print_field(out, "advice",
			    reason_info((enum reason)reason)->advice);
}

static void soft_text(struct show *w, const struct store_soft *s)
{
	struct buf *out = &w->view.out;

	buf_addf(out, "  soft bounces: %lld of %lld%s\n", (long long)s->count,
		 (long long)s->threshold,
		 s->probation ? ", on probation: one more suppresses" : "");
	print_field(out, "stream", s->stream);
	print_field(out, "reasons", s->reasons);
	print_time(out, "first", s->first_at_s);
	print_time(out, "last", s->last_at_s);
	print_time(out, "promotes", s->promotes_at_s);
	print_time(out, "try again", s->due_at_s);
	print_time(out, "give up", s->give_up_at_s);
}

/* A complaint or an answer of a machine has no action of its own. */
static const char *verb_of(const struct store_event *e)
{
	if (e->action[0] != '\0' && strcmp(e->action, "unknown") != 0)
		return e->action;
	return strcmp(e->kind, "complaint") == 0 ? "complained" : e->kind;
}

/* Of what is held against the sender nothing above says what to do. */
static void reason_text(struct buf *out, const struct store_event *e)
{
	int reason = reason_find(span_of(e->reason));

	if (reason < 0)
		return;
	print_field(out, "meaning", reason_info((enum reason)reason)->meaning);
	if (strcmp(e->class_, "block") == 0)
		print_field(out, "advice",
			    reason_info((enum reason)reason)->advice);
}

static int event_text(void *ctx, const struct store_event *e)
{
	struct show *w = ctx;
	struct buf *out = &w->view.out;
	char at[NUM_TIME_BYTES];

	if (w->view.found++ == 0)
		buf_add_str(out, "  history:\n");
	/* What dsnd says of our own domains is before all times. */
	buf_addf(out, "  %s %s",
		 e->at_s == 0 ? "from the start" : num_time_format(e->at_s, at),
		 verb_of(e));
	if (e->reason[0] != '\0')
		buf_addf(out, " %s (%s, %s)", e->reason, e->class_, e->effect);
	buf_add_char(out, '\n');
	reason_text(out, e);
	print_field(out, "applied", e->applied);
	print_time(out, "until", e->until_s);
	print_field(out, "stream", e->stream);
	print_field(out, "status", e->status);
	if (e->reply > 0)
		buf_addf(out, "    %-11s %lld\n", "reply", (long long)e->reply);
	print_field(out, "stage", e->stage);
	print_field(out, "remote", e->remote);
	print_field(out, "text", e->diagnostic);
	print_field(out, "rule", e->rule);
	print_field(out, "words", e->words);
	print_field(out, "evidence", e->evidence);
	print_field(out, "because", e->proof);
	print_field(out, "failed at", e->final);
	print_field(out, "campaign", e->campaign);
	print_field(out, "message", e->message_id);
	print_field(out, "mailbox", e->mailbox);
	print_field(out, "who", e->who);
	/* Who holds a verdict says it in one word: the others say why. */
	if (strcmp(e->applied, "held") == 0) {
		print_field(out, "held by", e->why);
	} else {
		print_field(out, "how", e->why);
		print_field(out, "note", e->note);
	}
	return ctl_view_write(&w->view);
}

static int event_json(void *ctx, const struct store_event *e)
{
	struct show *w = ctx;

	w->view.found++;
	json_event(&w->json, e);
	return 0;
}

static void soft_json(struct json *j, const struct store_soft *s)
{
	json_object(j);
	json_key_str(j, "stream", s->stream);
	json_key_str(j, "reasons", s->reasons);
	json_key_int(j, "count", s->count);
	json_key_int(j, "threshold", s->threshold);
	json_key_time(j, "first_at", s->first_at_s);
	json_key_time(j, "last_at", s->last_at_s);
	json_key_int(j, "step", s->step);
	json_key_bool(j, "probation", s->probation);
	json_key_time(j, "promotes_at", s->promotes_at_s);
	json_key_time(j, "due_at", s->due_at_s);
	json_key_int(j, "attempts_left", s->attempts_left);
	json_key_time(j, "give_up_at", s->give_up_at_s);
	json_object_end(j);
}

/* Where dead addresses are mailable, that is why. */
static bool observes(const struct show *w)
{
	return w->view.settings.config->policy.mode == POLICY_OBSERVE;
}

static int show_json(struct show *w, const char *address,
		     const struct store_state *state)
{
	struct json *j = &w->json;
	int rc;

	json_init(j, &w->view.out);
	json_object(j);
	json_key_str(j, "address", state->answer.folded);
	json_key_bool(j, "mailable", state->answer.mailable);
	json_key_bool(j, "allowed", state->answer.allowed);
	json_key_str(j, "mode", observes(w) ? "observe" : "enforce");
	json_key(j, "suppressions");
	json_array(j);
	for (size_t i = 0; i < state->suppression_count; i++) {
		json_object(j);
		json_suppression(j, &state->suppressions[i]);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "soft");
	json_array(j);
	for (size_t i = 0; i < state->soft_count; i++)
		soft_json(j, &state->softs[i]);
	json_array_end(j);
	json_key(j, "history");
	json_array(j);
	rc = store_history(w->view.store, span_of(address), event_json, w,
			   &w->view.err);
	json_array_end(j);
	json_object_end(j);
	buf_add_char(&w->view.out, '\n');
	return rc;
}

/* Allowed is not enough against a complaint or a person's later word. */
static const char *verdict_of(const struct show *w,
			      const struct store_answer *a)
{
	if (!a->mailable)
		return ": not mailable\n";
	if (a->domain_allowed)
		return ": mailable, always allowed with all of its domain\n";
	if (a->allowed)
		return ": mailable, always allowed\n";
	return observes(w) ? ": mailable: policy.mode is observe\n"
			   : ": mailable\n";
}

static int show_text(struct show *w, const char *address,
		     const struct store_state *state)
{
	print_text(&w->view.out, state->answer.folded);
	buf_add_str(&w->view.out, verdict_of(w, &state->answer));
	for (size_t i = 0; i < state->suppression_count; i++)
		suppression_text(w, &state->suppressions[i]);
	for (size_t i = 0; i < state->soft_count; i++)
		soft_text(w, &state->softs[i]);
	return store_history(w->view.store, span_of(address), event_text, w,
			     &w->view.err);
}

static int show_one(struct show *w, const char *address)
{
	struct store_state state;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = store_show(w->view.store, span_of(address), w->view.ctl->now_s,
			&arena, &state, &w->view.err);
	if (rc == 0)
		rc = w->view.ctl->json ? show_json(w, address, &state)
				       : show_text(w, address, &state);
	/* What is in force may come from its domain, or outlast its history. */
	w->view.found += state.suppression_count + state.soft_count;
	if (rc == 0 && w->view.found == 0 && !w->view.ctl->json)
		buf_add_str(&w->view.out, "  nothing is known about it\n");
	arena_release(&arena);
	return rc;
}

enum ctl_exit ctl_show(struct ctl *ctl, int argc, char **argv)
{
	int first = ctl_options(ctl, argc, argv, NULL);
	struct show w;
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first + 1 != argc)
		return ctl_misuse(argv[0], "name one address");
	rc = ctl_view_open(&w.view, ctl, STORE_READ);
	if (rc == 0)
		rc = show_one(&w, argv[first]);
	return ctl_view_close_list(&w.view, rc);
}
