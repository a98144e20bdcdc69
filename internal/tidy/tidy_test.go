package tidy

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// words are the pure packages: values in, values out. They import each other and nothing else of ours.
var words = []string{"fault", "access", "account", "article", "calendar", "community", "level", "ticket", "promise", "phase", "procedure", "call", "issue", "engineers", "rota", "scope", "policy", "simulate"}

// allowed is the direction of the house: who may import whom. Whatever is not listed here imports anything.
// Words know words; mail and store know words; desk knows words, mail and store; edges know desk.
var allowed = map[string][]string{
	"mail":         words,
	"mail/peer":    words,
	"mail/receive": append([]string{"mail", "mail/peer"}, words...),
	"mail/send":    append([]string{"mail", "mail/peer", "reach"}, words...),
	"store":        words,
	"desk":         append([]string{"mail", "store"}, words...),
	"exchange":     append([]string{"desk"}, words...),
	"zendesk":      append([]string{"desk", "reach"}, words...),
	"tracker":      append([]string{"desk", "reach"}, words...),
	"diary":        append([]string{"reach"}, words...),
}

func TestImportsPointInward(t *testing.T) {
	for _, file := range mustSources(t) {
		permitted, bound := allowed[file.pkg]
		if slices.Contains(words, file.pkg) {
			permitted, bound = words, true
		}
		if !bound || file.test {
			continue
		}
		for _, path := range file.imports() {
			short, ours := strings.CutPrefix(path, "hark/")
			if ours && !slices.Contains(permitted, short) {
				t.Errorf("%s imports %s: package %s may only know %v. Move the type down or the work up.", file.path, path, file.pkg, permitted)
			}
		}
	}
}

func TestWordsDoNoInputOrOutput(t *testing.T) {
	banned := []string{"context", "os", "net", "net/http", "database/sql", "os/exec", "io/ioutil", "math/rand", "math/rand/v2", "log", "log/slog"}
	for _, file := range mustSources(t) {
		if file.test || !slices.Contains(words, file.pkg) {
			continue
		}
		for _, path := range file.imports() {
			if slices.Contains(banned, path) {
				t.Errorf("%s imports %q: a word takes values and gives values. Let the caller read and pass the result in.", file.path, path)
			}
		}
	}
}

func TestWordsNeverReadTheClock(t *testing.T) {
	eachCall(t, func(file source, call *ast.CallExpr, name string) {
		if file.test || !slices.Contains(words, file.pkg) {
			return
		}
		switch name {
		case "time.Now", "time.Since", "time.Until", "time.After", "time.Sleep", "time.NewTimer":
			t.Errorf("%s calls %s: now is a parameter in package %s.", file.at(call), name, file.pkg)
		}
	})
}

// Go's time.Date decides differently by zone for local times that do not exist or exist twice; calendar.Resolve has one rule.
func TestLocalTimesAreResolvedInOnePlace(t *testing.T) {
	eachCall(t, func(file source, call *ast.CallExpr, name string) {
		if file.test || file.pkg == "calendar" && strings.HasSuffix(file.path, "resolve.go") {
			return
		}
		if name == "time.Date" || strings.HasSuffix(name, ".AddDate") {
			t.Errorf("%s calls %s: use calendar.Resolve, which follows RFC 5545 in every zone.", file.at(call), name)
		}
	})
}

func TestPackagesBeginWithAParagraph(t *testing.T) {
	longest := map[string]string{}
	for _, file := range mustSources(t) {
		if strings.HasSuffix(file.path, "_test.go") {
			continue
		}
		if doc := file.syntax.Doc.Text(); len(doc) >= len(longest[file.pkg]) {
			longest[file.pkg] = doc
		}
	}
	for pkg, doc := range longest {
		if len(doc) < 120 {
			t.Errorf("package %s has no paragraph that teaches its concept (%d letters): write one above a package clause.", pkg, len(doc))
		}
	}
}

func TestFoldersAreNamedAfterWhatTheyDo(t *testing.T) {
	for _, file := range mustSources(t) {
		for _, part := range strings.Split(file.pkg, "/") {
			switch part {
			case "util", "utils", "helper", "helpers", "common", "manager", "model", "models", "misc", "base":
				t.Errorf("%s lives in %q, which says nothing: name the folder after what it does.", file.path, part)
			}
		}
	}
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// Both drivers take $1, $2, ...; SQLite numbers them by first appearance, so out of order they silently swap values.
func TestSQLParametersFirstAppearInOrder(t *testing.T) {
	for _, file := range mustSources(t) {
		if file.made {
			continue
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != token.STRING || !looksLikeSQL(text.Value) {
				return true
			}
			highest := 0
			for _, match := range parameter.FindAllStringSubmatch(text.Value, -1) {
				number, _ := strconv.Atoi(match[1])
				if number > highest+1 && highest > 0 {
					t.Errorf("%s: $%d comes before $%d in this statement.", file.at(text), number, highest+1)
				}
				highest = max(highest, number)
			}
			return true
		})
	}
}

func looksLikeSQL(text string) bool {
	return regexp.MustCompile(`(?i)\b(select|insert|update|delete)\b`).MatchString(text) && strings.Contains(text, "$1")
}

func TestH9_TheServerRunsNoOtherProgram(t *testing.T) {
	for _, file := range mustSources(t) {
		if file.test || file.pkg == "web/build" {
			continue
		}
		if slices.Contains(file.imports(), "os/exec") {
			t.Errorf("%s imports os/exec: no shell and no sendmail program is reachable from the server.", file.path)
		}
	}
}

// What people send is kept as it came and handed out as it came. Whoever sends an archive or a picture that grows a thousandfold
// when it is opened finds nothing here that opens it.
func TestH6_NothingThatWasSentIsUnpacked(t *testing.T) {
	opens := map[string]string{ // and who may, because it is their own file
		"archive/zip": "", "compress/bzip2": "", "compress/flate": "", "compress/lzw": "", "compress/zlib": "", "encoding/gob": "",
		"image": "demo", "image/gif": "demo", "image/jpeg": "demo", "image/png": "demo", "archive/tar": "store", "compress/gzip": "store",
	}
	for _, file := range mustSources(t) {
		for _, path := range file.imports() {
			if by, known := opens[path]; known && !file.test && file.pkg != by && file.pkg != "web/build" {
				t.Errorf("%s imports %s: what people send is never unpacked.", file.path, path)
			}
		}
	}
}

func TestNothingIsSkippedOrLeftOpen(t *testing.T) {
	open := regexp.MustCompile(`\b(TODO|FIXME|XXX)\b|t\.Skip\(|not implemented`)
	err := files(func(path string) error {
		if !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") && !strings.HasSuffix(path, ".ts") || strings.HasPrefix(path, "internal/tidy/") {
			return nil
		}
		text, err := read(path)
		for number, line := range strings.Split(text, "\n") {
			if open.MatchString(line) {
				t.Errorf("%s:%d leaves something open: %s", path, number+1, strings.TrimSpace(line))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)

func TestLinksInDocsLead(t *testing.T) {
	exists := map[string]bool{}
	var pages []string
	if err := files(func(path string) error {
		exists[path] = true
		for dir := path; strings.Contains(dir, "/"); {
			dir = dir[:strings.LastIndex(dir, "/")]
			exists[dir] = true
		}
		if strings.HasSuffix(path, ".md") {
			pages = append(pages, path)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		text, err := read(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			if target := match[1]; !strings.Contains(target, "://") && !strings.HasPrefix(target, "mailto:") && !exists[resolve(page, target)] {
				t.Errorf("%s links to %s, which is not there.", page, target)
			}
		}
	}
}

// resolve turns a link in page into a path from the root.
func resolve(page, target string) string {
	parts := strings.Split(page, "/")
	parts = parts[:len(parts)-1]
	for _, part := range strings.Split(strings.TrimSuffix(target, "/"), "/") {
		switch {
		case part == "..":
			parts = parts[:max(0, len(parts)-1)]
		case part != ".":
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/")
}

func mustSources(t *testing.T) []source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 5 {
		t.Fatalf("only %d Go files found: the tests look in the wrong place", len(all))
	}
	return all
}

// eachCall visits every call in the repository; name is "pkg.Func" or "value.Method" as written.
func eachCall(t *testing.T, visit func(file source, call *ast.CallExpr, name string)) {
	t.Helper()
	for _, file := range mustSources(t) {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if selected, ok := call.Fun.(*ast.SelectorExpr); ok {
					visit(file, call, receiver(selected.X)+"."+selected.Sel.Name)
				}
			}
			return true
		})
	}
}

func receiver(x ast.Expr) string {
	if name, ok := x.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

var capability = regexp.MustCompile(`(?m)^\| (\d\.\d+) \| .+? \| (Yes|Partly|No) \| (.*)\|$`)
var testName = regexp.MustCompile(`\bTest\w+`)

// The support table never flatters: a Yes or a Partly names a test, and the test exists.
func TestTheSupportTableNamesTestsThatExist(t *testing.T) {
	exists := map[string]bool{}
	for _, file := range mustSources(t) {
		for _, declaration := range file.syntax.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && file.test {
				exists[function.Name.Name] = true
			}
		}
	}
	text, err := read("docs/seeds.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := capability.FindAllStringSubmatch(text, -1)
	if len(lines) != 141 {
		t.Errorf("docs/seeds.md has %d capabilities, the seeds have 141", len(lines))
	}
	for _, line := range lines {
		names := testName.FindAllString(line[3], -1)
		if line[2] != "No" && len(names) == 0 {
			t.Errorf("capability %s says %s and names no test", line[1], line[2])
		}
		for _, name := range names {
			if !exists[name] {
				t.Errorf("capability %s is shown by %s, which does not exist", line[1], name)
			}
		}
	}
}

var required = regexp.MustCompile(`(?m)^\t(?:require )?([a-z0-9.-]+/[^ ]+) v[^ /]+$`)

// A dependency is a decision: each module that we import ourselves stands on the page of dependencies with its reason.
func TestEveryDependencyIsADecision(t *testing.T) {
	modules, err := read("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := read("docs/decisions/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	found := required.FindAllStringSubmatch(modules, -1)
	if len(found) < 15 {
		t.Fatalf("only %d modules found in go.mod", len(found))
	}
	for _, module := range found {
		name := regexp.MustCompile(`/v\d+$`).ReplaceAllString(strings.TrimPrefix(module[1], "github.com/"), "")
		if !strings.Contains(page, name) {
			t.Errorf("go.mod requires %s, and docs/decisions/dependencies.md does not say why.", name)
		}
	}
}

// longest is how many lines a function may have. Lines of a table (a composite literal) do not count: the length of a table
// is not complexity.
const longestFunction = 60

func TestFunctionsAreShort(t *testing.T) {
	for _, file := range mustSources(t) {
		if file.test || file.made {
			continue
		}
		for _, declaration := range file.syntax.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Body == nil {
				continue
			}
			if n := file.lines(function) - file.tableLines(function.Body); n > longestFunction {
				t.Errorf("%s: %s has %d lines. Give its parts names.", file.at(function), function.Name.Name, n)
			}
		}
	}
}

func (s source) lines(n ast.Node) int {
	return s.fileSet.Position(n.End()).Line - s.fileSet.Position(n.Pos()).Line
}

// tableLines counts the lines that the outermost composite literals take.
func (s source) tableLines(body ast.Node) (lines int) {
	ast.Inspect(body, func(n ast.Node) bool {
		table, ok := n.(*ast.CompositeLit)
		if ok {
			lines += s.lines(table)
		}
		return !ok
	})
	return lines
}

// Whoever asks the web for something may be led anywhere. There is one place that makes a client, package reach, which checks each address
// when it connects, and three that ask with it (threats E1, E3, E4); tests ask their own servers.
func TestE4_OneClientAsksTheWeb(t *testing.T) {
	asks := map[string]bool{"http.Client": true, "http.DefaultClient": true, "http.DefaultTransport": true, "http.Transport": true, "http.Get": true, "http.Post": true, "http.Head": true}
	for _, file := range mustSources(t) {
		if file.test || file.pkg == "reach" {
			continue
		}
		holds := file.pkg == "zendesk" || file.pkg == "tracker" || file.pkg == "diary" // a client that reach has made
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if held, ok := n.(*ast.StarExpr); ok && holds {
				_, named := held.X.(*ast.SelectorExpr)
				return !named // a pointer to a client makes none
			}
			if selected, ok := n.(*ast.SelectorExpr); ok && asks[receiver(selected.X)+"."+selected.Sel.Name] {
				t.Errorf("%s uses http.%s: the server fetches nothing but what packages zendesk, tracker and diary do, with the client of package reach.", file.at(n), selected.Sel.Name)
			}
			return true
		})
	}
}

// What is exported is used by another file than the one it stands in, or by a template or a test of another package: else it
// is nobody's business or nobody's need.
func TestWhatIsExportedIsUsed(t *testing.T) {
	used := map[string]int{}
	declared := map[string]string{}
	for _, file := range mustSources(t) {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok {
				used[name.Name]++
			}
			return true
		})
		if file.test || file.made {
			continue
		}
		for _, declaration := range file.syntax.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && function.Name.IsExported() && !calledByOthers[function.Name.Name] {
				declared[function.Name.Name] = file.at(function)
			}
		}
	}
	for name, place := range declared {
		if used[name] < 2 {
			t.Errorf("%s: nothing calls %s. Remove it; the history keeps it.", place, name)
		}
	}
}

// calledByOthers are methods that libraries call by their names.
var calledByOthers = map[string]bool{
	"UnmarshalText": true, "MarshalText": true, "MarshalJSON": true, "UnmarshalJSON": true, "UnmarshalYAML": true, "LogValue": true, "GoString": true, "String": true, "Error": true,
	"Unwrap": true, "ServeHTTP": true, "Describe": true, "Collect": true, "Validate": true, "Run": true, "Flush": true, "Hijack": true, "Is": true, "As": true,
}

var (
	pattern = regexp.MustCompile(`Pattern: "([^"]+)"`)
	address = regexp.MustCompile("`(/[^`]*)`")
)

// The table of addresses in web/README.md and the table of routes in web/routes.go name the same addresses.
func TestTheGuideNamesEveryRoute(t *testing.T) {
	routes, err := read("web/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	guide, err := read("web/README.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, line := range strings.Split(guide, "\n") {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| ") && len(cells) >= 3 {
			for _, match := range address.FindAllStringSubmatch(cells[0], -1) {
				told[match[1]] = true
			}
		}
	}
	exists := map[string]bool{}
	for _, match := range pattern.FindAllStringSubmatch(routes, -1) {
		exists[match[1]] = true
		if !told[match[1]] {
			t.Errorf("web/README.md does not say what %s takes and answers", match[1])
		}
	}
	for one := range told {
		if !exists[one] {
			t.Errorf("web/README.md tells of %s, which web/routes.go does not have", one)
		}
	}
}
