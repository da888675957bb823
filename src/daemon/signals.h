#ifndef DAEMON_SIGNALS_H
#define DAEMON_SIGNALS_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Signals set flags and do nothing else. A process looks at its flags between
 * two steps of its work, and sleeps in signals_wait only.
 */
struct signals {
	volatile sig_atomic_t stop;   /* SIGTERM, SIGINT */
	volatile sig_atomic_t reload; /* SIGHUP */
	volatile sig_atomic_t poll;   /* SIGUSR1 */
	volatile sig_atomic_t child;  /* SIGCHLD */
};
extern struct signals signals;

/* Installs the handlers; SIGPIPE is ignored. */
void signals_init(void);

/*
 * Around fork(): holds signals back, so that the child can forget what its
 * parent was told without losing what it is told itself.
 */
void signals_hold(void);
void signals_release(void);
/* In the child, between the two. */
void signals_forget(void);

/*
 * poll() that ends at once, with -1 and EINTR, when a flag is or gets set.
 * timeout_ms < 0 waits for ever.
 */
int signals_wait(struct pollfd *fds, nfds_t n, int64_t timeout_ms);

#endif
