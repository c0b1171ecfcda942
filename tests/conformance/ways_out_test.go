package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
)

// reader is who asks.
type reader struct {
	login, role string
	headers     map[string]string
	none        bool // no user at all, as in alerting
}

var (
	viewer = reader{login: "viewer", role: "Viewer"}
	admin  = reader{login: "admin", role: "Admin"}
)

func (r reader) context(s host.Settings) *pluginv2.PluginContext {
	pc := s.Context()
	pc.User = &pluginv2.User{Login: r.login, Role: r.role}
	if r.none {
		pc.User = nil
	}
	return pc
}

// ask runs one query as r.
func (r reader) ask(t *testing.T, p *host.Plugin, s host.Settings, q *pluginv2.DataQuery) *pluginv2.DataResponse {
	t.Helper()
	resp, err := p.Data.QueryData(context.Background(), &pluginv2.QueryDataRequest{PluginContext: r.context(s),
		Headers: r.headers, Queries: []*pluginv2.DataQuery{q}})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Responses[q.RefId]
}

// resource calls a resource as r and gives code and body.
func (r reader) resource(t *testing.T, p *host.Plugin, s host.Settings, path string, params url.Values) (int32, string) {
	t.Helper()
	headers := map[string]*pluginv2.StringList{}
	for key, value := range r.headers {
		headers[key] = &pluginv2.StringList{Values: []string{value}}
	}
	stream, err := p.Resource.CallResource(context.Background(), &pluginv2.CallResourceRequest{PluginContext: r.context(s),
		Path: path, Url: path + "?" + params.Encode(), Method: "GET", Headers: headers})
	if err != nil {
		t.Fatal(err)
	}
	msg, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	return msg.Code, string(msg.Body)
}

// plain is a text as somebody could read it out of anything: escapes of JSON and HTML are undone, again
// and again, and every stage is kept.
func plain(text string) string {
	var all strings.Builder
	for range 5 {
		all.WriteString(text + "\n")
		next := html.UnescapeString(text)
		for _, pair := range [][2]string{{`\"`, `"`}, {`\n`, "\n"}, {`\\`, `\`}, {`\/`, `/`}, {`\u0040`, "@"}, {`\u003c`, "<"}, {`\u003e`, ">"}, {`\u0026`, "&"}, {`\t`, "\t"}} {
			next = strings.ReplaceAll(next, pair[0], pair[1])
		}
		if next == text {
			break
		}
		text = next
	}
	return all.String()
}

// frameText is everything in the frames of an answer, metadata included, as it could be read.
func frameText(t *testing.T, r *pluginv2.DataResponse) string {
	t.Helper()
	var all strings.Builder
	all.WriteString(r.Error + "\n")
	for _, raw := range r.Frames {
		frame, err := data.UnmarshalArrowFrame(raw)
		if err != nil {
			t.Fatal(err)
		}
		meta, _ := json.Marshal(frame.Meta)
		all.Write(meta)
		for _, field := range frame.Fields {
			config, _ := json.Marshal(field.Config)
			all.Write(config)
			for i := range field.Len() {
				switch v := field.At(i).(type) {
				case string:
					all.WriteString(v)
				case *string:
					if v != nil {
						all.WriteString(*v)
					}
				case json.RawMessage:
					all.Write(v)
				case *json.RawMessage:
					if v != nil {
						all.Write(*v)
					}
				default:
					text, _ := json.Marshal(v)
					all.Write(text)
				}
				all.WriteByte('\n')
			}
		}
		all.Write(bytes.ReplaceAll(raw, []byte{0}, nil)) // what is in the bytes and no client shows
	}
	return plain(all.String())
}

// waysOut are the answers to everything that can be asked about one trace, by name.
func (r reader) waysOut(t *testing.T, p *host.Plugin, w *world) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, model := range map[string]map[string]any{
		"trace":        {"query": w.id, "queryType": "traceql", "views": []string{"logs", "nodeGraph", "table"}},
		"delta":        {"query": w.id, "queryType": "traceql", "history": "delta", "lanes": "service"},
		"search":       {"query": `{ resource.service.name = "planted" }`, "queryType": "traceql"},
		"conversation": {"query": "conversation-1", "queryType": "conversation"},
	} {
		out[name] = frameText(t, r.ask(t, p, w.settings, host.JSONQuery("A", model, w.from, w.to)))
	}
	for _, format := range []string{"text", "markdown", "jsonl"} {
		_, body := r.resource(t, p, w.settings, "transcript", url.Values{"traceId": {w.id}, "format": {format}, "history": {"full"}})
		out["transcript "+format] = plain(body)
	}
	return out
}
