/*
 * A maildrop (RFC 1939) is the queue of what is due: it has no folders and no
 * flags. DELE comes after COMMIT and holds good with QUIT only; what a broken
 * session leaves is met again and known. What is to be kept is told by its
 * UID, which the database remembers.
 */
#include "mailbox/mailbox.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mailbox/net_connect.h"
#include "mailbox/pop3_list.h"
#include "mailbox/pop3_session.h"
#include "util/num.h"
#include "util/xalloc.h"

/* A session ends after so many, or a crash would undo too many of them. */
#define QUIT_EVERY 1000
/* Beside the size that LIST told: dots, line ends, a slip of the server. */
#define SLACK_BYTES ((size_t)1024 * 1024)
/* Shorter than lines of mail mostly are, so that enough of them come. */
#define LINE_BYTES 40
/* Messages that may break their session, one a session, before we give up. */
#define MAX_BREAKS 3

struct mailbox {
	const struct mailbox_settings *settings;
	const struct mailbox_memory *memory; /* NULL: none */
	struct pop3_session session;
	struct pop3_list list;
	struct pop3_set kept; /* as remembered, sorted */
	struct pop3_set keep; /* to be remembered by flush */
	size_t at;	      /* in list */
	size_t out;	      /* handed out, not disposed of */
	size_t deleted;	      /* in this session */
	unsigned sessions;    /* so far: numbers are worth something in one */
	unsigned breaks;      /* in this scan */
	bool ended;	      /* the scan */
	bool lost;	      /* deletions in it, with their session */
};

static int wrap(const struct mailbox *m, struct error *err)
{
	return error_wrap(err, "pop3 %s", m->settings->host);
}

/* ---- A session ---- */

/* What was kept and is gone is forgotten. */
static int forget_gone(struct mailbox *m, struct error *err)
{
	struct pop3_set here = {0}, left = {0};
	const char **keys, **values;
	size_t gone = 0;
	int rc = 0;

	for (size_t i = 0; i < m->list.count; i++)
		pop3_set_add(&here, m->list.entries[i].uid);
	pop3_set_sort(&here);
	keys = xcalloc(m->kept.count + 1, sizeof *keys);
	values = xcalloc(m->kept.count + 1, sizeof *values);
	for (size_t i = 0; i < m->kept.count; i++) {
		if (pop3_set_has(&here, m->kept.uids[i]))
			pop3_set_add(&left, m->kept.uids[i]);
		else
			keys[gone++] = m->kept.uids[i];
	}
	if (gone > 0)
		rc = m->memory->note(m->memory->ctx, keys, values, gone, err);
	free(keys);
	free(values);
	pop3_set_release(&here);
	pop3_set_release(&m->kept);
	m->kept = left;
	return rc;
}

static int connect_and_list(struct mailbox *m, struct error *err)
{
	m->lost = m->lost || m->deleted > 0;
	m->at = m->deleted = 0;
	m->sessions++;
	if (pop3_session_open(&m->session, err) == 0 &&
	    pop3_list_read(&m->list, &m->session, err) == 0)
		return 0;
	pop3_session_close(&m->session);
	return wrap(m, err);
}

/* Makes deletions hold good. */
static int quit(struct mailbox *m, struct error *err)
{
	int rc;

	if (!m->session.stream)
		return 0;
	rc = pop3_session_command(&m->session, POP3_SMALL_ANSWER, err, "QUIT");
	if (m->session.stream)
		pop3_session_close(&m->session);
	if (rc == 0) {
		m->deleted = 0;
		return 0;
	}
	error_wrap(err, "not all is deleted");
	return wrap(m, err);
}

static int quit_if_due(struct mailbox *m, struct error *err)
{
	if (m->deleted < QUIT_EVERY && !(m->ended && m->out == 0))
		return 0;
	return quit(m, err);
}

static void recall(void *arg, const char *key, const char *value)
{
	(void)value;
	if (strlen(key) < POP3_UID_BYTES)
		pop3_set_add(arg, key);
}

static void pop3_close(struct mailbox *m)
{
	struct error ignored;

	quit(m, &ignored);
	pop3_session_release(&m->session);
	pop3_list_release(&m->list);
	pop3_set_release(&m->kept);
	pop3_set_release(&m->keep);
	free(m);
}

static struct mailbox *pop3_open(const struct mailbox_settings *settings,
				 const struct mailbox_memory *memory,
				 struct error *err)
{
	struct mailbox *m = xcalloc(1, sizeof *m);

	m->settings = settings;
	m->memory = memory;
	pop3_session_init(&m->session, settings);
	if (memory && memory->recall(memory->ctx, recall, &m->kept, err) < 0) {
		wrap(m, err);
		pop3_close(m);
		return NULL;
	}
	pop3_set_sort(&m->kept);
	return m;
}

/* ---- Reading ---- */

static int pop3_scan(struct mailbox *m, struct error *err)
{
	/* A session sees what was there when it began. */
	if (quit(m, err) < 0)
		return -1;
	m->list.count = 0;
	m->out = 0;
	m->deleted = 0;
	m->ended = m->lost = false;
	m->breaks = 0;
	if (connect_and_list(m, err) < 0)
		return -1;
	if (m->list.more)
		return 0;
	return forget_gone(m, err) < 0 ? wrap(m, err) : 0;
}

/* The topmost Received: was written by who put the message here. */
static int64_t arrival_s(struct span bytes)
{
	struct span line, field = {"", 0};
	int64_t now_s = (int64_t)time(NULL), at_s;

	while (span_next_line(&bytes, &line) && line.n > 0) {
		if (field.n > 0 && !text_is_space(line.p[0]))
			break;
		if (field.n > 0)
			field.n = (size_t)(line.p + line.n - field.p);
		else if (span_starts_ci(line, SPAN("Received:")))
			field = line;
	}
	while (span_find_char(field, ';') != SPAN_NONE)
		field = span_from(field, span_find_char(field, ';') + 1);
	if (field.n == 0 || num_mail_date_s(field.p, field.n, &at_s) < 0 ||
	    at_s > now_s)
		return now_s;
	return at_s;
}

/* Of a longer message the front, in lines, where the server has TOP. */
static int say_fetch(struct mailbox *m, const struct pop3_entry *e,
		     struct error *err)
{
	size_t max = m->settings->max_message_bytes;
	size_t room = 2 * (size_t)e->size_bytes + SLACK_BYTES;
	int rc = 1;

	if (e->size_bytes > max)
		rc = pop3_session_command(&m->session, room, err, "TOP %u %zu",
					  e->number, max / LINE_BYTES);
	if (rc == 1)
		rc = pop3_session_command(&m->session, room, err, "RETR %u",
					  e->number);
	return rc;
}

static int fetch(struct mailbox *m, const struct pop3_entry *e,
		 struct mailbox_message *msg, struct buf *bytes,
		 struct error *err)
{
	size_t max = m->settings->max_message_bytes, start = bytes->len;
	size_t told = (size_t)e->size_bytes, seen = 0;
	struct span line;
	int rc = say_fetch(m, e, err);

	if (rc == 1) {
		err->scope = ERROR_MESSAGE;
		return -1;
	}
	while (rc >= 0 &&
	       (rc = pop3_session_line(&m->session, &line, err)) == 1) {
		size_t room = max - (bytes->len - start);

		seen += line.n;
		buf_add(bytes, line.p, line.n < room ? line.n : room);
	}
	if (rc < 0) {
		/* The others may be had in another session. */
		if (++m->breaks <= MAX_BREAKS)
			err->scope = ERROR_MESSAGE;
		return -1;
	}
	msg->truncated = told > max || seen > max;
	msg->size_bytes = msg->truncated && told > seen ? told : seen;
	msg->at_s =
		arrival_s(span_make(bytes->data + start, bytes->len - start));
	return 0;
}

/* The next one that is due, in a session; 1, 0 at the end, -1. */
static int find_due(struct mailbox *m, struct pop3_entry **e_r,
		    struct error *err)
{
	if (!m->session.stream && connect_and_list(m, err) < 0)
		return -1;
	for (; m->at < m->list.count; m->at++) {
		struct pop3_entry *e = &m->list.entries[m->at];

		if (e->handed || pop3_set_has(&m->kept, e->uid))
			continue;
		*e_r = e;
		return 1;
	}
	return 0;
}

static int pop3_next(struct mailbox *m, struct mailbox_message *msg_r,
		     struct buf *bytes, struct error *err)
{
	struct pop3_entry *e;
	int rc;

	if (m->ended)
		return 0;
	rc = find_due(m, &e, err);
	if (rc == 0) {
		m->ended = true;
		return quit_if_due(m, err);
	}
	if (rc < 0)
		return -1;
	e->handed = true;
	memset(msg_r, 0, sizeof *msg_r);
	memcpy(msg_r->id, e->uid, sizeof e->uid);
	snprintf(msg_r->place, sizeof msg_r->place, "%u %u %" PRIu64,
		 m->sessions, e->number, e->size_bytes);
	if (fetch(m, e, msg_r, bytes, err) < 0) {
		error_wrap(err, "message %s", msg_r->id);
		return wrap(m, err);
	}
	m->out++;
	return 1;
}

/* ---- Disposing ---- */

/* A UID that is but the number is another message's in another session. */
static bool is_weak(const struct pop3_entry *e)
{
	char number[16];

	snprintf(number, sizeof number, "%u", e->number);
	return strcmp(e->uid, number) == 0;
}

/* The entry that a message was handed out by, or is now; NULL: not sure. */
static struct pop3_entry *entry_of(struct mailbox *m,
				   const struct mailbox_message *msg)
{
	struct span rest = span_of(msg->place), session, number, size;
	struct pop3_entry *e;
	uint64_t s, n, bytes;

	if (!span_next_word(&rest, &session) ||
	    !span_next_word(&rest, &number) || !span_next_word(&rest, &size) ||
	    num_u64(session.p, session.n, UINT_MAX, &s) < 0 ||
	    num_u64(number.p, number.n, UINT32_MAX, &n) < 0 ||
	    num_u64(size.p, size.n, UINT64_MAX, &bytes) < 0)
		return NULL;
	if (s == m->sessions)
		return pop3_list_at(&m->list, (uint32_t)n);
	e = pop3_list_find(&m->list, msg->id);
	return e && e->size_bytes == bytes && !is_weak(e) ? e : NULL;
}

static int delete_one(struct mailbox *m, const struct mailbox_message *msg,
		      struct error *err)
{
	struct pop3_entry *e;
	int rc;

	if (!m->session.stream && connect_and_list(m, err) < 0)
		return -1;
	e = entry_of(m, msg);
	if (!e) {
		/* Gone, or met again by the next scan, and known. */
		m->lost = true;
		return 0;
	}
	rc = pop3_session_command(&m->session, POP3_SMALL_ANSWER, err,
				  "DELE %u", e->number);
	if (rc == 0) {
		e->deleted = true;
		m->deleted++;
		return 0;
	}
	if (rc == 1)
		err->scope = ERROR_MESSAGE;
	error_wrap(err, "cannot delete message %s", msg->id);
	return wrap(m, err);
}

static int pop3_dispose(struct mailbox *m, const struct mailbox_message *msg,
			const struct disposition *how, struct error *err)
{
	if (m->out > 0)
		m->out--;
	if (how->disposal == DISPOSAL_DELETE)
		return delete_one(m, msg, err);
	/* Without folders, what nobody could read is kept as well. */
	pop3_set_add(&m->keep, msg->id);
	return 0;
}

static int remember_kept(struct mailbox *m, struct error *err)
{
	size_t n = m->keep.count;
	const char **keys = xcalloc(n + 1, sizeof *keys);
	const char **values = xcalloc(n + 1, sizeof *values);
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		keys[i] = m->keep.uids[i];
		values[i] = "kept";
	}
	if (n > 0 && m->memory)
		rc = m->memory->note(m->memory->ctx, keys, values, n, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		pop3_set_add(&m->kept, m->keep.uids[i]);
	if (rc == 0 && n > 0) {
		pop3_set_sort(&m->kept);
		m->keep.count = 0;
	}
	free(keys);
	free(values);
	return rc < 0 ? wrap(m, err) : 0;
}

static int pop3_flush(struct mailbox *m, struct error *err)
{
	if (remember_kept(m, err) < 0 || quit_if_due(m, err) < 0)
		return -1;
	return m->deleted > 0 || m->lost;
}

/* ---- Waiting and looking ---- */

static int pop3_wait_fd(struct mailbox *m)
{
	(void)m;
	return -1;
}

static void pop3_wait_clear(struct mailbox *m)
{
	(void)m;
}

static void say_disposition(const char *what, const struct disposition *d,
			    struct buf *out)
{
	buf_addf(out, "%s: %s\n", what,
		 d->disposal == DISPOSAL_DELETE ? "deleted" : "kept");
}

static int pop3_inspect(const struct mailbox_settings *settings,
			struct buf *out, struct error *err)
{
	struct mailbox *m = pop3_open(settings, NULL, err);
	int rc = connect_and_list(m, err);

	if (rc == 0) {
		buf_addf(out, "%s port %d, tls %s: logged in as %s with %s\n",
			 settings->host, net_port(settings), settings->tls,
			 settings->user, m->session.method);
		buf_addf(out, "messages: %zu\n", m->list.count);
		say_disposition("processed", &settings->processed, out);
		say_disposition("unrecognised", &settings->unrecognised, out);
	}
	pop3_close(m);
	return rc;
}

const struct mailbox_driver mailbox_pop3 = {
	.type = "pop3",
	.open = pop3_open,
	.close = pop3_close,
	.scan = pop3_scan,
	.next = pop3_next,
	.dispose = pop3_dispose,
	.flush = pop3_flush,
	.wait_fd = pop3_wait_fd,
	.wait_clear = pop3_wait_clear,
	.inspect = pop3_inspect,
};
