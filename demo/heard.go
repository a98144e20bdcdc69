package demo

import (
	"context"
	"time"

	"hark/access"
	"hark/desk"
)

// extensions say whose telephone rings at which number.
const extensions = "201 " + ana + "\n202 " + ben + "\n210 " + eve

// heardToday is a call of today that the exchange told of. Nobody had a hand free at Eve's telephone.
var heardToday = []struct {
	ago   time.Duration
	call  string
	from  string
	rings time.Duration
}{
	{ago: 62 * minute, call: "sip/7c1d@exchange.larkandfield.example", from: "+1 802 555 0131", rings: 26 * time.Second},
}

// heardCues are the signals of these calls.
func (p *play) heardCues() (all []cue) {
	for _, h := range heardToday {
		began := p.end.Add(-h.ago)
		told := func(what string, at time.Time) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				_, err := p.desk.HearCall(ctx, desk.HeardSIP, desk.CallTold{Call: h.call, Event: what, What: what, At: at, From: h.from, Agent: "210"})
				return err
			}
		}
		all = append(all, cue{began, told("ringing", began)}, cue{began.Add(h.rings), told("ended", began.Add(h.rings))})
	}
	return all
}

// wire says whose telephone is whose.
func (p *play) wire(ctx context.Context) error {
	return p.desk.SaveExtensions(ctx, access.Clock, extensions)
}
