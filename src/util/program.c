/*
 * Programs of the operator's. No shell stands between: nothing of the
 * configuration is taken apart.
 */
#include "util/program.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

static int or_null(int fd, int flags)
{
	return fd >= 0 ? fd : open("/dev/null", flags | O_CLOEXEC);
}

void program_become(const char *const *command, int in_fd, int out_fd,
		    pid_t parent)
{
	sigset_t none;

	in_fd = or_null(in_fd, O_RDONLY);
	out_fd = or_null(out_fd, O_WRONLY);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && in_fd >= 0 && out_fd >= 0 &&
	    dup2(in_fd, STDIN_FILENO) >= 0 &&
	    dup2(out_fd, STDOUT_FILENO) >= 0) {
		closefrom(STDERR_FILENO + 1);
		execv(command[0], (char *const *)(uintptr_t)command);
	}
	_exit(PROGRAM_NOT_STARTED);
}

int program_not_started(const char *name, struct error *err)
{
	return error_set(err, ERROR_SOURCE,
			 "%s: cannot be run, or cannot run what it needs (exit "
			 "status 127)",
			 name);
}
