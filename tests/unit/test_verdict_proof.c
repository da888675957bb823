#include "verdict_fact.h"

/*
 * Unsure never suppresses: replies with the words of a dead address that are
 * about something else, and replies that do tell of one.
 */

struct said {
	int reply;
	const char *code;
	enum smtp_stage stage;
	const char *words;
};

static const struct said harmless[] = {
	{550, "", STAGE_RCPT, "no such domain news24.example.org"},
	{550, "", STAGE_RCPT, "El dominio no existe: news24.example.org"},
	{550, "", STAGE_RCPT, "The address is not registered: 192.0.2.17"},
	{550, "", STAGE_RCPT, "The address could not be found [192.0.2.17]"},
	{550, "", STAGE_RCPT, "Mailbox unavailable (retry 20261124)"},
	{550, "", STAGE_RCPT, "Mailbox unavailable (RBL zen.example.org)"},
	{550, "", STAGE_RCPT, "Mailbox unavailable rate=100/hour"},
	{550, "", STAGE_RCPT, "Mailbox unavailable 12345678 - spam"},
	{550, "5.2.1", STAGE_RCPT, "(pacing 12345678)"},
	{550, "", STAGE_RCPT, "Подателят: адресът не съществува"},
	{550, "", STAGE_RCPT, "Pengirim: alamat tidak ditemukan"},
	{550, "", STAGE_RCPT,
	 "verification failed for the envelope: user unknown"},
	{550, "", STAGE_RCPT, "No one can send mail to this account"},
	{550, "", STAGE_RCPT, "Su cuenta no aparece en el directorio Domino"},
	{550, "", STAGE_RCPT, "<someone@example.com>: mail has been deleted"},
	{550, "", STAGE_RCPT, "你的邮箱不存在"},
	{550, "", STAGE_RCPT, "The mailbox server is closed"},
	{550, "", STAGE_RCPT, "The host address was not found"},
	{550, "", STAGE_RCPT, "<us@news.example>: the address has expired"},
	{550, "5.7.1", STAGE_RCPT,
	 "<someone@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized"},
	{550, "5.1.1", STAGE_MAIL, "us@news.example: user unknown"},
	{450, "4.1.1", STAGE_RCPT,
	 "<someone@example.com>: Recipient address rejected: unverified address: Address verification in progress"},
	{550, "", STAGE_RCPT, "Sender address does not exist"},
	{553, "5.1.8", STAGE_RCPT,
	 "Domain of sender address us@news.example does not exist"},
	{550, "5.7.1", STAGE_RCPT, "The sender's mailbox does not exist"},
	{550, "", STAGE_RCPT,
	 "Callout verification failed: the mailbox <us@news.example> of the sender said 550 user unknown"},
	{554, "5.7.1", STAGE_RCPT,
	 "You have sent too many messages to invalid recipients"},
	{550, "5.7.1", STAGE_RCPT,
	 "Too many unknown users; your IP has been blocked"},
	{421, "4.7.0", STAGE_RCPT,
	 "Excessive unknown recipients - possible directory harvest"},
	{550, "5.7.1", STAGE_RCPT, "your account has been suspended"},
	{550, "5.1.1", STAGE_RCPT, "Avsändaren finns inte"},
	{550, "5.1.1", STAGE_RCPT, "The bounce mailbox does not exist"},
	{550, "", STAGE_RCPT, "Absender nicht im Domino-Verzeichnis"},
	{550, "", STAGE_RCPT, "No account found with that access token"},
	{550, "5.1.0", STAGE_RCPT, "Sender rejected: account disabled"},
	{550, "", STAGE_RCPT, "Your domain does not exist"},
	{550, "", STAGE_RCPT, "HELO domain does not exist"},
	{550, "", STAGE_RCPT, "no such domain in your HELO"},
	{550, "", STAGE_BODY,
	 "Message rejected: link to an inactive account page"},
	{550, "", STAGE_BODY,
	 "The message was refused: 'User unknown' is one of the forbidden subjects"},
	{550, "5.7.1", STAGE_RCPT,
	 "recipient does not exist in the allowed list for your IP"},
	{552, "5.7.0", STAGE_BODY,
	 "message content rejected: contains an invalid address"},
	{550, "", STAGE_RCPT, "Invalid recipient limit exceeded"},
	{452, "", STAGE_RCPT, "invalid recipient count exceeded"},
	{554, "5.5.1", STAGE_DATA, "Error: no valid recipients"},
	{550, "", STAGE_RCPT, "unknown user: relaying denied"},
	{550, "", STAGE_RCPT,
	 "recipient unknown to the filter, try again later"},
	{550, "5.1.1", STAGE_RCPT, "temporary lookup failure, user unknown"},
	{535, "5.7.8", STAGE_AUTH, "invalid user or password"},
	{550, "5.7.1", STAGE_UNKNOWN, "Authentication failed: invalid user"},
	{550, "", STAGE_RCPT, "Unknown account, please log in first"},
	{550, "", STAGE_RCPT, "User not found for sender us@news.example"},
	{550, "", STAGE_RCPT, "no such user in MAIL FROM"},
	{550, "", STAGE_RCPT, "invalid address in From header"},
	{501, "", STAGE_BODY, "Bad address syntax"},
	{550, "", STAGE_BODY, "From: header has an invalid address"},
	{550, "", STAGE_BODY, "Reply-To address does not exist"},
	{550, "", STAGE_RCPT, "bad address in MAIL FROM"},
	{501, "", STAGE_RCPT, "bad address syntax in MAIL FROM"},
	{550, "", STAGE_RCPT, "the account is no longer valid for sending"},
	{550, "5.1.2", STAGE_RCPT, "news.example: Host not found"},
	{550, "", STAGE_BODY, "a link in the body: domain does not exist"},
	{550, "", STAGE_RCPT, "the domain news.example in From does not exist"},
	{550, "", STAGE_RCPT,
	 "Mailbox is currently unavailable, try again in an hour"},
	{550, "", STAGE_RCPT, "mailbox disabled for a short time"},
	{550, "", STAGE_RCPT, "Account temporarily suspended"},
	{550, "5.2.1", STAGE_RCPT,
	 "too many messages for this mailbox in an hour"},
	{550, "", STAGE_RCPT, "client host 192.0.2.1 does not exist in DNS"},
	{550, "", STAGE_RCPT, "your host name does not exist"},
	{550, "", STAGE_RCPT, "Invalid user agent"},
	{550, "", STAGE_RCPT,
	 "We do not accept mail from this unknown address"},
	{550, "", STAGE_RCPT, "unknown address family"},
	{550, "", STAGE_RCPT,
	 "No such domain: MX lookup of news.example failed"},
	{550, "", STAGE_RCPT, "Mail from inactive accounts is not accepted"},
	{550, "", STAGE_RCPT, "Your mailbox does not exist"},
	{550, "", STAGE_RCPT,
	 "The mailbox is disabled and will be reactivated in May"},
	{550, "", STAGE_RCPT, "Ваш аккаунт заблокирован"},
	{550, "", STAGE_RCPT, "您的邮箱不存在，无法投递"},
	{550, "5.1.1", STAGE_RCPT, "Mail rejected per policy: #5"},
	{554, "", STAGE_RCPT,
	 "Destinatario sconosciuto o non abilitato alla posta non certificata"},
	{550, "", STAGE_RCPT, "あなたのアカウントは無効です"},
	{550, "", STAGE_RCPT,
	 "the user has not subscribed, sender unknown user"},
	{550, "", STAGE_RCPT, "user unknown users are limited: slow down"},
	{550, "", STAGE_BODY, "invalid recipient header: To: missing"},
	{550, "", STAGE_BODY,
	 "Undisclosed recipients: address invalid in To header"},
	{554, "5.7.1", STAGE_BODY,
	 "message refers to a closed account (phishing)"},
	{550, "", STAGE_RCPT,
	 "Account inactive? Then your IP is blocked: see https://bl.example/"},
	{550, "", STAGE_RCPT,
	 "does not receive mail from hosts without reverse DNS"},
	{550, "", STAGE_RCPT,
	 "This host accepts no mail from dynamic addresses"},
	{550, "5.1.1", STAGE_BODY, "spam rejected; recipient unknown"},
	{550, "", STAGE_CONNECT, "no such user"},
	{521, "", STAGE_CONNECT, "Your host is blocked"},
	{550, "", STAGE_RCPT, "No mailbox for mail from you"},
	{550, "", STAGE_RCPT, "user moved our relay: unable to relay"},
	{550, "5.7.1", STAGE_RCPT, "no longer accepts mail from your domain"},
	{550, "", STAGE_RCPT,
	 "address no longer accepts mail from senders without DMARC"},
	{550, "", STAGE_RCPT, "L'utente non è abilitato all'invio"},
	{550, "", STAGE_RCPT, "user has left the mailing list"},
	{550, "", STAGE_RCPT, "The service is not here any more"},
	{550, "", STAGE_RCPT, "Your provider is not with us any more"},
	{550, "", STAGE_RCPT, "发件人邮箱地址无效"},
	{550, "", STAGE_RCPT, "Avsändaradressen är inte längre i bruk"},
	{552, "5.2.2", STAGE_RCPT,
	 "The mailbox is closed to new mail: storage used 100%"},
	{550, "", STAGE_RCPT, "发件人已离职"},
	{550, "", STAGE_RCPT, "IP-adressen är inte längre i bruk"},
	{550, "", STAGE_RCPT, "El correo fue dado de baja de la lista"},
	{550, "", STAGE_RCPT, "El servidor de correo fue dado de baja"},
	{550, "", STAGE_RCPT, "Systemet arbetar inte längre"},
	{550, "", STAGE_RCPT, "Server u nás již nepracuje"},
	{550, "", STAGE_RCPT, "De server is niet meer in dienst"},
	{550, "", STAGE_RCPT, "El mensaje dejó la empresa sin firma"},
	{550, "", STAGE_RCPT, "発信者アドレスは使用されておりません"},
	{550, "", STAGE_RCPT, "信封邮箱地址无效"},
	{550, "", STAGE_RCPT, "STARTTLS does not work here any longer"},
	{550, "", STAGE_RCPT, "This person has left the mailing list"},
	{550, "", STAGE_RCPT, "The user is not here any day before Monday"},
	{550, "5.7.1", STAGE_RCPT, "192.0.2.1 is in global suppression list"},
	{550, "5.7.1", STAGE_RCPT,
	 "user unknown, mails from your mailings are refused"},
	{550, "5.1.1", STAGE_RCPT,
	 "The address was removed from your list by its owner"},
	{550, "5.1.1", STAGE_RCPT, "Recipient policy mismatch, see RFC 5321"},
	{550, "5.1.1", STAGE_BODY, "Mail is spam. User unknown"},
	{550, "", STAGE_RCPT, "Servern arbetar inte längre"},
	{550, "", STAGE_BODY,
	 "Delivery to the forward address of this user failed: unknown user"},
	{550, "5.7.1", STAGE_RCPT,
	 "user unknown: we take no mail from your server"},
	{550, "", STAGE_RCPT, "not a valid user of this relay"},
	{550, "", STAGE_RCPT, "you are not a known user of this server"},
	{550, "", STAGE_RCPT, "not our customer: 192.0.2.1 may not relay"},
	{550, "5.7.1", STAGE_RCPT,
	 "Mail rejected: the sending user does not exist"},
	{550, "5.7.1", STAGE_RCPT,
	 "Unknown user us@news.example is not allowed to send"},
	{550, "", STAGE_RCPT,
	 "Previously bounced messages: reputation too low"},
	{550, "", STAGE_RCPT,
	 "Mailbox unavailable, the sending host is dynamic"},
	{550, "", STAGE_RCPT,
	 "Mail action refused: mailbox unavailable 550 No PTR for 192.0.2.1"},
	{550, "", STAGE_RCPT, "User us@news.example is disabled"},
	{550, "", STAGE_RCPT, "us@news.example does not exist"},
	{550, "", STAGE_RCPT, "user@news.example does not exist"},
	{550, "", STAGE_RCPT,
	 "Callback for verifying <us@news.example>: 550 no such user"},
	{550, "", STAGE_RCPT, "address not found in whitelist"},
	{550, "", STAGE_RCPT, "50% unknown users: blocked"},
	{550, "", STAGE_RCPT, "you are not one of our subscribers"},
	{550, "", STAGE_RCPT, "no such virtual host"},
	{550, "", STAGE_RCPT, "Dieser Server ist nicht mehr in Gebrauch"},
	{550, "", STAGE_RCPT, "source address not found"},
	{550, "", STAGE_RCPT, "Rejected: non-existent domain"},
	{550, "", STAGE_RCPT, "Compte temporairement suspendu"},
	{550, "", STAGE_RCPT, "Adresse Ihres Servers nicht gefunden"},
	{550, "5.1.7", STAGE_RCPT, "invalid address"},
	{550, "5.1.8", STAGE_RCPT, "domain does not exist"},
	{550, "", STAGE_RCPT, "This account is suspended from sending"},
	{550, "", STAGE_RCPT, "expired certificate: account expired"},
	{550, "5.1.1", STAGE_RCPT, "The address you sent from does not exist"},
	{550, "5.1.0", STAGE_RCPT, "Address rejected. Postvak vol."},
	{550, "5.2.1", STAGE_RCPT, "This one is inactive. Mailbox stuffed."},
	{553, "5.1.1", STAGE_RCPT, "originator unknown"},
	{550, "5.7.1", STAGE_RCPT,
	 "Blocked because the return email domain is invalid"},
	{550, "", STAGE_RCPT, "Mailbox has been blocked by the spam filter"},
	{550, "5.0.0", STAGE_RCPT, "Mailbox inactive for maintenance"},
	{550, "", STAGE_RCPT, "Directory harvesting: user unknown"},
	{550, "", STAGE_RCPT, "This system is no longer available"},
	{535, "5.7.8", STAGE_UNKNOWN, "unknown user"},
	{535, "", STAGE_RCPT, "account disabled"},
	{525, "5.7.13", STAGE_RCPT, "User Account Disabled"},
	{550, "", STAGE_RCPT, "IP address not in the directory"},
	{550, "", STAGE_RCPT, "address not found in reverse DNS"},
	{550, "5.7.1", STAGE_RCPT, "there is no such key for DKIM"},
	{550, "", STAGE_RCPT, "unable to find recipient's public key"},
	{550, "", STAGE_RCPT, "address has been removed from our allow-list"},
	{554, "", STAGE_RCPT, "Connection has been inactive for 300 seconds"},
	{550, "", STAGE_RCPT, "The message has left our queue"},
	{550, "", STAGE_RCPT, "No host of that name here"},
	{550, "", STAGE_RCPT, "the rDNS name is not known"},
	{550, "", STAGE_RCPT, "Sending domain is not a customer"},
	{550, "", STAGE_RCPT, "This port is not in use anymore"},
	{550, "", STAGE_RCPT,
	 "The user has blocked you, find the user online to ask"},
	{550, "", STAGE_RCPT,
	 "Mailbox unavailable. Possible reasons: your network is listed"},
	{550, "5.7.1", STAGE_RCPT, "Mailbox unavailable"},
	{550, "5.6.11", STAGE_BODY, "invalid characters in the message"},
	{554, "", STAGE_BODY, "Illegal characters in the subject"},
	{550, "5.7.1", STAGE_RCPT, "Greylisted: mailbox is blocked"},
	{550, "", STAGE_RCPT, "invalid recipient, try again in 5 minutes"},
	{550, "", STAGE_RCPT, "user unknown or not allowed to hear from you"},
	{550, "", STAGE_RCPT, "Benutzer unbekannt oder gesperrt"},
	{550, "", STAGE_RCPT, "Usuario desconocido o bloqueado"},
	{556, "", STAGE_RCPT, "more RCPTs than may be"},
	{550, "5.7.1", STAGE_BODY, "CBV: 550 5.1.1 nobody here by that name"},
	{550, "5.7.1", STAGE_RCPT, "Your MX said: mailbox does not exist"},
	{550, "5.7.1", STAGE_RCPT, "We cannot reply to you: user unknown"},
	{550, "5.7.1", STAGE_RCPT, "Blocked using bl.example: user unknown"},
	{550, "5.3.0", STAGE_RCPT, "Mailbox unavailable"},
	{550, "4.2.0", STAGE_RCPT, "Mailbox unavailable"},
	{521, "", STAGE_CONNECT, "We do not accept mail without TLS"},
	{550, "", STAGE_RCPT, "IP-Adresse unbekannt"},
	{550, "", STAGE_RCPT, "adresse invalide dans l'en-tête"},
	{550, "", STAGE_RCPT, "IP地址不存在"},
	{550, "", STAGE_RCPT, "寄件者地址不存在"},
	{550, "", STAGE_RCPT, "送信アドレスが存在しません"},
	{550, "", STAGE_RCPT, "The return address is not valid"},
	{554, "5.7.1", STAGE_RCPT,
	 "Dictionary attack detected: user unknown once too often"},
	{550, "", STAGE_RCPT, "MX address is invalid for news.example"},
	{550, "", STAGE_RCPT, "Your email address is not valid for sending"},
	{550, "", STAGE_MAIL, "The address is not valid"},
	{550, "", STAGE_RCPT, "Mailbox ( us@news.example ) not found"},
	{550, "", STAGE_RCPT, "Mail relaying for domain is disabled"},
	{550, "", STAGE_RCPT, "The VRFY command is now disabled"},
	{550, "", STAGE_RCPT, "Mailbox unavailable for 192.0.2.1"},
	{550, "", STAGE_RCPT,
	 "Mailbox unavailable. Visit https://list.example/192.0.2.1"},
	{550, "", STAGE_RCPT, "A valid address is required in MAIL FROM"},
	{550, "", STAGE_RCPT, "Mailbox unavailable or not local to this relay"},
	{550, "", STAGE_UNKNOWN, "Mailbox unavailable or not local"},
	{550, "", STAGE_BODY,
	 "Mailbox unavailable. For explanation visit https://help.example/"},
	{550, "", STAGE_RCPT,
	 "Called 192.0.2.9, answer: 550 no such user. Sender verify failed"},
	{550, "5.7.1", STAGE_RCPT,
	 "All recipient addresses rejected : Access denied"},
	{550, "", STAGE_RCPT,
	 "An MX record for someone@example.com could not be found"},
	{550, "4.4.4", STAGE_RCPT,
	 "Mail host for someone@example.com was not found"},
	{550, "", STAGE_RCPT, "Permission for someone@example.com not found"},
	{550, "", STAGE_RCPT, "Route for someone@example.com does not exist"},
	{550, "5.7.1", STAGE_RCPT,
	 "Encryption for someone@example.com not used"},
	{550, "", STAGE_RCPT, "Return-Path email address is not valid"},
	{550, "5.7.1", STAGE_RCPT, "From email address is invalid"},
	{550, "", STAGE_RCPT, "Source IP: the address is not valid"},
	{550, "", STAGE_RCPT, "[192.0.2.1] the address is not valid"},
	{550, "", STAGE_RCPT, "the address is invalid: PTR missing"},
	{550, "5.7.1", STAGE_RCPT,
	 "The recipient address is not valid for unauthenticated relay"},
	{550, "", STAGE_RCPT, "Wrong recipients domain policy"},
	{550, "", STAGE_RCPT,
	 "No one with that email address is allowed to post"},
	{550, "", STAGE_RCPT, "Relay account no longer valid"},
	{550, "", STAGE_RCPT,
	 "No mailbox available for relaying to external domains"},
	{550, "", STAGE_RCPT, "BAD_RECIPIENT_LIMIT"},
	{550, "5.7.1", STAGE_RCPT, "rejected (reject_unknown_recipient)"},
	{550, "5.7.1", STAGE_RCPT, "Blocked: USER_UNKNOWN_RATIO is high"},
	{550, "5.7.1", STAGE_RCPT, "[no_such_user] your IP is not allowed"},
	{550, "", STAGE_RCPT, "There is no user database"},
	{550, "", STAGE_RCPT, "There is no mailbox service at this host"},
	{550, "", STAGE_RCPT, "The address has not been found in the list"},
	{550, "", STAGE_RCPT, "Usuario: error desconocido"},
	{550, "", STAGE_RCPT, "Non-existent local-part in return-path"},
	{550, "", STAGE_RCPT, "sorry, that address is not local"},
	{550, "", STAGE_RCPT,
	 "client in no route: recipient not in route list"},
	{550, "", STAGE_RCPT, "SASL login: not an active user"},
	{550, "", STAGE_RCPT,
	 "Not an active account, please renew your relay subscription"},
	{550, "", STAGE_RCPT,
	 "TLS 1.0 for <someone@example.com> is now disabled"},
	{550, "", STAGE_RCPT, "Sending alias is not active"},
	{550, "", STAGE_RCPT, "Sending from an inactive mbox is not allowed"},
	{550, "", STAGE_RCPT, "192.0.2.1: not an active address"},
	{550, "", STAGE_RCPT, "news.example: domain has been disabled"},
	{550, "", STAGE_RCPT,
	 "Authenticated user not a member of domain example.org"},
	{550, "", STAGE_RCPT, "Relay estado: inactivo"},
	{550, "", STAGE_RCPT, "IP bloccato per inutilizzo"},
	{550, "", STAGE_RCPT, "PTR: adresa neexistuje"},
	{550, "", STAGE_RCPT, "Formato destinatario errato"},
	{550, "", STAGE_RCPT, "Kein MX: Adressat unbekannt"},
	{550, "", STAGE_RCPT,
	 "Mailbox unavailable. For explanation visit https://postmaster.example/case?c=bip"},
	{550, "", STAGE_RCPT,
	 "Mailbox unavailable. For explanation visit https://postmaster.example/case?c=hi"},
	{550, "5.1.1", STAGE_RCPT, "sender not known here"},
	{550, "5.1.1", STAGE_RCPT, "client not known here"},
	{550, "5.1.1", STAGE_RCPT, "originator address unknown"},
	{550, "5.1.1", STAGE_RCPT, "mail from unknown address"},
	{550, "5.1.1", STAGE_RCPT, "your host is not known here"},
	{550, "5.1.1", STAGE_RCPT, "Envelope sender: user unknown"},
	{550, "5.1.1", STAGE_RCPT, "From header: user unknown"},
	{550, "", STAGE_RCPT, "SASL user not found"},
	{550, "", STAGE_RCPT, "Wrong recipient policy"},
	{550, "", STAGE_BODY, "message sending for this account is disabled"},
	{550, "5.1.1", STAGE_RCPT, "The sending account is unknown"},
	{550, "", STAGE_RCPT, "The authenticated user does not exist"},
	{554, "5.2.1", STAGE_RCPT, "Your relay account is inactive"},
	{551, "", STAGE_RCPT, "line parse error"},
	{550, "", STAGE_RCPT, "Login from suspended user"},
	{550, "", STAGE_RCPT, "Reply email does not exist"},
	{550, "5.7.1", STAGE_RCPT,
	 "Only authenticated users that have an account here may send"},
	{550, "5.1.1", STAGE_RCPT, "Backscatter Protection detected"},
	{550, "5.1.1", STAGE_RCPT, "Lookup failed: LDAP server not found"},
	{550, "5.1.1", STAGE_RCPT, "This one is being migrated"},
	{550, "5.1.1", STAGE_RCPT, "Closed until Monday"},
	{550, "5.1.1", STAGE_RCPT, "You are not permitted to write here"},
	{550, "5.1.1", STAGE_RCPT, "One of its members is unknown"},
	{550, "5.1.1", STAGE_RCPT, "Recipient rejected: service unavailable"},
	{550, "5.1.1", STAGE_RCPT, "Mail for this one is handled elsewhere"},
	{550, "5.7.1", STAGE_RCPT,
	 "The user you are sending as does not exist in our company"},
	{550, "5.1.1", STAGE_RCPT, "Could not open mailbox"},
	{550, "5.1.1", STAGE_RCPT, "Your country is blocked"},
	{550, "5.1.1", STAGE_RCPT, "This system is shutting down"},
	{550, "5.2.1", STAGE_RCPT, "Forwarding is disabled"},
	{550, "", STAGE_RCPT, "invalid user-agent"},
	{550, "5.1.2", STAGE_RCPT, "HELO host not found"},
	{550, "5.6.7", STAGE_RCPT, "Address not recognized"},
	{550, "5.7.1", STAGE_RCPT, "The moderator's mailbox is disabled"},
	{550, "", STAGE_RCPT, "Mailbox disabled for messages over 10 MB"},
	{550, "", STAGE_RCPT, "Mailbox is disabled between 22:00 and 6:00"},
	{550, "", STAGE_RCPT, "Domain not found"},
	{550, "5.1.6", STAGE_RCPT, "being moved to other disks, try tomorrow"},
	{550, "", STAGE_RCPT,
	 "Account inactive, it is reactivated at the next login"},
	{550, "5.1.1", STAGE_RCPT, "Unknown user agent"},
	{550, "5.1.1", STAGE_RCPT, "Relay host not found"},
	{550, "5.1.1", STAGE_RCPT,
	 "Your address does not exist in our list of allowed senders"},
	{550, "5.7.1", STAGE_RCPT,
	 "No such user in the list of those allowed to post"},
	{550, "", STAGE_RCPT, "The server does not exist in our routing table"},
	{550, "", STAGE_RCPT, "Mailbox not found in the cache, try later"},
	{550, "", STAGE_RCPT, "Mailbox blocked from receiving attachments"},
	{550, "", STAGE_RCPT, "Unknown address type"},
	{550, "", STAGE_RCPT, "User not found in the relay database"},
	{550, "5.7.1", STAGE_RCPT, "User disabled: too many messages sent"},
	{550, "5.1.1", STAGE_RCPT, "User unknown on this backup MX"},
	{550, "", STAGE_RCPT, "Unknown recipient, primary MX is unreachable"},
	{550, "", STAGE_RCPT, "Address not found: replication in progress"},
	{550, "", STAGE_RCPT, "Mailbox not found, database is offline"},
	{550, "", STAGE_RCPT, "Invalid user: DNS failure"},
	{550, "5.1.1", STAGE_RCPT, "Relay recipient maps unavailable"},
	{553, "", STAGE_RCPT, "Mailbox name not allowed for relay"},
	{550, "", STAGE_RCPT, "Mailbox closed, it is full"},
	{556, "", STAGE_RCPT, "too many errors"},
	{550, "", STAGE_RCPT, "We do not have an account for this domain"},
	{550, "", STAGE_RCPT, "The account was suspended for one day"},
	{550, "5.1.1", STAGE_RCPT, "The address book is not available"},
	{550, "", STAGE_RCPT, "U bent niet bekend bij deze gebruiker"},
	{550, "", STAGE_RCPT, "unknown host [192.0.2.17]"},
	{550, "", STAGE_RCPT, "Mailbox does not exist on this node"},
	{550, "", STAGE_RCPT, "User unknown (LDAP bind failed)"},
	{550, "", STAGE_RCPT, "Utilisateur inconnu : annuaire indisponible"},
	{550, "", STAGE_RCPT, "Użytkownik nieznany - baza danych niedostępna"},
	{550, "", STAGE_RCPT, "The domain does not accept mail temporarily"},
	{550, "5.1.1", STAGE_RCPT, "User unknown, directory did not answer"},
	{550, "", STAGE_RCPT, "Account disabled; our database is down"},
	{550, "", STAGE_RCPT, "Mailbox suspended, retry later"},
	{550, "5.1.1", STAGE_RCPT, "User unknown (server is rebooting)"},
	{550, "", STAGE_RCPT, "No such account (rate limit)"},
	{550, "5.1.1", STAGE_RCPT, "User unknown here, try another MX"},
	{550, "", STAGE_RCPT, "Return-Path user does not exist"},
	{550, "", STAGE_RCPT, "User unknown in the From field"},
	{550, "", STAGE_RCPT, "No such address, write to us to be unblocked"},
	{550, "", STAGE_RCPT,
	 "Benutzer nicht gefunden: LDAP-Server nicht erreichbar"},
	{550, "", STAGE_RCPT, "Empfänger unbekannt, bitte später wieder"},
	{550, "", STAGE_RCPT, "Cuenta suspendida por exceso de cuota"},
	{550, "", STAGE_RCPT, "Mailbox geblokkeerd wegens te hoge quota"},
	{550, "", STAGE_RCPT, "用户不存在：查询超时"},
	{550, "", STAGE_RCPT, "사용자를 찾을 수 없습니다: 서버 오류"},
	{550, "", STAGE_RCPT, "Account frozen, retry in 24h"},
	{550, "", STAGE_RCPT, "Account suspended pending review"},
	{550, "", STAGE_RCPT, "Account locked after too many failed logins"},
	{550, "", STAGE_RCPT, "The mailbox has been moved to the archive"},
	{551, "", STAGE_RCPT, "The user has moved to another server"},
	{550, "", STAGE_RCPT, "This service is not available any more"},
	{550, "", STAGE_RCPT, "TLS 1.0 is not available anymore"},
	{550, "", STAGE_RCPT, "This user is not on our mailing list"},
	{550, "", STAGE_RCPT, "Client has not logged in for this session"},
	{550, "", STAGE_RCPT, "You were removed from suppression list"},
	{550, "", STAGE_RCPT, "Die Nachricht hat das Unternehmen verlassen"},
	{550, "", STAGE_RCPT,
	 "TLS 1.0 ist nicht mehr in unserem Unternehmen erlaubt"},
	{550, "", STAGE_RCPT, "Le message a quitté notre serveur"},
	{550, "", STAGE_RCPT, "Le fichier a quitté l'entreprise"},
	{550, "", STAGE_RCPT, "Sie sind nicht mehr bei uns beschäftigt"},
	{550, "", STAGE_RCPT,
	 "Diese Adresse ist nicht mehr verfügbar, bitte später erneut versuchen"},
	{550, "", STAGE_RCPT, "Deine Adresse ist nicht mehr verfügbar"},
	{550, "", STAGE_RCPT, "Die IP-Adresse ist nicht mehr verfügbar"},
	{550, "", STAGE_RCPT, "Le compte n'est plus disponible pour le moment"},
	{550, "", STAGE_RCPT, "Su buzón ya no está disponible"},
	{550, "", STAGE_RCPT,
	 "La cuenta ya no está disponible en este momento"},
	{550, "", STAGE_RCPT,
	 "Esta conta não está mais disponível por excesso de cota"},
	{550, "", STAGE_RCPT, "La sua casella non è più disponibile"},
	{550, "", STAGE_RCPT, "Je mailbox is niet meer beschikbaar"},
	{550, "", STAGE_RCPT,
	 "Este servidor ya no forma parte de nuestra empresa"},
	{550, "", STAGE_RCPT, "Сервер больше не работает в сети компании"},
	{550, "", STAGE_RCPT, "Вы больше не работаете в компании"},
	{550, "", STAGE_RCPT, "Учетная запись отключена за спам"},
	{550, "", STAGE_RCPT, "Adres nie jest używany w tej chwili"},
	{550, "", STAGE_RCPT, "This user is not known to our mailing list"},
	{550, "", STAGE_RCPT, "User has not logged in for this session"},
	{550, "5.1.0", STAGE_RCPT, "Recipient address rejected: greylisted"},
	{550, "", STAGE_RCPT,
	 "Ce serveur ne fait plus partie de la liste blanche"},
	{550, "", STAGE_RCPT, "El servidor ya no trabaja en el puerto 25"},
	{550, "", STAGE_RCPT, "Su proveedor ya no trabaja con nosotros"},
	{550, "", STAGE_RCPT, "Este servidor não faz mais parte da rede"},
	{550, "", STAGE_RCPT, "O servidor não trabalha mais na porta 25"},
	{550, "", STAGE_RCPT, "Questo host non fa più parte della lista"},
	{550, "", STAGE_RCPT, "De afzender is niet meer werkzaam bij ons"},
	{550, "", STAGE_RCPT, "Serwer nie pracuje już"},
	{550, "", STAGE_RCPT, "Nadawca już nie pracuje w firmie"},
	{550, "", STAGE_RCPT, "Konto nie jest używane do wysyłki"},
	{550, "", STAGE_RCPT, "Сервер больше не работает в этом режиме"},
	{550, "", STAGE_RCPT, "Отправитель больше не работает в компании"},
	{550, "", STAGE_RCPT, "A запись адреса не найдена"},
	{550, "", STAGE_RCPT, "Kasutajat ei leitud: andmebaas ei vasta"},
	{550, "", STAGE_RCPT, "허용된 사용자가 없습니다"},
	{550, "", STAGE_RCPT, "RCPT 명령 이후 수신자가 없습니다"},
	{550, "", STAGE_RCPT, "신뢰할 수 없는 사용자"},
	{550, "", STAGE_RCPT, "PTR이 없는 주소는 차단됩니다"},
	{550, "", STAGE_RCPT, "주소록에 없는 주소는 차단"},
	{550, "", STAGE_RCPT, "비밀번호가 없는 계정"},
	{550, "", STAGE_RCPT, "탈퇴한 회원이 보낸 메일"},
	{550, "", STAGE_RCPT, "유효하지 않은 사용자 이름 또는 비밀번호"},
	{550, "", STAGE_RCPT, "返信アドレスが無効です"},
	{550, "", STAGE_RCPT, "リンク先のアドレスが無効です"},
	{550, "", STAGE_RCPT, "送信できるユーザーはいません"},
	{550, "", STAGE_RCPT, "このアドレスは送信には使われておりません"},
	{550, "", STAGE_RCPT, "寄件使用者不存在"},
	{550, "", STAGE_RCPT, "使用者的網域不存在"},
	{550, "", STAGE_RCPT, "グループはディレクトリのリストにありません"},
	{550, "", STAGE_RCPT, "Mailbox disabled, it is full"},
	{550, "5.1.1", STAGE_RCPT, "User is not found, retry later"},
	{550, "5.1.1", STAGE_RCPT, "No one here yet. Please retry later"},
};

static const struct said deadly[] = {
	{550, "", STAGE_RCPT, "This alias has been deactivated"},
	{550, "", STAGE_RCPT,
	 "Sorry, the inbox <someone@example.com> is closed"},
	{553, "", STAGE_RCPT, "This e-mail account could not be located here"},
	{550, "5.1.1", STAGE_RCPT, "Nobody is called so"},
	{550, "", STAGE_RCPT, "no such user here"},
	{550, "", STAGE_RCPT, "no such user here, your mail will be returned"},
	{550, "", STAGE_RCPT, "<someone@example.com>: user unknown"},
	{550, "5.0.0", STAGE_RCPT, "<someone@example.com>... User unknown"},
	{553, "5.3.0", STAGE_RCPT,
	 "<someone@example.com>... Addressee unknown, relay=[192.0.2.1]"},
	{550, "5.2.1", STAGE_RCPT, "This one is inactive"},
	{550, "", STAGE_RCPT, "Account someone@example.com is disabled"},
	{550, "5.4.4", STAGE_UNKNOWN, "Host not found"},
	{551, "", STAGE_RCPT, "The user has moved to other@example.net"},
	{550, "5.7.1", STAGE_RCPT, "no such user"},
	{550, "5.1.1", STAGE_RCPT, "user unknown or not allowed here"},
	{556, "", STAGE_RCPT, "takes no mail"},
	{550, "5.1.10", STAGE_RCPT, "no mail for this domain"},
	{550, "5.1.1", STAGE_BODY, "someone was here once, not any more"},
	{550, "", STAGE_RCPT,
	 "Requested action not taken: mailbox unavailable"},
	{550, "5.5.0", STAGE_RCPT,
	 "Requested action not taken: mailbox unavailable (S2017)"},
	{550, "", STAGE_RCPT, "nobody here by that name"},
	{550, "", STAGE_RCPT, "The account has been deleted"},
	{550, "5.7.1", STAGE_RCPT,
	 "No such user. Please forward it or send it to desk@example.org"},
	{550, "", STAGE_RCPT, "user@store.example.com: no such user"},
	{550, "5.1.1", STAGE_RCPT, "<alias@store.example>: no such user"},
	{550, "", STAGE_RCPT, "This account has been inactive for long"},
	{550, "", STAGE_RCPT,
	 "There isn't any such mail box: mail box unknown"},
	{550, "", STAGE_RCPT, "Recipient is not exists"},
	{550, "", STAGE_RCPT, "We can't find the user"},
	{525, "5.7.13", STAGE_RCPT, "Disabled recipient address"},
	{550, "5.2.0", STAGE_RCPT, "<someone@example.com>: User unknown"},
	{521, "", STAGE_CONNECT, "example.com does not accept mail"},
	{550, "", STAGE_RCPT, "送信先アドレスが存在しません"},
	{550, "", STAGE_RCPT, "This e-mail address is no longer in use"},
	{550, "", STAGE_RCPT, "Mailbox unavailable or not local"},
	{550, "5.4.1", STAGE_BODY,
	 "All recipient addresses rejected : Access denied"},
	{550, "", STAGE_RCPT, "Mailbox ( someone@example.com ) not found"},
	{501, "", STAGE_RCPT,
	 "<one two@example.com>: malformed address: two@ may not follow one"},
	{550, "", STAGE_RCPT, "Domain has been disabled."},
	{550, "5.5.0", STAGE_RCPT,
	 "Requested actions not taken as the mailbox is unavailable"},
	{550, "", STAGE_RCPT, "This email address is not known to us"},
	{550, "", STAGE_RCPT, "someone@example.com was not found"},
	{550, "", STAGE_RCPT, "The recipient address is not valid"},
	{550, "", STAGE_RCPT, "Sorry, the address is invalid."},
	{550, "", STAGE_RCPT, "This account has been discontinued"},
	{550, "", STAGE_RCPT,
	 "User not a member of domain: <someone@example.com>"},
	{550, "", STAGE_RCPT, "El usuario está en estado: inactivo"},
	{550, "", STAGE_RCPT, "Uživatel neexistuje"},
	{550, "5.1.1", STAGE_RCPT,
	 "<someone@example.com>: user unknown. The sender may check it"},
	{550, "", STAGE_RCPT, "Mailbox for someone@example.com not found"},
	{550, "", STAGE_RCPT, "recipient e-mail adress unknown"},
	{550, "", STAGE_RCPT, "Recipient domain not found in DNS"},
	{550, "5.1.2", STAGE_RCPT, "Domain not found"},
	{550, "", STAGE_RCPT, "The user's mailbox is disabled"},
	{550, "", STAGE_RCPT, "Reciepient unknown"},
	{550, "", STAGE_RCPT, "Mitarbeiter ausgeschieden"},
	{550, "", STAGE_RCPT, "Учетная запись отключена"},
	{550, "", STAGE_RCPT, "Адрес недействителен"},
	{550, "", STAGE_RCPT, "Căsuța poștală nu există"},
	{550, "", STAGE_RCPT, "使用者不存在"},
	{550, "", STAGE_RCPT, "そのようなユーザーはいません"},
	{550, "", STAGE_RCPT, "メールアドレスが無効です"},
	{550, "", STAGE_RCPT, "탈퇴한 회원입니다"},
	{550, "", STAGE_RCPT,
	 "User unknown or not available - Empfaenger unbekannt oder nicht erreichbar"},
	{550, "", STAGE_RCPT, "no local mailbox"},
	{550, "", STAGE_RCPT, "Domain example.com not found [192.0.2.17]"},
	{550, "", STAGE_RCPT, "The user is not known to our mail server"},
	{550, "", STAGE_RCPT, "The mailbox isn't available any more"},
	{550, "", STAGE_RCPT, "This user isn't on our system"},
	{550, "5.2.1", STAGE_RCPT,
	 "User has not logged in for more than a year"},
	{550, "", STAGE_RCPT, "This non-exsistent mailbox doesnot exist"},
	{550, "", STAGE_RCPT, "Medewerker is niet meer werkzaam bij ons"},
	{550, "", STAGE_RCPT, "Сотрудник больше не работает в компании"},
	{550, "", STAGE_RCPT, "She is not at this company anymore"},
	{550, "", STAGE_RCPT, "宛先のメールアドレスは使われておりません"},
	{550, "", STAGE_RCPT, "없는 계정입니다"},
	{550, "5.1.1", STAGE_RCPT, "Recipient unreachable: no such user"},
	{550, "5.1.1", STAGE_RCPT, "No such user at this primary server"},
	{550, "5.1.1", STAGE_RCPT, "user no longer exists, offline since 2020"},
	{550, "5.1.1", STAGE_RCPT,
	 "mailbox does not exist, do not retry in future"},
	{550, "", STAGE_RCPT,
	 "Benutzer existiert nicht, versuchen Sie es nicht später"},
	{550, "", STAGE_RCPT, "El usuario no existe, no lo intente más tarde"},
	{550, "5.1.1", STAGE_RCPT,
	 "The mailbox does not exist. Please retry after correcting it"},
	{550, "", STAGE_RCPT, "no such user in our routing table"},
	{550, "5.1.1", STAGE_RCPT, "rejected: not in recipient maps"},
	{550, "", STAGE_RCPT, "Account disabled: full time employee has left"},
	{550, "5.1.1", STAGE_RCPT,
	 "User no longer exists, remove this address from your subscribers list"},
	{550, "", STAGE_RCPT, "Casella dismessa"},
	{553, "5.1.3", STAGE_RCPT,
	 "The recipient address <jan> is not a valid RFC-5321 address"},
	{550, "5.1.1", STAGE_RCPT,
	 "Unknown user. Report spam to our abuse desk"},
	{550, "5.1.1", STAGE_RCPT,
	 "Address rejected, please verify the address and try again"},
	{550, "5.1.1", STAGE_RCPT,
	 "Recipient rejected - see policy at http://www.example.net/"},
	{550, "", STAGE_RCPT, "Adressen är inte längre i bruk"},
	{550, "", STAGE_RCPT, "Adresa již neplatí"},
	{550, "", STAGE_RCPT, "该用户已被删除"},
	{550, "", STAGE_RCPT, "Jan doesn't work here any longer"},
	{551, "", STAGE_RCPT, "This person is not here anymore"},
	{550, "", STAGE_RCPT, "Skrzynka zlikwidowana"},
	{550, "", STAGE_RCPT, "This employee has left, call our office"},
	{550, "", STAGE_RCPT, "퇴사한 직원입니다"},
	{550, "", STAGE_RCPT, "このメールアドレスは現在使用されておりません"},
	{550, "5.7.1", STAGE_RCPT,
	 "She no longer works here, please remove her from your mailing list"},
	{550, "5.7.1", STAGE_RCPT,
	 "She no longer works here, please remove her from your email list"},
	{550, "", STAGE_RCPT, "고객님께서 찾으시는 사용자가 존재하지 않습니다"},
	{550, "", STAGE_RCPT, "Jan ya no trabaja en esta empresa"},
	{550, "", STAGE_RCPT,
	 "Jan hat das Unternehmen verlassen. Ihre Nachricht wird gelöscht"},
	{550, "", STAGE_RCPT,
	 "Jan a quitté la société, votre message n'est pas remis"},
	{550, "", STAGE_RCPT, "Jan ne fait plus partie de l'entreprise"},
	{550, "", STAGE_RCPT, "Jan non lavora più in azienda"},
	{550, "", STAGE_RCPT, "Pan Jan już u nas nie pracuje"},
	{550, "", STAGE_RCPT,
	 "Mailbox unavailable. For explanation visit https://help.example/case?c=r2001"},
};

static enum verdict_class class_of(const struct said *s)
{
	char text[256];
	struct fact f;

	snprintf(text, sizeof(text), "%d %s %s", s->reply, s->code, s->words);
	f = failed(s->reply, s->code, text);
	f.stage = s->stage;
	judge(rules, &f, &judgement);
	return judgement.class_;
}

START_TEST(words_about_something_else_condemn_nobody)
{
	const struct said *s = &harmless[_i];

	ck_assert_msg(class_of(s) != VERDICT_HARD, "%s: %s by %s (%s)",
		      s->words, reason_info(judgement.reason)->name,
		      judgement.rule, judgement.words);
}
END_TEST

START_TEST(words_about_the_recipient_do)
{
	const struct said *s = &deadly[_i];

	ck_assert_msg(class_of(s) == VERDICT_HARD, "%s: %s by %s (%s)",
		      s->words, reason_info(judgement.reason)->name,
		      judgement.rule, judgement.words);
}
END_TEST

static const struct said ours[] = {
	{550, "", STAGE_RCPT, "refused to receive mail from your IP"},
	{550, "5.7.1", STAGE_RCPT,
	 "Server refused to receive from this network"},
	{554, "5.7.1", STAGE_RCPT, "user refused by policy"},
	{550, "", STAGE_RCPT, "Server received too much mail from your IP"},
	{552, "5.3.4", STAGE_BODY,
	 "Message exceeds domain size limit of 20 MB"},
	{550, "5.7.0", STAGE_RCPT, "your account status is locked"},
	{552, "5.3.4", STAGE_BODY, "Mail exceeds domain size limit"},
};

START_TEST(trouble_of_our_own_does_not_count)
{
	const struct said *s = &ours[_i];

	class_of(s);
	ck_assert_msg(judgement.effect == EFFECT_NONE, "%s: %s by %s", s->words,
		      reason_info(judgement.reason)->name, judgement.rule);
}
END_TEST

/* A report of 550 without a code, whose stage nobody told. */
static enum verdict_class told_by(const char *reporter, const char *host,
				  enum smtp_stage stage, const char *code)
{
	struct fact f =
		failed(550, code, "550 user@example.com unknown user account");

	f.stage = stage;
	f.reporting_mta = reporter;
	f.remote = host;
	judge(rules, &f, &judgement);
	return judgement.class_;
}

START_TEST(a_bare_550_counts_within_the_recipients_own_site)
{
	ck_assert_int_eq(told_by("mail2.example.com", "pop.example.com",
				 STAGE_UNKNOWN, ""),
			 VERDICT_HARD);
	ck_assert_str_eq(reason_info(judgement.reason)->name, "user_unknown");
}
END_TEST

START_TEST(a_bare_550_from_anywhere_else_is_no_proof)
{
	ck_assert_int_ne(told_by("relay.example.org", "mx.example.com",
				 STAGE_UNKNOWN, ""),
			 VERDICT_HARD);
	ck_assert_int_ne(told_by("mail2.example.com", "mx.filter.example",
				 STAGE_UNKNOWN, ""),
			 VERDICT_HARD);
	ck_assert_int_ne(told_by("mail2.example.com", "", STAGE_UNKNOWN, ""),
			 VERDICT_HARD);
	ck_assert_int_ne(told_by("", "pop.example.com", STAGE_UNKNOWN, ""),
			 VERDICT_HARD);
	ck_assert_int_ne(
		told_by("mail2.example.com", "pop.example.com", STAGE_BODY, ""),
		VERDICT_HARD);
	ck_assert_int_ne(told_by("mail2.example.com", "pop.example.com",
				 STAGE_UNKNOWN, "5.0.0"),
			 VERDICT_HARD);
}
END_TEST

static const struct {
	const char *words;
	bool kills;
} without_codes[] = {
	{"No such user", true},
	{"User not known", true},
	{"the sender is no such user", false},
	{"procmail: Couldn't create the folder: No such user", false},
	{"no such user for now: temporary failure", false},
	{"You tried to relay: no such user", false},
	{"Too many mails for no such user", false},
};

START_TEST(a_local_program_needs_no_code)
{
	struct fact f = failed(0, "", without_codes[_i].words);

	f.stage = STAGE_UNKNOWN;
	judge(rules, &f, &judgement);
	ck_assert_int_eq(judgement.class_ == VERDICT_HARD,
			 without_codes[_i].kills);
}
END_TEST

START_TEST(words_and_code_5_2_1_that_disagree_are_no_proof)
{
	struct fact f = failed(550, "5.2.1",
			       "550 5.2.1 <user@example.com>... User Unknown");

	f.stage = STAGE_UNKNOWN;
	ck_assert_str_eq(reason_of(&f), "mailbox_unavailable");
}
END_TEST

/* X.7.8 to X.7.12 and X.7.14 are of the account that submits. */
START_TEST(a_code_of_a_login_is_no_proof)
{
	static const struct {
		const char *code, *reason;
	} rows[] = {
		{"5.7.7", "user_unknown"},	{"5.7.8", "unknown_permanent"},
		{"5.7.9", "unknown_permanent"}, {"5.7.12", "unknown_permanent"},
		{"5.7.13", "user_unknown"},	{"5.7.14", "auth_required"}};
	char text[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "550 %s User unknown",
			 rows[i].code);
		ck_assert_str_eq(reason_for(550, rows[i].code, text),
				 rows[i].reason);
	}
}
END_TEST

/* Of the field and the reply the code that says more; time that ran out least.
 */
START_TEST(of_two_codes_the_one_that_says_more_decides)
{
	static const struct {
		int reply;
		const char *field, *inner, *reason;
	} rows[] = {{550, "5.4.4", "5.0.0", "network_error"},
		    {550, "5.1.1", "5.0.7", "user_unknown"},
		    {552, "5.2.2", "4.3.2", "mailbox_full"},
		    {552, "4.3.2", "5.2.2", "mailbox_full"},
		    {452, "4.4.7", "4.2.2", "mailbox_full"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fact f = failed(rows[i].reply, rows[i].inner, "refused");

		ck_assert_int_eq(
			status_parse(span_of(rows[i].field), &f.status), 0);
		ck_assert_str_eq(reason_of(&f), rows[i].reason);
	}
}
END_TEST

START_TEST(a_refusal_at_mail_is_about_the_sender)
{
	struct fact f = failed(550, "5.7.1", "550 5.7.1 Access denied");

	f.stage = STAGE_MAIL;
	ck_assert_str_eq(reason_of(&f), "sender_rejected");
	f.stage = STAGE_RCPT;
	ck_assert_str_eq(reason_of(&f), "policy");
}
END_TEST

START_TEST(a_providers_code_counts_behind_advice)
{
	ck_assert_str_eq(reason_for(550, "5.1.0",
				    "550 5.1.0 sender rejected. Please see our "
				    "page for more information. AUP#CDRBL"),
			 "ip_blocked");
	ck_assert_str_eq(reason_for(550, "5.1.0",
				    "550 5.1.0 sender rejected. Please see our "
				    "page for more information."),
			 "sender_rejected");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict_proof");
	TCase *tc = tcase_create("proof");

	tcase_add_checked_fixture(tc, load_rules, free_rules);
	tcase_add_loop_test(tc, trouble_of_our_own_does_not_count, 0,
			    sizeof(ours) / sizeof(ours[0]));
	tcase_add_loop_test(tc, words_about_something_else_condemn_nobody, 0,
			    sizeof(harmless) / sizeof(harmless[0]));
	tcase_add_loop_test(tc, words_about_the_recipient_do, 0,
			    sizeof(deadly) / sizeof(deadly[0]));
	tcase_add_test(tc, a_bare_550_counts_within_the_recipients_own_site);
	tcase_add_test(tc, a_bare_550_from_anywhere_else_is_no_proof);
	tcase_add_loop_test(tc, a_local_program_needs_no_code, 0,
			    sizeof(without_codes) / sizeof(without_codes[0]));
	tcase_add_test(tc, words_and_code_5_2_1_that_disagree_are_no_proof);
	tcase_add_test(tc, a_code_of_a_login_is_no_proof);
	tcase_add_test(tc, of_two_codes_the_one_that_says_more_decides);
	tcase_add_test(tc, a_refusal_at_mail_is_about_the_sender);
	tcase_add_test(tc, a_providers_code_counts_behind_advice);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
