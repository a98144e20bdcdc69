package shared

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
)

// AssetPath is where Assets.Handler is mounted.
const AssetPath = "/assets/"

// Assets are the built files by the name a page knows them under ("agent.css"), each stored under a name that
// carries its content's hash, so that a browser may keep it for ever. The zero value has none.
type Assets struct {
	files fs.FS
	built map[string]string
}

// ReadAssets reads manifest.json of a build. A folder without one is not an error: it is a fresh clone.
func ReadAssets(files fs.FS) (Assets, error) {
	raw, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return Assets{files: files}, nil
	}
	if err != nil {
		return Assets{}, fmt.Errorf("read web/dist/manifest.json: %w", err)
	}
	built := map[string]string{}
	if err := json.Unmarshal(raw, &built); err != nil {
		return Assets{}, fmt.Errorf("web/dist/manifest.json is broken; run `go run ./web/build` again: %w", err)
	}
	return Assets{files: files, built: built}, nil
}

// URL returns where a page finds the asset, "" when it was not built.
func (a Assets) URL(name string) string {
	if file, ok := a.built[name]; ok {
		return AssetPath + file
	}
	return ""
}

// Handler serves the built files below AssetPath, compressed where the browser takes it (the build compressed them).
func (a Assets) Handler() http.Handler {
	known := map[string]bool{}
	for _, file := range a.built {
		known[file] = true
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, AssetPath)
		if !known[name] {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r, name)
	})
}

func (a Assets) serve(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	forEverybody(h)
	h.Set("Content-Type", typeOf(name))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	packed, err := a.files.Open(name + packedEnding)
	if err != nil { // compressed by nature
		http.ServeFileFS(w, r, a.files, name)
		return
	}
	defer packed.Close()
	if strings.Contains(r.Header.Get("Accept-Encoding"), "br") {
		h.Set("Content-Encoding", "br")
		http.ServeFileFS(w, r, a.files, name+packedEnding)
		return
	}
	if r.Method != http.MethodHead {
		io.Copy(w, brotli.NewReader(packed)) // whoever asked has gone when it fails
	}
}

// forEverybody leaves out of an answer's headers what only a page needs, and what only one visitor should get: an asset is a good part
// smaller without them, and a cache on the way may keep it. A drawing that is opened by itself does nothing.
func forEverybody(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Del("Permissions-Policy")
	h.Del("Cross-Origin-Opener-Policy")
}

// packedEnding marks a text of the build, which is kept compressed alone: the program is smaller by half a megabyte, and the few browsers
// that take nothing compressed get it unpacked.
const packedEnding = ".br"

func typeOf(name string) string {
	if strings.HasSuffix(name, ".woff2") {
		return "font/woff2"
	}
	return mime.TypeByExtension(path.Ext(name))
}
