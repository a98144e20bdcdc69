package diary_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"hark/diary"
	"hark/fault"
	"hark/mail/mailtest"
	"hark/reach"
)

const file = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

// there is a server with a certificate for calendar.example, and a wire that leads there whatever is asked for.
func there(t *testing.T, serve http.HandlerFunc) (*httptest.Server, reach.Wire) {
	t.Helper()
	authority := mailtest.NewAuthority(t)
	web := httptest.NewUnstartedServer(serve)
	web.TLS = authority.Server("calendar.example", "other.example", "127.0.0.1")
	web.StartTLS()
	t.Cleanup(web.Close)
	return web, reach.Wire{Roots: authority.Pool, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, web.Listener.Addr().String())
	}}
}

func TestACalendarIsFetched(t *testing.T) {
	_, wire := there(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "calendar.example" || r.URL.RequestURI() != "/private/basic.ics?a=1" || r.Header.Get("Cookie")+r.Header.Get("Authorization")+r.Header.Get("Referer") != "" {
			t.Errorf("it was asked for %s%s with %v", r.Host, r.URL, r.Header)
		}
		fmt.Fprint(w, file)
	})
	content, err := diary.Fetch(t.Context(), wire, "https://calendar.example/private/basic.ics?a=1")
	if err != nil || string(content) != file {
		t.Errorf("there is %q, %v", content, err)
	}
}

// A calendar that has moved is found, a few steps on and over TLS alone.
func TestAnAddressMayLeadToAnother(t *testing.T) {
	_, wire := there(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "https://other.example/new", http.StatusMovedPermanently)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/plain":
			http.Redirect(w, r, "http://other.example/new", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/nowhere":
			w.WriteHeader(http.StatusFound)
		default:
			fmt.Fprint(w, file)
		}
	})
	if content, err := diary.Fetch(t.Context(), wire, "https://calendar.example/old"); err != nil || string(content) != file {
		t.Errorf("where it leads is %q, %v", content, err)
	}
	for path, says := range map[string]string{"/round": "leads on and on", "/plain": "does not begin with https://", "/file": "does not begin with https://", "/nowhere": "does not say which"} {
		if _, err := diary.Fetch(t.Context(), wire, "https://calendar.example"+path); !strings.Contains(fault.Says(err), says) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// What an answer says never reaches whoever typed the address; how it went does.
func TestE5_AnswersThatAreNoCalendarAreToldInOurWords(t *testing.T) {
	_, wire := there(t, func(w http.ResponseWriter, r *http.Request) {
		var status int
		fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
		fmt.Fprint(w, "inner secret")
	})
	for path, want := range map[string]string{
		"/404": "calendar.example has no calendar at this address any more; enter its new one",
		"/403": "calendar.example does not let anybody read this calendar; it needs a secret address that works without signing in",
		"/500": "calendar.example answers with 500; it is tried again",
	} {
		content, err := diary.Fetch(t.Context(), wire, "https://calendar.example"+path)
		if fault.Says(err) != want || content != nil {
			t.Errorf("%s says %q, %q", path, content, fault.Says(err))
		}
	}
}

// Neither a long answer nor a short one that becomes long when it is unpacked fills the memory.
func TestH6_ALargeAnswerIsNotReadToItsEnd(t *testing.T) {
	_, wire := there(t, func(w http.ResponseWriter, r *http.Request) {
		chunk := []byte(strings.Repeat("X", 1<<20))
		if r.URL.Path == "/packed" {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			defer packed.Close()
			for range 9 {
				packed.Write(chunk)
			}
			return
		}
		for range 9 {
			w.Write(chunk)
		}
	})
	for _, path := range []string{"/long", "/packed"} {
		if _, err := diary.Fetch(t.Context(), wire, "https://calendar.example"+path); !strings.Contains(fault.Says(err), "larger than 8 MB") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Addresses that lead inside are refused before a byte is sent, also when a public one leads there, and nothing says where they lead.
func TestE3_AnAddressInsideIsNeverAsked(t *testing.T) {
	var asked atomic.Int32
	port := inside(t, &asked)
	for _, host := range []string{"127.0.0.1", "localhost", "localhost.", "[::1]", "[::ffff:127.0.0.1]", "0", "0.0.0.0", "10.0.0.1", "169.254.169.254", "100.64.0.1", "[64:ff9b::7f00:1]", "[fe80::1]"} {
		_, err := diary.Fetch(t.Context(), reach.Wire{}, fmt.Sprintf("https://%s:%d/", host, port))
		if err == nil || fault.Says(err) == "" || strings.Contains(fault.Says(err), "refused") {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, address := range []string{"http://127.0.0.1/", "gopher://127.0.0.1/", "file:///etc/passwd", "unix:///run/x", "https://u:p@calendar.example/"} {
		if _, err := diary.Fetch(t.Context(), reach.Wire{}, address); !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if asked.Load() > 0 {
		t.Errorf("the server inside was reached %d times", asked.Load())
	}
	leads, wire := there(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, fmt.Sprintf("https://[::1]:%d/", port), http.StatusFound)
	})
	wire.Dial, wire.Nearby = nil, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	_, err := diary.Fetch(t.Context(), wire, leads.URL)
	if !fault.Is(err, fault.Refused) {
		t.Errorf("where a public address leads: %v", err)
	}
}

// inside listens on this machine, and counts who comes.
func inside(t *testing.T, came *atomic.Int32) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}
