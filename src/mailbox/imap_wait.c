/* Between two scans: the server tells of new mail, where it can. */
#include "mailbox/imap_mailbox.h"

#include <libetpan/libetpan.h>

#include "util/fdio.h"

/* Told to stop, we do not wait for a server that is slow to notice. */
#define DONE_MS 5000

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

	if (imap_mailbox_enter(m, 0, &err) == 0)
		return true;
	imap_session_notice(&m->session, "%s", err.text);
	return false;
}

int imap_wait_fd(struct mailbox *m)
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

void imap_wait_clear(struct mailbox *m)
{
	if (m->idling && m->session.imap)
		idle_end(m);
	m->idling = false;
}
