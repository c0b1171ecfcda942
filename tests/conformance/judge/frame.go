// Package judge decides whether an answer of the plugin is right. It knows the frame's rules and the
// facts of the recorded cases, and nothing of the plugin's code.
package judge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// KV is one attribute. Value is what the JSON held.
type KV struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
	Type  string `json:"type"`
}

// Text is the value as a reader sees it: without HTML escapes where Grafana takes it as HTML, as
// JSON text where it is no string.
func (kv KV) Text() string {
	s, ok := kv.Value.(string)
	if !ok {
		raw, _ := json.Marshal(kv.Value)
		return string(raw)
	}
	if kv.Type == "text" || kv.Type == "code" {
		return html.UnescapeString(s)
	}
	return s
}

// Event is one span event.
type Event struct {
	Timestamp any    `json:"timestamp"`
	Name      string `json:"name"`
	Fields    []KV   `json:"fields"`
}

// Ref is one link.
type Ref struct {
	TraceID string `json:"traceID"`
	SpanID  string `json:"spanID"`
}

// Row is one span of the trace view.
type Row struct {
	Index                              int
	TraceID, SpanID, Parent            string
	Operation, Service, Kind           string
	Status                             int64
	StatusMessage, LibName, LibVersion string
	Start, Duration                    float64
	Tags, ServiceTags                  []KV
	Logs                               []Event
	References                         []Ref
	Warnings                           []string
}

// Tag finds an attribute by key.
func (r *Row) Tag(key string) (KV, bool) {
	for _, kv := range r.Tags {
		if kv.Key == key {
			return kv, true
		}
	}
	return KV{}, false
}

// Text is the readable value of an attribute, or "".
func (r *Row) Text(key string) string {
	kv, ok := r.Tag(key)
	if !ok {
		return ""
	}
	return kv.Text()
}

// Synthetic says that the plugin made this row: it is no span of the store.
func (r *Row) Synthetic() bool { return r.Text("spanlog.kind") != "" }

// IsLog says that the row is a log span.
func (r *Row) IsLog() bool {
	k := r.Text("spanlog.kind")
	return k == "log" || k == "message" || k == "history"
}

func (r *Row) String() string {
	return fmt.Sprintf("row %d %q (span %s)", r.Index, clip(r.Operation, 60), r.SpanID)
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// Trace is a decoded trace frame.
type Trace struct {
	Frame *data.Frame
	Rows  []*Row
	ByID  map[string]*Row
}

// Columns of the trace frame: the Arrow type, whether the value may be null, whether it may be absent.
var columns = []struct {
	name     string
	id       arrow.Type
	nullable bool
	optional bool
}{
	{"traceID", arrow.STRING, false, false},
	{"spanID", arrow.STRING, false, false},
	{"parentSpanID", arrow.STRING, true, false},
	{"operationName", arrow.STRING, false, false},
	{"serviceName", arrow.STRING, false, false},
	{"kind", arrow.STRING, true, false},
	{"statusCode", arrow.INT64, false, false},
	{"statusMessage", arrow.STRING, true, false},
	{"instrumentationLibraryName", arrow.STRING, true, false},
	{"instrumentationLibraryVersion", arrow.STRING, true, false},
	{"traceState", arrow.STRING, true, false},
	{"serviceTags", arrow.BINARY, true, false},
	{"startTime", arrow.FLOAT64, false, false},
	{"duration", arrow.FLOAT64, false, false},
	{"logs", arrow.BINARY, true, false},
	{"references", arrow.BINARY, true, false},
	{"tags", arrow.BINARY, true, false},
	{"warnings", arrow.BINARY, true, true},
	{"stackTraces", arrow.BINARY, true, true},
	{"errorIconColor", arrow.STRING, true, true},
	{"serviceNamespace", arrow.STRING, true, true},
}

// Decode reads one frame as Grafana does, and the Arrow bytes below it, and reports what breaks the
// rules of columns and cells.
func Decode(raw []byte, res *Result) *Trace {
	frame, err := data.UnmarshalArrowFrame(raw)
	if err != nil {
		res.Broke("decode", "Grafana cannot decode the frame: %v", err)
		return nil
	}
	t := &Trace{Frame: frame, ByID: map[string]*Row{}}
	reader, err := ipc.NewFileReader(bytes.NewReader(raw))
	if err != nil {
		res.Broke("decode", "not an Arrow IPC file: %v", err)
		return nil
	}
	defer reader.Close()
	checkSchema(reader.Schema(), res)
	for i := 0; i < reader.NumRecords(); i++ {
		batch, err := reader.RecordBatch(i)
		if err != nil {
			res.Broke("decode", "record batch %d: %v", i, err)
			return nil
		}
		t.read(batch, res)
	}
	return t
}

func checkSchema(schema *arrow.Schema, res *Result) {
	for _, c := range columns {
		at := schema.FieldIndices(c.name)
		switch {
		case len(at) == 0 && !c.optional:
			res.Broke("columns", "column %s is missing", c.name)
		case len(at) > 1:
			res.Broke("columns", "column %s is there %d times", c.name, len(at))
		case len(at) == 1 && schema.Field(at[0]).Type.ID() != c.id:
			res.Broke("columns", "column %s is %s, want %s", c.name, schema.Field(at[0]).Type, c.id)
		}
	}
	for _, f := range schema.Fields() {
		switch f.Type.ID() {
		case arrow.LARGE_STRING, arrow.LARGE_BINARY, arrow.DICTIONARY:
			res.Broke("columns", "column %s is %s, which Grafana cannot read", f.Name, f.Type)
		}
	}
}

// read adds the rows of one batch.
func (t *Trace) read(batch arrow.RecordBatch, res *Result) {
	base := len(t.Rows)
	for i := 0; i < int(batch.NumRows()); i++ {
		t.Rows = append(t.Rows, &Row{Index: base + i})
	}
	for _, c := range columns {
		at := batch.Schema().FieldIndices(c.name)
		if len(at) != 1 || batch.Column(at[0]).DataType().ID() != c.id {
			continue
		}
		nullableFlag := batch.Schema().Field(at[0]).Nullable
		column := batch.Column(at[0])
		for i := 0; i < column.Len(); i++ {
			row := t.Rows[base+i]
			if column.IsNull(i) {
				if !c.nullable || !nullableFlag {
					res.Broke("columns", "row %d: %s is null", row.Index, c.name)
				}
				continue
			}
			switch column := column.(type) {
			case *array.String:
				if v := column.Value(i); utf8.ValidString(v) {
					row.setString(c.name, strings.Clone(v))
				} else {
					res.Broke("utf8", "row %d: %s is not valid UTF-8: %q", row.Index, c.name, v)
				}
			case *array.Int64:
				row.Status = column.Value(i)
			case *array.Float64:
				if c.name == "startTime" {
					row.Start = column.Value(i)
				} else {
					row.Duration = column.Value(i)
				}
			case *array.Binary:
				row.setJSON(c.name, column.Value(i), res)
			}
		}
	}
	for _, row := range t.Rows[base:] {
		if t.ByID[row.SpanID] == nil {
			t.ByID[row.SpanID] = row
		}
	}
}

func (r *Row) setString(column, v string) {
	for name, at := range map[string]*string{"traceID": &r.TraceID, "spanID": &r.SpanID, "parentSpanID": &r.Parent,
		"operationName": &r.Operation, "serviceName": &r.Service, "kind": &r.Kind, "statusMessage": &r.StatusMessage,
		"instrumentationLibraryName": &r.LibName, "instrumentationLibraryVersion": &r.LibVersion} {
		if name == column {
			*at = v
		}
	}
}

// setJSON decodes one JSON cell strictly: the right shape, no missing members.
func (r *Row) setJSON(column string, cell []byte, res *Result) {
	switch {
	case len(cell) == 0:
		res.Broke("json cells", "row %d: %s is a cell of no bytes", r.Index, column)
		return
	case !utf8.Valid(cell):
		res.Broke("utf8", "row %d: %s is not valid UTF-8", r.Index, column)
		return
	case !json.Valid(cell):
		res.Broke("json cells", "row %d: %s is not JSON: %.120q", r.Index, column, cell)
		return
	}
	var err error
	switch column {
	case "tags":
		err = decodeKVs(cell, &r.Tags)
	case "serviceTags":
		err = decodeKVs(cell, &r.ServiceTags)
	case "logs":
		err = decodeLogs(cell, &r.Logs)
	case "references":
		err = strict(cell, &r.References, "traceID", "spanID")
	case "warnings":
		err = json.Unmarshal(cell, &r.Warnings)
	case "stackTraces":
		var list []string
		err = json.Unmarshal(cell, &list)
	}
	if err != nil {
		res.Broke("json cells", "row %d: %s: %v in %.120q", r.Index, column, err, cell)
	}
}

func decodeKVs(cell []byte, to *[]KV) error { return strict(cell, to, "key", "value") }

func decodeLogs(cell []byte, to *[]Event) error {
	if err := strict(cell, to, "timestamp", "fields"); err != nil {
		return err
	}
	for _, e := range *to {
		if _, ok := e.Timestamp.(float64); !ok {
			return fmt.Errorf("event timestamp is %v", e.Timestamp)
		}
	}
	return nil
}

// strict decodes a list of objects that must each have the members need.
func strict[T any](cell []byte, to *[]T, need ...string) error {
	var objects []map[string]json.RawMessage
	if err := json.Unmarshal(cell, &objects); err != nil {
		return err
	}
	for i, o := range objects {
		for _, key := range need {
			if _, ok := o[key]; !ok {
				return fmt.Errorf("element %d has no %q", i, key)
			}
		}
	}
	return json.Unmarshal(cell, to)
}
