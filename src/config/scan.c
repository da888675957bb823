/*
 * libconfig reads 4294967299 as 3 without a word, exits the process on a
 * folder that is included, and does not say which key is there twice. So the
 * text is looked through before it gets it: a small scanner that knows
 * comments, strings, groups, names and numbers, and leaves every other mistake
 * to libconfig.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "config/reader.h"
#include "util/fdio.h"
#include "util/num.h"

/* libconfig's own limit. */
#define MAX_INCLUDES 10
#define MAX_GROUPS 32

/* A key that has been given a value. */
struct seen {
	const char *name;
	const char *file;
	unsigned line;
	unsigned group; /* which one it stands in */
	const struct seen *before;
};

struct scan {
	const struct config_reader *reader;
	const char *file;
	const struct scan *outer; /* as it was where file is included */
	struct span rest;
	unsigned line;
	unsigned depth;		     /* of includes */
	struct buf path;	     /* dotted names of the open groups */
	size_t lengths[MAX_GROUPS];  /* of path before each of them */
	unsigned opened[MAX_GROUPS]; /* ... and which one it is */
	unsigned count;		     /* of all groups so far */
	size_t groups;
	struct span name; /* the last one seen */
	struct arena arena;
	const struct seen *seen; /* the last one, and those before it */
};

static int scan_file(struct scan *s, const char *file, struct span text);

static bool is_name_char(char c)
{
	return text_is_alnum(c) || c == '_' || c == '-' || c == '*';
}

static struct span take(struct scan *s, size_t n)
{
	struct span taken = span_cut(s->rest, n);

	for (size_t i = 0; i < taken.n; i++)
		if (taken.p[i] == '\n')
			s->line++;
	s->rest = span_from(s->rest, n);
	return taken;
}

/* Up to and with end, or all of the rest. */
static struct span take_through(struct scan *s, size_t from, struct span end)
{
	size_t at = span_find(span_from(s->rest, from), end);

	return take(s, at == SPAN_NONE ? s->rest.n : from + at + end.n);
}

static struct span take_string(struct scan *s)
{
	size_t i = 1;

	while (i < s->rest.n && s->rest.p[i] != '"')
		i += s->rest.p[i] == '\\' ? 2 : 1;
	return take(s, i + 1);
}

static struct span take_word(struct scan *s)
{
	size_t i = 1;

	while (i < s->rest.n &&
	       (is_name_char(s->rest.p[i]) || s->rest.p[i] == '.'))
		i++;
	return take(s, i);
}

static void push(struct scan *s)
{
	if (s->groups < MAX_GROUPS) {
		s->lengths[s->groups] = s->path.len;
		s->opened[s->groups] = ++s->count;
		if (s->name.n > 0) {
			buf_add(&s->path, s->name.p, s->name.n);
			buf_add_char(&s->path, '.');
		}
	}
	s->groups++;
	s->name = span_make("", 0);
}

static void pop(struct scan *s)
{
	if (s->groups > 0 && --s->groups < MAX_GROUPS)
		buf_truncate(&s->path, s->lengths[s->groups]);
	s->name = span_make("", 0);
}

/* The table's name for a path below policy.reasons. */
static const struct config_key *find_key(const char *path)
{
	static const char reasons[] = "policy.reasons.";
	struct span rest = span_of(path);
	const struct config_key *key;
	struct buf general;
	size_t dot;

	if (!span_starts_ci(rest, SPAN("policy.reasons.")))
		return config_key_find(path);
	rest = span_from(rest, sizeof(reasons) - 1);
	dot = span_find_char(rest, '.');
	buf_init(&general);
	buf_addf(&general, "%s*", reasons);
	if (dot != SPAN_NONE)
		buf_add_str(&general, rest.p + dot);
	key = config_key_find(general.data);
	buf_release(&general);
	return key;
}

static int refuse_number(struct scan *s, struct span number)
{
	const struct config_key *key;
	struct buf allowed;

	buf_init(&allowed);
	buf_add(&s->path, s->name.p, s->name.n);
	key = find_key(s->path.data);
	if (key != NULL)
		config_key_allowed(key, &allowed);
	else
		buf_addf(&allowed, "a whole number up to %d", INT32_MAX);
	error_set(s->reader->err, ERROR_FATAL,
		  "%s:%u: %s: %.*s is out of range; allowed is %s", s->file,
		  s->line, s->path.data, (int)number.n, number.p, allowed.data);
	buf_release(&allowed);
	return -1;
}

static int refuse_second(struct scan *s, const struct seen *first)
{
	bool same = strcmp(s->file, first->file) == 0;

	buf_add(&s->path, s->name.p, s->name.n);
	return error_set(s->reader->err, ERROR_FATAL,
			 "%s:%u: %s: is there a second time; the first one is "
			 "%s%s%u, take one of them out",
			 s->file, s->line, s->path.data,
			 same ? "in line " : first->file, same ? "" : ":",
			 first->line);
}

/* A name with "=" or ":" behind it is a key. */
static int note_key(struct scan *s)
{
	struct span rest = span_trim_start(s->rest);
	struct seen *new;
	unsigned group;

	if (rest.n == 0 || (rest.p[0] != '=' && rest.p[0] != ':') ||
	    s->groups > MAX_GROUPS)
		return 0;
	group = s->groups > 0 ? s->opened[s->groups - 1] : 0;
	for (const struct seen *k = s->seen; k != NULL; k = k->before)
		if (k->group == group && span_eq(s->name, span_of(k->name)))
			return refuse_second(s, k);
	new = arena_alloc(&s->arena, sizeof(*new));
	*new = (struct seen){arena_memdupz(&s->arena, s->name.p, s->name.n),
			     arena_strdup(&s->arena, s->file), s->line, group,
			     s->seen};
	s->seen = new;
	return 0;
}

static int scan_name(struct scan *s)
{
	s->name = take_word(s);
	return note_key(s);
}

static int hex_digit(char c)
{
	if (text_is_digit(c))
		return c - '0';
	c = text_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_fits(struct span digits)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits.n; i++) {
		int digit = hex_digit(digits.p[i]);

		if (digit < 0)
			return true; /* no number: libconfig says so */
		value = value * 16 + (unsigned)digit;
		if (value > INT32_MAX)
			return false;
	}
	return true;
}

static bool number_fits(struct span number)
{
	uint64_t limit = INT32_MAX, value;

	if (number.p[0] == '-')
		limit++;
	if (number.p[0] == '-' || number.p[0] == '+')
		number = span_from(number, 1);
	while (number.n > 0 && text_lower(number.p[number.n - 1]) == 'l')
		number.n--;
	if (span_starts_ci(number, SPAN("0x")))
		return hex_fits(span_from(number, 2));
	/* Fractions and worse are refused where the type is asked for. */
	for (size_t i = 0; i < number.n; i++)
		if (!text_is_digit(number.p[i]))
			return true;
	return number.n == 0 || num_u64(number.p, number.n, limit, &value) == 0;
}

static int scan_number(struct scan *s)
{
	struct span number = take_word(s);

	return number_fits(number) ? 0 : refuse_number(s, number);
}

/* The name in quotes after @include, or an empty span. */
static struct span included_name(struct span line)
{
	size_t open = span_find_char(line, '"');
	struct span rest = span_from(line, open == SPAN_NONE ? line.n : open);

	rest = span_from(rest, 1);
	return span_cut(rest, span_find_char(rest, '"'));
}

/* By whatever names they are called. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* A file that is still being read would be read for ever. */
static int check_circle(const struct scan *s, const char *path)
{
	struct error *err = s->reader->err;

	if (is_same_file(s->file, path))
		return error_set(err, ERROR_FATAL,
				 "the file includes itself; take that out");
	for (const struct scan *o = s->outer; o->file; o = o->outer)
		if (is_same_file(o->file, path))
			return error_set(err, ERROR_FATAL,
					 "files include each other: %s is what "
					 "leads here",
					 path);
	if (s->depth >= MAX_INCLUDES)
		return error_set(err, ERROR_FATAL,
				 "files include files too deep; allowed are "
				 "%d levels",
				 MAX_INCLUDES);
	return 0;
}

static int scan_include(struct scan *s)
{
	unsigned number = s->line;
	struct span line = take_through(s, 0, SPAN("\n"));
	struct span name = included_name(line);
	struct error *err = s->reader->err;
	struct buf path, text;
	int rc = -1;

	buf_init(&path);
	buf_init(&text);
	buf_addf(&path, "%s/%.*s", s->reader->folder, (int)name.n, name.p);
	/* libconfig ends the process where it cannot read what is named. */
	if (name.n == 0 || span_find_char(name, '\\') != SPAN_NONE)
		error_set(err, ERROR_FATAL,
			  "names no file; allowed is a path in quotes, without "
			  "backslashes");
	else if (name.p[0] == '/')
		error_set(err, ERROR_FATAL,
			  "\"%.*s\" is not relative to %s; allowed is a path "
			  "that does not begin with \"/\"",
			  (int)name.n, name.p, s->reader->folder);
	else if (check_circle(s, path.data) == 0)
		rc = fdio_read_file(path.data, CONFIG_MAX_FILE_BYTES, &text,
				    err);
	if (rc < 0)
		error_wrap(err, "%s:%u: @include", s->file, number);
	else
		rc = scan_file(s, path.data, span_make(text.data, text.len));
	buf_release(&text);
	buf_release(&path);
	return rc;
}

static bool at_line_start(const struct scan *s, struct span text)
{
	const char *p = s->rest.p;

	while (p > text.p && (p[-1] == ' ' || p[-1] == '\t'))
		p--;
	return p == text.p || p[-1] == '\n';
}

static int scan_next(struct scan *s, struct span text)
{
	char c = s->rest.p[0];

	if (c == '#' || span_starts_ci(s->rest, SPAN("//")))
		take_through(s, 0, SPAN("\n"));
	else if (span_starts_ci(s->rest, SPAN("/*")))
		take_through(s, 2, SPAN("*/"));
	else if (c == '"')
		take_string(s);
	else if (span_starts_ci(s->rest, SPAN("@include")) &&
		 at_line_start(s, text))
		return scan_include(s);
	else if (text_is_alpha(c) || c == '*')
		return scan_name(s);
	else if (text_is_digit(c) || c == '-' || c == '+')
		return scan_number(s);
	else if (strchr("{([", c) != NULL)
		push(s), take(s, 1);
	else if (strchr("})]", c) != NULL)
		pop(s), take(s, 1);
	else
		take(s, 1);
	return 0;
}

/* Scans one file in the place of another and comes back to that. */
static int scan_file(struct scan *s, const char *file, struct span text)
{
	struct scan outer = *s;
	int rc = 0;

	if (span_find_char(text, '\0') != SPAN_NONE)
		return error_set(s->reader->err, ERROR_FATAL,
				 "%s: is no text: there is a NUL byte in it",
				 file);
	s->outer = &outer;
	s->file = file;
	s->rest = text;
	s->line = 1;
	s->depth++;
	s->name = span_make("", 0);
	while (rc == 0 && s->rest.n > 0)
		rc = scan_next(s, text);
	s->outer = outer.outer;
	s->file = outer.file;
	s->rest = outer.rest;
	s->line = outer.line;
	s->depth = outer.depth;
	s->name = span_make("", 0);
	return rc;
}

int config_scan(const struct config_reader *r, struct span text)
{
	struct scan s = {.reader = r};
	int rc;

	buf_init(&s.path);
	arena_init(&s.arena);
	rc = scan_file(&s, r->path, text);
	arena_release(&s.arena);
	buf_release(&s.path);
	return rc;
}
