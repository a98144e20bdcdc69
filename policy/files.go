package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Files of the library: a policy names them, and the desk keeps them. A step shows its own to whoever is on the phone; a message takes its
// own along to the customer.

// FilesMissing are the files that the policy names and a library does not have: each once, by name.
func (p *Policy) FilesMissing(has func(name string) bool) (missing []string) {
	for _, name := range p.filesNamed() {
		if !has(name) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// filesNamed are the names of the files of all procedures and messages.
func (p *Policy) filesNamed() (names []string) {
	for _, proc := range p.Doc.Procedures {
		names = append(names, proc.Files()...)
	}
	for _, m := range p.Doc.Messages {
		names = append(names, m.Files...)
	}
	return names
}

// Files are the names of the files of all its steps.
func (p Procedure) Files() (names []string) {
	for _, s := range p.Steps {
		names = append(names, s.Files...)
	}
	return names
}

// messageSays is a message as people call it, in quotes, with the files that it carries.
func (p *Policy) messageSays(id string) string {
	return carrying(p.messageName(id), p.Doc.Messages[id].Files)
}

func carrying(name string, files []string) string {
	says := "“" + name + "”"
	if len(files) > 0 {
		says += " with " + enumerate(files)
	}
	return says
}

// files looks for files that are named twice in one place, and for messages that carry files and go by themselves. What goes by itself
// also answers senders who are forged, and would let anybody have large mails sent to anybody.
func (l *linter) files() {
	l.p.walk(func(n *node) {
		switch {
		case n.place == "Message.files" || n.place == "Step.files":
			l.filesTwice(n)
		case n.kind == scalar && refersTo[n.place] == "messages" && len(l.p.Doc.Messages[n.text].Files) > 0 && !chosenByPerson(n):
			l.put(n.at, Error, "files", fmt.Sprintf("the message %s carries files, and goes by itself here", n.text), "send a message without files here, with an address in its words; files go only where a person chooses the message, in a procedure or with reply_with")
		}
	})
}

// chosenByPerson reports whether a person chooses that the message which is named here is sent.
func chosenByPerson(n *node) bool {
	return strings.HasPrefix(n.path, "procedures.") || strings.HasSuffix(n.place, ".reply_with")
}

func (l *linter) filesTwice(list *node) {
	var seen []string
	for _, e := range list.entries {
		if slices.Contains(seen, e.text) {
			l.put(e.at, Error, "files", fmt.Sprintf("%q is named twice", clip(e.text)), "name it once")
		}
		seen = append(seen, e.text)
	}
}
