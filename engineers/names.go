package engineers

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hark/issue"
)

// Names are those who have reported a known problem, as far as its text names them: ten thousand reporters are looked for in it, and the
// few who stand there are kept. Nil names nobody; what is known by its shape, a mail address or a telephone number, is taken out all the same.
type Names struct {
	said   map[string]bool // every word of the text, in small letters
	people map[string]bool // words of people's names that stand in it, in small letters
	houses map[string]bool // names of organisations whose words all stand in it
}

// NamesIn begins to look for names in what the engineers would read of a known problem.
func NamesIn(i issue.Issue) *Names {
	n := &Names{said: map[string]bool{}, people: map[string]bool{}, houses: map[string]bool{}}
	for _, word := range wordsOf(i.Title + "\n" + i.Happens + "\n" + i.Workaround) {
		n.said[strings.ToLower(word)] = true
	}
	return n
}

// Add looks for a person, their organisation and a domain of it; "" for what there is not.
func (n *Names) Add(person, organisation, domain string) {
	for _, word := range wordsOf(person) {
		if small := strings.ToLower(word); n.said[small] && isName(word, person) {
			n.people[small] = true
		}
	}
	label, _, _ := strings.Cut(domain, ".")
	for _, house := range []string{strings.Join(withoutForm(wordsOf(organisation)), " "), label} {
		if n.standsThere(house) {
			n.houses[strings.ToLower(house)] = true
		}
	}
}

// shortestName is how many letters a name has at least to be taken out: two stand for too many other things.
const shortestName = 3

// isName tells the words that name somebody from those between them, as in "Anna van den Berg"; where nothing is written large, all do.
func isName(word, whole string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return utf8.RuneCountInString(word) >= shortestName && (!unicode.IsLower(first) || whole == strings.ToLower(whole))
}

// forms say of which kind a company is, and nobody writes them.
var forms = []string{"ag", "bv", "co", "corp", "corporation", "ev", "foundation", "gmbh", "inc", "kg", "limited", "llc", "ltd", "nv", "plc", "sa", "sarl", "sas", "srl", "ug"}

func withoutForm(words []string) []string {
	for len(words) > 1 && slices.Contains(forms, strings.ToLower(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	return words
}

func (n *Names) standsThere(house string) bool {
	for _, word := range wordsOf(house) {
		if !n.said[strings.ToLower(word)] {
			return false
		}
	}
	return utf8.RuneCountInString(house) >= shortestName
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) })
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

var (
	mailAddress = regexp.MustCompile(`[^\s<>()\[\]"',;:]+@[^\s<>()\[\]"',;:]+\.[^\s<>()\[\]"',;:.]+`)
	// A telephone number is written with its country, with the 0 before its area, or as in North America. The last is no amount and no day.
	phoneNumber = regexp.MustCompile(`(?:\+|\b00)[1-9][\d ()./-]{5,}\d|\(?\b0[1-9][\d ()/-]{5,}\d\b|\(?\b[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{4}\b`)
	day         = regexp.MustCompile(`^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}`)
)

// shortestPhone is how many digits a telephone number has at least.
const shortestPhone = 8

// anonymous takes out what says who a customer is, as far as it can be told: mail addresses, telephone numbers, and the names of people and
// organisations who reported it. Words are taken whole. Whoever sends it reads it before.
func (n *Names) anonymous(text string) string {
	text = mailAddress.ReplaceAllString(text, "(a mail address)")
	text = phoneNumber.ReplaceAllStringFunc(text, func(found string) string {
		if day.MatchString(found) || countDigits(found) < shortestPhone {
			return found
		}
		return "(a telephone number)"
	})
	if n == nil {
		return text
	}
	for _, house := range slices.SortedFunc(maps.Keys(n.houses), func(a, b string) int { return len(b) - len(a) }) {
		text = withoutHouse(text, house)
	}
	return n.withoutPeople(text)
}

func countDigits(text string) (n int) {
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// withoutHouse takes out an organisation, however its words are parted.
func withoutHouse(text, house string) string {
	var words []string
	for _, word := range wordsOf(house) {
		words = append(words, regexp.QuoteMeta(word))
	}
	var b strings.Builder
	done := 0
	for _, at := range regexp.MustCompile(`(?i)`+strings.Join(words, `[^\pL\pN\n]+`)).FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		if !inWord(before) && !inWord(after) {
			b.WriteString(text[done:at[0]] + "(an organisation)")
			done = at[1]
		}
	}
	return b.String() + text[done:]
}

// withoutPeople takes out people: words of their names that are written large, and in any letters where two of them stand together. "Will"
// and "Mark" are names, "will" and "mark" are none.
func (n *Names) withoutPeople(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		skipped := strings.IndexFunc(text, inWord)
		if skipped < 0 {
			break
		}
		b.WriteString(text[:skipped])
		text = text[skipped:]
		length, words := n.named(text)
		if first, _ := utf8.DecodeRuneInString(text); words > 1 || words == 1 && !unicode.IsLower(first) {
			b.WriteString("(a customer)")
		} else {
			length = wordLength(text)
			b.WriteString(text[:length])
		}
		text = text[length:]
	}
	return b.String() + text
}

// named is how far a text goes on with words of names, parted by a blank or a hyphen, and how many they are.
func (n *Names) named(text string) (length, words int) {
	for at := 0; ; at++ {
		end := at + wordLength(text[at:])
		if end == at || !n.people[strings.ToLower(text[at:end])] {
			return length, words
		}
		length, words = end, words+1
		if at = end; at == len(text) || text[at] != ' ' && text[at] != '-' {
			return length, words
		}
	}
}

func wordLength(text string) int {
	if end := strings.IndexFunc(text, func(r rune) bool { return !inWord(r) }); end >= 0 {
		return end
	}
	return len(text)
}
