package conformance

import (
	"strings"
	"testing"
)

// What live mode relies on: asked again, a growing trace has all the rows it had, under the same ids.
func TestAGrowingTraceKeepsItsRows(t *testing.T) {
	w := newWorld(t, "running-trace-orphans")
	before := decode(t, w.answer(t, running(t)))
	body, ok := w.c.Files["tempo_v2.after.pb"]
	if !ok {
		t.Fatal("the case has no recording of the trace when it had ended")
	}
	w.tempo.ServeBody(w.id, body)
	after := decode(t, w.answer(t, running(t)))
	if len(after.Rows) <= len(before.Rows) {
		t.Errorf("%d rows became %d", len(before.Rows), len(after.Rows))
	}
	for _, r := range before.Rows {
		if after.ByID[r.SpanID] == nil && !strings.HasPrefix(r.SpanID, "run-") {
			t.Errorf("%s is gone", r)
		}
	}
}

func TestTheSameTraceAskedTwiceHasTheSameRows(t *testing.T) {
	for _, name := range []string{"g2-happy", "multi-service-40", "claude-code-no-trace-ids", "logs-1500"} {
		w := newWorld(t, name)
		first, second := decode(t, w.answer(t, running(t))), decode(t, w.answer(t, running(t)))
		if len(first.Rows) != len(second.Rows) {
			t.Fatalf("%s: %d rows, then %d", name, len(first.Rows), len(second.Rows))
		}
		for i, r := range first.Rows {
			if s := second.Rows[i]; s.SpanID != r.SpanID || s.Parent != r.Parent || s.Start != r.Start {
				t.Errorf("%s: row %d was %s, then %s", name, i, r, s)
			}
		}
	}
}

func TestATraceThatTempoGivesInPartSaysSo(t *testing.T) {
	w := newWorld(t, "partial-trace")
	trace := decode(t, w.answer(t, running(t)))
	custom, _ := trace.Frame.Meta.Custom.(map[string]any)
	if custom["partial"] != true {
		t.Errorf("meta.custom is %v", trace.Frame.Meta.Custom)
	}
	whole := newWorld(t, "no-logs")
	trace = decode(t, whole.answer(t, running(t)))
	if custom, _ := trace.Frame.Meta.Custom.(map[string]any); custom["partial"] != false {
		t.Errorf("meta.custom of a whole trace is %v", trace.Frame.Meta.Custom)
	}
}
