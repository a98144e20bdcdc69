//go:build bench

// Package bench measures the running product from outside, over SMTP and HTTP, against the budgets it was given.
// `make bench` runs it and prints a table with the machine's cores; docs/benchmarks.md keeps the last one.
package bench

import (
	"bufio"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"
)

// durations are measured times; the zero value is ready to use.
type durations struct {
	mu  sync.Mutex
	all []time.Duration
}

func (d *durations) add(one time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, one)
}

// at returns the given percentile, for example 99.
func (d *durations) at(percent int) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.all) == 0 {
		return 0
	}
	slices.Sort(d.all)
	return d.all[min(len(d.all)-1, len(d.all)*percent/100)]
}

// sender is one SMTP connection that sends mail after mail.
type sender struct {
	conn *textproto.Conn
	from string
	to   string
}

func dialSMTP(address, to string) (*sender, error) {
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	s := &sender{conn: textproto.NewConn(conn), to: to}
	if _, _, err := s.conn.ReadResponse(220); err != nil {
		return nil, err
	}
	return s, s.say(250, "EHLO load.example")
}

func (s *sender) say(code int, line string) error {
	if err := s.conn.PrintfLine("%s", line); err != nil {
		return err
	}
	_, _, err := s.conn.ReadResponse(code)
	return err
}

// send delivers one mail and returns how long it took from MAIL FROM to the 250 after the dot.
func (s *sender) send(number int, text string) (time.Duration, error) {
	from := fmt.Sprintf("customer%d@load.example", number)
	began := time.Now()
	if err := s.say(250, "MAIL FROM:<"+from+">"); err != nil {
		return 0, err
	}
	if err := s.say(250, "RCPT TO:<"+s.to+">"); err != nil {
		return 0, err
	}
	if err := s.say(354, "DATA"); err != nil {
		return 0, err
	}
	body := bufio.NewWriter(s.conn.W)
	fmt.Fprintf(body, "From: Customer %d <%s>\r\nTo: %s\r\nSubject: Question number %d about my site\r\nMessage-ID: <load-%d@load.example>\r\nDate: Wed, 25 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", number, from, s.to, number, number, text)
	if err := body.Flush(); err != nil {
		return 0, err
	}
	err := s.say(250, ".")
	return time.Since(began), err
}

// letter is a mail of about 1,500 bytes, as people write them.
func letter(number int) string {
	return fmt.Sprintf("Hello,\r\n\r\nthis is message w%dx. ", number) + strings.Repeat("The opening hours on our page are wrong since Monday, and the form sends nothing.\r\n", 16) + "\r\nThank you\r\n"
}
