/* A connection's life, and what came of each command in words. */
#include "mailbox/imap_session.h"

#include <stdio.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "mailbox/net_connect.h"
#include "util/fdio.h"
#include "util/text.h"

#define LOGOUT_MS 2000
#define MAX_NOTICE_BYTES 4096
/* Without IDLE after one that broke: from, to. */
#define PAUSE_MIN_MS 1000
#define PAUSE_MAX_MS ((int64_t)10 * 60 * 1000)

void imap_session_init(struct imap_session *s,
		       const struct mailbox_settings *settings)
{
	memset(s, 0, sizeof *s);
	s->settings = settings;
	s->method = "";
	buf_init(&s->prefix);
	buf_init(&s->notices);
}

void imap_session_command_within(struct imap_session *s, size_t bytes,
				 int64_t ms)
{
	net_stream_allow(s->stream, bytes, fdio_monotonic_ms() + ms);
}

void imap_session_command(struct imap_session *s, size_t bytes)
{
	imap_session_command_within(s, bytes, s->settings->timeout_s * 1000);
}

static bool is_whole(const struct imap_session *s)
{
	return net_stream_why(s->stream)[0] == '\0';
}

void imap_session_close(struct imap_session *s)
{
	if (s->imap) {
		imap_session_command_within(s, IMAP_SMALL_ANSWER, LOGOUT_MS);
		if (s->imap->imap_stream)
			mailimap_logout(s->imap);
		if (s->imap->imap_stream) {
			net_stream_break(s->stream);
			mailstream_close(s->imap->imap_stream);
			s->imap->imap_stream = NULL;
		}
		mailimap_free(s->imap);
	}
	s->imap = NULL;
	net_stream_close(s->stream);
	s->stream = NULL;
	s->selected = NULL;
}

void imap_session_release(struct imap_session *s)
{
	imap_session_close(s);
	buf_release(&s->prefix);
	buf_release(&s->notices);
}

void imap_session_notice(struct imap_session *s, const char *fmt, ...)
{
	struct error line;
	char text[sizeof line.text];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	error_set(&line, ERROR_SOURCE, "%s", text); /* makes it printable */
	if (s->notices.len > MAX_NOTICE_BYTES)
		return;
	buf_add_str(&s->notices, line.text);
	buf_add_char(&s->notices, '\n');
}

bool imap_session_refused(const struct imap_session *s, int result)
{
	switch (result) {
	case MAILIMAP_NO_ERROR:
	case MAILIMAP_NO_ERROR_AUTHENTICATED:
	case MAILIMAP_NO_ERROR_NON_AUTHENTICATED:
	case MAILIMAP_ERROR_STREAM:
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_MEMORY:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
	case MAILIMAP_ERROR_BAD_STATE:
		return false;
	}
	return is_whole(s);
}

static const char *reason_of(const struct imap_session *s, int result)
{
	if (result == MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION)
		net_stream_note_bye(s->stream);
	if (!is_whole(s))
		return net_stream_why(s->stream);
	if (imap_session_refused(s, result))
		return s->imap->imap_response ? s->imap->imap_response
					      : "refused";
	if (result == MAILIMAP_ERROR_MEMORY)
		return "the server announces more than there is memory";
	return "the server's answer makes no sense";
}

void imap_session_forget_capabilities(struct imap_session *s)
{
	struct mailimap_connection_info *info = s->imap->imap_connection_info;

	if (!info || !info->imap_capability)
		return;
	mailimap_capability_data_free(info->imap_capability);
	info->imap_capability = NULL;
}

/* Of an empty list libetpan makes none, and looks into it later. */
static void mend_capabilities(struct imap_session *s)
{
	const struct mailimap_connection_info *info =
		s->imap->imap_connection_info;

	if (info && info->imap_capability && !info->imap_capability->cap_list)
		imap_session_forget_capabilities(s);
}

int imap_session_check(struct imap_session *s, int result, struct error *err,
		       const char *fmt, ...)
{
	struct mailimap_response_info *info = s->imap->imap_response_info;
	struct error what;
	va_list args;

	mend_capabilities(s);
	if (info && info->rsp_alert)
		imap_session_notice(s, "the server says: %s", info->rsp_alert);
	/*
	 * libetpan forgets an answer that it has no memory for, or all that the
	 * server is able to do, and goes on.
	 */
	if (result == MAILIMAP_NO_ERROR &&
	    (!info || !s->imap->imap_connection_info))
		result = MAILIMAP_ERROR_MEMORY;
	if (result == MAILIMAP_NO_ERROR)
		return 0;
	va_start(args, fmt);
	vsnprintf(what.text, sizeof what.text, fmt, args);
	va_end(args);
	error_set(err, ERROR_SOURCE, "%s: %s", what.text, reason_of(s, result));
	if (!imap_session_refused(s, result)) {
		error_set(&s->lost, ERROR_SOURCE, "%s: %s", what.text,
			  reason_of(s, result));
		net_stream_break(s->stream);
		imap_session_close(s);
	}
	return -1;
}

bool imap_session_may_idle(const struct imap_session *s)
{
	return s->settings->idle && s->imap && s->can_idle &&
	       fdio_monotonic_ms() >= s->paused_until_ms;
}

/* Or we would log in as fast as it hangs up. */
void imap_session_idled(struct imap_session *s)
{
	if (s->imap) {
		s->pause_ms = 0;
		return;
	}
	s->pause_ms *= 2;
	if (s->pause_ms < PAUSE_MIN_MS)
		s->pause_ms = PAUSE_MIN_MS;
	if (s->pause_ms > PAUSE_MAX_MS)
		s->pause_ms = PAUSE_MAX_MS;
	s->paused_until_ms = fdio_monotonic_ms() + s->pause_ms;
}

int imap_session_missing(const struct imap_session *s, struct error *err)
{
	return error_set(err, ERROR_SOURCE, "%s",
			 s->lost.text[0] != '\0' ? s->lost.text
						 : "not connected");
}

static int create_folders(struct imap_session *s, struct error *err)
{
	const struct disposition *all[] = {&s->settings->processed,
					   &s->settings->unrecognised};

	for (size_t i = 0; !s->looking && i < sizeof all / sizeof *all; i++) {
		if (all[i]->disposal == DISPOSAL_MOVE &&
		    imap_folder_create(s, all[i]->folder, err) < 0)
			return -1;
	}
	return 0;
}

static int try_open(struct imap_session *s, struct error *err)
{
	const struct mailbox_settings *settings = s->settings;
	int64_t until_ms = fdio_monotonic_ms() + settings->timeout_s * 1000;

	s->stream = net_stream_connect(settings->host, net_port(settings),
				       until_ms, err);
	if (!s->stream)
		return -1;
	net_stream_guard(s->stream);
	s->imap = mailimap_new(0, NULL);
	if (!s->imap)
		error_set(err, ERROR_FATAL, "no memory");
	if (s->imap && imap_login(s, err) == 0 &&
	    imap_folder_learn(s, err) == 0 && create_folders(s, err) == 0)
		return 0;
	imap_session_close(s);
	return -1;
}

/* A token that was good an hour ago may be refused: another one, once. */
int imap_session_open(struct imap_session *s, struct error *err)
{
	int rc = try_open(s, err);

	if (rc == 0 || !s->token_refused)
		return rc;
	rc = try_open(s, err);
	s->token_refused = false;
	return rc;
}
