package policy_test

import (
	"bytes"
	"testing"

	"hark/policy"
)

// condition is a condition as a file writes it.
func condition(t *testing.T, written string) (*policy.Policy, policy.Condition) {
	t.Helper()
	src := bytes.Replace(read(t, "testdata/small.yaml"), []byte("{customer.vip: true, customer.seats: {gte: 5}}"), []byte(written), 1)
	p := parsed(t, written, src)
	return p, p.Doc.Routing[0].When
}

func TestConditions(t *testing.T) {
	facts := policy.FactsIn(map[string]any{
		"customer.seats": 7, "customer.vip": true, "customer.name": "Ines", "customer.since": "2026-03-01",
		"ticket.tags": []string{"late", "vip"}, "customer.seats_float": 7.0, "customer.nothing": nil,
	})
	for written, want := range map[string]bool{
		`{customer.vip: true}`:                                        true,
		`{customer.vip: false}`:                                       false,
		`{customer.trial: false}`:                                     true, // nobody has said so: no
		`{customer.trial: true}`:                                      false,
		`{customer.seats: 7}`:                                         true,
		`{customer.seats_float: 7}`:                                   true,
		`{customer.seats: "7"}`:                                       false,
		`{customer.name: [Ana, Ines]}`:                                true,
		`{customer.name: [Ana, Ben]}`:                                 false,
		`{customer.seats: {gte: 7, lt: 8}}`:                           true,
		`{customer.seats: {gt: 7}}`:                                   false,
		`{customer.unknown: {lt: 5}}`:                                 false,
		`{customer.unknown: {is_not: 5}}`:                             true,
		`{customer.unknown: {exists: false}}`:                         true,
		`{customer.nothing: {exists: true}}`:                          false,
		`{customer.since: {lt: "2026-03-02"}}`:                        true,
		`{ticket.tags: {has: vip}}`:                                   true,
		`{ticket.tags: {has_not: vip}}`:                               false,
		`{customer.name: {has: ine}}`:                                 true,
		`{any: [{customer.seats: 1}, {customer.vip: true}]}`:          true,
		`{all: [{customer.seats: 1}, {customer.vip: true}]}`:          false,
		`{not: {customer.seats: 1}}`:                                  true,
		`{customer.vip: true, not: {any: [{customer.name: Ines}]}}`:   false,
		`{any: [{all: [{customer.vip: true}, {customer.seats: 7}]}]}`: true,
		`{customer.name: {lt: 5}}`:                                    false, // a text is neither more nor less than a number
	} {
		if _, c := condition(t, written); c.Holds(facts) != want {
			t.Errorf("%s is %v", written, !want)
		}
	}
	if !(policy.Condition)(nil).Holds(facts) {
		t.Error("no condition always holds")
	}
}

func TestConditionsInWords(t *testing.T) {
	for written, want := range map[string]string{
		`{customer.vip: true, customer.seats: {gte: 5}}`:          "the number of seats is at least 5 and the customer is a friend",
		`{customer.vip: false}`:                                   "it is not so that the customer is a friend",
		`{ticket.kind: question}`:                                 "the kind is Question",
		`{any: [{ticket.kind: [question]}, {customer.seats: 1}]}`: "the kind is Question or the number of seats is 1",
		`{not: {customer.seats: {exists: true}}}`:                 "not (the number of seats is known)",
	} {
		if p, c := condition(t, written); p.Says(c) != want {
			t.Errorf("%s reads %q, wanted %q", written, p.Says(c), want)
		}
	}
	if got := (policy.Condition{"ticket.kind": []any{"a", "b_c"}}).Says(); got != "the ticket kind is a or b c" {
		t.Errorf("without a policy the names stand for themselves: %q", got)
	}
}
