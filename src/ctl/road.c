/* What ingest and quarantine retry need of the daemon's road. */
#include "ctl/road.h"

#include <string.h>

int ctl_road_open(struct ctl_road *r, const struct ctl *ctl, struct error *err)
{
	memset(r, 0, sizeof(*r));
	r->store = ctl_store_open(&r->settings, ctl, STORE_WRITE, err);
	if (r->store == NULL)
		return -1;
	r->rules = rules_load(r->settings.config->rules_dir, err);
	if (r->rules == NULL)
		return -1;
	r->parser = parser_open(&r->settings.config->parser, err);
	return r->parser != NULL ? 0 : -1;
}

void ctl_road_close(struct ctl_road *r)
{
	parser_close(r->parser);
	rules_free(r->rules);
	ctl_store_close(&r->settings, r->store);
}

const struct mailbox_settings *ctl_road_find(const struct ctl_road *r,
					     const char *name)
{
	const struct config *c = r->settings.config;

	for (size_t i = 0; i < c->mailbox_count; i++)
		if (strcmp(c->mailboxes[i].name, name) == 0)
			return &c->mailboxes[i];
	return NULL;
}

int ctl_road_mailbox(struct ctl_road *r, const char *name, bool trusted,
		     struct error *err)
{
	const struct mailbox_settings *m = ctl_road_find(r, name);

	if (m == NULL) {
		mailbox_settings_init(&r->own);
		r->own.name = name;
		r->own.trusted = trusted;
		m = &r->own;
	}
	return intake_init(&r->intake, r->settings.config, m, r->rules,
			   r->store, err);
}
