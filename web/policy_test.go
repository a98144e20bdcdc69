package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
)

func TestS2_25_WhatNobodyMeasuredIsSaidToBeAnEstimate(t *testing.T) {
	o := opened(t, sqlite(t), func(*office) {})
	page := text(o.stranger().get("/support").body)
	for _, broken := range []string{"0 tickets", ". is the usual", "0 % of"} {
		if strings.Contains(page, broken) {
			t.Errorf("the page says %q", broken)
		}
	}
	for _, says := range []string{"24 to 30 hours", "is the usual time for all others", "Our own estimate, not measured yet"} {
		if !strings.Contains(page, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
}

func TestS2_25_TheShareIsDrawnWithItsSample(t *testing.T) {
	o := open(t, sqlite(t))
	for _, minutes := range []time.Duration{4, 12, 25, 90} {
		id := o.asks("Noor Haddad <noor@haddadbakery.example>", "Question", o.support.ID)
		o.advance(minutes * time.Minute)
		_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "Answer.", Status: "hold"})
		o.must(err)
	}
	got := o.stranger().get("/support")
	drawn := regexp.MustCompile(`(?s)<dl class="figures">.*?</dl>`).FindString(got.body)
	if drawn == "" {
		t.Fatal("no figure is drawn")
	}
	figures, err := o.desk.Figures(ctx, 1)
	o.must(err)
	share := figures["first-hour"]
	for _, want := range []string{share.Value, "of tickets get an answer within one hour", "last 90 days, " + number(int64(share.Sample)) + " tickets"} {
		if !strings.Contains(text(drawn), want) {
			t.Errorf("the figure does not say %q: %s", want, text(drawn))
		}
	}
	percent := strings.TrimSuffix(share.Value, " %")
	if !strings.Contains(drawn, `class="figure-part" width="`+percent+`"`) || !strings.Contains(drawn, `aria-hidden="true"`) {
		t.Errorf("the bar is not as long as %s", share.Value)
	}
	if strings.Count(text(got.body), "of tickets get an answer within one hour") != 1 {
		t.Error("the figure is said in a sentence and drawn as well")
	}
}

func TestThePolicyDrawsWhatHappensWhileWeWait(t *testing.T) {
	o := open(t, sqlite(t))
	got := o.stranger().get("/support")
	scale := regexp.MustCompile(`(?s)<figure class="scale".*?</figure>`).FindString(got.body)
	list := regexp.MustCompile(`(?s)<ol class="scale-list">.*?</ol>`).FindString(scale)
	for _, want := range []string{"At once", "24 hours", "First reminder", "5 days", "Second reminder", "7 days", "No Response"} {
		if !strings.Contains(text(list), want) {
			t.Errorf("the list beside the line does not say %q: %s", want, text(list))
		}
	}
	if !strings.Contains(scale, `cx="107"`) { // 24 hours of seven days: 6 + 708/7
		t.Errorf("24 hours do not stand at a seventh of the line: %s", scale)
	}
}

func TestATimeThatHasPassedIsSaidInWords(t *testing.T) {
	o := open(t, sqlite(t))
	id := o.asks("Noor Haddad <noor@haddadbakery.example>", "Question", o.support.ID)
	o.advance(3 * 24 * time.Hour)
	page := text(o.as(o.ben).get("/tickets/" + number(id)).body)
	if !strings.Contains(page, "The policy noted that its time has passed") {
		t.Errorf("the ticket does not tell that an answer is late: %.600s", page)
	}
}

func text(page string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
}

func (o *office) advance(by time.Duration) {
	o.t.Helper()
	_, err := o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(by))
	o.must(err)
}
