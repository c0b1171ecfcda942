package conformance

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
)

// tryFault runs one fault: one query to its end and some that are cancelled on the way.
func tryFault(p *host.Plugin, c *replay.Case, kind, uid string, u *upstreamFault, random *rand.Rand) []string {
	f := newFaultyStore(c, kind, uid)
	defer f.close()
	u.spoil(f)
	from, to := around(c)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	resp, err := p.Query(ctx, f.settings, f.query(from, to))
	if err != nil {
		return []string{fmt.Sprintf("the query failed as a whole: %v", err)}
	}
	problems := u.judgeFault(f, resp.Responses["A"])
	for range 2 {
		after := time.Duration(random.Intn(60_000)) * time.Microsecond
		ctx, cancel := context.WithCancel(context.Background())
		timer := time.AfterFunc(after, cancel)
		begin := time.Now()
		_, err := p.Query(ctx, f.settings, f.query(from, to))
		timer.Stop()
		cancel()
		if code := status.Code(err); err != nil && code != codes.Canceled {
			problems = append(problems, fmt.Sprintf("cancelled after %v: %v", after, err))
		}
		if took := time.Since(begin); took > after+10*time.Second {
			problems = append(problems, fmt.Sprintf("cancelled after %v, it took %v", after, took))
		}
	}
	return problems
}

const faultWorkers = 8

// The whole matrix: each fault of each store, beside queries to healthy stores, which must not notice;
// and afterwards nothing is left behind.
func TestEveryUpstreamFaultIsToldAndLeavesNothingBehind(t *testing.T) {
	p := fresh(t)
	c := load(t, "g1-happy")
	faults := upstreamFaults(t, time.Hour)
	var files, threads, memory int
	for round, kind := range []string{"loki", "tempo", "jaeger", "zipkin", "loki"} {
		warmUp := round == 0 // both stores have their pools, code is paged in: nothing may be added
		name := kind
		if warmUp {
			name = "warm-up"
		}
		t.Run(name, func(t *testing.T) {
			healthy := watchHealthy(t, p)
			outcome := make([][]string, len(faults))
			work := make(chan int, len(faults))
			for i := range faults {
				work <- i
			}
			close(work)
			var wait sync.WaitGroup
			for n := range faultWorkers {
				random := rand.New(rand.NewSource(int64(round*100 + n)))
				wait.Add(1)
				go func() {
					defer wait.Done()
					for i := range work {
						outcome[i] = tryFault(p, c, kind, fmt.Sprintf("faulty-%d", n), &faults[i], random)
					}
				}()
			}
			wait.Wait()
			healthy()
			for i := range faults {
				t.Run(faults[i].name, func(t *testing.T) {
					for _, problem := range outcome[i] {
						t.Error(problem)
					}
				})
			}
			if warmUp {
				time.Sleep(3 * time.Second) // connections without use are closed after one
				files, threads = held(t, p.PID())
				memory = residentMiB(t, p)
				return
			}
			settled := within(15*time.Second, func() bool {
				f, n := held(t, p.PID())
				return f <= files+16 && n <= threads+8 && residentMiB(t, p) <= memory+64
			})
			f, n := held(t, p.PID())
			t.Logf("files %d, then %d; threads %d, then %d; memory %d MiB, then %d MiB", files, f, threads, n, memory, residentMiB(t, p))
			if !settled {
				t.Error("files, threads or memory were left behind")
			}
		})
	}
	checkLines(t, p.Stderr.All())
	if strings.Contains(strings.Join(p.Stderr.All(), "\n"), plantedSecret) {
		t.Error("the log tells the secret")
	}
}

// watchHealthy asks healthy stores again and again until the returned function is called, which fails
// the test unless every answer was right.
func watchHealthy(t *testing.T, p *host.Plugin) (stop func()) {
	t.Helper()
	w := newWorld(t, "g1-happy")
	w.settings.UID = "healthy"
	done, failed := make(chan struct{}), make(chan error, 1)
	count := 0
	go func() {
		for {
			select {
			case <-done:
				failed <- nil
				return
			case <-time.After(100 * time.Millisecond):
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			resp, err := p.Query(ctx, w.settings, w.query("A"))
			cancel()
			if err == nil {
				err = checkRight(w.c, "tempo", resp.Responses["A"])
			}
			if err != nil {
				failed <- err
				return
			}
			count++
		}
	}()
	return func() {
		t.Helper()
		close(done)
		if err := <-failed; err != nil {
			t.Errorf("a query to healthy stores suffered: %v", err)
		}
		if count == 0 {
			t.Error("no query to healthy stores was made")
		}
		t.Logf("%d queries to healthy stores beside the faults", count)
	}
}

func residentMiB(t *testing.T, p *host.Plugin) int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.PID()))
	if err != nil {
		t.Fatal(err)
	}
	var size, resident int
	if _, err := fmt.Sscan(string(raw), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize() >> 20
}
