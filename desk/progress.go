package desk

import (
	"strings"
	"time"

	"hark/account"
	"hark/policy"
)

// progress is how far a ticket has come, for a mail: a line for each phase, with dates in the zone of whoever reads it.
func (k *keeping) progress(to account.Person) string {
	way, ok := k.policy.Progress(k.after, k.h.now)
	if !ok {
		return ""
	}
	zone, lines := k.zoneOf(to), []string{"Where it stands:"}
	for _, s := range way.Stages {
		lines = append(lines, "- "+s.Label+stageSays(s, zone))
	}
	return strings.Join(lines, "\n")
}

// stageSays is what there is to say of one phase beside its name.
func stageSays(s policy.Stage, zone *time.Location) string {
	switch {
	case s.State == policy.StageDone:
		return ", done " + onDay(s.Ended, zone)
	case s.State == policy.StageSkipped:
		return ", not needed"
	case s.State == policy.StageNow && s.Says != "":
		return ", now. " + s.Says + "."
	case s.State == policy.StageNow:
		return ", now" + usually(s, zone)
	case s.Usual != "":
		return ", usually " + s.Usual
	}
	return ""
}

// usually is between which days a phase usually ends.
func usually(s policy.Stage, zone *time.Location) string {
	from, to := onDay(s.From, zone), onDay(s.To, zone)
	switch {
	case s.To.IsZero():
		return ""
	case s.From.IsZero() || from == to:
		return ", usually until " + to
	}
	return ", usually until " + to + ", at the earliest " + from
}

func onDay(at time.Time, zone *time.Location) string { return at.In(zone).Format("Monday 2 January") }

// estimate is the day that an agent gave, marked as what it is; nothing when none was given.
func (k *keeping) estimate(account.Person) string {
	day := k.policy.Estimate(k.after)
	if day.IsZero() {
		return ""
	}
	return "Our estimate is " + day.Format("Monday 2 January 2006") + "; estimates can move."
}
