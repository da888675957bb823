#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "mailbox/imap_name.h"
#include "mailbox/secret.h"
#include "util/buf.h"

#include "run.h"

/* What the IMAP driver can do without a server. */

static void named(const char *configured, const char *prefix, char delimiter,
		  const char *expected)
{
	struct buf name;

	buf_init(&name);
	imap_name(&name, configured, prefix, delimiter);
	ck_assert_str_eq(name.data, expected);
	buf_release(&name);
}

START_TEST(folder_names_are_modified_utf7)
{
	/* The examples of RFC 3501, 5.1.3, and what they leave out. */
	named("~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/"
	      "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
	      "", '/', "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
	named("a & b", "", '/', "a &- b");
	named("\xc3\xa4", "", '/', "&AOQ-");
	named("\xf0\x9f\x93\xa7!", "", '/', "&2D3c5w-!");
}
END_TEST

START_TEST(folder_names_fit_the_server)
{
	named(".Processed", "", '/', "Processed");
	named("Bounces/Done", "", '.', "Bounces.Done");
	named("Bounces/Done", "", '\0', "Bounces/Done");
	named(".Processed", "INBOX.", '.', "INBOX.Processed");
	named("INBOX.Processed", "INBOX.", '.', "INBOX.Processed");
	named("inbox", "INBOX.", '.', "INBOX");
}
END_TEST

/* Writes a file of that mode; what reading it says, or the password. */
static const char *read_secret(const char *content, mode_t mode)
{
	static const char path[] = "imap-secret";
	static char said[512];
	struct error err = {ERROR_NONE, ""};
	struct buf password;
	char folder[] = "/tmp/dsnd-imap-XXXXXX";
	char full[64];
	FILE *f;
	int rc;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(full, sizeof full, "%s/%s", folder, path);
	f = fopen(full, "w");
	ck_assert_ptr_nonnull(f);
	fputs(content, f);
	fclose(f);
	chmod(full, mode);
	buf_init(&password);
	rc = secret_read_file(full, &password, &err);
	unlink(full);
	rmdir(folder);
	snprintf(said, sizeof said, "%s", rc == 0 ? password.data : err.text);
	buf_release(&password);
	return said;
}

START_TEST(the_first_line_of_the_file_is_the_password)
{
	ck_assert_str_eq(read_secret("s3cret word\nsecond\n", 0600),
			 "s3cret word");
	ck_assert_str_eq(read_secret("no end of line", 0640), "no end of line");
	ck_assert_ptr_nonnull(strstr(read_secret("\nsecond\n", 0600),
				     "its first line is no password"));
}
END_TEST

START_TEST(a_password_that_others_can_read_is_refused)
{
	ck_assert_ptr_nonnull(strstr(read_secret("x\n", 0644), "mode is 0644"));
	ck_assert_ptr_nonnull(strstr(read_secret("x\n", 0660), "mode is 0660"));
}
END_TEST

int main(void)
{
	const TTest *tests[] = {
		folder_names_are_modified_utf7,
		folder_names_fit_the_server,
		the_first_line_of_the_file_is_the_password,
		a_password_that_others_can_read_is_refused,
	};

	return RUN_TESTS("mailbox_imap", tests);
}
