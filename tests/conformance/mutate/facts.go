package mutate

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"sort"
	"strconv"
	"strings"

	"spanlog/conformance/replay"
)

// kept are the facts whose strings are no text of the case.
var kept = map[string]bool{"kind": true, "role": true, "raw_role": true, "direction": true, "source": true, "carried_by": true,
	"finish_reason": true, "event_name": true, "service": true, "scope": true, "scope_version": true, "severity_text": true,
	"detected_level": true, "special": true, "side": true, "ts_source": true, "model": true, "evaluation": true}

// changeFacts maps facts as the stores' bodies are mapped.
func changeFacts(v any, key string, o Options, w *words) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		event, _ := v["event_name"].(string)
		for k, e := range v {
			if line, ok := e.(string); ok && k == "line" && o.Lists && strings.HasPrefix(event, "gen_ai.") {
				e = listBody(line)
			}
			out[k] = changeFacts(e, k, o, w)
			if kept[k] {
				out[k] = e
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = changeFacts(e, key, o, w)
		}
		return out
	case string:
		return w.text(v)
	case json.Number:
		if ns, err := v.Int64(); err == nil && strings.HasSuffix(key, "_ns") && ns != 0 {
			return json.Number(strconv.FormatInt(ns+int64(o.Shift), 10))
		}
	}
	return v
}

// gatherWords gives every text of the messages, every tool, call id and string argument a new text.
func gatherWords(facts map[string]any, style Style, exact map[string]string) {
	var texts, names []string
	messages, _ := facts["messages"].([]any)
	for _, m := range messages {
		message := m.(map[string]any)
		if text, ok := message["text"].(string); ok && message["text_is_head"] == nil {
			texts = append(texts, text)
		}
		tool, _ := message["tool"].(map[string]any)
		for _, key := range []string{"name", "id"} {
			if s, ok := tool[key].(string); ok {
				names = append(names, s)
			}
		}
		for _, key := range []string{"arguments", "result"} {
			leaves(tool[key], &texts)
		}
	}
	sort.Strings(texts)
	for i, text := range texts {
		if len(text) >= 3 && exact[text] == "" {
			exact[text] = style(i)
		}
	}
	for i, name := range names {
		if exact[name] == "" {
			exact[name] = fmt.Sprintf("name_%d_%s", i, name)
		}
	}
}

// leaves collects the strings of decoded JSON. Short words are kept: they may be keywords.
func leaves(v any, to *[]string) {
	switch v := v.(type) {
	case string:
		if len(v) >= 4 && v != "text" && !strings.HasPrefix(v, "{") && !strings.HasPrefix(v, "[") {
			*to = append(*to, v)
		}
	case []any:
		for _, e := range v {
			leaves(e, to)
		}
	case map[string]any:
		for _, e := range v {
			leaves(e, to)
		}
	}
}

// keepOneTrace drops the records of a case's further traces: the new case has only the first.
func keepOneTrace(facts map[string]any, traceID string) {
	logs, _ := facts["logs"].([]any)
	kept := []any{}
	for _, log := range logs {
		if id, _ := log.(map[string]any)["trace_id"].(string); id == "" || id == traceID {
			kept = append(kept, log)
		}
	}
	facts["logs"] = kept
}

// addNoise puts ordinary records below random spans, and their facts into facts.
func addNoise(facts map[string]any, traceID string, o Options, random *rand.Rand) []replay.Entry {
	spans, _ := facts["spans"].([]any)
	logs, _ := facts["logs"].([]any)
	var made []replay.Entry
	for i := 0; i < o.Noise && len(spans) > 0; i++ {
		span := spans[random.Intn(len(spans))].(map[string]any)
		service, ok := span["service"].(string)
		if !ok || span["trace_id"] != traceID {
			continue
		}
		start, _ := span["start_ns"].(json.Number).Int64()
		ts := start + int64(random.Intn(1000))*1000 + int64(i)
		line := fmt.Sprintf("noise %d <b>тест</b> 🧵 &amp; \"q\"", i)
		severity := []int{5, 9, 13, 17}[i%4]
		made = append(made, replay.Entry{Stream: map[string]string{"service_name": service}, TS: ts, Line: line,
			Metadata: map[string]string{"trace_id": traceID, "span_id": span["span_id"].(string),
				"severity_number": strconv.Itoa(severity), "scope_name": "noise"}})
		logs = append(logs, map[string]any{"ts_ns": ts, "service": service, "trace_id": traceID, "span_id": span["span_id"],
			"span_in_trace": true, "stored_in_loki": true, "line": line, "text": line, "kind": "log", "severity_number": severity})
	}
	facts["logs"] = logs
	return made
}
