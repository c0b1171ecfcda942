package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

func TestFailuresOfTheTraceStoreAreErrorsInItsOwnWords(t *testing.T) {
	p := running(t)
	for name, test := range map[string]struct {
		spoil    func(*world)
		statuses []int32
		words    []string
	}{
		"400": {func(w *world) { w.tempo.FailText(400, "trace ID is not to my taste") }, []int32{400, 502}, []string{"not to my taste"}},
		"401": {func(w *world) { w.tempo.Fail(replay.API("loki_no_org_id_401")) }, []int32{401}, []string{"no org id"}},
		"403": {func(w *world) { w.tempo.FailText(403, "not for you") }, []int32{403}, []string{"not for you"}},
		"422": {func(w *world) { w.tempo.Fail(replay.API("tempo_v1_too_large_422")) }, []int32{422, 400, 413, 502}, []string{"trace exceeds max size"}},
		"429": {func(w *world) { w.tempo.FailText(429, "job queue full") }, []int32{429}, []string{"job queue full"}},
		"500": {func(w *world) { w.tempo.FailText(500, "error finding trace: block gone") }, []int32{500, 502}, []string{"block gone"}},
		"502 HTML": {func(w *world) {
			w.tempo.Fail(replay.Answer{Status: 502, ContentType: "text/html", Body: []byte("<html><h1>Bad gateway</h1></html>")})
		}, []int32{502, 500}, []string{"502"}},
		"503": {func(w *world) { w.tempo.FailText(503, "Service unavailable: starting") }, []int32{503, 502}, []string{"starting"}},
		"504": {func(w *world) { w.tempo.FailText(504, "context deadline exceeded") }, []int32{504, 502}, []string{"deadline"}},
		"JSON error": {func(w *world) {
			w.tempo.Fail(replay.Answer{Status: 500, ContentType: "application/json", Body: []byte(`{"message":"gateway says no"}`)})
		}, []int32{500, 502}, []string{"gateway says no"}},
		"bad UTF-8":   {func(w *world) { w.tempo.FailText(500, "bytes \xff\xfe\xc3( end") }, []int32{500, 502}, []string{"bytes", "end"}},
		"long error":  {func(w *world) { w.tempo.FailText(500, strings.Repeat("too long ", 100_000)) }, []int32{500, 502}, []string{"too long"}},
		"refused":     {func(w *world) { w.tempo.Close() }, []int32{502, 500, 503}, []string{"tempo"}},
		"reset":       {func(w *world) { w.tempo.Reset() }, []int32{502, 500, 503}, []string{"tempo"}},
		"truncated":   {func(w *world) { w.tempo.NoGzip(); w.tempo.Truncate(500) }, []int32{502, 500}, []string{"tempo"}},
		"garbage":     {func(w *world) { w.tempo.Garbage() }, []int32{502, 500}, []string{"tempo"}},
		"log-in page": {func(w *world) { w.tempo.LoginPage() }, []int32{502, 500, 401}, []string{"html"}},
		"wrong length": {func(w *world) {
			w.tempo.Fail(replay.Answer{Status: 200, ContentType: "application/protobuf", Body: []byte{0x0a, 0xff, 0x7f, 1, 2}})
		}, []int32{502, 500}, []string{"tempo"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "g1-happy")
			test.spoil(w)
			// Without its logs the trace cannot be rebuilt from Loki either.
			w.settings.JSON["logs"] = map[string]any{}
			wantError(t, w.answer(t, p), test.statuses, "downstream", test.words...)
		})
	}
	w := newWorld(t, "g1-happy")
	w.wantGood(t, w.answer(t, p))
}

func TestATraceThatNobodyKnowsIsNotFound(t *testing.T) {
	w := newWorld(t, "trace-not-found")
	wantError(t, w.answer(t, running(t)), []int32{404}, "", "not found", w.id)
}

func TestATempoWithoutV2IsAskedByV1(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.tempo.Old = true
	w.wantGood(t, w.answer(t, running(t)))
}

func TestAPartialTraceSaysSo(t *testing.T) {
	w := newWorld(t, "partial-trace")
	trace := decode(t, w.answer(t, running(t)))
	const words = "Trace exceeds maximum size of 20000 bytes, a partial trace is returned"
	if warned, noticed := warnings(trace), notices(trace); !strings.Contains(warned, words) || !strings.Contains(noticed, words) {
		t.Errorf("Tempo's message is not passed on both ways: warnings %q, notices %q", warned, noticed)
	}
}

// A log store that fails never hides the trace, and the reader is told.
func TestFailuresOfTheLogStoreLeaveTheTrace(t *testing.T) {
	p := running(t)
	for name, test := range map[string]struct {
		spoil func(*world)
		words []string
	}{
		"400":         {func(w *world) { w.loki.Fail(replay.API("loki_parse_error_400")) }, []string{"parse error"}},
		"401":         {func(w *world) { w.loki.Tenant = "t1" }, []string{"no org id"}},
		"429":         {func(w *world) { w.loki.FailText(429, "too many outstanding requests") }, []string{"too many outstanding requests"}},
		"500":         {func(w *world) { w.loki.FailText(500, "too many unhealthy instances in the ring") }, []string{"unhealthy instances"}},
		"504":         {func(w *world) { w.loki.FailText(504, "request timed out, decrease the duration") }, []string{"timed out"}},
		"range":       {func(w *world) { w.loki.Fail(replay.API("loki_range_24h_400")) }, []string{"query time range exceeds the limit"}},
		"refused":     {func(w *world) { w.loki.Close() }, []string{"loki"}},
		"reset":       {func(w *world) { w.loki.Reset() }, []string{"loki"}},
		"truncated":   {func(w *world) { w.loki.NoGzip(); w.loki.Truncate(700) }, []string{"loki"}},
		"garbage":     {func(w *world) { w.loki.Garbage() }, []string{"loki"}},
		"log-in page": {func(w *world) { w.loki.LoginPage() }, []string{"loki"}},
		"too slow":    {func(w *world) { w.loki.Delay(30 * time.Second); w.settings.Logs()["timeout"] = 1 }, []string{"loki"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "g1-happy")
			test.spoil(w)
			trace := decode(t, w.answer(t, p))
			if spans := len(trace.Rows) - logRows(trace); spans != 5 {
				t.Errorf("%d spans, want the 5 of the trace", spans)
			}
			text := strings.ToLower(said(trace))
			for _, word := range test.words {
				if !strings.Contains(text, word) {
					t.Errorf("the reader is told %q, nothing of %q", text, word)
				}
			}
		})
	}
}

func TestAOneTimeFailureOfLokiIsRetriedOrSaid(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.loki.FailText(503, "starting")
	w.loki.Once()
	trace := decode(t, w.answer(t, running(t)))
	if logRows(trace) < 14 && !strings.Contains(said(trace), "starting") {
		t.Errorf("%d log spans and no word about why: %q", logRows(trace), said(trace))
	}
}

func TestLokisLimitIsLearntFromItsAnswer(t *testing.T) {
	p := running(t)
	for _, limit := range []int{500, 1000, 137} {
		w := newWorld(t, "logs-1500")
		w.loki.MaxEntries = limit
		w.settings.UID += fmt.Sprint(limit)
		w.wantGood(t, w.answer(t, p))
	}
}

func TestMoreRecordsThanOnePageAreAllThere(t *testing.T) {
	w := newWorld(t, "logs-5200")
	w.settings.Logs()["maxRecords"] = 10000
	w.wantGood(t, w.answer(t, running(t)))
	for _, problem := range w.loki.Problems() {
		t.Error(problem)
	}
}

func TestTheLimitOfRecordsIsKeptAndSaid(t *testing.T) {
	w := newWorld(t, "logs-1500")
	w.settings.Logs()["maxRecords"] = 200
	trace := decode(t, w.answer(t, running(t)))
	if n := logRows(trace); n != 200 {
		t.Errorf("%d log spans, want 200", n)
	}
	if text := said(trace); !strings.Contains(text, "200") {
		t.Errorf("nobody says that the limit of 200 was reached: %q", text)
	}
}

// Records of one nanosecond on the border of two pages are neither lost nor doubled.
func TestPageBordersWithinOneNanosecond(t *testing.T) {
	w := newWorld(t, "no-logs")
	start := w.c.Meta.StartNS
	service := w.c.Meta.Services[0]
	for i := range 60 {
		w.loki.Add(replay.Entry{Stream: map[string]string{"service_name": service, "pod": fmt.Sprint(i % 3)},
			TS: start + int64(i/15)*1000, Line: fmt.Sprintf("line %d", i),
			Metadata: map[string]string{"trace_id": w.id}})
	}
	w.loki.MaxEntries = 20
	trace := decode(t, w.answer(t, running(t)))
	lines := map[string]int{}
	for _, r := range trace.Rows {
		if r.IsLog() {
			lines[r.Text("@message")]++
		}
	}
	for i := range 60 {
		if n := lines[fmt.Sprintf("line %d", i)]; n != 1 {
			t.Errorf("line %d is there %d times", i, n)
		}
	}
}

func TestALokiThatIgnoresTheCategorizeFlagGivesTheSame(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.loki.Old = true
	w.wantGood(t, w.answer(t, running(t)))
}

func TestBasePathsOfGatewaysAreKept(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	w.settings.URL = w.tempo.URL + "/"
	w.settings.Logs()["url"] = w.loki.URL + "/"
	w.wantGood(t, w.answer(t, p))

	w = newWorld(t, "g1-happy")
	w.settings.URL = w.tempo.URL + "/tempo"
	w.settings.JSON["logs"] = map[string]any{}
	w.answer(t, p)
	if r := w.tempo.LastRequest(); r == nil || !strings.HasPrefix(r.Path, "/tempo/api/") {
		t.Errorf("with the base path /tempo the plugin asked for %v", r)
	}
}

// When the trace store has nothing but Loki has the records, they are shown under a made-up root.
func TestLogsWithoutATraceHaveASyntheticRoot(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.tempo.Drop(w.id)
	trace := decode(t, w.answer(t, running(t)))
	var roots []*judge.Row
	for _, r := range trace.Rows {
		if !r.IsLog() {
			roots = append(roots, r)
		}
	}
	if len(roots) != 1 || roots[0].Text("spanlog.kind") != "run" || !(roots[0].Duration > 0) {
		t.Errorf("rows that are no logs: %v; want one synthetic root of some duration", roots)
	}
	if n := logRows(trace); n < 14 {
		t.Errorf("%d log spans for 14 records", n)
	}
}
