package policy

import "regexp"

// words are the places of a document where only certain words may stand. The parser, the published schema and the forms
// all read this table.
var words = map[string][]string{
	"Document.policy":      {"hark/v1"},
	"Fact.type":            {"bool", "int", "text", "list", "date"},
	"Fact.set_by":          {"data", "agent", "customer"},
	"Levels.about":         {"licence", "customer", "organisation", "ticket"},
	"Levels.hit":           {"first"},
	"Channel.kind":         {"email", "portal", "widget", "phone_in", "phone_scheduled", "api", "community"},
	"Channel.opens":        {"ticket", "call", "post"},
	"Channel.sign_in":      {"required", "optional", "none"},
	"Intake.queue_order":   {"oldest_first", "next_due_first", "priority_then_due"},
	"Route.strength":       {"always", "usually", "may"},
	"State.waits_on":       {"support", "customer", "other", "nobody"},
	"State.category":       {"new", "open", "pending", "hold", "solved", "closed"},
	"Move.event":           moveEvents,
	"Timer.since":          {"entered", "last_agent_message"},
	"Lifecycle.ignore":     {"auto_reply", "bounce", "agent_note"},
	"Action.priority":      {"low", "normal", "high", "urgent"},
	"Target.measure":       {"first_reply", "next_reply", "update", "resolution", "call_offer", "call_after_booking"},
	"Target.strength":      {"promise", "aim", "usual", "unstated"},
	"Phase.starts_on":      {"ticket_created", "review_started", "agent_moves", "call_booked", "call_ended", "status_solved", "issue_linked", "issue_fixed", "announced", "reply_sent", "scope_refused"},
	"Escalation.event":     {"ticket_created", "customer_asks", "agent_flags", "impact_is_high"},
	"Calls.arranged_by":    {"ticket", "direct"},
	"Calls.if_plan_ends":   {"honour", "cancel"},
	"Step.table":           {"levels"},
	"Step.needs_caller":    grades[1:],
	"Choice.needs_caller":  grades[1:],
	"Message.kind":         {"system", "canned", "phone"},
	"Message.needs_caller": grades[1:],
	"SelfHelp.kind":        {"knowledge_base", "videos", "community", "whats_new", "faq", "status"},
	"SelfHelp.comments":    {"closed", "sign_in", "open"},
	"Feedback.scale":       {"good_bad_comment", "one_to_five"},
	"Figure.metric":        {"share_first_reply_within", "usual_first_reply", "tickets_per_month", "tickets_per_agent", "promises_kept", "usual_phase"},
	"Changes.announce_on":  {"website", "in_app", "mail"},
	"Changes.open_tickets": {"keep_old", "move_to_new"},
	"Page.audience":        {"public", "internal"},
	"Expectation.kind":     {"event", "status", "send", "tag", "assign", "priority", "task", "note", "follow_up", "publish", "rating", "due", "phase", "overdue", "level", "route", "reminder"},
	"Expectation.state":    {"running", "paused", "kept", "missed", "waiting", "done", "skipped"},
}

// moveEvents are what can move a ticket from one state to another: the policy's own vocabulary (package ticket), and
// the agent's decision that something is outside of what is supported.
var moveEvents = []string{
	"customer_creates", "customer_replies", "customer_asks", "agent_replies", "agent_sets", "call_booked", "call_moved", "call_ended",
	"call_cancelled", "issue_linked", "issue_fixed", "review_started", "scope_refused",
}

// shape is what a text must look like where it is neither free nor one of a few words.
type shape struct {
	pattern    *regexp.Regexp
	what, like string
}

var shapes = map[string]shape{
	"Document.name":      {idPattern, "a name for a policy", "customer-support-center"},
	"Document.effective": {regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]$`), "a local date and time", `"2026-11-01T00:00"`},
	"Revision.date":      {datePattern, "a date", `"2026-11-01"`},
	"Except.date":        {datePattern, "a date", `"2026-12-24"`},
	"Integration.link":   {linkPattern, "an address on the web", `"https://example.com/help"`},
	"Target.warn_at":     {regexp.MustCompile(`^[1-9][0-9]?%$`), "a share of the time", "75%"},
	"Page.path":          {regexp.MustCompile(`^/[a-z0-9/_-]*$`), "a path on this site", "/support"},
}

var linkPattern = regexp.MustCompile(`^https?://[^\s]+$`)

var datePattern = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// operators compare a fact with a value inside a condition.
var operators = []string{"lt", "lte", "gt", "gte", "is_not", "has", "has_not", "exists"}
