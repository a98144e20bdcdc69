package shared

import (
	"context"
	"strings"

	"hark/web/shared/say"
)

// paragraphs splits plain text at empty lines; single line breaks are kept by the style.
func (m Message) paragraphs() []string {
	var out []string
	for _, p := range strings.Split(strings.ReplaceAll(m.Text, "\r\n", "\n"), "\n\n") {
		if p = strings.Trim(p, "\n"); strings.TrimSpace(p) != "" {
			out = append(out, p)
		}
	}
	return out
}

// folded names what is folded away below the words.
func (m Message) folded(ctx context.Context) string {
	if m.Signed {
		return say.It(ctx, "Signature")
	}
	return say.It(ctx, "Earlier mail quoted below")
}

// silent reports whether there is nothing to be seen of a message but its files.
func (m Message) silent() bool { return len(m.paragraphs()) == 0 && !strings.Contains(m.HTML, "<img") }

// wordless stands for the words of a mail that has none, such as one with only a file: without it something would seem to be missing.
func wordless(ctx context.Context) string { return say.It(ctx, "Nothing is written in this mail.") }

func (m Message) class() []string {
	classes := []string{"message"}
	switch {
	case m.Internal:
		classes = append(classes, "message-internal")
	case m.Held != nil:
		classes = append(classes, "message-held")
	case m.From.Agent:
		classes = append(classes, "message-ours")
	}
	if m.Unread {
		classes = append(classes, "message-unread")
	}
	return classes
}

// troubled says whether the agent should do something about the delivery.
func (d Delivery) troubled() bool {
	return d.State == "bounced" || d.State == "failed" || d.State == "uncertain"
}

// kind is what a screen reader hears after the name.
func (m Message) kind(ctx context.Context) string {
	switch {
	case m.Internal:
		return say.It(ctx, "wrote an internal note")
	case m.Held != nil:
		return say.It(ctx, "wrote a message that is held")
	case m.From.Agent:
		return say.It(ctx, "answered")
	}
	return say.It(ctx, "wrote")
}

// In returns the same message for a second place on the page, where its anchor needs a name of its own.
func (m Message) In(place string) Message {
	m.ID += "-" + place
	return m
}
