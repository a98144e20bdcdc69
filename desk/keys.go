package desk

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"hark/fault"
	"hark/mail"
	"hark/store"
)

// keys are the desk's own secrets, made at the first start and stored sealed under a secret that is never in the database.
// Everything else is derived from them by purpose, so that a token made for one thing can never be used for another.
//
// What stands in mails for months is proved by a root that can be replaced: its tokens carry its version and end some time
// after the next one has taken over (C4). Several roots can be valid at once; one of them makes new tokens.
type keys struct {
	mu  sync.RWMutex
	set keySet
}

// keySet is what is stored.
type keySet struct {
	Base  []byte // for what lives only for minutes: forms, cookies
	Roots []root // oldest first
}

type root struct {
	Version byte
	Key     []byte
	From    time.Time // from then on it makes new tokens
	Until   time.Time // from then on nothing made with it is accepted; zero while no other has been made
}

const (
	keysSetting = "keys"
	keySize     = 32
)

// KeyFile returns the secret in DIR/hark.key and makes the file at the first start, readable by its owner only.
func KeyFile(dir string) ([]byte, error) {
	path := filepath.Join(dir, "hark.key")
	secret, err := readKeyFile(path)
	if !errors.Is(err, os.ErrNotExist) {
		return secret, err
	}
	if err := writeKeyFile(path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fault.Wrap(err, fault.Unavailable, "cannot write the key file %s; make its folder writable, or set HARK_SECRET", path)
	}
	return readKeyFile(path)
}

func readKeyFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < keySize {
		return nil, fault.New(fault.Invalid, "%s is damaged: it should hold %d hexadecimal digits; put it back from your backup", path, 2*keySize)
	}
	return secret, nil
}

// writeKeyFile makes the file under another name and links it into place, so that nobody ever reads half a key and the
// first of two processes wins.
func writeKeyFile(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".hark.key-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(random(keySize)) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}

// random returns n bytes nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails (crypto/rand)
	return b
}

func (d *Desk) loadKeys(ctx context.Context) (*keys, error) {
	if len(d.secret) == 0 {
		return nil, fault.New(fault.Invalid, "the desk has no secret to seal its keys with; set HARK_SECRET or give it a data folder")
	}
	k := &keys{}
	return k, d.readKeys(ctx, k)
}

// readKeys reads what is stored, and makes and stores it at the first start.
func (d *Desk) readKeys(ctx context.Context, k *keys) error {
	now := d.now()
	var set keySet
	err := d.db.Write(ctx, func(tx *store.Tx) (err error) {
		set, err = d.storedKeys(tx, now)
		return err
	})
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.set = set
	return nil
}

func (d *Desk) storedKeys(tx *store.Tx, now time.Time) (set keySet, err error) {
	sealed, err := tx.Setting(keysSetting)
	if err == nil && sealed == nil {
		first := keySet{Base: random(keySize), Roots: []root{{Version: 1, Key: random(keySize), From: now}}}
		sealed, err = tx.AddSetting(keysSetting, d.sealKeys(first))
	}
	if err != nil {
		return set, err
	}
	text, err := d.Unseal(keysSetting, sealed)
	if err != nil {
		return set, err
	}
	return set, json.Unmarshal(text, &set)
}

func (d *Desk) sealKeys(set keySet) []byte {
	text, err := json.Marshal(set)
	if err != nil {
		panic(err) // bytes and times are always JSON
	}
	return d.Seal(keysSetting, text)
}

// roots are the keys that are valid at an instant, the one that makes new tokens first.
func (k *keys) roots(now time.Time) (valid []root) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, r := range slices.Backward(k.set.Roots) {
		if r.Until.IsZero() || now.Before(r.Until) {
			valid = append(valid, r)
		}
	}
	if i := slices.IndexFunc(valid, func(r root) bool { return !r.From.After(now) }); i > 0 {
		valid[0], valid[i] = valid[i], valid[0]
	}
	return valid
}

// ring proves that addresses and ids in mails are ours.
func (k *keys) ring(now time.Time) (ring mail.Keyring) {
	for _, r := range k.roots(now) {
		ring = append(ring, mail.Secret{Version: r.Version, Key: derive(r.Key, "mail"), Until: r.Until})
	}
	return ring
}

// For derives the key of one purpose that lives only for minutes.
func (k *keys) For(purpose string) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return derive(k.set.Base, purpose)
}

func derive(from []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, from, nil, "hark/"+purpose, keySize)
	if err != nil {
		panic(err) // only for a length that hkdf cannot give
	}
	return key
}

// sign returns 20 bytes of HMAC-SHA256 over the message, for one purpose.
func (r root) sign(purpose string, message []byte) []byte {
	mac := hmac.New(sha256.New, derive(r.Key, purpose))
	mac.Write(message)
	return mac.Sum(nil)[:20]
}

// Seal encrypts a secret that has to be read again, such as a mailbox password, under a name it can only be opened by.
func (d *Desk) Seal(name string, secret []byte) []byte {
	box := d.box()
	nonce := random(box.NonceSize())
	return box.Seal(nonce, nonce, secret, []byte(name))
}

// Unseal returns what was sealed under the name.
func (d *Desk) Unseal(name string, sealed []byte) ([]byte, error) {
	box := d.box()
	if len(sealed) < box.NonceSize() {
		return nil, fault.New(fault.Invalid, "the stored secret %q is damaged; enter it again", name)
	}
	secret, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(name))
	return secret, fault.Wrap(err, fault.Invalid, "the stored secret %q cannot be opened with this key file or HARK_SECRET; use the one it was sealed with", name)
}

func (d *Desk) box() cipher.AEAD {
	key, err := hkdf.Key(sha256.New, d.secret, nil, "hark/seal", keySize)
	if err != nil {
		panic(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return box
}

// sealSecrets seals a mailbox's passwords under its address; nil when it has none.
func (d *Desk) sealSecrets(address string, secrets MailboxSecrets) []byte {
	if secrets == (MailboxSecrets{}) {
		return nil
	}
	text, err := json.Marshal(secrets)
	if err != nil {
		panic(err) // two strings are always JSON
	}
	return d.Seal("mailbox/"+address, text)
}

func (d *Desk) unsealSecrets(address string, sealed []byte) (secrets MailboxSecrets, err error) {
	if len(sealed) == 0 {
		return secrets, nil
	}
	text, err := d.Unseal("mailbox/"+address, sealed)
	if err != nil {
		return secrets, err
	}
	return secrets, json.Unmarshal(text, &secrets)
}
