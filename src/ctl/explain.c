/*
 * dsnctl explain: judges a bare SMTP reply, for senders who meet it inside
 * their own session and have no report to show.
 */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/settings.h"
#include "ctl/verdict.h"
#include "report/facts.h"
#include "util/address.h"

#define NOBODY "someone@example.com"

struct explain {
	struct ctl *ctl;
	const char *reply, *stage, *remote, *address;
	struct rules *rules;
	struct report report;
	struct fact *fact;
	struct judgement judgement;
	enum reason said; /* of the reply itself, were it not the last word */
	struct judgement at_rcpt; /* had RCPT been answered so */
	struct buf out;
};

/* The stage of that name, RCPT as well as rcpt; -1 where there is none. */
static int find_stage(const char *typed)
{
	char name[16];
	size_t n = 0;

	for (; typed[n] != '\0'; n++) {
		if (n == sizeof(name))
			return -1;
		name[n] = text_lower(typed[n]);
	}
	return smtp_stage_find(span_make(name, n));
}

static bool is_around(char c)
{
	return text_is_space(c) || (c & 0x80) != 0 ||
	       strchr("<>()[]{}\"',;:/", c) != NULL;
}

/*
 * The next address at or after *at_r, which is set behind it. What finds those
 * of reports would bring the parser's libraries into every dsnctl.
 */
static bool next_address(struct span text, size_t *at_r, struct span *address_r)
{
	size_t from, end, found;

	while ((found = span_find_char(span_from(text, *at_r), '@')) !=
	       SPAN_NONE) {
		from = end = *at_r + found;
		while (from > 0 && !is_around(text.p[from - 1]))
			from--;
		while (end < text.n && !is_around(text.p[end]))
			end++;
		*at_r = end;
		if (address_find(span_make(text.p + from, end - from),
				 address_r) == 0)
			return true;
	}
	return false;
}

/*
 * Whom the reply is about, where the sender does not say: the only address in
 * it, for a server names the recipient that it refuses.
 */
static struct span named_in(struct span reply)
{
	struct span first, other;
	size_t at = 0;

	if (!next_address(reply, &at, &first))
		return SPAN(NOBODY);
	while (next_address(reply, &at, &other))
		if (!span_eq_ci(first, other))
			return SPAN(NOBODY);
	return first;
}

/* A reply is what a host said: a bounce about it would carry it so. */
static int make_fact(struct explain *x, struct error *err)
{
	struct fact_draft draft;
	int stage;

	fact_draft_init(&draft);
	draft.action = ACTION_FAILED;
	draft.type = SPAN("smtp");
	draft.words = span_of(x->reply);
	draft.remote = span_of(x->remote);
	draft.address = x->address != NULL ? span_of(x->address)
					   : named_in(span_of(x->reply));
	if (x->stage != NULL) {
		stage = find_stage(x->stage);
		if (stage >= 0)
			draft.stage = (enum smtp_stage)stage;
	}
	x->report.kind = REPORT_BOUNCE;
	x->fact = facts_add(&x->report, &draft);
	if (x->fact == NULL)
		return error_set(err, ERROR_MESSAGE, "%s: not an address",
				 x->address);
	x->fact->remote_reply = x->fact->reply != 0;
	if (x->fact->reply >= 200 && x->fact->reply < 300) {
		x->fact->kind = REPORT_SUCCESS;
		x->fact->action = ACTION_DELIVERED;
	}
	return 0;
}

/* In a session a deferral is no end yet: what it says is what matters. */
static void judge_fact(struct explain *x)
{
	struct candidate first;

	judge(x->rules, x->fact, &x->judgement);
	x->said = x->judgement.reason;
	if (x->judgement.reason == REASON_EXPIRED &&
	    judge_candidates(x->rules, x->fact, &first, 1) == 1)
		x->said = first.reason;
	x->at_rcpt = x->judgement;
	if (x->fact->stage != STAGE_UNKNOWN)
		return;
	x->fact->stage = STAGE_RCPT;
	judge(x->rules, x->fact, &x->at_rcpt);
	x->fact->stage = STAGE_UNKNOWN;
}

/* The same words say that an address is dead, but only where RCPT is. */
static bool stage_decides(const struct explain *x)
{
	return x->at_rcpt.class_ == VERDICT_HARD &&
	       x->judgement.class_ != VERDICT_HARD;
}

static void print_json(struct explain *x)
{
	struct judgement said = x->judgement;
	struct json j;

	if (x->said != x->judgement.reason) {
		said.reason = x->said;
		said.class_ = reason_info(x->said)->class_;
		said.effect = reason_info(x->said)->effect;
	}
	json_init(&j, &x->out);
	json_object(&j);
	if (x->address != NULL)
		json_key_str(&j, "address", x->fact->address);
	verdict_json(&j, x->fact, &said);
	json_key_str(&j, "given_up", reason_info(x->judgement.reason)->name);
	json_key_str(&j, "at_rcpt", reason_info(x->at_rcpt.reason)->name);
	json_object_end(&j);
	buf_add_char(&x->out, '\n');
}

static void print_people(struct explain *x)
{
	const struct reason_info *said = reason_info(x->said);
	const struct judgement *v = &x->judgement;
	bool deferred = x->said != v->reason;

	buf_addf(&x->out, "%s (%s, %s)\n", said->name,
		 verdict_class_name(deferred ? said->class_ : v->class_),
		 verdict_effect_name(deferred ? said->effect : v->effect));
	print_field(&x->out, "meaning", said->meaning);
	print_field(&x->out, "advice", said->advice);
	print_field(&x->out, "rule", v->rule);
	print_field(&x->out, "words", v->words);
	if (deferred)
		buf_addf(&x->out, "    %-11s %s (%s, %s)\n", "given up",
			 reason_info(v->reason)->name,
			 verdict_class_name(v->class_),
			 verdict_effect_name(v->effect));
	if (stage_decides(x))
		buf_addf(&x->out,
			 "    %-11s %s (%s, %s): say --stage rcpt if this was "
			 "the answer to RCPT TO\n",
			 "at rcpt", reason_info(x->at_rcpt.reason)->name,
			 verdict_class_name(x->at_rcpt.class_),
			 verdict_effect_name(x->at_rcpt.effect));
	verdict_said(&x->out, x->fact);
	verdict_runners_up(&x->out, x->rules, x->fact);
}

static bool is_unexplained(enum reason r)
{
	return r == REASON_UNKNOWN || r == REASON_UNKNOWN_PERMANENT ||
	       r == REASON_UNKNOWN_TRANSIENT;
}

static int explain(struct explain *x, struct error *err)
{
	struct ctl_settings settings;
	int rc = ctl_settings_load(&settings, x->ctl, err);

	if (rc == 0) {
		x->rules = rules_load(settings.config->rules_dir, err);
		rc = x->rules != NULL ? make_fact(x, err) : -1;
	}
	if (rc == 0) {
		judge_fact(x);
		if (x->ctl->json)
			print_json(x);
		else
			print_people(x);
		rc = ctl_flush(&x->out, err);
	}
	rules_free(x->rules);
	ctl_settings_release(&settings);
	return rc;
}

enum ctl_exit ctl_explain(struct ctl *ctl, int argc, char **argv)
{
	struct explain x = {.ctl = ctl};
	const struct ctl_option own[] = {{"reply", &x.reply, NULL},
					 {"stage", &x.stage, NULL},
					 {"remote", &x.remote, NULL},
					 {"address", &x.address, NULL},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	struct error err = {ERROR_NONE, ""};
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first < argc || x.reply == NULL || x.reply[0] == '\0')
		return ctl_misuse(argv[0], "give the reply in one piece: "
					   "--reply '550 5.1.1 ...'");
	if (x.stage != NULL && find_stage(x.stage) < 0)
		return ctl_misuse(argv[0], "--stage takes connect, helo, tls, "
					   "auth, mail, rcpt, data or body");
	report_init(&x.report);
	buf_init(&x.out);
	rc = explain(&x, &err);
	buf_release(&x.out);
	report_release(&x.report);
	if (rc != 0)
		return ctl_fail(&err);
	return is_unexplained(x.said) ? CTL_NO : CTL_YES;
}
