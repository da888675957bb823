/*
 * What hosts answer is any text at all: what reply_read borrows lies within
 * it, and its numbers are what they claim to be.
 */
#include <stdint.h>
#include <stdlib.h>

#include "report/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void lies_within(struct span part, struct span whole)
{
	if (part.n == 0)
		return;
	if (part.p < whole.p || part.n > whole.n ||
	    (size_t)(part.p - whole.p) > whole.n - part.n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_make((const char *)data, size);
	struct reply reply;

	reply_read(in, &reply);
	lies_within(reply.text, in);
	lies_within(reply.remote, in);
	if (reply.code != 0 && (reply.code < 200 || reply.code > 599))
		abort();
	if (reply.status.class_ != 0 && reply.status.class_ != 2 &&
	    reply.status.class_ != 4 && reply.status.class_ != 5)
		abort();
	if (reply.exit_code < -1 || reply.exit_code > 255)
		abort();
	return 0;
}
