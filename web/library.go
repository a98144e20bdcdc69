package web

import (
	"cmp"
	"net/http"
	"slices"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/ticket"
	"hark/web/editor"
	"hark/web/phone"
	"hark/web/visit"
)

// The files of the library: where the policy is written, and beside the step of a call.

// library lists the files of a brand.
func (h *house) library(v *visit.Visit) error {
	brand, house, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	return h.showLibrary(v, http.StatusOK, brand, house, "")
}

func (h *house) showLibrary(v *visit.Visit, status int, brand int64, house desk.House, wrong string) error {
	files, err := h.desk.LibraryFiles(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	view := editor.Library{Brand: number(brand), Wrong: wrong}
	for _, f := range files {
		view.Files = append(view.Files, editor.LibraryFile{ID: number(f.ID), Name: f.Name, Size: size(f.Size), Added: h.addedSays(v, f, house.Staff)})
	}
	return h.showStatus(v, status, editor.LibraryPage(view))
}

func (h *house) addedSays(v *visit.Visit, f store.LibraryFile, staff []account.Person) string {
	says := h.time(v, f.At).Relative
	if i := slices.IndexFunc(staff, func(p account.Person) bool { return p.ID == f.By }); i >= 0 {
		says = cmp.Or(staff[i].Name, staff[i].Email) + ", " + says
	}
	return says
}

// addLibraryFiles takes files into the library of a brand.
func (h *house) addLibraryFiles(v *visit.Visit) error {
	var in struct {
		Brand int64 `form:"brand"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	files, err := h.keepFiles(v)
	if err == nil && len(files) == 0 {
		err = fault.New(fault.Invalid, "choose a file first")
	}
	for _, file := range files {
		if err == nil {
			_, err = h.desk.AddLibraryFile(v.Context(), v.Actor, in.Brand, file)
		}
	}
	if err != nil && (visit.Status(err) >= 500 || isNotFound(err)) {
		return err
	}
	if err != nil {
		house, wrong := h.desk.House(v.Context(), v.Actor)
		if wrong != nil {
			return wrong
		}
		return h.showLibrary(v, visit.Status(err), cmp.Or(in.Brand, firstBrand(house)), house, sentence(fault.Says(err)))
	}
	return h.done(v, "saved", libraryPath(in.Brand))
}

// removeLibraryFile takes a file out of the library of a brand.
func (h *house) removeLibraryFile(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Brand int64 `form:"brand"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if err := h.desk.RemoveLibraryFile(v.Context(), v.Actor, in.Brand, id); err != nil {
		return err
	}
	return h.done(v, "file-removed", libraryPath(in.Brand))
}

func libraryPath(brand int64) string {
	if brand == 0 {
		return "/admin/policy/files"
	}
	return "/admin/policy/files?brand=" + number(brand)
}

// phoneFile opens a file that the procedure of a call names.
func (h *house) phoneFile(v *visit.Visit) error {
	call, err := v.Number("id")
	if err != nil {
		return err
	}
	id, err := v.Number("file")
	if err != nil {
		return err
	}
	f, content, err := h.desk.PhoneFile(v.Context(), v.Actor, call, id)
	if err != nil {
		return err
	}
	defer content.Close()
	return serveFile(v, ticket.Attachment{Name: f.Name, Type: f.Type, Size: f.Size}, content)
}

// stepFiles are the files that the step of a call names, each with its address if the library has it.
func stepFiles(p desk.PhonePage) (all []phone.File) {
	for _, name := range p.Run.Step.Files {
		file := phone.File{Name: name}
		if i := slices.IndexFunc(p.Files, func(f store.LibraryFile) bool { return f.Name == name }); i >= 0 {
			file.URL, file.Size = "/phone/"+number(p.Call.ID)+"/files/"+number(p.Files[i].ID), size(p.Files[i].Size)
		}
		all = append(all, file)
	}
	return all
}
