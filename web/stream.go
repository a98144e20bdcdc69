package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/web/visit"
)

// stream is one open page that listens. It counts what is new in the page's list, and tells when the page's ticket changed.
type stream struct {
	house   *house
	visit   *visit.Visit
	control *http.ResponseController
	subject string    // "list:next" or "ticket:4812"
	token   string    // asked again now and then, so that an ended session hears nothing more (B5)
	since   time.Time // when the page was made, or began to listen
	told    time.Time // when it was last told something
	fresh   map[int64]bool
	present string         // who else was there when the page was last told to ask
	rang    map[int64]bool // the calls that the reader was told of
}

// news is what changed within a moment.
type news struct {
	tickets    map[int64]bool
	calls      map[int64]bool
	everything bool // something changed that nobody could name: another program wrote to the database, or a connection was lost
}

func (n *news) add(c store.Change) {
	if n.everything = n.everything || c.Missed; c.Missed {
		return
	}
	if c.Call != 0 {
		if n.calls == nil {
			n.calls = map[int64]bool{}
		}
		n.calls[c.Call] = true
	}
	if c.Ticket == 0 {
		return
	}
	if n.tickets == nil {
		n.tickets = map[int64]bool{}
	}
	n.tickets[c.Ticket] = true
}

func (n news) concerns(ticket int64) bool { return n.everything || n.tickets[ticket] }

const (
	heartbeat = 15 * time.Second
	gather    = 150 * time.Millisecond // a burst of mail is one piece of news
	ringsIn   = 40 * time.Millisecond  // a telephone does not wait: so soon is told that it rings
	apart     = 800 * time.Millisecond // between two pieces: each costs a look at the list for every open page
	again     = 2 * time.Second        // after a look that the database did not answer
)

// run tells until the reader leaves, the session ends, or the server stops. A database that is away for a while ends nothing: the page
// hears what it missed when it is back.
func (s *stream) run() {
	s.fresh, s.rang, s.since = map[int64]bool{}, map[int64]bool{}, s.house.desk.Now()
	ctx := s.visit.Context()
	changes := s.house.desk.Changes(ctx)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	others, leave := s.enter()
	defer leave()
	if s.subject != wallSubject { // a screen on the wall is nobody
		defer s.house.presence.arrive(s.visit.Actor.Person, s.visit.Person.Display())()
	}
	err := s.flush(": here\n\n")
	if err == nil {
		err = s.catchUp()
	}
	for back := (<-chan time.Time)(nil); err == nil || fault.Is(err, fault.Unavailable); {
		if err != nil && back == nil {
			back = time.After(again)
		}
		select {
		case <-ctx.Done():
			return
		case <-back:
			back, err = nil, s.whileSignedIn(func() error { return s.tell(news{everything: true}) })
		case <-beat.C:
			err = s.whileSignedIn(s.beat)
		case <-others:
			err = s.whileSignedIn(s.tellPresence)
		case change, open := <-changes:
			if !open || s.about(change) {
				return
			}
			err = s.whileSignedIn(func() error { return s.hear(change, changes) })
		}
	}
}

// beat keeps the connection, and looks at what time alone changes.
func (s *stream) beat() error {
	for _, tell := range []func() error{func() error { return s.flush(": still here\n\n") }, s.tellPresence, s.tellWall} {
		if err := tell(); err != nil {
			return err
		}
	}
	return nil
}

// enter makes the reader present on the page's ticket, when it is one they may see.
func (s *stream) enter() (others <-chan struct{}, leave func()) {
	id, isTicket := s.ticket()
	if sees, err := s.house.desk.MaySee(s.visit.Context(), s.visit.Actor, id); !isTicket || err != nil || !sees {
		return nil, func() {}
	}
	return s.house.presence.enter(id, s.visit.Actor.Person, s.visit.Person.Display())
}

// ticket is the number of the ticket the page shows; false when it shows another thing.
func (s *stream) ticket() (int64, bool) {
	text, isTicket := strings.CutPrefix(s.subject, "ticket:")
	id, err := strconv.ParseInt(text, 10, 64)
	return id, isTicket && err == nil
}

// tellPresence lets the page ask who else is there, when that has changed. It names nobody (B9).
func (s *stream) tellPresence() error {
	id, isTicket := s.ticket()
	if !isTicket {
		return nil
	}
	says := s.house.presence.says(id, s.visit.Actor.Person, time.Now())
	if says == s.present {
		return nil
	}
	sees, err := s.house.desk.MaySee(s.visit.Context(), s.visit.Actor, id)
	if err == nil && !sees {
		err = fault.New(fault.Unsigned, "no longer yours to see")
	}
	if err != nil {
		return err
	}
	s.present = says
	return s.send("presence", map[string]string{"id": number(id)})
}

// wallSubject is what a wall listens to.
const wallSubject = "wall"

// tellWall lets a wall look again. Time alone moves what stands there, so it looks with every beat and no oftener.
func (s *stream) tellWall() error {
	if s.subject != wallSubject {
		return nil
	}
	return s.send("wall", map[string]string{})
}

// catchUp tells what happened between the making of the page and the first moment of the stream. A page that did not listen for a
// while, because it lay behind others or was refused, hears also what does not say how old it is.
func (s *stream) catchUp() error {
	if s.visit.Query("missed") == "yes" {
		if err := s.missed(); err != nil {
			return err
		}
	}
	if err := s.ringing(); err != nil {
		return err
	}
	since, err := strconv.ParseInt(s.visit.Query("since"), 10, 64)
	if err != nil {
		return nil // the page shows nothing that could be old
	}
	if view, isList := strings.CutPrefix(s.subject, "list:"); isList {
		s.since = time.UnixMicro(since)
		return s.tellList(view, news{everything: true})
	}
	if call, isCall := s.call(); isCall {
		return s.tellCall(call, since)
	}
	id, isTicket := s.ticket()
	if !isTicket {
		return nil
	}
	page, err := s.house.desk.TicketPage(s.visit.Context(), s.visit.Actor, id)
	if err != nil || int64(page.Last) <= since {
		return err
	}
	return s.tell(news{tickets: map[int64]bool{id: true}})
}

// missed tells of the calls that ring, and lets a list of calls and a wall look again.
func (s *stream) missed() error {
	if err := s.ring(news{everything: true}); err != nil {
		return err
	}
	if s.subject == "calls" {
		return s.send("call", map[string]string{"id": ""})
	}
	return s.tellWall()
}

// about reports whether a change is about what the reader may see. Then the stream ends: the page asks for another, and is
// given what is theirs now (B9).
func (s *stream) about(c store.Change) bool { return c.Person != 0 && c.Person == s.visit.Actor.Person }

// whileSignedIn does something for a reader who is still signed in as a colleague.
func (s *stream) whileSignedIn(do func() error) error {
	_, actor, err := s.house.desk.Whoever(s.visit.Context(), s.token)
	if err != nil {
		return err
	}
	if s.visit.Actor = actor; !actor.Staff() {
		return fault.New(fault.Unsigned, "no longer signed in")
	}
	return do()
}

// hear takes a change, and those that follow at once, and tells what concerns this page.
func (s *stream) hear(change store.Change, changes <-chan store.Change) error {
	about := news{}
	about.add(change)
	pause := time.NewTimer(max(gather, apart-time.Since(s.told)))
	defer pause.Stop()
	rings := time.NewTimer(ringsIn)
	defer rings.Stop()
	for waiting := true; waiting; {
		select {
		case <-rings.C:
			if err := s.ring(about); err != nil {
				return err
			}
		case more, open := <-changes:
			if !open {
				return io.EOF
			}
			if s.about(more) {
				return io.EOF
			}
			about.add(more)
			if more.Call != 0 {
				rings.Reset(ringsIn)
			}
		case <-pause.C:
			waiting = false
		}
	}
	s.told = time.Now()
	return s.tell(about)
}

// call is the number of the telephone call the page shows; false when it shows another thing.
func (s *stream) call() (int64, bool) {
	text, isCall := strings.CutPrefix(s.subject, "call:")
	id, err := strconv.ParseInt(text, 10, 64)
	return id, isCall && err == nil
}

// tellCall lets the screen of a call look again, unless it shows already what there is.
func (s *stream) tellCall(id, shown int64) error {
	page, err := s.house.desk.PhonePage(s.visit.Context(), s.visit.Actor, id, "")
	if err != nil {
		return err // no longer theirs to see, or not just now
	}
	if page.Mark() == shown {
		return nil
	}
	return s.send("call", map[string]string{"id": number(id)})
}

// ring offers a call to whoever is rung, or to everybody in the group it was handed to. It never takes the page away.
func (s *stream) ring(about news) error {
	if len(about.calls) == 0 && !about.everything || !access.May(s.visit.Actor, access.TakeCalls) {
		return nil
	}
	open, err := s.house.desk.OpenPhoneCalls(s.visit.Context(), s.visit.Actor)
	if err != nil {
		return err
	}
	if err := s.send("counts", map[string]string{"phone": beside(store.Count(len(open)))}); err != nil {
		return err
	}
	offered := map[int64]bool{}
	for _, c := range open {
		if c.State != store.PhoneRinging && !handed(c, s.visit.Actor) {
			continue
		}
		offered[c.ID] = true
		if err := s.offer(c, about); err != nil {
			return err
		}
	}
	return s.quiet(about, offered)
}

// ringing offers what rings at the reader while their page opens. The list of calls shows it already.
func (s *stream) ringing() error {
	if s.subject == "calls" || !access.May(s.visit.Actor, access.TakeCalls) {
		return nil
	}
	open, err := s.house.desk.OpenPhoneCalls(s.visit.Context(), s.visit.Actor)
	for _, c := range open {
		if c.State == store.PhoneRinging {
			err = errors.Join(err, s.offer(c, news{everything: true}))
		}
	}
	return err
}

// offer tells of a call once, and not on its own screen.
func (s *stream) offer(c store.PhoneCall, about news) error {
	if shows, here := s.call(); here && shows == c.ID || s.rang[c.ID] || !about.calls[c.ID] && !about.everything {
		return nil
	}
	s.rang[c.ID] = true
	return s.send("ring", map[string]string{"id": number(c.ID), "says": ringSays(c)})
}

// quiet takes an offer back when somebody has the call, or nobody is left on the line.
func (s *stream) quiet(about news, offered map[int64]bool) error {
	for id := range about.calls {
		if offered[id] {
			continue
		}
		delete(s.rang, id) // it may be handed over once more
		if err := s.send("quiet", map[string]string{"id": number(id)}); err != nil {
			return err
		}
	}
	return nil
}

// handed reports whether a parked call waits for somebody to whom it was given.
func handed(c store.PhoneCall, a access.Actor) bool {
	return c.State == store.PhoneParked && c.Reason != "another call" && (c.Agent == 0 || c.Agent == a.Person)
}

func ringSays(c store.PhoneCall) string {
	who := cmp.Or(c.Number, "Somebody")
	if c.State == store.PhoneParked {
		return "A call was handed over: " + c.Reason
	}
	return who + " is calling"
}

func (s *stream) tell(about news) error {
	if err := s.ring(about); err != nil {
		return err
	}
	if s.subject == "calls" && (len(about.calls) > 0 || about.everything) {
		return s.send("call", map[string]string{"id": ""})
	}
	if id, isCall := s.call(); isCall && (about.calls[id] || about.everything) {
		return s.tellCall(id, -1)
	}
	if view, isList := strings.CutPrefix(s.subject, "list:"); isList {
		return s.tellList(view, about)
	}
	id, isTicket := s.ticket()
	if !isTicket || !about.concerns(id) {
		return nil
	}
	if _, err := s.house.desk.TicketPage(s.visit.Context(), s.visit.Actor, id); err != nil {
		return err // no longer theirs to see, or not just now
	}
	return s.send("ticket", map[string]string{"id": number(id), "says": "Something new in this ticket"})
}

// tellList says how many rows of the page's list changed since the page was made. Only what stands in the reader's own
// list counts, so a row that is not theirs is not even a number.
func (s *stream) tellList(view string, about news) error {
	filter, known, err := s.house.filterOf(s.visit, listNamed(view))
	if err != nil || !known {
		return err
	}
	page, err := s.house.desk.Inbox(s.visit.Context(), s.visit.Actor, filter)
	if err != nil {
		return err
	}
	for _, row := range page.Items {
		if about.tickets[row.ID] || about.everything && row.Updated.After(s.since) {
			s.fresh[row.ID] = true
		}
	}
	counts, err := s.house.desk.Counts(s.visit.Context(), s.visit.Actor, store.Next) // anew: a stream is one long visit
	if err != nil {
		return err
	}
	if err := s.send("counts", map[string]string{"inbox": beside(counts[store.Next])}); err != nil {
		return err
	}
	return s.send("list", map[string]any{"view": view, "count": len(s.fresh)})
}

func (s *stream) send(event string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.flush(fmt.Sprintf("event: %s\ndata: %s\n\n", event, body))
}

func (s *stream) flush(text string) error {
	if _, err := io.WriteString(s.visit.Writer, text); err != nil {
		return err
	}
	return s.control.Flush()
}
