#include <string.h>

#include "run.h"
#include "util/address.h"

struct pair {
	const char *raw, *expected;
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void check_clean(const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf out;

		buf_init(&out);
		ck_assert_msg(address_clean(&out, span_of(pairs[i].raw)) == 0,
			      "refused: %s", pairs[i].raw);
		ck_assert_str_eq(out.data, pairs[i].expected);
		buf_release(&out);
	}
}

START_TEST(wrappings_are_taken_off_in_any_order)
{
	static const struct pair pairs[] = {
		{"user@example.org", "user@example.org"},
		{" \tUser.Name@Example.ORG\r\n", "User.Name@Example.ORG"},
		{"<user@example.org>", "user@example.org"},
		{"<<user@example.org>>", "user@example.org"},
		{"A. User <user@example.org>", "user@example.org"},
		{"\"<odd>, name\" <user@example.org>", "user@example.org"},
		{"'user@example.org'", "user@example.org"},
		{"\"user@example.org\"", "user@example.org"},
		{"mailto:user@example.org?subject=x", "user@example.org"},
		{"SMTP:user@example.org", "user@example.org"},
		{"<MAILTO:'user@example.org.'>", "user@example.org"},
		{"user@example.org.", "user@example.org"},
		{"user@example.org\xc2\xa0", "user@example.org"},
		{"\xef\xbb\xbf\xe2\x80\x8b <user@example.org> \xc2\xa0 ",
		 "user@example.org"},
		{"\xc3\xa9@example.org\xe2\x80\x8b", "\xc3\xa9@example.org"},
	};

	check_clean(pairs, COUNT(pairs));
}
END_TEST

START_TEST(a_source_route_is_no_part_of_the_address)
{
	static const struct pair pairs[] = {
		{"@a,@b:user@host", "user@host"},
		{"<@a.example,@b.example:user@host.example>",
		 "user@host.example"},
		{"@[IPv6:2001:db8::1]:user@host", "user@host"},
	};

	check_clean(pairs, COUNT(pairs));
}
END_TEST

START_TEST(odd_but_real_addresses_are_kept)
{
	static const struct pair pairs[] = {
		{"\"john doe\"@example.org", "\"john doe\"@example.org"},
		{"\"a@b\"@example.org", "\"a@b\"@example.org"},
		{"\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org"},
		{"o'brien+tag=x@example.org", "o'brien+tag=x@example.org"},
		{"user@[192.0.2.1]", "user@[192.0.2.1]"},
		{"user@[IPv6:2001:db8::1]", "user@[IPv6:2001:db8::1]"},
		{"user@under_score.example", "user@under_score.example"},
		{"Jürgen@Bücher.example", "Jürgen@Bücher.example"},
		{"double..dot.@example.org", "double..dot.@example.org"},
		{"two@@example.org", "two@@example.org"},
	};

	check_clean(pairs, COUNT(pairs));
}
END_TEST

START_TEST(what_cannot_be_an_address_is_refused)
{
	const struct span bad[] = {
		SPAN(""),
		SPAN("<>"),
		SPAN("postmaster"),
		SPAN("MAILER-DAEMON"),
		SPAN("@example.org"),
		SPAN("user@"),
		SPAN("user@."),
		SPAN("user@-"),
		SPAN("two words@example.org"),
		SPAN("user@example org"),
		SPAN("\"open@example.org"),
		SPAN("a@b.example,c@d.example"),
		SPAN("a@b.example>"),
		SPAN("To:user@example.org"),
		SPAN("us\0er@example.org"),
		SPAN("us\x1b[2Jer@example.org"),
		SPAN("us\xe2\x80\xae"
		     "er@example.org"),
		SPAN("user\xff@example.org"),
		SPAN("user@example.org\nRcpt: x@y"),
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buf out;

		buf_init(&out);
		buf_add_str(&out, "before");
		ck_assert_msg(address_clean(&out, bad[i]) == -1, "taken: %s",
			      bad[i].p);
		ck_assert_str_eq(out.data, "before");
		buf_release(&out);
	}
}
END_TEST

START_TEST(an_address_is_at_most_511_bytes_long)
{
	char raw[ADDRESS_MAX_BYTES + 1];
	struct buf out;

	memset(raw, 'x', sizeof(raw));
	raw[300] = '@';
	buf_init(&out);
	ck_assert_int_eq(address_clean(&out, span_make(raw, 512)), -1);
	ck_assert_int_eq(address_clean(&out, span_make(raw, 511)), 0);
	ck_assert_uint_eq(out.len, 511);
	buf_release(&out);
}
END_TEST

START_TEST(addresses_compare_folded)
{
	static const struct pair pairs[] = {
		{"User@Example.ORG", "user@example.org"},
		{"JÜrgen@example.org", "jÜrgen@example.org"},
		{"user@Bücher.Example", "user@xn--bcher-kva.example"},
		{"user@BÜCHER.example", "user@xn--bcher-kva.example"},
		{"user@XN--Bcher-kva.example", "user@xn--bcher-kva.example"},
		{"user@straße.example", "user@xn--strae-oqa.example"},
		{"\"user\"@example.org", "user@example.org"},
		{"\"us\\er\"@example.org", "user@example.org"},
		{"\"us er\"@example.org", "\"us er\"@example.org"},
		{"\"a@b\"@example.org", "\"a@b\"@example.org"},
		{"\"\"@example.org", "\"\"@example.org"},
		{"\".a\"@example.org", "\".a\"@example.org"},
		{"user@under_score.example", "user@under_score.example"},
		{"user@[IPv6:2001:DB8::1]", "user@[ipv6:2001:db8::1]"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf out;

		buf_init(&out);
		address_fold(&out, span_of(pairs[i].raw));
		ck_assert_str_eq(out.data, pairs[i].expected);
		/* Folding what is folded changes nothing. */
		buf_reset(&out);
		address_fold(&out, span_of(pairs[i].expected));
		ck_assert_str_eq(out.data, pairs[i].expected);
		buf_release(&out);
	}
}
END_TEST

START_TEST(a_domain_that_idna_refuses_keeps_its_bytes)
{
	struct buf out;

	buf_init(&out);
	address_fold(&out, SPAN("User@\xe2\x98\x83-.A"));
	ck_assert_str_eq(out.data, "user@\xe2\x98\x83-.a");
	buf_reset(&out);
	address_fold(&out, SPAN("NoDomain"));
	ck_assert_str_eq(out.data, "nodomain");
	buf_release(&out);
}
END_TEST

START_TEST(domains_that_idna_would_make_one_stay_two)
{
	static const struct pair pairs[] = {
		{"u@bü_x.example", "u@bü_x.example"},
		{"u@bü%x.example", "u@bü%x.example"},
		{"u@ex＠mple.example", "u@ex＠mple.example"},
		{"u@fa℁ß.example", "u@fa℁ß.example"},
		{"u@ＧＭＡＩＬ.example", "u@gmail.example"},
		{"u@bücher。example。", "u@xn--bcher-kva.example"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf out;

		buf_init(&out);
		address_fold(&out, span_of(pairs[i].raw));
		ck_assert_str_eq(out.data, pairs[i].expected);
		buf_release(&out);
	}
}
END_TEST

START_TEST(the_domain_is_what_follows_the_last_at_sign)
{
	struct span s = SPAN("\"a@b\"@example.org");

	ck_assert(span_eq(address_domain(s), SPAN("example.org")));
	ck_assert(span_eq(address_local(s), SPAN("\"a@b\"")));
	ck_assert_uint_eq(address_domain(SPAN("root")).n, 0);
	ck_assert_uint_eq(address_local(SPAN("root")).n, 0);
	ck_assert_uint_eq(address_domain(SPAN("")).n, 0);
}
END_TEST

START_TEST(syntax_is_that_of_rfc5321_and_rfc6531)
{
	static const char *const good[] = {
		"user@example.org",	 "a.b+c@x",
		"\"a b\"@example.org",	 "\"a\\\"b\"@example.org",
		"user@[192.0.2.1]",	 "user@[IPv6:2001:db8::1]",
		"jürgen@bücher.example",
	};
	static const char *const bad[] = {
		"",
		"user",
		"@example.org",
		"user@",
		".user@example.org",
		"user.@example.org",
		"us..er@example.org",
		"us er@example.org",
		"two@@example.org",
		"\"a\"b\"@example.org",
		"\"a\\\"@example.org",
		"user@example..org",
		"user@-example.org",
		"user@example.org.",
		"user@under_score.example",
		"user@[192.0.2.256]",
		"user@[2001:db8::1]",
		"user@[IPv6:192.0.2.1.9]",
		"user\xff@example.org",
	};

	for (size_t i = 0; i < COUNT(good); i++)
		ck_assert_msg(address_is_valid(span_of(good[i])), "%s",
			      good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!address_is_valid(span_of(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(syntax_knows_the_limits_of_length)
{
	char local[80], label[80], text[200];

	memset(local, 'a', sizeof(local));
	memset(label, 'b', sizeof(label));
	(void)snprintf(text, sizeof(text), "%.64s@x.y", local);
	ck_assert(address_is_valid(span_of(text)));
	(void)snprintf(text, sizeof(text), "%.65s@x.y", local);
	ck_assert(!address_is_valid(span_of(text)));
	(void)snprintf(text, sizeof(text), "a@%.63s.y", label);
	ck_assert(address_is_valid(span_of(text)));
	(void)snprintf(text, sizeof(text), "a@%.64s.y", label);
	ck_assert(!address_is_valid(span_of(text)));
}
END_TEST

START_TEST(a_domain_is_below_itself_and_its_parents)
{
	ck_assert(address_domain_is_below(SPAN("mx.Example.com"),
					  SPAN("example.COM")));
	ck_assert(address_domain_is_below(SPAN("example.com"),
					  SPAN("example.com")));
	ck_assert(!address_domain_is_below(SPAN("badexample.com"),
					   SPAN("example.com")));
	ck_assert(!address_domain_is_below(SPAN("com"), SPAN("example.com")));
	ck_assert(!address_domain_is_below(SPAN("example.com"), SPAN("")));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		wrappings_are_taken_off_in_any_order,
		a_source_route_is_no_part_of_the_address,
		odd_but_real_addresses_are_kept,
		what_cannot_be_an_address_is_refused,
		an_address_is_at_most_511_bytes_long,
		addresses_compare_folded,
		a_domain_that_idna_refuses_keeps_its_bytes,
		domains_that_idna_would_make_one_stay_two,
		the_domain_is_what_follows_the_last_at_sign,
		syntax_is_that_of_rfc5321_and_rfc6531,
		syntax_knows_the_limits_of_length,
		a_domain_is_below_itself_and_its_parents,
	};

	return RUN_TESTS("util/address", tests);
}
