package policy

import (
	"fmt"
	"regexp"
	"strings"
)

// pages checks that nothing is said without something behind it (scenario X-05).
func (l *linter) pages() {
	paths := map[string]string{}
	for _, id := range l.p.Pages() {
		page := l.p.Doc.Pages[id]
		if first, twice := paths[page.Path]; twice && page.Path != "" {
			l.say("pages."+id+".path", Error, "duplicate-id", fmt.Sprintf("the page %s stands at %s already", first, page.Path), "choose another path")
		}
		paths[page.Path] = id
		l.stands("pages."+id+".path", page)
		for i, s := range page.Sections {
			for j, b := range s.Blocks {
				path := fmt.Sprintf("pages.%s.sections.%d.blocks.%d", id, i, j)
				l.block(path, b)
				if page.Audience == "public" {
					l.unstated(path, b)
				}
			}
		}
	}
}

// The desk serves the pages of its policies at these paths: customers' below /support, colleagues' below /handbook, which asks for
// the way in.
var (
	publicPaths   = regexp.MustCompile(`^/support(/[a-z0-9-]+)?$`)
	internalPaths = regexp.MustCompile(`^/(support|handbook)/[a-z0-9-]+$`)
)

// stands finds pages that would stand nowhere. Without a path the first public page stands at /policy.
func (l *linter) stands(path string, page Page) {
	public := page.Audience == "public"
	switch {
	case public && page.Path != "" && !publicPaths.MatchString(page.Path):
		l.say(path, Error, "path", fmt.Sprintf("no page for customers can stand at %s", page.Path), "write /support, or /support/ and a word in small letters")
	case !public && page.Path != "" && !internalPaths.MatchString(page.Path):
		l.say(path, Error, "path", fmt.Sprintf("no page for colleagues can stand at %s", page.Path), "write /handbook/ and a word in small letters")
	}
}

var digits = regexp.MustCompile(`[0-9]`)

func (l *linter) block(path string, b Block) {
	switch {
	case len(l.p.standsOn(b)) == 0 && !b.Prose:
		l.say(path+".text", Error, "X-05", "nothing stands behind this sentence: it is bound to no rule and not marked as prose", "take its numbers from a rule, like {{lifecycle.timers.ID.after}}; or add binds: [the rule that makes it true], or prose: true if there is nothing to check")
	case len(b.Binds) > 0 && b.Prose:
		l.say(path+".prose", Error, "X-05", "this sentence is bound to a rule and marked as prose", "remove prose: true, or binds:")
	case b.Prose && strings.Contains(b.Text, "{{"):
		l.say(path+".text", Error, "X-05", "this sentence is marked as prose and takes words from a rule", "replace prose: true with binds: [that rule]")
	case b.Prose && digits.MatchString(b.Text):
		l.say(path+".text", Warning, "typed-number", "prose that names a number reads like a promise", "bind it to the rule the number comes from")
	case digits.MatchString(literals(b.Text)):
		l.say(path+".text", Warning, "typed-number", "a number in this sentence is typed, so it stays when the rule changes", "write the path of the rule instead, like {{lifecycle.timers.ID.after}}")
	}
}

// unstated refuses to print a time that the company does not state (S3-10).
func (l *linter) unstated(path string, b Block) {
	for _, one := range pieces(b.Text) {
		id, isTarget := strings.CutPrefix(Rule(one.name), "targets.")
		if t, ok := find(l.p.Doc.Targets, func(t Target) bool { return t.ID == id }); isTarget && ok && t.Strength == "unstated" {
			l.say(path+".text", Error, "unstated", fmt.Sprintf("this prints the time of %s, which is not stated to customers", Rule(one.name)), "leave it out, or give the target another strength once it is confirmed")
		}
	}
}

// literals is a text without its placeholders.
func literals(text string) string {
	var b strings.Builder
	for _, one := range pieces(text) {
		if one.name == "" {
			b.WriteString(one.literal)
		}
	}
	return b.String()
}

// binds are the rules some page tells about. Public pages count; a policy without any is for the staff, and then its
// internal pages do.
func (l *linter) binds() map[string]bool {
	told := map[string]bool{}
	for _, public := range []bool{true, false} {
		for _, page := range l.p.Doc.Pages {
			if (page.Audience == "public") == public {
				l.p.collectTold(page, told)
			}
		}
		if len(told) > 0 {
			return told
		}
	}
	return told
}

func (p *Policy) collectTold(page Page, told map[string]bool) {
	for _, s := range page.Sections {
		for _, b := range s.Blocks {
			for _, rule := range p.standsOn(b) {
				told[rule] = true
			}
		}
	}
}

// isTold reports whether a block is bound to the rule, to something it is part of, or to a part of it.
func isTold(rule string, told map[string]bool) bool {
	for path := rule; path != ""; path = above(path, 1) {
		if told[path] {
			return true
		}
	}
	for bind := range told {
		if strings.HasPrefix(bind, rule+".") {
			return true
		}
	}
	return false
}

// affecting is a rule that customers feel, with a sentence that would tell them.
type affecting struct{ path, sentence string }

// told checks that customers are told of every rule they feel (scenario X-04).
func (l *linter) told() {
	binds := l.binds()
	for _, rule := range l.p.affecting() {
		if l.p.nodes[rule.path] != nil && !isTold(rule.path, binds) {
			l.say(rule.path, Error, "X-04", fmt.Sprintf("%s affects customers and is not on the page", rule.path),
				fmt.Sprintf("add to a page: {text: %q, binds: [%s]}", rule.sentence, rule.path))
		}
	}
}

// affecting lists the rules that customers feel: what is sent or changed by itself, what is promised, where and when
// they reach somebody, what they can have, and what is refused.
func (p *Policy) affecting() (rules []affecting) {
	add := func(path, sentence string) { rules = append(rules, affecting{path, sentence}) }
	for _, t := range p.Doc.Lifecycle.Timers {
		if p.actionsSay(t.Do, true) != "" {
			path := "lifecycle.timers." + t.ID
			add(path, p.timerSays(t, "{{"+path+".after}}", true))
		}
	}
	for _, t := range p.Doc.Targets {
		if t.Strength != "unstated" {
			add("targets."+t.ID, p.targetSentence(t))
		}
	}
	for _, id := range p.Channels() {
		if isPublic(p.Doc.Channels[id].Public) {
			add("channels."+id, "{{channels | list}}")
		}
	}
	for _, plan := range p.Doc.Plans {
		if isPublic(plan.Public) {
			add("plans."+plan.ID, p.planSays(plan))
		}
	}
	for _, id := range p.calendarsInUse() {
		add("calendars."+id, "{{calendars."+id+" | hours}}, {{calendars."+id+" | zone}}.")
	}
	for _, id := range p.Keys("trackers") {
		add("trackers."+id, "{{trackers."+id+" | phases}}")
	}
	return append(rules, p.affectingSections()...)
}

func (p *Policy) affectingSections() (rules []affecting) {
	add := func(path, sentence string) { rules = append(rules, affecting{path, sentence}) }
	for _, e := range p.Doc.Escalation {
		add("escalation."+e.ID, "{{escalation | steps}}")
	}
	if p.Doc.Scope != nil {
		add("scope.covers", "{{scope.covers | list}}")
		add("scope.integrations", "{{scope.integrations | list}}")
		add("scope.staff_does", "{{scope.staff_does | list}}")
		for _, limit := range p.Doc.Scope.Limits {
			add("scope.limits."+limit.ID, "{{scope.limits."+limit.ID+".says}}")
		}
	}
	for _, section := range []struct{ path, sentence string }{
		{"levels", "{{levels | table}}"}, {"calls", "How a call is arranged."}, {"issues", "{{issues.why_no_dates}}"},
		{"feedback", "When a ticket is solved we ask how we did."}, {"changes", "How we announce changes of this policy."}, {"self_help", "{{self_help | list}}"},
	} {
		add(section.path, section.sentence)
	}
	return rules
}

func (p *Policy) targetSentence(t Target) string {
	path := "targets." + t.ID
	length := "{{" + path + ".expect.say}}"
	if t.Expect.Says() == "" && t.Within != nil {
		length = byOrWithin(*t.Within) + "{{" + path + ".within}}"
	}
	if len(t.When) > 0 {
		return fmt.Sprintf("If %s, %s %s: %s.", p.Says(t.When), measureSays[t.Measure], strengthSays[t.Strength], length)
	}
	return fmt.Sprintf("%s: %s %s.", upperFirst(measureSays[t.Measure]), strengthSays[t.Strength], length)
}

// calendarsInUse are those that a time customers are told, or a channel they use, depends on.
func (p *Policy) calendarsInUse() (ids []string) {
	used := map[string]bool{}
	for _, t := range p.Doc.Targets {
		used[t.Calendar] = used[t.Calendar] || t.Strength != "unstated"
	}
	for _, c := range p.Doc.Channels {
		used[c.Calendar] = used[c.Calendar] || isPublic(c.Public)
	}
	for _, t := range p.Doc.Trackers {
		used[t.Calendar] = true
	}
	for _, id := range p.Keys("calendars") {
		if used[id] {
			ids = append(ids, id)
		}
	}
	return ids
}
