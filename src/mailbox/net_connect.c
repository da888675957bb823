/* Finding the server: one dead address must not hide the others. */
#include "mailbox/net_connect.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/fdio.h"
#include "util/text.h"

#define ADDRESS_MS 10000

/* 0, or what went wrong. */
static int finish_connect(int fd, int64_t until_ms)
{
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};
	int reason = 0;
	socklen_t size = sizeof reason;

	for (;;) {
		int64_t left_ms = until_ms - fdio_monotonic_ms();
		int rc = left_ms <= 0 ? 0 : poll(&pfd, 1, (int)left_ms);

		if (rc == 0)
			return ETIMEDOUT;
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

int net_port(const struct mailbox_settings *s)
{
	bool implicit = strcmp(s->tls, "implicit") == 0;

	if (s->port != 0)
		return s->port;
	if (strcmp(s->type, "pop3") == 0)
		return implicit ? 995 : 110;
	return implicit ? 993 : 143;
}

int net_connect(const char *host, int port, int64_t until_ms, struct error *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	/* RFC 6761 6.3: this name needs no resolver; none may answer here. */
	bool is_here = span_eq_ci(span_of(host), SPAN("localhost"));
	char service[16];
	int rc, fd = -1;

	snprintf(service, sizeof service, "%d", port);
	rc = getaddrinfo(is_here ? NULL : host, service, &hints, &list);
	if (rc != 0)
		return error_set(err, ERROR_SOURCE, "cannot find %s: %s", host,
				 gai_strerror(rc));
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = connect_one(a, until_ms);
	if (fd < 0)
		error_errno(err, ERROR_SOURCE, "cannot connect to %s port %d",
			    host, port);
	freeaddrinfo(list);
	return fd;
}
