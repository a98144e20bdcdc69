package mail

import "time"

// View is a Message in the shape that programs read: the fields and names of `hark mail parse --json`.
type View struct {
	From            *ViewAddress     `json:"from"`
	Sender          *ViewAddress     `json:"sender"`
	To              []ViewAddress    `json:"to"`
	Cc              []ViewAddress    `json:"cc"`
	ReplyTo         []ViewAddress    `json:"reply_to"`
	Subject         string           `json:"subject"`
	Date            *time.Time       `json:"date"`
	MessageID       string           `json:"message_id"`
	InReplyTo       []string         `json:"in_reply_to"`
	References      []string         `json:"references"`
	Text            string           `json:"text"`
	TextTrimmed     string           `json:"text_trimmed"`
	HTML            string           `json:"html"`
	Attachments     []ViewAttachment `json:"attachments"`
	Automatic       Automatic        `json:"automatic"`
	AutomaticReason string           `json:"automatic_reason"`
	Bounce          *ViewBounce      `json:"bounce"`
	Defects         []string         `json:"defects"`
	Warnings        []string         `json:"warnings"`
	Ambiguous       string           `json:"ambiguous,omitempty"`
}

// ViewAddress is an Address for programs.
type ViewAddress struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// ViewAttachment is an Attachment for programs, without its content.
type ViewAttachment struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
	Inline    bool   `json:"inline"`
	ContentID string `json:"content_id"`
}

// ViewBounce is a Bounce for programs.
type ViewBounce struct {
	Recipient         string `json:"recipient"`
	Status            string `json:"status"`
	Action            string `json:"action"`
	OriginalMessageID string `json:"original_message_id"`
}

// View returns the message for programs. Lists are never null.
func (m *Message) View() View {
	v := View{
		From: viewOf(m.From), Sender: viewOf(m.Sender), To: viewsOf(m.To), Cc: viewsOf(m.Cc), ReplyTo: viewsOf(m.ReplyTo),
		Subject: m.Subject, MessageID: m.MessageID, InReplyTo: orEmpty(m.InReplyTo), References: orEmpty(m.References),
		Text: m.Text, TextTrimmed: m.TextTrimmed, HTML: m.HTML, Attachments: []ViewAttachment{},
		Automatic: m.Automatic, AutomaticReason: m.AutomaticWhy, Defects: orEmpty(m.Defects), Warnings: orEmpty(m.Warnings),
		Ambiguous: m.Ambiguous,
	}
	if !m.Date.IsZero() {
		v.Date = &m.Date
	}
	for _, a := range m.Attachments {
		v.Attachments = append(v.Attachments, ViewAttachment{a.Name, a.Type, a.Size, a.SHA256, a.Inline, a.ContentID})
	}
	if b := m.Bounce; b != nil {
		v.Bounce = &ViewBounce{b.Recipient, b.Status, b.Action, b.OriginalMessageID}
	}
	return v
}

func viewOf(a *Address) *ViewAddress {
	if a == nil {
		return nil
	}
	return &ViewAddress{a.Name, a.Email}
}

func viewsOf(list []Address) []ViewAddress {
	views := make([]ViewAddress, 0, len(list))
	for _, a := range list {
		views = append(views, ViewAddress{a.Name, a.Email})
	}
	return views
}

// orEmpty turns an absent list into an empty one.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
