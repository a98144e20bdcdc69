package admin

import "hark/web/shared"

// Import is where old mail and customers come in.
type Import struct {
	CanMail bool     // there is a mailbox old mail can belong to
	Most    string   // how large a file may be, "25 MB"
	Mail    *Outcome // the last import of mail, nil when there was none
	Table   *Outcome // what became of the table
	Wrong   map[string]string
	Shop    *Shop
	Look    *Look // a table that was read, before anything of it is stored
	Other   *Other
}

// Other is where another desk is brought in from. Its form comes first; from then on Name is set, and the page tells how far it is.
// The token is never on a page again.
type Other struct {
	Errors         []shared.FormError
	Address, Email string
	Brands         []shared.Option // whose the tickets become; asked when there are several
	Form           bool
	Demo           bool // a made-up desk answers, whatever token is typed
	Name           string
	Says           string // where it stands
	Counts         []Count
	Running        bool
	Done, Of       int // tickets
	Troubles       []Trouble
	More           string
	Start          string // what the button that imports says, "" for none
	Stop, Forget   bool
	Report         string // what came of it, as a text to copy
}

// Count is a number of something.
type Count struct{ Number, Of string }

// Shop is how a shop keeps what customers own current by itself.
type Shop struct{ URL, Secret string }

// Outcome is what an import did.
type Outcome struct {
	Running  bool
	Says     string
	Troubles []Trouble
	More     string // "and 12 more"
}

// Trouble is what was left out.
type Trouble struct{ Number, About, Says string }

// Look is a table before it is imported: which column is what, how the first lines read, and what would happen.
type Look struct {
	Text                      string
	Name, Email, Organization []shared.Option
	Owned                     []shared.Field  // which column says what of what they own
	Brands                    []shared.Option // whose customers they are; asked when there are several
	OwnedOpen                 bool            // the table says something of it
	Head                      []string        // of Rows
	Rows                      [][]string
	Says                      string
	Troubles                  []Trouble
	More                      string
}
