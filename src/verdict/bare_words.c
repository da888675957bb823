#include "verdict/bare_words.h"

#include <string.h>

/*
 * Words as fold_text leaves them ("addressen"), in the order of their bytes.
 * The languages are those of conf/rules.
 */
static const char recipients[] =
	"account accounts address addressat addresse addressee addressen "
	"addresses adres adresa adresata adresi adresu alias alici anvandare "
	"anvandaren anwender benutzer benutzerkonto benutzers boite brevladan "
	"bruger brugeren bruker brukeren buzon caixa casella casuta cim "
	"cimzett compte conta contul cuenta destinataire "
	"destinataires destinatar destinatario destinatarios destinatarul "
	"direccion empfanger empfangeradresse empfangers endereco felhasznalo "
	"fiok geadresseerde gebruiker gebruikers hesabi hesap inbox "
	"indirizzo kayttaja kayttajaa konta konto kontoen kontot kullanici "
	"kutusu mailadres mailadresse mailadressen mailbox mailboxes mailcim "
	"mailempfanger mailkonto mailpostfach modtager modtageren mottagare "
	"mottagaren mottaker mottakeren nutzer odbiorca odbiorcy ontvanger "
	"osoite osoitetta person postadress postadressen postafiok postboksen "
	"postbus postfach postfachs postilaatikkoa postkassen postvak "
	"pouzivatel prijemca prijemce recipient recipients "
	"sahkopostiosoitetta schranka schranku skrzynka skrzynki tilia ucet "
	"user users usuario usuarios utente utilisateur utilisateurs "
	"utilizador utilizator utilizatorul uzivatel uzivatele uzytkownik "
	"uzytkownika vastaanottaja vastaanottajaa διευθυνση παραληπτησ "
	"χρηστησ адрес адреса адресат адресата користувач користувача "
	"одержувач одержувача отримувач отримувача получатель получателя "
	"пользователь пользователя скринька скриньки ящик ящика";
static const char attributes[] =
	"aangegeven aceasta acest adinda an and angegebene angegebenen "
	"angegebener angegebenes angitte angiven angivet angivna angivne any "
	"anymore aqui ar away az belirtilen bir ble blev bohuzel boyle bu "
	"but byl byla bylo called ce ces cet cette correio correo courriel "
	"das dem demande demandee den denna denne der des desculpe desole "
	"dessverre destination desvaerre det deze dicha dicho die diese "
	"diesem diesen dieser dieses dit een ein eine einem einen einer eines "
	"el electronica electronico electronique eletronica eletronico "
	"elettronica entered er esa ese especificada especificado essa esse "
	"est esta este ete ez foi foram fue genannte genannten given gli ha "
	"har have helaas her het hier however ici id il indicada indicado "
	"indicata indicated indicato indique indiquee infelizmente informada "
	"informado intended is ist its itt jest jmenem jmeno jolla kan kann "
	"know known kon konnte kunde kunne la lamentablemente las le left "
	"leider les lettres lo local longer los maalesef mais malheureusement "
	"mas meer megadott mehr messagerie more moved naam name named namen "
	"namens namn navn nazwa nazwie niestety ningun ninguna nom nombre "
	"nome nos nossa nosso nostra nostro notre nuestra nuestro one onze "
	"opgegeven os piu pocztowa pocztowej pocztowy podana podane podanego "
	"podany posta provided purtroppo questa questo qui rcpt sajnos "
	"se sido siento solicitada solicitado specificata specificato "
	"specifie specified specifiee spiacente stata stato such supplied ta "
	"takiego tal tallaista talta target tato tego tej ten tento that "
	"there tu tutaj tyvarr um uma un une unfortunately unser unsere "
	"unserem us uvedena uvedeny we werd werden wird worden wskazana "
	"wskazany wurde ya zadana zadany zde zostal zostala zostalo вказаний "
	"данная данный зазначений здесь извините именем нашем почтового "
	"почтовый почты сожалению таким тут указанная указанное указанный "
	"электронной эта это этом этот";
static const char prepositions[] =
	"al among aux avec by com con da de del di dla do du em for fur med "
	"met mit of para per por pour pro sous til till to under van von voor "
	"with для к нами нас с";
static const char fillers[] =
	"as error here our please requested sorry the this";
static const char with_places[] = "at in on";
static const char locatives[] =
	"auf bei bij dans en hos im inside na nel nella nesse nesta neste no "
	"op pa pe pod su sul sur unter within в на под у";
static const char matters[] = "action actions giving mail not taken up";
static const char where[] =
	"annuaire base bazie company dados database datenbank dati datos "
	"directorio directory diretorio domain domaine domanen domenie "
	"dominio institution network organisation "
	"organization palvelimella palvelimelta platform records school "
	"serveren serveri servern servers serveru serveur serveurs services "
	"servidor serwer serwerze sistema sistemde site sunucuda systeme "
	"systemet systemie szerveren university verzeichnis домене "
	"сервере системе";
static const char refusals[] =
	"abgelehnt avvisad be bounced can command consegna delivered delivery "
	"denied entrega erreur failed failure fatal fehler fehlgeschlagen "
	"geweigerd impossible livraison message nachricht odrzucono permanent "
	"rechazado refused rejected rejeitado remise rifiutato smtp "
	"undeliverable undelivered unzustellbar zustellung отклонено ошибка";
static const char relatives[] = "are gave mailed reach tried trying wrote you";
static const char places[] = "host server service system";
static const char polite[] =
	"advise contacting inform regret tell thank thanks writing";
static const char agents[] =
	"admin administrator administrators operator owner postmaster";
static const char advice[] =
	"check code contact details help id information qid "
	"queue ref reference see spelling ticket verify visit";

static const struct words {
	const char *list;
	size_t n;
	enum bare_word is;
} kinds[] = {{recipients, sizeof(recipients) - 1, BARE_RECIPIENT},
	     {attributes, sizeof(attributes) - 1, BARE_WORD},
	     {prepositions, sizeof(prepositions) - 1, BARE_BETWEEN},
	     {fillers, sizeof(fillers) - 1, BARE_FILLER},
	     {with_places, sizeof(with_places) - 1, BARE_AT},
	     {locatives, sizeof(locatives) - 1, BARE_WITHIN},
	     {matters, sizeof(matters) - 1, BARE_MATTER},
	     {where, sizeof(where) - 1, BARE_WHERE},
	     {refusals, sizeof(refusals) - 1, BARE_REFUSAL},
	     {relatives, sizeof(relatives) - 1, BARE_RELATIVE},
	     {places, sizeof(places) - 1, BARE_PLACE},
	     {polite, sizeof(polite) - 1, BARE_POLITE},
	     {agents, sizeof(agents) - 1, BARE_AGENT},
	     {advice, sizeof(advice) - 1, BARE_ADVICE}};

static bool holds(const struct words *words, struct span word)
{
	size_t from = 0, to = words->n;

	while (from < to) {
		size_t at = (from + to) / 2, end;
		struct span known;
		int order;

		while (at > from && words->list[at - 1] != ' ')
			at--;
		end = at;
		while (end < to && words->list[end] != ' ')
			end++;
		known = span_make(words->list + at, end - at);
		order = memcmp(word.p, known.p,
			       word.n < known.n ? word.n : known.n);
		if (order == 0 && word.n == known.n)
			return true;
		if (order < 0 || (order == 0 && word.n < known.n))
			to = at > from ? at - 1 : from;
		else
			from = end + 1;
	}
	return false;
}

enum bare_word bare_word(struct span word)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (holds(&kinds[i], word))
			return kinds[i].is;
	return BARE_OTHER;
}
