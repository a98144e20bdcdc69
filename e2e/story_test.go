package e2e

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if binary.path != "" {
		_ = os.RemoveAll(binary.path[:len(binary.path)-len("/hark")])
	}
	os.Exit(code)
}

// The first paragraph of what a newcomer can do, played in a real browser on the real binary.
func TestANewcomerPlaysTheDemo(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Visit(server.URL + "/demo")
	b.Shot("01-demo")
	b.Visit(server.URL + "/sign-in")
	b.Type("input[name=email]", "ana@larkandfield.example")
	b.Type("input[name=password]", "lark and field")
	b.Click("main button.button-primary, form button.button-primary")
	b.See("Next for me")
	b.Shot("02-inbox")
}
