package conformance

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/replay"
)

// peers says which connections carried which value of a header.
func peers(servers []*replay.Server, header string) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, s := range servers {
		for _, r := range s.Requests() {
			peer := s.URL + " from " + r.Peer
			if out[peer] == nil {
				out[peer] = map[string]bool{}
			}
			out[peer][r.Header.Get(header)] = true
		}
	}
	return out
}

func wantOneEach(t *testing.T, peers map[string]map[string]bool, least int) {
	t.Helper()
	all := map[string]bool{}
	for peer, values := range peers {
		if len(values) != 1 {
			t.Errorf("the connection to %s carried %d identities: %v", peer, len(values), values)
		}
		for v := range values {
			all[v] = true
		}
	}
	if len(all) < least {
		t.Errorf("only %d identities were seen, %v: this test would prove nothing", len(all), all)
	}
}

// Datasources of several organisations that ask the same stores at the same time, each with a key of
// its own.
func TestNoTwoDatasourcesOrOrganisationsShareAConnection(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	var wait sync.WaitGroup
	for org := range int64(3) {
		for _, uid := range []string{"one", "two"} {
			s := w.settings
			s.UID, s.OrgID = uid, org+1
			s.JSON = map[string]any{"traceStore": "tempo", "httpHeaderName1": "X-Key",
				"logs": map[string]any{"url": w.loki.URL, "httpHeaderName1": "X-Key"}}
			value := fmt.Sprintf("key of %s in %d", uid, org+1)
			s.Secure = map[string]string{"httpHeaderValue1": value, "logsHttpHeaderValue1": value}
			for range 4 {
				wait.Go(func() {
					r := one(t, p, s, w.query("A"))
					if r.Error != "" {
						t.Error(r.Error)
					}
				})
			}
		}
	}
	wait.Wait()
	wantOneEach(t, peers([]*replay.Server{w.tempo.Server, w.loki.Server}, "X-Key"), 6)
}

// The same datasource in two organisations, with the same uid, the same URL and the same everything.
func TestEqualDatasourcesOfTwoOrganisationsShareNoConnection(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	seen := map[string]int64{}
	for round := range 4 {
		s := w.settings
		s.OrgID = int64(round%2) + 1
		w.tempo.Forget()
		one(t, p, s, w.query("A"))
		for _, r := range w.tempo.Requests() {
			if before, ok := seen[r.Peer]; ok && before != s.OrgID {
				t.Errorf("organisation %d used the connection of organisation %d", s.OrgID, before)
			}
			seen[r.Peer] = s.OrgID
		}
	}
	if len(seen) < 2 {
		t.Errorf("%d connections", len(seen))
	}
}

func asUser(w *world, name string) *pluginv2.QueryDataRequest {
	return &pluginv2.QueryDataRequest{PluginContext: w.settings.Context(), Queries: []*pluginv2.DataQuery{w.query("A")},
		Headers: map[string]string{"Authorization": "Bearer " + name, "X-Id-Token": "id of " + name, "Cookie": "session=" + name}}
}

// With forwarded tokens a connection belongs to who opened it: some servers and proxies remember it.
func TestNoTwoUsersShareAConnectionOrAHeader(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	w.settings.JSON["oauthPassThru"] = true
	w.settings.Logs()["oauthPassThru"] = true
	w.settings.Logs()["keepCookies"] = []string{"session"}
	var wait sync.WaitGroup
	for user := range 5 {
		for range 4 {
			wait.Go(func() {
				resp, err := p.Data.QueryData(context.Background(), asUser(w, fmt.Sprint("user-", user)))
				if err != nil || resp.Responses["A"].Error != "" {
					t.Error(err, resp)
				}
			})
		}
	}
	wait.Wait()
	one(t, p, w.settings, w.query("A")) // somebody without a token
	servers := []*replay.Server{w.tempo.Server, w.loki.Server}
	wantOneEach(t, peers(servers, "Authorization"), 6)
	for _, s := range servers {
		for _, r := range s.Requests() {
			name := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			if id := r.Header.Get("X-Id-Token"); name != "" && id != "id of "+name {
				t.Errorf("%s was asked with the id %q", name, id)
			}
			if cookie := r.Header.Get("Cookie"); s == w.loki.Server && name != "" && cookie != "session="+name || s == w.tempo.Server && cookie != "" {
				t.Errorf("%s was asked with the cookie %q", name, cookie)
			}
		}
	}
}

func TestOneUserUsesAConnectionAgain(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.settings.JSON["oauthPassThru"] = true
	for range 3 {
		if _, err := running(t).Data.QueryData(context.Background(), asUser(w, "same")); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(peers([]*replay.Server{w.tempo.Server}, "Authorization")); n != 1 {
		t.Errorf("%d connections for one user's three queries", n)
	}
}

// Two users of one datasource whose stores answer differently: nothing of one's answer is in the
// other's.
func TestNoAnswerIsKeptForAnotherUser(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	w.settings.JSON["oauthPassThru"] = true
	ask := func(name string) string {
		resp, err := p.Data.QueryData(context.Background(), asUser(w, name))
		if err != nil {
			t.Fatal(err)
		}
		return frameText(t, resp.Responses["A"])
	}
	first := ask("first")
	w.tempo.Fail(replay.Answer{Status: 403, ContentType: "text/plain", Body: []byte("not for you")})
	second := ask("second")
	if !strings.Contains(second, "not for you") || strings.Contains(second, "travel-agent") {
		t.Errorf("the second user's answer is %.300q", second)
	}
	w.tempo.Recover()
	if again := ask("first"); len(again) != len(first) {
		t.Errorf("the first user's answers have %d and %d bytes", len(first), len(again))
	}
}

func TestOnePluginServesManyTenants(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	contexts := map[string]*pluginv2.PluginContext{}
	for _, namespace := range []string{"org-1", "stacks-7", "stacks-8"} {
		s := w.settings
		s.JSON = map[string]any{"traceStore": "tempo", "httpHeaderName1": "X-Key"}
		s.Secure = map[string]string{"httpHeaderValue1": namespace}
		contexts[namespace] = s.Context()
		contexts[namespace].ProtoReflect().SetUnknown(append([]byte{10<<3 | 2, byte(len(namespace))}, namespace...))
	}
	for range 2 {
		for namespace, pc := range contexts {
			w.tempo.Forget()
			if _, err := p.Data.QueryData(context.Background(), &pluginv2.QueryDataRequest{PluginContext: pc, Queries: []*pluginv2.DataQuery{w.query("A")}}); err != nil {
				t.Fatal(err)
			}
			if got := last(t, w.tempo.Server).Header.Get("X-Key"); got != namespace {
				t.Errorf("%s was asked for with the key of %s", namespace, got)
			}
		}
	}
}
