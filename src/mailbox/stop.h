#ifndef MAILBOX_STOP_H
#define MAILBOX_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Who is told to stop waits no longer for a server that says nothing than a
 * deadline of seconds allows; what is said keeps coming.
 */

/* The flag that a signal sets; borrowed for good. Without one: never. */
void stop_watch(const volatile sig_atomic_t *flag);
bool stop_asked(void);

/*
 * How long to sleep at most before asking again, of what is left: a signal may
 * come between the question and the sleep.
 */
int stop_step_ms(int64_t left_ms);

#endif
