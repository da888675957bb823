/*
 * The window of messages in flight. They are answered in the order in which
 * they were sent, so it has three parts: answered, sent, still to be sent. A
 * worker that dies is replaced and gets everything unanswered again. Only a
 * message that kills a worker which had answered nothing before is to blame:
 * an older one may have died of what an earlier message did to it. And even it
 * is given a second worker, since the first may have died of the machine's
 * troubles, not of the message.
 */
#include "parser/parser.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/wire.h"
#include "parser/worker.h"
#include "util/buf.h"
#include "util/fdio.h"
#include "util/xalloc.h"

/* Of the window these many wait until they are sent together. */
#define SEND_MESSAGES 16
#define RECEIVE_BYTES (64u * 1024)

struct entry {
	uint64_t id; /* the caller's */
	char *bytes;
	size_t n;
	bool cut;   /* longer than what is read of a message */
	bool again; /* a worker ended on it once */
	const char *why;
	struct report report;
};

struct parser {
	const struct parser_settings *settings;
	char *program;
	struct worker worker;
	struct buf in; /* received, not yet a whole frame */
	struct entry *ring;
	unsigned size;
	unsigned first;	   /* index of the oldest entry */
	unsigned count;	   /* entries in the window */
	unsigned answered; /* of them, from the front */
	unsigned sent;	   /* of them, whole; at least answered */
	size_t offset;	   /* bytes sent of the frame after those */
	size_t bytes;	   /* of all entries */
	uint64_t sequence; /* of the first entry: the id on the wire */
	int64_t waited_ms; /* for the first unanswered one */
	uint64_t deaths;
};

void parser_settings_init(struct parser_settings *s)
{
	s->program = NULL;
	report_settings_init(&s->report);
	s->message_ms = 5000;
	s->memory_bytes = (size_t)512 * 1024 * 1024;
	s->recycle_after = 10000;
	s->window_bytes = (size_t)4 * 1024 * 1024;
	s->window_messages = 128;
}

static struct entry *entry_at(const struct parser *p, unsigned i)
{
	return &p->ring[(p->first + i) % p->size];
}

/* Beside the running program, as in a build folder, else where installed. */
static char *find_program(void)
{
	static const char installed[] = DSND_LIBEXECDIR "/dsnd-parse";
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	struct buf path;
	char *slash;

	if (n <= 0)
		return xstrdup(installed);
	self[n] = '\0';
	slash = strrchr(self, '/');
	buf_init(&path);
	buf_add(&path, self, (size_t)(slash - self));
	buf_add_str(&path, "/dsnd-parse");
	if (access(path.data, X_OK) == 0)
		return buf_detach(&path, NULL);
	buf_release(&path);
	return xstrdup(installed);
}

char *parser_program(const struct parser_settings *settings)
{
	if (settings->program && settings->program[0] != '\0')
		return xstrdup(settings->program);
	return find_program();
}

struct parser *parser_open(const struct parser_settings *settings,
			   struct error *err)
{
	struct parser *p;

	if (settings->window_messages == 0 || settings->recycle_after == 0) {
		error_set(err, ERROR_FATAL,
			  "the parser may not be given any message");
		return NULL;
	}
	p = xcalloc(1, sizeof *p);
	p->settings = settings;
	p->program = parser_program(settings);
	p->size = settings->window_messages;
	p->ring = xcalloc(p->size, sizeof *p->ring);
	worker_init(&p->worker);
	buf_init(&p->in);
	return p;
}

void parser_close(struct parser *p)
{
	if (!p)
		return;
	worker_stop(&p->worker);
	for (unsigned i = 0; i < p->count; i++) {
		struct entry *e = entry_at(p, i);

		free(e->bytes);
		report_release(&e->report);
	}
	buf_release(&p->in);
	free(p->ring);
	free(p->program);
	free(p);
}

size_t parser_in_flight(const struct parser *p)
{
	return p->count;
}

uint64_t parser_deaths(const struct parser *p)
{
	return p->deaths;
}

/* The first unanswered entry has its answer. */
static void answered(struct parser *p)
{
	p->answered++;
	if (p->sent < p->answered)
		p->sent = p->answered;
	p->waited_ms = 0;
}

static const char *end_text(int status)
{
	if (!WIFSIGNALED(status))
		return "the parser ended on it";
	if (WTERMSIG(status) == SIGSYS)
		return "the parser tried what its jail forbids";
	if (WTERMSIG(status) == SIGXCPU)
		return "the parser ran out of processor time on it";
	return "the parser crashed on it";
}

/*
 * Gives the worker up; why is NULL where it ended by itself. Whatever was not
 * answered will be sent again.
 */
static void worker_lost(struct parser *p, const char *why)
{
	bool fresh = p->worker.done == 0;
	int status = worker_stop(&p->worker);

	buf_reset(&p->in);
	p->sent = p->answered;
	p->offset = 0;
	p->waited_ms = 0;
	if (fresh && p->answered < p->count) {
		struct entry *e = entry_at(p, p->answered);

		if (!why && !e->again) {
			e->again = true;
			return;
		}
		report_release(&e->report);
		report_init(&e->report);
		e->report.kind = REPORT_UNREADABLE;
		e->why = why ? why : end_text(status);
		p->deaths++;
		answered(p);
	}
}

/* How many more messages the worker may be given. */
static unsigned may_send(const struct parser *p)
{
	unsigned left = p->settings->recycle_after - p->worker.given;

	return p->count - p->sent < left ? p->count - p->sent : left;
}

/* n bytes more were sent: messages that are whole now count as sent. */
static void advance(struct parser *p, size_t n)
{
	p->offset += n;
	while (p->sent < p->count) {
		size_t whole = entry_at(p, p->sent)->n + WIRE_HEADER_BYTES;

		if (p->offset < whole)
			break;
		p->offset -= whole;
		p->sent++;
		p->worker.given++;
	}
}

/* Some messages in one call. 1 some went, 0 the socket is full, -1 gone. */
static int send_together(struct parser *p, unsigned n)
{
	struct iovec parts[2 * SEND_MESSAGES];
	struct msghdr msg = {.msg_iov = parts, .msg_iovlen = (size_t)2 * n};
	char headers[SEND_MESSAGES][WIRE_HEADER_BYTES];
	size_t skip = p->offset;
	ssize_t put;

	for (unsigned i = 0; i < n; i++) {
		struct entry *e = entry_at(p, p->sent + i);
		struct wire_frame frame = {WIRE_MESSAGE,
					   p->sequence + p->sent + i,
					   (uint32_t)e->n};

		wire_header_format(headers[i], &frame);
		parts[2 * i] = (struct iovec){headers[i], WIRE_HEADER_BYTES};
		parts[2 * i + 1] = (struct iovec){e->bytes, e->n};
	}
	for (unsigned i = 0; skip > 0; i++) {
		size_t part = skip < parts[i].iov_len ? skip : parts[i].iov_len;

		parts[i].iov_base = (char *)parts[i].iov_base + part;
		parts[i].iov_len -= part;
		skip -= part;
	}
	put = sendmsg(p->worker.fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (put < 0)
		return errno == EINTR ? 1 : errno == EAGAIN ? 0 : -1;
	advance(p, (size_t)put);
	return 1;
}

static int send_some(struct parser *p)
{
	unsigned n;

	while ((n = may_send(p)) > 0) {
		int rc =
			send_together(p, n < SEND_MESSAGES ? n : SEND_MESSAGES);

		if (rc <= 0)
			return rc;
	}
	return 0;
}

static int take_record(struct parser *p, const struct wire_frame *frame,
		       const char *content)
{
	struct entry *e;

	if (frame->type != WIRE_RECORD || p->answered >= p->sent ||
	    frame->id != p->sequence + p->answered)
		return -1;
	e = entry_at(p, p->answered);
	if (report_read(&e->report, content, frame->length, NULL) < 0)
		return -1;
	if (e->cut)
		e->report.partial = true;
	p->worker.done++;
	answered(p);
	return 0;
}

/* Takes whole frames off the front of what was received. */
static int take_frames(struct parser *p)
{
	size_t used = 0;
	int rc = 0;

	while (rc == 0 && p->in.len - used >= WIRE_HEADER_BYTES) {
		const char *at = p->in.data + used;
		struct wire_frame frame;

		if (wire_header_read(at, &frame, NULL) < 0)
			return -1;
		if (p->in.len - used < WIRE_HEADER_BYTES + frame.length)
			break;
		rc = take_record(p, &frame, at + WIRE_HEADER_BYTES);
		used += WIRE_HEADER_BYTES + frame.length;
	}
	memmove(p->in.data, p->in.data + used, p->in.len - used);
	buf_truncate(&p->in, p->in.len - used);
	return rc;
}

/* Receives what is there; 0, -1 it is gone, -2 it broke the protocol. */
static int receive_some(struct parser *p)
{
	for (;;) {
		ssize_t got;

		buf_reserve(&p->in, RECEIVE_BYTES);
		got = recv(p->worker.fd, p->in.data + p->in.len, RECEIVE_BYTES,
			   MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? 0 : -1;
		if (got == 0)
			return -1;
		p->in.len += (size_t)got;
		p->in.data[p->in.len] = '\0';
		if (take_frames(p) < 0)
			return -2;
		/* There is no more for now, or poll will say so. */
		if ((size_t)got < RECEIVE_BYTES)
			return 0;
	}
}

/* A worker that is needed is there; a worn-out one is replaced. */
static int worker_ready(struct parser *p, struct error *err)
{
	if (p->worker.given >= p->settings->recycle_after &&
	    p->sent == p->answered) {
		worker_stop(&p->worker);
		buf_reset(&p->in);
	}
	if (p->worker.pid > 0)
		return 0;
	return worker_start(&p->worker, p->settings, p->program, err);
}

/* Sends and receives what goes within wait_ms, or at once. 0, -1 FATAL. */
static int pump(struct parser *p, int wait_ms, struct error *err)
{
	struct pollfd pfd;
	int64_t start_ms;
	int rc;

	if (p->answered == p->count)
		return 0;
	if (worker_ready(p, err) < 0)
		return -1;
	start_ms = fdio_monotonic_ms();
	pfd.fd = p->worker.fd;
	pfd.events = may_send(p) > 0 ? POLLIN | POLLOUT : POLLIN;
	if (poll(&pfd, 1, wait_ms) <= 0) {
		p->waited_ms += fdio_monotonic_ms() - start_ms;
		return 0;
	}
	/* Receive even where sending failed: the last words may be records. */
	rc = send_some(p);
	p->waited_ms += fdio_monotonic_ms() - start_ms;
	switch (receive_some(p)) {
	case 0:
		if (rc < 0)
			worker_lost(p, NULL);
		return 0;
	case -1:
		worker_lost(p, NULL);
		return 0;
	}
	worker_lost(p, "the parser broke its protocol on it");
	return 0;
}

static bool window_is_full(const struct parser *p, size_t more)
{
	if (p->count == 0)
		return false;
	return p->count == p->size ||
	       p->bytes + more > p->settings->window_bytes;
}

int parser_submit(struct parser *p, uint64_t id, const char *bytes, size_t n,
		  struct error *err)
{
	size_t max = p->settings->report.max_bytes;
	struct entry *e;

	if (max > WIRE_MAX_MESSAGE)
		max = WIRE_MAX_MESSAGE;
	if (window_is_full(p, n < max ? n : max))
		return 0;
	e = entry_at(p, p->count);
	e->id = id;
	e->cut = n > max;
	e->n = n < max ? n : max;
	e->bytes = xmemdupz(bytes, e->n);
	e->why = NULL;
	e->again = false;
	report_init(&e->report);
	p->bytes += e->n;
	p->count++;
	/*
	 * Several at once: waking the other side costs more than reading. Who
	 * finds the window full receives, and that sends what waits.
	 */
	if (p->worker.pid > 0 && (p->count - p->sent) % SEND_MESSAGES != 0)
		return 1;
	return pump(p, 0, err) < 0 ? -1 : 1;
}

/* Waits for the oldest message's answer, as long as one message may take. */
static int await_first(struct parser *p, struct error *err)
{
	while (p->answered == 0) {
		int64_t left_ms = p->settings->message_ms - p->waited_ms;

		if (pump(p, left_ms > 0 ? (int)left_ms : 0, err) < 0)
			return -1;
		/* The last look, without waiting, has been taken. */
		if (left_ms <= 0 && p->answered == 0 && p->waited_ms > 0)
			worker_lost(p, "the parser ran out of time on it");
	}
	return 0;
}

int parser_receive(struct parser *p, uint64_t *id_r, struct report *r,
		   const char **why_r, struct error *err)
{
	struct entry *e;

	if (p->count == 0)
		return 0;
	if (await_first(p, err) < 0)
		return -1;
	e = entry_at(p, 0);
	*id_r = e->id;
	report_release(r);
	*r = e->report;
	if (why_r)
		*why_r = e->why;
	free(e->bytes);
	p->bytes -= e->n;
	p->first = (p->first + 1) % p->size;
	p->count--;
	p->answered--;
	p->sent--;
	p->sequence++;
	return 1;
}
