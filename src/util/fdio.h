#ifndef UTIL_FDIO_H
#define UTIL_FDIO_H

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "util/buf.h"
#include "util/error.h"

/*
 * Of standard input, output and error those that were closed are taken, by
 * what can neither be read nor written: else a file that is opened later would
 * be one of them, and be written to as such.
 */
void fdio_keep_standard(void);
/*
 * Appends the bytes of an open descriptor until its end or max bytes.
 * Returns 1 when there was more than max, 0 otherwise, -1 on an error.
 */
int fdio_read_all(int fd, size_t max, struct buf *out, struct error *err);
/* The same up to `size` bytes, without looking whether more follow. */
int fdio_read_size(int fd, size_t size, struct buf *out, struct error *err);
/* Opens, reads and closes a regular file; a file over max is an error. */
int fdio_read_file(const char *path, size_t max, struct buf *out,
		   struct error *err);
/* Writes everything, through EINTR and short writes. */
int fdio_write_all(int fd, const void *p, size_t n, struct error *err);
/* fsync of a folder or file; what (for the error) names it. */
int fdio_sync(int fd, const char *what, struct error *err);
/* The folder that path lies in, "." for a bare name; to be freed. */
char *fdio_folder_of(const char *path);
/* fsync of that folder: a new name in it is on the disk then. */
int fdio_sync_folder_of(const char *path, struct error *err);
/*
 * Gives what root has made in somebody's folder to its owner, who goes on with
 * it as a service. Where it cannot be given, it stays root's.
 */
void fdio_give(int fd, const struct stat *folder);
/* Writes path anew by way of a temporary file, fsync and rename. */
int fdio_replace_file(const char *path, mode_t mode, const void *p, size_t n,
		      struct error *err);
int fdio_set_nonblocking(int fd, struct error *err);
/* CLOCK_MONOTONIC in milliseconds: for deadlines, never for dates. */
int64_t fdio_monotonic_ms(void);

#endif
