// Package web is the desk's face: every page an agent, an administrator or a customer sees.
//
// A page is a folder with its template, its style and its script; parts that several pages use live in shared. Pages
// know only their own view structs, so they can be looked at without a database (see gallery).
package web

import (
	"embed"
	"io/fs"

	"hark/web/shared"
)

// dist holds what `go run ./web/build` made. In a fresh clone it is empty; pages then come without style and script,
// and everything on them still works.
//
//go:embed all:dist
var dist embed.FS

// Assets returns the built styles, scripts, fonts and icons of this binary.
func Assets() (shared.Assets, error) {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		return shared.Assets{}, err
	}
	return shared.ReadAssets(built)
}
