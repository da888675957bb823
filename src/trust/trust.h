#ifndef TRUST_TRUST_H
#define TRUST_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/report.h"
#include "util/error.h"

/*
 * What a report proves about our having sent the mail, weakest first. The
 * names are those of the views' evidence column.
 */
enum evidence {
	EVIDENCE_FAILED,   /* a proof was offered and is wrong */
	EVIDENCE_FOREIGN,  /* what came back carries none of our domains */
	EVIDENCE_UNPROVED, /* plausible form, nothing more */
	EVIDENCE_SENDER,   /* the report's own author is authenticated and
			      answers for the recipient's domain (RFC 8601) */
	EVIDENCE_RELAY,	   /* made by our own relay: it heard the refusal */
	EVIDENCE_LEDGER,   /* Message-ID and recipient are in the sent ledger */
	EVIDENCE_DKIM,	   /* our DKIM signature on the returned headers, and
			      its signed To names the recipient */
	EVIDENCE_TOKEN,	   /* our signed return path, bound to the recipient */
};
#define EVIDENCE_COUNT 8

enum trust_verify {
	VERIFY_AUTO,
	VERIFY_OFF,
	VERIFY_PREFER,
	VERIFY_REQUIRE,
};

/* How far an event may go. */
enum trust_act {
	TRUST_RECORD,  /* kept, no effect */
	TRUST_HOLD,    /* kept and shown as pending */
	TRUST_BOUNDED, /* acts, with a short suppression; see policy */
	TRUST_FULL,
};

struct trust_key {
	char id;	     /* the kid: one base32 character */
	struct span secret;  /* at least 16 bytes; borrowed */
	int64_t not_after_s; /* 0: no end */
};

struct trust_dkim_key {
	const char *domain;
	const char *selector;
	const char *public_key; /* base64 of the SubjectPublicKeyInfo, p= */
	const char *type;	/* "rsa" or "ed25519" */
};

/*
 * The operator's side of it; strings borrowed from the configuration. Secrets
 * are read by the reader process itself, never by the jail or the supervisor.
 */
struct trust_settings {
	enum trust_verify verify;
	bool trusted_mailbox; /* only our own relays can write to this mailbox;
				 set by its reader on its own copy */
	const char *const *our_domains;		 /* NULL-terminated */
	const char *const *trusted_reporters;	 /* hosts of our relays */
	const char *const *trusted_networks;	 /* "192.0.2.0/24", for
						    the topmost Received */
	const char *const *trusted_authserv_ids; /* RFC 8601 */
	const char *bounce_domain; /* domain of our signed return paths */
	const char *token_prefix;  /* "b-": before the token */
	int64_t token_days;	   /* how long a token is good; 30 */
	const struct trust_key *keys;
	size_t key_count;
	const struct trust_dkim_key *dkim_keys;
	size_t dkim_key_count;
};
void trust_settings_init(struct trust_settings *s);

/*
 * Asks the sent ledger: 1 when this Message-ID was sent to this (folded)
 * address, 0 when not, -1 when there is no ledger. ctx is the caller's.
 */
typedef int (*trust_ledger_fn)(void *ctx, const char *message_id,
			       const char *folded_address);

/* What a valid token of ours says. */
struct trust_token {
	bool valid;
	char address[REPORT_MAX_ADDRESS]; /* bound recipient, where known */
	char send[64];			  /* send or campaign id */
	char stream[32];
	int64_t issued_s; /* midnight UTC of the issue day */
};

struct trust_result {
	enum evidence evidence;
	struct trust_token token;
	bool forwarded;	 /* the report names another address than the token's:
			    a forward target of it, see fact.forwarded */
	const char *why; /* static text for show and logs */
};

/*
 * Judges one recipient of a report. Pure but for the ledger question. at_s is
 * the report's arrival. result_r->token.address is the address we mailed where
 * a token names it: it beats what the report says.
 */
void trust_judge(const struct trust_settings *s, const struct report *report,
		 const struct fact *fact, int64_t at_s, trust_ledger_fn ledger,
		 void *ledger_ctx, struct trust_result *result_r);

/*
 * The same for every recipient of a report at once: results_r has room for
 * report->fact_count. What belongs to the whole report is looked at only once.
 */
void trust_judge_report(const struct trust_settings *s,
			const struct report *report, int64_t at_s,
			trust_ledger_fn ledger, void *ledger_ctx,
			struct trust_result *results_r);

/*
 * What may be done on that evidence. recipients is how many failed recipients
 * the report names; complaint is true for feedback reports.
 */
enum trust_act trust_act(const struct trust_settings *s, enum evidence e,
			 unsigned recipients, bool complaint);

/*
 * Makes the local part of a signed return path for one recipient, for senders
 * and tests: prefix, kid, payload, MAC. Returns 0, or -1 where it would exceed
 * 64 octets or no key is set. out has 65 bytes.
 */
int trust_token_make(const struct trust_settings *s, const char *send,
		     const char *stream, const char *folded_address,
		     int64_t now_s, char out[65]);

const char *evidence_name(enum evidence e);
int evidence_find(struct span name);

#endif
