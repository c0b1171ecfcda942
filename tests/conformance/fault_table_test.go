package conformance

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

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
		{name: "log-in page", spoil: func(f *faultyStore) { f.server.LoginPage() }, statuses: gateway, words: []string{"html", "login page"}},
		{name: "wrong content type", spoil: func(f *faultyStore) { f.server.Relabel("application/octet-stream") }, good: true},
		{name: "gzip bomb", spoil: func(f *faultyStore) { f.server.Bomb(1 << 30) }, statuses: gateway,
			words: []string{"over the limit of 67108864 bytes", "limits.responsebytes"}},
		{name: "40 MB", spoil: func(f *faultyStore) { f.server.Pad(40 << 20) }, good: true},
		{name: "40 MB, truncated", spoil: func(f *faultyStore) { f.server.PadAndTruncate(40 << 20) }, statuses: gateway,
			words: []string{"before the answer was whole"}},
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
