/*
 * What comes out of the jail may be forged: bytes that are no record are
 * refused, and a record that is taken is exactly what it would be written as.
 * The report of a real message passes whole, and changed anywhere is refused
 * or as good as any other.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parser/wire.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_record(const char *p, size_t n)
{
	struct report r;
	struct buf again;
	int rc;

	report_init(&r);
	buf_init(&again);
	rc = report_read(&r, p, n, NULL);
	if (rc == 0) {
		report_write(&again, &r);
		if (again.len != n || memcmp(again.data, p, n) != 0)
			abort();
	}
	buf_release(&again);
	report_release(&r);
	return rc == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_settings settings;
	struct report r;
	struct buf record;

	(void)is_record((const char *)data, size);
	report_settings_init(&settings);
	report_charsets_open();
	report_init(&r);
	buf_init(&record);
	report_parse(&r, &settings, (const char *)data, size);
	report_write(&record, &r);
	if (!is_record(record.data, record.len))
		abort();
	/* The bytes themselves choose what is changed. */
	for (size_t i = 0; i + 2 < size && i < 48; i += 3) {
		size_t at = ((size_t)data[i] << 8 | data[i + 1]) % record.len;

		record.data[at] = (char)data[i + 2];
		(void)is_record(record.data, record.len);
	}
	buf_release(&record);
	report_release(&r);
	return 0;
}
