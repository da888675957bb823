/* The frame of commands that print rows of the database. */
#include "ctl/view.h"

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
