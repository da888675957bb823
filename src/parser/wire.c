/*
 * Frame headers and the settings a worker starts with. What a RECORD holds is
 * in wire_report.c.
 */
#include "parser/wire.h"

#include "parser/wire_io.h"

#define WIRE_MAGIC 0x44534e50u /* "DSNP" */

static uint32_t max_length(enum wire_type type)
{
	switch (type) {
	case WIRE_SETTINGS:
		return WIRE_MAX_SETTINGS;
	case WIRE_READY:
		return 0;
	case WIRE_FAILED:
		return WIRE_MAX_FAILED;
	case WIRE_MESSAGE:
		return WIRE_MAX_MESSAGE;
	case WIRE_RECORD:
		return WIRE_MAX_RECORD;
	}
	return 0;
}

void wire_header_format(char p[WIRE_HEADER_BYTES],
			const struct wire_frame *frame)
{
	wire_format(p, 4, WIRE_MAGIC);
	wire_format(p + 4, 2, WIRE_VERSION);
	wire_format(p + 6, 2, frame->type);
	wire_format(p + 8, 8, frame->id);
	wire_format(p + 16, 4, frame->length);
}

void wire_header_write(struct buf *out, const struct wire_frame *frame)
{
	char header[WIRE_HEADER_BYTES];

	wire_header_format(header, frame);
	buf_add(out, header, sizeof(header));
}

int wire_header_read(const char *p, struct wire_frame *frame_r,
		     struct error *err)
{
	struct wire_in in = {(const unsigned char *)p, WIRE_HEADER_BYTES,
			     false};
	uint32_t magic = wire_take_u32(&in, UINT32_MAX);
	unsigned version = wire_take_u16(&in, UINT16_MAX);
	unsigned type = wire_take_u16(&in, UINT16_MAX);
	uint64_t id = wire_take_u64(&in, UINT64_MAX);
	uint32_t length = wire_take_u32(&in, UINT32_MAX);

	if (magic != WIRE_MAGIC || version != WIRE_VERSION)
		return error_set(err, ERROR_MESSAGE,
				 "frame of an unknown kind or version");
	if (type < WIRE_SETTINGS || type > WIRE_RECORD)
		return error_set(err, ERROR_MESSAGE, "frame of unknown type %u",
				 type);
	if (length > max_length((enum wire_type)type))
		return error_set(err, ERROR_MESSAGE,
				 "frame of %lu bytes is too long",
				 (unsigned long)length);
	frame_r->type = (enum wire_type)type;
	frame_r->id = id;
	frame_r->length = length;
	return 0;
}

/* A list that ends in NULL, WIRE_MAX_LIST at most. */
static void put_list(struct buf *out, const char *const *list)
{
	unsigned count = 0;

	while (list && list[count] && count < WIRE_MAX_LIST)
		count++;
	wire_put_u8(out, count);
	for (unsigned i = 0; i < count; i++)
		(void)wire_put_text(out, list[i], REPORT_MAX_ADDRESS);
}

static void take_list(struct wire_in *in, struct arena *arena,
		      const char *list_r[WIRE_MAX_LIST + 1])
{
	unsigned count = wire_take_u8(in, WIRE_MAX_LIST);

	for (unsigned i = 0; i < count; i++)
		list_r[i] = wire_take_text(in, arena, REPORT_MAX_ADDRESS);
	list_r[count] = NULL;
}

void wire_settings_write(struct buf *out, const struct report_settings *report,
			 uint64_t memory_bytes, unsigned cpu_s)
{
	wire_put_u64(out, memory_bytes);
	wire_put_u32(out, cpu_s);
	wire_put_u32(out, report->max_depth);
	wire_put_u32(out, report->max_parts);
	wire_put_u64(out, report->max_bytes);
	(void)wire_put_text(out, report->stream_header, REPORT_MAX_ADDRESS);
	put_list(out, report->campaign_headers);
	put_list(out, report->verp);
}

int wire_settings_read(struct wire_settings *s, const char *p, size_t n,
		       struct error *err)
{
	struct wire_in in = {(const unsigned char *)p, n, false};

	arena_init(&s->arena);
	report_settings_init(&s->report);
	s->memory_bytes = wire_take_u64(&in, INT64_MAX);
	s->cpu_s = wire_take_u32(&in, INT32_MAX);
	s->report.max_depth = wire_take_u32(&in, UINT16_MAX);
	s->report.max_parts = wire_take_u32(&in, UINT32_MAX);
	s->report.max_bytes = wire_take_u64(&in, WIRE_MAX_MESSAGE);
	s->report.stream_header =
		wire_take_text(&in, &s->arena, REPORT_MAX_ADDRESS);
	take_list(&in, &s->arena, s->campaign);
	s->report.campaign_headers = s->campaign;
	take_list(&in, &s->arena, s->verp);
	s->report.verp = s->verp;
	if (in.bad || in.n > 0)
		return error_set(err, ERROR_FATAL,
				 "settings for the parser are malformed");
	return 0;
}
