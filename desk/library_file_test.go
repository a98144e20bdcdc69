package desk_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
)

// shelves lets Ana put a file into the library.
func (o *office) shelves(name, bytes string) error {
	o.t.Helper()
	file, err := o.desk.Keep(ctx, o.ana.Actor(), name, "text/html", strings.NewReader(bytes))
	o.must(err)
	_, err = o.desk.AddLibraryFile(ctx, o.ana.Actor(), 0, file)
	return err
}

// withFile is the procedures of seed 001 with two files at their first step.
func withFile(t *testing.T) string {
	t.Helper()
	source, known := policy.Example(procedures)
	if !known {
		t.Fatal("there is no such example")
	}
	return strings.Replace(string(source), "        ask: caller.site\n", "        files: [Who is calling.pdf, Prices.pdf]\n        ask: caller.site\n", 1)
}

// B6, B7: a file of the library is reached through a call whose procedure names it, by whoever may see the call.
func TestB6_AndB7_AFileOfTheLibraryIsReachedThroughACallThatNamesIt(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.must(p.shelves("Who is calling.pdf", "%PDF-1.7 ask for the website"))
		p.must(p.shelves("Salaries.pdf", "%PDF-1.7 nobody's business"))
		library, err := p.desk.LibraryFiles(ctx, p.ana.Actor(), 0)
		p.must(err)
		salaries, named := library[0], library[1]
		before := p.begin()
		in := desk.NewPolicy{File: "policy.yaml", Source: []byte(withFile(t)), Reason: "a sheet beside the first question"}
		plan, err := p.desk.PlanApply(ctx, p.ana.Actor(), in)
		p.must(err)
		if !slices.Equal(plan.NoFiles, []string{"Prices.pdf"}) {
			t.Errorf("the plan misses %q", plan.NoFiles)
		}
		_, err = p.desk.ApplyPolicy(ctx, access.Clock, in)
		p.must(err)
		call := p.begin()
		f, content, err := p.desk.PhoneFile(ctx, p.eve.Actor(), call, named.ID)
		p.must(err)
		defer content.Close()
		if says, _ := io.ReadAll(content); f.Type != "application/pdf" || string(says) != "%PDF-1.7 ask for the website" {
			t.Errorf("it is %s: %s", f.Type, says)
		}
		refused := func(why string, a access.Actor, call, file int64, kind fault.Kind) {
			if _, _, err := p.desk.PhoneFile(ctx, a, call, file); !fault.Is(err, kind) {
				t.Errorf("%s: %v", why, err)
			}
		}
		light := p.hire("lars@agency.example", "Lars Holm", access.Light)
		refused("one that no step names opens", p.eve.Actor(), call, salaries.ID, fault.NotFound)
		refused("it opens through a call that began by a procedure without it", p.eve.Actor(), before, named.ID, fault.NotFound)
		refused("it opens through no call", p.eve.Actor(), 99999, named.ID, fault.NotFound)
		refused("it opens for a light agent", light.Actor(), call, named.ID, fault.Forbidden)
		p.must(p.desk.RemoveLibraryFile(ctx, p.ana.Actor(), 0, named.ID))
		refused("it opens after it was removed", p.eve.Actor(), call, named.ID, fault.NotFound)
	})
}

// A5: what a library takes, the bytes decide, and whoever writes the policy.
func TestA5_TheLibraryTakesWhatNobodyRuns(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		for says, err := range map[string]error{
			"notes.pdf cannot be taken": p.shelves("notes.pdf", "<!DOCTYPE html><script>alert(1)</script>"),
			"empty.txt cannot be taken": p.shelves("empty.txt", ""),
			"more than 10 MB":           p.shelves("long.txt", strings.Repeat("a", desk.LargestLibraryFile+1)),
			"at most 120 letters":       p.shelves(strings.Repeat("n", 121), "a"),
		} {
			if err == nil || !strings.Contains(fault.Says(err), says) {
				t.Errorf("%s: %v", says, err)
			}
		}
		p.must(p.shelves("Prices.txt", "99 dollars"))
		if err := p.shelves("Prices.txt", "98 dollars"); !fault.Is(err, fault.Invalid) {
			t.Errorf("two files have one name: %v", err)
		}
		if _, err := p.desk.AddLibraryFile(ctx, p.eve.Actor(), 0, desk.File{Name: "a.txt"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the first line fills the library: %v", err)
		}
		if _, err := p.desk.LibraryFiles(ctx, p.eve.Actor(), 0); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the first line lists the library: %v", err)
		}
		library, err := p.desk.LibraryFiles(ctx, p.ana.Actor(), 0)
		p.must(err)
		if err := p.desk.RemoveLibraryFile(ctx, p.eve.Actor(), 0, library[0].ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the first line empties the library: %v", err)
		}
	})
}
