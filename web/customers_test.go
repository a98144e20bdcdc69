package web_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/policy"
)

// levelOne gives the office the phone procedures of seed 001, and Maria two licences.
func (o *office) levelOne() (licence int64) {
	o.t.Helper()
	source, _ := policy.Example("ablecommerce-phone-procedures")
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "the test needs it"})
	o.must(err)
	sold, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Order: "AC-20417", Ordered: "2026-11-02", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-shop.example", Key: "AC7K-99QX-11ZZ-TTTT"})
	o.must(err)
	_, err = o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Ordered: "2009-03-01", Product: "AbleCommerce", Version: "5.5", Site: "acme-parts.example"})
	o.must(err)
	_, err = o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "tomas@becker.example", Product: "AbleCommerce", Evaluating: "2026-11-10"})
	o.must(err)
	return sold.Licence
}

// says reports the text of a page with its spaces tidied.
func says(a answer) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(a.body, " ")), " ")
}

func TestS1_16_TheFormShowsWhatIsOwnedAndNeedsOneOfIt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		licence := o.levelOne()
		stranger := o.stranger().get("/requests/new")
		if text := says(stranger); !strings.Contains(text, "Please sign in first") || strings.Contains(stranger.body, `name="body"`) {
			t.Errorf("a stranger reads %s", excerpt(stranger.body))
		}
		if got := o.stranger().post("/requests/new", form("kind", "support", "body", "Help", "email", "nobody@elsewhere.example", "key", nobodysToken)); got.status != http.StatusUnauthorized && got.status != http.StatusUnprocessableEntity {
			t.Errorf("a stranger's case is answered with %d", got.status)
		}
		maria := o.as(o.maria)
		text := says(maria.get("/requests/new"))
		for _, want := range []string{
			"acme-shop.example AbleCommerce 7.0.2, ordered 2 Nov 2026 Active support plan Ordered within the last 30 days",
			"acme-parts.example AbleCommerce 5.5, ordered 1 Mar 2009 Unsupported version",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("the form does not say %q:\n%s", want, text)
			}
		}
		evaluating := says(o.as(o.tomas).get("/requests/new"))
		if !strings.Contains(evaluating, "My evaluation of AbleCommerce since 10 Nov 2026 Active support plan Is evaluating") || strings.Contains(evaluating, "acme-shop") {
			t.Errorf("an evaluator reads %s", evaluating)
		}
		case1 := func(v *visitor, about string) answer {
			return v.post("/requests/new", form("kind", "support", "about", about, "subject", "Key", "body", "Where is my key?", "key", nobodysToken+strconv.Itoa(len(about))))
		}
		foreign, absent := case1(o.as(o.tomas), "licence:"+strconv.FormatInt(licence, 10)), case1(o.as(o.tomas), "licence:9")
		none := case1(maria, "")
		for name, got := range map[string]answer{"a foreign licence": foreign, "an absent one": absent, "none": none} {
			if got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity || !strings.Contains(says(got), "Please choose what this is about") || !strings.Contains(got.body, "Where is my key?") {
				t.Errorf("%s is answered with %d: %s", name, got.status, excerpt(got.body))
			}
		}
		if foreign.status != absent.status || keyless(foreign.body) != keyless(absent.body) { // B1
			t.Error("a foreign licence answers otherwise than one that is not there")
		}
		sent := case1(maria, "licence:"+strconv.FormatInt(licence, 10))
		if sent.status != http.StatusSeeOther {
			t.Fatalf("the case is answered with %d: %s", sent.status, excerpt(sent.body))
		}
		id := regexp.MustCompile(`\d+`).FindString(sent.header.Get("Location"))
		page := says(o.as(o.ana).get("/tickets/" + id))
		if !strings.Contains(page, "acme-shop.example Active support plan Ordered within the last 30 days") {
			t.Errorf("the agent does not read what it is about: %s", page)
		}
	})
}

var formKeys = regexp.MustCompile(`(name="key" value|nonce|content|name="csrf" value)="[^"]*"`)

// keyless is a page without what is random in it.
func keyless(body string) string { return formKeys.ReplaceAllString(nonceless(body), "") }

func TestS1_19_StaffFindCustomersAndReadTheirRecord(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.levelOne()
		dora := o.as(o.dora)
		for typed, want := range map[string]string{
			"acme": "acme-shop.example", "20417": "Order AC-20417", "AC7K99QX": "acme-shop.example", "green fund": "Green Fund", "maria lopez": "maria@greenfund.example",
			"acne-shop": "Nothing has exactly these letters; this is close", "zebra": "Nobody is known by that", "": "Known last",
		} {
			if text := says(dora.get("/customers?q=" + strings.ReplaceAll(typed, " ", "+"))); !strings.Contains(text, want) {
				t.Errorf("%q shows %s, want %q", typed, text, want)
			}
		}
		path := "/customers/" + strconv.FormatInt(o.maria.ID, 10)
		record := says(dora.get(path))
		for _, want := range []string{"Maria Lopez", "maria@greenfund.example", "Green Fund", "acme-shop.example", "Active support plan Ordered within the last 30 days", "Unsupported version", "AC7K99QX…", "AC-20417", "Redirect broken"} {
			if !strings.Contains(record, want) {
				t.Errorf("the record does not say %q:\n%s", want, record)
			}
		}
		if strings.Contains(record, "TTTT") || strings.Contains(record, "Write down") {
			t.Error("the record shows a whole key, or a form to somebody who only reads")
		}
		if text := says(dora.get("/organizations/1")); !strings.Contains(text, "Maria Lopez") || !strings.Contains(text, "acme-shop.example") {
			t.Errorf("the organisation's record says %s", text)
		}
	})
}

func TestWhatACustomerOwnsIsWrittenDownInForms(t *testing.T) {
	o := open(t, sqlite(t))
	o.levelOne()
	ben := o.as(o.ben)
	made := ben.post("/customers", form("email", "olga@kitlab.example", "name", "Olga Petrenko", "organization", "Kit Lab"))
	path := made.header.Get("Location")
	if made.status != http.StatusSeeOther || !strings.HasPrefix(path, "/customers/") {
		t.Fatalf("a new customer is answered with %d: %s", made.status, excerpt(made.body))
	}
	if text := says(ben.get(path)); !strings.Contains(text, "Known by mail address alone") {
		t.Errorf("the empty record says %s", text)
	}
	for _, values := range [][]string{
		{"form", "licence", "product", "AbleCommerce", "version", "7", "site", "kitlab.example", "key", "KITL-ABXX-0001", "order", "K-1", "ordered", "2025-01-07", "ends", "2027-01-01"},
		{"form", "plan", "plan", "hosting", "from", "2026-01-01"},
		{"form", "evaluation", "product", "AbleCommerce Gold", "evaluating", "2026-11-19"},
		{"form", "phone", "phone", "+49 30 1234567", "shared", "yes"},
	} {
		if got := ben.post(path+"/owns", form(values...)); got.status != http.StatusSeeOther {
			t.Errorf("%v is answered with %d: %s", values, got.status, excerpt(got.body))
		}
	}
	record := says(ben.get(path))
	for _, want := range []string{"kitlab.example", "AbleCommerce 7, ordered 7 Jan 2025", "Active support plan Is hosted by us", "KITLABXX…", "1 Jan 2027", "Hosting since 1 Jan 2026", "AbleCommerce Gold", "+49301234567 shared"} {
		if !strings.Contains(record, want) {
			t.Errorf("the record does not say %q:\n%s", want, record)
		}
	}
	wrong := ben.post(path+"/owns", form("form", "licence", "product", "AbleCommerce", "site", "other.example", "ordered", "11/02/2026"))
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(says(wrong), "write it like 2026-11-27") || !strings.Contains(wrong.body, `value="other.example"`) {
		t.Errorf("a wrong day is answered with %d: %s", wrong.status, excerpt(wrong.body))
	}
	if taken := ben.post(path+"/owns", form("form", "licence", "product", "AbleCommerce", "site", "copy.example", "key", "AC7K 99QX 11ZZ TTTT", "ordered", "2026-11-02")); taken.status >= 500 {
		t.Errorf("another customer's key is answered with %d", taken.status)
	}
}
