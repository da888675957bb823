/*
 * From the greeting to the login. As with IMAP, nothing that matters is said
 * before the server has proved who it is, and nothing that it said before that
 * counts.
 */
#include "mailbox/pop3_session.h"

#include <string.h>

#include <libetpan/libetpan.h>

#include "mailbox/net_connect.h"
#include "mailbox/sasl.h"
#include "mailbox/secret.h"
#include "util/fdio.h"

static bool tls_is(const struct pop3_session *s, const char *kind)
{
	return strcmp(s->settings->tls, kind) == 0;
}

/* A server without CAPA can do what RFC 1939 demands. */
static int ask_abilities(struct pop3_session *s, struct error *err)
{
	struct span line;
	int rc = pop3_session_command(s, POP3_SMALL_ANSWER, err, "CAPA");

	buf_reset(&s->abilities);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	while ((rc = pop3_session_line(s, &line, err)) == 1)
		buf_add(&s->abilities, line.p, line.n);
	return rc;
}

static int start_tls(struct pop3_session *s, struct error *err)
{
	if (!pop3_session_can(s, "STLS", ""))
		return error_set(err, ERROR_SOURCE,
				 "the server offers no STLS: refused to log in "
				 "without TLS");
	if (pop3_session_command(s, POP3_SMALL_ANSWER, err, "STLS") != 0)
		return error_wrap(err, "STLS");
	/* What is there already was never protected (RFC 2595, 2.4). */
	if (s->io->read_buffer_len > 0 || net_stream_pending(s->stream))
		return error_set(err, ERROR_SOURCE,
				 "somebody put text before the beginning of "
				 "TLS: refused");
	if (net_stream_secure(s->stream, s->settings, err) < 0)
		return -1;
	return ask_abilities(s, err);
}

static bool offers(void *ctx, const char *name)
{
	return pop3_session_can(ctx, "SASL", name);
}

/* RFC 1939, 7: where nothing better is offered. */
static int say_user(struct pop3_session *s, const char *password,
		    struct error *err)
{
	const struct mailbox_settings *m = s->settings;
	int rc;

	if (secret_is_token(m) ||
	    (strcmp(m->auth, "auto") != 0 && strcmp(m->auth, "login") != 0))
		return error_set(err, ERROR_SOURCE,
				 "the server does not offer the login that is "
				 "configured (auth = \"%s\", with a %s)",
				 m->auth,
				 secret_is_token(m) ? "token" : "password");
	s->method = "USER";
	rc = pop3_session_command(s, POP3_SMALL_ANSWER, err, "USER %s",
				  m->user);
	if (rc == 0)
		rc = pop3_session_command(s, POP3_SMALL_ANSWER, err, "PASS %s",
					  password);
	return rc == 0 ? 0 : error_wrap(err, "login of %s", m->user);
}

static int authenticate(struct pop3_session *s,
			const struct sasl_mechanism *mechanism,
			struct span secret, struct error *err)
{
	/* A command has 255 bytes (RFC 5034, 4): too few for a token. */
	static const struct sasl_lines lines = {.command = "AUTH ",
						.ok = "+OK"};
	struct sasl sasl;
	int rc;

	sasl_init(&sasl, s->settings->user, secret);
	sasl.mechanism = mechanism;
	sasl.host = s->settings->host;
	sasl.port = net_port(s->settings);
	s->method = mechanism->name;
	rc = sasl_talk(&sasl, s->io, &lines, err);
	if (rc < 0 && net_stream_why(s->stream)[0] != '\0')
		error_set(err, ERROR_SOURCE, "%s", net_stream_why(s->stream));
	if (rc != 0 && mechanism->token && (rc == 1 || sasl.step > 1))
		s->token_refused = true;
	sasl_release(&sasl);
	return rc == 0 ? 0
		       : error_wrap(err, "login of %s with %s",
				    s->settings->user, mechanism->name);
}

static int log_in(struct pop3_session *s, struct error *err)
{
	const struct mailbox_settings *m = s->settings;
	const struct sasl_mechanism *mechanism = sasl_choose(
		m->auth, secret_is_token(m), net_is_encrypted(m), offers, s);
	int64_t wait_ms = m->timeout_s * 1000;
	struct buf secret;
	int rc;

	secret_init(&secret);
	rc = secret_read(m, s->token_refused, fdio_monotonic_ms() + wait_ms,
			 &secret, err);
	s->token_refused = false;
	/* Whatever a command took is no fault of the server. */
	net_stream_allow(s->stream, POP3_SMALL_ANSWER,
			 fdio_monotonic_ms() + wait_ms);
	if (rc == 0)
		rc = mechanism
			     ? authenticate(s, mechanism,
					    span_make(secret.data, secret.len),
					    err)
			     : say_user(s, secret.data, err);
	secret_wipe(&secret);
	if (s->io)
		explicit_bzero(s->io->write_buffer, s->io->buffer_max_size);
	return rc;
}

int pop3_login(struct pop3_session *s, struct error *err)
{
	net_stream_allow(s->stream, POP3_SMALL_ANSWER,
			 fdio_monotonic_ms() + s->settings->timeout_s * 1000);
	if (net_stream_begin(s->stream, s->settings, err) < 0)
		return -1;
	s->io = mailstream_new(net_stream_low(s->stream), 16 * 1024);
	if (!s->io)
		return error_set(err, ERROR_FATAL, "no memory");
	if (pop3_session_command(s, POP3_SMALL_ANSWER, err, "%s", "") != 0)
		return error_wrap(err, "greeting");
	if (ask_abilities(s, err) < 0 ||
	    (tls_is(s, "starttls") && start_tls(s, err) < 0))
		return -1;
	return log_in(s, err);
}
