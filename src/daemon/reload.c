/* Which children there are to be, at the start and after each reload. */
#include "daemon/supervisor.h"

#include <string.h>

#include "daemon/notify.h"
#include "util/buf.h"
#include "util/fdio.h"
#include "util/log.h"
#include "util/xalloc.h"

/* Everything a child was started with and cannot see change. */
static void digest_of(const struct daemon *d, enum child_kind kind,
		      size_t mailbox, uint8_t out[HASH_SHA256_BYTES])
{
	struct buf all;

	buf_init(&all);
	if (kind == CHILD_READER)
		config_mailbox_digest(d->config, mailbox, out);
	else
		config_changes_digest(d->config, out);
	buf_add(&all, out, HASH_SHA256_BYTES);
	if (kind == CHILD_READER)
		buf_add_str(&all, rules_hash(d->rules));
	hash_sha256(all.data, all.len, out);
	buf_release(&all);
}

static const char *name_of(const struct supervisor *s, enum child_kind kind,
			   size_t mailbox)
{
	return kind == CHILD_READER ? s->daemon->config->mailboxes[mailbox].name
				    : "";
}

void supervisor_add(struct supervisor *s, enum child_kind kind, size_t mailbox)
{
	struct child *c;

	s->children =
		xreallocarray(s->children, s->count + 1, sizeof *s->children);
	c = &s->children[s->count++];
	child_init(c, kind, name_of(s, kind, mailbox));
	c->mailbox = mailbox;
	digest_of(s->daemon, kind, mailbox, c->digest);
}

static struct child *find(const struct supervisor *s, enum child_kind kind,
			  const char *name)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->children[i].kind == kind &&
		    strcmp(s->children[i].name, name) == 0)
			return &s->children[i];
	}
	return NULL;
}

/* Those that ended and are not wanted any more. */
static void drop_gone(struct supervisor *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (s->children[i].pid != 0 || s->children[i].wanted)
			s->children[kept++] = s->children[i];
		else
			suspects_release(&s->children[i].suspects);
	}
	s->count = kept;
}

static bool update(struct supervisor *s, enum child_kind kind, size_t mailbox,
		   int64_t kill_ms)
{
	struct child *c = find(s, kind, name_of(s, kind, mailbox));
	uint8_t digest[HASH_SHA256_BYTES];

	if (!c) {
		supervisor_add(s, kind, mailbox);
		return true;
	}
	digest_of(s->daemon, kind, mailbox, digest);
	c->wanted = true;
	c->mailbox = mailbox;
	/* Who waits after a failure tries again: it may be mended. */
	c->start_ms = fdio_monotonic_ms();
	/* Housekeeping depends on all of it, and costs nothing to replace. */
	if (kind != CHILD_HOUSEKEEPING &&
	    memcmp(digest, c->digest, sizeof digest) == 0)
		return false;
	memcpy(c->digest, digest, sizeof digest);
	c->delay_ms = 0;
	child_stop(c, kill_ms);
	return true;
}

static void apply(struct supervisor *s)
{
	const struct config *config = s->daemon->config;
	int64_t kill_ms =
		fdio_monotonic_ms() + config->daemon.stop_deadline_s * 1000;
	size_t changed = 0;

	/* Whoever was taken out, and comes back now, is new. */
	drop_gone(s);
	for (size_t i = 0; i < s->count; i++)
		s->children[i].wanted = false;
	for (size_t i = 0; i < config->mailbox_count; i++)
		changed += update(s, CHILD_READER, i, kill_ms);
	(void)update(s, CHILD_HOUSEKEEPING, 0, kill_ms);
	if (config->changes.command[0])
		(void)update(s, CHILD_CHANGES, 0, kill_ms);
	for (size_t i = 0; i < s->count; i++) {
		if (!s->children[i].wanted)
			child_stop(&s->children[i], kill_ms);
	}
	log_msg(LOG_LEVEL_INFO,
		"reloaded %s: mailboxes: %zu, of them new or changed: %zu",
		s->daemon->config_path, config->mailbox_count, changed);
}

void supervisor_reload(struct supervisor *s)
{
	struct daemon old = *s->daemon;
	struct error err;

	notify_reloading();
	if (daemon_load(s->daemon, &err) == 0) {
		if (supervisor_prepare(s->daemon, &err) == 0) {
			log_init("dsnd", s->daemon->config->log_level);
			apply(s);
			daemon_unload(&old);
			goto out;
		}
		daemon_unload(s->daemon);
		*s->daemon = old;
	}
	log_msg(LOG_LEVEL_ERROR, "reload: %s; nothing was changed", err.text);
out:
	notify("READY=1");
}
