/*
 * Messages on their way out of the folder. Never a bare EXPUNGE, which takes
 * what others have marked, too: MOVE, else UID EXPUNGE of our own, else they
 * stay, marked as deleted.
 */
#include "mailbox/imap_dispose.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "mailbox/imap_fetch.h"
#include "mailbox/imap_name.h"
#include "util/text.h"
#include "util/xalloc.h"

/* What one command names: its line stays short, and a server's work steady. */
#define COMMAND_UIDS 100

void imap_piles_release(struct imap_piles *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->pile[i].uids);
	free(p->pile);
	memset(p, 0, sizeof *p);
}

static bool same_way(const struct disposition *a, const struct disposition *b)
{
	if (a->disposal != b->disposal)
		return false;
	return a->disposal != DISPOSAL_MOVE ||
	       strcmp(a->folder, b->folder) == 0;
}

static struct imap_pile *pile_of(struct imap_piles *p, size_t place,
				 const struct disposition *how)
{
	struct imap_pile *pile;

	for (size_t i = 0; i < p->count; i++) {
		if (p->pile[i].place == place && same_way(&p->pile[i].how, how))
			return &p->pile[i];
	}
	p->pile = xreallocarray(p->pile, p->count + 1, sizeof *p->pile);
	pile = &p->pile[p->count++];
	*pile = (struct imap_pile){.place = place, .how = *how};
	return pile;
}

void imap_piles_add(struct imap_piles *p, size_t place,
		    const struct disposition *how, uint32_t uid)
{
	struct imap_pile *pile = pile_of(p, place, how);

	if (pile->count == pile->size) {
		pile->size = pile->size ? pile->size * 2 : 64;
		pile->uids = xreallocarray(pile->uids, pile->size,
					   sizeof *pile->uids);
	}
	pile->uids[pile->count++] = uid;
}

static int mark(struct imap_session *s, struct mailimap_set *set,
		struct mailimap_flag *flag, struct error *err)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *add;
	int result;

	mailimap_flag_list_add(flags, flag);
	add = mailimap_store_att_flags_new_add_flags_silent(flags);
	imap_session_command(s, IMAP_SMALL_ANSWER);
	result = mailimap_uid_store(s->imap, set, add);
	mailimap_store_att_flags_free(add);
	return imap_session_check(s, result, err, "cannot mark messages");
}

static int delete_all(struct imap_session *s, struct mailimap_set *set,
		      struct error *err)
{
	if (mark(s, set, mailimap_flag_new_deleted(), err) < 0)
		return -1;
	if (!s->can_expunge)
		return 0;
	imap_session_command(s, IMAP_SMALL_ANSWER);
	return imap_session_check(s, mailimap_uid_expunge(s->imap, set), err,
				  "cannot expunge messages");
}

static int transfer(struct imap_session *s, struct mailimap_set *set,
		    const char *name)
{
	imap_session_command(s, IMAP_SMALL_ANSWER);
	return s->can_move ? mailimap_uid_move(s->imap, set, name)
			   : mailimap_uid_copy(s->imap, set, name);
}

static int move_all(struct imap_session *s, struct mailimap_set *set,
		    const char *folder, struct error *err)
{
	struct buf name;
	int result, rc = 0;

	buf_init(&name);
	imap_name(&name, folder, s->prefix.data, s->delimiter);
	result = transfer(s, set, name.data);
	/* Removed by somebody, or one that is made only when it is needed. */
	if (imap_session_refused(s, result)) {
		rc = imap_folder_create(s, folder, err);
		if (rc == 0)
			result = transfer(s, set, name.data);
	}
	if (rc == 0)
		rc = imap_session_check(s, result, err,
					"cannot move messages to %s", folder);
	buf_release(&name);
	if (rc == 0 && !s->can_move)
		rc = delete_all(s, set, err);
	return rc;
}

static int keep_all(struct imap_session *s, struct mailimap_set *set,
		    struct error *err)
{
	if (s->can_keyword &&
	    mark(s, set, mailimap_flag_new_flag_keyword(xstrdup(IMAP_KEYWORD)),
		 err) < 0)
		return -1;
	if (!s->can_flag)
		return 0;
	return mark(s, set, mailimap_flag_new_seen(), err);
}

static int send_off(struct imap_session *s, const struct disposition *how,
		    const uint32_t *uids, size_t count, struct error *err)
{
	struct mailimap_set *set = imap_set(uids, count);
	int rc = -1;

	switch (how->disposal) {
	case DISPOSAL_KEEP:
		rc = keep_all(s, set, err);
		break;
	case DISPOSAL_DELETE:
		rc = delete_all(s, set, err);
		break;
	case DISPOSAL_MOVE:
		rc = move_all(s, set, how->folder, err);
		break;
	}
	mailimap_set_free(set);
	return rc;
}

size_t imap_pile_ready(const struct imap_pile *p, bool all)
{
	size_t n = p->count - p->said;

	if (n >= COMMAND_UIDS)
		return COMMAND_UIDS;
	return all ? n : 0;
}

static void add_quoted(struct buf *out, struct span name)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, name.p[i]);
	}
	buf_add_char(out, '"');
}

int imap_pile_say(struct imap_session *s, struct imap_pile *p, size_t n,
		  struct error *err)
{
	struct buf command, name;
	int result;

	imap_sort(p->uids, n);
	buf_init(&command);
	buf_init(&name);
	imap_name(&name, p->how.folder, s->prefix.data, s->delimiter);
	buf_add_str(&command, "UID MOVE ");
	imap_add_set(&command, p->uids, n);
	buf_add_char(&command, ' ');
	add_quoted(&command, span_make(name.data, name.len));
	imap_session_command(s, IMAP_SMALL_ANSWER);
	result = imap_say(s->imap, &command);
	buf_release(&command);
	buf_release(&name);
	if (result != MAILIMAP_NO_ERROR)
		return imap_session_check(s, result, err,
					  "cannot move messages to %s",
					  p->how.folder);
	p->said = n;
	return 0;
}

int imap_pile_heard(struct imap_session *s, struct imap_pile *p, int result,
		    struct error *err)
{
	p->refused = imap_session_refused(s, result);
	if (p->refused) {
		p->said = 0;
		return 0;
	}
	return imap_session_check(s, result, err, "cannot move messages to %s",
				  p->how.folder);
}

int imap_pile_send(struct imap_session *s, struct imap_pile *p, size_t n,
		   struct error *err)
{
	imap_sort(p->uids, n);
	p->refused = false;
	return send_off(s, &p->how, p->uids, n, err);
}

void imap_pile_drop(struct imap_pile *p, size_t n)
{
	p->count -= n;
	p->said = 0;
	memmove(p->uids, p->uids + n, p->count * sizeof *p->uids);
}
