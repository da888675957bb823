/*
 * Logging. By default to standard error: the service manager adds time, host
 * and process, and keeps it. One line is one write or one datagram, so that the
 * lines of several processes do not mix.
 */
#include "util/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "util/fdio.h"

static struct {
	const char *program;
	enum log_level level;
	bool is_stream; /* systemd reads standard error */
	enum log_target target;
	int journal;
	unsigned long lost; /* lines, since the journal took the last one */
	bool slow;	    /* it does not take all that is said */
} state = {"dsnd", LOG_LEVEL_INFO, false, LOG_TARGET_STDERR, -1, 0, false};

static const int priority[] = {3, 4, 6, 7};

void log_init(const char *program, enum log_level level)
{
	state.program = program;
	state.level = level;
	state.is_stream = getenv("JOURNAL_STREAM") != NULL;
}

static int journal_open(const char *path, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = 1};
	int fd;

	if (strlen(path) >= sizeof address.sun_path)
		return error_set(err, ERROR_FATAL, "%s: too long", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, ERROR_FATAL, "cannot make a socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		error_errno(err, ERROR_FATAL,
			    "log: the journal at %s cannot be reached; is "
			    "systemd-journald running? Else use \"stderr\"",
			    path);
		close(fd);
		return -1;
	}
	/* One that hangs must not hold up the mail. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			 sizeof patience);
	return fd;
}

int log_to(enum log_target target, const char *journal, struct error *err)
{
	int fd = -1;

	if (target == LOG_TARGET_JOURNAL) {
		fd = journal_open(journal, err);
		if (fd < 0)
			return -1;
	}
	if (state.journal >= 0)
		close(state.journal);
	state.journal = fd;
	state.lost = 0;
	state.slow = false;
	state.target = target;
	if (target == LOG_TARGET_SYSLOG)
		openlog(state.program, LOG_PID | LOG_NDELAY, LOG_MAIL);
	return 0;
}

static void to_stderr(enum log_level level, struct span text)
{
	struct buf line;

	buf_init(&line);
	if (state.is_stream)
		buf_addf(&line, "<%d>", priority[level]);
	else
		buf_addf(&line, "%s: ", state.program);
	buf_add(&line, text.p, text.n);
	buf_add_char(&line, '\n');
	/* There is nobody left to tell when this fails. */
	(void)fdio_write_all(STDERR_FILENO, line.data, line.len, NULL);
	buf_release(&line);
}

/* Once it has kept us waiting, no line waits before it takes all again. */
static bool send_all(const struct buf *all)
{
	int flags = MSG_NOSIGNAL | (state.slow ? MSG_DONTWAIT : 0);
	ssize_t sent;

	do {
		sent = send(state.journal, all->data, all->len, flags);
	} while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

static void tell_lost(void)
{
	unsigned long lost = state.lost;

	state.lost = 0;
	log_msg(LOG_LEVEL_WARNING,
		"log: the journal was too slow, lines that are lost: %lu",
		lost);
	state.slow = state.lost > 0;
	if (state.slow)
		state.lost = lost;
}

/*
 * systemd.journal-fields(7); no text of ours has a newline in it, so that the
 * plain form KEY=value will do. False where it was not taken, but not where it
 * was lost: standard error mostly leads to the same journal.
 */
static bool to_journal(enum log_level level, struct span text,
		       struct span fields)
{
	struct buf all;
	bool sent, hangs;

	buf_init(&all);
	buf_addf(&all,
		 "PRIORITY=%d\nSYSLOG_IDENTIFIER=%s\nMESSAGE=", priority[level],
		 state.program);
	buf_add(&all, text.p, text.n);
	buf_add_char(&all, '\n');
	buf_add(&all, fields.p, fields.n);
	sent = send_all(&all);
	hangs = !sent && errno == EAGAIN;
	buf_release(&all);
	if (hangs) {
		state.slow = true;
		state.lost++;
	} else if (sent && state.lost > 0) {
		tell_lost();
	}
	return sent || hangs;
}

static void write_line(enum log_level level, struct span text,
		       struct span fields)
{
	switch (state.target) {
	case LOG_TARGET_STDERR:
		break;
	case LOG_TARGET_JOURNAL:
		if (to_journal(level, text, fields))
			return;
		break;
	case LOG_TARGET_SYSLOG:
		syslog(priority[level], "%.*s", (int)text.n, text.p);
		return;
	}
	to_stderr(level, text);
}

void log_msg(enum log_level level, const char *fmt, ...)
{
	struct buf line;
	char *text = NULL;
	va_list ap;
	int n;

	if (level > state.level)
		return;
	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	buf_init(&line);
	text_printable(&line, span_make(text, (size_t)n));
	write_line(level, span_make(line.data, line.len), SPAN(""));
	buf_release(&line);
	free(text);
}

static bool has_fields(void)
{
	return state.target == LOG_TARGET_JOURNAL;
}

/* The journal's names of fields: capital letters, digits, underscores. */
static void add_journal_field(struct buf *fields, const char *key,
			      struct span value)
{
	if (!has_fields())
		return;
	buf_add_str(fields, "DSND_");
	for (; *key != '\0'; key++)
		buf_add_char(fields, text_is_alpha(*key) ? (char)(*key & ~0x20)
				     : *key == '-'	 ? '_'
							 : *key);
	buf_add_char(fields, '=');
	text_printable(fields, value);
	buf_add_char(fields, '\n');
}

void log_begin(struct log_line *l, enum log_level level, const char *event)
{
	l->level = level;
	buf_init(&l->text);
	buf_init(&l->fields);
	if (level > state.level)
		return;
	buf_add_str(&l->text, event);
	add_journal_field(&l->fields, "event", span_of(event));
}

static bool needs_quotes(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '"' || s.p[i] == '=')
			return true;
	return s.n == 0;
}

void log_field(struct log_line *l, const char *key, const char *value)
{
	log_field_span(l, key, span_of(value));
}

void log_field_span(struct log_line *l, const char *key, struct span value)
{
	struct buf clean;

	if (l->level > state.level)
		return;
	add_journal_field(&l->fields, key, value);
	buf_addf(&l->text, " %s=", key);
	if (!needs_quotes(value)) {
		text_printable(&l->text, value);
		return;
	}
	buf_init(&clean);
	text_printable(&clean, value);
	buf_add_char(&l->text, '"');
	for (size_t i = 0; i < clean.len; i++) {
		if (clean.data[i] == '"')
			buf_add_char(&l->text, '\\');
		buf_add_char(&l->text, clean.data[i]);
	}
	buf_add_char(&l->text, '"');
	buf_release(&clean);
}

void log_field_int(struct log_line *l, const char *key, int64_t value)
{
	struct buf digits;

	if (l->level > state.level)
		return;
	buf_init(&digits);
	buf_addf(&digits, "%" PRId64, value);
	log_field_span(l, key, span_make(digits.data, digits.len));
	buf_release(&digits);
}

void log_end(struct log_line *l)
{
	if (l->level <= state.level)
		write_line(l->level, span_make(l->text.data, l->text.len),
			   span_make(l->fields.data, l->fields.len));
	buf_release(&l->text);
	buf_release(&l->fields);
}
