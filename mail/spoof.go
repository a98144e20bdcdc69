package mail

import (
	"html"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// spoofs says what about the names in a mail could mislead a reader (threat C15). None of it is proof; all of it is shown
// beside the address.
func (m *Message) spoofs() (warnings []string) {
	if m.From == nil {
		return nil
	}
	raw := first(m.fields, "From")
	warnings = append(warnings, nameSpoofs(*m.From, decodeWords(raw))...)
	if why := lookalike(Domain(m.From.Email)); why != "" {
		warnings = append(warnings, why)
	}
	if m.Sender != nil && !Same(m.Sender.Email, m.From.Email) {
		warnings = append(warnings, "the mail was sent by "+m.Sender.Email+" in the name of "+m.From.Email)
	}
	return warnings
}

func nameSpoofs(a Address, raw string) (warnings []string) {
	if other := addressIn(a.Name); other != "" && !Same(other, a.Email) {
		warnings = append(warnings, "the name of the sender shows the address "+other+", the mail is from "+a.Email)
	}
	if mixed := mixedWord(a.Name); mixed != "" {
		warnings = append(warnings, "the name of the sender mixes scripts in "+quote(mixed))
	}
	if strings.ContainsFunc(raw, isInvisible) {
		warnings = append(warnings, "the name of the sender holds invisible characters")
	}
	return warnings
}

// addressIn finds an address inside a display name. Full-width and small forms of @ count.
func addressIn(name string) string {
	name = strings.NewReplacer("＠", "@", "﹫", "@").Replace(name)
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>()[]\",;:", r) }) {
		if email, err := NewAddress(strings.Trim(word, ".'")); err == nil {
			return email
		}
	}
	return ""
}

// mixedWord returns a word whose letters come from scripts that look alike.
func mixedWord(s string) string {
	for word := range strings.FieldsSeq(s) {
		if scripts(word) > 1 {
			return word
		}
	}
	return ""
}

// scripts counts how many of the scripts with letters of the same shapes a word uses.
func scripts(word string) (n int) {
	for _, script := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee} {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(script, r) }) {
			n++
		}
	}
	return n
}

// lookalike says why a domain may be taken for another one, "" when nothing speaks for that.
func lookalike(domain string) string {
	if !strings.Contains(domain, "xn--") {
		return ""
	}
	shown, err := idna.ToUnicode(domain)
	if err != nil {
		return "the domain " + domain + " cannot be read"
	}
	for label := range strings.SplitSeq(shown, ".") {
		switch {
		case scripts(label) > 1:
			return "the domain " + domain + " mixes scripts: it looks like " + shown
		case !isASCII(label) && isASCII(skeleton(label)):
			return "the domain " + domain + " looks like " + skeleton(shown)
		}
	}
	return ""
}

// skeleton replaces letters by the Latin ones that they look like.
func skeleton(s string) string { return lookalikes.Replace(s) }

var lookalikes = strings.NewReplacer(
	"а", "a", "в", "b", "с", "c", "ԁ", "d", "е", "e", "ё", "e", "һ", "h", "і", "i", "ї", "i", "ј", "j", "к", "k", "ӏ", "l", "м", "m", "н", "h",
	"о", "o", "р", "p", "ԛ", "q", "г", "r", "ѕ", "s", "т", "t", "у", "y", "ү", "v", "ѵ", "v", "ԝ", "w", "х", "x", "з", "3", "ь", "b",
	"α", "a", "ε", "e", "ι", "i", "κ", "k", "ν", "v", "ο", "o", "ρ", "p", "τ", "t", "υ", "u", "χ", "x", "γ", "y", "η", "n",
	"ı", "i", "ɡ", "g", "ɑ", "a", "ʏ", "y", "ո", "n", "օ", "o", "ս", "u", "հ", "h",
)

// bodiesDiffer compares what the two versions of a mail say, word by word. Links, and a few words that only one of them needs
// ("view in browser"), do not count.
func bodiesDiffer(plain, shown string) bool {
	a, b := words(plain), words(shown)
	return differs(a, b) || differs(b, a)
}

// differs reports whether too much of a is missing in b: at least five words, and more than a quarter.
func differs(a, b map[string]bool) bool {
	missing := 0
	for word := range a {
		if !b[word] {
			missing++
		}
	}
	return missing >= 5 && missing*4 > len(a)
}

// words returns the words of the first part of a text, without addresses of pages and mail.
func words(s string) map[string]bool {
	set := make(map[string]bool, 64)
	for token := range strings.FieldsSeq(s[:min(len(s), 64<<10)]) {
		if strings.Contains(token, "://") || strings.Contains(token, "@") || strings.Contains(token, "cid:") {
			continue
		}
		for word := range strings.FieldsFuncSeq(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			set[strings.ToLower(word)] = true
		}
	}
	return set
}

// textAsHTML shows plain text among HTML.
func textAsHTML(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(strings.TrimSpace(text)), "\n", "<br/>") + "</p>"
}
