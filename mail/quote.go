package mail

import (
	"regexp"
	"strings"
)

// TrimQuoted splits the text of a mail into what its sender wrote now and the rest: the mail he answers, and his signature.
// The whole text stays with the message, so the split may err; it errs towards showing too much. An answer written between
// the quoted lines keeps them, a forwarded mail is not a quoted one, and the first part is never empty when the text is not.
//
// Quoted text stays part of this sender's message. It never becomes a message of the person it claims to quote (threat C12).
func TrimQuoted(text string) (trimmed, quoted string) {
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

func isSignature(line string) bool { return isSeparator(line) || isMobile(line) }

func isSeparator(line string) bool {
	line = strings.TrimSuffix(line, "\r")
	return line == "-- " || line == "--" || line == "-- \u00a0" || line == "--\u00a0" || line == "—"
}

// mobile are the lines with which telephones and their programs sign, in the languages of the people who write to desks.
var mobile = regexp.MustCompile(`(?i)^\s*(` + strings.Join([]string{
	`sent (from|via|with|using) (my |the |a )?(iphone|ipad|ios|android|samsung|galaxy|mobile|phone|blackberry|windows|yahoo|outlook|proton|gmail|mail for|huawei|xiaomi|pixel|nokia|sony|spark|aol|aqua|myMail|k-9|fairemail|superhuman|t-mobile|verizon).*`,
	`get outlook for (ios|android).*`, `(outlook|mail) (für|for) (ios|android|windows).*`, `laden sie outlook für .*`,
	`(von|vom) (meinem|mein|unterwegs|iphone|ipad|handy|mobiltelefon|samsung).*(gesendet|verschickt).*`, `gesendet (von|mit|über|aus) .*`, `diese nachricht wurde von meinem .* gesendet.*`, `holen sie sich outlook für .*`,
	`envoyé (de|depuis|à partir de) (mon|l'|l’|outlook|yahoo|ma|un).*`, `obtenez outlook pour .*`, `télécharger outlook pour .*`,
	`enviado (desde|do|de|a partir do|via) (mi|meu|o meu|el|yahoo|outlook|um|un|samsung).*`, `obtener outlook para .*`, `obter o outlook para .*`,
	`inviato (da|dal|dall'|dall’) ?.*`, `scarica outlook per .*`, `ottieni outlook per .*`,
	`(verstuurd|verzonden) (vanaf|vanuit|met|via) .*`, `outlook voor (ios|android) downloaden.*`,
	`wysłan[eo] z .*`, `pobierz outlook.*`, `skickat från .*`, `sendt fra .*`, `lähetetty .*(iphone|ipad|puhelim|laittee|outlook).*`, `odesláno z .*`, `poslané z .*`, `poslano (iz|s|z) .*`,
	`отправлено (с|из|от) .*`, `надіслано (з|із) .*`, `.*(iphone|ipad|telefonumdan|outlook).*gönderildi.*`, `στάλθηκε από .*`, `trimis de pe .*`, `küldve .*`, `elküldve .*`,
	`(iphone|ipad|スマートフォン|携帯).*から送信.*`, `发自我的.*`, `從我的.*(傳送|发送|寄出).*`, `从我的.*发送.*`, `나의 .*에서 보냄.*`, `내 .*에서 보냄.*`,
	`نشلحت מ.*`, `נשלח מ.*`, `أرسلت? من .*`, `تم الإرسال من .*`,
}, "|") + `)\s*$`)

func isMobile(line string) bool {
	return len(line) < 120 && mobile.MatchString(line)
}

// forward are the lines above a forwarded mail, which is content and stays.
var forward = regexp.MustCompile(`(?i)^[\s>*]*(-{2,}\s*)?(forwarded message|begin forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|message transféré|début du message (transféré|réexpédié)|mensaje reenviado|inicio del mensaje reenviado|mensagem encaminhada|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|wiadomość przekazana|пересылаемое сообщение|пересылаемое письмо|vidarebefordrat meddelande|videresendt besked|yönlendirilen ileti|転送メッセージ|转发的?邮件|轉寄的郵件|전달된 메시지)\s*:?\s*(-{2,})?[\s*]*$`)

func isForward(line string) bool {
	return len(line) < 120 && (strings.Contains(line, "--") || endsInColon(line)) && forward.MatchString(line)
}

// divider are lines that programs put between an answer and the mail below it.
var divider = regexp.MustCompile(`(?i)^\s*(-{2,}\s*(original message|original-nachricht|ursprüngliche nachricht|originalnachricht|message d'origine|message original|message initial|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|originalmeddelande|original meddelelse|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|özgün ileti|orijinal mesaj|исходное сообщение|оригинальное сообщение|αρχικό μήνυμα|original message text|元のメッセージ|原始邮件|原始郵件|원본 메일|원본 메시지|reply above this line|reply message)\s*-{2,}|#{2,}.*reply above this line.*#{2,}|-{3,} ?on .+ wrote ?-{3,})\s*$`)

func isDivider(line string) bool {
	return len(line) < 200 && (strings.Contains(line, "--") || strings.Contains(line, "##")) && divider.MatchString(line)
}

// headerNames are the first lines of the block with which Outlook introduces quoted mail. The block needs three of them.
var headerNames = regexp.MustCompile(`(?i)^[\s*>]*(from|sent|date|to|cc|subject|importance|von|gesendet|datum|an|betreff|de|envoyé|date|à|objet|enviado|enviada em|enviado el|fecha|data|para|asunto|assunto|da|inviato|a|oggetto|van|verzonden|aan|onderwerp|från|skickat|till|ämne|fra|sendt|til|emne|lähettäjä|lähetetty|vastaanottaja|aihe|od|wysłano|do|temat|odesláno|komu|předmět|feladó|elküldve|címzett|tárgy|gönderen|gönderilme|tarih|kime|konu|от|от кого|отправлено|дата|кому|тема|από|στάλθηκε|προς|θέμα|差出人|送信日時|宛先|件名|发件人|发送时间|收件人|主题|寄件者|寄件日期|收件者|主旨|보낸 사람|보낸 날짜|받는 사람|제목|발신|수신|מאת|נשלח|אל|נושא|من|تاريخ الإرسال|إلى|الموضوع)\s*\*?\s*[:：]`)

var senderName = regexp.MustCompile(`(?i)^[\s*]*(from|von|de|da|van|från|fra|lähettäjä|od|feladó|gönderen|от|от кого|από|差出人|发件人|寄件者|보낸 사람|발신|מאת|من)\s*\*?\s*[:：]\s*\*?\s*\S`)

// startsHeaderBlock recognises "From: ... / Sent: ... / To: ... / Subject: ..." in many languages.
func startsHeaderBlock(lines []string) bool {
	if !strings.ContainsAny(lines[0], ":：") || !senderName.MatchString(cut(lines[0])) {
		return false
	}
	found := 0
	for i := 0; i < len(lines) && i < 8; i++ {
		if headerNames.MatchString(cut(lines[i])) {
			found++
		}
	}
	return found >= 3
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

// cut bounds the part of a line that expressions look at.
func cut(line string) string {
	if len(line) > 500 {
		return line[:500]
	}
	return line
}

// attributions are the lines above quoted mail: who wrote it, and when.
var attributions = regexp.MustCompile(`(?is)^[\s*_]*(` + strings.Join([]string{
	`on\s.+\s(wrote|writes|sent|said)`, `.+\s(wrote|writes)`, `.+\swrote on\s.+`, `at\s.+\swrote`,
	`am\s.+\s?(schrieb|hat .*geschrieben).*`, `.+\sschrieb( am\s.+)?`, `(on|von|vom)\s.+\sschrieb.*`,
	`le\s.+\sa\s+écrit\s?`, `.+\sa\s+écrit\s?`,
	`el\s.+\s(escribió|ha escrito)`, `.+\sescribió`,
	`(em|a|no dia)\s.+\s(escreveu|escreveu no dia .+)`, `.+\sescreveu`,
	`(il|in data)\s.+\sha\s+scritto\s?`, `.+\sha\s+scritto\s?`,
	`(op|schreef)\s.+\s(schreef|het volgende geschreven).*`, `.+\sschreef( op\s.+)?`,
	`(w dniu|dnia)\s.+\s(napisał|napisał\(a\)|napisała|pisze)`, `.+\snapisał(\(a\)|a)?`,
	`(den|på|d\.)\s.+\s(skrev|skrev følgende).*`, `.+\sskrev( den\s.+)?`,
	`.+\skirjoitti.*`, `(dne|dňa)\s.+\s(napsal|napísal).*`, `.+\s(napsal|napísal|napisao|je napisal)(\(a\)|a|la)?`,
	`.+\s(írta|ezt írta).*`, `.+\s(tarihinde|şunu|yazdı|şunları yazdı).*`, `(în|pe)\s.+\sa\s+scris`,
	`.+\s(пишет|писал|писал\(а\)|написал|написала|написал\(а\))`, `.+\s(пише|написав|написала)`, `(στις|την)\s.+\sέγραψε`,
	`.+(のメール|さんは書きました|wrote|に書き込みました|さんからのメール)`, `(於|在|于).+(写道|寫道|道)`, `.+(写道|寫道|작성|님이 작성|님이 작성)`, `בתאריך\s.+`, `.+\sכתב(/ה)?`, `(في|كتب)\s.+(كتب|:)?.*`,
	`\d{4}[-/年.].+<[^<>\s]+@[^<>\s]+>`,
}, "|") + `)\s*[:：][\s*_]*$`)

// attribution reports whether a text introduces quoted mail.
func attribution(s string) bool {
	return len(s) < 500 && endsInColon(s) && looksDated(s) && attributions.MatchString(s)
}

func endsInColon(line string) bool {
	line = strings.TrimRight(line, " \t*_\u00a0")
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// looksDated asks for a sign that a line is made by a program: an address or a number (of a date).
func looksDated(s string) bool {
	return strings.ContainsAny(s, "0123456789@")
}

// attributionLines returns how many lines at the start are one attribution (it may be folded over three), 0 when they are none.
// What follows has to be quoted mail or the end, except when the line names both a date and an address.
func attributionLines(lines []string) int {
	whole := ""
	for n := 1; n <= 3 && n <= len(lines) && !isBlank(lines[n-1]) && len(whole) < 500; n++ {
		line := strings.TrimSpace(lines[n-1])
		whole = strings.TrimSpace(whole + " " + line)
		if !endsInColon(line) {
			continue
		}
		if attribution(whole) && (quoteComesNext(lines[n:]) || strings.ContainsAny(whole, "@<") || years.MatchString(whole)) {
			return n
		}
	}
	return 0
}

var years = regexp.MustCompile(`\b(19|20)\d\d\b|\d{1,2}:\d\d`)

func quoteComesNext(lines []string) bool {
	for _, line := range lines {
		if !isBlank(line) {
			return isQuoted(line)
		}
	}
	return true
}
