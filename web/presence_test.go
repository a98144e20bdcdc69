package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"hark/web/visit"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func TestPresenceSaysWhoElseIsThere(t *testing.T) {
	p := newPresence()
	says := func(want string, now time.Time) {
		t.Helper()
		if got := p.says(7, 1, now); got != want {
			t.Errorf("Ana is told %q, want %q", got, want)
		}
	}
	says("", noon)
	anas, anaLeaves := p.enter(7, 1, "Ana Ruiz")
	says("", noon)
	_, benLeaves := p.enter(7, 2, "Ben Okafor")
	if len(anas) != 1 {
		t.Error("Ana is not told that somebody came")
	}
	says("Ben is here", noon)
	_, tabLeaves := p.enter(7, 2, "Ben Okafor")
	p.enter(7, 3, "Cem Yıldız")
	p.writes(7, 3, noon.Add(writingFor))
	says("Cem is writing, Ben is here", noon)
	says("Ben is here, Cem is here", noon.Add(writingFor))
	p.writes(7, 9, noon.Add(writingFor))
	says("Cem is writing, Ben is here", noon)
	p.enter(7, 4, "Dora Lind")
	p.enter(7, 5, "Eva Moss")
	says("Cem is writing and 3 more are here", noon)
	benLeaves()
	says("Cem is writing and 3 more are here", noon) // his other window is still open
	tabLeaves()
	says("Cem is writing, Dora is here, Eva is here", noon)
	anaLeaves()
	if p.count != 3 {
		t.Errorf("%d streams are remembered, want 3", p.count)
	}
}

func TestPresenceIsBounded(t *testing.T) {
	p := newPresence()
	for i := range int64(mostPresent + 100) {
		p.enter(i, 1, "Ana Ruiz")
	}
	if p.count != mostPresent || len(p.rooms) != mostPresent {
		t.Errorf("%d streams in %d rooms are remembered, at most %d are meant", p.count, len(p.rooms), mostPresent)
	}
	_, leave := p.enter(1, 2, "Ben Okafor")
	leave()
	if p.count != mostPresent {
		t.Errorf("somebody who was not remembered was forgotten: %d", p.count)
	}
}

func TestTheWallNamesWhoHasTheDeskOpenOnce(t *testing.T) {
	p := newPresence()
	_ = p.arrive(1, "Cem Yıldız")
	tabLeaves := p.arrive(2, "Ana Ruiz")
	anaLeaves := p.arrive(2, "Ana Ruiz") // her other window
	if got := listOf3(p.here()); got != "Ana and Cem" {
		t.Errorf("here are %q", got)
	}
	tabLeaves()
	anaLeaves()
	if got := listOf3(p.here()); got != "Cem" {
		t.Errorf("after Ana left here are %q", got)
	}
	for n, name := range []string{"Ben Okafor", "Dora Lind", "Eva Moss"} {
		p.arrive(int64(n+3), name)
	}
	if got := listOf3(p.here()); got != "Ben, Cem, Dora and 1 more" {
		t.Errorf("here are %q", got)
	}
}

// A wall is told to look again with every beat, and is told nothing else; other pages are not told at all.
func TestAWallLooksAgainWithEveryBeat(t *testing.T) {
	for subject, want := range map[string]string{wallSubject: "event: wall\ndata: {}\n\n", "ticket:1": "", "list:next": "", "": ""} {
		out := httptest.NewRecorder()
		s := &stream{subject: subject, visit: &visit.Visit{Writer: out}, control: http.NewResponseController(out)}
		if err := s.tellWall(); err != nil || out.Body.String() != want {
			t.Errorf("%q is told %q, %v", subject, out.Body, err)
		}
	}
}
