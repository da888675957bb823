/* dsnctl suppress, release and allow: what a person decides, and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/addresses.h"
#include "ctl/ctl.h"
#include "ctl/person.h"
#include "ctl/print.h"
#include "ctl/settings.h"
#include "util/num.h"
#include "util/xalloc.h"

/* What is longer is without end; times beyond some thousand years have no name.
 */
#define MAX_FOR_S (INT64_C(100) * 365 * 86400)

static void report(const struct ctl *ctl, const char *verb, size_t asked,
		   size_t changed, size_t refused)
{
	struct buf out;
	struct json j;

	buf_init(&out);
	if (ctl->json) {
		json_init(&j, &out);
		json_object(&j);
		json_key_str(&j, "action", verb);
		json_key_int(&j, "addresses", (int64_t)asked);
		json_key_int(&j, "changed", (int64_t)changed);
		json_key_int(&j, "still_suppressed", (int64_t)refused);
		json_object_end(&j);
		buf_add_char(&out, '\n');
	} else {
		buf_addf(&out, "%s: %zu recorded, %zu changed", verb, asked,
			 changed);
		if (refused > 0)
			buf_addf(&out, ", %zu still suppressed", refused);
		buf_add_char(&out, '\n');
	}
	ctl_flush(&out, NULL);
	buf_release(&out);
}

/* What still forbids to mail it, on standard error. */
static void refused(const struct store_answer *a, const char *address)
{
	bool reasoned = a->why.reason[0] != '\0';
	struct buf out;

	buf_init(&out);
	buf_add_str(&out, "dsnctl: ");
	print_text(&out, address);
	buf_addf(&out, ": still not mailable, %s; ",
		 reasoned ? a->why.reason : a->why.source);
	buf_add_str(&out, strcmp(a->why.class_, "complaint") == 0
				  ? "--force overrules a complaint\n"
				  : "\"dsnctl show\" tells more\n");
	fwrite(out.data, 1, out.len, stderr);
	buf_release(&out);
}

/* A person who lets an address be mailed expects that it may be now. */
static int doubts(struct store *store, const struct ctl *ctl,
		  const struct store_decision *decisions, size_t n,
		  size_t *refused_r, struct error *err)
{
	struct store_answer answer;
	struct arena arena;
	int rc = 0;

	arena_init(&arena);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct store_decision *d = &decisions[i];

		if (d->action != STORE_RELEASE && d->action != STORE_ALLOW)
			continue;
		rc = store_check(store, d->address,
				 d->stream[0] != '\0' ? d->stream : NULL,
				 ctl->now_s, &arena, &answer, err);
		if (rc == 0 && !answer.mailable) {
			refused(&answer, d->address.p);
			++*refused_r;
		}
	}
	arena_release(&arena);
	return rc;
}

/* Records the same decision for each address, all or none of them. */
static enum ctl_exit decide(struct ctl *ctl, const char *verb,
			    const struct store_decision *what, char **words,
			    size_t n)
{
	struct store_decision *decisions;
	struct addresses named;
	struct error err = {ERROR_NONE, ""};
	struct ctl_settings settings;
	struct store *store;
	size_t changed = 0, still = 0;
	int rc = -1;

	if (addresses_read(&named, words, n, &err) != 0)
		return ctl_fail(&err);
	decisions = xcalloc(named.n, sizeof(*decisions));
	for (size_t i = 0; i < named.n; i++) {
		decisions[i] = *what;
		decisions[i].address = span_of(named.list[i].raw);
		decisions[i].who = ctl_person();
		decisions[i].at_s = ctl->now_s;
	}
	store = ctl_store_open(&settings, ctl, STORE_WRITE, &err);
	if (store != NULL)
		rc = store_decide(store, decisions, named.n, ctl->now_s,
				  &changed, &err);
	if (rc == 0)
		rc = doubts(store, ctl, decisions, named.n, &still, &err);
	ctl_store_close(&settings, store);
	free(decisions);
	if (rc == 0)
		report(ctl, verb, named.n, changed, still);
	addresses_release(&named);
	if (rc != 0)
		return ctl_fail(&err);
	return still > 0 ? CTL_NO : CTL_YES;
}

/* The address and the reason, without which nothing is decided. */
static int operands(const char *command, const char *note, int n)
{
	if (n == 0) {
		ctl_misuse(command, "name at least one address, or - "
				    "for those on standard input");
		return -1;
	}
	return ctl_reason_is_missing(command, note) ? -1 : 0;
}

enum ctl_exit ctl_suppress(struct ctl *ctl, int argc, char **argv)
{
	struct store_decision what = {.action = STORE_SUPPRESS, .stream = ""};
	const char *length = NULL;
	const struct ctl_option own[] = {{"reason", &what.note, NULL},
					 {"stream", &what.stream, NULL},
					 {"for", &length, NULL},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	int64_t seconds = 0;

	if (first < 0 || operands(argv[0], what.note, argc - first) != 0)
		return CTL_USAGE;
	if (length != NULL &&
	    (num_duration_s(length, strlen(length), &seconds) != 0 ||
	     seconds == 0 || seconds > MAX_FOR_S))
		return ctl_misuse(argv[0], "--for takes 30d, 12h or never, and "
					   "100y at most");
	if (seconds > 0)
		what.until_s = ctl->now_s + seconds;
	return decide(ctl, argv[0], &what, argv + first,
		      (size_t)(argc - first));
}

enum ctl_exit ctl_release(struct ctl *ctl, int argc, char **argv)
{
	struct store_decision what = {.action = STORE_RELEASE, .stream = ""};
	const struct ctl_option own[] = {{"reason", &what.note, NULL},
					 {"stream", &what.stream, NULL},
					 {"force", NULL, &what.force},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);

	if (first < 0 || operands(argv[0], what.note, argc - first) != 0)
		return CTL_USAGE;
	return decide(ctl, argv[0], &what, argv + first,
		      (size_t)(argc - first));
}

enum ctl_exit ctl_allow(struct ctl *ctl, int argc, char **argv)
{
	struct store_decision what = {.action = STORE_ALLOW, .stream = ""};
	bool end = false;
	const struct ctl_option own[] = {{"reason", &what.note, NULL},
					 {"stream", &what.stream, NULL},
					 {"force", NULL, &what.force},
					 {"end", NULL, &end},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);

	if (first < 0 || operands(argv[0], what.note, argc - first) != 0)
		return CTL_USAGE;
	if (end)
		what.action = STORE_DISALLOW;
	return decide(ctl, argv[0], &what, argv + first,
		      (size_t)(argc - first));
}
