package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"hark/calendar"
	"hark/fault"
)

// calendarCmd groups what can be asked of a policy's calendars without a server.
type calendarCmd struct {
	Add     calendarAddCmd     `cmd:"" help:"The instant that lies a duration after another; without arguments, answers lines from standard input."`
	Open    calendarOpenCmd    `cmd:"" help:"Whether it is open at an instant, until when, and why."`
	Between calendarBetweenCmd `cmd:"" help:"The opening time between two instants, in minutes."`
}

// whichCalendar names a calendar of a policy, in a region.
type whichCalendar struct {
	Policy   string `help:"A built-in example or a policy file." required:"" placeholder:"NAME|FILE"`
	Calendar string `help:"Which calendar; may be left out when the policy has one." placeholder:"ID"`
	Region   string `help:"Which region, for calendars that have some." placeholder:"R"`
}

func (w whichCalendar) load() (*calendar.Calendar, error) {
	p, err := loadPolicy(w.Policy)
	if err != nil {
		return nil, err
	}
	c, err := p.Calendar(w.Calendar)
	if err != nil || w.Region == "" {
		return c, err
	}
	return c.Region(w.Region)
}

type calendarAddCmd struct {
	whichCalendar
	From     string `arg:"" optional:"" help:"RFC 3339, or YYYY-MM-DDTHH:MM in the calendar's zone."`
	Duration string `arg:"" optional:"" help:"24h, 5d, 4bh, 1bd, 1bd@close, ..."`
}

// Run answers one question, or as many lines as come on standard input, a million in a few seconds.
func (c *calendarAddCmd) Run(out *Out) error {
	hours, err := c.load()
	if err != nil {
		return err
	}
	if c.From == "" {
		return answerLines(hours, os.Stdin, out.Stdout)
	}
	if c.Duration == "" {
		return fault.New(fault.Invalid, "give a duration after FROM, such as 24h or 1bd@close")
	}
	answer := hours.AnswerLine(c.From + " " + c.Duration)
	if says, wrong := strings.CutPrefix(answer, "error: "); wrong {
		return fault.New(fault.Invalid, "%s", says)
	}
	return out.Print(map[string]string{"at": answer}, answer)
}

// answerLines answers each line with one line, in order.
func answerLines(c *calendar.Calendar, in io.Reader, answers io.Writer) error {
	w := bufio.NewWriterSize(answers, 1<<16)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		w.WriteString(c.AnswerLine(lines.Text()))
		w.WriteByte('\n')
	}
	if err := lines.Err(); err != nil {
		return fault.Wrap(err, fault.Invalid, "standard input cannot be read")
	}
	return w.Flush()
}

type calendarOpenCmd struct {
	whichCalendar
	At string `arg:"" help:"RFC 3339, or YYYY-MM-DDTHH:MM in the calendar's zone."`
}

// Run says open or closed, until when, and why.
func (c *calendarOpenCmd) Run(out *Out) error {
	hours, err := c.load()
	if err != nil {
		return err
	}
	at, err := hours.ParseInstant(c.At)
	if err != nil {
		return err
	}
	status := hours.At(at)
	answer := struct {
		Open  bool       `json:"open"`
		Until *time.Time `json:"until"`
		Why   string     `json:"why,omitempty"`
	}{Open: status.Open, Why: status.Why}
	says := "closed"
	if status.Open {
		says = "open"
	}
	if !status.Until.IsZero() {
		until := status.Until.UTC()
		answer.Until = &until
		says += " until " + status.Until.In(hours.Zone).Format("Mon 2006-01-02 15:04 MST")
	}
	if status.Why != "" {
		says += " (" + status.Why + ")"
	}
	return out.Print(answer, says)
}

type calendarBetweenCmd struct {
	whichCalendar
	From string `arg:""`
	To   string `arg:""`
}

// Run prints a bare number of minutes.
func (c *calendarBetweenCmd) Run(out *Out) error {
	hours, err := c.load()
	if err != nil {
		return err
	}
	from, err := hours.ParseInstant(c.From)
	if err != nil {
		return err
	}
	to, err := hours.ParseInstant(c.To)
	if err != nil {
		return err
	}
	minutes := int64(hours.Between(from, to) / time.Minute)
	_, err = fmt.Fprintln(out.Stdout, minutes)
	return err
}
