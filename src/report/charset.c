/*
 * Charsets to UTF-8. iconv loads its tables from files, which the jail
 * forbids, so every descriptor is opened before and kept; one that is not
 * open converts nothing and the bytes are shown as they look.
 */
#include "report/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "report/report.h"

struct charset {
	const char *name;  /* as iconv knows it */
	const char *alias; /* other names, lower case, a space around each */
	iconv_t conversion;
	bool open;
};

/*
 * The order does not matter. Superset tables stand in for the labels that
 * are commonly put on their text (WHATWG Encoding does the same).
 */
static struct charset charsets[] = {
	{"ISO-2022-JP-2",
	 " iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 "
	 "csiso2022jp iso-2022-jp-ms cp50220 cp50221 ",
	 NULL, false},
	{"CP932",
	 " shift_jis shift-jis sjis x-sjis cp932 windows-31j ms_kanji ", NULL,
	 false},
	{"EUC-JP-MS", " euc-jp eucjp x-euc-jp euc-jp-ms ", NULL, false},
	{"GB18030", " gb2312 gbk gb18030 cp936 x-gbk gb_2312-80 euc-cn ", NULL,
	 false},
	{"BIG5-HKSCS", " big5 big5-hkscs cp950 x-x-big5 ", NULL, false},
	{"CP949", " euc-kr ks_c_5601-1987 ks_c_5601 cp949 uhc korean ", NULL,
	 false},
	{"ISO-2022-KR", " iso-2022-kr ", NULL, false},
	{"KOI8-R", " koi8-r koi8 ", NULL, false},
	{"KOI8-U", " koi8-u ", NULL, false},
	{"CP1250", " windows-1250 cp1250 ", NULL, false},
	{"CP1251", " windows-1251 cp1251 win-1251 ", NULL, false},
	{"CP1252",
	 " windows-1252 cp1252 iso-8859-1 iso8859-1 latin1 iso_8859-1 ", NULL,
	 false},
	{"CP1253", " windows-1253 cp1253 ", NULL, false},
	{"CP1254", " windows-1254 cp1254 iso-8859-9 ", NULL, false},
	{"CP1255", " windows-1255 cp1255 iso-8859-8-i ", NULL, false},
	{"CP1256", " windows-1256 cp1256 ", NULL, false},
	{"CP1257", " windows-1257 cp1257 ", NULL, false},
	{"CP1258", " windows-1258 cp1258 ", NULL, false},
	{"CP874", " windows-874 cp874 tis-620 iso-8859-11 ", NULL, false},
	{"CP437", " cp437 ibm437 ", NULL, false},
	{"CP850", " cp850 ibm850 ", NULL, false},
	{"CP866", " cp866 ibm866 ", NULL, false},
	{"ISO-8859-2", " iso-8859-2 iso8859-2 latin2 ", NULL, false},
	{"ISO-8859-3", " iso-8859-3 ", NULL, false},
	{"ISO-8859-4", " iso-8859-4 ", NULL, false},
	{"ISO-8859-5", " iso-8859-5 ", NULL, false},
	{"ISO-8859-6", " iso-8859-6 ", NULL, false},
	{"ISO-8859-7", " iso-8859-7 ", NULL, false},
	{"ISO-8859-8", " iso-8859-8 ", NULL, false},
	{"ISO-8859-10", " iso-8859-10 ", NULL, false},
	{"ISO-8859-13", " iso-8859-13 ", NULL, false},
	{"ISO-8859-14", " iso-8859-14 ", NULL, false},
	{"ISO-8859-15", " iso-8859-15 iso8859-15 latin9 ", NULL, false},
	{"ISO-8859-16", " iso-8859-16 ", NULL, false},
	{"MACINTOSH", " macintosh x-mac-roman ", NULL, false},
	{"UTF-7", " utf-7 unicode-1-1-utf-7 unicode-2-0-utf-7 x-utf-7 ", NULL,
	 false},
	{"UTF-16", " utf-16 unicode ", NULL, false},
	{"UTF-16LE", " utf-16le ", NULL, false},
	{"UTF-16BE", " utf-16be ", NULL, false},
	{"UTF-32", " utf-32 ", NULL, false},
};

#define CHARSET_COUNT (sizeof(charsets) / sizeof(charsets[0]))
#define CHARSET_NAME_MAX 40

void report_charsets_open(void)
{
	for (size_t i = 0; i < CHARSET_COUNT; i++) {
		struct charset *c = &charsets[i];

		if (c->open)
			continue;
		c->conversion = iconv_open("UTF-8", c->name);
		c->open = c->conversion != (iconv_t)-1;
	}
}

void report_charsets_close(void)
{
	for (size_t i = 0; i < CHARSET_COUNT; i++) {
		if (charsets[i].open)
			iconv_close(charsets[i].conversion);
		charsets[i].open = false;
	}
}

/* The open conversion for a name as mail writes it, or NULL. */
static struct charset *charset_find(struct span name)
{
	char key[CHARSET_NAME_MAX + 3];
	size_t n = 0;

	name = span_trim(name);
	if (name.n == 0 || name.n > CHARSET_NAME_MAX)
		return NULL;
	key[n++] = ' ';
	for (size_t i = 0; i < name.n; i++)
		key[n++] = text_lower(name.p[i]);
	key[n++] = ' ';
	key[n] = '\0';
	for (size_t i = 0; i < CHARSET_COUNT; i++) {
		if (charsets[i].open && strstr(charsets[i].alias, key))
			return &charsets[i];
	}
	return NULL;
}

/* Some tables hold a character back until they know what follows it. */
static void flush(struct charset *c, struct buf *out)
{
	char last[16];
	char *to = last;
	size_t room = sizeof(last);

	iconv(c->conversion, NULL, NULL, &to, &room);
	buf_add(out, last, sizeof(last) - room);
}

/*
 * Bytes that the table does not have are kept as U+FFFD, one each. Returns the
 * number of them.
 */
static size_t convert(struct charset *c, struct buf *out, struct span bytes)
{
	/* iconv is not const-correct; it does not write to its input. */
	char *in = (char *)(uintptr_t)bytes.p;
	size_t left = bytes.n, bad = 0;
	char chunk[4096];

	iconv(c->conversion, NULL, NULL, NULL, NULL);
	while (left > 0) {
		char *to = chunk;
		size_t room = sizeof(chunk);
		size_t r = iconv(c->conversion, &in, &left, &to, &room);

		buf_add(out, chunk, sizeof(chunk) - room);
		if (r != (size_t)-1 || errno == E2BIG || left == 0)
			continue;
		buf_add_str(out, "\xEF\xBF\xBD");
		in++;
		left--;
		bad++;
	}
	flush(c, out);
	return bad;
}

/* An ISO-2022 escape sequence stands in the bytes. */
static bool has_iso2022(struct span s)
{
	s = span_from(s, span_find_char(s, '\033'));
	return span_find(s, SPAN("\033$B")) != SPAN_NONE ||
	       span_find(s, SPAN("\033$@")) != SPAN_NONE ||
	       span_find(s, SPAN("\033(J")) != SPAN_NONE;
}

static void guess(struct buf *out, struct span bytes)
{
	struct charset *c = NULL;

	if (has_iso2022(bytes))
		c = charset_find(SPAN("iso-2022-jp"));
	else if (!text_is_utf8(bytes))
		c = charset_find(SPAN("windows-1252"));
	if (c)
		convert(c, out, bytes);
	else
		buf_add(out, bytes.p, bytes.n);
}

/* Names that promise nothing which the bytes do not say better themselves. */
static bool says_nothing(struct span name)
{
	name = span_trim(name);
	return name.n == 0 || span_eq_ci(name, SPAN("us-ascii")) ||
	       span_eq_ci(name, SPAN("ascii")) ||
	       span_eq_ci(name, SPAN("utf-8")) ||
	       span_eq_ci(name, SPAN("utf8")) ||
	       span_eq_ci(name, SPAN("iso-8859-1")) ||
	       span_eq_ci(name, SPAN("windows-1252"));
}

void charset_to_utf8(struct buf *out, struct span bytes, struct span charset)
{
	bool unsaid = says_nothing(charset);
	struct charset *c;
	struct buf made;
	size_t bad;

	/* Most text is plain, and the same in all of these. */
	if (unsaid && text_plain_length(bytes) == bytes.n) {
		buf_add(out, bytes.p, bytes.n);
		return;
	}
	c = unsaid ? NULL : charset_find(charset);
	buf_init(&made);
	if (c) {
		bad = convert(c, &made, bytes);
		/* Mostly holes: the label is wrong, the bytes know better. */
		if (bad > bytes.n / 8 + 1)
			buf_reset(&made);
	}
	if (made.len == 0)
		guess(&made, bytes);
	text_utf8(out, span_make(made.data, made.len));
	buf_release(&made);
}
