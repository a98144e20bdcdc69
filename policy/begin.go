package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"hark/calendar"
)

// The first policy of a company is the same text for everybody, with places for what they answered. The places are marked
// with << >>, because {{ }} are the policy's own.
//
//go:embed begin.yaml.tmpl
var beginning string

var firstText = template.Must(template.New("begin").Delims("<<", ">>").Funcs(template.FuncMap{"q": quote, "join": quotedList}).Parse(beginning))

// Begin writes the policy that answers amount to, as a person would write it by hand: in the canonical form, with comments for
// whoever opens the text later. Whatever is missing or cannot be meant is filled with what most companies do, and listed as an
// assumption. The text always parses, has no error and prints a page; today is its version and the day it holds from.
func Begin(a Answers, today calendar.Date) []byte {
	var text strings.Builder
	if err := firstText.Execute(&text, placesOf(a, today)); err != nil {
		panic("policy: the first text cannot be filled: " + err.Error()) // a mistake in the text above, which every test meets
	}
	tidy, err := Format([]byte(text.String()))
	if err != nil {
		return []byte(text.String())
	}
	return tidy
}

// first is what the places of the first text hold.
type first struct {
	Name, Title, Company, Product, Date, Effective, Zone string
	Open                                                 []Assumption
	Week, Holidays                                       string
	Address, Number                                      string
	Portal, Calls                                        bool
	Kinds                                                []firstKind
	Reply, Within                                        string
	First, Second, Close, Reopen                         string
	Pending, PendingBinds                                string
	Limits                                               []firstLimit
	LimitNames                                           []string
	levelTable
}

type firstKind struct{ ID, Label, Means string }

type firstLimit struct{ ID, Name, Says, Instead string }

// levelTable is who has support, when not everybody has.
type levelTable struct {
	Limited                              bool
	Fact, FactType, FactSays, LevelAbout string
	RowYes, WhenYes, BecauseYes          string
	RowNo, WhenNo, BecauseNo             string
	TableNo, BecauseUnknown              string
	Needs, NoSupport                     string
}

func placesOf(a Answers, today calendar.Date) *first {
	f := &first{Date: today.String(), Effective: today.String() + "T00:00"}
	for _, write := range []func(*first, Answers){
		(*first).name, (*first).ways, (*first).hours, (*first).reply, (*first).waits, (*first).whom, (*first).asked,
	} {
		write(f, a)
	}
	return f
}

// assume lists what nobody has said, and what holds until somebody does.
func (f *first) assume(about, says string) { f.Open = append(f.Open, Assumption{about, says}) }

func (f *first) name(a Answers) {
	f.Company, f.Product = asName(a.Company, longestName), asName(a.Product, longestName)
	if f.Company == "" {
		f.Company = "Our company"
		f.assume("company", "Nobody has said whose support this is. Our company stands in its place.")
	}
	f.Name = orID(f.Company, "our") + "-support"
	f.Title = "Support at " + f.Company
	if f.Product != "" {
		f.Title = "Support for " + f.Product
	}
}

// ways are the ways to reach the company. There is always one: the form, when nothing else is.
func (f *first) ways(a Answers) {
	if address := strings.TrimSpace(a.Address); a.Mail != "no" && looksLikeAddress(address) && len(address) <= longestWords {
		f.Address = address
	}
	if number := asWords(a.Number, longestName); a.Phone == "yes" {
		f.Number = number
	}
	f.Calls = a.Phone == "add-on"
	f.Portal = a.Portal != "no" || f.Address == "" && f.Number == ""
	if a.Mail == "" {
		f.assume("channels", "It is not decided whether people reach us by mail. "+map[bool]string{true: "The address is on the page.", false: "No address is on the page."}[f.Address != ""])
	}
	if a.Mail == "yes" && f.Address == "" {
		f.assume("channels", "People are to reach us by mail, and there is no address yet. No address is on the page.")
	}
	if a.Portal == "" {
		f.assume("channels.portal", "It is not decided whether there is a form on our pages. There is one.")
	}
	if a.Phone == "" || a.Phone == "yes" && f.Number == "" {
		f.assume("channels", "It is not decided whether people can call. They cannot.")
	}
}

var usualWeek = []string{"09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00"}

func (f *first) hours(a Answers) {
	f.Zone, f.Week = a.Zone, week(a.Hours)
	if !knownZone(a.Zone) {
		f.Zone = "UTC"
		f.assume("zone", "Nobody has said in which time zone the hours are meant. UTC is used.")
	}
	if f.Week == "" {
		f.Week = week(usualWeek)
		f.assume("calendars.office.week", "Nobody has said when people are there. Monday to Friday from 09:00 to 17:00 is used.")
	}
	if f.Holidays = a.Holidays; !slices.Contains(calendar.Sets(), a.Holidays) {
		f.Holidays = ""
	}
	if f.Holidays == "" && a.Holidays != "none" {
		f.assume("calendars.office", "Nobody has said which public holidays are kept. None are.")
	}
}

// week writes seven days as the document has them, equal days that follow each other together. It is "" when no day opens.
func week(days []string) string {
	var parts []string
	for i := 0; i < len(days) && i < 7; {
		from, hours := i, dayText(days[i])
		for i++; i < len(days) && i < 7 && dayText(days[i]) == hours; i++ {
		}
		if hours != "" {
			parts = append(parts, daySpan(from, i-1)+": "+hours)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func daySpan(from, to int) string {
	if from == to {
		return dayKeys[from]
	}
	return dayKeys[from] + "-" + dayKeys[to]
}

// dayText is a day's hours as the document has them, "" for a day off and for what are no hours.
func dayText(text string) string {
	hours, err := dayHours(text)
	switch {
	case err != nil || len(hours) == 0:
		return ""
	case len(hours) == 1:
		return quote(hours[0])
	}
	return "[" + quotedList(hours) + "]"
}

func quotedList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quote(text)
	}
	return strings.Join(quoted, ", ")
}

func (f *first) reply(a Answers) {
	f.Within = a.Within
	switch a.Reply {
	case "promise", "usual":
		f.Reply = a.Reply
	case "none":
		return
	default:
		f.Reply = "usual"
		f.assume("targets.answer", "Nobody has said how soon a first answer comes. It is told as usual, not as a promise.")
	}
	if !slices.Contains(ReplyTimes, a.Within) {
		f.Within = "1bd"
		f.assume("targets.answer.within", "Nobody has said how long a first answer takes. One business day is used.")
	}
}

// waits are what happens to a ticket that waits for its customer. A wait that is not longer than the one before it is left out.
func (f *first) waits(a Answers) {
	if a.First == "" && a.Second == "" && a.Close == "" {
		a.First, a.Second, a.Close = "3d", "7d", "14d"
		f.assume("lifecycle.timers", "Nobody has said what happens when a customer does not answer. Two reminders are sent, and then the ticket is closed.")
	}
	if !slices.Contains(Waits, a.Reopen) {
		a.Reopen = "7d"
		f.assume("lifecycle.timers.lock-solved", "Nobody has said how long a solved ticket can be opened again. Seven days are used.")
	}
	last := -1
	for _, wait := range []struct {
		answer string
		into   *string
	}{{a.First, &f.First}, {a.Second, &f.Second}, {a.Close, &f.Close}} {
		if i := slices.Index(Waits, wait.answer); i > last {
			*wait.into, last = wait.answer, i
		}
	}
	f.Reopen = a.Reopen
	f.pending()
}

// pending is the sentence about a ticket that waits, made of those rules that there are.
func (f *first) pending() {
	var remind, binds []string
	for _, t := range []struct{ id, after string }{{"reminder", f.First}, {"last-reminder", f.Second}} {
		if t.after != "" {
			remind = append(remind, fmt.Sprintf("after {{lifecycle.timers.%s.after}}", t.id))
			binds = append(binds, "lifecycle.timers."+t.id)
		}
	}
	f.Pending = "While it waits for you, nothing happens by itself: take the time you need."
	switch {
	case len(remind) > 0 && f.Close != "":
		f.Pending = "If it waits for you and we hear nothing, we remind you " + strings.Join(remind, " and again ") + ". After {{lifecycle.timers.no-answer.after}} without an answer it is closed, and we tell you so."
	case len(remind) > 0:
		f.Pending = "If it waits for you and we hear nothing, we remind you " + strings.Join(remind, " and again ") + ". It stays open."
	case f.Close != "":
		f.Pending = "If it waits for you and we hear nothing for {{lifecycle.timers.no-answer.after}}, it is closed, and we tell you so."
	}
	if f.Close != "" {
		binds = append(binds, "lifecycle.timers.no-answer")
	}
	f.PendingBinds = strings.Join(binds, ", ")
	if f.PendingBinds == "" {
		f.PendingBinds = "lifecycle.states.pending"
	}
}

// whom says who has support: everybody, or by a fact that stands on the customer's record.
func (f *first) whom(a Answers) {
	switch plans := texts(a.Plans); {
	case a.Whom == "ordered" && a.daysWrong() == "":
		f.levelTable = levelTable{
			Fact: "licence.order_age_days", FactType: "int", FactSays: "the number of days since the order", LevelAbout: "customer",
			RowYes: "recent", WhenYes: fmt.Sprintf("{licence.order_age_days: {lte: %d}}", a.Days), BecauseYes: fmt.Sprintf("Ordered within the last %s", dayCount(a.Days)),
			RowNo: "earlier", WhenNo: fmt.Sprintf("{licence.order_age_days: {gt: %d}}", a.Days), BecauseNo: "Ordered earlier", BecauseUnknown: "We do not find the order",
			Needs: "an order within the last " + dayCount(a.Days), NoSupport: "the order we found for you was made earlier",
		}
	case a.Whom == "plan" && len(plans) > 0:
		f.levelTable = levelTable{
			Fact: "customer.plan", FactType: "text", FactSays: "the plan", LevelAbout: "customer",
			RowYes: "with-plan", WhenYes: "{customer.plan: [" + quotedList(plans) + "]}", BecauseYes: "Support is part of " + either(plans),
			RowNo: "other-plan", WhenNo: "{customer.plan: {exists: true}, not: {customer.plan: [" + quotedList(plans) + "]}}", BecauseNo: "Support is not part of any other plan", BecauseUnknown: "We do not find the plan",
			TableNo: "{customer.plan: {exists: true}}", Needs: "the plan " + either(plans), NoSupport: "it is not part of the plan we found for you",
		}
	case a.Whom == "version" && a.versionsWrong() == "":
		f.levelTable = levelTable{
			Fact: "licence.version_major", FactType: "int", FactSays: "the major version", LevelAbout: "customer",
			RowYes: "current", WhenYes: fmt.Sprintf("{licence.version_major: {gte: %d}}", a.Versions), BecauseYes: fmt.Sprintf("Version %d or newer", a.Versions),
			RowNo: "old", WhenNo: fmt.Sprintf("{licence.version_major: {lt: %d}}", a.Versions), BecauseNo: "An older version", BecauseUnknown: "We do not know the version",
			Needs: fmt.Sprintf("version %d or newer", a.Versions), NoSupport: "the version we found for you is older",
		}
	default:
		if a.Whom != "everyone" {
			f.assume("kinds", "Nobody has said who has support. Everybody has.")
		}
		return
	}
	f.Limited, f.TableNo = true, or(f.TableNo, f.WhenNo)
	f.NoSupport = "Your message is here. Support needs " + f.Needs + ". As far as we can see, " + f.NoSupport + ". If we are wrong, answer this mail and say so; somebody reads it. See how it stands, without a password: {{ticket.link}}"
}

func dayCount(days int) string {
	if days == 1 {
		return "day"
	}
	return fmt.Sprintf("%d days", days)
}

var usualKinds = []AskedFor{
	{"Question", "Something you would like to know."}, {"Problem", "Something that does not work as it should."}, {"Wish", "Something that could be better."},
}

// asked is what people may ask for, and what support does not do.
func (f *first) asked(a Answers) {
	ids := map[string]bool{}
	for _, k := range a.Kinds {
		if label := asWords(k.Label, longestName); label != "" && len(f.Kinds) < mostMembers {
			f.Kinds = append(f.Kinds, firstKind{unused(ids, orID(label, "kind")), upperFirst(label), asSentence(asWords(k.Means, longestWords))})
		}
	}
	if len(f.Kinds) == 0 {
		for _, k := range usualKinds {
			f.Kinds = append(f.Kinds, firstKind{orID(k.Label, "kind"), k.Label, k.Means})
		}
		f.assume("kinds", "Nobody has said what people may ask for. Questions, problems and wishes are used.")
	}
	for _, l := range a.Limits {
		if says := asWords(l.Says, longestWords); says != "" && len(f.Limits) < mostMembers {
			id, name := fmt.Sprintf("limit-%d", len(f.Limits)+1), unused(ids, shortName(says))
			f.Limits = append(f.Limits, firstLimit{id, name, asSentence(says), asSentence(asWords(l.Instead, longestWords))})
			f.LimitNames = append(f.LimitNames, name)
		}
	}
	if !a.Asked && len(f.Limits) == 0 {
		f.assume("kinds", "Nobody has said where support ends. No limit is named.")
	}
}

// shortName is as much of a sentence as agents need to choose it from a list.
func shortName(says string) string {
	words := strings.Fields(says)
	return strings.TrimRight(strings.Join(words[:min(8, len(words))], " "), ".,;:!?")
}

// orID is a name in small letters and hyphens, as ids are written; without a letter of that kind it is otherwise.
func orID(name, otherwise string) string {
	id := strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
	if len(id) > 40 {
		id = strings.TrimRight(id[:40], "-")
	}
	if !idPattern.MatchString(id) || yamlWords[id] {
		return strings.TrimRight(otherwise+"-"+id, "-")
	}
	return id
}

// unused makes an id that is not taken yet, and takes it.
func unused(taken map[string]bool, id string) string {
	free := id
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	taken[free] = true
	return free
}
