package conformance

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
)

const mark = "SECRET-MARK"

// everySecret has a marked value in every secret setting.
func everySecret() map[string]string {
	secure := map[string]string{}
	for _, key := range []string{"basicAuthPassword", "password", "httpHeaderValue1", "httpHeaderValue2", "tlsCACert", "tlsClientCert", "tlsClientKey"} {
		secure[key] = mark + "-" + key
		secure["logs"+strings.ToUpper(key[:1])+key[1:]] = mark + "-logs-" + key
	}
	return secure
}

// wantNoMark fails where a marked secret, or its form in basic auth, is in one of the texts.
func wantNoMark(t *testing.T, texts []string) {
	t.Helper()
	words := []string{mark}
	for _, key := range []string{"basicAuthPassword", "logs-basicAuthPassword", "url"} {
		words = append(words, base64.StdEncoding.EncodeToString([]byte("user:"+mark+"-"+key)))
	}
	for _, text := range texts {
		for _, word := range words {
			if at := strings.Index(text, word); at >= 0 {
				t.Errorf("a secret got out: %q", text[max(0, at-120):min(len(text), at+60)])
				return
			}
		}
	}
}

// echo answers every request with status and everything that it was sent, as talkative proxies do.
func echo(t *testing.T, status int) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
		w.WriteHeader(status)
		for name, values := range r.Header {
			_, _ = w.Write([]byte(name + ": " + strings.Join(values, ", ") + "; "))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// everything that leaves the process when s is asked in every way.
func everything(t *testing.T, p *host.Plugin, w *world, s host.Settings) []string {
	t.Helper()
	headers := map[string]string{"Authorization": "Bearer " + mark + "-token", "X-Id-Token": mark + "-id-token",
		"Cookie": "session=" + mark + "-cookie", "http_X-Grafana-Id": mark + "-grafana-id"}
	plainHeaders := map[string]*pluginv2.StringList{}
	for key, value := range headers {
		plainHeaders[strings.TrimPrefix(key, "http_")] = &pluginv2.StringList{Values: []string{value}}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out []string
	for _, model := range []map[string]any{{"query": w.id}, {"query": "{ status = error }"}, {"query": "some-conversation", "queryType": "conversation"}} {
		resp, err := p.Data.QueryData(ctx, &pluginv2.QueryDataRequest{PluginContext: s.Context(), Headers: headers,
			Queries: []*pluginv2.DataQuery{host.JSONQuery("A", model, w.from, w.to)}})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, resp.Responses["A"].Error, frameText(t, resp.Responses["A"]))
	}
	h, err := p.Diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: s.Context(), Headers: headers})
	if err != nil {
		t.Fatal(err)
	}
	out = append(out, h.Message, plain(string(h.JsonDetails)))
	for path, params := range map[string]url.Values{"tags": nil, "tag-values": {"tag": {"span.x"}}, "services": nil, "operations": {"service": {"s"}},
		"log-labels": nil, "log-label-values": {"name": {"app"}}, "transcript": {"traceId": {w.id}}} {
		stream, err := p.Resource.CallResource(ctx, &pluginv2.CallResourceRequest{PluginContext: s.Context(), Headers: plainHeaders,
			Path: path, Url: path + "?" + params.Encode(), Method: "GET"})
		if err != nil {
			t.Fatal(err)
		}
		msg, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, plain(string(msg.Body)))
		for name, list := range msg.Headers {
			out = append(out, name, strings.Join(list.Values, "\n"))
		}
	}
	return out
}

// Marked secrets are planted in every secret setting and every header; none may leave the process but
// to its store, whatever happens there.
func TestSecretsNeverLeave(t *testing.T) {
	p := fresh(t, "GF_PLUGIN_LOG_LEVEL=trace")
	w := newWorld(t, "g1-happy")
	user := func(address, secret string) string { return strings.Replace(address, "://", "://user:"+secret+"@", 1) }
	for name, change := range map[string]func(*host.Settings){
		"good answers": func(*host.Settings) {},
		"refused": func(s *host.Settings) {
			s.URL, s.Logs()["url"] = "http://127.0.0.1:1", "http://127.0.0.1:1"
		},
		"bad certificates": func(s *host.Settings) {
			s.JSON["tlsAuth"], s.JSON["tlsAuthWithCACert"] = true, true
			s.Logs()["tlsAuth"], s.Logs()["tlsAuthWithCACert"] = true, true
		},
		"bad certificates that look like some": func(s *host.Settings) {
			s.JSON["tlsAuth"], s.JSON["tlsAuthWithCACert"] = true, true
			for _, key := range []string{"tlsCACert", "tlsClientCert", "tlsClientKey"} {
				s.Secure[key] = "-----BEGIN CERTIFICATE-----\n" + mark + "\n-----END CERTIFICATE-----\n"
			}
		},
		"TLS to a server without it": func(s *host.Settings) { s.URL = strings.Replace(w.tempo.URL, "http:", "https:", 1) },
		"a header value that splits the request": func(s *host.Settings) {
			s.Secure["httpHeaderValue1"] = mark + "\r\nX-Evil: 1"
		},
		"a header name that is none": func(s *host.Settings) { s.JSON["httpHeaderName2"] = "X Evil" },
		"a password in the URLs": func(s *host.Settings) {
			s.BasicUser = ""
			s.URL, s.Logs()["url"] = user(w.tempo.URL, mark+"-url"), user(w.loki.URL, mark+"-url")
		},
		"a password in URLs that are none": func(s *host.Settings) {
			s.URL, s.Logs()["url"] = "ftp://user:"+mark+"-url@host", "user:"+mark+"-url@host"
		},
		"a password in a URL with a blank": func(s *host.Settings) { s.URL = "http://user:" + mark + " x@host/" },
		"a token in the URL":               func(s *host.Settings) { s.URL = "http://127.0.0.1:1/?token=" + mark },
		"servers that quote the request in 401": func(s *host.Settings) {
			s.URL, s.Logs()["url"] = user(echo(t, 401), mark+"-url"), echo(t, 401)
		},
		"servers that quote the request in 500": func(s *host.Settings) { s.URL, s.Logs()["url"] = echo(t, 500), echo(t, 500) },
		"servers that quote the request in 302": func(s *host.Settings) { s.URL, s.Logs()["url"] = echo(t, 302), echo(t, 302) },
		"servers that quote the request in 200": func(s *host.Settings) { s.URL, s.Logs()["url"] = echo(t, 200), echo(t, 200) },
		"a policy that does not hold": func(s *host.Settings) {
			s.JSON["policy"] = map[string]any{"redact": []any{map[string]any{"regex": "("}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := w.settings
			s.UID = "secrets " + name
			s.BasicUser = "user"
			s.Secure = everySecret()
			s.JSON = map[string]any{"traceStore": "tempo", "httpHeaderName1": "X-Key", "httpHeaderName2": "X-Second", "oauthPassThru": true, "keepCookies": []string{"[]"}, "timeout": 5,
				"logs": map[string]any{"url": w.loki.URL, "basicAuth": true, "basicAuthUser": "user", "httpHeaderName1": "X-Key", "httpHeaderName2": "X-Second", "oauthPassThru": true, "keepCookies": []string{"[]"}, "timeout": 5}}
			change(&s)
			wantNoMark(t, everything(t, p, w, s))
		})
	}
	metrics, err := p.Diagnostics.CollectMetrics(context.Background(), &pluginv2.CollectMetricsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantNoMark(t, append(p.Stderr.All(), string(metrics.GetMetrics().GetPrometheus())))
	// They did go where they belong, or this test would prove nothing.
	if r := last(t, w.tempo.Server); !strings.Contains(r.Header.Get("X-Key")+r.Header.Get("Authorization"), mark) {
		t.Errorf("Tempo got no secret: %v", r.Header)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	p := running(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		w, thief := newWorld(t, "g1-happy"), newWorld(t, "g1-happy")
		w.settings.BasicUser = "user"
		w.settings.Secure = map[string]string{"basicAuthPassword": mark}
		w.tempo.Fail(replay.Answer{Status: status, ContentType: "text/plain"}, "Location", thief.tempo.URL+"/api/v2/traces/"+w.id)
		w.loki.Fail(replay.Answer{Status: status, ContentType: "text/plain"}, "Location", thief.loki.URL+"/loki/api/v1/query_range")
		r := w.answer(t, p)
		wantError(t, r, []int32{502}, "downstream", "redirect")
		w.tempo.Recover()
		if text := said(decode(t, w.answer(t, p))); !strings.Contains(text, "Redirects are not followed") {
			t.Errorf("nobody says that Loki redirects: %s", text)
		}
		if n := len(thief.tempo.Requests()) + len(thief.loki.Requests()); n != 0 {
			t.Errorf("%d: %d requests went to another host", status, n)
		}
	}
}
