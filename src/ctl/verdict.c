/* How a judgement is shown, to people and to programs. */
#include "ctl/verdict.h"

#include "ctl/print.h"

void verdict_json(struct json *j, const struct fact *f,
		  const struct judgement *v)
{
	char status[STATUS_TEXT_BYTES];

	json_key_str(j, "status", status_format(fact_status(f), status));
	json_key(j, "reply");
	if (f->reply > 0)
		json_int(j, f->reply);
	else
		json_null(j);
	json_key_str(j, "reason", reason_info(v->reason)->name);
	json_key_str(j, "class", verdict_class_name(v->class_));
	json_key_str(j, "effect", verdict_effect_name(v->effect));
	json_key_str(j, "rule", v->rule);
	json_key_str(j, "words", v->words);
	json_key_str(j, "diagnostic", f->diagnostic);
	json_key_str(j, "remote", f->remote);
	json_key_str(j, "stage", smtp_stage_name(f->stage));
	json_key_str(j, "advice", reason_info(v->reason)->advice);
}

void verdict_said(struct buf *out, const struct fact *f)
{
	char status[STATUS_TEXT_BYTES];

	print_field(out, "status", status_format(fact_status(f), status));
	if (f->reply > 0)
		buf_addf(out, "    %-11s %d\n", "reply", f->reply);
	print_field(out, "stage", smtp_stage_name(f->stage));
	print_field(out, "remote", f->remote);
	print_field(out, "text", f->diagnostic);
}

void verdict_why(struct buf *out, const struct judgement *v)
{
	print_field(out, "rule", v->rule);
	print_field(out, "words", v->words);
	print_field(out, "meaning", reason_info(v->reason)->meaning);
	print_field(out, "advice", reason_info(v->reason)->advice);
}

void verdict_runners_up(struct buf *out, const struct rules *rules,
			const struct fact *f)
{
	struct candidate list[JUDGE_MAX_CANDIDATES];
	size_t n = judge_candidates(rules, f, list, JUDGE_MAX_CANDIDATES);
	struct buf line;

	buf_init(&line);
	for (size_t i = 1; i < n; i++) {
		buf_reset(&line);
		buf_addf(&line, "%s: %s, by \"%s\"", list[i].rule,
			 reason_info(list[i].reason)->name, list[i].words);
		print_field(out, i == 1 ? "also holds" : "and", line.data);
	}
	buf_release(&line);
}
