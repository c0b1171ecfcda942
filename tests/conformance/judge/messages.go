package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

// doubt says why the facts of some cases cannot be taken word by word.
type doubt struct {
	cases  string // a pattern of path.Match
	reason string
	extra  bool // rows that the facts do not list are fine
	twice  bool // the facts list one message more often than it is shown
}

var doubts = []doubt{
	{"vercel-ai", "the facts leave out the inputs of the second call", true, false},
	{"adk-legacy-attrs", "the facts leave out part of the second call", true, false},
	{"langfuse-*", "the facts do not list every message", true, false},
	{"mcp-spans", "the facts do not list every message", true, false},
	{"claude-code-*", "the facts leave out the tool's output, which is on a span event", true, false},
	{"nested-agents-dup", "the facts list a message once per source", false, true},
	{"g2-structured-span", "the facts list a message once per source", false, true},
	{"gemini-cli*", "two records carry the same message", false, true},
	{"google-genai-*", "two model calls share one span", true, true},
}

func doubtOf(name string) doubt {
	var sum doubt
	for _, d := range doubts {
		if ok, _ := path.Match(d.cases, strings.TrimPrefix(name, "mutated-")); ok {
			sum = doubt{d.cases, d.reason, sum.extra || d.extra, sum.twice || d.twice}
		}
	}
	return sum
}

// carried says that the whole message is somewhere in what the stores hold: neither cut by Tempo
// nor only in a record that Loki refused.
func (x *Expect) carried(f *MessageFact) bool {
	if f.CarriedBy == nil {
		return true
	}
	for _, by := range *f.CarriedBy {
		if strings.HasSuffix(by, "(cut by Tempo)") || strings.HasPrefix(by, "log_") && !x.hasMessageRecord(f.SpanID) {
			continue
		}
		return true
	}
	return false
}

func (x *Expect) hasMessageRecord(span string) bool {
	for _, l := range x.Facts.Logs {
		if l.StoredInLoki && l.SpanID != nil && *l.SpanID == span && l.Kind != "log" && l.Kind != "event" {
			return true
		}
	}
	return false
}

func (f *MessageFact) role() string {
	switch {
	case f.Kind == "evaluation":
		return "evaluation"
	case f.Kind == "reasoning":
		return "reasoning"
	case f.Role == "developer":
		return "system"
	}
	return f.Role
}

// key is equal for messages that cannot be told apart.
func (f *MessageFact) key() string {
	same := struct {
		Span, Role, Kind string
		Text             *string
		Tool, Media      any
		Evaluation       *int
	}{f.SpanID, f.role(), f.Kind, f.Text, f.Tool, f.Media, nil}
	if f.Kind == "evaluation" {
		same.Evaluation = f.Log
	}
	raw, _ := json.Marshal(same)
	return string(raw)
}

func (f *MessageFact) String() string {
	what := "?"
	switch {
	case f.Text != nil:
		what = quote(clip(*f.Text, 60))
	case f.Tool != nil:
		what = f.Tool.Name + " " + clip(string(f.Tool.Arguments), 60) + clip(string(f.Tool.Result), 60)
	case f.Media != nil:
		what = f.Media.URI
	}
	return fmt.Sprintf("%s %s %s", f.role(), f.Kind, what)
}

// mismatch says what keeps row from showing this message, or "".
func (x *Expect) mismatch(f *MessageFact, row *Row) string {
	if role := row.Text("message.role"); role != f.role() {
		return "message.role is " + quote(role)
	}
	message := row.Text("@message")
	_, call := row.Tag("@tool.arguments")
	_, result := row.Tag("@tool.result")
	switch f.Kind {
	case "media":
		if f.Media != nil && !row.mentions(f.Media.URI) {
			return "does not mention " + f.Media.URI
		}
		return ""
	case "evaluation":
		if f.Text != nil && !strings.Contains(message, *f.Text) {
			return "@message is " + quote(message)
		}
		if f.Log != nil && x.Facts.Logs[*f.Log].Evaluation != nil {
			if e := x.Facts.Logs[*f.Log].Evaluation; !row.mentions(e.Name) || !row.mentions(e.Label) {
				return "it does not mention " + e.Name + " and " + e.Label
			}
		}
		return ""
	case "tool_call", "tool_result":
		return f.toolMismatch(row)
	}
	switch {
	case call || result:
		return "it is a tool row"
	case f.TextIsHead:
		if sum := sha256.Sum256([]byte(message)); hex.EncodeToString(sum[:]) != f.TextSHA256 {
			return fmt.Sprintf("@message has %d bytes and another digest", len(message))
		}
	case f.Text != nil && !sameText(message, *f.Text):
		return "@message is " + quote(message)
	}
	return ""
}

func (f *MessageFact) toolMismatch(row *Row) string {
	if f.Tool == nil {
		return ""
	}
	if got := row.Text("tool.name"); f.Tool.Name != "" && got != f.Tool.Name {
		return "tool.name is " + quote(got)
	}
	if got := row.Text("tool.call.id"); f.Tool.ID != "" && got != f.Tool.ID {
		return "tool.call.id is " + quote(got)
	}
	if want := string(f.Tool.Arguments); want != "" && !sameJSON(row.Text("@tool.arguments"), want) {
		return "@tool.arguments is " + quote(row.Text("@tool.arguments"))
	}
	if f.Kind != "tool_result" {
		if _, isResult := row.Tag("@tool.result"); isResult {
			return "it is a tool result"
		}
		return ""
	}
	want := ""
	switch {
	case f.Text != nil:
		want = *f.Text
	case len(f.Tool.Result) > 0:
		want = string(f.Tool.Result)
	default:
		return ""
	}
	result, message := row.Text("@tool.result"), row.Text("@message")
	if sameText(result, want) || sameText(message, want) || len(f.Tool.Result) > 0 && sameJSON(result, string(f.Tool.Result)) {
		return ""
	}
	return "@tool.result is " + quote(result) + ", @message is " + quote(message)
}

func (r *Row) mentions(text string) bool {
	for _, kv := range r.Tags {
		if strings.Contains(kv.Text(), text) {
			return true
		}
	}
	return false
}

// checkMessages wants every message exactly once per call, below the span of the call.
func (x *Expect) checkMessages(t *Trace, m *matched, res *Result) {
	d := doubtOf(x.Case.Meta.Name)
	if d.reason != "" {
		res.Excluded = append(res.Excluded, d.reason)
	}
	groups, order := map[string][]*MessageFact{}, []string{}
	partly := map[string]bool{} // spans with messages that are nowhere whole
	for i := range x.Facts.Messages {
		f := &x.Facts.Messages[i]
		if !x.stored[f.SpanID] {
			continue // of the case's other trace
		}
		if !x.carried(f) {
			partly[f.SpanID] = true
			res.Excluded = append(res.Excluded, f.String()+": not whole in any store")
			continue
		}
		key := f.key()
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], f)
	}
	shown := x.messageRows(t, m)
	known := map[*Row]bool{}
	for _, key := range order {
		f, n := groups[key][0], len(groups[key])
		least := n
		if d.twice {
			least = 1
		}
		var hits []*Row
		for _, row := range shown[f.SpanID] {
			if x.mismatch(f, row) == "" {
				hits = append(hits, row)
				known[row] = true
			}
		}
		res.Messages.want(least)
		switch {
		case len(hits) >= least && len(hits) <= n:
			res.Messages.right(least)
		case len(hits) > n:
			res.Messages.wrong("span %s: %s: shown %d times, want %d", f.SpanID, f, len(hits), n)
		default:
			res.Messages.right(len(hits))
			res.Messages.wrong("span %s: %s: shown %d times, want %d%s", f.SpanID, f, len(hits), least, x.nearest(f, shown[f.SpanID]))
		}
	}
	for id, rows := range shown {
		for _, row := range rows {
			if status := row.Text("message.status"); !known[row] && !d.extra && !partly[id] && (status == "full" || status == "healed") {
				res.Messages.wrong("span %s: %s: a %s message that nobody sent: %s", id, row, row.Text("message.role"),
					quote(clip(row.Text("@message"), 80)))
			}
		}
	}
}

// messageRows are the message rows below each span that the facts list messages of.
func (x *Expect) messageRows(t *Trace, m *matched) map[string][]*Row {
	span := map[string]string{}
	for _, f := range x.Facts.Messages {
		for _, row := range m.byID[f.SpanID] {
			span[row.SpanID] = f.SpanID
		}
	}
	shown := map[string][]*Row{}
	for _, row := range t.Rows {
		if id := span[row.Parent]; id != "" && row.Text("spanlog.kind") == "message" {
			shown[id] = append(shown[id], row)
		}
	}
	return shown
}

// nearest tells why the row that came closest does not count.
func (x *Expect) nearest(f *MessageFact, rows []*Row) string {
	for _, row := range rows {
		if row.Text("message.role") == f.role() {
			if why := x.mismatch(f, row); why != "" {
				return fmt.Sprintf("; %s: %s", row, why)
			}
		}
	}
	return fmt.Sprintf("; %d message rows below the span", len(rows))
}

// Judge holds an answer against everything that is known of the case.
func (x *Expect) Judge(name string, frames [][]byte) *Result {
	res := &Result{Name: name}
	t := CheckAnswer(frames, res)
	if t == nil {
		t = &Trace{} // so that everything counts as missing
	}
	m := x.checkSpans(t, res)
	x.checkRecords(t, m, res)
	if x.MessagesJudged {
		x.checkMessages(t, m, res)
	}
	x.checkExtent(t, m, res)
	return res
}

// checkExtent wants log rows not to stretch the timeline of the real spans.
func (x *Expect) checkExtent(t *Trace, m *matched, res *Result) {
	first, last := 0.0, 0.0
	for row := range m.isReal {
		if first == 0 || row.Start < first {
			first = row.Start
		}
		last = max(last, row.Start+row.Duration)
	}
	slack := max(last-first, 60_000)
	for _, row := range t.Rows {
		if first > 0 && row.IsLog() && (row.Start < first-slack || row.Start+row.Duration > last+slack) {
			res.Broke("extent", "%s lies far outside the trace: it stretches the timeline", row)
		}
	}
}
