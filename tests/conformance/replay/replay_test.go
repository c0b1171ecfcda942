package replay

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"spanlog/conformance/wire"
)

func get(t *testing.T, url string, headers map[string]string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

func loadAll(t *testing.T) []*Case {
	t.Helper()
	names, err := CaseNames()
	if err != nil {
		t.Fatal(err)
	}
	var cases []*Case
	for _, name := range names {
		c, err := LoadCase(name)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	return cases
}

func entryKeys(t *testing.T, body []byte) []string {
	t.Helper()
	entries, err := ParseEntries(body)
	if err != nil {
		t.Fatalf("%v in %.200s", err, body)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.key())
	}
	sort.Strings(out)
	return out
}

// Every query that was recorded from a real Loki gets the same entries from the replay.
func TestLokiReplayAnswersEveryRecordedQueryAsTheRealServerDid(t *testing.T) {
	asked := 0
	for _, c := range loadAll(t) {
		loki := NewLoki(c)
		for _, r := range c.Meta.Requests {
			if !strings.HasPrefix(r.Server, "loki") || r.Status != 200 {
				continue
			}
			if strings.Contains(r.Server, "auth_enabled") {
				loki.Tenant = "t1"
			}
			params := url.Values{}
			for k, v := range r.Params {
				params.Set(k, v)
			}
			resp, body := get(t, loki.URL+r.Path+"?"+params.Encode(), r.Headers)
			file := strings.TrimSuffix(r.File, ".gz")
			want, got := entryKeys(t, c.Files[file]), entryKeys(t, body)
			if resp.StatusCode != 200 || !reflect.DeepEqual(want, got) {
				t.Errorf("%s %s: status %d, %d entries, the real server gave %d; first wanted %.300q, first got %.300q",
					c.Meta.Name, file, resp.StatusCode, len(got), len(want), first(want), first(got))
			}
			asked++
		}
		loki.Close()
	}
	if asked < 100 {
		t.Errorf("only %d recorded Loki queries found", asked)
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func TestTraceStoresAnswerEveryRecordedRequestWithTheRecordedBytes(t *testing.T) {
	for _, c := range loadAll(t) {
		tempo, jaeger, zipkin := NewTempo(c), NewJaeger(c), NewZipkin(c)
		for _, r := range c.Meta.Requests {
			var base string
			switch {
			case strings.Contains(r.File, "after"): // the same trace later: served by name only
			case strings.HasPrefix(r.Server, "tempo") && r.Headers["Accept"] == "application/protobuf":
				base = tempo.URL
			case strings.HasPrefix(r.Server, "jaeger") && (r.Params["raw"] == "true" || r.Params["raw_traces"] == "true"):
				base = jaeger.URL
			case r.Server == "zipkin":
				base = zipkin.URL
			}
			if base == "" {
				continue
			}
			params := url.Values{}
			for k, v := range r.Params {
				params.Set(k, v)
			}
			resp, body := get(t, base+r.Path+"?"+params.Encode(), r.Headers)
			missing := r.Status == 404 || c.Meta.Name == "trace-not-found"
			if resp.StatusCode != r.Status || !missing && !bytes.Equal(body, c.Files[r.File]) {
				t.Errorf("%s %s: status %d want %d, %d bytes want %d", c.Meta.Name, r.File,
					resp.StatusCode, r.Status, len(body), len(c.Files[r.File]))
			}
		}
		for _, s := range []*Server{tempo.Server, jaeger.Server, zipkin.Server} {
			s.Close()
		}
	}
}

func TestLokiReplayRefusesWhatLokiRefuses(t *testing.T) {
	c, err := LoadCase("logs-5200")
	if err != nil {
		t.Fatal(err)
	}
	loki := NewLoki(c)
	defer loki.Close()
	ask := func(query string, change map[string]string) (int, string) {
		params := url.Values{"query": {query}, "start": {"1795252300000000000"}, "end": {"1795252400000000000"},
			"limit": {"5000"}, "direction": {"forward"}}
		for k, v := range change {
			params.Set(k, v)
		}
		resp, body := get(t, loki.URL+"/loki/api/v1/query_range?"+params.Encode(), nil)
		return resp.StatusCode, string(body)
	}
	for _, test := range []struct {
		query  string
		change map[string]string
		want   string
	}{
		{`{service_name="bulk-svc"}`, map[string]string{"limit": "6000"}, "(6000 > 5000)"},
		{`{service_name="bulk-svc"}`, map[string]string{"limit": "0"}, "limit must be a positive value"},
		{`{service_name="bulk-svc"}`, map[string]string{"end": "1795252300000000000"}, "must not be before or equal"},
		{`{service_name="bulk-svc"}`, map[string]string{"start": "1790000000000000000"}, "query time range exceeds"},
		{`{service_name="bulk-svc" | foo`, nil, "parse error at line 1"},
		{`{service_name=~".*"}`, nil, "empty-compatible"},
		{`{}`, nil, "empty-compatible"},
	} {
		if status, body := ask(test.query, test.change); status != 400 || !strings.Contains(body, test.want) {
			t.Errorf("%s %v: %d %s, want 400 with %q", test.query, test.change, status, body, test.want)
		}
	}
	if status, body := ask(`{service_name="bulk-svc"}`, map[string]string{"limit": "10"}); status != 200 ||
		len(entryKeys(t, []byte(body))) != 10 {
		t.Errorf("a limit of 10 gave %d: %.200s", status, body)
	}
}

func TestLogQLFiltersCombineAsInLoki(t *testing.T) {
	entries := []Entry{
		{Stream: map[string]string{"app": "a"}, TS: 1, Line: `level=info id=7 msg="x y"`},
		{Stream: map[string]string{"app": "b"}, TS: 2, Line: `{"id":7,"in":{"k":"v"}}`, Metadata: map[string]string{"trace_id": "t1"}},
		{Stream: map[string]string{"app": "abc"}, TS: 3, Line: "plain 7", Metadata: map[string]string{"trace_id": "t2"}},
	}
	for query, want := range map[string][]int64{
		`{app=~"a|b"}`: {1, 2},
		`{app=~".+"} | trace_id="t1" or trace_id="t2"`:      {2, 3},
		`{app=~".+"} | trace_id="t1" | app="b"`:             {2},
		`{app=~".+"} | trace_id="t1" and app="a"`:           nil,
		`{app=~".+"} |= "plain"`:                            {3},
		"{app=~`.+`} |~ `p[l]ain|x y` != `level`":           {3},
		`{app=~".+", app!="a"} != "plain"`:                  {2},
		`{app=~".+"} | json | in_k="v"`:                     {2},
		`{app=~".+"} | logfmt | msg="x y"`:                  {1},
		`{app=~".+"} | (app="a" or app="b"), trace_id=""`:   {1},
		`{app=~".+"} |= "7" or "nothing" | trace_id=~"t.*"`: {2, 3},
	} {
		q, err := parseLogQL(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		var got []int64
		for _, e := range q.run(entries, 0, 10, 100, false) {
			got = append(got, e.TS)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
}

func TestFaultsDoWhatTheyPromise(t *testing.T) {
	c, err := LoadCase("g1-happy")
	if err != nil {
		t.Fatal(err)
	}
	tempo := NewTempo(c)
	defer tempo.Close()
	url := tempo.URL + "/api/v2/traces/" + c.Meta.TraceIDs[0]
	client := &http.Client{Timeout: 300 * time.Millisecond}
	ask := func() (int, []byte, error) {
		req, _ := http.NewRequest("GET", url, nil)
		req.Header.Set("Accept", "application/protobuf")
		resp, err := client.Do(req)
		if err != nil {
			return 0, nil, err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return resp.StatusCode, body, err
	}
	for name, set := range map[string]func(){"stall": tempo.Stall, "stall in the body": tempo.StallBody, "reset": tempo.Reset,
		"truncate": func() { tempo.Truncate(100) }, "delay": func() { tempo.Delay(time.Second) }} {
		set()
		if _, _, err := ask(); err == nil {
			t.Errorf("%s: the client got a whole answer", name)
		}
		tempo.Recover()
	}
	tempo.Garbage()
	if status, body, err := ask(); err != nil || status != 200 || json.Valid(body) || bytes.Equal(body, c.Files["tempo_v2.pb"]) {
		t.Errorf("garbage: %d %v", status, err)
	}
	tempo.FailText(503, "no")
	tempo.Once()
	if status, _, err := ask(); err != nil || status != 503 {
		t.Errorf("fail: %d %v", status, err)
	}
	if status, body, err := ask(); err != nil || status != 200 || !bytes.Equal(body, c.Files["tempo_v2.pb"]) {
		t.Errorf("after Once: %d %v", status, err)
	}
	if tempo.LastRequest().Header.Get("Accept") != "application/protobuf" || len(tempo.Requests()) != 8 {
		t.Errorf("the log of requests holds %d", len(tempo.Requests()))
	}
}

func TestAConversationHasOneCallAndOneRecordPerTurn(t *testing.T) {
	c := Conversation(3)
	ids, err := wire.SpanIDs(c.Files["tempo_v2.pb"])
	if err != nil || !reflect.DeepEqual(ids, []string{"a000000000000000", "b000000000000000", "b000000000000001", "b000000000000002"}) {
		t.Errorf("spans %v %v", ids, err)
	}
	if entries, err := c.Entries(); err != nil || len(entries) != 3 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}
