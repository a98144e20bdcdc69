package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"html"
	"io"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// letter is a mail to one person on its way into the outgoing rows.
type letter struct {
	key       string // unique for ever: what was planned twice is sent once
	template  string // the policy's message, "" for a person's own words
	to        account.Person
	subject   string
	text      string
	html      string
	automatic string // "", auto-replied or auto-generated (RFC 3834)
	comment   int64
	files     []mail.Attachment
	calendar  calendarNews // the invitation to the ticket's call that goes with it, with no method for none
}

// post renders a letter about the ticket at hand and plans it. A reply that can be undone waits for the moment in which
// it can be, and so does everything that follows from it.
func (k *keeping) post(l letter) error {
	box, brand, err := k.d.voice(k.tx, k.after.Brand)
	if err != nil {
		return err
	}
	row := store.Outgoing{
		Key: l.key, Ticket: k.after.ID, Comment: l.comment, Template: l.template, To: l.to.Email, ToName: l.to.Name,
		From: box.Address, Subject: l.subject, Automatic: l.automatic != "", State: store.Queued, NextAt: k.h.now, CreatedAt: k.h.now,
	}
	if k.h.undo {
		row.State, row.NextAt = store.HeldBack, k.h.now.Add(UndoWindow)
	}
	draft := mail.Draft{
		From:      mail.Address{Name: brand.Name, Email: box.Address},
		To:        mail.Address{Name: l.to.Name, Email: l.to.Email},
		ReplyTo:   mail.Address{Name: brand.Name, Email: k.d.keys.ring(k.h.now).ReplyAddress(box.Address, k.after.ID, l.to.ID)},
		Subject:   l.subject,
		Date:      k.h.now,
		Automatic: l.automatic, Attachments: l.files,
	}
	if draft.InReplyTo, draft.References, err = k.conversation(l.to.Email); err != nil {
		return err
	}
	draft.Text, draft.HTML = withLink(l, k.wayTo(l.to))
	if l.calendar.method != "" {
		if draft.Calendar, err = k.invitation(l.calendar, l.to, draft.ReplyTo.Email, brand.Name); err != nil {
			return err
		}
	}
	err = k.d.plan(k.tx, &row, draft, mail.Stamp{Ticket: k.after.ID, Person: l.to.ID})
	k.posted = append(k.posted, row.ID)
	return err
}

// wayTo is the reader's own way to the ticket: a colleague signs in, everybody else has a link.
func (k *keeping) wayTo(p account.Person) string {
	if p.Actor().Staff() && !takesPart(k.after, p.ID) {
		return k.d.url + "/tickets/" + itoa(k.after.ID)
	}
	return k.ticketLink(p.ID)
}

// ticketLink is one participant's link, at the host of the ticket's brand.
func (k *keeping) ticketLink(person int64) string {
	return k.home() + k.d.TicketPath(k.after.ID, person, k.h.now)
}

// home is where the pages of the ticket's brand stand.
func (k *keeping) home() string {
	home, err := k.d.brandHome(k.tx, k.after.Brand)
	if err != nil {
		return k.d.url // the letter fails by itself, because it has no voice either
	}
	return home
}

// plan renders a mail and stores it. Its row comes first, because its Message-ID and its return address name the row.
func (d *Desk) plan(tx *store.Tx, row *store.Outgoing, draft mail.Draft, stamp mail.Stamp) error {
	added, err := tx.AddOutgoing(row)
	if err != nil || !added {
		return err
	}
	domain := mail.Domain(row.From)
	stamp.Outbox, stamp.Random = row.ID, randomNumber()
	ring := d.keys.ring(row.CreatedAt)
	draft.MessageID = ring.MessageID(stamp, domain)
	draft.EnvelopeFrom = ring.BounceAddress(domain, row.ID)
	if row.Template == roundTripTemplate {
		draft.References = []string{draft.MessageID} // some servers give a mail a new Message-ID, none new references
	}
	row.MessageID = draft.MessageID
	row.EnvelopeFrom, _ = draft.Envelope()
	if row.Raw, err = mail.Compose(draft); err != nil {
		return err
	}
	if row.Raw, err = d.signed(tx, domain, row.Raw); err != nil {
		return err
	}
	return tx.SetOutgoingRaw(row)
}

func randomNumber() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:])
}

// withLink puts the reader's own way to the ticket under what is said.
func withLink(l letter, link string) (text, markup string) {
	const says = "See this ticket or answer it on the web:"
	text = strings.TrimRight(l.text, "\n") + "\n\n--\n" + says + "\n" + link + "\n"
	if l.html != "" {
		href := html.EscapeString(link)
		markup = l.html + `<hr><p>` + says + ` <a href="` + href + `">` + href + `</a></p>`
	}
	return text, markup
}

// conversation is what an answer to one reader refers to: the messages of the ticket they know, oldest first. Mails that
// came from others and are not public are never among them.
func (k *keeping) conversation(reader string) (inReplyTo string, references []string, err error) {
	known, err := k.knownIDs(reader)
	if err != nil || len(known) == 0 {
		return "", nil, err
	}
	return known[len(known)-1], mail.QuoteReferences(known[0], known[1:]), nil
}

func (k *keeping) knownIDs(reader string) (ids []string, err error) {
	if k.before.ID == 0 {
		if c := k.h.comment; c != nil && c.Public && c.MessageID != "" {
			ids = append(ids, c.MessageID)
		}
		return ids, nil
	}
	comments, err := k.tx.Comments(access.Clock, k.after.ID)
	if err != nil {
		return nil, err
	}
	sent, err := k.tx.OutgoingOf(access.Clock, k.after.ID)
	if err != nil {
		return nil, err
	}
	return inOrder(comments, sent, reader), nil
}

// inOrder are the ids of the public mails that came and of those that went to a reader, by time.
func inOrder(comments []ticket.Comment, sent []store.Outgoing, reader string) (ids []string) {
	type known struct {
		at time.Time
		id string
	}
	var all []known
	for _, c := range comments {
		if c.Public && c.MessageID != "" {
			all = append(all, known{c.Created, c.MessageID})
		}
	}
	for _, m := range sent {
		if m.To == reader && m.MessageID != "" && m.State != store.Cancelled {
			all = append(all, known{m.CreatedAt, m.MessageID})
		}
	}
	slices.SortStableFunc(all, func(a, b known) int { return a.at.Compare(b.at) })
	for _, one := range all {
		ids = append(ids, one.id)
	}
	return ids
}

// answerSubject is a subject as mail programs write it in an answer, however often it was answered before.
func answerSubject(subject string) string {
	for {
		rest, is := strings.CutPrefix(strings.ToLower(subject), "re:")
		if !is {
			return "Re: " + subject
		}
		subject = strings.TrimSpace(subject[len(subject)-len(rest):])
	}
}

// voice is the mailbox a brand answers from, and the brand.
func (d *Desk) voice(tx *store.Tx, brandID int64) (box account.Mailbox, brand account.Brand, err error) {
	boxes, err := d.mailboxes(tx)
	if err != nil {
		return box, brand, err
	}
	if brand = d.doors.brand(brandID); brand.ID == 0 {
		if brand, err = tx.Brand(brandID); err != nil {
			return box, brand, err
		}
	}
	i := slices.IndexFunc(boxes, func(b account.Mailbox) bool { return b.Brand == brandID })
	if i < 0 {
		err = fault.New(fault.Refused, "%s has no mailbox to answer from; add one with hark mailbox add", brand.Name)
	}
	if err != nil {
		return box, brand, err
	}
	return boxes[i], brand, nil
}

// systemText is a mail of the desk itself to one person, with a link that is theirs alone.
type systemText struct {
	template, subject, before, after string
}

var (
	signInText     = systemText{toSignIn, "Your link to sign in", "Open this page to sign in. The link works once, within ten minutes.", "If you did not ask for it, do nothing."}
	passwordText   = systemText{toChoosePassword, "Choose a new password", "Open this page to choose a new password. The link works once, within ten minutes.", "If you did not ask for it, do nothing: your password stays as it is."}
	inviteText     = systemText{toJoin, "You are invited to the support desk", "A colleague has added you to the support desk. Open this page within seven days to choose a password.", ""}
	confirmText    = systemText{toConfirm, "Please confirm your request", "Somebody, probably you, sent us a request with this address. Open this page within a day to confirm it.", "If it was not you, do nothing: we will not write again today."}
	ticketLinkText = systemText{"ticket-link", "A new link to your ticket", "You asked for a link that works. This one opens your ticket.", ""}
)

// mailAlone plans a mail of the desk itself to exactly one person. Links that sign in or confirm are never part of a
// ticket's mail (C17). It leaves with the null sender: whatever answers it, nobody answers back.
func (d *Desk) mailAlone(tx *store.Tx, to account.Person, t systemText, link string, now time.Time) error {
	text := t.before + "\n\n" + link + "\n"
	if t.after != "" {
		text += "\n" + t.after + "\n"
	}
	_, err := d.mailOne(tx, to, to.Brand, notice{key: aloneKey(to, t, link), template: t.template, subject: t.subject, text: text, automatic: "auto-replied", nameless: true}, now)
	return err
}

// notice is a mail to one person that is about no ticket.
type notice struct {
	key, template, subject, text string

	automatic string // "", auto-replied or auto-generated (RFC 3834); "" when a person sends it
	bulk      bool   // many people get a copy, each once
	end       string // an https address that ends it with one click (RFC 8058), "" for none
	nameless  bool   // to the bare address: a link that signs in says nothing about whose it is
	undo      bool   // it waits for as long as it can be taken back
	fleeting  bool   // one of many about one thing; where its reader has had enough for an hour, they go without it
	late      bool   // it leaves when their hour is over

	files []mail.Attachment
}

// mailOne plans such a mail and returns the id of its row.
func (d *Desk) mailOne(tx *store.Tx, to account.Person, brandID int64, n notice, now time.Time) (int64, error) {
	box, brand, err := d.anyVoice(tx, brandID)
	if err != nil {
		return 0, err
	}
	row := store.Outgoing{
		Key: n.key, Template: n.template, To: to.Email, ToName: to.Name,
		From: box.Address, Subject: n.subject, Automatic: n.automatic != "", State: store.Queued, NextAt: now, CreatedAt: now,
	}
	if n.undo {
		row.State, row.NextAt = store.HeldBack, now.Add(UndoWindow)
	}
	if n.late {
		row.NextAt = now.Add(mailPause)
	}
	name := to.Name
	if n.nameless {
		name = ""
	}
	err = d.plan(tx, &row, mail.Draft{
		From: mail.Address{Name: brand.Name, Email: box.Address}, To: mail.Address{Name: name, Email: to.Email},
		Subject: n.subject, Text: n.text, Date: now, Automatic: n.automatic, Bulk: n.bulk, Unsubscribe: n.end, Attachments: n.files,
	}, mail.Stamp{Person: to.ID})
	return row.ID, err
}

// mailItself plans the mail by which the desk tries a mailbox of its own. Nobody reads it, so no gate is asked.
func (d *Desk) mailItself(tx *store.Tx, box account.Mailbox, now time.Time) (int64, error) {
	row := store.Outgoing{
		Key: roundTripTemplate + "/" + itoa(box.ID) + "/" + itoa(now.UnixMicro()), Template: roundTripTemplate, To: box.Address, From: box.Address,
		Subject: "Does mail to " + box.Address + " arrive?", Automatic: true, State: store.Queued, NextAt: now, CreatedAt: now,
	}
	address := mail.Address{Email: box.Address}
	err := d.plan(tx, &row, mail.Draft{
		From: address, To: address, Subject: row.Subject, Date: now, Automatic: "auto-generated",
		Text: "Your support desk at " + d.url + " has written this to itself. It does so every hour, to see that mail leaves and arrives, and takes it out again by itself. You need do nothing.\n",
	}, mail.Stamp{})
	return row.ID, err
}

// mailToMany plans one copy, through the gate that every automatic mail passes. It reports false when the gate kept it back. Whoever has
// had as much within an hour as we send gets theirs after it: a letter or a decision comes once, and does not come again.
func (d *Desk) mailToMany(tx *store.Tx, to account.Person, brandID int64, n notice, now time.Time) (sent bool, err error) {
	why, err := d.gate(tx, automatic{to: to, now: now})
	n.late = why == braked && !n.fleeting
	if err != nil || why != "" && !n.late {
		return false, err
	}
	n.automatic, n.bulk = "auto-generated", true
	_, err = d.mailOne(tx, to, brandID, n, now)
	return true, err
}

// LetterName is what a mail is called that the desk writes of itself and no policy names, by its template; "" for any other.
func LetterName(template string) string {
	return map[string]string{
		toSignIn: "A link to sign in", toChoosePassword: "A link to choose a password", toJoin: "An invitation", toConfirm: "A question whether a request is meant",
		ticketLinkText.template: "A new link to a ticket", tryText.template: "A test", policyChanged: "News of a changed policy", toRate: "A question how it went", weeklyTemplate: "A weekly report",
		newsTemplate: "A letter with what is new", toProve: CodeName, answerTemplate: "News of an answer in the community", toFollow: "A question whether news by mail is wanted", newsEnd.text.template: "The link that ends a letter", answersEnd.text.template: "The link that ends mails about answers", roadmapText.template: "A new link to the roadmap", decisionTemplate: "A decision about a wish",
		roundTripTemplate: "A mail to ourselves", silenceTemplate: "News of a mailbox that stays silent",
	}[template]
}

func aloneKey(to account.Person, t systemText, link string) string {
	return t.template + "/" + itoa(to.ID) + "/" + nameOf(link)
}

// nameOf tells one link from another without giving it away.
func nameOf(link string) string {
	sum := sha256.Sum256([]byte(link))
	return hex.EncodeToString(sum[:16])
}

// anyVoice is the brand's mailbox, or the first there is: staff belong to no brand.
func (d *Desk) anyVoice(tx *store.Tx, brandID int64) (account.Mailbox, account.Brand, error) {
	boxes, err := d.mailboxes(tx)
	if err != nil {
		return account.Mailbox{}, account.Brand{}, err
	}
	if len(boxes) == 0 {
		return account.Mailbox{}, account.Brand{}, fault.New(fault.Refused, "the desk has no mailbox to write from; add one with hark mailbox add")
	}
	if !slices.ContainsFunc(boxes, func(b account.Mailbox) bool { return b.Brand == brandID }) {
		brandID = boxes[0].Brand
	}
	return d.voice(tx, brandID)
}

// attachments are files of a reply: as the ticket keeps them, and as a mail carries them.
type attachments struct {
	kept    []ticket.Attachment
	content []mail.Attachment
}

// MostAttached is how many bytes the files of one reply may have together; larger mails are refused by most servers.
const MostAttached = 20 << 20

// attached reads the files of a reply from where they are kept.
func (d *Desk) attached(ctx context.Context, files []File) (all attachments, err error) {
	var size int64
	for _, f := range files {
		if size += f.Size; size > MostAttached {
			return all, fault.New(fault.TooLarge, "the files have more than %d MB together; send fewer at once", MostAttached>>20)
		}
		content, err := d.contentOf(ctx, f.SHA256)
		if err != nil {
			return all, err
		}
		kind := cmp.Or(f.Type, "application/octet-stream")
		all.kept = append(all.kept, ticket.Attachment{Name: f.Name, Type: kind, Size: int64(len(content)), SHA256: f.SHA256})
		all.content = append(all.content, mail.Attachment{Name: f.Name, Type: kind, Size: int64(len(content)), Content: content})
	}
	return all, nil
}

func (d *Desk) contentOf(ctx context.Context, sha string) ([]byte, error) {
	r, err := d.db.Blobs().Open(ctx, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, MostAttached+1))
}

// Keep puts a file where attachments are kept and returns it for an Answer or a Request. Whoever is not signed in may do
// so only through a ticket link.
func (d *Desk) Keep(ctx context.Context, a access.Actor, name, kind string, content io.Reader) (File, error) {
	if !access.May(a, access.WriteNote) && !access.May(a, access.OneTicket) {
		return File{}, may(a, access.WriteNote)
	}
	sha, size, err := d.db.Blobs().Put(ctx, io.LimitReader(content, MostAttached+1))
	if err == nil && size > MostAttached {
		err = fault.New(fault.TooLarge, "%s has more than %d MB", name, MostAttached>>20)
	}
	return File{Name: name, Type: kind, Size: size, SHA256: sha}, err
}
