/* dsnctl check and list: may I mail it, and whom may I not. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/list_filter.h"
#include "ctl/print.h"
#include "ctl/view.h"
#include "store/show.h"
#include "util/num.h"

static void check_json(struct ctl_view *q, const char *address,
		       const struct store_answer *a)
{
	struct json j;

	json_init(&j, &q->out);
	json_object(&j);
	json_key_str(&j, "query", address);
	json_key_bool(&j, "mailable", a->mailable);
	json_key_bool(&j, "allowed", a->allowed);
	if (a->mailable)
		json_key_str(&j, "address", a->folded);
	else
		json_suppression(&j, &a->why);
	json_object_end(&j);
	buf_add_char(&q->out, '\n');
}

/* What a person decided has no reason but its source. */
static void why_text(struct buf *out, const struct store_suppression *why)
{
	bool reasoned = why->reason[0] != '\0';

	buf_addf(out, ": no, %s", reasoned ? why->reason : why->source);
	if (reasoned || why->stream[0] != '\0')
		buf_add_str(out, " (");
	if (reasoned)
		buf_add_str(out, why->source);
	if (why->stream[0] != '\0') {
		buf_add_str(out, reasoned ? ", stream " : "stream ");
		print_text(out, why->stream);
	}
	if (reasoned || why->stream[0] != '\0')
		buf_add_char(out, ')');
}

static void check_text(struct ctl_view *q, const char *address,
		       const struct store_answer *a)
{
	char since[NUM_TIME_BYTES], until[NUM_TIME_BYTES];

	print_text(&q->out, address);
	if (a->mailable) {
		buf_add_str(&q->out,
			    a->allowed ? ": yes, always allowed\n" : ": yes\n");
		return;
	}
	why_text(&q->out, &a->why);
	buf_addf(&q->out, " since %s, %s%s\n",
		 num_time_format(a->why.since_s, since),
		 a->why.until_s == 0 ? "" : "until ",
		 print_until(a->why.until_s, until));
}

static int check_one(struct ctl_view *q, const char *address,
		     const char *stream)
{
	struct store_answer answer;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = store_check(q->store, span_of(address), stream, q->ctl->now_s,
			 &arena, &answer, &q->err);
	if (rc == 0) {
		if (q->ctl->json)
			check_json(q, address, &answer);
		else
			check_text(q, address, &answer);
		q->found += !answer.mailable;
	}
	arena_release(&arena);
	return rc;
}

enum ctl_exit ctl_check(struct ctl *ctl, int argc, char **argv)
{
	const char *stream = NULL;
	const struct ctl_option own[] = {{"stream", &stream, NULL},
					 {NULL, NULL, NULL}};
	enum ctl_exit answer = CTL_YES;
	struct ctl_view q;
	int first = ctl_options(ctl, argc, argv, own);
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first == argc)
		return ctl_misuse(argv[0], "name at least one address");
	rc = ctl_view_open(&q, ctl, STORE_ASK);
	for (int i = first; i < argc && rc == 0; i++) {
		rc = check_one(&q, argv[i], stream);
		/* A slip in one leaves the others their answers. */
		if (rc != 0 && q.err.scope == ERROR_MESSAGE) {
			answer = ctl_fail(&q.err);
			rc = 0;
		}
	}
	if (answer == CTL_YES && q.found > 0)
		answer = CTL_NO;
	return ctl_view_close(&q, rc, answer);
}

static int list_row(void *ctx, const struct store_suppression *s)
{
	struct ctl_view *q = ctx;
	char time[NUM_TIME_BYTES];
	struct json j;

	if (q->ctl->json) {
		json_init(&j, &q->out);
		json_object(&j);
		json_suppression(&j, s);
		json_object_end(&j);
	} else {
		ctl_view_head(q, "address:36 reason:20 source:10 stream:10 "
				 "since:21 until");
		print_cell(q->ctl, &q->out, s->written, 36);
		print_cell(q->ctl, &q->out, s->reason, 20);
		print_cell(q->ctl, &q->out, s->source, 10);
		print_cell(q->ctl, &q->out, s->stream, 10);
		print_cell(q->ctl, &q->out, num_time_format(s->since_s, time),
			   21);
		buf_add_str(&q->out, print_until(s->until_s, time));
	}
	return ctl_view_row(q);
}

enum ctl_exit ctl_list(struct ctl *ctl, int argc, char **argv)
{
	struct store_filter filter = {NULL, NULL, NULL, NULL, NULL, 0};
	const char *since = NULL;
	const struct ctl_option own[] = {{"reason", &filter.reason, NULL},
					 {"domain", &filter.domain, NULL},
					 {"class", &filter.class_, NULL},
					 {"stream", &filter.stream, NULL},
					 {"source", &filter.source, NULL},
					 {"since", &since, NULL},
					 {NULL, NULL, NULL}};
	struct ctl_view q;
	int rc;

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	if (list_filter_check(ctl, argv[0], &filter, since) != 0)
		return CTL_USAGE;
	rc = ctl_view_open(&q, ctl, STORE_READ);
	if (rc == 0)
		rc = store_list(q.store, &filter, ctl->now_s, list_row, &q,
				&q.err);
	return ctl_view_close_list(&q, rc);
}
