package reach_test

import (
	"testing"

	"hark/reach"
)

func TestE3_OnlyThePublicInternetIsPublic(t *testing.T) {
	for _, near := range []string{
		"127.0.0.1:443", "10.1.2.3:443", "172.16.0.9:443", "192.168.1.1:25", "169.254.169.254:80", "100.64.0.1:443", "0.0.0.0:443", "0.1.2.3:443",
		"198.18.0.1:443", "240.0.0.1:443", "224.0.0.1:443", "[::1]:443", "[::]:443", "[fe80::1%eth0]:443", "[fd00::1]:443", "[fec0::1]:443",
		"[::ffff:127.0.0.1]:443", "[::ffff:10.0.0.1]:443", "[64:ff9b::7f00:1]:443", "[64:ff9b:1::1]:443", "localhost:443", "",
	} {
		if ip, public := reach.Public(near); public {
			t.Errorf("%s counts as public (%s)", near, ip)
		}
	}
	for _, far := range []string{"104.16.51.111:443", "8.8.8.8:25", "[2606:4700::6810:336f]:443", "[64:ff9b::808:808]:443"} {
		if _, public := reach.Public(far); !public {
			t.Errorf("%s does not count as public", far)
		}
	}
}
