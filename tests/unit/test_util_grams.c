/* A phrase that is there is never ruled out; most that are not, are. */
#include "util/grams.h"

#include "run.h"

static bool may_hold(const char *text, const char *phrase)
{
	struct grams g;

	grams_read(&g, span_of(text));
	return grams_may_hold(&g, phrase);
}

START_TEST(case_does_not_matter)
{
	ck_assert(may_hold("Remote host SAID: no", "host said:"));
	ck_assert(may_hold("rcpt to:<a@example.org>", "RCPT TO:<"));
}
END_TEST

START_TEST(any_white_space_is_one_space)
{
	ck_assert(may_hold("could\r\n\t not be", "could not be"));
	ck_assert(may_hold("\n said: no", " said:"));
	ck_assert(may_hold("the end \t", "end "));
}
END_TEST

START_TEST(what_begins_the_text_may_follow_a_space)
{
	ck_assert(may_hold("user unknown", "user unknown"));
	ck_assert(!may_hold("user unknown", "user unknown here"));
}
END_TEST

START_TEST(other_scripts_are_compared_by_bytes)
{
	ck_assert(may_hold("письмо не доставлено", "не доставлено"));
	ck_assert(!may_hold("mail", "недоставлено"));
}
END_TEST

START_TEST(too_short_to_tell_may_be_there)
{
	ck_assert(may_hold("", "->"));
	ck_assert(may_hold("", ""));
}
END_TEST

START_TEST(letters_that_never_meet_rule_a_phrase_out)
{
	ck_assert(!may_hold("mailbox full", "mailbox unknown"));
	ck_assert(!may_hold("", "mailbox"));
}
END_TEST

START_TEST(a_star_stands_for_any_text)
{
	struct grams g;

	grams_read(&g, SPAN("the domain news.example is not there"));
	ck_assert(grams_may_hold_parts(&g, "domain*not there"));
	ck_assert(grams_may_hold_parts(&g, "the dom*"));
	ck_assert(!grams_may_hold_parts(&g, "domain*unknown"));
	ck_assert(!grams_may_hold(&g, "domain*not there"));
}
END_TEST

START_TEST(of_a_list_only_what_may_be_there_is_offered)
{
	static const char *const list[] = {"mailbox unknown", "full",	  "->",
					   "mail*full",	      "no quota", NULL};
	PHRASES(list);
	struct grams g;
	size_t nth = 0;

	grams_read(&g, SPAN("the mailbox is full"));
	ck_assert_str_eq(phrases_next(list_phrases, &g, &nth), "full");
	ck_assert_str_eq(phrases_next(list_phrases, &g, &nth), "->");
	ck_assert_str_eq(phrases_next(list_phrases, &g, &nth), "mail*full");
	ck_assert_ptr_null(phrases_next(list_phrases, &g, &nth));
}
END_TEST

START_TEST(a_list_is_asked_of_another_text)
{
	static const char *const list[] = {"unknown", "quota", NULL};
	PHRASES(list);
	struct grams g;
	size_t nth = 0;

	grams_read(&g, SPAN("user unknown"));
	ck_assert_str_eq(phrases_next(list_phrases, &g, &nth), "unknown");
	ck_assert_ptr_null(phrases_next(list_phrases, &g, &nth));
	nth = 0;
	grams_read(&g, SPAN("over quota"));
	ck_assert_str_eq(phrases_next(list_phrases, &g, &nth), "quota");
	ck_assert_ptr_null(phrases_next(list_phrases, &g, &nth));
}
END_TEST

START_TEST(the_rarest_letters_tell_most)
{
	struct grams g;

	grams_read(&g, SPAN("whoever is quick"));
	ck_assert(!grams_have(&g, grams_rarest("quickly")));
	ck_assert(!grams_have(&g, grams_rarest("who*quickly")));
	ck_assert(grams_have(&g, grams_rarest("is quick")));
	/* too short, with or without a star */
	ck_assert(grams_have(&g, grams_rarest("xy")));
	ck_assert(grams_have(&g, grams_rarest("xy*zq")));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		case_does_not_matter,
		any_white_space_is_one_space,
		what_begins_the_text_may_follow_a_space,
		other_scripts_are_compared_by_bytes,
		too_short_to_tell_may_be_there,
		letters_that_never_meet_rule_a_phrase_out,
		a_star_stands_for_any_text,
		of_a_list_only_what_may_be_there_is_offered,
		a_list_is_asked_of_another_text,
		the_rarest_letters_tell_most,
	};

	return RUN_TESTS("util/grams", tests);
}
