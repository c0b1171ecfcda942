package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
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

// agentSearch answers a search as Tempo does: hits without attributes, and with `select` the spans of the
// one hit that is an agent's run.
func agentSearch(r *replay.Seen) replay.Answer {
	const hit = `{"traceID":%q,"rootServiceName":"svc","rootTraceName":"root","startTimeUnixNano":"%d","durationMs":2000,` +
		`"spanSets":[{"matched":%d,"spans":[%s]}],"serviceStats":{"svc":{"spanCount":5,"errorCount":%d}}}`
	attributes := func(pairs ...string) string {
		var all []string
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, fmt.Sprintf(`{"key":%q,"value":{"stringValue":%q}}`, pairs[i], pairs[i+1]))
		}
		return strings.Join(all, ",")
	}
	span := func(id int, pairs ...string) string {
		return fmt.Sprintf(`{"spanID":"%016x","name":"s","startTimeUnixNano":"179530000000000%04d","durationNanos":"9","attributes":[%s]}`, id, id*100, attributes(pairs...))
	}
	q := r.Query.Get("q")
	body := ""
	switch {
	case strings.Contains(q, "span.gen_ai.input.messages"):
		body = fmt.Sprintf(hit, "a1", int64(1795300000000000000), 1, span(2, "gen_ai.input.messages",
			`[{"role":"user","parts":[{"type":"text","content":"Where is <b>Rome</b>?"}]}]`), 1)
	case strings.Contains(q, "select("):
		body = fmt.Sprintf(hit, "a1", int64(1795300000000000000), 3, strings.Join([]string{
			span(1, "gen_ai.operation.name", "invoke_agent"),
			span(2, "gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o", "gen_ai.usage.input_tokens", "1000000",
				"gen_ai.usage.output_tokens", "10", "span:parentID", "0000000000000001"),
			span(3, "gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", "map", "span:parentID", "0000000000000001")}, ","), 1)
	default:
		body = fmt.Sprintf(hit, "a1", int64(1795300000000000000), 1, span(1), 1) + "," +
			fmt.Sprintf(hit, "b2", int64(1795300009000000000), 1, span(1), 0)
	}
	return replay.Answer{Status: 200, ContentType: "application/json", Body: []byte(`{"traces":[` + body + `]}`)}
}

func search(t *testing.T, w *world, model map[string]any) *data.Frame {
	t.Helper()
	full := map[string]any{"query": "{ status = error }", "queryType": "traceql"}
	if model["queryType"] == "traceqlSearch" {
		delete(full, "query")
	}
	for k, v := range model {
		full[k] = v
	}
	return frames(t, one(t, running(t), w.settings, host.JSONQuery("A", full, w.from, w.to)))[0]
}

func TestAgentsRunsInASearchShowWhatTheyWereAskedAndWhatTheyUsed(t *testing.T) {
	w := newWorld(t, "no-logs")
	w.tempo.Search = agentSearch
	w.settings.JSON["prices"] = []any{map[string]any{"model": "gpt-*", "input": 2.5, "output": 10}}
	table := search(t, w, nil)
	if ids := texts(t, table, "traceID"); len(ids) != 2 || !strings.HasSuffix(ids[0], "b2") {
		t.Fatalf("traces %v, want the newest first", ids)
	}
	for name, want := range map[string]string{"firstMessage": "Where is <b>Rome</b>?", "model": "gpt-4o", "tools": "map"} {
		if got := texts(t, table, name); got[1] != want || got[0] != "" {
			t.Errorf("%s is %q, want %q and nothing for the ordinary trace", name, got, want)
		}
	}
	for name, want := range map[string]float64{"inputTokens": 1e6, "outputTokens": 10, "cost": 2.5001, "errors": 1} {
		if got := numbers(t, table, name); math.Abs(got[1]-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if n := len(w.tempo.Requests()); n != 3 {
		t.Errorf("%d requests to Tempo, want 3", n)
	}
}

func TestAViewerWhoMayNotReadContentCausesNoRequestForIt(t *testing.T) {
	w := newWorld(t, "no-logs")
	w.tempo.Search = agentSearch
	w.settings.JSON["policy"] = map[string]any{"levels": map[string]any{"Viewer": "metadata"}}
	raw, _ := json.Marshal(search(t, w, nil))
	if strings.Contains(string(raw), "Rome") {
		t.Error("the first message is shown")
	}
	if n := len(w.tempo.Requests()); n != 2 {
		t.Errorf("%d requests to Tempo, want 2", n)
	}
}

func TestTheDashboardsFindTheirColumns(t *testing.T) {
	w := newWorld(t, "no-logs")
	w.tempo.Search = agentSearch
	table := search(t, w, nil)
	var names []string
	for _, field := range table.Fields {
		names = append(names, field.Name)
	}
	want := "traceID startTime traceService traceName traceDuration firstMessage model inputTokens outputTokens cost tools errors"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the columns are %s, want %s", got, want)
	}
}

func TestASearchSendsTheQuerysLimit(t *testing.T) {
	for want, model := range map[string]map[string]any{"20": nil, "7": {"limit": 7}} {
		w := newWorld(t, "no-logs")
		search(t, w, model)
		if q := w.tempo.Requests()[0].Query; q.Get("limit") != want {
			t.Errorf("%v: the limit was %s", model, q.Get("limit"))
		}
	}
}
