/*
 * Whether the keys of signed return paths can be read is asked before any
 * reader is told to read them: what is wrong in their file ends a reader, and
 * with it dsnd.
 */
#include "daemon/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_and_exit(struct config *c, int fd)
{
	struct error err;

	if (config_read_secrets(c, &err) == 0)
		_exit(0);
	(void)!write(fd, &err, sizeof err);
	_exit(1);
}

int keys_look(struct config *c, struct error *err)
{
	int ends[2], status = -1;
	pid_t pid;

	if (c->token_key_file[0] == '\0')
		return 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_FATAL, "cannot make a pipe");
	pid = fork();
	if (pid == 0)
		read_and_exit(c, ends[1]);
	close(ends[1]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0 && read(ends[0], err, sizeof *err) != sizeof *err)
		error_set(err, ERROR_FATAL, "%s: cannot be looked at",
			  c->token_key_file);
	close(ends[0]);
	return status == 0 ? 0 : -1;
}
