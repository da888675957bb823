#ifndef STORE_SHOW_H
#define STORE_SHOW_H

#include "store/ask.h"
#include "util/json.h"

/* What is known, as JSON: dsnctl prints it, and changes.command is told so. */

/* The fields of one suppression, into an object that is open. */
void json_suppression(struct json *j, const struct store_suppression *s);

/* A change as an object. */
void json_changed(struct json *j, const struct store_changed *c);

#endif
