/*
 * Handlers only note what came. What is done about it is decided between two
 * messages, where nothing is half done.
 */
#include "daemon/signals.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

struct signals signals;

static const int caught[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD};

static void handle(int number)
{
	switch (number) {
	case SIGTERM:
	case SIGINT:
		signals.stop = 1;
		return;
	case SIGHUP:
		signals.reload = 1;
		return;
	case SIGUSR1:
		signals.poll = 1;
		return;
	case SIGCHLD:
		signals.child = 1;
		return;
	}
}

static void caught_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
		sigaddset(set, caught[i]);
}

void signals_init(void)
{
	/* Files and locks need not know; ppoll is interrupted anyway. */
	struct sigaction action = {.sa_handler = handle,
				   .sa_flags = SA_RESTART};

	caught_set(&action.sa_mask);
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
		sigaction(caught[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

void signals_hold(void)
{
	sigset_t set;

	caught_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void signals_release(void)
{
	sigset_t set;

	caught_set(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void signals_forget(void)
{
	signals.stop = signals.reload = signals.poll = signals.child = 0;
}

int signals_wait(struct pollfd *fds, nfds_t n, int64_t timeout_ms)
{
	struct timespec timeout = {timeout_ms / 1000,
				   timeout_ms % 1000 * 1000000};
	sigset_t before;
	sigset_t set;
	int rc = -1;

	caught_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	errno = EINTR;
	/* A signal from here on ends ppoll, which alone lets it through. */
	if (!signals.stop && !signals.reload && !signals.poll && !signals.child)
		rc = ppoll(fds, n, timeout_ms < 0 ? NULL : &timeout, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}
