/*
 * Programs that know a password or a token: nothing secret is ever an argument.
 */
#include "mailbox/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailbox/stop.h"
#include "util/fdio.h"
#include "util/program.h"
#include "util/text.h"

#define LOOK_MS 10

/* In the child: never returns. */
static void start(const char *const *command, bool refused, int out_fd,
		  pid_t parent)
{
	if (refused)
		setenv("DSND_TOKEN_REFUSED", "1", 1);
	else
		unsetenv("DSND_TOKEN_REFUSED");
	program_become(command, -1, out_fd, parent);
}

/* Reads until the end: 0, or -1 when time is over or it says too much. */
static int listen_to(int fd, int64_t until_ms, struct buf *out)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	ssize_t n;

	for (;;) {
		int64_t left_ms = until_ms - fdio_monotonic_ms();

		if (left_ms <= 0 || stop_asked() ||
		    out->len >= SECRET_MAX_BYTES)
			return -1;
		if (poll(&pfd, 1, stop_step_ms(left_ms)) <= 0)
			continue;
		/* The room is there: secret_init saw to it. */
		n = read(fd, out->data + out->len, SECRET_MAX_BYTES - out->len);
		if (n == 0)
			return 0;
		if (n > 0) {
			out->len += (size_t)n;
			out->data[out->len] = '\0';
		} else if (errno != EINTR && errno != EAGAIN) {
			return -1;
		}
	}
}

/* Its exit status, or -1 when it had to be ended. */
static int wait_for(pid_t pid, bool in_time, int64_t until_ms)
{
	int status = 0;
	pid_t got = 0;

	while (in_time && !stop_asked() &&
	       (got = waitpid(pid, &status, WNOHANG)) == 0 &&
	       fdio_monotonic_ms() < until_ms)
		poll(NULL, 0, LOOK_MS);
	if (got == pid)
		return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return -1;
}

/* Only the first line is kept. */
static int take_line(const char *name, struct buf *out, struct error *err)
{
	struct span rest = span_make(out->data, out->len), line = {NULL, 0};

	if (!span_next_line(&rest, &line) || line.n == 0 ||
	    memchr(line.p, '\0', line.n))
		return error_set(err, ERROR_SOURCE,
				 "%s: printed no password and no token", name);
	buf_truncate(out, line.n);
	return 0;
}

static int judge(const char *name, int status, struct buf *out,
		 struct error *err)
{
	if (status == PROGRAM_NOT_STARTED)
		return program_not_started(name, err);
	if (status < 0)
		return error_set(err, ERROR_SOURCE,
				 "%s: did not end in time, or not by itself",
				 name);
	if (status != 0)
		return error_set(err, ERROR_SOURCE, "%s: exit status %d", name,
				 status);
	return take_line(name, out, err);
}

int secret_read_command(const char *const *command, bool refused,
			int64_t until_ms, struct buf *out, struct error *err)
{
	pid_t parent = getpid(), pid;
	int ends[2], status;
	bool in_time;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_SOURCE, "cannot make a pipe");
	pid = fork();
	if (pid == 0)
		start(command, refused, ends[1], parent);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return error_errno(err, ERROR_SOURCE, "cannot fork");
	}
	in_time = listen_to(ends[0], until_ms, out) == 0;
	close(ends[0]);
	status = wait_for(pid, in_time, until_ms);
	return judge(command[0], status, out, err);
}
