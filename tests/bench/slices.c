/*
 * The clock's part of it. A machine is never as idle as one thinks: floor and
 * stages take turns in small slices, and of the slices' ratios the median says
 * more than their sum.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/fdio.h"
#include "util/num.h"
#include "util/xalloc.h"

#define MAX_STAGES 16

static double seconds(clockid_t id)
{
	struct timespec t;

	return clock_gettime(id, &t) < 0
		       ? 0
		       : (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The processor's time of the one child there may be: the jailed worker. */
static double child_seconds(void)
{
	struct error err;
	struct buf pid;
	clockid_t id;
	int64_t n = 0;
	size_t digits = 0;

	buf_init(&pid);
	if (fdio_read_file("/proc/thread-self/children", 64, &pid, &err) < 0)
		bench_fail("children", err.text);
	while (digits < pid.len && pid.data[digits] != ' ')
		digits++;
	if (num_i64(pid.data, digits, &n) < 0)
		n = 0;
	buf_release(&pid);
	return n > 0 && clock_getcpuclockid((pid_t)n, &id) == 0 ? seconds(id)
								: 0;
}

struct clocks clocks_read(void)
{
	return (struct clocks){
		.cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) + child_seconds(),
		.wall_s = seconds(CLOCK_MONOTONIC),
	};
}

void clocks_add(struct clocks *sum, struct clocks since)
{
	struct clocks now = clocks_read();

	sum->cpu_s += now.cpu_s - since.cpu_s;
	sum->wall_s += now.wall_s - since.wall_s;
}

static struct clocks measure(struct bench *b, const struct stage *stage,
			     struct clocks *sum)
{
	struct clocks one = {0}, before = clocks_read();

	stage->run(b);
	clocks_add(&one, before);
	sum->cpu_s += one.cpu_s;
	sum->wall_s += one.wall_s;
	if (strcmp(stage->name, "jail") == 0)
		bench_make_room(b);
	return one;
}

static const struct stage *nth(size_t i)
{
	size_t floors = 0;

	while (bench_floors[floors].name)
		floors++;
	return i < floors ? &bench_floors[i] : &bench_stages[i - floors];
}

/* One slice through all of it; the ratio of parse-and-judge to its floor. */
static double slice(struct bench *b, struct clocks *sums)
{
	double floor_s = 0, ours_s = 0;

	for (size_t i = 0; nth(i)->name; i++) {
		const char *name = nth(i)->name;
		struct clocks c = measure(b, nth(i), &sums[i]);

		if (strcmp(name, "libetpan") == 0)
			floor_s = c.cpu_s;
		else if (strcmp(name, "jail") == 0 ||
			 strcmp(name, "judge") == 0)
			ours_s += c.cpu_s;
	}
	bench_forget(b);
	return floor_s / ours_s;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void bench_time_stages(struct bench *b)
{
	size_t n = b->messages.count, slices = 0;
	double *ratios = xcalloc(n / BENCH_SLICE + 1, sizeof *ratios);
	struct clocks sums[MAX_STAGES] = {{0}};

	for (b->from = 0; b->from < n; b->from = b->to) {
		b->to = b->from + BENCH_SLICE < n ? b->from + BENCH_SLICE : n;
		ratios[slices++] = slice(b, sums);
	}
	for (size_t i = 0; nth(i)->name; i++)
		printf("%s %.2f %.2f %s\n", nth(i)->name,
		       sums[i].cpu_s / (double)n * 1e6,
		       sums[i].wall_s / (double)n * 1e6, nth(i)->does);
	qsort(ratios, slices, sizeof *ratios, by_size);
	printf("ratio %.3f\n", ratios[slices / 2]);
	free(ratios);
}
