#include "verdict_fact.h"

#include "verdict/bare.h"

/* What may stand beside a phrase that must not stand beside more. */

START_TEST(nothing_else_is_said)
{
	ck_assert(bare_says_nothing(SPAN("requested action not taken: "),
				    SPAN(" on this server")));
	ck_assert(bare_says_nothing(SPAN("<@>: "), SPAN(" (4).")));
	ck_assert(!bare_says_nothing(SPAN("your "), SPAN("")));
	ck_assert(!bare_says_nothing(SPAN(""), SPAN(" el usuario")));
	ck_assert(!bare_says_nothing(SPAN("user "), SPAN("")));
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
	tcase_add_test(tc, nothing_else_is_said);
	tcase_add_loop_test(tc, the_recipient_is_named_in_many_languages, 0,
			    sizeof(replies) / sizeof(replies[0]));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
