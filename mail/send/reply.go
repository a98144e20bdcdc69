package send

import (
	"bufio"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Reply is what a server said. As an error it is a reply that is not a yes.
type Reply struct {
	Code     int
	Enhanced string
	Text     string // its lines, joined by blanks, without controls
	lines    []string
}

func (r *Reply) Error() string {
	return strings.Join(strings.Fields(fmt.Sprint(r.Code, " ", r.Enhanced, " ", r.Text)), " ")
}

// Bounds of one reply. RFC 5321, 4.5.3.1.5 has 512 octets a line; some servers are chatty, none needs more than this.
const (
	maxReplyLine  = 4096
	maxReplyLines = 100
)

var errGarbage = errors.New("the server does not speak SMTP")

// readReply reads one reply of one or several lines. Anything that is no reply, or never ends, is garbage.
func readReply(r *bufio.Reader) (*Reply, error) {
	reply := &Reply{}
	for len(reply.lines) < maxReplyLines {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, errGarbage
		}
		if err != nil {
			return nil, err
		}
		last, err := reply.add(strings.TrimRight(string(line), "\r\n"))
		if err != nil || last {
			return reply.finish(), err
		}
	}
	return nil, errGarbage
}

// add takes a line and reports whether it is the last.
func (r *Reply) add(line string) (last bool, err error) {
	if len(line) == 3 {
		line += " "
	}
	if len(line) < 4 || line[3] != ' ' && line[3] != '-' {
		return false, errGarbage
	}
	code, err := strconv.Atoi(line[:3])
	if err != nil || code < 200 || code > 599 || r.Code != 0 && r.Code != code {
		return false, errGarbage
	}
	r.Code = code
	r.lines = append(r.lines, printable(line[4:]))
	return line[3] == ' ', nil
}

var enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// finish takes the enhanced code, which every line may repeat, out of the text.
func (r *Reply) finish() *Reply {
	words := make([]string, len(r.lines))
	for i, line := range r.lines {
		code := enhancedCode.FindString(line)
		if r.Enhanced == "" {
			r.Enhanced = code
		}
		words[i] = strings.TrimSpace(line[len(code):])
	}
	r.Text = shorten(strings.TrimSpace(strings.Join(words, " ")), 500)
	return r
}

// printable replaces what a person should not have to see: controls and octets that are no UTF-8.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "?"))
}

func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
