package shared

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Colours is one accent for day and night: the accent itself, and the ink that is readable on it. All are "#rrggbb".
type Colours struct {
	Day, DayInk     string
	Night, NightInk string
}

// The papers an accent stands on, as in tokens.css; links are accent-coloured text on them.
const (
	dayPaper   = "#fbfaf7"
	nightPaper = "#1f1c19"
	tint       = 0.1 // how much accent a tinted paper has at most
	readable   = 4.5 // WCAG 2.2, 1.4.3, text of any size
)

// Accent makes a brand's colour usable: hex ("#0a7a7a" or "0a7") is darkened for day and lightened for night until
// text in it is readable on our papers (contrast of 4.5 and more), and each gets the ink, black or white, that is readable on it.
// The hue stays the brand's. An unreadable hex is an error that says what is expected.
func Accent(hex string) (Colours, error) {
	brand, err := parseHex(hex)
	if err != nil {
		return Colours{}, err
	}
	day := untilReadable(brand, dayPaper, rgb{0, 0, 0})
	night := untilReadable(brand, nightPaper, rgb{1, 1, 1})
	return Colours{Day: day.hex(), DayInk: inkOn(day), Night: night.hex(), NightInk: inkOn(night)}, nil
}

// CSS returns the style sheet that puts the accent in place; it is served as a file of its own, so that no page needs
// an inline style.
func (c Colours) CSS() string {
	return fmt.Sprintf(":root{--accent:light-dark(%s,%s);--accent-ink:light-dark(%s,%s)}\n", c.Day, c.Night, c.DayInk, c.NightInk)
}

// Contrast returns the WCAG contrast ratio of two "#rrggbb" colours, 1 to 21; 0 when one cannot be read.
func Contrast(a, b string) float64 {
	one, errA := parseHex(a)
	two, errB := parseHex(b)
	if errA != nil || errB != nil {
		return 0
	}
	return contrast(one, two)
}

type rgb [3]float64

func parseHex(hex string) (rgb, error) {
	digits := strings.TrimPrefix(strings.TrimSpace(hex), "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 6 {
		return rgb{}, fmt.Errorf("%q is not a colour; write it as #rrggbb, for example #0a7a7a", hex)
	}
	return rgb{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, nil
}

func (c rgb) hex() string {
	at := func(i int) int { return int(math.Round(c[i] * 255)) }
	return fmt.Sprintf("#%02x%02x%02x", at(0), at(1), at(2))
}

// untilReadable moves c towards an end, 2 % a step, until it can be read on paper, also where the paper is tinted
// with the accent itself (--accent-soft in tokens.css).
func untilReadable(c rgb, paper string, towards rgb) rgb {
	ground, _ := parseHex(paper)
	mixed := c
	for step := 0.0; step <= 1 && contrast(mixed, mix(ground, mixed, tint)) < readable+0.1; step += 0.02 {
		mixed = mix(c, towards, step)
	}
	return mixed
}

func mix(a, b rgb, share float64) (out rgb) {
	for i := range a {
		out[i] = a[i]*(1-share) + b[i]*share
	}
	return out
}

func inkOn(c rgb) string {
	if contrast(c, rgb{1, 1, 1}) >= readable {
		return "#ffffff"
	}
	return "#14110f"
}

func contrast(a, b rgb) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c rgb) float64 {
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}
