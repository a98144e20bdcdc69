package mail

import (
	"regexp"
	"slices"
	"strings"
)

// maxTrimmed bounds the text in which quotes are looked for. Longer ones are logs, not letters.
const maxTrimmed = 256 << 10

// TrimQuoted splits the text of a mail into what its sender wrote now and the rest: the mail he answers, and his signature.
// The whole text stays with the message, so the split may err; it errs towards showing too much. An answer written between
// the quoted lines keeps them, a forwarded mail is not a quoted one, and the first part is never empty when the text is not.
//
// Quoted text stays part of this sender's message. It never becomes a message of the person it claims to quote (threat C12).
func TrimQuoted(text string) (trimmed, quoted string) {
	if len(text) > maxTrimmed {
		return strings.TrimSpace(text), ""
	}
	lines := strings.Split(text, "\n")
	end := cutSignature(lines, cutQuote(lines))
	start := skipLeadingQuote(lines[:end])
	trimmed = strings.TrimSpace(strings.Join(lines[start:end], "\n"))
	if trimmed == "" {
		return strings.TrimSpace(text), ""
	}
	above, below := strings.Join(lines[:start], "\n"), strings.Join(lines[end:], "\n")
	return trimmed, joinNonEmpty([]string{strings.TrimSpace(above), strings.TrimSpace(below)}, "\n\n")
}

// cutQuote returns the number of the line at which the quoted tail begins, len(lines) when there is none.
func cutQuote(lines []string) int {
	looks := 0 // how often the lines behind an attribution were read; a bound keeps long texts linear
	for i := range lines {
		switch {
		case isForward(lines[i]):
			return len(lines)
		case isDivider(lines[i]):
			return i
		case startsHeaderBlock(lines[i:]):
			return beforeRule(lines, i)
		}
		if n := attributionLines(lines[i:]); n > 0 && looks < 20 {
			if looks++; !ownTextFollows(lines[i+n:]) {
				return i
			}
		}
	}
	return trailingQuote(lines)
}

// trailingQuote finds a tail of lines that begin with ">".
func trailingQuote(lines []string) int {
	end, quotes := len(lines), 0
	for end > 0 && (isQuoted(lines[end-1]) || isBlank(lines[end-1])) {
		if isQuoted(lines[end-1]) {
			quotes++
		}
		end--
	}
	if quotes == 0 {
		return len(lines)
	}
	for n := 1; n <= 3 && n <= end; n++ {
		if attributionLines(lines[end-n:]) == n {
			return end - n
		}
	}
	return end
}

// ownTextFollows reports whether the sender wrote below or between the lines that follow an attribution.
func ownTextFollows(lines []string) bool {
	quoted := false
	for _, line := range lines {
		switch {
		case isQuoted(line):
			quoted = true
		case isBlank(line):
		case isSignature(line):
			return false
		case quoted:
			return true
		}
	}
	return false
}

// skipLeadingQuote returns where the own text begins when the quoted mail stands in one block above it.
func skipLeadingQuote(lines []string) int {
	i := 0
	for i < len(lines) && isBlank(lines[i]) {
		i++
	}
	i += attributionLines(lines[i:])
	start := i
	for i < len(lines) && (isQuoted(lines[i]) || isBlank(lines[i])) {
		i++
	}
	if i == start || !anyQuoted(lines[start:i]) || anyQuoted(lines[i:]) {
		return 0
	}
	return i
}

func anyQuoted(lines []string) bool {
	for _, line := range lines {
		if isQuoted(line) {
			return true
		}
	}
	return false
}

func isQuoted(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return strings.HasPrefix(line, ">")
}

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// cutSignature returns the line before end at which a signature begins: after "-- " (RFC 3676, 4.3), or a line that a
// telephone adds.
func cutSignature(lines []string, end int) int {
	for i := range end {
		if isSeparator(lines[i]) && end-i <= 30 && !anyQuoted(lines[i:end]) {
			return cutMobile(lines, i)
		}
	}
	return cutMobile(lines, end)
}

// cutMobile takes a device's line from the end of the text, with up to one line below it.
func cutMobile(lines []string, end int) int {
	last := end
	for seen := 0; last > 0 && seen < 2; last-- {
		if isBlank(lines[last-1]) {
			continue
		}
		if isMobile(lines[last-1]) {
			return last - 1
		}
		seen++
	}
	return end
}

// IsSignature reports whether what was split from a text is how its sender signs, with nothing quoted above or below.
func IsSignature(quoted string) bool {
	lines := strings.Split(quoted, "\n")
	return isSignature(lines[0]) && cutQuote(lines) == len(lines) && !anyQuoted(lines)
}

func isSignature(line string) bool { return isSeparator(line) || isMobile(line) }

func isSeparator(line string) bool {
	line = strings.TrimSuffix(line, "\r")
	return line == "-- " || line == "--" || line == "-- \u00a0" || line == "--\u00a0" || line == "—"
}

// devices are the words that make a line beginning like one of deviceLines a telephone's.
var devices = []string{
	"iphone", "ipad", "ios", "android", "samsung", "galaxy", "huawei", "xiaomi", "pixel", "blackberry", "nokia", "smartphone", "mobil", "handy", "unterwegs",
	"telefon", "téléphone", "teléfono", "telefono", "celular", "телефон", "puhelim", "outlook", "yahoo", "proton", "gmail", "spark", "aol", "fairemail",
	"k-9", "mail for windows", "mail für windows", "スマートフォン", "携帯", "手机", "手機", "휴대폰", "مكان",
}

// deviceLines begin the lines with which telephones and their programs sign, in the languages of the people who write to desks.
var deviceLines = []string{
	"sent from", "sent via", "sent with", "sent using", "get outlook", "von meinem", "vom iphone", "von unterwegs", "gesendet", "diese nachricht wurde von",
	"holen sie sich outlook", "laden sie outlook", "outlook für", "envoyé", "obtenez outlook", "télécharger outlook", "enviado", "obtener outlook",
	"obter o outlook", "inviato", "scarica outlook", "ottieni outlook", "verstuurd", "verzonden", "outlook voor", "wysłan", "pobierz outlook", "skickat från",
	"hämta outlook", "sendt fra", "hent outlook", "lähetetty", "odesláno", "poslané", "poslano", "отправлено", "надіслано", "στάλθηκε", "trimis de pe", "küldve",
	"elküldve", "发自我的", "從我的", "从我的", "나의", "내 ", "נשלח מ", "أرسلت من", "أُرسلت من", "تم الإرسال من",
}

// deviceEnds end such lines in languages that put the verb last.
var deviceEnds = []string{"から送信", "gönderildi", "gönderilmiştir", "보냄"}

// isMobile asks for both: the beginning (or end) of such a line and the name of a device or program.
func isMobile(line string) bool {
	if len(line) > 120 {
		return false
	}
	line = strings.TrimRight(strings.ToLower(strings.TrimSpace(line)), ".")
	return (startsWithAny(line, deviceLines) || endsWithAny(line, deviceEnds)) && containsAny(line, devices)
}

func startsWithAny(s string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(s, p) })
}

func endsWithAny(s string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return strings.HasSuffix(s, p) })
}

func containsAny(s string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return strings.Contains(s, p) })
}

// forwards and dividers are the words of the lines above a mail below: forwarded mail is content and stays, an original message
// is quoted.
var (
	forwards = set("forwarded message", "begin forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
		"message transféré", "début du message transféré", "début du message réexpédié", "mensaje reenviado", "inicio del mensaje reenviado",
		"mensagem encaminhada", "início da mensagem encaminhada", "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht",
		"begin doorgestuurd bericht", "wiadomość przekazana", "początek przekazywanej wiadomości", "пересылаемое сообщение", "пересылаемое письмо",
		"начало переадресованного сообщения", "переслане повідомлення", "vidarebefordrat meddelande", "vidaresänt meddelande", "videresendt besked",
		"videresendt melding", "välitetty viesti", "yönlendirilen ileti", "iletilen ileti", "přeposlaná zpráva", "továbbított üzenet",
		"転送メッセージ", "转发邮件", "转发的邮件", "轉寄的郵件", "전달된 메시지", "הודעה שהועברה", "رسالة معاد توجيهها")
	dividers = set("original message", "original-nachricht", "ursprüngliche nachricht", "originalnachricht", "message d'origine", "message original",
		"message initial", "mensaje original", "mensagem original", "messaggio originale", "oorspronkelijk bericht", "originalmeddelande",
		"original meddelelse", "oprindelig meddelelse", "opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "původní zpráva",
		"pôvodná správa", "eredeti üzenet", "mesaj original", "mesajul original", "özgün ileti", "orijinal mesaj", "исходное сообщение",
		"оригинальное сообщение", "оригінальне повідомлення", "αρχικό μήνυμα", "元のメッセージ", "原始邮件", "原始郵件", "원본 메일", "원본 메시지",
		"reply above this line", "please reply above this line", "type your reply above this line")
)

// isForward recognises "---------- Forwarded message ---------" and "Begin forwarded message:".
func isForward(line string) bool { return forwards[wordsOfRule(line)] }

// isDivider recognises "-----Original Message-----" and "## reply above this line ##".
func isDivider(line string) bool {
	return !endsInColon(line) && dividers[wordsOfRule(line)]
}

// wordsOfRule returns the words of a line made of dashes and words, or of words and a colon; "" for other lines.
func wordsOfRule(line string) string {
	if len(line) > 200 {
		return ""
	}
	line = strings.Trim(line, " \t>*")
	if !strings.HasPrefix(line, "--") && !strings.HasPrefix(line, "##") && !endsInColon(line) {
		return ""
	}
	return strings.ToLower(strings.Trim(line, " \t*-#:：_"))
}

// senderNames and headerNames are the names of the fields with which Outlook introduces quoted mail.
var (
	senderNames = set("from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "feladó", "gönderen", "kimden", "от", "от кого", "від", "από",
		"差出人", "发件人", "寄件者", "보낸 사람", "발신", "מאת", "من")
	headerNames = set("sent", "date", "to", "cc", "subject", "gesendet", "datum", "an", "betreff", "envoyé", "à", "objet", "enviado", "enviada em",
		"enviado el", "fecha", "data", "para", "asunto", "assunto", "inviato", "a", "oggetto", "verzonden", "aan", "onderwerp", "skickat", "till", "ämne",
		"sendt", "dato", "til", "emne", "lähetetty", "päivämäärä", "vastaanottaja", "aihe", "wysłano", "do", "temat", "odesláno", "komu", "předmět", "predmet",
		"elküldve", "címzett", "tárgy", "gönderilme", "tarih", "kime", "konu", "отправлено", "дата", "кому", "тема", "надіслано", "στάλθηκε", "προς", "θέμα",
		"送信日時", "日時", "宛先", "件名", "发送时间", "收件人", "抄送", "主题", "寄件日期", "收件者", "主旨", "보낸 날짜", "받는 사람", "제목", "수신",
		"נשלח", "אל", "נושא", "تاريخ الإرسال", "إلى", "الموضوع", "importance", "wichtigkeit")
)

func set(names ...string) map[string]bool {
	all := make(map[string]bool, len(names))
	for _, name := range names {
		all[name] = true
	}
	return all
}

// startsHeaderBlock recognises "From: ... / Sent: ... / To: ... / Subject: ..." in many languages: a sender, and two more
// fields within the next lines.
func startsHeaderBlock(lines []string) bool {
	if !senderNames[nameBeforeColon(lines[0])] {
		return false
	}
	found := 0
	for _, line := range lines[1:min(len(lines), 8)] {
		if headerNames[nameBeforeColon(line)] {
			found++
		}
	}
	return found >= 2
}

// nameBeforeColon returns the lower-case word before the first colon, without the stars that stand for bold text; "" if none.
func nameBeforeColon(line string) string {
	line = line[:min(len(line), 120)]
	i := strings.IndexByte(line, ':')
	if j := strings.Index(line, "："); j >= 0 && (i < 0 || j < i) {
		i = j
	}
	if i <= 0 {
		return ""
	}
	return strings.ToLower(strings.Trim(line[:i], " \t*_\u00a0"))
}

// beforeRule includes the line of underscores or dashes above a header block.
func beforeRule(lines []string, i int) int {
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		line := strings.TrimSpace(lines[j])
		if len(line) >= 5 && strings.Trim(line, "_-—") == "" {
			return j
		}
		if line != "" {
			break
		}
	}
	return i
}

// wrote are the words by which a line says that somebody wrote what follows.
var wrote = []string{
	"wrote", "writes", "schrieb", "geschrieben", "a écrit", "écrit\u00a0:", "escribió", "ha escrito", "escreveu", "ha scritto", "schreef", "geschreven", "napisał",
	"pisze", "skrev", "kirjoitti", "napsal", "napísal", "napisao", "je napisal", "írta", "yazdı", "a scris", "пишет", "писал", "написал", "пише", "написав",
	"έγραψε", "のメール", "書きました", "に書き込みました", "写道", "寫道", "작성", "님이", "כתב", "בתאריך", "كتب",
}

// attribution reports whether a text introduces quoted mail, such as "On 24 Nov 2026, at 10:12, Ben <ben@desk.example> wrote:".
// It ends in a colon, holds a number or an address, and says that somebody wrote, or is a date with an address.
func attribution(s string) bool {
	if len(s) > 500 || !endsInColon(s) || !strings.ContainsAny(s, "0123456789@") {
		return false
	}
	return containsAny(strings.ToLower(s), wrote) || dateAndAddress.MatchString(s)
}

// dateAndAddress is the same without a verb: a date or a time of day, and at the end an address in brackets.
var dateAndAddress = regexp.MustCompile(`(\b(19|20)\d\d[-/年.]|\d{1,2}[:.]\d\d).*<[^<>\s]+@[^<>\s]+>\s*[:：]\s*$`)

func endsInColon(line string) bool {
	line = strings.TrimRight(line, " \t*_\u00a0")
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// attributionLines returns how many lines at the start are one attribution (it may be folded over three), 0 when they are none.
// When no quoted line follows, it needs an address or a time of day, so that an own "in 2019 she wrote:" stays.
func attributionLines(lines []string) int {
	whole := ""
	for n := 1; n <= 3 && n <= len(lines) && !isBlank(lines[n-1]) && len(whole) < 500; n++ {
		line := strings.TrimSpace(lines[n-1])
		whole = strings.TrimSpace(whole + " " + line[:min(len(line), 501)])
		if endsInColon(line) && attribution(whole) && (quoteComesNext(lines[n:]) || addressOrTime.MatchString(whole)) {
			return n
		}
	}
	return 0
}

var addressOrTime = regexp.MustCompile(`[@<]|\d{1,2}[:.]\d\d`)

func quoteComesNext(lines []string) bool {
	for _, line := range lines {
		if !isBlank(line) {
			return isQuoted(line)
		}
	}
	return false
}
