#ifndef PARSER_LANDLOCK_H
#define PARSER_LANDLOCK_H

/*
 * Denies the calling process all that this kernel's Landlock can deny: every
 * access to files, TCP, abstract Unix sockets, signals to others. Needs
 * no_new_privs. Returns the ABI version in force, or 0 where the kernel has
 * none: a second wall behind seccomp, never the only one.
 */
int landlock_deny_all(void);

#endif
