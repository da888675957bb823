#ifndef MAILBOX_STOP_H
#define MAILBOX_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Who is told to stop waits no longer for a server that says nothing than a
 * deadline of seconds allows; what is said keeps coming.
 */

/*
 * The flag that a signal sets, borrowed for good, and when we are to have ended
 * after it. Without a call: never asked.
 */
void stop_watch(const volatile sig_atomic_t *flag, int64_t deadline_s);
bool stop_asked(void);

/*
 * How long a server may say nothing: silence_ms, or two fifths of the deadline
 * where we are to end. A slow server finishes what it does, and a silent one
 * may be waited for twice, the second time for the answer to a farewell.
 */
int64_t stop_silence_ms(int64_t silence_ms);

/*
 * How long to sleep at most before asking again, of what is left: a signal may
 * come between the question and the sleep.
 */
int stop_step_ms(int64_t left_ms);

#endif
