package conformance

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
)

// What breaks out of strings, paths, headers and lines where it is not escaped.
var evil = []string{`"} or {app=~".+"} #`, "`} | line_format `x", "a\r\nX-Evil: 1", "a\nb", "../../admin", "..%2f..%2fadmin", "%2e%2e/admin",
	"a\x00b", `\"}`, `{{ .password }}`, `.*|.+`, "a?x=1#y", "a&limit=1000000", `" || true || "`, "\u202e\u2028", "'; --", "http://127.0.0.1:9/x", "//127.0.0.1:9/x"}

// known is every path that the plugin may ask a store for, up to its variable part.
var known = []string{"/api/v2/traces", "/api/traces", "/api/search", "/api/v2/search/tags", "/api/search/tags", "/api/v2/search/tag/", "/api/search/tag/",
	"/api/echo", "/loki/api/v1/query_range", "/loki/api/v1/query", "/loki/api/v1/labels", "/loki/api/v1/label/",
	"/api/v3/", "/api/services", "/api/operations", "/api/v2/trace/", "/api/v2/spans", "/api/v2/services", "/api/v2/dependencies", "/api/v2/autocomplete"}

// wantOwnPaths fails when a store was asked for anything else, or with a header that nobody set.
func wantOwnPaths(t *testing.T, servers ...*replay.Server) {
	t.Helper()
	for _, s := range servers {
		for _, r := range s.Requests() {
			ok := false
			for _, path := range known {
				ok = ok || strings.HasPrefix(r.Path, path)
			}
			for _, part := range strings.Split(r.Path, "/") {
				ok = ok && part != ".." && part != "."
			}
			if !ok {
				t.Errorf("the store was asked for %q", r.Path)
			}
			if r.Header.Get("X-Evil") != "" {
				t.Errorf("%s came with an injected header", r.Path)
			}
		}
	}
}

func TestNoQueryReachesBesideItsStore(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	for i, text := range evil {
		valid := strings.ToValidUTF8(text, "?")
		for _, model := range []map[string]any{{"query": text}, {"query": w.id + text}, {"query": "{ .a = \"" + text + "\" }"}, {"query": text, "queryType": "conversation"},
			{"query": w.id, "logsQuery": text}, {"query": w.id, "logsQuery": `{app="` + text + `"}`}, {"query": text, "queryType": text}} {
			q := host.JSONQuery("A", model, w.from, w.to)
			q.QueryType = strings.ToValidUTF8(q.QueryType, "?")
			if r := one(t, p, w.settings, q); r == nil {
				t.Errorf("%d: no answer", i)
			}
		}
		for path, params := range map[string]url.Values{"tag-values": {"tag": {valid}}, "operations": {"service": {valid}}, "log-label-values": {"name": {valid}},
			"transcript": {"traceId": {valid}, "logsQuery": {valid}, "format": {valid}}} {
			if code, _ := viewer.resource(t, p, w.settings, path, params); code < 200 || code > 599 {
				t.Errorf("%s of %q: code %d", path, valid, code)
			}
		}
		// The path itself is Grafana's, decoded.
		code, _, _ := call(t, p, w.settings, &pluginv2.CallResourceRequest{Path: "tag-values/" + valid, Url: "tag-values?tag=" + url.QueryEscape(valid), Method: "GET"})
		if code != 404 {
			t.Errorf("tag-values/%q: code %d", valid, code)
		}
	}
	wantOwnPaths(t, w.tempo.Server, w.loki.Server)
}

func TestNoQueryReachesBesideJaegerAndZipkin(t *testing.T) {
	p := running(t)
	c := load(t, "g1-happy")
	jaeger, zipkin := replay.NewJaeger(c), replay.NewZipkin(c)
	t.Cleanup(jaeger.Close)
	t.Cleanup(zipkin.Close)
	from, to := around(c)
	for store, server := range map[string]*replay.Server{"jaeger": jaeger.Server, "zipkin": zipkin.Server} {
		s := host.Stores(store, server.URL, "")
		for _, text := range evil {
			for _, query := range []string{text, "service=" + text, `service="` + text + `" a=b`} {
				one(t, p, s, host.JSONQuery("A", map[string]any{"query": query}, from, to))
			}
			valid := strings.ToValidUTF8(text, "?")
			viewer.resource(t, p, s, "tag-values", url.Values{"tag": {valid}})
			viewer.resource(t, p, s, "operations", url.Values{"service": {valid}})
		}
		wantOwnPaths(t, server)
	}
}

// A trace's own values stand in the log query: they must stay inside their strings. The replaying Loki
// parses LogQL: what broke out would be other matchers, other stages or an error.
func TestNoValueOfATraceBreaksOutOfTheLogQuery(t *testing.T) {
	p := running(t)
	for i, text := range evil {
		c := replay.Planted(replay.Plant{Attributes: map[string]string{"pod": text, "session.id": text, "gen_ai.conversation.id": text},
			Resource: map[string]string{"service.namespace": text},
			Entries:  []replay.Entry{{Line: "own line"}, {Stream: map[string]string{"service_name": "other", "app": "other"}, Line: "OTHER LINE", Metadata: map[string]string{"trace_id": "1", "span_id": "1"}}}})
		for _, query := range []string{"", `{service_name="planted", pod="${__span.tags["pod"]}"}`, "{service_name=~\"${__span.tags['pod']}\"}",
			`{service_name="planted"} |= "${__span.tags["pod"]}"`, `{service_name="planted"} |~ "x" or "${__span.tags["pod"]}"`,
			`{service_name="${__span.tags["service.namespace"]}"}`} {
			w := &world{c: c, tempo: replay.NewTempo(c), loki: replay.NewLoki(c), id: replay.PlantedTrace}
			w.settings = host.Stores("tempo", w.tempo.URL, w.loki.URL)
			w.settings.UID = fmt.Sprint("break-out-", i, query)
			w.settings.Logs()["query"] = query
			w.settings.Logs()["tags"] = []any{map[string]any{"key": "service.namespace", "value": "ns"}}
			w.from, w.to = around(c)
			r := w.answer(t, p)
			if text := frameText(t, r); strings.Contains(text, "OTHER LINE") {
				t.Errorf("%q in %q reached another stream: %q", evil[i], query, w.loki.Queries())
			}
			for _, problem := range w.loki.Problems() {
				if strings.Contains(problem, "cannot be parsed") || strings.Contains(problem, "parse") {
					t.Errorf("%q in %q: %s", evil[i], query, problem)
				}
			}
			wantOwnPaths(t, w.tempo.Server, w.loki.Server)
			w.tempo.Close()
			w.loki.Close()
		}
	}
}

// A conversation's id is a string of TraceQL, whatever is in it.
func TestNoConversationIdBreaksOutOfTraceQL(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	for _, text := range []string{`" || true || "`, `\" || true`, `a" } | select("`, "x\ny", `\`} {
		w.tempo.Forget()
		one(t, p, w.settings, host.JSONQuery("A", map[string]any{"query": text, "queryType": "conversation"}, w.from, w.to))
		for _, r := range w.tempo.Requests() {
			q := r.Query.Get("q")
			if r.Path != "/api/search" || q == "" {
				continue
			}
			// Without its strings nothing of the id is left.
			var rest strings.Builder
			in := false
			for i := 0; i < len(q); i++ {
				switch {
				case in && q[i] == '\\':
					i++
				case q[i] == '"':
					in = !in
				case in && q[i] == '\n':
					t.Errorf("%q: a line break in a string of %q", text, q)
				case !in:
					rest.WriteByte(q[i])
				}
			}
			if in || strings.Contains(rest.String(), "true") || strings.Contains(rest.String(), "select") || strings.Contains(rest.String(), `\`) {
				t.Errorf("%q broke out: %s", text, q)
			}
		}
	}
}

func TestHeadersInSettingsCannotSplitARequest(t *testing.T) {
	p := running(t)
	for name, change := range map[string]func(*host.Settings){
		"a value with a line break":   func(s *host.Settings) { s.Secure["httpHeaderValue1"] = "a\r\nX-Evil: 1" },
		"a value with a lone LF":      func(s *host.Settings) { s.Secure["httpHeaderValue1"] = "a\nX-Evil: 1" },
		"a value with a NUL":          func(s *host.Settings) { s.Secure["httpHeaderValue1"] = "a\x00b" },
		"a name with a line break":    func(s *host.Settings) { s.JSON["httpHeaderName1"] = "X-Key: a\r\nX-Evil" },
		"a name with a colon":         func(s *host.Settings) { s.JSON["httpHeaderName1"] = "X-Key: a" },
		"a URL with a line break":     func(s *host.Settings) { s.URL += "/x HTTP/1.1\r\nX-Evil: 1\r\n" },
		"a URL of a file":             func(s *host.Settings) { s.URL = "file:///etc/passwd" },
		"a URL of another scheme":     func(s *host.Settings) { s.URL = "gopher://127.0.0.1:1/" },
		"a log URL of a file":         func(s *host.Settings) { s.Logs()["url"] = "file:///etc/passwd" },
		"a URL of a file in capitals": func(s *host.Settings) { s.URL = "FILE:///etc/passwd" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "g1-happy")
			w.settings.JSON["httpHeaderName1"] = "X-Key"
			w.settings.Secure = map[string]string{"httpHeaderValue1": "a"}
			change(&w.settings)
			wantError(t, w.answer(t, p), []int32{400}, "downstream")
			if n := len(w.tempo.Requests()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}
