package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// Proposal is a policy that one administrator wrote and another is asked to apply, where the brand wants two people. There is one
// at a time for each brand. It does not change: what is approved is what was read.
type Proposal struct {
	ID       string    `json:"id"` // made of all that it says
	Source   string    `json:"source"`
	Reason   string    `json:"reason"`
	MoveOpen bool      `json:"move_open"`
	Rebook   bool      `json:"rebook"`
	Base     int64     `json:"base"`
	Version  string    `json:"version"`
	By       int64     `json:"by"`
	At       time.Time `json:"at"`
	Word     string    `json:"word"`    // why it was sent back, "" while it waits
	BackBy   int64     `json:"back_by"` // who sent it back
}

// Waits reports whether somebody is still asked.
func (p Proposal) Waits() bool { return p.ID != "" && p.BackBy == 0 }

func proposalName(brand int64) string { return "policy-proposal/" + itoa(brand) }

// mayAlone refuses somebody of the desk who would apply a policy alone where the brand wants two people.
func (d *Desk) mayAlone(tx *store.Tx, a access.Actor, brand int64) error {
	brand, err := d.brandOr(tx, brand)
	if err != nil || a.Desk {
		return err
	}
	b, err := tx.Brand(brand)
	if err == nil && b.TwoPeople {
		err = fault.New(fault.Refused, "the policy of %s changes only when a second administrator applies it; ask a colleague", b.Name)
	}
	return err
}

// ProposePolicy asks the other administrators to apply a policy, which is checked and planned as if it were applied now. While one
// person's proposal waits, nobody else's takes its place; their own does.
func (d *Desk) ProposePolicy(ctx context.Context, a access.Actor, in NewPolicy) (proposal Proposal, err error) {
	if err := mayAsSomebody(a); err != nil {
		return proposal, err
	}
	p, _, err := readyToApply(in)
	if err != nil {
		return proposal, err
	}
	proposal = Proposal{Source: string(in.Source), Reason: strings.TrimSpace(in.Reason), MoveOpen: in.MoveOpen, Rebook: in.Rebook, Base: in.Base, Version: p.Version, By: a.Person, At: d.now()}
	proposal.ID = proposal.name()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		brand, err := d.brandOr(tx, in.Brand)
		if err != nil {
			return err
		}
		if _, err := d.nobodyWasFaster(tx, brand, in.Base); err != nil {
			return err
		}
		waiting, err := d.proposal(tx, brand)
		if err != nil {
			return err
		}
		if waiting.Waits() && waiting.By != a.Person {
			return fault.New(fault.Conflict, "a colleague has asked for version %s already; apply it or send it back first", waiting.Version)
		}
		return keepProposal(tx, brand, proposal)
	})
	return proposal, err
}

// mayAsSomebody is for acts that need a person behind them: an approval by nobody is none.
func mayAsSomebody(a access.Actor) error {
	if a.Person == 0 {
		return fault.New(fault.Forbidden, "this needs a person who is signed in")
	}
	return may(a, access.ApplyPolicy)
}

// name tells one proposal from another that says anything else.
func (p Proposal) name() string {
	p.ID = ""
	said, _ := json.Marshal(p) // texts, numbers and a time can always be written
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:8])
}

func (d *Desk) proposal(tx *store.Tx, brand int64) (p Proposal, err error) {
	kept, err := tx.Setting(proposalName(brand))
	if err != nil || kept == nil {
		return p, err
	}
	return p, json.Unmarshal(kept, &p)
}

func keepProposal(tx *store.Tx, brand int64, p Proposal) error {
	kept, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.SetSetting(proposalName(brand), kept)
}

// PolicyProposal is what a brand's administrators are asked to apply, or what was sent back; the zero Proposal when there is none.
func (d *Desk) PolicyProposal(ctx context.Context, a access.Actor, brand int64) (p Proposal, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return p, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = d.brandOr(tx, brand); err != nil {
			return err
		}
		p, err = d.proposal(tx, brand)
		return err
	})
	return p, err
}

// ApproveProposal applies what a colleague has asked for. Nobody approves their own, and nobody approves what they have not read: id
// is that of the proposal on their page.
func (d *Desk) ApproveProposal(ctx context.Context, a access.Actor, brand int64, id string) (applied Applied, err error) {
	if err := mayAsSomebody(a); err != nil {
		return applied, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		proposed, err := d.asked(tx, &brand, id)
		if err != nil {
			return err
		}
		if proposed.By == a.Person {
			return fault.New(fault.Refused, "you wrote this; it takes another administrator to apply it")
		}
		in := NewPolicy{Brand: brand, File: "policy", Source: []byte(proposed.Source), Reason: proposed.Reason, MoveOpen: proposed.MoveOpen, Rebook: proposed.Rebook, Base: proposed.Base}
		var p *policy.Policy
		if p, applied.Findings, err = readyToApply(in); err != nil {
			return err
		}
		findings := applied.Findings
		if applied, err = d.apply(tx, a.Person, proposed.By, in, p); err != nil {
			return err
		}
		applied.Findings = findings
		return tx.DropSetting(proposalName(brand))
	})
	if err != nil {
		return applied, err
	}
	d.afterApplying(ctx, &applied)
	return applied, nil
}

// asked is the proposal that waits, if it is still the one somebody speaks of. Whoever else decides on it waits and finds it decided.
func (d *Desk) asked(tx *store.Tx, brand *int64, id string) (p Proposal, err error) {
	if *brand, err = d.brandOr(tx, *brand); err != nil {
		return p, err
	}
	if err = oneAtATime(tx, *brand); err != nil {
		return p, err
	}
	if p, err = d.proposal(tx, *brand); err != nil {
		return p, err
	}
	if !p.Waits() || p.ID != id {
		return p, fault.New(fault.Conflict, "this is no longer what is asked for; look at the policy again")
	}
	return p, nil
}

// SendProposalBack says no to a colleague's proposal, with a word that tells why. It stays theirs to read and to change.
func (d *Desk) SendProposalBack(ctx context.Context, a access.Actor, brand int64, id, word string) error {
	if err := mayAsSomebody(a); err != nil {
		return err
	}
	if word = strings.TrimSpace(word); word == "" {
		return fault.New(fault.Invalid, "say in a word why it goes back; your colleague reads it")
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := d.asked(tx, &brand, id)
		if err != nil {
			return err
		}
		p.Word, p.BackBy = shortened(word, 2000), a.Person
		return keepProposal(tx, brand, p)
	})
}

// WithdrawProposal takes one's own proposal back, or puts away one that was sent back.
func (d *Desk) WithdrawProposal(ctx context.Context, a access.Actor, brand int64, id string) error {
	if err := mayAsSomebody(a); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		brand, err := d.brandOr(tx, brand)
		if err != nil {
			return err
		}
		if err := oneAtATime(tx, brand); err != nil {
			return err
		}
		p, err := d.proposal(tx, brand)
		if err != nil {
			return err
		}
		if p.ID != id || p.By != a.Person {
			return fault.New(fault.Conflict, "this proposal is not yours, or no longer the one that waits")
		}
		return tx.DropSetting(proposalName(brand))
	})
}
