package desk

// Key is the desk's own secret for one purpose outside of this package, such as the tokens of forms. Keys of different
// purposes tell nothing about each other.
func (d *Desk) Key(purpose string) []byte { return d.keys.For("outside/" + purpose) }
