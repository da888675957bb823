/* Signed return paths: what they prove, and everything they must refuse. */
#include <string.h>

#include "trust/base32.h"
#include "trust_report.h"
#include "util/hash.h"

static const struct trust_key keys[] = {
	{.id = 'k', .secret = {"0123456789abcdef0123", 20}},
	{.id = 'm', .secret = {"another secret of ours", 22}},
};
static struct trust_settings settings;
static char local[65], path[128];

static void setup(void)
{
	trust_settings_init(&settings);
	settings.bounce_domain = "bounce.news.example";
	settings.keys = keys;
	settings.key_count = LENGTH(keys);
}

static const char *path_for(const char *address, int64_t at_s)
{
	setup();
	ck_assert_int_eq(trust_token_make(&settings, "spring", "news", address,
					  at_s, local),
			 0);
	ck_assert_uint_le(strlen(local), 64);
	snprintf(path, sizeof(path), "%s@bounce.news.example", local);
	return path;
}

static struct trust_result judge_with(const char *token, const char *address)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;

	fact.address = address;
	r.tokens[0] = token;
	r.token_count = 1;
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	return result;
}

START_TEST(base32_is_that_of_rfc_4648_in_lower_case)
{
	static const struct {
		const char *bytes, *text;
	} rows[] = {{"", ""},
		    {"f", "my"},
		    {"fo", "mzxq"},
		    {"foo", "mzxw6"},
		    {"foob", "mzxw6yq"},
		    {"fooba", "mzxw6ytb"},
		    {"foobar", "mzxw6ytboi"}};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t n = strlen(rows[i].bytes), chars = strlen(rows[i].text);
		char text[16];
		uint8_t bytes[16];

		ck_assert_uint_eq(BASE32_CHARS(n), chars);
		base32_encode((const uint8_t *)rows[i].bytes, n, text);
		ck_assert_mem_eq(text, rows[i].text, chars);
		ck_assert_int_eq(base32_decode(span_of(rows[i].text), bytes,
					       sizeof(bytes)),
				 (int)n);
		ck_assert_mem_eq(bytes, rows[i].bytes, n);
	}
}
END_TEST

START_TEST(base32_has_one_spelling)
{
	static const char *const wrong[] = {"m",    "mz1q", "mzx",	"mzxr",
					    "mz=q", "my a", "mzxw6ytba"};
	uint8_t bytes[4];

	for (size_t i = 0; i < LENGTH(wrong); i++)
		ck_assert_int_eq(
			base32_decode(span_of(wrong[i]), bytes, sizeof(bytes)),
			-1);
	ck_assert_int_eq(base32_decode(SPAN("MZXW6"), bytes, 4), 3);
	ck_assert_int_eq(base32_decode(SPAN("mzxw6ytb"), bytes, 4), -1);
}
END_TEST

START_TEST(a_token_names_its_recipient_send_and_stream)
{
	const char *token = path_for("ann@shop.example", NOW);
	struct trust_result r = judge_with(token, "Ann@Shop.Example");

	ck_assert_int_eq(r.evidence, EVIDENCE_TOKEN);
	ck_assert(r.token.valid);
	ck_assert(!r.forwarded);
	ck_assert_str_eq(r.token.address, "ann@shop.example");
	ck_assert_str_eq(r.token.send, "spring");
	ck_assert_str_eq(r.token.stream, "news");
	ck_assert_int_eq(r.token.issued_s, NOW / DAY * DAY);
}
END_TEST

START_TEST(case_and_brackets_do_not_matter)
{
	const char *token = path_for("ann@shop.example", NOW);
	char shouted[140];

	snprintf(shouted, sizeof(shouted), "<%s>", token);
	for (char *p = shouted; *p; p++) {
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	}
	ck_assert_int_eq(judge_with(shouted, "ann@shop.example").evidence,
			 EVIDENCE_TOKEN);
}
END_TEST

START_TEST(a_token_for_somebody_else_has_failed)
{
	const char *token = path_for("bob@shop.example", NOW);
	struct trust_result r = judge_with(token, "carol@shop.example");

	ck_assert_int_eq(r.evidence, EVIDENCE_FAILED);
	ck_assert(!r.token.valid);
}
END_TEST

START_TEST(any_changed_character_fails_or_is_no_token)
{
	char changed[128];
	size_t at = strlen("b-");

	path_for("ann@shop.example", NOW);
	for (; local[at] != '\0'; at++) {
		struct trust_result r;

		snprintf(changed, sizeof(changed), "%s", path);
		changed[at] = changed[at] == 'q' ? 'r' : 'q';
		r = judge_with(changed, "ann@shop.example");
		ck_assert_int_ne(r.evidence, EVIDENCE_TOKEN);
		ck_assert(!r.token.valid);
	}
	/* The last character of the MAC decides as much as the first. */
	snprintf(changed, sizeof(changed), "%s", path);
	changed[at - 1] = changed[at - 1] == 'q' ? 'r' : 'q';
	ck_assert_int_eq(judge_with(changed, "ann@shop.example").evidence,
			 EVIDENCE_FAILED);
}
END_TEST

START_TEST(bytes_cannot_move_between_payload_and_recipient)
{
	/* Made for "sann@...", shown as stream "news" + "s" for "ann@...". */
	uint8_t payload[64], mac[HASH_SHA256_BYTES];
	char forged[128];
	struct buf b;

	ck_assert_int_eq(
		(setup(), trust_token_make(&settings, "x", "new",
					   "sann@shop.example", NOW, local)),
		0);
	ck_assert_int_eq(base32_decode(span_make(local + 3, BASE32_CHARS(7)),
				       payload, sizeof(payload)),
			 7);
	payload[7] = 's';
	memcpy(forged, local, 3);
	base32_encode(payload, 8, forged + 3);
	memcpy(forged + 3 + BASE32_CHARS(8), local + 3 + BASE32_CHARS(7), 17);
	ck_assert_int_eq(judge_with(forged, "ann@shop.example").evidence,
			 EVIDENCE_FAILED);
	/* The same bytes with the right MAC would have been a token. */
	buf_init(&b);
	buf_add_str(&b, "dsnd1");
	buf_add_char(&b, 8);
	buf_add(&b, payload, 8);
	buf_add_str(&b, "ann@shop.example");
	hash_hmac_sha256(keys[0].secret, span_make(b.data, b.len), mac);
	base32_encode(mac, 10, forged + 3 + BASE32_CHARS(8));
	buf_release(&b);
	ck_assert_int_eq(judge_with(forged, "ann@shop.example").evidence,
			 EVIDENCE_TOKEN);
}
END_TEST

START_TEST(a_token_is_good_for_thirty_days)
{
	ck_assert_int_eq(
		judge_with(path_for("ann@shop.example", NOW - 30 * DAY),
			   "ann@shop.example")
			.evidence,
		EVIDENCE_TOKEN);
	ck_assert_int_eq(
		judge_with(path_for("ann@shop.example", NOW - 31 * DAY),
			   "ann@shop.example")
			.evidence,
		EVIDENCE_UNPROVED);
	/* An expired one for somebody else is still wrong. */
	ck_assert_int_eq(
		judge_with(path_for("bob@shop.example", NOW - 31 * DAY),
			   "carol@shop.example")
			.evidence,
		EVIDENCE_FAILED);
}
END_TEST

START_TEST(a_retired_key_proves_nothing_and_signs_nothing)
{
	const char *token = path_for("ann@shop.example", NOW);
	struct trust_key retired = keys[0];

	settings.keys = &keys[1];
	settings.key_count = 1;
	ck_assert_int_eq(judge_with(token, "ann@shop.example").evidence,
			 EVIDENCE_UNPROVED);
	/* What was signed on its last day is dated by that day's beginning. */
	retired.not_after_s = NOW - NOW % DAY;
	settings.keys = &retired;
	ck_assert_int_eq(judge_with(token, "ann@shop.example").evidence,
			 EVIDENCE_UNPROVED);
	retired.not_after_s++;
	ck_assert_int_eq(judge_with(token, "ann@shop.example").evidence,
			 EVIDENCE_TOKEN);
	retired.not_after_s = NOW;
	ck_assert_int_eq(
		trust_token_make(&settings, "a", "", "a@b.example", NOW, local),
		-1);
	ck_assert_int_eq(trust_token_make(&settings, "a", "", "a@b.example",
					  NOW - 1, local),
			 0);
}
END_TEST

START_TEST(a_return_path_of_another_domain_is_no_token)
{
	char other[128];

	path_for("ann@shop.example", NOW);
	snprintf(other, sizeof(other), "%s@bounce.other.example", local);
	ck_assert_int_eq(judge_with(other, "ann@shop.example").evidence,
			 EVIDENCE_UNPROVED);
	/* An envelope id may be the token alone. */
	ck_assert_int_eq(judge_with(local, "ann@shop.example").evidence,
			 EVIDENCE_TOKEN);
}
END_TEST

START_TEST(tokens_of_two_recipients_contradict)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;
	char first[128];

	fact.final = "bob@shop.example";
	snprintf(first, sizeof(first), "%s", path_for("ann@shop.example", NOW));
	r.tokens[0] = first;
	r.token_count = 1;
	r.returned.return_path = path_for("ann@shop.example", NOW - DAY);
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_TOKEN);
	r.returned.return_path = path_for("bob@shop.example", NOW);
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_FAILED);
	ck_assert(!result.token.valid);
}
END_TEST

START_TEST(a_token_that_is_too_old_spoils_no_good_one)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;
	char young[128], old[128];

	snprintf(young, sizeof(young), "%s", path_for("ann@shop.example", NOW));
	snprintf(old, sizeof(old), "%s",
		 path_for("ann@shop.example", NOW - 40 * DAY));
	r.token_count = 1;
	for (int turn = 0; turn < 2; turn++) {
		r.tokens[0] = turn ? old : young;
		r.returned.return_path = turn ? young : old;
		trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
		ck_assert_int_eq(result.evidence, EVIDENCE_TOKEN);
	}
}
END_TEST

START_TEST(the_bound_address_beats_the_one_in_the_report)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;

	fact.address = "ann.private@elsewhere.example";
	r.envelope_id = path_for("ann@shop.example", NOW);
	trust_judge(&settings, &r, &fact, NOW, NULL, NULL, &result);
	ck_assert_int_eq(result.evidence, EVIDENCE_TOKEN);
	ck_assert_str_eq(result.token.address, "ann@shop.example");
	ck_assert(result.forwarded);
}
END_TEST

START_TEST(what_does_not_fit_64_octets_is_not_made)
{
	setup();
	ck_assert_int_eq(trust_token_make(&settings,
					  "an-identifier-of-25-chars", "",
					  "a@b.example", NOW, local),
			 0);
	ck_assert_uint_eq(strlen(local), 64);
	ck_assert_int_eq(trust_token_make(&settings,
					  "an-identifier-of-25-chars", "x",
					  "a@b.example", NOW, local),
			 -1);
	settings.key_count = 0;
	ck_assert_int_eq(
		trust_token_make(&settings, "a", "", "a@b.example", NOW, local),
		-1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		base32_is_that_of_rfc_4648_in_lower_case,
		base32_has_one_spelling,
		a_token_names_its_recipient_send_and_stream,
		case_and_brackets_do_not_matter,
		a_token_for_somebody_else_has_failed,
		any_changed_character_fails_or_is_no_token,
		bytes_cannot_move_between_payload_and_recipient,
		a_token_is_good_for_thirty_days,
		a_retired_key_proves_nothing_and_signs_nothing,
		a_return_path_of_another_domain_is_no_token,
		tokens_of_two_recipients_contradict,
		a_token_that_is_too_old_spoils_no_good_one,
		the_bound_address_beats_the_one_in_the_report,
		what_does_not_fit_64_octets_is_not_made,
	};

	return RUN_TESTS("trust_token", tests);
}
