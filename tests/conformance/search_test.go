package conformance

import (
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"spanlog/conformance/host"
)

func TestASearchGivesATableOfTraces(t *testing.T) {
	w := newWorld(t, "attribute-types")
	const search = `{resource.service.name="types-svc"}`
	r := one(t, running(t), w.settings, host.JSONQuery("A", map[string]any{"query": search, "queryType": "traceql", "limit": 20}, w.from, w.to))
	if r.Error != "" || r.Status != 200 || len(r.Frames) == 0 {
		t.Fatalf("status %d, %q, %d frames", r.Status, r.Error, len(r.Frames))
	}
	frame, err := data.UnmarshalArrowFrame(r.Frames[0])
	if err != nil {
		t.Fatal(err)
	}
	if frame.Rows() == 0 || frame.Meta == nil || frame.Meta.PreferredVisualization != data.VisTypeTable {
		t.Errorf("%d rows, meta %+v; want a table", frame.Rows(), frame.Meta)
	}
	text, err := frame.MarshalJSON()
	if err != nil || !strings.Contains(string(text), w.id) {
		t.Errorf("the found trace %s is not in the table: %.600s", w.id, text)
	}
	found := false
	for _, seen := range w.tempo.Requests() {
		found = found || seen.Path == "/api/search" && seen.Query.Get("q") == search
	}
	if !found {
		t.Errorf("Tempo was not asked for %s", search)
	}
}

func TestASearchThatTempoRefusesIsAnErrorInItsWords(t *testing.T) {
	w := newWorld(t, "attribute-types")
	r := one(t, running(t), w.settings, host.JSONQuery("A", map[string]any{"query": "{ foo = ", "queryType": "traceql"}, w.from, w.to))
	wantError(t, r, []int32{400}, "downstream", "parse error")
}
