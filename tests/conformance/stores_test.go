package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

// kinds are the trace stores that are compared with Tempo.
var kinds = []string{"jaeger_v3", "jaeger", "zipkin"}

// lost is what each store is known to lose of a trace, and what docs/stores.md says of it. Anything else
// that differs from Tempo's tree fails the test.
var lost = map[string][]string{
	"jaeger_v3": {"a resource attribute of the store's own"},
	"jaeger":    {"times finer than a microsecond", "an array or map is text", "attributes of a scope"},
	"zipkin": {"times finer than a microsecond", "numbers and booleans are text", "an array or map is text", "the kind internal",
		"capitals of names", "attributes of a scope"},
}

// apart says why a case cannot be compared row by row, or "".
func apart(name string) string {
	return map[string]string{
		"invalid-utf8":          "each store replaces the broken name in its own way",
		"partial-trace":         "Tempo's answer is cut",
		"loki-severity-label":   "its Tempo files are those of another case",
		"trace-not-found":       "there is nothing",
		"zipkin-shared":         "only Zipkin was recorded",
		"running-trace-orphans": "recorded at another moment of the run",
		"attribute-types":       "Tempo cuts its long values and keeps one of two attributes of a name",
		"g2-history-64k":        "Tempo cuts its messages, the others keep them whole",
		"g2-long-2048":          "Tempo cuts its messages, the others keep them whole",
		"span-oddities":         "its shared id is resolved by each store in its own way: TestASharedIDGivesTheSameTree",
	}[name]
}

// comparison collects how one store's rows differ from Tempo's.
type comparison struct {
	losses map[string]int
	wrong  []string
	// scopes are the attributes of the trace's scopes: a row shows them among the span's own.
	scopes []string
}

func (c *comparison) lose(what string) { c.losses[what]++ }

func (c *comparison) fail(row *judge.Row, format string, args ...any) {
	c.wrong = append(c.wrong, row.String()+": "+fmt.Sprintf(format, args...))
}

// rows compares all rows: every row of Tempo's frame is in the other one, under the same parent.
func (c *comparison) rows(want, got *judge.Trace) {
	for _, w := range want.Rows {
		g := got.ByID[w.SpanID]
		if g == nil {
			c.fail(w, "is missing")
			continue
		}
		c.row(w, g)
	}
	for _, g := range got.Rows {
		if want.ByID[g.SpanID] == nil {
			c.fail(g, "is not in Tempo's frame")
		}
	}
}

func (c *comparison) row(w, g *judge.Row) {
	same := func(what, a, b string) {
		if a != b {
			c.fail(w, "%s %q became %q", what, a, b)
		}
	}
	same("parent", w.Parent, g.Parent)
	same("service", w.Service, g.Service)
	same("scope", w.LibName+"@"+w.LibVersion, g.LibName+"@"+g.LibVersion)
	if w.Status != g.Status {
		c.fail(w, "status %d became %d", w.Status, g.Status)
	}
	if w.Operation != g.Operation {
		if !w.IsLog() && g.Operation == strings.ToLower(w.Operation) {
			c.lose("capitals of names")
		} else if sameButBlanks(w.Operation, g.Operation) {
			c.lose("an array or map is text")
		} else {
			same("name", w.Operation, g.Operation)
		}
	}
	if w.Kind != g.Kind {
		if w.Kind == "internal" && g.Kind == "" {
			c.lose("the kind internal")
		} else {
			same("kind", w.Kind, g.Kind)
		}
	}
	if w.StatusMessage != g.StatusMessage {
		if g.StatusMessage == "" {
			c.lose("the text of a status")
		} else {
			same("status message", w.StatusMessage, g.StatusMessage)
		}
	}
	for what, pair := range map[string][2]float64{"start": {w.Start, g.Start}, "duration": {w.Duration, g.Duration}} {
		switch apart := math.Abs(pair[0] - pair[1]); {
		case apart == 0:
		case apart <= 0.0025: // a microsecond cut, one rounded, and what a float64 cannot hold
			c.lose("times finer than a microsecond")
		default:
			c.fail(w, "%s %f became %f", what, pair[0], pair[1])
		}
	}
	c.attributes(w, "attribute", w.Tags, g.Tags)
	c.attributes(w, "resource attribute", w.ServiceTags, g.ServiceTags)
	c.events(w, g)
	if len(w.References) != len(g.References) {
		c.lose("a link")
	} else {
		for i := range w.References {
			if w.References[i] != g.References[i] {
				c.lose("the order of links")
			}
		}
	}
}

func (c *comparison) attributes(row *judge.Row, what string, want, got []judge.KV) {
	find := func(list []judge.KV, key string) (judge.KV, bool) {
		at := slices.IndexFunc(list, func(kv judge.KV) bool { return kv.Key == key })
		if at < 0 {
			return judge.KV{}, false
		}
		return list[at], true
	}
	for _, w := range want {
		g, there := find(got, w.Key)
		switch {
		case !there && (w.Value == "" || w.Value == nil):
			c.lose("an empty value")
		case !there && slices.Contains(c.scopes, w.Key):
			c.lose("attributes of a scope")
		case !there:
			c.fail(row, "%s %s is lost", what, w.Key)
		case w.Text() == g.Text() && fmt.Sprintf("%T", w.Value) == fmt.Sprintf("%T", g.Value):
		case strings.HasPrefix(w.Key, "spanlog.") && near(w.Text(), g.Text()):
			c.lose("times finer than a microsecond")
		case sameButBlanks(w.Text(), g.Text()):
			c.lose("an array or map is text")
		case sameJSON(w.Text(), g.Text()):
			if strings.HasPrefix(w.Text(), "[") || strings.HasPrefix(w.Text(), "{") {
				c.lose("an array or map is text")
			} else {
				c.lose("numbers and booleans are text")
			}
		default:
			c.fail(row, "%s %s: %.60q became %.60q", what, w.Key, w.Text(), g.Text())
		}
	}
	for _, g := range got {
		if _, there := find(want, g.Key); !there {
			if what == "resource attribute" {
				c.lose("a resource attribute of the store's own")
			} else {
				c.fail(row, "%s %s is invented", what, g.Key)
			}
		}
	}
}

// near is true for milliseconds that differ by no more than cut times do.
func near(a, b string) bool {
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err == nil && err2 == nil && math.Abs(x-y) <= 0.0025
}

// sameButBlanks is true for texts around JSON that an exporter wrote with other blanks.
func sameButBlanks(a, b string) bool {
	return a != b && strings.ContainsAny(a, "{[") && strings.ReplaceAll(a, " ", "") == strings.ReplaceAll(b, " ", "")
}

// sameJSON is true for texts that hold the same values: numbers as text, other spaces, other escapes.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func (c *comparison) events(w, g *judge.Row) {
	if len(w.Logs) != len(g.Logs) {
		c.fail(w, "%d events became %d", len(w.Logs), len(g.Logs))
		return
	}
	for i := range w.Logs {
		if w.Logs[i].Name != g.Logs[i].Name {
			c.fail(w, "event %q became %q", w.Logs[i].Name, g.Logs[i].Name)
		}
		c.attributes(w, "event attribute", w.Logs[i].Fields, g.Logs[i].Fields)
	}
}

// wovenFrom is the frame of a case's first trace, asked of one kind of store.
func wovenFrom(t *testing.T, kind string, c *replay.Case) *judge.Trace {
	t.Helper()
	s := startStores(t, kind, c)
	from, to := around(c)
	set := s.settings(c)
	set.UID = "compare-" + set.UID
	trace := decode(t, one(t, running(t), set, host.TraceQuery("A", c.Meta.TraceIDs[0], from, to)))
	s.trace.Close()
	s.loki.Close()
	return trace
}

// Whatever store holds the spans, a reader sees the same run; what the store lost is counted, printed and
// has to be among what docs/stores.md admits.
func TestTheSameRunFromEveryStoreGivesTheSameRows(t *testing.T) {
	total := map[string]map[string]int{}
	for _, c := range allCases(t) {
		if apart(c.Meta.Name) != "" {
			continue
		}
		var want *judge.Trace
		for _, kind := range kinds {
			if notRecorded(c, kind) != "" || notRecorded(c, "tempo") != "" {
				continue
			}
			t.Run(c.Meta.Name+"/"+kind, func(t *testing.T) {
				if want == nil {
					want = wovenFrom(t, "tempo", c)
				}
				found := comparison{losses: map[string]int{}, scopes: replay.ScopeAttributes(c)}
				found.rows(want, wovenFrom(t, kind, c))
				for i, text := range found.wrong {
					if i < 5 {
						t.Error(text)
					}
				}
				if len(found.wrong) > 5 {
					t.Errorf("and %d more", len(found.wrong)-5)
				}
				if total[kind] == nil {
					total[kind] = map[string]int{}
				}
				for what, n := range found.losses {
					total[kind][what] += n
					if !slices.Contains(lost[kind], what) {
						t.Errorf("%s loses %s (%d times), which is not known of it", kind, what, n)
					}
				}
			})
		}
	}
	fmt.Fprintln(os.Stdout, "\n== what the stores lose, against Tempo ==")
	for _, kind := range kinds {
		var lines []string
		for what, n := range total[kind] {
			lines = append(lines, fmt.Sprintf("%s: %s (%d times)\n", kind, what, n))
		}
		sort.Strings(lines)
		fmt.Fprint(os.Stdout, strings.Join(lines, ""))
	}
}

// The halves of a call that share one span id are two rows, client above server, and each record hangs
// below the half whose service wrote it.
func TestASharedIDGivesTheSameTree(t *testing.T) {
	c := load(t, "span-oddities")
	shape := func(trace *judge.Trace) []string {
		var lines []string
		for _, r := range trace.Rows {
			above := "-"
			if parent := trace.ByID[r.Parent]; parent != nil {
				above = parent.Service + "/" + strings.ToLower(parent.Operation) + "/" + parent.Kind
			}
			kind := strings.TrimPrefix(r.Kind, "internal")
			lines = append(lines, fmt.Sprintf("%s/%s/%s below %s", r.Service, strings.ToLower(r.Operation), kind, strings.TrimSuffix(above, "internal")))
		}
		sort.Strings(lines)
		return lines
	}
	want := shape(wovenFrom(t, "tempo", c))
	for _, kind := range kinds {
		if got := shape(wovenFrom(t, kind, c)); !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nTempo:\n%s", kind, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
