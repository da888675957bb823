/* Who died with which message in hand. */
#include "daemon/suspect.h"

#include <string.h>
#include <sys/mman.h>

struct suspect_hand {
	volatile bool full;
	uint8_t key[MESSAGE_KEY_BYTES];
};

int suspects_start(struct suspects *s, struct error *err)
{
	void *map;

	if (!s->hand) {
		map = mmap(NULL, sizeof *s->hand, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (map == MAP_FAILED)
			return error_errno(err, ERROR_FATAL,
					   "cannot share memory");
		s->hand = map;
	}
	s->hand->full = false;
	return 0;
}

void suspects_release(struct suspects *s)
{
	if (s->hand)
		munmap(s->hand, sizeof *s->hand);
	s->hand = NULL;
}

bool suspects_ended(struct suspects *s, bool crashed)
{
	s->careful = crashed;
	if (!crashed || !s->hand || !s->hand->full)
		return false;
	if (memcmp(s->key, s->hand->key, sizeof s->key) != 0)
		s->deaths = 0;
	memcpy(s->key, s->hand->key, sizeof s->key);
	if (++s->deaths < SUSPECT_DEATHS)
		return false;
	memcpy(s->given_up[s->given_up_count++ % SUSPECT_MOST], s->key,
	       sizeof s->key);
	s->deaths = 0;
	return true;
}

void suspects_hold(struct suspects *s, const uint8_t *key)
{
	s->hand->full = false;
	if (!key)
		return;
	memcpy(s->hand->key, key, sizeof s->hand->key);
	s->hand->full = true;
}

bool suspects_gave_up(const struct suspects *s,
		      const uint8_t key[MESSAGE_KEY_BYTES])
{
	for (size_t i = 0; i < s->given_up_count && i < SUSPECT_MOST; i++)
		if (memcmp(s->given_up[i], key, MESSAGE_KEY_BYTES) == 0)
			return true;
	return false;
}
