// Package fault is the one vocabulary for what can go wrong in a way that somebody should be told about.
//
// A fault has a kind, which an edge translates once (HTTP status, SMTP reply, exit status), and a sentence, which
// a person can read: what is wrong, where, and how to mend it. Errors without a kind are our own mistakes or the
// machine's; people see only "something went wrong here", operators see the whole chain in the log.
package fault

import (
	"errors"
	"fmt"
)

// Kind says which sort of answer a fault deserves.
type Kind string

const (
	Invalid     Kind = "invalid"     // the input cannot be used as it is (HTTP 400 or 422, exit 1)
	NotFound    Kind = "not_found"   // there is no such thing, or you may not know that there is (404)
	Forbidden   Kind = "forbidden"   // you are known, and this is not yours to do (403)
	Unsigned    Kind = "unsigned"    // we do not know who you are (401)
	Refused     Kind = "refused"     // the policy or the state of a ticket does not allow it (422)
	Conflict    Kind = "conflict"    // somebody changed it meanwhile (409)
	TooMany     Kind = "too_many"    // slow down (429)
	TooLarge    Kind = "too_large"   // bigger than the stated limit (413)
	Unavailable Kind = "unavailable" // not now: disk full, database away, shutting down (503, SMTP 4xx)
)

type fault struct {
	kind   Kind
	says   string
	people string // what people read instead, when says is for whoever runs the machine
	err    error
}

func (f *fault) Error() string {
	if f.err == nil {
		return f.says
	}
	return f.says + ": " + f.err.Error()
}

func (f *fault) Unwrap() error { return f.err }

// New makes a fault of the given kind; the text is written for a person.
func New(kind Kind, format string, args ...any) error {
	return &fault{kind: kind, says: fmt.Sprintf(format, args...)}
}

// Wrap gives err a kind and a sentence; the cause stays in the chain for operators. A nil err stays nil.
func Wrap(err error, kind Kind, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &fault{kind: kind, says: fmt.Sprintf(format, args...), err: err}
}

// justNow is what people read about trouble that only an operator can mend.
const justNow = "this cannot be done just now; please try again in a few minutes"

// ForOperators is Wrap with kind [Unavailable] for trouble that whoever runs the machine can mend. The sentence tells them how,
// in logs and commands; people on a page, who may be strangers, read that it is not possible just now.
func ForOperators(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &fault{kind: Unavailable, says: fmt.Sprintf(format, args...), people: justNow, err: err}
}

// KindOf returns the kind of the outermost fault in err's chain, or "" when none of ours is in it.
func KindOf(err error) Kind {
	var f *fault
	if errors.As(err, &f) {
		return f.kind
	}
	return ""
}

// Says returns the sentence for people, and "" when err is not a fault: the caller then shows its own general sentence.
func Says(err error) string {
	var f *fault
	switch {
	case !errors.As(err, &f):
		return ""
	case f.people != "":
		return f.people
	}
	return f.says
}

// Is reports whether err is a fault of the given kind.
func Is(err error, kind Kind) bool { return KindOf(err) == kind }
