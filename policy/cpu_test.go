package policy

import (
	"testing"

	"hark/internal/effort"
)

// computing reports the processor time of a benchmark, which other processes on the machine do not lengthen.
func computing(b *testing.B, run func()) {
	b.Helper()
	before := effort.Spent()
	run()
	b.ReportMetric(float64(effort.Spent()-before)/float64(b.N), "cpu-ns/op")
}
