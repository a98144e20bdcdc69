package desk

import "errors"

// wrongField is a refusal with the field of the form that it is about. Its sentence and its kind are those of the cause.
type wrongField struct {
	error
	field string
}

func (w wrongField) Unwrap() error { return w.error }

// inField says which field a refusal is about; no error stays none.
func inField(field string, err error) error {
	if err == nil {
		return nil
	}
	return wrongField{err, field}
}

// WrongField is the field of a [Request] that a refusal is about: "requester", "body", "kind", "about" or "project"; "" when it is about the
// whole.
func WrongField(err error) string {
	var wrong wrongField
	if errors.As(err, &wrong) {
		return wrong.field
	}
	return ""
}
