/*
 * dsnctl ingest: one message on standard input, from an alias, a sieve script
 * or procmail. It is committed before we exit 0; whatever goes wrong is
 * temporary to the mail server, which keeps the message and comes again.
 */
#include <errno.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/road.h"
#include "util/fdio.h"
#include "util/json.h"

#define DEFAULT_MAILBOX "ingest"

struct ingest {
	struct ctl *ctl;
	struct ctl_road road;
	struct buf bytes;
	bool truncated;
	struct intake_result result;
	struct error err;
};

/* Who pipes to us must not meet a closed pipe: what is too much is read too. */
static int read_rest(struct error *err)
{
	char waste[65536];
	ssize_t n;

	do {
		n = read(STDIN_FILENO, waste, sizeof(waste));
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? error_errno(err, ERROR_SOURCE, "standard input") : 0;
}

static int read_input(struct ingest *in)
{
	int more = fdio_read_all(STDIN_FILENO,
				 in->road.intake.mailbox->max_message_bytes,
				 &in->bytes, &in->err);

	in->truncated = more > 0;
	return more > 0 ? read_rest(&in->err) : more;
}

/*
 * Mail servers put mbox's From_ line before what they pipe. It has the time of
 * the attempt in it: the second one would look like another message.
 */
static struct span message_of(struct span bytes)
{
	struct span line;

	if (bytes.n >= 5 && span_eq(span_cut(bytes, 5), SPAN("From ")))
		(void)span_next_line(&bytes, &line);
	return bytes;
}

static void report(struct ingest *in)
{
	const struct intake_result *r = &in->result;
	struct buf out;
	struct json j;

	/* A mail server sends what we say to somebody: say nothing then. */
	if (!in->ctl->json && !in->ctl->terminal)
		return;
	buf_init(&out);
	if (in->ctl->json) {
		json_init(&j, &out);
		json_object(&j);
		json_key_str(&j, "kind", report_kind_name(r->kind));
		json_key_int(&j, "recipients", (int64_t)r->recipients);
		json_key_bool(&j, "known", r->known);
		if (r->why != NULL)
			json_key_str(&j, "why", r->why);
		json_object_end(&j);
	} else {
		buf_addf(&out, "%s%s%s%s", report_kind_name(r->kind),
			 r->known ? ", recorded before" : "",
			 r->why != NULL ? ", quarantined: " : "",
			 r->why != NULL ? r->why : "");
	}
	buf_add_char(&out, '\n');
	/* It is committed: nobody needs to send it again. */
	(void)ctl_flush(&out, NULL);
	buf_release(&out);
}

static int open_mailbox(struct ingest *in, const char *name)
{
	if (name != NULL && ctl_road_find(&in->road, name) == NULL)
		return error_set(&in->err, ERROR_SOURCE,
				 "ingest: no mailbox \"%s\" is configured",
				 name);
	return ctl_road_mailbox(&in->road, name ? name : DEFAULT_MAILBOX,
				&in->err);
}

static int take(struct ingest *in, const char *mailbox)
{
	struct span bytes;

	if (ctl_road_open(&in->road, in->ctl, &in->err) != 0 ||
	    open_mailbox(in, mailbox) != 0 || read_input(in) != 0)
		return -1;
	bytes = message_of(span_make(in->bytes.data, in->bytes.len));
	return intake_message(&in->road.intake, in->road.parser, bytes,
			      in->truncated, in->ctl->now_s, in->ctl->now_s,
			      &in->result, &in->err);
}

enum ctl_exit ctl_ingest(struct ctl *ctl, int argc, char **argv)
{
	const char *mailbox = NULL;
	const struct ctl_option own[] = {{"mailbox", &mailbox, NULL},
					 {NULL, NULL, NULL}};
	struct ingest in = {.ctl = ctl};
	int first = ctl_options(ctl, argc, argv, own);
	int rc;

	/* Wrong use too is mended by a person, and mail waits for that. */
	if (first < 0)
		return CTL_TEMPFAIL;
	if (first < argc) {
		ctl_misuse(argv[0], "it takes options only, and one message "
				    "on standard input");
		return CTL_TEMPFAIL;
	}
	buf_init(&in.bytes);
	rc = take(&in, mailbox);
	ctl_road_close(&in.road);
	if (rc == 0)
		report(&in);
	else
		ctl_fail(&in.err);
	buf_release(&in.bytes);
	return rc == 0 ? CTL_YES : CTL_TEMPFAIL;
}
