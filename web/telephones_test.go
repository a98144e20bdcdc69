package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
)

// Maya connects telephones: each form keeps what is right, and shows again what is not.
func TestTelephonesAreConnectedInTheSettings(t *testing.T) {
	o, eve := phoneOffice(t)
	maya := o.hire("maya@agency.example", "Maya Lindqvist", access.Admin)
	v := o.as(maya)
	v.see("/admin/telephones", "Not connected.", "Let a call ring at me", "/api/calls/twilio", "No call has been heard yet.")
	wrong := v.post("/admin/telephones/line", form("server", "sip://pbx", "transport", "udp", "user", "299", "password", "p", "do", "save"))
	if wrong.status != 422 || !strings.Contains(wrong.body, "Write the exchange as its host name") || !strings.Contains(wrong.body, `value="sip://pbx"`) {
		t.Errorf("a wrong exchange is answered %d: %s", wrong.status, excerpt(wrong.body))
	}
	v.post("/admin/telephones/line", form("server", "pbx.example", "transport", "tls", "user", "299", "password", "secret-of-the-extension", "country", "+49", "do", "save"))
	page := v.see("/admin/telephones", `value="pbx.example"`, "It is about to register.", "One is stored. Leave this empty to keep it.", "Disconnect")
	if strings.Contains(page, "secret-of-the-extension") {
		t.Error("the page shows the password")
	}
	_, err := o.desk.HoldLine(ctx, "this node", true, "Registered at pbx.example as 299")
	o.must(err)
	v.see("/admin/telephones", "Registered at pbx.example as 299 since")
	o.clock.Pass(time.Minute)
	v.see("/admin/telephones", "No server is registered at the moment.")
	wrong = v.post("/admin/telephones/numbers", form("numbers", "201 eve@agency.example\n202"))
	if wrong.status != 422 || !strings.Contains(wrong.body, "201 eve@agency.example\n202</textarea>") {
		t.Errorf("wrong numbers are answered %d: %s", wrong.status, excerpt(wrong.body))
	}
	v.post("/admin/telephones/numbers", form("numbers", "201 eve@agency.example"))
	v.see("/admin/telephones", "201 eve@agency.example</textarea>")
	v.post("/admin/telephones/line", form("do", "off"))
	v.see("/admin/telephones", "Not connected.")
	v.post("/admin/telephones/ring", form())
	v.see("/phone", "Rings")
	if page := o.as(eve).get("/phone").body; strings.Contains(page, "Take it up") {
		t.Error("the call that Maya tries is offered to Eve")
	}
}

// Twilio calls over the web: what it has signed is heard, anything else is not.
func TestTwiliosCallbacksAreHeardWhenItSigns(t *testing.T) {
	o, eve := phoneOffice(t)
	const token = "0123456789abcdef0123456789abcdef"
	o.must(o.desk.SaveTwilio(ctx, access.Clock, token))
	o.must(o.desk.SaveExtensions(ctx, access.Clock, "+15035550101 eve@agency.example"))
	told := form("CallSid", "CA2", "ParentCallSid", "CA1", "CallStatus", "ringing", "From", "+12065550142", "To", "+15035550101", "StirVerstat", "TN-Validation-Passed-A")
	posts := func(body url.Values, signature string) int {
		return o.stranger().do("POST", "/api/calls/twilio", strings.NewReader(body.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}).status
	}
	right := desk.SignTwilio(token, o.desk.URL()+"/api/calls/twilio", told)
	if got := posts(told, ""); got != http.StatusUnauthorized {
		t.Errorf("unsigned it is answered %d", got)
	}
	o.as(eve).see("/phone", "No calls here")
	for range 2 {
		if got := posts(told, right); got != http.StatusNoContent {
			t.Errorf("signed it is answered %d", got)
		}
	}
	if page := o.as(eve).see("/phone", "+12065550142", "Take it up"); strings.Count(page, `class="phones-what"`) != 1 {
		t.Error("told twice, it is not one call")
	}
	// Eve answers. Maya's page still rings, and takes nothing away from her.
	admin := o.as(o.hire("maya@agency.example", "Maya Lindqvist", access.Admin))
	seen := between(admin.get("/phone/1").body, `name="seen" value="`, `"`)
	o.as(eve).post("/phone/1/take", form("seen", between(o.as(eve).get("/phone").body, `name="seen" value="`, `"`)))
	o.as(eve).see("/phone/1", "Hand over with everything heard")
	late := admin.post("/phone/1/take", form("seen", seen))
	if late.status != http.StatusUnprocessableEntity || !late.says("The call is not as your page showed it: Eve Marsh has it", "Take it over") {
		t.Errorf("Maya's late answer is answered %d: %s", late.status, excerpt(late.body))
	}
	admin.post("/phone/1/take", form("seen", between(late.body, `name="seen" value="`, `"`)))
	admin.see("/phone/1", "Maya")
}

// An exchange or a shop that signs wrongly reads what to mend, and not a page that asks it to sign in.
func TestAProgramIsToldWhatIsWrongWithItsEvent(t *testing.T) {
	o, _ := phoneOffice(t)
	for _, path := range []string{"/api/calls/events", "/api/shop/events"} {
		got := o.stranger().do("POST", path, strings.NewReader("{}"), map[string]string{"Content-Type": "application/json"})
		var said struct{ Error string }
		if err := json.Unmarshal([]byte(got.body), &said); got.status != http.StatusUnauthorized || err != nil || !strings.HasPrefix(said.Error, "The signature is not right; sign the time and the body") {
			t.Errorf("%s answers %d: %s", path, got.status, excerpt(got.body))
		}
	}
}
