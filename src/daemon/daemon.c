/* What every process of dsnd has: its configuration, the time, a heartbeat. */
#include "daemon/daemon.h"

#include <time.h>
#include <unistd.h>

#include "util/fdio.h"

#define HEARTBEAT_MS 1000

int64_t daemon_now(const struct daemon *d)
{
	return d->now_fixed ? d->now_s : (int64_t)time(NULL);
}

int daemon_load(struct daemon *d, struct error *err)
{
	struct config *config = config_load(d->config_path, err);
	struct rules *rules;

	if (!config)
		return -1;
	rules = rules_load(config->rules_dir, err);
	if (!rules || rules_check(rules, err) < 0) {
		rules_free(rules);
		config_free(config);
		return -1;
	}
	d->config = config;
	d->rules = rules;
	return 0;
}

void daemon_unload(struct daemon *d)
{
	rules_free(d->rules);
	config_free(d->config);
	d->rules = NULL;
	d->config = NULL;
}

static void beat(struct heartbeat *h, char what)
{
	/* A full pipe has enough signs of life in it already. */
	if (write(h->fd, &what, 1) == 1)
		h->sent_ms = fdio_monotonic_ms();
}

void heartbeat(struct heartbeat *h)
{
	if (fdio_monotonic_ms() - h->sent_ms >= HEARTBEAT_MS)
		beat(h, HEARTBEAT_ALIVE);
}

void heartbeat_scanned(struct heartbeat *h)
{
	beat(h, HEARTBEAT_SCANNED);
}
