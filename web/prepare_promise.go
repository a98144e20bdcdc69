package web

import (
	"cmp"

	"github.com/a-h/templ"

	"hark/calendar"
	"hark/desk"
	"hark/policy"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// The fourth question: what is promised.

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
