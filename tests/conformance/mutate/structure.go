package mutate

import (
	"encoding/json"
	"sort"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"spanlog/conformance/wire"
)

// structure turns the JSON string of a message attribute into OTLP arrays and maps, as an
// instrumentation writes it whose SDK allows that.
func structure(kv *wire.Node) {
	key, value := kv.Kid(1), kv.Kid(2)
	if key == nil || value == nil || value.Kid(1) == nil {
		return
	}
	name := string(key.Raw)
	if name != "gen_ai.system_instructions" && !(strings.HasPrefix(name, "gen_ai.") && strings.HasSuffix(name, "put.messages")) {
		return
	}
	decoder := json.NewDecoder(strings.NewReader(string(value.Kid(1).Raw)))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) == nil && !decoder.More() {
		value.Kids = anyValue(v)
	}
}

func field(num protowire.Number, raw []byte) *wire.Node {
	return &wire.Node{Num: num, Wire: protowire.BytesType, Raw: raw}
}

func nested(num protowire.Number, typ string, kids []*wire.Node) *wire.Node {
	return &wire.Node{Num: num, Wire: protowire.BytesType, Kind: wire.Message, Type: typ, Kids: kids}
}

// anyValue are the fields of an AnyValue that holds v; none for null.
func anyValue(v any) []*wire.Node {
	switch v := v.(type) {
	case string:
		return []*wire.Node{field(1, []byte(v))}
	case bool:
		n := &wire.Node{Num: 2, Wire: protowire.VarintType}
		if v {
			n.Int = 1
		}
		return []*wire.Node{n}
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return []*wire.Node{{Num: 3, Wire: protowire.VarintType, Int: uint64(whole)}}
		}
		return []*wire.Node{field(1, []byte(v))}
	case []any:
		var kids []*wire.Node
		for _, e := range v {
			kids = append(kids, nested(1, "AnyValue", anyValue(e)))
		}
		return []*wire.Node{nested(5, "ArrayValue", kids)}
	case map[string]any:
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		var kids []*wire.Node
		for _, k := range keys {
			kids = append(kids, nested(1, "KeyValue", []*wire.Node{field(1, []byte(k)), nested(2, "AnyValue", anyValue(v[k]))}))
		}
		return []*wire.Node{nested(6, "KvList", kids)}
	}
	return nil
}
