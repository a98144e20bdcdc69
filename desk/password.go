package desk

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"hark/fault"
)

// Passwords are kept as argon2id with 19 MiB, two passes and one lane (the OWASP minimum). Hashing is the one thing in
// the desk that is slow on purpose, so only a few run at once and nothing longer than longestPassword is hashed at all:
// a flood of megabyte passwords costs the attacker more than us (F10).
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashSize   = 32
	saltSize   = 16

	shortestPassword = 8
	longestPassword  = 1024 // bytes
)

// nobodysHash is what the password of an unknown address is compared with, so that a guess takes as long as for a known one (F7).
var nobodysHash = encodeHash(make([]byte, saltSize), make([]byte, hashSize))

// checkPassword says what is wrong with a new password, or nil.
func checkPassword(password string) error {
	switch {
	case len(password) > longestPassword:
		return fault.New(fault.Invalid, "the password is longer than %d bytes; choose a shorter one", longestPassword)
	case len(password) < shortestPassword:
		return fault.New(fault.Invalid, "the password needs at least %d characters; a few words are easiest to remember", shortestPassword)
	}
	return nil
}

// hash turns a new password into what is stored.
func (d *Desk) hash(ctx context.Context, password string) (string, error) {
	if err := checkPassword(password); err != nil {
		return "", err
	}
	salt := random(saltSize)
	sum, err := d.argon(ctx, password, salt)
	return encodeHash(salt, sum), err
}

// fits reports whether the password is the one behind the stored hash. An empty or damaged hash fits nothing, and costs the same.
func (d *Desk) fits(ctx context.Context, stored, password string) (bool, error) {
	salt, want, known := decodeHash(stored)
	if !known {
		salt, want, _ = decodeHash(nobodysHash)
	}
	sum, err := d.argon(ctx, password, salt)
	return err == nil && subtle.ConstantTimeCompare(sum, want) == 1 && known, err
}

// argon waits for a free place and hashes.
func (d *Desk) argon(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
	case <-ctx.Done():
		return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "too many people sign in just now; try again in a moment")
	}
	return argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashSize), nil
}

func encodeHash(salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes, b64(salt), b64(sum))
}

// decodeHash reads only hashes of today's strength; others are unknown until the password is set again.
func decodeHash(stored string) (salt, sum []byte, ok bool) {
	prefix := fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, hashMemory, hashPasses, hashLanes)
	rest, ok := strings.CutPrefix(stored, prefix)
	saltText, sumText, two := strings.Cut(rest, "$")
	salt, err1 := base64.RawStdEncoding.DecodeString(saltText)
	sum, err2 := base64.RawStdEncoding.DecodeString(sumText)
	return salt, sum, ok && two && err1 == nil && err2 == nil && len(salt) == saltSize && len(sum) == hashSize
}
