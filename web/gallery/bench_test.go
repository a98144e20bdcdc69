package gallery_test

import (
	"context"
	"io"
	"testing"

	"hark/web/gallery"
	"hark/web/shared"
)

// How long a page of fifty rows takes to write, without the database that fills it.
func BenchmarkInboxOfFiftyRows(b *testing.B) {
	ctx := shared.With(context.Background(), shared.Frame{})
	page := gallery.FullList()
	for b.Loop() {
		if err := page.Render(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
