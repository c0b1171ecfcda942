package judge

import (
	"encoding/json"
	"html"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"spanlog/conformance/replay"
)

// ideal is a row of a right answer, made from the facts alone.
type ideal struct {
	id, parent, name, service, kind, lib, version, message string
	status                                                 int64
	startNS, durationNS                                    int64
	tags                                                   []map[string]any
	events                                                 []map[string]any
	references                                             []map[string]any
	log                                                    bool
}

func (r *ideal) tag(key string, value any) {
	r.tags = append(r.tags, map[string]any{"key": key, "value": value})
}

func (r *ideal) textTag(key, value string) {
	r.tags = append(r.tags, map[string]any{"key": key, "value": html.EscapeString(value), "type": "text"})
}

// idealRows answers a case as the facts want it.
func idealRows(x *Expect) []*ideal {
	var rows []*ideal
	server := map[string]string{} // the second half of a shared id
	seen := map[string]bool{}
	for _, s := range x.Spans {
		id := s.SpanID
		if seen[id] {
			id = "0000000000000001"
			server[s.SpanID] = id
		}
		seen[id] = true
		r := &ideal{id: id, parent: s.ParentSpanID, name: s.Name, kind: kindNames[s.Kind], lib: s.Scope, version: s.ScopeVersion,
			status: s.StatusCode, message: s.StatusMessage, startNS: s.StartNS, durationNS: max(0, s.EndNS-s.StartNS)}
		if s.Service != nil {
			r.service = *s.Service
		} else {
			r.service = "unknown_service"
		}
		if id != s.SpanID {
			r.parent = s.SpanID
		}
		for i := range s.Attributes {
			r.tag("a"+strconv.Itoa(i), i)
		}
		for _, name := range s.Events {
			r.events = append(r.events, map[string]any{"timestamp": 1.5, "name": name, "fields": []any{}})
		}
		rows = append(rows, r)
	}
	root := rows[0]
	used := map[*MessageFact]bool{}
	for i := range x.Records {
		rows = append(rows, idealRecord(x, &x.Records[i], rows, root, used)...)
	}
	for i := range x.Facts.Messages {
		f := &x.Facts.Messages[i]
		if !used[f] && x.carried(f) && seen[f.SpanID] && !(doubtOf(x.Case.Meta.Name).twice && f.Source == "log") {
			rows = append(rows, idealMessage(x, f, "", root.startNS))
		}
	}
	sort.SliceStable(rows, func(i, j int) bool {
		if rows[i].startNS != rows[j].startNS {
			return rows[i].startNS < rows[j].startNS
		}
		return !rows[i].log && rows[j].log
	})
	for i, r := range rows {
		if r.log {
			r.id = "log-" + strconv.Itoa(i)
		}
	}
	return rows
}

func idealRecord(x *Expect, r *Record, rows []*ideal, root *ideal, used map[*MessageFact]bool) []*ideal {
	parent, match := "", ""
	for _, row := range rows {
		if r.Fact.SpanID != nil && row.id == *r.Fact.SpanID && !row.log {
			parent, match = row.id, "span_id"
			if r.Fact.Side == "server" {
				parent = "0000000000000001"
			}
		}
	}
	if parent == "" && r.Fact.ExpectedSpan != "" {
		parent, match = r.Fact.ExpectedSpan, "request_id"
	}
	if parent == "" {
		var best *ideal
		service := r.Stream["service_name"]
		for _, row := range rows {
			if !row.log && row.service == service && row.startNS <= r.TS && r.TS <= row.startNS+row.durationNS &&
				(best == nil || row.startNS >= best.startNS) {
				best = row
			}
		}
		parent, match = root.id, "root"
		if best != nil {
			parent, match = best.id, "time"
		}
	}
	base := ideal{parent: parent, service: "svc", name: "log", startNS: min(max(r.TS, root.startNS-1e9), root.startNS+60e9), log: true}
	base.tag("spanlog.match", match)
	base.tag("log.timestamp", strconv.FormatInt(r.TS, 10))
	if r.plain() {
		base.tag("spanlog.kind", "log")
		base.textTag("@message", r.Line)
		if level := levelOf(r.Fact.Severity); level != "" {
			base.tag("log.level", level)
		}
		if r.Fact.Severity >= 17 {
			base.status = 2
		}
		return []*ideal{&base}
	}
	var made []*ideal
	for i := range x.Facts.Messages {
		f := &x.Facts.Messages[i]
		if !used[f] && x.carried(f) && f.SpanID == parent && recordHolds(r, f) {
			used[f] = true
			row := idealMessage(x, f, match, base.startNS)
			row.tag("log.timestamp", strconv.FormatInt(r.TS, 10))
			made = append(made, row)
			if r.Fact.Kind == "message" && len(r.Fact.ToolCalls) == 0 {
				break
			}
		}
	}
	if len(made) == 0 {
		base.tag("spanlog.kind", "message")
		base.tag("message.role", "assistant")
		base.tag("message.status", "off")
		base.tag("message.sources", "log")
		base.textTag("@message", "(content not captured)")
		made = append(made, &base)
	}
	return made
}

// recordHolds says that a record may be the one that carried a message.
func recordHolds(r *Record, f *MessageFact) bool {
	if f.CarriedBy != nil && !strings.HasPrefix(strings.Join(*f.CarriedBy, " "), "log_") {
		return false
	}
	if r.Fact.Kind == "details" {
		return true
	}
	if f.Text != nil && r.Fact.Text != nil {
		return *f.Text == *r.Fact.Text && (r.Fact.Role == nil || *r.Fact.Role == f.Role)
	}
	return f.Text == nil && (len(r.Fact.ToolCalls) > 0 || r.Fact.Kind == f.Kind)
}

func idealMessage(x *Expect, f *MessageFact, match string, startNS int64) *ideal {
	row := &ideal{parent: f.SpanID, service: f.role(), name: f.role(), startNS: startNS, log: true}
	if match == "" {
		match = "span_id"
	}
	row.tag("spanlog.match", match)
	row.tag("spanlog.kind", "message")
	row.tag("message.role", f.role())
	row.tag("message.status", "full")
	row.tag("message.sources", "log")
	switch {
	case f.Media != nil:
		row.textTag("@message", "[image "+f.Media.URI+"]")
	case f.TextIsHead:
		row.textTag("@message", wholeText(x, *f.Text))
	case f.Kind == "evaluation":
		e := x.Facts.Logs[*f.Log].Evaluation
		text := e.Name + " " + e.Label
		if f.Text != nil {
			text += " " + *f.Text
		}
		row.textTag("@message", text)
	case f.Text != nil:
		row.textTag("@message", *f.Text)
	default:
		row.textTag("@message", "tool")
	}
	if f.Tool != nil {
		row.tag("tool.name", f.Tool.Name)
		row.tag("tool.call.id", f.Tool.ID)
		if len(f.Tool.Arguments) > 0 {
			row.tag("@tool.arguments", string(f.Tool.Arguments))
		}
		if f.Kind == "tool_result" {
			row.tag("@tool.result", string(f.Tool.Result))
		}
	}
	return row
}

// wholeText finds the text that begins with head in the records.
func wholeText(x *Expect, head string) string {
	found := head
	var look func(v any)
	look = func(v any) {
		switch v := v.(type) {
		case string:
			if strings.HasPrefix(v, head) {
				found = v
			}
		case []any:
			for _, e := range v {
				look(e)
			}
		case map[string]any:
			for _, e := range v {
				look(e)
			}
		}
	}
	for _, r := range x.Records {
		for _, v := range r.Metadata {
			var parsed any
			if json.Unmarshal([]byte(v), &parsed) == nil {
				look(parsed)
			}
		}
	}
	return found
}

func cell(v any, n int) json.RawMessage {
	if n == 0 {
		return json.RawMessage("[]")
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// encodeIdeal writes the rows as the plugin would.
func encodeIdeal(t *testing.T, rows []*ideal) []byte {
	t.Helper()
	n := len(rows)
	text := func(get func(*ideal) string) []string {
		out := make([]string, n)
		for i, r := range rows {
			out[i] = get(r)
		}
		return out
	}
	float := func(get func(*ideal) int64) []float64 {
		out := make([]float64, n)
		for i, r := range rows {
			out[i] = float64(get(r)) / 1e6
		}
		return out
	}
	lists := func(get func(*ideal) []map[string]any) []json.RawMessage {
		out := make([]json.RawMessage, n)
		for i, r := range rows {
			out[i] = cell(get(r), len(get(r)))
		}
		return out
	}
	status := make([]int64, n)
	for i, r := range rows {
		status[i] = r.status
	}
	empty := func(*ideal) []map[string]any { return nil }
	frame := data.NewFrame("Trace",
		data.NewField("traceID", nil, text(func(*ideal) string { return "abc" })),
		data.NewField("spanID", nil, text(func(r *ideal) string { return r.id })),
		data.NewField("parentSpanID", nil, text(func(r *ideal) string { return r.parent })),
		data.NewField("operationName", nil, text(func(r *ideal) string { return r.name })),
		data.NewField("serviceName", nil, text(func(r *ideal) string { return r.service })),
		data.NewField("kind", nil, text(func(r *ideal) string { return r.kind })),
		data.NewField("statusCode", nil, status),
		data.NewField("statusMessage", nil, text(func(r *ideal) string { return r.message })),
		data.NewField("instrumentationLibraryName", nil, text(func(r *ideal) string { return r.lib })),
		data.NewField("instrumentationLibraryVersion", nil, text(func(r *ideal) string { return r.version })),
		data.NewField("traceState", nil, text(func(*ideal) string { return "" })),
		data.NewField("serviceTags", nil, lists(empty)),
		data.NewField("startTime", nil, float(func(r *ideal) int64 { return r.startNS })),
		data.NewField("duration", nil, float(func(r *ideal) int64 { return r.durationNS })),
		data.NewField("logs", nil, lists(func(r *ideal) []map[string]any { return r.events })),
		data.NewField("references", nil, lists(func(r *ideal) []map[string]any { return r.references })),
		data.NewField("tags", nil, lists(func(r *ideal) []map[string]any { return r.tags })),
	)
	frame.Meta = &data.FrameMeta{PreferredVisualization: data.VisTypeTrace}
	raw, err := frame.MarshalArrow()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func expectOf(t *testing.T, name string) *Expect {
	t.Helper()
	c, err := replay.LoadCase(name)
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewExpect(c, 0, "tempo")
	if err != nil {
		t.Fatal(err)
	}
	return x
}
