package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/policy"
)

// An administrator adds a file and names it at a step; Eve opens it while Carla waits; it is removed, and the step says so.
func TestAFileStandsBesideTheStepOfACall(t *testing.T) {
	o, eve := phoneOffice(t)
	ana, v := o.as(o.ana), o.as(eve)
	ana.see("/admin/policy", `href="/admin/policy/files?brand=1"`)
	ana.see("/admin/policy/files?brand=1", "No file yet")
	wrong := ana.upload("/admin/policy/files", url.Values{"brand": {"1"}}, "sheet.pdf", "<!DOCTYPE html><script>alert(1)</script>", 1)
	if wrong.status != 400 && wrong.status != 422 || !strings.Contains(wrong.body, "sheet.pdf cannot be taken") {
		t.Errorf("it answers %d: %s", wrong.status, excerpt(wrong.body))
	}
	ana.upload("/admin/policy/files", url.Values{"brand": {"1"}}, "sheet.pdf", "%PDF-1.7 ask for the website", 1)
	source, _ := policy.Example("ablecommerce-phone-procedures")
	const name = "sheet.pdf"
	ana.see("/admin/policy/files", `<th scope="row">`+name+"</th>", "files: ["+name+"]")
	text := strings.Replace(string(source), "        ask: caller.site\n", "        files: ["+name+", Prices.pdf]\n        ask: caller.site\n", 1)
	o.must(o.desk.SavePolicyDraft(ctx, o.ana.Actor(), 1, desk.PolicyDraft{Source: text}))
	ana.see("/admin/policy/plan?brand=1", "Files that are missing", "<li>Prices.pdf</li>", "Add them to the library")
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: []byte(text), Reason: "a sheet beside the first question"})
	o.must(err)
	screen := v.post("/phone", form()).header.Get("Location")
	page := v.see(screen, "Files for this step", ">"+name+"<", "Prices.pdf", "is not in the library")
	link := regexp.MustCompile(`/phone/\d+/files/\d+`).FindString(page)
	opened := v.get(link)
	if opened.body != "%PDF-1.7 ask for the website" || !strings.HasPrefix(opened.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s gives %q as %q", link, opened.body, opened.header.Get("Content-Disposition"))
	}
	remove := regexp.MustCompile(`/admin/policy/files/\d+/remove`).FindString(ana.see("/admin/policy/files", "Remove "+name+"?"))
	ana.post(remove, form("brand", "1"))
	if after := v.get(screen); strings.Contains(after.body, link) || !strings.Contains(after.body, name) {
		t.Errorf("the step shows %s", excerpt(after.body))
	}
	if gone := v.get(link); gone.status != 404 {
		t.Errorf("the removed file answers %d", gone.status)
	}
}

// The message about keys carries a sheet: the key that sends it says so beforehand, and the mail says it afterwards. Ana replaces the sheet;
// what was sent has the old one, and the key speaks of the new one.
func TestAMessageOfACallNamesTheFilesItCarries(t *testing.T) {
	o, eve := phoneOffice(t)
	ana, v := o.as(o.ana), o.as(eve)
	ana.upload("/admin/policy/files", url.Values{"brand": {"1"}}, "Request a key.pdf", "%PDF-1.7 press “Request key”", 1)
	source, _ := policy.Example("ablecommerce-phone-procedures")
	const message = "subject: \"How to request a licence key\","
	text := strings.Replace(string(source), message, message+" files: [Request a key.pdf, Prices.pdf],", 1)
	o.must(o.desk.SavePolicyDraft(ctx, o.ana.Actor(), 1, desk.PolicyDraft{Source: text}))
	ana.see("/admin/policy/plan?brand=1", "Files that are missing", "<li>Prices.pdf</li>", "with Request a key.pdf and Prices.pdf")
	ana.upload("/admin/policy/files", url.Values{"brand": {"1"}}, "Prices.pdf", "%PDF-1.7 99 dollars", 1)
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: []byte(text), Reason: "the sheet goes along"})
	o.must(err)
	screen := v.toTheKey()
	v.see(screen, "Sends “FAQ - How to request a key” with Request a key.pdf (32 B), Prices.pdf (19 B).")
	v.post(screen+"/answer", form("step", "live", "base", between(v.get(screen).body, `name="base" value="`, `"`), "key", "1"))
	v.see(screen, `aria-label="Files of this mail"`, "Request a key.pdf", "32 B", "Prices.pdf", "19 B")

	replace := regexp.MustCompile(`/admin/policy/files/\d+/replace`).FindString(ana.see("/admin/policy/files", "New version of Prices.pdf"))
	wrong := ana.upload(replace, url.Values{"brand": {"1"}}, "prices.txt", "120 dollars, and 80 for schools", 1)
	if wrong.status != 422 && wrong.status != 400 || !strings.Contains(wrong.body, "prices.txt is not of the same kind as Prices.pdf") {
		t.Errorf("it answers %d: %s", wrong.status, excerpt(wrong.body))
	}
	ana.upload(replace, url.Values{"brand": {"1"}}, "Prices 2027.pdf", "%PDF-1.7 120 dollars, and 80 for schools", 1)
	v.see(screen, "Prices.pdf", "19 B")
	v.see(v.toTheKey(), "Prices.pdf (40 B)")
	if page := ana.get("/admin/policy/files"); strings.Contains(page.body, "Prices 2027.pdf") {
		t.Error("the new version has changed the name")
	}
}

// toTheKey is a call by Carla, up to the question what it is about.
func (v *visitor) toTheKey() (screen string) {
	v.o.t.Helper()
	screen = v.post("/phone", form()).header.Get("Location")
	v.post(screen+"/answer", form("step", "identify", "base", "0", "key", "1", "said", "acme-shop"))
	v.post(screen+"/choose", form("q", "acme-shop", "who", between(v.get(screen).body, `name="who" value="`, `"`)))
	return screen
}
