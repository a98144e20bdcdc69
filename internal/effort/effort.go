// Package effort tells tests how much work something was, apart from what else the machine did meanwhile.
//
// How long a thing takes depends on everybody who shares the machine; how long this process had a processor for it hardly does. Tests
// hold bounds on work with it. Budgets of time, as somebody at a screen lives through it, are for make bench on a quiet machine.
package effort

import (
	"syscall"
	"time"
)

// Spent is how long this process has had a processor so far, in all its threads and in the kernel for them.
func Spent() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // cannot fail for ourselves
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Of is the work of doing something once.
func Of(do func()) time.Duration {
	before := Spent()
	do()
	return Spent() - before
}

// Least is the least work of doing something several times: the rest is tidying up of memory and what others left in the caches.
func Least(times int, do func()) time.Duration {
	least := Of(do)
	for range times - 1 {
		least = min(least, Of(do))
	}
	return least
}
