/*
 * A folder on an IMAP server as a queue: the driver. What was moved or
 * deleted is done; with keep a keyword says so. A connection that was lost
 * between two scans is made anew without a word; one that is lost within a
 * scan ends it, and what was read before is recorded and read again.
 */
#include "mailbox/imap_mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <libetpan/libetpan.h>

#include "util/xalloc.h"

/* So many are waited for, so that the database may say that they are gone. */
#define UNSURE_MOST 1000

static int wrap(const struct mailbox *m, struct error *err)
{
	return error_wrap(err, "imap %s", m->settings->host);
}

bool imap_mailbox_keeps(const struct mailbox *m)
{
	return m->settings->processed.disposal == DISPOSAL_KEEP ||
	       m->settings->unrecognised.disposal == DISPOSAL_KEEP;
}

static void scan_end(struct mailbox *m)
{
	for (size_t i = 0; i < m->place_count; i++)
		imap_place_end(&m->places[i]);
	m->reading = 0;
	m->at_end = m->left = false;
	m->unsure = 0;
	imap_window_clear(&m->window);
	m->asked_ahead = false;
	m->said_count = 0;
}

int imap_mailbox_enter(struct mailbox *m, size_t place, struct error *err)
{
	struct imap_session *s = &m->session;
	struct imap_place *p = &m->places[place];

	if (imap_mailbox_hear_all(m, err) < 0)
		return -1;
	if (s->selected != p->folder &&
	    imap_folder_select(s, p->folder, err) < 0)
		return -1;
	/* Within a scan its numbers must stay what they are. */
	if (p->uids && p->validity != s->uidvalidity)
		return error_set(err, ERROR_SOURCE,
				 "the server numbered folder %s anew",
				 p->folder);
	imap_place_selected(p, s->uidvalidity);
	return 0;
}

/* ---- Scanning ---- */

/* What is due in one folder. */
static int search(struct mailbox *m, size_t place, struct error *err)
{
	struct imap_place *p = &m->places[place];
	uint32_t *uids;
	size_t count;

	if (imap_mailbox_enter(m, place, err) < 0 ||
	    imap_search(&m->session, imap_mailbox_keeps(m) ? p->cursor : 0,
			&uids, &count, err) < 0)
		return -1;
	imap_place_begin(p, uids, count);
	if (place == 0)
		m->expected = m->session.imap->imap_selection_info->sel_exists;
	return 0;
}

static int imap_scan(struct mailbox *m, struct error *err)
{
	bool fresh = !m->session.imap || imap_mailbox_hear_all(m, err) < 0;

	scan_end(m);
	imap_piles_release(&m->piles);
	if (!fresh && search(m, 0, err) == 0)
		return 0;
	/* Lost since the last scan: nobody needs to know. */
	if (m->session.imap)
		return wrap(m, err);
	if (imap_session_open(&m->session, err) < 0 || search(m, 0, err) < 0)
		return wrap(m, err);
	return 0;
}

/* Asks for the next of this folder. 1, 0 when there is none, -1. */
static int ask(struct mailbox *m, struct imap_window *w, struct error *err)
{
	uint32_t uids[IMAP_FETCH_COUNT];
	size_t n =
		imap_place_take(&m->places[m->reading], uids, IMAP_FETCH_COUNT);

	if (n == 0)
		return 0;
	return imap_fetch_ask(&m->session, w, uids, n, err) < 0 ? -1 : 1;
}

/* The next of this folder, else of the next one; 0 when there is none. */
static int window_wait(struct mailbox *m, struct error *err)
{
	int rc;

	if (imap_mailbox_enter(m, m->reading, err) < 0)
		return -1;
	while ((rc = ask(m, &m->window, err)) == 0) {
		if (m->reading + 1 == m->place_count)
			return 0;
		if (search(m, m->reading + 1, err) < 0)
			return -1;
		m->reading++;
	}
	if (rc < 0 || imap_fetch_hear(&m->session, &m->window, err) < 0)
		return -1;
	if (imap_window_lacks(&m->window) &&
	    imap_fetch_again(&m->session, &m->window, err) < 0)
		return -1;
	return 1;
}

/* What was asked for ahead becomes the window. 0 or -1. */
static int window_turn(struct mailbox *m, struct error *err)
{
	struct imap_window spent = m->window;

	if (imap_mailbox_hear(m, IMAP_FETCH, err) < 0)
		return -1;
	m->window = m->ahead;
	m->ahead = spent;
	m->asked_ahead = false;
	if (!imap_window_lacks(&m->window))
		return 0;
	if (imap_mailbox_enter(m, m->reading, err) < 0)
		return -1;
	return imap_fetch_again(&m->session, &m->window, err);
}

/*
 * The server gathers the next ones while these are judged. Those come from the
 * same folder.
 */
static int window_fill(struct mailbox *m, struct error *err)
{
	int rc;

	if (m->asked_ahead)
		rc = window_turn(m, err) < 0 ? -1 : 1;
	else
		rc = window_wait(m, err);
	if (rc <= 0)
		return rc;
	if (m->session.selected != m->places[m->reading].folder &&
	    imap_mailbox_enter(m, m->reading, err) < 0)
		return -1;
	rc = ask(m, &m->ahead, err);
	m->asked_ahead = rc > 0;
	if (rc > 0)
		imap_mailbox_said(m, IMAP_FETCH);
	return rc < 0 ? -1 : 1;
}

static void describe(const struct mailbox *m, const struct imap_item *item,
		     struct mailbox_message *msg)
{
	memset(msg, 0, sizeof *msg);
	snprintf(msg->id, sizeof msg->id, "%u", item->uid);
	snprintf(msg->place, sizeof msg->place, "%zu %u", m->reading,
		 m->places[m->reading].validity);
	msg->at_s = item->at_s;
	msg->size_bytes = item->size_bytes;
}

/* Its size and its bytes, wherever they are missing yet. 0 or -1. */
static int complete(struct mailbox *m, struct imap_item *item,
		    struct error *err)
{
	struct imap_session *s = &m->session;

	if (item->there ? item->has_bytes : !item->refused)
		return 0;
	if (imap_mailbox_enter(m, m->reading, err) < 0)
		return -1;
	if (item->refused && imap_fetch_alone(s, &m->window, item, err) < 0)
		return -1;
	if (!item->there || item->has_bytes)
		return 0;
	return imap_fetch_bytes(s, &m->window, err);
}

/*
 * 1 handed out, -1, or 0: it is gone, and the next search does not find it. If
 * that does, the server had only mislaid it.
 */
static int hand_out(struct mailbox *m, struct imap_item *item,
		    struct mailbox_message *msg, struct buf *bytes,
		    struct error *err)
{
	int rc = complete(m, item, err);

	describe(m, item, msg);
	if (rc < 0)
		return wrap(m, err);
	if (!item->there || !item->has_bytes)
		return 0;
	if (msg->size_bytes < item->bytes.len)
		msg->size_bytes = item->bytes.len;
	msg->truncated = msg->size_bytes > m->settings->max_message_bytes;
	buf_add(bytes, item->bytes.data, item->bytes.len);
	buf_release(&item->bytes);
	buf_init(&item->bytes);
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
			rc = window_fill(m, err);
			m->at_end = rc == 0;
			if (rc == 0)
				rc = imap_send(m, true, err);
			if (rc <= 0)
				return rc < 0 ? wrap(m, err) : 0;
		}
		rc = hand_out(m, &w->items[w->at], msg_r, bytes, err);
		w->at++;
		if (rc != 0)
			return rc;
	}
}

static int imap_flush(struct mailbox *m, struct error *err)
{
	if (imap_send(m, m->at_end || m->unsure >= UNSURE_MOST, err) < 0)
		return wrap(m, err);
	return m->left || m->unsure > 0;
}

/* ---- Opening and closing ---- */

static void imap_close(struct mailbox *m)
{
	struct error err;

	/* What is left behind is known, and goes its way the next time. */
	if (m->session.imap && imap_send(m, true, &err) < 0)
		imap_session_notice(&m->session, "%s", err.text);
	scan_end(m);
	for (size_t i = 0; i < m->place_count; i++)
		imap_place_release(&m->places[i]);
	free(m->places);
	imap_window_release(&m->window);
	imap_window_release(&m->ahead);
	imap_piles_release(&m->piles);
	imap_session_release(&m->session);
	buf_release(&m->notices);
	if (m->ready_fd >= 0)
		close(m->ready_fd);
	free(m);
}

static void places_init(struct mailbox *m)
{
	const struct mailbox_settings *s = m->settings;
	const char *const *names = s->folders[0] ? s->folders : &s->folder;

	m->place_count = 1;
	while (names == s->folders && names[m->place_count])
		m->place_count++;
	m->places = xcalloc(m->place_count, sizeof *m->places);
	for (size_t i = 0; i < m->place_count; i++)
		m->places[i].folder = names[i];
}

static void recall(void *arg, const char *key, const char *value)
{
	struct mailbox *m = arg;

	for (size_t i = 0; i < m->place_count; i++)
		imap_place_recall(&m->places[i], key, value);
}

static struct mailbox *imap_open(const struct mailbox_settings *settings,
				 const struct mailbox_memory *memory,
				 struct error *err)
{
	struct mailbox *m = xcalloc(1, sizeof *m);

	m->settings = settings;
	m->memory = memory;
	imap_session_init(&m->session, settings);
	imap_window_init(&m->window);
	imap_window_init(&m->ahead);
	buf_init(&m->notices);
	m->ready_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	places_init(m);
	if ((memory && imap_mailbox_keeps(m) &&
	     memory->recall(memory->ctx, recall, m, err) < 0) ||
	    imap_session_open(&m->session, err) < 0 ||
	    imap_mailbox_enter(m, 0, err) < 0) {
		wrap(m, err);
		imap_close(m);
		return NULL;
	}
	return m;
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
	.inspect = imap_inspect,
};
