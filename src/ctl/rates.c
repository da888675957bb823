/* Counts and shares of what was sent: the columns of stats and report. */
#include "ctl/rates.h"

#include <stdio.h>

#include "ctl/print.h"
#include "util/num.h"

#define NAME_WIDTH 30
#define COUNT_WIDTH 10
#define SHARE_WIDTH 8

static void count(const struct ctl *ctl, struct buf *out, int64_t n)
{
	print_cell_int(ctl, out, n, COUNT_WIDTH);
}

/* In hundredths of a percent, so that no locale has a say. */
static void share(const struct ctl *ctl, struct buf *out,
		  const struct store_stats *r, int64_t n)
{
	char text[NUM_TIME_BYTES] = "-";

	if (r->has_sent && r->sent > 0)
		snprintf(text, sizeof(text), "%lld.%02lld%%",
			 (long long)(n * 100 / r->sent),
			 (long long)(n * 10000 / r->sent % 100));
	print_cell(ctl, out, text, SHARE_WIDTH);
}

/* Nothing stands behind the last cell: no blanks, no empty column. */
static void end_row(struct buf *out)
{
	while (out->len > 0 && (out->data[out->len - 1] == ' ' ||
				out->data[out->len - 1] == '\t'))
		buf_truncate(out, out->len - 1);
	buf_add_char(out, '\n');
}

void rates_head(const struct ctl *ctl, struct buf *out, const char *by)
{
	static const char *const heads[] = {"delivered", "hard",      "soft",
					    "block",	 "complaint", "hard%",
					    "soft%",	 "complaint%"};

	print_cell(ctl, out, by, NAME_WIDTH);
	print_cell(ctl, out, "sent", COUNT_WIDTH);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		print_cell(ctl, out, heads[i],
			   i < 5 ? COUNT_WIDTH : SHARE_WIDTH);
	end_row(out);
}

void rates_row(const struct ctl *ctl, struct buf *out,
	       const struct store_stats *r)
{
	print_cell(ctl, out, r->what, NAME_WIDTH);
	if (r->has_sent)
		count(ctl, out, r->sent);
	else
		print_cell(ctl, out, "-", COUNT_WIDTH);
	count(ctl, out, r->delivered);
	count(ctl, out, r->hard);
	count(ctl, out, r->soft);
	count(ctl, out, r->block);
	count(ctl, out, r->complaint);
	share(ctl, out, r, r->hard);
	share(ctl, out, r, r->soft);
	share(ctl, out, r, r->complaint);
	end_row(out);
}

void rates_json(struct buf *out, const char *section, const char *by,
		const struct store_stats *r)
{
	struct json j;

	json_init(&j, out);
	json_object(&j);
	if (section != NULL)
		json_key_str(&j, "section", section);
	json_key_str(&j, by, r->what);
	json_key(&j, "sent");
	if (r->has_sent)
		json_int(&j, r->sent);
	else
		json_null(&j);
	json_key_int(&j, "delivered", r->delivered);
	json_key_int(&j, "hard", r->hard);
	json_key_int(&j, "soft", r->soft);
	json_key_int(&j, "block", r->block);
	json_key_int(&j, "complaint", r->complaint);
	json_object_end(&j);
	buf_add_char(out, '\n');
}
