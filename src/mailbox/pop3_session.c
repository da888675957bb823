#include "mailbox/pop3_session.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <libetpan/libetpan.h>

#include "mailbox/net_connect.h"
#include "util/fdio.h"

void pop3_session_init(struct pop3_session *s,
		       const struct mailbox_settings *settings)
{
	memset(s, 0, sizeof *s);
	s->settings = settings;
	s->method = "";
	buf_init(&s->abilities);
}

void pop3_session_close(struct pop3_session *s)
{
	if (s->io) {
		net_stream_break(s->stream);
		mailstream_close(s->io);
	}
	net_stream_close(s->stream);
	s->io = NULL;
	s->stream = NULL;
	buf_reset(&s->abilities);
}

void pop3_session_release(struct pop3_session *s)
{
	pop3_session_close(s);
	buf_release(&s->abilities);
}

static int broke(struct pop3_session *s, struct error *err)
{
	const char *why = net_stream_why(s->stream);

	error_set(err, ERROR_SOURCE, "%s",
		  why[0] != '\0' ? why : "the server's answer makes no sense");
	pop3_session_close(s);
	return -1;
}

/* One line, or as much of it as there is room for. 0 or -1. */
static int read_line(struct pop3_session *s, struct span *line_r,
		     struct error *err)
{
	size_t n = 0;

	while (n < sizeof s->line && (n == 0 || s->line[n - 1] != '\n')) {
		const char *end;
		size_t take;

		if (mailstream_feed_read_buffer(s->io) <= 0)
			return broke(s, err);
		end = memchr(s->io->read_buffer, '\n', s->io->read_buffer_len);
		take = end ? (size_t)(end - s->io->read_buffer) + 1
			   : s->io->read_buffer_len;
		if (take > sizeof s->line - n)
			take = sizeof s->line - n;
		if (mailstream_read(s->io, s->line + n, take) != (ssize_t)take)
			return broke(s, err);
		n += take;
	}
	*line_r = span_make(s->line, n);
	return 0;
}

int pop3_session_line(struct pop3_session *s, struct span *line_r,
		      struct error *err)
{
	bool within = s->within;

	if (read_line(s, line_r, err) < 0)
		return -1;
	s->within = line_r->p[line_r->n - 1] != '\n';
	if (within || line_r->p[0] != '.')
		return 1;
	/* Exactly so: a sender may have put a bare LF before a dot. */
	if (span_eq(*line_r, s->crlf ? SPAN(".\r\n") : SPAN(".\n")))
		return 0;
	/* RFC 1939, 3: a line that begins with one has another before it. */
	*line_r = span_from(*line_r, 1);
	return 1;
}

/* The one line that says +OK or -ERR. */
static int hear(struct pop3_session *s, struct error *err)
{
	struct span line;

	s->within = false;
	if (read_line(s, &line, err) < 0)
		return -1;
	if (line.p[line.n - 1] != '\n')
		return broke(s, err);
	s->crlf = line.n > 1 && line.p[line.n - 2] == '\r';
	line = span_trim(line);
	if (span_starts_ci(line, SPAN("+OK")))
		return 0;
	if (!span_starts_ci(line, SPAN("-ERR")))
		return broke(s, err);
	line = span_trim(span_from(line, 4));
	error_set(err, ERROR_SOURCE, "the server says: %.*s", (int)line.n,
		  line.p);
	return 1;
}

int pop3_session_command(struct pop3_session *s, size_t bytes,
			 struct error *err, const char *fmt, ...)
{
	char command[1024];
	va_list args;
	int n, rc;

	va_start(args, fmt);
	n = vsnprintf(command, sizeof command - 2, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof command - 2) {
		explicit_bzero(command, sizeof command);
		return error_set(err, ERROR_SOURCE, "too long for a command");
	}
	memcpy(command + n, "\r\n", 2);
	/* An answer to nothing would be taken for that of this command. */
	if (n > 0 &&
	    (s->io->read_buffer_len > 0 || net_stream_pending(s->stream))) {
		explicit_bzero(command, sizeof command);
		return broke(s, err);
	}
	net_stream_allow(s->stream, bytes,
			 fdio_monotonic_ms() + s->settings->timeout_s * 1000);
	rc = n == 0 ? 0 : (int)mailstream_write(s->io, command, (size_t)n + 2);
	explicit_bzero(command, sizeof command);
	if (rc < 0 || mailstream_flush(s->io) < 0)
		return broke(s, err);
	return hear(s, err);
}

bool pop3_session_can(const struct pop3_session *s, const char *name,
		      const char *argument)
{
	struct span rest = span_make(s->abilities.data, s->abilities.len);
	struct span line, word;

	while (span_next_line(&rest, &line)) {
		if (!span_next_word(&line, &word) ||
		    !span_eq_ci(word, span_of(name)))
			continue;
		if (argument[0] == '\0')
			return true;
		while (span_next_word(&line, &word))
			if (span_eq_ci(word, span_of(argument)))
				return true;
	}
	return false;
}

static int try_open(struct pop3_session *s, struct error *err)
{
	const struct mailbox_settings *m = s->settings;

	s->stream = net_stream_connect(
		m->host, net_port(m), fdio_monotonic_ms() + m->timeout_s * 1000,
		err);
	if (!s->stream)
		return -1;
	if (pop3_login(s, err) == 0)
		return 0;
	pop3_session_close(s);
	return -1;
}

/* A token that was good an hour ago may be refused: another one, once. */
int pop3_session_open(struct pop3_session *s, struct error *err)
{
	int rc = try_open(s, err);

	if (rc == 0 || !s->token_refused)
		return rc;
	rc = try_open(s, err);
	s->token_refused = false;
	return rc;
}
