/*
 * A look at a database from outside: is it one that a start would take? It may
 * be in use, or at rest; nothing on the disk is made or changed by it.
 */
#include <string.h>
#include <unistd.h>

#include "store/access.h"
#include "store/internal.h"
#include "store/migrate.h"
#include "util/buf.h"

static bool is_there(const char *path, const char *suffix)
{
	struct buf name;
	bool there;

	buf_init(&name);
	buf_addf(&name, "%s%s", path, suffix);
	there = access(name.data, R_OK) == 0;
	buf_release(&name);
	return there;
}

/*
 * SQLite makes the files beside the database where they are not there, unless
 * it is told that the file will not change; where they are, what is in the log
 * counts, and its index need not be written for that. Of a log without one, as
 * a copy may be, who takes no locks keeps the index in memory.
 */
static enum store_mode name_still(struct buf *uri, const char *path)
{
	bool log = is_there(path, "-wal"), index = is_there(path, "-shm");

	/* Two slashes of a path would name a host. */
	buf_add_str(uri, *path == '/' ? "file://" : "file:");
	for (const char *p = path; *p; p++)
		if (text_is_alnum(*p) || strchr("/._-", *p))
			buf_add_char(uri, *p);
		else
			buf_addf(uri, "%%%02x", (unsigned)(unsigned char)*p);
	buf_add_str(uri, !log	 ? "?immutable=1"
			 : index ? "?readonly_shm=1"
				 : "?vfs=unix-none");
	return log && !index ? STORE_ALONE : STORE_READ;
}

int store_probe(const char *path, struct error *err)
{
	struct store *s;
	enum store_mode mode;
	struct buf uri;
	int rc = -1;

	if (access(path, F_OK) < 0)
		return 0;
	if (store_access_kind(path, err) < 0)
		return -1;
	buf_init(&uri);
	mode = name_still(&uri, path);
	s = store_connect_as(path, uri.data,
			     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, mode, err);
	if (s)
		rc = migrate_would(s, err);
	store_close(s);
	buf_release(&uri);
	return rc;
}
