/* A signal is somebody else's business; that we are to end is ours. */
#include "mailbox/stop.h"

#include <stddef.h>

#define STEP_MS 500

static const volatile sig_atomic_t *asked;

void stop_watch(const volatile sig_atomic_t *flag)
{
	asked = flag;
}

bool stop_asked(void)
{
	return asked != NULL && *asked != 0;
}

int stop_step_ms(int64_t left_ms)
{
	return left_ms < STEP_MS ? (int)left_ms : STEP_MS;
}
