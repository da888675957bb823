/*
 * dsnctl import: suppressions from elsewhere, all of them or none. What comes
 * in says that it was imported, and the same list twice is the list once.
 */
#include "ctl/import.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/person.h"
#include "ctl/print.h"
#include "ctl/settings.h"
#include "util/fdio.h"
#include "util/json.h"

static bool is_format(const char *given, const char *name)
{
	return given != NULL && strcmp(given, name) == 0;
}

/* What a provider exports is CSV or JSON, as one chose there. */
static bool is_provider(const char *name)
{
	return is_format(name, "ses") || is_format(name, "sendgrid") ||
	       is_format(name, "mailgun") || is_format(name, "postmark");
}

/* By what was said, else by the name; lines that turn out to be JSON are too.
 */
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
	struct stat st;
	int rc;

	if (strcmp(im->path, "-") != 0 && stat(im->path, &st) == 0 &&
	    S_ISDIR(st.st_mode))
		return error_set(&im->err, ERROR_MESSAGE,
				 "%s: is a folder; name a file in it",
				 im->path);

	if (strcmp(im->path, "-") != 0)
		fd = open(im->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return error_errno(&im->err, ERROR_MESSAGE, "%s", im->path);
	if (is_json(im))
		rc = import_json_rest(im, fd, SPAN(""));
	else
		rc = import_lines(im, fd, is_format(im->format, "txt"));
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}

static void report(struct import *im, const struct store_import_result *r)
{
	int64_t left_out =
		im->rows - im->bad - im->mailable - r->known - r->added;
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
		json_key_int(&j, "left_out", left_out);
		json_key_int(&j, "mailable", im->mailable);
		json_key_bool(&j, "dry_run", im->dry_run);
		json_object_end(&j);
		buf_add_char(&out, '\n');
	} else {
		buf_addf(&out,
			 "%s%lld rows: %lld added, %lld imported before, "
			 "%lld bad",
			 im->dry_run ? "nothing is changed: " : "",
			 (long long)im->rows, (long long)r->added,
			 (long long)r->known, (long long)im->bad);
		if (left_out > 0)
			buf_addf(&out, ", %lld twice or over already",
				 (long long)left_out);
		if (im->mailable > 0)
			buf_addf(&out, ", %lld that may be mailed there",
				 (long long)im->mailable);
		buf_add_char(&out, '\n');
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
	if (is_provider(im.format))
		im.format = NULL;
	if (im.format != NULL && !is_format(im.format, "csv") &&
	    !is_format(im.format, "json") && !is_format(im.format, "txt"))
		return ctl_misuse(argv[0], "--format takes csv, json or txt, "
					   "or ses, sendgrid, mailgun or "
					   "postmark");
	im.path = argv[first];
	return run(&im);
}
