package conformance

import (
	"sync/atomic"
	"testing"
	"time"
)

// watchClock measures, from now to the end of the test, how much later this process wakes up than it
// asked to. A limit of time is a promise about the plugin, not about a machine that is busy with other
// work: allowed adds to the limit what the machine withheld from us, twice, because the plugin waits
// for it as well.
func watchClock(t *testing.T) (allowed func(limit time.Duration) time.Duration) {
	t.Helper()
	var late atomic.Int64
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	const nap = 5 * time.Millisecond
	go func() {
		for {
			begin := time.Now()
			select {
			case <-stop:
				return
			case <-time.After(nap):
				if over := time.Since(begin) - nap; over > time.Millisecond {
					late.Add(int64(over))
				}
			}
		}
	}()
	return func(limit time.Duration) time.Duration { return limit + 2*time.Duration(late.Load()) }
}
