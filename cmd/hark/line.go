package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"hark/desk"
	"hark/exchange"
	"hark/fault"
)

const (
	lookAtLine = 5 * time.Second  // how often what is set is read anew, so that it holds without a restart
	holdLine   = 15 * time.Second // how often a node says that it still holds the line
)

// ringAlong is the desk's extension at its exchange, on one node at a time, until ctx ends.
func (s *server) ringAlong(ctx context.Context, d *opened) {
	n := &node{desk: d, name: rand.Text()}
	defer n.leave()
	look := time.NewTicker(lookAtLine)
	defer look.Stop()
	for {
		n.match(ctx)
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// node is this process, which may hold the line.
type node struct {
	desk *opened
	name string
	line desk.Line // as it was read last
	stop func()    // nil while this node does not hold it
	held time.Time // when it last said so
	mu   sync.Mutex
	good bool // the line is registered
	says string
}

// match registers what is set, unless another node does.
func (n *node) match(ctx context.Context) {
	line, err := n.desk.ExtensionLine(ctx)
	if err != nil {
		if ctx.Err() == nil {
			slog.Error("the telephone line cannot be read", "error", err)
		}
		return
	}
	if line != n.line {
		n.leave()
		n.line = line
	}
	if line.Server == "" || n.stop != nil && n.heldLately() {
		return
	}
	switch held := n.hold(ctx); {
	case held && n.stop == nil:
		n.begin(ctx)
	case !held && n.stop != nil:
		n.end()
	}
}

// hold says that this node holds the line, and how it does.
func (n *node) hold(ctx context.Context) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	held, err := n.desk.HoldLine(ctx, n.name, n.good, n.says)
	if err != nil && ctx.Err() == nil {
		slog.Error("the telephone line cannot be held", "error", err)
	}
	if held {
		n.held = time.Now()
	}
	return held
}

func (n *node) heldLately() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Since(n.held) < holdLine
}

// begin registers, and hears calls until it is stopped.
func (n *node) begin(ctx context.Context) {
	work, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	e := extension(n.desk, n.line)
	e.State = func(good bool, says string) {
		n.mu.Lock()
		n.good, n.says = good, says
		n.mu.Unlock()
		n.hold(work)
	}
	go func() {
		defer close(ended)
		e.Run(work)
	}()
	n.stop = func() {
		cancel()
		<-ended
	}
}

func (n *node) end() {
	n.stop()
	n.stop = nil
	n.mu.Lock()
	defer n.mu.Unlock()
	n.good, n.says = false, ""
}

// leave ends the line here, and lets another node take it.
func (n *node) leave() {
	if n.stop == nil {
		return
	}
	n.end()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := n.desk.LeaveLine(ctx, n.name); err != nil {
		slog.Error("the telephone line cannot be left", "error", err)
	}
}

// extension is the desk at an exchange.
func extension(d *opened, line desk.Line) *exchange.Extension {
	return &exchange.Extension{Line: line, Now: d.Now, Hear: func(ctx context.Context, told desk.CallTold) error {
		_, err := d.HearCall(ctx, desk.HeardSIP, told)
		return err
	}}
}

// tryLine asks the exchange that is set whether it lets the desk register.
func tryLine(d *opened) func(ctx context.Context) desk.TriedWay {
	return func(ctx context.Context) desk.TriedWay {
		line, err := d.ExtensionLine(ctx)
		if err != nil {
			return desk.TriedWay{Says: fault.Says(err)}
		}
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		says, good := extension(d, line).Try(ctx)
		return desk.TriedWay{Good: good, Says: says}
	}
}
