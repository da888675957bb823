#ifndef MAILBOX_MAILDIR_NAME_H
#define MAILBOX_MAILDIR_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* The longest name that a file can have, with its NUL. */
#define MAILDIR_NAME_BYTES 256

/*
 * Names of files in a Maildir: UNIQUE in new/, UNIQUE:2,FLAGS in cur/, the
 * flags being ASCII letters in order.
 */

/* The length of the part before the flags. */
size_t maildir_name_unique(const char *name);

/* Whether the name carries this flag. */
bool maildir_name_has(const char *name, char flag);

/*
 * Writes the name that it has in cur/ once it is seen: with the flag S among
 * those that it had. copy > 0 puts ".copyN" behind the unique part, for where
 * that name is taken. A unique part that leaves no room for this is cut.
 */
void maildir_name_seen(const char *name, unsigned copy,
		       char out[MAILDIR_NAME_BYTES]);

#endif
