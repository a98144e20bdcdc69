//go:build bench

// Package bench measures the running product from outside, over SMTP and HTTP, against the budgets it was given.
// `make bench` runs it and prints a table with the machine's cores; docs/benchmarks.md keeps the last one.
package bench

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"hark/e2e"
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

// address is the one that is written to.
const address = "bench@agency.example"

// letter is a mail of about 1,500 bytes, as people write them, and who wrote it.
func letter(number int) (from, raw string) {
	from = fmt.Sprintf("customer%d@load.example", number)
	return from, e2e.Mail(fmt.Sprintf("Customer %d <%s>", number, from), address, fmt.Sprintf("Question number %d about my site", number), fmt.Sprintf("<load-%d@load.example>", number), text(number))
}

func text(number int) string {
	return fmt.Sprintf("Hello,\r\n\r\nthis is message w%dx. ", number) + strings.Repeat("The opening hours on our page are wrong since Monday, and the form sends nothing.\r\n", 16) + "\r\nThank you\r\n"
}
