package e2e

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

// The file system runs full, and a little later each time, so that every step of storing is once the one that fails: the log,
// the database, a file. Mail stays with its sender, everything can be read, and when there is room the desk goes on.
func TestAFileSystemWithoutRoomLosesNothing(t *testing.T) {
	if !MayMount() {
		t.Log("this machine lets nobody mount; TestAFullDiskKeepsNobodyFromReading meets a limit instead")
		return
	}
	outside := OpenOutside(t, nil)
	server := Start(t, "serve", OnDisk("24m"), With("--smtp-out", "smtp://"+outside.Addr))
	server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
	server.Hark(t, "", "mailbox", "add", atTheDesk)
	ana := signedIn(t, server)
	taken := 0
	for _, free := range []uint64{0, 4 << 10, 8 << 10, 16 << 10, 28 << 10, 64 << 10, 150 << 10, 300 << 10} {
		server.Fill(t, free)
		taken = asksUntilRefused(t, server, taken)
		canStillRead(t, server, ana)
		server.Empty(t)
		for _, again := range []func(*testing.T, *Server, int) error{ask, askAtLength} {
			taken++
			if err := again(t, server, taken); err != nil {
				t.Fatalf("with %d bytes free before and room now, mail got %v", free, err)
			}
		}
		sees(t, ana, server.URL+"/inbox?view=all", fmt.Sprintf("Opening hours %d<", taken))
	}
	Eventually(t, time.Minute, "everything has been read and answered", func() bool { return server.waiting(t) == "mail 0 send 0" })
	if n := strings.Count(server.Hark(t, "", "ticket", "list", "--json"), "\n"); n != taken {
		t.Errorf("%d mails were taken, and there are %d tickets", taken, n)
	}
	if n := outside.Mails(); n != taken {
		t.Errorf("%d mails were taken, and %d acknowledgements arrived", taken, n)
	}
	if says := server.Hark(t, "", "doctor"); !strings.Contains(says, "all is well") {
		t.Errorf("the doctor says: %s", says)
	}
}

// asksUntilRefused sends small mails and large ones until there is no room for either, and returns how many were taken so far.
func asksUntilRefused(t *testing.T, server *Server, taken int) int {
	t.Helper()
	for _, send := range []func(*testing.T, *Server, int) error{askAtLength, ask} {
		for tries := 0; ; tries++ {
			err := send(t, server, taken+1)
			var refused *textproto.Error
			if err != nil && (!asProtocol(err, &refused) || refused.Code != 452) {
				t.Fatalf("mail on a full file system got %v, want 452 so that its sender keeps it", err)
			}
			if err != nil {
				break
			}
			if taken++; tries > 500 {
				t.Fatal("the file system does not run full")
			}
		}
	}
	return taken
}

// askAtLength is ask with a mail that is kept as a file.
func askAtLength(t *testing.T, server *Server, number int) error {
	t.Helper()
	connection, err := DialMail(server.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	from, raw := question(number)
	_, err = connection.Send(from, atTheDesk, raw+strings.Repeat("A long story of many words, told from its beginning.\r\n", 4000))
	return err
}

func canStillRead(t *testing.T, server *Server, ana *http.Client) {
	t.Helper()
	for _, page := range []string{"/inbox?view=all", "/search?q=friday", "/healthz", "/readyz"} {
		if _, err := read(ana, server.URL+page); err != nil {
			t.Errorf("%s on a full file system: %v", page, err)
		}
	}
}
