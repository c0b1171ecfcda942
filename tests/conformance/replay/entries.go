package replay

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Entry is one stored log record.
type Entry struct {
	Stream   map[string]string
	TS       int64
	Line     string
	Metadata map[string]string
	parsed   map[string]string
}

type lokiBody struct {
	Data struct {
		EncodingFlags []string `json:"encodingFlags"`
		Result        []struct {
			Stream map[string]string   `json:"stream"`
			Values [][]json.RawMessage `json:"values"`
		} `json:"result"`
	} `json:"data"`
}

// ParseEntries reads a categorized query_range answer.
func ParseEntries(body []byte) ([]Entry, error) {
	var answer lokiBody
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	var entries []Entry
	for _, stream := range answer.Data.Result {
		for _, tuple := range stream.Values {
			var ts string
			e := Entry{Stream: stream.Stream}
			if len(tuple) < 2 || json.Unmarshal(tuple[0], &ts) != nil || json.Unmarshal(tuple[1], &e.Line) != nil {
				return nil, fmt.Errorf("not a log entry: %s", tuple)
			}
			var err error
			if e.TS, err = strconv.ParseInt(ts, 10, 64); err != nil {
				return nil, err
			}
			if len(tuple) > 2 {
				var third struct {
					StructuredMetadata map[string]string `json:"structuredMetadata"`
				}
				if err := json.Unmarshal(tuple[2], &third); err != nil {
					return nil, err
				}
				e.Metadata = third.StructuredMetadata
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// Entries are all log records of the case, from every categorized file, each once, oldest first.
func (c *Case) Entries() ([]Entry, error) {
	var names []string
	for name := range c.Files {
		if strings.HasPrefix(name, "loki") && strings.HasSuffix(name, ".json") && name != "loki_plain.json" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var all []Entry
	have := map[string]bool{}
	for _, name := range names {
		entries, err := ParseEntries(c.Files[name])
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", c.Meta.Name, name, err)
		}
		for _, e := range entries {
			if key := e.key(); !have[key] {
				have[key] = true
				all = append(all, e)
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].TS < all[j].TS })
	return all, nil
}

func (e Entry) key() string {
	return labelString(e.Stream) + "\x00" + strconv.FormatInt(e.TS, 10) + "\x00" + e.Line + "\x00" + labelString(e.Metadata)
}

// labelString is the form by which Loki sorts streams: {a="b", c="d"}.
func labelString(labels map[string]string) string {
	keys := make([]string, 0, len(labels))
	for k := range labels {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var b strings.Builder
	b.WriteByte('{')
	for i, k := range keys {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(k + "=" + strconv.Quote(labels[k]))
	}
	b.WriteByte('}')
	return b.String()
}

type answerStream struct {
	Stream map[string]string `json:"stream"`
	Values [][]any           `json:"values"`
}

// encodeEntries writes entries, which are in the order of the answer, as Loki does: grouped by
// stream, streams sorted by label string. Without categorize each distinct set of metadata is a
// stream of its own.
func encodeEntries(entries []Entry, categorize bool) []byte {
	byLabels := map[string]*answerStream{}
	var order []string
	for _, e := range entries {
		labels := e.Stream
		tuple := []any{strconv.FormatInt(e.TS, 10), e.Line}
		if categorize {
			third := map[string]map[string]string{}
			if len(e.Metadata) > 0 {
				third["structuredMetadata"] = e.Metadata
			}
			if len(e.parsed) > 0 {
				third["parsed"] = e.parsed
			}
			tuple = append(tuple, third)
		} else {
			labels = merge(merge(e.Stream, e.Metadata), e.parsed)
		}
		key := labelString(labels)
		if byLabels[key] == nil {
			byLabels[key] = &answerStream{Stream: labels}
			order = append(order, key)
		}
		byLabels[key].Values = append(byLabels[key].Values, tuple)
	}
	sort.Strings(order)
	result := make([]*answerStream, 0, len(order))
	for _, key := range order {
		result = append(result, byLabels[key])
	}
	data := map[string]any{"resultType": "streams", "result": result, "stats": map[string]any{
		"summary": map[string]any{"totalEntriesReturned": len(entries), "execTime": 0.001}}}
	if categorize {
		data["encodingFlags"] = []string{"categorize-labels"}
	}
	body, err := json.Marshal(map[string]any{"status": "success", "data": data})
	if err != nil {
		panic(err) // maps of strings always marshal
	}
	return body
}

func merge(a, b map[string]string) map[string]string {
	if len(b) == 0 {
		return a
	}
	both := make(map[string]string, len(a)+len(b))
	for k, v := range a {
		both[k] = v
	}
	for k, v := range b {
		both[k] = v
	}
	return both
}

// EncodeEntries writes entries as one categorized answer.
func EncodeEntries(entries []Entry) []byte { return encodeEntries(entries, true) }
