package desk

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"hark/policy"
	"hark/promise"
	"hark/store"
)

// picks chooses tickets by what cannot be said in a statement: business days are the calendar's.
type picks func(*Report, store.Waited) bool

// parseBehind reads the name of a number.
func parseBehind(what string) (store.Behind, picks, error) {
	name, rest, _ := strings.Cut(what, ":")
	switch name {
	case "answer":
		step, err := strconv.Atoi(rest)
		if err != nil || step < 0 || step >= policy.AnswerSteps {
			return store.Behind{}, nil, noSuchNumber(what)
		}
		return store.Behind{}, func(r *Report, w store.Waited) bool { return r.Policy.AnswerStep(firstReply(w)) == step }, nil
	case "kind":
		return store.Behind{}, func(_ *Report, w store.Waited) bool { return w.Kind == rest }, nil
	case "level":
		return store.Behind{}, func(_ *Report, w store.Waited) bool { return w.Level == rest }, nil
	case "topic":
		return store.Behind{}, func(_ *Report, w store.Waited) bool { return w.Topic == rest }, nil
	case "all":
		return store.Behind{}, func(*Report, store.Waited) bool { return true }, nil
	case "promise":
		return behindPromise(what, strings.Split(rest, ":"))
	case "tag":
		return store.Behind{Tag: rest}, nil, nil
	case "follow-ups":
		return store.Behind{FollowUps: true}, nil, nil
	case "reopened":
		return store.Behind{Reopened: true}, nil, nil
	case "rating":
		return behindRating(what, rest)
	case "agent":
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil || id <= 0 {
			return store.Behind{}, nil, noSuchNumber(what)
		}
		return store.Behind{Answerer: id}, nil, nil
	}
	return store.Behind{}, nil, noSuchNumber(what)
}

// ratings are the parts of those who were asked how it went, by their name in an address.
var ratings = map[string]string{"asked": "", "answered": "answered", "unanswered": "unanswered", "good": "good", "fair": "fair", "bad": "bad"}

// behindRating reads "good", or "good:7" for the tickets that one agent had.
func behindRating(what, rest string) (store.Behind, picks, error) {
	part, agent, of := strings.Cut(rest, ":")
	sense, known := ratings[part]
	b := store.BehindRating{Sense: sense}
	if of {
		id, err := strconv.ParseInt(agent, 10, 64)
		known = known && err == nil && id > 0
		b.Agent = id
	}
	if !known {
		return store.Behind{}, nil, noSuchNumber(what)
	}
	return store.Behind{Rating: &b}, nil, nil
}

func behindPromise(what string, parts []string) (store.Behind, picks, error) {
	if len(parts) != 3 {
		return store.Behind{}, nil, noSuchNumber(what)
	}
	return store.Behind{Promise: &store.Kept{Measure: parts[0], Rule: parts[1], State: promise.TargetState(parts[2])}}, nil, nil
}

// leftOver are the names that tickets have and the policy's order has not.
func leftOver[T any](order []string, sorted map[string]T) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(sorted)), func(id string) bool { return slices.Contains(order, id) })
}
