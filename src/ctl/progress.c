/* A person who waits is told how far it is; a program is told nothing. */
#include "ctl/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_EVERY_MS 200
#define ERASE_LINE "\r\033[K"

/* The machine's uptime: how long somebody waited, not what time it is. */
static int64_t waited_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_start(struct progress *p, const char *what)
{
	p->on = isatty(STDERR_FILENO) == 1;
	progress_phase(p, what);
}

void progress_phase(struct progress *p, const char *what)
{
	p->what = what;
	p->next_ms = 0;
}

void progress_at(void *progress, int64_t done, int64_t total)
{
	struct progress *p = progress;
	int64_t now_ms;

	if (!p->on)
		return;
	now_ms = waited_ms();
	if (now_ms < p->next_ms)
		return;
	p->next_ms = now_ms + PROGRESS_EVERY_MS;
	if (total > 0)
		fprintf(stderr, ERASE_LINE "%s: %lld of %lld (%lld %%)",
			p->what, (long long)done, (long long)total,
			(long long)(done * 100 / total));
	else
		fprintf(stderr, ERASE_LINE "%s: %lld", p->what,
			(long long)done);
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (!p->on)
		return;
	fputs(ERASE_LINE, stderr);
	fflush(stderr);
	p->on = false;
}
