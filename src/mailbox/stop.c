/* A signal is somebody else's business; that we are to end is ours. */
#include "mailbox/stop.h"

#include <stddef.h>

#define STEP_MS 500

static const volatile sig_atomic_t *asked;
static int64_t patience_ms;

void stop_watch(const volatile sig_atomic_t *flag, int64_t deadline_s)
{
	asked = flag;
	patience_ms = deadline_s * 1000 * 2 / 5;
}

int64_t stop_silence_ms(int64_t silence_ms)
{
	return stop_asked() && patience_ms < silence_ms ? patience_ms
							: silence_ms;
}

bool stop_asked(void)
{
	return asked != NULL && *asked != 0;
}

int stop_step_ms(int64_t left_ms)
{
	return left_ms < STEP_MS ? (int)left_ms : STEP_MS;
}
