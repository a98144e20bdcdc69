package shared

import (
	"context"

	"github.com/a-h/templ"

	"hark/web/shared/say"
)

// Field is one thing a form asks for. The label always stands above it; a placeholder never replaces it.
type Field struct {
	Name         string
	Label        string
	Hint         string
	Value        string
	Type         string // "text" when empty; "textarea" and "select" make those
	Error        string
	Autocomplete string
	Rows         int
	Options      []Option // of a select; of any other field, what to suggest
	Optional     bool     // says "optional"; everything else is required
	Focus        bool     // has the focus when the page opens
	Dir          string   // "auto" for words people write, "ltr" for addresses
	Code         bool     // set in a fixed-width face: codes, addresses
	InputMode    string
	MaxLength    string
	ID           string // Name when empty
	Multiple     bool   // several files
}

// Option is one answer to choose from.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Chosen   bool
	Disabled bool
}

// Choice is a question with answers that can all be seen.
type Choice struct {
	Name     string
	Legend   string
	Hint     string
	Error    string
	Options  []Option
	Several  bool // boxes instead of one answer
	Large    bool // one answer a line with room for its hint
	Optional bool
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) rows() int {
	if f.Rows == 0 {
		return 6
	}
	return f.Rows
}

// suggestions is the id of the list a field suggests from, "" for none.
func (f Field) suggestions() string {
	if len(f.Options) == 0 || f.kind() == "select" {
		return ""
	}
	return f.id() + "-list"
}

func (f Field) describedBy() string { return describedBy(f.id(), f.Hint, f.Error) }

func describedBy(id, hint, wrong string) string {
	switch {
	case hint != "" && wrong != "":
		return id + "-error " + id + "-hint"
	case wrong != "":
		return id + "-error"
	case hint != "":
		return id + "-hint"
	}
	return ""
}

func (f Field) writingDirection() string {
	if f.Dir == "" {
		return "auto"
	}
	return f.Dir
}

// attributes are those that an input, a text area and a select have in common, in a fixed order.
func (f Field) attributes() templ.OrderedAttributes {
	all := templ.OrderedAttributes{
		{Key: "id", Value: f.id()},
		{Key: "name", Value: f.Name},
		{Key: "dir", Value: f.writingDirection()},
		{Key: "required", Value: !f.Optional},
		{Key: "autofocus", Value: f.Focus},
		{Key: "aria-invalid", Value: templ.KV("true", f.Error != "")},
	}
	for _, a := range []templ.KeyValue[string, string]{
		{Key: "aria-describedby", Value: f.describedBy()},
		{Key: "autocomplete", Value: f.Autocomplete},
		{Key: "inputmode", Value: f.InputMode},
		{Key: "maxlength", Value: f.MaxLength},
		{Key: "list", Value: f.suggestions()},
		{Key: "class", Value: map[bool]string{true: "code"}[f.Code]},
	} {
		if a.Value != "" {
			all = append(all, templ.KeyValue[string, any]{Key: a.Key, Value: a.Value})
		}
	}
	return all
}

func (c Choice) input() string {
	if c.Several {
		return "checkbox"
	}
	return "radio"
}

// PasswordHint says what a new password has to be. The desk refuses shorter ones (desk.ChangePassword).
func PasswordHint(ctx context.Context) string {
	return say.It(ctx, "At least 8 characters. A few words are easiest to remember.")
}
