/* A program that is told something and says no more than whether it took it. */
#include "daemon/command.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/signals.h"
#include "util/fdio.h"
#include "util/program.h"

#define STEP_MS 1000

/* A descriptor at the beginning of the input, or -1. */
static int input_open(const struct buf *input, struct error *err)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0)
		return error_errno(err, ERROR_SOURCE,
				   "cannot make a file in memory");
	if (fdio_write_all(fd, input->data, input->len, err) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	error_errno(err, ERROR_SOURCE, "cannot write a file in memory");
	close(fd);
	return -1;
}

/* In the child: never returns. */
static void start(const char *const *command, int in_fd, bool anew,
		  pid_t parent)
{
	if (anew)
		setenv("DSND_CHANGES_ANEW", "1", 1);
	else
		unsetenv("DSND_CHANGES_ANEW");
	program_become(command, in_fd, -1, parent);
}

/* Its process stays, and with it the number of its group. */
static bool has_ended(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
		       0 &&
	       info.si_pid == pid;
}

static bool ends_in_time(pid_t pid, int64_t timeout_ms, struct heartbeat *beat)
{
	int64_t until_ms = fdio_monotonic_ms() + timeout_ms;

	while (!has_ended(pid)) {
		int64_t left_ms = until_ms - fdio_monotonic_ms();

		if (signals.stop || left_ms <= 0)
			return false;
		heartbeat(beat);
		signals_wait(NULL, 0, left_ms < STEP_MS ? left_ms : STEP_MS);
		signals.child = signals.reload = signals.poll = 0;
	}
	return true;
}

static int outcome(const char *name, int status, struct error *err)
{
	if (WIFSIGNALED(status))
		return error_set(err, ERROR_SOURCE,
				 "%s: was ended by signal %d", name,
				 WTERMSIG(status));
	if (WEXITSTATUS(status) == PROGRAM_NOT_STARTED)
		return program_not_started(name, err);
	if (WEXITSTATUS(status) != 0)
		return error_set(err, ERROR_SOURCE, "%s: exit status %d", name,
				 WEXITSTATUS(status));
	return 0;
}

int command_run(const char *const *command, const struct buf *input, bool anew,
		int64_t timeout_ms, struct heartbeat *beat, struct error *err)
{
	int in_fd = input_open(input, err), status = 0;
	pid_t parent = getpid(), pid;
	bool in_time;

	if (in_fd < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		start(command, in_fd, anew, parent);
	close(in_fd);
	if (pid < 0)
		return error_errno(err, ERROR_SOURCE, "cannot fork");
	/* By both, for neither knows who is first. */
	setpgid(pid, pid);
	in_time = ends_in_time(pid, timeout_ms, beat);
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (in_time)
		return outcome(command[0], status, err);
	if (signals.stop)
		return 1;
	return error_set(err, ERROR_SOURCE, "%s: did not end in time",
			 command[0]);
}
