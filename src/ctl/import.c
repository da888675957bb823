/*
 * dsnctl import: suppressions from elsewhere, all of them or none. What comes
 * in says that it was imported, and the same list twice is the list once.
 */
#include "ctl/import.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ctl/person.h"
#include "ctl/print.h"
#include "ctl/settings.h"
#include "util/csv.h"
#include "util/fdio.h"
#include "util/json.h"
#include "util/num.h"

#define MAX_JSON_BYTES ((size_t)1024 * 1024 * 1024)
#define MAX_TOLD 20
#define MAX_NAME 32

static const struct {
	const char *name;
	enum import_field field;
} names[] = {
	{"address", IMPORT_ADDRESS},
	{"email", IMPORT_ADDRESS},
	{"emailaddress", IMPORT_ADDRESS},
	{"recipient", IMPORT_ADDRESS},
	{"stream", IMPORT_STREAM},
	{"reason", IMPORT_REASON},
	{"suppressionreason", IMPORT_REASON},
	{"type", IMPORT_REASON},
	{"error", IMPORT_NOTE},
	{"note", IMPORT_NOTE},
	{"details", IMPORT_NOTE},
	{"description", IMPORT_NOTE},
	{"since", IMPORT_SINCE},
	{"created", IMPORT_SINCE},
	{"createdat", IMPORT_SINCE},
	{"lastupdatetime", IMPORT_SINCE},
	{"lastupdatedtime", IMPORT_SINCE},
	{"bouncedat", IMPORT_SINCE},
	{"timestamp", IMPORT_SINCE},
	{"until", IMPORT_UNTIL},
};

int import_field_find(struct span name)
{
	char plain[MAX_NAME];
	size_t n = 0;

	for (size_t i = 0; i < name.n && n < sizeof(plain); i++)
		if (strchr(" _-", name.p[i]) == NULL)
			plain[n++] = text_lower(name.p[i]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_eq(span_make(plain, n), span_of(names[i].name)))
			return (int)names[i].field;
	return -1;
}

/* A mistake in one row: told, and counted. */
static int bad_row(struct import *im, const char *where, const char *what)
{
	if (im->bad++ < MAX_TOLD)
		fprintf(stderr, "dsnctl: %s:%s: %s\n", im->path, where, what);
	return 0;
}

static void make_note(struct import *im, const struct span *fields)
{
	const struct span parts[] = {span_of(im->note), fields[IMPORT_REASON],
				     fields[IMPORT_NOTE]};

	buf_reset(&im->text);
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].n == 0)
			continue;
		if (im->text.len > 0)
			buf_add_str(&im->text, ": ");
		text_utf8(&im->text, text_cut_utf8(parts[i], 500));
	}
}

static int read_time(struct span s, int64_t *time_r)
{
	*time_r = 0;
	return s.n == 0 ? 0 : num_when_s(s.p, s.n, time_r);
}

int import_row(struct import *im, const char *where,
	       const struct span fields[IMPORT_FIELD_COUNT])
{
	struct store_import_row row = {.address = fields[IMPORT_ADDRESS]};
	char stream[256];
	struct error err;

	progress_at(&im->progress, ++im->rows, 0);
	if (row.address.n == 0)
		return bad_row(im, where, "there is no address");
	if (read_time(fields[IMPORT_SINCE], &row.at_s) != 0 ||
	    read_time(fields[IMPORT_UNTIL], &row.until_s) != 0)
		return bad_row(im, where, "a time that cannot be read");
	if (fields[IMPORT_STREAM].n >= sizeof(stream))
		return bad_row(im, where, "the stream's name is too long");
	snprintf(stream, sizeof(stream), "%.*s", (int)fields[IMPORT_STREAM].n,
		 fields[IMPORT_STREAM].p);
	row.stream = stream[0] != '\0' ? stream : im->stream;
	make_note(im, fields);
	row.note = im->text.data;
	/* What has ended there need not begin here. */
	if (row.until_s != 0 && row.until_s <= im->ctl->now_s)
		return 0;
	if (store_import_add(im->store, &row, &err) == 0)
		return 0;
	if (err.scope == ERROR_MESSAGE)
		return bad_row(im, where, err.text);
	im->err = err;
	return -1;
}

/* Which column is which; without a header the first is the address. */
static bool read_header(const struct csv *c, int *columns)
{
	bool found = false;

	for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
		columns[i] = -1;
	for (size_t i = 0; i < c->count; i++) {
		int field = import_field_find(span_trim(c->list[i]));

		if (field < 0 || columns[field] >= 0)
			continue;
		columns[field] = (int)i;
		found = found || field == IMPORT_ADDRESS;
	}
	if (!found)
		columns[IMPORT_ADDRESS] = 0;
	return found;
}

static int take_record(struct import *im, const struct csv *c,
		       const int *columns)
{
	struct span fields[IMPORT_FIELD_COUNT] = {{"", 0}};
	struct span line = span_trim(c->raw);
	char where[32];

	/* An address may begin with anything but what a comment does. */
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
		if (columns[i] >= 0 && (size_t)columns[i] < c->count)
			fields[i] = span_trim(csv_plain(c->list[columns[i]]));
	snprintf(where, sizeof(where), "%zu", c->line);
	return import_row(im, where, fields);
}

static int read_lines(struct import *im, int fd, bool plain)
{
	int columns[IMPORT_FIELD_COUNT];
	bool first = true;
	struct csv c;
	int rc = 0;

	csv_init(&c, fd, '\0');
	if (!plain)
		c.separator = csv_guess(&c, &rc, &im->err);
	while (rc == 0 && (rc = csv_next(&c, &im->err)) == 1) {
		rc = 0;
		if (first && read_header(&c, columns) && !plain) {
			first = false;
			continue;
		}
		first = false;
		rc = take_record(im, &c, columns);
	}
	csv_release(&c);
	return rc < 0 && im->err.scope == ERROR_MESSAGE
		       ? error_wrap(&im->err, "%s", im->path)
		       : rc;
}

static int read_json(struct import *im, int fd)
{
	struct buf bytes;
	int rc;

	buf_init(&bytes);
	rc = fdio_read_all(fd, MAX_JSON_BYTES, &bytes, &im->err);
	if (rc > 0)
		rc = error_set(&im->err, ERROR_MESSAGE,
			       "%s: larger than %zu bytes", im->path,
			       MAX_JSON_BYTES);
	if (rc == 0)
		rc = import_json(im, span_make(bytes.data, bytes.len));
	buf_release(&bytes);
	return rc;
}

static bool is_format(const char *given, const char *name)
{
	return given != NULL && strcmp(given, name) == 0;
}

/* By what was said, else by the name; providers write JSON or CSV. */
static bool is_json(const struct import *im)
{
	struct span path = span_of(im->path);

	if (im->format != NULL)
		return is_format(im->format, "json");
	return span_ends_ci(path, SPAN(".json")) ||
	       span_ends_ci(path, SPAN(".jsonl"));
}

static int read_input(struct import *im)
{
	int fd = STDIN_FILENO;
	int rc;

	if (strcmp(im->path, "-") != 0)
		fd = open(im->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return error_errno(&im->err, ERROR_MESSAGE, "%s", im->path);
	if (is_json(im))
		rc = read_json(im, fd);
	else
		rc = read_lines(im, fd, is_format(im->format, "txt"));
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}

static void report(struct import *im, const struct store_import_result *r)
{
	struct buf out;
	struct json j;

	buf_init(&out);
	if (im->ctl->json) {
		json_init(&j, &out);
		json_object(&j);
		json_key_int(&j, "rows", im->rows);
		json_key_int(&j, "bad", im->bad);
		json_key_int(&j, "known", r->known);
		json_key_int(&j, "added", r->added);
		json_key_bool(&j, "dry_run", im->dry_run);
		json_object_end(&j);
		buf_add_char(&out, '\n');
	} else {
		buf_addf(&out,
			 "%s%lld rows: %lld added, %lld imported before, "
			 "%lld bad\n",
			 im->dry_run ? "nothing is changed: " : "",
			 (long long)im->rows, (long long)r->added,
			 (long long)r->known, (long long)im->bad);
	}
	ctl_flush(&out, NULL);
	buf_release(&out);
}

static int apply(struct import *im)
{
	struct store_import_result result;

	if (im->bad > 0 && !im->skip_bad)
		return error_set(&im->err, ERROR_MESSAGE,
				 "%s: %lld bad rows, nothing was imported; "
				 "--skip-bad leaves them out",
				 im->path, (long long)im->bad);
	progress_phase(&im->progress, "imported");
	if (store_import_apply(im->store, ctl_person(), im->ctl->now_s,
			       im->dry_run, progress_at, &im->progress, &result,
			       &im->err) != 0)
		return -1;
	progress_end(&im->progress);
	report(im, &result);
	return 0;
}

static enum ctl_exit run(struct import *im)
{
	struct ctl_settings settings;
	int rc = -1;

	buf_init(&im->text);
	im->store = ctl_store_open(&settings, im->ctl, STORE_WRITE, &im->err);
	if (im->store != NULL)
		rc = store_import_begin(im->store, &im->err);
	if (rc == 0) {
		progress_start(&im->progress, "rows");
		rc = read_input(im);
		if (rc == 0)
			rc = apply(im);
		progress_end(&im->progress);
	}
	ctl_store_close(&settings, im->store);
	buf_release(&im->text);
	return rc == 0 ? CTL_YES : ctl_fail(&im->err);
}

enum ctl_exit ctl_import(struct ctl *ctl, int argc, char **argv)
{
	struct import im = {.ctl = ctl, .stream = ""};
	const struct ctl_option own[] = {{"format", &im.format, NULL},
					 {"stream", &im.stream, NULL},
					 {"reason", &im.note, NULL},
					 {"dry-run", NULL, &im.dry_run},
					 {"skip-bad", NULL, &im.skip_bad},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);

	if (first < 0)
		return CTL_USAGE;
	if (first + 1 != argc)
		return ctl_misuse(argv[0], "name one file, or - for standard "
					   "input");
	if (im.format != NULL && !is_format(im.format, "csv") &&
	    !is_format(im.format, "json") && !is_format(im.format, "txt"))
		return ctl_misuse(argv[0], "--format takes csv, json or txt");
	im.path = argv[first];
	return run(&im);
}
