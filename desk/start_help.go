package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hark/access"
	"hark/article"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// starter is a draft that a new help begins with. Its numbers are the policy's own: it names the rules.
type starter struct{ section, title, body string }

// starters are five drafts made from a policy: how to reach us, how to report a fault, what happens next, how long it takes, and when we
// are there. A policy that says nothing of one of these gets it with what there is to say.
func starters(p *policy.Policy) []starter {
	const first, then = "First steps", "What to expect"
	return []starter{
		{first, "How to open a case", known(p,
			"These are the ways to reach us.", "{{channels | list}}",
			"# What to choose", "The form asks what it is about.", "{{kinds | list}}",
			"# What helps us most", "Tell us where you saw it, what you did before, and what you expected. A picture says a lot.")},
		{first, "How to report a bug", known(p,
			"Something does not work as it should? These three things let us find it quickly.",
			"1. What you did, step by step, until it happened.\n2. What you saw, with the words of the message if there was one.\n3. What you expected instead.",
			"Say also whether it happens each time, and how many people it keeps from working.",
			advice(p))},
		{then, "What happens next", known(p, append([]string{"Each request goes its way, and you can see where it stands behind the link in our mails."}, ways(p)...)...)},
		{then, "How long it takes", known(p, append([]string{"These are the times you can expect. They come from our policy, and change only when it does."}, usualTimes(p)...)...)},
		{then, "When we are here", known(p, append([]string{"We answer while somebody is here."}, hours(p)...)...)},
	}
}

// known are the paragraphs whose rules this policy has.
func known(p *policy.Policy, paragraphs ...string) string {
	var kept []string
	for _, text := range paragraphs {
		if _, unknown := p.Quote(text, policy.Live{}); len(unknown) == 0 && text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, "\n\n")
}

// advice is what the form says to whoever reports a fault.
func advice(p *policy.Policy) string {
	for _, form := range p.Keys("intake.forms") {
		if p.Doc.Intake.Forms[form].Advice != "" && strings.Contains(form, "bug") {
			return "{{intake.forms." + form + ".advice}}"
		}
	}
	return ""
}

// ways are the phases of each tracker, or the life of a ticket where there are none.
func ways(p *policy.Policy) (all []string) {
	for _, id := range p.Keys("trackers") {
		all = append(all, "# "+p.Doc.Trackers[id].Label, "{{trackers."+id+" | phases}}")
	}
	if len(all) == 0 {
		all = append(all, "{{lifecycle | diagram}}")
	}
	return all
}

// usualTimes are how long each kind of answer takes.
func usualTimes(p *policy.Policy) (all []string) {
	for _, t := range p.Doc.Targets {
		if t.Expect.Says() != "" {
			all = append(all, fmt.Sprintf("- **%s**: {{targets.%s.expect.say}}", sentenceOf(p.KindLabel(t.ID)), t.ID))
		}
	}
	return []string{strings.Join(all, "\n")}
}

// sentenceOf begins a line with a capital.
func sentenceOf(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// hours are the opening hours and the days on which nobody is here.
func hours(p *policy.Policy) (all []string) {
	for _, id := range p.Keys("calendars") {
		all = append(all, "We are here {{calendars."+id+" | hours}}, {{calendars."+id+" | zone}}.", "Closed on {{calendars."+id+" | holidays}}.")
		break // the first is that of the people who answer
	}
	return all
}

// StartHelp begins the help of a brand with five drafts made from its policy. Where there is any article already, it is
// [fault.Refused].
func (d *Desk) StartHelp(ctx context.Context, a access.Actor, brand int64) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.startHelp(tx, a, brand, now) })
}

func (d *Desk) startHelp(tx *store.Tx, a access.Actor, brand int64, now time.Time) error {
	h, err := d.authors(tx, a, brand, now)
	if err != nil {
		return err
	}
	if err := tx.Alone("help/" + itoa(h.brand.ID)); err != nil {
		return err
	}
	page, err := tx.Articles(h.reader, h.brand.ID, store.AllArticles, "", 1)
	if err == nil && len(page.Items) > 0 {
		err = fault.New(fault.Refused, "this help has begun already")
	}
	if err != nil {
		return err
	}
	return h.start(a)
}

func (h helped) start(a access.Actor) error {
	sections, err := h.tx.HelpSections(h.brand.ID)
	shelves := map[string]int64{}
	for _, s := range sections {
		shelves[s.Name] = s.ID
	}
	for i, s := range starters(h.policy) {
		if err == nil && shelves[s.section] == 0 {
			shelf := article.Section{Brand: h.brand.ID, Name: s.section, Slug: article.Slug(s.section), Position: len(shelves) + 1}
			err = h.tx.SaveHelpSection(&shelf)
			shelves[s.section] = shelf.ID
		}
		if err == nil {
			_, err = h.begin(a, article.Content{Title: s.title, Section: shelves[s.section], Position: i + 1, Body: s.body, Audience: article.ForAll, Owner: a.Person})
		}
	}
	return err
}
