package shared

import "net/http"

// favicon is the mark on its own, in a colour that can be seen on light and dark tabs.
const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#0e8a8a" stroke-linecap="round" stroke-linejoin="round">` +
	`<path stroke-width="3.4" d="M8 4v24"/><path stroke-width="3.4" d="M8 20c0-9 12-9 12 0v8"/>` +
	`<path stroke-width="2.4" opacity=".8" d="M14.5 8.600c5.6-.5 9.9 4 9.9 10.2"/></svg>`

// ServeFavicon answers /favicon.ico with a drawing; the link in every page names its type.
func ServeFavicon(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=604800")
	_, _ = w.Write([]byte(favicon))
}
