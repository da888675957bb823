/*
 * Lists of others, in CSV, in lines and in JSON: whatever they hold, rows are
 * gathered or told as bad, and no more come out of a list than were in it. The
 * first byte says which of the three it is.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ctl/import.h"
#include "store/store.h"

#define NOW_S 1795000000
#define BAD_BEFORE 100

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/dsnd-fuzz.XXXXXX";
static struct policy_settings policy;
static struct store *store;

static void remove_folder(void)
{
	static const char *const names[] = {"db", "db-wal", "db-shm"};
	char path[sizeof folder + 16];

	store_close(store);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static void make_store(void)
{
	char path[sizeof folder + 16];
	struct error err;

	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof path, "%s/db", folder);
	policy_settings_init(&policy);
	if (store_migrate(path, NOW_S, &err) < 0)
		abort();
	store = store_open(path, STORE_WRITE, &policy, &err);
	if (!store || atexit(remove_folder) != 0)
		abort();
}

static int read_lines(struct import *im, const uint8_t *data, size_t size,
		      bool plain)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	int rc;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	rc = import_lines(im, fd, plain);
	close(fd);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctl ctl = {.now_s = NOW_S};
	/* So many mistakes were told that no more are. */
	struct import im = {
		.ctl = &ctl, .path = "x", .stream = "", .bad = BAD_BEFORE};
	struct store_import_result result;
	int rc;

	if (size == 0)
		return 0;
	if (!store)
		make_store();
	im.store = store;
	buf_init(&im.text);
	if (store_import_begin(store, &im.err) < 0)
		abort();
	if (data[0] % 3 == 2)
		rc = import_json(&im,
				 span_make((const char *)data + 1, size - 1));
	else
		rc = read_lines(&im, data + 1, size - 1, data[0] % 3 == 1);
	if (rc < 0 && (im.err.scope != ERROR_MESSAGE || im.err.text[0] == '\0'))
		abort();
	if (store_import_apply(store, "fuzz", NOW_S, true, NULL, NULL, &result,
			       &im.err) < 0)
		abort();
	if (result.known != 0 || result.added != result.given ||
	    result.given > im.rows - (im.bad - BAD_BEFORE))
		abort();
	buf_release(&im.text);
	return 0;
}
