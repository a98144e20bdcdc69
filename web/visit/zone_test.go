package visit

import "testing"

// A zone has one name: others would be kept one beside the other, without end.
func TestH2_AZoneHasOneName(t *testing.T) {
	for _, name := range []string{"America//New_York", "America///New_York", "/UTC", "UTC/", "../UTC", "Local", "", `America\New_York`} {
		if location(name) != nil {
			t.Errorf("%q is a zone", name)
		}
	}
	if location("America/Argentina/Buenos_Aires") == nil || location("Etc/GMT+5") == nil {
		t.Error("a real zone is none")
	}
}
