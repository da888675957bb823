/*
 * dsnd-parse: reads hostile mail in a jail, for one reader. It gets frames on
 * descriptor 3 and answers each on the same socket as soon as it is done. It
 * never logs and never retries: what goes wrong here ends the process, and
 * the reader, which sees that, decides what became of the message.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parser/sandbox.h"
#include "parser/wire.h"
#include "report/report.h"
#include "util/buf.h"
#include "util/error.h"
#include "util/xalloc.h"

#define SOCKET_FD 3

static const char by_hand[] =
	"dsnd-parse: dsnd and dsnctl start this, with a socket to talk over\n";

/* 1 when p holds n bytes, 0 at the end of the stream, -1 on an error. */
static int receive_all(char *p, size_t n)
{
	while (n > 0) {
		ssize_t got = read(SOCKET_FD, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -1 : 0;
		p += got;
		n -= (size_t)got;
	}
	return 1;
}

static int send_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = send(SOCKET_FD, p, n, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

static int send_frame(enum wire_type type, uint64_t id, struct span content)
{
	struct wire_frame frame = {type, id, (uint32_t)content.n};
	struct buf whole;
	int rc;

	/* At once: every call wakes the reader up. */
	buf_init(&whole);
	buf_reserve(&whole, WIRE_HEADER_BYTES + content.n);
	wire_header_write(&whole, &frame);
	buf_add(&whole, content.p, content.n);
	rc = send_all(whole.data, whole.len);
	buf_release(&whole);
	return rc;
}

/* Reads one frame of that type; 1, 0 at the end of the stream, or -1. */
static int receive_frame(enum wire_type type, struct wire_frame *frame_r,
			 struct buf *content)
{
	char header[WIRE_HEADER_BYTES];
	int rc = receive_all(header, sizeof header);

	if (rc <= 0)
		return rc;
	if (wire_header_read(header, frame_r, NULL) < 0 ||
	    frame_r->type != type)
		return -1;
	buf_reset(content);
	buf_reserve(content, frame_r->length);
	rc = receive_all(content->data, frame_r->length);
	content->len = frame_r->length;
	content->data[content->len] = '\0';
	return rc == 1 ? 1 : -1;
}

/* Reads the settings, closes the jail behind us and says so. */
static int start(struct wire_settings *settings, struct buf *content)
{
	struct sandbox_settings sandbox = {.fd = SOCKET_FD};
	struct wire_frame frame;
	struct error err;

	if (receive_frame(WIRE_SETTINGS, &frame, content) <= 0)
		return -1;
	if (wire_settings_read(settings, content->data, content->len, &err) < 0)
		goto failed;
	report_charsets_open();
	sandbox.memory_bytes = (size_t)settings->memory_bytes;
	sandbox.cpu_s = settings->cpu_s;
	if (sandbox_enter(&sandbox, &err) < 0)
		goto failed;
	return send_frame(WIRE_READY, 0, SPAN(""));
failed:
	(void)send_frame(WIRE_FAILED, 0,
			 span_cut(span_of(err.text), WIRE_MAX_FAILED));
	return -1;
}

static int parse_one(const struct wire_settings *settings, uint64_t id,
		     const struct buf *message, struct buf *record)
{
	struct report r;

	report_init(&r);
	report_parse(&r, &settings->report, message->data, message->len);
	buf_reset(record);
	report_write(record, &r);
	report_release(&r);
	return send_frame(WIRE_RECORD, id,
			  span_make(record->data, record->len));
}

int main(void)
{
	struct wire_settings settings;
	struct wire_frame frame;
	struct buf content;
	struct buf record;
	int rc;

	if (fcntl(SOCKET_FD, F_GETFD) < 0) {
		(void)!write(STDERR_FILENO, by_hand, sizeof by_hand - 1);
		_exit(2);
	}
	buf_init(&content);
	buf_init(&record);
	if (start(&settings, &content) < 0)
		_exit(1);
	while ((rc = receive_frame(WIRE_MESSAGE, &frame, &content)) == 1) {
		if (parse_one(&settings, frame.id, &content, &record) < 0)
			_exit(1);
	}
	/* Nothing to give back; exit handlers may ask what the jail forbids. */
	_exit(rc == 0 ? 0 : 1);
}
