#ifndef UTIL_LOG_H
#define UTIL_LOG_H

#include <stdint.h>

#include "util/buf.h"
#include "util/error.h"
#include "util/text.h"

/*
 * The levels and what they ask of the operator: ERROR do something now,
 * WARNING look at it this week, INFO one line a message, DEBUG for us.
 */
enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* Where lines go. */
enum log_target {
	LOG_TARGET_STDERR,  /* standard error: a terminal, a file, systemd */
	LOG_TARGET_JOURNAL, /* journald, in its own protocol, with fields */
	LOG_TARGET_SYSLOG,  /* syslog(3), facility mail */
};
#define LOG_JOURNAL_SOCKET "/run/systemd/journal/socket"

/*
 * Lines go to standard error, "<6>" before them where systemd reads it
 * (JOURNAL_STREAM is set). Nothing is logged below the level.
 */
void log_init(const char *program, enum log_level level);

/*
 * Lines go there from now on, in this process and those it forks. journal is
 * the socket of LOG_TARGET_JOURNAL. Where it cannot be reached -1 with FATAL;
 * a line that it refuses later goes to standard error. One that it has no room
 * for is lost, after a second the first time, and how many were is told.
 */
int log_to(enum log_target target, const char *journal, struct error *err);

/* One line of prose; control characters are made printable. */
void log_msg(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * One structured line: event key=value key="value with space". Begin, add
 * fields, end; the line is written by log_end in one write. The journal gets
 * each field by itself, as DSND_KEY, and DSND_EVENT.
 */
struct log_line {
	enum log_level level;
	struct buf text;
	struct buf fields;
};
void log_begin(struct log_line *l, enum log_level level, const char *event);
void log_field(struct log_line *l, const char *key, const char *value);
void log_field_span(struct log_line *l, const char *key, struct span value);
void log_field_int(struct log_line *l, const char *key, int64_t value);
void log_end(struct log_line *l);

#endif
