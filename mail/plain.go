package mail

// PlainText is what a person reads in HTML that has been through Sanitise, without its marks.
func PlainText(sanitised string) string { return textOfHTML(sanitised) }
