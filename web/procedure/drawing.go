package procedure

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"hark/web/shared/say"
)

// A procedure is drawn as one column of steps, in the order of the list, with lines beside it: out of a choice, along, and into the step it
// leads to. All ways into one step share a line, as trains share a track, so that there are as many lines as steps that are led to and
// not as many as choices. The column is as wide as a telephone, and every row has the number of where it leads, so that nothing has to
// be traced. Letters are measured roughly, because no browser is at hand here; there is room for what that misses.

// The measures of the drawing, in units that are pixels at its full size.
const (
	columnWide = 312
	tracksFrom = 326 // the first track
	wholeWide  = 400
	trackGap   = 12
	textAt     = 40
	labelAt    = 62
	goalAt     = 300
	titleHigh  = 20
	rowHigh    = 18
	boxPad     = 12
	boxGap     = 24
	topSpace   = 22
)

// drawing is the whole picture.
type drawing struct {
	High   int
	Boxes  []box
	Tracks []track
	Downs  []down
}

// box is a step.
type box struct {
	Y, High int
	Class   string
	Number  string
	NumberY int
	Texts   []text
}

// text is one line of words.
type text struct {
	X, Y  int
	Class string
	Says  string
}

// track is the line into one step, from everything that leads to it.
type track struct {
	X     int
	Ways  []string // of a path each
	Class []string
	Arrow string
}

// down is the arrow to the step below.
type down struct{ Line, Arrow string }

// draw draws a procedure.
func draw(ctx context.Context, steps []Step) drawing {
	d := drawing{High: topSpace}
	into := make([][]source, len(steps))
	tops := make([]int, len(steps))
	for i, s := range steps {
		tops[i] = d.High
		b, ways := drawBox(ctx, i, s, d.High)
		for _, w := range ways {
			into[w.to] = append(into[w.to], w)
		}
		d.Boxes = append(d.Boxes, b)
		d.High += b.High + boxGap
	}
	d.lines(into, tops)
	return d
}

// source is where a way begins: beside its row.
type source struct {
	from, to, y int
	straight    bool // it simply goes on to the step below
}

// pen writes the rows of one box.
type pen struct {
	box
	y int
}

func (p *pen) write(x, wide, high int, class, says string, most int) {
	for _, line := range wrapped(says, wide, most) {
		p.Texts = append(p.Texts, text{x, p.y, class, line})
		p.y += high
	}
}

func drawBox(ctx context.Context, i int, s Step, top int) (box, []source) {
	p := pen{box: box{Y: top, Class: s.class(i), Number: number(i), NumberY: top + boxPad + 14}, y: top + boxPad + 14}
	p.write(textAt, (goalAt-textAt)*7/8, titleHigh, "flow-title", s.Title, 3) // its letters are larger
	if s.Needs != "" {
		p.write(textAt, goalAt-textAt, rowHigh, "flow-needs", onlyWith(ctx, s.Needs), 1)
	}
	var ways []source
	for _, w := range s.Ways {
		ways = append(ways, p.way(ctx, i, w, len(s.Ways) == 1)...)
	}
	switch {
	case s.End != "":
		p.write(textAt, goalAt-textAt, rowHigh, "flow-end", say.It(ctx, "Ends: %s", s.End), 1)
	case s.dead():
		p.write(textAt, goalAt-textAt, rowHigh, "flow-wrong", say.It(ctx, "Leads nowhere"), 1)
	}
	if !s.Reached {
		p.write(textAt, goalAt-textAt, rowHigh, "flow-wrong", say.It(ctx, "Nothing leads here"), 1)
	}
	p.High = p.y - top - 14 + boxPad - 2
	return p.box, ways
}

// way writes a row, with its key before it and the number of its step behind it.
func (p *pen) way(ctx context.Context, i int, w Way, only bool) []source {
	y := p.y
	label := cmp.Or(w.Label, say.It(ctx, "then"))
	if w.Needs != "" {
		label += ", " + strings.ToLower(onlyWith(ctx, w.Needs))
	}
	if w.Key != "" {
		p.Texts = append(p.Texts, text{textAt, y, "flow-key", clipped(w.Key, 18)})
		p.write(labelAt, goalAt-labelAt-28, rowHigh, "flow-way", label, 2)
	} else {
		p.write(textAt, goalAt-textAt-28, rowHigh, "flow-way", label, 2)
	}
	if w.To < 0 {
		p.Texts = append(p.Texts, text{goalAt, y, "flow-goal flow-wrong", "?"})
		return nil
	}
	p.Texts = append(p.Texts, text{goalAt, y, "flow-goal", number(w.To)})
	return []source{{from: i, to: w.To, y: y - 5, straight: only && w.Label == "" && w.To == i+1}}
}

func (s Step) class(i int) string {
	class := "flow-box"
	if i == 0 {
		class += " flow-first"
	}
	if s.End != "" {
		class += " flow-last"
	}
	if !s.Reached || s.dead() {
		class += " flow-loose"
	}
	return class
}

// lines draws what leads into each step. The shortest lines are the nearest to the column.
func (d *drawing) lines(into [][]source, tops []int) {
	var all []span
	for to, sources := range into {
		s := span{to: to, entry: tops[to] + boxPad + 9}
		s.from, s.until = s.entry, s.entry
		for _, from := range sources {
			if from.straight {
				d.Downs = append(d.Downs, downTo(tops[to]))
				continue
			}
			s.sources = append(s.sources, from)
			s.from, s.until = min(s.from, from.y), max(s.until, from.y)
		}
		if len(s.sources) > 0 {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b span) int { return cmp.Compare(a.until-a.from, b.until-b.from) })
	count := lay(all)
	for _, s := range all {
		d.Tracks = append(d.Tracks, s.track(tracksFrom+s.lane*min(trackGap, (wholeWide-tracksFrom-4)/max(1, count))))
	}
	slices.SortStableFunc(d.Tracks, func(a, b track) int { return cmp.Compare(a.X, b.X) })
}

// span is how far the track into one step reaches, and in which lane it lies.
type span struct {
	to, entry, from, until, lane int
	sources                      []source
}

// lay gives each span the first lane in which nothing else is, and returns how many lanes there are.
func lay(all []span) (lanes int) {
	const apart = 10
	for i := range all {
		taken := map[int]bool{}
		for _, other := range all[:i] {
			if all[i].from < other.until+apart && other.from < all[i].until+apart {
				taken[other.lane] = true
			}
		}
		for taken[all[i].lane] {
			all[i].lane++
		}
		lanes = max(lanes, all[i].lane+1)
	}
	return lanes
}

func (s span) track(x int) track {
	t := track{X: x, Arrow: fmt.Sprintf("M%d %dl7 -4v8z", columnWide+1, s.entry)}
	for _, from := range s.sources {
		t.Ways = append(t.Ways, bend(x, from.y, s.entry))
		class := "flow-line"
		if from.y > s.entry {
			class = "flow-line flow-back"
		}
		t.Class = append(t.Class, class)
	}
	return t
}

// bend is a way out of a row, along its track, and into a step.
func bend(x, from, to int) string {
	const round = 6
	turn := round
	if to < from {
		turn = -round
	}
	if from == to {
		turn = 0
	}
	return fmt.Sprintf("M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d", columnWide, from, x-round, x, from, x, from+turn, to-turn, x, to, x-round, to, columnWide+7)
}

func downTo(top int) down {
	return down{Line: fmt.Sprintf("M26 %dV%d", top-boxGap, top-7), Arrow: fmt.Sprintf("M26 %dl-4 -7h8z", top)}
}

// wide is about how wide a letter is, in tenths of a pixel at the size of a row.
func wide(r rune) int {
	switch {
	case strings.ContainsRune("iljtfrI.,:;'’|!()[] ", r):
		return 42
	case strings.ContainsRune("mwMW@%", r), r > 0x2e80:
		return 120
	case unicode.IsUpper(r):
		return 92
	}
	return 76
}

func wideAs(says string) (sum int) {
	for _, r := range says {
		sum += wide(r)
	}
	return sum / 10
}

// wrapped breaks words into at most so many lines; what does not fit is cut off with a sign. A word that is wider than a line is broken.
func wrapped(says string, most, lines int) (all []string) {
	line := ""
	for _, word := range strings.Fields(says) {
		switch {
		case line == "":
			line = word
		case wideAs(line+" "+word) <= most:
			line += " " + word
		default:
			all, line = append(all, line), word
		}
	}
	all = append(all, line)
	if len(all) > lines {
		all = append(all[:lines-1], all[lines-1]+" "+all[lines])
	}
	for i := range all {
		all[i] = clipped(all[i], most)
	}
	return all
}

func clipped(says string, most int) string {
	if wideAs(says) <= most {
		return says
	}
	letters := []rune(says)
	for len(letters) > 1 && wideAs(string(letters))+8 > most {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimRight(string(letters), " ,") + "…"
}
