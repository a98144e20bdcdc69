// Package errorpage says what went wrong, what was kept and what to do. One page for every kind of trouble.
// It names the thing that went wrong and the next step, and never shows an error's inside.
package errorpage

import "hark/web/shared"

// View is one piece of bad news.
type View struct {
	Title   string
	Says    string
	Kept    string // what is safe: "Your draft is safe.", "" for nothing
	Words   string // what was written and not taken, to be kept by copying
	Drawing shared.Drawing
	Next    []shared.Button // the first is the best thing to do
	Trace   string          // what to name when asking about it, "" for none
}

// NotFound is a page that is not there, or not the reader's to see; we do not say which.
func NotFound() View {
	return View{Title: "There is nothing here", Says: "The address may be mistyped, or the page is not yours to see.", Drawing: shared.DrawingDoor,
		Next: []shared.Button{{Label: "Go to the start", Href: "/", Look: shared.Primary}}}
}

// Forbidden is a thing somebody known may not do.
func Forbidden() View {
	return View{Title: "This is not yours to do", Says: "Somebody with more rights at this desk can. Nothing was changed.", Drawing: shared.DrawingDoor,
		Next: []shared.Button{{Label: "Go back to the start", Href: "/", Look: shared.Primary}}}
}

// Broken is our own mistake; trace finds it in the log.
func Broken(trace string) View {
	return View{Title: "Something went wrong here", Says: "It is our mistake, not yours, and it has been written down. Trying again in a minute often helps.",
		Drawing: shared.DrawingBell, Trace: trace, Next: []shared.Button{{Label: "Go to the start", Href: "/", Look: shared.Primary}}}
}

// Conflict is a change that met another change; back leads to how things are now.
func Conflict(back, kept string) View {
	return View{Title: "Somebody was here first", Says: "This changed while you looked at it, so nothing was overwritten.", Kept: kept, Drawing: shared.DrawingLetter,
		Next: []shared.Button{{Label: "See how it is now", Href: back, Look: shared.Primary}}}
}
