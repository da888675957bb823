/* Finding the server: one dead address must not hide the others. */
#include "mailbox/net_connect.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mailbox/stop.h"
#include "util/fdio.h"
#include "util/text.h"
#include "util/xalloc.h"

#define ADDRESS_MS 10000

/* 0, or what went wrong. */
static int finish_connect(int fd, int64_t until_ms)
{
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};
	int reason = 0;
	socklen_t size = sizeof reason;

	for (;;) {
		int64_t left_ms = until_ms - fdio_monotonic_ms();
		int rc;

		if (left_ms <= 0)
			return ETIMEDOUT;
		if (stop_asked())
			return ECANCELED;
		rc = poll(&pfd, 1, stop_step_ms(left_ms));
		if (rc < 0 && errno != EINTR)
			return errno;
		if (rc > 0)
			break;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size) < 0)
		return errno;
	return reason;
}

static int connect_one(const struct addrinfo *a, int64_t until_ms)
{
	static const int on = 1;
	int64_t own_ms = fdio_monotonic_ms() + ADDRESS_MS;
	int reason = 0;
	int fd = socket(a->ai_family,
			a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
			a->ai_protocol);

	if (fd < 0)
		return -1;
	/* Requests are small and waited for. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	if (connect(fd, a->ai_addr, a->ai_addrlen) < 0)
		reason = errno;
	if (reason == EINPROGRESS)
		reason = finish_connect(fd,
					own_ms < until_ms ? own_ms : until_ms);
	if (reason == 0)
		return fd;
	close(fd);
	errno = reason;
	return -1;
}

bool net_is_encrypted(const struct mailbox_settings *s)
{
	return strcmp(s->tls, "implicit") == 0 ||
	       strcmp(s->tls, "starttls") == 0;
}

/* An address of ours reaches us without a cable, loopback or not. */
bool net_is_here(int fd)
{
	struct sockaddr_storage ours = {0}, theirs = {0};
	socklen_t our_size = sizeof ours, their_size = sizeof theirs;
	char our_name[NI_MAXHOST], their_name[NI_MAXHOST];

	if (getsockname(fd, (struct sockaddr *)&ours, &our_size) < 0 ||
	    getpeername(fd, (struct sockaddr *)&theirs, &their_size) < 0 ||
	    getnameinfo((struct sockaddr *)&ours, our_size, our_name,
			sizeof our_name, NULL, 0, NI_NUMERICHOST) != 0 ||
	    getnameinfo((struct sockaddr *)&theirs, their_size, their_name,
			sizeof their_name, NULL, 0, NI_NUMERICHOST) != 0)
		return false;
	return strcmp(our_name, their_name) == 0 ||
	       strncmp(their_name, "127.", 4) == 0;
}

int net_port(const struct mailbox_settings *s)
{
	bool implicit = strcmp(s->tls, "implicit") == 0;

	if (s->port != 0)
		return s->port;
	if (strcmp(s->type, "pop3") == 0)
		return implicit ? 995 : 110;
	return implicit ? 993 : 143;
}

/* Of a name that is looked up, by the C library's own thread. */
struct lookup {
	struct gaicb request;
	struct addrinfo hints;
	char service[16];
	char host[];
};

/* 0, or what getaddrinfo() says. */
static int await(struct lookup *l, int64_t until_ms)
{
	const struct gaicb *all[] = {&l->request};
	int rc;

	while ((rc = gai_error(&l->request)) == EAI_INPROGRESS) {
		int64_t left_ms = until_ms - fdio_monotonic_ms();
		int step_ms = stop_step_ms(left_ms);
		struct timespec left = {.tv_sec = step_ms / 1000,
					.tv_nsec = step_ms % 1000 * 1000000};

		if (left_ms <= 0 || stop_asked())
			break;
		gai_suspend(all, 1, &left);
	}
	return rc;
}

/*
 * The resolver's patience is its own, and may be minutes. What it has not found
 * in time is left to it, since it still writes there: a few bytes each time.
 */
static int look_up(const char *host, int port, int64_t until_ms,
		   struct addrinfo **list_r)
{
	/* RFC 6761 6.3: this name needs no resolver; none may answer here. */
	bool is_here = span_eq_ci(span_of(host), SPAN("localhost"));
	size_t bytes = strlen(host) + 1;
	struct lookup *l = xcalloc(1, sizeof *l + bytes);
	struct gaicb *all[] = {&l->request};
	int rc;

	memcpy(l->host, host, bytes);
	snprintf(l->service, sizeof l->service, "%d", port);
	l->hints.ai_socktype = SOCK_STREAM;
	l->request.ar_name = is_here ? NULL : l->host;
	l->request.ar_service = l->service;
	l->request.ar_request = &l->hints;
	rc = getaddrinfo_a(GAI_NOWAIT, all, 1, NULL);
	if (rc == 0)
		rc = await(l, until_ms);
	if (rc == EAI_INPROGRESS && gai_cancel(&l->request) != EAI_CANCELED)
		return EAI_AGAIN;
	*list_r = rc == 0 ? l->request.ar_result : NULL;
	free(l);
	return rc == EAI_INPROGRESS ? EAI_AGAIN : rc;
}

int net_connect(const char *host, int port, int64_t until_ms, struct error *err)
{
	struct addrinfo *list = NULL;
	int fd = -1;
	int rc = look_up(host, port, until_ms, &list);

	if (rc != 0)
		return error_set(err, ERROR_SOURCE, "cannot find %s: %s", host,
				 stop_asked() ? "told to stop"
					      : gai_strerror(rc));
	errno = ECANCELED;
	for (const struct addrinfo *a = list; a && fd < 0 && !stop_asked();
	     a = a->ai_next)
		fd = connect_one(a, until_ms);
	if (fd < 0)
		error_errno(err, ERROR_SOURCE, "cannot connect to %s port %d",
			    host, port);
	freeaddrinfo(list);
	return fd;
}
