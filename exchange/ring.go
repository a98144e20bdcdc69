package exchange

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// How calls are heard: each rings along until the exchange takes it away.

// longestRing is how long a call rings along at most.
const longestRing = 5 * time.Minute

const allow = "INVITE, ACK, CANCEL, BYE, OPTIONS"

// answer says what becomes of each kind of request.
func (s *session) answer(server *sipgo.Server) {
	server.OnInvite(s.ours(s.invite))
	server.OnBye(s.ours(s.bye))
	server.OnCancel(s.ours(func(req *sip.Request, tx sip.ServerTransaction) {
		s.respond(req, tx, 481, "Call/Transaction Does Not Exist")
	}))
	server.OnAck(func(*sip.Request, sip.ServerTransaction) {})
	server.OnOptions(s.ours(func(req *sip.Request, tx sip.ServerTransaction) { s.respond(req, tx, 200, "OK") })) // is it still there?
	server.OnNoRoute(s.ours(func(req *sip.Request, tx sip.ServerTransaction) { s.respond(req, tx, 405, "Method Not Allowed") }))
}

// ours lets only requests through that know our name; others get no answer, as if nobody were here. A mistake of ours costs one request
// and not the desk.
func (s *session) ours(do sipgo.RequestHandler) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		defer func() {
			if cause := recover(); cause != nil {
				slog.Error("a request of the exchange was not understood", "cause", cause, "stack", string(debug.Stack()))
			}
		}()
		if req.Recipient.User == s.door.token {
			do(req, tx)
		}
	}
}

func (s *session) respond(req *sip.Request, tx sip.ServerTransaction, code int, reason string) {
	res := sip.NewResponseFromRequest(req, code, reason, nil)
	if code == 180 {
		res.AppendHeader(s.contact())
	}
	if code == 200 || code == 405 {
		res.AppendHeader(sip.NewHeader("Allow", allow))
	}
	_ = tx.Respond(res) // to a connection that is lost nobody can say anything
}

// invite hears a call. It is told before it is answered with 180, and never accepted.
func (s *session) invite(req *sip.Request, tx sip.ServerTransaction) {
	id := callID(req)
	if to := req.To(); id == "" || to == nil {
		s.respond(req, tx, 400, "Bad Request")
		return
	} else if tag, inDialog := to.Params.Get("tag"); inDialog && tag != "" {
		s.respond(req, tx, 481, "Call/Transaction Does Not Exist")
		return
	}
	ends, known, full := s.calls.begin(id)
	switch {
	case known: // the same call by another way (RFC 3261, 8.2.2.2)
		s.respond(req, tx, 482, "Loop Detected")
		return
	case full:
		s.respond(req, tx, 486, "Busy Here")
		return
	}
	defer s.calls.over(id)
	s.ring(req, tx, ends)
}

func (s *session) ring(req *sip.Request, tx sip.ServerTransaction, ends chan string) {
	id := callID(req)
	if !tx.OnCancel(func(cancel *sip.Request) { s.calls.end(id, eventOf(cancel)) }) {
		s.calls.end(id, ended)
	}
	told := rung(req, s.e.Line.Country, s.e.Now())
	if !s.tell(told.Call, func(ctx context.Context) error { return s.e.Hear(ctx, told) }) {
		s.respond(req, tx, 480, "Temporarily Unavailable")
		return
	}
	s.respond(req, tx, 180, "Ringing")
	event, hung := s.until(req, tx, ends)
	if !hung {
		return // the desk leaves; the other telephones ring on
	}
	told.What, told.Event, told.At = event, event, s.e.Now()
	s.tell(told.Call, func(ctx context.Context) error { return s.e.Hear(ctx, told) })
}

const (
	answered = "answered"
	ended    = "ended"
)

// eventOf is what a CANCEL means for the call.
func eventOf(cancel *sip.Request) string {
	if answeredElsewhere(cancel) {
		return answered
	}
	return ended
}

// until waits for the end of the ringing, and returns with which event it came; false when it rings on elsewhere.
func (s *session) until(req *sip.Request, tx sip.ServerTransaction, ends chan string) (event string, hung bool) {
	tooLong := time.NewTimer(longestRing)
	defer tooLong.Stop()
	select {
	case event := <-ends:
		s.respond(req, tx, 487, "Request Terminated") // after a CANCEL it was said already
		return event, true
	case <-tx.Done():
		select {
		case event := <-ends:
			return event, true
		default:
		}
		return ended, s.ctx.Err() == nil
	case <-tooLong.C:
		s.respond(req, tx, 480, "Temporarily Unavailable")
		return ended, true
	case <-s.ctx.Done():
		s.respond(req, tx, 480, "Temporarily Unavailable")
		return "", false
	}
}

// bye ends a call that rings; a caller who has heard it ring may hang up in this way as well (RFC 3261, 15).
func (s *session) bye(req *sip.Request, tx sip.ServerTransaction) {
	if !s.calls.end(callID(req), ended) {
		s.respond(req, tx, 481, "Call/Transaction Does Not Exist")
		return
	}
	s.respond(req, tx, 200, "OK")
}

const (
	tellFor    = 5 * time.Second
	tellPause  = time.Second
	mostTrials = 3
)

// tell keeps an event, and tries again when the database is away for a moment. An event that was kept is kept once.
func (s *session) tell(call string, hear func(ctx context.Context) error) bool {
	var err error
	for trial := range mostTrials {
		if trial > 0 {
			time.Sleep(tellPause)
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), tellFor)
		err = hear(ctx)
		cancel()
		if err == nil {
			return true
		}
	}
	slog.Error("an event of the exchange could not be kept", "call", call, "error", err)
	return false
}
