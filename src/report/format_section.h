#ifndef REPORT_FORMAT_SECTION_H
#define REPORT_FORMAT_SECTION_H

#include <stdbool.h>

#include "report/format.h"

/*
 * The simple shapes, as data: behind a sentence stand recipients, each on a
 * line of its own, each followed by words that end at the next recipient. One
 * row a format; see format_table.c.
 */

/* What of a recipient's surroundings is about it. */
enum section_words {
	WORDS_BEHIND, /* what follows the address */
	WORDS_LINE,   /* its own line from the beginning, and what follows */
	WORDS_ALL,    /* all from the sentence on; one recipient only */
};

/* Text that stands before an address in its line: "Recipient: [SMTP:". */
struct section_lead {
	const char *phrase;
	enum section_words words;
	/*
	 * A sentence that people write too: only where it opens the text,
	 * among its first SECTION_OPENING_LINES lines, and begins its line.
	 */
	bool opening;
};
#define SECTION_OPENING_LINES 4

struct section_row {
	const char *name;
	/* One of these in the text is the sign. */
	struct phrases *signs;
	/*
	 * Recipients stand behind the first of these; NULL: from the top.
	 */
	struct phrases *begins;
	/* Lines that begin so end the recipients; NULL: none but the usual. */
	struct phrases *ends;
	/* What stands before addresses; NULL: they begin their lines. */
	const struct section_lead *leads;
	/*
	 * What a server said stands behind the first of these that is there;
	 * before it is advice that every such bounce gives.
	 */
	struct phrases *said;
	struct phrases *until; /* the words end before any of these */
	/*
	 * The reason stands between this and the recipients, for all of them.
	 */
	const char *reason;
	/*
	 * What a 550 answered where this system never says: RCPT, as good as
	 * always, of systems that hand on what they were given.
	 */
	enum smtp_stage unsaid;
	/*
	 * The field of the report's own header that names the recipient,
	 * where its text does not: a list that refuses names itself.
	 */
	const char *field;
	bool bare; /* with leads: addresses may begin their lines too */
	/* "Recipient: user@example.com" in any language, alone on its line */
	bool labels;
	bool local; /* names may lack the domain: it is the report's own */
	/* A line names one as somebody wrote it: its commas part nobody. */
	bool verbatim;
	bool loose; /* words may follow a bare address without a colon */
	/* People quote the sign, too: only in mail that no name has signed. */
	bool nameless;
};

extern const struct section_row section_rows[];
extern const size_t section_row_count;

/* The sign of the row is there. */
bool section_is(const struct section_row *row, const struct format_input *in);
void section_read(const struct section_row *row, const struct format_input *in,
		  struct findings *out);

/*
 * What stands before the section, from the row's phrase on; before the first
 * recipient, where the phrase begins the section. Empty where it has none.
 */
struct span section_reason(const struct section_row *row, struct span text,
			   struct span section, const struct findings *out);
/*
 * Where answers stand above whom they were given: takes them from there, and
 * none where that is unclear. False: they stand below or beside.
 */
bool section_sides(struct span section, struct findings *out);
/* Whether words stand in lines between them, all of which are in section. */
bool section_has_between(struct span section, const struct findings *out);
/* A blank line, or one drawn with signs. */
bool section_is_gap(struct span line);
/* Gives what was said of all, above or below them, to those it speaks of. */
void section_share(const struct section_row *row, const struct format_input *in,
		   struct findings *out);

/*
 * The recipient that the line names, the nth with text in it: *address_r, its
 * words to *words_r, and the offset behind it; 0 where it names nobody. g was
 * read from the text that the line is of.
 */
size_t section_recipient(const struct section_row *row, const struct grams *g,
			 struct span line, size_t nth, struct span *address_r,
			 enum section_words *words_r);

/*
 * "x: a@example.com", the first reply, "x: b@example.com", a reply: what stands
 * before both needs to be no word of a language that is known. Empty for none.
 */
struct span section_repeated_lead(struct span text);
/* The address that lead stands before in this line, or 0. */
size_t section_led_again(struct span line, struct span lead,
			 struct span *address_r);

/* "RCPT TO:<a@example.com>", and the host takes it. */
bool section_is_accepted(struct span text, struct span line);
/* ... of the next stands right below: which answer is whose? */
bool section_asks_for_next(struct span text, struct span line);

/* The line begins with an address, but not this one, and goes on of it. */
bool section_is_of_another(struct span line, struct span address);
/* Any line of these words does. */
bool section_tells_of_others(struct span words, struct span address);

/*
 * "<a@example.com>, <b@example.com>: 550 ..." or "a@example.com: 550 ...;
 * b@example.com: 552 ...": at is behind the first, which *address_r has, and
 * whose words go to *mine_r; another one that follows, returned as above.
 */
size_t section_next_in_list(struct span line, size_t at, struct span *address_r,
			    struct span *mine_r);

#endif
