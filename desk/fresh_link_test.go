package desk_test

import (
	"strings"
	"testing"

	"hark/desk"
)

// asksForFresh holds a link that opens nothing, says an address or none, and returns to whom what was mailed.
func (o *office) asksForFresh(link, email string) string {
	o.t.Helper()
	before := len(o.mails(0))
	o.must(o.desk.MailFreshLink(ctx, desk.FreshLink{Link: link, Email: email, Brand: o.brand.ID, Remote: "192.0.2.7"}))
	var got []string
	for _, m := range o.mails(0)[before:] {
		got = append(got, m.template+" to "+m.to)
	}
	return strings.Join(got, ", ")
}

// A ticket's link leads to a fresh one at the address on file, whichever page of the ticket it opened and whoever asks. One that was
// altered says nothing of whose it was: then the address that is said counts, when it is on file.
func TestF17_AFreshLinkGoesToTheAddressOnFile(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		link := linkIn(t, o.last(id).text)
		path := strings.TrimPrefix(link, "https://agency.example")
		altered := path[:len(path)-3] + "xyz"
		o.is("a right one", o.asksForFresh(path+"/rating", "eve@elsewhere.example"), "ticket-link to maria@greenfund.example")
		o.is("an altered one", o.asksForFresh(altered, ""), "")
		o.is("an altered one, and Maria's address", o.asksForFresh(altered+"/call", "Maria@greenfund.example"), "sign-in to maria@greenfund.example")
		o.is("an altered one, and nobody's address", o.asksForFresh(altered, "eve@elsewhere.example"), "")
		o.is("no link of ours", o.asksForFresh("/inbox", ""), "")
	})
}

// A request that nobody confirmed in time is kept, and its link leads to another that confirms it.
func TestF17_AFreshLinkConfirmsWhatWaited(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for _, subject := range []string{"The map", "The printer"} {
			o.must(o.desk.Ask(ctx, desk.Request{Requester: "noor@elsewhere.example", Name: "Noor", Subject: subject, Text: "Please help.", Remote: "192.0.2.1"}))
		}
		path := func(n int) string {
			return strings.TrimPrefix(linkIn(t, o.confirmations()[n]), "https://agency.example")
		}
		o.at("2026-11-22 16:00")
		if _, err := o.desk.Confirm(ctx, linkToken(t, o.confirmations()[0])); err == nil {
			t.Fatal("it is confirmed two days later")
		}
		o.is("after a day", o.asksForFresh(path(0), ""), "confirm to noor@elsewhere.example")
		o.is("asked twice", o.asksForFresh(path(0), ""), "sign-in to noor@elsewhere.example")
		_, err := o.desk.Confirm(ctx, linkToken(t, o.confirmations()[1]))
		o.must(err)
		o.is("what came of it", o.subjects(), "The map, The printer")
		o.is("when it is confirmed", o.asksForFresh(path(1), ""), "sign-in to noor@elsewhere.example")
	})
}

// A link to the roadmap shows it for ninety days. Then it leads to a fresh one, at the address it was made for.
func TestF17_AFreshLinkToTheRoadmap(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		link := o.desk.RoadmapLinkPath(o.brand.ID, o.ticket(id).Requester.ID, o.clock.Now())
		o.at("2027-03-01 16:00")
		if _, err := o.desk.OpenRoadmapLink(ctx, o.brand.ID, link[strings.LastIndex(link, "/")+1:]); err == nil {
			t.Fatal("it opens after a hundred days")
		}
		o.is("an ended one", o.asksForFresh(link, "eve@elsewhere.example"), "roadmap-link to maria@greenfund.example")
		o.is("an altered one", o.asksForFresh(link[:len(link)-3]+"xyz", ""), "")
		mails := o.mails(0)
		fresh := linkIn(t, mails[len(mails)-1].text)
		_, err := o.desk.OpenRoadmapLink(ctx, o.brand.ID, fresh[strings.LastIndex(fresh, "/")+1:])
		o.must(err)
		o.asks(jonas, "Another thing")
		o.must(o.merges(o.ben, o.person("jonas@greenfund.example").ID, o.person("maria@greenfund.example").ID, "One person"))
		o.is("one of a record that was merged", o.asksForFresh(link, ""), "roadmap-link to jonas@greenfund.example")
	})
}

// The links of the letter: what was not confirmed in a day is asked once more, and whoever holds half a link ends the letter with their
// address.
func TestF17_AFreshLinkOfTheLetter(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.must(o.desk.FollowNews(ctx, desk.FollowNews{Brand: o.brand.ID, Email: "noor@elsewhere.example", Remote: "192.0.2.1"}))
		confirm := strings.TrimPrefix(linkIn(t, o.mails(0)[0].text), "https://agency.example")
		o.at("2026-11-22 16:00")
		if err := o.desk.ConfirmNews(ctx, confirm[strings.LastIndex(confirm, "/")+1:]); err == nil {
			t.Fatal("it is confirmed two days later")
		}
		o.is("after a day", o.asksForFresh(confirm, ""), "news-confirm to noor@elsewhere.example")
		mails := o.mails(0)
		fresh := linkIn(t, mails[len(mails)-1].text)
		o.must(o.desk.ConfirmNews(ctx, fresh[strings.LastIndex(fresh, "/")+1:]))

		o.is("half a link that ends it", o.asksForFresh("/whats-new/end/AbC", ""), "")
		o.is("the same, and the address of nobody who gets it", o.asksForFresh("/whats-new/end/AbC", "maria@greenfund.example"), "")
		o.is("the same, and hers", o.asksForFresh("/whats-new/end/AbC", "noor@elsewhere.example"), "news-end to noor@elsewhere.example")
		mails = o.mails(0)
		end := linkIn(t, mails[len(mails)-1].text)
		o.must(o.desk.EndNewsByLink(ctx, end[strings.LastIndex(end, "/")+1:]))
		o.is("after it has ended", o.asksForFresh("/whats-new/end/AbC", "noor@elsewhere.example"), "")
	})
}

// Whoever holds half a link that ends the mails about answers ends them with their address.
func TestF17_AFreshLinkEndsTheMailsAboutAnswers(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		maria, jonas := o.together()
		id := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		o.is("half a link", o.asksForFresh("/community/end/AbC", ""), "")
		o.is("the same, and the address of somebody who asked nothing", o.asksForFresh("/community/end/AbC", "jonas@greenfund.example"), "")
		o.is("the same, and hers", o.asksForFresh("/community/end/AbC", "maria@greenfund.example"), "answers-end to maria@greenfund.example")
		mails := o.mails(0)
		end := linkIn(t, mails[len(mails)-1].text)
		o.must(o.desk.EndAnswersByLink(ctx, end[strings.LastIndex(end, "/")+1:]))
		o.answersPost(jonas, id, "With backgrounds.")
		if mails := o.byTemplate("community-answer"); len(mails) != 0 {
			t.Errorf("%d mails about an answer after that", len(mails))
		}
	})
}
