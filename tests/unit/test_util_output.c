#include <stdint.h>
#include <string.h>

#include "run.h"
#include "util/hash.h"
#include "util/json.h"
#include "util/log.h"

START_TEST(json_writes_its_commas_itself)
{
	struct buf b;
	struct json j;

	buf_init(&b);
	json_init(&j, &b);
	json_object(&j);
	json_key_str(&j, "a", "x");
	json_key_int(&j, "b", INT64_MIN);
	json_key(&j, "c");
	json_array(&j);
	json_bool(&j, true);
	json_object(&j);
	json_object_end(&j);
	json_null(&j);
	json_array(&j);
	json_array_end(&j);
	json_array_end(&j);
	json_key_str(&j, "d", NULL);
	json_key_bool(&j, "e", false);
	json_object_end(&j);
	ck_assert_str_eq(b.data,
			 "{\"a\":\"x\",\"b\":-9223372036854775808,"
			 "\"c\":[true,{},null,[]],\"d\":null,\"e\":false}");
	buf_release(&b);
}
END_TEST

START_TEST(json_strings_are_one_line_of_valid_utf8)
{
	struct buf b;
	struct json j;

	buf_init(&b);
	json_init(&j, &b);
	json_span(&j, SPAN("\"\\/\n\r\t\x01\0\x7f\xff é\xe2\x80\xa8"));
	ck_assert_str_eq(b.data, "\"\\\"\\\\/\\n\\r\\t\\u0001\\u0000\\u007f"
				 "\xef\xbf\xbd é\\u2028\"");
	buf_release(&b);
}
END_TEST

static void nest_too_deep(void *out)
{
	struct json j;

	json_init(&j, out);
	for (int i = 0; i < JSON_MAX_DEPTH; i++)
		json_array(&j);
}

START_TEST(json_nested_too_deep_aborts)
{
	struct buf b;

	buf_init(&b);
	ck_assert(aborts(nest_too_deep, &b));
}
END_TEST

static void assert_hex(const uint8_t *digest, size_t n, const char *expected)
{
	char hex[2 * HASH_SHA256_BYTES + 1];

	hash_hex(digest, n, hex);
	ck_assert_str_eq(hex, expected);
}

START_TEST(digests_are_those_of_the_standards)
{
	uint8_t digest[HASH_SHA256_BYTES];

	hash_sha256("abc", 3, digest); /* FIPS 180-2 */
	assert_hex(digest, 32,
		   "ba7816bf8f01cfea414140de5dae2223"
		   "b00361a396177a9cb410ff61f20015ad");
	hash_sha256(NULL, 0, digest);
	assert_hex(digest, 32,
		   "e3b0c44298fc1c149afbf4c8996fb924"
		   "27ae41e4649b934ca495991b7852b855");
	/* RFC 4231, test case 2 */
	hash_hmac_sha256(SPAN("Jefe"), SPAN("what do ya want for nothing?"),
			 digest);
	assert_hex(digest, 32,
		   "5bdcc146bf60754e6a042426089575c7"
		   "5a003f089d2739839dec58b964ec3843");
	hash_hex(NULL, 0, (char[1]){'x'});
}
END_TEST

START_TEST(a_message_key_does_not_see_carriage_returns)
{
	uint8_t a[MESSAGE_KEY_BYTES], b[MESSAGE_KEY_BYTES];

	hash_message_key("x\r\ny\r\r\n", 7, a);
	hash_message_key("x\ny\n", 4, b);
	ck_assert_mem_eq(a, b, sizeof(a));
	hash_message_key("abc", 3, a);
	assert_hex(a, sizeof(a), "ba7816bf8f01cfea414140de5dae2223");
	hash_message_key("\r\r", 2, a);
	assert_hex(a, sizeof(a), "e3b0c44298fc1c149afbf4c8996fb924");
}
END_TEST

START_TEST(a_message_key_sees_the_first_256_kib)
{
	size_t n = MESSAGE_KEY_SPAN + 1;
	char *bytes = calloc(1, n);
	uint8_t a[MESSAGE_KEY_BYTES], b[MESSAGE_KEY_BYTES];

	ck_assert_ptr_nonnull(bytes);
	hash_message_key(bytes, n, a);
	bytes[n - 1] = 'x';
	hash_message_key(bytes, n, b);
	ck_assert_mem_eq(a, b, sizeof(a));
	bytes[n - 2] = 'x';
	hash_message_key(bytes, n, b);
	ck_assert_mem_ne(a, b, sizeof(a));
	free(bytes);
}
END_TEST

/* Runs function with standard error in a pipe; caller frees the text. */
static char *captured(void (*function)(void))
{
	char *text = calloc(1, 4096);
	int fds[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_ge(dup2(fds[1], STDERR_FILENO), 0);
	close(fds[1]);
	function();
	ck_assert_int_ge(dup2(saved, STDERR_FILENO), 0);
	close(saved);
	n = read(fds[0], text, 4095);
	ck_assert_int_ge(n, 0);
	close(fds[0]);
	return text;
}

static void log_two_levels(void)
{
	unsetenv("JOURNAL_STREAM");
	log_init("tester", LOG_LEVEL_WARNING);
	log_msg(LOG_LEVEL_INFO, "not this");
	log_msg(LOG_LEVEL_WARNING, "but %s\x1b\n", "this");
}

START_TEST(only_what_the_level_asks_for_is_logged)
{
	char *text = captured(log_two_levels);

	ck_assert_str_eq(text, "tester: but this\\x1b\\x0a\n");
	free(text);
}
END_TEST

static void log_fields(void)
{
	struct log_line l;

	setenv("JOURNAL_STREAM", "8:1", 1);
	log_init("tester", LOG_LEVEL_INFO);
	log_begin(&l, LOG_LEVEL_INFO, "message");
	log_field(&l, "kind", "bounce");
	log_field(&l, "text", "a \"b\"\n\\");
	log_field(&l, "none", NULL);
	log_field_int(&l, "ms", -3);
	log_end(&l);
	log_begin(&l, LOG_LEVEL_DEBUG, "hidden");
	log_end(&l);
	unsetenv("JOURNAL_STREAM");
}

START_TEST(a_structured_line_quotes_what_has_spaces)
{
	char *text = captured(log_fields);

	ck_assert_str_eq(text, "<6>message kind=bounce "
			       "text=\"a \\\"b\\\"\\x0a\\\\\" none=\"\" "
			       "ms=-3\n");
	free(text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		json_writes_its_commas_itself,
		json_strings_are_one_line_of_valid_utf8,
		json_nested_too_deep_aborts,
		digests_are_those_of_the_standards,
		a_message_key_does_not_see_carriage_returns,
		a_message_key_sees_the_first_256_kib,
		only_what_the_level_asks_for_is_logged,
		a_structured_line_quotes_what_has_spaces,
	};

	return RUN_TESTS("util/output", tests);
}
