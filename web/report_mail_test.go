package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/store"
)

// Ben has the report mailed every Monday. What he reads there he reads on the page that the mail leads to; and one click in his mail
// program, without a cookie, ends it.
func TestAWeeklyReportReadsLikeItsPageAndEndsWithOneClick(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben := o.as(o.ben)
		ben.get("/reports").reads(t, "Every week by mail", "to ben@agency.example", "Mail it every week")
		leads(t, ben.post("/reports/mail", form("brand", "1", "weekday", "1", "hour", "9", "do", "begin")), "/reports?brand=1")
		ben.get("/reports").reads(t, "Every Monday at 09:00.", "End it")
		_, err := o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(72*time.Hour))
		o.must(err)

		ben = o.as(o.ben) // his session has ended meanwhile
		out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Limit: 200})
		o.must(err)
		letter := ""
		for _, m := range out.Items {
			if m.Template == "weekly-report" {
				_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
				o.must(err)
				letter = string(unfolded(raw))
			}
		}
		page := regexp.MustCompile(`/reports\?brand=1&period=[0-9-]+`).FindString(letter)
		if page == "" {
			t.Fatalf("the mail leads to no page:\n%s", letter)
		}
		shown := ben.get(page)
		spread := regexp.MustCompile(`Half had theirs within [^,]+, nine of ten within [^.]+\.`).FindString(letter)
		if spread == "" {
			t.Fatalf("the mail does not say how long people waited:\n%s", letter)
		}
		shown.reads(t, spread)
		tables := ben.get(page + "&view=tables") // there the labels are whole
		for _, line := range regexp.MustCompile(`(?m)^- (.*?): `).FindAllStringSubmatch(letter, -1) {
			tables.reads(t, strings.TrimSpace(strings.Split(line[1], " (")[0]))
		}
		o.as(o.ana).get("/demo/outbox").reads(t, "A weekly report")

		link := regexp.MustCompile(`/reports/end/[A-Za-z0-9_-]+`).FindString(letter)
		o.stranger().get(link).reads(t, "End this weekly mail?")
		ben.get("/reports").reads(t, "Every Monday at 09:00.") // looking ended nothing
		clicked := o.stranger().do("POST", link, strings.NewReader("List-Unsubscribe=One-Click"), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
		if clicked.status != 200 {
			t.Fatalf("the click is answered %d: %s", clicked.status, excerpt(clicked.body))
		}
		clicked.reads(t, "This mail is ended")
		ben.get("/reports").reads(t, "Mail it every week")
		if again := o.stranger().post(link, form("List-Unsubscribe", "One-Click")); again.status != 404 {
			t.Errorf("the second click is answered %d, want 404", again.status)
		}
	})
}

func TestAWeeklyReportIsEndedOnItsPage(t *testing.T) {
	o := open(t, sqlite(t))
	ben := o.as(o.ben)
	ben.post("/reports/mail", form("brand", "1", "weekday", "5", "hour", "16", "do", "begin"))
	ben.post("/reports/mail", form("brand", "1", "weekday", "2", "hour", "7", "do", "begin"))
	ben.get("/reports").reads(t, "Every Tuesday at 07:00.")
	leads(t, ben.post("/reports/mail", form("brand", "1", "weekday", "2", "hour", "7", "do", "end")), "/reports?brand=1")
	ben.get("/reports").reads(t, "Mail it every week")
	if wrong := ben.post("/reports/mail", form("brand", "1", "weekday", "9", "hour", "7", "do", "begin")); wrong.status < 400 || wrong.status > 499 {
		t.Errorf("a day that is none is answered %d", wrong.status)
	}
	if elsewhere := ben.post("/reports/mail", form("brand", "77", "weekday", "1", "hour", "7", "do", "begin")); elsewhere.status != 404 {
		t.Errorf("a brand that is not there is answered %d", elsewhere.status)
	}
}
