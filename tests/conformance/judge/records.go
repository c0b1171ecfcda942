package judge

import (
	"fmt"
	"strconv"
	"strings"
)

// checkRecords wants every record exactly once, below the span it belongs to.
func (x *Expect) checkRecords(t *Trace, m *matched, res *Result) {
	rows := map[int64][]*Row{}
	for _, r := range t.Rows {
		if ts, err := strconv.ParseInt(r.Text("log.timestamp"), 10, 64); err == nil {
			rows[ts] = append(rows[ts], r)
		}
	}
	records := map[int64][]*Record{}
	for i := range x.Records {
		records[x.Records[i].TS] = append(records[x.Records[i].TS], &x.Records[i])
	}
	for ts, list := range rows {
		if len(records[ts]) == 0 {
			res.Records.wrong("%s has log.timestamp %d, at which no record of the trace is", list[0], ts)
		}
	}
	for i := range x.Records {
		r := &x.Records[i]
		if r.Optional && len(rows[r.TS]) == 0 {
			res.Excluded = append(res.Excluded, "record "+quote(r.Line)+": its service is not in the partial trace")
			continue
		}
		res.Records.want(1)
		if why := x.judgeRecord(t, m, r, rows[r.TS], records[r.TS]); why != "" {
			res.Records.wrong("record %d %s (%s): %s", r.TS, quote(clip(r.Line, 50)), r.Fact.Kind, why)
		} else {
			res.Records.right(1)
		}
	}
}

// plain says that a record becomes exactly one row with its own text.
func (r *Record) plain() bool { return r.Fact.Kind == "log" || r.Fact.Kind == "event" }

func (x *Expect) judgeRecord(t *Trace, m *matched, r *Record, rows []*Row, same []*Record) string {
	if len(rows) == 0 {
		return "not in the frame"
	}
	allowed, rungs := x.parents(t, m, r)
	var mine []*Row
	problem := ""
	for _, row := range rows {
		why := r.mismatch(row, allowed, rungs)
		switch {
		case why == "":
			mine = append(mine, row)
		case problem == "":
			problem = fmt.Sprintf("%s: %s", row, why)
		}
	}
	if len(mine) == 0 {
		return problem
	}
	twins := 0 // records of the same instant that the same rows may stand for
	for _, other := range same {
		if other.plain() == r.plain() && (!r.plain() || other.Line == r.Line) {
			twins++
		}
	}
	if r.plain() && len(mine) != twins {
		return fmt.Sprintf("%d rows for %d such records", len(mine), twins)
	}
	if len(same) == 1 && len(mine) != len(rows) {
		return problem
	}
	if len(rows) < len(same) {
		return fmt.Sprintf("%d rows for %d records of the same instant", len(rows), len(same))
	}
	return ""
}

// mismatch says what keeps row from being a row of r, or "".
func (r *Record) mismatch(row *Row, allowed map[string]bool, rungs map[string]bool) string {
	if !allowed[row.Parent] {
		return fmt.Sprintf("below span %q, want %s", row.Parent, words(allowed))
	}
	if match := row.Text("spanlog.match"); rungs != nil && !rungs[match] {
		return fmt.Sprintf("spanlog.match is %q, want %s", match, words(rungs))
	}
	if !r.plain() {
		if kind := row.Text("spanlog.kind"); kind != "message" && !r.Fact.empty() {
			return fmt.Sprintf("spanlog.kind is %q, want message", kind)
		}
		return ""
	}
	if message := row.Text("@message"); r.Fact.Kind == "log" && !r.says(message) {
		return fmt.Sprintf("@message is %s", quote(message))
	}
	if r.Fact.Kind == "log" {
		if bad := r.Fact.Severity >= 17; bad != (row.Status == 2) && r.Fact.Severity > 0 {
			return fmt.Sprintf("statusCode is %d for severity number %d", row.Status, r.Fact.Severity)
		}
		if want := levelOf(r.Fact.Severity); want != "" && row.Text("log.level") != want {
			return fmt.Sprintf("log.level is %q, want %q", row.Text("log.level"), want)
		}
	}
	return ""
}

// says accepts the whole line or the text found in it. An empty line may be named after anything.
func (r *Record) says(message string) bool {
	return r.Line == "" || sameText(message, r.Line) || r.Fact.Text != nil && message == *r.Fact.Text
}

func levelOf(severity int) string {
	if severity < 1 || severity > 20 {
		return ""
	}
	return []string{"trace", "debug", "info", "warn", "error"}[(severity-1)/4]
}

// parents are the span ids below which the record may be, and the rungs that may have put it there
// (nil: any). The ladder: span id, join keys, innermost span of the service at that time, root.
func (x *Expect) parents(t *Trace, m *matched, r *Record) (map[string]bool, map[string]bool) {
	f := r.Fact
	if f.SpanID != nil && *f.SpanID != "" {
		if rows := x.sideOf(m, r, *f.SpanID); len(rows) > 0 {
			if f.ExpectedSpan == "" || f.ExpectedSpan == *f.SpanID {
				return idsOf(rows), set("span_id")
			}
			// A helper span wrote it: below that span or below the one that a reader looks under.
			return idsOf(append(rows[:len(rows):len(rows)], m.byID[f.ExpectedSpan]...)), nil
		}
		if p := t.ByID[*f.SpanID]; p != nil && p.Synthetic() {
			return set(p.SpanID), set("span_id") // a row that stands in for a span not yet exported
		}
	}
	if f.ExpectedSpan != "" {
		return idsOf(m.byID[f.ExpectedSpan]), nil
	}
	if rows := x.covering(t, m, r); len(rows) > 0 {
		return idsOf(rows), set("time")
	}
	roots := map[string]bool{}
	for _, row := range t.Rows {
		if !row.IsLog() && t.parentInView(row) == nil {
			roots[row.SpanID] = true
		}
	}
	return roots, set("root")
}

// sideOf are the rows of a span id; of an id that client and server share, the half that the record
// is known to come from.
func (x *Expect) sideOf(m *matched, r *Record, id string) []*Row {
	rows := m.byID[id]
	if len(rows) < 2 || r.Fact.Side == "" {
		return rows
	}
	for _, row := range rows {
		if row.Kind == r.Fact.Side {
			return []*Row{row}
		}
	}
	return rows
}

// covering are the innermost spans of the record's service that cover its time.
func (x *Expect) covering(t *Trace, m *matched, r *Record) []*Row {
	service := r.Stream["service_name"]
	if r.Fact.Service != nil {
		service = *r.Fact.Service
	}
	covers := map[*Row]bool{}
	for i, s := range x.Spans {
		if row := m.bySpan[i]; row != nil && s.Service != nil && *s.Service == service && s.StartNS <= r.TS && r.TS <= s.EndNS {
			covers[row] = true
		}
	}
	var inner []*Row
	for row := range covers {
		deepest := true
		for other := range covers {
			for up := t.parentInView(other); up != nil && other != row; up = t.parentInView(up) {
				if up == row {
					deepest = false
				}
			}
		}
		if deepest {
			inner = append(inner, row)
		}
	}
	return inner
}

func idsOf(rows []*Row) map[string]bool {
	m := map[string]bool{}
	for _, r := range rows {
		m[r.SpanID] = true
	}
	return m
}

func words(m map[string]bool) string {
	var list []string
	for k := range m {
		list = append(list, strconv.Quote(k))
	}
	if len(list) == 0 {
		return "a span that is missing"
	}
	return strings.Join(list, " or ")
}
