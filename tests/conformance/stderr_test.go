package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
)

var hostile = []string{"new\nline\r\n", "nul\x00", "quote\" back\\slash", "\x1b[31mred", "bad \xff\xfe utf8", "\u2028\u2029", `{"@level":1}`,
	strings.Repeat("long ", 40_000), "panic: no", "[ERROR] no", "\xed\xa0\x80 surrogate", "é日本\U0001f600", "%s%n%d"}

// checkLines holds every line against what Grafana's host can read: one wrong line crashes it.
func checkLines(t *testing.T, lines []string) {
	t.Helper()
	for _, line := range lines {
		if len(line) > 60<<10 {
			t.Errorf("a line of %d bytes: %.100q", len(line), line)
		}
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Errorf("not a JSON object: %.300q", line)
			continue
		}
		for _, key := range []string{"@level", "@message", "@timestamp"} {
			if _, ok := v[key].(string); !ok {
				t.Errorf("%s is %v, no string, in %.300q", key, v[key], line)
			}
		}
		level, _ := v["@level"].(string)
		if !strings.Contains(" trace debug info warn error ", " "+level+" ") {
			t.Errorf("level %q", level)
		}
		stamp, _ := v["@timestamp"].(string)
		if parsed, err := time.Parse("2006-01-02T15:04:05.000000Z07:00", stamp); err != nil || len(stamp) < 27 || time.Since(parsed).Abs() > time.Hour {
			t.Errorf("timestamp %q: %v", stamp, err)
		}
	}
}

func TestEveryLineOnStderrIsALogLineThatGrafanaCanRead(t *testing.T) {
	r := rawPlugin(t)
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	data, diagnostics := pluginv2.NewDataClient(r.Conn), pluginv2.NewDiagnosticsClient(r.Conn)
	for i, text := range hostile {
		w := newWorld(t, "html-injection-logs")
		w.tempo.FailText(500, text)
		valid := strings.ToValidUTF8(text, "?")
		w.settings.UID = fmt.Sprint("uid-", i, valid)
		quoted, _ := json.Marshal(valid)
		queries := []*pluginv2.DataQuery{
			w.query(valid + "A"),
			host.RawQuery("B", valid, []byte(`{"query":"`+text+`"}`), w.from, w.to),
			host.RawQuery("C", "", []byte(`{"query":`+string(quoted)+`,"queryType":`+string(quoted)+`}`), w.from, w.to),
		}
		pc := w.settings.Context()
		pc.User.Login, pc.DataSourceInstanceSettings.Name, pc.PluginVersion = valid, valid, valid
		pc.UserAgent = valid
		if len(valid) < 8000 {
			_, err := data.QueryData(ctx, &pluginv2.QueryDataRequest{PluginContext: pc, Queries: queries, Headers: map[string]string{"http_" + valid: valid, "X": valid}})
			if err != nil {
				t.Errorf("%.40q: %v", text, err)
			}
		}
		w.tempo.Recover()
		w.loki.FailText(400, text)
		if _, err := data.QueryData(ctx, &pluginv2.QueryDataRequest{PluginContext: pc, Queries: []*pluginv2.DataQuery{w.query("A")}}); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
		if _, err := diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: pc}); err != nil {
			t.Errorf("%.40q: health: %v", text, err)
		}
		pc.DataSourceInstanceSettings.Url = "http://" + valid
		if _, err := diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: pc}); err != nil {
			t.Errorf("%.40q: health: %v", text, err)
		}
	}
	lines := r.Stderr.All()
	if len(lines) == 0 {
		t.Error("dozens of failures and not one line on stderr")
	}
	checkLines(t, lines)
	if out := r.Stdout(); out != "" {
		t.Errorf("stdout: %.200q", out)
	}
}

func TestStartAndStopWriteOnlyLogLines(t *testing.T) {
	r := rawPlugin(t)
	_ = r.Cmd.Process.Kill()
	r.WaitExit(5 * time.Second)
	checkLines(t, r.Stderr.All())
}
