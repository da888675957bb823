/*
 * dsnctl: the operator's command line. The table says what there is; each
 * command group has a file of its own.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "util/fdio.h"
#include "util/num.h"
#include "util/text.h"

const struct ctl_command ctl_commands[] = {
	{"check", "ADDRESS... [--stream NAME]",
	 "may it be mailed? exit 0: yes, all of them; 1: one may not",
	 ctl_check},
	{"show", "ADDRESS", "everything about an address, and why", ctl_show},
	{"list",
	 "[--reason R] [--domain D] [--class C] [--stream S] [--source S] "
	 "[--since TIME]",
	 "the suppressions in force", ctl_list},
	{"changes", "[--after MARK]",
	 "what was suppressed or released since, as it was recorded",
	 ctl_changes},
	{"bounces",
	 "[--campaign C] [--code CODE] [--reason R] [--class C] [--rule NAME] "
	 "[--mailbox NAME] [--stream S] [--domain D] [--address A] "
	 "[--since TIME] [--until TIME] [--limit N]",
	 "verdicts, the newest first", ctl_bounces},
	{"due", "[--all] [--domain D]",
	 "soft bounces that may be tried again now; --all: and later", ctl_due},
	{"classify", "PATH...",
	 "explain messages: files, folders, Maildir, mbox, - for standard input",
	 ctl_classify},
	{"explain",
	 "--reply TEXT [--stage STAGE] [--remote HOST] [--address ADDRESS]",
	 "judge a bare SMTP reply, such as '550 5.1.1 no such user'",
	 ctl_explain},
	{"rules", "list | show NAME | test [FILE...]",
	 "the rules of the judge; test: does each decide its own example?",
	 ctl_rules},
	{"suppress", "ADDRESS... --reason TEXT [--for 30d] [--stream NAME]",
	 "never mail it, or not for some time", ctl_suppress},
	{"release", "ADDRESS... --reason TEXT [--force] [--stream NAME]",
	 "end what suppresses it; --force ends a complaint too", ctl_release},
	{"allow", "ADDRESS... --reason TEXT [--force] [--end] [--stream NAME]",
	 "always mail it; --force even after a complaint; --end takes it back",
	 ctl_allow},
	{"forget", "ADDRESS... [--all] [--dry-run]",
	 "erase what is known of it, but that it is suppressed; --all: that "
	 "too",
	 ctl_forget},
	{"pending", "[--apply ID... | --drop ID... --reason TEXT]",
	 "what is held; let it act, or drop it", ctl_pending},
	{"undo",
	 "[--since TIME] [--until TIME] [--mailbox NAME] [--rule NAME] "
	 "[--message ID] [--reporter MTA] [--campaign C] [--domain D] "
	 "[--evidence E] [--end] --dry-run | --reason TEXT",
	 "take verdicts back, as if they had never been; --end ends that",
	 ctl_undo},
	{"quarantine",
	 "list | show ID | retry ID... | retry --all | drop ID... [--dry-run] "
	 "| drop --all [--dry-run]",
	 "messages that nobody could read; retry reads them again",
	 ctl_quarantine},
	{"filter", "[--column NAME|N] [--stream NAME] [--suppressed]",
	 "of the addresses on standard input, those that may be mailed",
	 ctl_filter},
	{"export",
	 "--csv | --json | --txt | --format csv|json|txt [--reason R] "
	 "[--domain D] [--class C] [--stream S] [--source S] [--since TIME]",
	 "the suppressions in force, for other programs", ctl_export},
	{"import",
	 "FILE [--format csv|json|txt|PROVIDER] [--stream NAME] "
	 "[--reason TEXT] [--dry-run] [--skip-bad]",
	 "suppressions from elsewhere, all of them or none", ctl_import},
	{"ingest",
	 "[--mailbox NAME] "
	 "[--format ses|sendgrid|mailgun|postmark|sparkpost|kumomta|smtp]",
	 "take one message from standard input; exit 75: try again later",
	 ctl_ingest},
	{"policy",
	 "[--refuse reject|defer|hold|discard] [--on-error dunno|defer|hold] "
	 "[--stream NAME]",
	 "answer Postfix's policy protocol; its spawn(8) runs this",
	 ctl_policy},
	{"status", "", "mailboxes, last poll, backlog, last error, counts",
	 ctl_status},
	{"sent",
	 "--campaign C [--stream S] [--day DAY] [--set] DOMAIN=COUNT... | "
	 "--ledger [--day DAY]",
	 "record how many were sent, or which, so that bounces are rated and "
	 "believed",
	 ctl_sent},
	{"sign", "[--campaign C] [--stream S] ADDRESS... | -",
	 "return paths that prove the bounces which come back to them",
	 ctl_sign},
	{"stats",
	 "[--by campaign|stream|day|domain|provider|reason] [--campaign C] "
	 "[--domain D] [--since TIME] [--until TIME]",
	 "what came back of what was sent, and its share", ctl_stats},
	{"report", "[--since TIME] [--until TIME]",
	 "the last seven days for people: rates, repeated and turned soft "
	 "failures, sender health",
	 ctl_report},
	{"reclassify", "[--dry-run | --apply]",
	 "what today's rules make of what is stored; --apply: let it be so",
	 ctl_reclassify},
	{"backup", "FILE", "copy the database, while the daemon runs",
	 ctl_backup},
	{"restore", "FILE", "put such a copy back; the daemon must be stopped",
	 ctl_restore},
	{"verify", "",
	 "work everything out again and compare it with what is kept",
	 ctl_verify},
	{"dump", "", "the content in a canonical text order", ctl_dump},
	{NULL, NULL, NULL, NULL},
};

/* What getopt_long returns for the first of a command's options. */
#define FIRST_OPTION 256
#define MAX_OPTIONS 24

static const struct ctl_command *command_find(const char *name)
{
	for (const struct ctl_command *c = ctl_commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void usage(FILE *to)
{
	fputs("usage: dsnctl COMMAND [-c FILE | --db FILE] [--json] ...\n"
	      "       dsnctl help COMMAND\n\n",
	      to);
	for (const struct ctl_command *c = ctl_commands; c->name != NULL; c++)
		fprintf(to, "  %-11s %s\n", c->name, c->summary);
	fputs("\nExit status: 0 yes or done, 1 no or nothing found, 2 wrong "
	      "use, 3 failure.\nMore: man dsnctl\n",
	      to);
}

static void command_usage(FILE *to, const struct ctl_command *c)
{
	fprintf(to, "usage: dsnctl %s%s%s\n", c->name,
		c->usage[0] != '\0' ? " " : "", c->usage);
}

/* Whether what was printed has been written. */
static enum ctl_exit said(void)
{
	return fflush(stdout) == 0 ? CTL_YES : CTL_FAILURE;
}

/* What is printed on request; NULL for all commands. */
static enum ctl_exit help(const struct ctl_command *c)
{
	if (c == NULL) {
		usage(stdout);
	} else {
		command_usage(stdout, c);
		printf("\n%s\n", c->summary);
	}
	return said();
}

enum ctl_exit ctl_misuse(const char *command, const char *fmt, ...)
{
	const struct ctl_command *c = command_find(command);
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "dsnctl %s: ", command);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	if (c != NULL)
		command_usage(stderr, c);
	return CTL_USAGE;
}

enum ctl_exit ctl_fail(const struct error *err)
{
	if (err->text[0] != '\0')
		fprintf(stderr, "dsnctl: %s\n", err->text);
	return CTL_FAILURE;
}

int ctl_flush(struct buf *out, struct error *err)
{
	int rc = fdio_write_all(STDOUT_FILENO, out->data, out->len, err);

	/* Who reads no further knows that there was more. */
	if (rc != 0 && err != NULL && errno == EPIPE)
		err->text[0] = '\0';
	buf_reset(out);
	return rc;
}

/* Appends a table to all, of which n are taken; returns how many then are. */
static size_t options_add(struct ctl_option *all, size_t n,
			  const struct ctl_option *some)
{
	for (; some != NULL && some->name != NULL; some++)
		if (n < MAX_OPTIONS - 1)
			all[n++] = *some;
	return n;
}

static void table_fill(struct option *table, const struct ctl_option *all,
		       size_t n)
{
	for (size_t i = 0; i < n; i++)
		table[i] = (struct option){
			all[i].name,
			all[i].flag != NULL ? no_argument : required_argument,
			NULL, FIRST_OPTION + (int)i};
	table[n] = (struct option){NULL, 0, NULL, 0};
}

/* Of "-dx" getopt has not left the word at d, which is none, but at x. */
static const char *word_of_letter(char **argv)
{
	const char *word = argv[optind - 1];

	return word[0] == '-' && word[1] != '-' && strchr(word, optopt) != NULL
		       ? word
		       : argv[optind];
}

/*
 * The next option, and how it is typed. getopt_long takes the beginning of a
 * name for the name: allow --for, which suppress has, would be --force.
 */
static int next_option(int argc, char **argv, const struct option *table,
		       const char **typed_r)
{
	int i = -1;
	int c;

	c = getopt_long(argc, argv, "c:h", table, &i);
	*typed_r = c == '?' && optopt > 0 && optopt < FIRST_OPTION
			   ? word_of_letter(argv)
			   : argv[optind - 1];
	if (c == -1 || i < 0)
		return c;
	if (table[i].has_arg == required_argument && optarg == *typed_r)
		*typed_r = argv[optind - 2];
	return strcspn(*typed_r, "=") == strlen(table[i].name) + 2 ? c : '?';
}

/* All of them, into where the table says: 0, or -1 after a mistake was told. */
static int options_read(int argc, char **argv, const struct ctl_option *all,
			size_t n)
{
	struct option table[MAX_OPTIONS];
	bool given[MAX_OPTIONS] = {false};
	const char *typed;
	size_t at;
	int c;

	table_fill(table, all, n);
	optind = 1;
	opterr = 0;
	while ((c = next_option(argc, argv, table, &typed)) != -1) {
		if (c == '?') {
			ctl_misuse(argv[0],
				   "%s is no option of it, or lacks its "
				   "argument",
				   typed);
			return -1;
		}
		/* Those that have a letter lead the table. */
		at = c == 'c' ? 0 : c == 'h' ? 1 : (size_t)(c - FIRST_OPTION);
		if (all[at].flag != NULL) {
			*all[at].flag = true;
			continue;
		}
		if (given[at]) {
			ctl_misuse(argv[0], "--%s is given twice",
				   all[at].name);
			return -1;
		}
		given[at] = true;
		*all[at].value = optarg;
	}
	return 0;
}

int ctl_options(struct ctl *ctl, int argc, char **argv,
		const struct ctl_option *own)
{
	const char *now = NULL;
	bool asked = false;
	const struct ctl_option common[] = {{"config", &ctl->config_path, NULL},
					    {"help", NULL, &asked},
					    {"db", &ctl->db_path, NULL},
					    {"json", NULL, &ctl->json},
					    {"now", &now, NULL},
					    {NULL, NULL, NULL}};
	struct ctl_option all[MAX_OPTIONS];
	size_t n = options_add(all, options_add(all, 0, common), own);

	if (options_read(argc, argv, all, n) != 0)
		return -1;
	/* Nothing has been done yet that would have to be undone. */
	if (asked)
		exit((int)help(command_find(argv[0])));
	if (now == NULL || num_when_s(now, strlen(now), &ctl->now_s) == 0)
		return optind;
	ctl_misuse(argv[0], "--now takes 2026-11-22T10:00:00Z or @EPOCH");
	return -1;
}

int ctl_options_only(struct ctl *ctl, int argc, char **argv,
		     const struct ctl_option *own)
{
	int first = ctl_options(ctl, argc, argv, own);

	if (first < 0)
		return -1;
	if (first == argc)
		return 0;
	ctl_misuse(argv[0], "it takes options only");
	return -1;
}

static bool asks_for_help(const char *word)
{
	return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 ||
	       strcmp(word, "-h") == 0;
}

/* A mail server that was told to run ingest keeps the mail whatever is wrong.
 */
static bool names_ingest(char **words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, "ingest") == 0)
			return true;
	return false;
}

/* words[0] is none. */
static enum ctl_exit no_command(char **words)
{
	const char *word = words[0];

	if (word[0] == '-')
		fprintf(stderr,
			"dsnctl: %s: the command comes first, then its "
			"options; \"dsnctl help\" lists the commands\n",
			word);
	else
		fprintf(stderr,
			"dsnctl: there is no command \"%s\"; \"dsnctl "
			"help\" lists them\n",
			word);
	return names_ingest(words) ? CTL_TEMPFAIL : CTL_USAGE;
}

/* How many words the common options in front of the command are. */
static int words_before_command(int argc, char **argv)
{
	static const char *const take_one[] = {"-c", "--config", "--db",
					       "--now"};
	int n = 0;

	while (1 + n < argc && argv[1 + n][0] == '-') {
		const char *word = argv[1 + n];
		size_t i = 0;

		while (i < 4 && strcmp(word, take_one[i]) != 0)
			i++;
		if (i < 4)
			n += 2;
		else if (strncmp(word, "-c", 2) == 0 ||
			 strcmp(word, "--json") == 0 ||
			 strncmp(word, "--db=", 5) == 0 ||
			 strncmp(word, "--now=", 6) == 0 ||
			 strncmp(word, "--config=", 9) == 0)
			n++;
		else
			break;
	}
	return n;
}

/*
 * The command changes places with the options that stand before it: false
 * where there is none.
 */
static bool lead_with_command(int argc, char **argv)
{
	int n = words_before_command(argc, argv);
	char *command = argv[1 + n < argc ? 1 + n : 1];

	if (1 + n >= argc)
		return false;
	if (command[0] == '-')
		return true;
	memmove(argv + 2, argv + 1, (size_t)n * sizeof(*argv));
	argv[1] = command;
	return true;
}

/* Help and version, which are no commands: false where it is one. */
static bool tell(char **words, enum ctl_exit *status_r)
{
	const struct ctl_command *c;

	if (strcmp(words[0], "-V") == 0 || strcmp(words[0], "--version") == 0) {
		puts("dsnctl " DSND_VERSION);
		*status_r = said();
		return true;
	}
	if (!asks_for_help(words[0]))
		return false;
	c = words[1] != NULL ? command_find(words[1]) : NULL;
	*status_r =
		words[1] != NULL && c == NULL ? no_command(words + 1) : help(c);
	return true;
}

int main(int argc, char **argv)
{
	struct ctl ctl = {.terminal = isatty(STDOUT_FILENO) == 1,
			  .now_s = (int64_t)time(NULL)};
	const struct ctl_command *c;
	enum ctl_exit status;
	int first = 1 + words_before_command(argc, argv);

	fdio_keep_standard();
	signal(SIGPIPE, SIG_IGN);
	if (first < argc && tell(argv + first, &status))
		return (int)status;
	if (!lead_with_command(argc, argv)) {
		usage(stderr);
		return names_ingest(argv + 1) ? CTL_TEMPFAIL : CTL_USAGE;
	}
	c = command_find(argv[1]);
	if (c == NULL)
		return (int)no_command(argv + 1 +
				       words_before_command(argc, argv));
	return (int)c->run(&ctl, argc - 1, argv + 1);
}
