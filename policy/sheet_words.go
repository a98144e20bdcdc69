package policy

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// What a form calls the keys of a policy. A key that is not here is called what it is called in the file.

var sectionNames = map[string]string{
	about: "About", "zone": "Time zone", "applies_to": "Applies to", "assumptions": "Assumptions", "history": "History of the document",
	"channels": "Ways to reach us", "intake": "Requests", "routing": "Who answers", "lifecycle": "Life of a ticket", "targets": "Answers in time",
	"trackers": "Phases", "issues": "Faults and roadmap", "scope": "What is supported", "levels": "Levels of support", "calendars": "Opening hours",
	"kinds": "Kinds of request", "facts": "Facts", "self_help": "Help without us", "figures": "Published figures", "changes": "Changes of the policy",
	"moves": "Moves", "timers": "When time passes", "states": "States", "except": "Days that differ", "week": "Week", "staff_does": "What staff do",
	"limits": "Where support ends", "covers": "What it covers", "meaning": "What a level means", "table": "Who has which", "triage": "Sorting", "forms": "Forms",
	"blocks": "Sentence", "sections": "Section", "expect": "What people are told", "choices": "Choice",
}

// sectionSays is what people call a section, or a group of keys inside of one.
func sectionSays(path string) string {
	key := lastStep(path)
	return or(sectionNames[key], upperFirst(spaced(key)))
}

// labels are the questions of a form, by the place of the answer, else by its key alone.
var labels = map[string]string{
	"Document.policy": "Format", "Document.version": "Version", "Document.effective": "Holds from", "Document.zone": "Time zone", "Document.source": "Where it comes from",
	"Timer.id": "Name", "Timer.in": "While a ticket is", "Timer.after": "After", "Timer.since": "Counted from", "Timer.calendar": "Counted in the hours of", "Timer.deliver_in": "Only during the hours of",
	"Timer.when": "Only if", "Move.event": "When", "Move.from": "From", "Move.to": "It becomes", "Move.may_choose": "The agent may choose", "Move.when": "Only if",
	"State.label": "Colleagues read", "State.public_label": "Customers read", "State.waits_on": "It waits for", "State.category": "Other programs know it as", "State.means": "What it means",
	"State.locked": "Nothing can be changed any more", "State.initial": "Tickets begin here", "State.rare": "Rare", "Lifecycle.ignore": "Moves nothing",
	"Target.id": "Name", "Target.when": "Only if", "Target.measure": "What is measured", "Target.within": "Within", "Target.calendar": "Counted in the hours of", "Target.strength": "How strongly it is meant",
	"Target.pause_in": "Stands still while", "Target.warn_at": "Warn when this much has passed", "Expect.from": "From", "Expect.to": "To", "Expect.none": "No time is given", "Expect.say": "In words",
	"Calendar.zone": "Time zone", "Calendar.holidays": "Closed on", "Calendar.by": "The region is in the fact", "Calendar.default_region": "Without a region", "Region.holidays": "Closed on", "Region.zone": "Time zone",
	"Except.date": "Date", "Except.hours": "Open", "Except.why": "Why", "Assumption.about": "About", "Assumption.says": "What is assumed",
	"Channel.kind": "What it is", "Channel.opens": "It opens", "Channel.for_plans": "Only with", "Channel.for_levels": "Only for the levels", "Channel.sign_in": "Signing in", "Channel.acknowledge": "Answered at once with",
	"Channel.calendar": "Hours", "Channel.where": "Where it is", "Channel.public": "Customers read of it", "Kind.tracker": "Phases", "Kind.means": "What it means",
	"Route.to": "Goes to", "Route.else": "Otherwise to", "Route.look_back": "Looking back", "Route.at_least": "From so many tickets on", "Route.when": "Only if", "Route.strength": "How often",
	"Intake.queue_order": "Which comes first", "Intake.review": "Procedure for new requests", "Triage.default_kind": "Kind until somebody has looked", "Triage.by": "Done by", "Triage.sets": "What is set",
	"Fact.type": "What it is", "Fact.set_by": "Who says it", "Fact.says": "In words", "Fact.one_of": "One of", "Plan.holds_when": "Held if", "Plan.who": "Who has it", "Plan.gives": "Gives", "Plan.ask_at": "To ask for it", "Plan.public": "Customers read of it",
	"LevelRow.when": "If", "LevelRow.level": "Level", "LevelRow.because": "Because", "Action.send": "Then send", "Action.status": "Then it becomes", "Action.tag": "Then mark it", "Action.task": "Then note a task",
	"Action.note": "Then keep a note", "Action.notify": "Then tell", "Action.assign": "Then give it to", "Action.priority": "Then make its priority", "Action.raise_to": "Then raise it to", "Action.phase": "Then move on to the phase",
	"Action.ask_rating": "Then ask how we did", "Action.publish": "Then announce it in", "Action.open_issue": "Then log it as a fault",
	"Phase.starts_on": "Begins when", "Phase.may_go_to": "Can lead to", "Phase.needs": "Cannot begin without", "Phase.may_have": "May be said with it", "Phase.same_as": "Same as, in other lines", "Phase.closes_ticket": "Closes the ticket", "Phase.next": "What comes next", "Phase.means": "What it means",
	"Tracker.pause_in": "Stands still while", "Tracker.late_says": "When it takes longer", "Tracker.calendar": "Counted in the hours of", "Issues.opens_when": "A fault may be opened if", "Limit.when": "If", "Limit.reply_with": "Answered with", "Limit.we_still": "We still",
	"Escalation.event": "When", "Escalation.when": "Only if", "Calls.if_plan_ends": "If the plan ends before the call", "Calls.arranged_by": "Arranged by", "Calls.step": "Begins every", "Calls.gap_after": "Pause after a call",
	"Calls.notice": "At least ahead", "Calls.horizon": "At most ahead", "Calls.no_show_after": "We wait for", "Message.name": "Name", "Message.kind": "What it is", "Message.needs_caller": "On the phone only to a caller who is", "Step.needs_caller": "Only with a caller who is", "Step.files": "Files of the library, by name", "Message.files": "Carries these files of the library, by name", "Choice.needs_caller": "Only with a caller who is", "CallOutcome.ends": "Chosen when a procedure ends as", "Feedback.ask_on": "Asked when it becomes", "Feedback.celebrate": "We say to a solved one", "Feedback.change_within": "A rating can be changed for", "Feedback.address_for": "The address is for",
	"Figure.metric": "What is measured", "Figure.look_back": "Looking back", "Figure.source_value": "What was said before measuring", "Figure.live": "Measured", "SelfHelp.kind": "What it is", "SelfHelp.comments": "Comments",
	"SelfHelp.suggest_before_ticket": "Suggested before somebody writes", "Changes.notice": "Told ahead by", "Changes.send": "With the message", "Changes.open_tickets": "Open tickets", "Changes.announce_on": "Announced on",
	"Block.text": "Sentence", "Block.binds": "Made true by", "Block.prose": "Only prose", "Block.why": "Why it is only prose", "Block.show": "Shows as well", "Page.audience": "For", "Section.section": "Heading",
	"Procedure.must_not": "Never", "Procedure.start": "Begins with",
	"id": "Name", "says": "What customers read", "means": "What it means", "url": "Address on the web", "when": "Only if",
}

func labelOf(place string) string {
	key := lastKey(place)
	return or(labels[place], labels[key], upperFirst(spaced(key)))
}

// wordNames are the words of the schema as people say them, by place and word.
var wordNames = map[string]map[string]string{
	"Target.strength":      {"promise": "a promise, which can be broken", "aim": "an aim", "usual": "what is usual", "unstated": "for ourselves; customers do not read it"},
	"Timer.since":          {"entered": "when it came there", "last_agent_message": "our last question"},
	"State.waits_on":       {"support": "us", "customer": "the customer", "other": "something else", "nobody": "nobody"},
	"Channel.kind":         {"email": "mail", "portal": "a page to sign in to", "widget": "inside the product", "phone_in": "phone, taken at once", "phone_scheduled": "phone, booked", "api": "another program", "community": "a forum"},
	"Fact.type":            {"bool": "yes or no", "int": "a number", "text": "a word", "list": "several words", "date": "a date"},
	"Fact.set_by":          {"data": "our records", "agent": "an agent", "customer": "the customer"},
	"Intake.queue_order":   {"oldest_first": "the oldest", "next_due_first": "what is due first", "priority_then_due": "the most urgent, then what is due first"},
	"Changes.open_tickets": {"keep_old": "keep the rules they began with", "move_to_new": "go on under the new ones"},
	"Calls.if_plan_ends":   {"honour": "it takes place", "cancel": "it is cancelled"},
	"Calls.arranged_by":    {"ticket": "a ticket", "direct": "booking directly"},
	"Figure.metric":        {"share_first_reply_within": "share of first answers in time", "usual_first_reply": "usual time of a first answer", "tickets_per_month": "tickets a month"},
	"Page.audience":        {"public": "everybody", "internal": "colleagues"},
	"Lifecycle.ignore":     {"auto_reply": "automatic answers", "bounce": "mail that comes back", "agent_note": "notes of colleagues"},
	"Message.kind":         {"system": "a mail by rule", "canned": "a prepared answer", "phone": "said on the phone"},
}

func wordSays(place, word string) string {
	switch {
	case wordNames[place][word] != "":
		return wordNames[place][word]
	case strings.HasSuffix(place, ".event") || place == "Phase.starts_on":
		return EventSays(word)
	case place == "Target.measure":
		return or(measureSays[word], spaced(word))
	}
	return spaced(word)
}

var dayNames = map[string]string{"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}

// daysSay is a key of a week in words: "mon-fri" as "Monday to Friday".
func daysSay(days string) string {
	from, to, several := strings.Cut(days, "-")
	if several {
		return or(dayNames[from], from) + " to " + or(dayNames[to], to)
	}
	return or(dayNames[from], from)
}

// daysNamed is a key of a week out of what people write: "Saturday" as sat, "Monday to Friday" as mon-fri. It is "" for anything
// that names no day, or more than two.
func daysNamed(words string) string {
	var days []string
	for _, word := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if day := dayNamed(word); day != "" {
			days = append(days, day)
		}
	}
	if len(days) > 2 {
		return ""
	}
	return strings.Join(days, "-")
}

// dayNamed is the key of one day: "sat", "saturday" and "saturdays" are the same.
func dayNamed(word string) string {
	for key, name := range dayNames {
		if word = strings.TrimSuffix(word, "s"); word == key || word == strings.ToLower(name) {
			return key
		}
	}
	return ""
}

// hidden are keys that no form asks for: the format, and the id of a rule, which other rules and sentences name.
var hidden = map[string]bool{
	"Document.policy": true, "Levels.hit": true, "Timer.id": true, "Target.id": true, "Plan.id": true, "LevelRow.id": true, "Route.id": true, "Phase.id": true, "Cover.id": true, "Integration.id": true,
	"StaffDoes.id": true, "Limit.id": true, "Escalation.id": true, "CallOutcome.id": true, "Figure.id": true,
}

// spokenOf are the sections whose rules have a sentence of their own, which says more than their values do.
var spokenOf = map[string]bool{"lifecycle.timers": true, "lifecycle.moves": true, "targets": true, "routing": true, "plans": true, "calendars": true}

// inOneRow are the lists whose members stand below what they belong to, without a heading of their own.
var inOneRow = map[string]bool{"Page.sections": true, "Section.blocks": true, "Procedure.steps": true, "Step.choices": true, "Levels.table": true}

// growing are the lists and groups a form can add to, and what one of their entries is called.
var growing = map[string]string{
	"Lifecycle.timers": "timer", "Lifecycle.states": "state", "Document.targets": "target", "Document.kinds": "kind", "Document.channels": "way to reach us",
	"Document.calendars": "calendar", "Calendar.except": "date", "Calendar.week": "day of the week", "Document.messages": "message", "Document.plans": "plan", "Document.routing": "rule",
	"Document.facts": "fact", "Document.assumptions": "assumption", "Document.figures": "figure", "Document.self_help": "help",
	"Scope.covers": "part", "Scope.integrations": "integration", "Scope.limits": "limit", "Scope.staff_does": "service", "Tracker.phases": "phase", "Document.escalation": "step",
}

// startWith is what a new entry begins with, where the first word of a list or the name somebody gave would mislead.
var startWith = map[string]string{
	"Timer.after": "1d", "Timer.do": "[{note: %s}]", "Calendar.week": `{mon-fri: "09:00-17:00"}`, "Except.hours": "closed", "Target.within": "1d",
	"Target.strength": "unstated", "Fact.type": "bool", "Fact.set_by": "agent", "Route.to": `"pool: everyone, next available"`, "Assumption.about": "zone",
}

func hasID(typ reflect.Type) bool { return typ.Kind() == reflect.Struct && typeAt(typ, "id") != nil }

// beginning is a new entry with what its kind needs, on one line.
func (t *Text) beginning(typ reflect.Type, path, id, name string) string {
	if typ == hoursType {
		return `"09:00-17:00"`
	}
	if typ.Kind() != reflect.Struct {
		return quote(name)
	}
	var parts []string
	for _, f := range fieldsOf(typ) {
		place := typ.Name() + "." + f.name
		if text := t.start(place, bare(typ.Field(f.index).Type), join(path, id+"."+f.name), id, name); f.required || startWith[place] != "" {
			parts = append(parts, t.key(f.name)+": "+text)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// start is what one key of a new entry begins with.
func (t *Text) start(place string, typ reflect.Type, path, id, name string) string {
	options := t.options(path, place)
	switch text := startWith[place]; {
	case strings.Contains(text, "%s"):
		return fmt.Sprintf(text, quote(name))
	case text != "":
		return text
	case lastKey(place) == "id":
		return id
	case typ.Kind() == reflect.Slice:
		return "[]"
	case typ.Kind() == reflect.Map:
		return "{}"
	case len(options) > 0:
		return t.spell(options[0].Value, typ, path)
	}
	return t.spell(name, typ, lastKey(place))
}
