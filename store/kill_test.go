package store_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/store"
	"hark/store/storetest"
)

// writerEnv holds the store's configuration when this test binary is started as the process that will be killed.
const writerEnv = "HARK_TEST_WRITER"

// writeUntilKilled accepts mails from eight goroutines, small ones and ones too large for a row, and prints each mail's
// key once it is acknowledged.
func writeUntilKilled() {
	var c store.Config
	if err := json.Unmarshal([]byte(os.Getenv(writerEnv)), &c); err != nil {
		panic(err)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, c)
	if err != nil {
		panic(err)
	}
	var mailbox int64
	if err := db.Read(ctx, func(tx *store.Tx) error {
		box, err := tx.MailboxByAddress("help@larkspur.example")
		mailbox = box.ID
		return err
	}); err != nil {
		panic(err)
	}
	said := make(chan string)
	for range 8 {
		go func() {
			for n := 0; ; n++ {
				raw := rawFrom(rand.Uint64(), n%40 == 7)
				in := store.Incoming{Key: sha256.Sum256(raw), Mailbox: mailbox, ReceivedAt: time.Now(), Raw: raw}
				in.MessageID = hex.EncodeToString(in.Key[:])
				if db.KeepRaw(ctx, &in) != nil || db.Write(ctx, func(tx *store.Tx) error { _, err := tx.AddIncoming(&in); return err }) != nil {
					os.Exit(1)
				}
				said <- in.MessageID
			}
		}()
	}
	for line := range said {
		fmt.Println(line)
	}
}

func rawFrom(seed uint64, large bool) []byte {
	raw := []byte(fmt.Sprintf("Subject: %d\n\n", seed))
	if large {
		raw = append(raw, bytes.Repeat([]byte("x"), store.RowSize)...)
	}
	return raw
}

// Whatever was acknowledged is there, whole, after the process is killed at any moment, again and again.
func TestNothingAcknowledgedIsLostByKilling(t *testing.T) {
	databases := map[string]func() (store.Config, int){
		store.SQLite: func() (store.Config, int) { return store.Config{Dir: t.TempDir()}, 30 },
		store.Postgres: func() (store.Config, int) {
			return store.Config{Dir: t.TempDir(), URL: storetest.Database(t)}, 8
		},
	}
	for name, configure := range databases {
		t.Run(name, func(t *testing.T) {
			c, kills := configure()
			db, err := store.Open(t.Context(), c)
			must(t, err)
			storetest.NewCast(t, db)
			must(t, db.Close())
			acknowledged := 0
			for range kills {
				keys := killAWriter(t, c)
				acknowledged += len(keys)
				checkMails(t, c, keys)
			}
			if acknowledged < kills {
				t.Errorf("only %d mails were acknowledged in %d lives; the test shows nothing", acknowledged, kills)
			}
			t.Logf("%d mails acknowledged, %d kills", acknowledged, kills)
		})
	}
}

// killAWriter starts a writer, kills it a moment after its first word, and returns what it acknowledged.
func killAWriter(t *testing.T, c store.Config) (keys []string) {
	t.Helper()
	config, err := json.Marshal(c)
	must(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerEnv+"="+string(config))
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	killing := false
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // a half line was not said
		}
		keys = append(keys, strings.TrimSpace(line))
		if !killing {
			killing = true
			time.AfterFunc(rand.N(80*time.Millisecond), func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the writer was not killed but ended with %v", err)
	}
	return keys
}

func checkMails(t *testing.T, c store.Config, keys []string) {
	t.Helper()
	db, err := store.Open(t.Context(), c)
	must(t, err)
	defer db.Close()
	admin := access.Actor{Person: 1, Role: access.Admin}
	read(t, db, func(tx *store.Tx) error {
		for _, key := range keys {
			found, err := tx.LinkedByMessageID(key)
			must(t, err)
			if len(found) != 1 {
				t.Fatalf("an acknowledged mail is there %d times", len(found))
			}
			raw, err := tx.IncomingRaw(admin, found[0].ID)
			must(t, err)
			if sha256.Sum256(raw) != found[0].Key {
				t.Fatal("an acknowledged mail came back changed")
			}
		}
		return nil
	})
	for _, f := range db.Doctor(t.Context(), time.Now()) {
		if f.What == "database" || f.What == "references" || f.What == "files" {
			t.Errorf("the doctor finds %+v", f)
		}
	}
}
