package conformance

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

// stores starts the servers of one kind that hold cases.
type stores struct {
	kind  string
	trace *replay.Server // the one of the three below that is there
	loki  *replay.Loki

	tempo  *replay.Tempo
	jaeger *replay.Jaeger
	zipkin *replay.Zipkin
}

func startStores(t *testing.T, kind string, cases ...*replay.Case) stores {
	t.Helper()
	s := stores{kind: kind, loki: replay.NewLoki(cases...)}
	switch kind {
	case "tempo":
		s.tempo = replay.NewTempo(cases...)
		s.trace = s.tempo.Server
	case "jaeger", "jaeger_v3":
		s.jaeger = replay.NewJaeger(cases...)
		s.jaeger.NoV1, s.jaeger.NoV3 = kind == "jaeger_v3", kind == "jaeger"
		s.trace = s.jaeger.Server
	case "zipkin":
		s.zipkin = replay.NewZipkin(cases...)
		s.trace = s.zipkin.Server
	}
	t.Cleanup(s.trace.Close)
	t.Cleanup(s.loki.Close)
	return s
}

func (s stores) settings(c *replay.Case) host.Settings {
	name, _, _ := strings.Cut(s.kind, "_")
	set := host.Stores(name, s.trace.URL, s.loki.URL)
	set.UID = s.kind + "-" + c.Meta.Name
	set.Logs()["maxRecords"] = 20000
	if c.Meta.Name == "loki-severity-label" { // a Loki with tenants and a low limit
		s.loki.Tenant, s.loki.MaxEntries = "t1", 500
		set.Logs()["httpHeaderName1"] = "X-Scope-OrgID"
		set.Secure = map[string]string{"logsHttpHeaderValue1": "t1"}
	}
	return set
}

// judgeCase asks for trace n of c and judges the answer.
func judgeCase(t *testing.T, s stores, c *replay.Case, n int) *judge.Result {
	t.Helper()
	x, err := judge.NewExpect(c, n, s.kind)
	if err != nil {
		t.Fatal(err)
	}
	name := c.Meta.Name
	if n > 0 {
		name += fmt.Sprintf(" (trace %d)", n+1)
	}
	from, to := around(c)
	r := one(t, running(t), s.settings(c), host.TraceQuery("A", c.Meta.TraceIDs[n], from, to))
	res := x.Judge(name, r.Frames)
	if r.Error != "" || r.Status != 200 {
		res.Broke("answer", "status %d, error %q", r.Status, r.Error)
	}
	if s.kind != "tempo" {
		res.Name = s.kind + " " + res.Name
	}
	return res
}

// recorded says why a case is not judged with a store, or "".
func notRecorded(c *replay.Case, kind string) string {
	file := map[string]string{"tempo": "tempo_v2.pb", "jaeger": "jaeger.json", "jaeger_v3": "jaeger_v3.json", "zipkin": "zipkin.json"}[kind]
	switch {
	case c.Meta.Name == "trace-not-found":
		return "no trace: see TestATraceThatNobodyKnowsIsNotFound"
	case c.Files[file] == nil:
		return "not recorded"
	case kind == "jaeger" && c.Meta.Name == "attribute-types":
		return "Jaeger v1 answers 500 for NaN"
	}
	return ""
}

func allCases(t *testing.T) []*replay.Case {
	t.Helper()
	names, err := replay.CaseNames()
	if err != nil {
		t.Fatal(err)
	}
	var cases []*replay.Case
	for _, name := range names {
		cases = append(cases, load(t, name))
	}
	return cases
}

func judgeAll(t *testing.T, kind string, servers func(t *testing.T, c *replay.Case) stores) {
	var results []*judge.Result
	var skipped []string
	for _, c := range allCases(t) {
		if why := notRecorded(c, kind); why != "" {
			skipped = append(skipped, c.Meta.Name+": "+why)
			continue
		}
		for n := range c.Meta.TraceIDs {
			t.Run(fmt.Sprintf("%s/%d", c.Meta.Name, n), func(t *testing.T) {
				s := servers(t, c)
				res := judgeCase(t, s, c, n)
				results = append(results, res)
				if !res.Good() {
					t.Errorf("\n%s", res.Failures(6))
				}
				for _, problem := range append(s.trace.Problems(), s.loki.Problems()...) {
					t.Errorf("request: %s", problem)
				}
				for _, note := range res.Excluded {
					t.Logf("not judged: %s", note)
				}
			})
		}
	}
	report(kind, results, skipped)
}

// report prints the table of scores, also when every test passed.
func report(title string, results []*judge.Result, skipped []string) {
	fmt.Fprintf(os.Stdout, "\n== %s ==\n%s", title, judge.Table(results))
	for _, line := range skipped {
		fmt.Fprintf(os.Stdout, "not judged: %s\n", line)
	}
}

func TestEveryRecordedCaseFromTempoIsWovenRight(t *testing.T) {
	judgeAll(t, "tempo", func(t *testing.T, c *replay.Case) stores { return startStores(t, "tempo", c) })
}

// One Tempo and one Loki hold all cases: no trace may take records of another.
func TestEveryCaseIsRightWhenTheStoresHoldAllCases(t *testing.T) {
	var together []*replay.Case
	for _, c := range allCases(t) {
		if c.Meta.Name != "loki-severity-label" { // the same trace as g1-happy, in a Loki of its own
			together = append(together, c)
		}
	}
	var results []*judge.Result
	s := startStores(t, "tempo", together...)
	for _, c := range together {
		if notRecorded(c, "tempo") != "" {
			continue
		}
		for n := range c.Meta.TraceIDs {
			t.Run(fmt.Sprintf("%s/%d", c.Meta.Name, n), func(t *testing.T) {
				res := judgeCase(t, s, c, n)
				results = append(results, res)
				if !res.Good() {
					t.Errorf("\n%s", res.Failures(6))
				}
			})
		}
	}
	report("tempo, all cases in one store", results, nil)
}

func TestEveryRecordedCaseFromJaegerV1IsWovenRight(t *testing.T) {
	judgeAll(t, "jaeger", func(t *testing.T, c *replay.Case) stores { return startStores(t, "jaeger", c) })
}

func TestEveryRecordedCaseFromJaegerV3IsWovenRight(t *testing.T) {
	judgeAll(t, "jaeger_v3", func(t *testing.T, c *replay.Case) stores { return startStores(t, "jaeger_v3", c) })
}

func TestEveryRecordedCaseFromZipkinIsWovenRight(t *testing.T) {
	judgeAll(t, "zipkin", func(t *testing.T, c *replay.Case) stores { return startStores(t, "zipkin", c) })
}

// A second look at the same running trace, later: the spans that were missing have come.
func TestARunningTraceGrowsWithoutLosingRows(t *testing.T) {
	c := load(t, "running-trace-orphans")
	p := running(t)
	w := newWorld(t, "running-trace-orphans")
	before := decode(t, w.answer(t, p))
	w.tempo.ServeBody(w.id, c.Files["tempo_v2.after.pb"])
	after := decode(t, w.answer(t, p))
	if spans := len(after.Rows) - logRows(after); spans != 5 || logRows(after) != 4 {
		t.Errorf("%d spans and %d logs, want 5 and 4", spans, logRows(after))
	}
	for _, r := range before.Rows {
		if now := after.ByID[r.SpanID]; now == nil && !(r.Synthetic() && !r.IsLog()) {
			t.Errorf("%s has another span id now", r)
		}
	}
	for _, r := range after.Rows {
		if r.IsLog() && r.Text("spanlog.match") != "span_id" {
			t.Errorf("%s was placed by %q although its span is there", r, r.Text("spanlog.match"))
		}
	}
}

// Whatever is typed into the query field, the process lives and answers.
func TestNoQueryTextEndsTheProcess(t *testing.T) {
	p := running(t)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c := load(t, "g1-happy")
	s := startStores(t, "tempo", c)
	for _, id := range []string{"", "0", strings.Repeat("f", 32), strings.Repeat("f", 33), strings.Repeat("f", 100_000), "zz", "{}", "{", "{ .a = \"b\" }", "\x00"} {
		resp, err := p.Query(ctx, s.settings(c), host.JSONQuery("A", map[string]any{"query": id}, time.Unix(0, 0), time.Now()))
		if err != nil || resp.Responses["A"] == nil {
			t.Errorf("query %.40q: %v", id, err)
		}
	}
	if p.Client.Exited() {
		t.Fatal("the plugin is dead")
	}
}
