/*
 * Most mail systems speak the language of their site, in sentences of their
 * own; what they have in common is that mail did not arrive.
 */
#include "report/languages.h"

#include "report/format_text.h"
#include "util/utf8.h"

static const char *const failure[] = {
	/* German */
	"nicht zugestellt", "unzustellbar", "nicht zustellbar",
	"nicht ausgeliefert", "zustellung fehlgeschlagen", "nicht angekommen",
	"zustellungsfehler", "fehler beim versand",
	"fehler bei der nachrichtenzustellung", "empfänger nicht erreicht",
	/* French */
	"non remis", "non distribu", "n'a pas été remis", "pas pu livrer",
	"pas pu distribuer", "pas pu remettre", "pu être remis", "pu être livr",
	"pu être distribu", "pu être délivr", "pu être envoy",
	"pu être achemin", "pu être transmis", "pas pu être expédi",
	"n'a pas été distribu", "n'a pas pu etre delivr", "n'a pas été délivr",
	"chec de la remise", "chec de remise", "chec de distribution",
	"echec a la distribution", "chec de livraison", "chec de la livraison",
	"n'est pas parvenu à certains",
	/* Spanish, Catalan */
	"no se puede entregar", "no se pudo entregar",
	"no se ha podido entregar", "no pudo ser entregado",
	"no ha podido ser entregado", "no ha sido entregado",
	"no fue entregado", "no ha podido entregar", "no he podido entregar",
	"error en la entrega", "error de entrega", "fallo en la entrega",
	"fallo de entrega", "problema de entrega", "entrega fallida",
	"mensaje no entregado", "no llegó a algun", "no ha llegado a algun",
	"no s'ha pogut lliurar",
	/* Portuguese */
	"não foi entregue", "não pôde ser entregue", "não pôde ser enviada",
	"não pôde ser enviado", "não pode ser entregue",
	"nao pode ser entregue", "não foi possível entregar",
	"não é possível entregar", "não entregue", "não entregável",
	"falha na entrega", "falha de entrega", "falha no envio",
	"falhou o envio", "não chegou a algun",
	/* Italian */
	"mancata consegna", "non recapitabile", "impossibile recapitare",
	"impossibile consegnare", "consegna fallita",
	"non può essere recapitato", "non può essere consegnato",
	"possibile recapitare il messaggio", "non è stato possibile consegnare",
	"non è stato consegnato", "non e' stato consegnato",
	"non ha raggiunto alcuni", "non è stato recapitato",
	"non e' stato recapitato",
	/* Dutch */
	"onbestelba", "niet afgeleverd", "niet worden afgeleverd",
	"niet kon worden afgeleverd", "niet worden bezorgd", "is teruggestuurd",
	"niet kon worden bezorgd", "groepen is mislukt", "bezorging is mislukt",
	"aflevering is mislukt", "aflevering mislukt", "bezorging mislukt",
	"niet aangekomen", "geadresseerden niet bereikt",
	/* Polish, Czech, Slovak */
	"nie została dostarczona", "nie mogła zostać dostarczona",
	"nie można dostarczyć", "nie została doręczona",
	"nie udało się dostarczyć", "nie powiodło się dostarczenie",
	"nie powiodło się doręczenie", "nie dotarł", "niedostarczon",
	"niedostarczaln", "grup nie powiodło się", "nepodařilo doručit",
	"nedoručiteln", "nebylo možné doručit", "nelze doručit",
	"chyba doručení", "chyba při doručování", "nemohla být doručena",
	"nebyla doručena", "skupinám se nezdařilo", "nepodarilo doručiť",
	"nebolo možné doručiť", "nedoručiteľn",
	/* Croatian, Slovenian */
	"nije isporučena", "nije moguće isporučiti", "ni bilo mogoče dostaviti",
	/* Hungarian, Romanian */
	"kézbesíthetetlen", "sikertelen kézbesítés", "nem kézbesíthet",
	"nem sikerült kézbesíteni", "kézbesítése nem sikerült",
	"számára nem sikerült", "nem lehetett kézbesíteni",
	"nu a putut fi livrat", "nu a fost livrat", "imposibil de livrat",
	/* Swedish, Danish, Norwegian */
	"kan inte levereras", "leverans misslyckades",
	"leveransen misslyckades", "kunde inte levereras",
	"inte kunde levereras", "gick inte att leverera", "kan ikke leveres",
	"kunne ikke leveres", "grupper mislykkedes", "gruppene mislyktes",
	"levering mislykkedes", "leveringen mislyktes", "levering mislyktes",
	"kom ikke frem", "nådde inte några", "nåede ikke frem til",
	"nådde ikke noen", "ikke afleveres",
	/* Finnish, Estonian, Lithuanian, Latvian */
	"ei voi toimittaa", "ei voitu toimittaa", "ryhmille epäonnistui",
	"toimitus epäonnistui", "välitys epäonnistui", "ei voitu välittää",
	"toimittaminen epäonnistui", "ei õnnestunud kohale toimetada",
	"nepavyko pristatyti", "neizdevās piegādāt",
	/* Russian, Ukrainian, Bulgarian */
	"не достигло", "недоставлен", "Недоставлен", "не доставлен",
	"Не доставлен", "не было доставлено", "не может быть доставлен",
	"не могло быть доставлен", "не удается доставить",
	"Не удается доставить", "не удаётся доставить", "Не удаётся доставить",
	"не удалось доставить", "Не удалось доставить",
	"не удалось выполнить доставку", "Не удалось выполнить доставку",
	"евозможно доставить", "бой доставки", "шибка доставки",
	"шибка при доставке", "оставка не удалась", "омилка доставки",
	"не вдалося доставити", "Не вдалося доставити",
	"не може бути доставлен", "не може да бъде доставен",
	/* Greek, Turkish */
	"παράδοση απέτυχε", "ποτυχία παράδοσης", "δυνατή η παράδοση",
	"αδύνατη η παράδοση", "εν παραδόθηκε", "παραδοση απετυχε",
	"αποτυχια παραδοσησ", "δυνατη η παραδοση", "εν παραδοθηκε",
	"teslim edilemedi", "ulaştırılamadı", "teslim edilemiyor",
	"iletilemedi",
	/* Hebrew, Arabic */
	"לא ניתן למסור", "מסירת ההודעה נכשלה", "מסירה נכשלה", "تعذر تسليم",
	"لم يتم تسليم",
	/* Japanese */
	"配信不能", "配信できません", "配信に失敗", "送信に失敗", "送信失敗",
	"配信失敗", "配信できなかった", "配信されなかった", "配信エラー",
	"送信できません", "送信エラー", "配送できません", "配送されません",
	"配信されません", "不達", "配達できません", "届けできません",
	"届けることが出来ません", "届けることができません", "届けられません",
	"届きませんでした",
	/* Chinese */
	"被退回", "无法投递", "無法投遞", "无法送达", "無法送達", "无法传递",
	"無法傳遞", "未能送达", "未送达", "投递失败", "发送失败", "傳送失敗",
	"遭退回", "退信", "传递失败", "傳遞失敗", "无法将邮件发送给",
	"无法递送", "無法遞送", "未能成功送达", "未成功送达", "未能成功投递",
	"未能投递", "投递不成功",
	/* Korean */
	"배달하지 못했습니다", "배달할 수 없", "전달되지 못했습니다",
	"전달할 수 없", "전송하지 못했습니다", "발송 실패", "발송이 실패",
	"발송에 실패", "반송되었습니다", "전송 실패", "전송이 실패",
	"전송에 실패", "전송되지 못", "전송되지 않", "전달되지 않",
	"배달되지 않",
	/* Vietnamese, Thai, Indonesian */
	"không thể gửi", "không gửi được", "ไม่สามารถส่ง", "tidak dapat dikirim",
	"tidak terkirim", "gagal terkirim", NULL};
PHRASES(failure);

static const char *const delay_subjects[] = {
	/* German, French */
	"verzögert", "remise différée", "remise retardée", "message retardé",
	/* Spanish, Portuguese, Italian */
	"entrega retrasada", "entrega atrasada", "mensaje retrasado",
	"mensagem atrasada", "recapito ritardato", "consegna ritardata",
	/* Dutch, Polish, Czech, Nordic */
	"bezorging vertraagd", "vertraagde mail", "opóźnion", "zpožděn",
	"fördröjd", "forsinket", "viivästy",
	/* Russian, Asian */
	"оставка отложена", "оставка задерживается", "配信の遅延", "配信が遅延",
	"传递延迟", "傳遞延遲", "延迟送达", "배달 지연", NULL};
PHRASES(delay_subjects);
struct phrases *const languages_delay_subjects = delay_subjects_phrases;

static const char *const delay_sentences[] = {
	/* German */
	"noch nicht zugestellt", "bisher nicht zugestellt",
	"bislang nicht zugestellt", "zustellversuche werden fortgesetzt",
	"wird weiterhin versucht", "wir versuchen es weiter",
	"zustellung unvollständig", "werden es weiter versuchen",
	"nur eine warnung",
	/* French */
	"pas encore été remis", "pas encore pu être remis",
	"pas encore été distribu", "pas encore été délivr",
	"pas encore pu être livr", "pas encore pu être distribu",
	"pas encore été livr", "continuerons d'essayer", "continuera d'essayer",
	"tentatives se poursuivr", "effectuera de nouvelles tentatives",
	"distribution incomplète", "pas nécessaire de renvoyer votre message",
	/* Spanish */
	"todavía no ha sido entregado", "aún no ha sido entregado",
	"todavía no se ha entregado", "aún no se ha entregado",
	"todavía no se ha podido entregar", "aún no se ha podido entregar",
	"todavía no se pudo entregar", "aún no se pudo entregar",
	"todavía no pudo ser entregado", "aún no pudo ser entregado",
	"entrega incompleta", "lo un aviso", "lo una advertencia",
	"no es necesario que reenv", "no necesita volver a enviar",
	/* Portuguese */
	"ainda não foi entregue", "ainda não pôde ser entregue",
	"ainda não foi possível entregar", "apenas um aviso",
	/* Italian */
	"non è ancora stato consegnato", "non è ancora stato recapitato",
	"non è stato ancora consegnato", "non è stato ancora recapitato",
	"non è ancora stato possibile", "nelle prime dodici ore dal suo invio",
	"consegna incompleta", "solo un avviso",
	/* Dutch */
	"nog niet bezorgd", "nog niet afgeleverd", "nog niet worden bezorgd",
	"nog niet worden afgeleverd", "blijven het proberen",
	"blijft het proberen",
	/* Polish, Czech */
	"nie została jeszcze dostarczona", "jeszcze nie została dostarczona",
	"nie udało się jeszcze dostarczyć", "kolejne próby będą",
	"tylko ostrzeżenie", "dosud nebyla doručena", "zatím nebyla doručena",
	"zatím nepodařilo doručit", "dosud nepodařilo doručit",
	/* Swedish, Danish, Norwegian */
	"nnu inte levererats", "nnu inte kunnat levereras",
	"fortsätter att försöka", "endnu ikke leveret",
	"endnu ikke kunnet leveres", "ennå ikke levert",
	"ennå ikke kunnet leveres",
	/* Russian, Ukrainian */
	"ще не доставлено", "щё не доставлено", "ока не доставлено",
	"ока не удалось доставить", "опытки доставки будут продолжены",
	"проби доставки триватимуть",
	/* Greek, Turkish, Hungarian, Romanian */
	"εν έχει παραδοθεί ακόμα", "henüz teslim edilemedi",
	"henüz iletilemedi", "még nem sikerült kézbesíteni", "még nem kézbesít",
	"ncă nu a putut fi livrat", "ncă nu a fost livrat",
	/* Japanese, Chinese */
	"まだ配信されて", "まだ配信でき", "引き続き再送を", "再送を試みます",
	"尚未送达", "尚未传递", "尚未傳遞", "아직 배달되지 않았", NULL};
PHRASES(delay_sentences);
struct phrases *const languages_delay_sentences = delay_sentences_phrases;

static const char *const success[] = {
	/* English */
	"success", "is complete", "was delivered", "has been delivered",
	"and delivered", "delivery confirmation", "delivery receipt",
	"delivered to mailbox", ": delivered", "has received your",
	/* German */
	"abgeschlossen", "erfolgreich", "wurde zugestellt", "ist angekommen",
	"bestätig",
	/* French */
	"est terminée", "a bien été", "été remis", "été livré", "été distribué",
	"été délivré", "est confirm", "a eu lieu",
	/* Spanish, Portuguese */
	"con éxito", "ha completado", "sido entregado", "fue entregado",
	"foi entregue", "com sucesso",
	/* Italian */
	"stato consegnato", "stato recapitato", "regolarmente",
	/* Dutch */
	"succesvol", "bevestig", "is afgeleverd", "is bezorgd",
	/* Polish, Czech, Slovak, Croatian */
	"pomyślnie", "dostarczon", "doręczon", "potwierdz", "spěšně",
	"byla doručena", "bola doručená", "potvrzen", "potvrden", "isporučen",
	"dostavljen",
	/* Hungarian, Romanian */
	"sikeresen", "kézbesítettük", "kézbesítve", "cu succes", "fost livrat",
	/* Swedish, Danish, Norwegian */
	"har levererats", "levererad", "leveranskvitt", "är klar", "er leveret",
	"blev leveret", "er levert", "ble levert", "bekræft", "bekreft",
	"bekräft",
	/* Finnish, Estonian, Latvian, Lithuanian */
	"onnistu", "on toimitettu", "toimitusvahvist", "kohale toimetatud",
	"piegādāt", "pristatytas",
	/* Russian, Ukrainian */
	"спешно", "спішно", "доставлен", "Доставлен",
	/* Greek, Turkish */
	"ε επιτυχία", "αραδόθηκε", "başarıyla", "teslim edildi", "iletildi",
	/* Hebrew, Arabic */
	"נמסרה", "تم تسليم", "בהצלחה", "بنجاح",
	/* Japanese, Chinese, Korean */
	"成功", "配信されました", "配信しました", "お届けしました",
	"送信されました", "已送达", "已投递", "성공", "배달되었습니다",
	"전달되었습니다",
	/* Vietnamese, Indonesian, Malay, Thai */
	"ã được gửi", "thành công", "telah terkirim", "telah berhasil",
	"telah berjaya", "เรียบร้อย", "สำเร็จ",
	/* Catalan, Basque, Icelandic, Albanian */
	"correctament", "lliurat a ", "ondo entregatu", "behar bezala",
	"voru afhent", "var afhent", "me sukses",
	/* Serbian, Croatian, Slovenian, Macedonian, Bulgarian */
	"споручен", "uspešno", "uspješno", "доставен", "Доставен",
	/* Latvian, Lithuanian, Estonian */
	"veiksmīgi", "sėkmingai", "edukalt",
	/* Persian, Hindi, Georgian, Armenian, Azerbaijani */
	"با موفقیت", "सफलतापूर्वक", "წარმატებით", "աջող", "uğurla", NULL};
PHRASES(success);

/*
 * What a sentence is about, and how that went: notices of success speak of the
 * same delivery as notices of failure do.
 */
static const char *const deliveries[] = {
	/* French, Spanish, Portuguese, Italian */
	"remise de votre message", "livraison de votre message",
	"entrega de su mensaje", "entrega da sua mensagem",
	"consegna del messaggio", "recapito del messaggio",
	/* Dutch, German */
	"aflevering van uw bericht", "bezorging van uw bericht",
	"zustellung ihrer nachricht",
	/* Polish, Czech, Slovak */
	"podczas dostarczania", "dostarczenie wiadomości", "doručení zprávy",
	"doručenie správy",
	/* Swedish, Danish, Norwegian */
	"leveransen till", "leveransen av", "leveringen til", "leveringen af",
	/* Russian */
	"оставка сообщения", "оставка письма", NULL};
PHRASES(deliveries);
static const char *const mishaps[] = {
	/* French, Spanish, Portuguese, Italian */
	"chou", "impossible", "fracas", "fallado", "falló", "falhou", "fallit",
	"non è riuscit", "errore ", "non e' riuscit",
	/* Dutch, German */
	"mislukt", "niet gelukt", "niet mogel", "fehlgeschlagen", "gescheitert",
	"nicht mögl",
	/* Polish, Czech, Slovak */
	"błąd", "nie powiodł", "nie udał", "nezdařil", "selhal", "nebylo možné",
	"zlyhal", "nepodaril",
	/* Swedish, Danish, Norwegian */
	"misslyck", "inte genomföras", "mislyk", "fejlet", "feilet",
	/* Russian */
	"евозможн", "не удалась", "провалилась",
	/* many */
	"error ", NULL};
PHRASES(mishaps);

/* Of text, which is part of what in->grams was read from. */
static bool tells_failure_in(const struct format_input *in, struct span text)
{
	return text_part_has_any(in, text, failure_phrases) ||
	       text_part_has_any(in, text, delay_sentences_phrases) ||
	       (text_part_has_any(in, text, deliveries_phrases) &&
		text_part_has_any(in, text, mishaps_phrases));
}

static bool tells_failure(struct span text)
{
	UNCLEARED struct grams grams;
	struct format_input in = {.text = text, .grams = &grams};

	if (text.n == 0)
		return false;
	grams_read(&grams, text);
	return tells_failure_in(&in, text);
}

/* The same in small letters, where a word is written in other capitals. */
static bool shouts_failure(struct span text)
{
	struct buf small;
	uint32_t code, before = 0;
	bool shouts = false;

	buf_init(&small);
	for (size_t n; text.n > 0; text = span_from(text, n)) {
		n = utf8_next(text, &code);
		if (n == 0) {
			n = 1;
			code = ' ';
		}
		shouts |= code >= 0x80 && utf8_small(code) != code &&
			  utf8_small(before) != before;
		utf8_add(&small, utf8_small(code));
		before = code;
	}
	shouts = shouts && tells_failure(span_make(small.data, small.len));
	buf_release(&small);
	return shouts;
}

static bool is_ascii(struct span text)
{
	return text_plain_length(text) == text.n;
}

bool languages_tell_success(struct span text)
{
	return text_has_any(text, success_phrases);
}

bool languages_tell_failure(struct span text)
{
	return tells_failure(text) || (!is_ascii(text) && shouts_failure(text));
}

bool languages_head_tells_failure(const struct format_input *in)
{
	struct span head = text_head(in->text);

	return tells_failure_in(in, head) ||
	       (!is_ascii(head) && shouts_failure(head));
}
