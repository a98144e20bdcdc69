package zendesk

import (
	"net"
	"testing"

	"hark/fault"
)

// Without a Wire a client connects with public addresses alone. Here a server of our own listens inside; whatever name leads to it,
// the connection is refused before a byte is sent.
func TestE3_ANameThatLeadsInsideIsRefused(t *testing.T) {
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()
	_, err = outward(Wire{}).Transport().DialContext(t.Context(), "tcp", inside.Addr().String())
	if !fault.Is(err, fault.Refused) {
		t.Errorf("it is reached: %v", err)
	}
	if proxy := outward(Wire{}).Transport().Proxy; proxy != nil {
		t.Error("what the environment calls a proxy would be told the token")
	}
}
