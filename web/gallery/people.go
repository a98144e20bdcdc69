package gallery

import "hark/web/shared"

// The people of the sample day: a small web agency in Boston and those it works for.
var (
	ana  = shared.Person{Name: "Ana Ruiz", Email: "ana@harbourfield.example", Initials: "AR", Agent: true}
	ben  = shared.Person{Name: "Ben Adler", Email: "ben@harbourfield.example", Initials: "BA", Agent: true}
	cem  = shared.Person{Name: "Cem Yıldız", Email: "cem@harbourfield.example", Initials: "CY", Agent: true}
	rule = shared.Person{Name: "The policy", Initials: "h", Agent: true}

	priya = shared.Person{Name: "Priya Raman", Email: "priya@greenway.example", Organization: "Greenway Foundation", Initials: "PR", URL: "/search?q=from:priya@greenway.example"}
	tomas = shared.Person{Name: "Tomás Ó Briain", Email: "tomas@corkcycles.example", Organization: "Cork Cycles", Initials: "TÓ"}
	leila = shared.Person{Name: "ليلى حداد", Email: "leila@noor-press.example", Organization: "دار نور للنشر", Initials: "لح"}
	olga  = shared.Person{Name: "Olga Petrenko", Email: "olga@kitlab.example", Organization: "Kit Lab", Initials: "OP"}
	grace = shared.Person{Name: "Grace Okafor", Email: "grace.okafor@stbrides.example", Organization: "St Bride's School", Initials: "GO"}
	lukas = shared.Person{Name: "Łukasz Wiśniewski", Email: "l.wisniewski@zamek.example", Organization: "Zamek Hotels", Initials: "ŁW"}
	long  = shared.Person{Name: "Maximiliana Featherstonehaugh-Wolfeschlegelsteinhausen", Email: "maximiliana.featherstonehaugh-wolfeschlegelsteinhausen@donaudampfschifffahrt.example", Organization: "Donaudampfschifffahrtsgesellschaft Elektrizitätenhauptbetriebswerk", Initials: "MF"}
	fake  = shared.Person{Name: "Ana Ruiz", Email: "ana.ruiz@harbourfie1d.example", Initials: "AR", Warning: "Has a colleague's name, and another address"}
)

func at(relative, exact, iso string) shared.Time {
	return shared.Time{Relative: relative, Exact: exact, ISO: iso}
}

var (
	statusNew     = shared.Status{Category: "new", Label: "New"}
	statusOpen    = shared.Status{Category: "open", Label: "Open"}
	statusPending = shared.Status{Category: "pending", Label: "Pending"}
	statusHold    = shared.Status{Category: "hold", Label: "On hold"}
	statusSolved  = shared.Status{Category: "solved", Label: "Solved"}
	statusClosed  = shared.Status{Category: "closed", Label: "Closed"}
	statuses      = []shared.Status{statusOpen, statusPending, statusHold, statusSolved}
)

var whyReminder = shared.Why{
	Sentences: []string{
		"Ana set Pending on Fri 20 Nov at 16:30 EST, because we need something from Priya.",
		"The policy reminds 24 hours later, on calendar time: Sat 21 Nov 2026, 16:30 EST.",
		"An answer from Priya before that calls it off.",
	},
	Rule: "lifecycle.timers.reminder-1", RuleURL: "/support#pending",
}

var whyAnswer = shared.Why{
	Sentences: []string{
		"Priya wrote on Fri 20 Nov at 15:04 EST, while the desk was open.",
		"A question usually gets its first answer within one hour. This is usual, not promised.",
	},
	Rule: "targets.first-answer", RuleURL: "/support#first-answer",
}

var (
	dueAnswer   = shared.Due{ID: "due-answer", What: "First answer", At: at("in 35 min", "Fri 20 Nov 2026, 16:04 EST", "2026-11-20T16:04:00-05:00"), Strength: shared.Usual, State: shared.Running, Note: "usual", Why: whyAnswer}
	dueUsual    = shared.Due{ID: "due-usual", What: "First answer", At: at("20 min ago", "Fri 20 Nov 2026, 15:09 EST", "2026-11-20T15:09:00-05:00"), Strength: shared.Usual, State: shared.Missed, Note: "usually by now", Why: whyAnswer}
	dueBroken   = shared.Due{ID: "due-broken", What: "First answer", At: at("2 h late", "Fri 20 Nov 2026, 13:30 EST", "2026-11-20T13:30:00-05:00"), Strength: shared.Promise, State: shared.Missed, Note: "promised", Why: whyAnswer}
	duePaused   = shared.Due{ID: "due-paused", What: "Resolution", Strength: shared.Promise, State: shared.Paused, Note: "waits for the customer", Why: whyAnswer}
	dueKept     = shared.Due{ID: "due-kept", What: "First answer", At: at("kept", "Fri 20 Nov 2026, 15:21 EST", "2026-11-20T15:21:00-05:00"), Strength: shared.Usual, State: shared.Kept, Why: whyAnswer}
	dueReminder = shared.Due{ID: "due-r1", What: "First reminder", At: at("tomorrow 16:30", "Sat 21 Nov 2026, 16:30 EST", "2026-11-21T16:30:00-05:00"), Strength: shared.Planned, State: shared.Running, Why: whyReminder}
	dueSecond   = shared.Due{ID: "due-r2", What: "Second reminder", At: at("Wed 16:30", "Wed 25 Nov 2026, 16:30 EST", "2026-11-25T16:30:00-05:00"), Strength: shared.Planned, State: shared.Running, Why: whyReminder}
	dueClose    = shared.Due{ID: "due-close", What: "Closes, tagged No Response", At: at("Fri 27 Nov", "Fri 27 Nov 2026, 16:30 EST", "2026-11-27T16:30:00-05:00"), Strength: shared.Planned, State: shared.Running, Why: whyReminder}
)

func rows() []shared.Row {
	updated := at("12:40", "Fri 20 Nov 2026, 12:40 EST", "2026-11-20T12:40:00-05:00")
	row := func(number, subject, line, reason string, from shared.Person, kind string, status shared.Status, due *shared.Due) shared.Row {
		return shared.Row{Number: number, URL: "/tickets/" + number, WhyURL: "/tickets/" + number + "/why", Subject: subject, Line: line, Reason: reason,
			Requester: from, Kind: kind, Status: status, Due: due, Updated: updated}
	}
	day := []shared.Row{
		row("4812", "The donation page sends people back to the start", "“We tried three cards and always land on the home page.”", "Late, new in your group", priya, "Question", statusNew, &dueUsual),
		row("4809", "New team photo for the about page", "“Here are the pictures, the one with the dog is the favourite.”", "Reply to yours", tomas, "Work request", statusOpen, &dueAnswer),
		row("4807", "طلب تعديل صفحة الكتب الجديدة", "«أرسلت لكم صور الأغلفة قبل قليل»", "Reply to yours", leila, "Work request", statusOpen, nil),
		row("4801", "Contact form: mails arrive twice since Tuesday", "“Both copies have the same time.”", "Reply to yours", olga, "Question", statusOpen, nil),
		row("4799", "Can parents sign up for two open days at once?", "“They ask us every week, and I never know what to tell them.”", "New in your group", grace, "Question", statusNew, &dueAnswer),
		row("4796", "Newsletter pop-up covers the booking button on phones", "“On the iPhone of our receptionist it cannot be closed at all.”", "New in your group", lukas, "Question", statusNew, &dueAnswer),
		row("4788", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft needs its imprint changed before the merger is announced on Monday morning", "“It is long, I know.”", "Update due", long, "Work request", statusHold, nil),
		row("4780", "Price list 2027 as a download", "“The file comes next week.”", "Waits for the customer", tomas, "Work request", statusPending, &dueReminder),
		row("4774", "Which invoice belongs to October?", "“Thank you, that was quick.”", "Solved by you", olga, "Question", statusSolved, nil),
	}
	day[0].Unread, day[1].Unread, day[2].Unread = true, true, true
	day[3].Presence = "Ben is writing"
	day[4].Marked = true
	return day
}

// rowsAtPlay is a full page of rows, as many as a list shows at once.
func rowsAtPlay() []shared.Row {
	var all []shared.Row
	for len(all) < 50 {
		all = append(all, rows()...)
	}
	return all[:50]
}
