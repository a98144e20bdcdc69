package shared

import (
	"strings"
)

// Look says how loud a button is. A view has at most one Primary.
type Look string

const (
	Primary Look = "primary"
	Plain   Look = "plain"
	Quiet   Look = "quiet"
	Danger  Look = "danger"
)

// Button is something a person can do: a link when Href is set, otherwise a button of the form it stands in (or of
// the form named by Form). Key is its single-letter key; Group is where key help and the palette list it.
type Button struct {
	Label       string
	Icon        Icon
	Look        Look
	Href        string
	Name, Value string
	Form        string // id of the form it sends, when it stands outside
	Action      string // sends the form to this address instead
	Opens       string // id of the popover it opens
	Shows       string // id of the dialog it shows
	Key         string
	Group       string
	IconOnly    bool // the label is still there, for screen readers and as a title
	Trailing    Icon
	Disabled    bool
	Current     bool
	ID          string
	Small       bool
	Title       string // what the button does, where its label is a value
	Type        string // "button" for one that sends nothing; "submit" when empty and no popover is opened
}

func (b Button) class() []string {
	look := b.Look
	if look == "" {
		look = Plain
	}
	classes := []string{"button", "button-" + string(look)}
	if b.IconOnly {
		classes = append(classes, "button-icon")
	}
	if b.Small {
		classes = append(classes, "button-small")
	}
	return classes
}

// title names the button on hover, and in palette and key help.
func (b Button) title() string {
	if b.Title == "" && b.IconOnly {
		return b.Label
	}
	return b.Title
}

func (b Button) kind() string {
	if b.Type != "" {
		return b.Type
	}
	if b.Opens != "" || b.Shows != "" {
		return "button"
	}
	return "submit"
}

// group is where key help lists the button.
func (b Button) group() string {
	if b.Group == "" {
		return "On this page"
	}
	return b.Group
}

// shortcut is the key as ARIA writes it.
func (b Button) shortcut() string { return strings.Replace(b.Key, "Ctrl+", "Control+", 1) }

// opening returns the button as the opener of a popover.
func (b Button) opening(id string) Button {
	b.Opens = id
	if b.Trailing == "" && !b.IconOnly {
		b.Trailing = IconDown
	}
	return b
}
