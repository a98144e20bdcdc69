package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"hark/desk"
	"hark/fault"
	"hark/web/admin"
	"hark/web/shared"
	"hark/web/visit"
)

// Where an administrator connects telephones.

// TryLine asks an exchange whether it would let the desk ring along, and changes nothing there.
type TryLine func(ctx context.Context) desk.TriedWay

func (h *house) telephones(v *visit.Visit) error {
	return h.telephonesPage(v, http.StatusOK, func(*admin.Telephones) {})
}

// telephonesPage shows what is set, and over it what change has to say of a form that was just sent.
func (h *house) telephonesPage(v *visit.Visit, status int, change func(*admin.Telephones)) error {
	set, err := h.desk.Telephony(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	secret, err := h.desk.ExchangeSecret(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := admin.Telephones{
		Line: h.lineForm(v, set),
		Twilio: admin.TwilioForm{
			Way: h.wayOf(v, set, desk.HeardTwilio, set.HasTwilio, "Its callbacks are heard."), Address: h.desk.URL() + twilioPath, On: set.HasTwilio,
		},
		Exchange: admin.Exchange{Way: h.wayOf(v, set, desk.HeardExchange, true, "Signed events are heard."), Address: h.desk.URL() + "/api/calls/events", Secret: secret},
		Numbers:  numbersText(set),
	}
	change(&page)
	return h.showStatus(v, status, admin.TelephonesPage(page))
}

func (h *house) lineForm(v *visit.Visit, set desk.TelephonyPage) admin.LineForm {
	form := admin.LineForm{Server: set.Line.Server, User: set.Line.User, Country: set.Line.Country, HasPassword: set.HasPassword, On: set.Line.Server != ""}
	form.Transports = transports(set.Line.Transport)
	form.Way = h.wayOf(v, set, desk.HeardSIP, form.On, "It is about to register.")
	if form.On {
		form.Way = h.lineStands(v, set.Stands, form.Way)
	}
	return form
}

// lineStands is how the extension does, as the node has said that holds it.
func (h *house) lineStands(v *visit.Visit, s desk.LineStands, way admin.Way) admin.Way {
	switch {
	case s.Says == "":
		way.State = ""
	case h.desk.Now().After(s.Until):
		way.State, way.Says = "bad", "No server is registered at the moment."
	case s.Good:
		way.State, way.Says = "good", s.Says+" since "+h.time(v, s.Since).Exact+"."
	default:
		way.State, way.Says = "bad", s.Says
	}
	return way
}

var transportSays = map[string]string{"udp": "UDP", "tcp": "TCP", "tls": "TLS: nobody on the way reads along"}

func transports(chosen string) (all []shared.Option) {
	for _, one := range desk.Transports {
		all = append(all, shared.Option{Value: one, Label: transportSays[one], Chosen: one == chosen})
	}
	return all
}

// wayOf is how a way does that is heard only when somebody calls.
func (h *house) wayOf(v *visit.Visit, set desk.TelephonyPage, source string, on bool, says string) admin.Way {
	if !on {
		return admin.Way{Says: "Not connected."}
	}
	last := set.Heard[source]
	if last.IsZero() {
		return admin.Way{Says: says, Last: "No call has been heard yet."}
	}
	return admin.Way{State: "good", Says: says, Last: "The last call was heard " + h.time(v, last).Relative + "."}
}

// numbersText are the numbers of agents as they are written, one a line.
func numbersText(set desk.TelephonyPage) string {
	var lines []string
	for _, e := range set.Extensions {
		if agent := set.Agents[e.Agent]; agent.ID != 0 {
			lines = append(lines, e.Number+" "+agent.Email)
		}
	}
	return strings.Join(lines, "\n")
}

func (h *house) saveLine(v *visit.Visit) error {
	var in struct {
		Server    string `form:"server"`
		Transport string `form:"transport"`
		User      string `form:"user"`
		Password  string `form:"password"`
		Country   string `form:"country"`
		Do        string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.Do == "off" {
		return h.savedTelephones(v, "line", h.desk.SaveLine(v.Context(), v.Actor, desk.Line{}), nil)
	}
	err := h.desk.SaveLine(v.Context(), v.Actor, desk.Line{Server: in.Server, Transport: in.Transport, User: in.User, Password: in.Password, Country: in.Country})
	if err == nil && in.Server != "" && h.options.Line != nil {
		return h.triedLine(v)
	}
	return h.savedTelephones(v, "line", err, func(p *admin.Telephones) {
		p.Line.Server, p.Line.User, p.Line.Country = in.Server, in.User, in.Country
		if slices.Contains(desk.Transports, in.Transport) {
			p.Line.Transports = transports(in.Transport)
		}
	})
}

// triedLine shows what the exchange says to what was just saved.
func (h *house) triedLine(v *visit.Visit) error {
	tried := h.options.Line(v.Context())
	return h.telephonesPage(v, http.StatusOK, func(p *admin.Telephones) {
		p.Line.Tried = &admin.Way{State: map[bool]string{true: "good", false: "bad"}[tried.Good], Says: "Saved, and tried just now: " + tried.Says}
	})
}

func (h *house) saveTwilio(v *visit.Visit) error {
	var in struct {
		Token string `form:"token"`
		Do    string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.Do == "off" {
		in.Token = ""
	} else if strings.TrimSpace(in.Token) == "" {
		return h.savedTelephones(v, "twilio", fault.New(fault.Invalid, "write the auth token"), nil)
	}
	return h.savedTelephones(v, "twilio", h.desk.SaveTwilio(v.Context(), v.Actor, in.Token), nil)
}

func (h *house) saveNumbers(v *visit.Visit) error {
	var in struct {
		Numbers string `form:"numbers"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err := h.desk.SaveExtensions(v.Context(), v.Actor, in.Numbers)
	return h.savedTelephones(v, "numbers", err, func(p *admin.Telephones) { p.Numbers = in.Numbers })
}

// savedTelephones leads back to the page, or shows a form again with what was wrong with it.
func (h *house) savedTelephones(v *visit.Visit, form string, err error, typed func(*admin.Telephones)) error {
	if err != nil && visit.Status(err) < 500 && !isNotFound(err) && !fault.Is(err, fault.Forbidden) {
		return h.telephonesPage(v, http.StatusUnprocessableEntity, func(p *admin.Telephones) {
			p.Errors = map[string][]shared.FormError{form: {{Field: telephonesFields[form], Says: sentence(fault.Says(err))}}}
			if typed != nil {
				typed(p)
			}
		})
	}
	if err != nil {
		return err
	}
	return h.done(v, "saved", "/admin/telephones")
}

// telephonesFields are where the errors of a form lead.
var telephonesFields = map[string]string{"line": "server", "twilio": "token", "numbers": "numbers-field"}

// tryCall lets a call ring at the visitor.
func (h *house) tryCall(v *visit.Visit) error {
	if err := simply(v); err != nil {
		return err
	}
	if _, err := h.desk.TryCall(v.Context(), v.Actor); err != nil {
		return err
	}
	return h.done(v, "rings", "/admin/telephones")
}

// twilioPath is where Twilio posts its callbacks.
const twilioPath = "/api/calls/twilio"

// hearTwilio takes a status callback of Twilio. The signature over our own address is the only proof.
func (h *house) hearTwilio(v *visit.Visit) error {
	body, err := eventBody(v)
	if err != nil {
		return err
	}
	if _, err := h.desk.HearTwilio(v.Context(), h.desk.URL()+v.Request.URL.RequestURI(), body, v.Request.Header.Get("X-Twilio-Signature")); err != nil {
		return err
	}
	v.Writer.WriteHeader(http.StatusNoContent)
	return nil
}
