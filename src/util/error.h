#ifndef UTIL_ERROR_H
#define UTIL_ERROR_H

#include <stdarg.h>

/*
 * An error names its blast radius, so that the caller knows what to give up:
 * MESSAGE quarantines one message, SOURCE backs off one mailbox, FATAL stops
 * the process. The text is complete as it is: what was done to what, and why
 * it failed. It is already printable (see text_printable).
 */
enum error_scope {
	ERROR_NONE,
	ERROR_MESSAGE,
	ERROR_SOURCE,
	ERROR_FATAL,
};

struct error {
	enum error_scope scope;
	char text[512];
};

/*
 * Sets *err (which may be NULL) and returns -1, so that a function can end
 * with "return error_set(...)". Longer texts are cut and end in "...".
 * Control characters are replaced by '?'.
 */
int error_set(struct error *err, enum error_scope scope, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, followed by ": " and the text of errno. */
int error_errno(struct error *err, enum error_scope scope, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "fmt: " before the text that is there; keeps the scope; returns -1. */
int error_wrap(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
