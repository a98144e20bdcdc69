package sheet_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"hark/web/sheet"
)

var hostile = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", " =1", "'=1", "''=1",
	"a;=1", "a\";=1", "a\n=1", "a,=1", "a;\n=1", "=HYPERLINK(\"http://x.example\";\"y\")", "\t", "\r", "\n",
}

// No cell is a formula, in no program, and what was written can be had back.
func TestH7_NoCellIsAFormula(t *testing.T) {
	for _, text := range append(hostile, "", "Ana Ruiz", "it's 5 - 3", "a=b", "O'Neil", "'quoted'", "ja; nein") {
		cell := sheet.Guard(text)
		for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("\";,\t\r\n", r) }) {
			if strings.HasPrefix(strings.TrimSpace(part), "=") {
				t.Errorf("%q is written as %q, in which %q is a formula", text, cell, part)
			}
		}
		if got := sheet.Restore(cell); got != text {
			t.Errorf("%q is written as %q and read back as %q", text, cell, got)
		}
	}
	for _, text := range hostile[:12] {
		if !strings.HasPrefix(sheet.Guard(text), "'") {
			t.Errorf("%q is written as %q", text, sheet.Guard(text))
		}
	}
	if harmless := "it's 5 - 3"; sheet.Guard(harmless) != harmless {
		t.Errorf("%q became %q", harmless, sheet.Guard(harmless))
	}
}

func TestATableIsReadBackAsItWas(t *testing.T) {
	var out bytes.Buffer
	if err := sheet.Write(&out, []string{"Kind", "Tickets"}, [][]string{{"=1;2\"\r\n", "4"}, {"Question", "17"}}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), "Question,17\r\n") {
		t.Errorf("lines do not end as RFC 4180 says: %q", out.String())
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 3 || !strings.HasPrefix(rows[1][0], "'=1;2\"") || rows[2][0] != "Question" {
		t.Errorf("read back: %q, %v", rows, err)
	}
}
