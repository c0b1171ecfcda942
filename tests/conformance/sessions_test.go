package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

// strip takes from records what ties them to a trace.
func strip(entries []replay.Entry, keys ...string) []replay.Entry {
	out := slices.Clone(entries)
	for i := range out {
		metadata := map[string]string{}
		for k, v := range out[i].Metadata {
			if !slices.Contains(keys, k) {
				metadata[k] = v
			}
		}
		out[i].Metadata = metadata
	}
	return out
}

var traceKeys = []string{"trace_id", "span_id", "flags"}

func entriesOf(t *testing.T, c *replay.Case) []replay.Entry {
	t.Helper()
	entries, err := c.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// byTime are the log spans by the time of their record.
func byTime(trace *judge.Trace) map[string][]*judge.Row {
	rows := map[string][]*judge.Row{}
	for _, r := range trace.Rows {
		if ts := r.Text("log.timestamp"); r.IsLog() && ts != "" {
			rows[ts] = append(rows[ts], r)
		}
	}
	return rows
}

// Agent CLIs may log without trace ids. Session, prompt, request and tool ids tie each record to the span
// it would have named. (claude-code-no-trace-ids is a recorded case of its own.)
func TestAgentRecordsWithoutTraceIDsHangBelowTheirSpans(t *testing.T) {
	for _, name := range []string{"codex-cli", "gemini-cli"} {
		t.Run(name, func(t *testing.T) {
			c := load(t, name)
			entries := entriesOf(t, c)
			rows := byTime(ask4(t, c, strip(entries, traceKeys...), nil, false))
			for _, e := range entries {
				found := rows[fmt.Sprint(e.TS)]
				if len(found) == 0 {
					t.Errorf("the record %s of %d is missing", e.Metadata["event_name"], e.TS)
				}
				for _, r := range found {
					if r.Parent != e.Metadata["span_id"] {
						t.Errorf("%s (%s, by %s) is below %s, want %s", r, e.Metadata["event_name"], r.Text("spanlog.match"), r.Parent, e.Metadata["span_id"])
					}
				}
			}
		})
	}
}

// The trace was sampled away: its records are shown all the same, below spans rebuilt from their ids.
func TestARunIsRebuiltFromItsRecordsAlone(t *testing.T) {
	for _, name := range []string{"claude-code-traced", "codex-cli", "gemini-cli", "g1-happy", "classic-winston"} {
		t.Run(name, func(t *testing.T) {
			c := load(t, name)
			tempo, loki := replay.NewTempo(), replay.NewLoki(c)
			defer tempo.Close()
			defer loki.Close()
			s := host.Stores("tempo", tempo.URL, loki.URL)
			s.UID = "rebuilt-" + name
			from, to := around(c)
			trace := decode(t, one(t, running(t), s, host.TraceQuery("A", c.Meta.TraceIDs[0], from, to)))
			if text := said(trace); !strings.Contains(text, "Tempo does not have this trace") {
				t.Errorf("nobody says that the trace is missing: %s", text)
			}
			rows := byTime(trace)
			for _, e := range entriesOf(t, c) {
				if len(rows[fmt.Sprint(e.TS)]) == 0 {
					t.Errorf("the record of %d is missing: %.80s", e.TS, e.Line)
				}
			}
			names := ""
			for _, r := range trace.Rows {
				if !r.IsLog() {
					names += r.Operation + "\n"
				}
			}
			if name == "claude-code-traced" {
				for _, want := range []string{"claude_code.session", "claude_code.interaction", "claude_code.llm_request", "claude_code.tool"} {
					if !strings.Contains(names, want+"\n") {
						t.Errorf("no rebuilt span %s in:\n%s", want, names)
					}
				}
			}
		})
	}
}

// A session or conversation id instead of a trace id: its runs and its records without a trace.
func TestAConversationIsShownFromEveryStore(t *testing.T) {
	for _, test := range []struct{ name, id string }{
		{"claude-code-no-trace-ids", "5f0c9a1e-7d11-4c55-9a54-0d5f3f0f1a2b"},
		{"codex-cli", "019a-conv-af502ae1"},
		{"gemini-cli", "sess-gem-1"},
	} {
		c := load(t, test.name)
		for _, kind := range append([]string{"tempo"}, kinds...) {
			t.Run(test.name+"/"+kind, func(t *testing.T) {
				s := startStores(t, kind, c)
				switch kind {
				case "tempo":
					s.tempo.SearchIn(c)
				case "zipkin":
					s.zipkin.SearchIn(c)
				default:
					s.jaeger.SearchIn(c)
				}
				set := s.settings(c)
				set.UID = "conversation-" + set.UID
				from, to := around(c)
				trace := decode(t, one(t, running(t), set, host.JSONQuery("A", map[string]any{"query": test.id, "queryType": "conversation"}, from, to)))
				rows := byTime(trace)
				for _, e := range entriesOf(t, c) {
					if len(rows[fmt.Sprint(e.TS)]) == 0 {
						t.Errorf("the record %s is missing", e.Metadata["event_name"])
					}
				}
				spans, runs := 0, 0
				for _, r := range trace.Rows {
					if r.Text("spanlog.kind") == "run" {
						runs++
					} else if !r.IsLog() {
						spans++
					}
				}
				var facts judge.Facts
				if err := json.Unmarshal(c.Meta.Facts, &facts); err != nil {
					t.Fatal(err)
				}
				if spans != len(facts.Spans) || runs != 1 {
					t.Errorf("%d spans in %d runs, want %d in one", spans, runs, len(facts.Spans))
				}
				for _, problem := range append(s.trace.Problems(), s.loki.Problems()...) {
					t.Errorf("request: %s", problem)
				}
			})
		}
	}
}

// The trace store does not know the conversation, only the log store does.
func TestAConversationThatOnlyLokiKnowsIsRebuilt(t *testing.T) {
	c := load(t, "claude-code-no-trace-ids")
	tempo, loki := replay.NewTempo(), replay.NewLoki(c)
	defer tempo.Close()
	defer loki.Close()
	tempo.SearchIn(&replay.Case{}) // a Tempo that finds nothing
	s := host.Stores("tempo", tempo.URL, loki.URL)
	s.UID = "conversation-loki"
	from, to := around(c)
	trace := decode(t, one(t, running(t), s, host.JSONQuery("A", map[string]any{"query": "5f0c9a1e-7d11-4c55-9a54-0d5f3f0f1a2b", "queryType": "conversation"}, from, to)))
	rows := byTime(trace)
	for _, e := range entriesOf(t, c) {
		if len(rows[fmt.Sprint(e.TS)]) == 0 {
			t.Errorf("the record %s is missing", e.Metadata["event_name"])
		}
	}
	if text := said(trace); strings.Contains(text, "failed") {
		t.Errorf("a warning: %s", text)
	}
}

// A wrong clock is said; spans and records move only when the settings ask.
func TestClockSkewIsSaidAndCorrectedOnlyWhenAsked(t *testing.T) {
	c := load(t, "multi-service-40")
	entries := entriesOf(t, c)
	plain := ask4(t, c, entries, nil, false)
	if text := said(plain); !strings.Contains(text, "clock of stock") || !strings.Contains(text, "3") {
		t.Errorf("nobody says that the clock of stock is 3 s ahead: %s", text)
	}
	corrected := ask4(t, c, entries, func(s *host.Settings) {
		s.UID += "-corrected"
		s.JSON["correctClockSkew"] = true
	}, false)
	moved := 0
	for _, r := range plain.Rows {
		now := corrected.ByID[r.SpanID]
		if now == nil {
			t.Errorf("%s is missing when the clock is corrected", r)
			continue
		}
		by := now.Start - r.Start
		isStock := r.Service == "stock" && !r.IsLog()
		if isStock && (by < -3100 || by > -2900) || !isStock && !r.IsLog() && by != 0 {
			t.Errorf("%s moved by %.3f ms", r, by)
		}
		if isStock {
			moved++
		}
		if now.Text("log.timestamp") != r.Text("log.timestamp") {
			t.Errorf("%s lost its true time", r)
		}
	}
	if moved < 3 {
		t.Errorf("only %d spans of stock", moved)
	}
}
