package article

import (
	"bytes"
	"regexp"
	"strconv"
	"time"
)

// Picture is a picture of an article, which whoever may read the article may see.
type Picture struct {
	ID      int64
	Article int64
	Name    string
	Type    string // as its bytes say
	Size    int64
	SHA256  string
	By      int64
	At      time.Time
}

// The bounds of pictures: a page with more or larger ones would not load on a telephone.
const (
	MostPictures   = 40
	LargestPicture = 5 << 20 // bytes
)

// PicturePath is the address of a picture, as an article names it.
func PicturePath(id int64) string { return "/help/pictures/" + strconv.FormatInt(id, 10) }

// ours is what the address of a picture of ours looks like. Any other picture becomes a link to where it is.
var ours = regexp.MustCompile(`^/help/pictures/[1-9][0-9]{0,17}$`)

// Shows reports whether a text shows a picture.
func Shows(body string, id int64) bool {
	return regexp.MustCompile(regexp.QuoteMeta(PicturePath(id)) + `\b`).MatchString(body)
}

// pictureTypes are the kinds of pictures that every browser shows, by how their bytes begin. A name or a claimed type says nothing (threat
// A5), and a drawing of SVG can hold a script.
var pictureTypes = []struct {
	kind, begins string
	at           int
}{
	{"image/png", "\x89PNG\r\n\x1a\n", 0}, {"image/jpeg", "\xff\xd8\xff", 0}, {"image/gif", "GIF87a", 0}, {"image/gif", "GIF89a", 0}, {"image/webp", "WEBPVP", 8},
}

// PictureType is what the beginning of a file says it is, "" for anything that is no picture.
func PictureType(head []byte) string {
	for _, t := range pictureTypes {
		if len(head) > t.at && bytes.HasPrefix(head[t.at:], []byte(t.begins)) && (t.at == 0 || bytes.HasPrefix(head, []byte("RIFF"))) {
			return t.kind
		}
	}
	return ""
}
