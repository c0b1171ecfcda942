package conformance

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
)

// frames decodes every frame of r with Grafana's own reader.
func frames(t *testing.T, r *pluginv2.DataResponse) []*data.Frame {
	t.Helper()
	if r.Error != "" || r.Status != 200 {
		t.Fatalf("status %d, error %q (%s)", r.Status, r.Error, r.ErrorSource)
	}
	var all []*data.Frame
	for i, raw := range r.Frames {
		frame, err := data.UnmarshalArrowFrame(raw)
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		if _, err := json.Marshal(frame); err != nil {
			t.Fatalf("frame %d is no JSON for the browser: %v", i, err)
		}
		all = append(all, frame)
	}
	return all
}

func column(t *testing.T, frame *data.Frame, name string) *data.Field {
	t.Helper()
	field, at := frame.FieldByName(name)
	if at < 0 {
		t.Fatalf("%s has no column %q", frame.Name, name)
	}
	return field
}

// texts are the values of a text column; a null is "".
func texts(t *testing.T, frame *data.Frame, name string) []string {
	t.Helper()
	field := column(t, frame, name)
	var all []string
	for i := range field.Len() {
		value, ok := field.ConcreteAt(i)
		text, isText := value.(string)
		if ok && !isText {
			t.Fatalf("%s.%s is %T, want text", frame.Name, name, value)
		}
		all = append(all, text)
	}
	return all
}

// numbers are the values of a number column; a null is NaN.
func numbers(t *testing.T, frame *data.Frame, name string) []float64 {
	t.Helper()
	field := column(t, frame, name)
	var all []float64
	for i := range field.Len() {
		if field.NilAt(i) {
			all = append(all, math.NaN())
			continue
		}
		value, err := field.FloatAt(i)
		if err != nil {
			t.Fatalf("%s.%s: %v", frame.Name, name, err)
		}
		all = append(all, value)
	}
	return all
}

type views struct {
	trace                      *judge.Trace
	logs, nodes, edges, rollUp *data.Frame
}

// allViews asks for a trace with every view and fails unless each comes, in its order and for its panel.
func allViews(t *testing.T, w *world) views {
	t.Helper()
	r := one(t, running(t), w.settings, host.JSONQuery("A", map[string]any{
		"query": w.id, "queryType": "traceql", "views": []string{"table", "nodeGraph", "logs", "trace"}}, w.from, w.to))
	all := frames(t, r)
	want := []data.VisType{data.VisTypeTrace, data.VisTypeLogs, data.VisTypeNodeGraph, data.VisTypeNodeGraph, data.VisTypeTable}
	if len(all) != len(want) {
		t.Fatalf("%d frames, want %d", len(all), len(want))
	}
	for i, frame := range all {
		if frame.Meta == nil || frame.Meta.PreferredVisualization != want[i] || frame.RefID != "A" {
			t.Errorf("frame %d is for %+v (refId %q), want %s", i, frame.Meta, frame.RefID, want[i])
		}
	}
	return views{decode(t, &pluginv2.DataResponse{Status: 200, Frames: r.Frames[:1]}), all[1], all[2], all[3], all[4]}
}

func TestWithoutViewsATraceIsOneFrame(t *testing.T) {
	w := newWorld(t, "g2-happy")
	if n := len(w.answer(t, running(t)).Frames); n != 1 {
		t.Errorf("%d frames", n)
	}
}

func TestTheLogsViewShowsEveryRecordAndMessageInOrder(t *testing.T) {
	for _, name := range []string{"g1-happy", "g2-happy", "g2-event-only", "multi-service-40", "html-injection-logs", "eval-late", "no-logs"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, name)
			v := allViews(t, w)
			if v.logs.Meta.Type != data.FrameTypeLogLines {
				t.Errorf("the frame's type is %q", v.logs.Meta.Type)
			}
			byID := map[string]*judge.Row{}
			want := 0
			for _, r := range v.trace.Rows {
				if k := r.Text("spanlog.kind"); k == "log" || k == "message" {
					byID[r.SpanID] = r
					want++
				}
			}
			ids, bodies, times := texts(t, v.logs, "id"), texts(t, v.logs, "body"), column(t, v.logs, "timestamp")
			if len(ids) != want {
				t.Errorf("%d lines, want %d", len(ids), want)
			}
			seen := map[string]bool{}
			for i, id := range ids {
				r := byID[id]
				if r == nil || seen[id] {
					t.Fatalf("line %d: id %q is no row of the trace, or twice", i, id)
				}
				seen[id] = true
				text := r.Text("@message")
				if r.Text("spanlog.kind") == "message" {
					text = r.Text("message.role") + ": " + text
				}
				if bodies[i] != text {
					t.Errorf("line %d is %.80q, want %.80q", i, bodies[i], text)
				}
				if i > 0 && timeAt(times, i).Before(timeAt(times, i-1)) {
					t.Errorf("line %d is older than the one before it", i)
				}
				if r.Text("spanlog.kind") == "log" && r.Text("log.timestamp") != nanos(timeAt(times, i)) {
					t.Errorf("line %d is at %s, its record at %s", i, nanos(timeAt(times, i)), r.Text("log.timestamp"))
				}
			}
			for i := range v.logs.Rows() {
				var labels map[string]string
				raw, _ := column(t, v.logs, "labels").ConcreteAt(i)
				if err := json.Unmarshal(raw.(json.RawMessage), &labels); err != nil {
					t.Errorf("labels of line %d: %v", i, err)
				}
			}
		})
	}
}

func TestTheNodeGraphConnectsAgentsModelsAndTools(t *testing.T) {
	for _, name := range []string{"g1-happy", "g2-happy", "oi-happy", "tl-current", "vercel-ai", "pydantic-ai", "strands", "adk", "nested-agents-dup", "claude-code-traced", "no-logs", "langfuse-sdk"} {
		t.Run(name, func(t *testing.T) {
			v := allViews(t, newWorld(t, name))
			nodes := map[string]bool{}
			for _, id := range texts(t, v.nodes, "id") {
				if id == "" || nodes[id] {
					t.Errorf("node %q is empty or twice", id)
				}
				nodes[id] = true
			}
			for i, id := range texts(t, v.edges, "id") {
				source, target := texts(t, v.edges, "source")[i], texts(t, v.edges, "target")[i]
				if !nodes[source] || !nodes[target] || source == target {
					t.Errorf("edge %q goes from %q to %q", id, source, target)
				}
			}
			for _, id := range texts(t, v.nodes, "id") {
				reached := strings.HasPrefix(id, "agent:") || strings.HasPrefix(id, "service:")
				for _, target := range texts(t, v.edges, "target") {
					reached = reached || target == id
				}
				if !reached {
					t.Errorf("nobody calls %q", id)
				}
			}
			for i := range v.nodes.Rows() {
				sum := 0.0
				for _, field := range v.nodes.Fields {
					if strings.HasPrefix(field.Name, "arc__") {
						part, _ := field.FloatAt(i)
						sum += part
					}
				}
				if math.Abs(sum-1) > 1e-9 {
					t.Errorf("the arcs of node %d add up to %v", i, sum)
				}
			}
		})
	}
}

func TestATravelAgentsGraphIsAgentModelTool(t *testing.T) {
	v := allViews(t, newWorld(t, "g2-happy"))
	var edges []string
	for i, source := range texts(t, v.edges, "source") {
		edges = append(edges, strings.SplitN(source, ":", 2)[0]+" "+strings.SplitN(texts(t, v.edges, "target")[i], ":", 2)[0])
	}
	all := strings.Join(edges, ", ")
	for _, want := range []string{"agent model", "model tool"} {
		if !strings.Contains(all, want) {
			t.Errorf("no edge from %s in %s", want, all)
		}
	}
}

func TestTheRollUpTableSaysWhatTheRootsSummarySays(t *testing.T) {
	for _, name := range []string{"g1-happy", "g1-error", "g2-happy", "oi-happy", "tl-current", "tl-legacy", "vercel-ai", "pydantic-ai", "strands", "adk", "nested-agents-dup", "langfuse-sdk"} {
		t.Run(name, func(t *testing.T) {
			v := allViews(t, newWorld(t, name))
			sums := map[string]float64{}
			kinds := texts(t, v.rollUp, "kind")
			for i, kind := range kinds {
				if kind == "model" {
					sums["spanlog.llm_calls"] += numbers(t, v.rollUp, "calls")[i]
				}
				if kind == "tool" {
					sums["spanlog.tools"] += numbers(t, v.rollUp, "calls")[i]
				}
				for column, key := range map[string]string{"inputTokens": "spanlog.tokens.input", "outputTokens": "spanlog.tokens.output"} {
					if n := numbers(t, v.rollUp, column)[i]; !math.IsNaN(n) {
						sums[key] += n
					}
				}
				p50, p95, total := numbers(t, v.rollUp, "p50")[i], numbers(t, v.rollUp, "p95")[i], numbers(t, v.rollUp, "total")[i]
				if !math.IsNaN(p50) && (p50 > p95 || p95 > total+1e-6) || numbers(t, v.rollUp, "calls")[i] < 1 {
					t.Errorf("row %d: p50 %v, p95 %v, total %v", i, p50, p95, total)
				}
				if texts(t, v.rollUp, "name")[i] == "" {
					t.Errorf("row %d has no name", i)
				}
			}
			want := map[string]float64{}
			for _, r := range v.trace.Rows {
				if r.Parent != "" || r.Synthetic() {
					continue
				}
				for _, key := range []string{"spanlog.llm_calls", "spanlog.tools", "spanlog.tokens.input", "spanlog.tokens.output"} {
					if kv, ok := r.Tag(key); ok {
						n, _ := kv.Value.(float64)
						want[key] += n
					}
				}
			}
			for key, n := range want {
				if sums[key] != n {
					t.Errorf("%s: the table's rows add up to %v, the root says %v", key, sums[key], n)
				}
			}
			if len(kinds) == 0 {
				t.Error("no rows")
			}
		})
	}
}

func TestTheContentPolicyHoldsForEveryView(t *testing.T) {
	w := newWorld(t, "g2-happy")
	w.settings.JSON["policy"] = map[string]any{"levels": map[string]any{"Viewer": "metadata", "Admin": "full"},
		"redact": []any{map[string]any{"regex": "doubao", "name": "model"}}}
	secret := ""
	for _, r := range w.admin(t).trace.Rows {
		if r.Text("message.role") == "user" {
			secret = r.Text("@message")
		}
	}
	if len(secret) < 5 {
		t.Fatalf("the case has no user message: %q", secret)
	}
	w.settings.UID += "-viewer"
	v := allViews(t, w)
	for _, frame := range []*data.Frame{v.trace.Frame, v.logs, v.nodes, v.edges, v.rollUp} {
		raw, _ := json.Marshal(frame)
		if strings.Contains(string(raw), secret) {
			t.Errorf("%s shows a viewer what the user said", frame.Name)
		}
		if strings.Contains(string(raw), "doubao") {
			t.Errorf("%s shows the model's name, which a rule removes", frame.Name)
		}
	}
}

func (w *world) admin(t *testing.T) views {
	t.Helper()
	other := *w
	other.settings.Role = "Admin"
	return allViews(t, &other)
}

func TestALongRunHasItsViewsToo(t *testing.T) {
	v := allViews(t, run(t, 5))
	for i, kind := range texts(t, v.rollUp, "kind") {
		if n := numbers(t, v.rollUp, "calls")[i]; kind == "model" && n != 5 {
			t.Errorf("%v calls of the model, want 5", n)
		}
	}
	if n := v.logs.Rows(); n != 35 { // call n shows 1 system, n questions, n answers
		t.Errorf("%d lines, want 35", n)
	}
}
