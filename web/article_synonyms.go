package web

import (
	"net/http"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/web/articles"
	"hark/web/visit"
)

// helpSynonyms is the list of words that mean the same in a brand's help.
func (h *house) helpSynonyms(v *visit.Visit) error {
	brand, _, err := h.helpBrands(v)
	if err != nil {
		return err
	}
	return h.showSynonyms(v, http.StatusOK, brand, "", nil)
}

// showSynonyms shows the list as it is kept, or as it was typed and cannot be.
func (h *house) showSynonyms(v *visit.Visit, status int, brand int64, typed string, wrong error) error {
	all, err := h.desk.HelpSynonyms(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, account.Brand{ID: brand}); err != nil {
		return err
	}
	view := articles.Synonyms{Brand: number(brand), Was: all.String(), Text: all.String(), Wrong: sentence(fault.Says(wrong))}
	if wrong != nil {
		view.Text = typed
	}
	return h.showStatus(v, status, articles.SynonymsPage(view))
}

// keepSynonyms keeps it.
func (h *house) keepSynonyms(v *visit.Visit) error {
	var in struct {
		Brand int64  `form:"brand"`
		Text  string `form:"synonyms"`
		Was   string `form:"was"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err := h.desk.KeepSynonyms(v.Context(), v.Actor, desk.KeepSynonyms{Brand: in.Brand, Text: in.Text, Was: in.Was})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showSynonyms(v, visit.Status(err), in.Brand, in.Text, err)
	}
	if err != nil {
		return err
	}
	return h.done(v, "synonyms-kept", "/articles/synonyms?brand="+number(in.Brand))
}
