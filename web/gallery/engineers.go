package gallery

import (
	"hark/web/admin"
	"hark/web/problems"
	"hark/web/shared"
)

func trackers() admin.Engineers {
	return admin.Engineers{List: []admin.Tracker{
		{URL: "/admin/engineers/1", Project: "harbour-and-field/booking", Where: "GitHub at github.com", For: "All brands", Entries: "12 known problems", Heard: "Heard from it: Fri 20 Nov 2026, 10:02 EST."},
		{URL: "/admin/engineers/2", Project: "cork-cycles/shop/storefront-and-everything-behind-it", Where: "GitLab at gitlab.corkcycles.example", For: "Cork Cycles", Entries: "3 known problems", Wrong: "The tracker at gitlab.corkcycles.example does not accept the token; it may have ended or been revoked."},
		{URL: "/admin/engineers/3", Project: "SHOP", Where: "Jira at hoshi.atlassian.net", For: "Hoshi Tea", Entries: "0 known problems"},
	}}
}

func trackerForm() admin.EngineersForm {
	return admin.EngineersForm{ID: "1", Name: "harbour-and-field/booking at github.com", Address: "https://github.com/harbour-and-field/booking", HasToken: true,
		Kinds:  []shared.Option{{Value: "", Label: "The address says it"}, {Value: "github", Label: "GitHub", Chosen: true}, {Value: "gitlab", Label: "GitLab"}, {Value: "jira", Label: "Jira"}},
		Brands: []shared.Option{{Value: "0", Label: "Those of all brands without a tracker of their own", Chosen: true}, {Value: "2", Label: "Cork Cycles"}},
		Test:   &admin.Test{Good: true, Lines: []string{"The tracker at github.com lets the token read harbour-and-field/booking. Issues are switched on."}},
		Hook: &admin.Hook{URL: "https://desk.harbourfield.example/api/engineers/1", Secret: "5f2c0b8e4d6a91c3f07be25d18a94c6e5f2c0b8e4d6a91c3f07be25d18a94c6e",
			Says: "In GitHub, under the repository's Settings, Webhooks: add a webhook with this address and secret, the content type application/json, and the event Issues alone."}}
}

func refusedTracker() admin.EngineersForm {
	v := trackerForm()
	v.ID, v.Name, v.HasToken, v.Hook, v.Test, v.Address = "", "", false, nil, nil, "harbour-and-field/booking"
	v.Errors = []shared.FormError{{Field: "address", Says: "This is no address of a project; copy it from your browser, like https://github.com/acme/shop."}}
	v.Wrong = map[string]string{"address": v.Errors[0].Says}
	return v
}

const booking = "harbour-and-field/booking at github.com"

func closedThere() problems.Record {
	v := knownProblem()
	v.There = problems.There{URL: "https://github.com/harbour-and-field/booking/issues/812", Name: "#812", State: "Closed as completed", Since: at("Thu 17:12", "Thu 19 Nov 2026, 17:12 EST", "2026-11-19T17:12:00-05:00"), Closed: true, Asks: true, Asked: "The engineers closed it. Does it work for customers?", Says: "Nobody is told yet. See it work in production, then confirm it; if it does not, write to them."}
	said := problems.Entry{At: at("Thu 17:12", "Thu 19 Nov 2026, 17:12 EST", "2026-11-19T17:12:00-05:00"), Who: "The engineers", Says: "say: closed as completed"}
	v.History = append([]problems.Entry{said}, v.History...)
	return v
}

func toBeLogged() problems.Record {
	v := knownProblem()
	v.Tracker = ""
	v.There = problems.There{Wrong: "The tracker at github.com does not let the token do this in harbour-and-field/booking; it needs to read and write issues.", Log: &problems.Log{Where: booking, Title: v.Title,
		Text: "What happens:\n\n> Each line is rounded before it is added, since the release of 12 November.\n\nSeverity: serious. It affects everybody.\nReported by 128 customers on 131 tickets.\n\nKnown problem 12 of customer support, for colleagues: https://desk.harbourfield.example/problems/12 (its mark)\n"}}
	return v
}

func onItsWay() problems.Record {
	v := knownProblem()
	v.Tracker, v.There = "", problems.There{Waits: booking, Wrong: "The tracker at github.com asks to wait."}
	return v
}
