/*
 * dsnctl sign: the return paths that prove a bounce, for who sends the mail.
 */
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/settings.h"
#include "util/address.h"
#include "util/csv.h"
#include "util/json.h"

struct sign {
	struct ctl *ctl;
	const char *campaign, *stream;
	struct ctl_settings settings;
	struct buf out;
	struct error err;
};

static int can_sign(struct sign *s)
{
	const struct trust_settings *trust = &s->settings.config->policy.trust;
	const char *file = ctl_settings_name(&s->settings);

	if (trust->bounce_domain == NULL || trust->bounce_domain[0] == '\0')
		return error_set(&s->err, ERROR_FATAL,
				 "%s: trust.bounce_domain is missing: the "
				 "domain of return paths, see SIGNED RETURN "
				 "PATHS in dsnd.conf(5)",
				 file);
	if (config_read_secrets(s->settings.config, &s->err) != 0)
		return -1;
	if (trust->key_count == 0)
		return error_set(&s->err, ERROR_FATAL,
				 "%s: trust.token_key_file is missing: a file "
				 "of keys, see SIGNED RETURN PATHS in "
				 "dsnd.conf(5)",
				 file);
	return 0;
}

static int print(struct sign *s, const char *folded, const char *local)
{
	const char *domain = s->settings.config->policy.trust.bounce_domain;
	struct buf path;
	struct json j;

	buf_init(&path);
	buf_addf(&path, "%s@%s", local, domain);
	if (s->ctl->json) {
		json_init(&j, &s->out);
		json_object(&j);
		json_key_str(&j, "address", folded);
		json_key_str(&j, "return_path", path.data);
		json_object_end(&j);
	} else {
		buf_add(&s->out, path.data, path.len);
	}
	buf_add_char(&s->out, '\n');
	buf_release(&path);
	return s->out.len > 65536 ? ctl_flush(&s->out, &s->err) : 0;
}

/* Without any names it would have been made, or it cannot be at all. */
static int refuse(struct sign *s, const char *folded)
{
	const struct config *config = s->settings.config;
	char local[65];

	if (trust_token_make(&config->policy.trust, "", "", folded,
			     s->ctl->now_s, local) == 0)
		return error_set(&s->err, ERROR_MESSAGE,
				 "campaign and stream are too long for a "
				 "return path");
	return error_set(&s->err, ERROR_MESSAGE,
			 "%s: every key in it has ended: add one with a "
			 "letter of its own",
			 config->token_key_file);
}

static int sign(struct sign *s, struct span address)
{
	char local[65];
	struct buf clean, folded;
	int rc = -1;

	buf_init(&clean);
	buf_init(&folded);
	if (address_clean(&clean, address) != 0) {
		error_set(&s->err, ERROR_MESSAGE, "\"%.*s\" is not an address",
			  (int)(address.n > 200 ? 200 : address.n), address.p);
		goto out;
	}
	address_fold(&folded, span_make(clean.data, clean.len));
	rc = trust_token_make(&s->settings.config->policy.trust, s->campaign,
			      s->stream, folded.data, s->ctl->now_s, local);
	rc = rc == 0 ? print(s, folded.data, local) : refuse(s, folded.data);
out:
	buf_release(&folded);
	buf_release(&clean);
	return rc;
}

/* A line each, so that the answers stand beside a list as paste(1) puts it. */
static int sign_lines(struct sign *s)
{
	struct csv lines;
	int rc;

	csv_init(&lines, STDIN_FILENO, '\0');
	while ((rc = csv_next(&lines, &s->err)) == 1)
		if (sign(s, span_trim(lines.raw)) != 0) {
			rc = error_wrap(&s->err, "line %zu", lines.line);
			break;
		}
	csv_release(&lines);
	return rc;
}

static int run(struct sign *s, int n, char **words)
{
	int rc = ctl_settings_load(&s->settings, s->ctl, &s->err);

	if (rc == 0)
		rc = can_sign(s);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = strcmp(words[i], "-") == 0 ? sign_lines(s)
						: sign(s, span_of(words[i]));
	if (rc == 0)
		rc = ctl_flush(&s->out, &s->err);
	ctl_settings_release(&s->settings);
	return rc;
}

enum ctl_exit ctl_sign(struct ctl *ctl, int argc, char **argv)
{
	struct sign s = {.ctl = ctl, .campaign = "", .stream = ""};
	const struct ctl_option own[] = {{"campaign", &s.campaign, NULL},
					 {"stream", &s.stream, NULL},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first == argc)
		return ctl_misuse(argv[0], "name at least one address, or - "
					   "for those on standard input");
	buf_init(&s.out);
	rc = run(&s, argc - first, argv + first);
	buf_release(&s.out);
	return rc == 0 ? CTL_YES : ctl_fail(&s.err);
}
