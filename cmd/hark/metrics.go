package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"hark/store"
)

// meters are the numbers an operator watches. None names a person, a ticket or an address.
type meters struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	accepted prometheus.Counter
	received chan struct{} // woken when mail was accepted
}

func newMeters(d *opened) *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		received: make(chan struct{}, 1),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hark_http_seconds", Help: "How long requests took, by route and status.", Buckets: []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 5},
		}, []string{"route", "status"}),
		accepted: prometheus.NewCounter(prometheus.CounterOpts{Name: "hark_mail_accepted_total", Help: "Mails made durable by the listener."}),
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.requests, m.accepted, waiting{d})
	return m
}

func (m *meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *meters) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// waiting counts, when asked, what has not been done yet. Growing numbers mean that something stands still.
type waiting struct{ desk *opened }

var (
	mailWaiting = prometheus.NewDesc("hark_mail_waiting", "Accepted mails that have not been read.", nil, nil)
	sendWaiting = prometheus.NewDesc("hark_send_waiting", "Mails that have not been sent.", nil, nil)
	mailHeld    = prometheus.NewDesc("hark_mail_held", "Mails that wait for a person's decision.", nil, nil)
	mailFailed  = prometheus.NewDesc("hark_mail_unreadable", "Mails that could not be read.", nil, nil)
	stuck       = prometheus.NewDesc("hark_tickets_stuck", "Tickets whose turn came and failed; they are tried again later and later.", nil, nil)
)

// Describe names the numbers.
func (w waiting) Describe(c chan<- *prometheus.Desc) {
	c <- mailWaiting
	c <- sendWaiting
	c <- mailHeld
	c <- mailFailed
	c <- stuck
}

// Collect counts them. When the database does not answer, the numbers are absent, which alarms as well.
func (w waiting) Collect(c chan<- prometheus.Metric) {
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
	for desc, n := range map[*prometheus.Desc]int64{mailWaiting: b.Received, sendWaiting: b.ToSend, mailHeld: b.Held, mailFailed: b.Unreadable, stuck: b.Stuck} {
		c <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
}
