package judge

import (
	"math"
	"sort"
	"strings"
)

var kindNames = []string{"", "internal", "server", "client", "producer", "consumer"}

// matcher holds which rows stand for which spans of the facts.
type matched struct {
	bySpan map[int]*Row      // index into Expect.Spans
	byID   map[string][]*Row // all rows of a span id, for ids that two spans share
	isReal map[*Row]bool
}

// checkSpans holds every real row against the spans that were sent.
func (x *Expect) checkSpans(t *Trace, res *Result) *matched {
	m := &matched{map[int]*Row{}, map[string][]*Row{}, map[*Row]bool{}}
	share := map[string]int{}
	for _, s := range x.Spans {
		share[s.SpanID]++
	}
	for i, s := range x.Spans {
		if row := x.findSpan(t, s, share[s.SpanID] > 1, m); row != nil {
			m.bySpan[i] = row
			m.byID[s.SpanID] = append(m.byID[s.SpanID], row)
			m.isReal[row] = true
		}
	}
	res.Spans.want(len(x.Spans))
	for i, s := range x.Spans {
		row := m.bySpan[i]
		if row == nil {
			res.Spans.wrong("span %s %q is not in the frame", s.SpanID, s.Name)
			continue
		}
		if diff := x.compareSpan(t, s, row, m); len(diff) > 0 {
			res.Spans.wrong("span %s %q: %s", s.SpanID, s.Name, strings.Join(diff, "; "))
			continue
		}
		res.Spans.right(1)
	}
	for _, r := range t.Rows {
		if !r.Synthetic() && !m.isReal[r] {
			res.Spans.wrong("%s is no span of the trace and has no spanlog.kind", r)
		}
	}
	return m
}

func (x *Expect) findSpan(t *Trace, s SpanFact, shared bool, m *matched) *Row {
	if !shared {
		if r := t.ByID[s.SpanID]; r != nil && !r.IsLog() {
			return r
		}
		return nil
	}
	for _, r := range t.Rows {
		if !r.Synthetic() && !m.isReal[r] && s.Service != nil && r.Service == *s.Service &&
			strings.EqualFold(r.Operation, s.Name) && math.Abs(r.Start-float64(s.StartNS)/1e6) < 0.01 {
			return r
		}
	}
	return nil
}

func (x *Expect) compareSpan(t *Trace, s SpanFact, r *Row, m *matched) []string {
	var diff []string
	same := func(what, got, want string) {
		if got != want {
			diff = append(diff, what+" is "+quote(got)+", want "+quote(want))
		}
	}
	zipkin := x.Store == "zipkin"
	fold := func(v string) string {
		if zipkin {
			return strings.ToLower(v) // Zipkin lower-cases names
		}
		return v
	}
	if !strings.Contains(s.Name, "@@BADUTF8") && s.Name != "" {
		same("operationName", fold(r.Operation), fold(s.Name))
	}
	if s.Service != nil {
		same("serviceName", fold(r.Service), fold(*s.Service))
	} else if r.Service == "" {
		diff = append(diff, "serviceName is empty")
	}
	if kind := kindNames[min(s.Kind, 5)]; !(zipkin && s.Kind <= 1 && (r.Kind == "" || r.Kind == "internal")) {
		same("kind", r.Kind, kind)
	}
	if !zipkin || s.StatusCode != 1 {
		if r.Status != s.StatusCode {
			diff = append(diff, "statusCode is "+string(rune('0'+r.Status))+", want "+string(rune('0'+s.StatusCode)))
		}
	}
	if !zipkin && s.StatusCode == 2 {
		same("statusMessage", r.StatusMessage, s.StatusMessage)
	}
	if !zipkin && s.Scope != "" {
		same("instrumentationLibraryName", r.LibName, s.Scope)
		same("instrumentationLibraryVersion", r.LibVersion, s.ScopeVersion)
	}
	diff = append(diff, x.compareTimes(s, r)...)
	diff = append(diff, x.compareParent(t, s, r, m)...)
	if x.Store == "tempo" || x.Store == "jaeger_v3" {
		diff = append(diff, compareEvents(s, r)...)
		if len(r.Tags) < s.Attributes && x.Case.Meta.Name != "attribute-types" { // it has a key twice
			diff = append(diff, "some attributes are lost")
		}
	}
	return diff
}

func (x *Expect) compareTimes(s SpanFact, r *Row) []string {
	var diff []string
	tolerance := 0.0005 // a float64 of milliseconds tells 0.00024 ms apart
	if x.Store == "jaeger" || x.Store == "zipkin" {
		tolerance = 0.0016 // microseconds, start and duration cut apart
	}
	if s.Name == "no timing" || x.Store != "tempo" && s.EndNS < s.StartNS {
		return nil // the store itself has no true time
	}
	if d := r.Start - float64(s.StartNS)/1e6; math.Abs(d) > tolerance {
		diff = append(diff, "startTime is off by "+ms(d))
	}
	if d := r.Duration - math.Max(0, float64(s.EndNS-s.StartNS)/1e6); math.Abs(d) > tolerance {
		diff = append(diff, "duration is off by "+ms(d))
	}
	return diff
}

// compareParent accepts every row that stands for the parent: a shared id has two.
func (x *Expect) compareParent(t *Trace, s SpanFact, r *Row, m *matched) []string {
	if s.ParentSpanID == "" {
		if p := t.ByID[r.Parent]; r.Parent != "" && (p == nil || p.Text("spanlog.kind") != "run") {
			// The server half of a shared span hangs below its client half.
			if p == nil || p.SpanID != s.SpanID {
				return []string{"parent is " + quote(r.Parent) + ", want none"}
			}
		}
		return nil
	}
	for _, p := range m.byID[s.ParentSpanID] {
		if r.Parent == p.SpanID {
			return nil
		}
	}
	if p := t.ByID[r.Parent]; p != nil && p != r && containsRow(m.byID[s.SpanID], p) {
		return nil // the other half of the same shared span
	}
	if len(m.byID[s.ParentSpanID]) == 0 { // not stored: the missing id stays, or a synthetic row stands in
		if p := t.ByID[r.Parent]; r.Parent == s.ParentSpanID || p == nil && r.Parent == "" || p != nil && p.Synthetic() {
			return nil
		}
	}
	return []string{"parent is " + quote(r.Parent) + ", want " + quote(s.ParentSpanID)}
}

func containsRow(list []*Row, r *Row) bool {
	for _, e := range list {
		if e == r {
			return true
		}
	}
	return false
}

// compareEvents wants every event that is no message; messages may have become rows.
func compareEvents(s SpanFact, r *Row) []string {
	have := map[string]int{}
	for _, e := range r.Logs {
		have[e.Name]++
	}
	var missing []string
	for _, name := range s.Events {
		if have[name]--; have[name] < 0 && !strings.HasPrefix(name, "gen_ai.") {
			missing = append(missing, quote(name))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	sort.Strings(missing)
	return []string{"events are lost: " + strings.Join(missing, ", ")}
}
