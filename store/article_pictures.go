package store

import "hark/article"

// AddPicture stores a picture of an article and sets its ID. Its bytes are kept already.
func (tx *Tx) AddPicture(p *article.Picture) (err error) {
	p.ID, err = tx.insert(`
		INSERT INTO article_pictures (article_id, name, type, size, sha256, added_by, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, p.Article, p.Name, p.Type, p.Size, p.SHA256, ref(p.By), p.At)
	return err
}

const selectPicture = `
	SELECT id, article_id, name, type, size, sha256, added_by, added_at
	FROM article_pictures
	WHERE `

func (tx *Tx) pictures(where string, id int64) (all []article.Picture, err error) {
	var p article.Picture
	err = tx.each([]any{&p.ID, &p.Article, &p.Name, &p.Type, &p.Size, &p.SHA256, &p.By, &p.At}, func() error { all = append(all, p); return nil }, selectPicture+where, id)
	return all, err
}

// Picture returns a picture; [fault.NotFound] when there is none. Whether somebody may see it, its article says.
func (tx *Tx) Picture(id int64) (article.Picture, error) {
	all, err := tx.pictures("id = $1", id)
	if err == nil && len(all) == 0 {
		err = absent("picture")
	}
	return first(all), err
}

// PicturesOf are the pictures of an article, the newest first.
func (tx *Tx) PicturesOf(articleID int64) ([]article.Picture, error) {
	return tx.pictures("article_id = $1 ORDER BY id DESC", articleID)
}
