/* dsnctl backup and restore: a copy of the database, and the way back. */
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/settings.h"
#include "store/mend.h"

struct copy {
	struct ctl *ctl;
	struct buf out;
	struct error err;
	struct progress progress;
	struct store_watch watch;
};

static void progress(void *ctx, int64_t done, int64_t total)
{
	progress_at(&((struct copy *)ctx)->progress, done, total);
}

static void copy_start(struct copy *c, struct ctl *ctl)
{
	*c = (struct copy){.ctl = ctl};
	c->watch.progress = progress;
	c->watch.ctx = c;
	buf_init(&c->out);
	progress_start(&c->progress, "pages");
}

static enum ctl_exit copy_end(struct copy *c, int rc)
{
	progress_end(&c->progress);
	if (ctl_flush(&c->out, &c->err) != 0)
		rc = -1;
	buf_release(&c->out);
	return rc != 0 ? ctl_fail(&c->err) : CTL_YES;
}

static void say(struct copy *c, const char *verb, const char *path,
		const char *aside)
{
	struct json j;

	if (c->ctl->json) {
		json_init(&j, &c->out);
		json_object(&j);
		json_key_str(&j, "result", verb);
		json_key_str(&j, "file", path);
		json_key_str(&j, "former", aside);
		json_object_end(&j);
	} else {
		print_text(&c->out, path);
		buf_addf(&c->out, ": %s, and sound", verb);
		if (aside[0] != '\0') {
			buf_add_str(&c->out, "; what was there is now ");
			print_text(&c->out, aside);
		}
	}
	buf_add_char(&c->out, '\n');
}

enum ctl_exit ctl_backup(struct ctl *ctl, int argc, char **argv)
{
	struct copy c;
	struct ctl_settings settings;
	int first = ctl_options(ctl, argc, argv, NULL);
	struct store *store;
	int rc = -1;

	if (first < 0)
		return CTL_USAGE;
	if (first + 1 != argc)
		return ctl_misuse(argv[0], "name the file to write");
	copy_start(&c, ctl);
	store = ctl_store_open(&settings, ctl, STORE_READ, &c.err);
	if (store != NULL)
		rc = store_backup(store, argv[first], &c.watch, &c.err);
	if (rc == 0)
		say(&c, "written", argv[first], "");
	ctl_store_close(&settings, store);
	return copy_end(&c, rc);
}

/*
 * A name for what is there that takes none from what an earlier restore kept;
 * that of the database itself where such a one was killed half-way.
 */
static void name_aside(struct buf *name, const char *path)
{
	struct stat ours, there;
	bool is_there = stat(path, &ours) == 0;

	buf_addf(name, "%s.before-restore", path);
	for (unsigned n = 2; stat(name->data, &there) == 0; n++) {
		if (is_there && there.st_dev == ours.st_dev &&
		    there.st_ino == ours.st_ino)
			return;
		buf_reset(name);
		buf_addf(name, "%s.before-restore-%u", path, n);
	}
}

enum ctl_exit ctl_restore(struct ctl *ctl, int argc, char **argv)
{
	struct copy c;
	struct ctl_settings settings;
	struct buf aside;
	int first = ctl_options(ctl, argc, argv, NULL);
	bool there;
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first + 1 != argc)
		return ctl_misuse(argv[0], "name the backup to put back");
	copy_start(&c, ctl);
	buf_init(&aside);
	rc = ctl_settings_load(&settings, ctl, &c.err);
	if (rc == 0) {
		there = access(settings.db_path, F_OK) == 0;
		name_aside(&aside, settings.db_path);
		rc = store_restore(settings.db_path, argv[first], aside.data,
				   &c.watch, &c.err);
		if (rc == 0)
			say(&c, "restored", settings.db_path,
			    there ? aside.data : "");
	}
	ctl_settings_release(&settings);
	buf_release(&aside);
	return copy_end(&c, rc);
}
