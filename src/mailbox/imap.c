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
#include "mailbox/imap_place.h"
#include "mailbox/imap_session.h"
#include "util/fdio.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xalloc.h"

/* Told to stop, we do not wait for a server that is slow to notice. */
#define DONE_MS 5000

struct mailbox {
	const struct mailbox_settings *settings;
	const struct mailbox_memory *memory; /* or NULL */
	struct imap_session session;
	struct imap_piles piles;
	struct imap_window window, ahead;
	bool asked_ahead; /* its answer is on the way, or was read */
	bool heard_ahead;
	/* The folders to read, and the one that is being read. */
	struct imap_place *places;
	size_t place_count, reading;
	size_t expected; /* messages in the first folder that are no news */
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

static bool keeps(const struct mailbox *m)
{
	return m->settings->processed.disposal == DISPOSAL_KEEP ||
	       m->settings->unrecognised.disposal == DISPOSAL_KEEP;
}

static void scan_end(struct mailbox *m)
{
	for (size_t i = 0; i < m->place_count; i++)
		imap_place_end(&m->places[i]);
	m->reading = 0;
	imap_window_clear(&m->window);
	m->asked_ahead = false;
}

static void imap_close(struct mailbox *m)
{
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

/* What was asked for ahead: nothing else can be said before its answer. */
static int hear_ahead(struct mailbox *m, struct error *err)
{
	if (!m->asked_ahead || m->heard_ahead)
		return 0;
	m->heard_ahead = true;
	return imap_fetch_hear(&m->session, &m->ahead, err);
}

/* Goes into a folder, unless it is the one that is selected. */
static int enter(struct mailbox *m, size_t place, struct error *err)
{
	struct imap_session *s = &m->session;
	struct imap_place *p = &m->places[place];

	if (hear_ahead(m, err) < 0)
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
	if ((memory && keeps(m) &&
	     memory->recall(memory->ctx, recall, m, err) < 0) ||
	    imap_session_open(&m->session, err) < 0 || enter(m, 0, err) < 0) {
		wrap(m, err);
		imap_close(m);
		return NULL;
	}
	return m;
}

/* ---- Scanning ---- */

/* What is due in one folder. */
static int search(struct mailbox *m, size_t place, struct error *err)
{
	struct imap_place *p = &m->places[place];
	uint32_t *uids;
	size_t count;

	if (enter(m, place, err) < 0 ||
	    imap_search(&m->session, keeps(m) ? p->cursor : 0, &uids, &count,
			err) < 0)
		return -1;
	imap_place_begin(p, uids, count);
	if (place == 0)
		m->expected = m->session.imap->imap_selection_info->sel_exists;
	return 0;
}

static int imap_scan(struct mailbox *m, struct error *err)
{
	bool fresh = !m->session.imap || hear_ahead(m, err) < 0;

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

	while ((rc = ask(m, &m->window, err)) == 0) {
		if (m->reading + 1 == m->place_count)
			return 0;
		if (search(m, m->reading + 1, err) < 0)
			return -1;
		m->reading++;
	}
	if (rc < 0 || imap_fetch_hear(&m->session, &m->window, err) < 0)
		return -1;
	return 1;
}

/*
 * The server gathers the next ones while these are judged. Those come from the
 * same folder: what they are disposed of by is heard after them.
 */
static int window_fill(struct mailbox *m, struct error *err)
{
	int rc = 1;

	if (enter(m, m->reading, err) < 0)
		return -1;
	if (m->asked_ahead) {
		struct imap_window spent = m->window;

		m->window = m->ahead;
		m->ahead = spent;
	} else {
		rc = window_wait(m, err);
	}
	m->asked_ahead = m->heard_ahead = false;
	if (rc <= 0)
		return rc;
	rc = ask(m, &m->ahead, err);
	m->asked_ahead = rc > 0;
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
	if (enter(m, m->reading, err) < 0)
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
			if (rc <= 0)
				return rc < 0 ? wrap(m, err) : 0;
		}
		rc = hand_out(m, &w->items[w->at], msg_r, bytes, err);
		w->at++;
		if (rc != 0)
			return rc;
	}
}

/* ---- Disposing ---- */

/* What describe() wrote; -1 where it was somebody else. */
static int find_place(const struct mailbox *m,
		      const struct mailbox_message *msg, size_t *place_r,
		      uint32_t *validity_r, uint32_t *uid_r)
{
	struct span rest = span_of(msg->place), id = span_of(msg->id);
	struct span first, second;
	uint64_t place, validity, uid;

	if (!span_next_word(&rest, &first) || !span_next_word(&rest, &second) ||
	    num_u64(first.p, first.n, m->place_count - 1, &place) < 0 ||
	    num_u64(second.p, second.n, UINT32_MAX, &validity) < 0 ||
	    num_u64(id.p, id.n, UINT32_MAX, &uid) < 0)
		return -1;
	*place_r = (size_t)place;
	*validity_r = (uint32_t)validity;
	*uid_r = (uint32_t)uid;
	return 0;
}

static int imap_dispose(struct mailbox *m, const struct mailbox_message *msg,
			const struct disposition *how, struct error *err)
{
	uint32_t validity, uid;
	size_t place;

	if (find_place(m, msg, &place, &validity, &uid) < 0)
		return error_set(err, ERROR_SOURCE,
				 "imap %s: %s was not handed out",
				 m->settings->host, msg->id);
	/* Numbered anew: this one is another message now. */
	if (validity != m->places[place].validity)
		return error_set(err, ERROR_SOURCE,
				 "imap %s: the server numbered folder %s anew",
				 m->settings->host, m->places[place].folder);
	imap_piles_add(&m->piles, place, how, uid);
	return 0;
}

/* One pile, in its folder. */
static int flush_pile(struct mailbox *m, struct imap_pile *pile,
		      struct error *err)
{
	struct imap_place *p = &m->places[pile->place];

	if (!m->session.imap)
		return imap_session_missing(&m->session, err);
	if (enter(m, pile->place, err) < 0 ||
	    imap_pile_flush(&m->session, pile, err) < 0)
		return -1;
	for (size_t i = 0; i < pile->count; i++)
		imap_place_done(p, pile->uids[i]);
	if (pile->place == 0 && pile->how.disposal != DISPOSAL_KEEP)
		m->expected -=
			pile->count < m->expected ? pile->count : m->expected;
	return keeps(m) ? imap_place_note(p, m->memory, err) : 0;
}

static int imap_flush(struct mailbox *m, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < m->piles.count; i++)
		rc = flush_pile(m, &m->piles.pile[i], err);
	imap_piles_release(&m->piles);
	return rc < 0 ? wrap(m, err) : 0;
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
	imap_session_idled(s);
}

static void idle_begin(struct mailbox *m)
{
	struct imap_session *s = &m->session;
	struct error err;

	imap_session_command_within(s, IMAP_SMALL_ANSWER, DONE_MS);
	if (imap_session_check(s, mailimap_idle(s->imap), &err, "IDLE") < 0) {
		imap_session_notice(s, "%s", err.text);
		s->can_idle = false;
		imap_session_idled(s);
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
	       net_stream_pending(m->session.stream);
}

/* Back to the folder that is watched, with nothing missed meanwhile. */
static bool go_first(struct mailbox *m)
{
	struct error err;

	if (enter(m, 0, &err) == 0)
		return true;
	imap_session_notice(&m->session, "%s", err.text);
	return false;
}

static int imap_wait_fd(struct mailbox *m)
{
	struct imap_session *s = &m->session;

	if (!imap_session_may_idle(s))
		return -1;
	if (!m->idling && s->selected != m->places[0].folder && !go_first(m))
		return -1;
	if (m->idling && fdio_monotonic_ms() - m->idle_ms >=
				 m->settings->idle_renew_s * 1000)
		idle_end(m);
	if (!m->idling && s->imap)
		idle_begin(m);
	/* Nothing would be told until the next poll: a scan connects anew. */
	if (!s->imap)
		return m->ready_fd;
	if (!m->idling)
		return -1;
	return is_news(m) ? m->ready_fd : net_stream_fd(s->stream);
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
	.inspect = imap_inspect,
};
