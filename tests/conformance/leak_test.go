package conformance

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"spanlog/conformance/host"
)

// held counts what a process holds: open files and threads.
func held(t *testing.T, pid int) (files, threads int) {
	t.Helper()
	for what, n := range map[string]*int{"fd": &files, "task": &threads} {
		list, err := os.ReadDir(fmt.Sprintf("/proc/%d/%s", pid, what))
		if err != nil {
			t.Fatal(err)
		}
		*n = len(list)
	}
	return files, threads
}

// Faults of every kind and cancels at odd moments leave no file, socket or thread behind.
func TestFaultsAndCancelsLeaveNothingBehind(t *testing.T) {
	p := fresh(t)
	w := newWorld(t, "g1-happy")
	w.settings.JSON["timeout"] = 2
	w.settings.Logs()["timeout"] = 2
	faults := []func(){
		func() {}, w.tempo.Reset, func() { w.tempo.Truncate(300) }, w.tempo.Garbage, w.tempo.StallBody, w.tempo.LoginPage,
		w.loki.Reset, func() { w.loki.Truncate(300) }, w.loki.Garbage, w.loki.Stall, func() { w.loki.FailText(500, "x") },
	}
	round := func() {
		for i, fault := range faults {
			fault()
			var wait sync.WaitGroup
			for n := range 6 {
				wait.Add(1)
				go func() {
					defer wait.Done()
					ctx, cancel := context.WithTimeout(context.Background(), time.Duration(10+i*7+n*29)*time.Millisecond)
					defer cancel()
					_, _ = p.Query(ctx, w.settings, w.query("A"))
				}()
			}
			wait.Wait()
			w.tempo.Recover()
			w.loki.Recover()
		}
		w.wantGood(t, w.answer(t, p))
	}
	round() // pools fill up
	files, threads := held(t, p.PID())
	round()
	round()
	ok := within(5*time.Second, func() bool {
		f, n := held(t, p.PID())
		return f <= files+8 && n <= threads+4
	})
	f, n := held(t, p.PID())
	t.Logf("files %d, then %d; threads %d, then %d", files, f, threads, n)
	if !ok {
		t.Error("files or threads were left behind")
	}
	checkLines(t, p.Stderr.All())
}

func TestAHugeAnswerMeetsTheLimitAndNotTheMemory(t *testing.T) {
	p := fresh(t)
	w := newWorld(t, "g1-happy")
	w.settings.JSON["logs"] = map[string]any{}
	w.settings.JSON["timeout"] = 150 // the limit of bytes comes first, however slow the machine
	w.tempo.Huge(2 << 30)
	r := w.answer(t, p)
	wantError(t, r, []int32{413, 500, 502}, "", "bytes")
	if rss := peakMiB(t, p); rss > 700 {
		t.Errorf("peak memory %d MiB", rss)
	} else {
		t.Logf("peak memory %d MiB", rss)
	}
}

func peakMiB(t *testing.T, p *host.Plugin) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID()))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		var kib int
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
			return kib >> 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}
