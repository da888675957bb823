/*
 * dsnd --check --connect: what would happen, said before it does. It logs in
 * as the daemon would, with the same words where that fails.
 */
#include <stdio.h>
#include <sys/prctl.h>

#include "daemon/daemon.h"
#include "daemon/signals.h"
#include "mailbox/stop.h"
#include "util/text.h"

/* Each line below the mailbox's name; servers chose some of the words. */
static void print_lines(const char *name, struct span rest)
{
	struct span line;

	while (span_next_line(&rest, &line)) {
		struct buf text;

		buf_init(&text);
		text_printable(&text, line);
		printf("mailbox %s: %s\n", name, text.data);
		buf_release(&text);
	}
}

static int connect_one(const struct mailbox_settings *m)
{
	const struct mailbox_driver *driver = mailbox_driver_find(m->type);
	struct error err;
	struct buf out;
	int rc;

	buf_init(&out);
	rc = driver->inspect(m, &out, &err);
	print_lines(m->name, span_make(out.data, out.len));
	buf_release(&out);
	/* Kept in order with what was printed. */
	fflush(stdout);
	if (rc < 0)
		fprintf(stderr, "dsnd: mailbox %s: %s\n", m->name, err.text);
	return rc;
}

int connect_all(const struct daemon *d)
{
	int rc = 0;

	prctl(PR_SET_DUMPABLE, 0);
	/* Nothing is left half done that would be worth waiting for. */
	stop_watch(&signals.stop, 0);
	for (size_t i = 0; i < d->config->mailbox_count; i++) {
		if (signals.stop || connect_one(&d->config->mailboxes[i]) < 0)
			rc = -1;
	}
	return rc;
}
