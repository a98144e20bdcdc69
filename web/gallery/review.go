package gallery

import (
	"hark/web/phone"
	cases "hark/web/review"
)

// reviewing is a case whose customer has no plan: a system message answers it.
func reviewing() cases.View {
	return cases.View{Number: "4812", Subject: "How do I add a page to the menu?", Who: priya.Name, Procedure: "Review a new case", Version: "version 2010-06-02", MustNot: []string{"give technical support"}, May: true, Base: "1", Queue: "/inbox?queue=1.review",
		Wrote:  "Hello,\n\nwe added a page called “Opening hours”, and it is not in the menu. Where do I put it?\n\nOrder 20118.\n\nPriya",
		Level:  phone.Level{Label: "No plan", Because: "The licence was ordered 214 days ago, and no plan was bought."},
		Ticked: []phone.Ticked{{Title: "Who is it?", Known: true}, {Title: "Is it a bug report?", Answer: "Anything else"}, {Title: "Level of support", Answer: "No plan"}},
		Step: phone.Step{ID: "canned", Title: "Answer with a system message", Choices: []phone.Choice{
			{Key: "1", Value: "1", Label: "Licence key", Does: []string{"Sends “FAQ - How to request a key”", "Sets it to Answered."}},
			{Key: "2", Value: "2", Label: "General question", Does: []string{"Sends “FAQ - Support resources”", "Sets it to Answered."}},
			{Key: "3", Value: "3", Label: "Customization", Does: []string{"Sends “FAQ - Custom development”", "Sets it to Answered."}},
		}},
	}
}

func reviewed() cases.View {
	v := reviewing()
	v.Ended, v.Step = "Reviewed by Ben Okafor, Fri 20 Nov 2026, 14:02 EST", phone.Step{Title: "Answered", Ended: true}
	return v
}
