package conformance

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
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
	var traces *replay.Server
	switch f.traces {
	case "tempo":
		traces = replay.NewTempo(c).Server
	case "jaeger":
		traces = replay.NewJaeger(c).Server
	case "zipkin":
		traces = replay.NewZipkin(c).Server
	}
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

// upstreamFault is one way to be spoilt, and what the reader must be told.
type upstreamFault struct {
	name     string
	spoil    func(*faultyStore)
	statuses []int32
	source   string // default downstream
	words    []string
	good     bool                          // the answer must be right all the same
	also     func(f *faultyStore) []string // further problems
}

func quick(spoil func(*replay.Server)) func(*faultyStore) {
	return func(f *faultyStore) {
		f.http()["timeout"] = 1
		spoil(f.server)
	}
}

func says(code int, header ...string) func(*faultyStore) {
	return func(f *faultyStore) {
		f.server.Fail(replay.Answer{Status: code, ContentType: "text/plain", Body: []byte("its own words")}, header...)
	}
}

// asked checks how often the store was asked: whether a retry was made.
func asked(low, high int) func(*faultyStore) []string {
	return func(f *faultyStore) []string {
		// Zipkin is asked for both forms of the id, Loki on the two ways it starts with.
		if n := len(f.server.Requests()); n < low || n > 4*high {
			return []string{fmt.Sprintf("%d requests, want %d to %d", n, low, 4*high)}
		}
		return nil
	}
}

func encrypted(config *tls.Config, json map[string]any, secure map[string]string) func(*faultyStore) {
	return func(f *faultyStore) {
		f.setURL(f.server.TLS(config))
		for k, v := range json {
			f.http()[k] = v
		}
		for k, v := range secure {
			f.secure(k, v)
		}
	}
}

func upstreamFaults(t *testing.T, valid time.Duration) []upstreamFault {
	ca, other := newAuthority(t, valid), newAuthority(t, valid)
	right, _, _ := ca.issue(t, "127.0.0.1", false)
	expired, _, _ := ca.issue(t, "127.0.0.1", true)
	named, _, _ := ca.issue(t, "elsewhere.example", false)
	own := map[string]any{"tlsAuthWithCACert": true}
	ours := map[string]string{"tlsCACert": ca.pem}
	serve := func(pair tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{pair}} }
	asks := serve(right)
	asks.ClientAuth = tls.RequireAnyClientCert
	old := serve(right)
	old.MaxVersion = tls.VersionTLS11
	old.MinVersion = tls.VersionTLS10

	gateway, late := []int32{502}, []int32{504}
	return []upstreamFault{
		{name: "refused", spoil: func(f *faultyStore) { f.setURL(f.nobody()) }, statuses: gateway, words: []string{"refused"}},
		{name: "reset", spoil: func(f *faultyStore) { f.server.Reset() }, statuses: gateway, words: []string{"reset"}},
		{name: "no answer", spoil: quick((*replay.Server).Stall), statuses: late, words: []string{"no answer within 1 s"}},
		{name: "slow headers", spoil: quick((*replay.Server).SlowHeaders), statuses: late, words: []string{"within 1 s"}},
		{name: "slow body", spoil: quick((*replay.Server).SlowBody), statuses: late, words: []string{"not whole within 1 s"}},
		{name: "stalled body", spoil: quick((*replay.Server).StallBody), statuses: late, words: []string{"not whole within 1 s"}},
		{name: "truncated", spoil: func(f *faultyStore) { f.server.Truncate(200) }, statuses: gateway, words: []string{"before the answer was whole"}},
		{name: "wrong length", spoil: func(f *faultyStore) { f.server.WrongLength() }, statuses: gateway},
		{name: "garbage", spoil: func(f *faultyStore) { f.server.Garbage() }, statuses: gateway},
		{name: "not HTTP", spoil: func(f *faultyStore) { f.server.NotHTTP() }, statuses: gateway, words: []string{"http"}},
		// Jaeger says 404: it tells its APIs apart by such pages.
		{name: "log-in page", spoil: func(f *faultyStore) { f.server.LoginPage() }, statuses: []int32{502, 404}, words: []string{"html"}},
		{name: "wrong content type", spoil: func(f *faultyStore) { f.server.Relabel("application/octet-stream") }, good: true},
		{name: "gzip bomb", spoil: func(f *faultyStore) { f.server.Bomb(1 << 30) }, statuses: gateway,
			words: []string{"over the limit of 67108864 bytes", "limits.responsebytes"}},
		{name: "40 MB", spoil: func(f *faultyStore) { f.server.Pad(40 << 20) }, good: true},
		{name: "1 GB", spoil: func(f *faultyStore) { f.server.Huge(1 << 30) }, statuses: gateway,
			words: []string{"over the limit of 67108864 bytes"}},
		{name: "301", spoil: func(f *faultyStore) { says(301, "Location", f.elsewhere.URL+"/api/x")(f) }, statuses: gateway,
			words: []string{"301", "redirects are not followed"}, also: func(f *faultyStore) []string {
				if f.elsewhere.LastRequest() != nil {
					return []string{"the redirect was followed"}
				}
				return nil
			}},
		{name: "400", spoil: says(400), statuses: []int32{400}, words: []string{"400", "its own words"}},
		{name: "401", spoil: says(401), statuses: []int32{401}, words: []string{"401", "its own words", "credentials"}},
		{name: "403", spoil: says(403), statuses: []int32{403}, words: []string{"403", "its own words", "credentials"}},
		{name: "404", spoil: func(f *faultyStore) {
			if f.kind != "loki" {
				f.settings.JSON["logs"] = map[string]any{} // else the records alone would be shown
			}
			says(404)(f)
		}, statuses: []int32{404}},
		{name: "413", spoil: says(413), statuses: []int32{413}, source: "plugin", words: []string{"413", "its own words"}},
		{name: "422", spoil: says(422), statuses: []int32{422}, words: []string{"422", "its own words"}},
		{name: "429", spoil: says(429), statuses: []int32{429}, words: []string{"429", "its own words"}, also: asked(1, 1)},
		{name: "429 with a short Retry-After", spoil: says(429, "Retry-After", "0"), statuses: []int32{429}, words: []string{"429"}, also: asked(2, 3)},
		{name: "429 with a long Retry-After", spoil: says(429, "Retry-After", "3600"), statuses: []int32{429}, words: []string{"429"}, also: asked(1, 1)},
		{name: "500", spoil: says(500), statuses: gateway, words: []string{"500", "its own words"}, also: asked(1, 1)},
		{name: "502", spoil: says(502), statuses: gateway, words: []string{"502", "its own words"}, also: asked(2, 3)},
		{name: "503", spoil: says(503), statuses: gateway, words: []string{"503", "its own words"}, also: asked(2, 3)},
		{name: "504", spoil: says(504), statuses: late, words: []string{"504", "its own words"}, also: asked(2, 3)},
		{name: "503 once", spoil: func(f *faultyStore) { says(503)(f); f.server.Once() }, good: true},
		{name: "TLS of an unknown authority", spoil: encrypted(serve(right), nil, nil), statuses: gateway, words: []string{"tls", "certificate"}},
		{name: "TLS of another authority", spoil: encrypted(serve(right), own, map[string]string{"tlsCACert": other.pem}), statuses: gateway, words: []string{"tls", "certificate"}},
		{name: "TLS that expired", spoil: encrypted(serve(expired), own, ours), statuses: gateway, words: []string{"tls", "expired"}},
		{name: "TLS for another name", spoil: encrypted(serve(named), own, ours), statuses: gateway, words: []string{"tls", "name"}},
		{name: "TLS that asks for a client", spoil: encrypted(asks, own, ours), statuses: gateway, words: []string{"tls"}},
		{name: "TLS of another age", spoil: encrypted(old, own, ours), statuses: gateway, words: []string{"tls"}},
		{name: "no TLS", spoil: func(f *faultyStore) { f.setURL(strings.Replace(f.server.URL, "http:", "https:", 1)) }, statuses: gateway, words: []string{"tls"}},
		{name: "no such name", spoil: func(f *faultyStore) {
			f.http()["timeout"] = 1
			f.setURL("http://no-such-host.invalid:9")
		}, statuses: []int32{502, 504}, words: []string{"no-such-host.invalid"}},
	}
}

// judgeFault says what is wrong with r, the answer of a query to f.
func (u *upstreamFault) judgeFault(f *faultyStore, r *pluginv2.DataResponse) (problems []string) {
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	said := r.Error
	if u.good {
		if err := checkRight(f.c, f.traces, r); err != nil {
			complain("%v", err)
		}
	} else if f.kind == "loki" {
		// A log store that fails never hides the trace.
		if r.Error != "" || r.Status != 200 {
			complain("the trace is lost: status %d, %q", r.Status, r.Error)
			return problems
		}
		res := &judge.Result{}
		trace := judge.CheckAnswer(r.Frames, res)
		if text := res.Failures(3); text != "" || trace == nil {
			complain("broken rules: %s", text)
			return problems
		}
		if len(trace.Rows) < len(f.c.Meta.Services) {
			complain("%d rows", len(trace.Rows))
		}
		if warnings(trace) == "" || notices(trace) == "" {
			complain("nobody says that the log records are missing")
		}
		said = warnings(trace)
	} else {
		if r.Error == "" || !oneOf(u.statuses, r.Status) {
			complain("status %d, want one of %v (%q)", r.Status, u.statuses, r.Error)
		}
		source := u.source
		if source == "" {
			source = "downstream"
		}
		if r.ErrorSource != source {
			complain("errorSource %q, want %q (%q)", r.ErrorSource, source, r.Error)
		}
		if len(r.Frames) != 0 {
			complain("%d frames beside an error", len(r.Frames))
		}
	}
	if !u.good {
		for _, word := range append([]string{f.kind}, u.words...) {
			if !strings.Contains(strings.ToLower(said), word) {
				complain("the reader is told %q, nothing of %q", said, word)
			}
		}
	}
	if strings.Contains(said, plantedSecret) {
		complain("the secret is told: %q", said)
	}
	if u.also != nil {
		problems = append(problems, u.also(f)...)
	}
	return problems
}

func oneOf[T comparable](list []T, v T) bool {
	for _, each := range list {
		if each == v {
			return true
		}
	}
	return false
}

// checkRight is the error of an answer that is not the right one for the first trace of c.
func checkRight(c *replay.Case, store string, r *pluginv2.DataResponse) error {
	if r.Error != "" || r.Status != 200 {
		return fmt.Errorf("%s: status %d, %q", c.Meta.Name, r.Status, r.Error)
	}
	x, err := judge.NewExpect(c, 0, store)
	if err != nil {
		return err
	}
	if res := x.Judge(c.Meta.Name, r.Frames); !res.Good() {
		return fmt.Errorf("%s:\n%s", c.Meta.Name, res.Failures(3))
	}
	return nil
}

// tryFault runs one fault: one query to its end and some that are cancelled on the way.
func tryFault(p *host.Plugin, c *replay.Case, kind, uid string, u *upstreamFault, random *rand.Rand) []string {
	f := newFaultyStore(c, kind, uid)
	defer f.close()
	u.spoil(f)
	from, to := around(c)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	resp, err := p.Query(ctx, f.settings, f.query(from, to))
	if err != nil {
		return []string{fmt.Sprintf("the query failed as a whole: %v", err)}
	}
	problems := u.judgeFault(f, resp.Responses["A"])
	for range 2 {
		after := time.Duration(random.Intn(60_000)) * time.Microsecond
		ctx, cancel := context.WithCancel(context.Background())
		timer := time.AfterFunc(after, cancel)
		begin := time.Now()
		_, err := p.Query(ctx, f.settings, f.query(from, to))
		timer.Stop()
		cancel()
		if code := status.Code(err); err != nil && code != codes.Canceled {
			problems = append(problems, fmt.Sprintf("cancelled after %v: %v", after, err))
		}
		if took := time.Since(begin); took > after+10*time.Second {
			problems = append(problems, fmt.Sprintf("cancelled after %v, it took %v", after, took))
		}
	}
	return problems
}

const faultWorkers = 8

// The whole matrix: each fault of each store, beside queries to healthy stores, which must not notice;
// and afterwards nothing is left behind.
func TestEveryUpstreamFaultIsToldAndLeavesNothingBehind(t *testing.T) {
	p := fresh(t)
	c := load(t, "g1-happy")
	faults := upstreamFaults(t, time.Hour)
	var files, threads, memory int
	for round, kind := range []string{"loki", "tempo", "jaeger", "zipkin", "loki"} {
		warmUp := round == 0 // both stores have their pools, code is paged in: nothing may be added
		name := kind
		if warmUp {
			name = "warm-up"
		}
		t.Run(name, func(t *testing.T) {
			healthy := watchHealthy(t, p)
			outcome := make([][]string, len(faults))
			work := make(chan int, len(faults))
			for i := range faults {
				work <- i
			}
			close(work)
			var wait sync.WaitGroup
			for n := range faultWorkers {
				random := rand.New(rand.NewSource(int64(round*100 + n)))
				wait.Add(1)
				go func() {
					defer wait.Done()
					for i := range work {
						outcome[i] = tryFault(p, c, kind, fmt.Sprintf("faulty-%d", n), &faults[i], random)
					}
				}()
			}
			wait.Wait()
			healthy()
			for i := range faults {
				t.Run(faults[i].name, func(t *testing.T) {
					for _, problem := range outcome[i] {
						t.Error(problem)
					}
				})
			}
			if warmUp {
				time.Sleep(3 * time.Second) // connections without use are closed after one
				files, threads = held(t, p.PID())
				memory = residentMiB(t, p)
				return
			}
			settled := within(15*time.Second, func() bool {
				f, n := held(t, p.PID())
				return f <= files+16 && n <= threads+8 && residentMiB(t, p) <= memory+64
			})
			f, n := held(t, p.PID())
			t.Logf("files %d, then %d; threads %d, then %d; memory %d MiB, then %d MiB", files, f, threads, n, memory, residentMiB(t, p))
			if !settled {
				t.Error("files, threads or memory were left behind")
			}
		})
	}
	checkLines(t, p.Stderr.All())
	if strings.Contains(strings.Join(p.Stderr.All(), "\n"), plantedSecret) {
		t.Error("the log tells the secret")
	}
}

// watchHealthy asks healthy stores again and again until the returned function is called, which fails
// the test unless every answer was right.
func watchHealthy(t *testing.T, p *host.Plugin) (stop func()) {
	t.Helper()
	w := newWorld(t, "g1-happy")
	w.settings.UID = "healthy"
	done, failed := make(chan struct{}), make(chan error, 1)
	count := 0
	go func() {
		for {
			select {
			case <-done:
				failed <- nil
				return
			case <-time.After(100 * time.Millisecond):
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			resp, err := p.Query(ctx, w.settings, w.query("A"))
			cancel()
			if err == nil {
				err = checkRight(w.c, "tempo", resp.Responses["A"])
			}
			if err != nil {
				failed <- err
				return
			}
			count++
		}
	}()
	return func() {
		t.Helper()
		close(done)
		if err := <-failed; err != nil {
			t.Errorf("a query to healthy stores suffered: %v", err)
		}
		if count == 0 {
			t.Error("no query to healthy stores was made")
		}
		t.Logf("%d queries to healthy stores beside the faults", count)
	}
}

func residentMiB(t *testing.T, p *host.Plugin) int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.PID()))
	if err != nil {
		t.Fatal(err)
	}
	var size, resident int
	if _, err := fmt.Sscan(string(raw), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize() >> 20
}
