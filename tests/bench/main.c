/*
 * The measuring program behind `make bench` and `make bench-count`:
 *
 *   bench maildir CORPUS COUNT FOLDER    makes a Maildir of COUNT messages
 *   bench read FOLDER                    reads every byte of a folder's files
 *   bench move FOLDER TO                 the floor of moving them elsewhere
 *   bench rows FROM TO COUNT BATCHES     times inserting FROM's rows into TO
 *   bench floor NAME CORPUS COUNT        times one floor by itself
 *   bench imap PORT PASSWORD FOLDER      the floor of reading an IMAP mailbox
 *   bench stages CORPUS COUNT FOLDER     times every stage and every floor
 *   bench stage NAME CORPUS COUNT FOLDER does all before a stage, and it once
 *
 * BENCH_RULES names a folder of rules that come before the compiled-in ones.
 * BENCH_PARSE is the path of dsnd-parse, which is not beside this program.
 */
#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fdio.h"
#include "util/num.h"
#include "util/xalloc.h"

static size_t number(const char *text)
{
	int64_t n;

	if (num_i64(text, strlen(text), &n) < 0 || n <= 0)
		bench_fail(text, "not a number");
	return (size_t)n;
}

static void write_message(const char *folder, size_t i, struct span bytes)
{
	int64_t at_s = BENCH_EPOCH_S + BENCH_STEP_S * (int64_t)i;
	struct timespec times[2] = {{.tv_sec = at_s}, {.tv_sec = at_s}};
	char path[4096];
	struct error err;
	int fd;

	snprintf(path, sizeof path, "%s/new/%lld.M%zu.bench", folder,
		 (long long)at_s, i);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || fdio_write_all(fd, bytes.p, bytes.n, &err) < 0 ||
	    futimens(fd, times) < 0)
		bench_fail(path, "cannot be written");
	close(fd);
}

static void make_maildir(const struct messages *m, const char *folder)
{
	static const char *const parts[] = {"", "/tmp", "/new", "/cur"};
	char path[4096];

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		snprintf(path, sizeof path, "%s%s", folder, parts[i]);
		mkdir(path, 0700);
	}
	for (size_t i = 0; i < m->count; i++)
		write_message(folder, i, messages_get(m, i));
}

static void read_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	struct error err;
	struct buf bytes;
	size_t lines = 0;

	if (!dir)
		bench_fail(folder, "cannot be read");
	buf_init(&bytes);
	while ((e = readdir(dir))) {
		char path[4096];
		struct span rest, line;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		buf_reset(&bytes);
		if (fdio_read_file(path, SIZE_MAX, &bytes, &err) < 0)
			bench_fail(path, err.text);
		rest = span_make(bytes.data, bytes.len);
		while (span_next_line(&rest, &line))
			lines++;
	}
	closedir(dir);
	buf_release(&bytes);
	printf("%zu lines\n", lines);
}

/* A database as most have it: what is ours has an allow entry. */
static void open_store(struct bench *b, const char *path)
{
	const struct store_decision ours = {.action = STORE_ALLOW,
					    .address = SPAN("@bench.example")};
	struct error err;

	if (store_migrate(path, BENCH_EPOCH_S, &err) < 0)
		bench_fail(path, err.text);
	b->store = store_open(path, STORE_WRITE, &b->config->policy, &err);
	if (!b->store ||
	    store_decide(b->store, &ours, 1, BENCH_EPOCH_S, NULL, &err))
		bench_fail(path, err.text);
}

static void bench_open(struct bench *b, const char *corpus, size_t count,
		       const char *folder)
{
	struct error err;
	char path[4096];

	memset(b, 0, sizeof *b);
	messages_make(&b->messages, corpus, count);
	b->config = config_default();
	b->parser = b->config->parser;
	b->parser.program = getenv("BENCH_PARSE");
	b->rules = rules_load(getenv("BENCH_RULES"), &err);
	if (!b->rules)
		bench_fail("rules", err.text);
	report_charsets_open();
	b->keys = xcalloc(count, sizeof *b->keys);
	b->reports = xcalloc(count, sizeof *b->reports);
	b->verdicts = xcalloc(count, sizeof(struct store_verdict *));
	for (size_t i = 0; i < count; i++)
		report_init(&b->reports[i]);
	b->to = count;
	/* One worker, whose clock can be read. */
	b->parser.recycle_after = UINT_MAX;
	if (!folder)
		return;
	snprintf(path, sizeof path, "%s/Maildir", folder);
	b->maildir = xstrdup(path);
	make_maildir(&b->messages, path);
	snprintf(path, sizeof path, "%s/stages.db", folder);
	open_store(b, path);
}

void bench_make_room(struct bench *b)
{
	for (size_t i = b->from; i < b->to; i++) {
		free(b->verdicts[i]);
		b->verdicts[i] = xcalloc(b->reports[i].fact_count + 1,
					 sizeof **b->verdicts);
	}
}

void bench_forget(struct bench *b)
{
	for (size_t i = b->from; i < b->to; i++) {
		report_release(&b->reports[i]);
		report_init(&b->reports[i]);
		free(b->verdicts[i]);
		b->verdicts[i] = NULL;
	}
}

static void bench_close(struct bench *b)
{
	if (b->box)
		mailbox_maildir.close(b->box);
	parser_close(b->jail);
	store_close(b->store);
	b->from = 0;
	b->to = b->messages.count;
	bench_forget(b);
	free(b->maildir);
	free(b->keys);
	free(b->reports);
	free(b->verdicts);
	report_charsets_close();
	rules_free(b->rules);
	config_free(b->config);
	messages_release(&b->messages);
}

/* callgrind counts what is inside stage_... or floor_... alone. */
static void run_stage(struct bench *b, const char *name)
{
	for (const struct stage *f = bench_floors; f->name; f++) {
		if (strcmp(f->name, name) == 0) {
			f->run(b);
			return;
		}
	}
	for (const struct stage *s = bench_stages; s->name; s++) {
		bool found = strcmp(s->name, name) == 0;

		/* The jail's part in this process is parse and wire. */
		if (found || strcmp(s->name, "jail") != 0)
			s->run(b);
		if (strcmp(s->name, "parse") == 0)
			bench_make_room(b);
		if (found)
			return;
	}
}

static void show(struct clocks c, size_t n)
{
	printf("%.3f %.3f\n", c.cpu_s / (double)n * 1e6,
	       c.wall_s / (double)n * 1e6);
}

static void time_floor(struct bench *b, const char *name)
{
	struct clocks sum = {0}, before = clocks_read();

	run_stage(b, name);
	clocks_add(&sum, before);
	show(sum, b->messages.count);
}

static int usage(void)
{
	fputs("usage: bench maildir | read | move | rows | floor | imap | stages | stage\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	struct messages m;
	struct clocks moved;
	struct bench b;
	size_t n;

	/* As the processes do that are measured. */
	xalloc_keep();
	if (strcmp(what, "maildir") == 0 && argc == 5) {
		messages_make(&m, argv[2], number(argv[3]));
		make_maildir(&m, argv[4]);
		messages_release(&m);
	} else if (strcmp(what, "read") == 0 && argc == 3) {
		read_folder(argv[2]);
	} else if (strcmp(what, "move") == 0 && argc == 4) {
		moved = bench_move_files(argv[2], argv[3], &n);
		show(moved, n);
	} else if (strcmp(what, "rows") == 0 && argc == 6) {
		show(bench_insert_rows(argv[2], argv[3], number(argv[5])),
		     number(argv[4]));
	} else if (strcmp(what, "floor") == 0 && argc == 5) {
		bench_open(&b, argv[3], number(argv[4]), NULL);
		time_floor(&b, argv[2]);
		bench_close(&b);
	} else if (strcmp(what, "imap") == 0 && argc == 5) {
		bench_imap((unsigned)number(argv[2]), argv[3], argv[4]);
	} else if (strcmp(what, "stages") == 0 && argc == 5) {
		bench_open(&b, argv[2], number(argv[3]), argv[4]);
		bench_time_stages(&b);
		bench_close(&b);
	} else if (strcmp(what, "stage") == 0 && argc == 6) {
		bench_open(&b, argv[3], number(argv[4]), argv[5]);
		run_stage(&b, argv[2]);
		bench_close(&b);
	} else {
		return usage();
	}
	return 0;
}
