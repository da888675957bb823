/*
 * An operator's file may say anything: it is taken, or refused with a sentence
 * that begins with its name.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig loses a string that is not closed: once, before we give up. */
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\n"
	       "leak:libconfig_yylex\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct config *config;
	struct error err = {.text = ""};
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	config = config_load(path, &err);
	/* It may include another descriptor of this process. */
	if (!config && strstr(err.text, "/proc/self/fd/") == NULL)
		abort();
	if (config && config->mailbox_count > CONFIG_MAX_MAILBOXES)
		abort();
	config_free(config);
	close(fd);
	return 0;
}
