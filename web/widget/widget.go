// Package widget is the script that a company puts on its own pages: one tag, and a "?" stands in the lower left. What it opens is a
// page of the desk (portal.WidgetPage) in a frame. The script is served as it is written here; it needs no build and no library.
package widget

import _ "embed"

// Script is the whole of it.
//
//go:embed widget.js
var Script string
