#include "verdict/bare.h"

#include <string.h>

#include "verdict/bare_words.h"

static bool is_letter(char c)
{
	return text_is_alpha(c) || (c & 0x80) != 0;
}

/* A run of letters, or one other character. */
static bool next_word(struct span text, size_t *at, struct span *word_r)
{
	size_t end = *at;

	if (end >= text.n)
		return false;
	while (end < text.n && is_letter(text.p[end]))
		end++;
	if (end == *at)
		end++;
	*word_r = span_make(text.p + *at, end - *at);
	*at = end;
	return true;
}

static bool is_silent(struct span text)
{
	struct span word;
	size_t at = 0;

	while (next_word(text, &at, &word)) {
		enum bare_word is;

		if (word.n == 1)
			continue;
		is = bare_word(word);
		if (is != BARE_FILLER && is != BARE_AT && is != BARE_MATTER &&
		    is != BARE_PLACE)
			return false;
	}
	return true;
}

bool bare_says_nothing(struct span before, struct span behind)
{
	return is_silent(behind) && is_silent(before);
}

/* A sentence on its way to the phrase, or from it. */
struct sentence {
	bool named;    /* the last thing said is the recipient */
	bool refused;  /* "delivery failed" */
	bool other;    /* the mail, a host */
	bool noun;     /* the word before this is one for them */
	bool within;   /* "the user ... on" */
	bool polite;   /* "inform", and now whom */
	bool apart;    /* a mark, and what does not belong to it */
	bool relative; /* "the address you ..." */
};

static void take_mark(struct sentence *s, char c)
{
	if (c == '@')
		s->named = true;
	else if (c == '~')
		*s = (struct sentence){.refused = s->refused, .other = true};
	else if (strchr(":;,.-", c) != NULL && (s->refused || s->other))
		*s = (struct sentence){0};
}

static bool is_preposition(enum bare_word is)
{
	return is == BARE_AT || is == BARE_WITHIN || is == BARE_BETWEEN;
}

/* False where the word leads elsewhere. */
static bool take_before(struct sentence *s, enum bare_word is)
{
	bool was_polite = s->polite;

	s->polite = is == BARE_POLITE ||
		    (was_polite && (is == BARE_RELATIVE || is == BARE_BETWEEN));
	if (is == BARE_POLITE)
		return !s->named;
	if (is == BARE_AT || is == BARE_WITHIN)
		s->within = s->named;
	if (is == BARE_PLACE || is == BARE_WHERE)
		return s->within;
	if (is == BARE_RELATIVE && was_polite) {
		was_polite = !s->relative; /* not "we regret you are" */
		s->relative = true;
	}
	if (is_preposition(is) || is == BARE_RELATIVE)
		return s->named || s->refused || was_polite;
	if (is == BARE_RECIPIENT) {
		s->named = true;
		s->other = false; /* "mail account" */
	} else if (is == BARE_MATTER) {
		s->named = false;
		s->other = true;
	} else if (is == BARE_REFUSAL) {
		s->refused = true;
	} else {
		return is == BARE_FILLER || is == BARE_WORD;
	}
	return true;
}

/* "The mailbox", "delivery failed: user @"; or, unnamed, no more than that. */
static bool leads_to(struct span text, bool *named_r)
{
	struct sentence s = {0};
	struct span word;
	size_t at = 0;

	while (next_word(text, &at, &word))
		if (word.n == 1)
			take_mark(&s, word.p[0]);
		else if (!take_before(&s, bare_word(word)))
			return false;
	*named_r = s.named;
	return !s.refused && !s.other;
}

/* What is named behind the phrase is named at once: not "for this user". */
static bool take_behind(struct sentence *s, enum bare_word is)
{
	bool was_noun = s->noun;

	s->noun = is == BARE_RECIPIENT;
	s->named = s->named || s->noun;
	if (is == BARE_PLACE || is == BARE_WHERE)
		return s->named && !was_noun;
	if (is == BARE_RELATIVE)
		return s->relative = was_noun || s->relative;
	if (s->relative && is_preposition(is)) /* "you mailed with" */
		return false;
	s->relative = false;
	if (is == BARE_ADVICE)
		return s->named && s->apart;
	if (is == BARE_MATTER || is == BARE_AGENT || is_preposition(is))
		return s->named;
	return s->noun || is == BARE_FILLER || is == BARE_WORD;
}

/* "4F2kzz", the letters of which are no words. */
static bool is_id(struct span text, struct span word)
{
	const char *end = word.p + word.n;

	return (word.p > text.p && text_is_digit(word.p[-1])) ||
	       (end < text.p + text.n && text_is_digit(*end));
}

/*
 * "User by that name", or, the recipient having been named, "on this host". An
 * "address 192.0.2.1" is none of theirs.
 */
static bool follows(struct span text, bool named, bool noun)
{
	struct sentence s = {.named = named, .noun = noun};
	struct span word;
	size_t at = 0;

	while (next_word(text, &at, &word)) {
		if (word.p[0] == '@')
			s.named = true;
		if (word.p[0] == '~' && s.noun && !named)
			return false;
		if (word.n == 1 && strchr(".,;([", word.p[0]) != NULL)
			s.apart = true;
		if (word.n > 1 && !(s.apart && s.named && is_id(text, word)) &&
		    !take_behind(&s, bare_word(word)))
			return false;
	}
	return s.named;
}

/* A word for the recipient in the phrase; *last_r: at its end. */
static bool has_noun(struct span phrase, bool *last_r)
{
	struct span word;
	bool has = false;
	size_t at = 0;

	*last_r = false;
	while (next_word(phrase, &at, &word)) {
		if (word.n == 1)
			continue;
		*last_r = bare_word(word) == BARE_RECIPIENT;
		has |= *last_r;
	}
	return has;
}

bool bare_names_recipient(struct span before, struct span phrase,
			  struct span behind)
{
	bool named, last, noun = has_noun(phrase, &last);

	return leads_to(before, &named) && follows(behind, named || noun, last);
}
