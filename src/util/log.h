#ifndef UTIL_LOG_H
#define UTIL_LOG_H

#include <stdint.h>

#include "util/buf.h"
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

/*
 * Lines go to standard error, "<6>" before them where systemd reads it
 * (JOURNAL_STREAM is set). Nothing is logged below the level.
 */
void log_init(const char *program, enum log_level level);

/* One line of prose; control characters are made printable. */
void log_msg(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * One structured line: event key=value key="value with space". Begin, add
 * fields, end; the line is written by log_end in one write.
 */
struct log_line {
	enum log_level level;
	struct buf text;
};
void log_begin(struct log_line *l, enum log_level level, const char *event);
void log_field(struct log_line *l, const char *key, const char *value);
void log_field_span(struct log_line *l, const char *key, struct span value);
void log_field_int(struct log_line *l, const char *key, int64_t value);
void log_end(struct log_line *l);

#endif
