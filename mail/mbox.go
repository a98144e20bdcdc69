package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// EachInMbox calls do with each mail of an mbox (RFC 4155), numbered from 1, and takes back the ">" before lines that begin with
// "From ". It holds one mail at a time; of one that is longer than most bytes, do is given only the first most+1. What does not
// begin as an mbox is one mail, to its last byte. It ends with the first error that do returns.
func EachInMbox(r io.Reader, most int, do func(number int, raw []byte) error) error {
	return newMbox(r, most, func(m boxed) error { return do(m.number, m.raw) }).read()
}

func newMbox(r io.Reader, most int, do func(boxed) error) *mbox {
	box := &mbox{most: most, do: do, lines: bufio.NewReaderSize(r, 64<<10)}
	if start, _ := box.lines.Peek(5); !bytes.Equal(start, []byte("From ")) {
		box.begun, box.single = true, true
	}
	return box
}

// mbox is a file of mails while it is read.
type mbox struct {
	most   int
	do     func(boxed) error
	lines  *bufio.Reader
	begun  bool // a mail is being read
	single bool // the file is no mbox
	number int
	mail   bytes.Buffer
	at     int64 // how far the file is read
	from   int64 // where the mail that is being read begins, with its "From " line
}

// boxed is one mail of an mbox, and where it stands there.
type boxed struct {
	number   int
	raw      []byte
	from, to int64
}

func (b *mbox) read() error {
	blank, whole := true, true // the line before is empty, and was read to its end
	for {
		line, err := b.lines.ReadSlice('\n')
		start := whole
		if start && blank && !b.single && bytes.HasPrefix(line, []byte("From ")) {
			if err := b.finish(); err != nil {
				return err
			}
			b.begun, b.from = true, b.at
		} else {
			b.keep(line, start)
		}
		b.at += int64(len(line))
		whole = !errors.Is(err, bufio.ErrBufferFull)
		blank = start && len(bytes.TrimSpace(line)) == 0
		switch {
		case err == io.EOF:
			return b.finish()
		case err != nil && whole:
			return err
		}
	}
}

func (b *mbox) keep(line []byte, start bool) {
	if quoted := bytes.TrimLeft(line, ">"); start && !b.single && len(quoted) < len(line) && bytes.HasPrefix(quoted, []byte("From ")) {
		line = line[1:]
	}
	if room := b.most + 1 - b.mail.Len(); room > 0 {
		b.mail.Write(line[:min(len(line), room)])
	}
}

// finish hands over the mail that was read.
func (b *mbox) finish() error {
	raw := bytes.Clone(b.mail.Bytes())
	if !b.single {
		raw = bytes.TrimRight(raw, "\r\n")
	}
	b.mail.Reset()
	if !b.begun || len(raw) == 0 {
		return nil
	}
	b.number++
	return b.do(boxed{b.number, raw, b.from, b.at})
}
