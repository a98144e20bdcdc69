package desk

import (
	"hark/mail"
)

// unverified reports whether something speaks against the sender being who the mail says: our own server checked, and
// the sender's domain disowned it. Silence proves nothing either way; a verdict can lower trust and never raises it (C1).
func (r *receiving) unverified() bool {
	v := r.mail.Verdict(r.d.authserv)
	return r.doubtful || v.DMARC == "fail" || v.DMARC == "" && v.SPF == "fail" && v.DKIM != "pass"
}

// isMachine reports whether nobody reads what is sent to an address, as far as its name tells.
func isMachine(a mail.Address) bool {
	kind, _ := mail.Classify(&mail.Message{From: &a}, mail.Arrival{})
	return kind != mail.AutoNo
}
