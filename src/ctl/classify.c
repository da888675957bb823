/*
 * dsnctl classify: what dsnd would make of messages, without a database. They
 * take the same road as in the daemon: jailed parser, then judge.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/mbox.h"
#include "ctl/outcome.h"
#include "ctl/print.h"
#include "ctl/settings.h"
#include "ctl/verdict.h"
#include "ctl/walk.h"
#include "parser/parser.h"
#include "util/json.h"
#include "util/xalloc.h"
#include "verdict/verdict.h"

/* A message that the parser has. */
struct flight {
	char *path;
	uint8_t key[MESSAGE_KEY_BYTES];
};

struct classify {
	struct ctl *ctl;
	struct ctl_settings settings;
	struct parser *parser;
	struct rules *rules;
	struct outcome outcome; /* for people */
	struct flight *flights; /* a ring */
	size_t ring;
	uint64_t submitted;
	uint64_t received;
	bool failed; /* some path could not be read */
	struct buf bytes;
	struct buf out;
	struct error err;
};

static void print_json_fact(struct json *j, const struct fact *f,
			    const struct judgement *v)
{
	json_object(j);
	json_key_str(j, "address", f->address);
	if (f->final[0] != '\0')
		json_key_str(j, "final", f->final);
	json_key_str(j, "action", report_action_name(f->action));
	verdict_json(j, f, v);
	json_object_end(j);
}

static void print_json(struct classify *c, const char *path,
		       const struct report *r)
{
	struct json j;

	json_init(&j, &c->out);
	json_object(&j);
	json_key_str(&j, "file", path);
	json_key_str(&j, "kind", report_kind_name(r->kind));
	json_key(&j, "recipients");
	json_array(&j);
	for (size_t i = 0; i < r->fact_count; i++) {
		struct judgement v;

		judge(c->rules, &r->facts[i], &v);
		print_json_fact(&j, &r->facts[i], &v);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_add_char(&c->out, '\n');
}

static int print_text_fact(struct classify *c, const struct report *r, size_t i,
			   const struct store_verdict *verdict)
{
	const struct fact *f = &r->facts[i];
	const struct judgement *v = &verdict->judgement;
	struct buf *out = &c->out;
	int rc = 0;

	buf_add_str(out, "  ");
	print_text(out, f->address);
	buf_addf(out, ": %s (%s, %s)\n", reason_info(v->reason)->name,
		 verdict_class_name(v->class_), verdict_effect_name(v->effect));
	print_field(out, "failed at", f->final);
	print_field(out, "action", report_action_name(f->action));
	verdict_said(out, f);
	verdict_why(out, v);
	verdict_runners_up(out, c->rules, f);
	if (c->outcome.store != NULL)
		rc = outcome_print(&c->outcome, out, r, i, verdict, &c->err);
	return rc;
}

/* What the message says of itself and of the one that came back. */
static void print_message(struct buf *out, const struct report *r)
{
	print_field(out, "format", r->format);
	print_field(out, "from", r->from);
	print_field(out, "subject", r->subject);
	print_field(out, "reporter", r->reporting_mta);
	print_field(out, "original", r->returned.message_id);
	print_field(out, "sender", r->returned.from);
	print_field(out, "campaign", r->returned.campaign);
	if (r->partial)
		print_field(out, "partial", "a limit was met: there is more");
}

/* Without a database there is nothing to trust: what is not asked is zero. */
static struct store_verdict *verdicts_of(struct classify *c,
					 const struct report *r)
{
	struct store_verdict *verdicts;

	if (c->outcome.store != NULL)
		return intake_judge(&c->outcome.intake, r, c->ctl->now_s);
	verdicts = xcalloc(r->fact_count + 1, sizeof(*verdicts));
	for (size_t i = 0; i < r->fact_count; i++)
		judge(c->rules, &r->facts[i], &verdicts[i].judgement);
	return verdicts;
}

static int print_report(struct classify *c, const struct flight *flight,
			const struct report *r, const char *why)
{
	struct store_verdict *verdicts = verdicts_of(c, r);
	int rc = 0;

	print_text(&c->out, flight->path);
	buf_addf(&c->out, ": %s%s\n", report_kind_name(r->kind),
		 outcome_known(&c->outcome, flight->key) ? ", recorded before"
							 : "");
	print_field(&c->out, "why", why);
	print_message(&c->out, r);
	for (size_t i = 0; i < r->fact_count && rc == 0; i++)
		rc = print_text_fact(c, r, i, &verdicts[i]);
	free(verdicts);
	return rc;
}

/* Takes one report back and prints it; 1, 0 when nothing is in flight, -1. */
static int receive(struct classify *c)
{
	const char *why = NULL;
	struct report r;
	uint64_t id;
	int rc;

	report_init(&r);
	rc = parser_receive(c->parser, &id, &r, &why, &c->err);
	if (rc == 1) {
		struct flight *flight = &c->flights[id % c->ring];

		if (c->ctl->json)
			print_json(c, flight->path, &r);
		else if (print_report(c, flight, &r, why) != 0)
			rc = -1;
		free(flight->path);
		flight->path = NULL;
		c->received++;
		if (rc == 1 && ctl_flush(&c->out, &c->err) != 0)
			rc = -1;
	}
	report_release(&r);
	return rc;
}

static void unreadable_path(void *ctx, const char *path, const char *why)
{
	struct classify *c = ctx;
	struct error err;

	error_set(&err, ERROR_MESSAGE, "%s: %s", path, why);
	ctl_fail(&err);
	c->failed = true;
}

/* Hands c->bytes to the parser, and waits for it where it has enough. */
static int submit(struct classify *c, char *name)
{
	struct flight *flight;
	int rc;

	while (c->submitted - c->received >= c->ring)
		if (receive(c) < 0) {
			free(name);
			return -1;
		}
	flight = &c->flights[c->submitted % c->ring];
	flight->path = name;
	hash_message_key(c->bytes.data, c->bytes.len, flight->key);
	for (;;) {
		rc = parser_submit(c->parser, c->submitted, c->bytes.data,
				   c->bytes.len, &c->err);
		if (rc != 0)
			break;
		if (receive(c) < 0)
			return -1;
	}
	if (rc > 0)
		c->submitted++;
	return rc > 0 ? 0 : -1;
}

static char *name_of(const char *path, const struct mbox *m)
{
	struct buf name;

	buf_init(&name);
	buf_add_str(&name, path);
	if (m->several)
		buf_addf(&name, ":%zu", m->count);
	return buf_detach(&name, NULL);
}

static int submit_file(void *ctx, const char *path)
{
	struct classify *c = ctx;
	size_t max = c->settings.config->parser.report.max_bytes;
	struct error err = {ERROR_NONE, ""};
	int fd = STDIN_FILENO;
	struct mbox m;
	int got = 0, rc = 0;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		unreadable_path(c, path, strerror(errno));
		return 0;
	}
	mbox_init(&m, fd, path);
	while (rc == 0 && (got = mbox_next(&m, max, &c->bytes, &err)) == 1)
		rc = submit(c, name_of(path, &m));
	if (got < 0)
		unreadable_path(c, path, err.text);
	mbox_release(&m);
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}

static int classify_all(struct classify *c, int n, char **paths)
{
	struct walk w = {submit_file, unreadable_path, c};
	int rc = 0;

	for (int i = 0; i < n && rc == 0; i++)
		rc = walk_path(&w, paths[i]);
	while (rc == 0 && c->received < c->submitted)
		if (receive(c) != 1)
			rc = -1;
	return rc;
}

enum ctl_exit ctl_classify(struct ctl *ctl, int argc, char **argv)
{
	struct classify c = {.ctl = ctl};
	int first = ctl_options(ctl, argc, argv, NULL);
	int rc = -1;

	if (first < 0)
		return CTL_USAGE;
	if (first == argc)
		return ctl_misuse(argv[0], "name a file, a folder or -");
	if (ctl_settings_load(&c.settings, ctl, &c.err) != 0)
		return ctl_fail(&c.err);
	buf_init(&c.bytes);
	buf_init(&c.out);
	c.ring = c.settings.config->parser.window_messages;
	c.flights = xcalloc(c.ring, sizeof(*c.flights));
	c.rules = rules_load(c.settings.config->rules_dir, &c.err);
	if (c.rules == NULL ||
	    (!ctl->json &&
	     outcome_open(&c.outcome, ctl, &c.settings, c.rules, &c.err) != 0))
		goto out;
	c.parser = parser_open(&c.settings.config->parser, &c.err);
	if (c.parser == NULL)
		goto out;
	rc = classify_all(&c, argc - first, argv + first);
out:
	if (rc != 0)
		ctl_fail(&c.err);
	parser_close(c.parser);
	outcome_close(&c.outcome);
	rules_free(c.rules);
	for (size_t i = 0; i < c.ring; i++)
		free(c.flights[i].path);
	free(c.flights);
	buf_release(&c.bytes);
	buf_release(&c.out);
	ctl_settings_release(&c.settings);
	return rc != 0 || c.failed ? CTL_FAILURE : CTL_YES;
}
