#include "verdict/fold_trailer.h"

#include <string.h>

#include "verdict/claim_words.h"

/* Shorter ones may count something: "5 days", "10MB". */
#define ID_BYTES 8

static bool is_id_char(char c)
{
	return text_is_alnum(c) || strchr(".-_:=+/", c) != NULL;
}

/* "08DE2A1B3C4D5E6F", "d9443c01a7336-20a1", "2026-11-23T10:00:00Z" */
static bool is_id(struct span word)
{
	bool digit = false;

	for (size_t i = 0; i < word.n; i++) {
		if (!is_id_char(word.p[i]))
			return false;
		digit |= text_is_digit(word.p[i]);
	}
	return digit && word.n >= ID_BYTES;
}

static bool is_link(struct span word)
{
	return span_find(word, SPAN("://")) != SPAN_NONE;
}

/* "mx7.example.net", but not "full.See". */
static bool is_host(struct span word)
{
	size_t dot = span_find_char(word, '.');

	if (dot == SPAN_NONE || dot == 0 || dot + 2 >= word.n)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (!text_is_alnum(word.p[i]) && word.p[i] != '.' &&
		    word.p[i] != '-')
			return false;
	return true;
}

/* A word of the answer: "(account closed 2024-01-01)". */
static bool says_something(struct span word)
{
	static const uint64_t telling =
		CLAIM_NOT | CLAIM_NO | CLAIM_LIVE | CLAIM_GONE | CLAIM_SHUT |
		CLAIM_STAFF | CLAIM_SHY | CLAIM_BAD | CLAIM_YOU | CLAIM_FAIL |
		CLAIM_YOUR | CLAIM_QUOTA | CLAIM_LIMIT | CLAIM_FULL |
		CLAIM_OVER | CLAIM_LACK | CLAIM_MUCH;
	char folded[32];

	if (word.n > sizeof(folded))
		return false;
	for (size_t i = 0; i < word.n; i++)
		folded[i] = text_lower(word.p[i]);
	return (claim_word_kinds(span_make(folded, word.n)) & telling) != 0;
}

static bool is_reference(struct span inside)
{
	bool named = false;
	struct span word;

	while (span_next_word(&inside, &word)) {
		if (is_id(word) || is_host(word) || is_link(word))
			named = true;
		else if (span_find_char(word, '@') != SPAN_NONE ||
			 says_something(word))
			return false;
	}
	return named;
}

/* The last word before end, or what stands in brackets there. */
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

	if (before + 2 < from && !is_id(word)) {
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
