package replay

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// Tempo's JSON, as far as spans go.
type tempoJSON struct {
	Trace struct {
		ResourceSpans []struct {
			Resource   struct{ Attributes []keyValue }
			ScopeSpans []struct {
				Scope struct {
					Name, Version string
					Attributes    []keyValue
				}
				Spans []tempoSpan
			}
		}
	}
}

type keyValue struct {
	Key   string
	Value map[string]json.RawMessage
}

type tempoSpan struct {
	TraceID, SpanID, ParentSpanID, Name, Kind, TraceState string
	StartTimeUnixNano, EndTimeUnixNano                    string
	Attributes                                            []keyValue
	Events                                                []struct {
		TimeUnixNano, Name string
		Attributes         []keyValue
	}
	Links []struct {
		TraceID, SpanID, TraceState string
		Attributes                  []keyValue
	}
	Status struct{ Code, Message string }
}

type zipkinSpan struct {
	TraceID     string             `json:"traceId"`
	ID          string             `json:"id"`
	ParentID    string             `json:"parentId,omitempty"`
	Name        string             `json:"name"`
	Kind        string             `json:"kind,omitempty"`
	Timestamp   int64              `json:"timestamp"`
	Duration    int64              `json:"duration,omitempty"`
	Local       map[string]string  `json:"localEndpoint"`
	Annotations []zipkinAnnotation `json:"annotations,omitempty"`
	Tags        map[string]string  `json:"tags"`
}

type zipkinAnnotation struct {
	Timestamp int64  `json:"timestamp"`
	Value     string `json:"value"`
}

// CollectorZipkin turns Tempo's JSON answer into the spans that the OpenTelemetry Collector's exporter
// would send to Zipkin: resource, scope, status and links among the tags, events as name|{…}|dropped.
func CollectorZipkin(tempo []byte) ([]byte, error) {
	var in tempoJSON
	if err := json.Unmarshal(tempo, &in); err != nil {
		return nil, err
	}
	var out []zipkinSpan
	for _, rs := range in.Trace.ResourceSpans {
		resource := texts(rs.Resource.Attributes)
		service, source := "OTLPResourceNoServiceName", ""
		for _, key := range []string{"service.name", "faas.name", "k8s.deployment.name", "process.executable.name"} {
			if name := resource[key]; name != "" {
				service = name
				delete(resource, key)
				if key != "service.name" {
					source = key
				}
				break
			}
		}
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				span := s.zipkin(merge(texts(s.Attributes), resource))
				span.Local = map[string]string{"serviceName": service}
				tag(span.Tags, "otel.library.name", ss.Scope.Name)
				tag(span.Tags, "otel.library.version", ss.Scope.Version)
				tag(span.Tags, "otlp.service.name.source", source)
				out = append(out, span)
			}
		}
	}
	return json.Marshal(out)
}

// ScopeAttributes are the names of the attributes of all scopes in the case's trace.
func ScopeAttributes(c *Case) []string {
	var in tempoJSON
	if err := json.Unmarshal(c.Files["tempo_v2.json"], &in); err != nil {
		return nil
	}
	var names []string
	for _, rs := range in.Trace.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, kv := range ss.Scope.Attributes {
				names = append(names, kv.Key)
			}
		}
	}
	return names
}

func (s tempoSpan) zipkin(tags map[string]string) zipkinSpan {
	start, end := micros(s.StartTimeUnixNano), micros(s.EndTimeUnixNano)
	span := zipkinSpan{TraceID: hexID(s.TraceID), ID: hexID(s.SpanID), ParentID: hexID(s.ParentSpanID), Name: s.Name,
		Timestamp: start, Duration: max(0, end-start), Tags: maps.Clone(tags)}
	switch kind := strings.TrimPrefix(s.Kind, "SPAN_KIND_"); kind {
	case "", "UNSPECIFIED":
	case "INTERNAL":
		span.Tags["span.kind"] = "internal"
	default:
		span.Kind = kind
	}
	switch s.Status.Code {
	case "STATUS_CODE_OK":
		span.Tags["otel.status_code"] = "Ok"
	case "STATUS_CODE_ERROR":
		span.Tags["otel.status_code"], span.Tags["error"] = "Error", "true"
	}
	tag(span.Tags, "otel.status_description", s.Status.Message)
	tag(span.Tags, "w3c.tracestate", s.TraceState)
	for _, e := range s.Events {
		value := e.Name
		if len(e.Attributes) > 0 {
			value = fmt.Sprintf("%s|%s|0", e.Name, raw(e.Attributes))
		}
		span.Annotations = append(span.Annotations, zipkinAnnotation{micros(e.TimeUnixNano), value})
	}
	for i, l := range s.Links {
		span.Tags[fmt.Sprintf("otlp.link.%d", i)] = fmt.Sprintf("%s|%s|%s|%s|0", hexID(l.TraceID), hexID(l.SpanID), l.TraceState, raw(l.Attributes))
	}
	return span
}

func tag(tags map[string]string, key, value string) {
	if value != "" {
		tags[key] = value
	}
}

func micros(nanos string) int64 {
	n, _ := strconv.ParseInt(nanos, 10, 64)
	return n / 1000
}

func hexID(text string) string {
	id, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return text
	}
	return hex.EncodeToString(id)
}

// plain is an AnyValue as Go would marshal it.
func plain(value map[string]json.RawMessage) any {
	for kind, content := range value {
		var text string
		switch kind {
		case "intValue":
			if json.Unmarshal(content, &text) == nil {
				return json.Number(text)
			}
		case "arrayValue":
			var list struct{ Values []map[string]json.RawMessage }
			_ = json.Unmarshal(content, &list)
			all := []any{}
			for _, v := range list.Values {
				all = append(all, plain(v))
			}
			return all
		case "kvlistValue":
			var list struct{ Values []keyValue }
			_ = json.Unmarshal(content, &list)
			all := map[string]any{}
			for _, kv := range list.Values {
				all[kv.Key] = plain(kv.Value)
			}
			return all
		}
		var v any
		_ = json.Unmarshal(content, &v)
		return v
	}
	return nil
}

func raw(attributes []keyValue) string {
	all := map[string]any{}
	for _, kv := range attributes {
		all[kv.Key] = plain(kv.Value)
	}
	text, _ := json.Marshal(all)
	return string(text)
}

func texts(attributes []keyValue) map[string]string {
	all := map[string]string{}
	for _, kv := range attributes {
		if text, ok := plain(kv.Value).(string); ok {
			all[kv.Key] = text
			continue
		}
		text, _ := json.Marshal(plain(kv.Value))
		all[kv.Key] = string(text)
	}
	return all
}
