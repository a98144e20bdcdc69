package demo

// What customers of Northbound Software follow (seed 004): a bug under review, one that is found, a wish that waits for its customer,
// and a question that was answered straight away.

const northbound = "support@northbound.example"

var followedStories = []ticketStory{
	{
		ago: 12*day + 3*hour, name: "Jörg Brandt", from: "joerg@brandtundsoehne.example", to: northbound, kind: "bug",
		subject: "Search does not find names with an umlaut",
		body:    "Hello,\n\nif I search for “Müller” nothing is found, although there are eleven. “Mueller” finds them.\n\nJörg",
		steps: []step{
			{after: 22 * hour, by: ben, assign: ben, phase: "review"},
			{after: 23 * hour, by: ben, answer: "Hello Jörg,\n\nI can see it here too, with every letter that carries a mark. We look for the cause now.\n\nBen", status: "open"},
			{after: 6*day + 2*hour, by: ben, phase: "identified", said: map[string]string{"issue.link": "true"}},
		},
	},
	{
		ago: 8*day + 2*hour, name: "Ifeoma Obi", from: "ifeoma@lagoslibrary.example", to: northbound, kind: "feature",
		subject: "The monthly list as a spreadsheet",
		body:    "Good morning,\n\ncould the monthly list be saved as a spreadsheet? Today I copy it line by line.\n\nIfeoma",
		steps: []step{
			{after: 26 * hour, by: ana, assign: ana, phase: "review"},
			{after: 27 * hour, by: ana, answer: "Good morning Ifeoma,\n\nwe want to understand it well: which columns do you need, and who reads the spreadsheet afterwards?\n\nAna", status: "pending"},
		},
	},
	{
		ago: 5*day + 6*hour, name: "Nadia Rahman", from: "nadia@harbourlights.example", to: northbound, kind: "bug",
		subject: "The totals on the invoice list are wrong",
		body:    "Hi,\n\nthe total under the list is a few cents less than the sum of the lines. I attach what I see for October.\n\nNadia",
		file:    "october.png",
		steps: []step{
			{after: 20 * hour, by: ana, assign: ana, phase: "review"},
			{after: 21 * hour, by: ana, answer: "Hi Nadia,\n\nthank you, the picture helps: each line is rounded before it is added. We are finding out since when.\n\nAna", status: "open"},
		},
	},
	{
		ago: 30 * hour, name: "Emil Sørensen", from: "emil@fjordboats.example", to: northbound, kind: "other",
		subject: "How do I give a colleague access?",
		body:    "Hello,\n\nwhere do I give my colleague access, to the invoices only?\n\nEmil",
		steps: []step{
			{after: 35 * minute, by: cem, answer: "Hello Emil,\n\nunder People, Invite. Choose “Invoices” and nothing else.\n\nCem", status: "solved"},
		},
	},
}
