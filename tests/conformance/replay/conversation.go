package replay

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// Conversation is a made-up case: an agent run of turns calls, each with one details event in Loki that
// repeats the whole conversation so far, as the current convention writes it.
func Conversation(turns int) *Case {
	const trace, start = "c0ffee00c0ffee00c0ffee00c0ffee00", int64(1795300000000000000)
	c := &Case{Files: map[string][]byte{}, Meta: Meta{Name: fmt.Sprintf("conversation-%d", turns), TraceIDs: []string{trace},
		StartNS: start, EndNS: start + int64(turns+1)*1e9, Services: []string{"talker"}}}
	spans := appendSpan(nil, trace, "a000000000000000", "", "invoke_agent talker", start, c.Meta.EndNS, nil)
	said := []map[string]any{message("system", "You are patient.")}
	var entries []Entry
	for turn := range turns {
		id := fmt.Sprintf("b%015x", turn)
		begin := start + int64(turn)*1e9 + 1000
		said = append(said, message("user", fmt.Sprintf("Question %d? %s", turn, strings.Repeat("why ", 20))))
		answer := message("assistant", fmt.Sprintf("Answer %d. %s", turn, strings.Repeat("so ", 20)))
		spans = append(spans, appendSpan(nil, trace, id, "a000000000000000", "chat m", begin, begin+9e8,
			map[string]string{"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"})...)
		entries = append(entries, Entry{Stream: map[string]string{"service_name": "talker"}, TS: begin + 8e8,
			Metadata: map[string]string{"trace_id": trace, "span_id": id, "event_name": "gen_ai.client.inference.operation.details",
				"gen_ai_operation_name": "chat", "gen_ai_input_messages": marshal(said),
				"gen_ai_output_messages": marshal([]map[string]any{answer})}})
		said = append(said, answer)
	}
	c.Files["tempo_v2.pb"] = wrap(1, wrap(1, append(wrap(1, attribute(1, "service.name", "talker")), wrap(2, spans)...)))
	c.Files["loki.json"] = EncodeEntries(entries)
	return c
}

func message(role, text string) map[string]any {
	return map[string]any{"role": role, "parts": []map[string]any{{"type": "text", "content": text}}}
}

func marshal(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of strings always marshal
	}
	return string(raw)
}

func wrap(num protowire.Number, body []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), body)
}

func attribute(num protowire.Number, key, value string) []byte {
	return wrap(num, append(wrap(1, []byte(key)), wrap(2, wrap(1, []byte(value)))...))
}

func unhex(id string) []byte {
	raw, err := hex.DecodeString(id)
	if err != nil {
		panic(err)
	}
	return raw
}

// appendSpan adds one span as field 2 of a ScopeSpans.
func appendSpan(to []byte, trace, id, parent, name string, start, end int64, attributes map[string]string) []byte {
	body := append(wrap(1, unhex(trace)), wrap(2, unhex(id))...)
	if parent != "" {
		body = append(body, wrap(4, unhex(parent))...)
	}
	body = append(body, wrap(5, []byte(name))...)
	body = protowire.AppendVarint(protowire.AppendTag(body, 6, protowire.VarintType), 1)
	body = protowire.AppendFixed64(protowire.AppendTag(body, 7, protowire.Fixed64Type), uint64(start))
	body = protowire.AppendFixed64(protowire.AppendTag(body, 8, protowire.Fixed64Type), uint64(end))
	for key, value := range attributes {
		body = append(body, attribute(9, key, value)...)
	}
	return append(to, wrap(2, body)...)
}
