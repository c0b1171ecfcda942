package mutate

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"unicode/utf16"
)

// Style makes the text that replaces text number i.
type Style func(i int) string

// The styles. Each is hard for another kind of reader.
var (
	// Plain has no quote, so that it also fits into pseudo JSON and plain lines.
	Plain Style = func(i int) string { return fmt.Sprintf("A reworded sentence, number %d of them", i) }
	// CJK mixes scripts, emoji, HTML and line ends.
	CJK Style = func(i int) string {
		return fmt.Sprintf("第%d条消息:<b>天气</b> & \"引号\" 🙂👩‍👩‍👧\nвторая строка\u202e %d", i, i)
	}
	// Code looks like JSON that is broken, and like escapes.
	Code Style = func(i int) string {
		return fmt.Sprintf("{not json %d: [1,2\n```c\nif (a < b && c > d) puts(\"x\\n\\u0041\");\n```\tC:\\new\\table %%7B", i)
	}
)

// words maps strings to strings wherever they occur: as a whole value, as a leaf of JSON inside a
// value, and, when long or an id, as a part of a longer text.
type words struct {
	exact map[string]string
	parts *strings.Replacer
	loose bool // encode JSON with other spaces and escapes than it had

	rename map[string]string // keys of a tool's answer
	lists  bool              // contents that are texts become lists of one part
	ascii  bool              // JSON has nothing beyond ASCII
}

func newWords(exact map[string]string, ids map[string]string, loose bool) *words {
	var parts []string
	for _, from := range longestFirst(exact) {
		if len(from) >= 16 {
			parts = append(parts, from, exact[from])
		}
	}
	for _, from := range longestFirst(ids) {
		parts = append(parts, from, ids[from], strings.ToUpper(from), strings.ToUpper(ids[from]))
	}
	return &words{exact: exact, parts: strings.NewReplacer(parts...), loose: loose}
}

func longestFirst(m map[string]string) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	sort.Slice(list, func(i, j int) bool {
		if len(list[i]) != len(list[j]) {
			return len(list[i]) > len(list[j])
		}
		return list[i] < list[j]
	})
	return list
}

// text maps one value. It depends on nothing but the value, so the same text maps alike everywhere.
func (w *words) text(s string) string {
	if to, ok := w.exact[s]; ok {
		return to
	}
	if strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") || strings.HasPrefix(s, `"`) {
		decoder := json.NewDecoder(strings.NewReader(s))
		decoder.UseNumber()
		var v any
		if decoder.Decode(&v) == nil && !decoder.More() && json.Valid([]byte(s)) {
			if mapped, changed := w.value(v); changed || w.ascii {
				return w.encode(mapped)
			}
			return s
		}
	}
	if strings.HasPrefix(s, "[{'") { // the pseudo JSON of the oldest convention
		for _, from := range longestFirst(w.exact) {
			s = strings.ReplaceAll(s, "'"+from+"'", "'"+w.exact[from]+"'")
		}
	}
	return w.parts.Replace(s)
}

// value maps the leaves of decoded JSON and says whether any changed.
func (w *words) value(v any) (any, bool) {
	changed := false
	switch v := v.(type) {
	case string:
		to := w.text(v)
		return to, to != v
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			to, c := w.value(e)
			out[i], changed = to, changed || c
		}
		return out, changed
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			to, c := w.value(e)
			if other := w.rename[k]; other != "" && v["type"] == "tool_call_response" {
				k, c = other, true
			}
			out[k], changed = to, changed || c
		}
		if text, ok := out["content"].(string); ok && w.lists && text != "" && isText(out["role"]) {
			out["content"], changed = textParts(text), true
		}
		return out, changed
	}
	return v, false
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

func (w *words) encode(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(w.loose)
	if w.loose {
		encoder.SetIndent("", " ")
	}
	_ = encoder.Encode(v) // decoded JSON always encodes
	text := strings.TrimSuffix(b.String(), "\n")
	if w.ascii {
		return escaped(text)
	}
	return text
}

// escaped is JSON with every character beyond ASCII, which only strings can hold, as \uXXXX.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	return b.String()
}
