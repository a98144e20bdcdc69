package receive

import (
	"fmt"

	"hark/fault"
)

// Position is how far a mailbox has been read: the last mail that is safe here, by the server's number. Numbers mean
// something only together with UIDVALIDITY (RFC 3501, 2.3.1.1); flags such as \Seen mean nothing, other people change them.
type Position struct {
	Validity uint32 // UIDVALIDITY, 0 before the first visit
	Last     uint32 // UID
}

// String is "validity:last", "" for a mailbox that was never read.
func (p Position) String() string {
	if p == (Position{}) {
		return ""
	}
	return fmt.Sprintf("%d:%d", p.Validity, p.Last)
}

// ParsePosition reads what String wrote. The error is of kind Invalid.
func ParsePosition(text string) (p Position, err error) {
	if text == "" {
		return p, nil
	}
	var rest string
	if n, _ := fmt.Sscanf(text, "%d:%d%s", &p.Validity, &p.Last, &rest); n != 2 {
		return Position{}, fault.New(fault.Invalid, "%q is not a position in a mailbox; it looks like 1751871234:42", text)
	}
	return p, nil
}
