package article

import "strings"

// Difference is one place in which two texts are not the same. Was is "" for what is new and Is for what is gone.
type Difference struct {
	Where string // the heading it stands below, "Beginning" before the first
	Was   string
	Is    string
}

// Differences are what changed between two texts, paragraph by paragraph, in the order of the newer one.
func Differences(was, is Content) (all []Difference) {
	for _, one := range []Difference{{"Title", was.Title, is.Title}, {"Address", was.Slug, is.Slug}, {"Product", about(was), about(is)}} {
		if one.Was != one.Is {
			all = append(all, one)
		}
	}
	return append(all, inParagraphs(paragraphs(was.Body), paragraphs(is.Body))...)
}

func about(c Content) string { return strings.TrimSpace(c.Product + " " + c.Release) }

// paragraph is a piece of a text between empty lines, and the heading above it.
type paragraph struct{ under, text string }

func paragraphs(body string) (all []paragraph) {
	under := "Beginning"
	for _, piece := range strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n") {
		piece = strings.TrimSpace(piece)
		if piece == "" {
			continue
		}
		if strings.HasPrefix(piece, "#") {
			first, _, _ := strings.Cut(piece, "\n")
			under = strings.TrimSpace(strings.TrimLeft(first, "#"))
		}
		all = append(all, paragraph{under, piece})
	}
	return all
}

// mostPairs bounds the comparison: texts of more than a thousand paragraphs each are told apart as a whole.
const mostPairs = 1 << 20

// inParagraphs walks both texts along what they have in common. A paragraph that is gone where a new one stands has become that.
func inParagraphs(was, is []paragraph) (all []Difference) {
	if len(was)*len(is) > mostPairs {
		return []Difference{{Where: "The whole text", Was: "another one", Is: "this one"}}
	}
	common := inCommon(was, is)
	for i, j := 0, 0; i < len(was) || j < len(is); {
		switch {
		case i < len(was) && j < len(is) && was[i].text == is[j].text:
			i, j = i+1, j+1
		case i < len(was) && j < len(is) && common[i+1][j+1] == common[i][j]:
			all = append(all, Difference{is[j].under, was[i].text, is[j].text})
			i, j = i+1, j+1
		case j < len(is) && (i == len(was) || common[i][j+1] >= common[i+1][j]):
			all = append(all, Difference{Where: is[j].under, Is: is[j].text})
			j++
		default:
			all = append(all, Difference{Where: was[i].under, Was: was[i].text})
			i++
		}
	}
	return all
}

// inCommon is how many paragraphs the rests of two texts share, from each pair of places on.
func inCommon(was, is []paragraph) [][]int {
	table := make([][]int, len(was)+1)
	for i := range table {
		table[i] = make([]int, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if table[i][j] = max(table[i+1][j], table[i][j+1]); was[i].text == is[j].text {
				table[i][j] = table[i+1][j+1] + 1
			}
		}
	}
	return table
}
