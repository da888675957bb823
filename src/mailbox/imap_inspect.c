/*
 * What the driver would do with a mailbox, without doing it: folders are
 * examined (RFC 3501, 6.3.2), not selected, and none is created.
 */
#include "mailbox/imap_session.h"

#include <stdlib.h>

#include <libetpan/libetpan.h>

#include "mailbox/imap_fetch.h"
#include "mailbox/net_connect.h"

static void say_login(const struct imap_session *s, struct buf *out)
{
	const struct mailbox_settings *m = s->settings;

	buf_addf(out, "%s port %d, tls %s: logged in as %s with %s\n", m->host,
		 net_port(m), m->tls, m->user,
		 s->method[0] != '\0' ? s->method : "nothing (PREAUTH)");
}

static void say_abilities(const struct imap_session *s, struct buf *out)
{
	static const struct {
		const char *name, *use, *otherwise;
	} all[] = {
		{"MOVE", "messages are moved", "copied, then deleted"},
		{"UIDPLUS", "and deleted one by one",
		 "marked as deleted, if there is no MOVE, and stay"},
		{"IDLE", "new mail is told of", "asked for"},
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		bool has = mailimap_has_extension(s->imap, all[i].name);

		buf_addf(out, "%s: %s\n", all[i].name,
			 has ? all[i].use : all[i].otherwise);
	}
}

static int say_folder(struct imap_session *s, const char *folder,
		      struct buf *out, struct error *err)
{
	uint32_t *uids;
	size_t count;

	if (imap_folder_select(s, folder, err) < 0 ||
	    imap_search(s, 0, &uids, &count, err) < 0)
		return -1;
	free(uids);
	buf_addf(out, "folder %s: messages: %u, to be read: %zu\n", folder,
		 s->imap->imap_selection_info->sel_exists, count);
	return 0;
}

static int say_disposition(struct imap_session *s, const char *what,
			   const struct disposition *d, struct buf *out,
			   struct error *err)
{
	bool there = false;

	switch (d->disposal) {
	case DISPOSAL_KEEP:
		buf_addf(out, "%s: kept\n", what);
		return 0;
	case DISPOSAL_DELETE:
		buf_addf(out, "%s: deleted\n", what);
		return 0;
	case DISPOSAL_MOVE:
		break;
	}
	if (imap_folder_find(s, d->folder, &there, err) < 0)
		return -1;
	buf_addf(out, "%s: moved to folder %s, which %s\n", what, d->folder,
		 there ? "is there" : "would be created");
	return 0;
}

static int look(struct imap_session *s, struct buf *out, struct error *err)
{
	const struct mailbox_settings *m = s->settings;
	const char *const *f = m->folders;

	say_login(s, out);
	say_abilities(s, out);
	if (!f[0] && say_folder(s, m->folder, out, err) < 0)
		return -1;
	for (; *f; f++) {
		if (say_folder(s, *f, out, err) < 0)
			return -1;
	}
	if (say_disposition(s, "processed", &m->processed, out, err) < 0)
		return -1;
	return say_disposition(s, "unrecognised", &m->unrecognised, out, err);
}

int imap_inspect(const struct mailbox_settings *settings, struct buf *out,
		 struct error *err)
{
	struct imap_session s;
	int rc;

	imap_session_init(&s, settings);
	s.looking = true;
	rc = imap_session_open(&s, err);
	if (rc == 0)
		rc = look(&s, out, err);
	buf_add(out, s.notices.data, s.notices.len);
	imap_session_release(&s);
	return rc < 0 ? error_wrap(err, "imap %s", settings->host) : 0;
}
