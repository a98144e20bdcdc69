package jobs

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestALoopSleepsUntilTheNextRowIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		due := began.Add(7 * time.Second)
		ctx, stop := context.WithCancel(t.Context())
		var firedAt time.Time
		Loop{
			Name: "reminders",
			Work: func(context.Context) (bool, error) {
				if !time.Now().Before(due) {
					firedAt = time.Now()
					stop()
				}
				return false, nil
			},
			Next: func(context.Context) (time.Duration, error) { return time.Until(due), nil },
		}.Run(ctx)
		if firedAt != due {
			t.Errorf("fired %v after the start, due after 7s", firedAt.Sub(began))
		}
	})
}

func TestAWakeUpStartsWorkAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wake := make(chan struct{}, 1)
		ctx, stop := context.WithCancel(t.Context())
		batches := 0
		go Loop{Name: "mail", Wake: wake, Work: func(context.Context) (bool, error) { batches++; return false, nil }}.Run(ctx)
		synctest.Wait()
		wake <- struct{}{}
		synctest.Wait()
		if batches != 2 {
			t.Errorf("worked %d times, want once at the start and once when woken", batches)
		}
		stop()
	})
}

func TestAFailureIsWaitedOutAndAPanicIsAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var at []time.Duration
		began := time.Now()
		Loop{Name: "send", Work: func(context.Context) (bool, error) {
			at = append(at, time.Since(began))
			switch len(at) {
			case 1:
				return false, errors.New("disk full")
			case 2:
				panic("a mistake of ours")
			}
			stop()
			return false, nil
		}}.Run(ctx)
		want := []time.Duration{0, minPause, 3 * minPause}
		for i := range want {
			if at[i] != want[i] {
				t.Fatalf("tried at %v, want %v", at, want)
			}
		}
	})
}

func TestALoopThatFoundNothingRestsHoweverOftenItIsWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wake := make(chan struct{}, 1)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		began := time.Now()
		var at []time.Duration
		go Loop{Name: "pass time", Wake: wake, Rest: 100 * time.Millisecond, Work: func(context.Context) (bool, error) { at = append(at, time.Since(began)); return false, nil }}.Run(ctx)
		for range 250 {
			synctest.Wait()
			select {
			case wake <- struct{}{}:
			default:
			}
			<-time.After(time.Millisecond)
		}
		if len(at) != 3 || at[1] != 100*time.Millisecond || at[2] != 200*time.Millisecond {
			t.Errorf("woken 250 times in a quarter of a second, it worked at %v", at)
		}
	})
}
