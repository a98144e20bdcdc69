package shared

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

var build = fstest.MapFS{
	"manifest.json":      {Data: []byte(`{"agent.css": "agent-K3.css"}`)},
	"agent-K3.css.br":    {Data: packed("body{color:red}")},
	"notes-for-ben.text": {Data: []byte("not an asset")},
}

func packed(text string) []byte {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.Bytes()
}

func ask(t *testing.T, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	assets, err := ReadAssets(build)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	assets.Handler().ServeHTTP(w, r)
	return w
}

func TestABuiltFileIsKeptForEver(t *testing.T) {
	w := ask(t, "/assets/agent-K3.css", "gzip")
	if w.Code != http.StatusOK || w.Body.String() != "body{color:red}" {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestABrowserThatTakesBrotliGetsIt(t *testing.T) {
	w := ask(t, "/assets/agent-K3.css", "gzip, br")
	if w.Body.String() != string(packed("body{color:red}")) || w.Header().Get("Content-Encoding") != "br" {
		t.Errorf("got %q as %q", w.Body, w.Header().Get("Content-Encoding"))
	}
	if got := w.Header().Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("its type is %q", got)
	}
}

// What the headers of a page say to one visitor is not kept by a cache that gives the asset to another.
func TestAnAssetSaysTheSameToEverybody(t *testing.T) {
	assets, err := ReadAssets(build)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Security-Policy", "script-src 'nonce-of-one-visitor'")
	w.Header().Set("Vary", "Cookie")
	w.Header().Set("Permissions-Policy", "camera=()")
	assets.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/assets/agent-K3.css", nil))
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Vary": "Accept-Encoding", "Permissions-Policy": "", "X-Content-Type-Options": "nosniff"} {
		if got := strings.Join(w.Header().Values(name), ", "); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestOnlyBuiltFilesAreServed(t *testing.T) {
	for _, path := range []string{"/assets/manifest.json", "/assets/notes-for-ben.text", "/assets/../agent-K3.css.br", "/assets/"} {
		if w := ask(t, path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

func TestAFreshCloneHasNoAssetsAndIsFine(t *testing.T) {
	assets, err := ReadAssets(fstest.MapFS{".gitkeep": {}})
	if err != nil || assets.URL("agent.css") != "" {
		t.Errorf("got %q, %v", assets.URL("agent.css"), err)
	}
}

func TestABrokenManifestSaysHowToMendIt(t *testing.T) {
	if _, err := ReadAssets(fstest.MapFS{"manifest.json": {Data: []byte("{")}}); err == nil {
		t.Error("a broken manifest was taken")
	}
}
