/*
 * The floor of a mailbox that is a folder: its files opened, read and renamed,
 * with as few calls as that takes.
 */
#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int is_file(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		bench_fail(path, "cannot be opened");
	return fd;
}

static void move_file(const char *name, int from, int to)
{
	char bytes[16 * 1024];
	int fd = openat(from, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		bench_fail(name, "cannot be opened");
	while (read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
		;
	close(fd);
	if (renameat(from, name, to, name) < 0)
		bench_fail(name, "cannot be moved");
}

struct clocks bench_move_files(const char *folder, const char *target,
			       size_t *n_r)
{
	int from = open_folder(folder), to = open_folder(target);
	struct clocks sum = {0}, before = clocks_read();
	struct dirent **names;
	int n = scandir(folder, &names, is_file, alphasort);

	if (n <= 0)
		bench_fail(folder, "has no files");
	for (int i = 0; i < n; i++)
		move_file(names[i]->d_name, from, to);
	if (fsync(to) < 0 || fsync(from) < 0)
		bench_fail(folder, "cannot be synced");
	clocks_add(&sum, before);
	*n_r = (size_t)n;
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	close(from);
	close(to);
	return sum;
}
