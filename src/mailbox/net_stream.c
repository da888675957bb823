/*
 * Our own stream below libetpan's IMAP client. libetpan's verifies no
 * certificate, counts its timeout anew with every byte, takes a hang-up in a
 * literal for patience, and stores an endless line until memory ends.
 */
#include "mailbox/net_stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "mailbox/imap_guard.h"
#include "mailbox/net_connect.h"
#include "mailbox/net_tls.h"
#include "mailbox/stop.h"
#include "util/fdio.h"
#include "util/text.h"
#include "util/xalloc.h"

#define SILENCE_MS 30000
#define TAIL_BYTES 400
#define CHUNK_BYTES ((size_t)16 * 1024)

struct net_stream {
	int fd;
	int64_t until_ms;
	size_t budget;
	struct error why;	   /* text "" while it is whole */
	char tail[TAIL_BYTES + 1]; /* the last bytes that came in */
	size_t tail_len;
	bool heard;   /* anything at all */
	bool guarded; /* IMAP: libetpan reads it */
	struct imap_guard guard;
	struct buf passed; /* by the guard; from at on not yet handed out */
	size_t at;
	gnutls_session_t tls;
	const struct mailbox_settings *settings; /* of TLS, borrowed */
	gnutls_certificate_credentials_t trust;
};

const char *net_stream_why(const struct net_stream *s)
{
	return s->why.text;
}

bool net_stream_pending(const struct net_stream *s)
{
	return s->at < s->passed.len ||
	       (s->tls && gnutls_record_check_pending(s->tls) > 0);
}

int net_stream_fd(const struct net_stream *s)
{
	return s->fd;
}

void net_stream_allow(struct net_stream *s, size_t bytes, int64_t until_ms)
{
	s->budget = bytes;
	s->until_ms = until_ms;
}

void net_stream_break(struct net_stream *s)
{
	if (s->why.text[0] == '\0')
		error_set(&s->why, ERROR_SOURCE, "the connection was given up");
}

static int broken(struct net_stream *s, const char *why)
{
	if (s->why.text[0] == '\0')
		error_set(&s->why, ERROR_SOURCE, "%s", why);
	return -1;
}

/* A server that says nothing may wait for what we were not told to say. */
static int silent(struct net_stream *s)
{
	return broken(s, s->heard || s->tls
				 ? "the server did not answer in time"
				 : "the server did not answer in time: if its "
				   "port (993, 995) begins with TLS, set tls = "
				   "\"implicit\"");
}

/* Waits for the socket; -1 when time is over. */
static int await(struct net_stream *s, short events)
{
	struct pollfd pfd = {.fd = s->fd, .events = events};
	int64_t begun_ms = fdio_monotonic_ms();

	for (;;) {
		int64_t now_ms = fdio_monotonic_ms();
		int64_t silent_ms = begun_ms + stop_silence_ms(SILENCE_MS);
		int64_t until_ms =
			s->until_ms < silent_ms ? s->until_ms : silent_ms;
		int rc;

		if (until_ms <= now_ms)
			return silent(s);
		rc = poll(&pfd, 1, stop_step_ms(until_ms - now_ms));
		if (rc > 0)
			return 0;
		if (rc < 0 && errno != EINTR)
			return broken(s, strerror(errno));
	}
}

/* ---- TLS ---- */

/* Waits for what the session needs; -1 when the error is a real one. */
static int tls_again(struct net_stream *s, ssize_t rc)
{
	if (rc == GNUTLS_E_INTERRUPTED)
		return 0;
	if (rc == GNUTLS_E_AGAIN)
		return await(s, gnutls_record_get_direction(s->tls) ? POLLOUT
								    : POLLIN);
	if (rc == GNUTLS_E_PREMATURE_TERMINATION)
		return broken(s, "the server hung up");
	return broken(s, gnutls_strerror((int)rc));
}

/*
 * A server that speaks before TLS is on a port for something else; GnuTLS only
 * says that a packet was unexpected.
 */
static bool is_plain(struct net_stream *s)
{
	char text[61];
	ssize_t n = recv(s->fd, text, sizeof text - 1, MSG_PEEK);
	struct error what;

	if (n <= 0)
		return false;
	s->heard = true;
	/* A record of TLS begins with its type: RFC 8446, 5.1. */
	if (text[0] < ' ')
		return false;
	text[n] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	error_set(&what, ERROR_SOURCE,
		  "the server does not begin with it on port %d but says "
		  "\"%s\": set tls = \"starttls\", or port = %s",
		  net_port(s->settings), text,
		  strcmp(s->settings->type, "pop3") == 0 ? "995" : "993");
	broken(s, what.text);
	return true;
}

static ssize_t pull(gnutls_transport_ptr_t ptr, void *p, size_t n)
{
	struct net_stream *s = ptr;
	ssize_t rc = -1;

	errno = EPROTO;
	if (s->heard || !is_plain(s))
		rc = recv(s->fd, p, n, 0);
	if (rc < 0)
		gnutls_transport_set_errno(s->tls, errno);
	return rc;
}

static int handshake(struct net_stream *s, const char *host, struct error *err)
{
	int rc;

	while ((rc = gnutls_handshake(s->tls)) < 0) {
		if (rc == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
			return net_tls_refused(s->tls, host, err);
		if (!gnutls_error_is_fatal(rc) && rc != GNUTLS_E_AGAIN &&
		    rc != GNUTLS_E_INTERRUPTED)
			rc = GNUTLS_E_INTERRUPTED; /* a warning */
		if (fdio_monotonic_ms() >= s->until_ms)
			broken(s, "the server takes too long to answer");
		if (s->why.text[0] != '\0' || tls_again(s, rc) < 0)
			return error_set(err, ERROR_SOURCE, "TLS: %s",
					 s->why.text);
	}
	return 0;
}

/* Addresses are no server names (RFC 6066, 3). */
static bool is_address(const char *host)
{
	struct in6_addr unused;

	return inet_pton(AF_INET, host, &unused) == 1 ||
	       inet_pton(AF_INET6, host, &unused) == 1;
}

int net_stream_secure(struct net_stream *s,
		      const struct mailbox_settings *settings,
		      struct error *err)
{
	const char *host = settings->host;
	const char *fingerprint = settings->tls_fingerprint;
	static const char versions[] =
		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

	bool pinned = fingerprint[0] != '\0';

	if (gnutls_certificate_allocate_credentials(&s->trust) < 0)
		return error_set(err, ERROR_SOURCE, "TLS: no memory");
	if (!pinned && net_tls_trust(s->trust, settings->ca_file, err) < 0)
		return -1;
	if (gnutls_init(&s->tls,
			GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return error_set(err, ERROR_SOURCE, "TLS: no memory");
	if (gnutls_priority_set_direct(s->tls, versions, NULL) < 0 ||
	    gnutls_credentials_set(s->tls, GNUTLS_CRD_CERTIFICATE, s->trust) <
		    0 ||
	    (!is_address(host) &&
	     gnutls_server_name_set(s->tls, GNUTLS_NAME_DNS, host,
				    strlen(host)) < 0))
		return error_set(err, ERROR_SOURCE, "TLS: cannot be set up");
	if (!pinned)
		gnutls_session_set_verify_cert(s->tls, host, 0);
	gnutls_transport_set_ptr2(s->tls, s, (void *)(intptr_t)s->fd);
	gnutls_transport_set_pull_function(s->tls, pull);
	s->settings = settings;
	/* What came in the clear proves nothing. */
	if (s->at < s->passed.len || imap_guard_is_within(&s->guard))
		return error_set(err, ERROR_SOURCE,
				 "somebody put text before the beginning of "
				 "TLS: refused");
	s->tail_len = 0;
	if (handshake(s, host, err) < 0)
		return -1;
	return pinned ? net_tls_check_fingerprint(s->tls, fingerprint, err) : 0;
}

/* Who is on the way can read a password, and change what is read. */
static int check_clear(const struct net_stream *s,
		       const struct mailbox_settings *settings,
		       struct error *err)
{
	if (strcmp(settings->tls, "none") != 0 || net_is_here(s->fd))
		return 0;
	return error_set(
		err, ERROR_SOURCE,
		"tls = \"none\" is for a server on this host, and this "
		"one is not: set tls = \"implicit\" or \"starttls\"; "
		"\"insecure\" lets anybody on the way read the "
		"password");
}

int net_stream_begin(struct net_stream *s,
		     const struct mailbox_settings *settings, struct error *err)
{
	if (strcmp(settings->tls, "implicit") == 0)
		return net_stream_secure(s, settings, err);
	return check_clear(s, settings, err);
}

/* ---- What libetpan calls ---- */

static ssize_t read_some(struct net_stream *s, void *p, size_t n)
{
	for (;;) {
		ssize_t rc = s->tls ? gnutls_record_recv(s->tls, p, n)
				    : read(s->fd, p, n);

		if (rc > 0)
			return rc;
		if (rc == 0)
			return broken(s, "the server hung up");
		if (s->tls) {
			if (tls_again(s, rc) < 0)
				return -1;
		} else if (errno == EAGAIN) {
			if (await(s, POLLIN) < 0)
				return -1;
		} else if (errno != EINTR) {
			return broken(s, strerror(errno));
		}
	}
}

static void tail_add(struct net_stream *s, const char *p, size_t n)
{
	size_t keep;

	if (n > TAIL_BYTES) {
		p += n - TAIL_BYTES;
		n = TAIL_BYTES;
	}
	keep = TAIL_BYTES - n < s->tail_len ? TAIL_BYTES - n : s->tail_len;
	memmove(s->tail, s->tail + s->tail_len - keep, keep);
	memcpy(s->tail + keep, p, n);
	s->tail_len = keep + n;
	s->tail[s->tail_len] = '\0';
}

void net_stream_note_bye(struct net_stream *s)
{
	struct span rest = span_make(s->tail, s->tail_len), line;
	struct span last = {NULL, 0};

	while (span_next_line(&rest, &line))
		last = line;
	if (span_starts_ci(last, SPAN("* BYE ")))
		error_set(&s->why, ERROR_SOURCE, "the server hung up: %.*s",
			  (int)(last.n - 6), last.p + 6);
}

/* More of what may pass, or nothing yet. 0 or -1. */
static int hear(struct net_stream *s)
{
	char chunk[CHUNK_BYTES];
	size_t n = s->budget < sizeof chunk ? s->budget : sizeof chunk;
	ssize_t rc;

	if (s->budget == 0)
		return broken(s, "the server says more than an answer takes");
	if (fdio_monotonic_ms() >= s->until_ms)
		return broken(s, "the server takes too long to answer");
	rc = read_some(s, chunk, n);
	if (rc < 0) {
		net_stream_note_bye(s);
		return -1;
	}
	s->budget -= (size_t)rc;
	s->heard = true;
	if (!s->guarded) {
		buf_add(&s->passed, chunk, (size_t)rc);
		return 0;
	}
	tail_add(s, chunk,
		 imap_guard_take(&s->guard, chunk, (size_t)rc, &s->passed));
	/* libetpan would ask for the memory at once. */
	if (s->guard.announced > s->budget + (size_t)rc)
		return broken(s, "the server announces more than an answer "
				 "takes");
	s->guard.announced = 0;
	return 0;
}

static ssize_t low_read(mailstream_low *low, void *p, size_t n)
{
	struct net_stream *s = low->data;

	while (s->why.text[0] == '\0' && s->at == s->passed.len) {
		buf_reset(&s->passed);
		s->at = 0;
		if (s->guard.bye) {
			broken(s, "the server hung up");
			net_stream_note_bye(s);
		} else {
			(void)hear(s);
		}
	}
	if (s->why.text[0] != '\0')
		return -1;
	if (n > s->passed.len - s->at)
		n = s->passed.len - s->at;
	memcpy(p, s->passed.data + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

static ssize_t low_write(mailstream_low *low, const void *p, size_t n)
{
	struct net_stream *s = low->data;

	while (s->why.text[0] == '\0') {
		ssize_t rc = s->tls ? gnutls_record_send(s->tls, p, n)
				    : write(s->fd, p, n);

		if (rc >= 0)
			return rc;
		if (s->tls) {
			if (tls_again(s, rc) < 0)
				return -1;
		} else if (errno == EAGAIN) {
			if (await(s, POLLOUT) < 0)
				return -1;
		} else if (errno != EINTR) {
			net_stream_note_bye(s);
			return broken(s, strerror(errno));
		}
	}
	return -1;
}

/* The stream is the session's, which closes it. */
static int low_close(mailstream_low *low)
{
	(void)low;
	return 0;
}

static int low_fd(mailstream_low *low)
{
	const struct net_stream *s = low->data;

	return s->fd;
}

static void low_free(mailstream_low *low)
{
	free(low);
}

static void low_cancel(mailstream_low *low)
{
	net_stream_break(low->data);
}

static mailstream_low_driver low_driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_fd,
	.mailstream_free = low_free,
	.mailstream_cancel = low_cancel,
};

mailstream_low *net_stream_low(struct net_stream *s)
{
	return mailstream_low_new(s, &low_driver);
}

void net_stream_guard(struct net_stream *s)
{
	s->guarded = true;
}

struct net_stream *net_stream_connect(const char *host, int port,
				      int64_t until_ms, struct error *err)
{
	int fd = net_connect(host, port, until_ms, err);
	struct net_stream *s;

	if (fd < 0)
		return NULL;
	s = xcalloc(1, sizeof *s);
	s->fd = fd;
	s->until_ms = until_ms;
	imap_guard_init(&s->guard);
	buf_init(&s->passed);
	return s;
}

void net_stream_close(struct net_stream *s)
{
	if (!s)
		return;
	/* No close_notify: whoever is hung up on may not be listening. */
	if (s->tls)
		gnutls_deinit(s->tls);
	if (s->trust)
		gnutls_certificate_free_credentials(s->trust);
	close(s->fd);
	buf_release(&s->passed);
	imap_guard_release(&s->guard);
	free(s);
}
