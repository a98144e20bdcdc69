package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"hark/article"
	"hark/store"
)

// Articles is how large a help [FillHelp] makes.
const Articles = 5_000

// FillHelp publishes a large help for a brand: article-0 to article-4999, each with 200 words of a thousand, word0 to word999, and
// with "donation", which all have.
func FillHelp(ctx context.Context, db *store.DB, brand int64, published time.Time) error {
	section := article.Section{Brand: brand, Name: "Everything", Slug: "everything", Position: 1}
	err := db.Write(ctx, func(tx *store.Tx) error { return tx.SaveHelpSection(&section) })
	dice := rand.New(rand.NewPCG(1, 2))
	for from := 0; from < Articles && err == nil; from += 500 {
		err = db.Write(ctx, func(tx *store.Tx) error {
			for n := from; n < from+500; n++ {
				var words strings.Builder
				for range 200 {
					fmt.Fprintf(&words, "word%d ", dice.IntN(1000))
				}
				a := article.Article{Brand: brand, State: article.Published, Published: published, Content: article.Content{
					Title: fmt.Sprintf("Article %d", n), Slug: fmt.Sprintf("article-%d", n), Section: section.ID, Body: "Every donation counts.\n\n# Heading\n\n" + words.String(), Audience: article.ForAll}}
				if err := tx.SaveArticle(&a); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}
