#include "verdict/fold.h"

#include <string.h>

#include "report/words.h"
#include "util/address.h"
#include "verdict/claim_words.h"
#include "verdict/fold_lead.h"
#include "verdict/fold_letter.h"
#include "verdict/fold_lost.h"
#include "verdict/fold_name.h"
#include "verdict/fold_octal.h"
#include "verdict/fold_spelling.h"
#include "verdict/fold_trailer.h"
#include "verdict/speaker.h"

/*
 * Folding. Senders' names, hosts and links are full of words ("spam-filter",
 * "full"), and a reply of several lines has codes in the middle of sentences:
 * neither may decide anything, so they are taken out before phrases are
 * looked for.
 */

struct out {
	char *p;
	size_t n, max;
};

static void put(struct out *o, char c)
{
	if (o->n < o->max)
		o->p[o->n++] = c;
}

/* The length of white space at p: ASCII, NO-BREAK or IDEOGRAPHIC; or 0. */
static size_t space_at(struct span s, size_t at)
{
	if ((s.p[at] & 0x80) == 0)
		return text_is_space(s.p[at]);
	if (s.n - at >= 2 && memcmp(s.p + at, "\xc2\xa0", 2) == 0)
		return 2;
	if (s.n - at >= 3 && memcmp(s.p + at, "\xe3\x80\x80", 3) == 0)
		return 3;
	return 0;
}

/*
 * Puts the letter at `at` and, where that ends a word, its one spelling;
 * returns its length.
 */
static size_t put_letter(struct out *o, struct span s, size_t at)
{
	char letter[FOLD_LETTER_BYTES];
	size_t took = 1, n, i;

	if ((s.p[at] & 0x80) == 0) {
		put(o, text_lower(s.p[at]));
	} else {
		n = fold_letter(s, at, letter, &took);
		for (i = 0; i < n; i++)
			put(o, letter[i]);
	}
	if (fold_may_be_spelling(o->p, o->n))
		o->n = fold_spelling(o->p, o->n, o->max);
	return took;
}

size_t fold_phrase(const char *p, size_t n, char *out, size_t max)
{
	struct out o = {out, 0, max};
	struct span s = span_make(p, n);
	size_t at = 0, space;

	while (at < n) {
		space = space_at(s, at);
		if (space == 0) {
			at += put_letter(&o, s, at);
			continue;
		}
		at += space;
		if (o.n > 0 && o.p[o.n - 1] != ' ' && o.p[o.n - 1] != '*')
			put(&o, ' ');
		/* White space around a '*' means nothing. */
		if (at < n && p[at] == '*' && o.n > 0 && o.p[o.n - 1] == ' ')
			o.n--;
	}
	while (o.n > 0 && o.p[o.n - 1] == ' ')
		o.n--;
	return o.n;
}

static bool is_name_char(char c)
{
	return text_is_alnum(c) || c == '.' || c == '-' || c == '_' ||
	       c == '+' || c == '=' || c == '%' || (c & 0x80) != 0;
}

static bool is_link_char(char c)
{
	return c != '<' && c != '>' && c != '"' && c != '\'' && c != ')' &&
	       c != ']' && c != ',';
}

static size_t run_end(struct span t, size_t at, bool (*is)(char))
{
	while (at < t.n && is(t.p[at]))
		at++;
	return at;
}

struct folder {
	struct fold *fold;
	const struct fact *fact;
	struct span local; /* of the recipient's address */
	struct out text, links;
	size_t addresses, hosts;
	bool names_ours, names_our_domain, in_trailer, alone;
};

static bool is_near(struct span host, struct span domain)
{
	return address_domain_is_below(host, domain) ||
	       address_domain_is_below(domain, host);
}

/* Of names that nobody outside has. */
static bool is_private(struct span domain)
{
	return span_find_char(domain, '.') == SPAN_NONE ||
	       span_ends_ci(domain, SPAN(".local")) ||
	       span_ends_ci(domain, SPAN(".internal")) ||
	       span_ends_ci(domain, SPAN(".lan"));
}

/*
 * A host may know its user under a name of its own, user@store.example.com.
 * With any other domain it may be the sender: info@ writes to info@.
 */
static bool is_other_name(struct span quoted, struct span known)
{
	struct span domain = address_domain(known);
	struct span theirs = address_domain(quoted);

	return theirs.n > 0 &&
	       (is_near(theirs, domain) || is_private(theirs)) &&
	       span_eq_ci(span_cut(quoted, quoted.n - theirs.n),
			  span_cut(known, known.n - domain.n));
}

static bool is_about(struct span quoted, const char *known)
{
	struct span k = span_of(known);
	struct span domain = address_domain(k);

	return k.n > 0 &&
	       (span_eq_ci(quoted, k) ||
		(domain.n > 0 && (span_eq_ci(address_domain(quoted), domain) ||
				  is_other_name(quoted, k))));
}

/* Who sends through a relay of its own site: our sender, most likely. */
static bool is_of_relay(struct span quoted, const struct fact *fact)
{
	struct span site = speaker_site(span_of(fact->reporting_mta));

	return span_find_char(site, '.') != SPAN_NONE &&
	       address_domain_is_below(address_domain(quoted), site) &&
	       !address_domain_is_below(address_domain(span_of(fact->address)),
					site);
}

/* Takes an opening mark off the text where its closing one stands at `at`. */
static size_t drop_marks(struct folder *f, struct span t, size_t at)
{
	static const char pairs[] = "<>\"\"''()[]";
	size_t i;

	if (f->text.n == 0 || at >= t.n)
		return at;
	for (i = 0; pairs[i] != '\0'; i += 2) {
		if (f->text.p[f->text.n - 1] == pairs[i] &&
		    t.p[at] == pairs[i + 1]) {
			f->text.n--;
			return at + 1;
		}
	}
	return at;
}

/* "Contact <office@example.net>": whom to ask failed in nothing. */
static bool is_contact(const struct folder *f)
{
	static const char *const leads[] = {
		"contact",     "write to",	   "please use",  "please try",
		"please mail", "send it to",	   "sie sich an", "contacter",
		"contactez",   "kontaktieren sie", NULL};
	struct span before = span_make(f->text.p, f->text.n);

	while (before.n > 0 && strchr(" <\":'([", before.p[before.n - 1]))
		before.n--;
	return words_end_any(before, leads) != NULL;
}

/* With it a mark begins, or a letter of a script that has no use for spaces. */
static bool is_foreign(char c)
{
	return c == '\xc2' || (unsigned char)c >= 0xe0;
}

/* "ann@example.net不存在": the sentence goes on behind the domain. */
static size_t domain_end(struct span t, size_t at)
{
	size_t end = run_end(t, at, is_name_char), dots = 0, i;

	for (i = at; i < end; i++) {
		dots += t.p[i] == '.';
		if (dots > 0 && is_foreign(t.p[i]) && text_is_alnum(t.p[i - 1]))
			return i;
	}
	return end;
}

/* The address starts at `at`, its '@' or more; always gets past that. */
static size_t put_address(struct folder *f, struct span t, size_t at,
			  size_t end)
{
	struct span quoted = span_make(t.p + at, end - at);
	size_t dots = span_find(quoted, SPAN(".."));

	/* sendmail: "user@example.com...User unknown" */
	if (dots != SPAN_NONE)
		end = at + dots;
	while (t.p[end - 1] == '.' || t.p[end - 1] == '-')
		end--;
	quoted = span_make(t.p + at, end - at);
	if (!is_contact(f))
		f->addresses++;
	if (is_about(quoted, f->fact->address) ||
	    is_about(quoted, f->fact->final))
		f->names_ours = true;
	else if (is_of_relay(quoted, f->fact))
		f->fold->names_relay = true;
	end = drop_marks(f, t, end);
	put(&f->text, FOLD_ADDRESS);
	return end;
}

/* The host that speaks may name itself. */
static void note_host(struct folder *f, struct span host)
{
	const struct fact *fact = f->fact;

	if (is_near(host, address_domain(span_of(fact->address))) ||
	    is_near(host, address_domain(span_of(fact->final))))
		f->names_our_domain = true;
	else if (is_near(host, speaker_host(fact)))
		return;
	else if (!f->in_trailer)
		f->hosts++;
	else if (f->alone && text_is_digit(host.p[host.n - 1]))
		f->fold->appends_network = true;
	else if (f->alone)
		f->fold->appends_name = true;
}

static size_t put_link(struct folder *f, struct span t, size_t at, size_t end)
{
	size_t i;

	if (f->links.n > 0)
		put(&f->links, ' ');
	for (i = at; i < end;)
		i += put_letter(&f->links, t, i);
	end = drop_marks(f, t, end);
	put(&f->text, FOLD_LINK);
	return end;
}

static bool is_scheme_end(struct span t, size_t at)
{
	return t.n - at >= 3 && memcmp(t.p + at, "://", 3) == 0;
}

/* Where the "http" of "found.http://..." begins. */
static size_t scheme_start(struct span t, size_t at, size_t end)
{
	while (end > at && text_is_alpha(t.p[end - 1]))
		end--;
	return end;
}

static size_t put_letters(struct folder *f, struct span t, size_t at,
			  size_t end)
{
	while (at < end) {
		if (text_is_letter(t.p[at]))
			f->fold->has_words |= !f->in_trailer;
		at += put_letter(&f->text, t, at);
	}
	return at;
}

/*
 * Behind the dots of "not allowed...user@example.com", and the sentence of
 * "用户不存在ann@example.net".
 */
static size_t local_start(struct span t, size_t at, size_t end)
{
	size_t start = at, i;
	bool foreign = false;

	for (i = at; i < end; i++) {
		if (t.p[i] == '.' && i > at && t.p[i - 1] == '.')
			start = i + 1;
		else if (foreign && (t.p[i] & 0x80) == 0)
			start = i;
		if ((t.p[i] & 0xc0) != 0x80)
			foreign = is_foreign(t.p[i]);
	}
	return start;
}

/* Behind these words, and at the beginning, a name may stand. */
static bool expects_name(struct span text)
{
	static const char *const others[] = {"for", "called", "named", NULL};
	size_t from;

	while (text.n > 0 && strchr(" :<\"'([", text.p[text.n - 1]) != NULL)
		text.n--;
	for (from = text.n; from > 0 && text_is_letter(text.p[from - 1]);
	     from--)
		continue;
	return text.n == 0 || words_end_any(text, others) != NULL ||
	       (claim_word_kinds(span_from(text, from)) &
		(CLAIM_NOUN | CLAIM_ALSO)) != 0;
}

/*
 * "User jane not found": the recipient's name without the domain stands for
 * the address. Not where it may be a word of the reply.
 */
static bool is_their_local(const struct folder *f, struct span run, bool marked)
{
	static const char *const words[] = {
		"unknown",   "not",	"invalid", "inactive", "disabled",
		"has",	     "is",	"does",	   "no",       "full",
		"mailbox",   "account", "address", "user",     "quota",
		"recipient", "name",	NULL};
	size_t i;

	if (run.n != f->local.n || run.n < 2 || (!marked && f->text.n == 0) ||
	    !span_eq_ci(run, f->local) ||
	    !expects_name(span_make(f->text.p, f->text.n)))
		return false;
	for (i = 0; words[i] != NULL; i++)
		if (span_eq_ci(run, span_of(words[i])))
			return false;
	return true;
}

/* One run of name characters, from `at` to `end`; returns how far it got. */
static size_t put_run(struct folder *f, struct span t, size_t at, size_t end)
{
	struct span run = span_make(t.p + at, end - at);
	size_t stop = end;

	if (end + 1 < t.n && t.p[end] == '@' && is_name_char(t.p[end + 1])) {
		at = put_letters(f, t, at, local_start(t, at, end));
		return put_address(f, t, at, domain_end(t, end + 1));
	}
	if (is_scheme_end(t, end)) {
		at = put_letters(f, t, at, scheme_start(t, at, end));
		return put_link(f, t, at, run_end(t, end, is_link_char));
	}
	if (fold_ipv6_end(t, at) > at)
		return put_link(f, t, at, fold_ipv6_end(t, at));
	while (run.n > 0 && run.p[run.n - 1] == '.') {
		run.n--;
		stop--;
	}
	if (is_their_local(f, run, stop < t.n)) {
		stop = drop_marks(f, t, stop);
		put(&f->text, FOLD_ADDRESS);
		return stop;
	}
	if (fold_is_host(run, f->fact)) {
		if (stop < t.n && t.p[stop] == '/')
			stop = run_end(t, stop, is_link_char);
		else
			note_host(f, run);
		return put_link(f, t, at, stop);
	}
	return put_letters(f, t, at, end);
}

/*
 * "<bin/vacation "Out of office"@mx.example.net>": who failed is not the
 * recipient, whatever stands in the quotes, unless that has some of its own.
 */
static bool ends_quoted_local(const struct folder *f, struct span t, size_t at)
{
	return at > 0 && at + 1 < t.n && t.p[at] == '@' && t.p[at - 1] == '"' &&
	       is_name_char(t.p[at + 1]) &&
	       !span_starts_ci(f->local, SPAN("\""));
}

static void put_word(struct folder *f, struct span t)
{
	size_t at = 0, end;

	while (at < t.n) {
		end = run_end(t, at, is_name_char);
		if (end > at) {
			at = put_run(f, t, at, end);
			continue;
		}
		f->addresses += ends_quoted_local(f, t, at);
		put(&f->text, t.p[at++]);
	}
}

static bool next_word(struct span *rest, struct span *word_r)
{
	size_t at = 0, space, end;

	while (at < rest->n && (space = space_at(*rest, at)) > 0)
		at += space;
	for (end = at; end < rest->n && space_at(*rest, end) == 0; end++)
		continue;
	*word_r = span_make(rest->p + at, end - at);
	*rest = span_from(*rest, end);
	return end > at;
}

/* A letter of Chinese or Japanese, three bytes that begin at p. */
static bool is_cjk(const char *p)
{
	return (unsigned char)p[0] >= 0xe3 && (unsigned char)p[0] <= 0xe9;
}

/* Where these scripts write no spaces, one is a line's end. */
static bool is_wrapped(const struct out *o, struct span word)
{
	return o->n >= 3 && word.n >= 3 && is_cjk(o->p + o->n - 3) &&
	       is_cjk(word.p);
}

void fold_text(struct fold *f, struct span s, const struct fact *fact)
{
	struct folder folder = {
		.fold = f,
		.fact = fact,
		.local = address_local(span_of(fact->address)),
		.text = {f->text_bytes, 0, sizeof(f->text_bytes)},
		.links = {f->link_bytes, 0, sizeof(f->link_bytes)},
	};
	UNCLEARED char plain[REPORT_MAX_DIAGNOSTIC];
	struct span rest, word;
	const char *trailer;
	bool first = true;
	size_t n;

	f->has_words = f->appends_name = f->appends_network = false;
	f->names_relay = false;
	rest = fold_octal(text_cut_utf8(s, REPORT_MAX_DIAGNOSTIC), plain);
	rest = fold_lost(rest, plain);
	trailer = rest.p + fold_trailer(rest, fact);
	for (f->body = 0; next_word(&rest, &word); first = false) {
		n = fold_code_length(word, fact->reply, first);
		word = span_from(word, n);
		if (word.n == 0 || fold_is_status(word))
			continue;
		if (folder.text.n > 0 && !is_wrapped(&folder.text, word))
			put(&folder.text, ' ');
		folder.in_trailer = word.p >= trailer;
		folder.alone = strchr(")]}", word.p[word.n - 1]) != NULL &&
			       strchr("([{", word.p[0]) != NULL;
		put_word(&folder, word);
		if (!folder.in_trailer)
			f->body = folder.text.n;
	}
	f->text = span_make(f->text_bytes, folder.text.n);
	f->links = span_make(f->link_bytes, folder.links.n);
	grams_read(&f->grams, f->text);
	f->lead = fold_lead(f->text, &f->grams);
	f->names_recipient = folder.names_ours;
	f->names_other = folder.addresses > 0 && !folder.names_ours;
	f->names_elsewhere = folder.hosts > 0 && !folder.names_our_domain;
	f->appends_name &= !folder.names_our_domain;
}
