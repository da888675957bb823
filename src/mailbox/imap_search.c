/* Which messages are due. */
#include <stdlib.h>

#include <libetpan/libetpan.h>

#include "mailbox/imap_fetch.h"
#include "util/xalloc.h"

/* "* SEARCH" is one line: up to eleven bytes a message. */
#define SEARCH_BYTES_EACH 16
/* Of a larger folder this many at a time; what a server claims has a bound. */
#define SEARCH_COUNT ((size_t)1000000)

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void imap_sort(uint32_t *uids, size_t count)
{
	qsort(uids, count, sizeof *uids, by_number);
}

size_t imap_range(const uint32_t *uids, size_t count, size_t from)
{
	size_t end = from + 1;

	while (end < count && uids[end] - uids[from] == end - from)
		end++;
	return end;
}

struct mailimap_set *imap_set(const uint32_t *uids, size_t count)
{
	struct mailimap_set *set = mailimap_set_new_empty();
	size_t end;

	for (size_t i = 0; set && i < count; i = end) {
		end = imap_range(uids, count, i);
		mailimap_set_add_interval(set, uids[i], uids[end - 1]);
	}
	return set;
}

void imap_add_set(struct buf *out, const uint32_t *uids, size_t count)
{
	for (size_t i = 0, end; i < count; i = end) {
		end = imap_range(uids, count, i);
		buf_addf(out, "%s%u", i > 0 ? "," : "", uids[i]);
		if (end - i > 1)
			buf_addf(out, ":%u", uids[end - 1]);
	}
}

/*
 * With move and delete whatever is there is due. With keep our mark says what
 * is not; and where nothing is expunged, what is marked as deleted is gone. In
 * words of our own: libetpan quotes the keyword, which is no string (RFC 3501,
 * 6.4.4) and which Cyrus refuses.
 */
static void add_due(const struct imap_session *s, uint32_t above,
		    struct buf *out)
{
	const struct mailbox_settings *m = s->settings;

	buf_add_str(out, "UID SEARCH");
	if (above > 0)
		buf_addf(out, " UID %u:*", above + 1);
	if ((m->processed.disposal == DISPOSAL_KEEP ||
	     m->unrecognised.disposal == DISPOSAL_KEEP) &&
	    s->can_keyword)
		buf_add_str(out, " UNKEYWORD " IMAP_KEYWORD);
	else if (!s->can_move && !s->can_expunge)
		buf_add_str(out, " UNDELETED");
	else if (above == 0 &&
		 s->imap->imap_selection_info->sel_exists > SEARCH_COUNT)
		buf_addf(out, " 1:%zu", SEARCH_COUNT);
	else if (above == 0)
		buf_add_str(out, " ALL");
}

/* mailimap_custom_command() would do, but for a blank at the end. */
int imap_say(mailimap *imap, const struct buf *command)
{
	int result = mailimap_send_current_tag(imap);

	if (result != MAILIMAP_NO_ERROR)
		return result;
	if (mailstream_write(imap->imap_stream, command->data, command->len) <
		    0 ||
	    mailstream_write(imap->imap_stream, "\r\n", 2) < 0 ||
	    mailstream_flush(imap->imap_stream) < 0)
		return MAILIMAP_ERROR_STREAM;
	return MAILIMAP_NO_ERROR;
}

int imap_hear(mailimap *imap, int refused)
{
	struct mailimap_response *response = NULL;
	const struct mailimap_response_done *done;
	int result;

	if (!mailimap_read_line(imap))
		return MAILIMAP_ERROR_STREAM;
	result = mailimap_parse_response(imap, &response);
	if (result != MAILIMAP_NO_ERROR)
		return result;
	done = response->rsp_resp_done;
	if (done->rsp_type != MAILIMAP_RESP_DONE_TYPE_TAGGED)
		result = MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION; /* BYE */
	else if (done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type !=
		 MAILIMAP_RESP_COND_STATE_OK)
		result = refused;
	mailimap_response_free(response);
	return result;
}

/* The server's list, which the caller frees; NULL for none. */
static int search(struct imap_session *s, uint32_t above, clist **found_r)
{
	struct mailimap_response_info *info;
	struct buf command;
	int result;

	buf_init(&command);
	add_due(s, above, &command);
	result = imap_say(s->imap, &command);
	buf_release(&command);
	if (result == MAILIMAP_NO_ERROR)
		result = imap_hear(s->imap, MAILIMAP_ERROR_UID_SEARCH);
	info = s->imap->imap_response_info;
	*found_r = NULL;
	if (result == MAILIMAP_NO_ERROR && info) {
		*found_r = info->rsp_search_result;
		info->rsp_search_result = NULL;
	}
	return result;
}

int imap_search(struct imap_session *s, uint32_t above, uint32_t **uids_r,
		size_t *count_r, struct error *err)
{
	size_t exists = s->imap->imap_selection_info->sel_exists;
	size_t most = exists < 2 * SEARCH_COUNT ? exists : 2 * SEARCH_COUNT;
	clist *found;
	uint32_t *uids;
	size_t n = 0;
	int result;

	imap_session_command(s, IMAP_SMALL_ANSWER + most * SEARCH_BYTES_EACH);
	result = search(s, above, &found);
	if (imap_session_check(s, result, err, "SEARCH") < 0)
		return -1;
	uids = xcalloc((found ? (size_t)clist_count(found) : 0) + 1,
		       sizeof *uids);
	for (clistiter *i = found ? clist_begin(found) : NULL; i;
	     i = clist_next(i))
		uids[n++] = *(uint32_t *)clist_content(i);
	if (found)
		mailimap_search_result_free(found);
	imap_sort(uids, n);
	/*
	 * Twice the same would be two messages to whoever asks for them; and
	 * "9:*" has the last one even where that is 7.
	 */
	*count_r = 0;
	for (size_t i = 0; i < n; i++) {
		if (uids[i] > above &&
		    (*count_r == 0 || uids[*count_r - 1] != uids[i]))
			uids[(*count_r)++] = uids[i];
	}
	*uids_r = uids;
	return 0;
}
