package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/policy"
	"hark/web/policypage"
	"hark/web/shared"
	"hark/web/visit"
)

// region is whose hours a reader sees, where hours go by region, and the clock they are told on.
type region struct {
	id     string
	zone   *time.Location
	chosen bool // the reader said so, rather than their record or their clock
	own    bool // the zone is the reader's
}

// region is the reader's: the one they chose in the address, else the one of their record, of their clock, or the default. Times
// are told on the reader's own clock when it is known; on that of the region when they chose it, or when nothing is known.
func (h *house) region(v *visit.Visit, p *policy.Policy) region {
	return visit.Once(v, "region of "+p.Name+p.Version, func() region {
		own := v.Zone(nil)
		here := region{id: p.RegionOf(policy.FactsIn(v.Person.Facts), own, h.desk.Now()), zone: own}
		all := p.Regions()
		if asked := v.Query("region"); slices.ContainsFunc(all, func(r policy.RegionChoice) bool { return r.ID == asked }) {
			here.id, here.chosen = asked, true
		}
		for _, r := range all {
			if r.ID == here.id && (here.chosen || own == nil) {
				here.zone = r.Zone
			}
		}
		here.own = own != nil && here.zone == own
		if here.zone == nil {
			here.zone = p.Zone
		}
		return here
	})
}

// hours are those of the policy's first calendar, in the reader's region; nil when it has none.
func (h *house) hours(v *visit.Visit, p *policy.Policy) *calendar.Calendar {
	c := firstCalendar(p)
	if c == nil {
		return nil
	}
	c, _ = c.ForRegion(h.region(v, p).id)
	return c
}

// regions are what a reader can choose from, nil where hours are the same for all.
func (h *house) regions(v *visit.Visit, p *policy.Policy) *policypage.Regions {
	all := p.Regions()
	if len(all) < 2 {
		return nil
	}
	here := h.region(v, p)
	choice := &policypage.Regions{Path: v.Request.URL.Path}
	for _, r := range all {
		choice.Options = append(choice.Options, shared.Option{Value: r.ID, Label: r.Label, Chosen: r.ID == here.id})
	}
	return choice
}

// hoursFile is when we are there, for calendar programs (RFC 5545). It changes when the policy does and once a day.
func (h *house) hoursFile(v *visit.Visit) error {
	p, _, err := h.policyLive(v)
	if err != nil {
		return err
	}
	header := v.Writer.Header()
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	header.Set("Content-Disposition", `inline; filename="hours.ics"`)
	if v.Request.Method == http.MethodHead {
		return nil
	}
	_, err = v.Writer.Write(p.HoursFile(h.region(v, p).id, hostOf(v.Request.Host), h.desk.Now()))
	return err
}

// hoursPath is where that file stands. The region is part of it, because a program that asks again has no clock of its reader.
func (h *house) hoursPath(v *visit.Visit, p *policy.Policy) string {
	if len(p.Regions()) == 0 {
		return "/hours.ics"
	}
	return "/hours.ics?region=" + url.QueryEscape(h.region(v, p).id)
}

// hostOf is a host without its port, as names in a calendar want it.
func hostOf(host string) string {
	host, _, _ = strings.Cut(host, ":")
	return host
}
