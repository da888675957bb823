#ifndef DAEMON_READER_H
#define DAEMON_READER_H

#include "daemon/batch.h"
#include "daemon/daemon.h"
#include "daemon/measure.h"
#include "daemon/suspect.h"
#include "daemon/window.h"
#include "intake/intake.h"
#include "mailbox/mailbox.h"
#include "parser/parser.h"
#include "store/store.h"

/* What the files of one reader process share. */
struct reader {
	struct daemon *daemon;
	const struct config *config;
	const struct mailbox_settings *settings;
	const struct mailbox_driver *driver;
	struct mailbox *box;
	struct mailbox_memory memory; /* what the driver must remember */
	struct store *store;
	struct parser_settings parser_settings;
	struct parser *parser;
	struct intake intake;
	int format; /* of a spool's events; -1: messages */
	struct heartbeat *beat;
	struct suspects *suspects;
	struct window window;
	struct batch batch;
	size_t handed;	/* messages of the last scan */
	size_t fresh;	/* ... that were not known */
	size_t skipped; /* ... that could not be read */
	size_t stuck;	/* ... that could not be disposed of */
	/* Recorded, and still to leave: what the driver holds back may fail. */
	uint8_t (*held)[MESSAGE_KEY_BYTES];
	size_t held_count;
	int64_t heartbeat_ms;
	struct measures measures;
};

/*
 * judge.c: one answer of the parser becomes a judged item. Takes what *report
 * holds (it is empty then) and the front of an unreadable entry.
 */
void reader_judge(struct reader *r, struct window_entry *entry,
		  struct report *report, const char *why);

/* The same of an item that has its report: kind, verdicts, size. */
void reader_judge_item(struct reader *r, struct batch_item *item);

/* events.c: the events of a spool's file go into the batch. 0 or -1. */
int reader_take_events(struct reader *r, const struct mailbox_message *message,
		       struct span bytes, struct error *err);

/* Why a message goes to the quarantine that readers died of. */
#define READER_DIED_OF_IT "reading it ended dsnd's process, several times"

/* reader.c: a full batch is recorded. 0 or -1. */
int reader_make_room(struct reader *r, struct error *err);

/*
 * record.c: records the batch in one transaction, disposes of its messages,
 * logs them, and empties it. 0 or -1.
 */
int reader_record(struct reader *r, struct error *err);
/* In an open batch: what was measured; then its end. 0 or -1. */
int reader_write_measures(struct reader *r, struct error *err);
int reader_commit(struct reader *r, struct error *err);

/*
 * dispose.c: disposes of what was recorded and, once the driver says that
 * nothing of it is left behind, notes that it was done.
 */
int reader_dispose(struct reader *r, struct error *err);
/* The same where nothing came since: at a scan's end all of it is done. */
int reader_flush(struct reader *r, struct error *err);

/* mailbox_state.c: what status shows of this mailbox. */
void mailbox_state_alive(struct reader *r);
int mailbox_state_polled(struct reader *r, struct error *err);
/* The notes of this mailbox in the database. */
struct mailbox_memory mailbox_state_memory(struct reader *r);
void mailbox_state_failed(struct reader *r, const struct error *why);

#endif
