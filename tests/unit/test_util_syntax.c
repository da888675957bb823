/* What is said of a file that libconfig refuses: where, what, and why. */
#include <string.h>

#include <libconfig.h>

#include "run.h"
#include "util/syntax.h"

/* "LINE: words" for a text that libconfig does refuse. */
static const char *fault(const char *text)
{
	static char said[512];
	unsigned line;
	struct buf what;
	config_t tree;

	config_init(&tree);
	ck_assert_msg(config_read_string(&tree, text) != CONFIG_TRUE,
		      "libconfig takes %s", text);
	buf_init(&what);
	line = syntax_fault(span_of(text), config_error_text(&tree), &what);
	snprintf(said, sizeof(said), "%u: %s",
		 line ? line : (unsigned)config_error_line(&tree), what.data);
	buf_release(&what);
	config_destroy(&tree);
	return said;
}

static const struct {
	const char *text, *said;
} faults[] = {
	{"a = 1;\nb = \"c;\n",
	 "2: syntax error: the last text is not closed, its second quote is "
	 "missing"},
	{"a = {\n b = 1;\n\nc = 2;",
	 "4: syntax error: the file ends where a key or \"}\" has to be, for "
	 "the \"{\" in line 1"},
	{"a = [\"x\"\n; b = 1;",
	 "2: syntax error: \";\" stands where a \",\" or \"]\" has to be, for "
	 "the \"[\" in line 1"},
	{"a = ( 1 };",
	 "1: syntax error: \"}\" stands where a \",\" or \")\" has to be, for "
	 "the \"(\" in line 1"},
	{"a = [\"x\", ];",
	 "1: syntax error: \"]\" stands where a text in quotes, a number, "
	 "true, false or a bracket has to be"},
	{"a = 5xx;",
	 "1: syntax error: \"5xx\" stands where a text in quotes, a "
	 "number, true, false or a bracket has to be"},
	{"a = \xe2\x80\x9cx\xe2\x80\x9d;",
	 "1: syntax error: \"\xe2\x80\x9c\" stands where a text in quotes, a "
	 "number, true, false or a bracket has to be"},
	{"# a comment\n/* one\n more */ a b = 1; // and one",
	 "3: syntax error: \"b\" stands where \"=\" or \":\" has to be, behind "
	 "a key of one word"},
	{"a = 1;; b = 2;", "1: syntax error: \";\" stands where a key has to "
			   "be, which begins with a letter"},
	{"a = \"x;\nb = \"y\";",
	 "2: syntax error: the text \"; stands where \"=\" or \":\" has to be, behind "
	 "a key of one word; the text that begins in line 1 goes on into the "
	 "next: is there a quote missing?"},
	{"a = \"x\\\"\" \"y\" b = \"z\nz\"; c = ;",
	 "2: syntax error: \";\" stands where a text in quotes, a number, true, "
	 "false or a bracket has to be; the text that begins in line 1 goes on "
	 "into the next: is there a quote missing?"},
	{"a = 1;\na = 2;",
	 "2: duplicate setting name: what has this name stands twice in the "
	 "same brackets or file: take one out"},
	{"a = [1, \"x\"];",
	 "1: mismatched element type in array: in [ ] all stand in quotes, or "
	 "none"},
};

START_TEST(a_mistake_is_named_where_it_is)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		ck_assert_str_eq(fault(faults[i].text), faults[i].said);
}
END_TEST

/* Whatever is in it: a file that nobody can read is no reason to die. */
START_TEST(brackets_without_end_come_to_one)
{
	char deep[4096] = "a = ";
	struct buf what;

	memset(deep + 4, '(', sizeof(deep) - 5);
	buf_init(&what);
	ck_assert_uint_eq(syntax_fault(span_of(deep), "syntax error", &what),
			  0);
	ck_assert_str_eq(what.data, "syntax error");
	buf_release(&what);
}
END_TEST

/* What libconfig takes is not to be found fault with. */
START_TEST(what_is_well_formed_has_no_fault)
{
	static const char text[] =
		"a = 1 b : 0x1fL, c = -2.5e3; d = TRUE\n"
		"e = ( { f = [ ]; }, ( ), [ 1, 2 ], \"x\" \"y\" ); *g-h_1 = {}";
	struct buf what;
	config_t tree;

	config_init(&tree);
	ck_assert_msg(config_read_string(&tree, text) == CONFIG_TRUE, "%s",
		      config_error_text(&tree));
	config_destroy(&tree);
	buf_init(&what);
	ck_assert_uint_eq(syntax_fault(span_of(text), "syntax error", &what),
			  0);
	buf_release(&what);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_mistake_is_named_where_it_is,
		brackets_without_end_come_to_one,
		what_is_well_formed_has_no_fault,
	};

	return RUN_TESTS("util/syntax", tests);
}
