/*
 * dsnctl policy: Postfix asks, one recipient after another, over its policy
 * delegation protocol. Postfix's own spawn(8) runs us with the connection as
 * standard input, output and error: there is no socket of ours to guard, and
 * nothing but answers may be written to any of the three.
 *
 * The database is opened anew for each question. That costs a fraction of a
 * millisecond, and one that was restored, upgraded or repaired meanwhile is
 * the one that answers.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/settings.h"
#include "util/fdio.h"
#include "util/num.h"

/* Postfix sends some hundred bytes; more than this is not Postfix. */
#define REQUEST_MAX_BYTES 65536
#define CHUNK_BYTES 4096
#define COMPLAIN_EVERY_MS 60000

struct choice {
	const char *name;
	const char *answer;
};

/* For an address that is suppressed; NULL: the code depends on why. */
static const struct choice refusals[] = {
	{"reject", NULL},  {"defer", "450 4.7.1 "},
	{"hold", "HOLD "}, {"discard", "DISCARD "},
	{NULL, NULL},
};

/* For a question that could not be answered. */
static const struct choice excuses[] = {
	{"dunno", "DUNNO"},
	{"defer", "DEFER_IF_PERMIT 4.3.5 The suppression list cannot be read"},
	{"hold", "HOLD the suppression list cannot be read"},
	{NULL, NULL},
};

struct session {
	struct ctl *ctl;
	struct ctl_settings settings; /* config NULL: not read yet */
	const char *stream;
	const struct choice *refusal;
	const struct choice *excuse;
	int64_t clock_skew_s; /* --now, for tests */
	bool to_syslog;
	struct buf in, out;
	struct error said; /* the last complaint, and when */
	int64_t said_ms;
};

static const struct choice *choose(const struct choice *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

/* Standard error is the connection too where spawn(8) runs us. */
static bool is_connection(int fd)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && fstat(STDOUT_FILENO, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* The same trouble is told once a minute, not once a recipient. */
static void complain(struct session *s, const struct error *err)
{
	int64_t now_ms = fdio_monotonic_ms();

	if (strcmp(s->said.text, err->text) == 0 &&
	    now_ms - s->said_ms < COMPLAIN_EVERY_MS)
		return;
	s->said = *err;
	s->said_ms = now_ms;
	if (s->to_syslog)
		syslog(LOG_WARNING, "policy: %s; answering %s", err->text,
		       s->excuse->name);
	else
		fprintf(stderr, "dsnctl policy: %s; answering %s\n", err->text,
			s->excuse->name);
}

/*
 * What the sender sees. Reasons and sources are words of ours, never of mail.
 * conf/rules knows "suppressed by dsnd": our own refusal proves nothing.
 */
static void refuse(struct session *s, const struct store_suppression *why)
{
	char since[NUM_TIME_BYTES];
	bool hard = strcmp(why->source, "hard") == 0;

	num_time_format(why->since_s, since);
	since[strcspn(since, "T")] = '\0';
	buf_add_str(&s->out, s->refusal->answer != NULL ? s->refusal->answer
			     : hard			? "550 5.1.1 "
							: "550 5.7.1 ");
	buf_addf(&s->out, "suppressed by dsnd: %s since %s",
		 why->reason[0] != '\0' ? why->reason : why->source, since);
}

/* 0 with the action in out, or -1. What is no address is not our matter. */
static int ask(struct session *s, struct span recipient, struct error *err)
{
	int64_t now_s = (int64_t)time(NULL) + s->clock_skew_s;
	struct store_answer answer;
	struct store *store;
	struct arena arena;
	int rc;

	if (s->settings.config == NULL &&
	    ctl_settings_load(&s->settings, s->ctl, err) != 0)
		return -1;
	store = ctl_store_reach(&s->settings, STORE_ASK, err);
	if (store == NULL)
		return -1;
	arena_init(&arena);
	rc = store_check(store, recipient, s->stream, now_s, &arena, &answer,
			 err);
	if (rc == 0 && !answer.mailable)
		refuse(s, &answer.why);
	else if (rc == 0 || err->scope == ERROR_MESSAGE)
		buf_add_str(&s->out, "DUNNO");
	if (rc != 0 && err->scope == ERROR_MESSAGE)
		rc = 0;
	arena_release(&arena);
	store_close(store);
	return rc;
}

/* One request without its empty line; the answer is written at once. */
static int answer(struct session *s, struct span request, struct error *err)
{
	struct span line, recipient = span_of("");

	while (span_next_line(&request, &line))
		if (span_starts_ci(line, SPAN("recipient=")))
			recipient = span_from(line, strlen("recipient="));
	buf_reset(&s->out);
	buf_add_str(&s->out, "action=");
	if (recipient.n == 0) {
		buf_add_str(&s->out, "DUNNO");
	} else if (ask(s, recipient, err) != 0) {
		complain(s, err);
		buf_add_str(&s->out, s->excuse->answer);
	}
	buf_add_str(&s->out, "\n\n");
	return ctl_flush(&s->out, err);
}

/* Answers what has arrived in whole; keeps the rest. */
static int answer_all(struct session *s, struct error *err)
{
	struct span rest = span_make(s->in.data, s->in.len);
	size_t end;
	struct buf kept;

	while ((end = span_find(rest, SPAN("\n\n"))) != SPAN_NONE) {
		if (answer(s, span_cut(rest, end + 1), err) != 0)
			return -1;
		rest = span_from(rest, end + 2);
	}
	if (rest.n > REQUEST_MAX_BYTES)
		return error_set(err, ERROR_FATAL,
				 "policy: a request is over %d bytes",
				 REQUEST_MAX_BYTES);
	buf_init(&kept);
	buf_add(&kept, rest.p, rest.n);
	buf_release(&s->in);
	s->in = kept;
	return 0;
}

static int serve(struct session *s, struct error *err)
{
	for (;;) {
		ssize_t n;

		buf_reserve(&s->in, CHUNK_BYTES);
		n = read(STDIN_FILENO, s->in.data + s->in.len, CHUNK_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, ERROR_FATAL, "policy: read");
		if (n == 0)
			return 0;
		s->in.len += (size_t)n;
		s->in.data[s->in.len] = '\0';
		if (answer_all(s, err) != 0)
			return -1;
	}
}

static enum ctl_exit run(struct session *s)
{
	struct error err;
	int rc;

	buf_init(&s->in);
	buf_init(&s->out);
	s->to_syslog = is_connection(STDERR_FILENO);
	if (s->to_syslog)
		openlog("dsnctl", LOG_PID, LOG_MAIL);
	rc = serve(s, &err);
	if (rc != 0)
		complain(s, &err);
	ctl_settings_release(&s->settings);
	buf_release(&s->in);
	buf_release(&s->out);
	return rc != 0 ? CTL_FAILURE : CTL_YES;
}

enum ctl_exit ctl_policy(struct ctl *ctl, int argc, char **argv)
{
	const char *refusal = "reject";
	const char *excuse = "dunno";
	struct session s = {.ctl = ctl};
	const struct ctl_option own[] = {{"stream", &s.stream, NULL},
					 {"refuse", &refusal, NULL},
					 {"on-error", &excuse, NULL},
					 {NULL, NULL, NULL}};

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	s.refusal = choose(refusals, refusal);
	if (s.refusal == NULL)
		return ctl_misuse(argv[0], "--refuse takes reject, defer, hold "
					   "or discard");
	s.excuse = choose(excuses, excuse);
	if (s.excuse == NULL)
		return ctl_misuse(argv[0],
				  "--on-error takes dunno, defer or hold");
	s.clock_skew_s = ctl->now_s - (int64_t)time(NULL);
	return run(&s);
}
