package policy

import (
	"slices"
	"strings"
	"time"

	"hark/calendar"
)

// Answers are what a company says about its support when it begins: eight short questions, in words and from lists. Nothing
// has to be answered. [Begin] writes the policy they amount to, and everything left open becomes an assumption that stands in
// the text until somebody confirms it. An empty text always means that nobody has answered yet.
type Answers struct {
	Company string `json:"company"` // as customers know it
	Product string `json:"product"` // what is supported, "" when that goes without saying
	Address string `json:"address"` // the mail address customers write to

	Mail   string `json:"mail"`   // yes, no: whether people reach the desk by mail
	Portal string `json:"portal"` // yes, no: whether there is a form on the desk's own pages
	Phone  string `json:"phone"`  // no, yes, add-on: whether people call, or book a call as a paid extra
	Number string `json:"number"` // the telephone number when they call

	Zone     string   `json:"zone"`     // "America/New_York"
	Hours    []string `json:"hours"`    // from Monday to Sunday, "09:00-12:00, 13:00-17:00"; "" is closed; no day at all is unanswered
	Holidays string   `json:"holidays"` // a set of [calendar.Sets], or none

	Reply  string `json:"reply"`  // none, usual, promise: how strongly a first answer is meant
	Within string `json:"within"` // how soon: one of [ReplyTimes]
	First  string `json:"first"`  // when a ticket that waits for the customer is mentioned again: one of [Waits], or never
	Second string `json:"second"` // and once more
	Close  string `json:"close"`  // and when it is closed
	Reopen string `json:"reopen"` // how long a solved ticket can be opened again

	Whom     string   `json:"whom"`     // everyone, ordered, plan, version
	Days     int      `json:"days"`     // ordered: so many days after the order
	Plans    []string `json:"plans"`    // plan: those that include support
	Versions int      `json:"versions"` // version: the oldest major version that is supported

	Kinds  []AskedFor `json:"kinds"`  // what people may ask for
	Limits []Outside  `json:"limits"` // where support ends
	Asked  bool       `json:"asked"`  // somebody has looked at kinds and limits
}

// AskedFor is one kind of request.
type AskedFor struct {
	Label string `json:"label"`
	Means string `json:"means"`
}

// Outside is something that support does not do, and where else to turn.
type Outside struct {
	Says    string `json:"says"`
	Instead string `json:"instead"`
}

// ReplyTimes are the times in which a first answer can be promised, Waits those after which a quiet ticket is mentioned,
// closed or locked, shortest first.
var (
	ReplyTimes = []string{"1bh", "2bh", "4bh", "1bd", "2bd", "3bd"}
	Waits      = []string{"1d", "2d", "3d", "5d", "7d", "10d", "14d", "30d"}
)

// Never is the answer for what does not happen at all.
const Never = "never"

// The longest texts a policy is begun with.
const (
	longestName  = 80
	longestWords = 300
	mostMembers  = 12
)

// Wrong says what of these answers cannot be meant, by the field's name. What is merely open is not wrong.
func (a Answers) Wrong() map[string]string {
	wrong := map[string]string{}
	for field, says := range map[string]string{
		"address": a.addressWrong(), "number": a.numberWrong(), "zone": zoneWrong(a.Zone), "close": a.waitsWrong(), "days": a.daysWrong(),
		"plans": a.plansWrong(), "versions": a.versionsWrong(),
	} {
		if says != "" {
			wrong[field] = says
		}
	}
	unreadable := false
	for i, text := range a.Hours {
		if _, err := dayHours(text); err != nil {
			unreadable = true
			reason, _, _ := strings.Cut(err.Error(), "; write them") // the form says it with what else a day can be
			wrong["hours-"+dayKeys[i%7]] = "Write it like 09:00-17:00, with a comma between two times, or leave it empty: " + reason + "."
		}
	}
	if len(a.Hours) > 0 && !unreadable && week(a.Hours) == "" {
		wrong["hours-mon"] = "Name a day on which somebody is there: answers are counted in these hours. If you do not know yet, leave the question open."
	}
	return wrong
}

func (a Answers) addressWrong() string {
	if a.Address == "" || looksLikeAddress(a.Address) {
		return ""
	}
	return "This is not an address mail can be sent to. Write it like support@example.com."
}

func (a Answers) numberWrong() string {
	if a.Phone == "yes" && asWords(a.Number, longestName) == "" {
		return "Write the number that people call."
	}
	return ""
}

func zoneWrong(zone string) string {
	if zone == "" || knownZone(zone) {
		return ""
	}
	return "There is no such time zone. Write it like Europe/London or America/New_York."
}

func (a Answers) waitsWrong() string {
	last := -1
	for _, wait := range []string{a.First, a.Second, a.Close} {
		i := slices.Index(Waits, wait)
		if i >= 0 && i <= last {
			return "The waits come one after another: first the reminders, then the closing. Choose a longer time for the later one."
		}
		last = max(last, i)
	}
	return ""
}

func (a Answers) daysWrong() string {
	if a.Whom == "ordered" && (a.Days < 1 || a.Days > 36500) {
		return "Write how many days after the order support lasts, like 365."
	}
	return ""
}

func (a Answers) plansWrong() string {
	if a.Whom == "plan" && len(texts(a.Plans)) == 0 {
		return "Write the names of the plans that include support, with commas between them."
	}
	return ""
}

func (a Answers) versionsWrong() string {
	if a.Whom == "version" && (a.Versions < 1 || a.Versions > 100_000) {
		return "Write the oldest major version that you support, like 5."
	}
	return ""
}

// looksLikeAddress is as strict as the lint about the address of a channel, and a little stricter about its letters.
func looksLikeAddress(s string) bool {
	user, domain, ok := strings.Cut(s, "@")
	return ok && user != "" && strings.Contains(domain, ".") && !strings.ContainsAny(s, " <>(),;:\"\\{}\r\n\t") && !strings.Contains(domain, "@")
}

func knownZone(zone string) bool {
	if zone == "" || zone == "Local" || strings.ContainsAny(zone, ".\\ ") {
		return false
	}
	_, err := time.LoadLocation(zone)
	return err == nil
}

// dayKeys are the days as the document writes them, from Monday.
var dayKeys = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// dayHours reads the hours of one day as people type them. An empty text is a day off.
func dayHours(text string) (hours []string, err error) {
	parsed, err := calendar.TypedHours(text)
	for _, one := range parsed {
		hours = append(hours, one.String())
	}
	return hours, err
}

// asWords is what somebody typed as words of a policy: as a name, without what would be read as a placeholder.
func asWords(text string, longest int) string {
	for strings.Contains(text, "{{") || strings.Contains(text, "}}") {
		text = strings.NewReplacer("{{", "{", "}}", "}").Replace(text)
	}
	return asName(text, longest)
}

// asName is what somebody typed as a name: one line of what can be printed, and not endless.
func asName(text string, longest int) string {
	text = strings.Map(printable, strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " "))
	if letters := []rune(text); len(letters) > longest {
		text = strings.TrimSpace(string(letters[:longest-1])) + "…"
	}
	return text
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfeff || r == 0xfffe || r == 0xffff {
		return -1
	}
	return r
}

// texts are the members of a list that say something, each once.
func texts(list []string) (said []string) {
	for _, one := range list {
		if one = asWords(one, longestName); one != "" && !slices.Contains(said, one) && len(said) < mostMembers {
			said = append(said, one)
		}
	}
	return said
}

// asSentence begins with a capital and ends with a stop.
func asSentence(text string) string {
	if text == "" || strings.ContainsRune(".!?…", []rune(text)[len([]rune(text))-1]) {
		return upperFirst(text)
	}
	return upperFirst(text) + "."
}
