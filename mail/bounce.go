package mail

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Bounce is what a mail server says about the delivery of an earlier mail (RFC 3464, RFC 6522). It says so without proof: only
// Keyring.Bounced, which asks for a token of ours, may change anything because of it.
type Bounce struct {
	Recipient         string // the first recipient that failed; "" when the report does not say
	Status            string // x.y.z after RFC 3463; "" when the report does not say
	Action            string // failed, delayed, delivered, relayed or expanded
	Diagnostic        string // the words of the other server
	OriginalMessageID string // with angle brackets
	Standard          bool   // a machine-readable report; false for texts that only read like one
	Recipients        []Delivery

	originals []string // ids found in the returned mail
}

// Delivery is the fate of one recipient.
type Delivery struct {
	Recipient, Status, Action, Diagnostic string
}

// Hard reports whether the address is at fault (5.1.x, and 5.2.1: disabled), so that trying again is useless. A full mailbox,
// a refused content and every 4.x.x are not hard.
func (b *Bounce) Hard() bool {
	return b.Action == "failed" && (strings.HasPrefix(b.Status, "5.1.") || b.Status == "5.2.1")
}

// readBounce recognises reports on delivery, standard ones first; nil when the mail is none.
func readBounce(root *part, m *Message) *Bounce {
	if b := standardBounce(root, m); b != nil {
		return b
	}
	return plainBounce(root, m)
}

// standardBounce reads a message/delivery-status part wherever it stands, and the returned mail beside it. Who forwards such a report is no
// mail server: they ask what it means.
func standardBounce(root *part, m *Message) *Bounce {
	status := find(root, "message/delivery-status", "message/global-delivery-status")
	if status == nil || !m.isReport("delivery-status") && !fromMailServer(m) {
		return nil
	}
	b := &Bounce{Standard: true}
	for i, block := range blocks(m.decode(status)) {
		if i == 0 {
			b.OriginalMessageID = firstID(first(block, "Original-Message-ID"))
		}
		if d, ok := delivery(block); ok && len(b.Recipients) < MaxAddresses {
			b.Recipients = append(b.Recipients, d)
		}
	}
	b.worst()
	b.readOriginal(root, m)
	return b
}

// find returns the first part of one of these kinds.
func find(p *part, kinds ...string) *part {
	if slices.Contains(kinds, p.kind) && len(p.children) == 0 {
		return p
	}
	for _, c := range p.children {
		if found := find(c, kinds...); found != nil {
			return found
		}
	}
	return nil
}

// blocks splits the content of a delivery status into its groups of fields.
func blocks(b []byte) (all [][]Field) {
	for len(b) > 0 && len(all) < MaxAddresses {
		fields, rest, broken := header(b)
		if broken {
			_, rest = cutLine(rest)
		}
		if len(fields) > 0 {
			all = append(all, fields)
		}
		b = rest
	}
	return all
}

// delivery reads the fields of one recipient.
func delivery(block []Field) (Delivery, bool) {
	recipient := cmp.Or(typed(first(block, "Final-Recipient")), typed(first(block, "Original-Recipient")))
	d := Delivery{
		Recipient:  recipient,
		Status:     statusIn(first(block, "Status")),
		Action:     action(first(block, "Action")),
		Diagnostic: oneLine(text8(after(first(block, "Diagnostic-Code"), ";"))),
	}
	if d.Status == "" || d.Status == "5.0.0" {
		d.Status = cmp.Or(statusIn(d.Diagnostic), d.Status)
	}
	return d, recipient != "" || first(block, "Action") != ""
}

// typed reads values such as "rfc822; ben@example.org" and drops what is no valid address.
func typed(v string) string {
	email, err := NewAddress(strings.Trim(after(v, ";"), " <>\t"))
	if err != nil {
		return ""
	}
	return email
}

func after(v, sep string) string {
	if _, tail, found := strings.Cut(v, sep); found {
		return strings.TrimSpace(tail)
	}
	return strings.TrimSpace(v)
}

func action(v string) string {
	v, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(v)), " ")
	if slices.Contains([]string{"failed", "delayed", "delivered", "relayed", "expanded"}, v) {
		return v
	}
	return ""
}

var enhanced = regexp.MustCompile(`\b([245]\.\d{1,3}\.\d{1,3})\b`)
var reply = regexp.MustCompile(`(?:^|[\s:#(])([45])([0-5])(\d)[\s-]`)

// statusIn finds a status x.y.z, or makes one from a reply of three digits.
func statusIn(text string) string {
	text = text[:min(len(text), 2000)]
	if found := enhanced.FindString(text); found != "" {
		return found
	}
	if r := reply.FindStringSubmatch(text); r != nil {
		return smtpStatus(r[1], r[2]+r[3])
	}
	return ""
}

// smtpStatus translates the replies that say which part of a delivery failed.
func smtpStatus(class, code string) string {
	switch code {
	case "50", "51", "53":
		return class + ".1.1"
	case "52":
		return class + ".2.2"
	}
	return class + ".0.0"
}

// worst lifts the most final of the deliveries to the top: failed, then delayed, then whatever comes first.
func (b *Bounce) worst() {
	for _, want := range []string{"failed", "delayed", ""} {
		for _, d := range b.Recipients {
			if want == "" || d.Action == want {
				b.Recipient, b.Status, b.Action, b.Diagnostic = d.Recipient, d.Status, d.Action, d.Diagnostic
				return
			}
		}
	}
}

// readOriginal reads the ids of the returned mail, or of its header.
func (b *Bounce) readOriginal(root *part, m *Message) {
	original := find(root, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers")
	if original == nil {
		return
	}
	fields, _, _ := header(m.decode(original))
	b.originals = messageIDs(first(fields, "Message-ID"))
	b.OriginalMessageID = cmp.Or(b.OriginalMessageID, firstID(first(fields, "Message-ID")))
}

func firstID(v string) string {
	if ids := messageIDs(v); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// plainTexts begin the bounces of servers that write for people only (qmail, old Exim, Exchange and others).
var plainTexts = []string{
	"hi. this is the qmail-send program", "i'm afraid i wasn't able to deliver your message", "this message was created automatically by mail delivery software",
	"a message that you sent could not be delivered", "delivery has failed to these recipients or groups", "your message did not reach some or all of the intended recipients",
	"your message wasn't delivered", "the following recipient(s) cannot be reached", "i'm sorry to have to inform you that your message could not",
	"this is the mail system at host", "the following addresses had permanent fatal errors", "the following message to <", "message delivery failed",
	"delivery to the following recipient failed permanently", "delivery to the following recipients failed", "undeliverable:", "could not be delivered to",
	"address not found", "ihre nachricht konnte nicht", "fehler bei der nachrichtenzustellung", "die zustellung an folgende empfänger", "échec de la remise", "error de entrega",
}

// plainBounce recognises bounces in plain words. They come from a machine, or with the null sender; a customer who only
// writes about bounces is neither.
func plainBounce(root *part, m *Message) *Bounce {
	if !fromMailServer(m) {
		return nil
	}
	text := strings.ToLower(m.Text[:min(len(m.Text), 2000)])
	_, failed := lookup(m.fields, "X-Failed-Recipients")
	if !failed && !slices.ContainsFunc(plainTexts, func(s string) bool { return strings.Contains(text, s) }) {
		return nil
	}
	b := &Bounce{Action: "failed", Recipient: failedRecipient(m), Status: statusIn(m.Text)}
	if strings.Contains(text, "delayed") || strings.Contains(text, "will be retried") || strings.HasPrefix(b.Status, "4.") {
		b.Action = "delayed"
	}
	b.readOriginal(root, m)
	if b.OriginalMessageID == "" {
		b.OriginalMessageID = idInText(m.Text)
	}
	return b
}

func fromMailServer(m *Message) bool {
	if m.ReturnPath != nil && *m.ReturnPath == "" {
		return true
	}
	return m.From != nil && isDaemon(m.From.Email) || m.From == nil && strings.Contains(strings.ToLower(first(m.fields, "From")), "daemon")
}

func isDaemon(email string) bool {
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	return strings.Contains(local, "daemon") || local == "postmaster" || strings.HasPrefix(local, "microsoftexchange")
}

var addressInText = regexp.MustCompile(`[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]`)

func failedRecipient(m *Message) string {
	if v := first(m.fields, "X-Failed-Recipients"); v != "" {
		if list, _ := addressList(v); len(list) > 0 {
			return list[0].Email
		}
	}
	own := map[string]bool{}
	for _, to := range m.To {
		own[strings.ToLower(to.Email)] = true
	}
	for _, found := range addressInText.FindAllString(m.Text[:min(len(m.Text), 4000)], 20) {
		if email, err := NewAddress(found); err == nil && !own[strings.ToLower(email)] && !isDaemon(email) {
			return email
		}
	}
	return ""
}

var idLine = regexp.MustCompile(`(?im)^message-id:\s*(<[^<>\s]{1,300}>)`)

// idInText finds the Message-ID in the copy that some servers paste below their words.
func idInText(text string) string {
	if found := idLine.FindStringSubmatch(text[:min(len(text), 64<<10)]); found != nil {
		return found[1]
	}
	return ""
}
