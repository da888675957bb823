/*
 * From the greeting to the login. Nothing that matters is said before the
 * server has proved who it is, and nothing that it said before that counts.
 */
#include "mailbox/imap_session.h"

#include <string.h>

#include <libetpan/libetpan.h>

#include "mailbox/imap_fetch.h"
#include "mailbox/net_connect.h"
#include "mailbox/sasl.h"
#include "mailbox/secret.h"
#include "util/fdio.h"
#include "util/text.h"

static bool tls_is(const struct imap_session *s, const char *kind)
{
	return strcmp(s->settings->tls, kind) == 0;
}

/* An answer that only libetpan's result tells: 1, 2 or an error. */
static int greet(struct imap_session *s, struct error *err)
{
	mailstream *stream =
		mailstream_new(net_stream_low(s->stream), 16 * 1024);
	int result = mailimap_connect(s->imap, stream);

	if (result == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return 0;
	if (result == MAILIMAP_NO_ERROR_AUTHENTICATED &&
	    !net_is_encrypted(s->settings))
		return 0;
	if (result == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return error_set(err, ERROR_SOURCE,
				 "the server greets with PREAUTH, which leaves "
				 "no room for TLS and a login: refused");
	return imap_session_check(s, result, err, "greeting");
}

/*
 * mailimap_capability() dies of a server that says OK and tells none. What it
 * tells libetpan keeps by itself.
 */
static int ask_capabilities(struct imap_session *s, struct error *err)
{
	struct buf command;
	int result;

	buf_init(&command);
	buf_add_str(&command, "CAPABILITY");
	result = imap_say(s->imap, &command);
	buf_release(&command);
	if (result == MAILIMAP_NO_ERROR)
		result = imap_hear(s->imap, MAILIMAP_ERROR_CAPABILITY);
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
	if (net_stream_secure(s->stream, s->settings, err) < 0)
		return -1;
	imap_session_forget_capabilities(s);
	return ask_capabilities(s, err);
}

static bool offers(void *ctx, const char *name)
{
	struct imap_session *s = ctx;
	const struct mailimap_connection_info *info =
		s->imap->imap_connection_info;

	/* libetpan looks into what a server never told. */
	return info && info->imap_capability &&
	       mailimap_has_authentication(s->imap, name);
}

/* RFC 3501, 6.2.3: where nothing better is offered. */
static int say_login(struct imap_session *s, const char *password,
		     struct error *err)
{
	const struct mailbox_settings *m = s->settings;

	if (secret_is_token(m) ||
	    (strcmp(m->auth, "auto") != 0 && strcmp(m->auth, "login") != 0))
		return error_set(err, ERROR_SOURCE,
				 "the server does not offer the login that is "
				 "configured (auth = \"%s\", with a %s)",
				 m->auth,
				 secret_is_token(m) ? "token" : "password");
	if (mailimap_has_extension(s->imap, "LOGINDISABLED"))
		return error_set(err, ERROR_SOURCE,
				 "the server takes no password here: it says "
				 "LOGINDISABLED and offers nothing else that "
				 "we know");
	s->method = "LOGIN";
	return imap_session_check(s, mailimap_login(s->imap, m->user, password),
				  err, "login of %s", m->user);
}

/* What came of an exchange that libetpan knows nothing of. */
static int settle(struct imap_session *s, const struct sasl *sasl, int rc,
		  struct error *err)
{
	const char *why = net_stream_why(s->stream);

	if (rc == 0) {
		s->imap->imap_state = MAILIMAP_STATE_AUTHENTICATED;
		s->method = sasl->mechanism->name;
		return 0;
	}
	/* A server may say BYE instead of NO. */
	if (rc < 0 && why[0] != '\0')
		error_set(err, ERROR_SOURCE, "%s", why);
	if (sasl->mechanism->token && (rc == 1 || sasl->step > 1))
		s->token_refused = true;
	return error_wrap(err, "login of %s with %s", s->settings->user,
			  sasl->mechanism->name);
}

static int authenticate(struct imap_session *s,
			const struct sasl_mechanism *mechanism,
			struct span secret, struct error *err)
{
	struct sasl_lines lines = {.command = "dsnd AUTHENTICATE ",
				   .ok = "dsnd OK",
				   .aside = "* "};
	struct sasl sasl;
	int rc;

	sasl_init(&sasl, s->settings->user, secret);
	sasl.mechanism = mechanism;
	sasl.host = s->settings->host;
	sasl.port = net_port(s->settings);
	lines.initial = mailimap_has_extension(s->imap, "SASL-IR");
	rc = settle(s, &sasl,
		    sasl_talk(&sasl, s->imap->imap_stream, &lines, err), err);
	sasl_release(&sasl);
	return rc;
}

static int log_in(struct imap_session *s, struct error *err)
{
	const struct mailbox_settings *m = s->settings;
	const struct sasl_mechanism *mechanism = sasl_choose(
		m->auth, secret_is_token(m), net_is_encrypted(m), offers, s);
	struct buf secret;
	int rc;

	secret_init(&secret);
	rc = secret_read(m, s->token_refused,
			 fdio_monotonic_ms() + m->timeout_s * 1000, &secret,
			 err);
	s->token_refused = false;
	/* Whatever a command took is no fault of the server. */
	imap_session_command(s, IMAP_SMALL_ANSWER);
	if (rc == 0)
		rc = mechanism
			     ? authenticate(s, mechanism,
					    span_make(secret.data, secret.len),
					    err)
			     : say_login(s, secret.data, err);
	secret_wipe(&secret);
	return rc;
}

int imap_login(struct imap_session *s, struct error *err)
{
	imap_session_command(s, IMAP_SMALL_ANSWER);
	if (net_stream_begin(s->stream, s->settings, err) < 0)
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
