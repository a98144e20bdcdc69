package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Out is where a command answers: readable text for a person, JSON for a program.
type Out struct {
	Stdout io.Writer
	Stderr io.Writer
	JSON   bool // --json was given
}

// Print answers with v as one line of JSON, or with text.
func (o *Out) Print(v any, text string) error {
	if o.JSON {
		return json.NewEncoder(o.Stdout).Encode(v)
	}
	_, err := fmt.Fprintln(o.Stdout, text)
	return err
}

// Terminal reports whether standard output is a person's terminal and not a pipe or a file.
func (o *Out) Terminal() bool {
	f, ok := o.Stdout.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
