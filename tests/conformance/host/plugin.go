package host

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// Executable is the plugin's executable, from the environment variable SPANLOG_PLUGIN.
func Executable() (string, error) {
	path := os.Getenv("SPANLOG_PLUGIN")
	if path == "" {
		return "", fmt.Errorf("SPANLOG_PLUGIN is not set: give the path of the gpx_spanlog executable to test")
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
		return "", fmt.Errorf("SPANLOG_PLUGIN=%s is no executable file: build it first (%v)", path, err)
	}
	return path, nil
}

// Plugin is a running plugin process, started by go-plugin with the configuration that Grafana uses.
type Plugin struct {
	Client      *goplugin.Client
	RPC         *goplugin.GRPCClient
	Conn        *grpc.ClientConn
	Diagnostics pluginv2.DiagnosticsClient
	Data        pluginv2.DataClient
	Resource    pluginv2.ResourceClient
	Stderr      *Lines
	StartTime   time.Duration // from exec to the end of the handshake
}

// Start runs executable as Grafana 12.4 does: no argument, no host environment.
func Start(executable string, env ...string) (*Plugin, error) {
	p := &Plugin{Stderr: &Lines{}}
	cmd := exec.Command(executable)
	cmd.Env = append([]string{"GF_VERSION=12.4.0"}, env...)
	p.Client = goplugin.NewClient(&goplugin.ClientConfig{
		Cmd: cmd,
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  grpcplugin.ProtocolVersion,
			MagicCookieKey:   grpcplugin.MagicCookieKey,
			MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{grpcplugin.ProtocolVersion: {
			"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
			"resource":    &grpcplugin.ResourceGRPCPlugin{},
			"data":        &grpcplugin.DataGRPCPlugin{},
			"stream":      &grpcplugin.StreamGRPCPlugin{},
			"admission":   &grpcplugin.AdmissionGRPCPlugin{},
			"conversion":  &grpcplugin.ConversionGRPCPlugin{},
		}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		SkipHostEnv:      true,
		Stderr:           p.Stderr,
		Logger:           hclog.NewNullLogger(),
	})
	begin := time.Now()
	if _, err := p.Client.Start(); err != nil {
		p.Client.Kill()
		return nil, fmt.Errorf("start %s: %w; stderr: %q", executable, err, p.Stderr.All())
	}
	p.StartTime = time.Since(begin)
	protocol, err := p.Client.Client()
	if err != nil {
		p.Client.Kill()
		return nil, err
	}
	p.RPC = protocol.(*goplugin.GRPCClient)
	p.Conn = p.RPC.Conn
	p.Diagnostics = pluginv2.NewDiagnosticsClient(p.Conn)
	p.Data = pluginv2.NewDataClient(p.Conn)
	p.Resource = pluginv2.NewResourceClient(p.Conn)
	for name := range map[string]bool{"diagnostics": true, "data": true, "resource": true, "stream": true} {
		if _, err := p.RPC.Dispense(name); err != nil {
			p.Client.Kill()
			return nil, fmt.Errorf("dispense %s: %w", name, err)
		}
	}
	return p, nil
}

// PID is the process id.
func (p *Plugin) PID() int { return p.Client.ReattachConfig().Pid }

// Query runs queries and gives the raw answer.
func (p *Plugin) Query(ctx context.Context, s Settings, queries ...*pluginv2.DataQuery) (*pluginv2.QueryDataResponse, error) {
	return p.Data.QueryData(ctx, &pluginv2.QueryDataRequest{PluginContext: s.Context(), Queries: queries})
}
