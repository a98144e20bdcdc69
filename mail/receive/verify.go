package receive

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"hark/mail"
)

// Verifier finds out whether the domain in From stands behind a mail: by the address it was sent from (SPF, RFC 7208), by a
// signature (DKIM, RFC 6376), and by the domain's own word on what both have to do with From (DMARC, RFC 7489). The finding
// is written on top of the mail and can only lower trust: a pass says which domain sent it, not that the person is honest.
type Verifier struct {
	Resolver Resolver      // nil for the machine's
	Patience time.Duration // for all lookups of one mail together, 5 seconds; what is not known by then is a temperror
	Loopback bool          // looks at mail from this very machine too, about which DNS says nothing useful
}

// Resolver is what looking into DNS takes; *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// maxSignatures is how many DKIM signatures of one mail are checked.
const maxSignatures = 5

// Finding is what a Verifier found.
type Finding struct {
	SPF       authres.ResultValue
	SPFDomain string // of the return path, or the name in HELO for the null sender
	DKIM      []Signature
	DMARC     authres.ResultValue
	From      string // the domain in From, "" when there is not exactly one
}

// Signature is one DKIM signature.
type Signature struct {
	Domain string
	Result authres.ResultValue
}

// concerns reports whether mail from an IP address is looked at.
func (v *Verifier) concerns(remote string) bool {
	return v != nil && (v.Loopback || !net.ParseIP(remote).IsLoopback())
}

// Check looks at a mail as it came, before anything was added or taken away.
func (v *Verifier) Check(ctx context.Context, e Envelope, raw []byte) Finding {
	ctx, cancel := context.WithTimeout(ctx, v.patience())
	defer cancel()
	f := Finding{From: domainOfFrom(raw)}
	f.SPF, f.SPFDomain = v.spf(ctx, e)
	f.DKIM = v.dkim(ctx, raw)
	f.DMARC = v.dmarc(ctx, f)
	return f
}

func (v *Verifier) patience() time.Duration {
	if v.Patience == 0 {
		return 5 * time.Second
	}
	return v.Patience
}

func (v *Verifier) resolver() Resolver {
	if v.Resolver == nil {
		return net.DefaultResolver
	}
	return v.Resolver
}

func (v *Verifier) spf(ctx context.Context, e Envelope) (authres.ResultValue, string) {
	domain := e.HeloName
	if e.From != "" {
		domain = mail.Domain(e.From)
	}
	result, _ := spf.CheckHostWithSender(net.ParseIP(e.Remote), e.HeloName, e.From, spf.WithContext(ctx), spf.WithResolver(v.resolver()))
	return authres.ResultValue(result), strings.ToLower(domain)
}

func (v *Verifier) dkim(ctx context.Context, raw []byte) (found []Signature) {
	checks, _ := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		MaxVerifications: maxSignatures,
		LookupTXT:        func(name string) ([]string, error) { return v.resolver().LookupTXT(ctx, name) },
	})
	for _, check := range checks {
		found = append(found, Signature{strings.ToLower(check.Domain), dkimResult(check.Err)})
	}
	return found
}

func dkimResult(err error) authres.ResultValue {
	switch {
	case err == nil:
		return authres.ResultPass
	case dkim.IsTempFail(err):
		return authres.ResultTempError
	case dkim.IsPermFail(err):
		return authres.ResultPermError
	}
	return authres.ResultFail
}

// dmarc asks the domain in From what it wants and compares: SPF or DKIM has to have passed for that very domain, or for one
// that belongs to the same organisation (RFC 7489, 3.1 and 6.6.2).
func (v *Verifier) dmarc(ctx context.Context, f Finding) authres.ResultValue {
	if f.From == "" {
		return authres.ResultPermError
	}
	record, err := v.record(ctx, f.From)
	switch {
	case errors.Is(err, dmarc.ErrNoPolicy):
		return authres.ResultNone
	case err != nil && (dmarc.IsTempFail(err) || ctx.Err() != nil):
		return authres.ResultTempError
	case err != nil:
		return authres.ResultPermError
	}
	return f.compare(record)
}

// record is the domain's DMARC record, or its organisation's.
func (v *Verifier) record(ctx context.Context, domain string) (*dmarc.Record, error) {
	options := &dmarc.LookupOptions{LookupTXT: func(name string) ([]string, error) { return v.resolver().LookupTXT(ctx, name) }}
	record, err := dmarc.LookupWithOptions(domain, options)
	if organization := organizationOf(domain); errors.Is(err, dmarc.ErrNoPolicy) && organization != domain {
		record, err = dmarc.LookupWithOptions(organization, options)
	}
	return record, err
}

func (f Finding) compare(record *dmarc.Record) authres.ResultValue {
	unsure := f.SPF == authres.ResultTempError
	if f.SPF == authres.ResultPass && aligned(f.SPFDomain, f.From, record.SPFAlignment) {
		return authres.ResultPass
	}
	for _, s := range f.DKIM {
		if s.Result == authres.ResultPass && aligned(s.Domain, f.From, record.DKIMAlignment) {
			return authres.ResultPass
		}
		unsure = unsure || s.Result == authres.ResultTempError
	}
	if unsure {
		return authres.ResultTempError
	}
	return authres.ResultFail
}

func aligned(domain, from string, mode dmarc.AlignmentMode) bool {
	return domain == from || mode != dmarc.AlignmentStrict && organizationOf(domain) == organizationOf(from)
}

// organizationOf is the registered domain that a name belongs to (RFC 7489, 3.2).
func organizationOf(domain string) string {
	organization, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return organization
}

// domainOfFrom is the domain of the one address in the one From field, else "".
func domainOfFrom(raw []byte) string {
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	domain, count := "", 0
	for _, field := range fields(header[:min(len(header), maxHeader)]) {
		name, value, _ := strings.Cut(field, ":")
		if !strings.EqualFold(strings.TrimSpace(name), "From") {
			continue
		}
		count++
		if from, err := mail.ParseAddress(strings.ReplaceAll(value, "\r\n", "")); err == nil {
			domain = mail.Domain(from.Email)
		}
	}
	if count != 1 {
		return ""
	}
	return domain
}

// Field writes the finding as an Authentication-Results field (RFC 8601) in the name of authserv.
func (f Finding) Field(authserv string) []byte {
	results := []authres.Result{&authres.SPFResult{Value: f.SPF, From: presentable(f.SPFDomain)}}
	for _, s := range f.DKIM {
		results = append(results, &authres.DKIMResult{Value: s.Result, Domain: presentable(s.Domain)})
	}
	if len(f.DKIM) == 0 {
		results = append(results, &authres.DKIMResult{Value: authres.ResultNone})
	}
	results = append(results, &authres.DMARCResult{Value: f.DMARC, From: presentable(f.From)})
	return []byte("Authentication-Results: " + strings.ReplaceAll(authres.Format(authserv, results), "; ", ";\r\n\t") + "\r\n")
}

// presentable leaves out what is no host name: it comes from the sender and would stand in our field.
func presentable(domain string) string {
	if !hostName.MatchString(domain) {
		return ""
	}
	return domain
}
