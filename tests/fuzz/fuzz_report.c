/*
 * Any bytes may be a message: report_parse ends, keeps to its caps, and gives
 * texts that are safe to store. What libetpan dies of in spite of the guard is
 * the jail's matter, and is found here as well.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_text(const char *s, size_t max)
{
	if (!s || strlen(s) > max || !text_is_utf8(span_of(s)))
		abort();
}

static void fact_is_sound(const struct fact *f)
{
	is_text(f->address, REPORT_MAX_ADDRESS);
	is_text(f->final, REPORT_MAX_ADDRESS);
	is_text(f->remote, REPORT_MAX_FIELD);
	is_text(f->reporting_mta, REPORT_MAX_FIELD);
	is_text(f->reply_text, REPORT_MAX_DIAGNOSTIC);
	is_text(f->diagnostic, REPORT_MAX_DIAGNOSTIC);
	if (f->address[0] == '\0' || f->reply < 0 || f->reply > 599)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_settings settings;
	struct report r;
	size_t i;

	report_settings_init(&settings);
	report_init(&r);
	report_parse(&r, &settings, (const char *)data, size);
	if (r.fact_count > REPORT_MAX_RECIPIENTS ||
	    r.token_count > REPORT_MAX_TOKENS ||
	    r.headers.n > REPORT_MAX_HEADERS ||
	    r.returned.headers.n > REPORT_MAX_HEADERS)
		abort();
	is_text(r.message_id, REPORT_MAX_FIELD);
	is_text(r.returned.message_id, REPORT_MAX_FIELD);
	for (i = 0; i < r.fact_count; i++)
		fact_is_sound(&r.facts[i]);
	report_release(&r);
	return 0;
}
