package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// drawing is a page with a few grey lines on it, as a screenshot of an empty page looks.
func drawing(kind string) []byte {
	page := image.NewRGBA(image.Rect(0, 0, 480, 300))
	for y := range 300 {
		for x := range 480 {
			page.Set(x, y, shade(x, y))
		}
	}
	var out bytes.Buffer
	if kind == "image/jpeg" {
		_ = jpeg.Encode(&out, page, nil) // writing to memory cannot fail
	} else {
		_ = png.Encode(&out, page)
	}
	return out.Bytes()
}

func shade(x, y int) color.Color {
	switch {
	case y < 28:
		return color.RGBA{214, 226, 224, 255}
	case y%36 < 8 && x > 60 && x < 420-(y%5)*30 && y > 60 && y < 240:
		return color.RGBA{224, 220, 212, 255}
	}
	return color.RGBA{252, 250, 246, 255}
}
