/*
 * The only place that calls libetpan's MIME parser. It is asked for the tree
 * of a multipart alone; headers, transfer encodings and everything else are
 * read by our own code from the bytes of each part.
 */
#include "report/mime.h"

#include <string.h>

#include <libetpan/libetpan.h>

#include "report/charset.h"
#include "report/decode.h"
#include "report/html.h"
#include "report/mime_guard.h"
#include "report/mime_outline.h"
#include "util/utf8.h"

/*
 * Called base64, and left in clear or made so by a gateway: no line of base64
 * has a space between two words.
 */
static bool is_in_clear(struct span raw)
{
	struct span line = {NULL, 0};

	while (span_trim(line).n == 0 && span_next_line(&raw, &line))
		continue;
	return span_find_char(span_trim(line), ' ') != SPAN_NONE;
}

static struct span decoded(struct arena *arena, struct span raw,
			   enum encoding encoding)
{
	struct buf b;
	struct span s;

	if (encoding == ENCODING_IDENTITY ||
	    (encoding == ENCODING_BASE64 && is_in_clear(raw)))
		return raw;
	buf_init(&b);
	if (encoding == ENCODING_BASE64)
		decode_base64(&b, raw);
	else
		decode_qp(&b, raw);
	s = span_make(arena_memdupz(arena, b.data, b.len), b.len);
	buf_release(&b);
	return s;
}

static const char *type_of(struct arena *arena, struct span content_type)
{
	struct buf b;
	const char *type = "text/plain";

	buf_init(&b);
	headers_token(&b, content_type);
	if (span_find_char(span_make(b.data, b.len), '/') != SPAN_NONE)
		type = arena_memdupz(arena, b.data, b.len);
	buf_release(&b);
	return type;
}

static struct part *part_add(struct parts *p, struct arena *arena)
{
	if (p->count == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 8;
		struct part *list = arena_array(arena, cap, sizeof(*list));

		if (p->count > 0)
			memcpy(list, p->list, p->count * sizeof(*list));
		p->list = list;
		p->cap = cap;
	}
	return &p->list[p->count++];
}

static void add_part(struct parts *p, struct arena *arena,
		     const struct headers *h, struct span body, unsigned depth)
{
	struct part *part = part_add(p, arena);

	part->headers = *h;
	part->depth = depth;
	part->type = type_of(arena, headers_raw(h, "Content-Type", 0));
	part->bytes = decoded(
		arena, body,
		encoding_find(headers_raw(h, "Content-Transfer-Encoding", 0)));
	if (mime_is(part, "text/plain") || mime_is(part, "text/html"))
		part->bytes = decoded(arena, part->bytes,
				      encoding_unsaid(part->bytes));
}

/* Some programs leave a line blank between the delimiter and the header. */
static struct span skip_blank(struct span raw)
{
	struct span rest = span_trim_start(raw);

	return span_starts_ci(rest, SPAN("Content-")) ? rest : raw;
}

void mime_add_leaf(struct parts *p, struct arena *arena, struct span raw,
		   unsigned depth, const struct report_settings *settings)
{
	struct headers h;

	if (p->count >= settings->max_parts || depth > settings->max_depth) {
		p->partial = true;
		return;
	}
	raw = skip_blank(raw);
	headers_parse(&h, arena, raw);
	add_part(p, arena, &h, span_from(raw, h.body), depth);
}

struct tree {
	struct parts *parts;
	struct arena *arena;
	const struct report_settings *settings;
	struct outline outline;
};

/* Leaves of the tree; a message inside is one, whatever it holds. */
static void walk(const struct tree *t, struct mailmime *node, unsigned depth)
{
	if (node->mm_type != MAILMIME_MULTIPLE) {
		struct span leaf =
			span_make(node->mm_mime_start, node->mm_length);

		mime_add_leaf(t->parts, t->arena,
			      outline_part(&t->outline, leaf), depth,
			      t->settings);
		return;
	}
	if (depth >= t->settings->max_depth) {
		t->parts->partial = true;
		return;
	}
	for (clistiter *i = clist_begin(node->mm_data.mm_multipart.mm_mp_list);
	     i; i = clist_next(i)) {
		struct mailmime *child = clist_content(i);

		if (child)
			walk(t, child, depth + 1);
	}
}

/* Characters of boundaries that mean nothing to any parser (RFC 2046 5.1.1). */
static bool is_simple(struct span boundary)
{
	for (size_t i = 0; i < boundary.n; i++)
		if (!text_is_alnum(boundary.p[i]) &&
		    !(boundary.p[i] != '\0' &&
		      strchr("'+_-./:=", boundary.p[i])))
			return false;
	return boundary.n > 0;
}

/* Of the Content-Type only the boundary counts here. */
static void add_header(struct buf *out, struct span content_type)
{
	struct buf boundary;

	buf_init(&boundary);
	buf_add_str(out, "Content-Type: ");
	headers_param(&boundary, content_type, "boundary");
	if (is_simple(span_make(boundary.data, boundary.len)))
		buf_addf(out, "multipart/mixed; boundary=\"%s\"",
			 boundary.data);
	else
		headers_unfold(out, content_type);
	buf_add_str(out, "\n\n");
	buf_release(&boundary);
}

/*
 * The bytes that libetpan gets. The rest of the header, where hostile
 * addresses and comments live, is not its business, nor are the headers of
 * leaves. Returns false where it may not have them.
 */
static bool tree_input(struct tree *t, struct span content_type,
		       struct span body)
{
	struct buf header;
	bool ok;

	buf_init(&header);
	add_header(&header, content_type);
	ok = outline_make(&t->outline, t->arena,
			  span_make(header.data, header.len), body) &&
	     mime_guard_ok(t->outline.bytes);
	buf_release(&header);
	return ok;
}

/*
 * libetpan decodes encoded words in parameters by iconv, which loads tables
 * from files: that would end the process in the jail. It is asked for the tree
 * only, so its own texts may keep the bytes they had.
 */
static int keep_bytes(const char *to, const char *from, const char *bytes,
		      size_t n, char *result, size_t *result_n)
{
	(void)to;
	(void)from;
	if (n > *result_n)
		return MAIL_CHARCONV_ERROR_CONV;
	memcpy(result, bytes, n);
	*result_n = n;
	return MAIL_CHARCONV_NO_ERROR;
}

static void read_tree(struct parts *p, struct arena *arena,
		      struct span content_type, struct span body,
		      const struct report_settings *settings)
{
	struct tree t = {.parts = p, .arena = arena, .settings = settings};
	struct mailmime *root = NULL;
	size_t at = 0;

	if (!tree_input(&t, content_type, body)) {
		p->partial = true;
		return;
	}
	extended_charconv = keep_bytes;
	if (mailmime_parse(t.outline.bytes.p, t.outline.bytes.n, &at, &root) !=
	    MAILIMF_NO_ERROR)
		return;
	if (root->mm_type == MAILMIME_MESSAGE &&
	    root->mm_data.mm_message.mm_msg_mime &&
	    root->mm_data.mm_message.mm_msg_mime->mm_type == MAILMIME_MULTIPLE)
		walk(&t, root->mm_data.mm_message.mm_msg_mime, 0);
	mailmime_free(root);
}

void mime_read(struct parts *p, struct arena *arena, const struct headers *h,
	       struct span body, const struct report_settings *settings)
{
	struct span content_type = headers_raw(h, "Content-Type", 0);
	bool multiple, partial;

	memset(p, 0, sizeof(*p));
	multiple = strncmp(type_of(arena, content_type), "multipart/", 10) == 0;
	if (multiple) {
		read_tree(p, arena, content_type, body, settings);
		partial = p->partial;
		if (p->count == 0)
			mime_scan(p, arena, body, settings);
		p->partial |= partial;
	}
	if (p->count > 0)
		return;
	add_part(p, arena, h, body, 0);
	/* What is called parts and has none is text (RFC 2045 5.2). */
	if (multiple && !p->partial)
		p->list[0].type = "text/plain";
}

bool mime_is(const struct part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

const struct part *mime_find(const struct parts *p, const char *type)
{
	for (size_t i = 0; i < p->count; i++) {
		if (mime_is(&p->list[i], type))
			return &p->list[i];
	}
	return NULL;
}

/* Spaces that do not break, or have a width of their own. */
static bool is_odd_space(uint32_t code)
{
	return code == 0xa0 || (code >= 0x2000 && code <= 0x200a) ||
	       code == 0x202f || code == 0x205f;
}

/* The U+2019 at the start of rest stands within a word: "n’a", "couldn’t". */
static bool is_apostrophe(const struct buf *before, struct span rest)
{
	char last = before->len > 0 ? before->data[before->len - 1] : ' ';

	return text_is_alpha(last) && rest.n > 3 && text_is_letter(rest.p[3]);
}

/*
 * What nobody sees around an address is no part of it: such spaces, from
 * `from` on, become plain ones, and those without any width go. An apostrophe
 * becomes the one that phrases are written with.
 */
static void make_plain(struct buf *b, size_t from)
{
	struct span text = span_from(span_make(b->data, b->len), from);
	struct buf plain;
	uint32_t code;
	size_t n;

	/* the bytes that all of them begin with */
	if (span_find_char(text, '\xc2') == SPAN_NONE &&
	    span_find_char(text, '\xe2') == SPAN_NONE &&
	    span_find_char(text, '\xef') == SPAN_NONE)
		return;
	buf_init(&plain);
	for (; text.n > 0; text = span_from(text, n)) {
		n = utf8_next(text, &code);
		if (n == 0)
			n = code = 1;
		if (is_odd_space(code))
			buf_add_char(&plain, ' ');
		else if (code == 0x2019 && is_apostrophe(&plain, text))
			buf_add_char(&plain, '\'');
		else if (code != 0x200b && code != 0x2060 && code != 0xfeff)
			buf_add(&plain, text.p, n);
	}
	buf_truncate(b, from);
	buf_add(b, plain.data, plain.len);
	buf_release(&plain);
}

void mime_text(struct buf *out, const struct part *p)
{
	size_t from = out->len;
	struct buf name;

	buf_init(&name);
	headers_param(&name, headers_raw(&p->headers, "Content-Type", 0),
		      "charset");
	if (mime_is(p, "text/html")) {
		struct buf html;

		buf_init(&html);
		charset_to_utf8(&html, p->bytes,
				span_make(name.data, name.len));
		html_to_text(out, span_make(html.data, html.len));
		buf_release(&html);
	} else {
		charset_to_utf8(out, p->bytes, span_make(name.data, name.len));
	}
	buf_release(&name);
	make_plain(out, from);
}
