package e2e

import (
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"hark/mail/mailtest"
)

// The files of a desk lie in a bucket. While that is away, mail that would be kept as a file stays with its sender and all
// other mail comes in; afterwards the desk goes on.
func TestADeskKeepsItsFilesInABucket(t *testing.T) {
	files, address := s3mem.New(), mailtest.FreeAddress(t)
	if err := files.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	away := serveBucket(t, address, files)
	server, ana := open(t, "", "--s3", "http://key:secret@"+address+"/files/desk?region=eu-central-1")
	if err := askAtLength(t, server, 1); err != nil {
		t.Fatal(err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 1<")
	sees(t, ana, server.URL+"/tickets/1", "A long story of many words")
	away()
	var refused *textproto.Error
	if err := askAtLength(t, server, 2); !asProtocol(err, &refused) || refused.Code != 452 {
		t.Errorf("a long mail got %v, want 452 so that its sender keeps it", err)
	}
	if err := ask(t, server, 3); err != nil {
		t.Errorf("a short mail got %v", err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 3<")
	serveBucket(t, address, files)
	if err := askAtLength(t, server, 2); err != nil {
		t.Errorf("afterwards the long mail got %v", err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 2<")
	if says := server.Hark(t, "", "doctor", "--s3", "http://key:secret@"+address+"/files/desk?region=eu-central-1"); !strings.Contains(says, "all is well") {
		t.Errorf("the doctor says: %s", says)
	}
}

func serveBucket(t *testing.T, address string, files gofakes3.Backend) (stop func()) {
	t.Helper()
	var listener net.Listener
	Eventually(t, 10*time.Second, fmt.Sprintf("%s is free", address), func() (free bool) {
		var err error
		listener, err = net.Listen("tcp", address)
		return err == nil
	})
	service := &http.Server{Handler: gofakes3.New(files).Server()}
	go service.Serve(listener)
	t.Cleanup(func() { service.Close() })
	return func() { service.Close() }
}
