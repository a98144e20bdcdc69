package web

import (
	"net/http"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/web/articles"
	"hark/web/visit"
)

// helpShelves are the sections of a brand's help.
func (h *house) helpShelves(v *visit.Visit) error {
	brand, _, err := h.helpBrands(v)
	if err != nil {
		return err
	}
	return h.showShelves(v, http.StatusOK, brand, "", nil)
}

func (h *house) showShelves(v *visit.Visit, status int, brand int64, typed string, wrong error) error {
	all, err := h.desk.HelpSections(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, account.Brand{ID: brand}); err != nil {
		return err
	}
	view := articles.Sections{Brand: number(brand), Name: typed, Wrong: sentence(fault.Says(wrong))}
	for _, s := range all {
		view.List = append(view.List, articles.Section{ID: number(s.ID), Name: s.Name, URL: sectionPath(s.Slug)})
	}
	return h.showStatus(v, status, articles.SectionsPage(view))
}

// shelve changes the sections.
func (h *house) shelve(v *visit.Visit) error {
	var in struct {
		Brand   int64  `form:"brand"`
		Section int64  `form:"section"`
		Name    string `form:"name"`
		Do      string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err := h.desk.Shelve(v.Context(), v.Actor, desk.Shelve{Brand: in.Brand, Section: in.Section, Name: in.Name, Up: in.Do == "up", Drop: in.Do == "drop"})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		typed := in.Name
		if in.Section != 0 {
			typed = ""
		}
		return h.showShelves(v, visit.Status(err), in.Brand, typed, err)
	}
	if err != nil {
		return err
	}
	return v.SeeOther("/articles/sections?brand=" + number(in.Brand))
}
