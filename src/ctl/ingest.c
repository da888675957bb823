/*
 * dsnctl ingest: one message on standard input, from an alias, a sieve script
 * or procmail, or a provider's events. It is committed before we exit 0;
 * whatever goes wrong is temporary to the mail server, which keeps the message
 * and comes again.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/mbox.h"
#include "ctl/print.h"
#include "ctl/road.h"
#include "events/events.h"
#include "util/fdio.h"
#include "util/json.h"

#define DEFAULT_MAILBOX "ingest"

struct ingest {
	struct ctl *ctl;
	struct ctl_road road;
	const char *mailbox;
	int format; /* of events; -1: a message */
	size_t events, known_events;
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

static void report_events(struct ingest *in)
{
	struct buf out;

	if (!in->ctl->json && !in->ctl->terminal)
		return;
	buf_init(&out);
	buf_addf(&out,
		 in->ctl->json ? "{\"events\":%zu,\"known\":%zu}\n"
			       : "%zu events, %zu of them recorded before\n",
		 in->events, in->known_events);
	(void)ctl_flush(&out, NULL);
	buf_release(&out);
}

static int open_mailbox(struct ingest *in)
{
	const char *name = in->mailbox;

	if (name != NULL && ctl_road_find(&in->road, name) == NULL)
		return error_set(&in->err, ERROR_SOURCE,
				 "ingest: --mailbox: no mailbox of %s is named "
				 "\"%s\"",
				 ctl_settings_name(&in->road.settings), name);
	/* Who hands us events has made sure whose they are. */
	return ctl_road_mailbox(&in->road, name ? name : DEFAULT_MAILBOX,
				in->format >= 0, &in->err);
}

static int take_event(void *ctx, struct event *event)
{
	struct ingest *in = ctx;
	const struct intake *intake = &in->road.intake;
	struct store_known known;
	struct store_message m;
	int rc;

	m = intake_name_event(intake, event, in->ctl->now_s);
	rc = store_message_known(intake->store, &m, &known, &in->err);
	in->events++;
	in->known_events += rc == 1;
	if (rc < 0)
		return -1;
	return intake_add(intake, &m, &event->report, &in->err);
}

/* All that came in one piece is recorded in one transaction. */
static int take_events(struct ingest *in, struct span bytes)
{
	struct store *store = in->road.store;

	if (in->truncated)
		return error_set(&in->err, ERROR_MESSAGE,
				 "standard input: larger than max_message of "
				 "the mailbox, which is %zu bytes",
				 in->road.intake.mailbox->max_message_bytes);
	if (store_batch_begin(store, rules_hash(in->road.rules), &in->err) < 0)
		return -1;
	if (events_read(in->format, bytes, take_event, in, &in->err) == 0)
		return store_batch_commit(store, in->ctl->now_s, &in->err);
	store_batch_abort(store);
	return -1;
}

/*
 * A mail server may bound the size of the files that what it runs writes: as
 * far as may be that is lifted, and what remains is an error, not our death.
 */
static void lift_file_size(void)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_FSIZE, &limit);
	}
}

/*
 * A mail server's pipe has one message in it, whatever that brings back. What a
 * person hands us as a file, or at a terminal, may be an archive: its front
 * would be recorded as if it were all.
 */
static int refuse_mbox(struct ingest *in, struct span bytes)
{
	struct stat input;
	bool file = fstat(STDIN_FILENO, &input) == 0 && S_ISREG(input.st_mode);

	if ((!file && !in->ctl->terminal) || !mbox_has_several(bytes))
		return 0;
	return error_set(&in->err, ERROR_SOURCE,
			 "standard input is an mbox of several messages, and "
			 "this takes one; nothing is taken: \"formail -s "
			 "dsnctl ingest <FILE\" hands them over one by one");
}

static int take(struct ingest *in)
{
	struct span bytes;

	/* Looked at first: the next file that is opened would be taken for it.
	 */
	if (fcntl(STDIN_FILENO, F_GETFD) < 0)
		return error_errno(&in->err, ERROR_SOURCE, "standard input");
	lift_file_size();
	if (ctl_road_open(&in->road, in->ctl, &in->err) != 0 ||
	    open_mailbox(in) != 0 || read_input(in) != 0)
		return -1;
	bytes = span_make(in->bytes.data, in->bytes.len);
	if (in->format >= 0)
		return take_events(in, bytes);
	if (refuse_mbox(in, bytes) != 0)
		return -1;
	return intake_message(&in->road.intake, in->road.parser,
			      message_of(bytes), in->truncated, in->ctl->now_s,
			      in->ctl->now_s, &in->result, &in->err);
}

/* Events that cannot be read do not get better by waiting. */
static enum ctl_exit failure(struct ingest *in)
{
	ctl_fail(&in->err);
	return in->format >= 0 && in->err.scope == ERROR_MESSAGE ? CTL_DATAERR
								 : CTL_TEMPFAIL;
}

enum ctl_exit ctl_ingest(struct ctl *ctl, int argc, char **argv)
{
	struct ingest in = {.ctl = ctl, .format = -1};
	const char *format = NULL;
	const struct ctl_option own[] = {{"mailbox", &in.mailbox, NULL},
					 {"format", &format, NULL},
					 {NULL, NULL, NULL}};
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
	if (format != NULL && (in.format = events_format_find(format)) < 0) {
		ctl_misuse(argv[0], "--format takes %s", events_formats());
		return CTL_TEMPFAIL;
	}
	buf_init(&in.bytes);
	rc = take(&in);
	ctl_road_close(&in.road);
	if (rc == 0 && in.format >= 0)
		report_events(&in);
	else if (rc == 0)
		report(&in);
	buf_release(&in.bytes);
	return rc == 0 ? CTL_YES : failure(&in);
}
