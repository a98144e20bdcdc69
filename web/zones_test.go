package web

import (
	"archive/zip"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Whoever has no script chooses a clock from our list. Wherever people live, one of its zones shows their time, in winter and in summer.
func TestEveryClockOfTheWorldCanBeChosen(t *testing.T) {
	clock := func(name string) [2]int {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		_, winter := time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC).In(zone).Zone()
		_, summer := time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC).In(zone).Zone()
		return [2]int{winter, summer}
	}
	shown := map[[2]int]bool{}
	for _, o := range zones {
		shown[clock(o.Value)] = true
	}
	database, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	for _, f := range database.File {
		area, _, named := strings.Cut(f.Name, "/")
		if !named || strings.HasSuffix(f.Name, "/") || area == "Etc" || area == "Antarctica" { // nobody asks for a call from there
			continue
		}
		if !shown[clock(f.Name)] {
			t.Errorf("nothing in the list shows the time of %s", f.Name)
		}
	}
}
