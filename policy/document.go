// Package policy is the document a company gives its customers, made executable.
//
// A policy is one YAML (or JSON) file. It says when people are there, how to reach them, what happens to a ticket, how
// long things take and how strongly that is meant, and it holds the text of the public page, each sentence bound to the
// rule that makes it true. The same value is parsed, linted, printed, explained, simulated and run: [Policy.React] is
// the only implementation of a rule, and the server, the simulator and the tests all call it. The package reads no
// clock and does no I/O; files are read by whoever calls it, except the examples, which are built in.
package policy

import "hark/calendar"

// Document is a policy as written: the direct image of the file. Field names are the file's keys.
type Document struct {
	Policy      string               `yaml:"policy"` // the format: "hark/v1"
	Name        string               `yaml:"name"`
	Title       string               `yaml:"title"`
	Company     string               `yaml:"company"`
	Product     string               `yaml:"product,omitempty"`
	Version     string               `yaml:"version"`
	Effective   string               `yaml:"effective"` // local time in Zone, "2026-11-01T00:00"
	Zone        string               `yaml:"zone"`
	Language    string               `yaml:"language"`
	Source      string               `yaml:"source,omitempty"`
	History     []Revision           `yaml:"history,omitempty"`
	AppliesTo   *AppliesTo           `yaml:"applies_to,omitempty"`
	Assumptions []Assumption         `yaml:"assumptions,omitempty"`
	Calendars   map[string]Calendar  `yaml:"calendars"`
	Facts       map[string]Fact      `yaml:"facts,omitempty"`
	Plans       []Plan               `yaml:"plans,omitempty"`
	Levels      *Levels              `yaml:"levels,omitempty"`
	Channels    map[string]Channel   `yaml:"channels"`
	Kinds       map[string]Kind      `yaml:"kinds"`
	Intake      Intake               `yaml:"intake,omitempty"`
	Routing     []Route              `yaml:"routing,omitempty"`
	Lifecycle   Lifecycle            `yaml:"lifecycle"`
	Targets     []Target             `yaml:"targets,omitempty"`
	Trackers    map[string]Tracker   `yaml:"trackers,omitempty"`
	Issues      *Issues              `yaml:"issues,omitempty"`
	Scope       *Scope               `yaml:"scope,omitempty"`
	Escalation  []Escalation         `yaml:"escalation,omitempty"`
	Calls       *Calls               `yaml:"calls,omitempty"`
	Procedures  map[string]Procedure `yaml:"procedures,omitempty"`
	Messages    map[string]Message   `yaml:"messages,omitempty"`
	Links       map[string]string    `yaml:"links,omitempty"` // addresses that texts speak of as {{links.NAME}}
	Feedback    *Feedback            `yaml:"feedback,omitempty"`
	SelfHelp    []SelfHelp           `yaml:"self_help,omitempty"`
	Figures     []Figure             `yaml:"figures,omitempty"`
	Changes     *Changes             `yaml:"changes,omitempty"`
	Pages       map[string]Page      `yaml:"pages"`
	Scenarios   []Scenario           `yaml:"scenarios,omitempty"`
}

// Revision is one line of a document's own history (seed 001, 1.1).
type Revision struct {
	Date string `yaml:"date"`
	By   string `yaml:"by"`
	Says string `yaml:"says"`
}

type AppliesTo struct {
	ProductVersions string   `yaml:"product_versions,omitempty"`
	Roles           []string `yaml:"roles,omitempty"`
}

// Assumption is something the company has not decided yet; it is listed until somebody confirms it.
type Assumption struct {
	About string `yaml:"about"`
	Says  string `yaml:"says"`
}

// Calendar says when people are there. Week maps "mon-fri" or "sat" to one or several "HH:MM-HH:MM".
type Calendar struct {
	Zone          string            `yaml:"zone,omitempty"`
	Week          map[string]Hours  `yaml:"week"`
	Holidays      []string          `yaml:"holidays,omitempty"`
	Except        []Except          `yaml:"except,omitempty"`
	By            string            `yaml:"by,omitempty"` // the fact that chooses the region
	Regions       map[string]Region `yaml:"regions,omitempty"`
	DefaultRegion string            `yaml:"default_region,omitempty"`
}

// Hours is one interval or a list of them: "09:00-17:00" or ["09:00-12:00", "13:00-17:00"].
type Hours []string

// Except is a day that differs from the week. Hours "closed" closes it.
type Except struct {
	Date  string `yaml:"date"`
	Hours Hours  `yaml:"hours,omitempty"`
	Why   string `yaml:"why,omitempty"`
}

type Region struct {
	Label    string   `yaml:"label,omitempty"` // what customers call it
	Zone     string   `yaml:"zone"`
	Holidays []string `yaml:"holidays,omitempty"`
}

// Fact is something rules may look at, and who supplies it: the data, the agent or the customer.
type Fact struct {
	Type  string   `yaml:"type"` // bool, int, text, list, date
	SetBy string   `yaml:"set_by,omitempty"`
	Says  string   `yaml:"says"`
	OneOf []string `yaml:"one_of,omitempty"` // the values there are, for a text that a person chooses
}

// Condition is data, not code: every key must hold. A key is a fact, or any/all/not. A value is a scalar (equals), a
// list (one of) or a map of one or two operators (lt lte gt gte is_not has has_not exists).
type Condition map[string]any

type Plan struct {
	ID        string    `yaml:"id"`
	Label     string    `yaml:"label"`
	Paid      bool      `yaml:"paid,omitempty"`
	AddOn     bool      `yaml:"add_on,omitempty"`
	Who       string    `yaml:"who,omitempty"`
	HoldsWhen Condition `yaml:"holds_when,omitempty"`
	Gives     []string  `yaml:"gives,omitempty"`
	AskAt     string    `yaml:"ask_at,omitempty"`
	Public    *bool     `yaml:"public,omitempty"`
}

// Levels is an ordered table: the first row that fits decides, and says why.
type Levels struct {
	About   string                  `yaml:"about"`
	Hit     string                  `yaml:"hit,omitempty"`
	Table   []LevelRow              `yaml:"table"`
	Meaning map[string]LevelMeaning `yaml:"meaning,omitempty"`
}

type LevelRow struct {
	ID      string    `yaml:"id"`
	When    Condition `yaml:"when,omitempty"`
	Level   string    `yaml:"level"`
	Because string    `yaml:"because,omitempty"`
}

type LevelMeaning struct {
	Label   string   `yaml:"label,omitempty"`
	Support bool     `yaml:"support,omitempty"`
	May     []string `yaml:"may,omitempty"`
	Team    string   `yaml:"team,omitempty"`
}

// Channel is one way to reach the desk.
type Channel struct {
	Kind        string   `yaml:"kind"` // email portal widget phone_in phone_scheduled api community
	Address     string   `yaml:"address,omitempty"`
	Label       string   `yaml:"label,omitempty"`
	Where       string   `yaml:"where,omitempty"`
	Opens       string   `yaml:"opens"` // ticket call post
	ForPlans    []string `yaml:"for_plans,omitempty"`
	ForLevels   []string `yaml:"for_levels,omitempty"`
	SignIn      string   `yaml:"sign_in,omitempty"` // required optional none
	Calendar    string   `yaml:"calendar,omitempty"`
	Acknowledge string   `yaml:"acknowledge,omitempty"`
	Purpose     string   `yaml:"purpose,omitempty"`
	Public      *bool    `yaml:"public,omitempty"`
}

type Kind struct {
	Label   string `yaml:"label"`
	Means   string `yaml:"means,omitempty"`
	Tracker string `yaml:"tracker,omitempty"`
	Form    string `yaml:"form,omitempty"`
}

type Intake struct {
	Forms      map[string]Form `yaml:"forms,omitempty"`
	Triage     *Triage         `yaml:"triage,omitempty"`
	Review     string          `yaml:"review,omitempty"`
	QueueOrder string          `yaml:"queue_order,omitempty"` // oldest_first next_due_first priority_then_due
}

type Form struct {
	Needs   []string `yaml:"needs,omitempty"`
	MayHave []string `yaml:"may_have,omitempty"`
	Advice  string   `yaml:"advice,omitempty"`
}

type Triage struct {
	By          string   `yaml:"by,omitempty"`
	Sets        []string `yaml:"sets,omitempty"`
	DefaultKind string   `yaml:"default_kind,omitempty"`
}

// Route says who gets a ticket: the first route whose condition holds, and its else when nobody is named by the fact.
type Route struct {
	ID       string             `yaml:"id"`
	When     Condition          `yaml:"when,omitempty"`
	To       string             `yaml:"to"` // "agent: project.lead", "skill: ticket.topic", "group: senior", "pool: everyone, next available"
	LookBack *calendar.Duration `yaml:"look_back,omitempty"`
	AtLeast  int                `yaml:"at_least,omitempty"`
	Else     string             `yaml:"else,omitempty"`
	Strength string             `yaml:"strength,omitempty"`
	Note     string             `yaml:"note,omitempty"`
}

// Lifecycle is the states a ticket can be in, the moves between them, and what happens by itself when time passes.
type Lifecycle struct {
	States map[string]State `yaml:"states"`
	Moves  []Move           `yaml:"moves"`
	Timers []Timer          `yaml:"timers,omitempty"`
	Ignore []string         `yaml:"ignore,omitempty"`
}

type State struct {
	Label       string `yaml:"label"`
	PublicLabel string `yaml:"public_label,omitempty"`
	WaitsOn     string `yaml:"waits_on"`           // support customer other nobody
	Category    string `yaml:"category,omitempty"` // one of the six; by default the state's own id, or derived from waits_on, locked and initial
	Means       string `yaml:"means,omitempty"`
	Locked      bool   `yaml:"locked,omitempty"`
	Initial     bool   `yaml:"initial,omitempty"`
	Rare        bool   `yaml:"rare,omitempty"`
}

type Move struct {
	Event     string    `yaml:"event"`
	From      []string  `yaml:"from,omitempty"`
	When      Condition `yaml:"when,omitempty"`
	To        string    `yaml:"to,omitempty"`
	MayChoose []string  `yaml:"may_choose,omitempty"`
	Do        []Action  `yaml:"do,omitempty"`
}

type Timer struct {
	ID       string            `yaml:"id"`
	In       string            `yaml:"in"`
	When     Condition         `yaml:"when,omitempty"`
	After    calendar.Duration `yaml:"after"`
	Calendar string            `yaml:"calendar,omitempty"`
	Since    string            `yaml:"since,omitempty"` // entered (default) or last_agent_message
	Do       []Action          `yaml:"do"`

	// DeliverIn names a calendar in whose hours the timer acts: what comes due at night or on a holiday waits for the opening.
	DeliverIn string `yaml:"deliver_in,omitempty"`
}

// Action is one thing that is done. Exactly one field is set.
type Action struct {
	Send      string    `yaml:"send,omitempty"`
	Status    string    `yaml:"status,omitempty"`
	Tag       string    `yaml:"tag,omitempty"`
	Assign    string    `yaml:"assign,omitempty"`
	Notify    string    `yaml:"notify,omitempty"`
	Priority  string    `yaml:"priority,omitempty"`
	RaiseTo   string    `yaml:"raise_to,omitempty"`
	FollowUp  *FollowUp `yaml:"follow_up,omitempty"`
	Phase     string    `yaml:"phase,omitempty"`
	AskRating *bool     `yaml:"ask_rating,omitempty"`
	Task      string    `yaml:"task,omitempty"`
	Note      string    `yaml:"note,omitempty"`
	Publish   string    `yaml:"publish,omitempty"`
	OpenIssue *bool     `yaml:"open_issue,omitempty"`
}

type FollowUp struct {
	Keep        []string `yaml:"keep,omitempty"`
	Link        bool     `yaml:"link,omitempty"`
	Assign      string   `yaml:"assign,omitempty"` // last_agent
	Acknowledge string   `yaml:"acknowledge,omitempty"`
}

// Target is an answer that is measured. Within is the exact rule; Expect is what people are told.
type Target struct {
	ID       string             `yaml:"id"`
	When     Condition          `yaml:"when,omitempty"`
	Measure  string             `yaml:"measure"` // first_reply next_reply update resolution call_offer call_after_booking
	Within   *calendar.Duration `yaml:"within,omitempty"`
	Calendar string             `yaml:"calendar,omitempty"`
	Expect   *Expect            `yaml:"expect,omitempty"`
	Strength string             `yaml:"strength,omitempty"`
	PauseIn  []string           `yaml:"pause_in,omitempty"`
	WarnAt   string             `yaml:"warn_at,omitempty"` // "75%"
	OnWarn   []Action           `yaml:"on_warn,omitempty"`
	OnMiss   []Action           `yaml:"on_miss,omitempty"`
}

// Expect is a usual time as a range, or explicitly none.
type Expect struct {
	From *calendar.Duration `yaml:"from,omitempty"`
	To   *calendar.Duration `yaml:"to,omitempty"`
	None bool               `yaml:"none,omitempty"`
	Say  string             `yaml:"say,omitempty"`
}

// Tracker is the line of phases a customer can follow (seed 004).
type Tracker struct {
	Label    string   `yaml:"label"`
	Intro    string   `yaml:"intro,omitempty"`
	Calendar string   `yaml:"calendar,omitempty"`
	Note     string   `yaml:"note,omitempty"`
	PauseIn  []string `yaml:"pause_in,omitempty"`
	LateSays string   `yaml:"late_says,omitempty"`
	OnLate   []Action `yaml:"on_late,omitempty"`
	Phases   []Phase  `yaml:"phases"`
}

type Phase struct {
	ID           string   `yaml:"id"`
	Label        string   `yaml:"label"`
	Means        string   `yaml:"means,omitempty"`
	Expect       *Expect  `yaml:"expect,omitempty"`
	Next         string   `yaml:"next,omitempty"`
	StartsOn     string   `yaml:"starts_on,omitempty"`
	MayGoTo      []string `yaml:"may_go_to,omitempty"`
	Needs        []string `yaml:"needs,omitempty"`
	MayHave      []string `yaml:"may_have,omitempty"` // facts that may be said with it: a rough time
	SameAs       string   `yaml:"same_as,omitempty"`
	ClosesTicket bool     `yaml:"closes_ticket,omitempty"`
	Do           []Action `yaml:"do,omitempty"`
}

// Issues says how known problems and the roadmap are spoken of.
type Issues struct {
	OpensWhen              Condition `yaml:"opens_when,omitempty"`
	Horizons               []string  `yaml:"horizons,omitempty"`
	GiveDates              bool      `yaml:"give_dates,omitempty"`
	WhyNoDates             string    `yaml:"why_no_dates,omitempty"`
	CloseTicketOnHorizon   bool      `yaml:"close_ticket_on_horizon,omitempty"`
	TellReportersWhenFixed bool      `yaml:"tell_reporters_when_fixed,omitempty"`
	AnnounceIn             string    `yaml:"announce_in,omitempty"`
	Roadmap                *Roadmap  `yaml:"roadmap,omitempty"`
}

type Roadmap struct {
	Window                    string `yaml:"window,omitempty"`
	Review                    string `yaml:"review,omitempty"`
	KeepDeclinedForNextReview bool   `yaml:"keep_declined_for_next_review,omitempty"`
}

// Scope says what support covers, what staff do for customers, and where it ends.
type Scope struct {
	Covers       []Cover       `yaml:"covers,omitempty"`
	Integrations []Integration `yaml:"integrations,omitempty"`
	StaffDoes    []StaffDoes   `yaml:"staff_does,omitempty"`
	Limits       []Limit       `yaml:"limits,omitempty"`
}

type Cover struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label,omitempty"`
	Says  string `yaml:"says"`
}

// Integration is another system that the product works with by name: support covers it, or says that it does not (seed 003, 3.18).
type Integration struct {
	ID        string `yaml:"id"`
	Label     string `yaml:"label"`
	Versions  string `yaml:"versions,omitempty"` // in words: "2022 and later"
	Says      string `yaml:"says,omitempty"`
	Link      string `yaml:"link,omitempty"`       // where more is said about it
	Outside   bool   `yaml:"outside,omitempty"`    // it is not supported
	ReplyWith string `yaml:"reply_with,omitempty"` // the answer that is ready when it is not
}

// StaffDoes is a change that only the staff can make, done when the fact ticket.staff_change names it (seed 000, 0.11).
type StaffDoes struct {
	ID        string    `yaml:"id"`
	Says      string    `yaml:"says"`
	Product   string    `yaml:"product,omitempty"`
	Note      []string  `yaml:"note,omitempty"`      // what is written down with it
	OnlyFor   Condition `yaml:"only_for,omitempty"`  // who may ask for it
	Otherwise string    `yaml:"otherwise,omitempty"` // what the agent does first when somebody else asks
}

// Limit is where support ends. When its condition holds, its answer is prepared for a person to send (S3-16).
type Limit struct {
	ID        string    `yaml:"id"`
	Says      string    `yaml:"says"`
	Examples  []string  `yaml:"examples,omitempty"`
	WeStill   string    `yaml:"we_still,omitempty"`
	Instead   string    `yaml:"instead,omitempty"` // where customers can turn
	ReplyWith string    `yaml:"reply_with,omitempty"`
	When      Condition `yaml:"when,omitempty"`
}

type Escalation struct {
	ID    string    `yaml:"id"`
	Step  int       `yaml:"step,omitempty"`
	Says  string    `yaml:"says"`
	Event string    `yaml:"event"`
	When  Condition `yaml:"when,omitempty"`
	Do    []Action  `yaml:"do,omitempty"`
}

// Calls says when and how calls are booked (seed 000).
type Calls struct {
	Calendar               string              `yaml:"calendar,omitempty"`
	Lengths                []calendar.Duration `yaml:"lengths,omitempty"`
	DefaultLength          *calendar.Duration  `yaml:"default_length,omitempty"`
	Step                   *calendar.Duration  `yaml:"step,omitempty"`
	GapAfter               *calendar.Duration  `yaml:"gap_after,omitempty"`
	Notice                 *calendar.Duration  `yaml:"notice,omitempty"`
	Horizon                *calendar.Duration  `yaml:"horizon,omitempty"`
	ArrangedBy             string              `yaml:"arranged_by,omitempty"`
	CustomerOffersTimes    bool                `yaml:"customer_offers_times,omitempty"`
	ForPlans               []string            `yaml:"for_plans,omitempty"`
	Host                   string              `yaml:"host,omitempty"`
	Invite                 bool                `yaml:"invite,omitempty"`
	Reminders              []calendar.Duration `yaml:"reminders,omitempty"`
	NoShowAfter            *calendar.Duration  `yaml:"no_show_after,omitempty"`
	Purpose                []string            `yaml:"purpose,omitempty"`
	Record                 []string            `yaml:"record,omitempty"`
	Outcomes               []CallOutcome       `yaml:"outcomes,omitempty"`
	MayBeSolvedWithoutCall bool                `yaml:"may_be_solved_without_call,omitempty"`
	IfPlanEnds             string              `yaml:"if_plan_ends,omitempty"`
}

type CallOutcome struct {
	ID     string   `yaml:"id"`
	Label  string   `yaml:"label"`
	NoShow bool     `yaml:"no_show,omitempty"` // not before no_show_after has passed (S0-21)
	Ends   []string `yaml:"ends,omitempty"`    // ends of procedures that amount to this outcome, so that nobody has to choose it (S1-22)
	Do     []Action `yaml:"do,omitempty"`
}

// Procedure is a guided call: numbered steps with what to say, choices and jumps (seed 001).
type Procedure struct {
	Label   string          `yaml:"label"`
	Role    string          `yaml:"role"`
	About   string          `yaml:"about,omitempty"`
	MustNot []string        `yaml:"must_not,omitempty"`
	Start   string          `yaml:"start"`
	Steps   map[string]Step `yaml:"steps"`
}

type Step struct {
	Title string `yaml:"title,omitempty"`
	// How sure one must be of who calls before the step is gone into; "" for anybody.
	NeedsCaller string            `yaml:"needs_caller,omitempty"`
	Say         string            `yaml:"say,omitempty"`
	Hint        string            `yaml:"hint,omitempty"`
	Files       []string          `yaml:"files,omitempty"` // of the brand's library, by name: what whoever is on the phone opens beside the step
	Ask         string            `yaml:"ask,omitempty"`
	Search      *Search           `yaml:"search,omitempty"`
	Table       string            `yaml:"table,omitempty"`
	GoByLevel   map[string]string `yaml:"go_by_level,omitempty"`
	Choices     []Choice          `yaml:"choices,omitempty"`
	Do          []Action          `yaml:"do,omitempty"`
	Go          string            `yaml:"go,omitempty"`
	End         string            `yaml:"end,omitempty"`
}

type Search struct {
	In      []string `yaml:"in,omitempty"`
	By      []string `yaml:"by,omitempty"`
	Partial bool     `yaml:"partial,omitempty"`
	Show    []string `yaml:"show,omitempty"`
}

type Choice struct {
	Label    string    `yaml:"label"`
	Key      string    `yaml:"key,omitempty"`
	Hint     string    `yaml:"hint,omitempty"`
	OnlyIf   Condition `yaml:"only_if,omitempty"`
	ElseSend string    `yaml:"else_send,omitempty"`
	// How sure one must be of who calls before it can be chosen; it is shown, and locked until then.
	NeedsCaller string         `yaml:"needs_caller,omitempty"`
	Set         map[string]any `yaml:"set,omitempty"`
	Send        string         `yaml:"send,omitempty"`
	Do          []Action       `yaml:"do,omitempty"`
	Go          string         `yaml:"go,omitempty"`
}

// Message is what the company says: a mail by rule, a canned answer or something said on the phone.
type Message struct {
	Name    string    `yaml:"name,omitempty"`
	Subject string    `yaml:"subject"`
	Body    string    `yaml:"body"`
	OnlyFor Condition `yaml:"only_for,omitempty"`
	// On the phone: how sure one must be of who calls. Such a message goes to an address on file only.
	NeedsCaller string   `yaml:"needs_caller,omitempty"`
	Files       []string `yaml:"files,omitempty"` // of the brand's library, by name: what goes with it where a person sends it
	Kind        string   `yaml:"kind,omitempty"`  // system canned phone
}

// Feedback says when customers are asked how it went, and where compliments and complaints go.
type Feedback struct {
	AskOn        string             `yaml:"ask_on,omitempty"`
	Scale        string             `yaml:"scale,omitempty"`         // good_bad_comment one_to_five
	Celebrate    string             `yaml:"celebrate,omitempty"`     // the sentence with which we are glad with them
	ChangeWithin *calendar.Duration `yaml:"change_within,omitempty"` // how long a rating can be changed; 7 days when empty
	Address      string             `yaml:"address,omitempty"`
	AddressFor   string             `yaml:"address_for,omitempty"`
}

type SelfHelp struct {
	Kind                string `yaml:"kind"`
	Says                string `yaml:"says"`
	SuggestBeforeTicket bool   `yaml:"suggest_before_ticket,omitempty"`
	Comments            string `yaml:"comments,omitempty"`
	URL                 string `yaml:"url,omitempty"`
}

// Figure is a number about the desk that the page publishes, measured from its own history (seed 002, 2.4).
type Figure struct {
	ID          string             `yaml:"id"`
	Metric      string             `yaml:"metric"`
	Within      *calendar.Duration `yaml:"within,omitempty"`
	Target      string             `yaml:"target,omitempty"` // promises_kept: of which target; of all that are promises when empty
	Phase       string             `yaml:"phase,omitempty"`  // usual_phase: "bug.review", a phase after its tracker
	Says        string             `yaml:"says"`
	SourceValue string             `yaml:"source_value,omitempty"`
	Live        bool               `yaml:"live,omitempty"`
	LookBack    *calendar.Duration `yaml:"look_back,omitempty"`
}

// Changes says how customers hear that the policy has changed (seed 003, 3.21).
type Changes struct {
	ReserveRight bool               `yaml:"reserve_right,omitempty"`
	AnnounceOn   []string           `yaml:"announce_on,omitempty"` // website in_app mail
	ShowFor      *calendar.Duration `yaml:"show_for,omitempty"`    // how long the banner and the notice stay
	Notice       *calendar.Duration `yaml:"notice,omitempty"`
	Send         string             `yaml:"send,omitempty"`         // the message that is mailed
	LookBack     *calendar.Duration `yaml:"look_back,omitempty"`    // whoever wrote within this time is mailed
	OpenTickets  string             `yaml:"open_tickets,omitempty"` // keep_old move_to_new
}

// Page is published text. Each block is bound to the rules that make it true, or marked as prose.
type Page struct {
	Title    string    `yaml:"title"`
	Path     string    `yaml:"path,omitempty"`
	Audience string    `yaml:"audience"` // public internal
	Sections []Section `yaml:"sections"`
}

type Section struct {
	Section string  `yaml:"section"`
	Blocks  []Block `yaml:"blocks"`
}

type Block struct {
	Text  string   `yaml:"text"`
	Show  string   `yaml:"show,omitempty"`
	Binds []string `yaml:"binds,omitempty"`
	Prose bool     `yaml:"prose,omitempty"`
	Why   string   `yaml:"why,omitempty"`
}
