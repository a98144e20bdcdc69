package web

import (
	"fmt"
	"strconv"
	"time"

	"hark/desk"
	"hark/web/reports"
	"hark/web/shared"
	"hark/web/visit"
)

// reportMailed is what the reader gets by mail of this brand, or the form that asks for it.
func (h *house) reportMailed(v *visit.Visit, r desk.Report) (*reports.Mailed, error) {
	in, yes, err := h.desk.ReportMailed(v.Context(), v.Actor, r.Brand)
	if err != nil {
		return nil, err
	}
	if !yes {
		in = desk.ReportMail{Weekday: time.Monday, Hour: 8}
	}
	out := &reports.Mailed{Brand: number(r.Brand), Email: v.Person.Email, Zone: v.Zone(r.Policy.Zone).String()}
	if yes {
		out.Says = fmt.Sprintf("Every %s at %02d:00.", in.Weekday, in.Hour)
	}
	for i, name := range dayNames {
		day := time.Weekday((i + 1) % 7)
		out.Days = append(out.Days, shared.Option{Value: strconv.Itoa(int(day)), Label: name, Chosen: day == in.Weekday})
	}
	for hour := range 24 {
		out.Hours = append(out.Hours, shared.Option{Value: strconv.Itoa(hour), Label: fmt.Sprintf("%02d:00", hour), Chosen: hour == in.Hour})
	}
	return out, nil
}

// mailReport begins, changes or ends the reader's own weekly mail.
func (h *house) mailReport(v *visit.Visit) error {
	var in struct {
		Brand   int64  `form:"brand"`
		Weekday int64  `form:"weekday"`
		Hour    int64  `form:"hour"`
		Do      string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	page := "/reports?brand=" + number(in.Brand)
	if in.Do == "end" {
		if err := h.desk.EndReportMail(v.Context(), v.Actor, in.Brand); err != nil {
			return err
		}
		return h.done(v, "report-ended", page)
	}
	err := h.desk.MailReport(v.Context(), v.Actor, desk.ReportMail{Brand: in.Brand, Weekday: time.Weekday(in.Weekday), Hour: int(in.Hour)})
	if err != nil {
		return err
	}
	return h.done(v, "report-mailed", page)
}
