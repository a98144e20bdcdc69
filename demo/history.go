package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Earlier is how many tickets the desk had before the stories begin: a quarter of ordinary days, so that reports have something
// to count. Whoever looks for a story finds it behind these numbers.
const Earlier = begun + lateReplies

// What people wrote, and how many of them came back after their ticket was closed.
const (
	begun       = 140
	lateReplies = 5
)

// reach is how far back the ordinary days go.
const reach = 88 * day

// ordinary is one kind of thing that people write, and what they are told.
type ordinary struct{ subject, body, answer, kind string }

// ordinaries are what a support team hears in a quarter.
var ordinaries = []ordinary{
	{"How do I change our opening hours?", "Where do I change the opening hours on the contact page?", "Under Settings, Places. Choose the place and press Change. It shows at once.", ""},
	{"A new photo for the start page", "Please put the attached words under the new photo.", "It is up. Reload the page if you still see the old one.", "work_request"},
	{"The form sends nothing", "Two people say that they heard nothing after they sent the form.", "The address behind the form had a typing mistake. It is mended, and I have sent you what came in between.", ""},
	{"Can a colleague get access?", "My colleague should be able to edit the events.", "Yes: under People, Invite. Choose Editor, then they can change events and nothing else.", ""},
	{"Please add a page about deliveries", "We need a page about deliveries, with the same look as the one about returns.", "The page is there and linked from the footer. Tell me if the order of the points should change.", "work_request"},
	{"Password forgotten", "I cannot sign in any more.", "I have sent you a link to choose a new one. It works for an hour.", ""},
	{"The second round of texts", "Here is the second round for the new pages.", "Thank you, they are in. The third round can come whenever you like.", "project"},
	{"Where do I see who read the newsletter?", "Is there a number for that?", "Under Newsletter, Past issues. The second column says how many opened it.", ""},
	{"The picture is cut off on phones", "On my phone the picture at the top loses its right half.", "You are right. It keeps its whole width now, on every phone we have here.", ""},
	{"Move the shop's banner", "Please move the banner below the menu until the end of the month.", "Moved. It goes back by itself on the first.", "work_request"},
}

// writers are whom nobody else in the demo is.
var writers = []string{
	"Edda Magnusdottir", "Ruben Cardoso", "Hiba Saleh", "Pavel Novak", "Grace Mensah", "Yuki Tanabe", "Marta Kowalczyk", "Elias Lund", "Chiara Conti", "Dmitri Volkov", "Aoife Byrne", "Sanjay Iyer",
}

// How long first answers took, in minutes: a question is often answered within the hour, everything else by the next business
// day, and 59 of 100 within an hour altogether (seed 002, 2.4).
var (
	questionTook = []int{4, 9, 14, 22, 28, 33, 38, 44, 51, 57, 88, 160, 1320}
	otherTook    = []int{26, 48, 190, 1180, 1320, 1400, 1480, 1560, 1620, 2900}
)

// history is the quarter before the stories. It is the same for everybody who starts the demo at the same hour.
func history(now time.Time) (all []ticketStory) {
	dice := rand.New(rand.NewPCG(2, 59))
	for n := range begun {
		one, who := ordinaries[n%len(ordinaries)], writers[dice.IntN(len(writers))]
		s := ticketStory{ago: reach - time.Duration(n)*(reach-11*day)/begun, name: who, from: address(who), subject: one.subject, body: "Hello,\n\n" + one.body + "\n\n" + who, kind: one.kind}
		s.ago = ontoWeekday(now, s.ago)
		s.steps = ordinarySteps(dice, n, one)
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b ticketStory) int { return int(b.ago - a.ago) })
	return all
}

// ontoWeekday brings what would happen at the weekend to the Friday before.
func ontoWeekday(now time.Time, ago time.Duration) time.Duration {
	switch now.Add(-ago).Weekday() {
	case time.Saturday:
		return ago + day
	case time.Sunday:
		return ago + 2*day
	}
	return ago
}

// ordinarySteps is what came of it: an answer, mostly; sometimes a question that nobody answers, or a customer who comes back.
func ordinarySteps(dice *rand.Rand, n int, one ordinary) []step {
	took := questionTook
	if one.kind != "" {
		took = otherTook
	}
	first := time.Duration(took[dice.IntN(len(took))]) * minute
	by := []string{ana, ana, ben, ben, cem}[dice.IntN(5)]
	switch {
	case n%19 == 7:
		return []step{{after: first, by: by, answer: "Which page do you mean?", status: "pending"}}
	case n%31 == 11: // closed a day after it was solved, so this begins another
		return []step{{after: first, by: by, answer: one.answer, status: "solved"}, {after: first + 50*hour, reply: "One more thing about this."}, {after: first + 51*hour, by: by, answer: "That is done as well.", status: "solved"}}
	case n%13 == 5:
		return []step{{after: first, by: by, answer: one.answer, status: "solved"}, {after: first + 3*hour, reply: "Not quite, I am afraid: it is the other one."}, {after: first + 4*hour, by: by, answer: "Now it is the right one.", status: "solved"}}
	}
	return []step{{after: first, by: by, answer: one.answer, status: "solved"}}
}

func address(name string) string {
	var local []rune
	for _, r := range name {
		if r == ' ' {
			break
		}
		local = append(local, r|0x20)
	}
	return fmt.Sprintf("%s@neighbours.example", string(local))
}
