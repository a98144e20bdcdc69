package desk

import (
	"context"
	"encoding/json"
	"time"

	"hark/store"
)

// LineStands is how the desk's extension does, as the node that holds it has said last.
type LineStands struct {
	Node  string    `json:"node"`
	Until time.Time `json:"until"` // when another node may take it, unless it is held on
	Good  bool      `json:"good"`  // it is registered
	Says  string    `json:"says"`
	Since time.Time `json:"since"` // when it began to be so
}

// lineLease is how long a node holds the extension after it has last said so.
const lineLease = 45 * time.Second

// ExtensionLine is the extension with its opened password, for the worker that registers it; never for a page.
func (d *Desk) ExtensionLine(ctx context.Context) (line Line, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		set, err := d.telephony(tx)
		line = set.Line
		return err
	})
	return line, err
}

// HoldLine holds the extension for a node and keeps how it does, so that of several nodes one registers and a call rings once. It reports
// false while another node holds it.
func (d *Desk) HoldLine(ctx context.Context, node string, good bool, says string) (held bool, err error) {
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Alone("telephone line"); err != nil {
			return err
		}
		stands, err := lineStands(tx)
		if err != nil {
			return err
		}
		if held = stands.Node == node || !now.Before(stands.Until); !held {
			return nil
		}
		if stands.Good != good || stands.Says != says || stands.Since.IsZero() {
			stands.Since = now
		}
		stands.Node, stands.Until, stands.Good, stands.Says = node, now.Add(lineLease), good, says
		return keepLineStands(tx, stands)
	})
	return held, err
}

// LeaveLine lets another node take the extension at once.
func (d *Desk) LeaveLine(ctx context.Context, node string) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		stands, err := lineStands(tx)
		if err != nil || stands.Node != node {
			return err
		}
		stands.Until, stands.Good, stands.Says, stands.Since = now, false, "It is not registered: no server runs.", now
		return keepLineStands(tx, stands)
	})
}

func lineStands(tx *store.Tx) (stands LineStands, err error) {
	text, err := tx.Setting(lineSetting)
	if err != nil || text == nil {
		return stands, err
	}
	return stands, json.Unmarshal(text, &stands)
}

func keepLineStands(tx *store.Tx, stands LineStands) error {
	text, err := json.Marshal(stands)
	if err != nil {
		return err
	}
	return tx.SetSetting(lineSetting, text)
}
