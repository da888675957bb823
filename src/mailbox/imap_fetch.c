/*
 * Messages in company: sizes of a hundred at once, with the bytes of small
 * ones, then the larger ones a few MiB at a time, so that neither distance nor
 * size costs much. What the server sends unasked is left lying.
 */
#include "mailbox/imap_fetch.h"

#include <string.h>
#include <time.h>

#include <libetpan/libetpan.h>

#define COMPANY_BYTES ((size_t)4 * 1024 * 1024)
#define ITEM_EXTRA_BYTES 1024
#define FRONT_BYTES ((size_t)32 * 1024)

void imap_window_init(struct imap_window *w)
{
	memset(w, 0, sizeof *w);
	for (size_t i = 0; i < IMAP_FETCH_COUNT; i++)
		buf_init(&w->items[i].bytes);
}

void imap_window_release(struct imap_window *w)
{
	for (size_t i = 0; i < IMAP_FETCH_COUNT; i++)
		buf_release(&w->items[i].bytes);
}

void imap_window_clear(struct imap_window *w)
{
	imap_window_release(w);
	imap_window_init(w);
}

static struct imap_item *find(struct imap_window *w, uint32_t uid)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->items[i].uid == uid)
			return &w->items[i];
	}
	return NULL;
}

static int within(int n, int min, int max)
{
	return n < min ? min : n > max ? max : n;
}

/* The numbers are as large as the server wrote them. */
static int64_t epoch_of(const struct mailimap_date_time *d)
{
	struct tm tm = {.tm_year = within(d->dt_year, 1970, 9999) - 1900,
			.tm_mon = within(d->dt_month, 1, 12) - 1,
			.tm_mday = within(d->dt_day, 1, 31),
			.tm_hour = within(d->dt_hour, 0, 24),
			.tm_min = within(d->dt_min, 0, 60),
			.tm_sec = within(d->dt_sec, 0, 60)};
	int zone = within(d->dt_zone, -9999, 9999);
	int zone_min = zone / 100 * 60 + zone % 100;

	return (int64_t)timegm(&tm) - zone_min * 60;
}

/* What one FETCH response says, whatever was asked. */
struct answer {
	uint32_t uid;
	const struct mailimap_date_time *date;
	const struct mailimap_msg_att_body_section *body;
	bool has_size;
	uint32_t size;
};

static struct answer answer_of(const struct mailimap_msg_att *message)
{
	struct answer a = {0};

	for (clistiter *i = clist_begin(message->att_list); i;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);
		const struct mailimap_msg_att_static *st;

		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		st = item->att_data.att_static;
		if (st->att_type == MAILIMAP_MSG_ATT_UID)
			a.uid = st->att_data.att_uid;
		else if (st->att_type == MAILIMAP_MSG_ATT_INTERNALDATE)
			a.date = st->att_data.att_internal_date;
		else if (st->att_type == MAILIMAP_MSG_ATT_BODY_SECTION)
			a.body = st->att_data.att_body_section;
		else if (st->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
			a.size = st->att_data.att_rfc822_size;
			a.has_size = true;
		}
	}
	return a;
}

static void take_size(struct imap_item *item, const struct answer *a)
{
	if (!a->has_size || !a->date)
		return;
	item->size_bytes = a->size;
	item->at_s = epoch_of(a->date);
	item->there = true;
}

static void take_bytes(struct imap_item *item, const struct answer *a,
		       size_t max)
{
	const struct mailimap_msg_att_body_section *b = a->body;
	size_t n;

	if (item->has_bytes || !b || !b->sec_body_part ||
	    b->sec_origin_octet != 0)
		return;
	n = b->sec_length < max ? b->sec_length : max;
	buf_add(&item->bytes, b->sec_body_part, n);
	item->has_bytes = true;
}

static void take(struct imap_window *w, const clist *list, size_t max)
{
	for (clistiter *i = clist_begin(list); i; i = clist_next(i)) {
		struct answer a = answer_of(clist_content(i));
		struct imap_item *item = find(w, a.uid);

		if (!item)
			continue;
		take_size(item, &a);
		take_bytes(item, &a, max);
	}
}

/* What libetpan calls a list is none where the server refused. */
static int fetch(struct imap_session *s, struct imap_window *w,
		 const uint32_t *uids, size_t count,
		 struct mailimap_fetch_type *what)
{
	struct mailimap_set *set = imap_set(uids, count);
	clist *list = NULL;
	int result = mailimap_uid_fetch(s->imap, set, what, &list);

	mailimap_set_free(set);
	mailimap_fetch_type_free(what);
	if (result != MAILIMAP_NO_ERROR || !list)
		return result;
	take(w, list, s->settings->max_message_bytes);
	mailimap_fetch_list_free(list);
	return result;
}

/* Most reports are smaller: they come along with their size. */
static size_t front_of(const struct imap_session *s)
{
	size_t max = s->settings->max_message_bytes;

	return max < FRONT_BYTES ? max : FRONT_BYTES;
}

/* Sizes and dates; with front > 0 so much of each message along with them. */
static int ask_sizes(struct imap_session *s, const uint32_t *uids, size_t count,
		     size_t front)
{
	struct buf command;
	int result;

	buf_init(&command);
	buf_add_str(&command, "UID FETCH ");
	imap_add_set(&command, uids, count);
	buf_add_str(&command, " (UID RFC822.SIZE INTERNALDATE");
	if (front > 0)
		buf_addf(&command, " BODY.PEEK[]<0.%zu>", front);
	buf_add_char(&command, ')');
	imap_session_command(s, IMAP_SMALL_ANSWER);
	result = imap_say(s->imap, &command);
	buf_release(&command);
	return result;
}

size_t imap_fetch_budget(const struct imap_session *s,
			 const struct imap_window *w)
{
	return IMAP_SMALL_ANSWER + w->count * (front_of(s) + ITEM_EXTRA_BYTES);
}

void imap_window_take(const struct imap_session *s, struct imap_window *w)
{
	struct mailimap_response_info *info = s->imap->imap_response_info;

	if (info && info->rsp_fetch_list)
		take(w, info->rsp_fetch_list, s->settings->max_message_bytes);
}

/* What came before a refusal counts: it must not hide the others. */
static int hear_sizes(struct imap_session *s, struct imap_window *w)
{
	int result;

	imap_session_command(s, imap_fetch_budget(s, w));
	result = imap_hear(s->imap, MAILIMAP_ERROR_UID_FETCH);
	if (result == MAILIMAP_NO_ERROR || imap_session_refused(s, result))
		imap_window_take(s, w);
	return result;
}

/* Of a longer message the front is enough only where it is skipped. */
static bool is_enough(const struct mailbox_settings *m,
		      const struct imap_item *item, size_t front)
{
	if (!item->there)
		return false;
	if (m->skip_large && item->size_bytes > m->max_message_bytes)
		return true;
	return item->size_bytes <= front && item->bytes.len < front;
}

/* The others are asked for later. */
static void drop_fronts(const struct imap_session *s, struct imap_window *w,
			size_t front)
{
	for (size_t i = 0; i < w->count; i++) {
		struct imap_item *item = &w->items[i];

		if (!item->has_bytes || is_enough(s->settings, item, front))
			continue;
		buf_release(&item->bytes);
		buf_init(&item->bytes);
		item->has_bytes = false;
	}
}

/* Sizes without bytes of those that nothing is known of. */
static int ask_again(struct imap_session *s, struct imap_window *w)
{
	uint32_t uids[IMAP_FETCH_COUNT];
	size_t n = 0;
	int result;

	for (size_t i = 0; i < w->count; i++) {
		if (!w->items[i].there)
			uids[n++] = w->items[i].uid;
	}
	if (n == 0)
		return MAILIMAP_NO_ERROR;
	result = ask_sizes(s, uids, n, 0);
	return result == MAILIMAP_NO_ERROR ? hear_sizes(s, w) : result;
}

int imap_fetch_ask(struct imap_session *s, struct imap_window *w,
		   const uint32_t *uids, size_t count, struct error *err)
{
	int result;

	imap_window_clear(w);
	w->count = count;
	for (size_t i = 0; i < count; i++)
		w->items[i].uid = uids[i];
	result = ask_sizes(s, uids, count, front_of(s));
	if (result == MAILIMAP_NO_ERROR)
		return 0;
	return imap_session_check(s, result, err, "FETCH of sizes");
}

int imap_fetch_heard(struct imap_session *s, struct imap_window *w, int result,
		     struct error *err)
{
	drop_fronts(s, w, front_of(s));
	if (imap_session_refused(s, result))
		result = MAILIMAP_NO_ERROR;
	return imap_session_check(s, result, err, "FETCH of sizes");
}

int imap_fetch_hear(struct imap_session *s, struct imap_window *w,
		    struct error *err)
{
	return imap_fetch_heard(s, w, hear_sizes(s, w), err);
}

bool imap_window_lacks(const struct imap_window *w)
{
	for (size_t i = 0; i < w->count; i++) {
		if (!w->items[i].there)
			return true;
	}
	return false;
}

int imap_fetch_again(struct imap_session *s, struct imap_window *w,
		     struct error *err)
{
	int result = ask_again(s, w);

	if (imap_session_refused(s, result)) {
		for (size_t i = 0; i < w->count; i++)
			w->items[i].refused = !w->items[i].there;
		result = MAILIMAP_NO_ERROR;
	}
	return imap_session_check(s, result, err, "FETCH of sizes");
}

static int cannot_read(struct imap_session *s, int result, uint32_t uid,
		       struct error *err)
{
	if (imap_session_check(s, result, err, "cannot read message %u", uid) ==
	    0)
		return 0;
	if (s->imap && err)
		err->scope = ERROR_MESSAGE;
	return -1;
}

int imap_fetch_alone(struct imap_session *s, struct imap_window *w,
		     struct imap_item *item, struct error *err)
{
	int result = ask_sizes(s, &item->uid, 1, 0);

	if (result == MAILIMAP_NO_ERROR)
		result = hear_sizes(s, w);
	return cannot_read(s, result, item->uid, err);
}

static int fetch_bytes(struct imap_session *s, struct imap_window *w,
		       const uint32_t *uids, size_t count, size_t bytes)
{
	struct mailimap_fetch_type *what =
		mailimap_fetch_type_new_fetch_att_list_empty();
	size_t max = s->settings->max_message_bytes;

	mailimap_fetch_type_new_fetch_att_list_add(
		what, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(
		what, mailimap_fetch_att_new_body_peek_section_partial(
			      mailimap_section_new(NULL), 0, (uint32_t)max));
	/* Some servers round the sizes that they tell. */
	imap_session_command(s, IMAP_SMALL_ANSWER + 2 * bytes + max +
					count * ITEM_EXTRA_BYTES);
	return fetch(s, w, uids, count, what);
}

/* Those that fit together, from the first on; alone where company failed. */
static size_t choose(struct imap_window *w, size_t max, uint32_t *uids,
		     size_t *bytes_r)
{
	bool alone = w->items[w->at].asked;
	size_t n = 0;

	*bytes_r = 0;
	for (size_t i = w->at; i < w->count && !(alone && n > 0); i++) {
		struct imap_item *item = &w->items[i];
		size_t size = item->size_bytes < max ? item->size_bytes : max;

		if (!item->there || item->has_bytes)
			continue;
		if (n > 0 && *bytes_r + size > COMPANY_BYTES)
			break;
		item->asked = true;
		*bytes_r += size;
		uids[n++] = item->uid;
	}
	return n;
}

int imap_fetch_bytes(struct imap_session *s, struct imap_window *w,
		     struct error *err)
{
	struct imap_item *first = &w->items[w->at];
	uint32_t uids[IMAP_FETCH_COUNT];
	size_t bytes, n = 0;
	int result;

	do {
		n = choose(w, s->settings->max_message_bytes, uids, &bytes);
		result = fetch_bytes(s, w, uids, n, bytes);
	} while (n > 1 && !first->has_bytes &&
		 (result == MAILIMAP_NO_ERROR ||
		  imap_session_refused(s, result)));
	/* Whoever else was refused is asked for alone when its turn comes. */
	if (first->has_bytes && imap_session_refused(s, result))
		return 0;
	return cannot_read(s, result, first->uid, err);
}
