/*
 * Our DKIM signature on returned headers, made here with fresh keys: which
 * changes on the way it survives and which it must not.
 */
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "trust/dkim.h"
#include "trust_report.h"
#include "util/hash.h"

#define SIGNED_AT (NOW - 2 * DAY)

static gnutls_privkey_t private_key;
static char public_base64[2048];
static struct trust_dkim_key key = {.domain = "news.example",
				    .selector = "s1",
				    .public_key = public_base64,
				    .type = "rsa"};
static struct trust_settings settings;
static struct buf block; /* the returned headers */

static void export_public_key(bool ed25519)
{
	gnutls_pubkey_t pub;
	gnutls_datum_t bytes, text;
	gnutls_ecc_curve_t curve;

	ck_assert_int_eq(gnutls_pubkey_init(&pub), 0);
	ck_assert_int_eq(gnutls_pubkey_import_privkey(pub, private_key, 0, 0),
			 0);
	if (ed25519)
		ck_assert_int_eq(
			gnutls_pubkey_export_ecc_raw(pub, &curve, &bytes, NULL),
			0);
	else
		ck_assert_int_eq(
			gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_DER, &bytes),
			0);
	ck_assert_int_eq(gnutls_base64_encode2(&bytes, &text), 0);
	ck_assert_uint_lt(text.size, sizeof(public_base64));
	memcpy(public_base64, text.data, text.size);
	public_base64[text.size] = '\0';
	gnutls_free(text.data);
	gnutls_free(bytes.data);
	gnutls_pubkey_deinit(pub);
}

static void make_key(bool ed25519, unsigned bits)
{
	ck_assert_int_eq(gnutls_privkey_init(&private_key), 0);
	ck_assert_int_eq(
		gnutls_privkey_generate(private_key,
					ed25519 ? GNUTLS_PK_EDDSA_ED25519
						: GNUTLS_PK_RSA,
					bits, 0),
		0);
	export_public_key(ed25519);
	key.type = ed25519 ? "ed25519" : "rsa";
	trust_settings_init(&settings);
	settings.dkim_keys = &key;
	settings.dkim_key_count = 1;
}

/* A signature over canonical text that a test writes by hand. */
static void sign(bool ed25519, const char *canonical, struct buf *out)
{
	uint8_t hash[HASH_SHA256_BYTES];
	gnutls_datum_t message = {hash, sizeof(hash)}, signature, text;
	int rc;

	hash_sha256(canonical, strlen(canonical), hash);
	if (ed25519)
		rc = gnutls_privkey_sign_data2(private_key,
					       GNUTLS_SIGN_EDDSA_ED25519, 0,
					       &message, &signature);
	else
		rc = gnutls_privkey_sign_hash2(private_key,
					       GNUTLS_SIGN_RSA_SHA256, 0,
					       &message, &signature);
	ck_assert_int_eq(rc, 0);
	ck_assert_int_eq(gnutls_base64_encode2(&signature, &text), 0);
	buf_add(out, text.data, text.size);
	gnutls_free(text.data);
	gnutls_free(signature.data);
}

static const char fields[] =
	"From: Our News <news@news.example>\r\n"
	"To: \"Ann, of the Shop\"\r\n <Ann@shop.example>\r\n"
	"Subject: Spring\r\n"
	"Message-ID: <c1.r7@news.example>\r\n";
static const char relaxed_fields[] =
	"from:Our News <news@news.example>\r\n"
	"to:\"Ann, of the Shop\" <Ann@shop.example>\r\n"
	"subject:Spring\r\n"
	"message-id:<c1.r7@news.example>\r\n";

/* What stands before and behind the signature in its tag b. */
static void make_signed(bool ed25519, bool simple, const char *before,
			const char *behind)
{
	struct buf canonical, sig;

	buf_init(&canonical);
	buf_init(&sig);
	buf_add_str(&canonical, simple ? fields : relaxed_fields);
	buf_addf(&canonical, "%s%s%s",
		 simple ? "DKIM-Signature: " : "dkim-signature:", before,
		 behind);
	sign(ed25519, canonical.data, &sig);
	buf_init(&block);
	buf_addf(&block, "DKIM-Signature: %s", before);
	/* Folded as signers do: the hash leaves b= out. */
	buf_add(&block, sig.data, sig.len / 2);
	buf_add_str(&block, "\r\n\t");
	buf_add_str(&block, sig.data + sig.len / 2);
	buf_addf(&block, "%s\r\n%s", behind, fields);
	buf_release(&sig);
	buf_release(&canonical);
}

/* The block with its signature on top, c=relaxed or c=simple. */
static void make_block(bool ed25519, bool simple, const char *h, int64_t t_s)
{
	struct buf tags;

	buf_init(&tags);
	buf_addf(&tags,
		 "v=1; a=%s-sha256; c=%s; d=news.example; s=s1; t=%lld; "
		 "bh=AAAA; h=%s; b=",
		 ed25519 ? "ed25519" : "rsa",
		 simple ? "simple/simple" : "relaxed", (long long)t_s, h);
	make_signed(ed25519, simple, tags.data, "");
	buf_release(&tags);
}

#define PLAIN "From:To:Subject:Message-ID"

static void make_relaxed(void)
{
	make_key(false, 2048);
	make_block(false, false, PLAIN, SIGNED_AT);
}

/* The first `from` in the block becomes `to`. */
static void replace(const char *from, const char *to)
{
	size_t at = span_find(span_make(block.data, block.len), span_of(from));
	struct buf out;

	ck_assert_uint_ne(at, SPAN_NONE);
	buf_init(&out);
	buf_add(&out, block.data, at);
	buf_add_str(&out, to);
	buf_add_str(&out, block.data + at + strlen(from));
	buf_release(&block);
	block = out;
}

static enum evidence judge_for(const char *address, int64_t at_s)
{
	struct fact fact = ann_failed;
	struct report r = a_report(&fact, 1);
	struct trust_result result;

	fact.address = address;
	r.returned.headers = span_make(block.data, block.len);
	trust_judge(&settings, &r, &fact, at_s, NULL, NULL, &result);
	return result.evidence;
}

static enum evidence judge_block(void)
{
	return judge_for("ann@Shop.example", NOW);
}

static void discard(void)
{
	buf_release(&block);
	gnutls_privkey_deinit(private_key);
}

START_TEST(every_algorithm_and_canonicalisation_verifies)
{
	for (int i = 0; i < 4; i++) {
		bool ed25519 = i & 1, simple = i & 2;

		make_key(ed25519, ed25519 ? 0 : 2048);
		make_block(ed25519, simple, PLAIN, SIGNED_AT);
		ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
		replace("Spring", "Autumn");
		ck_assert_int_eq(judge_block(), EVIDENCE_FAILED);
		discard();
	}
}
END_TEST

START_TEST(the_tag_b_stands_anywhere)
{
	static const char tags[] = "v=1; a=rsa-sha256; d=news.example; s=s1; "
				   "t=1727870400; h=" PLAIN;
	struct buf relaxed, before;

	ck_assert_int_eq(SIGNED_AT, 1727870400);
	buf_init(&relaxed);
	buf_init(&before);
	buf_addf(&relaxed, "%s; c=relaxed; bb=x; b=", tags);
	buf_addf(&before, "%s; b=", tags);
	make_key(false, 2048);
	make_signed(false, false, relaxed.data, "; bh=AAAA");
	ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
	buf_release(&block);
	/* Without c= it is simple. */
	make_signed(false, true, before.data, "; bh=AAAA");
	ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
	buf_release(&relaxed);
	buf_release(&before);
	discard();
}
END_TEST

START_TEST(what_is_no_signature_has_failed)
{
	make_key(false, 2048);
	buf_init(&block);
	buf_addf(&block,
		 "DKIM-Signature: v=1; a=rsa-sha256; d=news.example; s=s1; "
		 "t=1; h=" PLAIN "; b=()\r\n%s",
		 fields);
	ck_assert_int_eq(judge_block(), EVIDENCE_FAILED);
	discard();
}
END_TEST

START_TEST(who_got_a_copy_cannot_speak_for_the_first)
{
	make_relaxed();
	replace("\r\nSubject:", "\r\nCc: bob@shop.example\r\nSubject:");
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	replace("Cc: bob@shop.example", "Cc: ");
	ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
	replace("\r\nCc: ", "\r\nBcc: carl@shop.example");
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	discard();
}
END_TEST

START_TEST(relaxed_survives_what_mail_systems_do)
{
	static const char *const changes[][2] = {
		{"Subject: Spring", "Subject:\r\n\tSpring  "},
		{"Subject: Spring", "SUBJECT: Spring"},
		{"Subject: Spring", "Subject : Spring"},
		{"DKIM-Sig", "Received: by relay.example; now\r\nDKIM-Sig"},
		{"Subject: Spring\r\n", "Subject: Spring\r\nX-Spam: no\r\n"},
		{"v=1; a=", "v=1;\r\n\ta="},
	};

	for (size_t i = 0; i < LENGTH(changes); i++) {
		make_relaxed();
		replace(changes[i][0], changes[i][1]);
		ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
		discard();
	}
}
END_TEST

START_TEST(simple_survives_nothing)
{
	make_key(false, 2048);
	make_block(false, true, PLAIN, SIGNED_AT);
	replace("Subject: Spring", "Subject:  Spring");
	ck_assert_int_eq(judge_block(), EVIDENCE_FAILED);
	discard();
}
END_TEST

START_TEST(a_changed_recipient_has_failed)
{
	make_relaxed();
	replace("<Ann@shop.example>", "<bob@shop.example>");
	ck_assert_int_eq(judge_for("bob@shop.example", NOW), EVIDENCE_FAILED);
	discard();
}
END_TEST

START_TEST(a_second_to_on_top_or_below_is_refused)
{
	make_relaxed();
	replace("DKIM-Sig", "To: bob@shop.example\r\nDKIM-Sig");
	ck_assert_int_eq(judge_for("bob@shop.example", NOW), EVIDENCE_FAILED);
	ck_assert_int_eq(judge_block(), EVIDENCE_FAILED);
	discard();
	make_relaxed();
	buf_add_str(&block, "To: bob@shop.example\r\n");
	ck_assert_int_eq(judge_for("bob@shop.example", NOW), EVIDENCE_FAILED);
	discard();
}
END_TEST

START_TEST(oversigned_names_may_be_missing)
{
	make_key(false, 2048);
	make_block(false, false, PLAIN ":To:From:Message-ID", SIGNED_AT);
	ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
	discard();
}
END_TEST

START_TEST(a_genuine_block_says_nothing_of_other_people)
{
	make_relaxed();
	ck_assert_int_eq(judge_for("bob@shop.example", NOW), EVIDENCE_UNPROVED);
	discard();
}
END_TEST

START_TEST(a_signature_is_good_for_thirty_days)
{
	make_relaxed();
	ck_assert_int_eq(judge_for("ann@shop.example", SIGNED_AT + 30 * DAY),
			 EVIDENCE_DKIM);
	ck_assert_int_eq(
		judge_for("ann@shop.example", SIGNED_AT + 30 * DAY + 1),
		EVIDENCE_UNPROVED);
	ck_assert_int_eq(judge_for("ann@shop.example", SIGNED_AT - DAY - 1),
			 EVIDENCE_UNPROVED);
	discard();
}
END_TEST

START_TEST(a_shortened_block_cannot_be_judged)
{
	make_relaxed();
	replace("Subject: Spring\r\n", "");
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	discard();
}
END_TEST

START_TEST(only_keys_of_ours_count)
{
	make_relaxed();
	replace("d=news.example", "d=else.example");
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	replace("d=else.example", "d=news.example");
	ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
	replace("s=s1", "s=s2");
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	replace("s=s2", "s=s1");
	replace("a=rsa-sha256", "a=rsa-sha1");
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	settings.dkim_key_count = 0;
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	discard();
}
END_TEST

START_TEST(a_key_nobody_should_use_proves_nothing)
{
	make_key(false, 512);
	make_block(false, false, PLAIN, SIGNED_AT);
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	memcpy(public_base64, "bm8ga2V5", 9);
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	discard();
}
END_TEST

START_TEST(one_good_signature_is_enough)
{
	struct buf first;

	make_relaxed();
	first = block;
	buf_init(&block);
	/* One of ours that does not fit stands above the one that does. */
	buf_add_str(&block, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; "
			    "d=news.example; s=s1; t=1; h=From:To; b=AAAA\r\n");
	buf_add(&block, first.data, first.len);
	ck_assert_int_eq(judge_block(), EVIDENCE_DKIM);
	buf_release(&first);
	discard();
}
END_TEST

START_TEST(an_endless_list_of_names_is_not_hashed)
{
	make_relaxed();
	discard();
	make_key(false, 2048);
	buf_init(&block);
	buf_add_str(&block, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; "
			    "d=news.example; s=s1; b=AAAA; h=To");
	for (int i = 0; i < 20000; i++)
		buf_add_str(&block, ":To");
	buf_addf(&block, "\r\n%s", fields);
	ck_assert_int_eq(judge_block(), EVIDENCE_UNPROVED);
	discard();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		every_algorithm_and_canonicalisation_verifies,
		the_tag_b_stands_anywhere,
		what_is_no_signature_has_failed,
		who_got_a_copy_cannot_speak_for_the_first,
		relaxed_survives_what_mail_systems_do,
		simple_survives_nothing,
		a_changed_recipient_has_failed,
		a_second_to_on_top_or_below_is_refused,
		oversigned_names_may_be_missing,
		a_genuine_block_says_nothing_of_other_people,
		a_signature_is_good_for_thirty_days,
		a_shortened_block_cannot_be_judged,
		only_keys_of_ours_count,
		a_key_nobody_should_use_proves_nothing,
		one_good_signature_is_enough,
		an_endless_list_of_names_is_not_hashed,
	};

	return RUN_TESTS("trust_dkim", tests);
}
