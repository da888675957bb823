/*
 * dsnd-parse: reads hostile mail in a jail, for one reader. It gets frames on
 * descriptor 3 and answers each on the same socket, several at once where
 * several are there. It never logs and never retries: what goes wrong here ends
 * the process, and the reader, which sees that, decides what became of the
 * message.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parser/sandbox.h"
#include "parser/wire.h"
#include "report/report.h"
#include "util/buf.h"
#include "util/error.h"
#include "util/fdio.h"
#include "util/xalloc.h"

#define SOCKET_FD 3
#define READ_BYTES (256u * 1024)
/* Answers wait for others until there is this much of them, or this long. */
#define SEND_BYTES (32u * 1024)
#define SEND_MS 5
/* The first of a worker are sent one by one: what it dies of stays plain. */
#define SENT_SINGLY 64

static const char by_hand[] =
	"dsnd-parse: dsnd and dsnctl start this, with a socket to talk over\n";

struct talk {
	struct buf in;
	size_t used;	  /* of in: frames that were taken */
	struct buf out;	  /* answers not yet sent */
	int64_t since_ms; /* when the first of them came */
	unsigned answered;
};

/* Sends what is there: every call wakes the reader up. */
static int talk_flush(struct talk *t)
{
	size_t at = 0;

	while (at < t->out.len) {
		ssize_t put = send(SOCKET_FD, t->out.data + at, t->out.len - at,
				   MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		at += (size_t)put;
	}
	buf_reset(&t->out);
	return 0;
}

/*
 * Receives until n bytes are there that were not taken yet. 1, 0 at the end of
 * the stream, or -1; nobody waits for an answer meanwhile.
 */
static int talk_await(struct talk *t, size_t n)
{
	while (t->in.len - t->used < n) {
		size_t rest = t->in.len - t->used;
		ssize_t got;

		if (talk_flush(t) < 0)
			return -1;
		if (t->used > 0) {
			memmove(t->in.data, t->in.data + t->used, rest);
			t->in.len = rest;
			t->used = 0;
		}
		buf_reserve(&t->in, n > READ_BYTES ? n - rest : READ_BYTES);
		got = read(SOCKET_FD, t->in.data + rest, t->in.cap - rest - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 || rest > 0 ? -1 : 0;
		t->in.len += (size_t)got;
	}
	return 1;
}

/* Takes a frame of that type; *content_r is valid until the next one. */
static int talk_receive(struct talk *t, enum wire_type type,
			struct wire_frame *frame_r, struct span *content_r)
{
	int rc = talk_await(t, WIRE_HEADER_BYTES);

	if (rc <= 0)
		return rc;
	if (wire_header_read(t->in.data + t->used, frame_r, NULL) < 0 ||
	    frame_r->type != type ||
	    talk_await(t, WIRE_HEADER_BYTES + frame_r->length) <= 0)
		return -1;
	*content_r = span_make(t->in.data + t->used + WIRE_HEADER_BYTES,
			       frame_r->length);
	t->used += WIRE_HEADER_BYTES + frame_r->length;
	return 1;
}

static int talk_send(struct talk *t, enum wire_type type, struct span content)
{
	struct wire_frame frame = {type, 0, (uint32_t)content.n};

	wire_header_write(&t->out, &frame);
	buf_add(&t->out, content.p, content.n);
	return talk_flush(t);
}

/* Reads the settings, closes the jail behind us and says so. */
static int start(struct talk *t, struct wire_settings *settings)
{
	struct sandbox_settings sandbox = {.fd = SOCKET_FD};
	struct wire_frame frame;
	struct span content;
	struct error err;

	if (talk_receive(t, WIRE_SETTINGS, &frame, &content) <= 0)
		return -1;
	if (wire_settings_read(settings, content.p, content.n, &err) < 0)
		goto failed;
	report_charsets_open();
	sandbox.memory_bytes = (size_t)settings->memory_bytes;
	sandbox.cpu_s = settings->cpu_s;
	if (sandbox_enter(&sandbox, &err) < 0)
		goto failed;
	return talk_send(t, WIRE_READY, SPAN(""));
failed:
	(void)talk_send(t, WIRE_FAILED,
			span_cut(span_of(err.text), WIRE_MAX_FAILED));
	return -1;
}

static bool must_send(struct talk *t, bool first)
{
	if (t->answered <= SENT_SINGLY || t->out.len >= SEND_BYTES)
		return true;
	if (first)
		t->since_ms = fdio_monotonic_ms();
	return !first && fdio_monotonic_ms() - t->since_ms >= SEND_MS;
}

static int parse_one(const struct wire_settings *settings, struct talk *t,
		     uint64_t id, struct span message)
{
	bool first = t->out.len == 0;
	struct report r;

	report_init(&r);
	report_parse(&r, &settings->report, message.p, message.n);
	wire_record_write(&t->out, id, &r);
	report_release(&r);
	t->answered++;
	return must_send(t, first) ? talk_flush(t) : 0;
}

int main(void)
{
	struct wire_settings settings;
	struct wire_frame frame;
	struct talk talk = {.answered = 0};
	struct span message;
	int rc;

	if (fcntl(SOCKET_FD, F_GETFD) < 0) {
		(void)!write(STDERR_FILENO, by_hand, sizeof by_hand - 1);
		_exit(2);
	}
	xalloc_keep();
	buf_init(&talk.in);
	buf_init(&talk.out);
	if (start(&talk, &settings) < 0)
		_exit(1);
	while ((rc = talk_receive(&talk, WIRE_MESSAGE, &frame, &message)) ==
	       1) {
		if (parse_one(&settings, &talk, frame.id, message) < 0)
			_exit(1);
	}
	/* Nothing to give back; exit handlers may ask what the jail forbids. */
	_exit(rc == 0 ? 0 : 1);
}
