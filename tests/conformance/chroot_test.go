package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"spanlog/conformance/host"
)

// A folder that holds the executable and an empty /tmp, and nothing else: no library, no CA bundle,
// no resolver configuration, no /proc.
func TestItAnswersAQueryInAnEmptyRootFolder(t *testing.T) {
	root, err := os.MkdirTemp("", "root")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(root)
	if err := os.Mkdir(filepath.Join(root, "tmp"), 0o777); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(executable)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "plugin"), body, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/plugin")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	if os.Getuid() != 0 { // an own user namespace may change its root without being root outside
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	r, err := host.StartRawCommand(cmd, host.ProtocolEnv)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Kill()
	conn, err := grpc.NewClient("unix:"+filepath.Join(root, r.Address()), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	w := newWorld(t, "g1-happy")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	resp, err := pluginv2.NewDataClient(conn).QueryData(ctx,
		&pluginv2.QueryDataRequest{PluginContext: w.settings.Context(), Queries: []*pluginv2.DataQuery{w.query("A")}})
	if err != nil {
		t.Fatal(err)
	}
	w.wantGood(t, resp.Responses["A"])
	if _, err := pluginv2.NewDiagnosticsClient(conn).CollectMetrics(ctx, &pluginv2.CollectMetricsRequest{}); err != nil {
		t.Errorf("metrics without /proc: %v", err)
	}
	checkLines(t, r.Stderr.All())
}
