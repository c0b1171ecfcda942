package replay

import (
	"encoding/json"
	"regexp"
	"sort"
	"strings"
)

// label is the value of one label as a filter sees it: parsed, then metadata, then stream.
func (e *Entry) label(key string) string {
	for _, labels := range []map[string]string{e.parsed, e.Metadata, e.Stream} {
		if v, ok := labels[key]; ok {
			return v
		}
	}
	return ""
}

// extract adds parsed labels; a name that is taken gets "_extracted" as in Loki.
func (e *Entry) extract(found map[string]string) {
	if len(found) == 0 {
		return
	}
	parsed := merge(map[string]string{}, e.parsed)
	for k, v := range found {
		if _, taken := e.Stream[k]; taken {
			k += "_extracted"
		}
		parsed[k] = v
	}
	e.parsed = parsed
}

var notLabel = regexp.MustCompile(`[^a-zA-Z0-9_]`)

func parseJSONLine(line string) map[string]string {
	var value map[string]any
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return map[string]string{"__error__": "JSONParserErr", "__error_details__": err.Error()}
	}
	out := map[string]string{}
	flattenJSON("", value, out)
	return out
}

func flattenJSON(prefix string, value map[string]any, out map[string]string) {
	for k, v := range value {
		key := notLabel.ReplaceAllString(k, "_")
		if prefix != "" {
			key = prefix + "_" + key
		}
		switch v := v.(type) {
		case map[string]any:
			flattenJSON(key, v, out)
		case string:
			out[key] = v
		case json.Number:
			out[key] = v.String()
		case bool:
			out[key] = map[bool]string{true: "true", false: "false"}[v]
		}
	}
}

var logfmtPair = regexp.MustCompile(`([^\s=]+)=("(?:[^"\\]|\\.)*"|[^\s]*)`)

func parseLogfmtLine(line string) map[string]string {
	out := map[string]string{}
	for _, m := range logfmtPair.FindAllStringSubmatch(line, -1) {
		value := m[2]
		if strings.HasPrefix(value, `"`) {
			_ = json.Unmarshal([]byte(value), &value)
		}
		out[notLabel.ReplaceAllString(m[1], "_")] = value
	}
	return out
}

func parseRegexpLine(re *regexp.Regexp, line string) map[string]string {
	found := re.FindStringSubmatch(line)
	out := map[string]string{}
	for i, name := range re.SubexpNames() {
		if name != "" && i < len(found) {
			out[name] = found[i]
		}
	}
	return out
}

// run gives the entries of [start, end) that q selects, in the order of the direction, at most limit.
func (q *logQuery) run(all []Entry, start, end int64, limit int, backward bool) []Entry {
	var hits []Entry
entries:
	for _, e := range all {
		if e.TS < start || e.TS >= end {
			continue
		}
		for _, m := range q.matchers {
			if !m.matches(e.Stream[m.key]) {
				continue entries
			}
		}
		for _, s := range q.stages {
			if !s(&e) {
				continue entries
			}
		}
		hits = append(hits, e)
	}
	sort.SliceStable(hits, func(i, j int) bool {
		if hits[i].TS != hits[j].TS {
			return (hits[i].TS < hits[j].TS) != backward
		}
		return labelString(hits[i].Stream) < labelString(hits[j].Stream)
	})
	return hits[:min(limit, len(hits))]
}
