package demo

import "time"

// The cast. Staff sign in with the address and the demo's password.
type staff struct{ name, email, role string }

var team = []staff{
	{"Maya Lindqvist", "maya@larkandfield.example", "admin"},
	{"Ana Ruiz", "ana@larkandfield.example", "agent"},
	{"Ben Okafor", "ben@larkandfield.example", "agent"},
	{"Cem Yıldız", "cem@larkandfield.example", "agent"},
	{"Joanna Pereira", "joanna@larkandfield.example", "light"},
	{"Eve Sandoval", eve, "level_one"},
}

const (
	ana = "ana@larkandfield.example"
	ben = "ben@larkandfield.example"
	cem = "cem@larkandfield.example"
	eve = "eve@larkandfield.example"
)

// ticketStory is what happens to one ticket, told as times before the demo begins.
type ticketStory struct {
	ago     time.Duration // how long ago the first mail came
	name    string
	from    string
	to      string // another brand's address, "" for the agency's
	subject string
	body    string
	html    string // instead of plain text
	file    string // name of an attachment
	kind    string // set at triage, "" leaves the policy's default
	steps   []step
}

// step is one thing that happened later. Exactly one of reply, note, answer, phase, known, fixed, rate, machine, escalates, clause or
// sends is told, or only an assignment.
type step struct {
	after   time.Duration // since the first mail
	by      string        // an agent's address
	answer  string        // a public reply, with status
	status  string        // what the agent chose
	note    string        // internal
	reply   string        // the customer writes again
	machine string        // an out-of-office answers
	assign  string
	phase   string            // the agent takes the ticket there
	said    map[string]string // what that phase needs
	rate    string            // the customer says how it went
	words   string            // and why
	known   string            // it reports this known problem
	fixed   string            // this known problem is seen to be fixed

	escalates string // the customer asks for escalation
	clause    string // the agent decides under which clause of the scope it falls
	sends     string // and sends the answer that the policy has for it, with status
}

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// stories is a support team's last nine days, oldest first.
var stories = []ticketStory{
	{
		ago: 9*day + 2*hour, name: "Harriet Bloom", from: "harriet@bloomandthistle.example",
		subject: "Old opening hours in the footer",
		body:    "Hello,\n\nOur footer still says that we close at 17:00 on Saturdays. We close at 14:00 now.\nCould you change it on every page?\n\nThank you\nHarriet",
		steps: []step{
			{after: 20 * minute, by: ana, answer: "Good morning Harriet,\n\nIs 14:00 right for Saturdays only, or for Sundays too? Then I will change both in one go.\n\nAna", status: "pending"},
		},
	},
	{
		ago: 6*day + 5*hour, name: "Tomasz Wiśniewski", from: "tomasz@northquaybrewing.example",
		subject: "New landing page for the winter beer", kind: "work_request",
		body: "Hi Cem,\n\nwe would like a landing page for our winter beer, in the style of the summer one. Launch is on the first of December.\nText and photos are nearly ready.\n\nTomasz",
		steps: []step{
			{after: 40 * minute, by: cem, answer: "Hi Tomasz,\n\ngladly. Please send the text and five or six photos, landscape, at least 2,400 pixels wide. I will keep this open until they are here.\n\nCem", status: "hold"},
			{after: 50 * minute, by: cem, note: "Reuse the summer template; the hero needs the new type sizes. About six hours."},
		},
	},
	{
		ago: 5*day + 3*hour, name: "Ruth Abara", from: "ruth.abara@greenfieldsfoodbank.example",
		subject: "Where do I find last month's donations?",
		body:    "Hello team,\n\nI can see this month's donations in the panel, but not October. Where did they go?\n\nRuth",
		steps: []step{
			{after: 25 * minute, by: ben, answer: "Hello Ruth,\n\nthey are all there: open Donations, then choose \"October 2026\" in the list at the top right. The panel always starts with the current month.\n\nBen", status: "solved"},
		},
	},
	{
		ago: 3*day + 4*hour, name: "Ruth Abara", from: "ruth.abara@greenfieldsfoodbank.example",
		subject: "Receipts for donors over 250 dollars",
		body:    "Hello,\n\nour auditor asks whether receipts for gifts over 250 dollars carry the sentence about goods and services. Do they?\n\nRuth",
		steps: []step{
			{after: 45 * minute, by: ben, answer: "Hello Ruth,\n\nyes, since the update in March. I have attached the text below so that you can pass it on:\n\n\"No goods or services were provided in exchange for this contribution.\"\n\nBen", status: "solved"},
			{after: 6 * hour, reply: "Perfect, that is exactly what she needed. Thank you, Ben.\n\nRuth"},
			{after: 6*hour + 20*minute, by: ben, answer: "Glad to hear it. I am closing this one; just write if she asks for more.\n\nBen", status: "solved"},
		},
	},
	{
		ago: 2*day + 6*hour, name: "Leo Castellanos", from: "leo@brightwaterrowing.example",
		subject: "Members cannot book boats since yesterday",
		html:    `<p>Hi all,</p><p>since <b>yesterday evening</b> members get a white page after they press <i>Book this boat</i>. It happens on phones and on the club's computer.</p><p>Screenshot attached.</p><p>Leo Castellanos<br>Brightwater Rowing Club</p>`,
		file:    "white-page.png",
		steps: []step{
			{after: 12 * minute, by: ana, note: "The calendar plug-in updated itself on Tuesday. Same error as at the sailing school in June."},
			{after: 30 * minute, by: ana, answer: "Hi Leo,\n\nI can see it too: an update of the calendar broke the booking form. I have gone back to the version before; booking works again.\n\nCould one of your members confirm?\n\nAna", status: "pending"},
		},
	},
	{
		ago: 2 * day, name: "Margarethe von Hohenstein-Wittgenbach", from: "m.vonhohenstein-wittgenbach@kammerorchester-hohenlohe.example",
		subject: "Programmheft 2027: Änderungen auf der Seite „Mitwirkende“ und neue Biografien der Solistinnen und Solisten", kind: "project",
		body: "Dear all,\n\nthe biographies for the 2027 season have changed once more. I am sending the new versions in three parts.\n\nThis is the first part. Please do not publish before the 1st.\n\nWith kind regards\nMargarethe von Hohenstein-Wittgenbach",
		steps: []step{
			{after: 50 * minute, by: cem, assign: cem, note: "Belongs to the season project. Wait for all three parts."},
		},
	},
	{
		ago: 27 * hour, name: "Priya Raman", from: "priya@ramanandsons.example",
		subject: "Invoice 2211 was paid twice",
		body:    "Hello,\n\nour bank shows two payments for invoice 2211, on the 12th and the 14th. Can you check and return one?\n\nPriya Raman",
		steps: []step{
			{after: 35 * minute, by: ben, answer: "Hello Priya,\n\nyou are right, both arrived. Which account shall we return the second one to: the one it came from?\n\nBen", status: "pending"},
			{after: 36 * minute, machine: "I am travelling until Thursday and will answer when I am back.\n\nPriya"},
		},
	},
	{
		ago: 25 * hour, name: "Oksana Marchenko", from: "oksana@linden-apotheke.example",
		subject: "Certificate warning in the shop",
		body:    "Good afternoon,\n\ntwo customers told us that their browser warns about our certificate. I do not see it here.\n\nOksana Marchenko\nLinden-Apotheke",
		steps: []step{
			{after: 8 * minute, by: ana, answer: "Good afternoon Oksana,\n\nthe certificate of the address without \"www\" had expired. It is renewed, and renews itself from now on. Please ask the two customers to reload the page.\n\nAna", status: "solved"},
		},
	},
	{
		ago: 7 * hour, name: "נועה ברק", from: "noa@barakceramics.example",
		subject: "שאלה לגבי הטופס באתר",
		body:    "שלום,\n\nהטופס באתר לא שולח לי הודעות מאז יום ראשון. אפשר לבדוק?\n\nתודה,\nנועה",
		steps: []step{
			{after: 15 * minute, by: ben, note: "Asks why the contact form has sent nothing since Sunday. Answer in English is fine, she says on the phone."},
		},
	},
	{
		ago: 5*hour + 40*minute, name: "Sam Whitlock", from: "sam@whitlockjoinery.example",
		subject: "Photos look blurry on my phone",
		body:    "Hi,\n\nthe new workshop photos are sharp on the computer but blurry on my phone. Is that the photos or the site?\n\nCheers\nSam",
		steps: []step{
			{after: 22 * minute, by: ana, answer: "Hi Sam,\n\nthe site: it sent phones a size that was too small. I have corrected that and made all sizes anew. Have a look?\n\nAna", status: "pending"},
			{after: 3 * hour, reply: "Sharp as a chisel now. One more thing though: the third photo is sideways.\n\nSam"},
		},
	},
	{
		ago: 4*hour + 10*minute, name: "Tomasz Wiśniewski", from: "tomasz@northquaybrewing.example",
		subject: "Can we see how many people read the newsletter?",
		body:    "Hi,\n\nis there a number somewhere that says how many people open our newsletter? The board asks every month.\n\nTomasz",
	},
	{
		ago: 3*hour + 5*minute, name: "Adaeze Nwosu", from: "adaeze.nwosu@harbourlightclinic.example",
		subject: "Add a second location to the contact page", kind: "work_request",
		body: "Hello,\n\nwe open a second practice in Dover on 7 December. Please add it to the contact page with its own map and opening hours:\n\nHarbourlight Dover\n12 Castle Street\nMonday to Thursday, 08:30 to 16:00\n\nThank you\nAdaeze Nwosu",
		file: "dover-front-door.jpg",
	},
	{
		ago: 95 * minute, name: "Jules Fontaine", from: "jules@maisonfontaine.example",
		subject: "Gift cards: the code arrives without the amount",
		body:    "Hello Lark & Field,\n\nsince the weekend the gift card mail shows the code but not the amount. Christmas is coming and people ask.\n\nJules",
	},
	{
		ago: 48 * minute, name: "Harriet Bloom", from: "harriet@bloomandthistle.example",
		subject: "How do I add a colleague?",
		body:    "Hello again,\n\nmy colleague Iris needs to edit the events page. How do I give her access, without giving her everything?\n\nHarriet",
	},
	{
		ago: 11 * minute, name: "Mateo Silva", from: "mateo@silvaguitars.example",
		subject: "The shop says sold out, but we have twelve",
		body:    "Hi,\n\nthe spruce parlour guitar shows as sold out. There are twelve on the shelf behind me. I counted twice.\n\nMateo",
	},
}
