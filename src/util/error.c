/*
 * Errors end up on terminals and in the journal, and often quote mail. So the
 * text is made printable here, once, where it is set.
 */
#include "util/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/utf8.h"

static void make_printable(char *text)
{
	struct span rest = span_of(text);

	while (rest.n > 0) {
		uint32_t code;
		size_t len = utf8_next(rest, &code);

		if (len == 0 || utf8_is_unprintable(code)) {
			len = len == 0 ? 1 : len;
			memset(text + (rest.p - text), '?', len);
		}
		rest = span_from(rest, len);
	}
}

/* Cuts where n bytes did not fit, never within a UTF-8 sequence. */
static void mark_cut(char *text, size_t size, int n)
{
	static const char dots[] = "...";
	struct span kept;

	if (n < 0) {
		text[0] = '\0';
		return;
	}
	if ((size_t)n < size)
		return;
	kept = text_cut_utf8(span_of(text), size - sizeof(dots));
	memcpy(text + kept.n, dots, sizeof(dots));
}

__attribute__((format(printf, 3, 0))) static void
render(char *text, size_t size, const char *fmt, va_list ap)
{
	mark_cut(text, size, vsnprintf(text, size, fmt, ap));
}

/* prefix and suffix may point into err->text. */
static int store(struct error *err, enum error_scope scope, const char *text,
		 const char *suffix)
{
	char full[sizeof(err->text)];
	int n;

	n = snprintf(full, sizeof(full), "%s%s%s", text,
		     suffix != NULL ? ": " : "", suffix != NULL ? suffix : "");
	mark_cut(full, sizeof(full), n);
	make_printable(full);
	err->scope = scope;
	memcpy(err->text, full, sizeof(full));
	return -1;
}

int error_set(struct error *err, enum error_scope scope, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	render(text, sizeof(text), fmt, ap);
	va_end(ap);
	return store(err, scope, text, NULL);
}

int error_errno(struct error *err, enum error_scope scope, const char *fmt, ...)
{
	int saved = errno;
	char text[sizeof(err->text)];
	char reason[128];
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	render(text, sizeof(text), fmt, ap);
	va_end(ap);
	store(err, scope, text, strerror_r(saved, reason, sizeof(reason)));
	errno = saved;
	return -1;
}

int error_wrap(struct error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	render(text, sizeof(text), fmt, ap);
	va_end(ap);
	return store(err, err->scope, text, err->text);
}
