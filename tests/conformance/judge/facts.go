package judge

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"spanlog/conformance/replay"
	"spanlog/conformance/wire"
)

// Facts are what is known to be true of a case.
type Facts struct {
	RealSpans int            `json:"real_spans"`
	Spans     []SpanFact     `json:"spans"`
	Logs      []LogFact      `json:"logs"`
	Messages  []MessageFact  `json:"messages"`
	Stored    map[string]any `json:"stored"`
	Digest    string         `json:"log_digest_sha256"`
}

// SpanFact is one span that was sent.
type SpanFact struct {
	TraceID       string   `json:"trace_id"`
	SpanID        string   `json:"span_id"`
	ParentSpanID  string   `json:"parent_span_id"`
	Name          string   `json:"name"`
	Service       *string  `json:"service"`
	Scope         string   `json:"scope"`
	ScopeVersion  string   `json:"scope_version"`
	Kind          int      `json:"kind"`
	StatusCode    int64    `json:"status_code"`
	StatusMessage string   `json:"status_message"`
	StartNS       int64    `json:"start_ns"`
	EndNS         int64    `json:"end_ns"`
	Attributes    int      `json:"attributes"`
	Events        []string `json:"events"`
	LLM           bool     `json:"llm"`
}

// LogFact is one log record that was sent.
type LogFact struct {
	TSNS         int64   `json:"ts_ns"`
	Service      *string `json:"service"`
	TraceID      *string `json:"trace_id"`
	SpanID       *string `json:"span_id"`
	SpanInTrace  bool    `json:"span_in_trace"`
	StoredInLoki bool    `json:"stored_in_loki"`
	ExpectedSpan string  `json:"expected_span"`
	Severity     int     `json:"severity_number"`
	Line         *string `json:"line"`
	Role         *string `json:"role"`
	Kind         string  `json:"kind"`
	Text         *string `json:"text"`
	Side         string  `json:"side"`
	Captured     *bool   `json:"content_captured"`
	Inputs       int     `json:"n_input_messages"`
	Outputs      int     `json:"n_output_messages"`
	System       bool    `json:"has_system_instructions"`
	ToolCalls    []any   `json:"tool_calls"`
	Evaluation   *struct {
		Name  string  `json:"name"`
		Label string  `json:"label"`
		Score float64 `json:"score"`
	} `json:"evaluation"`
	I int `json:"i"`
}

// empty says that the record is about a message and holds none of its text.
func (f *LogFact) empty() bool {
	return f.Captured != nil && !*f.Captured || f.Kind == "details" && f.Inputs+f.Outputs == 0 && !f.System
}

// MessageFact is one part of one message of one call.
type MessageFact struct {
	Call       *int      `json:"call"`
	SpanID     string    `json:"span_id"`
	Direction  string    `json:"direction"`
	Source     string    `json:"source"`
	Log        *int      `json:"log"` // index into Facts.Logs
	Role       string    `json:"role"`
	Kind       string    `json:"kind"`
	Text       *string   `json:"text"`
	TextIsHead bool      `json:"text_is_head"`
	TextSHA256 string    `json:"text_sha256"`
	CarriedBy  *[]string `json:"carried_by"`
	Tool       *struct {
		Name      string          `json:"name"`
		ID        string          `json:"id"`
		Arguments json.RawMessage `json:"arguments"`
		Result    json.RawMessage `json:"result"`
	} `json:"tool"`
	Media *struct {
		URI string `json:"uri"`
	} `json:"media"`
}

// Expect is what one query for one trace of a case must give.
type Expect struct {
	Case    *replay.Case
	TraceID string
	Store   string // tempo, jaeger, jaeger_v3, zipkin
	Facts   Facts
	Spans   []SpanFact
	Records []Record
	// MessagesJudged can be set to false to judge structure and records alone.
	MessagesJudged bool
	stored         map[string]bool
}

// Record is one log record that must be in the frame.
type Record struct {
	replay.Entry
	Fact     *LogFact
	Optional bool // the selector by the trace's services cannot find it
}

// NewExpect gathers what trace number n of c must give from store.
func NewExpect(c *replay.Case, n int, store string) (*Expect, error) {
	x := &Expect{Case: c, TraceID: c.Meta.TraceIDs[n], Store: store, MessagesJudged: true}
	if err := json.Unmarshal(c.Meta.Facts, &x.Facts); err != nil {
		return nil, fmt.Errorf("%s: facts: %w", c.Meta.Name, err)
	}
	suffix := ""
	if n > 0 {
		suffix = fmt.Sprintf(".t%d", n+1)
	}
	ids, err := storedSpans(c, store, suffix)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", c.Meta.Name, store, err)
	}
	x.stored = set(ids...)
	for _, s := range x.Facts.Spans {
		if s.TraceID == x.TraceID && (x.stored[s.SpanID] || store == "zipkin" && len(x.stored) == 0) {
			x.Spans = append(x.Spans, s)
		}
	}
	if c.Meta.Name == "zipkin-shared" {
		x.Spans = zipkinSharedSpans(x.TraceID)
	}
	return x, x.gatherRecords(n, suffix)
}

// storedSpans are the span ids in the recorded answer of store.
func storedSpans(c *replay.Case, store, suffix string) ([]string, error) {
	var ids []string
	switch store {
	case "tempo":
		body, ok := c.Files["tempo_v2"+suffix+".pb"]
		if !ok {
			return nil, fmt.Errorf("not recorded")
		}
		return wire.SpanIDs(body)
	case "jaeger":
		var v struct {
			Data []struct {
				Spans []struct {
					SpanID string `json:"spanID"`
				} `json:"spans"`
			} `json:"data"`
		}
		if err := json.Unmarshal(c.Files["jaeger"+suffix+".json"], &v); err != nil {
			return nil, err
		}
		for _, d := range v.Data {
			for _, s := range d.Spans {
				ids = append(ids, s.SpanID)
			}
		}
	case "jaeger_v3":
		var v any
		if err := json.Unmarshal(c.Files["jaeger_v3"+suffix+".json"], &v); err != nil {
			return nil, err
		}
		walkSpanIDs(v, &ids)
	case "zipkin":
		var v []struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(c.Files["zipkin"+suffix+".json"], &v); err != nil {
			return nil, err
		}
		for _, s := range v {
			ids = append(ids, s.ID)
		}
	}
	return ids, nil
}

// walkSpanIDs finds the spans of OTLP JSON: objects with a name and a spanId, in hex or base64.
func walkSpanIDs(v any, ids *[]string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			walkSpanIDs(e, ids)
		}
	case map[string]any:
		if id, ok := v["spanId"].(string); ok && v["startTimeUnixNano"] != nil {
			if len(id) == 12 {
				if raw, err := base64.StdEncoding.DecodeString(id); err == nil {
					id = hex.EncodeToString(raw)
				}
			}
			*ids = append(*ids, strings.ToLower(id))
		}
		for _, e := range v {
			walkSpanIDs(e, ids)
		}
	}
}

// zipkinSharedSpans are the logical spans of the case that only Zipkin has: the halves of the shared
// span apart, the late piece merged, the 64-bit reporter's span not stored.
func zipkinSharedSpans(traceID string) []SpanFact {
	front, back := "zk-front", "zk-back"
	const root, shared = "dd34e88d55ad682e", "6a1a903d63810a52"
	const base = 1795253547500000000
	span := func(id, parent, name string, service *string, kind int, status int64, startMS, ms int64) SpanFact {
		return SpanFact{TraceID: traceID, SpanID: id, ParentSpanID: parent, Name: name, Service: service, Kind: kind,
			StatusCode: status, StartNS: base + startMS*1e6, EndNS: base + (startMS+ms)*1e6}
	}
	return []SpanFact{
		span(root, "", "get /", &front, 2, 0, 30, 90),
		span(shared, root, "get /back", &front, 3, 0, 40, 60),
		span(shared, root, "get /back", &back, 2, 2, 43, 50),
		span("ee4d22365a64ae07", shared, "no timing", &back, 0, 0, 0, 0),
	}
}

// gatherRecords joins the stored entries of the trace with what is known of them.
func (x *Expect) gatherRecords(n int, suffix string) error {
	part := &replay.Case{Meta: x.Case.Meta, Files: map[string][]byte{}}
	for name, body := range x.Case.Files {
		if strings.HasPrefix(name, "loki") && (n == 0) == !strings.Contains(name, ".t2") {
			part.Files[name] = body
		}
	}
	entries, err := part.Entries()
	if err != nil {
		return err
	}
	used := map[int]bool{}
	for _, e := range entries {
		r := Record{Entry: e}
		for i := range x.Facts.Logs {
			f := &x.Facts.Logs[i]
			if !used[i] && f.StoredInLoki && f.TSNS == e.TS && (f.Line == nil || *f.Line == e.Line) {
				used[i], r.Fact = true, f
				break
			}
		}
		if r.Fact == nil {
			id := e.Metadata["span_id"]
			r.Fact = &LogFact{TSNS: e.TS, Kind: "log", SpanID: &id, SpanInTrace: true, StoredInLoki: true}
		}
		if x.Case.Meta.Name == "partial-trace" && x.Store == "tempo" && !x.serviceStored(e.Stream["service_name"]) {
			r.Optional = true
		}
		x.Records = append(x.Records, r)
	}
	return nil
}

func (x *Expect) serviceStored(service string) bool {
	for _, s := range x.Spans {
		if s.Service != nil && *s.Service == service {
			return true
		}
	}
	return false
}
