package host

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Cookie is the environment variable that says the process was started by Grafana.
const Cookie = "grafana_plugin_type=datasource"

// ProtocolEnv is what go-plugin sets for Grafana.
var ProtocolEnv = []string{Cookie, "PLUGIN_MIN_PORT=10000", "PLUGIN_MAX_PORT=25000", "PLUGIN_PROTOCOL_VERSIONS=2"}

// Raw is a plugin process started without go-plugin, so that every byte of its pipes can be looked at.
type Raw struct {
	Cmd       *exec.Cmd
	Handshake string // the first line with its newline
	Conn      *grpc.ClientConn
	Stderr    *Lines
	Exited    chan struct{} // closed after exit
	StartTime time.Duration

	mu   sync.Mutex
	rest strings.Builder
}

// StartRaw runs executable with exactly env, reads the handshake and connects.
func StartRaw(executable string, env []string) (*Raw, error) {
	return StartRawCommand(exec.Command(executable), env)
}

// StartRawCommand is StartRaw for a command that is not started yet.
func StartRawCommand(cmd *exec.Cmd, env []string) (*Raw, error) {
	r := &Raw{Cmd: cmd, Stderr: &Lines{}, Exited: make(chan struct{})}
	r.Cmd.Env = append([]string{}, env...) // never nil: that would be this process's environment
	r.Cmd.Stderr = r.Stderr
	out, err := r.Cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := r.Cmd.Start(); err != nil {
		return nil, err
	}
	stdout := bufio.NewReader(out)
	line := make(chan string, 1)
	go func() {
		first, _ := stdout.ReadString('\n')
		line <- first
		_, _ = io.Copy(writerFunc(r.addStdout), stdout)
		_ = r.Cmd.Wait()
		close(r.Exited)
	}()
	select {
	case r.Handshake = <-line:
		r.StartTime = time.Since(begin)
	case <-time.After(10 * time.Second):
		_ = r.Cmd.Process.Kill()
		return nil, fmt.Errorf("no handshake line within 10 s; stderr: %q", r.Stderr.All())
	}
	part := strings.Split(strings.TrimSpace(r.Handshake), "|")
	if len(part) < 5 {
		// What it says on stderr is whole only once it has ended.
		if !r.WaitExit(time.Second) {
			_ = r.Cmd.Process.Kill()
		}
		return nil, fmt.Errorf("handshake line %q; stderr: %q", r.Handshake, r.Stderr.All())
	}
	target := "passthrough:///" + part[3]
	if part[2] == "unix" {
		target = "unix:" + part[3]
	}
	r.Conn, err = grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<31-1), grpc.MaxCallSendMsgSize(1<<31-1)))
	return r, err
}

// Address is the socket path or host and port of the handshake.
func (r *Raw) Address() string { return strings.Split(strings.TrimSpace(r.Handshake), "|")[3] }

// Stdout is what came after the handshake line.
func (r *Raw) Stdout() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rest.String()
}

func (r *Raw) addStdout(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rest.Write(p)
}

// WaitExit says whether the process ended within d.
func (r *Raw) WaitExit(d time.Duration) bool {
	select {
	case <-r.Exited:
		return true
	case <-time.After(d):
		return false
	}
}

// Kill ends the process the hard way; for clean-up.
func (r *Raw) Kill() {
	_ = r.Conn.Close()
	_ = r.Cmd.Process.Kill()
	<-r.Exited
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
