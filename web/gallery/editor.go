package gallery

import (
	"hark/policy"
	"hark/web/editor"
	"hark/web/policypage"
)

// The policy editor on the sample day: Ana has made the first reminder come a business day after the question.

func editedText() (string, *policy.Text) {
	source, _ := policy.Example("customer-support-center")
	source, err := policy.Fill(source, "lifecycle.timers.reminder-1.after", []string{"1", "bd"})
	if err != nil {
		panic(err) // the example is part of the program
	}
	text, err := policy.ReadText(source)
	if err != nil {
		panic(err)
	}
	return string(source), text
}

// editing is the editor at a section, "" for the text.
func editing(section string) editor.Edit {
	source, text := editedText()
	view := editor.Edit{
		Brand: "1", Name: "The agency", Source: source, Saved: "Draft saved 2 min ago", Title: "Customer support center", Marks: sectionMarks(text, section),
		Unused:   []editor.Mark{{ID: "plans", Title: "Plans"}, {ID: "escalation", Title: "Escalation"}},
		Findings: []editor.Finding{{Line: 16, Severity: "note", Says: "zone: The source names no place.", Mend: "Confirm it and remove this line, or correct the rule."}},
		Page:     previewed(text), Trial: tried(),
	}
	if sheet, ok := text.Sheet(section); ok && section != "" {
		view.Sheet = &editor.Sheet{Sheet: sheet, Section: section}
	}
	return view
}

func sectionMarks(text *policy.Text, section string) []editor.Mark {
	marks := []editor.Mark{{Title: "Text", Current: section == ""}}
	for _, s := range text.Sections() {
		marks = append(marks, editor.Mark{ID: s.ID, Title: s.Title, Current: s.ID == section})
	}
	marks[3].Warnings, marks[5].Errors = 1, 2
	return marks
}

func previewed(text *policy.Text) []editor.PageSection {
	bound := func(paths ...string) (binds []editor.Bind) {
		for _, path := range paths {
			first, last := text.Lines(path)
			binds = append(binds, editor.Bind{Path: path, Title: text.Title(path), First: first, Last: last})
		}
		return binds
	}
	says := func(words string) []policypage.Block { return []policypage.Block{{Text: run(words)}} }
	return []editor.PageSection{
		{Title: "How to reach us", Blocks: []editor.Block{
			{Parts: says("Come here first when something should be done, mended or explained.")},
			{Parts: []policypage.Block{{Table: &policypage.Table{Rows: policypage.Rows([]string{"Write an email", "support@example.com"}, []string{"Sign in and open a ticket", "New ticket"})}}}, Binds: bound("channels.email", "channels.portal")},
		}},
		{Title: "The life of a ticket", Blocks: []editor.Block{
			{Parts: says("Pending: we mailed you a question. Without an answer we remind you after 1 business day and again after 5 days."), Changed: true, Binds: bound("lifecycle.timers.reminder-1", "lifecycle.timers.reminder-2")},
			{Parts: says("Solved: you have 24 hours to add something, which opens it again; then it is closed."), Binds: bound("lifecycle.timers.lock-solved", "messages.solved")},
		}},
	}
}

// mending is the text with two mistakes in it.
func mending() editor.Edit {
	view := editing("")
	view.Errors, view.Page = 2, nil
	view.Findings = append([]editor.Finding{
		{Line: 11, Severity: "error", Says: `"zonne" is not a key of a policy.`, Mend: "Write zone.", Excerpt: "   11 | zonne: America/New_York\n      | ^^^^^"},
		{Line: 12, Severity: "warning", Says: "Nobody reads this.", Mend: "Leave it out."},
	}, view.Findings...)
	view.Wrong = "This value is written in a way that a form cannot change; change it in the text, line 11."
	view.Place = &editor.Place{Title: "Line 11", First: 11, Last: 11, Excerpt: "zone: America/New_York"}
	return view
}

// confirming is the list of what nobody has decided yet.
func confirming() editor.Edit {
	view := editing("assumptions")
	view.Undo = "Assumption (second reminder, since) is confirmed."
	view.Sheet.Assumptions = []editor.Assumption{
		{Path: "assumptions.0", About: "Time zone", Rule: "zone", Says: "The source names no place. Eastern Time is used until somebody corrects it."},
		{Path: "assumptions.1", About: "Opening hours office", Rule: "calendars.office", Says: "The source gives no opening hours. Monday to Friday 09:00 to 17:00 is used."},
	}
	view.Sheet.Decided = []editor.Difference{{Where: "Assumption (second reminder, since)", Was: "Every wait counts from the last question an agent sent."}}
	return view
}

func editorSamples() []Sample {
	samples := []Sample{
		{Name: "rules-trial", Title: "One ticket tried under two policies", Page: editor.EditPage(editing("lifecycle"))},
		{Name: "policy-text", Title: "The policy as text", Page: editor.EditPage(mending())},
		{Name: "policy-assumptions", Title: "What nobody has decided yet", Page: editor.EditPage(confirming())},
	}
	for _, section := range []string{"lifecycle", "calendars", "targets", "about", "facts", "pages"} {
		samples = append(samples, Sample{Name: "policy-" + section, Title: "The policy as a form: " + section, Page: editor.EditPage(editing(section))})
	}
	return samples
}
