/*
 * Programs that know a password or a token. No shell stands between: nothing
 * of the configuration is taken apart, and nothing secret is ever an argument.
 */
#include "mailbox/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailbox/stop.h"
#include "util/fdio.h"
#include "util/text.h"

#define EXIT_NOT_STARTED 127
#define LOOK_MS 10

/* In the child: never returns. */
static void start(const char *const *command, bool refused, int out_fd)
{
	int in_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* One group, so that what it started ends with it. */
	setpgid(0, 0);
	if (refused)
		setenv("DSND_TOKEN_REFUSED", "1", 1);
	else
		unsetenv("DSND_TOKEN_REFUSED");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (in_fd >= 0 && dup2(in_fd, STDIN_FILENO) >= 0 &&
	    dup2(out_fd, STDOUT_FILENO) >= 0) {
		closefrom(STDERR_FILENO + 1);
		execv(command[0], (char *const *)(uintptr_t)command);
	}
	_exit(EXIT_NOT_STARTED);
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
	if (status == EXIT_NOT_STARTED)
		return error_set(err, ERROR_SOURCE,
				 "%s: cannot be run, or cannot run what it "
				 "needs (exit status 127)",
				 name);
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
	int ends[2], status;
	bool in_time;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_SOURCE, "cannot make a pipe");
	pid = fork();
	if (pid == 0)
		start(command, refused, ends[1]);
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
