#ifndef EVENTS_READER_H
#define EVENTS_READER_H

#include <jansson.h>

#include "events/events.h"
#include "report/facts.h"

/*
 * What the providers' files share. Nothing in the JSON is believed to be of
 * any type: what is not as expected reads as nothing.
 */
struct event_reader {
	const char *format;
	event_fn each;
	void *ctx;
	struct error *err;
	struct event event; /* the one that is being made */
	bool failed;	    /* each said so */
	bool told;	    /* err says already why it is no event */
};

/* One file a provider: reads one document; -1 where it is not theirs. */
struct event_format {
	const char *name;
	int (*read)(struct event_reader *r, const json_t *root);
};
extern const struct event_format event_ses;
extern const struct event_format event_sendgrid;
extern const struct event_format event_mailgun;
extern const struct event_format event_postmark;
extern const struct event_format event_sparkpost;
extern const struct event_format event_kumomta;
extern const struct event_format event_smtp;

/* read is called for an object, or for each of an array: 0, or its -1. */
typedef int (*event_read_fn)(struct event_reader *r, const json_t *object);
int event_each(struct event_reader *r, const json_t *root, event_read_fn read);

/*
 * The document in these bytes, or NULL with where and why not. Text that JSON
 * may not hold is mended: U+FFFD. The caller calls json_decref.
 */
json_t *event_load(struct span bytes, json_error_t *bad_r);

/*
 * Whether a reply's words begin with its code, as in "550 5.1.1 no", not with
 * an enhanced one alone.
 */
bool event_has_code(struct span words);

/* A string below an object, along keys joined by '.'; or empty. Borrowed. */
struct span event_text(const json_t *object, const char *path);
/* The value there, or NULL. Borrowed. */
const json_t *event_value(const json_t *object, const char *path);
/* A time there, as a number or in any form that num_when_s reads; or 0. */
int64_t event_time(const json_t *object, const char *path);
/* A whole number there, or 0. */
int64_t event_number(const json_t *object, const char *path);

/*
 * Begins an event of that kind. id is the provider's, unique in what it says
 * beside the kind; where it is empty the whole object tells events apart.
 */
void event_begin(struct event_reader *r, enum report_kind kind, struct span id,
		 const json_t *object);
/* The message that was sent: any of these may be empty. */
void event_original(struct event_reader *r, struct span message_id,
		    struct span from, struct span subject,
		    struct span campaign);
/* One recipient of it; draft->action decides nothing but is kept. */
struct fact *event_recipient(struct event_reader *r,
			     const struct fact_draft *draft);
/* Hands it out. 0, or -1 to end. */
int event_end(struct event_reader *r);

/*
 * The same for the most common shape: one recipient, one text. Of a complaint
 * the text is the kind of feedback.
 */
int event_finish(struct event_reader *r, struct span address,
		 struct span words);
/* What is done to a recipient of that kind of event. */
enum report_action event_action(enum report_kind kind);

#endif
