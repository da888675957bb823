/*
 * The jail of dsnd-parse. The mail library it runs has known ways to be
 * crashed and may have unknown ways to be taken over; what it can do then is
 * decided here. Every step but Landlock is mandatory.
 */
#include "parser/sandbox.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

#include "parser/landlock.h"

#define STACK_BYTES (8u * 1024 * 1024)

#ifdef DSND_SANITIZE
const char sandbox_widened_for_sanitizers[] = "dsnd-parse: widened jail";
#endif

static int limit(__rlimit_resource_t what, rlim_t value, const char *name,
		 struct error *err)
{
	struct rlimit now;
	struct rlimit want = {value, value};

	/* Never above what the service manager allows. */
	if (getrlimit(what, &now) == 0 && now.rlim_max < value)
		want.rlim_cur = want.rlim_max = now.rlim_max;
	if (setrlimit(what, &want) == 0)
		return 0;
	return error_errno(err, ERROR_FATAL, "cannot set the limit of %s",
			   name);
}

static int set_limits(const struct sandbox_settings *s, struct error *err)
{
#ifndef DSND_SANITIZE
	/* Shadow memory takes terabytes of addresses. */
	if (limit(RLIMIT_AS, s->memory_bytes, "memory", err) < 0)
		return -1;
#endif
	if (limit(RLIMIT_CPU, s->cpu_s, "processor time", err) < 0 ||
	    limit(RLIMIT_STACK, STACK_BYTES, "stack", err) < 0 ||
	    limit(RLIMIT_FSIZE, 0, "file size", err) < 0 ||
	    limit(RLIMIT_NOFILE, 0, "open files", err) < 0 ||
	    limit(RLIMIT_NPROC, 0, "processes", err) < 0 ||
	    limit(RLIMIT_CORE, 0, "core size", err) < 0)
		return -1;
	return 0;
}

static int close_others(int fd, struct error *err)
{
#ifdef DSND_SANITIZE
	unsigned first = 3; /* their reports go to standard error */
#else
	unsigned first = 0;
#endif
	unsigned keep = (unsigned)fd;

	if ((keep > first && close_range(first, keep - 1, 0) < 0) ||
	    close_range(keep + 1, ~0U, 0) < 0)
		return error_errno(err, ERROR_FATAL,
				   "cannot close other descriptors");
	return 0;
}

/* Calls that are harmless whatever their arguments. */
static const int free_calls[] = {
	SCMP_SYS(brk),		 SCMP_SYS(munmap),
	SCMP_SYS(mremap),	 SCMP_SYS(madvise),
	SCMP_SYS(futex),	 SCMP_SYS(rt_sigreturn),
	SCMP_SYS(exit_group),	 SCMP_SYS(exit),
	SCMP_SYS(clock_gettime),
#ifdef DSND_SANITIZE
	SCMP_SYS(mmap),		 SCMP_SYS(mprotect),
	SCMP_SYS(getpid),	 SCMP_SYS(gettid),
	SCMP_SYS(tgkill),	 SCMP_SYS(sigaltstack),
	SCMP_SYS(rt_sigaction),	 SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(sched_yield),	 SCMP_SYS(write),
	SCMP_SYS(getrlimit),	 SCMP_SYS(prlimit64),
#endif
};

/* Calls that are allowed on the socket only: it is their first argument. */
static const int socket_calls[] = {SCMP_SYS(read), SCMP_SYS(sendto)};

static int add_rules(scmp_filter_ctx filter, int fd)
{
	/* New memory is private, of no file, and never executable. */
	struct scmp_arg_cmp memory[] = {
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_TYPE | MAP_ANONYMOUS,
			MAP_PRIVATE | MAP_ANONYMOUS),
	};
	struct scmp_arg_cmp on_socket =
		SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd, 0);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof free_calls / sizeof(int); i++)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					    free_calls[i], 0, NULL);
	/* qsort asks how much memory there is, and can do without. */
	if (rc == 0)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS),
					    SCMP_SYS(sysinfo), 0, NULL);
	for (size_t i = 0; rc == 0 && i < sizeof socket_calls / sizeof(int);
	     i++)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					    socket_calls[i], 1, &on_socket);
#ifdef DSND_SANITIZE
	(void)memory;
#else
	if (rc == 0)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					    SCMP_SYS(mmap), 2, memory);
#endif
	return rc;
}

static int filter_calls(int fd, struct error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	/* It is refused already where the kernel says no when it is asked. */
	int rc = filter ? 0 : -EPERM;

	if (rc == 0)
		rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				      SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = add_rules(filter, fd);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	if (rc == 0)
		return 0;
	errno = -rc;
	return error_errno(err, ERROR_FATAL,
			   "the kernel or the service manager refuses the "
			   "system call filter (seccomp)");
}

int sandbox_enter(const struct sandbox_settings *s, struct error *err)
{
	/* Nobody of the same user may look into the process, or dump it. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_errno(err, ERROR_FATAL,
				   "cannot give up new privileges");
	if (close_others(s->fd, err) < 0)
		return -1;
	(void)landlock_deny_all();
	if (set_limits(s, err) < 0)
		return -1;
	return filter_calls(s->fd, err);
}
