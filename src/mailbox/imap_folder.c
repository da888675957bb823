/* Folders of a server: their names, making them, choosing ours. */
#include "mailbox/imap_session.h"

#include <string.h>

#include <libetpan/libetpan.h>
#include <libetpan/namespace.h>

#include "mailbox/imap_fetch.h"
#include "mailbox/imap_name.h"
#include "util/text.h"

static void take_prefix(struct imap_session *s,
			const struct mailimap_namespace_data *all)
{
	const struct mailimap_namespace_info *first;

	if (!all->ns_personal || !clist_begin(all->ns_personal->ns_data_list))
		return;
	first = clist_content(clist_begin(all->ns_personal->ns_data_list));
	buf_reset(&s->prefix);
	buf_add_str(&s->prefix, first->ns_prefix);
	s->delimiter = first->ns_delimiter;
}

/* mailimap_namespace() would do, but for what it loses where there is none. */
static void learn_prefix(struct imap_session *s)
{
	const struct mailimap_response_info *info;
	struct buf command;
	int result;

	buf_init(&command);
	buf_add_str(&command, "NAMESPACE");
	result = imap_say(s->imap, &command);
	buf_release(&command);
	if (result == MAILIMAP_NO_ERROR)
		result = imap_hear(s->imap, MAILIMAP_ERROR_EXTENSION);
	info = s->imap->imap_response_info;
	if (result != MAILIMAP_NO_ERROR || !info || !info->rsp_extension_list)
		return;
	for (clistiter *i = clist_begin(info->rsp_extension_list); i;
	     i = clist_next(i)) {
		const struct mailimap_extension_data *e = clist_content(i);

		if (e->ext_extension->ext_id == MAILIMAP_EXTENSION_NAMESPACE)
			take_prefix(s, e->ext_data);
	}
}

int imap_folder_learn(struct imap_session *s, struct error *err)
{
	const struct mailimap_mailbox_list *first;
	clist *list = NULL;
	int result;

	buf_reset(&s->prefix);
	s->delimiter = '\0';
	imap_session_command(s, IMAP_SMALL_ANSWER);
	if (mailimap_has_namespace(s->imap))
		learn_prefix(s);
	if (s->delimiter != '\0')
		return 0;
	result = mailimap_list(s->imap, "", "", &list);
	if (result == MAILIMAP_NO_ERROR && clist_begin(list)) {
		first = clist_content(clist_begin(list));
		s->delimiter = first->mb_delimiter;
	}
	if (list)
		mailimap_list_result_free(list);
	return imap_session_check(s, result, err, "LIST");
}

int imap_folder_find(struct imap_session *s, const char *configured,
		     bool *there_r, struct error *err)
{
	struct buf name;
	clist *list = NULL;
	int result;

	buf_init(&name);
	imap_name(&name, configured, s->prefix.data, s->delimiter);
	imap_session_command(s, IMAP_SMALL_ANSWER);
	result = mailimap_list(s->imap, "", name.data, &list);
	*there_r = result == MAILIMAP_NO_ERROR && clist_begin(list);
	if (list)
		mailimap_list_result_free(list);
	buf_release(&name);
	return imap_session_check(s, result, err, "LIST %s", configured);
}

int imap_folder_create(struct imap_session *s, const char *configured,
		       struct error *err)
{
	struct buf name;
	bool there;
	int rc;

	rc = imap_folder_find(s, configured, &there, err);
	if (rc < 0 || there)
		return rc;
	buf_init(&name);
	imap_name(&name, configured, s->prefix.data, s->delimiter);
	rc = imap_session_check(s, mailimap_create(s->imap, name.data), err,
				"folder %s is missing and cannot be created",
				configured);
	buf_release(&name);
	return rc;
}

/* ---- Selecting ---- */

static bool is_flag(const struct mailimap_flag *flag, const char *keyword)
{
	if (!flag)
		return false;
	if (flag->fl_type == MAILIMAP_FLAG_KEYWORD)
		return keyword &&
		       strcasecmp(flag->fl_data.fl_keyword, keyword) == 0;
	return !keyword && flag->fl_type == MAILIMAP_FLAG_SEEN;
}

/* Without PERMANENTFLAGS all are permanent (RFC 3501, 7.1). */
static void learn_flags(struct imap_session *s)
{
	const struct mailimap_selection_info *info =
		s->imap->imap_selection_info;

	s->can_flag = !s->read_only;
	/* Of a folder that is only looked at nobody says; asking is free. */
	s->can_keyword = s->looking;
	if (s->read_only || !info->sel_perm_flags)
		return;
	s->can_flag = false;
	for (clistiter *i = clist_begin(info->sel_perm_flags); i;
	     i = clist_next(i)) {
		const struct mailimap_flag_perm *p = clist_content(i);

		if (p->fl_type == MAILIMAP_FLAG_PERM_ALL ||
		    is_flag(p->fl_flag, IMAP_KEYWORD))
			s->can_keyword = true;
		else if (is_flag(p->fl_flag, NULL))
			s->can_flag = true;
	}
}

/* Told once: it is the same each time that the folder is entered. */
static void tell(struct imap_session *s, const char *folder, bool keep)
{
	if (!keep && !s->can_move && !s->can_expunge && !s->told) {
		s->told = true;
		imap_session_notice(s,
				    "the server has neither MOVE nor UIDPLUS: "
				    "messages are marked as deleted, and stay "
				    "until somebody expunges folder %s",
				    folder);
	}
}

static int can_dispose(struct imap_session *s, const char *folder,
		       struct error *err)
{
	const struct mailbox_settings *m = s->settings;
	bool keep = m->processed.disposal == DISPOSAL_KEEP &&
		    m->unrecognised.disposal == DISPOSAL_KEEP;

	if (s->looking)
		return 0;
	if (s->read_only && !keep)
		return error_set(err, ERROR_SOURCE,
				 "folder %s may only be read, so that nothing "
				 "can be moved or deleted; \"keep\" could do",
				 folder);
	tell(s, folder, keep);
	return 0;
}

int imap_folder_select(struct imap_session *s, const char *folder,
		       struct error *err)
{
	const struct mailimap_selection_info *info;
	struct buf name;
	int rc;

	buf_init(&name);
	imap_name(&name, folder, s->prefix.data, s->delimiter);
	imap_session_command(s, IMAP_SMALL_ANSWER);
	/* Refused, no folder is selected at all (RFC 3501, 6.3.1). */
	s->selected = NULL;
	rc = imap_session_check(s,
				s->looking
					? mailimap_examine(s->imap, name.data)
					: mailimap_select(s->imap, name.data),
				err, "cannot select folder %s", folder);
	buf_release(&name);
	if (rc < 0)
		return -1;
	info = s->imap->imap_selection_info;
	s->selected = folder;
	s->uidvalidity = info->sel_uidvalidity;
	s->read_only = info->sel_perm == MAILIMAP_MAILBOX_READONLY;
	s->can_move = mailimap_has_extension(s->imap, "MOVE");
	s->can_expunge = mailimap_has_extension(s->imap, "UIDPLUS");
	s->can_idle = mailimap_has_extension(s->imap, "IDLE");
	learn_flags(s);
	return can_dispose(s, folder, err);
}
