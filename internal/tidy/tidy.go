// Package tidy keeps the repository's habits as ordinary tests, so that a habit is something that fails and says why,
// not something to remember. Each test reads the source as text or syntax; none runs the product.
package tidy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// root is the repository's top folder, seen from this package's tests.
const root = "../.."

// source is one Go file of ours, parsed.
type source struct {
	path    string // "desk/answer.go"
	pkg     string // folder: "desk"
	test    bool   // a test, or a package that only tests use
	made    bool   // written by a generator
	syntax  *ast.File
	fileSet *token.FileSet
}

// imports lists what the file imports.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.syntax.Imports {
		paths = append(paths, strings.Trim(spec.Path.Value, `"`))
	}
	return paths
}

// at says where a node stands, as file:line.
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.fileSet.Position(n.Pos()).Line)
}

// sources are all Go files of the repository, parsed once.
var sources = sync.OnceValues(parse)

func parse() ([]source, error) {
	var all []source
	err := files(func(path string) error {
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		fileSet := token.NewFileSet()
		syntax, err := parser.ParseFile(fileSet, filepath.Join(root, path), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{
			path:    path,
			pkg:     filepath.ToSlash(filepath.Dir(path)),
			test:    strings.HasSuffix(path, "_test.go") || onlyForTests(path),
			made:    strings.HasSuffix(path, "_templ.go"),
			syntax:  syntax,
			fileSet: fileSet,
		})
		return nil
	})
	return all, err
}

// onlyForTests reports whether a file's package is never part of the product: the conformance suite of the store, mail
// servers and a Zendesk for tests, the end-to-end driver, the gallery of pages and the measurements.
func onlyForTests(path string) bool {
	for _, folder := range []string{"store/storetest/", "mail/mailtest/", "zendesk/zendesktest/", "tracker/trackertest/", "e2e/", "web/gallery/", "internal/"} {
		if strings.HasPrefix(path, folder) {
			return true
		}
	}
	return false
}

// files calls each with the path of every file that belongs to the repository.
func files(each func(path string) error) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch entry.Name() {
			case ".git", "node_modules", "dist", "tmp", "hark-data":
				return filepath.SkipDir
			}
			return nil
		}
		short, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return each(filepath.ToSlash(short))
	})
}

func read(path string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, path))
	return string(text), err
}
