package account

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hark/calendar"
	"hark/fault"
)

// What customers own. Support may follow from it (seed 001, 1.14 to 1.19): from the licence somebody asks about, from an add-on
// that is paid for, from an evaluation. Each thing belongs to a person, to an organisation, or to both, and to the brand that
// sold it. Days are days on the company's wall calendar.

// Product is something a brand supports.
type Product struct {
	ID       int64
	Brand    int64
	Name     string
	Versions []Version // the newest first
}

// Version is a release of a product.
type Version struct {
	ID             int64
	Name           string        // "7.0.2"
	Released       calendar.Date // the zero date when nobody has said
	SupportedUntil calendar.Date // the last day; the zero date when no end is planned
}

// VersionNamed finds a version by what an app says it is: 4.2.1 is a build of 4.2 where only that is written down. Of several products with
// such a version the one that is supported longest counts.
func VersionNamed(products []Product, said string) (found Version, known bool) {
	for name := strings.TrimSpace(said); name != "" && !known; name = name[:max(0, strings.LastIndexAny(name, ".-+ "))] {
		for _, p := range products {
			for _, v := range p.Versions {
				if strings.EqualFold(v.Name, name) && (!known || v.outlives(found)) {
					found, known = v, true
				}
			}
		}
	}
	return found, known
}

// outlives reports whether a version is supported for longer than another.
func (v Version) outlives(other Version) bool {
	return !other.SupportedUntil.IsZero() && (v.SupportedUntil.IsZero() || other.SupportedUntil.Before(v.SupportedUntil))
}

// Major is the first number in a version's name: 7 of "7.0.2", 5 of "Gold v5". The second value is false when there is none.
func Major(version string) (int, bool) {
	digits := strings.FieldsFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0, false
	}
	major, err := strconv.Atoi(digits[0])
	return major, err == nil
}

// Owner is whose something is: a person, an organisation, or both.
type Owner struct{ Person, Organization int64 }

// Order is a purchase.
type Order struct {
	ID     int64
	Brand  int64
	Number string // as the shop wrote it; unique within the brand
	Owner
	PlacedOn calendar.Date
	Notes    string // what the shop noted, often the website
	Source   Source
	Lines    []OrderLine
}

// OrderLine is one thing of an order.
type OrderLine struct {
	Product  int64 // 0 when it is none that we know
	What     string
	Quantity int
}

// Source is how something came to be known.
type Source string

const (
	ByHand   Source = "hand"   // a colleague wrote it down
	ByImport Source = "import" // it stood in a table
	ByShop   Source = "shop"   // a shop reported it, signed
)

// Licence is the right to use a product on one website.
type Licence struct {
	ID    int64
	Brand int64
	Owner
	Product        int64
	ProductName    string
	Version        int64
	VersionName    string        // "" when nobody has said
	SupportedUntil calendar.Date // of the version
	Site           string        // as [FoldSite] writes it, "" when nobody has said
	Key            Key
	Order          int64
	OrderNumber    string
	OrderedOn      calendar.Date // the zero date when nobody has said
	Status         Status
	External       string // another program's name for it
}

// Status says whether a licence is still one.
type Status string

const (
	Active Status = "active"
	Ended  Status = "ended" // given back, or replaced; it decides nothing any more
)

// Key is what is kept of a licence key: enough to find it, too little to use it (seed 001, 1.11). The zero Key is none.
type Key struct {
	Hash  [32]byte // SHA-256 of its letters and digits
	Start string   // the first eight of them
}

// keyShown is how much of a key people see.
const keyShown = 8

// KeyOf keeps what may be kept of a licence key. Case, spaces and dashes make no difference.
func KeyOf(text string) Key {
	plain := keySigns(text)
	if plain == "" {
		return Key{}
	}
	return Key{Hash: sha256.Sum256([]byte(plain)), Start: plain[:min(keyShown, len(plain))]}
}

// keySigns are the letters and digits of a key, in upper case.
func keySigns(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, text)
}

// Subscription is something that is paid for from one day to another: an add-on, hosting, priority support.
type Subscription struct {
	ID    int64
	Brand int64
	Owner
	Plan     string        // the id of a plan of the brand's policy
	From     calendar.Date // the first day
	Until    calendar.Date // the last day; the zero date until somebody ends it
	External string
}

// RunsOn reports whether it is paid for on a day. Both its first and its last day count (S0-13).
func (s Subscription) RunsOn(day calendar.Date) bool {
	return !day.Before(s.From) && (s.Until.IsZero() || !s.Until.Before(day))
}

// Evaluation is somebody trying a product. It belongs to the person who downloaded it (seed 001, 1.8).
type Evaluation struct {
	ID          int64
	Brand       int64
	Person      int64
	Product     int64
	ProductName string
	BeganOn     calendar.Date
}

// Contact is a way to reach a person beside mail. A direct number suggests who calls; a shared one, such as a switchboard,
// only which company; neither proves it (S1-18).
type Contact struct {
	ID       int64
	Person   int64
	Kind     ContactKind
	Value    string // E.164: +493012345
	Shared   bool
	Verified time.Time // zero when nobody has proved it
}

// ContactKind is how a contact is reached.
type ContactKind string

// Phone is the one kind there is so far.
const Phone ContactKind = "phone"

// The shortest and the longest number, in digits with the country's (E.164).
const (
	shortestNumber = 7
	longestNumber  = 15
)

// PhoneNumber writes a telephone number as E.164 says: a plus sign, the country and the number, nothing between. It takes spaces,
// dashes, brackets and dots, 00 for the plus sign, and a (0) that is only dialled at home. A number without its country is
// Invalid, because guessing it would find somebody else.
func PhoneNumber(text string) (string, error) {
	plain := strings.NewReplacer(".", "", "/", "", "(0)", "", "(", "", ")", "", "tel:", "").Replace(strings.Map(unlessGap, text))
	if national, ok := strings.CutPrefix(plain, "00"); ok {
		plain = "+" + national
	}
	digits, ok := strings.CutPrefix(plain, "+")
	onlyDigits := strings.Trim(digits, "0123456789") == ""
	if !ok || !onlyDigits || strings.HasPrefix(digits, "0") || len(digits) < shortestNumber || len(digits) > longestNumber {
		return "", fault.New(fault.Invalid, "%q is no whole telephone number; begin with + and the country, like +49 30 123456", shortened(text))
	}
	return "+" + digits, nil
}

// unlessGap drops spaces and dashes of every kind, and the marks that tell which way to read, with which address books copy numbers.
func unlessGap(r rune) rune {
	if unicode.In(r, unicode.White_Space, unicode.Pd, unicode.Cf) {
		return -1
	}
	return r
}

// shortened keeps a sentence readable that quotes what somebody typed.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// FoldSite is the form in which websites are compared and shown: the host name in lower case, without https:// and www., and the
// path when there is one.
func FoldSite(text string) string {
	site := strings.ToLower(strings.Join(strings.Fields(text), ""))
	if _, rest, ok := strings.Cut(site, "://"); ok {
		site = rest
	}
	site, _, _ = strings.Cut(site, "?")
	site, _, _ = strings.Cut(site, "#")
	return strings.TrimRight(strings.TrimPrefix(site, "www."), "/.")
}

// Owned is what a customer owns of one brand, each kind newest first.
type Owned struct {
	Licences      []Licence
	Orders        []Order
	Subscriptions []Subscription
	Evaluations   []Evaluation
}

// Empty reports whether nothing is known to be theirs.
func (o Owned) Empty() bool {
	return len(o.Licences)+len(o.Orders)+len(o.Subscriptions)+len(o.Evaluations) == 0
}

// Of leaves of what is owned what belongs to a brand.
func (o Owned) Of(brand int64) (kept Owned) {
	for _, l := range o.Licences {
		if l.Brand == brand {
			kept.Licences = append(kept.Licences, l)
		}
	}
	for _, order := range o.Orders {
		if order.Brand == brand {
			kept.Orders = append(kept.Orders, order)
		}
	}
	for _, s := range o.Subscriptions {
		if s.Brand == brand {
			kept.Subscriptions = append(kept.Subscriptions, s)
		}
	}
	for _, e := range o.Evaluations {
		if e.Brand == brand {
			kept.Evaluations = append(kept.Evaluations, e)
		}
	}
	return kept
}

// BrandOf is the brand of the thing that is named, 0 when it is none of these.
func (o Owned) BrandOf(about About) int64 {
	switch about.Kind {
	case AboutLicence:
		return o.Licence(about.ID).Brand
	case AboutOrder:
		return o.Order(about.ID).Brand
	}
	return o.Evaluation(about.ID).Brand
}

// About names the one thing a request or a call is about: "licence:12", "order:7", "evaluation:3". The zero value is none.
type About struct {
	Kind AboutKind
	ID   int64
}

// AboutKind is what a request can be about.
type AboutKind string

const (
	AboutLicence    AboutKind = "licence"
	AboutOrder      AboutKind = "order"
	AboutEvaluation AboutKind = "evaluation"
)

// String is the form in which it is stored and sent, "" for none.
func (a About) String() string {
	if a.Kind == "" {
		return ""
	}
	return string(a.Kind) + ":" + strconv.FormatInt(a.ID, 10)
}

// ProductOf is the product of what a request is about, "" when it is about none.
func (o Owned) ProductOf(about About) string {
	switch about.Kind {
	case AboutLicence:
		return o.Licence(about.ID).ProductName
	case AboutEvaluation:
		return o.Evaluation(about.ID).ProductName
	}
	return ""
}

// ParseAbout reads what String wrote. Whatever else it is given is none.
func ParseAbout(text string) About {
	kind, number, _ := strings.Cut(text, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	about := About{AboutKind(kind), id}
	if err != nil || id <= 0 || !slices.Contains([]AboutKind{AboutLicence, AboutOrder, AboutEvaluation}, about.Kind) {
		return About{}
	}
	return about
}

// Has reports whether the thing is among what is owned, so that a request can be about it.
func (o Owned) Has(about About) bool {
	switch about.Kind {
	case AboutLicence:
		return slices.ContainsFunc(o.Licences, func(l Licence) bool { return l.ID == about.ID })
	case AboutOrder:
		return slices.ContainsFunc(o.Orders, func(order Order) bool { return order.ID == about.ID })
	case AboutEvaluation:
		return slices.ContainsFunc(o.Evaluations, func(e Evaluation) bool { return e.ID == about.ID })
	}
	return false
}

// Choices are what a request can be about: each licence that is one still, each order without a licence of its own, each
// evaluation. What was ordered last comes first.
func (o Owned) Choices() (all []About) {
	licensed := map[int64]bool{}
	for _, l := range o.Licences {
		licensed[l.Order] = true
		if l.Status != Ended {
			all = append(all, About{AboutLicence, l.ID})
		}
	}
	for _, order := range o.Orders {
		if !licensed[order.ID] {
			all = append(all, About{AboutOrder, order.ID})
		}
	}
	for _, e := range o.Evaluations {
		all = append(all, About{AboutEvaluation, e.ID})
	}
	return all
}

// Licence returns one of the licences; the zero Licence when it is none of them.
func (o Owned) Licence(id int64) Licence {
	for _, l := range o.Licences {
		if l.ID == id {
			return l
		}
	}
	return Licence{}
}

// Order returns one of the orders; the zero Order when it is none of them.
func (o Owned) Order(id int64) Order {
	for _, order := range o.Orders {
		if order.ID == id {
			return order
		}
	}
	return Order{}
}

// Evaluation returns one of the evaluations; the zero Evaluation when it is none of them.
func (o Owned) Evaluation(id int64) Evaluation {
	for _, e := range o.Evaluations {
		if e.ID == id {
			return e
		}
	}
	return Evaluation{}
}

// Name is what a licence is called where people choose among several: its site, else its product.
func (l Licence) Name() string { return cmp.Or(l.Site, l.ProductName) }

// Change is one value of an order, a licence or a subscription that somebody changed. Changes are only added.
type Change struct {
	About   string // licence:12, order:3, subscription:4
	What    string // owner, site, ... or added, for something that was not known before
	Was, Is string
	Source  Source
	By      int64  // who said so, 0 for a shop
	ByName  string // filled in on reading
	At      time.Time
}

// Decision is a level of support as it was decided once: for whom, about what, by which row of which policy, and on which
// facts (seed 001, 1.20).
type Decision struct {
	ID      int64
	Ticket  int64 // 0 while somebody calls
	Person  int64
	About   About
	Policy  int64 // the policy version
	Level   string
	Row     string
	Because string
	Facts   map[string]any
	At      time.Time
}

// Name is what one of these things is called in a sentence: "acme-shop.example", "order AC-20417", "the evaluation of AbleCommerce".
func (o Owned) Name(about About) string {
	switch about.Kind {
	case AboutLicence:
		return o.Licence(about.ID).Name()
	case AboutOrder:
		return "order " + o.Order(about.ID).Number
	case AboutEvaluation:
		return "the evaluation of " + o.Evaluation(about.ID).ProductName
	}
	return ""
}
