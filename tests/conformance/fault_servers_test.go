package conformance

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/replay"
)

// faultyStore is one case in a trace store and in Loki, one of which will be spoilt.
type faultyStore struct {
	kind      string // tempo, jaeger, zipkin or loki: the one that is spoilt
	traces    string // tempo, jaeger or zipkin
	server    *replay.Server
	elsewhere *replay.Server // where a redirect leads
	others    []*replay.Server
	settings  host.Settings
	c         *replay.Case
	sockets   []int
}

const plantedSecret = "hush-4f1d9c"

func newFaultyStore(c *replay.Case, kind, uid string) *faultyStore {
	f := &faultyStore{kind: kind, traces: kind, c: c}
	if kind == "loki" {
		f.traces = "tempo"
	}
	traces := traceServer(f.traces, c)
	loki := replay.NewLoki(c).Server
	f.server = traces
	if kind == "loki" {
		f.server = loki
	}
	f.elsewhere = replay.NewTempo(c).Server
	f.others = []*replay.Server{traces, loki, f.elsewhere}
	f.settings = host.Stores(f.traces, traces.URL, loki.URL)
	f.settings.UID = uid
	f.settings.JSON["limits"] = map[string]any{"responseBytes": 64 << 20}
	f.settings.JSON["httpHeaderName1"] = "X-Token"
	f.settings.Secure = map[string]string{"httpHeaderValue1": plantedSecret}
	f.http()["timeout"] = 20
	f.settings.JSON["httpIdleConnTimeout"] = 1
	f.settings.Logs()["httpIdleConnTimeout"] = 1
	return f
}

// http holds the HTTP settings of the store that is spoilt.
func (f *faultyStore) http() map[string]any {
	if f.kind == "loki" {
		return f.settings.Logs()
	}
	return f.settings.JSON
}

func (f *faultyStore) setURL(url string) {
	if f.kind == "loki" {
		f.settings.Logs()["url"] = url
	} else {
		f.settings.URL = url
	}
}

func (f *faultyStore) secure(key, value string) {
	if f.kind == "loki" {
		key = "logs" + strings.ToUpper(key[:1]) + key[1:]
	}
	f.settings.Secure[key] = value
}

// nobody is an address where nobody listens, and nobody will while f is in use.
func (f *faultyStore) nobody() string {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		panic(err)
	}
	f.sockets = append(f.sockets, socket)
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		panic(err)
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("http://127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
}

func (f *faultyStore) close() {
	for _, socket := range f.sockets {
		_ = syscall.Close(socket)
	}
	for _, s := range f.others {
		s.Close()
	}
}

func (f *faultyStore) query(from, to time.Time) *pluginv2.DataQuery {
	return host.TraceQuery("A", f.c.Meta.TraceIDs[0], from, to)
}
