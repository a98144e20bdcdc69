package main

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"hark/calendar"
)

// questions are lines of every kind, spread over a year.
func questions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "2026-%02d-%02dT%02d:%02d %s\n", 1+i%12, 1+i%28, i%24, i%60, []string{"4bh", "1bd", "24h", "5d", "1bd@close", "90bm"}[i%6])
	}
	return b.String()
}

func office(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := whichCalendar{Policy: "customer-support-center"}.load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryLineOfStandardInputIsAnswered(t *testing.T) {
	var answers strings.Builder
	if err := answerLines(office(t), strings.NewReader(questions(600)), &answers); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(answers.String(), "\n"); n != 600 || strings.Contains(answers.String(), "error") {
		t.Errorf("%d answers to 600 lines:\n%.300s", n, answers.String())
	}
}

// A million lines take a few seconds; this is a million of them.
func BenchmarkAMillionLines(b *testing.B) {
	c, lines := office(b), questions(1_000_000)
	for b.Loop() {
		if err := answerLines(c, strings.NewReader(lines), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
