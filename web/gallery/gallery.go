// Package gallery shows every part of every page in every state, and every page with a sample day on it.
//
// It is where a change is looked at before it lands: by eye (go run ./web/gallery/look), and by the tests beside it,
// which hold every sample page to the accessibility rules, by day and by night, and to its weight.
package gallery

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"hark/web/admin"
	"hark/web/catcher"
	"hark/web/customers"
	"hark/web/demo"
	"hark/web/errorpage"
	"hark/web/feedback"
	"hark/web/inbox"
	"hark/web/maillog"
	"hark/web/me"
	"hark/web/policypage"
	"hark/web/portal"
	"hark/web/problems"
	"hark/web/rating"
	"hark/web/reports"
	"hark/web/search"
	"hark/web/shared"
	"hark/web/signin"
	"hark/web/ticket"
	"hark/web/wall"
)

// Sample is one page as it looks on the sample day.
type Sample struct {
	Name   string // its address below /gallery/
	Title  string
	Page   templ.Component
	Public bool   // for customers: no agent in the frame
	Brand  string // a brand's colour, "" for ours
	News   bool   // the policy has just changed
	Status int
}

// Samples lists every page in the states that matter.
func Samples() []Sample {
	return slices.Concat(deskSamples(), mergeSamples(), phoneSamples(), procedureSamples(), beginSamples(), editorSamples(), replaySamples(), callSamples(), hoursSamples(), customerSamples(), helpSamples(), communitySamples(), versionSamples(), newsSamples())
}

func deskSamples() []Sample {
	return []Sample{
		{Name: "inbox", Title: "Inbox", Page: inbox.Page(inboxView())},
		{Name: "inbox-empty", Title: "Inbox with nothing in it", Page: inbox.Page(emptyInbox())},
		{Name: "ticket", Title: "Ticket", Page: ticket.Page(ticketView())},
		{Name: "ticket-pending", Title: "Ticket after sending", Page: ticket.Page(pendingTicket())},
		{Name: "ticket-stale", Title: "Ticket with a stopped reply", Page: ticket.Page(staleTicket())},
		{Name: "ticket-way", Title: "Ticket on its way", Page: ticket.Page(ticketOnItsWay())},
		{Name: "ticket-moves", Title: "Ticket with two ways on", Page: ticket.Page(ticketWithMoves())},
		{Name: "ticket-outside", Title: "Ticket outside of what is supported", Page: ticket.Page(ticketOutside())},
		{Name: "ticket-change", Title: "Ticket with a change that we make", Page: ticket.Page(ticketWithChange())},
		{Name: "ticket-rated", Title: "Ticket that was solved and rated well", Page: ticket.Page(ratedTicket())},
		{Name: "ticket-closed", Title: "Closed ticket", Page: ticket.Page(closedTicket())},
		{Name: "ticket-why", Title: "All times and why", Page: ticket.Why(ticket.WhyView{Number: "4812", Subject: "The donation page sends people back to the start", Dues: ticketView().Dues})},
		{Name: "ticket-new", Title: "New ticket", Page: ticket.New(newTicket())},
		{Name: "search", Title: "Search", Page: search.Page(found())},
		{Name: "search-nothing", Title: "Search without a result", Page: search.Page(nothingFound())},
		{Name: "feedback", Title: "Complaints and compliments", Page: feedback.Page(feedbackView())},
		{Name: "feedback-none", Title: "Complaints and compliments, none", Page: feedback.Page(feedback.View{Write: true})},
		{Name: "reports", Title: "Reports", Page: reports.Page(reportView())},
		{Name: "reports-tables", Title: "Reports as tables", Page: reports.Page(reportTables())},
		{Name: "reports-few", Title: "Reports of a first week, for an agent", Page: reports.Page(fewTickets())},
		{Name: "reports-none", Title: "Reports of a time without tickets", Page: reports.Page(noTickets())},
		{Name: "report-list", Title: "The tickets behind a number", Page: reports.ListPage(behindANumber())},
		{Name: "wall", Title: "The wall", Page: wall.Page(wallView())},
		{Name: "wall-calm", Title: "The wall on a calm day", Page: wall.Page(calmWall())},
		{Name: "mail-in", Title: "Incoming mail", Page: maillog.InPage(arrivals())},
		{Name: "mail-unreadable", Title: "A mail that could not be read", Page: maillog.ArrivalPage(unreadable())},
		{Name: "mail-out", Title: "Outgoing mail", Page: maillog.OutPage(departures())},
		{Name: "mail-uncertain", Title: "A mail that was perhaps delivered", Page: maillog.DeparturePage(departure())},
		{Name: "mailboxes", Title: "Mailboxes", Page: admin.MailboxesPage(mailboxes())},
		{Name: "mailbox", Title: "A mailbox that does not work", Page: admin.MailboxPage(mailboxForm())},
		{Name: "people", Title: "People", Page: admin.PeoplePage(people())},
		{Name: "person", Title: "A person", Page: admin.PersonPage(personForm())},
		{Name: "groups", Title: "Groups", Page: admin.GroupsPage(groups())},
		{Name: "group", Title: "A group", Page: admin.GroupPage(admin.GroupForm{ID: "1", Name: "Support", Members: personForm().Groups})},
		{Name: "engineers", Title: "The engineers' trackers", Page: admin.EngineersPage(trackers())},
		{Name: "engineers-none", Title: "No tracker of engineers is connected", Page: admin.EngineersPage(admin.Engineers{})},
		{Name: "engineers-form", Title: "A tracker that has been tried", Page: admin.EngineersFormPage(trackerForm())},
		{Name: "engineers-refused", Title: "A tracker that cannot be connected", Page: admin.EngineersFormPage(refusedTracker())},
		{Name: "brands", Title: "Brands", Page: admin.BrandsPage(brands())},
		{Name: "telephones", Title: "Telephones", Page: admin.TelephonesPage(telephones())},
		{Name: "telephones-none", Title: "Telephones, none connected", Page: admin.TelephonesPage(noTelephones())},
		{Name: "customers", Title: "Customers", Page: customers.FindPage(knownLast())},
		{Name: "customers-found", Title: "Customers, found", Page: customers.FindPage(foundCustomers())},
		{Name: "customers-none", Title: "Customers, nobody found", Page: customers.FindPage(nobodyFound())},
		{Name: "customers-empty", Title: "Customers, none yet", Page: customers.FindPage(customers.Find{Keep: true})},
		{Name: "customer", Title: "A customer's record", Page: customers.RecordPage(customerRecord())},
		{Name: "customer-refused", Title: "A customer's record, a form refused", Page: customers.RecordPage(refusedRecord())},
		{Name: "customer-bare", Title: "A customer known by address", Page: customers.RecordPage(barePerson())},
		{Name: "organization", Title: "An organisation's record", Page: customers.RecordPage(organizationRecord())},
		{Name: "problems", Title: "Known problems", Page: problems.ListPage(knownProblems())},
		{Name: "problems-none", Title: "Known problems, none yet", Page: problems.ListPage(problems.List{New: "/problems/new"})},
		{Name: "problems-not", Title: "Known problems, of which no policy speaks", Page: problems.ListPage(problems.List{None: "No policy here speaks of known problems. With an issues section it says how you tell when one ends, and whether customers hear of the fix by mail."})},
		{Name: "problem", Title: "A known problem", Page: problems.RecordPage(knownProblem())},
		{Name: "problem-asks", Title: "A known problem that the engineers have closed", Page: problems.RecordPage(closedThere())},
		{Name: "problem-log", Title: "A known problem, before it is logged with the engineers", Page: problems.RecordPage(toBeLogged())},
		{Name: "problem-waits", Title: "A known problem on its way to the engineers", Page: problems.RecordPage(onItsWay())},
		{Name: "problem-fixed", Title: "A known problem that is fixed", Page: problems.RecordPage(fixedProblem())},
		{Name: "problem-write", Title: "A known problem is written down", Page: problems.FormPage(problemForm())},
		{Name: "problem-refused", Title: "A known problem, refused", Page: problems.FormPage(refusedProblem())},
		{Name: "problem-answer", Title: "The tickets of a known problem are answered", Page: problems.AnswerPage(answerMany())},
		{Name: "problem-words", Title: "The tickets of a known problem are answered in one's own words", Page: problems.AnswerPage(answerInWords())},
		{Name: "problem-link", Title: "A ticket looks for its known problem", Page: problems.LinkPage(isItKnown())},
		{Name: "ticket-problem", Title: "A ticket of a known problem", Page: ticket.Page(ticketOfProblem())},
		{Name: "me", Title: "One's own account", Page: me.Page(myAccount())},
		{Name: "brand", Title: "A brand", Page: admin.BrandPage(brandForm()), Brand: "f2b600"},
	}
}

func customerSamples() []Sample {
	return []Sample{
		{Name: "sign-in", Title: "Sign in", Page: signin.Page(signin.View{}), Public: true},
		{Name: "sign-in-wrong", Title: "Sign in, not recognised", Page: signin.Page(signin.View{Email: "ana@harbourfield.example", Wrong: "This address and password do not belong together."}), Public: true},
		{Name: "setup", Title: "First administrator", Page: signin.SetupPage(setup()), Public: true},
		{Name: "code", Title: "Sign in by mail", Page: signin.CodePage(signin.Code{}), Public: true},
		{Name: "code-sent", Title: "Sign in by mail, link sent", Page: signin.CodePage(codeSent()), Public: true},
		{Name: "once", Title: "Behind a link that works once", Page: signin.OncePage(once()), Public: true},
		{Name: "done", Title: "What a link did is done", Page: signin.DonePage("This mail is ended", "You get no more of it. The report stays on its page."), Public: true},
		{Name: "join", Title: "A new colleague chooses a password", Page: signin.OncePage(newPassword()), Public: true},
		{Name: "request-asked", Title: "A new request that waits for its link", Page: portal.AskedPage("priya@greenway.example"), Public: true},
		{Name: "portal", Title: "My requests", Page: portal.HomePage(portalHome()), Public: true},
		{Name: "me-customer", Title: "A customer's own account", Page: me.Page(herAccount()), Public: true},
		{Name: "portal-empty", Title: "My requests, none", Page: portal.HomePage(portal.Home{State: portalHome().State, SignedIn: true}), Public: true},
		{Name: "portal-visitor", Title: "Portal for a visitor", Page: portal.HomePage(visitorHome()), Public: true},
		{Name: "request-new", Title: "New request", Page: portal.NewPage(newRequest()), Public: true},
		{Name: "request-refused", Title: "New request with errors", Page: portal.NewPage(refusedRequest()), Public: true},
		{Name: "request-about", Title: "New request, about one's own", Page: portal.NewPage(requestAbout()), Public: true},
		{Name: "request-nothing", Title: "New request, nothing known", Page: portal.NewPage(requestAboutNothing()), Public: true},
		{Name: "request-door", Title: "New request, sign in first", Page: portal.NewPage(requestBehindTheDoor()), Public: true},
		{Name: "request", Title: "A request by signed link", Page: portal.TicketPage(customerTicket()), Public: true},
		{Name: "request-way", Title: "A request on its way", Page: portal.TicketPage(customerFollows()), Public: true},
		{Name: "request-waits", Title: "A request on its way that waits for its customer", Page: portal.TicketPage(customerWaits()), Public: true},
		{Name: "request-late", Title: "A request that takes longer than usual", Page: portal.TicketPage(customerLate()), Public: true},
		{Name: "request-skipped", Title: "A request with a phase that was not needed", Page: portal.TicketPage(customerDone()), Public: true, Brand: "f2b600"},
		{Name: "request-known", Title: "A request about a known problem", Page: portal.TicketPage(customerKnows()), Public: true},
		{Name: "request-fixed", Title: "A closed request whose problem is fixed", Page: portal.TicketPage(customerFixed()), Public: true},
		{Name: "request-brand", Title: "A request, in a brand's yellow", Page: portal.TicketPage(customerTicket()), Public: true, Brand: "f2b600"},
		{Name: "request-escalates", Title: "A request for which escalation can be asked", Page: portal.TicketPage(customerMayEscalate()), Public: true},
		{Name: "request-escalated", Title: "A request that somebody senior looks at", Page: portal.TicketPage(customerEscalated()), Public: true},
		{Name: "escalation", Title: "Asking for escalation", Page: portal.EscalationPage(escalating()), Public: true},
		{Name: "escalation-refused", Title: "Asking for escalation without words", Page: portal.EscalationPage(escalatingRefused()), Public: true},
		{Name: "escalation-asked", Title: "Escalation, asked for twice", Page: portal.EscalationPage(escalated()), Public: true},
		{Name: "request-closed", Title: "A closed request", Page: portal.TicketPage(customerClosed()), Public: true},
		{Name: "request-rated", Title: "A solved request, asked how it went", Page: portal.TicketPage(customerSolved()), Public: true},
		{Name: "rating", Title: "How it went, asked", Page: rating.Page(ratingAsked()), Public: true},
		{Name: "rating-five", Title: "How it went, on five steps, refused", Page: rating.Page(ratingRefused()), Public: true},
		{Name: "rating-given", Title: "How it went, said", Page: rating.Page(ratingGiven()), Public: true},
		{Name: "rating-stays", Title: "How it went, said long ago", Page: rating.Page(ratingStays()), Public: true},
		{Name: "widget", Title: "The form in a frame on another page", Page: portal.WidgetPage(widgetView()), Public: true},
		{Name: "widget-stale", Title: "The form in a frame, signed too long ago", Page: portal.WidgetPage(portal.Widget{Stale: "We cannot tell who you are any more; load the page that you are on again."}), Public: true},
		{Name: "link-ended", Title: "A link that has ended", Page: portal.EndedPage(portal.Ended{Link: "/t/sample", Words: "The form works now, thank you.\n\nOne more thing: could the list show the town as well?"}), Public: true},
		{Name: "policy", Title: "Policy page", Page: policypage.Page(policyView()), Public: true},
		{Name: "policy-none", Title: "A desk that has published nothing", Page: policypage.ReachPage(policypage.Reach{Address: "support@harbourfield.example", Ask: "/requests/new"}), Public: true},
		{Name: "policy-draft", Title: "The policy a desk begins with, for its staff", Page: policypage.Page(draftPolicy()), Public: true},
		{Name: "policy-old", Title: "An earlier policy, for an administrator", Page: policypage.Page(oldPolicy()), Public: true},
		{Name: "demo", Title: "The demo's welcome", Page: demo.Page(welcome()), Public: true},
		{Name: "outbox", Title: "Mail sent, in the demo", Page: catcher.Page(letters()), Public: true},
		{Name: "outbox-empty", Title: "Mail sent, none yet", Page: catcher.Page(catcher.View{}), Public: true},
		{Name: "letter", Title: "One mail sent, in the demo", Page: catcher.LetterPage(letter()), Public: true},
		{Name: "404", Title: "Not found", Page: errorpage.Page(errorpage.NotFound()), Public: true, Status: http.StatusNotFound},
		{Name: "403", Title: "Forbidden", Page: errorpage.Page(errorpage.Forbidden()), Public: true, Status: http.StatusForbidden},
		{Name: "409", Title: "Conflict", Page: errorpage.Page(errorpage.Conflict("/tickets/4812", "Your draft is safe.")), Public: true, Status: http.StatusConflict},
		{Name: "500", Title: "Broken", Page: errorpage.Page(errorpage.Broken("7f3a9c")), Public: true, Status: http.StatusInternalServerError},
	}
}

// Handler serves the gallery below /gallery/ with the given built assets. It needs no store: everything is sample.
func Handler(assets shared.Assets) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /gallery/{$}", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, assets, Sample{Page: Parts(Samples())})
	})
	for _, s := range Samples() {
		mux.HandleFunc("GET /gallery/"+s.Name, func(w http.ResponseWriter, r *http.Request) { show(w, r, assets, s) })
	}
	mux.HandleFunc("GET /gallery/brand.css", func(w http.ResponseWriter, r *http.Request) {
		colours, err := shared.Accent(r.URL.Query().Get("colour"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write([]byte(colours.CSS()))
	})
	mux.HandleFunc("GET /gallery/letter.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'")
		_, _ = w.Write([]byte(letterHTML))
	})
	mux.Handle("GET "+shared.AssetPath, assets.Handler())
	mux.HandleFunc("GET /favicon.ico", shared.ServeFavicon)
	return mux
}

func show(w http.ResponseWriter, r *http.Request, assets shared.Assets, s Sample) {
	const nonce = "sample"
	frame := frameFor(s, assets, r)
	frame.Nonce = nonce
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", shared.ContentSecurityPolicy(nonce))
	if s.Status != 0 {
		w.WriteHeader(s.Status)
	}
	if err := s.Page.Render(shared.With(r.Context(), frame), w); err != nil && r.Context().Err() == nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// frameFor is the frame of the sample day; ?theme, ?rows, ?demo and ?live change it for looking.
func frameFor(s Sample, assets shared.Assets, r *http.Request) shared.Frame {
	q := r.URL.Query()
	f := shared.Frame{
		Assets: assets, CSRF: "sample",
		Brand:       shared.Brand{Name: "Harbour & Field", Policy: "/support", News: "/whats-new", Roadmap: "/roadmap", Help: "/help", Community: "/community", Email: "support@harbourfield.example"},
		Clock:       shared.Clock{Open: true, Says: "Open until 17:00 ET", URL: "/support#hours"},
		Preferences: shared.Preferences{Theme: q.Get("theme"), Compact: q.Get("rows") == "compact"},
	}
	if q.Has("live") {
		f.Live = "/gallery/live"
	}
	if s.Brand != "" {
		f.Brand.Style = "/gallery/brand.css?colour=" + s.Brand
	}
	if !s.Public {
		f.Person, f.Admin, f.Phone, f.Calls, f.Problems, f.Publishes, f.Counts = &ana, true, true, true, true, true, shared.Counts{Inbox: "9", Held: "2", Phone: "1"}
		f.Articles = "/articles"
	}
	if s.News {
		f.News = news()
	}
	if q.Has("demo") {
		f.Demo = &shared.Demo{Now: at("", "Fri 20 Nov 2026, 15:29 EST", "2026-11-20T15:29:00-05:00"), Next: "Sat 16:30, first reminder to Priya Raman"}
	}
	return f
}
