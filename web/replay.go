package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/simulate"
	"hark/web/replay"
	"hark/web/shared/say"
	"hark/web/visit"
)

// replays are the replays that people have asked this process for: the last one of each person and brand. They are kept in
// memory alone, because a replay stores nothing.
type replays struct {
	mu   sync.Mutex
	runs map[replayOf]*replayRun
}

type replayOf struct{ brand, person int64 }

// replayRun is one replay, under way until ended is closed; result and err are set before that.
type replayRun struct {
	text   [32]byte // the hash of the draft it is of
	rules  int64    // the running version it compares with
	at     time.Time
	done   atomic.Int64
	of     atomic.Int64
	ended  chan struct{}
	result desk.Replayed
	err    error
}

func newReplays() *replays { return &replays{runs: map[replayOf]*replayRun{}} }

func (r *replays) of(which replayOf) *replayRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.runs[which]
}

// begin makes a replay the last one of a person and brand. One runs at a time, because it takes all processors; asking
// again for one that is under way changes nothing.
func (r *replays) begin(which replayOf, run *replayRun) (mine bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for other, is := range r.runs {
		if !is.over() && other != which {
			return false, fault.New(fault.TooMany, "another replay is under way, yours or a colleague’s; try again in a few seconds")
		}
	}
	if is := r.runs[which]; is != nil && !is.over() {
		return false, nil
	}
	r.runs[which] = run
	return true, nil
}

func (r *replayRun) over() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// moment is how long somebody waits for a replay before they are shown how far it has come.
const moment = 400 * time.Millisecond

// replayRules begins a replay of the visitor's draft.
func (h *house) replayRules(v *visit.Visit) error {
	var in struct {
		Brand int64 `form:"brand"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, in.Brand)
	if err != nil {
		return err
	}
	if _, _, err := desk.CheckPolicy("policy", []byte(draft.Source)); err != nil {
		return h.showReplay(v, http.StatusUnprocessableEntity, in.Brand, "The draft has mistakes to mend first; then it can be replayed.")
	}
	_, version, err := h.desk.Running(v.Context(), in.Brand)
	if err != nil {
		return h.showReplay(v, visit.Status(err), in.Brand, sentence(fault.Says(err)))
	}
	run := &replayRun{text: sha256.Sum256([]byte(draft.Source)), rules: version, at: h.desk.Now(), ended: make(chan struct{})}
	mine, err := h.replays.begin(replayOf{in.Brand, v.Actor.Person}, run)
	if err != nil {
		return h.showReplay(v, visit.Status(err), in.Brand, sentence(fault.Says(err)))
	}
	if mine {
		h.runReplay(v, run, in.Brand, draft.Source)
	}
	return v.SeeOther("/admin/policy/replay?brand=" + number(in.Brand))
}

// runReplay lets it run beside the visit, and waits a moment for it.
func (h *house) runReplay(v *visit.Visit, run *replayRun, brand int64, source string) {
	actor := v.Actor
	go func() {
		defer close(run.ended)
		run.result, run.err = h.desk.Replay(context.Background(), actor, desk.Replay{
			Brand: brand, File: "policy", Source: []byte(source),
			Progress: func(done, of int) { run.done.Store(int64(done)); run.of.Store(int64(of)) },
		})
	}()
	select {
	case <-run.ended:
	case <-time.After(moment):
	}
}

// replayed shows the last replay of the visitor's draft, or how far it has come.
func (h *house) replayed(v *visit.Visit) error {
	brand, _, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	return h.showReplay(v, http.StatusOK, brand, "")
}

func (h *house) showReplay(v *visit.Visit, status int, brand int64, wrong string) error {
	view := replay.View{Brand: number(brand), Wrong: wrong}
	run := h.replays.of(replayOf{brand, v.Actor.Person})
	switch {
	case run == nil:
	case !run.over():
		view.Running = &replay.Progress{Done: int(run.done.Load()), Of: int(run.of.Load())}
		v.Writer.Header().Set("Refresh", "1") // browsers without script look again too
	case run.err != nil:
		view.Wrong = cmp.Or(wrong, sentence(fault.Says(run.err)), "The replay failed. Nothing was changed; try again.")
		v.Note(run.err)
	default:
		result, err := h.replayResult(v, run, brand)
		if err != nil {
			return err
		}
		view.Result = &result
	}
	return h.showStatus(v, status, replay.Page(view))
}

func (h *house) replayResult(v *visit.Visit, run *replayRun, brand int64) (replay.Result, error) {
	r := run.result
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, brand)
	if err != nil {
		return replay.Result{}, err
	}
	p, version, err := h.desk.Running(v.Context(), brand)
	if err != nil {
		return replay.Result{}, err
	}
	out := replay.Result{
		At: h.time(v, run.at), Stopped: r.Stopped, Broken: brokenSays(r.Broken), Zone: p.Zone.String(), Answer: answerSays(v, r),
		Says: say.It(v.Context(), "%d tickets that came in since %s.", r.Done, r.Since.In(h.zone(v)).Format("2 January 2006")),
		Rows: figureRows(v, r), Days: dayBars(v, r), Hours: hourBars(v, r),
	}
	switch {
	case run.text != sha256.Sum256([]byte(draft.Source)):
		out.Earlier = "This is about an earlier text of your draft. Replay again to see what the present one does."
	case run.rules != version:
		out.Earlier = "Other rules run since. Replay again to compare with them."
	}
	for _, m := range r.Moves {
		out.Moves = append(out.Moves, movesOf(m, brand, p.Zone)...)
	}
	if more := r.Moved - len(r.Moves); more > 0 {
		out.More = say.It(v.Context(), "And %d more, which are older.", more)
	}
	return out, nil
}

// brokenSays names the tickets that were left out; many are counted.
func brokenSays(ids []int64) string {
	const named = 5
	var numbers []string
	for _, id := range ids[:min(named, len(ids))] {
		numbers = append(numbers, "#"+number(id))
	}
	switch more := len(ids) - named; {
	case len(ids) == 0:
		return ""
	case more > 0:
		return fmt.Sprintf("Left out, because their record cannot be read: %s and %d more. “hark doctor” says more.", strings.Join(numbers, ", "), more)
	}
	return fmt.Sprintf("Left out, because its record cannot be read: %s. “hark doctor” says more.", strings.Join(numbers, ", "))
}

// answerSays is what somebody wanted to know, in a sentence.
func answerSays(v *visit.Visit, r desk.Replayed) string {
	mails := r.New.Mails - r.Old.Mails
	otherHours := r.New.Hours != r.Old.Hours
	if r.Moved == 0 && mails == 0 && !otherHours {
		return "Nothing would have been different for these tickets."
	}
	says := "No ticket would close, or be due, at another time"
	if r.Moved > 0 {
		says = say.It(v.Context(), "%d of %d tickets would close, or be due, at another time", r.Moved, r.Done)
	}
	switch {
	case mails < 0:
		return says + say.It(v.Context(), ", and %d fewer mails would leave.", -mails)
	case mails > 0:
		return says + say.It(v.Context(), ", and %d more mails would leave.", mails)
	}
	if otherHours {
		return says + ". As many mails would leave as today, some of them at other hours."
	}
	return says + ". As many mails would leave as today."
}

// figureRows puts the figures beside each other, each with two bars.
func figureRows(v *visit.Visit, r desk.Replayed) (rows []replay.Row) {
	figures := simulate.Compare(r.Old, r.New)
	longest := 1
	for _, f := range figures {
		longest = max(longest, f.Old, f.New)
	}
	for _, f := range figures {
		rows = append(rows, replay.Row{Says: f.Says, Part: f.Part, Change: differenceSays(v, f.New-f.Old), Bars: barsOf(v, "", f.Old, f.New, longest)})
	}
	return rows
}

func differenceSays(v *visit.Visit, by int) string {
	switch {
	case by > 0:
		return "+" + say.It(v.Context(), "%d", by)
	case by < 0:
		return "−" + say.It(v.Context(), "%d", -by)
	}
	return ""
}

func barsOf(v *visit.Visit, label string, old, new, longest int) replay.Bars {
	return replay.Bars{
		Label: label, Today: say.It(v.Context(), "%d", old), Draft: say.It(v.Context(), "%d", new),
		OldShare: 1000 * old / longest, NewShare: 1000 * new / longest,
	}
}

func dayBars(v *visit.Visit, r desk.Replayed) (bars []replay.Bars) {
	longest := 1
	for day := range dayNames {
		longest = max(longest, total(r.Old.Hours[day]), total(r.New.Hours[day]))
	}
	for day, name := range dayNames {
		bars = append(bars, barsOf(v, name, total(r.Old.Hours[day]), total(r.New.Hours[day]), longest))
	}
	return bars
}

func total(hours [24]int) (n int) {
	for _, mails := range hours {
		n += mails
	}
	return n
}

func hourBars(v *visit.Visit, r desk.Replayed) (bars []replay.Bars) {
	var old, new [24]int
	longest := 1
	for hour := range 24 {
		for day := range 7 {
			old[hour] += r.Old.Hours[day][hour]
			new[hour] += r.New.Hours[day][hour]
		}
		longest = max(longest, old[hour], new[hour])
	}
	for hour := range 24 {
		bars = append(bars, barsOf(v, fmt.Sprintf("%02d:00", hour), old[hour], new[hour], longest))
	}
	return bars
}

func movesOf(m desk.MovedTicket, brand int64, zone *time.Location) (list []replay.Move) {
	for _, s := range m.Shifts {
		list = append(list, replay.Move{
			Number: number(m.Ticket), URL: "/tickets/" + number(m.Ticket), Subject: m.Subject, What: simulate.Measured(s.What),
			Before: replayTime(s.From, zone), After: replayTime(s.To, zone),
			Try: "/admin/policy/edit?brand=" + number(brand) + "&ticket=" + number(m.Ticket),
		})
	}
	return list
}

// replayTime is short enough for two in a row: the year is this one or the last, and the zone stands above.
func replayTime(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return "not planned"
	}
	return at.In(zone).Format("Mon 2 Jan 15:04")
}
