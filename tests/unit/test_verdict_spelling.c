#include <check.h>
#include <string.h>

#include "run.h"
#include "verdict/fold_spelling.h"

static const struct {
	const char *said, *means;
	bool in_word;
} spellings[] = {
#define SPELLING(said, means, in_word) {said, means, in_word},
#include "verdict/spellings.def"
#undef SPELLING
};

#define SPELLINGS (sizeof(spellings) / sizeof(*spellings))

START_TEST(each_spelling_is_looked_for_where_it_ends)
{
	for (size_t i = 0; i < SPELLINGS; i++) {
		const char *said = spellings[i].said;

		ck_assert_msg(fold_may_be_spelling(said, strlen(said)),
			      "nobody looks for \"%s\"", said);
	}
}
END_TEST

START_TEST(each_spelling_becomes_what_it_means)
{
	char text[64];

	for (size_t i = 0; i < SPELLINGS; i++) {
		size_t n = (size_t)snprintf(text, sizeof(text), "so %s",
					    spellings[i].said);

		n = fold_spelling(text, n, sizeof(text));
		ck_assert_msg(n == 3 + strlen(spellings[i].means) &&
				      memcmp(text + 3, spellings[i].means,
					     n - 3) == 0,
			      "\"%s\" is %.*s", spellings[i].said, (int)n,
			      text);
	}
}
END_TEST

START_TEST(only_some_spellings_end_a_longer_word)
{
	char text[64];

	for (size_t i = 0; i < SPELLINGS; i++) {
		size_t n = (size_t)snprintf(text, sizeof(text), "x%s",
					    spellings[i].said);
		bool same = fold_spelling(text, n, sizeof(text)) == n &&
			    strcmp(text + 1, spellings[i].said) == 0;

		ck_assert_msg(same != spellings[i].in_word, "\"x%s\"",
			      spellings[i].said);
	}
}
END_TEST

static bool some_spelling_ends_in(const char *two)
{
	for (size_t i = 0; i < SPELLINGS; i++) {
		const char *said = spellings[i].said;

		if (memcmp(said + strlen(said) - 2, two, 2) == 0)
			return true;
	}
	return false;
}

/* What no row ends in any more costs time, and only that: nobody would see. */
START_TEST(no_letters_are_looked_for_in_vain)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz'- 5";
	char end[3];

	for (const char *a = letters; *a != '\0'; a++)
		for (const char *b = letters; *b != '\0'; b++)
			for (const char *c = letters; *c != '\0'; c++) {
				end[0] = *a;
				end[1] = *b;
				end[2] = *c;
				ck_assert_msg(
					!fold_may_be_spelling(end, 3) ||
						some_spelling_ends_in(end + 1),
					"no spelling ends in \"%.3s\"", end);
			}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		each_spelling_is_looked_for_where_it_ends,
		each_spelling_becomes_what_it_means,
		only_some_spellings_end_a_longer_word,
		no_letters_are_looked_for_in_vain,
	};

	return RUN_TESTS("verdict/spelling", tests);
}
