package visit

import (
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/fault"
)

// filesField is the name that file fields have on all our forms.
const filesField = "files"

// maxForm is the largest form without files, MaxFiles with files, in bytes. It is more than a message can carry: whoever adds too much
// gets their words back with what is wrong, and only a form that is larger still is not read.
const (
	maxForm  = 1 << 20
	MaxFiles = 64 << 20
)

// patience is how long a form's body may take to arrive: words at once, files as a slow line brings them.
func patience(r *http.Request) time.Duration {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return 5 * time.Minute
	}
	return 30 * time.Second
}

// ErrForm is the cause when a form has fields that no page of ours sends: not a mistake of somebody's, which their page would show
// them.
var ErrForm = errors.New("not one of our forms")

// Form fills a struct from the posted form. Each field that may be sent carries a tag `form:"name"`; strings, bools,
// int64s and []strings are understood. A name that is not in the struct, or a name sent twice for a field that is not a
// list, is refused: what cannot be sent cannot be assigned (B8, F5). The form token itself is checked before, by the route.
// A tag that ends in a star, `form:"set:*"`, stands at a map[string][]string and takes every name that begins so.
func (v *Visit) Form(into any) error {
	if err := v.parseForm(); err != nil {
		return err
	}
	fields := map[string]reflect.Value{}
	target := reflect.ValueOf(into).Elem()
	for i := range target.NumField() {
		if name := target.Type().Field(i).Tag.Get("form"); name != "" {
			fields[name] = target.Field(i)
		}
	}
	if unknown := unknownNames(v.Request.PostForm, fields); len(unknown) > 0 {
		return fault.Wrap(ErrForm, fault.Invalid, "This form has no field %q.", strings.Join(unknown, ", "))
	}
	for name, values := range v.Request.PostForm {
		field, known := fieldOf(name, fields)
		if !known {
			continue
		}
		if err := assign(field, name, values); err != nil {
			return err
		}
	}
	return nil
}

// fieldOf is where a posted name goes: to its own field, else to the one for all names that begin like it.
func fieldOf(name string, fields map[string]reflect.Value) (field reflect.Value, known bool) {
	if field, known = fields[name]; known {
		return field, true
	}
	family, _, of := strings.Cut(name, ":")
	field, known = fields[family+":*"]
	return field, known && of
}

// NoFields is Form for a form that is only a button.
func (v *Visit) NoFields() error { return v.Form(&struct{}{}) }

// unknownNames are the posted names that the form does not have, in order.
func unknownNames(posted url.Values, fields map[string]reflect.Value) []string {
	var unknown []string
	for name, values := range posted {
		if _, known := fieldOf(name, fields); !known && name != tokenField && !noFile(name, values) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

func assign(field reflect.Value, name string, values []string) error {
	if field.Kind() == reflect.Map {
		if field.IsNil() {
			field.Set(reflect.ValueOf(map[string][]string{}))
		}
		_, rest, _ := strings.Cut(name, ":")
		for i := range values {
			values[i] = strings.ReplaceAll(values[i], "\x00", "")
		}
		field.SetMapIndex(reflect.ValueOf(rest), reflect.ValueOf(values))
		return nil
	}
	if field.Kind() == reflect.Slice {
		field.Set(reflect.ValueOf(values))
		return nil
	}
	if len(values) != 1 {
		return fault.New(fault.Invalid, "The field %q was sent %d times; once is meant.", name, len(values))
	}
	value := strings.ReplaceAll(values[0], "\x00", "")
	switch field.Kind() {
	case reflect.String:
		field.SetString(value)
	case reflect.Bool:
		field.SetBool(value == "on" || value == "true" || value == "1")
	case reflect.Int64:
		if value == "" {
			return nil
		}
		number, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return fault.New(fault.Invalid, "The field %q takes a whole number.", name)
		}
		field.SetInt(number)
	}
	return nil
}

// noFile recognises a file field in which nothing was chosen: browsers send it with an empty file name, and then it is read
// as an empty value.
func noFile(name string, values []string) bool {
	return name == filesField && strings.Join(values, "") == ""
}

// Files returns the uploaded files of a form, at most max of them.
func (v *Visit) Files(max int) ([]*multipart.FileHeader, error) {
	if v.Request.MultipartForm == nil {
		return nil, nil
	}
	files := v.Request.MultipartForm.File[filesField]
	if len(files) > max {
		return nil, fault.New(fault.TooLarge, "At most %d files can be added at once.", max)
	}
	return files, nil
}

// Wrote returns the words of the form that was posted, in whichever field our forms have for them; "" when there are none. A
// page that refuses the form shows them, so that nothing written is lost. A form that another site sent, and one that is
// too large to be read for a stranger, is not looked at.
func (v *Visit) Wrote() string {
	if !unsafe(v.Request.Method) || checkOrigin(v.Request) != nil {
		return ""
	}
	if unread := v.Request.PostForm == nil; unread && (v.Request.ContentLength < 0 || v.Request.ContentLength > maxForm) || v.parseForm() != nil {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(v.Request.PostForm.Get("body"), "\x00", ""))
}

// HasFiles reports whether files came with the form. A refused form cannot send them back; they have to be added again.
func (v *Visit) HasFiles() bool {
	return v.Request.MultipartForm != nil && len(v.Request.MultipartForm.File[filesField]) > 0
}

func (v *Visit) parseForm() error {
	if v.Request.PostForm != nil {
		return nil
	}
	control := http.NewResponseController(v.Writer)
	_ = control.SetReadDeadline(time.Now().Add(patience(v.Request))) // tests answer into memory, which has no deadlines
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	kind, _, err := mime.ParseMediaType(v.Request.Header.Get("Content-Type"))
	switch {
	case err != nil && v.Request.ContentLength == 0:
		v.Request.PostForm = map[string][]string{}
		return nil
	case kind == "application/x-www-form-urlencoded":
		v.Request.Body = http.MaxBytesReader(v.Writer, v.Request.Body, v.most)
		err = v.Request.ParseForm()
	case kind == "multipart/form-data":
		v.Request.Body = http.MaxBytesReader(v.Writer, v.Request.Body, MaxFiles)
		err = v.Request.ParseMultipartForm(maxForm)
		if err == nil {
			v.Request.PostForm = v.Request.MultipartForm.Value
		}
	default:
		return fault.New(fault.Invalid, "A form is sent as application/x-www-form-urlencoded or multipart/form-data.")
	}
	if tooLarge := new(http.MaxBytesError); err != nil && asError(err, &tooLarge) {
		return fault.New(fault.TooLarge, "That is more than this form can take (%d MB).", tooLarge.Limit>>20)
	}
	return fault.Wrap(err, fault.Invalid, "The form could not be read.")
}
