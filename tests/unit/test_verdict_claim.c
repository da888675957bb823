#include "verdict_fact.h"

#include "verdict/claim.h"
#include "verdict/claim_words.h"

/* What sentences say of a recipient, as fold_text leaves them. */

static const struct {
	const char *text;
	enum claim claim;
} sentences[] = {
	/* An address in front is the subject of what has no other. */
	{"@: has been deleted", CLAIM_IS_GONE},
	{"@... currently closed", CLAIM_IS_CLOSED},
	{"@: your message was deleted, they do not want it", CLAIM_NONE},
	{"@: no answer from the user's server", CLAIM_NONE},
	{"@: we have not found a way to deliver to this user", CLAIM_NONE},
	{"@: part 2 was removed", CLAIM_NONE},
	{"adres nie jest juz uzywany", CLAIM_IS_CLOSED},
	{"uporabnik ne obstaja", CLAIM_IS_GONE},
	{"vartotojas neegzistuoja", CLAIM_IS_GONE},
	{"kasutajat ei leitud", CLAIM_IS_GONE},
	{"la adreca no existeix", CLAIM_IS_GONE},
	/* Behind, its object. */
	{"not found: @", CLAIM_IS_GONE},
	{"user table not found @", CLAIM_NONE},
	{"user lookup service is closed @", CLAIM_NONE},
	{"hesap askiya alinmistir @", CLAIM_IS_CLOSED},
	/* The recipient, and what has become of them. */
	{"delivery refused. there is not any mailbox set up for @",
	 CLAIM_IS_GONE},
	{"old address! @ is retired as of january", CLAIM_IS_CLOSED},
	{"nobody uses this address", CLAIM_IS_CLOSED},
	{"this mailbox no longer receives mail", CLAIM_IS_CLOSED},
	{"this address does not receive mail", CLAIM_IS_CLOSED},
	{"ann is a user who no longer receives mail at this address",
	 CLAIM_IS_CLOSED},
	{"this user no longer accepts mail on our server", CLAIM_IS_CLOSED},
	{"we regret: the addressee is deceased", CLAIM_IS_GONE},
	{"@ is not recognised as one of our addresses", CLAIM_IS_GONE},
	{"indirizzo sconosciuto o non abilitato", CLAIM_IS_GONE},
	{"user does not accept any incoming mail", CLAIM_IS_CLOSED},
	{"the mailbox @ never accepts mail", CLAIM_IS_CLOSED},
	{"we know nobody by that name", CLAIM_IS_GONE},
	{"local part @ is not defined", CLAIM_IS_GONE},
	{"jan is no longer here", CLAIM_IS_GONE},
	{"the user has cancelled his account", CLAIM_IS_CLOSED},
	{"mailbox closed, please write to your other contact", CLAIM_IS_CLOSED},
	{"we kennen deze ontvanger niet", CLAIM_IS_GONE},
	{"el usuario ha sido eliminado el lunes", CLAIM_IS_GONE},
	{"the recipient you specified is not recognized by our gateway, id 7hq",
	 CLAIM_IS_GONE},
	{"jan novak no longer works for us", CLAIM_IS_GONE},
	{"they left the company, mailbox removed", CLAIM_IS_GONE},
	{"this user's account is not active any longer", CLAIM_IS_CLOSED},
	{"you have entered an incorrect recipient address", CLAIM_IS_GONE},
	{"we were unable to find a mailbox for that address", CLAIM_IS_GONE},
	{"since nobody with that address exists", CLAIM_IS_GONE},
	{"mailbox @ expired 45 days ago", CLAIM_IS_CLOSED},
	{"account closed for inactivity", CLAIM_IS_CLOSED},
	{"this user is unknown or closed", CLAIM_IS_GONE},
	{"diese mail-addresse ist bei uns nicht (mehr) vergeben",
	 CLAIM_IS_GONE},
	{"ein solches konto existiert hier nicht", CLAIM_IS_GONE},
	{"l'addresse @ ne correspond a aucun abonne", CLAIM_IS_GONE},
	{"no hay ningun buzon con ese nombre", CLAIM_IS_GONE},
	{"the person you are trying to reach, @, is closed", CLAIM_IS_CLOSED},
	{"we regret to inform you that the user @ is closed", CLAIM_IS_CLOSED},
	{"thank you for writing, but @ is closed", CLAIM_IS_CLOSED},
	{"sorry, closed user account", CLAIM_IS_CLOSED},
	{"the user is closed by its owner (ticket 4f2kzz)", CLAIM_IS_CLOSED},
	{"closed: @", CLAIM_IS_CLOSED},
	{"error: not found: @", CLAIM_IS_GONE},
	{"existiert nicht: @", CLAIM_IS_GONE},
	{"no account matches @", CLAIM_IS_GONE},
	{"no mailbox corresponds to this address", CLAIM_IS_GONE},
	{"we could not find the address you supplied", CLAIM_IS_GONE},
	{"kein solcher empfanger", CLAIM_IS_GONE},
	{"es gibt kein postfach @", CLAIM_IS_GONE},
	{"@ no tiene cuenta", CLAIM_IS_GONE},
	{"this person does not work here any more", CLAIM_IS_GONE},
	{"no such mailbox - contact @", CLAIM_IS_GONE},
	{"no existe tal usuario", CLAIM_IS_GONE},
	{"@ is not an active account", CLAIM_IS_CLOSED},
	{"the user is not employed by us", CLAIM_IS_GONE},
	{"mottagaren hittades inte", CLAIM_IS_GONE},
	{"<@>... retired", CLAIM_IS_CLOSED},
	{"@... existiert nicht", CLAIM_IS_GONE},
	{"~ account retired", CLAIM_IS_CLOSED},
	{"account retired ~", CLAIM_IS_CLOSED},
	{"account retired @", CLAIM_IS_CLOSED},
	{"account retired id7", CLAIM_IS_CLOSED},
	{"uzivatel neexistuje", CLAIM_IS_GONE},
	{"felhasznalo nem talalhato", CLAIM_IS_GONE},
	{"kullanici bulunamadi", CLAIM_IS_GONE},
	/* Something that belongs to them, or to us. */
	{"we could not find the address you sent from", CLAIM_NONE},
	{"message deleted: @", CLAIM_NONE},
	{"the user does not read this mailbox", CLAIM_NONE},
	{"virus removed: @", CLAIM_NONE},
	{"no account matches this host", CLAIM_NONE},
	{"the address you sent from does not exist", CLAIM_NONE},
	{"your mail account is closed", CLAIM_NONE},
	{"your mail address does not exist", CLAIM_NONE},
	{"the recipient does not work at night", CLAIM_NONE},
	{"this user does not work with you", CLAIM_NONE},
	{"mottagaren finns inte pa listan", CLAIM_NONE},
	{"odesilatel neexistuje pro uzivatele", CLAIM_NONE},
	{"ditt konto ar avstangt", CLAIM_NONE},
	{"the server unknown address ~", CLAIM_NONE},
	{"you are unknown to the user", CLAIM_NONE},
	{"mail for this user is closed", CLAIM_NONE},
	{"the certificate of the mailbox is expired", CLAIM_NONE},
	{"access to this mailbox is disabled", CLAIM_NONE},
	{"the recipient's server is unknown", CLAIM_NONE},
	{"addresse des servers unbekannt", CLAIM_NONE},
	{"the mailbox server for this user is not found", CLAIM_NONE},
	{"billing address invalid", CLAIM_NONE},
	{"your address does not exist", CLAIM_NONE},
	{"you have no account with us", CLAIM_NONE},
	{"user ~ is unknown", CLAIM_NONE},
	/* Not said, or of something that they do or do not do. */
	{"the user does not know you", CLAIM_NONE},
	{"the user is not known to read this", CLAIM_NONE},
	{"the user closed their mailbox to strangers", CLAIM_NONE},
	{"mailbox closed to strangers", CLAIM_NONE},
	{"mailbox closed for the weekend", CLAIM_NONE},
	{"user: unknown error", CLAIM_NONE},
	{"the user is not unknown", CLAIM_NONE},
	{"this mailbox no longer receives mail from you", CLAIM_NONE},
	{"this address does not receive mail from you", CLAIM_NONE},
	{"this user no longer receives mail at this address from you",
	 CLAIM_NONE},
	{"this user does not receive mail at this time", CLAIM_NONE},
	{"this user no longer receives mail from this server", CLAIM_NONE},
	{"your host is not recognised as a user", CLAIM_NONE},
	{"user does not accept mail", CLAIM_NONE},
	{"user is not accepting any mail", CLAIM_NONE},
	{"the recipient does not receive mail on sundays", CLAIM_NONE},
	{"nobody may write to this address", CLAIM_NONE},
	{"the name does not match the address", CLAIM_NONE},
	{"part 2 is removed", CLAIM_NONE},
	{"our staff no longer works on sundays", CLAIM_NONE},
	{"an unknown person is sending this", CLAIM_NONE},
	{"the user removed you", CLAIM_NONE},
	{"el usuario ha eliminado el mensaje", CLAIM_NONE},
	{"empfanger hat ihre addresse gesperrt", CLAIM_NONE},
	{"no recipient", CLAIM_NONE},
	{"do not mail this user", CLAIM_NONE},
	{"not for this user", CLAIM_NONE},
	{"no user certificate", CLAIM_NONE},
	{"account has no valid licence", CLAIM_NONE},
	{"this message does not comply with our standards", CLAIM_NONE},
	{"what you speak does not work with this server", CLAIM_NONE},
	{"if the user is unknown", CLAIM_NONE},
	{"user unknown or too many of them", CLAIM_NONE},
	{"indirizzo sconosciuto o non abilitato alla posta non certificata",
	 CLAIM_NONE},
	{"the user is unknown. looks like spam", CLAIM_NONE},
	{"no account is registered for the connecting host", CLAIM_NONE},
	{"the text contains invalid addresses", CLAIM_NONE},
	{"mail to non-existent mailboxes from this host", CLAIM_NONE},
	{"unknown correspondents are turned away by this user", CLAIM_NONE},
	{"the user has removed you from the contacts", CLAIM_NONE},
	{"@ has never heard of you", CLAIM_NONE},
	{"@ has not been found guilty", CLAIM_NONE},
	{"@: bad message", CLAIM_NONE},
	{"table 'mail.users' does not exist", CLAIM_NONE},
	{"this mailbox will be closed on friday", CLAIM_NONE},
	{"account does not have a valid plan", CLAIM_NONE},
	{"ipv6 address invalid", CLAIM_NONE},
	{"is the address wrong? refused", CLAIM_NONE},
	{"this colleague no longer works with you", CLAIM_NONE},
	{"jane left the office for today", CLAIM_NONE},
	{"mail left the university gateway", CLAIM_NONE},
	{"buzon cerrado por vacaciones", CLAIM_NONE},
	{"nessun destinatario valido", CLAIM_NONE},
	{"нет получателя", CLAIM_NONE},
	/* There is no room, and it is theirs. */
	{"kvota full ~", CLAIM_IS_FULL},
	{"mailbox voll @", CLAIM_IS_FULL},
	{"their mailbox is currently full", CLAIM_IS_FULL},
	{"the mailbox you write to is full", CLAIM_IS_FULL},
	{"full mailbox: @", CLAIM_IS_FULL},
	{"user @ is out of disk space", CLAIM_IS_FULL},
	{"recipient is over quota", CLAIM_IS_FULL},
	{"the inbox of @ has reached its limit", CLAIM_IS_FULL},
	{"account has used up all of its storage", CLAIM_IS_FULL},
	{"mailbox space not enough", CLAIM_IS_FULL},
	{"there is not enough free space left for this user", CLAIM_IS_FULL},
	{"postfach @ ist voll", CLAIM_IS_FULL},
	{"la boite de votre correspondant est pleine", CLAIM_IS_FULL},
	{"sua mensagem a: @: a caixa postal esta cheia", CLAIM_IS_FULL},
	{"el usuario ha superado la cuota asignada", CLAIM_IS_FULL},
	{"no hay espacio en el buzon", CLAIM_IS_FULL},
	{"przekroczono pojemnosc skrzynki", CLAIM_IS_FULL},
	{"user is unknown, mailbox is full", CLAIM_IS_FULL},
	{"no space left on device", CLAIM_NONE},
	{"insufficient system storage", CLAIM_NONE},
	{"the sender's mailbox is full", CLAIM_NONE},
	{"your quota is exceeded", CLAIM_NONE},
	{"account exceeded its hourly quota", CLAIM_NONE},
	{"full access to the mailbox denied", CLAIM_NONE},
	{"please give the full recipient address", CLAIM_NONE},
	{"user has no full name", CLAIM_NONE},
	{"this mailbox will be full soon", CLAIM_NONE},
	{"the mailbox is not full", CLAIM_NONE},
	{"storage used by the mailbox server", CLAIM_NONE},
	{"the mailbox could not be reached", CLAIM_NONE},
	{"recipient limit exceeded", CLAIM_NONE},
	{"no room list", CLAIM_NONE},
	{"this address is not listed as recipient of the message", CLAIM_NONE},
	{"correspondant inconnu", CLAIM_NONE},
	{"non-existent user here", CLAIM_IS_GONE},
	{"", CLAIM_NONE},
	{"user", CLAIM_NONE},
	{"no", CLAIM_NONE},
	{"longer employed", CLAIM_NONE},
	{"unknown or", CLAIM_NONE},
	{"user unknown for the", CLAIM_NONE},
};

START_TEST(sentences_are_read)
{
	struct span words = SPAN("");

	ck_assert_int_eq(claim_read(span_of(sentences[_i].text), &words),
			 sentences[_i].claim);
	ck_assert_int_eq(words.n > 0, sentences[_i].claim != CLAIM_NONE);
}
END_TEST

/* No longer than is read, whatever is in it. */
START_TEST(long_texts_end)
{
	static const char *const words[] = {"no ",  "user ", "the ", "found ",
					    "not ", "or ",   "is ",  "for "};
	char text[4000];
	struct span said;
	size_t i, n, from;

	for (from = 0; from < 8; from++) {
		n = 0;
		for (i = from; n + 8 < sizeof(text); i += from + 1) {
			memcpy(text + n, words[i % 8], strlen(words[i % 8]));
			n += strlen(words[i % 8]);
		}
		(void)claim_read(span_make(text, n), &said);
	}
}
END_TEST

START_TEST(words_and_stems_are_known)
{
	size_t i;

	ck_assert_uint_eq(claim_word_kinds(SPAN("mailbox")),
			  CLAIM_NOUN | CLAIM_BOX);
	ck_assert_uint_eq(claim_word_kinds(SPAN("desconocida")), CLAIM_GONE);
	ck_assert_uint_eq(claim_word_kinds(SPAN("desconoci")), 0);
	ck_assert_uint_eq(claim_word_kinds(SPAN("mailboxe")), 0);
	ck_assert_uint_eq(claim_word_kinds(SPAN("zzz")), 0);
	for (i = 1; i < claim_table_count; i++)
		ck_assert_int_lt(
			strcmp(claim_table[i - 1].word, claim_table[i].word),
			0);
}
END_TEST

/* What else a reply needs before its claim is believed. */
static const struct {
	int reply;
	const char *code, *words, *reason;
} replies[] = {
	{550, "", "550 Result: user@example.com was never registered",
	 "user_unknown"},
	{550, "5.7.1", "550 Result: user@example.com was never registered",
	 "user_unknown"},
	{450, "", "450 Result: user@example.com was never registered",
	 "mailbox_unavailable"},
	{550, "", "550 Result: other@example.org was never registered",
	 "unknown_permanent"},
	{550, "5.2.2", "550 Result: user@example.com was never registered",
	 "mailbox_full"},
	{550, "5.1.8", "550 Result: user@example.com was never registered",
	 "sender_rejected"},
	/* Whatever else is said of it, a full mailbox is there. */
	{550, "5.1.1", "550 Recipient has no room left", "mailbox_full"},
	{550, "5.1.1", "550 Invalid recipient: inbox has run out of space",
	 "mailbox_full"},
	{450, "", "450 The mailbox you write to is full", "mailbox_full"},
	{0, "", "The mailbox you write to is full", "mailbox_full"},
	/* The name of an error, apart from words. */
	{550, "", "550 user@example.com: RECIPIENT_NOT_FOUND (7)",
	 "user_unknown"},
	{550, "", "550 refused [error 7]: MAILBOX_FULL", "mailbox_full"},
	{550, "", "550 Delivery stopped (account_disabled)",
	 "mailbox_disabled"},
	{550, "", "550 table user_unknown is locked", "unknown_permanent"},
	{550, "", "550 reject_unknown_recipient: try a relay",
	 "unknown_permanent"},
	/* Who does not know until when does not mean a while. */
	{550, "", "550 Compte suspendu jusqu'\xc3\xa0 nouvel ordre",
	 "mailbox_disabled"},
	{550, "", "550 Mailbox closed until further notice to outsiders",
	 "recipient_restricted"},
	{550, "", "550 auth: account_disabled", "unknown_permanent"},
	/* A domain that is named is whose, or only who speaks. */
	{550, "",
	 "550 mx.host.example: Konto gesperrt, see https://a.example/b",
	 "mailbox_disabled"},
	{550, "", "550 Das Konto bei mail.host.example ist gesperrt",
	 "unknown_permanent"},
	{550, "", "550 192.0.2.1: not an active address", "unknown_permanent"},
	{550, "5.4.1", "550 Result: user@example.com was never registered",
	 "user_unknown"},
	{511, "", "511 Result: user@example.com was never registered",
	 "user_unknown"},
	/* A sentence that leaves it open, or says it of something else. */
	{550, "", "550 Should the user not exist, ask", "unknown_permanent"},
	{550, "", "550 Should the recipient not be registered, ask",
	 "unknown_permanent"},
	{550, "", "550 In case the user does not exist you are told",
	 "unknown_permanent"},
	{550, "", "550 Has the user been deleted?", "unknown_permanent"},
	{550, "", "550 Mailbox closed until Monday", "unknown_permanent"},
	{550, "", "550 Das Konto ist nicht mehr gesperrt", "unknown_permanent"},
	{550, "", "550 The moderator of this address does not exist",
	 "unknown_permanent"},
	{550, "", "550 The mailbox of this user does not exist",
	 "user_unknown"},
	{550, "", "550 Si el usuario no existe, avise", "unknown_permanent"},
	{550, "", "550 Si no se encuentra el usuario, avise",
	 "unknown_permanent"},
	{550, "", "550 No se encuentra el usuario en este servidor",
	 "user_unknown"},
	{550, "", "550 No se encuentra el usuario en la oficina",
	 "unknown_permanent"},
	{550, "", "550 Le destinataire ne se trouve pas au bureau",
	 "unknown_permanent"},
	{550, "", "550 Old address, never registered; your domain sent it",
	 "unknown_permanent"},
};

START_TEST(claims_need_more)
{
	ck_assert_str_eq(reason_for(replies[_i].reply, replies[_i].code,
				    replies[_i].words),
			 replies[_i].reason);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict_claim");
	TCase *tc = tcase_create("claim");

	tcase_add_checked_fixture(tc, load_rules, free_rules);
	tcase_add_loop_test(tc, sentences_are_read, 0,
			    sizeof(sentences) / sizeof(sentences[0]));
	tcase_add_test(tc, long_texts_end);
	tcase_add_test(tc, words_and_stems_are_known);
	tcase_add_loop_test(tc, claims_need_more, 0,
			    sizeof(replies) / sizeof(replies[0]));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
