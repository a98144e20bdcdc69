// Package sheet writes tables for spreadsheet programs: RFC 4180, lines end with CR LF, and no cell is a formula.
//
// A spreadsheet runs whatever begins like a formula, and a table holds what strangers wrote. Such a cell gets an apostrophe in
// front, which spreadsheets hide and [Restore] takes away again; the same holds behind a quote, a separator or a line break,
// where another program's idea of separators may begin a new cell (threat H7).
package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// Guard is the text as a cell that is never a formula.
func Guard(cell string) string {
	return eachPart(cell, func(part, end string) string {
		if risky(part, end) {
			return "'" + part
		}
		return part
	})
}

// Restore is the text that was guarded.
func Restore(cell string) string {
	return eachPart(cell, func(part, end string) string {
		if bare, marked := strings.CutPrefix(part, "'"); marked && risky(bare, end) {
			return bare
		}
		return part
	})
}

const (
	separators = "\";,\t\r\n"
	formulas   = "=+-@＝＋－＠"
)

// eachPart changes what stands between separators. end is what a part ends with when it is the first of the text, which is
// where a line break or a tab is a danger of its own.
func eachPart(text string, change func(part, end string) string) string {
	var out strings.Builder
	for first := true; ; first = false {
		at := strings.IndexAny(text, separators)
		if at < 0 {
			return out.String() + change(text, "")
		}
		end := ""
		if first {
			end = text[at : at+1]
		}
		out.WriteString(change(text[:at], end))
		out.WriteString(text[at : at+1])
		text = text[at+1:]
	}
}

// risky reports whether a part begins like a formula, behind whatever a program may strip.
func risky(part, end string) bool {
	rest := strings.TrimLeft(part, " '\u00a0")
	if rest == "" {
		return strings.TrimLeft(part, "'") == "" && end != "" && strings.Contains("\t\r\n", end)
	}
	return strings.ContainsRune(formulas, []rune(rest)[0])
}

// Write writes a table: its head, then its rows.
func Write(w io.Writer, head []string, rows [][]string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range append([][]string{head}, rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Guard(cell)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
