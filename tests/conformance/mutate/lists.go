package mutate

import (
	"encoding/json"
	"regexp"
	"strings"

	"spanlog/conformance/wire"
)

// flatContent are the attributes that hold one message's text in the flattened conventions.
var flatContent = regexp.MustCompile(`^(gen_ai\.(prompt|completion)\.\d+\.|llm\.(in|out)put_messages\.\d+\.message\.)content$`)

// textParts is a content that is only a text, as the APIs take it when there is an image beside it.
func textParts(text string) []any {
	return []any{map[string]any{"type": "text", "text": text}}
}

// listContent turns a flattened message's text into its list: OpenLLMetry writes the list as JSON,
// OpenInference numbers its parts.
func listContent(kv *wire.Node) {
	key, value := kv.Kid(1), kv.Kid(2)
	if key == nil || value == nil || value.Kid(1) == nil || !flatContent.Match(key.Raw) {
		return
	}
	name := string(key.Raw)
	if strings.HasPrefix(name, "llm.") {
		key.Raw = []byte(name + "s.0.message_content.text")
		return
	}
	raw, err := json.Marshal(textParts(string(value.Kid(1).Raw)))
	if err == nil && len(raw) <= 2048 {
		value.Kid(1).Raw = raw
	}
}

// listBody does so for the body of an event, which need not name its role.
func listBody(line string) string {
	var body map[string]json.RawMessage
	var text string
	if json.Unmarshal([]byte(line), &body) != nil || json.Unmarshal(body["content"], &text) != nil || text == "" ||
		text == "<elided>" {
		return line
	}
	body["content"], _ = json.Marshal(textParts(text))
	raw, err := json.Marshal(body)
	if err != nil {
		return line
	}
	return string(raw)
}
