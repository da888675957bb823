#ifndef UTIL_TEXT_H
#define UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "util/buf.h"

/*
 * Bytes from mail are a pointer and a length: never assumed to end in a NUL or
 * to be UTF-8. All comparison is ASCII, whatever the locale.
 */
struct span {
	const char *p;
	size_t n;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})

static inline struct span span_make(const char *p, size_t n)
{
	return p != NULL ? (struct span){p, n} : (struct span){"", 0};
}

/* s may be NULL: empty. */
static inline struct span span_of(const char *s)
{
	return span_make(s, s != NULL ? strlen(s) : 0);
}

/* From byte `from` on; empty where from is past the end. */
static inline struct span span_from(struct span s, size_t from)
{
	if (from > s.n)
		from = s.n;
	/* C does not allow NULL + 0. */
	return span_make(from > 0 ? s.p + from : s.p, s.n - from);
}

/* Without the byte order mark that some programs put in front of UTF-8. */
static inline struct span span_skip_mark(struct span s)
{
	return s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0 ? span_from(s, 3)
							       : s;
}

/* The first n bytes at most. */
static inline struct span span_cut(struct span s, size_t n)
{
	return span_make(s.p, s.n < n ? s.n : n);
}

bool span_ends_ci(struct span s, struct span suffix);
/* The offset of the first needle, or SPAN_NONE. */
#define SPAN_NONE ((size_t)-1)
size_t span_find(struct span s, struct span needle);
size_t span_find_ci(struct span s, struct span needle);

static inline size_t span_find_char(struct span s, char c)
{
	const char *found = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return found != NULL ? (size_t)(found - s.p) : SPAN_NONE;
}

static inline bool span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/*
 * Takes the next line off *rest (LF, CRLF or CR ends it; the end is not part
 * of *line_r). Returns false when nothing is left.
 */
bool span_next_line(struct span *rest, struct span *line_r);
/* Takes the next run of non-space bytes; false when nothing is left. */
bool span_next_word(struct span *rest, struct span *word_r);

/* Asked of every byte, many times over: worth being here. */
static inline char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The rest of span_starts_ci, which asked for the first letter. */
bool span_starts_rest_ci(struct span s, struct span prefix);

/* Most that differ do so in length or in their first letter. */
static inline bool span_starts_ci(struct span s, struct span prefix)
{
	return s.n >= prefix.n &&
	       (prefix.n == 0 ||
		(text_lower(s.p[0]) == text_lower(prefix.p[0]) &&
		 span_starts_rest_ci(s, prefix)));
}

static inline bool span_eq_ci(struct span a, struct span b)
{
	return a.n == b.n && span_starts_ci(a, b);
}

/* SP HT CR LF VT FF */
static inline bool text_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space at the beginning goes. */
static inline struct span span_trim_start(struct span s)
{
	size_t i = 0;

	while (i < s.n && text_is_space(s.p[i]))
		i++;
	return span_from(s, i);
}

/* At both ends. */
static inline struct span span_trim(struct span s)
{
	s = span_trim_start(s);
	while (s.n > 0 && text_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

static inline bool text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool text_is_alpha(char c)
{
	char lower = text_lower(c);

	return lower >= 'a' && lower <= 'z';
}

/* Of any alphabet: beyond ASCII most bytes are part of a letter. */
static inline bool text_is_letter(char c)
{
	return text_is_alpha(c) || (c & 0x80) != 0;
}

static inline bool text_is_alnum(char c)
{
	return text_is_alpha(c) || text_is_digit(c);
}

/* 0x20..0x7e */
static inline bool text_is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* How seldom a letter is met in mail: 0 the space, 30 the rarest. */
unsigned text_rank(char c);
/*
 * Letters are not alike: of a word's, one that is met seldom in mail is the
 * quickest to look for. Returns its offset in word, which is not empty.
 */
size_t text_rarest(struct span word);
/* The offset of the first c in either case at or after from, or SPAN_NONE. */
size_t span_find_letter(struct span s, size_t from, char c);

/*
 * Appends bytes as valid UTF-8 without control characters: C0, C1, DEL,
 * bidirectional overrides and invalid sequences become "\x1b" and so on, in
 * plain ASCII; a backslash is doubled. Nothing printed, logged or shown in
 * an error leaves the program without it.
 */
void text_printable(struct buf *out, struct span s);

/*
 * Appends bytes as valid UTF-8: invalid sequences become U+FFFD, NUL too;
 * tabs and line ends stay, other control characters become a space. What is
 * stored in the database went through it.
 */
void text_utf8(struct buf *out, struct span s);

bool text_is_utf8(struct span s);
bool text_has_letter(struct span s);
/* How many bytes at the start are printable ASCII. */
size_t text_print_length(struct span s);
/* The same, with tabs and line ends. */
size_t text_plain_length(struct span s);
/* Cuts at most max bytes without splitting a UTF-8 sequence. */
struct span text_cut_utf8(struct span s, size_t max);

#endif
