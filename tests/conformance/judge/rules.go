package judge

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

var (
	kinds    = set("log", "message", "history", "run")
	roles    = set("system", "user", "assistant", "reasoning", "tool", "evaluation")
	statuses = set("full", "healed", "repaired", "cut", "redacted", "off")
	levels   = set("fatal", "critical", "error", "warn", "info", "debug", "trace", "unknown")
	entity   = regexp.MustCompile(`^&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);`)
)

func set(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

// CheckRules holds the frame against every rule that needs no facts.
func (t *Trace) CheckRules(res *Result) {
	if len(t.Rows) == 0 {
		res.Broke("rows", "the trace frame has no row")
		return
	}
	traceID := t.Rows[0].TraceID
	if traceID == "" {
		res.Broke("ids", "row 0 has no traceID: Grafana draws nothing")
	}
	seen := map[string]int{}
	for _, r := range t.Rows {
		if r.TraceID != traceID {
			res.Broke("ids", "%s: traceID %q differs from row 0's %q", r, r.TraceID, traceID)
		}
		if r.SpanID == "" || strings.Contains(r.SpanID, "--") {
			res.Broke("ids", "%s: spanID %q", r, r.SpanID)
		}
		if first, dup := seen[r.SpanID]; dup {
			res.Broke("ids", "%s: spanID is that of row %d", r, first)
		}
		seen[r.SpanID] = r.Index
		if r.Status < 0 || r.Status > 2 {
			res.Broke("status", "%s: statusCode %d", r, r.Status)
		}
		if !(r.Start > 0) || math.IsInf(r.Start, 0) {
			res.Broke("times", "%s: startTime %v", r, r.Start)
		}
		if !(r.Duration >= 0) || math.IsInf(r.Duration, 0) {
			res.Broke("times", "%s: duration %v", r, r.Duration)
		}
		checkKVs(r, "tags", r.Tags, res)
		checkKVs(r, "serviceTags", r.ServiceTags, res)
		for _, e := range r.Logs {
			checkKVs(r, "logs", e.Fields, res)
		}
		t.checkSynthetic(r, res)
	}
	t.checkTree(res)
	t.checkOrder(res)
}

func checkKVs(r *Row, where string, list []KV, res *Result) {
	have := map[string]bool{}
	for _, kv := range list {
		raw, _ := json.Marshal(kv.Value)
		pair := kv.Key + "\x00" + string(raw)
		if have[pair] {
			res.Broke("duplicate attributes", "%s: %s has %q = %.80s twice", r, where, kv.Key, raw)
		}
		have[pair] = true
		if kv.Type == "text" || kv.Type == "code" {
			if s, ok := kv.Value.(string); !ok {
				res.Broke("html", "%s: %s %q has type %s but is no string", r, where, kv.Key, kv.Type)
			} else if at := notEscaped(s); at >= 0 {
				res.Broke("html", "%s: %s %q has type %s and is not escaped at %q", r, where, kv.Key, kv.Type, clip(s[at:], 30))
			}
		}
	}
}

// notEscaped is where s holds HTML, or -1.
func notEscaped(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '<' || s[i] == '>' || s[i] == '&' && !entity.MatchString(s[i:]) {
			return i
		}
	}
	return -1
}

// checkSynthetic holds a row that the plugin made against the attribute contract.
func (t *Trace) checkSynthetic(r *Row, res *Result) {
	kind := r.Text("spanlog.kind")
	if kind == "" {
		return
	}
	oneOf := func(key string, allowed map[string]bool, required bool) {
		kv, ok := r.Tag(key)
		if !ok && required {
			res.Broke("contract", "%s: no %s", r, key)
		} else if ok && !allowed[kv.Text()] {
			res.Broke("contract", "%s: %s is %q", r, key, kv.Text())
		}
	}
	oneOf("spanlog.kind", kinds, true)
	if !r.IsLog() {
		return
	}
	if len(r.References) > 0 {
		res.Broke("references", "%s: a log span has references", r)
	}
	if r.Parent == "" || t.ByID[r.Parent] == nil {
		res.Broke("parents", "%s: a log span whose parent %q is not in the frame", r, r.Parent)
	} else if t.ByID[r.Parent].IsLog() && t.ByID[r.Parent].Text("spanlog.kind") != "history" {
		res.Broke("parents", "%s: a log span below a log span", r)
	}
	if _, ok := r.Tag("@message"); !ok {
		res.Broke("contract", "%s: no @message", r)
	}
	if r.Text("spanlog.match") == "" {
		res.Broke("contract", "%s: no spanlog.match", r)
	}
	if kv, ok := r.Tag("log.timestamp"); ok {
		if s, isText := kv.Value.(string); !isText || len(s) != 19 {
			res.Broke("contract", "%s: log.timestamp is %v, not nanoseconds as a string", r, kv.Value)
		}
	} else if kind == "log" {
		res.Broke("contract", "%s: a log without log.timestamp", r)
	}
	if strings.ContainsAny(r.Operation, "\n\r") {
		res.Broke("contract", "%s: operationName has more than one line", r)
	}
	oneOf("log.level", levels, false)
	oneOf("message.role", roles, kind == "message")
	oneOf("message.status", statuses, kind == "message")
	if kind == "message" && r.Text("message.sources") == "" {
		res.Broke("contract", "%s: no message.sources", r)
	}
}

// checkTree looks for what makes rows vanish or the browser hang.
func (t *Trace) checkTree(res *Result) {
	for _, r := range t.Rows {
		at, steps := r, 0
		for at != nil && steps <= len(t.Rows) {
			at, steps = t.parentInView(at), steps+1
		}
		if at != nil {
			res.Broke("cycle", "%s: its ancestors run in a circle", r)
		}
	}
}

// parentInView is the parent as the trace view takes it: parentSpanID, else the first reference
// whose span is in the frame.
func (t *Trace) parentInView(r *Row) *Row {
	if p := t.ByID[r.Parent]; p != nil && r.Parent != "" {
		return p
	}
	for _, ref := range r.References {
		if p := t.ByID[ref.SpanID]; p != nil {
			return p
		}
	}
	return nil
}

func (t *Trace) checkOrder(res *Result) {
	for i := 1; i < len(t.Rows); i++ {
		a, b := t.Rows[i-1], t.Rows[i]
		if a.Start > b.Start {
			res.Broke("order", "%s starts %.6f ms after %s, which follows it", a, a.Start-b.Start, b)
		}
		if a.Start == b.Start && a.IsLog() && !b.Synthetic() && a.sameInstant(b) {
			res.Broke("order", "%s is a log span before the span %s of the same instant", a, b)
		}
	}
}

// sameInstant says that a record's time is a whole float millisecond apart from b's start by less
// than a float can show, so that only the order tells them apart. Records between two floats pass.
func (r *Row) sameInstant(b *Row) bool {
	ns, err := strconv.ParseInt(r.Text("log.timestamp"), 10, 64)
	return err == nil && ns%1000 == 0 && float64(ns)/1e6 == b.Start
}

// CheckAnswer finds the one trace frame of an answer and holds it against the rules.
func CheckAnswer(frames [][]byte, res *Result) *Trace {
	var trace *Trace
	for i, raw := range frames {
		frame, err := data.UnmarshalArrowFrame(raw)
		if err != nil {
			res.Broke("decode", "frame %d: %v", i, err)
			continue
		}
		isTrace := frame.Meta != nil && frame.Meta.PreferredVisualization == data.VisTypeTrace
		switch {
		case isTrace && i > 0:
			res.Broke("frames", "frame %d is a trace frame; the one trace frame is the first", i)
		case !isTrace && i == 0:
			res.Broke("frames", "the first frame's preferredVisualisationType is %s, not trace", visualisation(frame))
		}
		if i == 0 {
			trace = Decode(raw, res)
		}
	}
	if len(frames) == 0 {
		res.Broke("frames", "the answer has no frame")
	}
	if trace != nil {
		res.Rows = len(trace.Rows)
		trace.CheckRules(res)
	}
	return trace
}

func visualisation(f *data.Frame) string {
	if f.Meta == nil {
		return "absent"
	}
	return fmt.Sprintf("%q", f.Meta.PreferredVisualization)
}
