package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

var inQuotes = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)

// holding are the first traces of the cases whose file holds one of values as a whole JSON text.
func holding(cases []*Case, file string, values []string) []*Case {
	var found []*Case
	for _, c := range cases {
		for _, value := range values {
			quoted, err := json.Marshal(value)
			if err == nil && value != "" && bytes.Contains(c.Files[file], quoted) {
				found = append(found, c)
				break
			}
		}
	}
	return found
}

// SearchIn makes /api/search find the cases of which a span has one of the query's texts as a value.
func (t *Tempo) SearchIn(cases ...*Case) { t.searchIn = cases }

func (t *Tempo) found(r *Seen) Answer {
	var values []string
	for _, m := range inQuotes.FindAllStringSubmatch(r.Query.Get("q"), -1) {
		values = append(values, strings.ReplaceAll(m[1], `\`, ""))
	}
	traces := []map[string]any{}
	for _, c := range holding(t.searchIn, "tempo_v2.json", values) {
		traces = append(traces, map[string]any{"traceID": strings.TrimLeft(c.Meta.TraceIDs[0], "0"), "rootServiceName": "s",
			"rootTraceName": "r", "startTimeUnixNano": fmt.Sprint(c.Meta.StartNS), "durationMs": 1})
	}
	body, _ := json.Marshal(map[string]any{"traces": traces, "metrics": map[string]any{}})
	return Answer{200, "application/json", body}
}

// SearchIn makes searches find the cases of which a span has the tag.
func (j *Jaeger) SearchIn(cases ...*Case) { j.searchIn = cases }

func (j *Jaeger) found(r *Seen, v3 bool) Answer {
	service, tags := r.Query.Get("service"), r.Query.Get("tags")
	if v3 {
		service, tags = r.Query.Get("query.service_name"), r.Query.Get("query.attributes")
	}
	if service == "" {
		j.complain("Jaeger was searched without a service: %s", r.RawQuery)
	}
	var want map[string]string
	if err := json.Unmarshal([]byte(tags), &want); err != nil {
		j.complain("Jaeger was searched with tags that are no JSON object: %s", tags)
	}
	file, all := "jaeger.json", []json.RawMessage{}
	if v3 {
		file = "jaeger_v3.json"
	}
	for key, value := range want {
		for _, c := range holding(holding(j.searchIn, file, []string{key}), file, []string{value}) {
			var body struct {
				Data   []json.RawMessage `json:"data"`
				Result struct {
					ResourceSpans []json.RawMessage `json:"resourceSpans"`
				} `json:"result"`
			}
			if json.Unmarshal(c.Files[file], &body) == nil {
				all = append(append(all, body.Data...), body.Result.ResourceSpans...)
			}
		}
	}
	body, _ := json.Marshal(map[string]any{"data": all, "total": 0, "limit": 0, "offset": 0, "errors": nil})
	if v3 {
		if len(all) == 0 {
			return API("jaeger_v3_not_found_404")
		}
		body, _ = json.Marshal(map[string]any{"result": map[string]any{"resourceSpans": all}})
	}
	return Answer{200, "application/json", body}
}

// SearchIn makes searches find the cases of which a span has the tag.
func (z *Zipkin) SearchIn(cases ...*Case) { z.searchIn = cases }

func (z *Zipkin) found(r *Seen) Answer {
	traces := []json.RawMessage{}
	key, value, _ := strings.Cut(r.Query.Get("annotationQuery"), "=")
	for _, c := range holding(holding(z.searchIn, "zipkin.json", []string{key}), "zipkin.json", []string{value}) {
		traces = append(traces, c.Files["zipkin.json"])
	}
	body, _ := json.Marshal(traces)
	return Answer{200, "application/json", body}
}
