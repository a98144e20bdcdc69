package store

import (
	"encoding/base64"
	"encoding/json"
	"strconv"

	"hark/fault"
)

// Page is one page of a list. Next continues after its last item and is "" on the last page.
//
// Lists are paged by key: the next page begins after the last item seen, wherever that is by then, so no page costs
// more than the first and nothing is shown twice because something new came in.
type Page[T any] struct {
	Items []T
	Next  string
}

// cursor is where a page ended.
type cursor struct {
	Stage int   `json:"s,omitempty"` // of a view that has several, one after the other
	Key   int64 `json:"k,omitempty"` // what the list is sorted by
	ID    int64 `json:"i"`
}

func (c cursor) String() string {
	raw, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func parseCursor(text string) (c cursor, err error) {
	if text == "" {
		return c, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || c.ID == 0 && c.Stage == 0 || c.Stage < 0 {
		return c, fault.New(fault.Invalid, "the link to this page is not whole; open the list again")
	}
	return c, nil
}

// The sizes of a page.
const (
	usualLimit = 50
	mostLimit  = 200
)

func limit(n int) int {
	if n <= 0 {
		return usualLimit
	}
	return min(n, mostLimit)
}

// cut makes a page of items that were read one further than the limit.
func cut[T any](items []T, limit int, at func(T) cursor) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	return Page[T]{Items: items[:limit], Next: at(items[limit-1]).String()}
}

// Count is a number that nobody counts to the end.
type Count int

const countedTo = 100

// String is the number, or "99+".
func (c Count) String() string {
	if c >= countedTo {
		return strconv.Itoa(countedTo-1) + "+"
	}
	return strconv.Itoa(int(c))
}
