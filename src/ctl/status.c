/* dsnctl status and dump: how it goes, and all there is. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/view.h"
#include "util/num.h"

struct overview {
	struct ctl_view view;
	struct json json;
	/* Of those that are configured: the database has it. */
	bool known[CONFIG_MAX_MAILBOXES];
};

/* Where no file was read, nothing is known of what anybody is to read. */
static bool has_file(const struct config *c)
{
	return c->path[0] != '\0';
}

/* Its place, or mailbox_count. */
static size_t find(const struct config *c, const char *name)
{
	size_t i = 0;

	while (i < c->mailbox_count && strcmp(c->mailboxes[i].name, name) != 0)
		i++;
	return i;
}

static bool is_configured(const struct config *c, const char *name)
{
	return find(c, name) < c->mailbox_count || !has_file(c);
}

/* What is piped to us has a name of its own that nobody is to read. */
static const char *unread(const struct config *c, const struct store_mailbox *m)
{
	if (is_configured(c, m->name))
		return "";
	return m->heartbeat_s == 0 ? "; from dsnctl ingest"
				   : "; not configured, nobody reads it";
}

/* With a reader's last sign of life, whether one should have come since. */
static void print_alive(struct overview *v, const struct store_mailbox *m)
{
	const struct config *c = v->view.settings.config;
	int64_t most_s = c->daemon.reader_deadline_s + c->daemon.restart_most_s;
	char text[NUM_TIME_BYTES];

	if (m->heartbeat_s == 0)
		return;
	buf_addf(&v->view.out, "    %-11s %s%s\n", "alive",
		 num_time_format(m->heartbeat_s, text),
		 *unread(c, m) == '\0' &&
				 v->view.ctl->now_s - m->heartbeat_s > most_s
			 ? ", not since: does dsnd run?"
			 : "");
}

/* What went wrong last stays to be read when it has been overcome. */
static void print_failure(struct buf *out, const struct store_mailbox *m)
{
	char text[NUM_TIME_BYTES];

	if (m->last_error[0] == '\0')
		return;
	buf_addf(out, "    %-11s %s%s\n", "failed",
		 num_time_format(m->last_error_s, text),
		 m->polled_s > m->last_error_s ? ", but not since" : "");
	print_field(out, "error", m->last_error);
}

static int mailbox_text(struct overview *v, const struct store_mailbox *m)
{
	buf_add_str(&v->view.out, "mailbox ");
	print_text(&v->view.out, m->name);
	buf_addf(&v->view.out,
		 ": %lld messages, %lld waiting, %lld to dispose of%s\n",
		 (long long)m->messages, (long long)m->backlog,
		 (long long)m->disposal_due,
		 unread(v->view.settings.config, m));
	print_time(&v->view.out, "last poll", m->polled_s);
	print_alive(v, m);
	print_time(&v->view.out, "last mail", m->message_s);
	print_failure(&v->view.out, m);
	return 0;
}

static int mailbox_json(struct overview *v, const struct store_mailbox *m)
{
	struct json *j = &v->json;

	json_object(j);
	json_key_str(j, "name", m->name);
	json_key_bool(j, "configured",
		      is_configured(v->view.settings.config, m->name));
	json_key_int(j, "messages", m->messages);
	json_key_int(j, "backlog", m->backlog);
	json_key_int(j, "disposal_due", m->disposal_due);
	json_key_time(j, "polled_at", m->polled_s);
	json_key_time(j, "heartbeat_at", m->heartbeat_s);
	json_key_time(j, "message_at", m->message_s);
	json_key_str(j, "last_error", m->last_error);
	json_key_time(j, "last_error_at", m->last_error_s);
	json_object_end(j);
	return 0;
}

static int mailbox(void *ctx, const struct store_mailbox *m)
{
	struct overview *v = ctx;
	const struct config *c = v->view.settings.config;
	size_t i = find(c, m->name);

	if (i < c->mailbox_count)
		v->known[i] = true;
	return v->view.ctl->json ? mailbox_json(v, m) : mailbox_text(v, m);
}

/* One that was added to the configuration, and to nothing else yet. */
static void unknown(struct overview *v, const char *name)
{
	const struct store_mailbox m = {.name = name, .last_error = ""};

	if (v->view.ctl->json)
		(void)mailbox_json(v, &m);
	else
		buf_addf(&v->view.out,
			 "mailbox %s: never read: was dsnd started or reloaded "
			 "since it was added?\n",
			 name);
}

static int mailboxes(struct overview *v)
{
	const struct config *c = v->view.settings.config;
	int rc;

	memset(v->known, 0, sizeof(v->known));
	rc = store_mailboxes(v->view.store, mailbox, v, &v->view.err);
	for (size_t i = 0; rc == 0 && i < c->mailbox_count; i++)
		if (!v->known[i])
			unknown(v, c->mailboxes[i].name);
	return rc;
}

static int guard_text(void *ctx, const struct store_guard *g)
{
	struct overview *v = ctx;
	char hour[NUM_TIME_BYTES], until[NUM_TIME_BYTES];

	buf_addf(&v->view.out, "guard        %s ", g->scope);
	print_text(&v->view.out, g->key);
	buf_addf(&v->view.out,
		 ": %lld of %lld hard failures in the hour from %s wait until "
		 "%s\n",
		 (long long)g->hard, (long long)g->all,
		 num_time_format(g->hour_s, hour),
		 num_time_format(g->until_s, until));
	return 0;
}

static int guard_json(void *ctx, const struct store_guard *g)
{
	struct json *j = &((struct overview *)ctx)->json;

	json_object(j);
	json_key_str(j, "scope", g->scope);
	json_key_str(j, "key", g->key);
	json_key_time(j, "hour", g->hour_s);
	json_key_int(j, "hard", g->hard);
	json_key_int(j, "all", g->all);
	json_key_time(j, "until", g->until_s);
	json_object_end(j);
	return 0;
}

static bool is_told(const struct overview *v)
{
	return v->view.settings.config->changes.command[0] != NULL;
}

static int changes_text(struct overview *v)
{
	struct buf *out = &v->view.out;
	char since[NUM_TIME_BYTES];
	struct store_untold u;

	if (!is_told(v))
		return 0;
	if (store_untold(v->view.store, &u, &v->view.err) != 0)
		return -1;
	buf_addf(out, "changes      %lld not told yet", (long long)u.count);
	if (u.error[0] != '\0') {
		buf_addf(out, "; fails since %s: ",
			 num_time_format(u.error_s, since));
		print_text(out, u.error);
	}
	buf_add_char(out, '\n');
	return 0;
}

static int changes_json(struct overview *v)
{
	struct json *j = &v->json;
	struct store_untold u;

	if (!is_told(v))
		return 0;
	if (store_untold(v->view.store, &u, &v->view.err) != 0)
		return -1;
	json_key_int(j, "changes_untold", u.count);
	json_key_str(j, "changes_error", u.error);
	json_key_time(j, "changes_error_at", u.error_s);
	return 0;
}

/* Where proof is asked for, that there is none looks like nothing at all. */
static void passed_over_text(struct overview *v, const struct store_status *s)
{
	enum trust_verify verify = v->view.settings.config->policy.trust.verify;

	if (s->passed_over > 0 &&
	    (verify == VERIFY_PREFER || verify == VERIFY_REQUIRE))
		buf_addf(&v->view.out,
			 "passed over  %lld of %lld failures in 30 days, which "
			 "prove too little for trust.verify\n",
			 (long long)s->passed_over, (long long)s->failures);
}

static int status_text(struct overview *v, const struct store_status *s)
{
	struct buf *out = &v->view.out;

	buf_addf(out, "messages     %lld, of them %lld unreadable\n",
		 (long long)s->messages, (long long)s->unreadable);
	buf_addf(out, "quarantine   %lld\n", (long long)s->quarantined);
	buf_addf(out, "verdicts     %lld\n", (long long)s->bounces);
	buf_addf(out, "suppressed   %lld\n", (long long)s->suppressed);
	buf_addf(out, "held         %lld\n", (long long)s->held);
	if (store_guards(v->view.store, v->view.ctl->now_s, guard_text, v,
			 &v->view.err) != 0)
		return -1;
	buf_addf(out, "unproved     %lld of %lld that acted in 30 days\n",
		 (long long)s->acted_unproved, (long long)s->acted);
	if (s->foreign > 0)
		buf_addf(out,
			 "foreign      %lld of %lld failures in 30 days, which "
			 "bring back none of trust.our_domains\n",
			 (long long)s->foreign, (long long)s->failures);
	passed_over_text(v, s);
	if (v->view.settings.config->policy.mode == POLICY_OBSERVE)
		buf_add_str(out,
			    "mode         observe: everything is recorded, "
			    "nobody is suppressed\n");
	if (changes_text(v) != 0)
		return -1;
	return mailboxes(v);
}

static int status_json(struct overview *v, const struct store_status *s)
{
	struct json *j = &v->json;
	int rc;

	json_init(j, &v->view.out);
	json_object(j);
	json_key_int(j, "messages", s->messages);
	json_key_int(j, "unreadable", s->unreadable);
	json_key_int(j, "quarantined", s->quarantined);
	json_key_int(j, "verdicts", s->bounces);
	json_key_int(j, "suppressed", s->suppressed);
	json_key_int(j, "held", s->held);
	json_key_int(j, "acted", s->acted);
	json_key_int(j, "acted_unproved", s->acted_unproved);
	json_key_int(j, "failures", s->failures);
	json_key_int(j, "foreign", s->foreign);
	json_key_int(j, "passed_over", s->passed_over);
	json_key_str(j, "mode",
		     v->view.settings.config->policy.mode == POLICY_OBSERVE
			     ? "observe"
			     : "enforce");
	json_key_int(j, "database_version", s->version);
	if (has_file(v->view.settings.config))
		json_key_int(j, "mailboxes_configured",
			     (int64_t)v->view.settings.config->mailbox_count);
	if (changes_json(v) != 0)
		return -1;
	json_key(j, "guards");
	json_array(j);
	if (store_guards(v->view.store, v->view.ctl->now_s, guard_json, v,
			 &v->view.err) != 0)
		return -1;
	json_array_end(j);
	json_key(j, "mailboxes");
	json_array(j);
	rc = mailboxes(v);
	json_array_end(j);
	json_object_end(j);
	buf_add_char(&v->view.out, '\n');
	return rc;
}

static int status_print(struct overview *v)
{
	struct store_status status;

	if (store_status(v->view.store, v->view.ctl->now_s, &status,
			 &v->view.err) != 0)
		return -1;
	return v->view.ctl->json ? status_json(v, &status)
				 : status_text(v, &status);
}

static int dump_line(void *ctx, const char *line, size_t n)
{
	struct ctl_view *v = &((struct overview *)ctx)->view;

	if (v->ctl->json)
		buf_add_str(&v->out, "{\"row\":");
	buf_add(&v->out, line, v->ctl->json ? n - 1 : n);
	if (v->ctl->json)
		buf_add_str(&v->out, "}\n");
	return ctl_view_write(v);
}

static int dump_print(struct overview *v)
{
	return store_dump(v->view.store, v->view.ctl->now_s, dump_line, v,
			  &v->view.err);
}

static enum ctl_exit run(struct ctl *ctl, int argc, char **argv,
			 int (*print)(struct overview *))
{
	struct overview v;
	int rc;

	if (ctl_options_only(ctl, argc, argv, NULL) != 0)
		return CTL_USAGE;
	rc = ctl_view_open(&v.view, ctl, STORE_READ);
	if (rc == 0)
		rc = print(&v);
	return ctl_view_close(&v.view, rc, CTL_YES);
}

enum ctl_exit ctl_status(struct ctl *ctl, int argc, char **argv)
{
	return run(ctl, argc, argv, status_print);
}

enum ctl_exit ctl_dump(struct ctl *ctl, int argc, char **argv)
{
	return run(ctl, argc, argv, dump_print);
}
