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
	};

	return RUN_TESTS("util/grams", tests);
}
