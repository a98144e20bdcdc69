package main

import (
	"context"
	"net"
	"strings"
	"testing"

	"hark/account"
	"hark/desk"
	"hark/mail/mailtest"
	"hark/mail/send"
)

// A mailbox without servers of its own is received by the desk's listener and sent the desk's way. Where either does not answer,
// the words of whoever was asked are told.
func TestTryingAMailboxTellsWhatTheServersSay(t *testing.T) {
	refuses := mailtest.Speak(t, func(v *mailtest.Voice) {
		v.Say("220 hello\r\n")
		v.Hear()
		v.Say("250 mail.example\r\n")
		v.Hear()
		v.Say("550 5.7.1 You may not send as this address\r\n")
	})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := silent.Addr().String()
	silent.Close() // nobody listens there any more
	s := &server{sender: &send.Catcher{}}
	for smtp, wanted := range map[string]string{
		"smtp://" + refuses + "?tls=off": "550 You may not send as this address",
		"smtp://" + address + "?tls=off": "Nothing listens at",
		"":                               "Mail to ana@agency.example would be taken.",
	} {
		out := s.tryOut(context.Background(), account.Mailbox{Address: "help@agency.example", SMTPOut: smtp}, desk.MailboxSecrets{}, "ana@agency.example")
		if out.Good != (smtp == "") || !strings.Contains(out.Says, wanted) {
			t.Errorf("%q says %q (good: %v), not %q", smtp, out.Says, out.Good, wanted)
		}
	}
	if in := s.tryIn(context.Background(), account.Mailbox{Address: "help@agency.example"}, desk.MailboxSecrets{}); in.Good || !strings.Contains(in.Says, "switched off") {
		t.Errorf("without a listener: %+v", in)
	}
}
