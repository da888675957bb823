#include <check.h>
#include <string.h>

#include "mailbox/sasl.h"
#include "mailbox/secret.h"
#include "util/fdio.h"

#include "run.h"

/* The mechanisms against the examples of their RFCs, and against liars. */

static bool offers(void *ctx, const char *name)
{
	return strstr(ctx, name) != NULL;
}

static const char *chosen(const char *word, bool token, bool encrypted,
			  const char *offered)
{
	const struct sasl_mechanism *m = sasl_choose(
		word, token, encrypted, offers, (void *)(uintptr_t)offered);

	return m ? m->name : "none";
}

START_TEST(the_best_that_is_offered_is_taken)
{
	static const char all[] = "XOAUTH2 OAUTHBEARER PLAIN CRAM-MD5 "
				  "SCRAM-SHA-1 SCRAM-SHA-256";

	ck_assert_str_eq(chosen("auto", false, true, all), "SCRAM-SHA-256");
	ck_assert_str_eq(chosen("auto", true, true, all), "OAUTHBEARER");
	ck_assert_str_eq(chosen("auto", true, true, "PLAIN XOAUTH2"),
			 "XOAUTH2");
	ck_assert_str_eq(chosen("auto", false, true, "PLAIN XOAUTH2"), "PLAIN");
	ck_assert_str_eq(chosen("plain", false, true, all), "PLAIN");
	ck_assert_str_eq(chosen("scram-sha-1", false, true, "PLAIN"), "none");
	ck_assert_str_eq(chosen("login", false, true, all), "none");
}
END_TEST

START_TEST(cram_md5_comes_last_where_nobody_listens)
{
	ck_assert_str_eq(chosen("auto", false, false, "PLAIN CRAM-MD5"),
			 "CRAM-MD5");
	ck_assert_str_eq(chosen("auto", false, true, "PLAIN CRAM-MD5"),
			 "PLAIN");
	ck_assert_str_eq(chosen("auto", false, true, "CRAM-MD5"), "CRAM-MD5");
}
END_TEST

/* One exchange: what is answered to each, or the error. */
static void answers(struct sasl *s, const char *challenge, const char *expected)
{
	struct error err = {ERROR_NONE, ""};
	struct buf out;
	int rc;

	buf_init(&out);
	rc = s->mechanism->answer(s, span_of(challenge), &out, &err);
	s->step++;
	if (rc == 0)
		ck_assert_str_eq(out.data, expected);
	else
		ck_assert_msg(strstr(err.text, expected) != NULL, "%s",
			      err.text);
	buf_release(&out);
}

static void begin(struct sasl *s, const char *word, const char *user,
		  const char *secret)
{
	sasl_init(s, user, span_of(secret));
	s->mechanism = sasl_find(word);
	ck_assert_ptr_nonnull(s->mechanism);
}

START_TEST(cram_md5_is_that_of_rfc_2195)
{
	struct sasl s;

	begin(&s, "cram-md5", "tim", "tanstaaftanstaaf");
	answers(&s, "<1896.697170952@postoffice.reston.mci.net>",
		"tim b913a602c7eda7a495b4e6e7334d3890");
	sasl_release(&s);
}
END_TEST

START_TEST(bearer_tokens_are_those_of_rfc_7628_and_google)
{
	struct sasl s;

	begin(&s, "oauthbearer", "a=b,c@example.com", "vF9dft4");
	s.host = "server.example.com";
	s.port = 143;
	answers(&s, "",
		"n,a=a=3Db=2Cc@example.com,\001host=server.example.com\001"
		"port=143\001auth=Bearer vF9dft4\001\001");
	answers(&s, "{\"status\":\"invalid_token\"}", "\001");
	ck_assert_str_eq(s.said.data, "{\"status\":\"invalid_token\"}");
	sasl_release(&s);
	begin(&s, "xoauth2", "someuser@example.com", "ya29.vF9dft4");
	answers(&s, "",
		"user=someuser@example.com\001auth=Bearer ya29.vF9dft4\001\001");
	answers(&s, "{\"status\":\"401\"}", "");
	sasl_release(&s);
}
END_TEST

/* As if the nonce of the RFC had been drawn. */
static void draw(struct sasl *s, const char *nonce)
{
	snprintf(s->nonce, sizeof s->nonce, "%s", nonce);
	buf_reset(&s->first);
	buf_addf(&s->first, "n=user,r=%s", nonce);
	s->step = 1;
}

/* user logs in with pencil, as in the examples of the RFCs. */
static void log_in(const char *mechanism, const char *nonce,
		   const char *server_first, const char *client_last,
		   const char *server_last)
{
	struct sasl s;

	begin(&s, mechanism, "user", "pencil");
	draw(&s, nonce);
	answers(&s, server_first, client_last);
	answers(&s, server_last, "");
	ck_assert(sasl_scram_is_done(&s));
	sasl_release(&s);
}

START_TEST(scram_is_that_of_rfc_5802_and_7677)
{
	log_in("scram-sha-1", "fyko+d2lbbFgONRv9qkxdawL",
	       "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
	       "s=QSXCR+Q6sek8bf92,i=4096",
	       "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
	       "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
	       "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
	log_in("scram-sha-256", "rOprNGfwEbeRWgbNEkqO",
	       "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	       "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
	       "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	       "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	       "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}
END_TEST

START_TEST(scram_begins_with_a_nonce_of_its_own)
{
	struct error err;
	struct sasl a, b;
	struct buf first;

	begin(&a, "scram-sha-256", "u,=", "x");
	begin(&b, "scram-sha-256", "u,=", "x");
	buf_init(&first);
	ck_assert_int_eq(a.mechanism->answer(&a, SPAN(""), &first, &err), 0);
	ck_assert(span_starts_ci(span_of(first.data), SPAN("n,,n=u=2C=3D,r=")));
	ck_assert_int_eq(b.mechanism->answer(&b, SPAN(""), &first, &err), 0);
	ck_assert_uint_ge(strlen(a.nonce), 24);
	ck_assert_str_ne(a.nonce, b.nonce);
	buf_release(&first);
	sasl_release(&a);
	sasl_release(&b);
}
END_TEST

/* What the server says after our first message, and why it is refused. */
static void liar(const char *challenge, const char *why)
{
	struct sasl s;

	begin(&s, "scram-sha-256", "user", "pencil");
	draw(&s, "ours");
	answers(&s, challenge, why);
	sasl_release(&s);
}

START_TEST(scram_servers_that_lie_are_refused)
{
	struct sasl s;

	liar("r=oursX,s=QSXCR+Q6sek8bf92,i=1", "rounds");
	liar("r=oursX,s=QSXCR+Q6sek8bf92,i=4000000000", "rounds");
	liar("r=ours,s=QSXCR+Q6sek8bf92,i=4096", "not an answer");
	liar("r=other,s=QSXCR+Q6sek8bf92,i=4096", "not an answer");
	liar("r=oursX,s=,i=4096", "no sense");
	liar("r=oursX,s=QSXCR+Q6sek8bf92", "no sense");
	liar("m=ext,r=oursX,s=QSXCR+Q6sek8bf92,i=4096", "no sense");
	liar("", "no sense");
	begin(&s, "scram-sha-1", "user", "pencil");
	draw(&s, "fyko+d2lbbFgONRv9qkxdawL");
	answers(&s,
		"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
		"s=QSXCR+Q6sek8bf92,i=4096",
		"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
		"p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
	ck_assert(!sasl_scram_is_done(&s));
	answers(&s, "v=AAAApqV8S7suAoZWja4dJRkFsKQ=", "proof is wrong");
	sasl_release(&s);
}
END_TEST

START_TEST(base64_has_no_line_ends)
{
	char long_text[3000];
	struct buf text, back;

	memset(long_text, 'x', sizeof long_text);
	buf_init(&text);
	buf_init(&back);
	sasl_encode(span_make(long_text, sizeof long_text), &text);
	ck_assert_uint_eq(text.len, 4000);
	ck_assert_ptr_null(strchr(text.data, '\n'));
	ck_assert_int_eq(sasl_decode(span_make(text.data, text.len), &back), 0);
	ck_assert_uint_eq(back.len, sizeof long_text);
	ck_assert_int_lt(sasl_decode(SPAN("!!!"), &back), 0);
	buf_release(&text);
	buf_release(&back);
}
END_TEST

/* ---- Programs that print secrets ---- */

static const char *prints_within(int64_t ms, const char *script, bool refused)
{
	static char said[512];
	const char *command[] = {"/bin/sh", "-c", script, NULL};
	struct error err = {ERROR_NONE, ""};
	struct buf secret;
	int rc;

	secret_init(&secret);
	rc = secret_read_command(command, refused, fdio_monotonic_ms() + ms,
				 &secret, &err);
	snprintf(said, sizeof said, "%s", rc == 0 ? secret.data : err.text);
	secret_wipe(&secret);
	return said;
}

static const char *prints(const char *script, bool refused)
{
	return prints_within(60000, script, refused);
}

static const char *hangs(const char *script)
{
	return prints_within(700, script, false);
}

START_TEST(the_first_line_that_is_printed_is_the_secret)
{
	ck_assert_str_eq(prints("echo one; echo two", false), "one");
	ck_assert_str_eq(prints("echo ${DSND_TOKEN_REFUSED-no}", false), "no");
	ck_assert_str_eq(prints("echo ${DSND_TOKEN_REFUSED-no}", true), "1");
}
END_TEST

START_TEST(a_program_that_fails_or_hangs_is_told_of)
{
	ck_assert_str_eq(prints("echo secret; exit 3", false),
			 "/bin/sh: exit status 3");
	ck_assert_str_eq(prints("exit 127", false),
			 "/bin/sh: cannot be run, or cannot run what it needs "
			 "(exit status 127)");
	ck_assert_str_eq(prints("true", false),
			 "/bin/sh: printed no password and no token");
	ck_assert_str_eq(hangs("echo secret; sleep 60"),
			 "/bin/sh: did not end in time, or not by itself");
	/* Who goes to the background with the pipe does not hold us up. */
	ck_assert_str_eq(hangs("echo secret; sleep 60 & exit 0"),
			 "/bin/sh: did not end in time, or not by itself");
	ck_assert_str_eq(hangs("yes"),
			 "/bin/sh: did not end in time, or not by itself");
}
END_TEST

int main(void)
{
	const TTest *tests[] = {
		the_best_that_is_offered_is_taken,
		cram_md5_comes_last_where_nobody_listens,
		cram_md5_is_that_of_rfc_2195,
		bearer_tokens_are_those_of_rfc_7628_and_google,
		scram_is_that_of_rfc_5802_and_7677,
		scram_begins_with_a_nonce_of_its_own,
		scram_servers_that_lie_are_refused,
		base64_has_no_line_ends,
		the_first_line_that_is_printed_is_the_secret,
		a_program_that_fails_or_hangs_is_told_of,
	};

	return RUN_TESTS("mailbox_sasl", tests);
}
