package article

import (
	"strings"
	"testing"

	"hark/fault"
)

func TestSynonymsAreReadLineByLine(t *testing.T) {
	got, err := ParseSynonyms("invoice,  bill , receipt\n\n rechnung, Faktura\r\n")
	if err != nil || got.String() != "invoice, bill, receipt\nrechnung, Faktura" {
		t.Errorf("%q, %v", got.String(), err)
	}
	for text, want := range map[string]string{
		"invoice":                              "line 1: two words at least",
		"invoice, bill\nsign in, log in":       "line 2: “sign in” is several words",
		"a, " + strings.Repeat("x", 41):        "is too long for a word",
		strings.Repeat("a, ", 11):              "room for ten words",
		strings.Repeat("invoice, bill\n", 201): "there is room for 200 lines",
	} {
		if _, err := ParseSynonyms(text); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q is refused with %v, want %q", text, err, want)
		}
	}
}
