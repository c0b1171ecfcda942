package conformance

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
)

func health(t *testing.T, p *host.Plugin, s host.Settings) *pluginv2.CheckHealthResponse {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	resp, err := p.Diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: s.Context()})
	if err != nil {
		t.Fatalf("CheckHealth must not fail as a call: Grafana hides the message: %v", err)
	}
	if len(resp.JsonDetails) > 0 {
		object(t, resp.JsonDetails)
	}
	return resp
}

func TestHealthIsOKWhenBothStoresAnswer(t *testing.T) {
	w := newWorld(t, "g1-happy")
	resp := health(t, running(t), w.settings)
	if resp.Status != pluginv2.CheckHealthResponse_OK || resp.Message == "" {
		t.Errorf("%v %q", resp.Status, resp.Message)
	}
	if len(w.tempo.Requests()) == 0 || len(w.loki.Requests()) == 0 {
		t.Errorf("asked Tempo %d times and Loki %d times", len(w.tempo.Requests()), len(w.loki.Requests()))
	}
	for _, problem := range append(w.tempo.Problems(), w.loki.Problems()...) {
		t.Error(problem)
	}
}

func TestHealthOfJaegerAndZipkin(t *testing.T) {
	c := load(t, "g1-happy")
	jaeger, zipkin, loki := replay.NewJaeger(c), replay.NewZipkin(c), replay.NewLoki(c)
	defer jaeger.Close()
	defer zipkin.Close()
	defer loki.Close()
	for store, url := range map[string]string{"jaeger": jaeger.URL, "zipkin": zipkin.URL} {
		s := host.Stores(store, url, loki.URL)
		s.UID = "health-" + store
		if resp := health(t, running(t), s); resp.Status != pluginv2.CheckHealthResponse_OK {
			t.Errorf("%s: %v %q", store, resp.Status, resp.Message)
		}
	}
	for _, problem := range append(jaeger.Problems(), zipkin.Problems()...) {
		t.Error(problem)
	}
}

// Health says which store failed, why, and never fails as a call.
func TestHealthSaysWhichStoreFailedAndWhy(t *testing.T) {
	p := running(t)
	for name, test := range map[string]struct {
		spoil func(*world)
		words []string
	}{
		"Tempo answers 503":      {func(w *world) { w.tempo.FailText(503, "ingester is warming up") }, []string{"tempo", "503"}},
		"Tempo wants a password": {func(w *world) { w.tempo.FailText(401, "no org id") }, []string{"tempo", "401"}},
		"Tempo is gone":          {func(w *world) { w.tempo.Close() }, []string{"tempo"}},
		"Tempo resets":           {func(w *world) { w.tempo.Reset() }, []string{"tempo"}},
		"Loki answers 500":       {func(w *world) { w.loki.FailText(500, "too many unhealthy instances") }, []string{"loki", "500"}},
		"Loki wants a tenant":    {func(w *world) { w.loki.Tenant = "t1" }, []string{"loki", "no org id"}},
		"Loki is gone":           {func(w *world) { w.loki.Close() }, []string{"loki"}},
		"Loki is a log-in page":  {func(w *world) { w.loki.LoginPage() }, []string{"loki"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "g1-happy")
			test.spoil(w)
			resp := health(t, p, w.settings)
			if resp.Status != pluginv2.CheckHealthResponse_ERROR {
				t.Fatalf("status %v, message %q", resp.Status, resp.Message)
			}
			text := strings.ToLower(resp.Message + string(resp.JsonDetails))
			for _, word := range test.words {
				if !strings.Contains(text, word) {
					t.Errorf("the message %q (details %s) does not say %q", resp.Message, resp.JsonDetails, word)
				}
			}
		})
	}
}

func TestHealthOfBadSettingsIsAnErrorWithWords(t *testing.T) {
	p := running(t)
	bad := host.Stores("tempo", "", "")
	bad.UID = "no-url"
	unknown := host.Stores("splunk", "http://127.0.0.1:1", "")
	unknown.UID = "unknown-store"
	broken := host.Stores("tempo", "http://127.0.0.1:1", "")
	broken.RawJSON, broken.UID = []byte(`{"traceStore": [`), "broken-json"
	scheme := host.Stores("tempo", "ftp://127.0.0.1/x", "")
	scheme.UID = "scheme"
	for name, s := range map[string]host.Settings{"no URL": bad, "unknown store": unknown, "jsonData is no JSON": broken, "ftp": scheme} {
		if resp := health(t, p, s); resp.Status != pluginv2.CheckHealthResponse_ERROR || len(resp.Message) < 10 {
			t.Errorf("%s: %v %q", name, resp.Status, resp.Message)
		}
	}
}

func TestMetricsArePrometheusTextAndCountQueries(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	w.answer(t, p)
	resp, err := p.Diagnostics.CollectMetrics(context.Background(),
		&pluginv2.CollectMetricsRequest{PluginContext: &pluginv2.PluginContext{PluginId: host.PluginID}})
	if err != nil {
		t.Fatal(err)
	}
	body := resp.GetMetrics().GetPrometheus()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("not Prometheus text: %v\n%.2000s", err, body)
	}
	counters, histograms := 0, 0
	for name, family := range families {
		for _, m := range family.Metric {
			if c := m.GetCounter(); c != nil && strings.Contains(name, "quer") && c.GetValue() > 0 {
				counters++
			}
			if h := m.GetHistogram(); h != nil && h.GetSampleCount() > 0 {
				histograms++
			}
		}
	}
	if counters == 0 || histograms == 0 {
		t.Errorf("after a query %d counters of queries and %d histograms have a value:\n%.3000s", counters, histograms, body)
	}
}
