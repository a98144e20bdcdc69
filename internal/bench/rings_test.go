//go:build bench

package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/e2e"
)

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
