package web

import (
	"hark/access"
	"hark/web/visit"
)

// routes is every address of the house, with the right it needs. What is not listed here does not exist. GET changes
// nothing. A route in {token} opens one ticket to whoever holds its signed link.
func (h *house) routes() []visit.Route {
	return append([]visit.Route{
		// The door.
		{Method: "GET", Pattern: "/{$}", Right: access.Public, Do: h.front},
		{Method: "GET", Pattern: "/sign-in", Right: access.Public, Do: h.signInForm},
		{Method: "POST", Pattern: "/sign-in", Right: access.Public, Do: h.signIn, Open: true},
		{Method: "GET", Pattern: "/sign-in/forgot", Right: access.Public, Do: h.forgotForm},
		{Method: "POST", Pattern: "/sign-in/forgot", Right: access.Public, Do: h.forgot},
		{Method: "POST", Pattern: "/sign-out", Right: access.OwnAccount, Do: h.signOut},
		{Method: "GET", Pattern: "/setup/{token}", Right: access.Public, Do: h.setupForm},
		{Method: "POST", Pattern: "/setup", Right: access.Public, Do: h.setup},
		{Method: "GET", Pattern: "/join/{token}", Right: access.Public, Do: h.onceForm("join")},
		{Method: "POST", Pattern: "/join/{token}", Right: access.Public, Do: h.useOnce("join")},
		{Method: "GET", Pattern: "/sign-in/link/{token}", Right: access.Public, Do: h.onceForm("sign-in")},
		{Method: "POST", Pattern: "/sign-in/link/{token}", Right: access.Public, Do: h.useOnce("sign-in")},
		{Method: "GET", Pattern: "/sign-in/password/{token}", Right: access.Public, Do: h.onceForm("password")},
		{Method: "POST", Pattern: "/sign-in/password/{token}", Right: access.Public, Do: h.useOnce("password")},
		{Method: "POST", Pattern: "/me/preferences", Right: access.Public, Do: h.savePreferences},
		{Method: "GET", Pattern: "/me", Right: access.OwnAccount, Do: h.me},
		{Method: "POST", Pattern: "/me", Right: access.OwnAccount, Do: h.saveMe},
		{Method: "POST", Pattern: "/me/password", Right: access.OwnAccount, Do: h.changePassword},
		{Method: "POST", Pattern: "/me/sessions/end", Right: access.OwnAccount, Do: h.endSessions},
		{Method: "POST", Pattern: "/me/sessions/{session}/end", Right: access.OwnAccount, Do: h.endSession},

		// The agent's desk.
		{Method: "GET", Pattern: "/inbox", Right: access.SeeTickets, Do: h.inbox},
		{Method: "POST", Pattern: "/inbox/bulk", Right: access.ChangeTicket, Do: h.bulkChange},
		{Method: "GET", Pattern: "/feedback", Right: access.SeeTickets, Do: h.feedback},
		{Method: "POST", Pattern: "/feedback/{id}", Right: access.WriteNote, Do: h.settleFeedback},
		{Method: "GET", Pattern: "/search", Right: access.SeeTickets, Do: h.search},
		{Method: "GET", Pattern: "/live", Right: access.SeeTickets, Do: h.live},
		{Method: "GET", Pattern: "/tickets/new", Right: access.ChangeTicket, Do: h.newTicket},
		{Method: "POST", Pattern: "/tickets/new", Right: access.ChangeTicket, Do: h.createTicket},
		{Method: "GET", Pattern: "/tickets/{id}", Right: access.SeeTickets, Do: h.ticket},
		{Method: "GET", Pattern: "/tickets/{id}/why", Right: access.SeeTickets, Do: h.why},
		{Method: "GET", Pattern: "/tickets/{id}/presence", Right: access.SeeTickets, Do: h.whoElse},
		{Method: "GET", Pattern: "/tickets/{id}/files/{file}", Right: access.SeeTickets, Do: h.file},
		{Method: "POST", Pattern: "/tickets/{id}/reply", Right: access.ReplyPublicly, Do: h.reply},
		{Method: "POST", Pattern: "/tickets/{id}/prepared", Right: access.SendPrepared, Do: h.sendPrepared},
		{Method: "POST", Pattern: "/tickets/{id}/note", Right: access.WriteNote, Do: h.note},
		{Method: "POST", Pattern: "/tickets/{id}/draft", Right: access.WriteNote, Do: h.saveDraft},
		{Method: "POST", Pattern: "/tickets/{id}/undo/{send}", Right: access.ChangeTicket, Do: h.undo},
		{Method: "POST", Pattern: "/tickets/{id}/status", Right: access.ChangeTicket, Do: h.set(setStatus)},
		{Method: "POST", Pattern: "/tickets/{id}/assign", Right: access.ChangeTicket, Do: h.set(setAssignee)},
		{Method: "POST", Pattern: "/tickets/{id}/kind", Right: access.ChangeTicket, Do: h.set(setKind)},
		{Method: "POST", Pattern: "/tickets/{id}/priority", Right: access.ChangeTicket, Do: h.set(setPriority)},
		{Method: "POST", Pattern: "/tickets/{id}/tags", Right: access.ChangeTicket, Do: h.set(setTags)},
		{Method: "POST", Pattern: "/tickets/{id}/fact", Right: access.ChangeTicket, Do: h.sayFact},
		{Method: "POST", Pattern: "/tickets/{id}/phase", Right: access.ChangeTicket, Do: h.movePhase},
		{Method: "POST", Pattern: "/tickets/{id}/scope", Right: access.ChangeTicket, Do: h.decideScope},
		{Method: "POST", Pattern: "/tickets/{id}/change", Right: access.ChangeTicket, Do: h.staffChange},
		{Method: "POST", Pattern: "/tickets/{id}/subject", Right: access.ChangeTicket, Do: h.set(setSubject)},
		{Method: "POST", Pattern: "/tickets/{id}/later", Right: access.ReplyPublicly, Do: h.replyLater},
		{Method: "POST", Pattern: "/tickets/{id}/follow-up", Right: access.ReplyPublicly, Do: h.followUp},
		{Method: "GET", Pattern: "/tickets/{id}/call", Right: access.ReplyPublicly, Do: h.deskCall},
		{Method: "POST", Pattern: "/tickets/{id}/call", Right: access.ReplyPublicly, Do: h.deskArranges},
		{Method: "GET", Pattern: "/calls", Right: access.SeeTickets, Do: h.calls},
		{Method: "POST", Pattern: "/calls/feed", Right: access.SeeTickets, Do: h.changeFeed},
		{Method: "GET", Pattern: "/calls/feed/{token}", Right: access.Public, Do: h.feed},
		{Method: "POST", Pattern: "/held/{id}/accept", Right: access.DecideHeld, Do: h.acceptHeld},
		{Method: "POST", Pattern: "/held/{id}/discard", Right: access.DecideHeld, Do: h.discardHeld},

		// Known problems.
		{Method: "GET", Pattern: "/problems", Right: access.SeeTickets, Do: h.problems},
		{Method: "GET", Pattern: "/problems/new", Right: access.ReplyPublicly, Do: h.newProblem},
		{Method: "POST", Pattern: "/problems/new", Right: access.ReplyPublicly, Do: h.openProblem},
		{Method: "GET", Pattern: "/problems/{id}", Right: access.SeeTickets, Do: h.problem},
		{Method: "GET", Pattern: "/problems/{id}/edit", Right: access.ReplyPublicly, Do: h.editProblem},
		{Method: "POST", Pattern: "/problems/{id}/edit", Right: access.ReplyPublicly, Do: h.changeProblem},
		{Method: "GET", Pattern: "/problems/{id}/answer", Right: access.ReplyPublicly, Do: h.answerProblem},
		{Method: "POST", Pattern: "/problems/{id}/answer", Right: access.ReplyPublicly, Do: h.sendAnswers},
		{Method: "POST", Pattern: "/problems/{id}/fixed", Right: access.ReplyPublicly, Do: h.confirmFix},
		{Method: "POST", Pattern: "/problems/{id}/reopen", Right: access.ReplyPublicly, Do: h.reopenProblem},
		{Method: "GET", Pattern: "/tickets/{id}/problems", Right: access.ReplyPublicly, Do: h.isItKnown},
		{Method: "POST", Pattern: "/tickets/{id}/problem", Right: access.ReplyPublicly, Do: h.linkProblem},

		// Customers, and what they own.
		{Method: "GET", Pattern: "/customers", Right: access.SeeCustomers, Do: h.findCustomers},
		{Method: "POST", Pattern: "/customers", Right: access.KeepCustomers, Do: h.newCustomer},
		{Method: "GET", Pattern: "/customers/{id}", Right: access.SeeCustomers, Do: h.customerRecord},
		{Method: "POST", Pattern: "/customers/{id}/owns", Right: access.KeepCustomers, Do: h.customerOwns},
		{Method: "POST", Pattern: "/customers/{id}/record", Right: access.KeepCustomers, Do: h.keepCustomer},
		{Method: "POST", Pattern: "/organizations/{id}/record", Right: access.KeepCustomers, Do: h.keepOrganization},
		{Method: "POST", Pattern: "/customers/{id}/contacts/{contact}/forget", Right: access.KeepCustomers, Do: h.forgetContact},
		{Method: "GET", Pattern: "/organizations/{id}", Right: access.SeeCustomers, Do: h.organizationRecord},
		{Method: "POST", Pattern: "/organizations/{id}/owns", Right: access.KeepCustomers, Do: h.organizationOwns},
		{Method: "POST", Pattern: "/tickets/{id}/about", Right: access.ChangeTicket, Do: h.sayAbout},
		// The telephone.
		{Method: "GET", Pattern: "/phone", Right: access.TakeCalls, Do: h.phoneCalls},
		{Method: "POST", Pattern: "/phone", Right: access.TakeCalls, Do: h.beginCall},
		{Method: "GET", Pattern: "/phone/{id}", Right: access.TakeCalls, Do: h.call},
		{Method: "GET", Pattern: "/phone/{id}/found", Right: access.TakeCalls, Do: h.callersFound},
		{Method: "POST", Pattern: "/phone/{id}/answer", Right: access.TakeCalls, Do: h.onLine(h.answerCall)},
		{Method: "POST", Pattern: "/phone/{id}/back", Right: access.TakeCalls, Do: h.onLine(h.stepBack)},
		{Method: "POST", Pattern: "/phone/{id}/choose", Right: access.TakeCalls, Do: h.onLine(h.chooseCaller)},
		{Method: "POST", Pattern: "/phone/{id}/undo", Right: access.TakeCalls, Do: h.onLine(h.takeBackMail)},
		{Method: "POST", Pattern: "/phone/{id}/send", Right: access.SendPrepared, Do: h.onLine(h.sendElsewhere)},
		{Method: "POST", Pattern: "/phone/{id}/note", Right: access.TakeCalls, Do: h.onLine(h.noteCall)},
		{Method: "POST", Pattern: "/phone/{id}/number", Right: access.TakeCalls, Do: h.onLine(h.numberCall)},
		{Method: "POST", Pattern: "/phone/{id}/park", Right: access.TakeCalls, Do: h.onLine(h.parkCall)},
		{Method: "POST", Pattern: "/phone/{id}/hand", Right: access.TakeCalls, Do: h.onLine(h.handOverCall)},
		{Method: "POST", Pattern: "/phone/{id}/take", Right: access.TakeCalls, Do: h.onLine(h.takeUpCall)},
		{Method: "POST", Pattern: "/phone/{id}/hang-up", Right: access.TakeCalls, Do: h.onLine(h.hangUp)},
		{Method: "POST", Pattern: "/phone/{id}/end", Right: access.TakeCalls, Do: h.onLine(h.endCall)},
		{Method: "POST", Pattern: "/phone/{id}/pass-on", Right: access.TakeCalls, Do: h.onLine(h.passOnCall)},
		{Method: "POST", Pattern: "/api/calls/events", Right: access.Public, Do: h.hearExchange, Open: true},
		{Method: "POST", Pattern: "/api/shop/events", Right: access.Public, Do: h.hearShop, Open: true},

		// The help of customers, for whoever writes it.
		{Method: "GET", Pattern: "/articles", Right: access.WriteArticles, Do: h.articles},
		{Method: "POST", Pattern: "/articles", Right: access.WriteArticles, Do: h.beginArticle},
		{Method: "GET", Pattern: "/articles/sections", Right: access.WriteArticles, Do: h.helpShelves},
		{Method: "POST", Pattern: "/articles/sections", Right: access.WriteArticles, Do: h.shelve},
		{Method: "GET", Pattern: "/articles/{id}", Right: access.WriteArticles, Do: h.article},
		{Method: "POST", Pattern: "/articles/{id}", Right: access.WriteArticles, Do: h.saveArticle},
		{Method: "POST", Pattern: "/articles/{id}/checked", Right: access.WriteArticles, Do: h.checkArticle},
		{Method: "GET", Pattern: "/articles/{id}/versions", Right: access.WriteArticles, Do: h.articleVersions},
		{Method: "POST", Pattern: "/articles/{id}/comments/{comment}", Right: access.WriteArticles, Do: h.decideComment},
		{Method: "GET", Pattern: "/tickets/{id}/articles", Right: access.ReplyPublicly, Do: h.citeArticles},

		// Do we keep what we say.
		{Method: "GET", Pattern: "/reports", Right: access.SeeTickets, Do: h.report},
		{Method: "GET", Pattern: "/reports/list", Right: access.SeeTickets, Do: h.reportList},
		{Method: "GET", Pattern: "/reports/export", Right: access.SeeTickets, Do: h.reportExport},
		{Method: "POST", Pattern: "/reports/mail", Right: access.SeeTickets, Do: h.mailReport},
		{Method: "GET", Pattern: "/reports/end/{token}", Right: access.Public, Do: h.endReport},
		{Method: "POST", Pattern: "/reports/end/{token}", Right: access.Public, Do: h.endReportNow, Open: true}, // one click of a mail program (RFC 8058)
		{Method: "GET", Pattern: "/wall", Right: access.SeeTickets, Do: h.wall},

		// Mail in and out.
		{Method: "GET", Pattern: "/mail/in", Right: access.SeeMailLog, Do: h.mailIn},
		{Method: "GET", Pattern: "/mail/in/{id}", Right: access.SeeRawMail, Do: h.arrival},
		{Method: "GET", Pattern: "/mail/in/{id}/raw", Right: access.SeeRawMail, Do: h.rawMail},
		{Method: "GET", Pattern: "/mail/out", Right: access.SeeMailLog, Do: h.mailOut},
		{Method: "GET", Pattern: "/mail/out/{id}", Right: access.SeeRawMail, Do: h.departure},
		{Method: "POST", Pattern: "/mail/out/{id}/retry", Right: access.ReplyPublicly, Do: h.sendAgain},

		// The customer's side.
		{Method: "GET", Pattern: "/portal", Right: access.Public, Do: h.portal},
		{Method: "GET", Pattern: "/portal/code", Right: access.Public, Do: h.codeForm},
		{Method: "POST", Pattern: "/portal/code", Right: access.Public, Do: h.mailCode},
		{Method: "GET", Pattern: "/requests/new", Right: access.Public, Do: h.newRequest},
		{Method: "POST", Pattern: "/requests/new", Right: access.Public, Do: h.sendRequest},
		{Method: "GET", Pattern: "/widget.js", Right: access.Public, Do: h.widgetScript},
		{Method: "GET", Pattern: "/widget", Right: access.Public, Do: h.widget},
		{Method: "POST", Pattern: "/widget", Right: access.Public, Do: h.sendFromWidget, Open: true}, // in a frame of another site there is no cookie; the signature in its address is the proof
		{Method: "GET", Pattern: "/confirm/{token}", Right: access.Public, Do: h.onceForm("confirm")},
		{Method: "POST", Pattern: "/confirm/{token}", Right: access.Public, Do: h.useOnce("confirm")},
		{Method: "GET", Pattern: "/requests/{id}", Right: access.OwnTickets, Do: h.request},
		{Method: "POST", Pattern: "/requests/{id}/reply", Right: access.OwnTickets, Do: h.requestReply},
		{Method: "GET", Pattern: "/requests/{id}/files/{file}", Right: access.OwnTickets, Do: h.file},
		{Method: "GET", Pattern: "/requests/{id}/escalation", Right: access.OwnTickets, Do: h.escalation},
		{Method: "POST", Pattern: "/requests/{id}/escalation", Right: access.OwnTickets, Do: h.escalate},
		{Method: "GET", Pattern: "/t/{token}/escalation", Right: access.OneTicket, Do: h.linkedEscalation},
		{Method: "POST", Pattern: "/t/{token}/escalation", Right: access.OneTicket, Do: h.linkedEscalate},
		{Method: "GET", Pattern: "/requests/{id}/call", Right: access.OwnTickets, Do: h.callPage},
		{Method: "POST", Pattern: "/requests/{id}/call", Right: access.OwnTickets, Do: h.arrangeCall},
		{Method: "GET", Pattern: "/requests/{id}/call.ics", Right: access.OwnTickets, Do: h.callFile},
		{Method: "GET", Pattern: "/t/{token}/call", Right: access.OneTicket, Do: h.linkedCall},
		{Method: "POST", Pattern: "/t/{token}/call", Right: access.OneTicket, Do: h.linkedArrangeCall},
		{Method: "GET", Pattern: "/t/{token}/call.ics", Right: access.OneTicket, Do: h.linkedCallFile},
		{Method: "GET", Pattern: "/requests/{id}/rating", Right: access.OwnTickets, Do: h.requestRating},
		{Method: "POST", Pattern: "/requests/{id}/rating", Right: access.OwnTickets, Do: h.requestRates},
		{Method: "GET", Pattern: "/t/{token}/rating", Right: access.OneTicket, Do: h.linkedRating},
		{Method: "POST", Pattern: "/t/{token}/rating", Right: access.OneTicket, Do: h.linkedRates},
		{Method: "GET", Pattern: "/t/{token}", Right: access.OneTicket, Do: h.linked},
		{Method: "POST", Pattern: "/t/{token}/reply", Right: access.OneTicket, Do: h.linkedReply},
		{Method: "POST", Pattern: "/t/{token}/again", Right: access.OneTicket, Do: h.mailLinkAgain},
		{Method: "GET", Pattern: "/t/{token}/files/{file}", Right: access.OneTicket, Do: h.linkedFile},

		// What customers can read before they ask.
		{Method: "GET", Pattern: "/help", Right: access.Public, Do: h.helpHome},
		{Method: "GET", Pattern: "/help/suggest", Right: access.Public, Do: h.helpSuggest},
		{Method: "POST", Pattern: "/help/missed", Right: access.Public, Do: h.helpMissed},
		{Method: "GET", Pattern: "/help/versions", Right: access.Public, Do: h.helpVersions},
		{Method: "GET", Pattern: "/help/sections/{section}", Right: access.Public, Do: h.helpSection},
		{Method: "GET", Pattern: "/help/{slug}", Right: access.Public, Do: h.helpArticle},
		{Method: "POST", Pattern: "/help/{slug}/helpful", Right: access.Public, Do: h.judgeArticle},
		{Method: "POST", Pattern: "/help/{slug}/comments", Right: access.Public, Do: h.commentArticle},

		// What is promised, for everybody.
		{Method: "GET", Pattern: "/policy", Right: access.Public, Do: h.policy},
		{Method: "GET", Pattern: "/support", Right: access.Public, Do: h.policy},
		{Method: "GET", Pattern: "/support/{page}", Right: access.Public, Do: h.policy},
		{Method: "GET", Pattern: "/handbook/{page}", Right: access.SeeTickets, Do: h.policy},
		{Method: "GET", Pattern: "/policy.json", Right: access.Public, Do: h.policyJSON},
		{Method: "GET", Pattern: "/hours.ics", Right: access.Public, Do: h.hoursFile},
		{Method: "GET", Pattern: "/policy/versions/{id}", Right: access.Public, Do: h.policyVersion},

		// Changing what is promised.
		{Method: "GET", Pattern: "/admin/policy", Right: access.ApplyPolicy, Do: h.rules},
		{Method: "POST", Pattern: "/admin/policy/begin", Right: access.ApplyPolicy, Do: h.beginRules},
		{Method: "GET", Pattern: "/admin/policy/edit", Right: access.ApplyPolicy, Do: h.editRules},
		{Method: "POST", Pattern: "/admin/policy/edit", Right: access.ApplyPolicy, Do: h.saveRules, Form: 8 << 20},
		{Method: "GET", Pattern: "/admin/policy/plan", Right: access.ApplyPolicy, Do: h.planRules},
		{Method: "GET", Pattern: "/admin/policy/replay", Right: access.ApplyPolicy, Do: h.replayed},
		{Method: "POST", Pattern: "/admin/policy/replay", Right: access.ApplyPolicy, Do: h.replayRules},
		{Method: "POST", Pattern: "/admin/policy/apply", Right: access.ApplyPolicy, Do: h.applyRules},
		{Method: "GET", Pattern: "/admin/policy/proposal", Right: access.ApplyPolicy, Do: h.proposal},
		{Method: "POST", Pattern: "/admin/policy/proposal", Right: access.ApplyPolicy, Do: h.answerProposal},

		// Preparing a new desk.
		{Method: "GET", Pattern: "/admin/setup", Right: access.ApplyPolicy, Do: h.goOn},
		{Method: "GET", Pattern: "/admin/setup/{step}", Right: access.ApplyPolicy, Do: h.question},
		{Method: "POST", Pattern: "/admin/setup/{step}", Right: access.ApplyPolicy, Do: h.answer},
		{Method: "POST", Pattern: "/admin/setup/later", Right: access.ApplyPolicy, Do: h.putOff},
		{Method: "POST", Pattern: "/admin/setup/mail", Right: access.Administer, Do: h.tryMail},

		// Settings.
		{Method: "GET", Pattern: "/admin", Right: access.Administer, Do: h.admin},
		{Method: "GET", Pattern: "/admin/mailboxes", Right: access.Administer, Do: h.mailboxes},
		{Method: "GET", Pattern: "/admin/mailboxes/{id}", Right: access.Administer, Do: h.mailbox},
		{Method: "POST", Pattern: "/admin/mailboxes/{id}", Right: access.Administer, Do: h.saveMailbox},
		{Method: "GET", Pattern: "/admin/people", Right: access.Administer, Do: h.people},
		{Method: "GET", Pattern: "/admin/people/{id}", Right: access.Administer, Do: h.member},
		{Method: "POST", Pattern: "/admin/people/{id}", Right: access.Administer, Do: h.saveMember},
		{Method: "GET", Pattern: "/admin/groups", Right: access.Administer, Do: h.groups},
		{Method: "GET", Pattern: "/admin/groups/{id}", Right: access.Administer, Do: h.group},
		{Method: "POST", Pattern: "/admin/groups/{id}", Right: access.Administer, Do: h.saveGroup},
		{Method: "GET", Pattern: "/admin/import", Right: access.Administer, Do: h.imports},
		{Method: "POST", Pattern: "/admin/import/mail", Right: access.Administer, Do: h.importMail},
		{Method: "POST", Pattern: "/admin/import/zendesk", Right: access.Administer, Do: h.importPast},
		{Method: "POST", Pattern: "/admin/import/customers", Right: access.Administer, Do: h.importCustomers},
		{Method: "GET", Pattern: "/admin/brands", Right: access.Administer, Do: h.brands},
		{Method: "GET", Pattern: "/admin/brands/{id}", Right: access.Administer, Do: h.brandForm},
		{Method: "POST", Pattern: "/admin/brands/{id}", Right: access.Administer, Do: h.saveBrand},

		// For machines.
		{Method: "GET", Pattern: "/healthz", Right: access.Public, Do: h.health},
		{Method: "GET", Pattern: "/readyz", Right: access.Public, Do: h.ready},
		{Method: "GET", Pattern: "/metrics", Right: access.Public, Do: h.metrics},
		{Method: "GET", Pattern: "/brands/{id}/style.css", Right: access.Public, Do: h.brandStyle},
		{Method: "GET", Pattern: "/assets/{name}", Right: access.Public, Do: h.asset},
		{Method: "GET", Pattern: "/favicon.svg", Right: access.Public, Do: h.favicon},
		{Method: "GET", Pattern: "/favicon.ico", Right: access.Public, Do: h.favicon},
	}, h.demoRoutes()...)
}

// demoRoutes exist only in a demonstration.
func (h *house) demoRoutes() []visit.Route {
	if h.options.Demo == nil {
		return nil
	}
	return []visit.Route{
		{Method: "GET", Pattern: "/demo", Right: access.Public, Do: h.demo},
		{Method: "POST", Pattern: "/demo/mail", Right: access.Public, Do: h.demoMail},
		{Method: "POST", Pattern: "/demo/next", Right: access.MoveClock, Do: h.demoNext},
		{Method: "GET", Pattern: "/demo/outbox", Right: access.Public, Do: h.outbox},
		{Method: "GET", Pattern: "/demo/outbox/{id}", Right: access.Public, Do: h.letter},
		{Method: "GET", Pattern: "/demo/outbox/{id}/html", Right: access.Public, Do: h.letterHTML},
		{Method: "POST", Pattern: "/demo/outbox/{id}/reply", Right: access.Public, Do: h.letterReply},
	}
}
