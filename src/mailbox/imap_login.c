/*
 * From the greeting to the login. Nothing that matters is said before the
 * server has proved who it is, and nothing that it said before that counts.
 */
#include "mailbox/imap_session.h"

#include <string.h>

#include <libetpan/libetpan.h>

#include "mailbox/imap_secret.h"
#include "util/text.h"

static bool tls_is(const struct imap_session *s, const char *kind)
{
	return strcmp(s->settings->tls, kind) == 0;
}

static int secure(struct imap_session *s, struct error *err)
{
	return imap_stream_secure(s->stream, s->settings->host,
				  s->settings->ca_file, err);
}

/* An answer that only libetpan's result tells: 1, 2 or an error. */
static int greet(struct imap_session *s, struct error *err)
{
	mailstream *stream =
		mailstream_new(imap_stream_low(s->stream), 16 * 1024);
	int result = mailimap_connect(s->imap, stream);

	if (result == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return 0;
	if (result == MAILIMAP_NO_ERROR_AUTHENTICATED && tls_is(s, "none"))
		return 0;
	if (result == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return error_set(err, ERROR_SOURCE,
				 "the server greets with PREAUTH, which leaves "
				 "no room for TLS and a login: refused");
	return imap_session_check(s, result, err, "greeting");
}

static int ask_capabilities(struct imap_session *s, struct error *err)
{
	struct mailimap_capability_data *all = NULL;
	int result = mailimap_capability(s->imap, &all);

	if (result == MAILIMAP_NO_ERROR && all)
		mailimap_capability_data_free(all);
	return imap_session_check(s, result, err, "CAPABILITY");
}

static int start_tls(struct imap_session *s, struct error *err)
{
	int result;

	if (!mailimap_has_extension(s->imap, "STARTTLS"))
		return error_set(err, ERROR_SOURCE,
				 "the server offers no STARTTLS: refused to "
				 "log in without TLS");
	result = mailimap_starttls(s->imap);
	/* What is there already was never protected (RFC 9051, 11.1). */
	if (s->imap->imap_stream->read_buffer_len > 0)
		return error_set(err, ERROR_SOURCE,
				 "somebody put text before the beginning of "
				 "TLS: refused");
	if (imap_session_check(s, result, err, "STARTTLS") < 0)
		return -1;
	if (secure(s, err) < 0)
		return -1;
	return ask_capabilities(s, err);
}

static int say_password(struct imap_session *s, const char *password,
			struct error *err)
{
	const char *user = s->settings->user;
	int result;

	if (!mailimap_has_extension(s->imap, "LOGINDISABLED"))
		result = mailimap_login(s->imap, user, password);
	else if (mailimap_has_authentication(s->imap, "PLAIN"))
		result = mailimap_authenticate(s->imap, "PLAIN",
					       s->settings->host, NULL, NULL,
					       user, user, password, NULL);
	else
		return error_set(err, ERROR_SOURCE,
				 "the server takes no password here: it says "
				 "LOGINDISABLED and offers no PLAIN");
	return imap_session_check(s, result, err, "login of %s", user);
}

static int log_in(struct imap_session *s, struct error *err)
{
	struct buf password;
	int rc;

	buf_init(&password);
	rc = imap_secret_read(s->settings->password_file, &password, err);
	if (rc == 0)
		rc = say_password(s, password.data, err);
	explicit_bzero(password.data, password.cap);
	buf_release(&password);
	return rc;
}

int imap_login(struct imap_session *s, struct error *err)
{
	imap_session_command(s, IMAP_SMALL_ANSWER);
	if (tls_is(s, "implicit") && secure(s, err) < 0)
		return -1;
	if (greet(s, err) < 0 || ask_capabilities(s, err) < 0)
		return -1;
	if (tls_is(s, "starttls") && start_tls(s, err) < 0)
		return -1;
	if (s->imap->imap_state == MAILIMAP_STATE_NON_AUTHENTICATED &&
	    log_in(s, err) < 0)
		return -1;
	/* Many servers offer more to whom they know. */
	return ask_capabilities(s, err);
}
