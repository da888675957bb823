#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "parser/sandbox.h"

/*
 * Closes the jail of dsnd-parse around itself and then tries what its argument
 * names. Exits 0 where that worked, 1 where it was refused; commonly it does
 * not come to that.
 */

#define SOCKET_FD 3
#define MEMORY_BYTES ((size_t)256 * 1024 * 1024)

static char *const none[] = {NULL};

static int try_open(void)
{
	return open("/etc/hostname", O_RDONLY) >= 0;
}

static int try_create(void)
{
	return open("/tmp/jail-probe", O_WRONLY | O_CREAT, 0600) >= 0;
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static int try_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM, 0) >= 0;
}

static int try_fork(void)
{
	return fork() >= 0;
}

static int try_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0;
}

static int try_exec(void)
{
	return execve("/bin/true", none, none) == 0;
}

static int try_kill_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static int try_kill(void)
{
	return syscall(SYS_kill, 1, 0) == 0;
}

static int try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static int try_exec_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static int try_mprotect(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static int try_other_fd(void)
{
	char c;

	return read(0, &c, 1) >= 0;
}

static int try_raise_limit(void)
{
	return syscall(SYS_prlimit64, 0, 0, NULL, NULL) == 0;
}

static int try_dup(void)
{
	return dup(SOCKET_FD) >= 0;
}

static int try_getuid(void)
{
	return syscall(SYS_getuid) == 0;
}

/* What parsing needs, and no more than its limit of memory. */
static int try_work(void)
{
	struct timespec now;
	char *p = malloc(8 << 20), *more;
	int worked = 0;

	if (!p || clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		goto out;
	memset(p, 1, 8 << 20);
	more = realloc(p, 16 << 20);
	if (!more)
		goto out;
	p = more;
	worked = send(SOCKET_FD, "done", 4, MSG_NOSIGNAL) == 4;
out:
	free(p);
	return worked;
}

static int try_much_memory(void)
{
	/* volatile: else the compiler may leave the pair out. */
	void *volatile p = malloc(MEMORY_BYTES);
	int worked = p != NULL;

	free(p);
	return worked;
}

static int try_loop(void)
{
	volatile int for_ever = 1;

	while (for_ever)
		;
	return 1;
}

static const struct {
	const char *name;
	int (*try)(void);
} probes[] = {
	{"open", try_open},
	{"create", try_create},
	{"socket", try_socket},
	{"unix-socket", try_unix_socket},
	{"fork", try_fork},
	{"clone", try_clone},
	{"exec", try_exec},
	{"kill-parent", try_kill_parent},
	{"kill", try_kill},
	{"ptrace", try_ptrace},
	{"exec-memory", try_exec_memory},
	{"mprotect", try_mprotect},
	{"other-fd", try_other_fd},
	{"prlimit", try_raise_limit},
	{"dup", try_dup},
	{"getuid", try_getuid},
	{"work", try_work},
	{"much-memory", try_much_memory},
	{"loop", try_loop},
};

int main(int argc, char **argv)
{
	struct sandbox_settings s = {SOCKET_FD, MEMORY_BYTES, 1};

	if (argc != 2 || sandbox_enter(&s, NULL) < 0)
		return 2;
	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
		if (!strcmp(argv[1], probes[i].name))
			_exit(probes[i].try() ? 0 : 1);
	}
	_exit(2);
}
