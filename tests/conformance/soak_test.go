package conformance

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
)

const (
	soakWorkers = 32
	shortSoak   = 6 * time.Second // of every run of the tests; SPANLOG_SOAK=10m asks for more
)

// soakStore is a healthy pair of stores, asked by all workers.
type soakStore struct {
	c        *replay.Case
	traces   string
	settings host.Settings
	from, to time.Time

	mu    sync.Mutex
	right map[[32]byte]bool // answers that were judged right: the next equal one is right, too
}

func soakStores(t *testing.T) []*soakStore {
	var stores []*soakStore
	for i, pick := range []struct{ traces, name string }{
		{"tempo", "g1-happy"}, {"tempo", "g2-happy"}, {"tempo", "oi-happy"}, {"tempo", "tl-current"},
		{"tempo", "html-injection-logs"}, {"tempo", "invalid-utf8"}, {"tempo", "nested-agents-dup"}, {"tempo", "logs-1500"},
		{"jaeger", "multi-service-40"}, {"jaeger", "pydantic-ai"}, {"zipkin", "g1-happy"}, {"zipkin", "strands"},
	} {
		c := load(t, pick.name)
		traces := traceServer(pick.traces, c)
		loki := replay.NewLoki(c)
		t.Cleanup(traces.Close)
		t.Cleanup(loki.Close)
		s := &soakStore{c: c, traces: pick.traces, settings: host.Stores(pick.traces, traces.URL, loki.URL), right: map[[32]byte]bool{}}
		s.settings.UID = fmt.Sprintf("soak-%d", i)
		s.from, s.to = around(c)
		traces.KeepNoLog()
		loki.KeepNoLog()
		stores = append(stores, s)
	}
	return stores
}

func (s *soakStore) check(r *pluginv2.DataResponse) error {
	if r == nil || len(r.Frames) == 0 {
		return checkRight(s.c, s.traces, r)
	}
	sum := sha256.Sum256(append([]byte(r.Error), r.Frames[0]...))
	s.mu.Lock()
	known := s.right[sum] && len(r.Frames) == 1 && r.Status == 200
	s.mu.Unlock()
	if known {
		return nil
	}
	if err := checkRight(s.c, s.traces, r); err != nil {
		return err
	}
	s.mu.Lock()
	s.right[sum] = true
	s.mu.Unlock()
	return nil
}

// soak is the load under way and what came of it.
type soak struct {
	p       *host.Plugin
	stores  []*soakStore
	faults  []upstreamFault
	faulty  *replay.Case
	end     time.Time
	good    atomic.Int64
	faulted atomic.Int64
	left    atomic.Int64 // queries whose reader left

	mu    sync.Mutex
	wrong []string
}

func (s *soak) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.wrong) < 50 {
		s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
	}
}

func (s *soak) work(n int) {
	random := rand.New(rand.NewSource(int64(n)))
	for time.Now().Before(s.end) {
		switch draw := random.Intn(100); {
		case draw < 5:
			fault := &s.faults[random.Intn(len(s.faults))]
			kind := []string{"tempo", "jaeger", "zipkin", "loki"}[random.Intn(4)]
			for _, problem := range tryFault(s.p, s.faulty, kind, fmt.Sprintf("soak-faulty-%d", n), fault, random) {
				s.complain("%s, %s: %s", kind, fault.name, problem)
			}
			s.faulted.Add(1)
		case draw < 15:
			s.leave(random)
		default:
			s.ask(random)
		}
	}
}

func (s *soak) ask(random *rand.Rand) {
	store := s.stores[random.Intn(len(s.stores))]
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	resp, err := s.p.Query(ctx, store.settings, host.TraceQuery("A", store.c.Meta.TraceIDs[0], store.from, store.to))
	if err == nil {
		err = store.check(resp.Responses["A"])
	}
	if err != nil {
		s.complain("%s of %s: %v", store.c.Meta.Name, store.traces, err)
	}
	s.good.Add(1)
}

// leave cancels a query at some moment.
func (s *soak) leave(random *rand.Rand) {
	store := s.stores[random.Intn(len(s.stores))]
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	timer := time.AfterFunc(time.Duration(random.Intn(50_000))*time.Microsecond, cancel)
	defer timer.Stop()
	resp, err := s.p.Query(ctx, store.settings, host.TraceQuery("A", store.c.Meta.TraceIDs[0], store.from, store.to))
	if err == nil {
		err = store.check(resp.Responses["A"])
	}
	if code := status.Code(err); err != nil && code != codes.Canceled {
		s.complain("%s of %s, cancelled: %v", store.c.Meta.Name, store.traces, err)
	}
	s.left.Add(1)
}

// heavy faults move so much that the rest of the load would stand still.
func lightFaults(all []upstreamFault) (light []upstreamFault) {
	for _, fault := range all {
		if fault.name != "1 GB" && fault.name != "gzip bomb" && !strings.HasPrefix(fault.name, "40 MB") {
			light = append(light, fault)
		}
	}
	return light
}

func mean(samples []int) float64 {
	sum := 0
	for _, each := range samples {
		sum += each
	}
	return float64(sum) / float64(max(len(samples), 1))
}

// Mixed load of 32 readers with faults and readers who leave: every answer is right, and memory, threads
// and files stay where they are.
func TestSoak(t *testing.T) {
	duration := shortSoak
	if asked := os.Getenv("SPANLOG_SOAK"); asked != "" {
		var err error
		if duration, err = time.ParseDuration(asked); err != nil {
			t.Fatal(err)
		}
	}
	s := &soak{p: fresh(t), stores: soakStores(t), faults: lightFaults(upstreamFaults(t, max(6*duration, time.Hour))), faulty: load(t, "g1-happy")}
	s.end = time.Now().Add(duration)
	var wait sync.WaitGroup
	for n := range soakWorkers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			s.work(n)
		}()
	}
	var memory, threads, files []int
	for time.Now().Before(s.end) {
		time.Sleep(max(duration/600, 50*time.Millisecond))
		memory = append(memory, residentMiB(t, s.p))
		f, n := held(t, s.p.PID())
		files, threads = append(files, f), append(threads, n)
	}
	wait.Wait()
	for _, problem := range s.wrong {
		t.Error(problem)
	}
	quarter := len(memory) / 4
	for what, samples := range map[string][]int{"memory in MiB": memory, "threads": threads, "files": files} {
		early, late := mean(samples[quarter:2*quarter]), mean(samples[3*quarter:])
		t.Logf("%s: second quarter %.1f, last quarter %.1f on average", what, early, late)
		// Under a short load nothing has settled yet.
		if duration >= time.Minute && late > 1.15*early+8 {
			t.Errorf("%s grew from %.1f to %.1f", what, early, late)
		}
	}
	t.Logf("%d answers right, %d faults, %d readers who left, %d wrong in %v", s.good.Load(), s.faulted.Load(), s.left.Load(), len(s.wrong), duration)
	if s.good.Load() == 0 || s.faulted.Load() == 0 || s.left.Load() == 0 {
		t.Error("not every kind of load was there")
	}
	quiet := within(20*time.Second, func() bool { _, n := held(t, s.p.PID()); return n <= 150 })
	f, n := held(t, s.p.PID())
	t.Logf("afterwards: %d MiB, %d threads, %d files", residentMiB(t, s.p), n, f)
	if !quiet {
		t.Errorf("%d threads are left", n)
	}
	if log := strings.Join(s.p.Stderr.All(), "\n"); strings.Contains(log, plantedSecret) || strings.Contains(log, "Spanlog has a bug") {
		t.Error("the log tells a secret or a bug")
	}
}
