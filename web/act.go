package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/store"
	page "hark/web/ticket"
	"hark/web/visit"
)

// maxFilesAtOnce is how many files one message can carry.
const maxFilesAtOnce = 10

// reply sends an agent's answer. When something came in meanwhile, nothing is sent: the new messages are shown beside
// what was written.
func (h *house) reply(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Body   string `form:"body"`
		HTML   string `form:"body_html"`
		Was    string `form:"was"` // the words as the page that stopped a reply showed them
		Status string `form:"status"`
		Base   int64  `form:"base"`
		Draft  string `form:"draft"`
		Do     string `form:"do"`   // keep or discard, from the page that stopped a reply
		Then   string `form:"then"` // "next" goes on to the next ticket of the list
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.Was != "" && unbroken(in.Was) != unbroken(in.Body) {
		in.HTML = "" // the words were changed there, and the form has them only as text
	}
	if in.Do != "" {
		return h.putAside(v, desk.Draft{Ticket: id, Kind: store.ReplyDraft, Body: draftBody(in.HTML, in.Body), Base: in.Base}, in.Do)
	}
	on, err := h.goesOn(v, id, in.Then)
	if err != nil {
		return err
	}
	answer := desk.Answer{Ticket: id, HTML: in.HTML, Text: in.Body, Status: in.Status, Base: in.Base, Key: formKey("reply", id, in.Draft, in.Status, in.HTML, in.Body), Via: "web"}
	if answer.Files, err = h.keepFiles(v); err == nil {
		_, err = h.desk.Answer(v.Context(), v.Actor, answer)
	}
	if stale := (*desk.Stale)(nil); errors.As(err, &stale) {
		return h.stale(v, id, stale, answer)
	}
	if err != nil {
		return h.keepWriting(v, desk.Draft{Ticket: id, Kind: store.ReplyDraft, Body: draftBody(in.HTML, in.Body), Status: in.Status, Base: in.Base}, err)
	}
	h.presence.writes(id, v.Actor.Person, time.Time{})
	return v.SeeOther(on)
}

// sendPrepared answers with one of the policy's own messages.
func (h *house) sendPrepared(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Message string              `form:"message"`
		Status  string              `form:"status"`
		Base    int64               `form:"base"`
		Draft   string              `form:"draft"`
		Said    map[string][]string `form:"said:*"` // what the answer of a clause speaks of
		Words   string              `form:"words"`  // and what an agent saw
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	said := map[string]string{}
	for fact, values := range in.Said {
		said[fact] = strings.Join(values, "")
	}
	_, err = h.desk.SendPrepared(v.Context(), v.Actor, desk.Prepared{Ticket: id, Message: in.Message, Status: in.Status, Base: in.Base, Said: said, Words: in.Words, Key: formKey("prepared", id, in.Draft, in.Message, in.Status)})
	if err != nil {
		return err
	}
	return v.SeeOther("/tickets/" + number(id))
}

// unbroken is a text without the line breaks that browsers change.
func unbroken(text string) string { return strings.Join(strings.Fields(text), " ") }

// putAside keeps a stopped reply as a draft, or forgets it.
func (h *house) putAside(v *visit.Visit, draft desk.Draft, do string) error {
	if do == "discard" {
		draft.Body = ""
	}
	if err := h.desk.SaveDraft(v.Context(), v.Actor, draft); err != nil {
		return err
	}
	return v.SeeOther("/tickets/" + number(draft.Ticket))
}

// formKey makes the same form with the same words count once, however often it is sent (D7). Other words from the same
// page, for example from a second window, are another form: they must not be taken for the first and vanish.
func formKey(verb string, id int64, draft string, words ...string) string {
	if draft == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return verb + "/" + number(id) + "/" + draft + "/" + hex.EncodeToString(sum[:16])
}

// stale shows what is new beside the draft; sending again with the newer base says "I have read it".
func (h *house) stale(v *visit.Visit, id int64, stale *desk.Stale, answer desk.Answer) error {
	if err := h.desk.SaveDraft(v.Context(), v.Actor, desk.Draft{Ticket: id, Kind: "reply", Body: draftBody(answer.HTML, answer.Text), Status: answer.Status, Base: answer.Base}); err != nil {
		return err
	}
	view, err := h.ticketView(v, id)
	if err != nil {
		return err
	}
	p, err := h.desk.TicketPage(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	view.Stale = &page.Stale{Draft: answer.Text, HTML: answer.HTML, Base: view.Base, Key: number(lastOf(p.Audits, v.Actor.Person))}
	for _, f := range answer.Files {
		view.Stale.Files = append(view.Stale.Files, f.Name)
	}
	for _, c := range stale.New {
		ours := c.Author.ID != p.Ticket.Requester.ID && !among(p.Ticket.CCs, c.Author.ID)
		view.Stale.New = append(view.Stale.New, h.message(v, p, c, ours, nil))
	}
	if view.Composer != nil {
		for _, send := range view.Composer.Sends {
			if send.Status.ID == answer.Status || view.Stale.Sends.Label == "" {
				view.Stale.Sends = send
			}
		}
		view.Composer = nil
	}
	return h.showStatus(v, http.StatusConflict, page.Page(view))
}

// keepWriting shows the ticket again with the refusal above what was written, which is kept as a draft. What cannot be
// shown so, because the ticket is not to be written to or our own side failed, is on the error page (see errorPage).
func (h *house) keepWriting(v *visit.Visit, draft desk.Draft, refused error) error {
	if visit.Status(refused) >= 500 {
		return refused
	}
	_ = h.desk.SaveDraft(v.Context(), v.Actor, draft)
	view, err := h.ticketView(v, draft.Ticket)
	if err != nil || view.Composer == nil {
		return refused
	}
	c, says := view.Composer, sentence(fault.Says(refused))
	if v.HasFiles() {
		says += " Your words are below; add your files again."
	}
	if draft.Kind == store.NoteDraft {
		c.Note, c.NoteError, c.Writing = draft.Body, says, "note"
	} else {
		c.Error, c.Writing = says, "reply"
		if leadTo(&view, desk.MissingFact(refused), says) {
			c.Error = ""
		}
	}
	return h.showStatus(v, visit.Status(refused), page.Page(view))
}

func draftBody(html, text string) string {
	if html != "" {
		return html
	}
	return text
}

// note writes an internal remark.
func (h *house) note(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Body  string `form:"body"`
		Draft string `form:"draft"`
		Then  string `form:"then"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	on, err := h.goesOn(v, id, in.Then)
	if err != nil {
		return err
	}
	note := desk.Note{Ticket: id, Text: in.Body, Key: formKey("note", id, in.Draft, in.Body), Via: "web"}
	if note.Files, err = h.keepFiles(v); err == nil {
		_, err = h.desk.Note(v.Context(), v.Actor, note)
	}
	if err != nil {
		return h.keepWriting(v, desk.Draft{Ticket: id, Kind: store.NoteDraft, Body: in.Body}, err)
	}
	h.presence.writes(id, v.Actor.Person, time.Time{})
	return v.SeeOther(on)
}

// keepFiles stores what was uploaded with a form and returns it for the verb that uses it.
func (h *house) keepFiles(v *visit.Visit) ([]desk.File, error) {
	uploads, err := v.Files(maxFilesAtOnce)
	if err != nil {
		return nil, err
	}
	var files []desk.File
	for _, upload := range uploads {
		if upload.Size == 0 && upload.Filename == "" {
			continue
		}
		file, err := h.keepFile(v, upload)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func (h *house) keepFile(v *visit.Visit, upload *multipart.FileHeader) (desk.File, error) {
	content, err := upload.Open()
	if err != nil {
		return desk.File{}, err
	}
	defer content.Close()
	return h.desk.Keep(v.Context(), v.Actor, upload.Filename, upload.Header.Get("Content-Type"), content)
}

// saveDraft keeps what is being written, both the reply and the note. Scripts call it every two seconds.
func (h *house) saveDraft(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Body    string `form:"body"`
		HTML    string `form:"body_html"`
		Note    string `form:"note"`
		Writing string `form:"writing"`
		Base    int64  `form:"base"`
		Draft   string `form:"draft"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	var refused error // of one, while the other is kept
	for kind, body := range map[store.DraftKind]string{store.ReplyDraft: draftBody(in.HTML, in.Body), store.NoteDraft: in.Note} {
		if err := h.desk.SaveDraft(v.Context(), v.Actor, desk.Draft{Ticket: id, Kind: kind, Body: strings.TrimSpace(body), Base: in.Base, Page: in.Base}); err != nil {
			refused = err
		}
	}
	if refused != nil {
		return refused
	}
	h.presence.writes(id, v.Actor.Person, time.Now().Add(writingFor))
	v.Writer.WriteHeader(http.StatusNoContent)
	return nil
}

// set makes one change beside the conversation. fill says which, from the form.
func (h *house) set(fill func(set *desk.Set, value string) error) visit.Handler {
	return func(v *visit.Visit) error {
		id, err := v.Number("id")
		if err != nil {
			return err
		}
		var in struct {
			Status   string `form:"status"`
			Assignee string `form:"assign"`
			Kind     string `form:"kind"`
			Priority string `form:"priority"`
			Subject  string `form:"subject"`
			Add      string `form:"add"`
			Remove   string `form:"remove"`
			Base     int64  `form:"base"` // what the page showed; a single property may be set on top of anything newer
		}
		if err := v.Form(&in); err != nil {
			return err
		}
		set := desk.Set{Ticket: id, Via: "web"}
		value := in.Status + in.Assignee + in.Kind + in.Priority + in.Subject + in.Add
		if in.Remove != "" {
			set.Untag, value = []string{in.Remove}, ""
		}
		if err := fill(&set, value); err != nil {
			return err
		}
		if _, err := h.desk.Set(v.Context(), v.Actor, set); err != nil {
			if shown, failed := h.showMissing(v, id, err); shown || failed != nil {
				return failed
			}
			return err
		}
		return v.SeeOther(ticketPath(id, listOf(v, id)))
	}
}

func setStatus(s *desk.Set, value string) error   { s.Status = &value; return nil }
func setKind(s *desk.Set, value string) error     { s.Kind = &value; return nil }
func setPriority(s *desk.Set, value string) error { s.Priority = &value; return nil }
func setSubject(s *desk.Set, value string) error  { s.Subject = &value; return nil }

func setTags(s *desk.Set, value string) error {
	for _, tag := range strings.Split(value, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			s.Tags = append(s.Tags, tag)
		}
	}
	return nil
}

func setAssignee(s *desk.Set, value string) error {
	if value == "" {
		s.Assignee = new(int64)
		return nil
	}
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "%q is nobody who works here.", value)
	}
	s.Assignee = &id
	return nil
}

// pressed is the {id} of a button that sends nothing else.
func pressed(v *visit.Visit) (int64, error) {
	if err := v.NoFields(); err != nil {
		return 0, err
	}
	return v.Number("id")
}

// undo takes back what was sent a moment ago; the words are in the composer again.
func (h *house) undo(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	audit, err := v.Number("send")
	if err != nil {
		return err
	}
	files, err := h.desk.Undo(v.Context(), v.Actor, id, audit)
	if err != nil {
		return err
	}
	if len(files) > 0 {
		return h.done(v, "files-again", ticketPath(id, listOf(v, id)))
	}
	return v.SeeOther(ticketPath(id, listOf(v, id)))
}

// replyLater puts a ticket on the visitor's pile, or takes it off.
func (h *house) replyLater(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Later string `form:"later"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if err := h.desk.ReplyLater(v.Context(), v.Actor, id, in.Later == "yes"); err != nil {
		return err
	}
	what := "not-later"
	if in.Later == "yes" {
		what = "later"
	}
	return h.done(v, what, ticketPath(id, listOf(v, id)))
}

// whoElse says who else has the ticket open, as a line of text for the page's script.
func (h *house) whoElse(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	sees, err := h.desk.MaySee(v.Context(), v.Actor, id)
	if err == nil && !sees {
		err = fault.New(fault.NotFound, "There is no such page.")
	}
	if err != nil {
		return err
	}
	return text(v, h.presence.says(id, v.Actor.Person, time.Now()))
}

// followUp starts a ticket that continues a closed one.
func (h *house) followUp(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	done, err := h.desk.FollowUp(v.Context(), v.Actor, desk.FollowUp{Of: id, Key: formKey("follow-up", id, "once")})
	if err != nil {
		return err
	}
	return v.SeeOther("/tickets/" + number(done.Ticket.ID))
}

// acceptHeld files a held message on its ticket, or makes a ticket of it when it has none.
func (h *house) acceptHeld(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	in, _, err := h.desk.RawMail(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	var done desk.Done
	if in.Ticket == 0 {
		done, err = h.desk.OpenHeld(v.Context(), v.Actor, id)
	} else {
		done, err = h.desk.AcceptHeld(v.Context(), v.Actor, desk.AcceptHeld{Mail: id, AsAnswer: true})
	}
	if err != nil {
		return err
	}
	return v.SeeOther("/tickets/" + number(done.Ticket.ID))
}

// discardHeld decides that a held message is nothing for its ticket; its source stays in the mail log.
func (h *house) discardHeld(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	in, _, err := h.desk.RawMail(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := h.desk.DiscardHeld(v.Context(), v.Actor, id); err != nil {
		return err
	}
	if in.Ticket == 0 {
		return v.SeeOther("/mail/in")
	}
	return v.SeeOther("/tickets/" + number(in.Ticket))
}
