// Command build makes web/dist from the pages' styles and scripts and from the packages in web/node_modules.
//
// It is run from the module's root (`go run ./web/build`) after `npm ci --ignore-scripts` in web. Every file it writes
// carries a hash of its content in its name; manifest.json says which. Two bundles come out: agent (the desk, with
// Turbo and Stimulus; Trix is a part that is fetched when somebody begins to write) and public (what customers load). Beside public
// there is help: how articles are set, for the pages that have some.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"hark/web/shared"
)

const (
	source  = "web"
	target  = "web/dist"
	modules = "web/node_modules"
)

func main() {
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "web/build:", err)
		os.Exit(1)
	}
}

func build() error {
	if _, err := os.Stat(modules); err != nil {
		return fmt.Errorf("%s is missing; run `npm ci --ignore-scripts` in %s first, from the module's root", modules, source)
	}
	if err := empty(target); err != nil {
		return err
	}
	manifest, err := bundle()
	if err != nil {
		return err
	}
	sprite, err := sprite(shared.Icons)
	if err != nil {
		return err
	}
	if manifest["icons.svg"], err = writeHashed("icons", ".svg", sprite); err != nil {
		return err
	}
	if err := compress(manifest); err != nil {
		return err
	}
	return writeManifest(manifest)
}

// entryPoints are the scripts and every sheet of styles that pages can ask for.
func entryPoints() ([]string, error) {
	styles, err := filepath.Glob(source + "/*.css")
	return append([]string{source + "/agent.ts", source + "/public.ts"}, styles...), err
}

// bundle runs esbuild and returns which built file stands for which entry, font and part.
func bundle() (map[string]string, error) {
	entries, err := entryPoints()
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       entries,
		Outdir:            target,
		EntryNames:        "[name]-[hash]",
		ChunkNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Bundle:            true,
		Splitting:         true,
		Format:            api.FormatESModule,
		Engines:           []api.Engine{{Name: api.EngineChrome, Version: "125"}, {Name: api.EngineFirefox, Version: "128"}, {Name: api.EngineSafari, Version: "17.5"}},
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		LegalComments:     api.LegalCommentsEndOfFile,
		Loader:            map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderFile},
		Metafile:          true,
		Write:             true,
		LogLevel:          api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%d errors above; nothing useful was built", len(result.Errors))
	}
	return readMetafile(result.Metafile)
}

func readMetafile(metafile string) (map[string]string, error) {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string
			Inputs     map[string]any
		}
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, fmt.Errorf("read what esbuild made: %w", err)
	}
	manifest := map[string]string{}
	for path, output := range meta.Outputs {
		file := filepath.Base(path)
		manifest[plainName(file, output.EntryPoint)] = file
	}
	return manifest, nil
}

var hashed = regexp.MustCompile(`-[A-Z0-9]{8}(\.[a-z0-9]+)$`)

// plainName is the name pages use: the entry's with the ending it was built to, or the font's without its hash. Shared
// chunks have no name of their own and keep the hashed one.
func plainName(file, entry string) string {
	if entry == "" && strings.HasPrefix(file, "chunk-") {
		return file
	}
	return hashed.ReplaceAllString(file, "$1")
}

// sprite puts the named Lucide icons into one file, as symbols a page refers to by name.
func sprite(icons []shared.Icon) ([]byte, error) {
	var out strings.Builder
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">` + "\n")
	for _, icon := range icons {
		raw, err := os.ReadFile(filepath.Join(modules, "lucide-static/icons", string(icon)+".svg"))
		if err != nil {
			return nil, fmt.Errorf("icon %q: %w", icon, err)
		}
		out.WriteString(symbol(string(icon), string(raw)))
	}
	out.WriteString("</svg>\n<!-- Lucide, ISC licence -->\n")
	return []byte(out.String()), nil
}

var drawing = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)

func symbol(name, svg string) string {
	lines := strings.Fields(drawing.FindStringSubmatch(svg)[1])
	return fmt.Sprintf(`<symbol id="%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">%s</symbol>`+"\n",
		name, strings.Join(lines, " "))
}

func writeHashed(name, ending string, content []byte) (string, error) {
	sum := sha256.Sum256(content)
	file := name + "-" + strings.ToUpper(hex.EncodeToString(sum[:4])) + ending
	return file, os.WriteFile(filepath.Join(target, file), content, 0o644)
}

// compress puts a brotli file in the place of every text file, so that the program carries no byte twice and the server compresses none.
func compress(manifest map[string]string) error {
	for _, file := range manifest {
		if strings.HasSuffix(file, ".woff2") {
			continue // compressed by nature
		}
		if err := compressFile(filepath.Join(target, file)); err != nil {
			return err
		}
	}
	return nil
}

func compressFile(path string) error {
	plain, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	packed, err := os.Create(path + ".br")
	if err != nil {
		return err
	}
	w := brotli.NewWriterLevel(packed, brotli.BestCompression)
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return os.Remove(path)
}

func writeManifest(manifest map[string]string) error {
	raw, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(target, "manifest.json"), append(raw, '\n'), 0o644)
}

// empty removes the last build; .gitkeep stays, because go:embed needs the folder in a fresh clone.
func empty(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, file := range old {
		if file.Name() == ".gitkeep" {
			continue
		}
		if err := os.Remove(filepath.Join(dir, file.Name())); err != nil {
			return err
		}
	}
	return nil
}
