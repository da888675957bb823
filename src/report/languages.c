/*
 * Most mail systems speak the language of their site, in sentences of their
 * own; what they have in common is that mail did not arrive.
 */
#include "report/languages.h"

#include <string.h>

#include "report/format_text.h"

static const char *const failure[] = {
	/* German */
	"nicht zugestellt", "unzustellbar", "nicht zustellbar",
	"nicht ausgeliefert", "zustellung fehlgeschlagen", "nicht angekommen",
	"fehler beim versand", "mailzustellung fehlgeschlagen",
	"fehler bei der nachrichtenzustellung",
	/* French */
	"non remis", "non distribu", "n'a pas pu être", "n'a pas été remis",
	"pas pu livrer", "pas pu distribuer", "pas pu remettre", "n'a pu être",
	"n'a pas été distribu", "n'a pas pu etre delivr", "n'a pas été délivr",
	"chec de la remise", "chec de remise", "chec de distribution",
	"echec a la distribution", "chec de livraison",
	"remise de votre message", "livraison de votre message",
	"chec de la livraison",
	/* Spanish, Catalan */
	"no se puede entregar", "no se pudo entregar",
	"no se ha podido entregar", "no pudo ser entregado",
	"no ha podido ser entregado", "no ha sido entregado",
	"no fue entregado", "no ha podido entregar", "no he podido entregar",
	"error en la entrega", "error de entrega", "fallo en la entrega",
	"fallo de entrega", "entrega de su mensaje", "problema de entrega",
	"entrega fallida", "mensaje no entregado", "no s'ha pogut lliurar",
	/* Portuguese */
	"não foi entregue", "não pôde ser entregue", "não pôde ser enviada",
	"não pôde ser enviado", "não pode ser entregue",
	"nao pode ser entregue", "não foi possível entregar",
	"não é possível entregar", "não entregue", "não entregável",
	"falha na entrega", "falha de entrega", "falha no envio",
	"falhou o envio",
	/* Italian */
	"mancata consegna", "non recapitabile", "impossibile recapitare",
	"impossibile consegnare", "consegna fallita", "consegna del messaggio",
	"non può essere recapitato", "non può essere consegnato",
	"possibile recapitare il messaggio", "non è stato possibile consegnare",
	"non è stato consegnato", "non e' stato consegnato",
	"non è stato recapitato", "non e' stato recapitato",
	/* Dutch */
	"onbestelba", "niet afgeleverd", "niet worden afgeleverd",
	"niet kon worden afgeleverd", "niet worden bezorgd", "is teruggestuurd",
	"niet kon worden bezorgd", "groepen is mislukt", "bezorging is mislukt",
	"aflevering is mislukt", "aflevering mislukt", "bezorging mislukt",
	"aflevering van uw bericht", "niet aangekomen",
	/* Polish, Czech, Slovak */
	"nie została dostarczona", "nie mogła zostać dostarczona",
	"nie można dostarczyć", "nie została doręczona",
	"nie udało się dostarczyć", "nie powiodło się dostarczenie",
	"nie powiodło się doręczenie", "podczas dostarczania", "nie dotarł",
	"niedostarczon", "niedostarczaln", "grup nie powiodło się",
	"nepodařilo doručit", "nedoručiteln", "nebylo možné doručit",
	"nelze doručit", "chyba doručení", "doručení zprávy",
	"chyba při doručování", "nemohla být doručena", "nebyla doručena",
	"skupinám se nezdařilo", "nepodarilo doručiť", "nebolo možné doručiť",
	"nedoručiteľn",
	/* Croatian, Slovenian */
	"nije isporučena", "nije moguće isporučiti", "ni bilo mogoče dostaviti",
	/* Hungarian, Romanian */
	"kézbesíthetetlen", "sikertelen kézbesítés", "nem kézbesíthet",
	"nem sikerült kézbesíteni", "kézbesítése nem sikerült",
	"számára nem sikerült", "nem lehetett kézbesíteni",
	"nu a putut fi livrat", "nu a fost livrat", "imposibil de livrat",
	/* Swedish, Danish, Norwegian */
	"kan inte levereras", "leverans misslyckades",
	"leveransen misslyckades", "leveransen till", "kunde inte levereras",
	"inte kunde levereras", "gick inte att leverera", "kan ikke leveres",
	"kunne ikke leveres", "grupper mislykkedes", "gruppene mislyktes",
	"levering mislykkedes", "leveringen mislyktes", "levering mislyktes",
	"kom ikke frem", "ikke afleveres",
	/* Finnish, Estonian, Lithuanian, Latvian */
	"ei voi toimittaa", "ei voitu toimittaa", "ryhmille epäonnistui",
	"toimitus epäonnistui", "välitys epäonnistui", "ei voitu välittää",
	"toimittaminen epäonnistui", "ei õnnestunud kohale toimetada",
	"nepavyko pristatyti", "neizdevās piegādāt",
	/* Russian, Ukrainian, Bulgarian */
	"едоставлен", "не доставлен", "не было доставлено",
	"не может быть доставлен", "не могло быть доставлен",
	"е удается доставить", "е удаётся доставить", "е удалось доставить",
	"е удалось выполнить доставку", "евозможно доставить", "бой доставки",
	"шибка доставки", "шибка при доставке", "оставка не удалась",
	"омилка доставки", "е вдалося доставити", "не може бути доставлен",
	"не може да бъде доставен",
	/* Greek, Turkish */
	"παράδοση απέτυχε", "ποτυχία παράδοσης", "δυνατή η παράδοση",
	"αδύνατη η παράδοση", "εν παραδόθηκε", "teslim edilemedi",
	"ulaştırılamadı", "teslim edilemiyor", "iletilemedi",
	/* Hebrew, Arabic */
	"לא ניתן למסור", "מסירת ההודעה נכשלה", "מסירה נכשלה", "تعذر تسليم",
	"لم يتم تسليم",
	/* Japanese */
	"配信不能", "配信できません", "配信に失敗", "送信に失敗", "送信失敗",
	"配信失敗", "配信できなかった", "配信エラー", "送信できません",
	"送信エラー", "配送できません", "配送されません", "配信されません",
	"不達", "配達できません", "届けできません",
	/* Chinese */
	"系统退信", "系統退信", "被退回", "无法投递", "無法投遞", "无法送达",
	"無法送達", "无法传递", "無法傳遞", "未能送达", "未送达", "投递失败",
	"发送失败", "傳送失敗", "遭退回", "退信", "传递失败", "傳遞失敗",
	"无法将邮件发送给",
	/* Korean */
	"배달되지 않음", "배달하지 못했습니다", "배달할 수 없",
	"전달되지 못했습니다", "전달할 수 없", "전송하지 못했습니다",
	"발송 실패", "발송이 실패", "반송되었습니다",
	/* Vietnamese, Thai, Indonesian */
	"không thể gửi", "không gửi được", "ไม่สามารถส่ง", "tidak dapat dikirim",
	"tidak terkirim", "gagal terkirim", NULL};

const char *const languages_delay_subjects[] = {"verzögert",
						"remise différée",
						"remise retardée",
						"message retardé",
						"entrega retrasada",
						"entrega atrasada",
						"mensaje retrasado",
						"mensagem atrasada",
						"recapito ritardato",
						"consegna ritardata",
						"bezorging vertraagd",
						"opóźnion",
						"zpožděn",
						"fördröjd",
						"forsinket",
						"viivästy",
						"доставка отложена",
						"оставка задерживается",
						"配信の遅延",
						"配信が遅延",
						"传递延迟",
						"傳遞延遲",
						"延迟送达",
						"배달 지연",
						NULL};

const char *const languages_delay_sentences[] = {
	"noch nicht zugestellt",
	"zustellversuche werden fortgesetzt",
	"pas encore été remis",
	"pas encore pu être remis",
	"pas encore été distribu",
	"pas encore été délivr",
	"todavía no ha sido entregado",
	"aún no ha sido entregado",
	"todavía no se ha entregado",
	"aún no se ha entregado",
	"ainda não foi entregue",
	"non è ancora stato consegnato",
	"non è ancora stato recapitato",
	"nelle prime dodici ore dal suo invio",
	"nog niet bezorgd",
	"nog niet afgeleverd",
	"nie została jeszcze dostarczona",
	"dosud nebyla doručena",
	"ännu inte levererats",
	"endnu ikke leveret",
	"ennå ikke levert",
	"еще не доставлено",
	"ещё не доставлено",
	"まだ配信されて",
	"まだ配信でき",
	"尚未送达",
	"尚未传递",
	"尚未傳遞",
	NULL};

static const char *const success[] = {"success",
				      "is complete",
				      "abgeschlossen",
				      "est terminée",
				      "was delivered to",
				      "has been delivered",
				      "erfolgreich",
				      "wurde zugestellt",
				      "a bien été",
				      "été remis",
				      "con éxito",
				      "correctamente",
				      "com sucesso",
				      "con successo",
				      "stato consegnato",
				      "succesvol",
				      "pomyślnie",
				      "úspěšně",
				      "sikeresen",
				      "cu succes",
				      "har levererats",
				      "er leveret",
				      "er levert",
				      "onnistu",
				      "успешно",
				      "успішно",
				      "με επιτυχία",
				      "başarıyla",
				      "בהצלחה",
				      "بنجاح",
				      "成功",
				      "配信されました",
				      "성공",
				      NULL};

bool languages_tell_success(struct span text)
{
	return text_has_any(text, success);
}

bool languages_tell_failure(struct span text)
{
	return text_has_any(text, failure) ||
	       text_has_any(text, languages_delay_sentences);
}

bool languages_head_tells_failure(const struct format_input *in)
{
	return text_head_has_any(in, failure) ||
	       text_head_has_any(in, languages_delay_sentences);
}

/* Each ends right before an address, whatever wraps it. */
static const char *const referrals[] = {"contact",
					"write to",
					"send mail to",
					"send email to",
					"send an email to",
					"send it to",
					"send your message to",
					"send messages to",
					"mail from",
					"from",
					"assistance",
					"postmaster",
					"исьмо от",
					"wenden sie sich an",
					"wenden sie sich bitte an",
					"sich bitte an",
					"schreiben sie an",
					"schreiben sie bitte an",
					"kontaktieren sie",
					"kontakt",
					"contacter",
					"crire à",
					"crivez à",
					"adresser à",
					"contacto con",
					"contacte con",
					"contactar con",
					"contacte a",
					"contactar a",
					"escriba a",
					"dirigirse a",
					"contacte",
					"contate",
					"contato com",
					"escreva para",
					"contattare",
					"scrivere a",
					"rivolgersi a",
					"contact op met",
					"contact opnemen met",
					"kontakt z",
					"kontaktować się z",
					"kontakta",
					"обращайтесь",
					"обращаться",
					"пишите на",
					"请联系",
					"請聯絡",
					NULL};

/*
 * "Your message to:" at the head of a sentence tells whom we had mailed;
 * "please send your message to:" goes on from a verb.
 */
static bool is_what_we_sent(struct span before)
{
	static const char *const sent[] = {"your message to", "your mail to",
					   "your email to", "your e-mail to",
					   NULL};
	size_t i, breaks = 0;

	for (i = 0; sent[i] != NULL; i++)
		if (span_ends_ci(before, span_of(sent[i])))
			break;
	if (sent[i] == NULL)
		return false;
	before = span_cut(before, before.n - strlen(sent[i]));
	for (; before.n > 0 && text_is_space(before.p[before.n - 1]);
	     before = span_cut(before, before.n - 1))
		breaks += before.p[before.n - 1] == '\n';
	return before.n == 0 || breaks > 1 ||
	       text_is_wrapping(before.p[before.n - 1]);
}

bool languages_refer(struct span before)
{
	while (before.n > 0 && text_is_wrapping(before.p[before.n - 1]))
		before = span_cut(before, before.n - 1);
	if (is_what_we_sent(before))
		return false;
	for (size_t i = 0; referrals[i] != NULL; i++)
		if (span_ends_ci(before, span_of(referrals[i])))
			return true;
	return false;
}
