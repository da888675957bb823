#ifndef CTL_PROGRESS_H
#define CTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How far a long command is: one line on standard error that is written over
 * and wiped at the end. On anything but a terminal nothing is written at all,
 * so that logs and pipes stay plain. Do not print to the same terminal between
 * progress_start and progress_end.
 */
struct progress {
	bool on;
	const char *what; /* borrowed: what is counted, "addresses" */
	int64_t next_ms;  /* not before this is it drawn again */
};

void progress_start(struct progress *p, const char *what);
/*
 * done of total; total 0 where it is not known. Cheap: drawn a few times a
 * second. Its first parameter is a struct progress, so that it may serve as
 * a store_progress_fn.
 */
void progress_at(void *progress, int64_t done, int64_t total);
/* The count begins again, of something else. */
void progress_phase(struct progress *p, const char *what);
void progress_end(struct progress *p);

#endif
