#include "verdict/fold_trailer.h"

#include <string.h>

#include "verdict/fold_name.h"

/* Shorter ones may count something: "5 days", "10MB". */
#define ID_BYTES 8

static bool is_id_char(char c)
{
	return text_is_alnum(c) || strchr(".-_:+/", c) != NULL;
}

static bool is_hex(char c)
{
	return text_is_digit(c) || strchr("abcdef", text_lower(c)) != NULL;
}

/*
 * "08DE2A1B3C4D5E6F", "d9443c01a7336-20a1". No words: more than three letters
 * in a row, or letters before a hyphen, unless they are hexadecimal digits; no
 * host, which may be what is spoken of.
 */
static bool is_id(struct span word, const struct fact *fact)
{
	bool digit = false, hex = true;
	size_t run = 0;

	for (size_t i = 0; i < word.n; i++) {
		if (!is_id_char(word.p[i]))
			return false;
		digit |= text_is_digit(word.p[i]);
		run = text_is_alpha(word.p[i]) ? run + 1 : 0;
		hex = run == 0 || (hex && is_hex(word.p[i]));
		if (!hex && (run > 3 ||
			     (i + 1 < word.n && strchr("-:", word.p[i + 1]))))
			return false;
	}
	return digit && word.n >= ID_BYTES && !fold_is_host(word, fact);
}

static bool is_link(struct span word)
{
	return span_find(word, SPAN("://")) != SPAN_NONE;
}

/* What a number is called: "queue id 4XyZ1234Kz9". */
static bool is_label(struct span word)
{
	static const char *const labels[] = {
		"id", "queue", "ref",  "reference", "session", "transaction",
		"by", "esmtp", "smtp", "host",	    NULL};

	while (word.n > 0 && strchr(":=#", word.p[word.n - 1]) != NULL)
		word.n--;
	for (size_t i = 0; labels[i] != NULL; i++)
		if (span_eq_ci(word, span_of(labels[i])))
			return true;
	return false;
}

static bool is_reference(struct span inside, const struct fact *fact)
{
	bool named = false;
	struct span word;

	while (span_next_word(&inside, &word)) {
		if (is_id(word, fact) || fold_is_host(word, fact) ||
		    is_link(word))
			named = true;
		else if (!is_label(word))
			return false;
	}
	return named;
}

/* Where the brackets begin that end there; else end. */
static size_t bracket_start(struct span s, size_t end, const struct fact *fact)
{
	static const char pairs[] = "()[]{}";
	const char *close = strchr(pairs, s.p[end - 1]);
	size_t from = end - 1;

	if (close == NULL || (close - pairs) % 2 == 0)
		return end;
	while (from > 0 && s.p[from - 1] != close[-1])
		from--;
	if (from < 2 || !text_is_space(s.p[from - 2]) ||
	    !is_reference(span_make(s.p + from, end - 1 - from), fact))
		return end;
	return from - 1;
}

static size_t word_start(struct span s, size_t end)
{
	while (end > 0 && !text_is_space(s.p[end - 1]))
		end--;
	return end;
}

static size_t skip_back(struct span s, size_t end, const char *marks)
{
	while (end > 0 && (text_is_space(s.p[end - 1]) ||
			   strchr(marks, s.p[end - 1]) != NULL))
		end--;
	return end;
}

/* "d9443c01a7336-20a1 - gsmtp": what serves there behind the number. */
static size_t id_start(struct span s, size_t end, const struct fact *fact)
{
	size_t from = word_start(s, end), before = skip_back(s, from, "-");
	struct span word = span_make(s.p + from, end - from);

	if (before + 2 < from && span_ends_ci(word, SPAN("smtp"))) {
		from = word_start(s, before);
		word = span_make(s.p + from, before - from);
	}
	return is_id(word, fact) || is_link(word) ? from : end;
}

size_t fold_trailer(struct span s, const struct fact *fact)
{
	size_t start = s.n, end, from;

	for (;;) {
		end = skip_back(s, start, ".-;,");
		if (end == 0)
			return start;
		from = bracket_start(s, end, fact);
		if (from == end)
			from = id_start(s, end, fact);
		if (from == end || from == 0)
			return start;
		start = from;
	}
}
