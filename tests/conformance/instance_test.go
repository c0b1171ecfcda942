package conformance

import (
	"context"
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/replay"
)

func TestAChangeOfSettingsTakesEffectAtOnce(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	w.wantGood(t, w.answer(t, p))

	other := newWorld(t, "g1-happy")
	changed := w.settings
	changed.URL = other.tempo.URL
	changed.JSON = map[string]any{"traceStore": "tempo", "logs": map[string]any{"url": other.loki.URL}}
	changed.Updated = w.settings.Updated.Add(time.Second)
	before := len(w.tempo.Requests()) + len(w.loki.Requests())
	w.wantGood(t, one(t, p, changed, w.query("A")))
	if len(w.tempo.Requests())+len(w.loki.Requests()) != before {
		t.Error("the old stores were asked again")
	}
	if len(other.tempo.Requests()) == 0 || len(other.loki.Requests()) == 0 {
		t.Error("the new stores were not asked")
	}
}

// Grafana's time of change has the resolution of its database: a second change within it must count.
func TestAChangeWithinTheSameSecondTakesEffect(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	w.settings.Secure = map[string]string{"httpHeaderValue1": "one"}
	w.settings.JSON["httpHeaderName1"] = "X-Which"
	w.answer(t, p)
	w.settings.Secure = map[string]string{"httpHeaderValue1": "two"}
	w.answer(t, p)
	if got := last(t, w.tempo.Server).Header.Get("X-Which"); got != "two" {
		t.Errorf("after the change the header says %q", got)
	}
}

func TestTwoDatasourcesShareNothing(t *testing.T) {
	p := running(t)
	a, b := newWorld(t, "g1-happy"), newWorld(t, "g2-happy")
	a.settings.UID, b.settings.UID = "a", "b"
	for w, secret := range map[*world]string{a: "secret-of-a", b: "secret-of-b"} {
		w.settings.JSON["httpHeaderName1"] = "X-Key"
		w.settings.Secure = map[string]string{"httpHeaderValue1": secret}
	}
	for range 3 {
		a.wantGood(t, a.answer(t, p))
		b.wantGood(t, b.answer(t, p))
	}
	for w, secret := range map[*world]string{a: "secret-of-a", b: "secret-of-b"} {
		for _, r := range w.tempo.Requests() {
			if r.Header.Get("X-Key") != secret {
				t.Errorf("%s got the header %q", w.settings.UID, r.Header.Get("X-Key"))
			}
		}
		for _, r := range w.loki.Requests() {
			if r.Header.Get("X-Key") != "" {
				t.Errorf("the trace store's header went to Loki of %s", w.settings.UID)
			}
		}
	}
}

func TestTheSameUIDInTwoOrganisationsIsTwoDatasources(t *testing.T) {
	p := running(t)
	a, b := newWorld(t, "g1-happy"), newWorld(t, "g2-happy")
	a.settings.UID, b.settings.UID = "same", "same"
	b.settings.OrgID = 2
	for range 2 {
		a.wantGood(t, a.answer(t, p))
		b.wantGood(t, b.answer(t, p))
	}
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func TestEachStoreGetsItsOwnCredentials(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.settings.BasicUser = "tempo-user"
	w.settings.JSON["httpHeaderName1"], w.settings.JSON["httpHeaderName2"] = "X-Scope-OrgID", "X-Second"
	logs := w.settings.Logs()
	logs["basicAuth"], logs["basicAuthUser"], logs["httpHeaderName1"] = true, "loki-user", "X-Scope-OrgID"
	w.settings.Secure = map[string]string{"basicAuthPassword": "tempo-pass", "httpHeaderValue1": "tempo-tenant",
		"httpHeaderValue2": "second", "logsBasicAuthPassword": "loki-pass", "logsHttpHeaderValue1": "loki-tenant"}
	w.loki.Tenant = "loki-tenant"
	w.wantGood(t, w.answer(t, running(t)))
	for server, want := range map[*replay.Server][2]string{
		w.tempo.Server: {basic("tempo-user", "tempo-pass"), "tempo-tenant"},
		w.loki.Server:  {basic("loki-user", "loki-pass"), "loki-tenant"},
	} {
		for _, r := range server.Requests() {
			if r.Header.Get("Authorization") != want[0] || r.Header.Get("X-Scope-OrgID") != want[1] {
				t.Errorf("%s: Authorization %q, tenant %q; want %q", r.Path, r.Header.Get("Authorization"), r.Header.Get("X-Scope-OrgID"), want)
			}
		}
	}
	if got := last(t, w.tempo.Server).Header.Get("X-Second"); got != "second" {
		t.Errorf("X-Second is %q", got)
	}
}

// forwarded runs a query with the headers of a signed-in reader and gives what Tempo got.
func forwarded(t *testing.T, w *world) http.Header {
	t.Helper()
	_, err := running(t).Data.QueryData(context.Background(), &pluginv2.QueryDataRequest{PluginContext: w.settings.Context(),
		Queries: []*pluginv2.DataQuery{w.query("A")},
		Headers: map[string]string{"Authorization": "Bearer reader-token", "X-Id-Token": "reader-id", "Cookie": "session=reader",
			"http_X-Grafana-Id": "grafana-id", "http_X-Panel-Id": "7", "FromAlert": "false"}})
	if err != nil {
		t.Fatal(err)
	}
	return last(t, w.tempo.Server).Header
}

func TestTheReadersTokenIsForwardedOnlyWhereTheSettingsAsk(t *testing.T) {
	w := newWorld(t, "g1-happy")
	got := forwarded(t, w)
	for _, key := range []string{"Authorization", "X-Id-Token", "Cookie"} {
		if got.Get(key) != "" {
			t.Errorf("%s was forwarded unasked: %q", key, got.Get(key))
		}
	}
	w = newWorld(t, "g1-happy")
	w.settings.JSON["oauthPassThru"] = true
	if got := forwarded(t, w); got.Get("Authorization") != "Bearer reader-token" || got.Get("X-Id-Token") != "reader-id" {
		t.Errorf("with oauthPassThru: Authorization %q, X-Id-Token %q", got.Get("Authorization"), got.Get("X-Id-Token"))
	}
	if r := w.loki.LastRequest(); r == nil || r.Header.Get("Authorization") != "" {
		t.Errorf("Loki, whose settings did not ask, got the reader's token")
	}
	w = newWorld(t, "g1-happy")
	w.settings.JSON["keepCookies"] = []string{"session"}
	if got := forwarded(t, w); got.Get("Cookie") != "session=reader" {
		t.Errorf("with keepCookies: Cookie %q", got.Get("Cookie"))
	}
}
