/*
 * A server may say anything: the driver goes on or gives up with a sentence,
 * hands out no message twice in a scan and none that is too large, and stores
 * nothing that it was not told. The first byte says what is configured; lines
 * of "=" alone end one connection and begin the next.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/mailbox.h"
#include "mailbox/net_connect.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/*
 * libetpan loses bytes of an answer that breaks off: once, for we hang up. What
 * of a whole answer is not freed the system tests find.
 */
const char *__lsan_default_suppressions(void)
{
	return "leak:libetpan.so\n";
}

#define MAX_HANDED_OUT 300
#define MAX_MESSAGE_BYTES 4096
#define MAX_CONNECTIONS 4

/* What the server says, a connection after the other; it hears nothing. */
static struct span script;
static int peers[MAX_CONNECTIONS];
static size_t connections;

static struct span next_part(void)
{
	size_t at = span_find(script, SPAN("\n=\n"));
	struct span part = span_cut(script, at);

	script = at == SPAN_NONE ? SPAN("") : span_from(script, at + 3);
	return part;
}

/* Instead of the library's: no name is looked up, nobody is called. */
int net_connect(const char *host, int port, int64_t until_ms, struct error *err)
{
	struct span part;
	int fds[2];

	(void)host;
	(void)port;
	(void)until_ms;
	if (connections == MAX_CONNECTIONS || script.n == 0)
		return error_set(err, ERROR_SOURCE, "nobody is there");
	part = next_part();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		       fds) < 0 ||
	    write(fds[1], part.p, part.n) != (ssize_t)part.n ||
	    shutdown(fds[1], SHUT_WR) < 0)
		abort();
	peers[connections++] = fds[1];
	return fds[0];
}

int net_port(const struct mailbox_settings *s)
{
	return s->port;
}

bool net_is_here(int fd)
{
	(void)fd;
	return true;
}

bool net_is_encrypted(const struct mailbox_settings *s)
{
	(void)s;
	return false;
}

/* So that the driver never waits for room. */
static void hear(void)
{
	char waste[65536];

	for (size_t i = 0; i < connections; i++) {
		while (read(peers[i], waste, sizeof waste) > 0)
			continue;
	}
}

static void hang_up(void)
{
	while (connections > 0)
		close(peers[--connections]);
}

static const char *secret_path(void)
{
	static char path[32];
	static int fd = -1;

	if (fd >= 0)
		return path;
	fd = memfd_create("secret", MFD_CLOEXEC);
	if (fd < 0 || fchmod(fd, 0600) < 0 || write(fd, "s3cret\n", 7) != 7)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	signal(SIGPIPE, SIG_IGN);
	return path;
}

/* Where messages stay, an earlier process has come as far as this. */
static int recall(void *ctx,
		  void (*fn)(void *arg, const char *key, const char *value),
		  void *arg, struct error *err)
{
	(void)ctx;
	(void)err;
	fn(arg, "INBOX", "3 6");
	return 0;
}

static int note(void *ctx, const char *const *keys, const char *const *values,
		size_t n, struct error *err)
{
	(void)ctx;
	(void)err;
	for (size_t i = 0; i < n; i++) {
		if (!keys[i] || !values[i] || values[i][0] == '\0')
			abort();
	}
	return 0;
}

static const struct mailbox_memory memory = {NULL, recall, note};

static void configure(struct mailbox_settings *s, unsigned flags)
{
	static const char *const folders[] = {"INBOX", "Bounces/Old", NULL};

	mailbox_settings_init(s);
	s->name = "fuzz";
	s->type = "imap";
	s->host = "mail.example.com";
	s->port = 143;
	s->tls = "none";
	s->user = "bounces@example.com";
	s->password_file = flags & 1 ? "" : secret_path();
	s->token_file = flags & 1 ? secret_path() : "";
	s->max_message_bytes = MAX_MESSAGE_BYTES;
	s->skip_large = flags & 2;
	s->timeout_s = 1;
	if (flags & 4)
		s->folders = folders;
	if (flags & 8)
		s->processed.disposal = DISPOSAL_KEEP;
	else if (flags & 16)
		s->processed.disposal = DISPOSAL_DELETE;
}

static void says_why(const struct error *err)
{
	if (err->text[0] == '\0' || !text_is_utf8(span_of(err->text)) ||
	    (err->scope != ERROR_SOURCE && err->scope != ERROR_MESSAGE))
		abort();
}

/* No two of one scan are the same. */
static void is_new(const struct mailbox_message *all, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (strcmp(all[i].id, all[n - 1].id) == 0 &&
		    strcmp(all[i].place, all[n - 1].place) == 0)
			abort();
	}
}

static size_t read_all(struct mailbox *m, struct mailbox_message *all)
{
	struct buf bytes;
	size_t n = 0;
	int rc = 1;

	buf_init(&bytes);
	while (n < MAX_HANDED_OUT && rc != 0) {
		struct error err = {.text = ""};

		buf_reset(&bytes);
		rc = mailbox_imap.next(m, &all[n], &bytes, &err);
		hear();
		if (rc < 0)
			says_why(&err);
		if (rc < 0 && err.scope != ERROR_MESSAGE)
			break;
		if (rc <= 0)
			continue;
		if (bytes.len > MAX_MESSAGE_BYTES ||
		    all[n].size_bytes < bytes.len)
			abort();
		is_new(all, ++n);
	}
	buf_release(&bytes);
	return n;
}

static void scan(struct mailbox *m, const struct mailbox_settings *s)
{
	static struct mailbox_message all[MAX_HANDED_OUT];
	struct error err = {.text = ""};
	size_t n;

	if (mailbox_imap.scan(m, &err) < 0) {
		says_why(&err);
		return;
	}
	hear();
	n = read_all(m, all);
	for (size_t i = 0; i < n; i++) {

		if (mailbox_imap.dispose(
			    m, &all[i],
			    i % 3 ? &s->processed : &s->unrecognised, &err) < 0)
			says_why(&err);
	}
	if (mailbox_imap.flush(m, &err) < 0)
		says_why(&err);
	hear();
}

static void inspect(const struct mailbox_settings *s)
{
	struct error err = {.text = ""};
	struct buf out;

	buf_init(&out);
	if (mailbox_imap.inspect(s, &out, &err) < 0)
		says_why(&err);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailbox_settings settings;
	struct error err = {.text = ""};
	struct mailbox *m;

	if (size == 0)
		return 0;
	script = span_make((const char *)data + 1, size - 1);
	configure(&settings, data[0]);
	if (data[0] & 32) {
		inspect(&settings);
		hang_up();
		return 0;
	}
	m = mailbox_imap.open(&settings, &memory, &err);
	if (!m) {
		says_why(&err);
		hang_up();
		return 0;
	}
	for (int i = 0; i < 2; i++) {
		hear();
		scan(m, &settings);
		(void)mailbox_imap.wait_fd(m);
		mailbox_imap.wait_clear(m);
		if (!text_is_utf8(span_of(mailbox_imap.notices(m))))
			abort();
	}
	mailbox_imap.close(m);
	hang_up();
	return 0;
}
