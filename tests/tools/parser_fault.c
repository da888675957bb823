#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parser/wire.h"
#include "report/report.h"
#include "util/buf.h"
#include "util/xalloc.h"

/*
 * Stands in for dsnd-parse where a test needs one that goes wrong: what a
 * message says is what is done. Any other message is answered by a record
 * whose subject is the message. Not jailed: here the faults are ours.
 */

#define SOCKET_FD 3

static struct buf out;

static void pour(const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t put = send(SOCKET_FD, at, n, MSG_NOSIGNAL);

		if (put <= 0)
			_exit(1);
		at += put;
		n -= (size_t)put;
	}
}

/* 0 at the end of the stream. */
static int gather(char *p, size_t n)
{
	while (n > 0) {
		ssize_t got = read(SOCKET_FD, p, n);

		if (got <= 0)
			return 0;
		p += got;
		n -= (size_t)got;
	}
	return 1;
}

static void frame_send(enum wire_type type, uint64_t id, struct span content)
{
	struct wire_frame frame = {type, id, (uint32_t)content.n};

	buf_reset(&out);
	wire_header_write(&out, &frame);
	buf_add(&out, content.p, content.n);
	pour(out.data, out.len);
}

static void hang(void)
{
	for (;;)
		pause();
}

static void eat_memory(void)
{
	const struct rlimit limit = {64 << 20, 64 << 20};
	char *p;

	setrlimit(RLIMIT_AS, &limit);
	while ((p = malloc(1 << 20)) != NULL)
		memset(p, 1, 1 << 20);
	abort();
}

static void record_of(struct buf *record, const char *text)
{
	struct report r;

	report_init(&r);
	r.kind = REPORT_BOUNCE;
	r.subject = text;
	buf_reset(record);
	report_write(record, &r);
	report_release(&r);
}

/* Faults of what is sent back; true where this was one. */
static int send_wrongly(const char *text, uint64_t id, struct buf *record)
{
	static const char garbage[4096] = "HTTP/1.1 200 OK\r\n\r\n";
	static const char endless[] =
		"DSNP\0\1\0\5\0\0\0\0\0\0\0\0\xff\xff\xff";

	record_of(record, text);
	if (!strcmp(text, "garbage"))
		pour(garbage, sizeof garbage);
	else if (!strcmp(text, "length"))
		pour(endless, sizeof endless);
	else if (!strcmp(text, "forged"))
		frame_send(WIRE_RECORD, id + 1,
			   span_make(record->data, record->len));
	else if (!strcmp(text, "control"))
		record_of(record, "\x1b[31mred"),
			frame_send(WIRE_RECORD, id,
				   span_make(record->data, record->len));
	else if (!strcmp(text, "cut"))
		frame_send(WIRE_RECORD, id,
			   span_make(record->data, record->len - 1));
	else if (!strcmp(text, "type"))
		frame_send(WIRE_READY, id, SPAN(""));
	else
		return 0;
	return 1;
}

static void answer(const char *text, uint64_t id)
{
	static int poisoned;
	struct buf record;

	buf_init(&record);
	if (poisoned)
		raise(SIGSEGV);
	if (!strcmp(text, "crash"))
		raise(SIGSEGV);
	if (!strcmp(text, "exit"))
		_exit(0);
	if (!strcmp(text, "hang"))
		hang();
	if (!strcmp(text, "memory"))
		eat_memory();
	if (!strcmp(text, "poison"))
		poisoned = 1;
	if (!strcmp(text, "close")) {
		shutdown(SOCKET_FD, SHUT_RDWR);
		close(SOCKET_FD);
		hang();
	}
	if (!strcmp(text, "half")) {
		record_of(&record, text);
		pour("DSNP\0\1\0\5", 8);
		hang();
	}
	if (!send_wrongly(text, id, &record)) {
		record_of(&record, text);
		frame_send(WIRE_RECORD, id, span_make(record.data, record.len));
	}
	if (!strcmp(text, "twice"))
		frame_send(WIRE_RECORD, id, span_make(record.data, record.len));
	buf_release(&record);
}

int main(void)
{
	char header[WIRE_HEADER_BYTES];
	struct wire_frame frame;

	buf_init(&out);
	while (gather(header, sizeof header)) {
		char *text;

		if (wire_header_read(header, &frame, NULL) < 0)
			return 1;
		text = xcalloc(1, (size_t)frame.length + 1);
		if (!gather(text, frame.length))
			return 1;
		if (frame.type == WIRE_SETTINGS)
			frame_send(WIRE_READY, 0, SPAN(""));
		else
			answer(text, frame.id);
		free(text);
	}
	return 0;
}
