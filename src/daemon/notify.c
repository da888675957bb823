/*
 * The notices of sd_notify(3), sent by hand: a datagram each, and no library
 * of the service manager in a program that also runs without one.
 */
#include "daemon/notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "util/num.h"

void notify(const char *fmt, ...)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = path ? strlen(path) : 0;
	struct timeval patience = {.tv_sec = 1};
	char text[512];
	va_list ap;
	int fd;

	if (n == 0 || n >= sizeof address.sun_path)
		return;
	memcpy(address.sun_path, path, n);
	/* "@name" stands for an abstract socket. */
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* A manager that does not listen must not hold up the mail. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			 sizeof patience);
	(void)sendto(fd, text, strlen(text), MSG_NOSIGNAL,
		     (const struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(fd);
}

void notify_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	notify("RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	       (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

int64_t notify_watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t us;
	uint64_t whose;

	if (!usec || num_u64(usec, strlen(usec), INT64_MAX, &us) < 0)
		return 0;
	if (pid && (num_u64(pid, strlen(pid), INT32_MAX, &whose) < 0 ||
		    (pid_t)whose != getpid()))
		return 0;
	/* Twice as often as asked for, as its manual recommends. */
	return (int64_t)(us / 1000 / 2);
}
