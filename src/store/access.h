#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include "util/error.h"

/* 0 where the database is a file or is not there; -1 with FATAL. */
int store_access_kind(const char *path, struct error *err);

/*
 * Whether this process may use the files of the database at path, or make them
 * where they are not there: the file, -wal, -shm and their folder. A link to
 * nothing is refused. SQLite only says "unable to open". Returns 0, or -1 with
 * FATAL: which file, why, whose it is, and the command that mends it.
 */
int store_access(const char *path, struct error *err);

/*
 * Whether somebody's folder has a file of the database in it that belongs to
 * root, which its owner could not open: 0, or -1 with FATAL and the command
 * that mends it.
 */
int store_access_owner(const char *path, struct error *err);

/*
 * Gives a file that root has made to the owner of the folder that path lies
 * in: whoever reads the database by day need not be who began it.
 */
void store_access_give(const char *path, int fd);

#endif
