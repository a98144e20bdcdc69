package mail

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// attach keeps a part as a file.
func (m *Message) attach(p *part) {
	_, params := parameters(first(p.fields, "Content-Disposition"))
	a := newAttachment(m.filename(p, params), p.kind, m.decode(p))
	a.ContentID = strings.Trim(oneLine(text8(first(p.fields, "Content-ID"))), "<> ")
	m.Attachments = append(m.Attachments, a)
	if p.kind == "application/pkcs7-mime" || p.kind == "application/x-pkcs7-mime" || p.kind == "application/pgp-encrypted" {
		m.defect("the mail is encrypted or sealed; its text is in the files")
	}
}

func newAttachment(name, kind string, content []byte) Attachment {
	sum := sha256.Sum256(content)
	return Attachment{Name: name, Type: kind, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), Content: content}
}

// filename names a part: as its sender did, or after its type.
func (m *Message) filename(p *part, disposition map[string]string) string {
	name := decodeWords(cmp.Or(disposition["filename"], p.params["name"]))
	if name == "" {
		name = m.unnamed(p)
	}
	if len(name) > MaxFilename {
		m.defect("the file name %s has %d bytes and was cut", quote(name), len(name))
		name = cutName(name)
	}
	return name
}

// cutName shortens a file name and keeps its ending.
func cutName(name string) string {
	end := ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 12 {
		end = name[dot:]
	}
	return strings.ToValidUTF8(name[:MaxFilename-len(end)], "") + end
}

// extensions name files whose sender gave only a type.
var extensions = map[string]string{
	"message/rfc822": ".eml", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "text/calendar": ".ics", "text/plain": ".txt",
	"text/html": ".html", "text/csv": ".csv", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf",
	"application/ms-tnef": ".dat", "application/zip": ".zip", "text/vcard": ".vcf", "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s",
}

func (m *Message) unnamed(p *part) string {
	end, known := extensions[p.kind]
	if !known {
		end = ".bin"
	}
	if p.kind == "message/rfc822" {
		fields, _, _ := header(m.decode(p))
		if subject := decodeWords(first(fields, "Subject")); subject != "" {
			return shortened(strings.Map(withoutSlash, subject)) + end
		}
	}
	return fmt.Sprintf("part-%d%s", len(m.Attachments)+1, end)
}

func withoutSlash(r rune) rune {
	if strings.ContainsRune(`/\:*?"<>|`, r) {
		return '-'
	}
	return r
}

func shortened(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(s[:min(len(s), 80)], ""))
}

// markInline settles which attachments the HTML text shows. A part that only claims to be inline is an ordinary file.
func (m *Message) markInline() {
	shown := map[string]bool{}
	for _, src := range cidSource.FindAllStringSubmatch(m.HTML, MaxParts) {
		id := html.UnescapeString(src[1])
		if plain, err := url.PathUnescape(id); err == nil {
			id = plain
		}
		shown[id] = true
	}
	for i := range m.Attachments {
		m.Attachments[i].Inline = shown[m.Attachments[i].ContentID]
	}
}

var cidSource = regexp.MustCompile(`src="cid:([^"]{1,500})"`)
