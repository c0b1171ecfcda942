package conformance

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/emptypb"

	"spanlog/conformance/host"
)

var handshakeLine = regexp.MustCompile(`^1\|2\|(unix\|/[^|]{1,100}|tcp\|127\.0\.0\.1:\d+)\|grpc\|?\n$`)

func rawPlugin(t *testing.T, env ...string) *host.Raw {
	t.Helper()
	r, err := host.StartRaw(executable, append(append([]string{}, host.ProtocolEnv...), env...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Kill)
	return r
}

func TestWithoutTheCookieItExitsWithOneAndSaysNothingOnStdout(t *testing.T) {
	for name, env := range map[string][]string{"none": {}, "wrong": {"grafana_plugin_type=panel"}, "empty": {"grafana_plugin_type="}} {
		r, err := host.StartRaw(executable, env)
		if err == nil {
			r.Kill()
			t.Errorf("cookie %s: it printed the handshake %q", name, r.Handshake)
			continue
		}
		if !strings.Contains(err.Error(), `handshake line ""`) {
			t.Errorf("cookie %s: %v", name, err)
		}
		if strings.HasSuffix(err.Error(), "stderr: []") {
			t.Errorf("cookie %s: it says nothing to the person who started it", name)
		}
	}
}

func TestWithoutTheCookieTheExitCodeIsOne(t *testing.T) {
	code, err := exitCode(t, executable, nil)
	if err != nil || code != 1 {
		t.Errorf("exit code %d (%v), want 1", code, err)
	}
}

func TestTheHandshakeIsOneLineOfTheProtocol(t *testing.T) {
	r := rawPlugin(t)
	if !handshakeLine.MatchString(r.Handshake) {
		t.Errorf("handshake %q", r.Handshake)
	}
	t.Logf("start to handshake: %v", r.StartTime)
}

func TestTheSocketLiesInAFolderThatOnlyItsOwnerCanEnter(t *testing.T) {
	r := rawPlugin(t)
	if !strings.Contains(r.Handshake, "|unix|") {
		t.Fatalf("the plugin listens on TCP, where every local user can call it: %q", r.Handshake)
	}
	info, err := os.Stat(filepath.Dir(r.Address()))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder of %s: %v %v, want mode 0700", r.Address(), info.Mode(), err)
	}
}

func TestTheSocketGoesWhereGrafanaWantsIt(t *testing.T) {
	dir, err := os.MkdirTemp("", "sock")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	r := rawPlugin(t, "PLUGIN_UNIX_SOCKET_DIR="+dir)
	if filepath.Dir(r.Address()) != dir {
		t.Errorf("the socket is %s, not in %s", r.Address(), dir)
	}
	if _, err := pluginv2.NewDiagnosticsClient(r.Conn).CollectMetrics(context.Background(), &pluginv2.CollectMetricsRequest{}); err != nil {
		t.Error(err)
	}
}

func TestStdoutStaysSilentAfterTheHandshake(t *testing.T) {
	r := rawPlugin(t)
	w := newWorld(t, "g1-happy")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	data := pluginv2.NewDataClient(r.Conn)
	for _, q := range []*pluginv2.DataQuery{w.query("A"), host.RawQuery("B", "", []byte("{"), w.from, w.to),
		host.JSONQuery("C", map[string]any{"query": "x", "queryType": "nope"}, w.from, w.to)} {
		if _, err := data.QueryData(ctx, &pluginv2.QueryDataRequest{PluginContext: w.settings.Context(), Queries: []*pluginv2.DataQuery{q}}); err != nil {
			t.Error(err)
		}
	}
	diagnostics := pluginv2.NewDiagnosticsClient(r.Conn)
	_, _ = diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: w.settings.Context()})
	_, _ = diagnostics.CollectMetrics(ctx, &pluginv2.CollectMetricsRequest{PluginContext: w.settings.Context()})
	if err := r.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if !r.WaitExit(20 * time.Second) {
		t.Error("still there 20 s after SIGTERM")
	}
	if out := r.Stdout(); out != "" {
		t.Errorf("stdout after the handshake: %q", out)
	}
}

func TestGRPCHealthServesPlugin(t *testing.T) {
	p := running(t)
	for _, service := range []string{"plugin", ""} {
		resp, err := grpc_health_v1.NewHealthClient(p.Conn).Check(context.Background(), &grpc_health_v1.HealthCheckRequest{Service: service})
		if err != nil || resp.Status != grpc_health_v1.HealthCheckResponse_SERVING {
			t.Errorf("health of %q: %v %v", service, resp, err)
		}
	}
}

func TestServicesThatNothingNeedsAreUnimplemented(t *testing.T) {
	p := running(t)
	for _, method := range []string{"/pluginv2.AdmissionControl/ValidateAdmission", "/pluginv2.ResourceConversion/ConvertObjects",
		"/grafana.plugin.v3.RouteService/Route", "/no.such.Service/Method"} {
		err := p.Conn.Invoke(context.Background(), method, &emptypb.Empty{}, &emptypb.Empty{})
		if status.Code(err) != codes.Unimplemented {
			t.Errorf("%s: %v, want Unimplemented", method, err)
		}
	}
}
