package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
)

// vouches is what the server of the agency's own app signs for somebody.
func (o *office) vouches(email string) desk.WidgetUser {
	return desk.WidgetUser{Email: email, Name: "Maria Lopez", Version: "4.2", At: o.clock.Now().Unix()}
}

func (o *office) signed(brand account.Brand, u desk.WidgetUser) string {
	o.t.Helper()
	w, err := o.desk.Widget(ctx, o.ana.Actor(), brand)
	o.must(err)
	token, err := desk.SignWidget(w.Secret, u)
	o.must(err)
	return token
}

// Whom a page vouches for is read from its signature alone: altered, borrowed from another brand, too old or from the future, it says
// nothing, and all of them answer alike.
func TestAForgedWidgetIdentityIsNobody(t *testing.T) {
	each(t, "2026-11-16 10:00", func(o *office) {
		other, err := o.desk.AddBrand(ctx, access.Clock, brandNamed("Other"))
		o.must(err)
		good := o.signed(o.brand, o.vouches("Maria@GreenFund.example"))
		u, err := o.desk.ReadWidgetUser(o.brand.ID, good)
		o.must(err)
		o.is("a right one", u.Email+", "+u.Name+", "+u.Version, "maria@greenfund.example, Maria Lopez, 4.2")
		body, seal, _ := strings.Cut(good, ".")
		elsewhere := strings.SplitN(o.signed(o.brand, o.vouches("jonas@greenfund.example")), ".", 2)[0]
		old, young := o.vouches("maria@greenfund.example"), o.vouches("maria@greenfund.example")
		old.At -= int64((time.Hour + time.Second) / time.Second)
		young.At += 600
		says := map[string]bool{}
		for what, token := range map[string]string{
			"another address": elsewhere + "." + seal, "no seal": body, "an empty seal": body + ".", "a seal in capitals": body + "." + strings.ToUpper(seal),
			"another brand's": o.signed(other, o.vouches("maria@greenfund.example")), "an old one": o.signed(o.brand, old), "one from the future": o.signed(o.brand, young),
			"no address": o.signed(o.brand, o.vouches("not an address")), "letters": "%", "a long one": strings.Repeat("a", 10_000),
		} {
			u, err := o.desk.ReadWidgetUser(o.brand.ID, token)
			if !fault.Is(err, fault.Unsigned) || u.Known() {
				t.Errorf("%s is %+v, %v", what, u, err)
			}
			says[fault.Says(err)] = true
		}
		if len(says) != 1 {
			t.Errorf("they are told apart: %v", says)
		}
		if nobody, err := o.desk.ReadWidgetUser(o.brand.ID, ""); err != nil || nobody.Known() {
			t.Errorf("without a signature it is %+v, %v", nobody, err)
		}
	})
}

// B1: a signed customer sees their own requests with this brand, and an address of a colleague opens nothing.
func TestB1_TheWidgetShowsOnesOwnRequestsWithTheBrand(t *testing.T) {
	each(t, "2026-11-16 10:00", func(o *office) {
		o.asks(maria, "Mine")
		o.asks(jonas, "Somebody else's")
		list := func(u desk.WidgetUser, brand int64) string {
			a, err := o.desk.WidgetActor(ctx, u)
			o.must(err)
			requests, err := o.desk.WidgetRequests(ctx, a, brand)
			o.must(err)
			var all []string
			for _, r := range requests {
				all = append(all, r.Subject)
			}
			return strings.Join(all, ", ")
		}
		other, err := o.desk.AddBrand(ctx, access.Clock, brandNamed("Other"))
		o.must(err)
		o.is("Maria's", list(o.vouches("maria@greenfund.example"), o.brand.ID), "Mine")
		o.is("Maria's at another brand", list(o.vouches("maria@greenfund.example"), other.ID), "")
		o.is("nobody's", list(desk.WidgetUser{}, o.brand.ID), "")
		o.is("a newcomer's", list(o.vouches("new@elsewhere.example"), o.brand.ID), "")
		o.is("Ben's, who works here", list(o.vouches(o.ben.Email), o.brand.ID), "")
		if _, err := o.desk.CreateFromWidget(ctx, o.vouches(o.ben.Email), desk.Request{Subject: "As Ben", Text: "Hello"}); !fault.Is(err, fault.Unsigned) {
			t.Errorf("a colleague writes through the widget: %v", err)
		}
	})
}

func TestARequestFromTheProductIsATicketAtOnce(t *testing.T) {
	each(t, "2026-11-16 10:00", func(o *office) {
		u := o.vouches("noor@elsewhere.example")
		u.Name = "Noor Haddad"
		ask := desk.Request{Brand: o.brand.ID, Subject: "The list is empty", Text: "Since this morning.", Key: "k", Facts: map[string]any{"ticket.level": "priority"}, Tags: []string{"vip"}, Channel: "api"}
		done, err := o.desk.CreateFromWidget(ctx, u, ask)
		o.must(err)
		again, err := o.desk.CreateFromWidget(ctx, u, ask)
		o.must(err)
		if !again.Again || again.Ticket.ID != done.Ticket.ID {
			t.Error("sent twice, it became two")
		}
		made := o.ticket(done.Ticket.ID)
		o.is("it is", made.Requester.Name+" by "+made.Channel+", tags "+strings.Join(made.Tags, " "), "Noor Haddad by widget, tags")
		if made.Facts["ticket.level"] != nil {
			t.Error("a customer sets what is the desk's to say")
		}
		o.is("she wrote", o.sees(o.ben.Actor(), made.ID).Comments[0].Text, "Since this morning.\n\nVersion of the app: 4.2")
		o.is("mails", o.posted(made.ID), "Mon 2026-11-16 10:00:00 EST received to noor@elsewhere.example")
		for i := range 30 {
			if _, err = o.desk.CreateFromWidget(ctx, u, desk.Request{Brand: o.brand.ID, Subject: "More", Text: strings.Repeat("x", i+1)}); err != nil {
				break
			}
		}
		if !fault.Is(err, fault.TooMany) {
			t.Errorf("thirty within an hour: %v", err)
		}
	})
}

func TestA4_TheSitesOfAWidgetAreComparedAsOrigins(t *testing.T) {
	each(t, "2026-11-16 10:00", func(o *office) {
		save := func(sites ...string) error { return o.desk.SaveWidgetSites(ctx, o.ana.Actor(), o.brand.ID, sites) }
		o.must(save("https://App.Example/page?x=1", "", "http://localhost:3000", "https://app.example"))
		sites, err := o.desk.WidgetSites(ctx, o.brand.ID)
		o.must(err)
		o.is("sites", strings.Join(sites, " "), "https://app.example http://localhost:3000")
		for _, wrong := range []string{"*", "https://*.example", "http://app.example", "app.example", "https://app.example; script-src *", "https://app.example 'unsafe-inline'", "javascript:alert(1)", "https://user@app.example", "https://app.example@evil.example/", "//app.example.evil.example", `https:/\evil.example`} {
			if err := save(wrong); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q is taken: %v", wrong, err)
			}
		}
		if err := o.desk.SaveWidgetSites(ctx, o.ben.Actor(), o.brand.ID, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent changes them: %v", err)
		}
	})
}

// The app says which version it is: the limit stands on the ticket before Ben reads on, nothing is sent by itself, and a version whose
// support ends later is an old one from that day on. What is not written down says nothing.
func TestS3_17_TheWidgetSaysWhichVersionItIs(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		for version, ends := range map[string]string{"3.1": "2026-06-30", "4.2": "2026-12-31"} {
			_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "jonas@greenfund.example", Product: "PipeRocks CRM", Version: version, Ends: ends, Site: "v" + version + ".example"})
			o.must(err)
		}
		asks := func(version string) int64 {
			u := o.vouches("maria@greenfund.example")
			u.Version = version
			done, err := o.desk.CreateFromWidget(ctx, u, desk.Request{Brand: o.brand.ID, Subject: "Import fails", Text: "With version " + version, Facts: map[string]any{"product.version_supported": true}})
			o.must(err)
			return done.Ticket.ID
		}
		clause := func(id int64) string { return o.sees(o.ben.Actor(), id).Scope.Clause.ID }
		old, new, unknown := asks("3.1.4"), asks("4.2"), asks("nightly")
		o.is("an old version", clause(old), "limits.old-versions")
		o.is("the way out", o.sees(o.ben.Actor(), old).Scope.Clause.Instead, "Move to a supported version, and we can help again.")
		o.is("a new one", clause(new), "")
		o.is("one that nobody has written down", clause(unknown), "")
		o.is("what Maria got", o.posted(old), "Tue 2026-11-17 10:00:00 EST received to maria@greenfund.example")
		o.is("the facts", fmt.Sprint(o.ticket(old).Facts["product.version"], " ", o.ticket(old).Facts["product.version_major"]), "3.1.4 3")
		o.at("2027-01-04 10:00")
		_, err := o.desk.Reply(ctx, o.customer("maria@"), desk.Reply{Ticket: new, Text: "Still there."})
		o.must(err)
		o.is("after its support has ended", clause(new), "limits.old-versions")
	})
}
