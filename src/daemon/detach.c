/*
 * Into the background, for those who start dsnd by hand or from a script. The
 * command they typed returns when mail is being read, or says that it failed.
 */
#include "daemon/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The old process: what became of the new one decides our exit status. */
static void await(pid_t pid, int fd)
{
	int status = 0;
	ssize_t got;
	char ready;

	while ((got = read(fd, &ready, 1)) < 0 && errno == EINTR)
		;
	if (got == 1)
		_exit(EXIT_SUCCESS);
	waitpid(pid, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

static void leave_terminal(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	if (fd < 0)
		return;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	/* The log stays where it was sent, unless that is the terminal. */
	if (isatty(STDERR_FILENO))
		dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int detach(struct error *err)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_FATAL, "cannot make a pipe");
	pid = fork();
	if (pid < 0)
		return error_errno(err, ERROR_FATAL, "cannot fork");
	if (pid > 0) {
		close(ends[1]);
		await(pid, ends[0]);
	}
	close(ends[0]);
	leave_terminal();
	return ends[1];
}
