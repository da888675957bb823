#include "verdict/fold_trailer.h"

#include <string.h>

/* Shorter ones may count something: "5 days", "10MB". */
#define ID_BYTES 8

static bool is_id_char(char c)
{
	return text_is_alnum(c) || strchr(".-_:+/", c) != NULL;
}

/* "news24.example.org", which may be what is spoken of. */
static bool ends_in_letters(struct span word)
{
	size_t n = word.n;

	while (n > 0 && text_is_alpha(word.p[n - 1]))
		n--;
	return n > 0 && word.n - n > 1 && word.p[n - 1] == '.';
}

static bool is_network(struct span word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!text_is_digit(word.p[i]) && word.p[i] != '.')
			return false;
	return span_find_char(word, '.') != SPAN_NONE;
}

static bool is_hex(char c)
{
	return text_is_digit(c) || strchr("abcdef", text_lower(c)) != NULL;
}

/*
 * "08DE2A1B3C4D5E6F", "d9443c01a7336-20a1". No words: more than three letters
 * in a row, or letters before a hyphen, unless they are hexadecimal digits; no
 * network address, nor a name that may be what is spoken of.
 */
static bool is_id(struct span word)
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
	return digit && word.n >= ID_BYTES && !ends_in_letters(word) &&
	       !is_network(word);
}

static bool is_link(struct span word)
{
	return span_find(word, SPAN("://")) != SPAN_NONE;
}

/* "mx7.example.net", "192.0.2.7" */
static bool is_host(struct span word)
{
	size_t dot = span_find_char(word, '.');

	if (dot == SPAN_NONE || dot == 0 || dot + 2 >= word.n)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (!text_is_alnum(word.p[i]) && word.p[i] != '.' &&
		    word.p[i] != '-')
			return false;
	return ends_in_letters(word) || is_network(word);
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

static bool is_reference(struct span inside)
{
	bool named = false;
	struct span word;

	while (span_next_word(&inside, &word)) {
		if (is_id(word) || is_host(word) || is_link(word))
			named = true;
		else if (!is_label(word))
			return false;
	}
	return named;
}

/* Where the brackets begin that end there; else end. */
static size_t bracket_start(struct span s, size_t end)
{
	static const char pairs[] = "()[]{}";
	const char *close = strchr(pairs, s.p[end - 1]);
	size_t from = end - 1;

	if (close == NULL || (close - pairs) % 2 == 0)
		return end;
	while (from > 0 && s.p[from - 1] != close[-1])
		from--;
	if (from < 2 || !text_is_space(s.p[from - 2]) ||
	    !is_reference(span_make(s.p + from, end - 1 - from)))
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
static size_t id_start(struct span s, size_t end)
{
	size_t from = word_start(s, end), before = skip_back(s, from, "-");
	struct span word = span_make(s.p + from, end - from);

	if (before + 2 < from && span_ends_ci(word, SPAN("smtp"))) {
		from = word_start(s, before);
		word = span_make(s.p + from, before - from);
	}
	return is_id(word) || is_link(word) ? from : end;
}

size_t fold_trailer(struct span s)
{
	size_t start = s.n, end, from;

	for (;;) {
		end = skip_back(s, start, ".-;,");
		if (end == 0)
			return start;
		from = bracket_start(s, end);
		if (from == end)
			from = id_start(s, end);
		if (from == end || from == 0)
			return start;
		start = from;
	}
}
