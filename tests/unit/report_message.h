#ifndef TESTS_UNIT_REPORT_MESSAGE_H
#define TESTS_UNIT_REPORT_MESSAGE_H

#include <string.h>

#include "report/report.h"
#include "run.h"

/* The head of a report of a mail system, up to its parts. */
#define DSN_HEADER                                                             \
	"Return-Path: <>\n"                                                    \
	"From: MAILER-DAEMON@mx.example.net\n"                                 \
	"To: bounces@news.example.com\n"                                       \
	"Subject: Undelivered Mail\n"                                          \
	"MIME-Version: 1.0\n"                                                  \
	"Content-Type: multipart/report; report-type=delivery-status;\n"       \
	"\tboundary=\"b1\"\n\n"
#define DSN_TEXT(text)                                                         \
	"--b1\nContent-Type: text/plain; charset=us-ascii\n\n" text "\n"
#define DSN_STATUS(fields)                                                     \
	"--b1\nContent-Type: message/delivery-status\n\n"                      \
	"Reporting-MTA: dns; mx.example.net\n\n" fields "\n"
#define DSN_RETURNED(headers)                                                  \
	"--b1\nContent-Type: text/rfc822-headers\n\n" headers "\n--b1--\n"
#define RETURNED_HEADERS                                                       \
	"From: News <news@news.example.com>\n"                                 \
	"To: user@example.org\n"                                               \
	"Subject: May\n"                                                       \
	"Message-ID: <may.1@news.example.com>\n"                               \
	"Date: Mon, 4 May 2026 10:00:00 +0000\n"

static struct report report;

/* Reads a message into report; what was there before is forgotten. */
static inline struct report *read_bytes(const char *message, size_t n)
{
	struct report_settings settings;

	report_charsets_open();
	report_settings_init(&settings);
	report_release(&report);
	report_parse(&report, &settings, message, n);
	return &report;
}

static inline struct report *read_message(const char *message)
{
	return read_bytes(message, strlen(message));
}

/* The only recipient of that message. */
static inline const struct fact *read_sole(const char *message)
{
	read_message(message);
	ck_assert_uint_eq(report.fact_count, 1);
	return &report.facts[0];
}

static inline const char *status_text(const struct fact *f)
{
	static char text[STATUS_TEXT_BYTES];

	return status_format(fact_status(f), text);
}

#endif
