/* Output that the commands share, for people and for programs. */
#include "ctl/print.h"

#include <stdio.h>
#include <string.h>

#include "util/num.h"
#include "util/text.h"

void print_text(struct buf *out, const char *value)
{
	text_printable(out, span_of(value));
}

void print_field(struct buf *out, const char *label, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_addf(out, "    %-11s ", label);
	print_text(out, value);
	buf_add_char(out, '\n');
}

void print_time(struct buf *out, const char *label, int64_t epoch_s)
{
	char text[NUM_TIME_BYTES];

	if (epoch_s != 0)
		print_field(out, label, num_time_format(epoch_s, text));
}

void print_cell(const struct ctl *ctl, struct buf *out, const char *value,
		unsigned width)
{
	size_t before = out->len;

	/* Who splits lines at blanks counts on each column. */
	print_text(out, *value ? value : "-");
	if (!ctl->terminal) {
		buf_add_char(out, '\t');
		return;
	}
	do {
		buf_add_char(out, ' ');
	} while (out->len - before < width);
}

void print_cell_int(const struct ctl *ctl, struct buf *out, int64_t n,
		    unsigned width)
{
	char text[NUM_TIME_BYTES];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	print_cell(ctl, out, text, width);
}

const char *print_until(int64_t until_s, char out[NUM_TIME_BYTES])
{
	if (until_s == 0)
		return "no end";
	return num_time_format(until_s, out);
}

void json_event(struct json *j, const struct store_event *e)
{
	int reason = reason_find(span_of(e->reason));
	const struct {
		const char *key, *value;
	} texts[] = {
		{"mailbox", e->mailbox},   {"message_id", e->message_id},
		{"address", e->address},   {"final", e->final},
		{"domain", e->domain},	   {"provider", e->provider},
		{"stream", e->stream},	   {"campaign", e->campaign},
		{"list_id", e->list_id},   {"kind", e->kind},
		{"action", e->action},	   {"status", e->status},
		{"reason", e->reason},	   {"class", e->class_},
		{"effect", e->effect},	   {"applied", e->applied},
		{"rule", e->rule},	   {"evidence", e->evidence},
		{"reporter", e->reporter}, {"remote", e->remote},
		{"stage", e->stage},	   {"diagnostic", e->diagnostic},
		{"words", e->words},	   {"proof", e->proof},
		{"who", e->who},	   {"note", e->note},
		{"why", e->why},
	};

	json_object(j);
	json_key_int(j, "id", e->id);
	json_key_int(j, "at", e->at_s);
	json_key_time(j, "sent_at", e->sent_at_s);
	json_key_int(j, "reply", e->reply);
	json_key_time(j, "until", e->until_s);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_key_str(j, texts[i].key, texts[i].value);
	if (reason >= 0)
		json_key_str(j, "advice",
			     reason_info((enum reason)reason)->advice);
	json_object_end(j);
}
