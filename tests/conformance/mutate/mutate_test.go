package mutate

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
	"spanlog/conformance/wire"
)

func load(t *testing.T, name string) *replay.Case {
	t.Helper()
	c, err := replay.LoadCase(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNoOptionChangesNothingThatIsJudged(t *testing.T) {
	c := load(t, "g2-happy")
	same, err := Apply(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(same.Files["tempo_v2.pb"], c.Files["tempo_v2.pb"]) {
		t.Error("the trace was changed")
	}
	before, _ := c.Entries()
	after, _ := same.Entries()
	if len(before) != len(after) {
		t.Errorf("%d entries became %d", len(before), len(after))
	}
}

func TestEveryBodyRoundTripsThroughTheWireCodec(t *testing.T) {
	names, err := replay.CaseNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		body := load(t, name).Files["tempo_v2.pb"]
		root, err := wire.ParseV2(body)
		if err != nil || !bytes.Equal(root.Encode(), body) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A mutated case must still carry every message that its facts name, or the test that uses it is unfair.
func TestMutationsKeepEveryMessageFindable(t *testing.T) {
	for _, name := range []string{"g1-happy", "g2-happy", "oi-happy", "tl-legacy", "tl-current", "vercel-ai", "pydantic-ai", "adk",
		"strands", "semantic-kernel-python", "azure-inference-span-events", "claude-code-no-trace-ids", "codex-cli", "g0-span-events"} {
		style := CJK
		if name == "g0-span-events" {
			style = Plain
		}
		c, err := Apply(load(t, name), Options{Seed: 7, IDs: true, Shift: 99 * time.Hour, Order: true, Words: style, Loose: true, Noise: 3})
		if err != nil {
			t.Fatal(err)
		}
		x, err := judge.NewExpect(c, 0, "tempo")
		if err != nil {
			t.Fatal(err)
		}
		original, err := judge.NewExpect(load(t, name), 0, "tempo")
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Spans) != len(original.Spans) || len(x.Spans) == 0 {
			t.Errorf("%s: %d spans, want %d", name, len(x.Spans), len(original.Spans))
		}
		if len(x.Records) <= len(original.Records) {
			t.Errorf("%s: %d records, want more than %d", name, len(x.Records), len(original.Records))
		}
		for _, r := range x.Records {
			if r.Fact.Line == nil {
				t.Errorf("%s: record %q lost its facts", name, r.Line)
			}
		}
		root, _ := wire.ParseV2(c.Files["tempo_v2.pb"])
		found := map[string]bool{}
		root.Walk(func(n *wire.Node) {
			if n.Type == "AnyValue" && n.Kid(1) != nil {
				spread(string(n.Kid(1).Raw), found)
			}
		})
		for _, r := range x.Records {
			spread(r.Line, found)
			for _, v := range r.Metadata {
				spread(v, found)
			}
		}
		for _, m := range x.Facts.Messages {
			if m.Text == nil || m.CarriedBy != nil && len(*m.CarriedBy) == 0 {
				continue
			}
			if !strings.Contains(*m.Text, "条消息") && !strings.Contains(*m.Text, "reworded") {
				t.Errorf("%s: %q was not reworded", name, *m.Text)
			}
			if !found[*m.Text] && !inside(*m.Text, found) {
				t.Errorf("%s: %q is nowhere in the mutated bodies", name, *m.Text)
			}
		}
	}
}

// spread collects s and every leaf of JSON in it.
func spread(s string, found map[string]bool) {
	found[s] = true
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		walk(v, found)
	}
}

func walk(v any, found map[string]bool) {
	switch v := v.(type) {
	case string:
		if !found[v] {
			spread(v, found)
		}
	case []any:
		for _, e := range v {
			walk(e, found)
		}
	case map[string]any:
		for _, e := range v {
			walk(e, found)
		}
	}
}

func inside(text string, found map[string]bool) bool {
	for s := range found {
		if strings.Contains(s, text) {
			return true
		}
	}
	return false
}
