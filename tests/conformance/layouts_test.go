package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

// said4 is what the four records of every layout in fixtures/layouts say. They are those of
// classic-winston, written as another logger or pipeline writes them.
var said4 = []struct{ span, level, text string }{
	{"bbb374632b8c95b7", "info", "order requested"},
	{"63b10d4080e9a81a", "debug", "query started"},
	{"63b10d4080e9a81a", "error", `relation "orders" does not exist`},
	{"bbb374632b8c95b7", "warn", "responding 500"},
}

// layoutEntries reads a layout's file: lines as stored, after a line "# {…}" that names the stream's
// labels and the structured metadata of what follows. A line in quotes is written as JSON.
func layoutEntries(t *testing.T, path string, times []int64) []replay.Entry {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var entries []replay.Entry
	var head struct{ Stream, Metadata map[string]string }
	for _, line := range strings.Split(strings.TrimRight(string(body), "\n"), "\n") {
		if strings.HasPrefix(line, "# ") {
			head.Stream, head.Metadata = nil, nil
			if err := json.Unmarshal([]byte(line[2:]), &head); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			continue
		}
		if strings.HasPrefix(line, `"`) && json.Unmarshal([]byte(line), &line) != nil {
			t.Fatalf("%s: not a JSON text: %s", path, line)
		}
		entries = append(entries, replay.Entry{Stream: head.Stream, Metadata: head.Metadata, Line: line, TS: times[len(entries)]})
	}
	if len(entries) != len(times) {
		t.Fatalf("%s holds %d records, want %d", path, len(entries), len(times))
	}
	return entries
}

func layoutFiles(t *testing.T) []string {
	t.Helper()
	dir, err := replay.FixtureDir()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "layouts", "*.log"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d layouts (%v)", len(files), err)
	}
	return files
}

// ask4 asks for classic-winston's trace from a Loki that holds entries and nothing else.
func ask4(t *testing.T, c *replay.Case, entries []replay.Entry, change func(*host.Settings), old bool) *judge.Trace {
	t.Helper()
	tempo, loki := replay.NewTempo(c), replay.NewLoki()
	defer tempo.Close()
	defer loki.Close()
	loki.Old = old
	loki.Add(entries...)
	s := host.Stores("tempo", tempo.URL, loki.URL)
	s.UID = strings.ReplaceAll(t.Name(), "/", "-")
	if old {
		s.UID += "-old"
	}
	if change != nil {
		change(&s)
	}
	from, to := around(c)
	trace := decode(t, one(t, running(t), s, host.TraceQuery("A", c.Meta.TraceIDs[0], from, to)))
	for _, problem := range loki.Problems() {
		t.Errorf("request: %s", problem)
	}
	return trace
}

func want4(t *testing.T, trace *judge.Trace) {
	t.Helper()
	var rows []*judge.Row
	for _, r := range trace.Rows {
		if r.IsLog() {
			rows = append(rows, r)
		}
	}
	if len(rows) != len(said4) {
		t.Fatalf("%d log spans, want %d:\n%s", len(rows), len(said4), said(trace))
	}
	for i, r := range rows {
		want := said4[i]
		if r.Parent != want.span || r.Text("spanlog.match") != "span_id" {
			t.Errorf("%s is below %s by %q, want %s by span_id", r, r.Parent, r.Text("spanlog.match"), want.span)
		}
		if level := r.Text("log.level"); level != want.level {
			t.Errorf("%s has the level %q, want %q", r, level, want.level)
		}
		// The row's name is the message; of a plain line it is the beginning, @message has the rest.
		if !strings.Contains(r.Operation, want.text) && !strings.Contains(r.Text("@message"), want.text) {
			t.Errorf("%s does not show %q", r, want.text)
		}
	}
}

// Whoever wrote the line, each record is found and hangs below its span, with its level and message.
func TestEveryLogLayoutIsReadWhole(t *testing.T) {
	c := load(t, "classic-winston")
	times := winstonTimes(t, c)
	for _, path := range layoutFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".log"), func(t *testing.T) {
			entries := layoutEntries(t, path, times)
			want4(t, ask4(t, c, entries, nil, false))
			want4(t, ask4(t, c, entries, nil, true)) // metadata among the labels, as old Lokis send it
		})
	}
}

func winstonTimes(t *testing.T, c *replay.Case) []int64 {
	t.Helper()
	recorded, err := c.Entries()
	if err != nil {
		t.Fatal(err)
	}
	var times []int64
	for _, e := range recorded {
		times = append(times, e.TS)
	}
	return times
}

// rewritten gives what another pipeline would have stored of a record of OTLP.
var rewritten = map[string]func(e replay.Entry, trace, span string) replay.Entry{
	"upper case": func(e replay.Entry, trace, span string) replay.Entry {
		e.Line = "INFO [trace_id=" + strings.ToUpper(trace) + " span_id=" + strings.ToUpper(span) + "] " + e.Line
		return e
	},
	"decimal": func(e replay.Entry, trace, span string) replay.Entry {
		e.Line = fmt.Sprintf("INFO [dd.trace_id=%d dd.span_id=%d] %s", hexNumber(trace[16:]), hexNumber(span), e.Line)
		return e
	},
	"uuid": func(e replay.Entry, trace, span string) replay.Entry {
		e.Line = fmt.Sprintf("INFO [%s-%s-%s-%s-%s] span_id=%s %s", trace[:8], trace[8:12], trace[12:16], trace[16:20], trace[20:], span, e.Line)
		return e
	},
	"metadata of another name": func(e replay.Entry, trace, span string) replay.Entry {
		e.Metadata = map[string]string{"traceId": trace, "spanId": span}
		return e
	},
	"behind a namespace": func(e replay.Entry, trace, span string) replay.Entry {
		e.Stream = map[string]string{"job": "shop/" + e.Stream["service_name"], "service_name": "shop/" + e.Stream["service_name"]}
		e.Line = "level=info traceID=" + trace + " spanID=" + span + " msg=" + quoted(e.Line)
		return e
	},
	"the id as a label": func(e replay.Entry, trace, span string) replay.Entry {
		e.Stream = map[string]string{"job": "varlogs", "trace_id": trace, "span_id": span}
		return e
	},
}

func hexNumber(hex string) uint64 {
	n, err := strconv.ParseUint(hex, 16, 64)
	if err != nil {
		panic(err) // ids of recorded cases are hex
	}
	return n
}

// Services that log through OTLP do not hide the records of one that does not.
func TestAServiceWithAnotherLayoutIsFoundBesideOnesWithOTLP(t *testing.T) {
	c := load(t, "multi-service-40")
	recorded, err := c.Entries()
	if err != nil {
		t.Fatal(err)
	}
	below := func(trace *judge.Trace) map[string]int {
		n := map[string]int{}
		for _, r := range trace.Rows {
			if r.IsLog() && r.Text("spanlog.match") == "span_id" {
				n[r.Parent]++
			}
		}
		return n
	}
	want := below(ask4(t, c, recorded, nil, false))
	for name, rewrite := range rewritten {
		t.Run(name, func(t *testing.T) {
			changed := 0
			var entries []replay.Entry
			for _, e := range recorded {
				if span := e.Metadata["span_id"]; e.Stream["service_name"] == "stock" {
					changed++
					if span == "" {
						continue
					}
					e.Stream = map[string]string{"service_name": "stock"}
					trace := e.Metadata["trace_id"]
					e.Metadata = nil
					e = rewrite(e, trace, span)
				}
				entries = append(entries, e)
			}
			if changed < 3 {
				t.Fatalf("only %d records of the service", changed)
			}
			if got := below(ask4(t, c, entries, nil, false)); !maps.Equal(got, want) {
				t.Errorf("log spans below each span: %v, want %v", got, want)
			}
		})
	}
}

// Names and shapes that nobody could guess are for the datasource's settings.
func TestADatasourceNamesItsOwnKeysAndExpression(t *testing.T) {
	c := load(t, "classic-winston")
	id := c.Meta.TraceIDs[0]
	for name, test := range map[string]struct {
		logs map[string]any
		line func(span, level, text string) (string, map[string]string)
	}{
		"keys in the line": {
			map[string]any{"traceIdKeys": []string{"corr"}, "spanIdKeys": []string{"op"}},
			func(span, level, text string) (string, map[string]string) {
				return `{"corr":"` + id + `","op":"` + span + `","level":"` + level + `","msg":` + quoted(text) + `}`, nil
			}},
		"keys in structured metadata": {
			map[string]any{"traceIdKeys": []string{"my.corr"}, "spanIdKeys": []string{"my.op"}},
			func(span, level, text string) (string, map[string]string) {
				return "level=" + level + " msg=" + quoted(text), map[string]string{"my_corr": id, "my_op": span}
			}},
		"a regular expression": {
			map[string]any{"traceIdRegex": `<([0-9a-f]{32})\|([0-9a-f]{16})>`},
			func(span, level, text string) (string, map[string]string) {
				return strings.ToUpper(level) + " <" + id + "|" + span + "> " + text, nil
			}},
	} {
		t.Run(name, func(t *testing.T) {
			var entries []replay.Entry
			for i, ts := range winstonTimes(t, c) {
				line, metadata := test.line(said4[i].span, said4[i].level, said4[i].text)
				entries = append(entries, replay.Entry{Stream: map[string]string{"service_name": "shop-web"}, TS: ts, Line: line, Metadata: metadata})
			}
			want4(t, ask4(t, c, entries, func(s *host.Settings) {
				for k, v := range test.logs {
					s.Logs()[k] = v
				}
			}, false))
		})
	}
}

func quoted(text string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		panic(err) // text always marshals
	}
	return strings.TrimSuffix(b.String(), "\n")
}
