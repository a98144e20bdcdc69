package receive

import (
	"bytes"
	"net/textproto"
	"regexp"
	"strings"
)

// note writes the mail that stands in for one that cannot be taken: the same header, as far as there is one, and a sentence
// instead of the content. It becomes a ticket or a visible record like any other mail.
func note(raw []byte, why string) []byte {
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	var b bytes.Buffer
	if len(header) <= maxHeader {
		for _, field := range fields(header) {
			if !isAboutContent(field) {
				b.WriteString(field)
			}
		}
	}
	if b.Len() == 0 {
		b.WriteString("Subject: A mail that could not be fetched\r\n")
	}
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + why + "\r\n")
	return b.Bytes()
}

// fields splits a header into its fields, each with its folded lines and CR LF. What is no field is left out.
func fields(header []byte) (all []string) {
	for _, line := range strings.Split(string(header), "\r\n") {
		switch {
		case line == "", strings.ContainsAny(line, "\r\n"):
		case (line[0] == ' ' || line[0] == '\t') && len(all) > 0:
			all[len(all)-1] += line + "\r\n"
		case isField.MatchString(line):
			all = append(all, line+"\r\n")
		}
	}
	return all
}

var isField = regexp.MustCompile(`^[!-9;-~]+[ \t]*:`)

func isAboutContent(field string) bool {
	name, _, _ := strings.Cut(field, ":")
	name = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))
	return name == "Mime-Version" || strings.HasPrefix(name, "Content-")
}

// returnPath reads the return path that the server recorded on delivery: the topmost Return-Path field, and only when it
// stands above every Received field, because below them anybody may have written it.
func returnPath(raw []byte) (path string, unstated bool) {
	header, _, _ := bytes.Cut(raw[:min(len(raw), maxHeader)], []byte("\r\n\r\n"))
	for _, field := range fields(header) {
		name, value, _ := strings.Cut(field, ":")
		switch {
		case strings.EqualFold(name, "Received"):
			return "", true
		case strings.EqualFold(name, "Return-Path"):
			path := strings.Trim(strings.TrimSpace(value), "<>")
			return path, path != "" && !isPlainPath(path)
		}
	}
	return "", true
}
