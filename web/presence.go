package web

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// presence is who has which ticket open just now, on this node. It lives in memory and is made of open event streams
// alone: who leaves is forgotten, and at most mostPresent streams are remembered. What a stream is told is that something
// changed, never who came (B9); the page asks, and is answered what its reader may see.
type presence struct {
	mu    sync.Mutex
	rooms map[int64]map[*guest]bool // by ticket
	count int
	house map[*guest]bool // everybody with any page open
}

// guest is one open page of a ticket.
type guest struct {
	person  int64
	name    string
	writing time.Time     // until when they are taken for writing
	changed chan struct{} // holds one piece of news at most
}

const (
	mostPresent = 10_000
	writingFor  = 20 * time.Second // after the last saved draft; drafts are saved every two
)

func newPresence() *presence {
	return &presence{rooms: map[int64]map[*guest]bool{}, house: map[*guest]bool{}}
}

// enter remembers that somebody has a ticket open, until leave is called. changed tells of others who come, go or begin
// to write.
func (p *presence) enter(ticket, person int64, name string) (changed <-chan struct{}, leave func()) {
	g := &guest{person: person, name: name, changed: make(chan struct{}, 1)}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count >= mostPresent {
		return g.changed, func() {}
	}
	if p.rooms[ticket] == nil {
		p.rooms[ticket] = map[*guest]bool{}
	}
	p.rooms[ticket][g] = true
	p.count++
	p.tell(ticket, person)
	return g.changed, func() { p.leave(ticket, g) }
}

func (p *presence) leave(ticket int64, g *guest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.rooms[ticket], g)
	if p.count--; len(p.rooms[ticket]) == 0 {
		delete(p.rooms, ticket)
	}
	p.tell(ticket, g.person)
}

// arrive remembers that somebody has a page of the desk open, until leave is called.
func (p *presence) arrive(person int64, name string) (leave func()) {
	g := &guest{person: person, name: name}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.house) < mostPresent {
		p.house[g] = true
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.house, g)
	}
}

// here is who has the desk open, each once, by first name.
func (p *presence) here() (names []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := map[int64]bool{}
	for g := range p.house {
		if !seen[g.person] {
			names = append(names, firstName(g.name))
		}
		seen[g.person] = true
	}
	slices.Sort(names)
	return names
}

// writes remembers until when somebody is taken for writing. A person who has no stream open on the ticket is not there.
func (p *presence) writes(ticket, person int64, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	news := false
	for g := range p.rooms[ticket] {
		if g.person == person {
			news = news || g.writing.IsZero() != until.IsZero()
			g.writing = until
		}
	}
	if news {
		p.tell(ticket, person)
	}
}

// tell lets all others in the room know that they should ask again.
func (p *presence) tell(ticket, about int64) {
	for g := range p.rooms[ticket] {
		if g.person != about {
			select {
			case g.changed <- struct{}{}:
			default:
			}
		}
	}
}

// says is who else has the ticket open, in words: "Ben is writing, Cem is here". "" when nobody is.
func (p *presence) says(ticket, reader int64, now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	doing := map[int64]guest{}
	for g := range p.rooms[ticket] {
		if g.person != reader && !doing[g.person].writing.After(g.writing) {
			doing[g.person] = *g
		}
	}
	return inWords(doing, now)
}

// inWords names those who write before those who look; more than three are not told apart.
func inWords(doing map[int64]guest, now time.Time) string {
	var lines []string
	for _, g := range doing {
		if g.writing.After(now) {
			lines = append(lines, "0"+firstName(g.name)+" is writing")
		} else {
			lines = append(lines, "1"+firstName(g.name)+" is here")
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(a, b) })
	if len(lines) > 3 {
		return lines[0][1:] + " and " + number(int64(len(lines)-1)) + " more are here"
	}
	for i := range lines {
		lines[i] = lines[i][1:]
	}
	return strings.Join(lines, ", ")
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
