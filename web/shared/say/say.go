// Package say prints every sentence that people read on a page.
//
// A sentence is keyed by its own English text, as golang.org/x/text/message does it, so a page reads like the page it
// makes, and a language is added by filling a catalog and without touching a template. Numbers given as numbers are
// grouped as the reader's language does it; ticket numbers and years are therefore passed as text.
package say

import (
	"context"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

type key struct{}

var english = message.NewPrinter(language.English)

// In puts the reader's language into ctx; pages rendered with it speak that language where a catalog has it.
// English needs nothing: every sentence is its own English.
func In(ctx context.Context, reader language.Tag) context.Context {
	if base, _ := reader.Base(); base.String() == "en" {
		return ctx
	}
	return context.WithValue(ctx, key{}, message.NewPrinter(reader))
}

// It returns the sentence in the reader's language, English when none is known.
func It(ctx context.Context, sentence string, args ...any) string {
	if printer, ok := ctx.Value(key{}).(*message.Printer); ok {
		return printer.Sprintf(sentence, args...)
	}
	if len(args) == 0 && !strings.Contains(sentence, "%") {
		return sentence // a page of fifty rows says hundreds of these
	}
	return english.Sprintf(sentence, args...)
}
