#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdint.h>

/*
 * Tells the service manager (sd_notify(3)): "READY=1", "STATUS=...". Does
 * nothing where none asked for it. Never fails: the work goes on without.
 */
void notify(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* RELOADING=1 with the time that belongs to it. */
void notify_reloading(void);

/* How often the manager wants a WATCHDOG=1, in ms; 0 where it does not. */
int64_t notify_watchdog_ms(void);

#endif
