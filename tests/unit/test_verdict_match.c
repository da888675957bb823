#include "verdict_fact.h"

#include "verdict/claim_words.h"
#include "verdict/fold.h"
#include "verdict/match.h"

/* Phrases, and the form in which words are compared with them. */

static struct fold fold;

static const char *folded(const char *text)
{
	static char out[REPORT_MAX_DIAGNOSTIC + 1];
	struct fact f = failed(550, "", text);

	fold_text(&fold, span_of(text), &f);
	memcpy(out, fold.text.p, fold.text.n);
	out[fold.text.n] = '\0';
	return out;
}

/* What folding would change is never met: none of these words is. */
START_TEST(every_word_of_a_claim_is_as_folding_leaves_it)
{
	for (size_t i = 0; i < claim_table_count; i++) {
		char said[64], *stem;
		const char *is;

		snprintf(said, sizeof(said), "%s", claim_table[i].word);
		stem = strchr(said, '*');
		if (stem != NULL)
			*stem = '\0';
		is = folded(said);
		ck_assert_msg(strcmp(is, said) == 0 &&
				      claim_word_kinds(span_of(is)) ==
					      claim_table[i].kinds,
			      "\"%s\" becomes \"%s\"", said, is);
	}
}
END_TEST

START_TEST(polish_mail_is_yours_and_not_past)
{
	ck_assert_str_eq(folded("Wasza skrzynka was full"),
			 "wasza skrzynka is full");
}
END_TEST

START_TEST(whom_to_mail_instead_failed_in_nothing)
{
	folded("No such user. Please e-mail office@example.net");
	ck_assert(!fold.names_other);
	folded("No such user. Please email office@example.net");
	ck_assert(!fold.names_other);
}
END_TEST

static bool has(const char *phrase, const char *text)
{
	return phrase_find(span_of(phrase), span_of(text), NULL, NULL);
}

START_TEST(case_and_white_space_are_folded)
{
	ck_assert_str_eq(folded("The  Mailbox\r\n\tIS Full"),
			 "the mailbox is full");
	ck_assert_str_eq(folded("a\xc2\xa0 b\xe3\x80\x80"
				"c"),
			 "a b c");
	ck_assert_str_eq(folded("User doesn\xe2\x80\x99t exist"),
			 "user does not exist");
	ck_assert_str_eq(folded("\xd0\x9f\xd0\xa0"), "\xd0\xbf\xd1\x80");
	ck_assert_str_eq(folded("no\xc2\xa0"), "no");
	ck_assert_str_eq(folded("no\xe3\x80\x80"), "no");
}
END_TEST

START_TEST(accents_of_latin_letters_are_left_out)
{
	ck_assert_str_eq(folded("BO\xc3\x8eTE pe\xc5\x82na Gr\xc3\xb6\xc3\x9f"
				"e 2\xc3\x97"
				"3"),
			 "boite pelna grose 2\xc3\x97"
			 "3");
	ck_assert_str_eq(folded("\xc3\x80 la \xc3\xbf\xc5\xbf"), "a la ys");
	/* A letter and its accent apart; bytes that are no UTF-8. */
	ck_assert_str_eq(folded("a\xcc\x80 b"), "a b");
	ck_assert_str_eq(folded("e\xcc\x81t\xc3 \xff \xc3"),
			 "et\xc3 \xff \xc3");
	ck_assert_str_eq(folded("\xe9\x82\xae\xe7\xae\xb1"),
			 "\xe9\x82\xae\xe7\xae\xb1");
}
END_TEST

START_TEST(greek_capitals_lose_their_accents_as_small_letters_do)
{
	ck_assert_str_eq(folded("ΆΓΝΩΣΤΟΣ ΧΡΉΣΤΗΣ"),
			 folded("άγνωστος χρήστης"));
	ck_assert_str_eq(folded("ΑΓΝΩΣΤΟΣ ΧΡΗΣΤΗΣ"),
			 folded("άγνωστος χρήστης"));
	ck_assert_str_eq(folded("ΈΌΎΏΊΪ"), folded("έόύώίϊ"));
	ck_assert_str_eq(folded("ΐΰϋ"), "ιυυ");
	ck_assert_str_eq(folded("НЕ ІСНУЄ"), "не існує");
}
END_TEST

START_TEST(scripts_without_spaces_read_on_across_lines)
{
	/* The first and the last letters that are taken for such. */
	ck_assert_str_eq(folded("\xe9\x82\xae\r\n \xe7\xae\xb1"),
			 "\xe9\x82\xae\xe7\xae\xb1");
	ck_assert_str_eq(folded("\xe3\x81\x82 \xe3\x81\x84"),
			 "\xe3\x81\x82\xe3\x81\x84");
	ck_assert_str_eq(folded("\xea\xb0\x80 \xeb\x82\x98"),
			 "\xea\xb0\x80 \xeb\x82\x98");
}
END_TEST

START_TEST(spellings_of_one_word_are_folded)
{
	ck_assert_str_eq(folded("Mail box or mail-box"), "mailbox or mailbox");
	ck_assert_str_eq(folded("E-mails can't, cannot, couldn't"),
			 "mails can not, can not, could not");
	ck_assert_str_eq(folded("recipient is not exists"),
			 "recipient does not exist");
	ck_assert_str_eq(folded("non existing, Nonexistent"),
			 "non-existent, non-existent");
	ck_assert_str_eq(folded("nonexistant"), "non-existent");
	ck_assert_str_eq(folded("Mailaddress, UserAccount not available"),
			 "mail address, user account unavailable");
	ck_assert_str_eq(folded("gmail boxes, chemail"),
			 "gmail boxes, chemail");
}
END_TEST

START_TEST(a_state_is_said_in_one_way)
{
	ck_assert_str_eq(folded("It was, has been, have been closed"),
			 "it is, is, is closed");
	ck_assert_str_eq(folded("is now administratively disabled"),
			 "is disabled");
	ck_assert_str_eq(folded("has been permanently closed"), "is closed");
	/* Which may be another state tomorrow. */
	ck_assert_str_eq(folded("is currently unavailable"),
			 "is currently unavailable");
	ck_assert_str_eq(folded("canwas, mustbeen"), "canwas, mustbeen");
}
END_TEST

static const char *folded_about(const char *address, const char *text)
{
	static char out[REPORT_MAX_DIAGNOSTIC + 1];
	struct fact f = failed(550, "", text);

	f.address = address;
	fold_text(&fold, span_of(text), &f);
	memcpy(out, fold.text.p, fold.text.n);
	out[fold.text.n] = '\0';
	return out;
}

START_TEST(a_name_without_its_domain_is_the_address)
{
	const char *jane = "Jane.Doe@example.com";

	ck_assert_str_eq(folded_about(jane, "User jane.doe not found"),
			 "user @ not found");
	ck_assert_str_eq(folded_about(jane, "mailbox: <JANE.DOE> is full"),
			 "mailbox: @ is full");
	ck_assert_str_eq(folded_about(jane, "jane.doe... User unknown"),
			 "@... user unknown");
	ck_assert_str_eq(folded_about(jane, "jane.doe: no such user"),
			 "@: no such user");
	/* Somebody else's, or no name at all. */
	ck_assert_str_eq(folded_about(jane, "user jane not found"),
			 "user jane not found");
	ck_assert_str_eq(folded_about(jane, "ask jane.doe or others"),
			 "ask jane.doe or others");
	ck_assert_str_eq(folded_about("unknown@example.com", "user unknown"),
			 "user unknown");
	ck_assert_str_eq(folded_about("blocked@example.com", "blocked by us"),
			 "blocked by us");
	ck_assert_str_eq(folded_about("j@example.com", "user j not found"),
			 "user j not found");
	ck_assert_str_eq(folded_about("", "user  not found"), "user not found");
}
END_TEST

START_TEST(german_without_its_dots_is_read)
{
	ck_assert_str_eq(folded("Empfaenger, Domaene, Postfach ueberfuellt"),
			 folded("Empf\xc3\xa4nger, Dom\xc3\xa4ne, Postfach "
				"\xc3\xbc"
				"berf\xc3\xbcllt"));
	ck_assert_str_eq(folded("Ungueltig, erschoepft, geloescht, spaeter"),
			 "ungultig, erschopft, geloscht, spater");
}
END_TEST

START_TEST(octal_digits_are_the_bytes_that_they_stand_for)
{
	ck_assert_str_eq(folded("Bo\\303\\256te pleine"), "boite pleine");
	/* Latin-1, at the end, before a byte that belongs to no letter */
	ck_assert_str_eq(folded("cl\\364tur\\351"), "cloture");
	ck_assert_str_eq(folded("\\303e"), "ae");
	ck_assert_str_eq(folded("\\351\\202\\256"), "\xe9\x82\xae");
	ck_assert_str_eq(folded("\\360\\237\\223\\255"), "\xf0\x9f\x93\xad");
	/* no such byte */
	ck_assert_str_eq(folded("a\\289 \\40 \\30"), "a\\289 \\40 \\30");
}
END_TEST

START_TEST(letters_that_were_lost_are_found_in_known_words)
{
	/* a mark for each byte of UTF-8, for each letter */
	ck_assert_str_eq(folded("Empf??nger unbekannt"), "empfanger unbekannt");
	ck_assert_str_eq(folded("Empf?nger unbekannt"), "empfanger unbekannt");
	ck_assert_str_eq(folded("Bo??te pleine"), "boite pleine");
	ck_assert_str_eq(folded("a ??t?? supprim??e"), "a ete supprimee");
	ck_assert_str_eq(folded("findes ikke p?? serveren"),
			 "findes ikke pa serveren");
	/* no word that is known: no question either */
	ck_assert_str_eq(folded("der Gr????te"), "der grxxxxte");
	/* questions, links, nothing but marks */
	ck_assert_str_eq(folded("est-il supprim???"), "est-il supprime?");
	ck_assert_str_eq(folded("est-il supprim????"), "est-il supprim????");
	ck_assert_str_eq(folded("user unknown?? Really?"),
			 "user unknown?? really?");
	ck_assert_str_eq(folded("index.php?id, ???? ?"),
			 "index.php?id, ???? ?");
}
END_TEST

START_TEST(a_phrase_is_spelt_as_the_text_is)
{
	static const char phrase[] = "Can't find  e-mail*";
	char out[FOLD_PHRASE_BYTES(sizeof(phrase))];
	size_t n = fold_phrase(phrase, strlen(phrase), out, sizeof(out));

	ck_assert_str_eq((out[n] = '\0', out), "can not find mail*");
	n = fold_phrase("isn't", 5, out, 5);
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq(memcmp(out, "isn't", n), 0);
}
END_TEST

START_TEST(a_phrase_of_white_space_is_empty)
{
	char out[] = "    ";

	ck_assert_uint_eq(fold_phrase(" \t", 2, out + 1, 2), 0);
	ck_assert_str_eq(out, "    ");
}
END_TEST

START_TEST(codes_do_not_tear_sentences_apart)
{
	ck_assert_str_eq(folded("550-5.1.1 the mailbox\n550 5.1.1 is full"),
			 "the mailbox is full");
	ck_assert_str_eq(folded("550-the mailbox\n550-is full"),
			 "the mailbox is full");
	ck_assert_str_eq(folded("sorry (#5.1.1)"), "sorry");
	ck_assert_str_eq(folded("sorry #5.1.1 it is (5.1.1)"), "sorry it is");
	ck_assert_str_eq(folded("550: no, 552 other"), "no, 552 other");
	ck_assert_str_eq(folded("421-too\n421 busy"), "too 421 busy");
}
END_TEST

START_TEST(numbers_that_are_no_codes_of_a_refusal_stay)
{
	ck_assert_str_eq(folded("354 messages"), "354 messages");
	ck_assert_str_eq(folded("199 messages"), "199 messages");
	ck_assert_str_eq(folded("600 messages"), "600 messages");
	ck_assert_str_eq(folded("5500 messages"), "5500 messages");
	ck_assert_str_eq(folded("55 messages"), "55 messages");
	ck_assert_str_eq(folded("over 552 messages"), "over 552 messages");
}
END_TEST

START_TEST(addresses_hosts_and_links_are_masked)
{
	ck_assert_str_eq(folded("<full@example.com>: gone"), "@: gone");
	ck_assert_str_eq(folded("RCPT TO:<full@example.com>"), "rcpt to:@");
	ck_assert_str_eq(folded("full@example.com...User unknown"),
			 "@...user unknown");
	ck_assert_str_eq(folded("host spam.example.com[192.0.2.1] says no"),
			 "host ~~ says no");
	ck_assert_str_eq(folded("see https://example.com/?p=Full."), "see ~");
	ck_assert_str_eq(folded("see https:// now"), "see ~ now");
	ck_assert_str_eq(folded("not found.http://a.example/b"), "not found.~");
	ck_assert_str_eq(folded("spam,see:http://a.example/b"), "spam,see:~");
	ck_assert_str_eq(folded("see help.example.com/full now"), "see ~ now");
	ck_assert_str_eq(folded("<help.example.com/full>"), "~");
	ck_assert_str_eq(folded("from 2001:db8::1 no"), "from ~ no");
	ck_assert_str_eq(folded("from a::b no"), "from ~ no");
	ck_assert_str_eq(folded("host mx.spam.de says"), "host ~ says");
	ck_assert_str_eq(folded("host mx-1.spam_a.de says"), "host ~ says");
	ck_assert_str_eq(folded("the mailbox.If you"), "the mailbox.if you");
}
END_TEST

START_TEST(dots_before_an_address_end_a_word)
{
	ck_assert_str_eq(folded("not here...user@example.com is"),
			 "not here...@ is");
	ck_assert_str_eq(folded("..@example.com"), "..@");
	ck_assert_str_eq(folded("a..b@example.com"), "a..@");
	ck_assert_str_eq(folded("a@..b c"), "@..b c");
}
END_TEST

/* In the marks of their scripts, or with nothing between. */
START_TEST(foreign_sentences_end_at_an_address)
{
	ck_assert_str_eq(folded("用户不存在：user@example.com。"),
			 "用户不存在:@.");
	ck_assert_str_eq(folded("用户user@example.com不存在"), "用户@不存在");
	ck_assert(!fold.names_other);
	ck_assert_str_eq(folded("no user （user@example.com）"), "no user (@)");
	ck_assert_str_eq(folded("no user «user@example.com»"), "no user \"@\"");
	ck_assert_str_eq(folded("„user@example.com“ 「x」 no…"),
			 "\"@\" \"x\" no.");
	ck_assert_str_eq(folded("ＵＳＥＲ unknown"), "user unknown");
	/* These are names all the same. */
	ck_assert_str_eq(folded("to <伊昭傑@郵件.example> no"), "to @ no");
	ck_assert_str_eq(folded("to jörg@bücher.example no"), "to @ no");
}
END_TEST

/* Each of them comes to its end; one that does not is stopped by the clock. */
START_TEST(every_mixture_of_marks_and_names_is_folded)
{
	static const char letters[] = "a.@-<:";
	const size_t base = sizeof(letters) - 1,
		     all = base * base * base * base * base * base;
	size_t i, k, code;

	for (i = 0; i < all; i++) {
		char text[8] = "";

		for (k = 0, code = i; k < 6; k++, code /= base)
			text[k] = letters[code % base];
		ck_assert_uint_le(strlen(folded(text)), 6);
	}
}
END_TEST

static const char *body_of(const char *text)
{
	static char out[REPORT_MAX_DIAGNOSTIC + 1];

	snprintf(out, sizeof(out), "%s", folded(text));
	out[fold.body] = '\0';
	return out;
}

START_TEST(what_hosts_append_is_no_part_of_it)
{
	ck_assert_str_eq(body_of("550 no user [192.0.2.7]"), "no user");
	ck_assert(!fold.names_elsewhere && fold.appends_network);
	ck_assert_str_eq(body_of("no user [MX7.mail.example 2026-11-23T10:00Z "
				 "08DE2A1B3C4D5E6F]"),
			 "no user");
	ck_assert(!fold.names_elsewhere && !fold.appends_name);
	ck_assert_str_eq(body_of("no user (queue id 4XyZ1234Kz9)."), "no user");
	ck_assert_str_eq(body_of("no user 1a2b3c4d-20a1 - gsmtp"), "no user");
	ck_assert_str_eq(body_of("no user (mx7) https://help.example/x1"),
			 "no user (mx7)");
	ck_assert_str_eq(body_of("no domain (news.example)"), "no domain");
	ck_assert(fold.appends_name);
	ck_assert(!fold.appends_network);
	/* It is said, or it is all there is. */
	ck_assert_str_eq(body_of("no user news24.example.org"), "no user ~");
	ck_assert_str_eq(body_of("no user 192.0.2.17"), "no user ~");
	ck_assert_str_eq(body_of("no user spamscore=12.5"),
			 "no user spamscore=12.5");
	ck_assert_str_eq(body_of("no user RBL-12345678"),
			 "no user rbl-12345678");
	ck_assert_str_eq(body_of("no user 12345678 - throttled"),
			 "no user 12345678 - throttled");
	ck_assert_str_eq(body_of("no user (rejecting 192.0.2.17)"),
			 "no user (rejecting ~)");
	ck_assert_str_eq(body_of("no user (bulk mail 12345678)"),
			 "no user (bulk mail 12345678)");
	ck_assert_str_eq(body_of("no user (account closed 2024-01-01)"),
			 "no user (account closed 2024-01-01)");
	ck_assert_str_eq(body_of("no user (us@news.example)"), "no user @");
	ck_assert_str_eq(body_of("no user at news.example"), "no user at ~");
	ck_assert_str_eq(body_of("(192.0.2.7)"), "~");
}
END_TEST

START_TEST(links_are_kept_apart)
{
	folded("see https://help.example/?p=Full or mx.spam.example");
	ck_assert_int_eq(strncmp(fold.links.p,
				 "https://help.example/?p=full mx.spam.example",
				 fold.links.n),
			 0);
}
END_TEST

START_TEST(a_reply_without_words_is_seen)
{
	folded("550 5.1.1 <user@example.com>");
	ck_assert(!fold.has_words);
	folded("550 5.2.1 [MX7.mail.example 08DE2A1B3C4D5E6F]");
	ck_assert(!fold.has_words);
	folded("550 no");
	ck_assert(fold.has_words);
}
END_TEST

START_TEST(quoted_addresses_are_told_apart)
{
	folded("<us@news.example> is bad");
	ck_assert(fold.names_other);
	folded("<us@news.example> to <user@example.com>");
	ck_assert(!fold.names_other);
	folded("<user@store.internal> is bad");
	ck_assert(!fold.names_other);
	folded("<user@store.example.com> is bad");
	ck_assert(!fold.names_other);
	folded("<user@news.example> is bad");
	ck_assert(fold.names_other);
	folded("<us@store.internal> is bad");
	ck_assert(fold.names_other);
	folded("nobody is named");
	ck_assert(!fold.names_other);
	folded("has left: please contact <us@news.example>");
	ck_assert(!fold.names_other);
	folded("<us@news.example> has left: write to her@news.example");
	ck_assert(fold.names_other);
}
END_TEST

START_TEST(the_longest_text_fits)
{
	char text[3 * REPORT_MAX_DIAGNOSTIC];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	folded(text);
	ck_assert_uint_eq(fold.text.n, REPORT_MAX_DIAGNOSTIC);
}
END_TEST

START_TEST(phrases_end_at_words)
{
	ck_assert(has("full", "it is full."));
	ck_assert(!has("full", "it is fuller"));
	ck_assert(!has("full", "it is awfull"));
	ck_assert(has("full*", "it is fuller"));
	ck_assert(has("(full", "x(full)"));
}
END_TEST

START_TEST(a_star_spans_some_text)
{
	char text[PHRASE_GAP_BYTES + 64];

	ck_assert(has("user * unknown", "user x y unknown"));
	ck_assert(has("mail*full", "mailbox is full"));
	ck_assert(!has("mail*full", "full mailbox"));
	ck_assert(has("out of*and*idle", "out of space and quite idle"));
	memset(text, ' ', sizeof(text));
	memcpy(text, "user", 4);
	memcpy(text + sizeof(text) - 8, "unknown", 8);
	ck_assert(!has("user*unknown", text));
}
END_TEST

struct hits {
	unsigned count[4];
};

static void take(void *arg, uint32_t owner, size_t at, size_t n)
{
	struct hits *hits = arg;

	ck_assert_uint_gt(n, 0);
	ck_assert_uint_lt(at, 100);
	hits->count[owner]++;
}

START_TEST(one_scan_finds_every_phrase)
{
	struct matcher *m = matcher_new();
	struct hits hits = {{0}};

	ck_assert_int_eq(matcher_add(m, SPAN("mailbox is full"), 0), 0);
	ck_assert_int_eq(matcher_add(m, SPAN("mailbox*full"), 1), 0);
	ck_assert_int_eq(matcher_add(m, SPAN("full"), 2), 0);
	ck_assert_int_eq(matcher_add(m, SPAN("mailbox is empty"), 3), 0);
	ck_assert_int_eq(matcher_add(m, SPAN("ab"), 3), -1);
	matcher_build(m);
	matcher_scan(m, SPAN("the mailbox is full, so full"), take, &hits);
	ck_assert_uint_eq(hits.count[0], 1);
	ck_assert_uint_eq(hits.count[1], 1);
	ck_assert_uint_eq(hits.count[2], 2);
	ck_assert_uint_eq(hits.count[3], 0);
	matcher_free(m);
}
END_TEST

START_TEST(an_empty_matcher_finds_nothing)
{
	struct matcher *m = matcher_new();

	matcher_build(m);
	matcher_scan(m, SPAN("anything"), take, NULL);
	matcher_free(m);
	matcher_free(NULL);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		case_and_white_space_are_folded,
		accents_of_latin_letters_are_left_out,
		greek_capitals_lose_their_accents_as_small_letters_do,
		scripts_without_spaces_read_on_across_lines,
		spellings_of_one_word_are_folded,
		a_state_is_said_in_one_way,
		a_name_without_its_domain_is_the_address,
		german_without_its_dots_is_read,
		octal_digits_are_the_bytes_that_they_stand_for,
		letters_that_were_lost_are_found_in_known_words,
		a_phrase_is_spelt_as_the_text_is,
		a_phrase_of_white_space_is_empty,
		every_word_of_a_claim_is_as_folding_leaves_it,
		polish_mail_is_yours_and_not_past,
		whom_to_mail_instead_failed_in_nothing,
		codes_do_not_tear_sentences_apart,
		numbers_that_are_no_codes_of_a_refusal_stay,
		addresses_hosts_and_links_are_masked,
		dots_before_an_address_end_a_word,
		foreign_sentences_end_at_an_address,
		what_hosts_append_is_no_part_of_it,
		every_mixture_of_marks_and_names_is_folded,
		links_are_kept_apart,
		a_reply_without_words_is_seen,
		quoted_addresses_are_told_apart,
		the_longest_text_fits,
		phrases_end_at_words,
		a_star_spans_some_text,
		one_scan_finds_every_phrase,
		an_empty_matcher_finds_nothing,
	};
	Suite *suite = suite_create("verdict_match");
	TCase *tc = tcase_create("match");
	size_t i;

	tcase_add_checked_fixture(tc, load_rules, free_rules);
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
