/* dsnctl undo: takes back what bad reports or a bad rule have done. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/person.h"
#include "ctl/rework.h"
#include "ctl/settings.h"
#include "ctl/when.h"

static const char *verb(const struct store_undo *what)
{
	if (what->redo)
		return what->dry_run ? "would count again" : "count again";
	return what->dry_run ? "would be undone" : "undone";
}

static enum ctl_exit run(struct ctl *ctl, const struct store_undo *what)
{
	struct rework_print print;
	struct ctl_settings settings;
	struct store_rework result;
	struct store *store;
	int rc = -1;

	rework_print_start(&print, ctl, what->dry_run);
	store = ctl_store_open(&settings, ctl, STORE_WRITE, &print.err);
	if (store != NULL)
		rc = store_undo(store, what, &print.watch, ctl->now_s, &result,
				&print.err);
	if (rc == 0)
		rework_print_sum(&print, verb(what), &result);
	if (rework_print_end(&print) != 0)
		rc = -1;
	ctl_store_close(&settings, store);
	if (rc != 0)
		return ctl_fail(&print.err);
	return result.verdicts > 0 ? CTL_YES : CTL_NO;
}

/*
 * Nothing is taken back by a slip: an undo without a filter is all there is,
 * and an empty one is a variable of a script that was never set. They stand
 * before --end. 0, or -1 after that was told.
 */
static int look_at_filters(const char *command,
			   const struct ctl_option *filters)
{
	bool any = false;

	for (; strcmp(filters->name, "end") != 0; filters++) {
		if (*filters->value == NULL)
			continue;
		any = true;
		if (**filters->value != '\0')
			continue;
		ctl_misuse(command, "--%s is empty", filters->name);
		return -1;
	}
	if (any)
		return 0;
	ctl_misuse(command, "say which verdicts, by --since, --mailbox, "
			    "--rule, --campaign or another filter");
	return -1;
}

static bool is_evidence(const char *name)
{
	return name == NULL || evidence_find(span_of(name)) >= 0;
}

/* A Message-ID as it stands in the header is stored without its brackets. */
static void unbracket(struct store_undo *what, char *id, size_t size)
{
	size_t n = what->message != NULL ? strlen(what->message) : 0;

	if (n < 3 || n > size || what->message[0] != '<' ||
	    what->message[n - 1] != '>')
		return;
	memcpy(id, what->message + 1, n - 2);
	id[n - 2] = '\0';
	what->message = id;
}

enum ctl_exit ctl_undo(struct ctl *ctl, int argc, char **argv)
{
	struct store_undo what = {.who = ctl_person()};
	const char *since = NULL, *until = NULL;
	char id[1024];
	const struct ctl_option own[] = {{"since", &since, NULL},
					 {"until", &until, NULL},
					 {"mailbox", &what.mailbox, NULL},
					 {"rule", &what.rule, NULL},
					 {"message", &what.message, NULL},
					 {"reporter", &what.reporter, NULL},
					 {"campaign", &what.campaign, NULL},
					 {"domain", &what.domain, NULL},
					 {"evidence", &what.evidence, NULL},
					 {"end", NULL, &what.redo},
					 {"dry-run", NULL, &what.dry_run},
					 {"reason", &what.note, NULL},
					 {NULL, NULL, NULL}};

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	if (look_at_filters(argv[0], own) != 0)
		return CTL_USAGE;
	if (!is_evidence(what.evidence))
		return ctl_misuse(argv[0], "--evidence takes failed, foreign, "
					   "unproved, sender, relay, ledger, "
					   "dkim or token");
	if (ctl_when(ctl, argv[0], "since", since, &what.since_s) != 0 ||
	    ctl_when(ctl, argv[0], "until", until, &what.until_s) != 0)
		return CTL_USAGE;
	if (!what.dry_run && ctl_reason_is_missing(argv[0], what.note))
		return CTL_USAGE;
	unbracket(&what, id, sizeof(id));
	return run(ctl, &what);
}
