/*
 * A report as a RECORD carries it. Writing and reading stand side by side:
 * the same fields in the same order. A field added to struct report or struct
 * fact is added to both, and to the round trip of test_parser_wire.c.
 */
#include "parser/wire.h"

#include "parser/wire_io.h"

/* Times that any mail can mean, roughly the years -32873 to 36812. */
#define MAX_TIME_S ((int64_t)1 << 40)
/* A fact without any text: what a forged count is held against. */
#define MIN_FACT_BYTES 60
/* What may still follow the last fact that fits. */
#define RECORD_ROOM (64u * 1024)

static bool put_field(struct buf *out, const char *s)
{
	return wire_put_text(out, s, REPORT_MAX_FIELD);
}

static const char *take_field(struct wire_in *in, struct report *r)
{
	return wire_take_text(in, &r->arena, REPORT_MAX_FIELD);
}

static void put_status(struct buf *out, struct status s)
{
	wire_put_u8(out, s.class_);
	wire_put_u16(out, s.subject);
	wire_put_u16(out, s.detail);
}

static struct status take_status(struct wire_in *in)
{
	struct status s;

	s.class_ = (uint8_t)wire_take_u8(in, 5);
	s.subject = (uint16_t)wire_take_u16(in, 999);
	s.detail = (uint16_t)wire_take_u16(in, 999);
	/* RFC 3463 2: success, transient and permanent; 0 is "none". */
	if (s.class_ == 1 || s.class_ == 3)
		in->bad = true;
	return s;
}

static bool put_fact(struct buf *out, const struct fact *f)
{
	bool whole = wire_put_text(out, f->address, REPORT_MAX_ADDRESS);

	whole &= wire_put_text(out, f->final, REPORT_MAX_ADDRESS);
	wire_put_u8(out, f->kind);
	wire_put_u8(out, f->action);
	wire_put_u8(out, f->stage);
	wire_put_u8(out, f->forwarded);
	wire_put_u8(out, f->remote_reply);
	put_status(out, f->status);
	put_status(out, f->reply_status);
	wire_put_u16(out, (unsigned)f->reply);
	wire_put_i64(out, f->exit_code);
	wire_put_i64(out, f->will_retry_until_s);
	whole &= put_field(out, f->feedback_type);
	whole &= put_field(out, f->reporting_mta);
	whole &= put_field(out, f->remote);
	whole &= put_field(out, f->diagnostic_type);
	whole &= wire_put_text(out, f->reply_text, REPORT_MAX_DIAGNOSTIC);
	whole &= wire_put_text(out, f->diagnostic, REPORT_MAX_DIAGNOSTIC);
	return whole;
}

static void take_fact(struct wire_in *in, struct report *r, struct fact *f)
{
	struct arena *a = &r->arena;

	f->address = wire_take_text(in, a, REPORT_MAX_ADDRESS);
	f->final = wire_take_text(in, a, REPORT_MAX_ADDRESS);
	f->kind = (enum report_kind)wire_take_u8(in, REPORT_KIND_COUNT - 1);
	f->action =
		(enum report_action)wire_take_u8(in, REPORT_ACTION_COUNT - 1);
	f->stage = (enum smtp_stage)wire_take_u8(in, SMTP_STAGE_COUNT - 1);
	f->forwarded = wire_take_bool(in);
	f->remote_reply = wire_take_bool(in);
	f->status = take_status(in);
	f->reply_status = take_status(in);
	f->reply = (int)wire_take_u16(in, 999);
	f->exit_code = (int)wire_take_i64(in, -1, 255);
	f->will_retry_until_s = wire_take_i64(in, -MAX_TIME_S, MAX_TIME_S);
	f->feedback_type = take_field(in, r);
	f->reporting_mta = take_field(in, r);
	f->remote = take_field(in, r);
	f->diagnostic_type = take_field(in, r);
	f->reply_text = wire_take_text(in, a, REPORT_MAX_DIAGNOSTIC);
	f->diagnostic = wire_take_text(in, a, REPORT_MAX_DIAGNOSTIC);
	if (!*f->address)
		in->bad = true;
}

static bool put_returned(struct buf *out, const struct returned *o)
{
	bool whole = put_field(out, o->message_id);

	whole &= put_field(out, o->from);
	whole &= put_field(out, o->to);
	whole &= put_field(out, o->return_path);
	whole &= put_field(out, o->subject);
	whole &= put_field(out, o->campaign);
	whole &= put_field(out, o->list_id);
	whole &= put_field(out, o->feedback_id);
	whole &= put_field(out, o->stream);
	wire_put_i64(out, o->date_s);
	wire_put_bytes(out, span_cut(o->headers, REPORT_MAX_HEADERS));
	return whole && o->headers.n <= REPORT_MAX_HEADERS;
}

static void take_returned(struct wire_in *in, struct report *r)
{
	struct returned *o = &r->returned;

	o->message_id = take_field(in, r);
	o->from = take_field(in, r);
	o->to = take_field(in, r);
	o->return_path = take_field(in, r);
	o->subject = take_field(in, r);
	o->campaign = take_field(in, r);
	o->list_id = take_field(in, r);
	o->feedback_id = take_field(in, r);
	o->stream = take_field(in, r);
	o->date_s = wire_take_i64(in, -MAX_TIME_S, MAX_TIME_S);
	o->headers = wire_take_bytes(in, &r->arena, REPORT_MAX_HEADERS);
}

static bool put_envelope(struct buf *out, const struct report *r)
{
	size_t tokens = r->token_count < REPORT_MAX_TOKENS ? r->token_count
							   : REPORT_MAX_TOKENS;
	bool whole = put_field(out, r->format);

	whole &= put_field(out, r->message_id);
	whole &= put_field(out, r->from);
	whole &= put_field(out, r->subject);
	whole &= put_field(out, r->reporting_mta);
	whole &= put_field(out, r->received_from_mta);
	whole &= put_field(out, r->envelope_id);
	wire_put_i64(out, r->date_s);
	wire_put_u8(out, r->kind);
	wire_put_u8(out, r->challenge);
	wire_put_u8(out, r->null_return_path);
	whole &= put_returned(out, &r->returned);
	wire_put_u8(out, (unsigned)tokens);
	for (size_t i = 0; i < tokens; i++)
		whole &= put_field(out, r->tokens[i]);
	wire_put_bytes(out, span_cut(r->headers, REPORT_MAX_HEADERS));
	return whole && r->headers.n <= REPORT_MAX_HEADERS;
}

static void take_envelope(struct wire_in *in, struct report *r)
{
	r->format = take_field(in, r);
	r->message_id = take_field(in, r);
	r->from = take_field(in, r);
	r->subject = take_field(in, r);
	r->reporting_mta = take_field(in, r);
	r->received_from_mta = take_field(in, r);
	r->envelope_id = take_field(in, r);
	r->date_s = wire_take_i64(in, -MAX_TIME_S, MAX_TIME_S);
	r->kind = (enum report_kind)wire_take_u8(in, REPORT_KIND_COUNT - 1);
	r->challenge = wire_take_bool(in);
	r->null_return_path = wire_take_bool(in);
	take_returned(in, r);
	r->token_count = wire_take_u8(in, REPORT_MAX_TOKENS);
	for (size_t i = 0; i < r->token_count; i++)
		r->tokens[i] = take_field(in, r);
	r->headers = wire_take_bytes(in, &r->arena, REPORT_MAX_HEADERS);
}

void report_write(struct buf *out, const struct report *r)
{
	size_t start = out->len, head;
	bool whole = put_envelope(out, r);
	size_t count = 0;

	/* Known last of all. */
	head = out->len;
	wire_put_u8(out, 0);
	wire_put_u32(out, 0);
	while (count < r->fact_count && count < REPORT_MAX_RECIPIENTS &&
	       out->len - start < WIRE_MAX_RECORD - RECORD_ROOM) {
		whole &= put_fact(out, &r->facts[count]);
		count++;
	}
	wire_format(out->data + head, 1,
		    r->partial || !whole || count < r->fact_count);
	wire_format(out->data + head + 1, 4, count);
}

void wire_record_write(struct buf *out, uint64_t id, const struct report *r)
{
	struct wire_frame frame = {WIRE_RECORD, id, 0};
	size_t start = out->len;

	wire_header_write(out, &frame);
	report_write(out, r);
	frame.length = (uint32_t)(out->len - start - WIRE_HEADER_BYTES);
	wire_header_format(out->data + start, &frame);
}

int report_read(struct report *r, const char *p, size_t n, struct error *err)
{
	struct wire_in in = {(const unsigned char *)p, n, false};
	uint32_t count;

	take_envelope(&in, r);
	r->partial = wire_take_bool(&in);
	count = wire_take_u32(&in, REPORT_MAX_RECIPIENTS);
	if (in.bad || count > in.n / MIN_FACT_BYTES)
		return error_set(err, ERROR_MESSAGE,
				 "record of the parser is malformed");
	r->facts = arena_array(&r->arena, count, sizeof *r->facts);
	for (r->fact_count = 0; r->fact_count < count; r->fact_count++)
		take_fact(&in, r, &r->facts[r->fact_count]);
	if (in.bad || in.n > 0)
		return error_set(err, ERROR_MESSAGE,
				 "record of the parser is malformed");
	return 0;
}
