package desk

import (
	"context"
	"encoding/json"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// How the desk is connected to telephones: the secret of a Twilio account, the extension at which the desk rings along, and whose
// telephone has which number. All of it is sealed as one; what is secret in it never goes back to a page.

// Telephony is what an administrator has set. Nothing in it has to be: calls can always be begun by hand.
type Telephony struct {
	Twilio     string      `json:"twilio,omitempty"` // the account's auth token, with which Twilio signs
	Line       Line        `json:"line"`
	Extensions []Extension `json:"extensions,omitempty"`
}

// Line is the extension of a telephone exchange (SIP, RFC 3261) at which the desk rings along. Server is "" when there is none.
type Line struct {
	Server    string `json:"server,omitempty"`    // host, or host:port
	Transport string `json:"transport,omitempty"` // udp, tcp, tls
	User      string `json:"user,omitempty"`      // the extension, such as 299
	Password  string `json:"password,omitempty"`
	Country   string `json:"country,omitempty"` // "+49": of numbers that the exchange shows without one; "" when it shows none so
}

// Extension says whose telephone rings at a number.
type Extension struct {
	Number string `json:"number"` // an extension, a whole number, or a name such as client:ana; see foldExtension
	Agent  int64  `json:"agent"`
}

const (
	telephonySetting = "telephony"
	lineSetting      = "telephony-line"
)

// Transports are the ways a line can reach its exchange.
var Transports = []string{"udp", "tcp", "tls"}

// foldExtension is a number, an extension or a name as two of them are compared.
func foldExtension(text string) string {
	if plain, err := wholeNumber(text); err == nil && plain != "" {
		return plain
	}
	return strings.ToLower(strings.Join(strings.Fields(text), ""))
}

// whoIsRung is the agent whom a mail address or an extension names; 0 for nobody who answers the phone here.
func (d *Desk) whoIsRung(tx *store.Tx, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	set, err := d.telephony(tx)
	if err != nil {
		return 0, err
	}
	named := foldExtension(name)
	i := slices.IndexFunc(set.Extensions, func(e Extension) bool { return e.Number == named })
	var agent account.Person
	switch {
	case i >= 0:
		agent, err = tx.Person(set.Extensions[i].Agent)
	case strings.Contains(name, "@"):
		agent, err = tx.PersonByAddress(account.FoldAddress(name))
	}
	if err != nil || !access.May(agent.Actor(), access.TakeCalls) || agent.Suspended {
		return 0, notFoundIsNothing(err)
	}
	return agent.ID, nil
}

// telephony opens what is set.
func (d *Desk) telephony(tx *store.Tx) (set Telephony, err error) {
	sealed, err := tx.Setting(telephonySetting)
	if err != nil || sealed == nil {
		return set, err
	}
	text, err := d.Unseal(telephonySetting, sealed)
	if err != nil {
		return set, err
	}
	return set, json.Unmarshal(text, &set)
}

func (d *Desk) keepTelephony(tx *store.Tx, set Telephony) error {
	text, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return tx.SetSetting(telephonySetting, d.Seal(telephonySetting, text))
}

// TelephonyPage is what an administrator sees of it: how each way does, and no secret.
type TelephonyPage struct {
	Telephony
	HasTwilio   bool
	HasPassword bool
	Agents      map[int64]account.Person // those who have an extension
	Heard       map[string]time.Time     // when each source was last heard, by [HeardExchange] and its like
	Stands      LineStands
}

// Telephony returns what is set and how it does.
func (d *Desk) Telephony(ctx context.Context, a access.Actor) (page TelephonyPage, err error) {
	if err := may(a, access.Administer); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page = TelephonyPage{Agents: map[int64]account.Person{}, Heard: map[string]time.Time{}}
		if page.Telephony, err = d.telephony(tx); err != nil {
			return err
		}
		page.HasTwilio, page.HasPassword = page.Twilio != "", page.Line.Password != ""
		page.Twilio, page.Line.Password = "", ""
		if page.Stands, err = lineStands(tx); err != nil {
			return err
		}
		return page.read(tx)
	})
	return page, err
}

func (p *TelephonyPage) read(tx *store.Tx) (err error) {
	for _, source := range []string{HeardExchange, HeardTwilio, HeardSIP} {
		if p.Heard[source], err = tx.PhoneHeard(source); err != nil {
			return err
		}
	}
	for _, e := range p.Extensions {
		if p.Agents[e.Agent], err = tx.Person(e.Agent); notFoundIsNothing(err) != nil {
			return err
		}
	}
	return nil
}

// changeTelephony changes what is set.
func (d *Desk) changeTelephony(ctx context.Context, a access.Actor, change func(tx *store.Tx, set *Telephony) error) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		set, err := d.telephony(tx)
		if err != nil {
			return err
		}
		if err := change(tx, &set); err != nil {
			return err
		}
		return d.keepTelephony(tx, set)
	})
}

// shortestToken is how many letters a secret of a Twilio account has at least; theirs have 32.
const shortestToken = 16

// SaveTwilio keeps the auth token with which Twilio signs what it tells. An empty one ends the connection.
func (d *Desk) SaveTwilio(ctx context.Context, a access.Actor, token string) error {
	token = strings.TrimSpace(token)
	if token != "" && len(token) < shortestToken || len(token) > longestCallName {
		return fault.New(fault.Invalid, "this is no auth token; copy it from the console of your Twilio account, where it has 32 letters and digits")
	}
	return d.changeTelephony(ctx, a, func(_ *store.Tx, set *Telephony) error {
		set.Twilio = token
		return nil
	})
}

// SaveLine keeps the extension at which the desk rings along. Without a password the stored one stays, unless it would be shown to
// another server or for another extension. A line without a server ends the connection.
func (d *Desk) SaveLine(ctx context.Context, a access.Actor, line Line) error {
	if line.Server != "" {
		if err := line.check(); err != nil {
			return err
		}
	}
	return d.changeTelephony(ctx, a, func(tx *store.Tx, set *Telephony) error {
		if err := tx.DropSetting(lineSetting); err != nil { // how the one before did says nothing about this one
			return err
		}
		if line.Server == "" {
			set.Line = Line{}
			return nil
		}
		kept := set.Line
		if line.Password == "" && kept.Server == line.Server && kept.User == line.User {
			line.Password = kept.Password
		}
		if line.Password == "" {
			return fault.New(fault.Invalid, "write the password of the extension; one that was stored stays with the server it was for")
		}
		set.Line = line
		return nil
	})
}

func (l *Line) check() error {
	l.Server, l.User, l.Country = strings.ToLower(strings.TrimSpace(l.Server)), strings.TrimSpace(l.User), strings.TrimSpace(l.Country)
	host, port := l.Server, "5060"
	if h, own, err := net.SplitHostPort(l.Server); err == nil {
		host, port = h, own
	}
	_, wrong := strconv.ParseUint(port, 10, 16)
	switch {
	case wrong != nil || host == "" || strings.ContainsAny(host, " /@<>\"'") || len(l.Server) > longestCallName:
		return fault.New(fault.Invalid, "write the exchange as its host name, with a port when it is not the usual one, like pbx.example or pbx.example:5080")
	case !slices.Contains(Transports, l.Transport):
		return fault.New(fault.Invalid, "choose udp, tcp or tls")
	case l.User == "" || strings.ContainsAny(l.User, " @<>\"';,:/?&=\r\n") || len(l.User) > longestCallName:
		return fault.New(fault.Invalid, "write the extension as the exchange calls it, like 299")
	case l.Country != "" && !isCountry(l.Country):
		return fault.New(fault.Invalid, "write the country as numbers from abroad begin, like +49")
	case strings.ContainsAny(l.Password, "\r\n") || len(l.Password) > longestCallName:
		return fault.New(fault.Invalid, "a password has one line and at most %d letters", longestCallName)
	}
	return nil
}

// isCountry reports whether a text is a country code, + and one to three digits.
func isCountry(text string) bool {
	digits, plus := strings.CutPrefix(text, "+")
	return plus && len(digits) >= 1 && len(digits) <= 3 && strings.Trim(digits, "0123456789") == "" && digits[0] != '0'
}

// mostExtensions is how many numbers can be given to agents.
const mostExtensions = 2000

// SaveExtensions says whose telephone rings at which number, a line for each: the number and the mail address of the agent.
func (d *Desk) SaveExtensions(ctx context.Context, a access.Actor, lines string) error {
	return d.changeTelephony(ctx, a, func(tx *store.Tx, set *Telephony) (err error) {
		set.Extensions, err = readExtensions(tx, lines)
		return err
	})
}

func readExtensions(tx *store.Tx, lines string) (all []Extension, err error) {
	for _, line := range strings.Split(lines, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 2 || len(line) > longestCallName || len(all) == mostExtensions {
			return nil, fault.New(fault.Invalid, "“%s” needs a number and a mail address, like 201 ana@example.com", clipReason(line))
		}
		last := len(fields) - 1
		one := Extension{Number: foldExtension(strings.Join(fields[:last], " "))}
		if slices.ContainsFunc(all, func(e Extension) bool { return e.Number == one.Number }) {
			return nil, fault.New(fault.Invalid, "%s stands there twice; a number rings at one person", one.Number)
		}
		if one.Agent, err = whoAnswers(tx, fields[last]); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// whoAnswers is the colleague with an address who answers the phone.
func whoAnswers(tx *store.Tx, address string) (int64, error) {
	person, err := tx.PersonByAddress(account.FoldAddress(address))
	if isNotFound(err) || err == nil && !access.May(person.Actor(), access.TakeCalls) {
		return 0, fault.New(fault.Invalid, "nobody with the address %s answers the phone here", clipReason(address))
	}
	return person.ID, err
}

// TryCall lets a call ring at the actor, as one would that an exchange tells of, so that they see what it looks like.
func (d *Desk) TryCall(ctx context.Context, a access.Actor) (call int64, err error) {
	if err := may(a, access.Administer); err != nil {
		return 0, err
	}
	now := d.now()
	told := CallTold{Call: "try/" + itoa(a.Person) + "/" + now.Format(time.RFC3339Nano), Event: "ringing", What: "ringing", At: now}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(a.Person)
		if err != nil {
			return err
		}
		told.Agent = person.Email
		call, err = d.hear(tx, heardTry, told, now)
		return err
	})
	return call, err
}
