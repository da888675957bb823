#include "report/format.h"

#include "report/format_text.h"
#include "report/reply_scan.h"

/*
 * Exchange 2007 and later, Microsoft 365: advice in the reader's language,
 * then, below "Diagnostic information for administrators", the address on a
 * line of its own and the reply on the next, marked by '#' or quoted:
 *	a@example.com
 *	#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
 * The shape is read, as the words around it are in 30 languages.
 */

static const char *const sentences[] = {
	"diagnostic information for administrators",
	"generating server:",
	"remote server returned '",
	"diagnoseinformationen",
	"informations de diagnostic",
	"información de diagnóstico",
	"informazioni di diagnostica",
	"informações de diagnóstico",
	"diagnostische gegevens",
	"管理者向け",
	"иагностические сведения",
	NULL,
};
PHRASES(sentences);

/* "mx.example.net #550 5.1.1 User unknown ##" */
static bool is_host_and_reply(struct span line)
{
	size_t at = span_find(line, SPAN(" #"));
	struct span host = span_trim(span_cut(line, at));

	/* "#5.1.1" may be all that it says. */
	return at != SPAN_NONE && at + 2 < line.n &&
	       (line.p[at + 2] == '4' || line.p[at + 2] == '5') &&
	       span_find_char(host, '.') != SPAN_NONE &&
	       span_find_char(host, ' ') == SPAN_NONE;
}

/* A line that holds what a server said. */
static bool is_reply_line(struct span line)
{
	size_t at = text_indent(line);

	if ((at < line.n && line.p[at] == '#') || is_host_and_reply(line))
		return true;
	return (text_has(line, "remote server") &&
		(text_has(line, "returned '") ||
		 text_has(line, "returned \"") || text_has(line, "error:"))) ||
	       (text_has(line, " #") && text_has(line, "smtp;"));
}

/* The first line with text at or after *at; *at moves behind it. */
static bool next_text_line(struct span text, size_t *at, struct span *line_r)
{
	while (text_next_line(text, at, line_r))
		if (!text_is_blank(*line_r))
			return true;
	return false;
}

/* A host's name and nothing else. */
static bool is_host(struct span line)
{
	line = span_trim(line);
	for (size_t i = 0; i < line.n; i++)
		if (!text_is_alnum(line.p[i]) && line.p[i] != '.' &&
		    line.p[i] != '-')
			return false;
	return span_find_char(line, '.') != SPAN_NONE;
}

/*
 * The address begins line, the reply stands behind it or in the next; before
 * the reply the host that gave it may have a line of its own, to *host_r.
 */
static size_t recipient_line(struct span text, struct span line, size_t at,
			     struct span *address_r, struct span *host_r)
{
	size_t end = text_address_at(line, text_indent(line), address_r);
	struct span rest, next;

	if (end == 0 && span_find_char(line, '<') != SPAN_NONE)
		end = text_address_find(line, 0, address_r);
	if (end == 0 || span_find_char(*address_r, '@') == SPAN_NONE)
		return 0;
	rest = span_trim(span_from(line, end));
	if (span_starts_ci(rest, SPAN("##")))
		return 0;
	if (rest.n > 0 && rest.p[0] == '#')
		return end;
	if (rest.n > 0 && rest.p[0] != '(' && rest.p[0] != '<')
		return 0;
	if (!next_text_line(text, &at, &next))
		return 0;
	if (is_host(next)) {
		*host_r = span_trim(next);
		if (!next_text_line(text, &at, &next))
			return 0;
	}
	return is_reply_line(next) ? end : 0;
}

static bool is_exchange(const struct format_input *in,
			const struct findings *out)
{
	(void)out;
	return in->machine_part ||
	       headers_has(in->headers, "X-MS-Exchange-Message-Is-Ndr") ||
	       text_part_has_any(in, in->text, sentences_phrases);
}

static void read_exchange(const struct format_input *in, struct findings *out)
{
	enum report_action action = text_action(in, out);
	struct span line, address, host;
	struct fact_draft *d = NULL;
	size_t at = 0, end;

	while (text_next_line(in->text, &at, &line)) {
		host = span_cut(line, 0);
		end = recipient_line(in->text, line, at, &address, &host);
		if (end > 0) {
			d = findings_add(out, address, action);
			if (d == NULL)
				return;
			d->words = span_from(line, end);
			d->remote = host;
		}
		if (d != NULL)
			d->words.n = (size_t)(line.p + line.n - d->words.p);
	}
}

const struct format format_exchange = {"exchange", is_exchange, read_exchange};
