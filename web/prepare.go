package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// TryMailbox tries a mailbox both ways, without sending anything to anybody: whether mail for the address comes in, and whether
// a mail to the given recipient would leave.
type TryMailbox func(ctx context.Context, address, recipient string) []desk.TriedWay

// step is one question of the preparation: how it is asked, and what its form changes.
type step struct {
	label, title, lead string
	ask                func(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error)
	take               func(h *house, v *visit.Visit) (taken, error)
}

// taken is a form that was read: what it changes, and whom else it tells.
type taken struct {
	change  func(*policy.Answers)  // nil when the answers stay as they are
	fields  []string               // of policy.Answers.Wrong, which this step is about; the first is where other trouble is told
	do      string                 // next, leave, anyway
	like    string                 // a way of others to begin from
	replace string                 // yes: a draft that was changed by hand may go
	more    func() (string, error) // what else is done; a text names the page to stay on
}

// steps are the eight questions in their order.
var steps = []step{
	{"Name", "Whose desk is this?", "Customers read it on every page and in every mail.", askName, takeName},
	{"Ways in", "How do people reach you?", "Whatever you choose stands on your page. More can follow later.", askWays, takeWays},
	{"Hours", "When are you there?", "Answers are counted in these hours. People can write at any time.", askHours, takeHours},
	{"Answers", "What do you promise?", "Only what you call a promise can be broken. Say what you can keep.", askPromise, takePromise},
	{"Who", "Who has support?", "The desk looks at what is known about a customer, and says why.", askWhom, takeWhom},
	{"Requests", "What can people ask for?", "", askKinds, takeKinds},
	{"Your page", "This is your page", "Read it as a customer would.", askFinish, takeFinish},
	{"People", "Who works here with you?", "Each gets a mail with a link, chooses a password and is in.", askPeople, takePeople},
}

// readyPath is the page after the last question.
const readyPath = "/admin/setup/ready"

// goOn leads to the first question nobody has looked at, and behind the last one when all were.
func (h *house) goOn(v *visit.Visit) error {
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	return v.SeeOther(firstOpen(p))
}

func firstOpen(p desk.Preparation) string {
	for n := 1; n <= begin.Steps; n++ {
		if !slices.Contains(p.Answered, n) && !slices.Contains(p.Skipped, n) {
			return begin.Address(n)
		}
	}
	return readyPath
}

// question shows one step.
func (h *house) question(v *visit.Visit) error {
	if v.Path("step") == "ready" {
		return h.prepared(v)
	}
	n, err := stepOf(v)
	if err != nil {
		return err
	}
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	return h.ask(v, http.StatusOK, n, p, nil)
}

func stepOf(v *visit.Visit) (int, error) {
	n, err := v.Number("step")
	if err != nil || n < 1 || n > begin.Steps {
		return 0, fault.New(fault.NotFound, "There is no such page.")
	}
	return int(n), nil
}

// ask shows a question with what was answered, and what is wrong with it.
func (h *house) ask(v *visit.Visit, status, n int, p desk.Preparation, wrong map[string]string) error {
	s := steps[n-1]
	fields, err := s.ask(h, v, p, wrong)
	if err != nil {
		return err
	}
	view := begin.View{Number: n, Title: s.title, Lead: s.lead, Ask: fields, Edited: p.Changed, Next: "Next", Note: mailNote(n, p)}
	for i, one := range steps {
		view.Steps = append(view.Steps, begin.Step{Number: i + 1, Label: one.label, State: stepState(p, i+1), Current: i+1 == n})
	}
	for _, field := range wrongFields(wrong) {
		view.Errors = append(view.Errors, shared.FormError{Field: field, Says: wrong[field]})
	}
	switch n {
	case 7:
		view.Next = "Publish"
	case begin.Steps:
		view.Next = "Invite and finish"
	}
	if view.Page, err = h.preparedPage(v, p); err != nil {
		return err
	}
	return h.showStatus(v, status, begin.Page(view))
}

// mailNote says above the third question that the mailbox of the second works.
func mailNote(n int, p desk.Preparation) *begin.Note {
	if n != 3 || len(p.Mail) == 0 || !allGood(p.Mail) {
		return nil
	}
	return &begin.Note{Tone: shared.Note, Title: "Mail works, both ways", Says: p.Mail[0].Says}
}

func allGood(tried []desk.TriedWay) bool {
	return !slices.ContainsFunc(tried, func(t desk.TriedWay) bool { return !t.Good })
}

func stepState(p desk.Preparation, n int) string {
	switch {
	case slices.Contains(p.Answered, n):
		return "answered"
	case slices.Contains(p.Skipped, n):
		return "open"
	}
	return ""
}

func wrongFields(wrong map[string]string) []string {
	var fields []string
	for field := range wrong {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return fields
}

// preparedPage prints the draft's page, as far as there is one, and what runs otherwise.
func (h *house) preparedPage(v *visit.Visit, p desk.Preparation) (begin.Preview, error) {
	draft, err := h.draftToPrepare(v, p)
	if err != nil || draft == nil {
		return begin.Preview{}, err
	}
	printed, sections, err := press{p: draft}.page("", policy.Live{At: h.desk.Now(), Zone: v.Zone(draft.Zone)})
	if err != nil {
		return begin.Preview{}, nil // a text that was changed by hand may have no page; the editor says so
	}
	return begin.Preview{Title: printed.Title, Sections: sections}, nil
}

// draftToPrepare is what the answers amount to, or what the draft says when it was changed by hand; nil when that has errors.
func (h *house) draftToPrepare(v *visit.Visit, p desk.Preparation) (*policy.Policy, error) {
	source := p.Draft
	if p.Changed {
		draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, 0)
		if err != nil {
			return nil, err
		}
		source = draft.Source
	}
	if source == "" {
		p.Answers.Company = cmp.Or(p.Answers.Company, h.brandName(v))
		source = string(policy.Begin(p.Answers, h.today(v)))
	}
	draft, _, _ := desk.CheckPolicy("policy", []byte(source))
	return draft, nil
}

// answer takes one step's form: it keeps the answers, writes the draft, and leads to the next question.
func (h *house) answer(v *visit.Visit) error {
	n, err := stepOf(v)
	if err != nil {
		return err
	}
	in, err := steps[n-1].take(h, v)
	if err != nil {
		return err
	}
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	if in.do == "next" && in.change != nil {
		changed := p
		in.change(&changed.Answers)
		if wrong := only(changed.Answers.Wrong(), in.fields); len(wrong) > 0 {
			return h.ask(v, http.StatusUnprocessableEntity, n, changed, wrong)
		}
	}
	return h.keepAnswer(v, n, p, in)
}

// only are those of the fields that a step is about.
func only(wrong map[string]string, fields []string) map[string]string {
	for field := range wrong {
		family, _, _ := strings.Cut(field, "-")
		if !slices.Contains(fields, family) {
			delete(wrong, field)
		}
	}
	return wrong
}

// keepAnswer keeps what was answered, does what belongs to it, and leads on. Without a change of the answers the policy stays
// as it is.
func (h *house) keepAnswer(v *visit.Visit, n int, p desk.Preparation, in taken) error {
	if in.change != nil && in.do != "anyway" {
		err := h.desk.Prepare(v.Context(), v.Actor, n, in.replace == "yes", func(kept *desk.Preparation) { in.apply(kept, n) })
		if fault.Is(err, fault.Conflict) {
			return v.SeeOther(begin.Address(n)) // the page says what happened, and asks
		}
		if err != nil {
			return err
		}
	}
	next := begin.Address(n + 1)
	switch {
	case in.like != "":
		next = begin.Address(n)
	case n == begin.Steps:
		next = readyPath
	}
	if in.do != "next" || in.more == nil {
		return v.SeeOther(next)
	}
	stay, err := in.more()
	if rows := (wrongRows)(nil); errors.As(err, &rows) {
		return h.ask(v, http.StatusUnprocessableEntity, n, h.again(v, p), rows)
	}
	if err != nil && visit.Status(err) < 500 {
		return h.ask(v, visit.Status(err), n, h.again(v, p), map[string]string{in.fields[0]: sentence(fault.Says(err))})
	}
	if err != nil {
		return err
	}
	return v.SeeOther(cmp.Or(stay, next))
}

// apply changes what is kept as the form says.
func (in taken) apply(kept *desk.Preparation, n int) {
	switch {
	case in.like != "":
		likeOthers(&kept.Answers, in.like)
	case in.do == "leave":
		kept.LeaveOpen(n)
	default:
		in.change(&kept.Answers)
	}
}

// again is the preparation as it stands now, after something else went wrong.
func (h *house) again(v *visit.Visit, before desk.Preparation) desk.Preparation {
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil {
		return before
	}
	return p
}

// putOff leads away from the preparation; the inbox says where it goes on.
func (h *house) putOff(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	if err := h.desk.PutOffPreparation(v.Context(), v.Actor); err != nil {
		return err
	}
	return v.SeeOther("/inbox")
}

// toDo is what of the preparation is left, for an administrator whose inbox is empty; nil when nothing is.
func (h *house) toDo(v *visit.Visit) (*shared.Button, string) {
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil || !p.Begun {
		return nil, ""
	}
	if p.Published.IsZero() {
		next := firstOpen(p)
		return &shared.Button{Label: "Go on with the setup", Look: shared.Primary, Href: next}, "The setup is not finished: your page is not published yet."
	}
	if len(p.Skipped) > 0 || len(p.Mail) > 0 && !allGood(p.Mail) {
		var left []string
		for _, n := range p.Skipped {
			left = append(left, lowerCase(steps[n-1].label))
		}
		if len(p.Mail) > 0 && !allGood(p.Mail) {
			left = append(left, "a mailbox that does not work yet")
		}
		return &shared.Button{Label: "Look at it", Href: readyPath}, "Left for later in the setup: " + strings.Join(left, ", ") + "."
	}
	return nil, ""
}

func lowerCase(label string) string { return strings.ToLower(label[:1]) + label[1:] }

// tryMail mails the visitor a letter that says that it arrived.
func (h *house) tryMail(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	if err := h.desk.TryMail(v.Context(), v.Actor); err != nil {
		return err
	}
	return h.done(v, "test-mail", readyPath)
}

// opens are the points nobody has decided, each with the step that asks for it.
func opens(p *policy.Policy) (list []begin.Open) {
	for _, a := range p.Doc.Assumptions {
		list = append(list, begin.Open{Says: a.Says, URL: begin.Address(stepAbout(a.About))})
	}
	return list
}

// stepAbout is the question that decides what an assumption is about.
func stepAbout(about string) int {
	for _, one := range []struct {
		prefix string
		step   int
	}{{"company", 1}, {"channels", 2}, {"zone", 3}, {"calendars", 3}, {"targets", 4}, {"lifecycle", 4}, {"levels", 5}, {"pages", 5}, {"kinds", 6}} {
		if strings.HasPrefix(about, one.prefix) {
			return one.step
		}
	}
	return 1
}

// brandName is the name the first administrator chose, "" when they chose none.
func (h *house) brandName(v *visit.Visit) string {
	_, brand, err := h.running(v)
	if err != nil || brand.Name == "Support" { // the name every desk begins with
		return ""
	}
	return brand.Name
}

func itoa(n int) string { return strconv.Itoa(n) }
