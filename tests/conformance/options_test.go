package conformance

import (
	"fmt"
	"strings"
	"testing"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

func (w *world) with(t *testing.T, model map[string]any) *judge.Trace {
	t.Helper()
	full := map[string]any{"query": w.id, "queryType": "traceql"}
	for k, v := range model {
		full[k] = v
	}
	return decode(t, one(t, running(t), w.settings, host.JSONQuery("A", full, w.from, w.to)))
}

func TestLogsNoneGivesTheTraceAlone(t *testing.T) {
	w := newWorld(t, "g1-happy")
	trace := w.with(t, map[string]any{"logs": "none"})
	if logRows(trace) != 0 || len(trace.Rows) != 5 || len(w.loki.Requests()) != 0 {
		t.Errorf("%d rows, %d log spans, %d requests to Loki", len(trace.Rows), logRows(trace), len(w.loki.Requests()))
	}
}

func TestLogsMessagesLeavesOrdinaryLogsOut(t *testing.T) {
	w := newWorld(t, "g1-happy")
	messages := 0
	for _, r := range w.with(t, map[string]any{"logs": "messages"}).Rows {
		switch r.Text("spanlog.kind") {
		case "log":
			t.Errorf("%s is an ordinary log", r)
		case "message":
			messages++
		}
	}
	if messages != 11 {
		t.Errorf("%d messages, want 11", messages)
	}
}

func TestMinLevelDropsWhatIsBelow(t *testing.T) {
	w := newWorld(t, "logs-1500")
	if n := logRows(w.with(t, map[string]any{"minLevel": "error"})); n != 3 {
		t.Errorf("%d log spans, want the 3 errors", n)
	}
}

func TestAConfiguredLogsQueryIsUsed(t *testing.T) {
	for name, test := range map[string]struct{ query, sent string }{
		"a whole query": {`{service_name=~"${__trace.services}"} | trace_id="${__trace.traceId}"`, `| trace_id="`},
		"a selector":    {`{deployment_environment_name="dev"}`, `{deployment_environment_name="dev"}`},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "multi-service-40")
			w.settings.Logs()["query"] = test.query
			w.wantGood(t, w.answer(t, running(t)))
			if all := strings.Join(w.loki.Queries(), "\n"); !strings.Contains(all, test.sent) || strings.Contains(all, "${") {
				t.Errorf("Loki was asked:\n%s", all)
			}
		})
	}
}

func TestALogsQueryOfTheQueryGoesBeforeTheConfiguredOne(t *testing.T) {
	w := newWorld(t, "multi-service-40")
	w.settings.Logs()["query"] = `{app="never"}`
	trace := w.with(t, map[string]any{"logsQuery": `{service_name="stock"} | trace_id="${__trace.traceId}"`})
	if all := strings.Join(w.loki.Queries(), "\n"); strings.Contains(all, "never") || !strings.Contains(all, `{service_name="stock"}`) {
		t.Errorf("Loki was asked:\n%s", all)
	}
	if logRows(trace) == 0 {
		t.Error("no log span")
	}
}

// A span attribute that ends up in a query cannot change the query's meaning.
func TestAttributesInALogsQueryAreQuoted(t *testing.T) {
	w := newWorld(t, "html-injection-logs")
	w.settings.Logs()["query"] = `{service_name="${__span.tags["service.name"]}"} | trace_id="${__trace.traceId}"`
	w.settings.UID += "-quoted"
	decode(t, w.answer(t, running(t)))
	for _, problem := range w.loki.Problems() {
		t.Error(problem)
	}
	for _, q := range w.loki.Queries() {
		if strings.Contains(q, "${") {
			t.Errorf("Loki was asked: %s", q)
		}
	}
}

func TestLanes(t *testing.T) {
	w := newWorld(t, "g1-happy")
	for _, test := range []struct {
		model map[string]any
		want  func(*judge.Row) string
	}{
		{nil, func(r *judge.Row) string { return r.Text("message.role") }},
		{map[string]any{"lanes": "role"}, func(r *judge.Row) string { return r.Text("message.role") }},
		{map[string]any{"lanes": "service"}, func(*judge.Row) string { return "travel-agent" }},
	} {
		for _, r := range w.with(t, test.model).Rows {
			if r.Text("spanlog.kind") == "message" && r.Service != test.want(r) {
				t.Errorf("%v: %s has the service name %q, want %q", test.model, r, r.Service, test.want(r))
			}
		}
	}
}

// run is a long conversation: turn n is one call whose input is everything said before.
func run(t *testing.T, turns int) *world {
	t.Helper()
	c := replay.Conversation(turns)
	w := &world{c: c, tempo: replay.NewTempo(c), loki: replay.NewLoki(c), id: c.Meta.TraceIDs[0]}
	t.Cleanup(w.tempo.Close)
	t.Cleanup(w.loki.Close)
	w.settings = host.Stores("tempo", w.tempo.URL, w.loki.URL)
	w.settings.UID = fmt.Sprintf("run-%d", turns)
	w.from, w.to = around(c)
	return w
}

func countMessages(trace *judge.Trace) (messages map[string]int, history int) {
	messages = map[string]int{}
	for _, r := range trace.Rows {
		switch r.Text("spanlog.kind") {
		case "message":
			messages[r.Text("message.role")+": "+r.Text("@message")]++
		case "history":
			history++
		}
	}
	return messages, history
}

func TestHistoryDeltaShowsEachMessageOfALongRunOnce(t *testing.T) {
	const turns = 40
	trace := run(t, turns).with(t, map[string]any{"history": "delta"})
	messages, history := countMessages(trace)
	for text, n := range messages {
		if n != 1 {
			t.Errorf("%q is shown %d times", text, n)
		}
	}
	if len(messages) != 1+2*turns || history != turns-1 {
		t.Errorf("%d messages and %d history rows, want %d and %d", len(messages), history, 1+2*turns, turns-1)
	}
}

func TestHistoryFullShowsEachMessageOfEachCall(t *testing.T) {
	const turns = 12
	messages, history := countMessages(run(t, turns).with(t, map[string]any{"history": "full"}))
	total := 0
	for _, n := range messages {
		total += n
	}
	if want := turns * (turns + 2); total != want || history != 0 { // call n shows 1 system, n questions, n answers
		t.Errorf("%d messages and %d history rows, want %d and 0", total, history, want)
	}
}

func TestHistoryDeltaGrowsWithTheTurnsAndNotWithTheirSquare(t *testing.T) {
	size := func(turns int) int {
		w := run(t, turns)
		r := one(t, running(t), w.settings, host.JSONQuery("A", map[string]any{"query": w.id, "history": "delta"}, w.from, w.to))
		decode(t, r)
		return len(r.Frames[0])
	}
	small, large := size(20), size(80)
	if large > 5*small {
		t.Errorf("20 turns take %d bytes, 80 turns %d: more than five times as many", small, large)
	}
}
