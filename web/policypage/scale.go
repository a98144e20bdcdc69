package policypage

import "fmt"

// x is where the mark stands on a line of 720 units with 4 of margin.
func (m Mark) x() string { return fmt.Sprintf("%.0f", 6+m.At*708) }

// anchor keeps the first and the last words inside the picture.
func (m Mark) anchor() string {
	switch {
	case m.At < 0.08:
		return "start"
	case m.At > 0.92:
		return "end"
	}
	return "middle"
}

// above sets every second mark's words above the line, because two marks may stand close together.
func above(i int, over, under string) string {
	if i%2 == 1 {
		return over
	}
	return under
}

func (m Mark) size(i int) string {
	if i == 0 {
		return "6"
	}
	return "4.5"
}
