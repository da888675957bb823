/*
 * A folder on an IMAP server as a queue: the driver. What was moved or
 * deleted is done; with keep a keyword says so. A connection that was lost
 * between two scans is made anew without a word; one that is lost within a
 * scan ends it, and what was read before is recorded and read again.
 */
#include "mailbox/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <libetpan/libetpan.h>

#include "mailbox/imap_dispose.h"
#include "mailbox/imap_fetch.h"
#include "mailbox/imap_session.h"
#include "util/fdio.h"
#include "util/num.h"
#include "util/xalloc.h"

/* Servers end an IDLE after half an hour. */
#define IDLE_MS (25 * 60 * 1000)
/* Told to stop, we do not wait for a server that is slow to notice. */
#define DONE_MS 5000

struct mailbox {
	const struct mailbox_settings *settings;
	struct imap_session session;
	struct imap_piles piles;
	struct imap_window window;
	/* The scan. */
	uint32_t *uids;
	size_t count, at;
	uint32_t last_uid; /* handed out, where nothing can be marked */
	uint32_t last_validity;
	size_t expected; /* messages in the folder that are no news */
	/* Waiting. */
	bool idling;
	int64_t idle_ms; /* since */
	int ready_fd;	 /* readable always */
	struct buf notices;
};

static int wrap(const struct mailbox *m, struct error *err)
{
	return error_wrap(err, "imap %s", m->settings->host);
}

static void scan_end(struct mailbox *m)
{
	free(m->uids);
	m->uids = NULL;
	m->count = m->at = 0;
	imap_window_clear(&m->window);
}

static void imap_close(struct mailbox *m)
{
	scan_end(m);
	imap_window_release(&m->window);
	imap_piles_release(&m->piles);
	imap_session_release(&m->session);
	buf_release(&m->notices);
	if (m->ready_fd >= 0)
		close(m->ready_fd);
	free(m);
}

static struct mailbox *imap_open(const struct mailbox_settings *settings,
				 struct error *err)
{
	struct mailbox *m = xcalloc(1, sizeof *m);

	m->settings = settings;
	imap_session_init(&m->session, settings);
	imap_window_init(&m->window);
	buf_init(&m->notices);
	m->ready_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (imap_session_open(&m->session, err) == 0)
		return m;
	wrap(m, err);
	imap_close(m);
	return NULL;
}

/* ---- Scanning ---- */

/* Those after the last one that was handed out, where no mark says so. */
static void skip_seen(struct mailbox *m)
{
	const struct imap_session *s = &m->session;

	if (!s->read_only && (s->can_keyword || s->can_flag))
		return;
	if (m->settings->processed.disposal != DISPOSAL_KEEP &&
	    m->settings->unrecognised.disposal != DISPOSAL_KEEP)
		return;
	if (m->last_validity != s->uidvalidity)
		m->last_uid = 0;
	m->last_validity = s->uidvalidity;
	while (m->at < m->count && m->uids[m->at] <= m->last_uid)
		m->at++;
}

static int search(struct mailbox *m, struct error *err)
{
	if (imap_search(&m->session, &m->uids, &m->count, err) < 0)
		return -1;
	m->expected = m->session.imap->imap_selection_info->sel_exists;
	skip_seen(m);
	return 0;
}

static int imap_scan(struct mailbox *m, struct error *err)
{
	bool fresh = !m->session.imap;

	scan_end(m);
	imap_piles_release(&m->piles);
	if (!fresh && search(m, err) == 0)
		return 0;
	/* Lost since the last scan: nobody needs to know. */
	if (m->session.imap)
		return wrap(m, err);
	if (imap_session_open(&m->session, err) < 0 || search(m, err) < 0)
		return wrap(m, err);
	return 0;
}

static int window_fill(struct mailbox *m, struct error *err)
{
	size_t n = m->count - m->at;

	if (n > IMAP_FETCH_COUNT)
		n = IMAP_FETCH_COUNT;
	if (imap_fetch_sizes(&m->session, &m->window, m->uids + m->at, n, err) <
	    0)
		return -1;
	m->at += n;
	return 0;
}

static void describe(const struct mailbox *m, const struct imap_item *item,
		     struct mailbox_message *msg)
{
	memset(msg, 0, sizeof *msg);
	snprintf(msg->id, sizeof msg->id, "%u", item->uid);
	snprintf(msg->place, sizeof msg->place, "%u", m->session.uidvalidity);
	msg->at_s = item->at_s;
	msg->size_bytes = item->size_bytes;
}

/* 1 handed out, 0 it is gone, -1. */
static int hand_out(struct mailbox *m, struct imap_item *item,
		    struct mailbox_message *msg, struct buf *bytes,
		    struct error *err)
{
	describe(m, item, msg);
	if (!item->there)
		return 0;
	if (!item->has_bytes &&
	    imap_fetch_bytes(&m->session, &m->window, err) < 0)
		return wrap(m, err);
	if (!item->has_bytes)
		return 0;
	if (msg->size_bytes < item->bytes.len)
		msg->size_bytes = item->bytes.len;
	msg->truncated = msg->size_bytes > m->settings->max_message_bytes;
	buf_add(bytes, item->bytes.data, item->bytes.len);
	buf_release(&item->bytes);
	buf_init(&item->bytes);
	m->last_uid = item->uid;
	return 1;
}

static int imap_next(struct mailbox *m, struct mailbox_message *msg_r,
		     struct buf *bytes, struct error *err)
{
	struct imap_window *w = &m->window;

	for (;;) {
		int rc;

		if (!m->session.imap) {
			imap_session_missing(&m->session, err);
			return wrap(m, err);
		}
		if (w->at == w->count) {
			if (m->at == m->count)
				return 0;
			if (window_fill(m, err) < 0)
				return wrap(m, err);
		}
		rc = hand_out(m, &w->items[w->at], msg_r, bytes, err);
		w->at++;
		if (rc != 0)
			return rc;
	}
}

/* ---- Disposing ---- */

static int imap_dispose(struct mailbox *m, const struct mailbox_message *msg,
			const struct disposition *how, struct error *err)
{
	uint64_t uid, validity;

	if (num_u64(msg->id, strlen(msg->id), UINT32_MAX, &uid) < 0 ||
	    num_u64(msg->place, strlen(msg->place), UINT32_MAX, &validity) < 0)
		return error_set(err, ERROR_SOURCE,
				 "imap %s: %s was not handed out",
				 m->settings->host, msg->id);
	/* Numbered anew: this one is another message now. */
	if (validity != m->session.uidvalidity)
		return error_set(err, ERROR_SOURCE,
				 "imap %s: the server numbered the folder anew",
				 m->settings->host);
	return imap_piles_add(&m->piles, how, (uint32_t)uid, err);
}

static int imap_flush(struct mailbox *m, struct error *err)
{
	size_t left = 0;

	if (m->piles.count == 0)
		return 0;
	if (m->session.imap
		    ? imap_piles_flush(&m->session, &m->piles, &left, err) < 0
		    : imap_session_missing(&m->session, err) < 0)
		return wrap(m, err);
	m->expected -= left < m->expected ? left : m->expected;
	return 0;
}

/* ---- Waiting ---- */

static void idle_end(struct mailbox *m)
{
	struct imap_session *s = &m->session;
	struct error err;

	m->idling = false;
	imap_session_command_within(s, IMAP_SMALL_ANSWER, DONE_MS);
	if (imap_session_check(s, mailimap_idle_done(s->imap), &err, "IDLE") <
	    0)
		imap_session_notice(s, "%s; connecting anew", err.text);
}

static void idle_begin(struct mailbox *m)
{
	struct imap_session *s = &m->session;
	struct error err;

	imap_session_command_within(s, IMAP_SMALL_ANSWER, DONE_MS);
	if (imap_session_check(s, mailimap_idle(s->imap), &err, "IDLE") < 0) {
		imap_session_notice(s, "%s", err.text);
		s->can_idle = false;
		return;
	}
	m->idling = true;
	m->idle_ms = fdio_monotonic_ms();
}

/* What came while nobody was looking, and what is read but not yet seen. */
static bool is_news(const struct mailbox *m)
{
	const mailimap *imap = m->session.imap;

	return imap->imap_selection_info->sel_exists > m->expected ||
	       imap->imap_stream->read_buffer_len > 0 ||
	       imap_stream_pending(m->session.stream);
}

static int imap_wait_fd(struct mailbox *m)
{
	struct imap_session *s = &m->session;

	if (!m->settings->idle || !s->imap || !s->can_idle)
		return -1;
	if (m->idling && fdio_monotonic_ms() - m->idle_ms >= IDLE_MS)
		idle_end(m);
	if (!m->idling && s->imap)
		idle_begin(m);
	if (!m->idling)
		return -1;
	return is_news(m) ? m->ready_fd : imap_stream_fd(s->stream);
}

static void imap_wait_clear(struct mailbox *m)
{
	if (m->idling && m->session.imap)
		idle_end(m);
	m->idling = false;
}

static const char *imap_notices(struct mailbox *m)
{
	struct buf *said = &m->session.notices;

	buf_reset(&m->notices);
	buf_add(&m->notices, said->data, said->len);
	buf_reset(said);
	return m->notices.data;
}

const struct mailbox_driver mailbox_imap = {
	.type = "imap",
	.open = imap_open,
	.close = imap_close,
	.scan = imap_scan,
	.next = imap_next,
	.dispose = imap_dispose,
	.flush = imap_flush,
	.wait_fd = imap_wait_fd,
	.wait_clear = imap_wait_clear,
	.notices = imap_notices,
};
