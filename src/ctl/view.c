/* The frame of commands that print rows of the database. */
#include "ctl/view.h"

#include "util/num.h"
#include "util/text.h"

#define WRITE_BYTES 65536

int ctl_view_open(struct ctl_view *v, struct ctl *ctl, enum store_mode mode)
{
	*v = (struct ctl_view){.ctl = ctl};
	buf_init(&v->out);
	v->store = ctl_store_open(&v->settings, ctl, mode, &v->err);
	return v->store != NULL ? 0 : -1;
}

int ctl_view_write(struct ctl_view *v)
{
	if (v->out.len > WRITE_BYTES && !v->broken)
		v->broken = ctl_flush(&v->out, &v->err) != 0;
	return v->broken ? -1 : 0;
}

void ctl_view_head(struct ctl_view *v, const char *columns)
{
	struct span rest = span_of(columns), word;

	if (v->found > 0 || !v->ctl->terminal)
		return;
	while (span_next_word(&rest, &word)) {
		size_t colon = span_find_char(word, ':');
		size_t end = v->out.len;
		int64_t width = 0;

		if (colon != SPAN_NONE &&
		    num_i64(word.p + colon + 1, word.n - colon - 1, &width))
			width = 0;
		buf_add(&v->out, word.p, colon != SPAN_NONE ? colon : word.n);
		for (end += (size_t)width; v->out.len < end;)
			buf_add_char(&v->out, ' ');
	}
	buf_add_char(&v->out, '\n');
}

int ctl_view_row(struct ctl_view *v)
{
	v->found++;
	buf_add_char(&v->out, '\n');
	return ctl_view_write(v);
}

enum ctl_exit ctl_view_close(struct ctl_view *v, int rc, enum ctl_exit answer)
{
	if (v->broken || ctl_flush(&v->out, &v->err) != 0)
		rc = -1;
	ctl_store_close(&v->settings, v->store);
	buf_release(&v->out);
	return rc != 0 ? ctl_fail(&v->err) : answer;
}

enum ctl_exit ctl_view_close_list(struct ctl_view *v, int rc)
{
	return ctl_view_close(v, rc, v->found > 0 ? CTL_YES : CTL_NO);
}
