//go:build bench

package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/e2e"
)

// TestRingToScreen measures the whole way in a real browser: an exchange tells of a call, and whoever is rung sees who calls. The first
// three open the screen's styles and scripts, and do not count.
func TestRingToScreen(t *testing.T) {
	server := e2e.Start(t, "demo")
	secret := strings.TrimSpace(server.Hark(t, "", "keys", "secret", "exchange"))
	ana := e2e.Open(t)
	ana.Visit(server.URL + "/sign-in")
	ana.Type("input[name=email]", "ana@larkandfield.example")
	ana.Type("input[name=password]", "lark and field")
	ana.Press("Sign in")
	ana.See("Next for me")
	fmt.Printf("\n%d cores, load %s\n", runtime.NumCPU(), load())
	took := &durations{}
	for n := range 53 {
		number, call := fmt.Sprintf("+1503555%04d", n), "bench-"+strconv.Itoa(n)
		began := time.Now()
		tell(t, server, secret, desk.CallTold{Call: call, Event: "1", What: "ringing", At: began, From: number, Agent: "ana@larkandfield.example"})
		shows(t, ana, number, true)
		if n >= 3 {
			took.add(time.Since(began))
		}
		tell(t, server, secret, desk.CallTold{Call: call, Event: "2", What: "ended", At: time.Now()})
		shows(t, ana, number, false)
	}
	line(t, "a telephone rings, until whoever is rung sees it in a browser, p99 of 50", ms(took.at(99))+" (median "+ms(took.at(50))+")", "300 ms")
}

// shows waits until the offers on a page name a number, or no longer do.
func shows(t *testing.T, b *e2e.Browser, number string, wanted bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); strings.Contains(b.Text("#toasts"), number) != wanted; {
		if time.Now().After(deadline) {
			t.Fatalf("that %s rings is shown: %v", number, !wanted)
		}
	}
}

// rings measures how long after an exchange has told of a call the page of whoever is rung hears of it.
func rings(t *testing.T, server *e2e.Server) {
	client := browser(t, server)
	secret := strings.TrimSpace(server.Hark(t, "", "keys", "secret", "exchange"))
	heard := listen(t, client, server)
	took := &durations{}
	for n := range 100 {
		began := time.Now()
		tell(t, server, secret, desk.CallTold{Call: "bench-" + strconv.Itoa(n), Event: "1", What: "ringing", At: began, From: "+12065550142", Agent: "ana@agency.example"})
		select {
		case <-heard:
			took.add(time.Since(began))
		case <-time.After(20 * time.Second):
			t.Fatal("the page never heard of a call")
		}
	}
	line(t, "a telephone rings, until the page of whoever is rung hears of it, p99", ms(took.at(99))+" (median "+ms(took.at(50))+")", "300 ms")
}

// listen opens the stream of a page and hears each call that rings.
func listen(t *testing.T, client *http.Client, server *e2e.Server) <-chan struct{} {
	patient := &http.Client{Jar: client.Jar}
	answer, err := patient.Get(server.URL + "/live?subject=")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	heard, ready := make(chan struct{}, 100), make(chan struct{})
	go func() {
		here := false
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			switch {
			case !here && lines.Text() == ": here":
				here = true
				close(ready)
			case lines.Text() == "event: ring":
				heard <- struct{}{}
			}
		}
	}()
	<-ready
	return heard
}

func tell(t *testing.T, server *e2e.Server, secret string, told desk.CallTold) {
	body, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest("POST", server.URL+"/api/calls/events", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Hark-Timestamp", strconv.FormatInt(told.At.Unix(), 10))
	request.Header.Set("Hark-Signature", desk.SignExchange(secret, told.At, body))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		t.Fatalf("an event is answered %s", answer.Status)
	}
}
