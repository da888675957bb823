/*
 * A file of rules may say anything: it is taken, or refused with a sentence
 * that names it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verdict/rule.h"

/* Instead of the compiled-in ones, which would be read each time. */
const struct rules_default rules_default[] = {{NULL, NULL}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig loses a string that is not closed: once, before we give up. */
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\n"
	       "leak:libconfig_yylex\n";
}

static char folder[] = "/tmp/dsnd-fuzz.XXXXXX";
static char path[sizeof folder + 16];

static void remove_folder(void)
{
	unlink(path);
	rmdir(folder);
}

static void make_folder(void)
{
	if (path[0] != '\0')
		return;
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof path, "%s/own.conf", folder);
	if (atexit(remove_folder) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rules *rules;
	struct error err = {.text = ""};
	int fd;

	make_folder();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
	rules = rules_load(folder, &err);
	if (!rules && strstr(err.text, "own.conf") == NULL)
		abort();
	rules_free(rules);
	return 0;
}
