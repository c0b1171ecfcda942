package conformance

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
)

func call(t *testing.T, p *host.Plugin, s host.Settings, req *pluginv2.CallResourceRequest) (int32, map[string]*pluginv2.StringList, string) {
	t.Helper()
	req.PluginContext = s.Context()
	stream, err := p.Resource.CallResource(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	var code int32
	var headers map[string]*pluginv2.StringList
	var body strings.Builder
	for n := 0; ; n++ {
		msg, err := stream.Recv()
		if err == io.EOF {
			if n == 0 {
				t.Error("no message at all: Grafana would answer an empty 200")
			}
			return code, headers, body.String()
		}
		if err != nil {
			t.Fatalf("a resource call must answer with a code, not fail: %v", err)
		}
		if n == 0 {
			code, headers = msg.Code, msg.Headers
		}
		body.Write(msg.Body)
	}
}

func TestAnUnknownResourceIs404(t *testing.T) {
	w := newWorld(t, "g1-happy")
	for _, path := range []string{"no/such/path", "", "../x", "трасса", strings.Repeat("a/", 5000)} {
		code, _, body := call(t, running(t), w.settings, &pluginv2.CallResourceRequest{Path: path, Url: path, Method: "GET"})
		if code != 404 || body == "" {
			t.Errorf("%.40q: code %d, body %q", path, code, body)
		}
	}
}

func TestHeadersWithSeveralValuesAndAnyBodyAreTaken(t *testing.T) {
	w := newWorld(t, "g1-happy")
	code, headers, _ := call(t, running(t), w.settings, &pluginv2.CallResourceRequest{
		Path: "no/such", Url: "no/such?x=1&x=2&y=%zz", Method: "POST", Body: []byte("\x00\xff{"),
		Headers: map[string]*pluginv2.StringList{"Accept": {Values: []string{"a/b", "c/d"}}, "X-None": {}, "Cookie": {Values: []string{"a=1", "b=2"}}},
	})
	if code != 404 {
		t.Errorf("code %d", code)
	}
	for key, list := range headers {
		if len(list.Values) == 0 {
			t.Errorf("header %s without value", key)
		}
	}
}

func TestResourceCallsWithBadSettingsAnswer(t *testing.T) {
	s := host.Settings{UID: "bad-resource", RawJSON: []byte("{"), OrgID: 1}
	code, _, body := call(t, running(t), s, &pluginv2.CallResourceRequest{Path: "tags", Url: "tags", Method: "GET"})
	if code < 400 || code > 599 || body == "" {
		t.Errorf("code %d, body %q", code, body)
	}
}
