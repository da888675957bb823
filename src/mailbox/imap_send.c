/*
 * Recorded messages on their way out. To a server a MOVE is most of the work,
 * however few it names: they go a hundred of one kind at a time, and while it
 * works the next ones are judged. Whatever ends us before the answer leaves
 * messages behind that are known, and go their way the next time.
 */
#include "mailbox/imap_mailbox.h"

#include <string.h>

#include <libetpan/libetpan.h>

#include "util/num.h"
#include "util/text.h"

/* What imap.c wrote; -1 where it was somebody else. */
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

int imap_dispose(struct mailbox *m, const struct mailbox_message *msg,
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
	m->unsure++;
	return 0;
}

/* The first n of a pile are gone. */
static void went(struct mailbox *m, struct imap_pile *pile, size_t n)
{
	for (size_t i = 0; i < n; i++)
		imap_place_done(&m->places[pile->place], pile->uids[i]);
	if (pile->place == 0 && pile->how.disposal != DISPOSAL_KEEP)
		m->expected -= n < m->expected ? n : m->expected;
	imap_pile_drop(pile, n);
}

/* ---- Commands whose answer is on the way ---- */

static bool is_awaited(const struct mailbox *m, enum imap_command what)
{
	for (size_t i = 0; i < m->said_count; i++) {
		if (m->said[i].what == what)
			return true;
	}
	return false;
}

/* Whose answer has come, and its result in the end. */
static int heard(struct mailbox *m, enum imap_command what, int result,
		 struct error *err)
{
	struct imap_pile *pile;

	if (what == IMAP_FETCH)
		return imap_fetch_heard(&m->session, &m->ahead, result, err);
	pile = &m->piles.pile[m->moving];
	if (imap_pile_heard(&m->session, pile, result, err) < 0)
		return -1;
	went(m, pile, pile->said);
	return 0;
}

/*
 * A server may do two things at once: messages come before the end of a MOVE
 * that was said before them, and either may end first (RFC 3501, 5.5). Which,
 * libetpan tells by the tag that it expects; how the other one ended it does
 * not. Then the messages that came do, and the MOVE is said again.
 */
static int hear_next(struct mailbox *m, struct error *err)
{
	struct imap_session *s = &m->session;
	enum imap_command what = m->said[0].what;
	int last, result;

	if (!s->imap)
		return imap_session_missing(s, err);
	last = s->imap->imap_tag;
	s->imap->imap_tag = m->said[0].tag;
	imap_session_command(s, imap_fetch_budget(s, &m->ahead));
	result = imap_hear(s->imap, MAILIMAP_ERROR_UID_COPY);
	s->imap->imap_tag = last;
	if (is_awaited(m, IMAP_FETCH))
		imap_window_take(s, &m->ahead);
	m->said_count--;
	if (result == MAILIMAP_ERROR_PROTOCOL && m->said_count == 1) {
		what = m->said[1].what;
		result = MAILIMAP_ERROR_UID_COPY;
	} else {
		m->said[0] = m->said[1];
	}
	return heard(m, what, result, err);
}

int imap_mailbox_hear(struct mailbox *m, enum imap_command what,
		      struct error *err)
{
	while (is_awaited(m, what)) {
		if (hear_next(m, err) < 0)
			return -1;
	}
	return 0;
}

int imap_mailbox_hear_all(struct mailbox *m, struct error *err)
{
	while (m->said_count > 0) {
		if (hear_next(m, err) < 0)
			return -1;
	}
	return 0;
}

void imap_mailbox_said(struct mailbox *m, enum imap_command what)
{
	m->said[m->said_count].what = what;
	m->said[m->said_count++].tag = m->session.imap->imap_tag;
}

/* ---- Sending ---- */

static int move_ahead(struct mailbox *m, struct imap_pile *pile, size_t n,
		      struct error *err)
{
	if (imap_mailbox_hear(m, IMAP_MOVE, err) < 0 ||
	    imap_pile_say(&m->session, pile, n, err) < 0)
		return -1;
	m->moving = (size_t)(pile - m->piles.pile);
	imap_mailbox_said(m, IMAP_MOVE);
	return 0;
}

static int send_some(struct mailbox *m, struct imap_pile *pile, size_t n,
		     struct error *err)
{
	const struct imap_session *s = &m->session;

	if (!s->imap)
		return imap_session_missing(s, err);
	/* What was refused once is given more thought. */
	if (pile->how.disposal == DISPOSAL_MOVE && s->can_move &&
	    !pile->refused && s->selected == m->places[pile->place].folder)
		return move_ahead(m, pile, n, err);
	if (imap_mailbox_enter(m, pile->place, err) < 0 ||
	    imap_pile_send(&m->session, pile, n, err) < 0)
		return -1;
	went(m, pile, n);
	return 0;
}

static int send_pile(struct mailbox *m, struct imap_pile *pile, bool all,
		     struct error *err)
{
	struct imap_place *p = &m->places[pile->place];
	size_t n;

	while ((n = imap_pile_ready(pile, all)) > 0) {
		if (send_some(m, pile, n, err) < 0 ||
		    (all && imap_mailbox_hear_all(m, err) < 0))
			return -1;
	}
	return imap_mailbox_keeps(m) ? imap_place_note(p, m->memory, err) : 0;
}

int imap_send(struct mailbox *m, bool all, struct error *err)
{
	int rc = all ? imap_mailbox_hear_all(m, err) : 0;

	for (size_t i = 0; rc == 0 && i < m->piles.count; i++)
		rc = send_pile(m, &m->piles.pile[i], all, err);
	/* An answer that is still to come is about one of the piles. */
	if (rc < 0)
		imap_mailbox_hear_all(m, NULL);
	m->left = m->left || rc < 0;
	if (rc < 0 || all) {
		imap_piles_release(&m->piles);
		m->unsure = 0;
	}
	return rc;
}
