#include "report/format_section.h"

/*
 * Formats of the simple shapes, a row each. To add one: its sign, what stands
 * before the recipients, before an address, behind them. Rows with a sign of
 * their own come first; all come after the formats that have a file.
 */

#define LIST(...) PHRASES_OF(__VA_ARGS__)
#define LEADS(...)                                                             \
	((const struct section_lead[]){__VA_ARGS__,                            \
				       {NULL, WORDS_BEHIND, false}})

const struct section_row section_rows[] = {
	{
		.name = "opensmtpd",
		.signs = LIST("this is the mailer-daemon, please do not reply"),
		.begins = LIST("list of recipients:"),
		.ends = LIST("please note that this", "you do not need to"),
		.unsaid = STAGE_RCPT,
	},
	{
		.name = "dma",
		.signs = LIST("this is the dragonfly mail agent"),
		.leads = LEADS({"error delivering your mail to ", WORDS_BEHIND,
				false}),
	},
	{
		.name = "xmail",
		.signs = LIST("xmail bounce: rcpt=["),
		.leads = LEADS({"xmail bounce: rcpt=[", WORDS_BEHIND, false}),
		.said = LIST("error=["),
		.until = LIST("[<01>]"),
	},
	{
		.name = "mmdf",
		.signs = LIST("your message was not delivered to '"),
		.leads = LEADS({"was not delivered to ", WORDS_BEHIND, false}),
		.said = LIST("reason:"),
		.until = LIST("your message begins as follows"),
	},
	{
		.name = "nullmailer",
		.signs = LIST("this is the nullmailer delivery system"),
		.begins = LIST("intended recipients:"),
		.ends = LIST("a final delivery status notification"),
		.unsaid = STAGE_RCPT,
		.loose = true,
	},
	{
		.name = "masqmail",
		.signs = LIST("was sent to you by the mailer daemon"),
		.begins = LIST("and has been given", "has been defered:",
			       "delivered to all recipients.)"),
		.said = LIST("about what caused the"),
		.until = LIST("if you need help"),
	},
	{
		.name = "postal",
		.signs = LIST("the message you've sent cannot be delivered"),
		.leads = LEADS({"Rcpt To: ", WORDS_ALL, false}),
	},
	{
		.name = "zmailer",
		.signs =
			LIST("is a collection of reports about email delivery"),
		.begins = LIST("FAILED:"),
		.leads = LEADS({"rfc822;", WORDS_BEHIND, false}),
		.until = LIST("following is a copy of"),
	},
	{
		/* Italy's certified mail: the wording is the decree's. */
		.name = "pec",
		.signs = LIST("stato rilevato un ",
			      "stato consegnato nelle 24 ore",
			      "stato consegnato nelle prime dodici ore"),
		.leads =
			LEADS({"e destinato all'utente ", WORDS_BEHIND, false}),
		.until = LIST("identificativo messaggio"),
	},
	{
		.name = "mailenable",
		.signs = LIST("mailenable: message could not be delivered"),
		.leads = LEADS({"recipient: [SMTP:", WORDS_BEHIND, false}),
		.unsaid = STAGE_RCPT,
	},
	{
		.name = "exchange-2003",
		.signs = LIST(
			"did not reach the following recipient",
			"did not reach some or all of the intended",
			"the following recipient(s) could not be reached",
			"the following recipients could not be reached",
			"reasons are listed with each recipient:",
			/* Outlook, in its other languages */
			"alle empfänger nicht erreicht",
			"n'est pas parvenu à certains", "no llegó a algun",
			"não chegou a algun", "non ha raggiunto alcuni",
			"alle geadresseerden niet bereikt", "nådde inte några",
			"nåede ikke frem til", "nådde ikke noen"),
		.begins = LIST("reach the following recipient(s):",
			       "reach the following recipient:",
			       "recipient(s) could not be reached:",
			       "recipients could not be reached:",
			       "reasons are listed with each recipient:"),
		.leads = LEADS({"dda:SMTP=", WORDS_BEHIND, false},
			       {"recipient: [SMTP:", WORDS_BEHIND, false}),
		.bare = true,
		.loose = true,
	},
	{
		/* Its list is of all; what each was told stands below. */
		.name = "chasquid",
		.signs = LIST("to the following recipient(s) failed perman"),
		.begins = LIST("----- technical details -----"),
		.said = LIST("failed with error:"),
	},
	{
		.name = "gmail",
		.signs = LIST("to the following recipient failed permanently",
			      "to the following recipients failed permanently",
			      "to the following recipient has been delayed",
			      "to the following recipients has been delayed",
			      "to the following recipients was aborted"),
		.begins = LIST("failed permanently:", "has been delayed:",
			       "was aborted"),
		.said = LIST("the error that the other server returned was:",
			     "technical details of permanent failure:",
			     "technical details of temporary failure:"),
	},
	{
		.name = "iis",
		.signs = LIST("to the following recipients failed.",
			      "to the following recipient failed."),
		.begins = LIST("failed."),
	},
	{
		.name = "gmail-2016",
		.signs = LIST("the response from the remote server was:",
			      "the response was:"),
		.leads = LEADS({"delivered to ", WORDS_BEHIND, false},
			       {"your message to ", WORDS_BEHIND, false}),
		.said = LIST("the response from the remote server was:",
			     "the response was:"),
	},
	{
		.name = "exchange-2007",
		.signs = LIST("delivery has failed to these recipients",
			      "rejected your message to the following"),
		.begins = LIST("delivery has failed to these recipients",
			       "rejected your message to the following"),
		.said = LIST("diagnostic information for administrators:"),
		.bare = true,
	},
	{
		.name = "pmdf",
		.signs = LIST("recipient address:"),
		.leads = LEADS({"recipient address: ", WORDS_BEHIND, false}),
	},
	{
		.name = "domino",
		.signs = LIST("was not delivered to:"),
		.begins = LIST("was not delivered to:"),
		.loose = true,
	},
	{
		.name = "notes",
		.signs = LIST("------- failure reasons"),
		.begins = LIST("------- failure reasons"),
	},
	{
		.name = "imail",
		.signs = LIST("undeliverable to ", "unknown user: ",
			      "invalid final delivery userid: ",
			      "user mailbox exceeds allowed size: ",
			      "delivery failed "),
		.leads = LEADS(
			{"undeliverable to ", WORDS_LINE, false},
			{"unknown user: ", WORDS_LINE, false},
			{"unknown host: ", WORDS_LINE, false},
			{"invalid final delivery userid: ", WORDS_LINE, false},
			{"exceeds allowed size: ", WORDS_LINE, false},
			{" attempts: ", WORDS_LINE, false},
			{"delivery failed: ", WORDS_LINE, false}),
	},
	{
		.name = "mdaemon",
		.signs = LIST("did not receive a copy of your message",
			      "--- session transcript ---"),
		.begins = LIST("a copy of your message:"),
		.ends = LIST("--- end transcript"),
	},
	{
		/* It never got so far as to name the recipient to a host. */
		.name = "mdaemon-queue",
		.signs = LIST("--- session transcript ---"),
		.begins = LIST("--- session transcript ---"),
		.leads = LEADS({"* To: ", WORDS_BEHIND, false}),
		.until = LIST("--- end transcript"),
	},
	{
		.name = "communigate",
		.signs = LIST("failed to deliver to '"),
		.leads = LEADS({"failed to deliver to ", WORDS_BEHIND, false}),
	},
	{
		.name = "groupwise",
		.signs = LIST("sent was undeliverable to the following",
			      "was undeliverable to the following:"),
		.begins = LIST("undeliverable to the following:"),
		.loose = true,
		.local = true,
	},
	{
		.name = "zoho",
		.signs = LIST("error_code :", "[status: error, address:"),
		.leads = LEADS({"address: ", WORDS_BEHIND, false}),
		.bare = true,
		.loose = true,
	},
	{
		.name = "interscan",
		.signs = LIST("message from interscan"),
		.leads = LEADS(
			{"unable to deliver message to ", WORDS_ALL, false}),
	},
	{
		.name = "ezweb",
		.signs = LIST("of the following recipients was rejected by",
			      "the following recipients did not receive this "
			      "message",
			      "the user(s) account is"),
		.leads = LEADS({"recipient: ", WORDS_BEHIND, false}),
		.until = LIST("please reply to"),
		.bare = true,
	},
	{
		.name = "netscape",
		.signs = LIST("the following recipients did not receive your "
			      "message"),
		.begins = LIST("did not receive your message:"),
		.ends = LIST("please reply to"),
		.reason = "due to the following reason:",
		.bare = true,
	},
	{
		.name = "intermail",
		.signs = LIST("was undeliverable due to the following reason"),
		.begins = LIST("due to the following reason:"),
		.ends = LIST("please reply to"),
		.reason = "due to the following reason:",
		.bare = true,
		.loose = true,
	},
	{
		.name = "aol",
		.signs = LIST("because they are not accepting mail"),
		.begins = LIST("could not be delivered because"),
		.local = true,
	},
	{
		.name = "m-filter",
		.signs = LIST("-------server message"),
	},
	{
		.name = "mailmarshal",
		.signs = LIST("the following recipients were affected:"),
		.begins = LIST("the following recipients were affected:"),
		.ends = LIST("additional information"),
		.reason = "could not be delivered because of",
		.unsaid = STAGE_RCPT,
	},
	{
		.name = "surfcontrol",
		.signs = LIST("addressed to: "),
		.leads = LEADS({"addressed to: ", WORDS_BEHIND, false}),
		.until = LIST("--- message non-deliverable"),
	},
	{
		.name = "mimecast",
		.signs = LIST("this is a delivery failure notification message "
			      "indicating"),
		.leads = LEADS({"-- ", WORDS_BEHIND, false}),
		.said = LIST("the problem appears to be :"),
		.until = LIST("this condition occurred after",
			      "if you sent the email to multiple"),
	},
	{
		.name = "kddi",
		.signs = LIST("could not be delivered to: <"),
		.leads = LEADS(
			{"could not be delivered to: ", WORDS_BEHIND, false}),
	},
	{
		.name = "apache-james",
		.signs = LIST("error message below:"),
		.leads = LEADS({"RCPT TO: ", WORDS_ALL, false}),
		.until = LIST("message details:"),
	},
	{
		/* InterScan, where the words around are not English */
		.name = "transcript",
		.signs = LIST("sent <<< RCPT TO:", ">>> RCPT TO:"),
		.leads = LEADS({"RCPT TO:", WORDS_ALL, false}),
	},
	{
		.name = "mercury",
		.signs = LIST("error report or reports were given to explain"),
		.begins = LIST("were given to explain the problem:"),
	},
	{
		.name = "vzwpix",
		.signs = LIST("could not be delivered to mobile"),
		.leads = LEADS({"To: ", WORDS_ALL, false}),
		.until = LIST("original message:"),
	},
	{
		.name = "yahoo-html",
		.signs = LIST("able to deliver the following message"),
		.leads = LEADS({"To: ", WORDS_ALL, false}),
		.until = LIST("subject:"),
	},
	{
		.name = "exim-submission",
		.signs = LIST("recipient addresses that were incorrectly "
			      "constructed"),
		.begins = LIST("incorrectly constructed:"),
		.ends = LIST("this address has been ignored",
			     "these addresses have been ignored"),
		.verbatim = true,
	},
	{
		.name = "mailman",
		.signs = LIST("has been rejected by the list moderator",
			      "not allowed to post to this mailing list",
			      "your message has been automatically rejected",
			      "your message has been rejected, probably"),
		.field = "X-BeenThere",
	},
	{
		.name = "chinese",
		.signs = LIST("您的邮件被退回", "退信原因", "无法发送到",
			      "投递失败", "您的郵件被退回", "無法送達"),
		.leads = LEADS({"收件人：", WORDS_BEHIND, false},
			       {"收件人:", WORDS_BEHIND, false},
			       {"收件人地址：", WORDS_BEHIND, false},
			       {"无法发送到", WORDS_BEHIND, false}),
		.bare = true,
		.said = LIST("退信原因：", "退信原因:", "退信原因"),
		.until = LIST("解决方案", "解决办法", "建议解决"),
	},
	{
		.name = "plain-notice",
		.signs = LIST("your message could not be delivered to"),
		.begins = LIST("your message could not be delivered to"),
		.ends = LIST("***", "---", "___"),
		.nameless = true,
	},
	{
		/* Critical Path, where its machine part is gone */
		.name = "critical-path",
		.signs = LIST("have been processed by the mail server:"),
		.begins = LIST("have been processed by the mail server:"),
	},
	{
		.name = "amavis-text",
		.signs = LIST("in email presumably from you"),
		.begins = LIST("to the following recipient"),
		.ends = LIST("our internal reference code"),
		.reason = "our content checker found",
	},
	{
		.name = "list-refusal",
		.signs = LIST("you are not a member of this mailing list <"),
		.leads = LEADS({"of this mailing list ", WORDS_ALL, false}),
	},
};

const size_t section_row_count = sizeof(section_rows) / sizeof(section_rows[0]);
