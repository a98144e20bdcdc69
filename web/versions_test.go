package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/policy"
)

// A policy as customers see it change: whose hours, what is different, since when, and who has agreed.

// runs lets the first brand run an example, some of its words replaced.
func (o *office) runs(name string, pairs ...string) int64 {
	o.t.Helper()
	source, _ := policy.Example(name)
	text := string(source)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			o.t.Fatalf("%s does not say %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	applied, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: []byte(text), Reason: "the story needs it"})
	o.must(err)
	return applied.Version
}

var chosenRegion = regexp.MustCompile(`<option value="([^"]+)" selected`)

// PipeRocks is there from nine to five of the customer's own region (seed 003, 3.7). Whoever reads the page sees the hours of the
// region whose clock is like theirs, and can choose another without any script.
func TestTheReaderChoosesTheRegion(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm") // it is Fri 20 Nov 2026, in the morning in New York
		for _, x := range []struct {
			zone, path, region, says string
		}{
			{"", "/support", "us-east", "EST"},
			{"Europe/London", "/support", "uk", "GMT"},
			{"Europe/Berlin", "/support", "uk", "CET"},
			{"Australia/Sydney", "/support", "australia-nsw", "AEDT"},
			{"Australia/Sydney", "/support?region=uk", "uk", "GMT"},
			{"Europe/London", "/support?region=atlantis", "uk", "GMT"},
		} {
			reader := o.stranger()
			if x.zone != "" {
				reader.cookie = &http.Cookie{Name: "zone", Value: x.zone}
			}
			got := reader.get(x.path)
			found := chosenRegion.FindStringSubmatch(got.body)
			if found == nil || found[1] != x.region {
				t.Errorf("%s in %q is shown %v, want %s", x.path, x.zone, found, x.region)
			}
			now := regexp.MustCompile(`(If you write now, you usually hear from us by|until|opens) \w+ \d+ \w+ \d\d:\d\d ` + x.says)
			if !now.MatchString(text(got.body)) {
				t.Errorf("%s in %q does not tell times on the clock of %s: %.900s", x.path, x.zone, x.says, text(got.body))
			}
			if !strings.Contains(got.body, `href="/hours.ics?region=`+x.region+`"`) {
				t.Errorf("%s does not lead to the hours of %s", x.path, x.region)
			}
		}
		if strings.Contains(open(t, sqlite(t)).stranger().get("/support").body, "Your region") {
			t.Error("hours that are the same for all ask for a region")
		}
	})
}

func TestTheHoursAreACalendarFile(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm")
		got := o.stranger().get("/hours.ics?region=uk")
		if kind := got.header.Get("Content-Type"); got.status != 200 || kind != "text/calendar; charset=utf-8" {
			t.Fatalf("answered %d, %s", got.status, kind)
		}
		for _, line := range []string{"BEGIN:VCALENDAR", "TZID:Europe/London", "BYDAY=MO,TU,WE,TH,FR", "SUMMARY:Closed: Christmas Day", "END:VCALENDAR"} {
			if !strings.Contains(got.body, line+"\r\n") {
				t.Errorf("the file has no line %q", line)
			}
		}
	})
}

// What the page says, /policy.json says as well.
func TestThePolicyAsDataSaysWhatThePageSays(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm")
		var said struct {
			Title, Region, Hours, Open, Version string
			Regions                             []struct{ ID, Label string }
			Sections                            []struct{ Title string }
			Versions                            []struct{ Name, URL string }
		}
		got := o.stranger().get("/policy.json?region=uk")
		o.must(json.Unmarshal([]byte(got.body), &said))
		page := text(o.stranger().get("/support?region=uk").body)
		for _, s := range said.Sections {
			if !strings.Contains(page, s.Title) {
				t.Errorf("the page has no section %q", s.Title)
			}
		}
		if said.Region != "uk" || len(said.Regions) != 4 || said.Regions[2].Label != "United Kingdom" || said.Hours != "/hours.ics?region=uk" || len(said.Versions) != 2 || !strings.Contains(page, said.Open) || said.Open == "" {
			t.Errorf("the data is %+v", said)
		}
	})
}

// When the administrator applies it, the site and the desk say so, with a link to what is different; whoever puts the line away does
// not see it again (S3-20).
func TestS3_20_TheSiteAndTheDeskSayThatThePolicyChanges(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm")
		changed := o.runs("piperocks-crm", `week: {mon-fri: "09:00-17:00"}`, `week: {mon-fri: "08:00-18:00"}`, `effective: "2026-11-01T00:00"`, `effective: "2026-12-01T05:00"`, `version: "2026-11-01"`, `version: "2026-12-01"`)
		path := fmt.Sprintf("/policy/versions/%d", changed)
		says := "Our support policy changes on 1 December 2026."
		for name, page := range map[string]answer{"the portal": o.stranger().get("/portal"), "the policy": o.stranger().get("/support"), "Ben's inbox": o.as(o.ben).get("/inbox")} {
			if !strings.Contains(text(page.body), says) || !strings.Contains(page.body, `href="`+path+`"`) {
				t.Errorf("%s does not say it: %.400s", name, text(page.body))
			}
		}
		o.stranger().get(path).reads(t, "Valid from Tue 1 Dec 2026", "Not in force yet", "What is different from 2026-11-01", "When we are there", "Monday to Friday 09:00-17:00", "Monday to Friday 08:00-18:00")
		o.stranger().get("/support").reads(t, "2026-12-01 from Tue 1 Dec 2026", "2026-11-01 since")

		ben := o.as(o.ben)
		put := ben.post("/me/preferences", form("news", number(changed)))
		if put.status != 303 || !strings.Contains(put.header.Get("Set-Cookie"), "news="+number(changed)) {
			t.Fatalf("putting it away answered %d, %s", put.status, put.header.Get("Set-Cookie"))
		}
		ben.cookie = &http.Cookie{Name: "news", Value: number(changed)}
		if strings.Contains(text(ben.get("/inbox").body), says) {
			t.Error("Ben reads it again after he put it away")
		}
	})
}

// The plan says beforehand who is told and how, what becomes of open tickets and when.
func TestThePlanSaysWhoIsTold(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm")
		o.asks("Noor Haddad <noor@haddadbakery.example>", "Question", o.support.ID)
		ana := rules{o.as(o.ana)}
		source := ana.source()
		for _, pair := range [][2]string{{"within: 1bd, calendar: regional", "within: 2bd, calendar: regional"}, {"announce_on: [website, in_app], show_for: 14d", "announce_on: [website, mail], show_for: 30d"}, {`effective: "2026-11-01T00:00"`, `effective: "2026-12-01T05:00"`}} {
			source = strings.Replace(source, pair[0], pair[1], 1)
		}
		ana.send("/admin/policy/edit", "source", source, "do", "plan").reads(t, "Who is told", "A banner on every page customers read, for 30 days.", "A notice for everybody who is signed in, for 30 days.", "A mail to",
			"whoever has an open ticket, or wrote within 90 days", "The policy in force promises that open tickets keep the rules they began with.", "go on under the new ones from Tue 1 Dec 2026, 05:00 UTC on", "Until then nothing moves")
		silent := strings.Replace(ana.source(), "warn_at: 75%", "warn_at: 50%", 1)
		silent = strings.Replace(silent, "within: 2bd, calendar: regional", "within: 1bd, calendar: regional", 1)
		silent = strings.Replace(silent, "announce_on: [website, mail], show_for: 30d", "announce_on: [website, in_app], show_for: 14d", 1)
		ana.send("/admin/policy/edit", "source", silent, "do", "plan").reads(t, "Nobody. Customers read nothing different.")
	})
}

// Ana writes and asks; Dora reads the same plan, sends it back, and applies what Ana makes of it.
func TestASecondAdministratorApplies(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		second, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: "elif@agency.example", Name: "Elif Demir", Role: access.Admin, Password: password})
		o.must(err)
		ana, elif := rules{o.as(o.ana)}, rules{o.as(second)}
		if got := ana.post("/admin/brands/1", form("do", "two-on")); got.status != 303 {
			t.Fatalf("asking for two answered %d: %s", got.status, excerpt(got.body))
		}
		ana.get("/admin/brands/1").reads(t, "It takes two administrators")
		source := ana.source()
		ana.send("/admin/policy/edit", "source", strings.Replace(source, "after: 24h", "after: 1bd", 1), "do", "plan").reads(t, "Ask a colleague to apply it")
		ana.send("/admin/policy/apply", "open", "keep", "reason", "A weekend is no day of waiting.").reads(t, "Version 2026-11-01 waits for a colleague")
		if page := o.stranger().get("/support").body; strings.Contains(page, "1 business day from our last question") {
			t.Fatal("it runs before anybody else has seen it")
		}
		mine := ana.get("/admin/policy/proposal?brand=1")
		mine.reads(t, "You wrote it, so another administrator applies it.")
		id := regexp.MustCompile(`name="id" value="([0-9a-f]+)"`).FindStringSubmatch(mine.body)[1]
		if got := ana.post("/admin/policy/proposal", form("brand", "1", "id", id, "do", "apply")); got.status != 422 {
			t.Errorf("Ana applies her own: %d", got.status)
		}

		elif.get("/admin/policy").reads(t, "Ana Ruiz asks you to apply version 2026-11-01", "A weekend is no day of waiting.")
		elif.get("/admin/policy/proposal?brand=1").reads(t, "written by Ana Ruiz", "First reminder", "24 hours", "1 business day", "Open tickets keep the rules they began with.")
		if got := elif.post("/admin/policy/proposal", form("brand", "1", "id", id, "do", "back", "word", " ")); got.status != 400 {
			t.Errorf("it goes back without a word: %d", got.status)
		}
		elif.send("/admin/policy/proposal", "id", id, "do", "back", "word", "Why not 36 hours?")
		ana.get("/admin/policy").reads(t, "Elif Demir sent version 2026-11-01 back", "Why not 36 hours?")
		ana.send("/admin/policy/edit", "source", strings.Replace(source, "after: 24h", "after: 36h", 1), "do", "plan")
		ana.send("/admin/policy/apply", "open", "keep", "reason", "Then 36.")
		again := regexp.MustCompile(`name="id" value="([0-9a-f]+)"`).FindStringSubmatch(elif.get("/admin/policy/proposal?brand=1").body)[1]
		elif.send("/admin/policy/proposal", "id", again, "do", "apply").reads(t, "written by Ana Ruiz, applied by Elif Demir", "Then 36.")
		o.stranger().get("/support").reads(t, "After 36 hours from our last question")

		ana.post("/admin/brands/1", form("do", "two-off"))
		ana.get("/admin/brands/1").reads(t, "You want one to be enough. Another administrator has to agree.")
		elif.post("/admin/brands/1", form("do", "two-off"))
		ana.get("/admin/brands/1").reads(t, "One administrator writes and applies it.")
	})
}

// The request form asks the questions of the kind that is chosen, without a script; what cannot be taken comes back with all words.
func TestTheRequestFormAsksWhatItsKindNeeds(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm")
		maria := o.as(o.maria)
		maria.get("/requests/new").reads(t, "The number of users who have the problem", "A critical function does not work", "Tell us how many people have the problem.")
		send := func(users, down string) answer {
			f := form("kind", "technical", "subject", "Import fails", "body", "Since this morning.", "key", "k"+users)
			f["fact"], f["value"] = []string{"technical/ticket.users_affected", "technical/ticket.function_down", "account/ticket.topic"}, []string{users, down, "network"}
			return maria.post("/requests/new", f)
		}
		refused := send("many", "true")
		if refused.status != 422 {
			t.Fatalf("“many” users answered %d", refused.status)
		}
		refused.reads(t, "please write a whole number, such as 3.", "Since this morning.")
		for _, kept := range []string{`href="#fact-technical-ticket-users-affected"`, `<input type="number" value="many"`, `<option value="true" selected`} {
			if !strings.Contains(refused.body, kept) {
				t.Errorf("the form comes back without %s", kept)
			}
		}
		made := send("3", "")
		if made.status != 303 {
			t.Fatalf("sending answered %d: %s", made.status, excerpt(made.body))
		}
		path := strings.TrimSuffix(strings.Replace(made.header.Get("Location"), "/requests/", "/tickets/", 1), "?arrived=yes")
		o.as(o.ben).get(path).reads(t, "What the policy asks", "The number of users who have the problem", "The topic Nobody has said", "Urgent")
	})
}

// Ben says the topic beside the conversation; the policy answers with a task, and the change stands in the conversation with his name.
func TestAnAgentSaysAFactBesideTheConversation(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm")
		id := o.asks("Noor Haddad <noor@haddadbakery.example>", "A script", o.support.ID)
		ben, path := o.as(o.ben), "/tickets/"+number(id)
		got := ben.post(path+"/fact", form("fact", "ticket.topic", "value", "custom_code"))
		if got.status != 303 || got.header.Get("Location") != path+"#fact-ticket-topic" {
			t.Fatalf("answered %d, %s", got.status, got.header.Get("Location"))
		}
		page := ben.get(path)
		page.reads(t, "The topic Custom code", "Ben Okafor said: the topic is Custom code", "Outside of what we support: We do not write code for you")
		if got := ben.post(path+"/fact", form("fact", "subscription.plan", "value", "enterprise")); got.status != 400 {
			t.Errorf("a fact of the records answered %d", got.status)
		}
		if got := o.as(o.dora).post(path+"/fact", form("fact", "ticket.topic", "value", "")); got.status != 404 && got.status != 403 {
			t.Errorf("a light agent is answered %d", got.status)
		}
	})
}

// Whoever wishes for a feature is asked what they need it for; whoever reports a bug is not (seed 004, 4.19).
func TestTheBusinessNeedOfAWishIsAsked(t *testing.T) {
	o := open(t, sqlite(t))
	o.runs("what-happens-next")
	page := o.stranger().get("/requests/new?kind=feature").body
	found := regexp.MustCompile(`(?s)<fieldset class="kind-asks kind-asks-(\d)">(.*?)</fieldset>`).FindAllStringSubmatch(page, -1)
	if len(found) != 1 || found[0][1] != "1" || !strings.Contains(page, `id="kind-1" checked`) {
		t.Fatalf("questions are asked for %v", found)
	}
	for _, says := range []string{"Feature request", "Say what you need it for, and give examples.", "What you need it for, with examples"} {
		if !strings.Contains(text(found[0][2]), says) {
			t.Errorf("the form does not say %q: %s", says, text(found[0][2]))
		}
	}
}

// The mails about a version are named as what they are in the list of what left, and so are those the desk writes of itself.
func TestMailsOfTheDeskHaveNames(t *testing.T) {
	for template, want := range map[string]string{"policy-changed": "News of a changed policy", "sign-in": "A link to sign in", "reminder-1": ""} {
		if got := desk.LetterName(template); got != want {
			t.Errorf("%s is called %q, want %q", template, got, want)
		}
	}
	each(t, func(t *testing.T, o *office) {
		mails := strings.NewReplacer("announce_on: [website, in_app]", "announce_on: [website, mail]", "policy-changed", "told")
		source, _ := policy.Example("piperocks-crm")
		for _, later := range []string{"2026-11-01T00:00", "2026-12-01T00:00"} {
			text := strings.Replace(mails.Replace(string(source)), "within: 1bd", "within: "+map[bool]string{true: "1bd", false: "2bd"}[later < "2026-12"], 1)
			_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: []byte(text), Reason: "It tells of changes."})
			o.must(err)
		}
		_, err := o.desk.PassTime(ctx)
		o.must(err)
		list := o.as(o.ana).get("/demo/outbox")
		list.reads(t, "News of a changed policy")
		if strings.Contains(list.body, "policy-changed") {
			t.Error("the list names a mail by its template")
		}
	})
}
