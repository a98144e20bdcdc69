package web_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/policy"
	"hark/store/storetest"
	"hark/web/sheet"
)

// questions are seventeen tickets whose first answers took what S2-25 says.
func (o *office) questions() {
	for _, minutes := range []int{4, 12, 18, 25, 31, 33, 47, 52, 58, 60, 61, 75, 240, 1380, 1500, 1700, 1790} {
		done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "Question", Text: "How?", Kind: "question"})
		o.must(err)
		o.clock.Pass(time.Duration(minutes) * time.Minute)
		_, err = o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: done.Ticket.ID, Text: "So.", Status: "hold"})
		o.must(err)
		o.clock.Pass(time.Minute)
	}
}

// A reader who compares the report with the policy page finds the same number on both, and too few tickets to divide.
func TestS2_25_TheReportAndThePolicyPageSayTheSame(t *testing.T) {
	o := opened(t, storetest.SQLite(t), (*office).questions)
	words := func(path string) string { return text(o.as(o.ana).get(path).body) }
	if page := words("/support"); !strings.Contains(page, "59 %") || !strings.Contains(page, "17 tickets") {
		t.Error("the policy page does not say 59 % of 17 tickets")
	}
	report := words("/reports")
	for _, want := range []string{"59 % of 17 tickets had an answer within 1 h", "The policy page says the same: 59 % of tickets get an answer within one hour (last 90 days, 17 tickets).", "The tickets themselves", "Answered first by"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
}

var reportLink = regexp.MustCompile(`href="(/reports/list\?[^"]+)"[^>]*>(\d+)</a>`)

// Behind every number stands the list of its tickets, and the list has as many rows as the number says.
func TestEveryNumberOfAReportHasItsList(t *testing.T) {
	o := opened(t, storetest.SQLite(t), (*office).questions)
	ana := o.as(o.ana)
	links := reportLink.FindAllStringSubmatch(ana.get("/reports").body, -1)
	if len(links) < 9 {
		t.Fatalf("only %d numbers lead to a list", len(links))
	}
	for _, link := range links {
		address := strings.ReplaceAll(link[1], "&amp;", "&")
		list := ana.get(address)
		if rows := strings.Count(list.body, `<tr class="row`); list.status != 200 || fmt.Sprint(rows) != link[2] {
			t.Errorf("%s says %s and lists %d (%d)", address, link[2], rows, list.status)
		}
	}
}

// The same as tables, under an address of its own, without script; v leads there and back.
func TestAReportStandsInTables(t *testing.T) {
	o := opened(t, storetest.SQLite(t), (*office).questions)
	charts, tables := o.as(o.ana).get("/reports").body, o.as(o.ana).get("/reports?view=tables").body
	if !strings.Contains(charts, `class="columns`) || strings.Contains(tables, `class="columns`) || strings.Contains(tables, "column-bar") {
		t.Error("charts and tables are not told apart")
	}
	for what, page := range map[string]string{"charts": charts, "tables": tables} {
		if !strings.Contains(page, `data-key="v"`) || !strings.Contains(page, `data-key="ArrowLeft"`) {
			t.Errorf("%s: v and the arrows do nothing", what)
		}
		if !strings.Contains(page, "Within 15 minutes") || strings.Contains(page, " style=") {
			t.Errorf("%s lack a step, or carry style", what)
		}
	}
}

// A table for spreadsheets names what customers and colleagues wrote, and none of it is a formula.
func TestH7_AReportForASpreadsheetHoldsNoFormula(t *testing.T) {
	o := opened(t, storetest.SQLite(t), func(o *office) {
		source, _ := policy.Example("customer-support-center")
		_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: []byte(strings.Replace(string(source), "label: Question,", `label: "=HYPERLINK(\"http://x.example\")",`, 1)), Reason: "a formula in it"})
		o.must(err)
		name := "=1+1"
		o.must(o.desk.ChangeSelf(ctx, o.ben.Actor(), desk.SelfChange{Name: &name}))
		o.questions()
	})
	ana := o.as(o.ana)
	for what, formula := range map[string]string{"answers": `=HYPERLINK("http://x.example")`, "agents": "=1+1"} {
		got := ana.get("/reports/export?" + url.Values{"what": {what}}.Encode())
		rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
		if err != nil || got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d %v", what, got.status, err)
		}
		cells := slices.Concat(rows...)
		if slices.Contains(cells, formula) || !slices.Contains(cells, sheet.Guard(formula)) {
			t.Errorf("%s: %q", what, cells)
		}
	}
	if got := ana.get("/reports/export?what=ledger"); strings.Count(got.body, "\r\n") < 18 {
		t.Errorf("the ledger has %d lines", strings.Count(got.body, "\r\n"))
	}
	for _, what := range []string{"targets", "phases", "months"} {
		if got := ana.get("/reports/export?what=" + what); got.status != 200 {
			t.Errorf("%s: %d", what, got.status)
		}
	}
}

// What stands in an address is a question, never an answer: odd numbers, brands and times are pages that do not exist or the
// usual report.
func TestOddReportsAreNotFound(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	ana := o.as(o.ana)
	for path, status := range map[string]int{
		"/reports?period=2026-99": 200, "/reports?period=%00": 200, "/reports?brand=99": 404, "/reports?brand=x": 404, "/reports/list?what=answer:9": 404, "/reports/list?what=answer:-1": 404,
		"/reports/list?what=promise:x": 404, "/reports/list?what=agent:x": 404, "/reports/list?what=nothing": 404, "/reports/list?what=all&after=x": 400, "/reports/export?what=tickets": 404, "/wall?brand=99": 404,
		"/reports/list?what=promise:first_reply:question:'": 200, "/reports/list?what=tag:%27%20OR%201=1": 200,
	} {
		if got := ana.get(path); got.status != status {
			t.Errorf("%s answers %d, want %d", path, got.status, status)
		}
	}
}

func TestTheWallShowsWhoIsHereAndNoCustomer(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	wall := o.as(o.ben).get("/wall")
	for _, want := range []string{"Promises broken now", "Due in the next opening hours", "Waits longest for us", "Not done yet"} {
		if !strings.Contains(wall.body, want) {
			t.Errorf("the wall does not show %q", want)
		}
	}
	for _, never := range []string{"Maria", "Redirect broken", "greenfund"} {
		if strings.Contains(wall.body, never) {
			t.Errorf("the wall shows %q to the whole room", never)
		}
	}
}
