// Package conformance asks the real executable over its own protocol, with the client libraries that
// Grafana 12.4 uses, and judges what comes back.
package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

var executable string

func TestMain(m *testing.M) {
	if os.Getenv(hostRole) != "" {
		os.Exit(hostProcess())
	}
	var err error
	if executable, err = host.Executable(); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		os.Exit(1)
	}
	code := m.Run()
	if shared != nil {
		shared.Client.Kill()
	}
	os.Exit(code)
}

var (
	shared     *host.Plugin
	sharedOnce sync.Mutex
)

// running is a plugin process that many tests share. A test that found it dead starts a new one.
func running(t *testing.T) *host.Plugin {
	t.Helper()
	sharedOnce.Lock()
	defer sharedOnce.Unlock()
	if shared == nil || shared.Client.Exited() {
		if shared != nil {
			t.Errorf("the shared plugin process died; its last words: %q", tail(shared.Stderr.All(), 5))
		}
		var err error
		if shared, err = host.Start(executable); err != nil {
			t.Fatal(err)
		}
	}
	return shared
}

// fresh is a plugin process of this test alone.
func fresh(t *testing.T, env ...string) *host.Plugin {
	t.Helper()
	p, err := host.Start(executable, env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Client.Kill)
	return p
}

func tail(lines []string, n int) []string { return lines[max(0, len(lines)-n):] }

// world is a pair of stores that hold one case.
type world struct {
	c        *replay.Case
	tempo    *replay.Tempo
	loki     *replay.Loki
	settings host.Settings
	id       string
	from, to time.Time
}

func load(t *testing.T, name string) *replay.Case {
	t.Helper()
	c, err := replay.LoadCase(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A trace store of this kind that has the case. The caller closes it.
func traceServer(kind string, c *replay.Case) *replay.Server {
	switch kind {
	case "jaeger":
		return replay.NewJaeger(c).Server
	case "zipkin":
		return replay.NewZipkin(c).Server
	}
	return replay.NewTempo(c).Server
}

func newWorld(t *testing.T, name string) *world {
	t.Helper()
	c := load(t, name)
	w := &world{c: c, tempo: replay.NewTempo(c), loki: replay.NewLoki(c), id: c.Meta.TraceIDs[0]}
	t.Cleanup(w.tempo.Close)
	t.Cleanup(w.loki.Close)
	w.settings = host.Stores("tempo", w.tempo.URL, w.loki.URL)
	w.settings.UID = strings.ReplaceAll(t.Name(), "/", "-")
	w.from, w.to = around(c)
	return w
}

// around is the time range of a reader who found the trace by search.
func around(c *replay.Case) (time.Time, time.Time) {
	return time.Unix(0, c.Meta.StartNS).Add(-2 * time.Hour), time.Unix(0, c.Meta.EndNS).Add(2 * time.Hour)
}

func (w *world) query(refID string) *pluginv2.DataQuery {
	return host.TraceQuery(refID, w.id, w.from, w.to)
}

// answer runs one query and gives its response; any gRPC error fails the test.
func (w *world) answer(t *testing.T, p *host.Plugin) *pluginv2.DataResponse {
	t.Helper()
	return one(t, p, w.settings, w.query("A"))
}

func one(t *testing.T, p *host.Plugin, s host.Settings, q *pluginv2.DataQuery) *pluginv2.DataResponse {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	resp, err := p.Query(ctx, s, q)
	if err != nil {
		t.Fatalf("the query failed as a whole: %v; stderr: %q", err, tail(p.Stderr.All(), 3))
	}
	r := resp.Responses[q.RefId]
	if r == nil {
		t.Fatalf("no response for refId %q", q.RefId)
	}
	return r
}

// wantGood fails unless r is a right answer for the world's case.
func (w *world) wantGood(t *testing.T, r *pluginv2.DataResponse) *judge.Trace {
	t.Helper()
	x, err := judge.NewExpect(w.c, 0, "tempo")
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != 200 || r.Error != "" {
		t.Fatalf("status %d, error %q", r.Status, r.Error)
	}
	if res := x.Judge(w.c.Meta.Name, r.Frames); !res.Good() {
		t.Errorf("not the whole answer:\n%s", res.Failures(5))
	}
	return decode(t, r)
}

// decode reads the trace frame of r and fails on any broken rule.
func decode(t *testing.T, r *pluginv2.DataResponse) *judge.Trace {
	t.Helper()
	if r.Error != "" || r.Status != 200 {
		t.Fatalf("status %d, error %q (%s)", r.Status, r.Error, r.ErrorSource)
	}
	res := &judge.Result{}
	trace := judge.CheckAnswer(r.Frames, res)
	if text := res.Failures(5); text != "" {
		t.Errorf("broken rules:\n%s", text)
	}
	if trace == nil || len(trace.Rows) == 0 {
		t.Fatal("no trace rows")
	}
	return trace
}

// logRows counts the log spans.
func logRows(trace *judge.Trace) int {
	n := 0
	for _, r := range trace.Rows {
		if r.IsLog() {
			n++
		}
	}
	return n
}

// said is everything a reader is told beside the rows: the trace view shows warnings, dashboards
// show notices.
func said(trace *judge.Trace) string { return warnings(trace) + notices(trace) }

func warnings(trace *judge.Trace) string {
	var b strings.Builder
	for _, r := range trace.Rows {
		for _, w := range r.Warnings {
			b.WriteString(w + "\n")
		}
	}
	return b.String()
}

func notices(trace *judge.Trace) string {
	var b strings.Builder
	if meta := trace.Frame.Meta; meta != nil {
		for _, n := range meta.Notices {
			b.WriteString(n.Text + "\n")
		}
	}
	return b.String()
}

// wantError fails unless r is an error with one of the statuses, from source, that has every word.
func wantError(t *testing.T, r *pluginv2.DataResponse, statuses []int32, source string, words ...string) {
	t.Helper()
	if r.Error == "" {
		t.Fatalf("no error; status %d, %d frames", r.Status, len(r.Frames))
	}
	ok := false
	for _, s := range statuses {
		ok = ok || r.Status == s
	}
	if !ok {
		t.Errorf("status %d, want one of %v (error %q)", r.Status, statuses, r.Error)
	}
	if source == "" && r.ErrorSource != "plugin" && r.ErrorSource != "downstream" || source != "" && r.ErrorSource != source {
		t.Errorf("errorSource %q, want %q (error %q)", r.ErrorSource, source, r.Error)
	}
	for _, word := range words {
		if !strings.Contains(strings.ToLower(r.Error), strings.ToLower(word)) {
			t.Errorf("the error %q does not say %q", r.Error, word)
		}
	}
	if len(r.Error) > 2000 {
		t.Errorf("the error has %d bytes", len(r.Error))
	}
}

func object(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("not a JSON object: %v in %q", err, raw)
	}
	return v
}

// within waits until done or d is over.
func within(d time.Duration, done func() bool) bool {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if done() {
			return true
		}
	}
	return done()
}

// last is the newest request to s; a test that needs one fails without.
func last(t *testing.T, s *replay.Server) *replay.Seen {
	t.Helper()
	r := s.LastRequest()
	if r == nil {
		t.Fatal("the plugin sent no request")
	}
	return r
}
