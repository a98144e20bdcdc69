package help

// What may answer a request before it is sent: known problems that it may describe, and articles. A known problem stands first: nobody
// has to read an article about what is broken.

// Suggestions are what may answer what somebody begins to write.
type Suggestions struct {
	Known    []Known
	Articles []Hit
}

// Known is a known problem that everybody may read of.
type Known struct {
	ID      string
	Title   string
	Product string // of which it is, "" for all
	Says    string // that it is worked on, or fixed
	Helps   string // what helps until then, "" for nothing
	When    string // "Weeks.", "" when nobody has said
	Why     string // why no day is named, in the policy's words
	Chosen  bool   // the writer recognised it
	Request string // the form in which it is chosen
}

// Chosen reports whether any is recognised.
func (s Suggestions) chosen() bool {
	for _, k := range s.Known {
		if k.Chosen {
			return true
		}
	}
	return false
}

func (s Suggestions) empty() bool { return len(s.Known)+len(s.Articles) == 0 }
