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
