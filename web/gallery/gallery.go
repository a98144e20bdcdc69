// Package gallery shows every part of every page in every state, and every page with a sample day on it.
//
// It is where a change is looked at before it lands: by eye (go run ./web/gallery/look), and by the tests beside it,
// which hold every sample page to the accessibility rules, by day and by night, and to its weight.
package gallery

import (
	"net/http"

	"github.com/a-h/templ"

	"hark/web/inbox"
	"hark/web/shared"
	"hark/web/ticket"
)

// Sample is one page as it looks on the sample day.
type Sample struct {
	Name   string // its address below /gallery/
	Title  string
	Page   templ.Component
	Public bool   // for customers: no agent in the frame
	Brand  string // a brand's colour, "" for ours
	Status int
}

// Samples lists every page in the states that matter.
func Samples() []Sample {
	return []Sample{
		{Name: "inbox", Title: "Inbox", Page: inbox.Page(inboxView())},
		{Name: "inbox-empty", Title: "Inbox with nothing in it", Page: inbox.Page(emptyInbox())},
		{Name: "ticket", Title: "Ticket", Page: ticket.Page(ticketView())},
		{Name: "ticket-pending", Title: "Ticket after sending", Page: ticket.Page(pendingTicket())},
		{Name: "ticket-stale", Title: "Ticket with a stopped reply", Page: ticket.Page(staleTicket())},
		{Name: "ticket-closed", Title: "Closed ticket", Page: ticket.Page(closedTicket())},
		{Name: "ticket-why", Title: "All times and why", Page: ticket.Why(ticket.WhyView{Number: "4812", Subject: "The donation page sends people back to the start", Dues: ticketView().Dues})},
		{Name: "ticket-new", Title: "New ticket", Page: ticket.New(ticket.Form{})},
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
	mux.Handle("GET "+shared.AssetPath, assets.Handler())
	mux.HandleFunc("GET /favicon.svg", shared.ServeFavicon)
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

// frameFor is the frame of the sample day; ?theme, ?rows and ?demo change it for looking.
func frameFor(s Sample, assets shared.Assets, r *http.Request) shared.Frame {
	q := r.URL.Query()
	f := shared.Frame{
		Assets: assets, CSRF: "sample",
		Brand:       shared.Brand{Name: "Harbour & Field", Policy: "/support", Email: "support@harbourfield.example"},
		Clock:       shared.Clock{Open: true, Says: "Open until 17:00 ET", URL: "/support#hours"},
		Preferences: shared.Preferences{Theme: q.Get("theme"), Compact: q.Get("rows") == "compact"},
	}
	if s.Brand != "" {
		f.Brand.Style = "/gallery/brand.css?colour=" + s.Brand
	}
	if !s.Public {
		f.Person, f.Admin, f.Counts = &ana, true, shared.Counts{Inbox: 9, Held: 2}
	}
	if q.Has("demo") {
		f.Demo = &shared.Demo{Now: at("", "Fri 20 Nov 2026, 15:29 EST", "2026-11-20T15:29:00-05:00"), Next: "Sat 16:30, first reminder to Priya Raman"}
	}
	return f
}
