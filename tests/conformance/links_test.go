package conformance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
)

func timeAt(field *data.Field, i int) time.Time {
	value, _ := field.ConcreteAt(i)
	at, _ := value.(time.Time)
	return at
}

func nanos(at time.Time) string { return strconv.FormatInt(at.UnixNano(), 10) }

// target is where a link leads: LogQL and a range in ms.
type target struct {
	expr     string
	from, to int64
}

// follow does what Grafana's trace view does with the links of one row: none where a variable has no
// value, the span's time as the range of an internal link.
func follow(t *testing.T, frame *data.Frame, row int, tags map[string]string, start float64) []target {
	t.Helper()
	var found []target
	for _, field := range frame.Fields {
		if field.Config == nil || field.NilAt(row) {
			continue
		}
		raw, _ := field.ConcreteAt(row)
		value := fmt.Sprint(raw)
		fill := func(text string) string {
			text = strings.ReplaceAll(text, "${__value.raw}", value)
			return strings.ReplaceAll(text, `${__span.tags["log.timestamp"]}`, tags["log.timestamp"])
		}
		for _, link := range field.Config.Links {
			var to target
			if link.Internal != nil {
				query, _ := json.Marshal(link.Internal.Query)
				var q struct{ Expr string }
				if link.Internal.DatasourceUID != "loki-uid" || json.Unmarshal(query, &q) != nil {
					t.Fatalf("link %+v", link)
				}
				to = target{fill(q.Expr), int64(start), int64(start) + 1}
			} else {
				at, err := url.Parse(fill(link.URL))
				if err != nil || at.Path != "/explore" {
					t.Fatalf("link to %q: %v", link.URL, err)
				}
				var state struct {
					Datasource string
					Queries    []struct{ Expr string }
					Range      struct{ From, To string }
				}
				if err := json.Unmarshal([]byte(at.Query().Get("left")), &state); err != nil || state.Datasource != "loki-uid" || len(state.Queries) != 1 {
					t.Fatalf("the link's state %q: %v", at.Query().Get("left"), err)
				}
				to.expr = state.Queries[0].Expr
				to.from, _ = strconv.ParseInt(state.Range.From, 10, 64)
				to.to, _ = strconv.ParseInt(state.Range.To, 10, 64)
			}
			if strings.Contains(to.expr, "${") {
				t.Fatalf("a variable is left in %s", to.expr)
			}
			found = append(found, to)
		}
	}
	return found
}

var linkQuery = regexp.MustCompile("^\\{(\\w+)(=~?)(\".*\")\\} \\| label_format record_ns=`\\{\\{ __timestamp__ \\| unixEpochNanos \\}\\}` \\| record_ns=\"(\\d+)\"$")

// find gives the records that Loki would answer with.
func (to target) find(t *testing.T, entries []replay.Entry) []replay.Entry {
	t.Helper()
	parts := linkQuery.FindStringSubmatch(to.expr)
	if parts == nil {
		t.Fatalf("unknown form: %s", to.expr)
	}
	value, err := strconv.Unquote(parts[3])
	if err != nil {
		t.Fatalf("%s: %v", to.expr, err)
	}
	if parts[2] == "=" {
		value = regexp.QuoteMeta(value)
	}
	matches := regexp.MustCompile("^(?:" + value + ")$")
	var found []replay.Entry
	for _, e := range entries {
		in := e.TS >= to.from*1e6 && e.TS < to.to*1e6
		if in && strconv.FormatInt(e.TS, 10) == parts[4] && matches.MatchString(e.Stream[parts[1]]) {
			found = append(found, e)
		}
	}
	return found
}

func (w *world) entries(t *testing.T) []replay.Entry {
	t.Helper()
	entries, err := w.c.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestEveryLogSpanLinksToItsRecordAndToNoOther(t *testing.T) {
	for _, name := range []string{"g1-happy", "g2-happy", "g2-event-only", "classic-winston", "classic-slog-promtail",
		"claude-code-no-trace-ids", "eval-late", "multi-service-40", "running-trace-orphans", "adk", "no-service-name", "logs-1500"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, name)
			w.settings.JSON["tracesToLogsV2"] = map[string]any{"datasourceUid": "loki-uid"}
			r := w.answer(t, running(t))
			trace := decode(t, r)
			entries := w.entries(t)
			linked := 0
			for i, row := range trace.Rows {
				ns := row.Text("log.timestamp")
				links := follow(t, trace.Frame, i, map[string]string{"log.timestamp": ns}, row.Start)
				if ns == "" {
					if len(links) != 0 {
						t.Errorf("%s is from no record and has a link", row)
					}
					continue
				}
				if len(links) != 1 {
					t.Errorf("%s has %d links, want 1", row, len(links))
					continue
				}
				linked++
				found := links[0].find(t, entries)
				lines := map[string]bool{}
				for _, e := range found {
					lines[e.Line+fmt.Sprint(e.Metadata)] = true
				}
				if len(lines) != 1 {
					t.Errorf("the link of %s finds %d records: %+v", row, len(lines), links[0])
				} else if row.Text("spanlog.kind") == "log" && found[0].Line != "" && found[0].Line != row.Text("@message") {
					t.Errorf("the link of %s finds %.80q", row, found[0].Line)
				}
			}
			if linked == 0 {
				t.Error("no row is linked")
			}
		})
	}
}

func TestWithoutALokiDatasourceNoRowIsLinked(t *testing.T) {
	w := newWorld(t, "g1-happy")
	trace := decode(t, w.answer(t, running(t)))
	for _, field := range trace.Frame.Fields {
		if field.Config != nil && len(field.Config.Links) > 0 {
			t.Errorf("%s has links to nowhere", field.Name)
		}
	}
}

func TestTheUidOfLogsGoesBeforeThatOfTracesToLogs(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.settings.JSON["tracesToLogsV2"] = map[string]any{"datasourceUid": "an-elasticsearch"}
	w.settings.Logs()["datasourceUid"] = "loki-uid"
	trace := decode(t, w.answer(t, running(t)))
	linked := 0
	for i, row := range trace.Rows {
		linked += len(follow(t, trace.Frame, i, map[string]string{"log.timestamp": row.Text("log.timestamp")}, row.Start))
	}
	if linked == 0 {
		t.Error("no row is linked")
	}
}

func TestTheLogsViewLinksToLokiAndBackIntoTheTrace(t *testing.T) {
	w := newWorld(t, "g2-happy")
	w.settings.JSON["tracesToLogsV2"] = map[string]any{"datasourceUid": "loki-uid"}
	v := allViews(t, w)
	span := column(t, v.logs, "spanID").Config.Links[0]
	if span.Internal == nil || span.Internal.DatasourceUID != w.settings.UID {
		t.Errorf("the span's link is %+v", span)
	}
	raw, _ := json.Marshal(span.Internal.Query)
	if !strings.Contains(string(raw), w.id) || !strings.Contains(string(raw), `"queryType":"traceql"`) {
		t.Errorf("the span's link asks for %s", raw)
	}
	entries := w.entries(t)
	windows, link := column(t, v.logs, "recordWindow"), column(t, v.logs, "recordWindow").Config.Links[0]
	linked := 0
	for i, ns := range texts(t, v.logs, "recordTime") {
		if windows.NilAt(i) {
			continue
		}
		linked++
		raw, _ := windows.ConcreteAt(i)
		full := strings.ReplaceAll(strings.ReplaceAll(link.URL, "${__value.raw}", raw.(string)), "${__data.fields.recordTime}", ns)
		at, err := url.Parse(full)
		if err != nil {
			t.Fatal(err)
		}
		var state struct {
			Queries []struct{ Expr string }
			Range   struct{ From, To string }
		}
		if err := json.Unmarshal([]byte(at.Query().Get("left")), &state); err != nil {
			t.Fatalf("%s: %v", at.Query().Get("left"), err)
		}
		to := target{expr: state.Queries[0].Expr}
		to.from, _ = strconv.ParseInt(state.Range.From, 10, 64)
		to.to, _ = strconv.ParseInt(state.Range.To, 10, 64)
		if n := len(to.find(t, entries)); n != 1 {
			t.Errorf("line %d finds %d records", i, n)
		}
	}
	if linked == 0 {
		t.Error("no line is linked")
	}
}

// The queries that Grafana itself writes when it links to a trace.
func TestTheQueriesOfGrafanasLinksOpenTheTrace(t *testing.T) {
	w := newWorld(t, "g1-happy")
	upper := strings.ToUpper(w.id)
	want := logRows(decode(t, w.answer(t, running(t))))
	for name, model := range map[string]map[string]any{
		"a Loki derived field":                             {"query": w.id},
		"a Loki derived field to a data source like Tempo": {"query": w.id, "queryType": "traceql"},
		"a Prometheus exemplar":                            {"query": w.id, "queryType": "traceql", "refId": "A"},
		"Tempo before TraceQL":                             {"query": w.id, "queryType": "traceId"},
		"a Zipkin link":                                    {"query": w.id, "queryType": "traceID"},
		"Tempo's editor":                                   {"query": w.id, "queryType": "traceql", "limit": 20, "tableType": "traces", "filters": []any{map[string]any{"id": "a", "operator": "="}}, "metricsQueryType": "range", "serviceMapUseNativeHistograms": false},
		"an upper-case id":                                 {"query": " " + upper + "\n"},
		"a span link":                                      {"query": w.id, "queryType": "traceql", "datasource": map[string]any{"uid": "x"}, "hide": false, "key": "Q-1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := one(t, running(t), w.settings, host.JSONQuery("A", model, w.from, w.to))
			if trace := decode(t, r); want == 0 || logRows(trace) != want {
				t.Errorf("%d log spans, want %d", logRows(trace), want)
			}
		})
	}
}

// The links of Tempo's service graph are searches, by TraceQL or by the filters of its search builder.
func TestASearchOfTemposServiceGraphGivesATable(t *testing.T) {
	w := newWorld(t, "g1-happy")
	for want, model := range map[string]map[string]any{
		`{resource.service.name="types-svc" && span:kind = server}`: {"queryType": "traceql", "filters": []any{},
			"query": `{resource.service.name="types-svc" && span:kind = server}`},
		`{resource.service.name="types-svc" && name="GET /"}`: {"queryType": "traceqlSearch", "filters": []any{
			map[string]any{"id": "service-name", "scope": "resource", "tag": "service.name", "operator": "=", "value": "types-svc", "valueType": "string"},
			map[string]any{"id": "span-name", "scope": "span", "tag": "name", "operator": "=", "value": "GET /", "valueType": "string"}}},
	} {
		table := search(t, w, model)
		if table.Meta.PreferredVisualization != data.VisTypeTable || table.Meta.ExecutedQueryString != want {
			t.Errorf("asked for %s, want %s", table.Meta.ExecutedQueryString, want)
		}
	}
}

func TestListsAreOfTheReadersTimeRange(t *testing.T) {
	w := newWorld(t, "g1-happy")
	get := func(path string) {
		t.Helper()
		code, _, body := call(t, running(t), w.settings, &pluginv2.CallResourceRequest{
			Path: strings.SplitN(path, "?", 2)[0], Url: path, Method: "GET"})
		if code != 200 {
			t.Fatalf("%s: %d %s", path, code, body)
		}
	}
	for _, path := range []string{"tags?", "services?", "tag-values?tag=resource.service.name&", "operations?service=a&"} {
		get(path + "start=1795250000&end=1795253600")
		if q := last(t, w.tempo.Server).Query; q.Get("start") != "1795250000" || q.Get("end") != "1795253600" {
			t.Errorf("%s: Tempo was asked for %s", path, q.Encode())
		}
		get(path + "start=5&end=x")
		if q := last(t, w.tempo.Server).Query; q.Has("start") || q.Has("end") {
			t.Errorf("%s: half a range was sent: %s", path, q.Encode())
		}
	}
	for _, path := range []string{"log-labels?", "log-label-values?name=service_name&"} {
		get(path + "start=1795250000&end=1795253600")
		if q := last(t, w.loki.Server).Query; q.Get("start") != "1795250000000000000" || q.Get("end") != "1795253600000000000" {
			t.Errorf("%s: Loki was asked for %s", path, q.Encode())
		}
	}
}
