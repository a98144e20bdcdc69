package desk

import (
	"context"
	"io"

	"hark/access"
	"hark/article"
	"hark/fault"
	"hark/store"
)

// AddPicture is a picture that somebody gives to an article. It stands in it once the text names it.
type AddPicture struct {
	Article int64
	File    File
}

// AddPicture keeps it. What its bytes say decides: four kinds of pictures are taken, and nothing else is, whatever its name
// (threats A5 to A7). The error of a file that cannot be taken is [fault.Invalid] or [fault.TooLarge].
func (d *Desk) AddPicture(ctx context.Context, a access.Actor, in AddPicture) (p article.Picture, err error) {
	if err := mayWriteArticles(a); err != nil {
		return p, err
	}
	if in.File.Size > article.LargestPicture {
		return p, fault.New(fault.TooLarge, "%s has more than %d MB; save it smaller, so that it loads on a telephone too", in.File.Name, article.LargestPicture>>20)
	}
	kind, err := d.pictureType(ctx, in.File.SHA256)
	if err == nil && kind == "" {
		err = fault.New(fault.Invalid, "%s is no picture that every browser shows; use PNG, JPEG, GIF or WebP", in.File.Name)
	}
	if err != nil {
		return p, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		h, art, err := d.ofArticle(tx, a, in.Article, now)
		if err != nil {
			return err
		}
		if err := tx.Alone("help/" + itoa(h.brand.ID)); err != nil {
			return err
		}
		all, err := tx.PicturesOf(art.ID)
		if err == nil && len(all) >= article.MostPictures {
			err = fault.New(fault.Invalid, "an article has room for %d pictures", article.MostPictures)
		}
		if err != nil {
			return err
		}
		p = article.Picture{Article: art.ID, Name: in.File.Name, Type: kind, Size: in.File.Size, SHA256: in.File.SHA256, By: a.Person, At: now}
		return tx.AddPicture(&p)
	})
	return p, err
}

func (d *Desk) pictureType(ctx context.Context, sha string) (string, error) {
	content, err := d.db.Blobs().Open(ctx, sha)
	if err != nil {
		return "", err
	}
	defer content.Close()
	head := make([]byte, 32)
	n, err := io.ReadFull(content, head)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return article.PictureType(head[:n]), err
}

// ArticlePicture is a picture for whoever may see it: whoever may read an article that shows it, and whoever writes the help. Any other is
// [fault.NotFound], whether it exists or not.
func (d *Desk) ArticlePicture(ctx context.Context, a access.Actor, brand, id int64) (p article.Picture, content io.ReadCloser, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if p, err = tx.Picture(id); err != nil {
			return err
		}
		if mayWriteArticles(a) == nil {
			_, _, err = d.ofArticle(tx, a, p.Article, now)
			return err
		}
		h, err := d.help(tx, a, brand, now)
		if err != nil {
			return err
		}
		return h.shows(p)
	})
	if err != nil {
		return p, nil, err
	}
	content, err = d.db.Blobs().Open(ctx, p.SHA256)
	return p, content, err
}

// shows reports whether a reader has an article that shows a picture; else [fault.NotFound].
func (h helped) shows(p article.Picture) error {
	art, err := h.tx.Article(p.Article)
	if err != nil {
		return err
	}
	read, err := h.tx.ArticleAt(h.reader, h.brand.ID, art.Slug)
	if err == nil && (read.ID != art.ID || !article.Shows(read.Body, p.ID)) {
		err = fault.New(fault.NotFound, "there is no such picture")
	}
	return err
}
