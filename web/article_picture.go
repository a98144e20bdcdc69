package web

import (
	"hark/article"
	"hark/desk"
	"hark/fault"
	"hark/ticket"
	"hark/web/articles"
	"hark/web/visit"
)

// helpPicture shows a picture of an article to whoever may read it.
func (h *house) helpPicture(v *visit.Visit) error {
	id, err := v.Number("picture")
	if err != nil {
		return err
	}
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	p, content, err := h.desk.ArticlePicture(v.Context(), v.Actor, brand, id)
	if err != nil {
		return err
	}
	defer content.Close()
	return serveFile(v, ticket.Attachment{Name: p.Name, Type: p.Type, Size: p.Size}, content)
}

// addPictures takes pictures for an article.
func (h *house) addPictures(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	if err := v.NoFields(); err != nil {
		return err
	}
	files, err := h.keepFiles(v)
	if err == nil && len(files) == 0 {
		err = fault.New(fault.Invalid, "choose a picture first")
	}
	for _, file := range files {
		if err == nil {
			_, err = h.desk.AddPicture(v.Context(), v.Actor, desk.AddPicture{Article: id, File: file})
		}
	}
	if err != nil && (visit.Status(err) >= 500 || isNotFound(err)) {
		return err
	}
	if err != nil {
		e, wrong := h.desk.EditArticle(v.Context(), v.Actor, id)
		if wrong != nil {
			return wrong
		}
		return h.showEdit(v, visit.Status(err), e, nil, err)
	}
	return v.SeeOther(articlePath(id) + "#pictures")
}

// pictureRows are the pictures of an article, with how its text names each.
func pictureRows(e desk.ArticleEdit) (rows []articles.Picture) {
	for _, p := range e.Pictures {
		rows = append(rows, articles.Picture{URL: article.PicturePath(p.ID), Name: p.Name, Size: size(p.Size), Markdown: "![](" + article.PicturePath(p.ID) + ")", Shown: article.Shows(e.Writing.Body, p.ID)})
	}
	return rows
}
