/*
 * dsnctl filter: a list of addresses goes in, those that may be mailed come
 * out, each line as it was. It never holds more than a record in memory.
 */
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/progress.h"
#include "ctl/settings.h"
#include "util/address.h"
#include "util/csv.h"
#include "util/json.h"
#include "util/num.h"

struct filter {
	struct ctl *ctl;
	const char *column; /* a name or a number from 1; NULL: plain lines */
	const char *stream;
	bool suppressed; /* the others are wanted */
	struct store *store;
	struct csv csv;
	size_t at; /* of the column */
	struct arena arena;
	struct buf out;
	struct error err;
	struct progress progress;
	size_t good;
	size_t bad, first_bad; /* lines that name no address */
};

static struct span cell(const struct filter *f)
{
	return f->at < f->csv.count ? span_trim(csv_plain(f->csv.list[f->at]))
				    : SPAN("");
}

static int pass(struct filter *f)
{
	struct json j;

	if (f->ctl->json) {
		json_init(&j, &f->out);
		json_object(&j);
		json_key(&j, "address");
		json_span(&j, cell(f));
		json_key(&j, "line");
		json_span(&j, f->csv.raw);
		json_object_end(&j);
	} else {
		buf_add(&f->out, f->csv.raw.p, f->csv.raw.n);
	}
	buf_add_char(&f->out, '\n');
	return f->out.len > 65536 ? ctl_flush(&f->out, &f->err) : 0;
}

/* An object names its parts itself. */
static int pass_header(struct filter *f)
{
	return f->ctl->json ? 0 : pass(f);
}

static int refuse_column(struct filter *f)
{
	struct buf names;

	buf_init(&names);
	for (size_t i = 0; i < f->csv.count; i++)
		buf_addf(&names, "%s\"%.*s\"", i > 0 ? ", " : "",
			 (int)f->csv.list[i].n, f->csv.list[i].p);
	error_set(&f->err, ERROR_MESSAGE,
		  "standard input, line 1: there is no column \"%s\"; "
		  "there are %s",
		  f->column, names.data);
	buf_release(&names);
	return -1;
}

/* Which cell: 0, or -1 with err. A header goes through as it is. */
static int find_column(struct filter *f, bool *named_r)
{
	uint64_t n;

	*named_r = false;
	if (num_u64(f->column, strlen(f->column), SIZE_MAX, &n) == 0 && n > 0) {
		f->at = (size_t)n - 1;
		return f->at < f->csv.count ? 0 : refuse_column(f);
	}
	for (f->at = 0; f->at < f->csv.count; f->at++)
		if (span_eq_ci(span_trim(f->csv.list[f->at]),
			       span_of(f->column))) {
			*named_r = true;
			return pass_header(f);
		}
	return refuse_column(f);
}

static bool is_blank(const struct csv *c)
{
	return span_trim(c->raw).n == 0;
}

/* A first line whose cell is no address is taken for a header. */
static int no_address(struct filter *f, bool first)
{
	if (first && f->column != NULL)
		return pass_header(f);
	if (f->bad++ == 0)
		f->first_bad = f->csv.line;
	return 0;
}

static int take(struct filter *f, bool first)
{
	struct store_answer answer;

	if (is_blank(&f->csv))
		return 0;
	arena_reset(&f->arena);
	if (store_check(f->store, cell(f), f->stream, f->ctl->now_s, &f->arena,
			&answer, &f->err) != 0) {
		if (f->err.scope != ERROR_MESSAGE)
			return -1;
		return no_address(f, first);
	}
	f->good++;
	return answer.mailable != f->suppressed ? pass(f) : 0;
}

static int read_all(struct filter *f)
{
	bool named = false;
	int64_t rows = 0;
	int rc = 0;

	if (f->column != NULL)
		f->csv.separator = csv_guess(&f->csv, &rc, &f->err);
	for (bool first = true; rc == 0; first = false) {
		rc = csv_next(&f->csv, &f->err);
		if (rc <= 0)
			break;
		rc = first && f->column != NULL ? find_column(f, &named) : 0;
		if (rc == 0 && !(first && named))
			rc = take(f, first);
		progress_at(&f->progress, ++rows, 0);
	}
	return rc;
}

static int run(struct filter *f)
{
	struct ctl_settings settings;
	int rc = -1;

	f->store = ctl_store_open(&settings, f->ctl, STORE_READ, &f->err);
	if (f->store != NULL) {
		if (!f->ctl->terminal)
			progress_start(&f->progress, "addresses");
		rc = read_all(f);
		progress_end(&f->progress);
	}
	if (ctl_flush(&f->out, &f->err) != 0)
		rc = -1;
	ctl_store_close(&settings, f->store);
	return rc;
}

enum ctl_exit ctl_filter(struct ctl *ctl, int argc, char **argv)
{
	struct filter f = {.ctl = ctl};
	const struct ctl_option own[] = {{"column", &f.column, NULL},
					 {"stream", &f.stream, NULL},
					 {"suppressed", NULL, &f.suppressed},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first < argc)
		return ctl_misuse(argv[0], "it takes options only, and the "
					   "addresses on standard input");
	arena_init(&f.arena);
	buf_init(&f.out);
	csv_init(&f.csv, STDIN_FILENO, '\0');
	rc = run(&f);
	csv_release(&f.csv);
	buf_release(&f.out);
	arena_release(&f.arena);
	if (rc != 0)
		return ctl_fail(&f.err);
	if (f.bad > 0)
		fprintf(stderr,
			"dsnctl: left out, being no addresses: %zu lines, the "
			"first is line %zu%s\n",
			f.bad, f.first_bad,
			f.good == 0 && f.column == NULL
				? "; for a CSV, name its --column"
				: "");
	return CTL_YES;
}
