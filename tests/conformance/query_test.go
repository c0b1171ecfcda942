package conformance

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
)

func TestAWovenTraceIsTheWholeAnswer(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.wantGood(t, w.answer(t, running(t)))
	for _, problem := range append(w.tempo.Problems(), w.loki.Problems()...) {
		t.Error(problem)
	}
}

// Each way to write a trace id that links, exemplars and people use finds the same trace.
func TestATraceIDIsAcceptedInEverySpelling(t *testing.T) {
	p := running(t)
	w := newWorld(t, "trace-id-lead-zero")
	short := newWorld(t, "trace-id-64")
	for _, test := range []struct {
		w     *world
		model map[string]any
	}{
		{w, map[string]any{"query": w.id}},
		{w, map[string]any{"query": w.id, "queryType": "traceql"}},
		{w, map[string]any{"query": strings.ToUpper(w.id), "queryType": "traceql"}},
		{w, map[string]any{"query": strings.TrimLeft(w.id, "0"), "queryType": "traceql"}},
		{w, map[string]any{"query": "  " + w.id + "\n", "queryType": "traceql"}},
		{w, map[string]any{"query": w.id, "queryType": "traceql", "limit": 20, "tableType": "traces", "unknown": []any{1}}},
		{short, map[string]any{"query": strings.TrimLeft(short.id, "0")}},
		{short, map[string]any{"query": short.id}},
	} {
		r := one(t, p, test.w.settings, host.JSONQuery("A", test.model, test.w.from, test.w.to))
		if r.Error != "" || len(r.Frames) == 0 {
			t.Errorf("%v: status %d, %q", test.model, r.Status, r.Error)
			continue
		}
		test.w.wantGood(t, r)
	}
}

func TestTheTimeRangeOfThePanelDoesNotMatter(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.from, w.to = time.Unix(1000, 0), time.Unix(2000, 0)
	w.wantGood(t, w.answer(t, running(t)))
}

func TestTwoAnswersAreEqualByteForByteInTheirIDs(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	first, second := w.wantGood(t, w.answer(t, p)), w.wantGood(t, w.answer(t, fresh(t)))
	if len(first.Rows) != len(second.Rows) {
		t.Fatalf("%d and %d rows", len(first.Rows), len(second.Rows))
	}
	for i := range first.Rows {
		if a, b := first.Rows[i], second.Rows[i]; a.SpanID != b.SpanID || a.Parent != b.Parent || a.Operation != b.Operation {
			t.Errorf("%s became %s", a, b)
		}
	}
}

func TestBadQueriesAreClearErrorsAndHarmNoNeighbour(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	bad := map[string]*pluginv2.DataQuery{
		"cut":     host.RawQuery("cut", "", []byte(`{"query":"`+w.id), w.from, w.to),
		"empty":   host.RawQuery("empty", "", nil, w.from, w.to),
		"array":   host.RawQuery("array", "", []byte(`[1,2]`), w.from, w.to),
		"number":  host.JSONQuery("number", map[string]any{"query": 17}, w.from, w.to),
		"nothing": host.JSONQuery("nothing", map[string]any{"queryType": "traceql"}, w.from, w.to),
		"type":    host.JSONQuery("type", map[string]any{"query": w.id, "queryType": "telepathy"}, w.from, w.to),
		"path":    host.JSONQuery("path", map[string]any{"query": "../../../etc/passwd"}, w.from, w.to),
		"utf8":    host.RawQuery("utf8", "", []byte("{\"query\":\"\xff\xfe\"}"), w.from, w.to),
		"deep":    host.RawQuery("deep", "", []byte(strings.Repeat("[", 200_000)), w.from, w.to),
	}
	queries := []*pluginv2.DataQuery{w.query("good")}
	for _, q := range bad {
		queries = append(queries, q)
	}
	resp, err := p.Query(context.Background(), w.settings, queries...)
	if err != nil {
		t.Fatalf("one bad query failed the whole request: %v", err)
	}
	if len(resp.Responses) != len(queries) {
		t.Errorf("%d responses for %d queries", len(resp.Responses), len(queries))
	}
	w.wantGood(t, resp.Responses["good"])
	for refID := range bad {
		t.Run(refID, func(t *testing.T) {
			r := resp.Responses[refID]
			if r == nil {
				t.Fatal("no response")
			}
			if refID == "nothing" && r.Error == "" { // an empty query field is no mistake
				return
			}
			wantError(t, r, []int32{400}, "")
		})
	}
	wantError(t, resp.Responses["type"], []int32{400}, "", "telepathy")
	for _, r := range w.tempo.Requests() {
		if !strings.HasPrefix(r.Path, "/api/v2/traces/"+w.id) && !strings.HasPrefix(r.Path, "/api/search") {
			t.Errorf("Tempo was asked for %s", r.Path)
		}
	}
}

func TestBadSettingsAreClearErrorsOfEachQuery(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	for name, change := range map[string]func(*host.Settings){
		"no URL":             func(s *host.Settings) { s.URL = "" },
		"unknown store":      func(s *host.Settings) { s.JSON["traceStore"] = "splunk" },
		"no JSON":            func(s *host.Settings) { s.RawJSON = []byte(`{"traceStore"`) },
		"an array":           func(s *host.Settings) { s.RawJSON = []byte(`[]`) },
		"a number for a URL": func(s *host.Settings) { s.JSON["logs"] = map[string]any{"url": 7} },
		"a bad shift":        func(s *host.Settings) { s.Logs()["startShift"] = "yesterday" },
		"a file URL":         func(s *host.Settings) { s.URL = "file:///etc/passwd" },
	} {
		t.Run(name, func(t *testing.T) {
			s := host.Stores("tempo", w.tempo.URL, w.loki.URL)
			s.UID = "bad-" + name
			change(&s)
			resp, err := p.Query(context.Background(), s, w.query("A"), w.query("B"))
			if err != nil {
				t.Fatal(err)
			}
			for _, refID := range []string{"A", "B"} {
				if resp.Responses[refID] == nil {
					t.Fatalf("no response for %s", refID)
				}
				wantError(t, resp.Responses[refID], []int32{400, 500}, "")
			}
		})
	}
	w.wantGood(t, w.answer(t, p))
}

func TestEmptySettingsBytesMeanDefaults(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.settings.RawJSON = []byte{}
	w.settings.JSON = nil
	trace := decode(t, w.answer(t, running(t)))
	if logRows(trace) != 0 || len(trace.Rows) != 5 {
		t.Errorf("%d rows, %d of them logs; want the 5 spans of the trace alone", len(trace.Rows), logRows(trace))
	}
}

func TestARequestOf20MiBIsAccepted(t *testing.T) {
	w := newWorld(t, "g1-happy")
	big := host.JSONQuery("big", map[string]any{"query": w.id, "queryType": "traceql", "padding": strings.Repeat("x", 20<<20)}, w.from, w.to)
	resp, err := running(t).Query(context.Background(), w.settings, big)
	if err != nil {
		t.Fatal(err)
	}
	w.wantGood(t, resp.Responses["big"])
}

func Test200QueriesAtOnceAllGetTheirOwnAnswer(t *testing.T) {
	p := running(t)
	worlds := []*world{newWorld(t, "g1-happy"), newWorld(t, "g2-happy"), newWorld(t, "classic-winston"), newWorld(t, "no-logs")}
	for i, w := range worlds {
		w.settings.UID += fmt.Sprint(i)
	}
	var wait sync.WaitGroup
	errs := make(chan error, 200)
	for i := range 200 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			w := worlds[i%len(worlds)]
			refID := fmt.Sprintf("Q%d", i)
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
			defer cancel()
			resp, err := p.Query(ctx, w.settings, w.query(refID))
			switch r := resp.GetResponses()[refID]; {
			case err != nil:
				errs <- err
			case r == nil:
				errs <- fmt.Errorf("%s: no response", refID)
			default:
				errs <- checkAnswer(w, r)
			}
		}()
	}
	wait.Wait()
	close(errs)
	bad := 0
	for err := range errs {
		if err != nil {
			if bad++; bad < 5 {
				t.Error(err)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of 200 queries went wrong", bad)
	}
}

func TestManyQueriesInOneRequestAllAnswer(t *testing.T) {
	w := newWorld(t, "g1-happy")
	var queries []*pluginv2.DataQuery
	for i := range 30 {
		queries = append(queries, w.query(fmt.Sprintf("R%d", i)))
	}
	resp, err := running(t).Query(context.Background(), w.settings, queries...)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		w.wantGood(t, resp.Responses[q.RefId])
	}
}
