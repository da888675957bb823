/*
 * Logging to standard error: the service manager adds time, host and process,
 * and keeps it. One line is one write, so that the lines of several processes
 * do not mix.
 */
#include "util/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/fdio.h"

static struct {
	const char *program;
	enum log_level level;
	bool journal;
} state = {"dsnd", LOG_LEVEL_INFO, false};

void log_init(const char *program, enum log_level level)
{
	state.program = program;
	state.level = level;
	state.journal = getenv("JOURNAL_STREAM") != NULL;
}

static void add_prefix(struct buf *line, enum log_level level)
{
	static const int priority[] = {3, 4, 6, 7};

	if (state.journal)
		buf_addf(line, "<%d>", priority[level]);
	else
		buf_addf(line, "%s: ", state.program);
}

static void write_line(struct buf *line)
{
	buf_add_char(line, '\n');
	/* There is nobody left to tell when this fails. */
	(void)fdio_write_all(STDERR_FILENO, line->data, line->len, NULL);
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
	add_prefix(&line, level);
	text_printable(&line, span_make(text, (size_t)n));
	write_line(&line);
	buf_release(&line);
	free(text);
}

void log_begin(struct log_line *l, enum log_level level, const char *event)
{
	l->level = level;
	buf_init(&l->text);
	add_prefix(&l->text, level);
	buf_add_str(&l->text, event);
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
	buf_addf(&l->text, " %s=%" PRId64, key, value);
}

void log_end(struct log_line *l)
{
	if (l->level <= state.level)
		write_line(&l->text);
	buf_release(&l->text);
}
