/* dsnd: reads its options and hands over to the supervisor. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/signals.h"
#include "util/fdio.h"
#include "util/log.h"
#include "util/num.h"

#define EXIT_USAGE 2
#define EXIT_LACKING 3 /* --check: the file is right, this machine is not */

struct options {
	const char *config;
	bool check;
	bool connect;
	bool foreground;
};

static const char usage[] =
	"usage: dsnd [-c FILE] [--check [--connect]] [--once] [--foreground] [--now TIME]\n"
	"\n"
	"  -c, --config FILE  configuration (" DSND_SYSCONFDIR "/dsnd.conf)\n"
	"      --check        check configuration and rules, then exit\n"
	"      --connect      with --check: look into every mailbox, change "
	"nothing\n"
	"      --once         empty every mailbox, then exit\n"
	"      --foreground   do not go into the background\n"
	"      --now TIME     take this for the current time, for tests\n"
	"  -h, --help         show this\n"
	"  -V, --version      show the version\n"
	"\n"
	"See dsnd(8).\n";

static const struct option long_options[] = {
	{"config", required_argument, NULL, 'c'},
	{"check", no_argument, NULL, 'k'},
	{"connect", no_argument, NULL, 'C'},
	{"once", no_argument, NULL, 'o'},
	{"foreground", no_argument, NULL, 'f'},
	{"now", required_argument, NULL, 'n'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static int read_now(struct daemon *d, const char *text)
{
	if (num_when_s(text, strlen(text), &d->now_s) < 0) {
		fprintf(stderr,
			"dsnd: --now %s: not a time; allowed are "
			"2026-11-22T13:14:15Z and @1795000000\n",
			text);
		return -1;
	}
	d->now_fixed = true;
	return 0;
}

/* 0 to go on, or the exit status + 1 that is due. */
static int read_options(int argc, char **argv, struct daemon *d,
			struct options *o)
{
	int configs = 0;
	int c;

	while ((c = getopt_long(argc, argv, "c:hV", long_options, NULL)) !=
	       -1) {
		if (c == 'c' && configs++ > 0) {
			fputs("dsnd: --config is given twice\n", stderr);
			return EXIT_USAGE + 1;
		} else if (c == 'c') {
			o->config = optarg;
		} else if (c == 'k') {
			o->check = true;
		} else if (c == 'C') {
			o->connect = true;
		} else if (c == 'o') {
			d->once = true;
		} else if (c == 'f') {
			o->foreground = true;
		} else if (c == 'n') {
			if (read_now(d, optarg) < 0)
				return EXIT_USAGE + 1;
		} else if (c == 'h') {
			fputs(usage, stdout);
			return EXIT_SUCCESS + 1;
		} else if (c == 'V') {
			puts("dsnd " DSND_VERSION);
			return EXIT_SUCCESS + 1;
		} else {
			fputs(usage, stderr);
			return EXIT_USAGE + 1;
		}
	}
	if (o->connect && !o->check) {
		fputs("dsnd: --connect is for --check\n", stderr);
		return EXIT_USAGE + 1;
	}
	if (optind == argc)
		return 0;
	fprintf(stderr, "dsnd: %s: only options are taken\n%s", argv[optind],
		usage);
	return EXIT_USAGE + 1;
}

static int fail(const struct error *err)
{
	log_msg(LOG_LEVEL_ERROR, "%s", err->text);
	return EXIT_FAILURE;
}

/* Who types it at a terminal gets it back, and with it goes the log. */
static void tell_lost_log(const struct config *c)
{
	if (c->log_target == LOG_TARGET_STDERR && isatty(STDERR_FILENO))
		fputs("dsnd: in the background its log would be lost: 2>FILE, "
		      "log = \"syslog\" or --foreground keeps it\n",
		      stderr);
}

/* A name that a rule of ours has too takes that one away: rarely meant. */
static void tell_replaced(const struct rules *rules)
{
	struct error err;
	struct rules *ours = rules_load_files(NULL, 0, &err);
	struct rule_info info;

	for (size_t i = 0; ours && i < rules_count(rules); i++) {
		rules_info(rules, i, &info);
		if (info.is_operator &&
		    rules_find(ours, span_of(info.name)) < rules_count(ours))
			printf("%s:%u: rule %s: takes the place of the "
			       "compiled-in rule of that name\n",
			       info.file, info.line, info.name);
	}
	rules_free(ours);
}

static int check(const struct daemon *d, const struct options *o)
{
	struct error err;
	/* As the daemon would: what that user may not do is missing here. */
	int ours = user_switch(d->config->user, &err);
	size_t missing = presence_check(d->config, ours == 0);

	tell_replaced(d->rules);
	printf("%s: mailboxes: %zu, rules: %zu, %s\n", d->config_path,
	       d->config->mailbox_count, rules_count(d->rules),
	       missing == 0 ? "all in order"
			    : "the file is in order, but this machine lacks "
			      "what is said above");
	if (fflush(stdout) != 0)
		return EXIT_FAILURE;
	if (!o->connect)
		return missing == 0 ? EXIT_SUCCESS : EXIT_LACKING;
	if (ours < 0)
		return fail(&err);
	signals_init();
	if (connect_all(d) != 0)
		return EXIT_FAILURE;
	return missing == 0 ? EXIT_SUCCESS : EXIT_LACKING;
}

int main(int argc, char **argv)
{
	struct daemon d = {.config_path = DSND_SYSCONFDIR "/dsnd.conf"};
	struct options o = {.config = NULL};
	int ready_fd = -1;
	struct error err;
	int status;

	fdio_keep_standard();
	status = read_options(argc, argv, &d, &o);
	if (status != 0)
		return status - 1;
	log_init("dsnd", LOG_LEVEL_INFO);
	if (o.config)
		d.config_path = o.config;
	if (daemon_load(&d, &err) < 0)
		return fail(&err);
	log_init("dsnd", d.config->log_level);
	if (o.check) {
		status = check(&d, &o);
		goto out;
	}
	status = EXIT_FAILURE;
	if (log_to(d.config->log_target, LOG_JOURNAL_SOCKET, &err) < 0) {
		fail(&err);
		goto out;
	}
	if (user_switch(d.config->user, &err) < 0) {
		fail(&err);
		goto out;
	}
	if (!o.foreground && !d.once) {
		tell_lost_log(d.config);
		ready_fd = detach(&err);
		if (ready_fd < 0) {
			fail(&err);
			goto out;
		}
	}
	signals_init();
	status = supervisor_main(&d, ready_fd);
out:
	daemon_unload(&d);
	return status;
}
