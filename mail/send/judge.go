package send

import (
	"errors"

	"hark/fault"
	"hark/mail/peer"
)

// judge says what an attempt that ended in a phase with err means.
func judge(server peer.Server, phase Phase, err error) Result {
	result := Result{State: Deferred, Phase: phase, Host: server.Host}
	var reply *Reply
	switch {
	case err == nil:
		result.State, result.Phase = Sent, Done
	case errors.As(err, &reply):
		result.Code, result.Enhanced, result.Text = reply.Code, reply.Enhanced, reply.Text
		if isFinal(phase, reply) {
			result.State = Failed
		}
		if phase == FinalDot {
			result.Phase = Done // the dot was answered: nothing is uncertain
		}
	case fault.Is(err, fault.Invalid):
		result.State, result.Text = Failed, fault.Says(err)
	default:
		result.State, result.Text = phase.Interrupted(), explain(server, err)
	}
	return result
}

func explain(server peer.Server, err error) string {
	if says := fault.Says(err); says != "" {
		return says
	}
	return server.Explain(err)
}

// isFinal reports whether a reply means that this mail will never be taken. Before MAIL a server speaks about us, not about
// the mail, and 53x is about our password: both are for an administrator to mend while the mail waits. A full mailbox may
// become empty again, whatever its code says.
func isFinal(phase Phase, r *Reply) bool {
	switch phase {
	case Connect, Banner, Hello, StartTLS, SignIn:
		return false
	}
	isAboutSignIn := r.Code >= 530 && r.Code <= 538
	isFull := r.Enhanced == "5.2.2" || phase == RcptTo && r.Code == 552
	return r.Code/100 == 5 && !isAboutSignIn && !isFull
}
