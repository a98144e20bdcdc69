package mail

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"io"
	"slices"
	"time"

	"hark/fault"
)

// Box is a mailbox file that can be read at any place: an mbox, or a single mail.
type Box interface {
	io.ReaderAt
	Size() int64
}

// Place is where one mail stands in a [Box].
type Place struct {
	Number   int // counted from 1
	from, to int64
}

// Ordered returns the places of a box's mails, each after the one it answers and else the oldest first, whatever order the file has
// them in: programs write new mails in front, or one folder behind another. Of each mail it holds some hundred bytes, and never more
// than one whole. What is neither an mbox nor a mail is [fault.Invalid], in a sentence for whoever chose the file.
func Ordered(box Box, most int) ([]Place, error) {
	if err := isBox(box); err != nil {
		return nil, err
	}
	o := ordering{seed: maphash.MakeSeed(), known: map[uint64]int{}}
	b := newMbox(io.NewSectionReader(box, 0, box.Size()), most, o.add)
	if err := b.read(); err != nil {
		return nil, err
	}
	return o.places(), nil
}

// At calls do with the mail at a place, as [EachInMbox] does.
func (p Place) At(box Box, most int, do func(raw []byte) error) error {
	return EachInMbox(io.NewSectionReader(box, p.from, p.to-p.from), most, func(_ int, raw []byte) error { return do(raw) })
}

// foreign is how files begin that people choose by mistake, and what to do about it.
var foreign = []struct{ begins, says string }{
	{"PK\x03\x04", "this is a packed archive; unpack it, and choose the mailbox file that is in it"},
	{"\x1f\x8b", "this is a packed file; unpack it, and choose the mailbox file that is in it"},
	{"!BDN", "this is a mailbox of Outlook; export it as mbox first, with Thunderbird for instance"},
	{"\x89PNG", "this is a picture"},
	{"\xff\xd8\xff", "this is a picture"},
	{"GIF8", "this is a picture"},
	{"%PDF", "this is a PDF"},
}

// isBox refuses what cannot be a mailbox, by its first lines.
func isBox(box Box) error {
	start := make([]byte, min(box.Size(), 64<<10))
	if _, err := box.ReadAt(start, 0); err != nil && err != io.EOF {
		return err
	}
	if len(bytes.TrimSpace(start)) == 0 {
		return fault.New(fault.Invalid, "this file is empty")
	}
	for _, f := range foreign {
		if bytes.HasPrefix(start, []byte(f.begins)) {
			return fault.New(fault.Invalid, "%s; a mailbox file (mbox) is text that begins with “From ”", f.says)
		}
	}
	line, _ := cutLine(start)
	if _, field := fieldName(line); bytes.HasPrefix(line, []byte("From ")) || field && saysWho(start) {
		return nil
	}
	return fault.New(fault.Invalid, "this is no mailbox file: it does not begin as one. In Thunderbird or Google Takeout, export the folder as mbox and choose that file")
}

// saysWho reports whether a text begins with the header of a mail, and not with a word and a colon alone.
func saysWho(start []byte) bool {
	fields, _, _ := header(start)
	return first(fields, "From") != "" || first(fields, "Message-ID") != ""
}

// ordering remembers of each mail what its place depends on. Message-IDs are kept as hashes: two that are the same by chance move
// a mail, and change nothing else.
type ordering struct {
	seed  maphash.Seed
	mails []inOrder
	known map[uint64]int // which mail has this Message-ID
}

type inOrder struct {
	Place
	at      time.Time
	answers []uint64
	placed  bool
}

// mostAnswered bounds how many mails one mail can be said to answer: the one that began it all, the last few, and the last.
const mostAnswered = 8

func (o *ordering) add(b boxed) error {
	fields, _, _ := header(b.raw)
	m := &Message{fields: fields}
	m.readThread()
	one := inOrder{Place: Place{b.number, b.from, b.to}, at: m.Date}
	nearest := m.References[max(0, len(m.References)-mostAnswered):]
	for _, id := range slices.Concat(m.References[:min(1, len(m.References))], nearest, m.InReplyTo[:min(1, len(m.InReplyTo))]) {
		one.answers = append(one.answers, maphash.String(o.seed, id))
	}
	if m.MessageID != "" {
		o.known[maphash.String(o.seed, m.MessageID)] = len(o.mails)
	}
	o.mails = append(o.mails, one)
	return nil
}

// places walks through the mails by their dates; one that is answered by a mail comes before it, even when its date denies that.
func (o *ordering) places() []Place {
	oldest := make([]int, len(o.mails))
	for i := range oldest {
		oldest[i] = i
	}
	slices.SortStableFunc(oldest, func(a, b int) int {
		return cmp.Or(o.mails[a].at.Compare(o.mails[b].at), cmp.Compare(a, b))
	})
	places := make([]Place, 0, len(o.mails))
	for _, i := range oldest {
		places = o.place(places, i)
	}
	return places
}

// place adds a mail and before it all that it answers. It keeps its own list of what is still to do, because a chain of answers may
// be as long as the file.
func (o *ordering) place(places []Place, i int) []Place {
	for todo := []int{i}; len(todo) > 0; {
		at := todo[len(todo)-1]
		m := &o.mails[at]
		before := o.unplaced(m)
		m.answers = nil // looked at once, so that mails which answer each other come to an end
		todo = append(todo, before...)
		if len(before) > 0 {
			continue
		}
		todo = todo[:len(todo)-1]
		if !m.placed {
			m.placed, places = true, append(places, m.Place)
		}
	}
	return places
}

func (o *ordering) unplaced(m *inOrder) (list []int) {
	for _, id := range m.answers {
		if i, here := o.known[id]; here && !o.mails[i].placed {
			list = append(list, i)
		}
	}
	return list
}
