// Package shared holds what every page is made of: the frame around a page and the parts on it.
//
// A part is a struct with a View method (or a small templ function) and a style sheet of the same name beside it. Its
// fields are words and times as a reader sees them: parts format nothing, decide nothing and know no store. A part
// works without script, under a policy that forbids inline style and inline handlers, by day and by night, in forced
// colours and on paper. The gallery (web/gallery) shows every part in every state; look there before changing one.
package shared
