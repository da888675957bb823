/* Messages that look like the samples, and never twice the same. */
#include "bench.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/fdio.h"
#include "util/xalloc.h"

#define MAX_SAMPLES 2048
#define DOMAINS 997 /* as many as an address's domain is split into */

void bench_fail(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(3);
}

static bool is_local_char(char c)
{
	return text_is_alnum(c) || c == '.' || c == '-' || c == '_' ||
	       c == '+' || (unsigned char)c >= 0x80;
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

static void parse_varied(struct report *r, const struct buf *sample, size_t n)
{
	struct report_settings settings;
	struct buf bytes;

	report_settings_init(&settings);
	report_init(r);
	buf_init(&bytes);
	bench_vary(&bytes, span_make(sample->data, sample->len), n);
	report_parse(r, &settings, bytes.data, bytes.len);
	buf_release(&bytes);
}

/*
 * Some name their recipient in an encoding, or in pieces: it stays the same,
 * and a million messages would be a flood about a few addresses.
 */
static bool names_same(const struct buf *sample)
{
	struct report a, b;
	bool same = false;

	parse_varied(&a, sample, 2);
	parse_varied(&b, sample, 4);
	for (size_t i = 0; i < a.fact_count && i < b.fact_count; i++)
		same = same ||
		       strcmp(a.facts[i].address, b.facts[i].address) == 0;
	report_release(&a);
	report_release(&b);
	return same;
}

static size_t read_samples(const char *corpus, struct buf *samples)
{
	struct dirent **names;
	struct error err;
	size_t kept = 0;
	int n = scandir(corpus, &names, is_sample, alphasort);

	if (n <= 0 || n > MAX_SAMPLES)
		bench_fail(corpus, "no samples");
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof path, "%s/%s", corpus, names[i]->d_name);
		buf_init(&samples[kept]);
		if (fdio_read_file(path, SIZE_MAX, &samples[kept], &err) < 0)
			bench_fail(path, err.text);
		free(names[i]);
		if (names_same(&samples[kept]))
			buf_release(&samples[kept]);
		else
			kept++;
	}
	free(names);
	return kept;
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
