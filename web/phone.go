package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/phone"
	"hark/web/shared"
	"hark/web/visit"
)

// call shows the screen of one telephone call.
func (h *house) call(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	view, err := h.phoneView(v, id)
	if err != nil {
		return err
	}
	return h.show(v, phone.Page(view))
}

// callersFound is the part of the screen that names candidates, for somebody who types.
func (h *house) callersFound(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	view, err := h.phoneView(v, id)
	if err != nil {
		return err
	}
	frame, err := h.frame(v)
	if err != nil {
		return err
	}
	v.Request = v.Request.WithContext(shared.With(v.Context(), frame))
	return v.Render(phone.Found(view))
}

// beginCall opens the screen of a new call.
func (h *house) beginCall(v *visit.Visit) error {
	var in struct {
		Brand     int64  `form:"brand"`
		Direction string `form:"direction"`
		Number    string `form:"number"`
		Ticket    int64  `form:"ticket"`
		Key       string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	id, err := h.desk.BeginCall(v.Context(), v.Actor, desk.NewCall{Brand: in.Brand, Direction: in.Direction, Number: in.Number, Ticket: in.Ticket, Key: in.Key})
	if err != nil {
		return err
	}
	return v.SeeOther("/phone/" + number(id))
}

// onLine answers a form of the call's screen: what was refused stands above the step, everything else leads back to it.
func (h *house) onLine(do func(v *visit.Visit, id int64) error) visit.Handler {
	return func(v *visit.Visit) error {
		id, err := v.Number("id")
		if err != nil {
			return err
		}
		err = do(v, id)
		if errors.Is(err, visit.ErrForm) {
			return err
		}
		if kind := fault.KindOf(err); kind == fault.Refused || kind == fault.Invalid || kind == fault.Conflict || kind == fault.TooMany {
			view, viewErr := h.phoneView(v, id)
			if viewErr != nil {
				return viewErr
			}
			view.Wrong = sentence(fault.Says(err))
			view.Typed(v.Request.PostFormValue("note"))
			return h.showStatus(v, http.StatusUnprocessableEntity, phone.Page(view))
		}
		if err != nil {
			return err
		}
		return v.SeeOther("/phone/" + number(id))
	}
}

// simply is a form without fields.
func simply(v *visit.Visit) error { return v.Form(&struct{}{}) }

func (h *house) answerCall(v *visit.Visit, id int64) error {
	var in struct {
		Step string `form:"step"`
		Base int64  `form:"base"`
		Key  string `form:"key"`
		Said string `form:"said"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.AnswerStep(v.Context(), v.Actor, desk.StepAnswer{Call: id, Step: in.Step, Base: int(in.Base), Key: in.Key, Said: in.Said})
}

func (h *house) stepBack(v *visit.Visit, id int64) error {
	var in struct {
		Step string `form:"step"`
		Base int64  `form:"base"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.StepBack(v.Context(), v.Actor, id, in.Step, int(in.Base))
}

func (h *house) chooseCaller(v *visit.Visit, id int64) error {
	var in struct {
		Query string `form:"q"`
		Who   string `form:"who"` // the person's number and what it is about: "12/licence:3"
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	person, about, _ := strings.Cut(in.Who, "/")
	n, err := strconv.ParseInt(person, 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	return h.desk.ChooseCaller(v.Context(), v.Actor, desk.Chosen{Call: id, Query: in.Query, Person: n, About: about})
}

func (h *house) takeBackMail(v *visit.Visit, id int64) error {
	var in struct {
		Mail int64 `form:"mail"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.TakeBackPhoneMail(v.Context(), v.Actor, id, in.Mail)
}

func (h *house) sendElsewhere(v *visit.Visit, id int64) error {
	var in struct {
		Message string `form:"message"`
		Address string `form:"address"`
		Key     string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.SendElsewhere(v.Context(), v.Actor, desk.Elsewhere{Call: id, Message: in.Message, Address: in.Address, Key: in.Key})
}

// mailCallerCode mails the caller a code to read out.
func (h *house) mailCallerCode(v *visit.Visit, id int64) error {
	var in struct {
		Key string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.MailCallerCode(v.Context(), v.Actor, id, in.Key)
}

// verifyCaller takes what they read out.
func (h *house) verifyCaller(v *visit.Visit, id int64) error {
	var in struct {
		Said string `form:"said"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.VerifyCaller(v.Context(), v.Actor, id, in.Said)
}

func (h *house) noteCall(v *visit.Visit, id int64) error {
	var in struct {
		Note string `form:"note"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.NoteCall(v.Context(), v.Actor, id, in.Note)
}

// ticketOfCall makes a ticket of the call, with the note as it stands in whichever form was sent. The screen stays: the caller may still be
// on the line.
func (h *house) ticketOfCall(v *visit.Visit, id int64) error {
	var in struct {
		Note    string `form:"note"`
		Outcome string `form:"outcome"` // of the form of the record, which is kept with a button of its own
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, err := h.desk.TicketOfCall(v.Context(), v.Actor, desk.TicketOfCall{Call: id, Note: in.Note})
	return err
}

func (h *house) numberCall(v *visit.Visit, id int64) error {
	var in struct {
		Number string `form:"number"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.CallNumber(v.Context(), v.Actor, id, in.Number)
}

func (h *house) parkCall(v *visit.Visit, id int64) error {
	var in struct {
		Reason string `form:"reason"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.ParkCall(v.Context(), v.Actor, id, in.Reason)
}

func (h *house) handOverCall(v *visit.Visit, id int64) error {
	var in struct {
		To     string `form:"to"` // "group:3" or "person:7"
		Reason string `form:"reason"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	kind, text, _ := strings.Cut(in.To, ":")
	to, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "choose to whom the call goes")
	}
	handed := desk.HandedCall{Call: id, Reason: in.Reason, Person: to}
	if kind == "group" {
		handed.Group, handed.Person = to, 0
	}
	return h.desk.HandOverCall(v.Context(), v.Actor, handed)
}

func (h *house) takeUpCall(v *visit.Visit, id int64) error {
	var in struct {
		Seen string `form:"seen"` // how the call stood on the page
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.TakeUpCall(v.Context(), v.Actor, id, in.Seen)
}

func (h *house) hangUp(v *visit.Visit, id int64) error {
	if err := simply(v); err != nil {
		return err
	}
	return h.desk.HangUp(v.Context(), v.Actor, id)
}

func (h *house) endCall(v *visit.Visit, id int64) error {
	var in struct {
		Outcome string `form:"outcome"`
		Note    string `form:"note"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.KeepCall(v.Context(), v.Actor, desk.CallRecord{Call: id, Outcome: orAnything(in.Outcome), None: in.Outcome == anything, Note: in.Note})
}

func (h *house) passOnCall(v *visit.Visit, id int64) error {
	if err := simply(v); err != nil {
		return err
	}
	return h.desk.PassOnCall(v.Context(), v.Actor, id)
}

// mostTold is how large an exchange's event may be.
const mostTold = 16 << 10

// eventBody is the body of an event, which is short.
func eventBody(v *visit.Visit) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(v.Request.Body, mostTold+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the event did not come whole")
	}
	if len(body) > mostTold {
		return nil, fault.New(fault.TooLarge, "an event has at most %d kB", mostTold>>10)
	}
	return body, nil
}

// hearExchange takes an event of a telephone exchange. The signature is the only proof; whoever sends it is nobody to us.
func (h *house) hearExchange(v *visit.Visit) error {
	body, err := eventBody(v)
	if err != nil {
		return err
	}
	header := v.Request.Header
	if _, err := h.desk.HearExchange(v.Context(), body, header.Get("Hark-Timestamp"), header.Get("Hark-Signature")); err != nil {
		return err
	}
	v.Writer.WriteHeader(http.StatusNoContent)
	return nil
}

var foundBy = map[string]string{"website": "by the website", "order": "by an order number", "key": "by a licence key", "number": "by the number that calls", "name": "by name"}

var sureSays = map[string]string{
	policy.Claimed: "Claimed: they say so", policy.Matched: "Matched: they know what few know", policy.Verified: "Verified: they have proved it",
}

// provedBy is what has proved who called.
var provedBy = map[string]string{"code": "by a code in a mail to them", "page": "by the number on their own page"}

var callStates = map[store.PhoneState]string{store.PhoneRinging: "Rings", store.PhoneOpen: "On the line", store.PhoneParked: "Parked", store.PhoneOver: "To be recorded", store.PhoneMissed: "Missed"}
