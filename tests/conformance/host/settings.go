// Package host starts the plugin as Grafana does and speaks to it with Grafana's own client libraries.
package host

import (
	"encoding/json"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// PluginID is the id in plugin.json.
const PluginID = "spanlog-trace-datasource"

// Settings are one datasource's settings, as Grafana keeps them.
type Settings struct {
	UID       string
	URL       string
	JSON      map[string]any
	Secure    map[string]string
	RawJSON   []byte // instead of JSON, when set
	BasicUser string
	Updated   time.Time
	OrgID     int64
	Config    map[string]string
	Role      string // of the user; default Viewer
}

// Stores are the settings for a trace store and a Loki; an empty URL leaves that store out.
func Stores(traceStore, traceURL, lokiURL string) Settings {
	j := map[string]any{"traceStore": traceStore}
	if lokiURL != "" {
		j["logs"] = map[string]any{"url": lokiURL}
	}
	return Settings{UID: "spanlog", URL: traceURL, JSON: j, Updated: time.Unix(1795000000, 0), OrgID: 1}
}

// Logs is the jsonData.logs object, made when it is absent.
func (s *Settings) Logs() map[string]any {
	logs, ok := s.JSON["logs"].(map[string]any)
	if !ok {
		logs = map[string]any{}
		s.JSON["logs"] = logs
	}
	return logs
}

// Context is the plugin context that Grafana sends with every request.
func (s Settings) Context() *pluginv2.PluginContext {
	raw := s.RawJSON
	if raw == nil {
		raw, _ = json.Marshal(s.JSON)
	}
	role := s.Role
	if role == "" {
		role = "Viewer"
	}
	return &pluginv2.PluginContext{
		OrgId:         s.OrgID,
		PluginId:      PluginID,
		PluginVersion: "0.0.0",
		User:          &pluginv2.User{Login: "reader", Name: "A Reader", Email: "reader@example.com", Role: role},
		UserAgent:     "Grafana/12.4.0 (linux; amd64)",
		GrafanaConfig: s.Config,
		DataSourceInstanceSettings: &pluginv2.DataSourceInstanceSettings{
			Id: 1, Uid: s.UID, Name: "Spanlog " + s.UID, Url: s.URL,
			JsonData: raw, DecryptedSecureJsonData: s.Secure,
			BasicAuthEnabled: s.BasicUser != "", BasicAuthUser: s.BasicUser,
			LastUpdatedMS: s.Updated.UnixMilli(),
		},
	}
}
