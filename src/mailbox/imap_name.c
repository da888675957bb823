/* Folder names: one configuration for servers with different habits. */
#include "mailbox/imap_name.h"

#include <stdint.h>
#include <string.h>

#include "util/text.h"

/* Collects 16-bit units and writes them six bits at a time. */
struct base64 {
	struct buf *out;
	uint32_t bits;
	int count;
	int open;
};

static void put_six(struct base64 *b)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+,";

	b->count -= 6;
	buf_add_char(b->out, digits[b->bits >> b->count & 63]);
}

static void put_unit(struct base64 *b, uint32_t unit)
{
	if (!b->open)
		buf_add_char(b->out, '&');
	b->open = 1;
	b->bits = (b->bits << 16 | unit) & 0xffffff;
	b->count += 16;
	while (b->count >= 6)
		put_six(b);
}

static void put_end(struct base64 *b)
{
	if (!b->open)
		return;
	if (b->count > 0) {
		b->bits <<= 6 - b->count;
		b->count = 6;
		put_six(b);
	}
	buf_add_char(b->out, '-');
	*b = (struct base64){.out = b->out};
}

static void put_code_point(struct base64 *b, uint32_t c)
{
	if (c >= 0x10000) {
		c -= 0x10000;
		put_unit(b, 0xd800 | c >> 10);
		c = 0xdc00 | (c & 0x3ff);
	}
	put_unit(b, c);
}

/* The next code point of valid UTF-8. */
static uint32_t take_code_point(const unsigned char **p)
{
	uint32_t c = *(*p)++;
	int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	if (more > 0)
		c &= 0x3fu >> more;
	while (more-- > 0)
		c = c << 6 | (*(*p)++ & 0x3fu);
	return c;
}

static void put_utf7(struct buf *out, const char *valid_utf8, char delimiter)
{
	const unsigned char *p = (const unsigned char *)valid_utf8;
	struct base64 b = {.out = out};

	while (*p) {
		uint32_t c = take_code_point(&p);

		if (c < 0x20 || c > 0x7e) {
			put_code_point(&b, c);
			continue;
		}
		put_end(&b);
		if (c == '/' && delimiter != '\0')
			c = (unsigned char)delimiter;
		buf_add_char(out, (char)c);
		if (c == '&')
			buf_add_char(out, '-');
	}
	put_end(&b);
}

void imap_name(struct buf *out, const char *configured, const char *prefix,
	       char delimiter)
{
	struct buf utf8;

	if (span_eq_ci(span_of(configured), SPAN("INBOX"))) {
		buf_add_str(out, "INBOX");
		return;
	}
	if (configured[0] == '.')
		configured++;
	if (!span_starts_ci(span_of(configured), span_of(prefix)))
		buf_add_str(out, prefix);
	buf_init(&utf8);
	text_utf8(&utf8, span_of(configured));
	put_utf7(out, utf8.data, delimiter);
	buf_release(&utf8);
}
