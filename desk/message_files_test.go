package desk_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
)

// carrying makes the procedures of seed 001 run, with a message about keys that carries files of the library.
func (p *telephone) carrying(files string) desk.Plan {
	p.t.Helper()
	source, known := policy.Example(procedures)
	if !known {
		p.t.Fatal("there is no such example")
	}
	const message = "subject: \"How to request a licence key\","
	in := desk.NewPolicy{File: "policy.yaml", Source: []byte(strings.Replace(string(source), message, message+" files: ["+files+"],", 1)), Reason: "the sheet goes along"}
	plan, err := p.desk.PlanApply(ctx, p.ana.Actor(), in)
	p.must(err)
	_, err = p.desk.ApplyPolicy(ctx, access.Clock, in)
	p.must(err)
	return plan
}

// asksForKey is a call by Carla about her licence key, up to the message about it.
func (p *telephone) asksForKey() (id int64, page desk.PhonePage) {
	p.t.Helper()
	id = p.begin()
	p.must(p.presses(p.eve, id, "1", "acme-shop"))
	p.choose(id, "acme-shop")
	return id, p.press(id, "1")
}

// leaves are the files of the newest mail to somebody, after it has left: "sheet.pdf: %PDF...".
func (p *telephone) leaves(to string) string {
	p.t.Helper()
	p.clock.Pass(11 * time.Second)
	due, err := p.desk.ClaimMail(ctx, 50, time.Minute)
	p.must(err)
	says := "no mail"
	for _, m := range due {
		p.must(p.desk.MailAttempted(ctx, m, desk.Attempted{State: "sent", Phase: "done", Host: "mx.acme-shop.example"}))
		if m.To != to {
			continue
		}
		read, err := mail.Parse(m.Raw)
		p.must(err)
		says = strings.Join(contents(read.Attachments), ", ")
	}
	return says
}

func contents(files []mail.Attachment) (all []string) {
	for _, f := range files {
		all = append(all, f.Name+": "+string(f.Content))
	}
	return all
}

const carla = "carla@acme-shop.example"

// Seed 001: the system email that is sent while the caller waits carries the sheet it speaks of (1.37).
func TestAMessageOfACallCarriesItsFiles(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", carla, "acme-shop.example", "7.0.2", "2026-11-12")
		p.must(p.shelves("Request a key.pdf", "%PDF-1.7 press “Request key”"))
		p.must(p.shelves("Where to look.txt", "Under Orders."))
		p.carrying("Request a key.pdf, Where to look.txt")
		_, page := p.asksForKey()
		p.is("sent", mails(page), "request-key held")
		p.is("the screen names", strings.Join(contents(page.Mails[0].Files), ", "), "Request a key.pdf: %PDF-1.7 press “Request key”, Where to look.txt: Under Orders.")
		if text := page.Mails[0].Text; strings.Contains(text, "Under Orders") {
			t.Errorf("what is read aloud is %q", text)
		}
		p.is("she gets", p.leaves(carla), "Request a key.pdf: %PDF-1.7 press “Request key”, Where to look.txt: Under Orders.")
	})
}

// A file is replaced under its name: what is sent from then on has the new one, and what was sent keeps what was sent.
func TestWhatWasSentKeepsTheFileThatWasSent(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", carla, "acme-shop.example", "7.0.2", "2026-11-12")
		p.must(p.shelves("Prices.pdf", "%PDF-1.7 99 dollars"))
		p.carrying("Prices.pdf")
		call, _ := p.asksForKey()
		ticket := p.cases(carla)
		p.answers(ticket)
		file := p.replaces("Prices.pdf", "Prices 2027.pdf", "%PDF-1.7 120 dollars")
		p.is("it is called", file.Name, "Prices.pdf")
		p.is("the call has sent", strings.Join(contents(p.screen(call).Mails[0].Files), ", "), "Prices.pdf: %PDF-1.7 99 dollars")
		p.is("her page has", p.opens(ticket), "Prices.pdf: %PDF-1.7 99 dollars")
		_, page := p.asksForKey()
		p.is("the next call sends", strings.Join(contents(page.Mails[0].Files), ", "), "Prices.pdf: %PDF-1.7 120 dollars")
		next := p.cases(carla)
		p.answers(next)
		p.is("her next page has", p.opens(next), "Prices.pdf: %PDF-1.7 120 dollars")
	})
}

// cases is a new case of a customer, and answers is Eve answering it with the prepared message.
func (p *telephone) cases(from string) int64 {
	p.t.Helper()
	done, err := p.desk.Create(ctx, access.Clock, desk.Request{Requester: from, Subject: "My key", Text: "Where do I get my key?", Facts: map[string]any{"licence.site": "acme-shop.example", "caller.is_customer": true}})
	p.must(err)
	return done.Ticket.ID
}

func (p *telephone) answers(ticket int64) {
	p.t.Helper()
	_, err := p.desk.SendPrepared(ctx, p.eve.Actor(), desk.Prepared{Ticket: ticket, Message: "request-key"})
	p.must(err)
}

// opens is the one file that the customer's page shows, opened by them.
func (p *telephone) opens(ticket int64) string {
	p.t.Helper()
	reader := p.customer(carla)
	comments := p.sees(reader, ticket).Comments
	files := comments[len(comments)-1].Attachments
	if len(files) != 1 {
		p.t.Fatalf("the page shows %+v", files)
	}
	f, content, err := p.desk.Attachment(ctx, reader, ticket, files[0].ID)
	p.must(err)
	defer content.Close()
	says, err := io.ReadAll(content)
	p.must(err)
	return f.Name + ": " + string(says)
}

// replaces lets Ana put a new version under the name of a file.
func (p *telephone) replaces(name, upload, bytes string) store.LibraryFile {
	p.t.Helper()
	file, err := p.replace(name, upload, bytes)
	p.must(err)
	return file
}

func (p *telephone) replace(name, upload, bytes string) (store.LibraryFile, error) {
	p.t.Helper()
	library, err := p.desk.LibraryFiles(ctx, p.ana.Actor(), 0)
	p.must(err)
	i := slices.IndexFunc(library, func(f store.LibraryFile) bool { return f.Name == name })
	kept, err := p.desk.Keep(ctx, p.ana.Actor(), upload, "application/octet-stream", strings.NewReader(bytes))
	p.must(err)
	return p.desk.ReplaceLibraryFile(ctx, p.ana.Actor(), 0, library[i].ID, kept)
}

// B6, B7: the files of a prepared answer are reached by whoever may see the ticket, through it alone.
func TestB6_AndB7_AFileOfAPreparedAnswerIsReachedThroughItsTicketOnly(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", carla, "acme-shop.example", "7.0.2", "2026-11-12")
		p.must(p.shelves("Request a key.pdf", "%PDF-1.7 press “Request key”"))
		p.carrying("Request a key.pdf")
		ticket := p.cases(carla)
		p.answers(ticket)
		p.is("Carla opens", p.opens(ticket), "Request a key.pdf: %PDF-1.7 press “Request key”")
		p.is("her mail has", p.leaves(carla), "Request a key.pdf: %PDF-1.7 press “Request key”")
		comments := p.sees(p.eve.Actor(), ticket).Comments
		file := comments[len(comments)-1].Attachments[0].ID
		other := p.asks("Tomas Becker <tomas@becker.example>", "His")
		refused := func(why string, a access.Actor, ticket int64) {
			t.Helper()
			if _, _, err := p.desk.Attachment(ctx, a, ticket, file); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", why, err)
			}
		}
		refused("it opens for another customer", p.customer("tomas@becker.example"), ticket)
		refused("it opens through another ticket", p.customer("tomas@becker.example"), other)
	})
}

// Words that speak of a file do not go without it: the screen says what is missing, and an answer is refused.
func TestAMessageWaitsForAFileThatCannotGo(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", carla, "acme-shop.example", "7.0.2", "2026-11-12")
		plan := p.carrying("Request a key.pdf, Prices.txt, Terms.txt")
		if !slices.Equal(plan.NoFiles, []string{"Prices.txt", "Request a key.pdf", "Terms.txt"}) {
			t.Errorf("the plan misses %q", plan.NoFiles)
		}
		refuses := func(says string) {
			t.Helper()
			id, page := p.asksForKey()
			p.is("sent", mails(page), "")
			if why := page.Events[len(page.Events)-1].Says; !page.Unsent || why != "“FAQ - How to request a key” was not sent: "+says {
				t.Errorf("call %d says %q", id, why)
			}
			ticket := p.cases(carla)
			_, err := p.desk.SendPrepared(ctx, p.eve.Actor(), desk.Prepared{Ticket: ticket, Message: "request-key"})
			if fault.KindOf(err) == "" || fault.Says(err) != "“FAQ - How to request a key” was not sent: "+says {
				t.Errorf("the answer says %v", err)
			}
			if n := len(p.sees(p.eve.Actor(), ticket).Comments); n != 1 {
				t.Errorf("the ticket has %d comments", n)
			}
		}
		refuses("it carries Request a key.pdf, which is not in the library; tell whoever writes the policy")
		p.must(p.shelves("Request a key.pdf", "%PDF-1.7"+strings.Repeat(" ", 9<<20)))
		p.must(p.shelves("Prices.txt", strings.Repeat("a", 9<<20)))
		p.must(p.shelves("Terms.txt", strings.Repeat("b", 9<<20)))
		if plan := p.carrying("Request a key.pdf, Prices.txt, Terms.txt"); !slices.Equal(plan.Heavy, []string{"FAQ - How to request a key"}) || len(plan.NoFiles) > 0 {
			t.Errorf("the plan says %q is too large, and misses %q", plan.Heavy, plan.NoFiles)
		}
		refuses("its files have more than 20 MB together; tell whoever writes the policy")
	})
}

func TestA5_ANewVersionOfAFileIsOfTheSameKind(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.must(p.shelves("Prices.pdf", "%PDF-1.7 99 dollars"))
		for says, bytes := range map[string]string{
			"new.pdf is not of the same kind as Prices.pdf": "120 dollars",
			"new.pdf cannot be taken":                       "<!DOCTYPE html><script>alert(1)</script>",
			"new.pdf has more than 10 MB":                   "%PDF-1.7" + strings.Repeat(" ", desk.LargestLibraryFile),
		} {
			if _, err := p.replace("Prices.pdf", "new.pdf", bytes); err == nil || !strings.Contains(fault.Says(err), says) {
				t.Errorf("%s: %v", says, err)
			}
		}
		library, err := p.desk.LibraryFiles(ctx, p.ana.Actor(), 0)
		p.must(err)
		kept := desk.File{Name: "new.pdf", Size: library[0].Size, SHA256: library[0].SHA256}
		if _, err := p.desk.ReplaceLibraryFile(ctx, p.eve.Actor(), 0, library[0].ID, kept); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the first line replaces: %v", err)
		}
		if _, err := p.desk.ReplaceLibraryFile(ctx, p.ana.Actor(), 0, library[0].ID+1, kept); !fault.Is(err, fault.NotFound) {
			t.Errorf("what is not there is replaced: %v", err)
		}
	})
}
