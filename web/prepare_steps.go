package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// The eight questions: how each is asked, and what its form means.

func (h *house) today(v *visit.Visit) calendar.Date {
	return calendar.DateOf(h.desk.Now(), v.Zone(time.UTC))
}

// choices are answers of a list; the first that equals chosen is chosen.
func choices(chosen string, pairs ...[2]string) []shared.Option {
	var all []shared.Option
	for _, p := range pairs {
		label, hint, _ := strings.Cut(p[1], "|")
		all = append(all, shared.Option{Value: p[0], Label: label, Hint: hint, Chosen: p[0] == chosen})
	}
	return all
}

func askName(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	company := cmp.Or(p.Answers.Company, h.brandName(v))
	return begin.Name{
		Company: shared.Field{Name: "company", Label: "Company", Value: company, Focus: len(wrong) == 0, Autocomplete: "organization", MaxLength: "80"},
		Product: shared.Field{Name: "product", Label: "What you support", Hint: "Your product or service by its name, when it is not the company's own.", Value: p.Answers.Product, Optional: true, MaxLength: "80"},
		Address: shared.Field{Name: "address", Label: "Mail address for customers", Hint: "They write to it, and answers come from it. Like support@example.com.", Type: "email", Value: p.Answers.Address, Optional: true, Dir: "ltr", Error: wrong["address"]},
	}.View(), nil
}

// head are the fields that every step's form has.
type head struct{ do, like, replace string }

func (in head) taken(change func(*policy.Answers), fields ...string) taken {
	return taken{change: change, fields: fields, do: cmp.Or(in.do, "next"), like: in.like, replace: in.replace}
}

func takeName(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Company string `form:"company"`
		Product string `form:"product"`
		Address string `form:"address"`
		Do      string `form:"do"`
		Replace string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Company, a.Product, a.Address = strings.TrimSpace(in.Company), strings.TrimSpace(in.Product), strings.TrimSpace(in.Address)
	}, "address")
	out.more = func() (string, error) { return "", h.desk.NameFirstBrand(v.Context(), v.Actor, in.Company) }
	return out, nil
}

func askWays(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	a := p.Answers
	box, _, err := h.preparedMailbox(v, a.Address)
	if err != nil {
		return nil, err
	}
	mail := a.Mail
	if mail == "" && a.Address != "" {
		mail = "yes"
	}
	mailHint := "Their mail becomes tickets. The mailbox is tried when you go on."
	if a.Address == "" {
		mailHint = "Write the address in step 1 first."
	}
	w := begin.Ways{
		Address: a.Address,
		Mail:    shared.Choice{Name: "mail", Legend: "By mail", Options: choices(mail, [2]string{"yes", "Yes, to " + cmp.Or(a.Address, "an address of ours") + "|" + mailHint}, [2]string{"no", "No"})},
		Portal:  shared.Choice{Name: "portal", Legend: "By a form on your own pages", Options: choices(cmp.Or(a.Portal, "yes"), [2]string{"yes", "Yes|A page with a form; a link in the mail shows how a request stands."}, [2]string{"no", "No"})},
		Phone: shared.Choice{Name: "phone", Legend: "By telephone", Options: choices(cmp.Or(a.Phone, "no"), [2]string{"no", "No"}, [2]string{"yes", "Yes, people call us"},
			[2]string{"add-on", "As a paid extra|A call is booked through a ticket, by customers who have added phone support."})},
		Number: shared.Field{Name: "number", Label: "Telephone number", Hint: "When people call you.", Type: "tel", Value: a.Number, Optional: true, Dir: "ltr", Error: wrong["number"]},
		Fetch: []shared.Field{
			{Name: "imap", Label: "IMAP server", Hint: "Like imaps://user@mail.example", Value: typed(v, "imap", 0, box.IMAP), Optional: true, Dir: "ltr", Code: true, Error: wrong["mail"]},
			{Name: "imap_password", Label: "Password", Type: "password", Optional: true, Dir: "ltr", Autocomplete: "off", Hint: keptPassword(box.IMAP)},
		},
		Send: []shared.Field{
			{Name: "smtp", Label: "SMTP server", Hint: "Like smtp://user@mail.example:587", Value: typed(v, "smtp", 0, box.SMTPOut), Optional: true, Dir: "ltr", Code: true},
			{Name: "smtp_password", Label: "Password", Type: "password", Optional: true, Dir: "ltr", Autocomplete: "off", Hint: keptPassword(box.SMTPOut)},
		},
		Again: len(p.Mail) > 0 && !allGood(p.Mail),
	}
	for _, t := range p.Mail {
		w.Tried = append(w.Tried, triedSays(t))
	}
	return w.View(), nil
}

func keptPassword(server string) string {
	if server == "" {
		return ""
	}
	return "One is stored. Leave this empty to keep it."
}

// usualCauses are the three things that are wrong most often, by what was tried.
var usualCauses = map[string][]string{
	"imap": {
		"The password. Many providers want an app password, made in your account's security settings, and not the one you sign in with.",
		"IMAP is switched off for the account. Switch it on in the provider's settings.",
		"The server's name or port. Most providers write it as imaps://, on port 993.",
	},
	"smtp": {
		"The password. Many providers want an app password, made in your account's security settings.",
		"The port. Write smtp:// with :587, or smtps:// with :465.",
		"The account may not send as this address. Add it there as a sender.",
	},
	"listener": {
		"The desk's mail listener is switched off, or listens elsewhere. Look at --smtp where the desk is started.",
		"The address is written differently there. It has to be exactly the one of step 1.",
		"The mail of your domain goes elsewhere. Let its MX record name this machine, or fetch the mail by IMAP.",
	},
	"direct": {
		"The machine may not reach other mail servers: many providers close port 25. Send through a server of your own.",
		"Your own domain's mail server does not answer. Try again in a minute.",
		"The names of mail servers cannot be looked up from here. Look at the machine's DNS.",
	},
}

func triedSays(t desk.TriedWay) begin.Tried {
	way := map[string]string{"in": "Receiving", "out": "Sending"}[t.Way]
	if t.Good {
		return begin.Tried{Title: way + " works", Good: true, Says: t.Says}
	}
	return begin.Tried{Title: way + " does not work yet", Says: t.Says, Causes: usualCauses[t.Where]}
}

// preparedMailbox is the mailbox of an address, if there is one.
func (h *house) preparedMailbox(v *visit.Visit, address string) (box account.Mailbox, known bool, err error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return box, false, err
	}
	i := slices.IndexFunc(house.Mailboxes, func(m account.Mailbox) bool { return m.Address == account.FoldAddress(address) })
	if i < 0 {
		return box, false, nil
	}
	return house.Mailboxes[i], true, nil
}

func takeWays(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Mail    string `form:"mail"`
		Portal  string `form:"portal"`
		Phone   string `form:"phone"`
		Number  string `form:"number"`
		IMAP    string `form:"imap"`
		IMAPKey string `form:"imap_password"`
		SMTP    string `form:"smtp"`
		SMTPKey string `form:"smtp_password"`
		Do      string `form:"do"`
		Replace string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Mail, a.Portal, a.Phone, a.Number = in.Mail, in.Portal, in.Phone, strings.TrimSpace(in.Number)
	}, "mail", "number")
	out.more = func() (string, error) {
		if in.Mail != "yes" {
			return "", h.desk.NoteMail(v.Context(), v.Actor, nil)
		}
		return h.connectMail(v, desk.NewMailbox{IMAP: withPassword(in.IMAP, in.IMAPKey), SMTPOut: withPassword(in.SMTP, in.SMTPKey)})
	}
	return out, nil
}

// connectMail makes the mailbox of the first step, or changes it, and tries it. One that does not work is shown with what its
// server said, on the same page.
func (h *house) connectMail(v *visit.Visit, in desk.NewMailbox) (stay string, err error) {
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil || p.Answers.Address == "" {
		return "", err
	}
	in.Address = p.Answers.Address
	box, known, err := h.preparedMailbox(v, in.Address)
	if err != nil {
		return "", err
	}
	if known {
		in.Brand, in.Group = box.Brand, box.Group
		err = h.desk.ChangeMailbox(v.Context(), v.Actor, box.ID, in)
	} else {
		_, err = h.desk.AddMailbox(v.Context(), v.Actor, in)
	}
	if err != nil || h.options.Try == nil {
		return "", err
	}
	tried := h.options.Try(v.Context(), account.FoldAddress(in.Address), v.Person.Email)
	if err := h.desk.NoteMail(v.Context(), v.Actor, tried); err != nil {
		return "", err
	}
	if !allGood(tried) {
		return begin.Address(2), nil
	}
	return "", nil
}

// dayNames are the days of a week as people call them.
var dayNames = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

var dayFields = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// holidaySays are the built-in sets as people call them.
var holidaySays = map[string]string{"us-federal": "United States, federal", "gb-eng": "England and Wales", "au-nsw": "Australia, New South Wales"}

func askHours(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	a := p.Answers
	zone := v.Zone(time.UTC)
	guess := a.Zone == ""
	a.Zone = cmp.Or(a.Zone, zone.String())
	if len(a.Hours) == 0 {
		a.Hours = []string{"09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00"}
	}
	out := begin.Hours{
		Guess:    guess,
		Zone:     shared.Field{Name: "zone", Label: "Time zone", Hint: "Where your hours are meant, like Europe/London or America/New_York.", Value: a.Zone, Options: zones, Dir: "ltr", Error: wrong["zone"]},
		Holidays: shared.Choice{Name: "holidays", Legend: "Public holidays", Hint: "On these days nobody is there."},
	}
	for i, name := range dayNames {
		hours := ""
		if i < len(a.Hours) {
			hours = a.Hours[i]
		}
		out.Days = append(out.Days, shared.Field{Name: "hours", ID: "hours-" + dayFields[i], Label: name, Value: hours, Optional: true, Dir: "ltr", Error: wrong["hours-"+dayFields[i]]})
	}
	sets := [][2]string{{"none", "None|Open on every day of the week above."}}
	for _, set := range calendar.Sets() {
		sets = append(sets, [2]string{set, cmp.Or(holidaySays[set], set) + "|" + nextDaysOff(set, calendar.DateOf(h.desk.Now(), zone))})
	}
	out.Holidays.Options = choices(cmp.Or(a.Holidays, holidaysIn(a.Zone)), sets...)
	return out.View(), nil
}

// holidaysOf are the zones in which a built-in set is kept. Most zones of the Americas are in other countries, and keep other days.
var holidaysOf = map[string][]string{
	"us-federal": {
		"America/New_York", "America/Detroit", "America/Kentucky/", "America/Indiana/", "America/Chicago", "America/Menominee", "America/North_Dakota/", "America/Denver",
		"America/Boise", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Juneau", "America/Sitka", "America/Metlakatla", "America/Yakutat",
		"America/Nome", "America/Adak", "Pacific/Honolulu", "US/",
	},
	"gb-eng": {"Europe/London"},
	"au-nsw": {"Australia/Sydney"},
}

// holidaysIn is the set that is kept where a zone is, "none" where no built-in set is.
func holidaysIn(zone string) string {
	for set, zones := range holidaysOf {
		if slices.ContainsFunc(zones, func(in string) bool { return zone == in || strings.HasSuffix(in, "/") && strings.HasPrefix(zone, in) }) {
			return set
		}
	}
	return "none"
}

// nextDaysOff names the next three holidays of a set.
func nextDaysOff(set string, from calendar.Date) string {
	var days []string
	for i := 0; i < 366 && len(days) < 3; i++ {
		day := from.Plus(i)
		if name, off := calendar.HolidayOn(set, day); off {
			days = append(days, fmt.Sprintf("%s %d %s, %s", day.Weekday().String()[:3], day.D, day.M.String()[:3], name))
		}
	}
	return "Next: " + strings.Join(days, "; ") + "."
}

func takeHours(_ *house, v *visit.Visit) (taken, error) {
	var in struct {
		Zone     string   `form:"zone"`
		Hours    []string `form:"hours"`
		Holidays string   `form:"holidays"`
		Do       string   `form:"do"`
		Replace  string   `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	return head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Zone, a.Hours, a.Holidays = strings.TrimSpace(in.Zone), in.Hours[:min(len(in.Hours), 7)], in.Holidays
	}, "zone", "hours"), nil
}

// starts are the five ways of supporting customers that come with the desk, as far as this question goes.
var starts = []struct {
	begin.Start
	reply, within, first, second, close, reopen string
}{
	{begin.Start{Value: "quiet", Title: "Reminded twice, then closed.", Says: "A usual time, two reminders, and a ticket that nobody answers is closed after a week."}, "usual", "1bd", "1d", "5d", "7d", "1d"},
	{begin.Start{Value: "phases", Title: "Step by step.", Says: "A usual time that is generous, no reminders: customers see where their request stands."}, "usual", "3bd", policy.Never, policy.Never, policy.Never, "14d"},
	{begin.Start{Value: "levels", Title: "A business day for everybody.", Says: "A usual time of one business day; quiet tickets stay open."}, "usual", "1bd", policy.Never, policy.Never, policy.Never, "5d"},
	{begin.Start{Value: "calls", Title: "No clock and no hurry.", Says: "No time is named; one reminder, and a solved ticket can be opened again for three days."}, "none", "", "3d", policy.Never, policy.Never, "3d"},
	{begin.Start{Value: "first-line", Title: "A promise, kept by the clock.", Says: "A first answer within four business hours, and one reminder before closing."}, "promise", "4bh", "3d", policy.Never, "14d", "14d"},
}

// likeOthers answers the fourth question as one of the starts does.
func likeOthers(a *policy.Answers, like string) {
	for _, s := range starts {
		if s.Value == like {
			a.Reply, a.Within, a.First, a.Second, a.Close, a.Reopen = s.reply, s.within, s.first, s.second, s.close, s.reopen
		}
	}
}

func askPromise(_ *house, _ *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	a := p.Answers
	if a.First == "" && a.Second == "" && a.Close == "" {
		a.First, a.Second, a.Close = "3d", "7d", "14d"
	}
	out := begin.Promise{
		Reply: shared.Choice{Name: "reply", Legend: "A first answer", Large: true, Options: choices(cmp.Or(a.Reply, "usual"),
			[2]string{"none", "No time is named|You answer as soon as you can."},
			[2]string{"usual", "A usual time|People know what to expect. Late answers turn amber for you."},
			[2]string{"promise", "A promise|It can be broken. Late answers turn red for you, and are counted."})},
		Within: shared.Field{Name: "within", Label: "How soon", Hint: "Counted in your hours.", Type: "select", Options: durations(cmp.Or(a.Within, "1bd"), policy.ReplyTimes)},
		First:  shared.Field{Name: "first", Label: "First reminder after", Type: "select", Options: waits(a.First)},
		Second: shared.Field{Name: "second", Label: "Second reminder after", Type: "select", Options: waits(a.Second)},
		Close:  shared.Field{Name: "close", Label: "Closed after", Type: "select", Options: waits(a.Close), Error: wrong["close"]},
		Reopen: shared.Field{Name: "reopen", Label: "A solved ticket can be opened again for", Hint: "By an answer. After that an answer begins a new ticket.", Type: "select", Options: durations(cmp.Or(a.Reopen, "7d"), policy.Waits)},
	}
	for _, s := range starts {
		out.Starts = append(out.Starts, s.Start)
	}
	return out.View(), nil
}

func durations(chosen string, all []string) (list []shared.Option) {
	for _, text := range all {
		if d, err := calendar.ParseDuration(text); err == nil {
			list = append(list, shared.Option{Value: text, Label: d.Says(), Chosen: text == chosen})
		}
	}
	return list
}

func waits(chosen string) []shared.Option {
	return append([]shared.Option{{Value: policy.Never, Label: "never", Chosen: chosen == policy.Never || chosen == ""}}, durations(chosen, policy.Waits)...)
}

func takePromise(_ *house, v *visit.Visit) (taken, error) {
	var in struct {
		Reply   string `form:"reply"`
		Within  string `form:"within"`
		First   string `form:"first"`
		Second  string `form:"second"`
		Close   string `form:"close"`
		Reopen  string `form:"reopen"`
		Like    string `form:"like"`
		Do      string `form:"do"`
		Replace string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do, like: in.Like, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Reply, a.Within, a.First, a.Second, a.Close, a.Reopen = in.Reply, in.Within, in.First, in.Second, in.Close, in.Reopen
	}, "close")
	if in.Like != "" {
		out.do = "like"
	}
	return out, nil
}

func askWhom(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	a := p.Answers
	out := begin.Whom{
		Whom: shared.Choice{Name: "whom", Legend: "Support is for", Large: true, Options: choices(cmp.Or(a.Whom, "everyone"),
			[2]string{"everyone", "Everybody"},
			[2]string{"ordered", "Whoever ordered lately|By the date of their order."},
			[2]string{"plan", "Whoever has a certain plan|By the name of their plan."},
			[2]string{"version", "Whoever uses a current version|By the major version of their licence."})},
		Days:     shared.Field{Name: "days", Label: "Days after the order", Hint: "For support by order.", Value: positive(a.Days), InputMode: "numeric", Optional: true, Error: wrong["days"]},
		Plans:    shared.Field{Name: "plans", Label: "Plans that include support", Hint: "For support by plan, with commas between them.", Value: strings.Join(a.Plans, ", "), Optional: true, Error: wrong["plans"]},
		Versions: shared.Field{Name: "versions", Label: "Oldest version you support", Hint: "For support by version.", Value: positive(a.Versions), InputMode: "numeric", Optional: true, Error: wrong["versions"]},
	}
	draft, err := h.draftToPrepare(v, p)
	if err != nil || draft == nil {
		return out.View(), err
	}
	if table := draft.LevelTable(); table != nil {
		out.Columns = table.Columns
		for _, row := range table.Rows {
			out.Rows = append(out.Rows, row.Cells)
		}
	}
	return out.View(), nil
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func takeWhom(_ *house, v *visit.Visit) (taken, error) {
	var in struct {
		Whom     string `form:"whom"`
		Days     string `form:"days"`
		Plans    string `form:"plans"`
		Versions string `form:"versions"`
		Do       string `form:"do"`
		Replace  string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	return head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Whom, a.Days, a.Versions = in.Whom, wholeNumber(in.Days), wholeNumber(in.Versions)
		a.Plans = nil
		for _, plan := range strings.Split(in.Plans, ",") {
			if plan = strings.TrimSpace(plan); plan != "" {
				a.Plans = append(a.Plans, plan)
			}
		}
	}, "days", "plans", "versions"), nil
}

// wholeNumber is what somebody typed as a number, -1 when it is none.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

const (
	shownKinds  = 5
	shownLimits = 3
)

func askKinds(_ *house, _ *visit.Visit, p desk.Preparation, _ map[string]string) (templ.Component, error) {
	a := p.Answers
	if len(a.Kinds) == 0 {
		a.Kinds = []policy.AskedFor{{Label: "Question", Means: "Something you would like to know."}, {Label: "Problem", Means: "Something that does not work as it should."}, {Label: "Wish", Means: "Something that could be better."}}
	}
	var out begin.Kinds
	for i := range max(shownKinds, len(a.Kinds)) {
		k := policy.AskedFor{}
		if i < len(a.Kinds) {
			k = a.Kinds[i]
		}
		out.Kinds = append(out.Kinds, begin.Pair{
			Label: shared.Field{Name: "kind", ID: "kind-" + itoa(i), Label: "Kind " + itoa(i+1), Value: k.Label, Optional: true, MaxLength: "80"},
			Says:  shared.Field{Name: "means", ID: "means-" + itoa(i), Label: "What it is", Value: k.Means, Optional: true, MaxLength: "300"},
		})
	}
	for i := range max(shownLimits, len(a.Limits)) {
		l := policy.Outside{}
		if i < len(a.Limits) {
			l = a.Limits[i]
		}
		out.Limits = append(out.Limits, begin.Pair{
			Label: shared.Field{Name: "limit", ID: "limit-" + itoa(i), Label: "Not done " + itoa(i+1), Value: l.Says, Optional: true, MaxLength: "300"},
			Says:  shared.Field{Name: "instead", ID: "instead-" + itoa(i), Label: "Where else to turn", Value: l.Instead, Optional: true, MaxLength: "300"},
		})
	}
	return out.View(), nil
}

func takeKinds(_ *house, v *visit.Visit) (taken, error) {
	var in struct {
		Kind    []string `form:"kind"`
		Means   []string `form:"means"`
		Limit   []string `form:"limit"`
		Instead []string `form:"instead"`
		Do      string   `form:"do"`
		Replace string   `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	return head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Kinds, a.Limits, a.Asked = nil, nil, true
		for _, pair := range pairs(in.Kind, in.Means) {
			a.Kinds = append(a.Kinds, policy.AskedFor{Label: pair[0], Means: pair[1]})
		}
		for _, pair := range pairs(in.Limit, in.Instead) {
			a.Limits = append(a.Limits, policy.Outside{Says: pair[0], Instead: pair[1]})
		}
	}), nil
}

// pairs are two columns of a form, row by row; rows without a first part are left out.
func pairs(first, second []string) (rows [][2]string) {
	for i, one := range first {
		row := [2]string{strings.TrimSpace(one)}
		if i < len(second) {
			row[1] = strings.TrimSpace(second[i])
		}
		if row[0] != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

func askFinish(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	draft, err := h.draftToPrepare(v, p)
	if err != nil {
		return nil, err
	}
	out := begin.Finish{Address: "/support", Wrong: wrong["publish"]}
	if draft == nil {
		out.Wrong = cmp.Or(out.Wrong, "The text was changed by hand and has errors; the editor names them.")
		return out.View(), nil
	}
	out.Open, out.Address = opens(draft), cmp.Or(publicPath(draft), "/policy")
	if !p.Published.IsZero() {
		out.Published = "A first version was published on " + h.time(v, p.Published).Exact + ". Publishing again makes a new one."
	}
	return out.View(), nil
}

func takeFinish(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Do      string `form:"do"`
		Replace string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do}.taken(nil, "publish")
	out.more = func() (string, error) { return "", h.desk.PublishPreparation(v.Context(), v.Actor) }
	return out, nil
}

const shownPeople = 3

func askPeople(h *house, v *visit.Visit, _ desk.Preparation, wrong map[string]string) (templ.Component, error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return nil, err
	}
	out := begin.People{CanMail: len(house.Mailboxes) > 0}
	for _, p := range house.Staff {
		out.Known = append(out.Known, p.Display())
	}
	for i := range shownPeople {
		out.Rows = append(out.Rows, begin.Invitation{
			Name:  shared.Field{Name: "name", ID: "name-" + itoa(i), Label: "Name", Value: typed(v, "name", i, ""), Optional: true, Autocomplete: "off"},
			Email: shared.Field{Name: "email", ID: "email-" + itoa(i), Label: "Mail address", Type: "email", Value: typed(v, "email", i, ""), Optional: true, Dir: "ltr", Autocomplete: "off", Error: wrong["email-"+itoa(i)]},
			Role:  shared.Field{Name: "role", ID: "role-" + itoa(i), Label: "Role", Type: "select", Options: chosen(roles, typed(v, "role", i, ""))},
		})
	}
	return out.View(), nil
}

func takePeople(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Name    []string `form:"name"`
		Email   []string `form:"email"`
		Role    []string `form:"role"`
		Do      string   `form:"do"`
		Replace string   `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do}.taken(nil, "email-0")
	out.more = func() (string, error) {
		if err := h.inviteAll(v, in.Name, in.Email, in.Role); err != nil {
			return "", err
		}
		return "", h.desk.StepTaken(v.Context(), v.Actor, begin.Steps)
	}
	return out, nil
}

// inviteAll invites whoever can be, and says in which row somebody cannot. The rows of those who were invited are empty afterwards:
// the page names them among the others.
func (h *house) inviteAll(v *visit.Visit, names, emails, jobs []string) error {
	wrong := wrongRows{}
	for i := range min(len(names), len(emails), len(jobs)) {
		if strings.TrimSpace(emails[i]) == "" {
			continue
		}
		_, err := h.desk.Invite(v.Context(), v.Actor, desk.NewPerson{Email: emails[i], Name: names[i], Role: access.Role(jobs[i])})
		switch {
		case err == nil:
			names[i], emails[i], jobs[i] = "", "", ""
		case visit.Status(err) >= 500:
			return err
		default:
			wrong["email-"+itoa(i)] = emails[i] + ": " + sentence(fault.Says(err))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	maps.Copy(v.Request.PostForm, url.Values{"name": names, "email": emails, "role": jobs})
	return wrong
}

// wrongRows are the fields that something is wrong with, and what.
type wrongRows map[string]string

// Error is all of it, in the order of the rows.
func (w wrongRows) Error() string {
	var says []string
	for _, field := range slices.Sorted(maps.Keys(w)) {
		says = append(says, w[field])
	}
	return strings.Join(says, " ")
}

// typed is what was posted in a field, the i-th of its name, when its page is shown again; otherwise what is kept.
func typed(v *visit.Visit, name string, i int, kept string) string {
	if values := v.Request.PostForm[name]; i < len(values) {
		return values[i]
	}
	return kept
}

// chosen is a list of options with another one chosen; "" leaves it as it is.
func chosen(options []shared.Option, value string) []shared.Option {
	if value == "" {
		return options
	}
	options = slices.Clone(options)
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}
