/*
 * An exchange's lines: base64 each way, the same in IMAP (RFC 3501, 6.2.2;
 * RFC 4959) and POP3 (RFC 5034) but for a word before and a word after.
 */
#include "mailbox/sasl.h"

#include <string.h>

#include <gnutls/gnutls.h>
#include <libetpan/libetpan.h>

#include "mailbox/secret.h"

/* Nobody's login takes more lines. */
#define MAX_LINES 100

void sasl_encode(struct span bytes, struct buf *out)
{
	gnutls_datum_t from = {(unsigned char *)(uintptr_t)bytes.p,
			       (unsigned)bytes.n};
	gnutls_datum_t to = {NULL, 0};

	if (bytes.n == 0 || gnutls_base64_encode2(&from, &to) < 0)
		return;
	buf_add(out, to.data, to.size);
	explicit_bzero(to.data, to.size);
	gnutls_free(to.data);
}

int sasl_decode(struct span text, struct buf *out)
{
	gnutls_datum_t from = {(unsigned char *)(uintptr_t)text.p,
			       (unsigned)text.n};
	gnutls_datum_t to = {NULL, 0};

	if (text.n == 0)
		return 0;
	if (gnutls_base64_decode2(&from, &to) < 0)
		return -1;
	buf_add(out, to.data, to.size);
	gnutls_free(to.data);
	return 0;
}

static int broke(struct error *err)
{
	return error_set(err, ERROR_SOURCE, "the connection broke");
}

static int send_line(mailstream *stream, const struct buf *line,
		     struct error *err)
{
	if (mailstream_write(stream, line->data, line->len) < 0 ||
	    mailstream_write(stream, "\r\n", 2) < 0 ||
	    mailstream_flush(stream) < 0)
		return broke(err);
	return 0;
}

/* Appends the mechanism's answer in base64. 0 or -1. */
static int add_answer(struct sasl *s, struct span challenge, struct buf *line,
		      bool in_command, struct error *err)
{
	struct buf raw;
	int rc;

	secret_init(&raw);
	rc = s->mechanism->answer(s, challenge, &raw, err);
	s->step++;
	if (rc == 0 && raw.len == 0 && in_command)
		buf_add_char(line, '=');
	else if (rc == 0)
		sasl_encode(span_make(raw.data, raw.len), line);
	secret_wipe(&raw);
	return rc;
}

static int send_command(struct sasl *s, mailstream *stream,
			const struct sasl_lines *l, struct error *err)
{
	struct buf line;
	int rc = 0;

	secret_init(&line);
	buf_addf(&line, "%s%s", l->command, s->mechanism->name);
	if (l->initial && s->mechanism->speaks_first) {
		buf_add_char(&line, ' ');
		rc = add_answer(s, SPAN(""), &line, true, err);
	}
	if (rc == 0)
		rc = send_line(stream, &line, err);
	secret_wipe(&line);
	return rc;
}

/* "*" gives the exchange up; the server says NO then. */
static int send_answer(struct sasl *s, mailstream *stream, struct span text,
		       struct error *err)
{
	struct buf line, challenge;
	struct error why;
	int rc;

	secret_init(&line);
	buf_init(&challenge);
	rc = sasl_decode(text, &challenge);
	if (rc < 0)
		error_set(err, ERROR_SOURCE, "its challenge is no base64");
	else
		rc = add_answer(s, span_make(challenge.data, challenge.len),
				&line, false, err);
	if (rc < 0) {
		buf_reset(&line);
		buf_add_char(&line, '*');
		send_line(stream, &line, &why);
	} else {
		rc = send_line(stream, &line, err);
	}
	secret_wipe(&line);
	buf_release(&challenge);
	return rc;
}

/* The end: 0 or 1. */
static int ended(const struct sasl *s, const struct sasl_lines *l,
		 struct span line, struct error *err)
{
	if (span_starts_ci(line, span_of(l->ok))) {
		if (!s->mechanism->is_done || s->mechanism->is_done(s))
			return 0;
		return error_set(err, ERROR_SOURCE,
				 "the server did not prove that it knows the "
				 "password");
	}
	/* Its own word for no, whatever stands before it. */
	line = span_from(line, span_find_char(line, ' ') + 1);
	if (span_starts_ci(line, SPAN("NO ")) ||
	    span_starts_ci(line, SPAN("BAD ")))
		line = span_from(line, span_find_char(line, ' ') + 1);
	error_set(err, ERROR_SOURCE, "%.*s%s%.*s", (int)line.n, line.p,
		  s->said.len > 0 ? " " : "", (int)s->said.len, s->said.data);
	return 1;
}

int sasl_talk(struct sasl *s, mailstream *stream, const struct sasl_lines *l,
	      struct error *err)
{
	MMAPString *text = mmap_string_new("");
	int rc = -1, lines = 0;
	bool first = !l->initial && s->mechanism->speaks_first;

	if (!text || send_command(s, stream, l, err) < 0)
		goto out;
	for (;;) {
		const char *line =
			mailstream_read_line_remove_eol(stream, text);
		struct span said = span_of(line);

		if (!line || lines++ > MAX_LINES) {
			broke(err);
			break;
		}
		if (l->aside && span_starts_ci(said, span_of(l->aside)))
			continue;
		if (span_starts_ci(said, span_of(l->ok)) || said.n == 0 ||
		    said.p[0] != '+') {
			rc = ended(s, l, said, err);
			break;
		}
		said = span_trim(span_from(said, 1));
		/* "+ ready" of servers that answer in words. */
		if (send_answer(s, stream, first ? SPAN("") : said, err) < 0)
			break;
		first = false;
	}
out:
	if (text)
		mmap_string_free(text);
	return rc;
}
