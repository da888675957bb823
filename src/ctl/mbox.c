/*
 * Archives of bounces are often one file, which to a parser is one message:
 * the recipients of all the others would seem to be recipients of the first.
 */
#include "ctl/mbox.h"

#include <string.h>

#include "util/fdio.h"

#define CHUNK_BYTES ((size_t)256 * 1024)
/* What separates messages is no longer, the line end before it included. */
#define SEPARATOR_BYTES 1024

void mbox_init(struct mbox *m, int fd, const char *name)
{
	memset(m, 0, sizeof(*m));
	m->fd = fd;
	m->single = span_ends_ci(span_of(name), SPAN(".eml"));
	buf_init(&m->in);
}

void mbox_release(struct mbox *m)
{
	buf_release(&m->in);
}

static bool is_weekday(struct span word)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu",
					   "Fri", "Sat", "Sun"};

	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++)
		if (span_eq(span_cut(word, 3), span_of(days[i])))
			return true;
	return false;
}

/* "From ann@example.com Mon Nov 23 10:00:00 2026": no sentence does so. */
static bool is_from_line(struct span line)
{
	struct span rest = line, word;

	return span_next_word(&rest, &word) && span_eq(word, SPAN("From")) &&
	       span_next_word(&rest, &word) && span_next_word(&rest, &word) &&
	       is_weekday(word) && span_find_char(rest, ':') != SPAN_NONE;
}

static bool is_after_empty_line(struct span s, size_t line_end)
{
	size_t i = line_end;

	if (i > 0 && s.p[i - 1] == '\r')
		i--;
	return i > 0 && s.p[i - 1] == '\n';
}

/* Where the next message begins; SPAN_NONE where that is not to be seen. */
static size_t find_next(const struct mbox *m, struct span s)
{
	size_t at = 0, found;

	while ((found = span_find(span_from(s, at), SPAN("\nFrom "))) !=
	       SPAN_NONE) {
		struct span line;
		size_t end;

		at += found + 1;
		line = span_from(s, at);
		end = span_find_char(line, '\n');
		if (end == SPAN_NONE && !m->ended)
			return SPAN_NONE;
		if (is_after_empty_line(s, at - 1) &&
		    is_from_line(span_cut(line, end)))
			return at;
	}
	return SPAN_NONE;
}

/* What was handed out goes before more comes in. */
static int more(struct mbox *m, struct error *err)
{
	size_t left = m->in.len - m->at;

	memmove(m->in.data, m->in.data + m->at, left);
	buf_truncate(&m->in, left);
	m->at = 0;
	if (fdio_read_size(m->fd, CHUNK_BYTES, &m->in, err) != 0)
		return -1;
	m->ended = m->in.len - left < CHUNK_BYTES;
	return 0;
}

/* n bytes go from what was read to the message, as many as it may have. */
static void hand_out(struct mbox *m, size_t n, size_t max, struct buf *message)
{
	size_t room = message->len < max ? max - message->len : 0;

	buf_add(message, m->in.data + m->at, n < room ? n : room);
	m->at += n;
}

static void drop_from_line(struct buf *message)
{
	struct span all = span_make(message->data, message->len);
	size_t end = span_find_char(all, '\n');

	if (end == SPAN_NONE)
		return;
	memmove(message->data, message->data + end + 1, all.n - end - 1);
	buf_truncate(message, all.n - end - 1);
}

/* Whatever there is up to the next message, or to the end: 0, or -1. */
static int take(struct mbox *m, size_t max, struct buf *message,
		struct error *err)
{
	for (;;) {
		struct span in =
			span_make(m->in.data + m->at, m->in.len - m->at);
		size_t next = m->is_mbox ? find_next(m, in) : SPAN_NONE;

		/* Nobody needs the rest of a single one. */
		if (!m->is_mbox && message->len + in.n >= max)
			m->ended = true;
		if (next != SPAN_NONE || m->ended) {
			hand_out(m, next != SPAN_NONE ? next : in.n, max,
				 message);
			return 0;
		}
		if (in.n > SEPARATOR_BYTES)
			hand_out(m, in.n - SEPARATOR_BYTES, max, message);
		if (more(m, err) != 0)
			return -1;
	}
}

static bool begins_mbox(struct span bytes)
{
	return is_from_line(span_cut(bytes, span_find_char(bytes, '\n')));
}

bool mbox_has_several(struct span bytes)
{
	const struct mbox whole = {.ended = true};

	return begins_mbox(bytes) && find_next(&whole, bytes) != SPAN_NONE;
}

int mbox_next(struct mbox *m, size_t max, struct buf *message,
	      struct error *err)
{
	buf_reset(message);
	if (m->count > 0 && m->ended && m->at == m->in.len)
		return 0;
	if (m->count == 0) {
		if (more(m, err) != 0)
			return -1;
		m->is_mbox = !m->single &&
			     begins_mbox(span_make(m->in.data, m->in.len));
	}
	if (take(m, max, message, err) != 0)
		return -1;
	m->count++;
	m->several = m->several || m->at < m->in.len;
	if (m->several)
		drop_from_line(message);
	return 1;
}
