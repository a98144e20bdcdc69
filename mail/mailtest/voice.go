package mailtest

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Voice is the server's side of a connection, for peers that misbehave on purpose.
type Voice struct {
	Conn net.Conn
	r    *bufio.Reader
}

// Speak serves every connection with the script and returns the address. A connection ends when its script does.
func Speak(t testing.TB, script func(*Voice)) string {
	t.Helper()
	l := Listen(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			wg.Add(1)
			go func() {
				defer wg.Done()
				defer conn.Close()
				script(&Voice{conn, bufio.NewReader(conn)})
			}()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().String()
}

// Say writes the bytes as they are.
func (v *Voice) Say(bytes string) { io.WriteString(v.Conn, bytes) }

// Hear reads one line without its end, and "" when there is none any more.
func (v *Voice) Hear() string {
	line, _ := v.r.ReadString('\n')
	return strings.TrimRight(line, "\r\n")
}

// HearMail reads until the final dot, and reports whether it came.
func (v *Voice) HearMail() (raw string, dot bool) {
	for {
		line, err := v.r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return raw, err == nil
		}
		raw += line
	}
}

// Hang says nothing and listens until the other side gives up.
func (v *Voice) Hang() { io.Copy(io.Discard, v.r) }

// Drip says one octet at a time until the other side gives up.
func (v *Voice) Drip(pause time.Duration) {
	for {
		if _, err := io.WriteString(v.Conn, "2"); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// Proxy passes connections on to target and cuts each of them, both ways, when it has passed the given number of octets
// from the client or to the client. A negative number never cuts.
func Proxy(t testing.TB, target string, fromClient, toClient int64) string {
	t.Helper()
	return Speak(t, func(v *Voice) {
		server, err := net.Dial("tcp", target)
		if err != nil {
			return
		}
		var wg sync.WaitGroup
		pass := func(to, from net.Conn, octets int64) {
			defer wg.Done()
			if octets < 0 {
				io.Copy(to, from)
			} else {
				io.CopyN(to, from, octets)
			}
			v.Conn.Close()
			server.Close()
		}
		wg.Add(2)
		go pass(server, v.Conn, fromClient)
		go pass(v.Conn, server, toClient)
		wg.Wait()
	})
}
