#include "verdict_fact.h"

#include "verdict/bare.h"
#include "verdict/bare_words.h"

/* What may stand beside a phrase that must not stand beside more. */

static const struct {
	const char *before, *phrase, *behind;
	bool theirs;
} beside[] = {
	{"the user ", "is closed", "", true},
	{"@: ", "is closed", ".", true},
	{"the mail account @ ", "is closed", " on this server", true},
	{"the person you are trying to reach, @, ", "is closed", "", true},
	{"delivery failed: user ", "is closed", "", true},
	{"requested mail action not taken: mailbox ", "is closed", "", true},
	{"sorry, ", "closed", " user account", true},
	{"we have ", "nobody called", " @", true},
	{"", "no existe", " el usuario indicado en este servidor", true},
	{"la cuenta de correo @ ", "no existe", "", true},
	{"le destinataire ", "inconnu", " de nos services", true},
	{"unfortunately ", "there is no user", " with that name", true},
	{"the user @ on this server ", "is closed", "", true},
	{"", "aucun compte ne correspond", " a cette addresse", true},
	{"we regret to inform you that the user @ ", "is closed", "", true},
	{"thank you for writing, but @ ", "is closed", "", true},
	{"the user ", "is closed", " by its owner (ticket 4f2kzz)", true},
	{"@ ", "is closed", "; please check the spelling, see ~", true},
	{"", "not found", ": the address you gave", true},
	{"", "is closed", "", false},
	{"we regret you are ", "not known", " to the user", false},
	{"the user writing ", "is unknown", "", false},
	{"the administrator ", "is unknown", "", false},
	{"", "not found", ": the address you wrote with", false},
	{"", "not found", "; contact the user", false},
	{"", "is closed", " (4f2kzz)", false},
	{"the user ", "is closed", " see ~", false},
	{"on this server ", "is closed", " mailbox", false},
	{"the account for this server ", "is closed", "", false},
	{"this mail ", "is closed", " user", false},
	{"mail for this user ", "is closed", "", false},
	{"message ", "deleted", " user", false},
	{"", "deleted", " by user", false},
	{"", "closed", " list of users", false},
	{"", "unknown", " mailbox server", false},
	{"", "unknown", " address ~", false},
	{"address ~ ", "unknown", "", false},
	{"the user ~ ", "unknown", "", false},
	{"the server ", "unknown", " user", false},
	{"your account ", "is closed", "", false},
	{"the account you are sending with ", "is closed", "", false},
	{"the address of the server ", "is unknown", "", false},
	{"the user ", "is closed", " for the night", false},
	{"you are ", "unknown", " to the user", false},
	{"delivery to the user ", "failed", "", false},
};

START_TEST(only_the_recipient_is_named)
{
	ck_assert_int_eq(bare_names_recipient(span_of(beside[_i].before),
					      span_of(beside[_i].phrase),
					      span_of(beside[_i].behind)),
			 beside[_i].theirs);
}
END_TEST

START_TEST(nothing_else_is_said)
{
	ck_assert(bare_says_nothing(SPAN("requested action not taken: "),
				    SPAN(" on this server")));
	ck_assert(bare_says_nothing(SPAN("550 5.1.1 <@>: "), SPAN(".")));
	ck_assert(!bare_says_nothing(SPAN("your "), SPAN("")));
	ck_assert(!bare_says_nothing(SPAN(""), SPAN(" el usuario")));
	ck_assert(!bare_says_nothing(SPAN("user "), SPAN("")));
}
END_TEST

START_TEST(first_and_last_words_are_known)
{
	ck_assert_int_eq(bare_word(SPAN("account")), BARE_RECIPIENT);
	ck_assert_int_eq(bare_word(SPAN("zustellung")), BARE_REFUSAL);
	ck_assert_int_eq(bare_word(SPAN("\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba")),
			 BARE_RECIPIENT);
	ck_assert_int_eq(bare_word(SPAN("system")), BARE_PLACE);
	ck_assert_int_eq(bare_word(SPAN("accoun")), BARE_OTHER);
	ck_assert_int_eq(bare_word(SPAN("accounta")), BARE_OTHER);
	ck_assert_int_eq(bare_word(SPAN("zzz")), BARE_OTHER);
}
END_TEST

/* Replies as different hosts would write them, codes and names aside. */
static const struct {
	const char *words;
	bool dead;
} replies[] = {
	{"550 El usuario indicado no existe", true},
	{"550 Le destinataire sp\xc3\xa9"
	 "cifi\xc3\xa9 est inconnu de nos services",
	 true},
	{"550 Ein Postfach mit diesem Namen gibt es hier nicht", true},
	{"550 Il destinatario indicato non \xc3\xa8 stato trovato", true},
	{"550 Mottagaren kunde inte hittas", true},
	{"550 Modtageren blev ikke fundet", true},
	{"550 Mottakeren ble ikke funnet", true},
	{"550 We have nobody called someone@example.com", true},
	{"550 Sorry, no account is registered under this address", true},
	{"550 Dieses Konto wurde abgeschaltet", true},
	{"550 Cette bo\xc3\xaete aux lettres a \xc3\xa9t\xc3\xa9 "
	 "supprim\xc3\xa9"
	 "e",
	 true},
	{"550 acct someone@example.com could not be matched", true},
	{"550 We could not find the address you supplied", true},
	{"550 No mailbox corresponds to someone@example.com", true},
	{"550 The mbox was switched off by the administrator", true},
	{"550 The user could not find this mail", false},
	{"550 We could not find the mail server for this address", false},
	{"550 No account matches this host", false},
	{"550 Nobody by that name may send here", false},
	{"550 Aucun destinataire sp\xc3\xa9"
	 "cifi\xc3\xa9",
	 false},
	{"550 Nessun indirizzo specificato", false},
	{"550 There is no recipient", false},
	{"550 Su cuenta no existe", false},
	{"550 La direcci\xc3\xb3n del servidor no existe", false},
	{"550 Utente non trovato tra i mittenti autorizzati", false},
	{"550 Konto gesperrt wegen Spam von Ihrem Server", false},
	{"550 Destinatario excluido", false},
	{"550 Votre compte est ferm\xc3\xa9", false},
	{"550 Avs\xc3\xa4ndaren hittades inte", false},
	{"550 El dominio del remitente no existe", false},
	{"550 You are not one of our users", false},
	{"450 Il destinatario non \xc3\xa8 stato trovato", false},
};

START_TEST(the_recipient_is_named_in_many_languages)
{
	struct fact f = failed(replies[_i].words[0] == '5' ? 550 : 450, "",
			       replies[_i].words);

	judge(rules, &f, &judgement);
	ck_assert_int_eq(judgement.class_ == VERDICT_HARD, replies[_i].dead);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict_bare");
	TCase *tc = tcase_create("bare");

	tcase_add_checked_fixture(tc, load_rules, free_rules);
	tcase_add_loop_test(tc, only_the_recipient_is_named, 0,
			    sizeof(beside) / sizeof(beside[0]));
	tcase_add_test(tc, nothing_else_is_said);
	tcase_add_test(tc, first_and_last_words_are_known);
	tcase_add_loop_test(tc, the_recipient_is_named_in_many_languages, 0,
			    sizeof(replies) / sizeof(replies[0]));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
