package conformance

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
)

// hostRole makes this test binary a small host process: it starts the plugin and waits to be killed.
const hostRole = "SPANLOG_TEST_HOST"

func hostProcess() int {
	path, err := host.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	p, err := host.Start(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(p.PID())
	time.Sleep(time.Hour)
	return 0
}

func exitCode(t *testing.T, path string, env []string) (int, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path)
	cmd.Env = append([]string{}, env...)
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); exited || err == nil {
		return cmd.ProcessState.ExitCode(), nil
	}
	return -1, err
}

func alive(pid int) bool {
	state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	rest := string(state[strings.LastIndexByte(string(state), ')')+1:])
	return !strings.HasPrefix(strings.TrimSpace(rest), "Z")
}

// socketPath is where the plugin listens, from its own open sockets.
func socketPath(t *testing.T, p *host.Plugin) string {
	t.Helper()
	return p.Client.ReattachConfig().Addr.String()
}

func TestKillEndsItWithinTwoSecondsAndRemovesTheSocket(t *testing.T) {
	p := fresh(t)
	pid, socket := p.PID(), socketPath(t, p)
	if _, err := os.Stat(socket); err != nil {
		t.Fatal(err)
	}
	allowed := watchClock(t)
	begin := time.Now()
	p.Client.Kill() // GRPCController/Shutdown, then two seconds of patience, then SIGKILL
	took := time.Since(begin)
	if alive(pid) {
		t.Error("still alive")
	}
	if took > allowed(1500*time.Millisecond) {
		t.Errorf("Kill took %v: go-plugin had to use SIGKILL or nearly", took)
	}
	for _, path := range []string{socket, filepath.Dir(socket)} {
		if _, err := os.Stat(path); err == nil && path != os.TempDir() {
			t.Errorf("%s is left behind", path)
		}
	}
	t.Logf("Kill took %v", took)
}

func TestKillDoesNotWaitForAQueryThatHangs(t *testing.T) {
	p := fresh(t)
	w := newWorld(t, "g1-happy")
	w.tempo.Stall()
	done := make(chan error, 1)
	go func() {
		_, err := p.Query(context.Background(), w.settings, w.query("A"))
		done <- err
	}()
	if !within(20*time.Second, func() bool { return w.tempo.LastRequest() != nil }) {
		t.Fatal("the query never reached Tempo")
	}
	allowed := watchClock(t)
	begin := time.Now()
	p.Client.Kill()
	if took := time.Since(begin); took > allowed(1500*time.Millisecond) {
		t.Errorf("Kill took %v", took)
	}
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("the query still hangs after the plugin is gone")
	}
}

func TestItExitsWhenItsHostIsKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), hostRole+"=1", "SPANLOG_PLUGIN="+executable)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	pid, convErr := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || convErr != nil {
		_ = cmd.Process.Kill()
		t.Fatalf("the host said %q", line)
	}
	if !alive(pid) {
		t.Fatal("the plugin is not there")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if !within(20*time.Second, func() bool { return !alive(pid) }) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
		t.Error("the plugin lives on 20 s after its host was killed")
	}
}

func TestSignals(t *testing.T) {
	r := rawPlugin(t)
	diagnostics := pluginv2.NewDiagnosticsClient(r.Conn)
	socket := r.Address()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGPIPE, syscall.SIGINT} {
		if err := r.Cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if r.WaitExit(200 * time.Millisecond) {
			t.Fatalf("%v ended it", signal)
		}
		if _, err := diagnostics.CollectMetrics(context.Background(), &pluginv2.CollectMetricsRequest{}); err != nil {
			t.Errorf("after %v: %v", signal, err)
		}
	}
	allowed := watchClock(t)
	begin := time.Now()
	_ = r.Cmd.Process.Signal(syscall.SIGTERM)
	if !r.WaitExit(20 * time.Second) {
		t.Fatal("still there 20 s after SIGTERM")
	}
	if took := time.Since(begin); took > allowed(2*time.Second) {
		t.Errorf("it took %v to go after SIGTERM", took)
	}
	if _, err := os.Stat(socket); err == nil {
		t.Errorf("%s is left behind after SIGTERM", socket)
	}
}

func TestItCanBeStartedAgainAfterSIGKILL(t *testing.T) {
	w := newWorld(t, "g1-happy")
	for range 3 {
		p := fresh(t)
		w.wantGood(t, w.answer(t, p))
		_ = syscall.Kill(p.PID(), syscall.SIGKILL)
		if !within(20*time.Second, p.Client.Exited) {
			t.Fatal("go-plugin does not see that it is gone")
		}
	}
}

func TestRestartsLeaveNoFoldersBehind(t *testing.T) {
	dir, err := os.MkdirTemp("", "tmp")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for range 3 {
		p, err := host.Start(executable, "TMPDIR="+dir)
		if err != nil {
			t.Fatal(err)
		}
		p.Client.Kill()
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left in TMPDIR: %v %v", left, err)
	}
}

func TestStartToHandshakeIsReported(t *testing.T) {
	var best time.Duration
	for range 5 {
		r := rawPlugin(t)
		if best == 0 || r.StartTime < best {
			best = r.StartTime
		}
	}
	t.Logf("start to handshake, best of 5: %v", best)
}
