#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "util/buf.h"
#include "util/text.h"

/*
 * Appends the readable text of an HTML body: tags, comments, scripts and
 * styles gone, block elements and <br> as line ends, entities as characters.
 * html is UTF-8. Never fails; a tag that does not end is text.
 */
void html_to_text(struct buf *out, struct span html);

#endif
