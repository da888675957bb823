#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "parser/wire.h"
#include "parser/wire_io.h"
#include "util/buf.h"

/*
 * The frames between reader and jail: what goes in comes out, and whatever
 * else comes in is refused without harm.
 */

static struct report sent;
static struct report got;
static struct buf wire;

static void setup(void)
{
	report_init(&sent);
	report_init(&got);
	buf_init(&wire);
}

static void teardown(void)
{
	report_release(&sent);
	report_release(&got);
	buf_release(&wire);
}

static void fill_returned(struct returned *o)
{
	o->message_id = "sent@example.com";
	o->from = "shop@example.com";
	o->to = "lena@example.net";
	o->return_path = "b-abc@bounces.example.com";
	o->subject = "Gr\xc3\xbc\xc3\x9f"
		     "e";
	o->campaign = "autumn";
	o->list_id = "news.example.com";
	o->feedback_id = "autumn:shop";
	o->stream = "marketing";
	o->date_s = 1700000000;
	o->headers = SPAN("To: lena@example.net\r\nX: \0\xff\r\n");
}

static void fill_fact(struct fact *f, const char *address)
{
	f->kind = REPORT_BOUNCE;
	f->feedback_type = "abuse";
	f->reporting_mta = "mx.example.com";
	f->address = address;
	f->final = "lena.new@example.org";
	f->forwarded = true;
	f->action = ACTION_FAILED;
	f->status = (struct status){5, 1, 1};
	f->reply_status = (struct status){5, 7, 999};
	f->reply = 550;
	f->exit_code = -1;
	f->stage = STAGE_RCPT;
	f->remote_reply = true;
	f->remote = "mx.example.net";
	f->diagnostic_type = "smtp";
	f->reply_text = "550 5.1.1 no such user";
	f->diagnostic = "host mx.example.net said: 550 5.1.1 no such user";
	f->will_retry_until_s = 1700000001;
}

static void fill(struct report *r, size_t facts)
{
	r->kind = REPORT_BOUNCE;
	r->challenge = true;
	r->format = "rfc3464";
	r->message_id = "report@mx.example.com";
	r->from = "mailer-daemon@mx.example.com";
	r->subject = "Undelivered";
	r->reporting_mta = "mx.example.com";
	r->received_from_mta = "app.example.com";
	r->envelope_id = "envelope";
	r->date_s = -1;
	r->null_return_path = true;
	fill_returned(&r->returned);
	r->tokens[0] = "b-abc@bounces.example.com";
	r->tokens[1] = "b-def@bounces.example.com";
	r->token_count = 2;
	r->headers = SPAN("From: mailer-daemon\n");
	r->facts = arena_array(&r->arena, facts, sizeof *r->facts);
	for (size_t i = 0; i < facts; i++)
		fill_fact(&r->facts[i],
			  arena_printf(&r->arena, "u%zu@example.net", i));
	r->fact_count = facts;
}

static void same_fact(const struct fact *a, const struct fact *b)
{
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_str_eq(a->feedback_type, b->feedback_type);
	ck_assert_str_eq(a->reporting_mta, b->reporting_mta);
	ck_assert_str_eq(a->address, b->address);
	ck_assert_str_eq(a->final, b->final);
	ck_assert(a->forwarded == b->forwarded);
	ck_assert_int_eq(a->action, b->action);
	ck_assert_int_eq(a->status.class_, b->status.class_);
	ck_assert_int_eq(a->status.subject, b->status.subject);
	ck_assert_int_eq(a->status.detail, b->status.detail);
	ck_assert_int_eq(a->reply_status.class_, b->reply_status.class_);
	ck_assert_int_eq(a->reply_status.subject, b->reply_status.subject);
	ck_assert_int_eq(a->reply_status.detail, b->reply_status.detail);
	ck_assert_int_eq(a->reply, b->reply);
	ck_assert_int_eq(a->exit_code, b->exit_code);
	ck_assert_int_eq(a->stage, b->stage);
	ck_assert(a->remote_reply == b->remote_reply);
	ck_assert_str_eq(a->remote, b->remote);
	ck_assert_str_eq(a->diagnostic_type, b->diagnostic_type);
	ck_assert_str_eq(a->reply_text, b->reply_text);
	ck_assert_str_eq(a->diagnostic, b->diagnostic);
	ck_assert_int_eq(a->will_retry_until_s, b->will_retry_until_s);
}

static void same_returned(const struct returned *a, const struct returned *b)
{
	ck_assert_str_eq(a->message_id, b->message_id);
	ck_assert_str_eq(a->from, b->from);
	ck_assert_str_eq(a->to, b->to);
	ck_assert_str_eq(a->return_path, b->return_path);
	ck_assert_str_eq(a->subject, b->subject);
	ck_assert_str_eq(a->campaign, b->campaign);
	ck_assert_str_eq(a->list_id, b->list_id);
	ck_assert_str_eq(a->feedback_id, b->feedback_id);
	ck_assert_str_eq(a->stream, b->stream);
	ck_assert_int_eq(a->date_s, b->date_s);
	ck_assert_uint_eq(a->headers.n, b->headers.n);
	ck_assert_mem_eq(a->headers.p, b->headers.p, b->headers.n);
}

static int read_back(void)
{
	report_release(&got);
	report_init(&got);
	return report_read(&got, wire.data, wire.len, NULL);
}

START_TEST(a_report_comes_out_as_it_went_in)
{
	fill(&sent, 3);
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), 0);
	ck_assert_int_eq(got.kind, sent.kind);
	ck_assert(got.challenge && got.null_return_path && !got.partial);
	ck_assert_str_eq(got.format, sent.format);
	ck_assert_str_eq(got.message_id, sent.message_id);
	ck_assert_str_eq(got.from, sent.from);
	ck_assert_str_eq(got.subject, sent.subject);
	ck_assert_str_eq(got.reporting_mta, sent.reporting_mta);
	ck_assert_str_eq(got.received_from_mta, sent.received_from_mta);
	ck_assert_str_eq(got.envelope_id, sent.envelope_id);
	ck_assert_int_eq(got.date_s, -1);
	same_returned(&got.returned, &sent.returned);
	ck_assert_uint_eq(got.token_count, 2);
	ck_assert_str_eq(got.tokens[0], sent.tokens[0]);
	ck_assert_str_eq(got.tokens[1], sent.tokens[1]);
	ck_assert_uint_eq(got.headers.n, sent.headers.n);
	ck_assert_uint_eq(got.fact_count, 3);
	for (size_t i = 0; i < 3; i++)
		same_fact(&got.facts[i], &sent.facts[i]);
}
END_TEST

START_TEST(an_empty_report_comes_out_empty)
{
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), 0);
	ck_assert_uint_eq(got.fact_count, 0);
	ck_assert_str_eq(got.message_id, "");
	ck_assert_uint_eq(got.headers.n, 0);
}
END_TEST

START_TEST(as_many_recipients_as_there_may_be_pass)
{
	fill(&sent, REPORT_MAX_RECIPIENTS);
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), 0);
	ck_assert_uint_eq(got.fact_count, REPORT_MAX_RECIPIENTS);
	ck_assert(!got.partial);
}
END_TEST

START_TEST(what_exceeds_a_record_is_left_out_and_said)
{
	char *words = malloc(REPORT_MAX_DIAGNOSTIC + 1);

	memset(words, 'w', REPORT_MAX_DIAGNOSTIC);
	words[REPORT_MAX_DIAGNOSTIC] = '\0';
	fill(&sent, REPORT_MAX_RECIPIENTS);
	for (size_t i = 0; i < sent.fact_count; i++)
		sent.facts[i].diagnostic = sent.facts[i].reply_text = words;
	report_write(&wire, &sent);
	ck_assert_uint_le(wire.len, WIRE_MAX_RECORD);
	ck_assert_int_eq(read_back(), 0);
	ck_assert(got.partial);
	ck_assert_uint_gt(got.fact_count, 1000);
	free(words);
}
END_TEST

START_TEST(a_text_over_its_cap_is_cut_between_characters)
{
	char text[REPORT_MAX_FIELD + 3];

	memset(text, 'x', sizeof text);
	memcpy(text + REPORT_MAX_FIELD - 1, "\xc3\xbc", 3);
	sent.subject = text;
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), 0);
	ck_assert_uint_eq(strlen(got.subject), REPORT_MAX_FIELD - 1);
	ck_assert(got.partial);
}
END_TEST

/* Any of these in a text makes the whole record unusable. */
START_TEST(a_text_that_is_not_clean_is_refused)
{
	static const char *const dirty[] = {
		"a\nb",	    "a\tb", "\x1b[2J",	    "\x7f",	"\xc2\x85next",
		"\xff\xfe", "\xc3", "\xed\xa0\x80", "\xc0\xaf", "a\rb",
	};

	for (size_t i = 0; i < sizeof dirty / sizeof *dirty; i++) {
		buf_reset(&wire);
		sent.subject = dirty[i];
		report_write(&wire, &sent);
		ck_assert_int_eq(read_back(), -1);
	}
}
END_TEST

START_TEST(a_nul_inside_a_text_is_refused)
{
	char *at;

	sent.subject = "before-after";
	report_write(&wire, &sent);
	at = memmem(wire.data, wire.len, "before-after", 12);
	ck_assert_ptr_nonnull(at);
	at[6] = '\0';
	ck_assert_int_eq(read_back(), -1);
}
END_TEST

START_TEST(a_recipient_without_an_address_is_refused)
{
	fill(&sent, 1);
	sent.facts[0].address = "";
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), -1);
}
END_TEST

START_TEST(numbers_out_of_range_are_refused)
{
	fill(&sent, 1);
	sent.facts[0].reply = 1000;
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), -1);
	buf_reset(&wire);
	sent.facts[0].reply = 550;
	sent.facts[0].exit_code = 256;
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), -1);
	buf_reset(&wire);
	sent.facts[0].exit_code = 1;
	sent.facts[0].status.class_ = 3;
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), -1);
	buf_reset(&wire);
	sent.facts[0].status.class_ = 4;
	sent.facts[0].stage = (enum smtp_stage)SMTP_STAGE_COUNT;
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), -1);
	buf_reset(&wire);
	sent.facts[0].stage = STAGE_BODY;
	sent.date_s = INT64_MAX;
	report_write(&wire, &sent);
	ck_assert_int_eq(read_back(), -1);
}
END_TEST

START_TEST(every_shorter_record_is_refused)
{
	fill(&sent, 2);
	report_write(&wire, &sent);
	for (size_t n = 0; n < wire.len; n++) {
		struct report r;

		report_init(&r);
		ck_assert_int_eq(report_read(&r, wire.data, n, NULL), -1);
		report_release(&r);
	}
}
END_TEST

START_TEST(a_record_with_something_behind_it_is_refused)
{
	fill(&sent, 1);
	report_write(&wire, &sent);
	buf_add_char(&wire, '\0');
	ck_assert_int_eq(read_back(), -1);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* What a reader relies on, whatever the record was. */
static void is_usable(const struct report *r)
{
	ck_assert_int_lt(r->kind, REPORT_KIND_COUNT);
	ck_assert_uint_le(r->fact_count, REPORT_MAX_RECIPIENTS);
	ck_assert_uint_le(r->token_count, REPORT_MAX_TOKENS);
	ck_assert(text_is_utf8(span_of(r->subject)));
	for (size_t i = 0; i < r->fact_count; i++) {
		const struct fact *f = &r->facts[i];

		ck_assert(*f->address);
		ck_assert(text_is_utf8(span_of(f->diagnostic)));
		ck_assert_uint_le(strlen(f->diagnostic), REPORT_MAX_DIAGNOSTIC);
		ck_assert_int_lt(f->action, REPORT_ACTION_COUNT);
	}
}

START_TEST(changed_records_are_refused_or_usable)
{
	uint64_t state = 20261122;
	unsigned refused = 0;
	struct buf copy;

	fill(&sent, 4);
	report_write(&wire, &sent);
	buf_init(&copy);
	for (unsigned round = 0; round < 20000; round++) {
		struct report r;

		buf_reset(&copy);
		buf_add(&copy, wire.data, wire.len);
		for (uint64_t i = next_random(&state) % 4 + 1; i > 0; i--) {
			size_t at = next_random(&state) % copy.len;

			copy.data[at] = (char)next_random(&state);
		}
		report_init(&r);
		if (report_read(&r, copy.data, copy.len, NULL) == 0)
			is_usable(&r);
		else
			refused++;
		report_release(&r);
	}
	ck_assert_uint_gt(refused, 1000);
	ck_assert_uint_lt(refused, 20000);
	buf_release(&copy);
}
END_TEST

START_TEST(a_frame_header_comes_out_as_it_went_in)
{
	struct wire_frame in = {WIRE_RECORD, 0x0102030405060708, 4711};
	struct wire_frame out;

	wire_header_write(&wire, &in);
	ck_assert_uint_eq(wire.len, WIRE_HEADER_BYTES);
	ck_assert_int_eq(wire_header_read(wire.data, &out, NULL), 0);
	ck_assert_int_eq(out.type, in.type);
	ck_assert_uint_eq(out.id, in.id);
	ck_assert_uint_eq(out.length, in.length);
}
END_TEST

/* Byte by byte: magic 0-3, version 4-5, type 6-7. */
START_TEST(a_frame_header_of_another_kind_is_refused)
{
	struct wire_frame frame = {WIRE_READY, 0, 0};

	for (size_t i = 0; i < 8; i++) {
		buf_reset(&wire);
		wire_header_write(&wire, &frame);
		wire.data[i] = (char)(wire.data[i] ^ 0x40);
		ck_assert_int_eq(wire_header_read(wire.data, &frame, NULL), -1);
	}
}
END_TEST

START_TEST(a_frame_longer_than_its_type_may_be_is_refused)
{
	struct wire_frame frame = {WIRE_RECORD, 1, WIRE_MAX_RECORD + 1};

	wire_header_write(&wire, &frame);
	ck_assert_int_eq(wire_header_read(wire.data, &frame, NULL), -1);
	buf_reset(&wire);
	frame = (struct wire_frame){WIRE_READY, 0, 1};
	wire_header_write(&wire, &frame);
	ck_assert_int_eq(wire_header_read(wire.data, &frame, NULL), -1);
}
END_TEST

START_TEST(settings_come_out_as_they_went_in)
{
	static const char *const campaign[] = {"X-Shop", "X-Run", NULL};
	static const char *const verp[] = {"b+{local}={domain}@example.com",
					   NULL};
	struct report_settings report;
	struct wire_settings s;
	struct error err;

	report_settings_init(&report);
	report.stream_header = "X-Stream";
	report.campaign_headers = campaign;
	report.verp = verp;
	report.max_depth = 7;
	report.max_parts = 77;
	report.max_bytes = 777;
	wire_settings_write(&wire, &report, 1 << 30, 60);
	ck_assert_int_eq(wire_settings_read(&s, wire.data, wire.len, &err), 0);
	ck_assert_str_eq(s.report.stream_header, "X-Stream");
	ck_assert_str_eq(s.report.campaign_headers[0], "X-Shop");
	ck_assert_str_eq(s.report.campaign_headers[1], "X-Run");
	ck_assert_ptr_null(s.report.campaign_headers[2]);
	ck_assert_str_eq(s.report.verp[0], "b+{local}={domain}@example.com");
	ck_assert_ptr_null(s.report.verp[1]);
	ck_assert_uint_eq(s.report.max_depth, 7);
	ck_assert_uint_eq(s.report.max_parts, 77);
	ck_assert_uint_eq(s.report.max_bytes, 777);
	ck_assert_uint_eq(s.memory_bytes, 1 << 30);
	ck_assert_uint_eq(s.cpu_s, 60);
	arena_release(&s.arena);
	ck_assert_int_eq(wire_settings_read(&s, wire.data, wire.len - 1, &err),
			 -1);
	arena_release(&s.arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parser_wire");
	TCase *tc = tcase_create("wire");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_report_comes_out_as_it_went_in);
	tcase_add_test(tc, an_empty_report_comes_out_empty);
	tcase_add_test(tc, as_many_recipients_as_there_may_be_pass);
	tcase_add_test(tc, what_exceeds_a_record_is_left_out_and_said);
	tcase_add_test(tc, a_text_over_its_cap_is_cut_between_characters);
	tcase_add_test(tc, a_text_that_is_not_clean_is_refused);
	tcase_add_test(tc, a_nul_inside_a_text_is_refused);
	tcase_add_test(tc, a_recipient_without_an_address_is_refused);
	tcase_add_test(tc, numbers_out_of_range_are_refused);
	tcase_add_test(tc, every_shorter_record_is_refused);
	tcase_add_test(tc, a_record_with_something_behind_it_is_refused);
	tcase_add_test(tc, changed_records_are_refused_or_usable);
	tcase_add_test(tc, a_frame_header_comes_out_as_it_went_in);
	tcase_add_test(tc, a_frame_header_of_another_kind_is_refused);
	tcase_add_test(tc, a_frame_longer_than_its_type_may_be_is_refused);
	tcase_add_test(tc, settings_come_out_as_they_went_in);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
