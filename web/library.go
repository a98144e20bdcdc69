package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
	"hark/web/editor"
	"hark/web/phone"
	"hark/web/visit"
)

// The files of the library: where the policy is written, beside the step of a call, and with the messages that carry them.

// library lists the files of a brand.
func (h *house) library(v *visit.Visit) error {
	brand, house, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	return h.showLibrary(v, http.StatusOK, brand, house, refusedFile{})
}

// refusedFile is why a file was not taken: a new version of one, or, with no number, one to add.
type refusedFile struct {
	id   int64
	says string
}

func (h *house) showLibrary(v *visit.Visit, status int, brand int64, house desk.House, wrong refusedFile) error {
	files, err := h.desk.LibraryFiles(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	view := editor.Library{Brand: number(brand), Wrong: textIf(wrong.id == 0, wrong.says)}
	for _, f := range files {
		view.Files = append(view.Files, editor.LibraryFile{
			ID: number(f.ID), Name: f.Name, Size: size(f.Size), Changed: h.changedSays(v, f, house.Staff), Wrong: textIf(wrong.id == f.ID, wrong.says),
		})
	}
	return h.showStatus(v, status, editor.LibraryPage(view))
}

func (h *house) changedSays(v *visit.Visit, f store.LibraryFile, staff []account.Person) string {
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
	files, err := h.chosenFiles(v)
	for _, file := range files {
		if err == nil {
			_, err = h.desk.AddLibraryFile(v.Context(), v.Actor, in.Brand, file)
		}
	}
	return h.tookFile(v, in.Brand, 0, "saved", err)
}

func (h *house) chosenFiles(v *visit.Visit) ([]desk.File, error) {
	files, err := h.keepFiles(v)
	if err == nil && len(files) == 0 {
		err = fault.New(fault.Invalid, "choose a file first")
	}
	return files, err
}

// tookFile answers a form with a file. What was refused stands at its field.
func (h *house) tookFile(v *visit.Visit, brand, id int64, said string, err error) error {
	switch {
	case err == nil:
		return h.done(v, said, libraryPath(brand))
	case visit.Status(err) >= 500 || isNotFound(err):
		return err
	}
	house, wrong := h.desk.House(v.Context(), v.Actor)
	if wrong != nil {
		return wrong
	}
	return h.showLibrary(v, visit.Status(err), cmp.Or(brand, firstBrand(house)), house, refusedFile{id, sentence(fault.Says(err))})
}

// replaceLibraryFile puts a new version under the name of a file.
func (h *house) replaceLibraryFile(v *visit.Visit) error {
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
	files, err := h.chosenFiles(v)
	if err == nil {
		_, err = h.desk.ReplaceLibraryFile(v.Context(), v.Actor, in.Brand, id, files[0])
	}
	return h.tookFile(v, in.Brand, id, "file-replaced", err)
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

// carriedSays names the files that a message takes along, with what each weighs, or that the library does not have it.
func carriedSays(library []store.LibraryFile, names []string) string {
	var says []string
	for _, name := range names {
		weighs := "not in the library"
		if i := slices.IndexFunc(library, func(f store.LibraryFile) bool { return f.Name == name }); i >= 0 {
			weighs = size(library[i].Size)
		}
		says = append(says, name+" ("+weighs+")")
	}
	if len(says) == 0 {
		return ""
	}
	return " with " + strings.Join(says, ", ")
}

// mailFiles are the files that a mail of a call carries.
func mailFiles(files []mail.Attachment) (all []phone.File) {
	for _, f := range files {
		all = append(all, phone.File{Name: f.Name, Size: size(f.Size)})
	}
	return all
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
