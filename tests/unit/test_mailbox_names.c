#include <check.h>
#include <string.h>

#include "mailbox/mailbox.h"
#include "mailbox/maildir_name.h"

/* Names of files in a Maildir, as other programs write them. */

static const struct {
	const char *name;
	size_t unique;
	bool seen;
	const char *then; /* its name once it is seen */
} names[] = {
	{"1.a.host", 8, false, "1.a.host:2,S"},
	{"1.a.host:2,", 8, false, "1.a.host:2,S"},
	{"1.a.host:2,S", 8, true, "1.a.host:2,S"},
	{"1.a.host:2,FRT", 8, false, "1.a.host:2,FRST"},
	{"1.a.host:2,Sab", 8, true, "1.a.host:2,Sab"},
	{"1.a.host:2,ab", 8, false, "1.a.host:2,Sab"},
	{"1.a,S=100,W=102:2,T", 15, false, "1.a,S=100,W=102:2,ST"},
	{"1.a:1,x", 3, false, "1.a:2,S"},
	{"odd:name", 8, false, "odd:name:2,S"},
	{"odd:2,name:2,R", 10, false, "odd:2,name:2,RS"},
};

START_TEST(names_are_taken_apart_and_put_together)
{
	char out[MAILDIR_NAME_BYTES];
	const char *name = names[_i].name;

	ck_assert_uint_eq(maildir_name_unique(name), names[_i].unique);
	ck_assert(maildir_name_has(name, 'S') == names[_i].seen);
	maildir_name_seen(name, 0, out);
	ck_assert_str_eq(out, names[_i].then);
}
END_TEST

START_TEST(a_copy_has_its_number_before_the_flags)
{
	char out[MAILDIR_NAME_BYTES];

	maildir_name_seen("1.a:2,R", 3, out);
	ck_assert_str_eq(out, "1.a.copy3:2,RS");
}
END_TEST

START_TEST(a_name_without_room_for_flags_is_cut)
{
	char name[MAILDIR_NAME_BYTES], out[MAILDIR_NAME_BYTES];

	memset(name, 'x', sizeof name);
	name[255] = '\0';
	maildir_name_seen(name, 0, out);
	ck_assert_uint_eq(strlen(out), 255);
	ck_assert_str_eq(out + 250, "x:2,S");
	maildir_name_seen(name, 7, out);
	ck_assert_uint_eq(strlen(out), 255);
	ck_assert_str_eq(out + 244, "x.copy7:2,S");
	name[251] = '\0';
	maildir_name_seen(name, 0, out);
	ck_assert_uint_eq(strlen(out), 255);
}
END_TEST

START_TEST(an_unknown_type_of_mailbox_has_no_driver)
{
	ck_assert_ptr_nonnull(mailbox_driver_find("maildir"));
	ck_assert_ptr_null(mailbox_driver_find("mbox"));
	ck_assert_ptr_null(mailbox_driver_find(""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mailbox_names");
	TCase *tc = tcase_create("names");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tc, names_are_taken_apart_and_put_together, 0,
			    sizeof names / sizeof *names);
	tcase_add_test(tc, a_copy_has_its_number_before_the_flags);
	tcase_add_test(tc, a_name_without_room_for_flags_is_cut);
	tcase_add_test(tc, an_unknown_type_of_mailbox_has_no_driver);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
