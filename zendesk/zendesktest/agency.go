package zendesktest

// People of the agency's desk, by their ids there. Priya has left and has no account anywhere else.
const (
	Ana, Ben, Priya           = 901, 902, 903
	Maria, Jonas, Tomas, Yuki = 911, 912, 913, 914
	Caller, Rosa, Spammer     = 915, 916, 917
	GreenFund, CorkCycles     = 701, 702
	Support, Billing          = 801, 802
	Browser, Licence          = 601, 602
	Hostile                   = 5004 // the ticket with the hostile message
	Broken                    = 5007 // the ticket whose record cannot be read
	WithFile                  = 5002
	Called                    = 5009 // the ticket of somebody without an address
)

const picture = "/attachments/token/pic1/?name=error.png"

// Agency is the desk of a web agency: two organisations, ten people, twelve tickets.
func Agency() *Server {
	return &Server{
		Organizations: []Record{
			{"id": GreenFund, "name": "Green Fund", "domain_names": []string{"greenfund.example"}},
			{"id": CorkCycles, "name": "Cork  Cycles", "domain_names": []string{"corkcycles.example"}},
			{"id": 703, "name": nil, "domain_names": []string{}},
		},
		Groups: []Record{{"id": Support, "name": "Support"}, {"id": Billing, "name": "Billing"}},
		Fields: []Record{
			{"id": 600, "title": "Subject", "type": "subject"}, {"id": Browser, "title": "Browser", "type": "tagger"}, {"id": Licence, "title": "Licence key", "type": "text"},
		},
		Users:    people(),
		Tickets:  tickets(),
		Comments: comments(),
		Files: map[string][]byte{
			"/attachments/token/log1/": []byte("12:01 checkout failed\n12:02 checkout failed\n"),
			"/attachments/token/pic1/": []byte("\x89PNG\r\n\x1a\n a picture of an error"),
		},
	}
}

func people() []Record {
	user := func(id int64, name, email, role string, organization any) Record {
		r := Record{"id": id, "name": name, "email": email, "role": role, "organization_id": organization, "suspended": false, "active": true, "phone": nil}
		if email == "" {
			r["email"] = nil
		}
		return r
	}
	all := []Record{
		user(Ana, "Ana Ruiz", "ana@agency.example", "admin", nil),
		user(Ben, "Ben Okafor", "ben@agency.example", "agent", nil),
		user(Priya, "Priya Nair", "priya@agency.example", "agent", nil),
		user(Maria, "Maria Lopez", "Maria@GreenFund.example", "end-user", GreenFund),
		user(Jonas, "Jonas Weber", "jonas@greenfund.example", "end-user", GreenFund),
		user(Tomas, "Tomás Ó Briain", "tomas@corkcycles.example", "end-user", CorkCycles),
		user(Yuki, "田中 ゆき", "yuki@hoshi.example", "end-user", nil),
		user(Caller, "Caller +1 206 555 0142", "", "end-user", nil),
		user(Rosa, "Rosa Klein", "rosa at klein", "end-user", nil),
		user(Spammer, "Cheap pills", "pills@spam.example", "end-user", nil),
	}
	all[3]["phone"], all[5]["phone"] = "+1 206 555 0119", "ring twice"
	all[9]["suspended"] = true
	return all
}

func tickets() []Record {
	t := func(id int64, subject, status string, requester int64, updated string, more Record) Record {
		r := Record{
			"id": id, "subject": subject, "status": status, "requester_id": requester, "submitter_id": requester, "assignee_id": nil, "organization_id": nil, "group_id": nil,
			"type": "question", "priority": nil, "tags": []string{}, "collaborator_ids": []int64{}, "custom_fields": []Record{}, "created_at": "2025-03-03T09:00:00Z", "updated_at": updated,
		}
		for name, value := range more {
			r[name] = value
		}
		return r
	}
	return []Record{
		t(5001, "The donation page stays empty", "closed", Maria, "2025-03-04T16:00:00Z", Record{"assignee_id": Ben, "group_id": Support, "organization_id": GreenFund, "tags": []string{"website", "donation page"}}),
		t(WithFile, "Checkout fails since noon", "solved", Tomas, "2025-03-05T12:30:00Z", Record{"assignee_id": Priya, "priority": "urgent", "organization_id": CorkCycles, "custom_fields": []Record{{"id": Browser, "value": "firefox"}, {"id": Licence, "value": nil}, {"id": 999, "value": "of a field that is gone"}}}),
		t(5003, "Copy of the invoice", "pending", Jonas, "2026-11-18T10:00:00Z", Record{"assignee_id": Ana, "group_id": Billing, "email_cc_ids": []int64{Maria, Ben}, "follower_ids": []int64{Ana}}),
		t(Hostile, "<img src=x onerror=alert(1)> & more", "open", Yuki, "2026-11-19T10:00:00Z", Record{"priority": "high"}),
		t(5005, "Move our site to another host", "hold", Tomas, "2026-11-17T10:00:00Z", Record{"type": "task"}),
		t(5006, "How do I add a page?", "new", Yuki, "2026-11-19T18:00:00Z", nil),
		{"id": Broken, "subject": "This one is broken", "status": "open", "requester_id": "nobody", "created_at": "last week"},
		t(5008, "Password forgotten", "solved", Maria, "2025-06-01T10:00:00Z", Record{"collaborator_ids": []int64{Jonas}}),
		t(Called, "Call with +1 206 555 0142", "closed", Caller, "2025-07-01T10:00:00Z", nil),
		t(5010, "My address is odd", "closed", Rosa, "2025-07-02T10:00:00Z", nil),
		t(5011, "A ticket that was deleted", "deleted", Maria, "2025-07-03T10:00:00Z", nil),
		t(5012, "From somebody who is gone", "closed", 4242, "2025-07-04T10:00:00Z", nil),
	}
}

func comments() map[int64][]Record {
	said := func(id, author int64, public bool, at, html string, files ...Record) Record {
		return Record{"id": id, "type": "Comment", "author_id": author, "public": public, "created_at": at, "html_body": html, "plain_body": html, "body": html, "attachments": files}
	}
	short := func(id, author int64, at string) []Record {
		return []Record{said(id, author, true, at, "<div><p>Hello, this is about the subject above.</p></div>")}
	}
	log := Record{"id": 31, "file_name": "checkout.log", "content_type": "text/plain", "content_url": "https://" + Host + "/attachments/token/log1/?name=checkout.log", "size": 44, "inline": false}
	shot := Record{"id": 32, "file_name": "error.png", "content_type": "image/png", "content_url": "https://" + Host + picture, "size": 30, "inline": true}
	return map[int64][]Record{
		5001: {
			said(1, Maria, true, "2025-03-03T09:00:00Z", "<p>Since this morning the donation page stays empty.</p>"),
			said(2, Ben, false, "2025-03-03T09:20:00Z", "<p>The cache again.</p>"),
			said(3, Ben, true, "2025-03-03T10:00:00Z", "<p>It works again. Thank you for telling us.</p>"),
		},
		WithFile: {
			said(4, Tomas, true, "2025-03-03T09:00:00Z", `<p>See here: <img src="https://`+Host+picture+`"></p>`, log, shot),
			said(5, Priya, true, "2025-03-03T11:00:00Z", "<p>I have restarted the payment service.</p>"),
			said(6, Jonas, true, "2025-03-03T12:00:00Z", "<p>Ours fails too.</p>"),
		},
		5003: append(short(7, Jonas, "2026-11-17T10:00:00Z"), said(8, Ana, true, "2026-11-18T10:00:00Z", "<p>Which month do you need?</p>")),
		Hostile: {
			said(9, Yuki, true, "2026-11-19T10:00:00Z", `<p onclick="steal()">It <b>stops</b>.</p><script>alert(1)</script><img src="https://track.example/p.gif"><a href="javascript:alert(2)">here</a><form action="https://evil.example"><input name="password"></form>`,
				Record{"id": 33, "file_name": "../../etc/passwd", "content_type": "text/plain", "content_url": "https://elsewhere.example/passwd", "size": 10, "inline": false},
				Record{"id": 34, "file_name": "film.mov", "content_type": "video/quicktime", "content_url": "https://" + Host + "/attachments/token/film/", "size": 400 << 20, "inline": false}),
		},
		5005:   short(10, Tomas, "2026-11-16T10:00:00Z"),
		5006:   short(11, Yuki, "2026-11-19T18:00:00Z"),
		5008:   short(12, Maria, "2025-05-30T10:00:00Z"),
		Called: {said(13, Ben, false, "2025-07-01T10:00:00Z", "<p>They rang about an order and will call again.</p>")},
		5010:   short(14, Rosa, "2025-07-02T10:00:00Z"),
		5012:   short(15, 4242, "2025-07-04T10:00:00Z"),
	}
}
