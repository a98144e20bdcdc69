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
	"errors"
	"os"
	"path/filepath"
	"strings"

	"hark/fault"
	"hark/mail"
	"hark/store"
)

// keys are the desk's own secrets. One random root is made at the first start and stored, sealed under a secret that is
// never in the database; everything else is derived from it by purpose, so that a token made for one thing can never
// be used for another.
type keys struct {
	root []byte
	ring mail.Keyring // proves that addresses and ids in mails are ours
}

const (
	rootSetting = "keys.root"
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
	var root []byte
	err := d.db.Write(ctx, func(tx *store.Tx) (err error) {
		root, err = d.rootKey(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	k := &keys{root: root}
	k.ring = mail.Keyring{{Version: 1, Key: k.For("mail")}}
	return k, nil
}

func (d *Desk) rootKey(tx *store.Tx) ([]byte, error) {
	sealed, err := tx.Setting(rootSetting)
	if err == nil && sealed == nil {
		sealed, err = tx.AddSetting(rootSetting, d.Seal(rootSetting, random(keySize)))
	}
	if err != nil {
		return nil, err
	}
	return d.Unseal(rootSetting, sealed)
}

// For derives the key of one purpose.
func (k *keys) For(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.root, nil, "hark/"+purpose, keySize)
	if err != nil {
		panic(err) // only for a length that hkdf cannot give
	}
	return key
}

// sign returns 20 bytes of HMAC-SHA256 over the message, for one purpose.
func (k *keys) sign(purpose string, message []byte) []byte {
	mac := hmac.New(sha256.New, k.For(purpose))
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
