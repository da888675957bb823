/* Walks files and folders for commands that take either. */
#include "ctl/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/buf.h"

#define WALK_MAX_DEPTH 64

static int is_entry(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool has(struct dirent **names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i]->d_name, name) == 0)
			return true;
	return false;
}

static int walk_any(const struct walk *w, const char *path, unsigned depth,
		    bool files);

static int walk_folder(const struct walk *w, const char *path, unsigned depth)
{
	struct dirent **names = NULL;
	struct buf child;
	int rc = 0;
	int n = scandir(path, &names, is_entry, by_name);
	bool maildir;

	if (n < 0) {
		w->failed(w->ctx, path, strerror(errno));
		return 0;
	}
	maildir = has(names, n, "cur") && has(names, n, "new");
	buf_init(&child);
	for (int i = 0; i < n; i++) {
		buf_reset(&child);
		buf_add_str(&child, path);
		if (child.len > 0 && child.data[child.len - 1] != '/')
			buf_add_char(&child, '/');
		buf_add_str(&child, names[i]->d_name);
		if (rc == 0 &&
		    (!maildir || strcmp(names[i]->d_name, "tmp") != 0))
			rc = walk_any(w, child.data, depth + 1, !maildir);
		free(names[i]);
	}
	free(names);
	buf_release(&child);
	return rc;
}

/* files: whether a file here counts. */
static int walk_any(const struct walk *w, const char *path, unsigned depth,
		    bool files)
{
	struct stat st;

	if ((depth == 0 ? stat(path, &st) : lstat(path, &st)) != 0) {
		w->failed(w->ctx, path, strerror(errno));
		return 0;
	}
	if (S_ISREG(st.st_mode))
		return files ? w->each(w->ctx, path) : 0;
	if (S_ISDIR(st.st_mode) && depth < WALK_MAX_DEPTH)
		return walk_folder(w, path, depth);
	/* What a shell makes of <(zcat x.gz) is a file to who typed it. */
	if (depth == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		return w->each(w->ctx, path);
	if (depth == 0)
		w->failed(w->ctx, path, "neither a file nor a folder");
	return 0;
}

int walk_path(const struct walk *w, const char *path)
{
	if (strcmp(path, "-") == 0)
		return w->each(w->ctx, path);
	return walk_any(w, path, 0, true);
}
