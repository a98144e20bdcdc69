package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"hark/store"
)

// meters are the numbers an operator watches, in the text format of Prometheus. None names a person, a ticket or an address.
type meters struct {
	set      *metrics.Set
	accepted *metrics.Counter // mails made durable by the listener
	received chan struct{}    // woken when mail was accepted
}

func init() { metrics.ExposeMetadata(true) } // the type of each number stands with it

func newMeters(d *opened) *meters {
	set := metrics.NewSet()
	set.RegisterMetricsWriter(waiting{d}.write)
	return &meters{set: set, accepted: set.NewCounter("hark_mail_accepted_total"), received: make(chan struct{}, 1)}
}

func (m *meters) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m.set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
}

const requestSeconds = "hark_http_seconds"

// bounds are the seconds between which requests are counted.
var bounds = []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 5}

// request counts how long a request took, by route and status.
func (m *meters) request(route string, status int, took time.Duration) {
	name := fmt.Sprintf(requestSeconds+`{route=%q,status="%d"}`, route, status)
	m.set.GetOrCreatePrometheusHistogramExt(name, bounds).Update(took.Seconds())
}

// waiting counts, when asked, what has not been done yet. Growing numbers mean that something stands still.
type waiting struct{ desk *opened }

// write counts them. When the database does not answer, the numbers are absent, which alarms as well.
func (w waiting) write(out io.Writer) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var b store.Backlog
	err := w.desk.db.Read(ctx, func(tx *store.Tx) (err error) {
		b, err = tx.Backlog()
		return err
	})
	if err != nil {
		return
	}
	for _, number := range []struct {
		name string
		is   int64
	}{
		{"hark_mail_waiting", b.Received},      // accepted mails that have not been read
		{"hark_send_waiting", b.ToSend},        // mails that have not been sent
		{"hark_mail_held", b.Held},             // mails that wait for a person's decision
		{"hark_mail_unreadable", b.Unreadable}, // mails that could not be read
		{"hark_tickets_stuck", b.Stuck},        // tickets whose turn came and failed; they are tried again later and later
		{"hark_mailboxes_silent", b.Silent},    // mailboxes to which mail has stopped to arrive
	} {
		metrics.WriteGaugeUint64(out, number.name, uint64(number.is))
	}
}
