/* Messages that look like the samples, and never twice the same. */
#include "bench.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/fdio.h"
#include "util/xalloc.h"

#define MAX_SAMPLES 256
#define DOMAINS 997 /* as many as an address's domain is split into */

void bench_fail(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(3);
}

static bool is_local_char(char c)
{
	return text_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '+';
}

/* Role addresses keep their names: readers know senders by them. */
static bool is_role(struct span local)
{
	return span_eq_ci(local, SPAN("mailer-daemon")) ||
	       span_eq_ci(local, SPAN("postmaster"));
}

static struct span local_before(struct span s, size_t at)
{
	size_t start = at;

	while (start > 0 && is_local_char(s.p[start - 1]))
		start--;
	return span_make(s.p + start, at - start);
}

void bench_vary(struct buf *out, struct span sample, size_t n)
{
	size_t from = 0;

	for (size_t at = 0; at + 1 < sample.n; at++) {
		struct span local;

		if (sample.p[at] != '@' || !text_is_alnum(sample.p[at + 1]))
			continue;
		local = local_before(sample, at);
		if (local.n == 0 || is_role(local))
			continue;
		buf_add(out, sample.p + from, at - from);
		buf_addf(out, "-%zu@", n);
		/* Half of the mail goes to few domains, half to many. */
		if (n % 2 == 1)
			buf_addf(out, "d%zu.", n % DOMAINS);
		from = at + 1;
	}
	buf_add(out, sample.p + from, sample.n - from);
}

static int is_sample(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && strcmp(e->d_name + n - 4, ".eml") == 0;
}

static size_t read_samples(const char *corpus, struct buf *samples)
{
	struct dirent **names;
	struct error err;
	int n = scandir(corpus, &names, is_sample, alphasort);

	if (n <= 0 || n > MAX_SAMPLES)
		bench_fail(corpus, "no samples");
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof path, "%s/%s", corpus, names[i]->d_name);
		buf_init(&samples[i]);
		if (fdio_read_file(path, SIZE_MAX, &samples[i], &err) < 0)
			bench_fail(path, err.text);
		free(names[i]);
	}
	free(names);
	return (size_t)n;
}

void messages_make(struct messages *m, const char *corpus, size_t count)
{
	struct buf samples[MAX_SAMPLES];
	size_t n = read_samples(corpus, samples);

	buf_init(&m->bytes);
	m->start = xcalloc(count + 1, sizeof *m->start);
	m->count = count;
	for (size_t i = 0; i < count; i++) {
		const struct buf *sample = &samples[i % n];

		bench_vary(&m->bytes, span_make(sample->data, sample->len), i);
		m->start[i + 1] = m->bytes.len;
	}
	for (size_t i = 0; i < n; i++)
		buf_release(&samples[i]);
}

void messages_release(struct messages *m)
{
	buf_release(&m->bytes);
	free(m->start);
}

struct span messages_get(const struct messages *m, size_t i)
{
	return span_make(m->bytes.data + m->start[i],
			 m->start[i + 1] - m->start[i]);
}
