/*
 * Starting and ending dsnd-parse. It is executed anew, not only forked, so
 * that no secret of the reader is in its memory.
 */
#include "parser/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/wire.h"
#include "util/buf.h"
#include "util/fdio.h"

#define SOCKET_FD 3 /* where dsnd-parse looks for it */
#define START_MS 10000
#define START_TRIES 4
#define START_DELAY_MS 100
/* Of one worker; a message that needs more is stopped by the wall clock. */
#define EXTRA_CPU_S 60

void worker_init(struct worker *w)
{
	w->pid = -1;
	w->fd = -1;
	w->given = 0;
	w->done = 0;
}

int worker_stop(struct worker *w)
{
	int status = 0;

	if (w->pid > 0) {
		/* A process that is ending already keeps its own status. */
		kill(w->pid, SIGKILL);
		while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	if (w->fd >= 0)
		close(w->fd);
	worker_init(w);
	return status;
}

/*
 * Signals meant for the daemon reach the whole process group, or the whole
 * service; a worker ends when its socket does, and never in mid-message.
 */
static void child_signals(void)
{
	static const int ignored[] = {SIGHUP,  SIGINT,	SIGQUIT,
				      SIGTERM, SIGUSR1, SIGUSR2};
	sigset_t none;

	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void child_exec(const char *program, int socket_fd, pid_t parent)
	__attribute__((noreturn));

static void child_exec(const char *program, int socket_fd, pid_t parent)
{
	char *const argv[] = {(char[]){"dsnd-parse"}, NULL};
	char *const envp[] = {NULL};
	int null_fd;

	child_signals();
	if (socket_fd == SOCKET_FD)
		fcntl(SOCKET_FD, F_SETFD, 0);
	else
		dup2(socket_fd, SOCKET_FD);
	closefrom(SOCKET_FD + 1);
	null_fd = open("/dev/null", O_RDWR);
	if (null_fd >= 0) {
		dup2(null_fd, STDIN_FILENO);
		dup2(null_fd, STDOUT_FILENO);
		if (null_fd > SOCKET_FD)
			close(null_fd);
	}
	/* A worker in an endless loop must not outlive a killed reader. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		execve(program, argv, envp);
	_exit(127);
}

static int spawn(struct worker *w, const char *program, struct error *err)
{
	pid_t parent = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return error_errno(err, ERROR_FATAL,
				   "cannot make a socket for the parser");
	w->pid = fork();
	if (w->pid == 0)
		child_exec(program, pair[1], parent);
	close(pair[1]);
	if (w->pid < 0) {
		error_errno(err, ERROR_FATAL, "cannot start the parser");
		close(pair[0]);
		return -1;
	}
	w->fd = pair[0];
	return 0;
}

static int send_settings(const struct worker *w,
			 const struct parser_settings *s, struct error *err)
{
	unsigned cpu_s = (unsigned)(s->message_ms / 1000) + EXTRA_CPU_S;
	struct wire_frame frame = {WIRE_SETTINGS, 0, 0};
	struct buf content;
	struct buf out;
	ssize_t sent;
	int rc = -1;

	buf_init(&content);
	buf_init(&out);
	wire_settings_write(&content, &s->report, s->memory_bytes, cpu_s);
	frame.length = (uint32_t)content.len;
	wire_header_write(&out, &frame);
	buf_add(&out, content.data, content.len);
	/* A new socket takes this much at once. */
	sent = send(w->fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent >= 0 && (size_t)sent == out.len)
		rc = 0;
	else
		error_errno(err, ERROR_FATAL, "cannot talk to the parser");
	buf_release(&content);
	buf_release(&out);
	return rc;
}

/* Exactly n bytes before the deadline; 0 or -1. */
static int receive_exactly(int fd, char *p, size_t n, int64_t deadline_ms)
{
	while (n > 0) {
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		int64_t left_ms = deadline_ms - fdio_monotonic_ms();
		ssize_t got;

		if (left_ms <= 0)
			return -1;
		if (poll(&pfd, 1, (int)left_ms) <= 0)
			continue;
		got = recv(fd, p, n, MSG_DONTWAIT);
		if (got == 0)
			return -1;
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
	return 0;
}

/* 1 when the jail is closed; 0 when it ended; -1 with what it complained of. */
static int await_ready(const struct worker *w, const char *program,
		       struct error *err)
{
	int64_t deadline_ms = fdio_monotonic_ms() + START_MS;
	char header[WIRE_HEADER_BYTES];
	char text[WIRE_MAX_FAILED + 1];
	struct wire_frame frame;

	if (receive_exactly(w->fd, header, sizeof header, deadline_ms) < 0)
		return 0;
	if (wire_header_read(header, &frame, err) < 0) {
		if (err)
			err->scope = ERROR_FATAL;
		return error_wrap(err, "parser %s", program);
	}
	if (frame.type == WIRE_READY)
		return 1;
	if (frame.type != WIRE_FAILED ||
	    receive_exactly(w->fd, text, frame.length, deadline_ms) < 0)
		return 0;
	text[frame.length] = '\0';
	return error_set(err, ERROR_FATAL, "parser %s: %s", program, text);
}

static int explain_end(int status, const char *program, struct error *err)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		return error_set(err, ERROR_FATAL,
				 "parser %s was ended by signal %d while it "
				 "started",
				 program, WTERMSIG(status));
	if (WIFEXITED(status))
		return error_set(err, ERROR_FATAL,
				 "parser %s ended with status %d while it "
				 "started",
				 program, WEXITSTATUS(status));
	return error_set(err, ERROR_FATAL,
			 "parser %s was not ready within %d seconds", program,
			 START_MS / 1000);
}

static int try_start(struct worker *w, const struct parser_settings *s,
		     const char *program, struct error *err)
{
	int rc;

	worker_init(w);
	if (spawn(w, program, err) < 0)
		return 0;
	/* Where it is gone already, its status says more than EPIPE. */
	rc = send_settings(w, s, err) < 0 ? 0 : await_ready(w, program, err);
	if (rc == 1)
		return fdio_set_nonblocking(w->fd, err) < 0 ? -1 : 1;
	if (rc == 0)
		explain_end(worker_stop(w), program, err);
	else
		worker_stop(w);
	return rc;
}

int worker_start(struct worker *w, const struct parser_settings *s,
		 const char *program, struct error *err)
{
	int delay_ms = START_DELAY_MS;

	if (access(program, X_OK) < 0)
		return error_errno(err, ERROR_FATAL, "cannot run the parser %s",
				   program);
	for (int i = 0; i < START_TRIES; i++) {
		int rc = try_start(w, s, program, err);

		if (rc != 0)
			return rc < 0 ? -1 : 0;
		if (i + 1 < START_TRIES)
			poll(NULL, 0, delay_ms);
		delay_ms *= 4;
	}
	return -1;
}
