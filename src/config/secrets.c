/*
 * The keys of signed return paths, in a file of their own, so that only the
 * readers ever have them in memory and only their user can read them.
 *
 * A line is a key: its id (one base32 character), the secret in hexadecimal,
 * and perhaps the time from which on it signs no more. Empty lines and
 * those that begin with '#' are skipped. The first that has not ended signs.
 */
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "util/fdio.h"
#include "util/num.h"

#define MAX_FILE_BYTES (64 * 1024)
#define MAX_KEYS 32
#define MIN_SECRET_BYTES 16

static int check_mode(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_errno(err, ERROR_FATAL, "%s: cannot stat", path);
	if ((st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		return error_set(err, ERROR_FATAL,
				 "%s: mode is %04o, so that others can use "
				 "the keys; allowed is 0640 or less",
				 path, (unsigned)st.st_mode & 07777);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return error_set(err, ERROR_FATAL,
				 "%s: belongs to another user; allowed is "
				 "root or the user that dsnd runs as",
				 path);
	return 0;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	size_t i = span_find_char(SPAN(digits), text_lower(c));

	return i == SPAN_NONE ? -1 : (int)i;
}

static int read_secret(struct arena *arena, struct span hex,
		       struct span *secret_r)
{
	size_t n = hex.n / 2;
	char *secret;

	if (hex.n % 2 != 0 || n < MIN_SECRET_BYTES)
		return -1;
	secret = arena_alloc(arena, n);
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(hex.p[2 * i]);
		int low = hex_digit(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		secret[i] = (char)(high << 4 | low);
	}
	*secret_r = span_make(secret, n);
	return 0;
}

/* RFC 4648 base32, lower case. */
static bool is_key_id(struct span s)
{
	return s.n == 1 && ((s.p[0] >= 'a' && s.p[0] <= 'z') ||
			    (s.p[0] >= '2' && s.p[0] <= '7'));
}

static int read_line(struct arena *arena, struct span line,
		     struct trust_key *key_r)
{
	struct span id, secret, end;

	if (!span_next_word(&line, &id) || !span_next_word(&line, &secret) ||
	    !is_key_id(id) || read_secret(arena, secret, &key_r->secret) < 0)
		return -1;
	key_r->id = id.p[0];
	key_r->not_after_s = 0;
	end = span_trim(line);
	return end.n == 0 ? 0 : num_time_s(end.p, end.n, &key_r->not_after_s);
}

static int read_keys(struct config *c, struct span text, struct error *err)
{
	struct trust_key *keys =
		arena_array(&c->arena, MAX_KEYS, sizeof(*keys));
	struct trust_settings *trust = &c->policy.trust;
	struct span line;
	unsigned number = 0;
	size_t count = 0;

	while (span_next_line(&text, &line)) {
		number++;
		line = span_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (count == MAX_KEYS ||
		    read_line(&c->arena, line, &keys[count]) < 0)
			return error_set(
				err, ERROR_FATAL,
				"%s:%u: is no key; allowed is an id (one of "
				"a-z, 2-7), a secret of 32 hexadecimal digits "
				"or more, and perhaps a date, on up to %d "
				"lines",
				c->token_key_file, number, MAX_KEYS);
		for (size_t i = 0; i < count; i++)
			if (keys[i].id == keys[count].id)
				return error_set(err, ERROR_FATAL,
						 "%s:%u: key \"%c\" is there "
						 "twice",
						 c->token_key_file, number,
						 keys[i].id);
		count++;
	}
	if (count == 0)
		return error_set(err, ERROR_FATAL, "%s: there is no key in it",
				 c->token_key_file);
	trust->keys = keys;
	trust->key_count = count;
	return 0;
}

int config_read_secrets(struct config *c, struct error *err)
{
	struct buf text;
	int rc = -1;

	if (c->token_key_file[0] == '\0')
		return 0;
	/* No core dump shall hold them. */
	prctl(PR_SET_DUMPABLE, 0);
	buf_init(&text);
	buf_reserve(&text, MAX_FILE_BYTES + 1);
	if (check_mode(c->token_key_file, err) < 0 ||
	    fdio_read_file(c->token_key_file, MAX_FILE_BYTES, &text, err) < 0)
		goto out;
	rc = read_keys(c, span_make(text.data, text.len), err);
out:
	explicit_bzero(text.data, text.len);
	buf_release(&text);
	return rc;
}
