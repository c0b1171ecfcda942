package host

import (
	"encoding/json"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// TraceQuery asks for one trace by id, as Explore does.
func TraceQuery(refID, traceID string, from, to time.Time) *pluginv2.DataQuery {
	return JSONQuery(refID, map[string]any{"query": traceID, "queryType": "traceql"}, from, to)
}

// JSONQuery wraps a query model as Grafana does.
func JSONQuery(refID string, model map[string]any, from, to time.Time) *pluginv2.DataQuery {
	full := map[string]any{"refId": refID, "datasource": map[string]any{"type": PluginID, "uid": "spanlog"},
		"intervalMs": 1000, "maxDataPoints": 100}
	for k, v := range model {
		full[k] = v
	}
	raw, _ := json.Marshal(full)
	queryType, _ := model["queryType"].(string)
	return RawQuery(refID, queryType, raw, from, to)
}

// RawQuery carries any bytes as the query's JSON.
func RawQuery(refID, queryType string, raw []byte, from, to time.Time) *pluginv2.DataQuery {
	return &pluginv2.DataQuery{
		RefId: refID, MaxDataPoints: 100, IntervalMS: 1000, Json: raw, QueryType: queryType,
		TimeRange: &pluginv2.TimeRange{FromEpochMS: from.UnixMilli(), ToEpochMS: to.UnixMilli()},
	}
}
