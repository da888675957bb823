/*
 * One child's life: started, listened to, asked to end, killed where it does
 * not, started again. The supervisor decides, this does.
 */
#include "daemon/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/signals.h"
#include "util/fdio.h"
#include "util/log.h"
#include "util/num.h"

/* Of its silence a child must have worked so much to be in a loop. */
#define LOOP_PART 4

void child_init(struct child *c, enum child_kind kind, const char *name)
{
	memset(c, 0, sizeof *c);
	c->kind = kind;
	snprintf(c->name, sizeof c->name, "%s", name);
	c->wanted = true;
	c->fd = -1;
}

void child_describe(const struct child *c, char out[CHILD_NAME_BYTES + 16])
{
	static const char *const kinds[] = {"mailbox ", "housekeeping",
					    "changes"};

	snprintf(out, CHILD_NAME_BYTES + 16, "%s%s", kinds[c->kind], c->name);
}

/* How it ends. */
static int main_of(struct child *c, struct daemon *d, struct heartbeat *beat)
{
	switch (c->kind) {
	case CHILD_READER:
		return reader_main(d, c->mailbox, beat, &c->suspects);
	case CHILD_HOUSEKEEPING:
		return housekeeping_main(d, beat);
	case CHILD_CHANGES:
		return changes_main(d, beat);
	}
	return EXIT_STOP;
}

static int run(struct child *c, struct daemon *d, int fd, pid_t parent)
{
	struct heartbeat beat = {.fd = fd, .sent_ms = 0};

	signals_forget();
	signals_release();
	/* Without its supervisor nobody would end it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		return EXIT_DONE;
	return main_of(c, d, &beat);
}

int child_start(struct child *c, struct daemon *d, int close_fd,
		struct error *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (suspects_start(&c->suspects, err) < 0)
		return -1;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return error_errno(err, ERROR_FATAL, "cannot make a pipe");
	signals_hold();
	c->pid = fork();
	if (c->pid == 0) {
		close(ends[0]);
		if (close_fd >= 0)
			close(close_fd);
		exit(run(c, d, ends[1], parent));
	}
	signals_release();
	close(ends[1]);
	if (c->pid < 0) {
		c->pid = 0;
		close(ends[0]);
		return error_errno(err, ERROR_FATAL, "cannot fork");
	}
	c->fd = ends[0];
	c->beat_ms = fdio_monotonic_ms();
	c->kill_ms = 0;
	c->worked_ms = 0;
	c->looped = false;
	return 0;
}

/*
 * How long a child waited for a processor: the second number of its account
 * (proc(5), /proc/pid/schedstat), which not every kernel keeps.
 */
static uint64_t queued_ns(const struct child *c)
{
	uint64_t ns = 0;
	struct buf account;
	struct span rest, number;
	char path[64];

	buf_init(&account);
	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)c->pid);
	(void)fdio_read_file(path, 256, &account, NULL);
	rest = span_make(account.data, account.len);
	if (!span_next_word(&rest, &number) ||
	    !span_next_word(&rest, &number) ||
	    num_u64(number.p, number.n, UINT64_MAX, &ns) < 0)
		ns = 0;
	buf_release(&account);
	return ns;
}

/*
 * How long a child that runs has worked, or would have: on a busy machine a
 * loop gets little of a processor.
 */
static int64_t worked_ms(const struct child *c)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(c->pid, &clock) != 0 ||
	    clock_gettime(clock, &t) < 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 +
	       (t.tv_nsec + (int64_t)queued_ns(c)) / 1000000;
}

void child_listen(struct child *c)
{
	char beats[256];
	ssize_t n;

	while (c->pid > 0 && (n = read(c->fd, beats, sizeof beats)) > 0) {
		c->beat_ms = fdio_monotonic_ms();
		c->worked_ms = worked_ms(c);
		if (memchr(beats, HEARTBEAT_SCANNED, (size_t)n)) {
			c->failing = false;
			c->delay_ms = 0;
		}
	}
}

void child_stop(struct child *c, int64_t kill_ms)
{
	if (c->pid == 0 || c->kill_ms != 0)
		return;
	kill(c->pid, SIGTERM);
	c->kill_ms = kill_ms;
}

static void kill_now(const struct child *c, const char *why)
{
	char what[CHILD_NAME_BYTES + 16];

	child_describe(c, what);
	log_msg(LOG_LEVEL_ERROR, "%s: %s, killed", what, why);
	kill(c->pid, SIGKILL);
}

int64_t child_check(struct child *c, int64_t now_ms, int64_t deadline_ms)
{
	if (c->pid == 0)
		return c->wanted ? c->start_ms : INT64_MAX;
	if (c->kill_ms != 0 && now_ms >= c->kill_ms) {
		kill_now(c, "did not end in time");
		c->kill_ms = INT64_MAX;
	}
	if (c->kill_ms != 0)
		return c->kill_ms;
	if (now_ms - c->beat_ms < deadline_ms)
		return c->beat_ms + deadline_ms;
	/* One that only waits waits for a disk, say, and for no message. */
	c->looped = worked_ms(c) - c->worked_ms >= deadline_ms / LOOP_PART;
	kill_now(c, "gives no sign of life");
	c->kill_ms = INT64_MAX;
	return INT64_MAX;
}

int64_t child_jitter(int64_t ms)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
		return ms;
	return ms * 3 / 4 + ms / 2 * (random % 1024) / 1024;
}

/* Those are of its own choice, and it has said why. */
static bool is_explained(int status)
{
	return WIFEXITED(status) && (WEXITSTATUS(status) == EXIT_DONE ||
				     WEXITSTATUS(status) == EXIT_SOURCE ||
				     WEXITSTATUS(status) == EXIT_STOP);
}

static void log_end_of(const struct child *c, int status)
{
	char what[CHILD_NAME_BYTES + 16];

	child_describe(c, what);
	if (WIFSIGNALED(status))
		log_msg(LOG_LEVEL_ERROR,
			"%s: its process was ended by "
			"signal %d",
			what, WTERMSIG(status));
	else if (!is_explained(status))
		log_msg(LOG_LEVEL_ERROR,
			"%s: its process ended with status "
			"%d",
			what, WEXITSTATUS(status));
}

/* By its own doing: who is killed from outside did not die of a message. */
static bool has_crashed(const struct child *c, int status)
{
	if (WIFSIGNALED(status))
		return c->looped || (WTERMSIG(status) != SIGKILL &&
				     WTERMSIG(status) != SIGTERM &&
				     WTERMSIG(status) != SIGINT);
	return !is_explained(status);
}

static void look_for_suspect(struct child *c, int status)
{
	char what[CHILD_NAME_BYTES + 16];

	if (!suspects_ended(&c->suspects, has_crashed(c, status)))
		return;
	child_describe(c, what);
	log_msg(LOG_LEVEL_ERROR,
		"%s: its process died %d times of the same message, which goes "
		"to the quarantine unread",
		what, SUSPECT_DEATHS);
}

void child_ended(struct child *c, const struct config *config, int status,
		 int64_t now_ms)
{
	int64_t first_ms = config->daemon.restart_first_s * 1000;
	int64_t most_ms = config->daemon.restart_most_s * 1000;
	bool asked = c->kill_ms != 0 && c->kill_ms != INT64_MAX;

	log_end_of(c, status);
	look_for_suspect(c, status);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->pid = 0;
	c->kill_ms = 0;
	if (asked && status == 0) {
		c->start_ms = now_ms;
		return;
	}
	c->failing = true;
	c->delay_ms = c->delay_ms ? c->delay_ms * 2 : first_ms;
	if (c->delay_ms > most_ms)
		c->delay_ms = most_ms;
	c->start_ms = now_ms + child_jitter(c->delay_ms);
}
